//! From a story that came in to the versions of its report in other languages that came before: whoever
//! runs one of them has not read what is new of it.

use super::arrivals::{headline, known};
use super::recall::takes_back;
use crate::index::Index;
use crate::index::file::failure::Done;
use crate::index::file::rows::{ClassRow, StoryRow};
use crate::story::Story;
use crate::text::language::told_of;
use crate::time::Time;
use crate::wire;
use serde::Serialize;
use std::collections::BTreeSet;

/// Texts of a report that are looked at, and versions that are told, at most.
const LOOKED_AT: usize = 50;
const TOLD: usize = 20;

/// A version in another language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Translated {
    /// Its number.
    pub number: u32,
    /// Its id.
    pub id: String,
    /// Its headline, or the opening of its text.
    pub headline: String,
    /// Who published it; null where not known.
    pub source: Option<String>,
    /// Its address on the web; left out where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When, if known.
    pub time: Option<Time>,
    /// Its language, as a code of ISO 639-1.
    pub language: &'static str,
}

impl Index {
    /// The versions that came before the story of `row`, in another language than it, or than `closest`
    /// where it is too short to tell; of the clusters of both, since a notice may be in none. By number;
    /// notices that take a report back are none of them.
    pub(super) fn translations(&self, row: &StoryRow, closest: &StoryRow) -> Done<Vec<Translated>> {
        let mut clusters = BTreeSet::new();
        for class in [row.class, closest.class].into_iter().filter(|&class| class > 0) {
            clusters.extend(ClassRow::read(&self.store.db, class)?.cluster);
        }
        let mut own = told_of(&self.readied(row)?);
        if own.is_empty() {
            own = told_of(&self.readied(closest)?);
        }
        let (mut found, mut looked_at) = (Vec::new(), 0);
        for class in
            clusters.into_iter().map(|cluster| self.classes_of(cluster)).collect::<Done<Vec<_>>>()?.concat()
        {
            let rows = StoryRow::of_class(&self.store.db, class.class, TOLD as u32)?;
            let Some(first) = rows.first().filter(|first| first.story < row.story) else { continue };
            looked_at += 1;
            if looked_at > LOOKED_AT {
                break;
            }
            let story = self.readied(first)?;
            let language = told_of(&story);
            if own.is_empty() || language.is_empty() || language == own || takes_back(&story) {
                continue;
            }
            for other in rows.iter().filter(|other| other.story < row.story) {
                found.push(self.translated(other, language)?);
            }
        }
        found.sort_by_key(|one| one.number);
        found.truncate(TOLD);
        Ok(found)
    }

    fn translated(&self, row: &StoryRow, language: &'static str) -> Done<Translated> {
        let story = self.story_of(row)?;
        Ok(Translated {
            number: row.story,
            id: row.id.clone(),
            headline: headline(&story),
            source: known(&row.source),
            url: known(&story.url),
            time: row.time,
            language,
        })
    }

    /// A story as it is compared with others.
    pub(super) fn readied(&self, row: &StoryRow) -> Done<Story> {
        let mut story = self.story_of(row)?;
        wire::prepare(&mut story, self.store.config.keep_furniture());
        Ok(story)
    }
}
