//! From the formats in which newsrooms hand over stories to stories, one file a format.

mod anpa;
mod iptc7901;
mod newsml_1;
mod newsml_g2;
pub(super) mod ninjs;
mod nitf;
mod telegraph;
mod tree;

use super::form::Root;
use crate::error::Result;
use crate::story::Story;
use std::path::Path;

/// A story in a document of one or many. Its id is empty where the document gives none.
pub(super) struct Record {
    /// The line where it begins, from 1.
    pub(super) line: u64,
    pub(super) story: Story,
}

/// The stories in an XML document whose root has been recognised.
pub(super) fn of_xml(text: &str, root: Root, path: &Path) -> Result<Vec<Record>> {
    tree::with(text, path, |document| {
        let element = document.root_element();
        match root {
            Root::NewsMlG2 => newsml_g2::stories(element),
            Root::NewsMl1 => newsml_1::stories(element),
            _ => vec![Record { line: 1, story: nitf::story(element) }],
        }
    })
}

/// The entries of a feed: those that are NITF here, all others by `read`, which gets the text of
/// the feed, checked as XML, and the lines where entries begin.
#[cfg(feature = "feeds")]
pub(super) fn of_feed(
    text: &str,
    path: &Path,
    read: impl FnOnce(&str, &[u64]) -> Result<Vec<Record>>,
) -> Result<Vec<Record>> {
    tree::with(text, path, |document| {
        let is_entry = |node: &roxmltree::Node<'_, '_>| tree::is(*node, "item") || tree::is(*node, "entry");
        let entries = || tree::with_lines(document.descendants().filter(is_entry));
        let nitf: Option<Vec<Record>> =
            entries().map(|(line, entry)| Some(Record { line, story: nitf::in_entry(entry)? })).collect();
        if let Some(records) = nitf.filter(|records| !records.is_empty()) {
            return Ok(records);
        }
        let lines: Vec<u64> = entries().map(|(line, _)| line).collect();
        read(document.input_text(), &lines)
    })?
}

pub(super) use telegraph::stories as of_telegraph;

/// Running text out of a field that holds plain text or HTML.
pub(super) fn plain(data: &str, is_html: bool) -> String {
    if is_html { super::page::fragment(data) } else { data.trim().replace("\r\n", "\n") }
}

/// Whether a text whose kind is not told is HTML: it has paragraphs or line ends of HTML.
pub(super) fn is_html(data: &str) -> bool {
    const TAGS: [&str; 4] = ["</p>", "</P>", "<br", "</div>"];
    data.contains('<') && TAGS.iter().any(|tag| data.contains(tag))
}

/// The number that a version says of itself: `2`, or what stands before the point of `2.0`.
fn number(printed: &str) -> Option<u64> {
    printed.trim().split('.').next()?.parse().ok()
}
