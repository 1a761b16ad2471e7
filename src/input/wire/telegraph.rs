//! From stories between control characters to stories: which of the two old formats it is, and
//! what both need.

use super::{Record, anpa, iptc7901};
use crate::error::{Error, Result};
use memchr::{memchr, memchr_iter, memmem};
use std::path::Path;

/// Start of header, start of text, end of text.
const SOH: u8 = 1;
const STX: u8 = 2;
const ETX: u8 = 3;

/// A story cut at its control characters.
pub(super) struct Telegram<'a> {
    pub(super) header: &'a str,
    pub(super) text: &'a str,
    /// What follows the text: when it was sent.
    pub(super) end: &'a str,
}

/// The stories in a file of IPTC 7901 or ANPA 1312, each with the line where it begins.
pub(crate) fn stories(content: &str, path: &Path) -> Vec<Result<Record>> {
    let Some((above, mut rest)) = at(SOH, content) else { return Vec::new() };
    let mut line = 1 + newlines(above);
    let mut records = Vec::new();
    loop {
        let (sent, behind) = at(SOH, rest).map_or((rest, None), |(sent, behind)| (sent, Some(behind)));
        records.push(cut(sent).map_err(|error| error.at(path, line)).map(|telegram| {
            let is_anpa = telegram.text.starts_with('^')
                || memmem::find(telegram.text.as_bytes(), b"\n^").is_some()
                || telegram.header.contains(['\x11', '\x12', '\x13', '\x14', '\x1f']);
            let story = if is_anpa { anpa::story(&telegram) } else { iptc7901::story(&telegram) };
            Record { line, story }
        }));
        line += newlines(sent);
        let Some(behind) = behind else { return records };
        rest = behind;
    }
}

/// What stands before and behind the first of a control character.
fn at(control: u8, text: &str) -> Option<(&str, &str)> {
    let at = memchr(control, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// The lines of a text, with their ends.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let (line, below) = rest.split_at(end);
        rest = below;
        (!line.is_empty()).then_some(line)
    })
}

fn newlines(text: &str) -> u64 {
    memchr_iter(b'\n', text.as_bytes()).count() as u64
}

fn cut(sent: &str) -> Result<Telegram<'_>> {
    let missing = |what: &str| {
        Error::input(format!("expected {what}, found the end; the story is cut short; fetch it again"))
    };
    let (header, rest) = at(STX, sent).ok_or_else(|| missing("a start of text (STX) after the header"))?;
    let (text, end) = at(ETX, rest).ok_or_else(|| missing("an end of text (ETX)"))?;
    Ok(Telegram { header, text, end })
}

/// Joins hard-wrapped lines to paragraphs: one begins after a blank line or with an indent.
pub(super) fn unwrapped<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (mut paragraphs, mut open) = (Vec::<String>::new(), false);
    for line in lines {
        let text = line.trim();
        let indented = line.starts_with('\t') || line.starts_with("  ");
        match paragraphs.last_mut() {
            _ if text.is_empty() => open = false,
            Some(paragraph) if open && !indented => {
                // A hyphen at a line end belongs to the word; a dash has a blank before it.
                if !paragraph.ends_with('-') || paragraph.ends_with(" -") {
                    paragraph.push(' ');
                }
                paragraph.push_str(text);
            }
            _ => {
                paragraphs.push(text.to_owned());
                open = true;
            }
        }
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_become_paragraphs() {
        let lines = "   One two\r\nlong-\nterm three -\nfour\n  Five\n\nsix".lines();
        assert_eq!(unwrapped(lines), ["One two long-term three - four", "Five", "six"]);
    }

    #[test]
    fn a_cut_story_is_told_with_its_line() {
        let content = "\x16\x01a\n\x02b =\nc\n\x03\n\n\x01d\n\x02e\n";
        let records = stories(content, Path::new("x"));
        assert_eq!(records.len(), 2);
        let error = records[1].as_ref().err().unwrap().to_string();
        assert!(error.starts_with("x:6: expected an end of text (ETX)"), "{error}");
    }
}
