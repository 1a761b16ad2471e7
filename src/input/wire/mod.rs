//! From the formats in which newsrooms hand over stories to stories, one file a format.

mod anpa;
mod blanks;
mod iptc7901;
mod newsml_1;
mod newsml_g2;
pub(super) mod ninjs;
pub(super) mod nitf;
mod telegraph;
pub(super) mod tree;

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

pub(super) use telegraph::stories as of_telegraph;

/// Running text out of a field that holds plain text or HTML.
pub(super) fn plain(data: &str, is_html: bool) -> String {
    if is_html {
        return super::page::fragment(data);
    }
    // One byte is sought faster than two, and most texts have none.
    let has_returns = memchr::memchr(b'\r', data.as_bytes()).is_some();
    if has_returns { data.trim().replace("\r\n", "\n") } else { data.trim().to_owned() }
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
