//! From a story that came in to the versions of its report in other languages that came before: whoever
//! runs one of them has not read what is new of it.

use super::recall::takes_back;
use super::version::Version;
use crate::index::Index;
use crate::index::file::failure::Done;
use crate::index::file::rows::{ClassRow, StoryRow};
use crate::text::language::told_of;
use serde::Serialize;
use std::collections::BTreeSet;

/// Texts of a report that are looked at, and versions that are told, at most.
const LOOKED_AT: usize = 50;
const TOLD: usize = 20;

/// A version in another language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Translated {
    /// Which one.
    #[serde(flatten)]
    pub story: Version,
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
        let classes =
            clusters.into_iter().map(|cluster| self.classes_of(cluster)).collect::<Done<Vec<_>>>()?;
        for class in classes.concat() {
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
                let story = Version::of(other, &self.story_of(other)?);
                found.push(Translated { story, language });
            }
        }
        found.sort_by_key(|one| one.story.number);
        found.truncate(TOLD);
        Ok(found)
    }
}
