//! From the forms in which libraries keep what a scanner read of old print to stories: ALTO, PAGE
//! XML, hOCR and the plain text of a page, one file a form; and METS, which parts pages into articles.
//!
//! Blocks become paragraphs and lines stay lines. A word that a line end cuts is joined where the
//! form says so, or where the mark can mean nothing else; a plain hyphen is left to
//! [`text::repair()`](crate::text::repair()), which knows words. Who printed a page and when is
//! read from its path, where libraries put it.

mod alto;
mod hocr;
pub(super) mod mets;
mod page_xml;

use super::form::Root;
use super::time;
use super::wire::{Record, tree};
use crate::error::{Error, Result};
use crate::story::Story;
use std::path::{Component, Path};

/// The pages in an XML document whose root has been recognised.
pub(super) fn of_xml(text: &str, root: Root, path: &Path) -> Vec<Result<Record>> {
    let pages = tree::with(text, path, |document| match root {
        Root::Alto => alto::pages(document),
        Root::PageXml => page_xml::pages(document),
        _ => hocr::pages(document),
    });
    let page = |(line, body): (u64, String)| {
        let mut story = Story { body, ..Story::default() };
        if story.body.is_empty() {
            let text = "expected a page with text, found none; leave the page out, or have it read again";
            return Err(Error::input(text).at(path, line));
        }
        place(path, &mut story);
        Ok(Record { line, story })
    };
    match pages {
        Ok(pages) if pages.is_empty() => {
            vec![Err(Error::input("expected a page, found none; leave the file out").at(path, 1))]
        }
        Ok(pages) => pages.into_iter().map(page).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Whether a page for a browser is what a scanner read.
pub(super) fn is_hocr(text: &str) -> bool {
    ["'ocr_page'", "\"ocr_page\"", "'ocrx_block'"].iter().any(|mark| text.contains(mark))
}

/// The page in plain text, if its name is that of one in Chronicling America.
pub(super) fn plain(content: &str, name: &str, path: &Path) -> Option<Story> {
    let is_page = path.file_name()?.eq_ignore_ascii_case("ocr.txt");
    if !is_page {
        return None;
    }
    let mut body = Body::default();
    content.lines().for_each(|line| match line.trim() {
        "" => body.end_block(),
        line => body.line(line),
    });
    let mut story = Story::new(name, body.finish());
    place(path, &mut story);
    Some(story)
}

/// Gives a page its title and day, where the folders that it lies in say them: a number of the
/// Library of Congress such as `sn83030214` (or the word before the day), and a day as `1903-01-01`,
/// `19030101` or three folders.
fn place(path: &Path, story: &mut Story) {
    let parts: Vec<&str> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    let Some(folders) = parts.split_last().map(|(_, folders)| folders) else { return };
    if let Some(number) = folders.iter().rev().find(|folder| is_lccn(folder)) {
        (*number).clone_into(&mut story.source);
    }
    for (at, folder) in folders.iter().enumerate().rev() {
        let next = |step: usize| folders.get(at + step).copied().unwrap_or_default();
        let split = || format!("{folder}-{}-{}", next(1), next(2));
        let Some(day) = day(folder).or_else(|| day(&split())) else { continue };
        time::read(story, [day.as_str()]);
        let before = at.checked_sub(1).and_then(|before| folders.get(before));
        if let Some(title) = before.filter(|_| story.source.is_empty()) {
            (*title).clone_into(&mut story.source);
        }
        return;
    }
}

/// Whether a folder is named by a control number of the Library of Congress.
fn is_lccn(name: &str) -> bool {
    let digits = name.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let letters = name.len() - digits.len();
    (1..=3).contains(&letters)
        && (8..=10).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A day as `1903-01-01` that a name begins with, or that its eight digits are.
fn day(name: &str) -> Option<String> {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let is_bare = name.len() == digits.len() && matches!(digits.len(), 8 | 10);
    let is_dashed = name.split('-').map(str::len).eq([4, 2, 2]) && digits.len() == 8;
    let year = digits.get(..4)?.parse::<u16>().ok()?;
    ((is_bare || is_dashed) && (1605..=2100).contains(&year))
        .then(|| [&digits[..4], &digits[4..6], &digits[6..8]].join("-"))
}

/// Marks that stand for a hyphen at a line end and for nothing else there.
const HYPHENS: [char; 4] = ['\u{ad}', '\u{ac}', '\u{2e17}', '\u{2010}'];

/// A text as it is put together of lines and blocks.
#[derive(Default)]
struct Body {
    text: String,
    /// Whether the next line goes on in the middle of a word.
    is_cut: bool,
    /// Whether the next line begins a paragraph.
    is_new: bool,
}

impl Body {
    /// Adds a line that is not empty.
    fn line(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        if !std::mem::take(&mut self.is_cut) && !self.text.is_empty() {
            self.text.push_str(if self.is_new { "\n\n" } else { "\n" });
        }
        self.is_new = false;
        let kept = line.trim_end_matches(HYPHENS);
        self.is_cut = kept.len() < line.len() && kept.ends_with(char::is_alphabetic);
        self.text.push_str(if self.is_cut { kept } else { line });
    }

    fn end_block(&mut self) {
        self.is_new = true;
    }

    fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_say_title_and_day() {
        for (path, source, day) in [
            ("batch/sn83030214/1903-01-02/ed-1/seq-3/ocr.txt", "sn83030214", "1903-01-02"),
            ("sn83030214/1903/01/02/ed-1/seq-3/ocr.xml", "sn83030214", "1903-01-02"),
            ("batch/sn83030214/00175037/1903010201/0007.xml", "sn83030214", "1903-01-02"),
            ("landbote/1888-11-30/p1.xml", "landbote", "1888-11-30"),
        ] {
            let mut story = Story::default();
            place(Path::new(path), &mut story);
            assert_eq!(
                (story.source.as_str(), story.time.unwrap().to_string().as_str()),
                (source, day),
                "{path}"
            );
        }
        let mut story = Story::default();
        place(Path::new("pages/12345678/one.xml"), &mut story);
        assert_eq!((story.source.as_str(), story.time), ("", None), "no year of print");
    }

    #[test]
    fn a_word_is_joined_where_its_mark_says_so() {
        let page =
            "the resump\u{ad}\ntion of the nego\u{ac}\ntiations -\u{ac}\nand a well-\nknown man\n\nNext";
        let story = plain(page, "x", Path::new("sn83030214/1903-01-01/ocr.txt")).unwrap();
        assert_eq!(story.body, "the resumption of the negotiations -\u{ac}\nand a well-\nknown man\n\nNext");
        assert_eq!(plain(page, "x", Path::new("notes.txt")), None);
    }
}
