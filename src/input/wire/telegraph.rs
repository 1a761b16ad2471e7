//! From stories between control characters to stories: which of the two old formats it is, and
//! what both need.

use super::{Record, anpa, iptc7901};
use crate::error::{Error, Result};
use memchr::memchr_iter;
use std::path::Path;

/// Start of header, start of text, end of text.
const SOH: char = '\x01';
const STX: char = '\x02';
const ETX: char = '\x03';

/// A story cut at its control characters.
pub(super) struct Telegram<'a> {
    pub(super) header: &'a str,
    pub(super) text: &'a str,
    /// What follows the text: when it was sent.
    pub(super) end: &'a str,
}

/// The stories in a file of IPTC 7901 or ANPA 1312, each with the line where it begins.
pub(crate) fn stories(content: &str, path: &Path) -> Vec<Result<Record>> {
    let mut parts = content.split(SOH);
    let mut line = 1 + newlines(parts.next().unwrap_or_default());
    let mut records = Vec::new();
    for sent in parts {
        records.push(cut(sent).map_err(|error| error.at(path, line)).map(|telegram| {
            let is_anpa = telegram.text.lines().any(|line| line.starts_with('^'))
                || telegram.header.contains(['\x11', '\x12', '\x13', '\x14', '\x1f']);
            let story = if is_anpa { anpa::story(&telegram) } else { iptc7901::story(&telegram) };
            Record { line, story }
        }));
        line += newlines(sent);
    }
    records
}

fn newlines(text: &str) -> u64 {
    memchr_iter(b'\n', text.as_bytes()).count() as u64
}

fn cut(sent: &str) -> Result<Telegram<'_>> {
    let missing = |what: &str| {
        Error::input(format!("expected {what}, found the end; the story is cut short; fetch it again"))
    };
    let (header, rest) =
        sent.split_once(STX).ok_or_else(|| missing("a start of text (STX) after the header"))?;
    let (text, end) = rest.split_once(ETX).ok_or_else(|| missing("an end of text (ETX)"))?;
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
