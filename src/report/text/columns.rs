//! From the members of a cluster to columns that line up in any script.

use super::minute;
use super::shown::{clean, isolated};
use crate::report::StoryInfo;
use unicode_width::UnicodeWidthStr;

/// The widest source that others are padded to; a longer one pushes only its own line.
const WIDEST_SOURCE: usize = 28;

/// Widths of the columns that not every story fills.
pub(super) struct Columns {
    source: usize,
    time: usize,
}

impl Columns {
    /// As wide as the widest of `stories` asks for; a column that is empty in all has no width.
    pub(super) fn of<'a>(stories: impl Iterator<Item = &'a StoryInfo>) -> Self {
        let mut columns = Self { source: 0, time: 0 };
        for story in stories {
            columns.source = columns.source.max(clean(&story.source).width().min(WIDEST_SOURCE));
            columns.time = columns.time.max(minute(story).len());
        }
        columns
    }

    /// The source of `story` with the gaps around it.
    pub(super) fn source(&self, story: &StoryInfo) -> String {
        cell(&clean(&story.source), self.source)
    }

    /// The time of `story` with the gap behind it.
    pub(super) fn time(&self, story: &StoryInfo) -> String {
        format!("{}  ", cell(&minute(story), self.time))
    }
}

/// `text`, a gap before it, padded to `width`; nothing at all for a column without width.
fn cell(text: &str, width: usize) -> String {
    if width == 0 {
        return String::new();
    }
    format!("  {}{:rest$}", isolated(text), "", rest = width.saturating_sub(text.width()))
}
