//! From a string that anyone may have written to what a terminal can safely show.

use icu_segmenter::GraphemeClusterSegmenter;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// Colours by what they say.
#[derive(Clone, Copy)]
pub(in crate::report) enum Ink {
    /// How many versions.
    Count,
    /// The headline.
    Headline,
    /// What a member is.
    Relation,
    /// What is good to know.
    Aside,
    /// What went wrong.
    Warning,
}

impl Ink {
    /// `text` in this colour, and back to normal.
    pub(in crate::report) fn paint(self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let code = match self {
            Self::Count => "32",
            Self::Headline => "1",
            Self::Relation => "36",
            Self::Aside => "2",
            Self::Warning => "33",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Control and direction characters out, blanks to one space: one line that moves no cursor and
/// turns nothing around.
pub(crate) fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !is_direction_mark(c) {
            line.push(c);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `text` between isolates if a part of it runs from right to left, so that what stands around
/// it keeps its order on a terminal that reorders.
pub(crate) fn isolated(text: &str) -> Cow<'_, str> {
    if text.chars().any(runs_left) {
        Cow::Owned(format!("\u{2068}{text}\u{2069}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a character is of a script that is written from right to left.
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// `text` if it fits into `room` columns, or else its beginning and `…`; never cuts a character
/// that is made of several code points.
pub(in crate::report) fn fitted(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut fits = 0;
    for end in GraphemeClusterSegmenter::new().segment_str(text) {
        if text[..end].width() + 1 > room {
            break;
        }
        fits = end;
    }
    format!("{}…", text[..fits].trim_end())
}

/// A number in [0, 1] with two decimals, never rounded up: `1.00` is one.
pub(in crate::report) fn two_decimals(value: f64) -> String {
    #[expect(clippy::cast_sign_loss, reason = "clamped to [0, 1]")]
    let hundredths = (value.clamp(0.0, 1.0) * 1e6).round() as u32 / 10_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_line() {
        assert_eq!(clean("a\r\n\tb\x1b[2J\u{202E}c  d \n"), "a b [2Jcd".replace("cd", "c d"));
    }

    #[test]
    fn cuts_by_columns_and_whole_characters() {
        assert_eq!(fitted("Ferry runs aground", 18), "Ferry runs aground");
        assert_eq!(fitted("Ferry runs aground", 12), "Ferry runs…");
        assert_eq!(fitted("成都新增两条地铁", 8), "成都新…");
        let family = "👩‍👩‍👧 and more";
        assert_eq!(fitted(family, 4), "👩‍👩‍👧…");
        assert_eq!(fitted("é\u{301}\u{302}long", 2), "é\u{301}\u{302}…");
        assert_eq!(fitted("anything", 0), "…");
    }

    #[test]
    fn only_one_is_shown_as_one() {
        assert_eq!(two_decimals(1.0), "1.00");
        assert_eq!(two_decimals(0.999), "0.99");
        assert_eq!(two_decimals(0.29), "0.29");
        assert_eq!(two_decimals(0.0), "0.00");
    }

    #[test]
    fn only_what_runs_left_is_isolated() {
        assert_eq!(isolated("БелТА 新华社"), "БелТА 新华社");
        assert_eq!(isolated("واس"), "\u{2068}واس\u{2069}");
    }
}
