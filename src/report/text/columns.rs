//! From the members of a cluster to columns that line up in any script.

use super::minute;
use super::shown::{clean, fitted, isolated};
use crate::report::StoryInfo;
use unicode_width::UnicodeWidthStr;

/// The widest source that others are padded to; a longer one pushes only its own line.
const WIDEST_SOURCE: usize = 28;
/// The narrowest column that sources are cut to while times are shown.
const NARROWEST_SOURCE: usize = 12;

/// Widths of the columns that not every story fills.
pub(super) struct Columns {
    source: usize,
    time: usize,
    /// Whether a source that is wider is cut.
    cut: bool,
}

impl Columns {
    /// As wide as the widest of `stories` asks for; a column that is empty in all has no width.
    pub(super) fn of<'a>(stories: impl Iterator<Item = &'a StoryInfo>) -> Self {
        let mut columns = Self { source: 0, time: 0, cut: false };
        for story in stories {
            columns.source = columns.source.max(clean(&story.source).width().min(WIDEST_SOURCE));
            columns.time = columns.time.max(minute(story).len());
        }
        columns
    }

    /// The same columns in so many columns of the screen: sources are cut, then times left out.
    pub(super) fn within(self, room: Option<usize>) -> Self {
        let Some(room) = room else { return self };
        let beside = if self.time == 0 { 2 } else { self.time + 4 };
        let source = room.saturating_sub(beside + 2);
        if source >= self.source.min(NARROWEST_SOURCE) {
            return Self { source: self.source.min(source), cut: true, ..self };
        }
        Self { source: self.source.min(room.saturating_sub(4)), time: 0, cut: true }
    }

    /// The source of `story` with the gaps around it.
    pub(super) fn source(&self, story: &StoryInfo) -> String {
        let source = clean(&story.source);
        cell(&if self.cut { fitted(&source, self.source) } else { source }, self.source)
    }

    /// The time of `story` with the gap behind it.
    pub(super) fn time(&self, story: &StoryInfo) -> String {
        let time = if self.time == 0 { String::new() } else { minute(story) };
        format!("{}  ", cell(&time, self.time))
    }
}

/// `text`, a gap before it, padded to `width`; nothing at all for a column without width.
fn cell(text: &str, width: usize) -> String {
    if width == 0 {
        return String::new();
    }
    format!("  {}{:rest$}", isolated(text), "", rest = width.saturating_sub(text.width()))
}
