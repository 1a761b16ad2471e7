//! From a stored story to how the desk names it.

use crate::index::file::rows::StoryRow;
use crate::story::Story;
use crate::time::Time;
use serde::Serialize;

/// Characters of a headline.
const HEADLINE: usize = 300;

/// A story as the desk names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    /// Its number: stories are numbered as they come.
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
}

impl Version {
    /// That of the story of `row`, as it came.
    pub(super) fn of(row: &StoryRow, story: &Story) -> Self {
        Self {
            number: row.story,
            id: row.id.clone(),
            headline: headline(story),
            source: known(&row.source),
            url: known(&story.url),
            time: row.time,
        }
    }
}

pub(super) fn known(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn headline(story: &Story) -> String {
    let whole = if story.headline.is_empty() { &story.body } else { &story.headline };
    let end = whole.char_indices().nth(HEADLINE).map_or(whole.len(), |(end, _)| end);
    whole[..end].split_whitespace().collect::<Vec<_>>().join(" ")
}
