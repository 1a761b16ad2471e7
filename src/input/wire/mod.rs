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

/// Takes the headline, or the `heading` that a page shows, off the text where it stands above it once
/// more.
pub(super) fn drop_headline(story: &mut Story, heading: Option<&str>) {
    let (first, rest) = story.body.split_once('\n').unwrap_or((story.body.as_str(), ""));
    let first = tree::squeezed(first);
    let mut lines = [Some(story.headline.as_str()), heading].into_iter().flatten();
    let is_heading = lines.any(|line| tree::squeezed(line) == first);
    if !first.is_empty() && is_heading && !rest.trim().is_empty() {
        story.body = rest.trim_start().to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_above_the_text_once_more_is_no_text() {
        let body = |body: &str, heading: Option<&str>| {
            let mut story = Story { headline: "Ferry stops".to_owned(), ..Story::new("x", body) };
            drop_headline(&mut story, heading);
            story.body
        };
        assert_eq!(body("Ferry  stops\n\nIt does.", None), "It does.");
        assert_eq!(body("The ferry\n\nIt does.", Some("The ferry")), "It does.");
        assert_eq!(body("Ferry stops", None), "Ferry stops", "where there is no other text");
        assert_eq!(body("Ferry stops.\nIt does.", None), "Ferry stops.\nIt does.");
    }
}
