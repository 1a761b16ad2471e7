//! From a CSS selector to the elements that it means, and from an element to its text: selectors are
//! parsed once, not once a page, and a text is only put together where it is needed.

use super::words::Words;
use dom_query::{Document, Matcher, NodeData, NodeRef, Selection};
use std::sync::OnceLock;

/// A selector in a static.
pub(super) struct Selector {
    css: &'static str,
    matcher: OnceLock<Matcher>,
}

impl Selector {
    pub(super) const fn new(css: &'static str) -> Self {
        Self { css, matcher: OnceLock::new() }
    }

    fn matcher(&self) -> &Matcher {
        self.matcher.get_or_init(|| Matcher::new(self.css).expect("a sound selector"))
    }

    /// The elements of a page that it means.
    pub(super) fn of<'a>(&self, document: &'a Document) -> Selection<'a> {
        document.select_matcher(self.matcher())
    }

    /// The first of them, or none.
    pub(super) fn first_of<'a>(&self, document: &'a Document) -> Selection<'a> {
        document.select_single_matcher(self.matcher())
    }

    /// The elements below `part` that it means.
    pub(super) fn below<'a>(&self, part: &Selection<'a>) -> Selection<'a> {
        part.select_matcher(self.matcher())
    }

    /// Whether there is one below `part`.
    pub(super) fn is_below(&self, part: &Selection<'_>) -> bool {
        part.select_single_matcher(self.matcher()).exists()
    }

    /// Whether it means `part`.
    pub(super) fn is(&self, part: &Selection<'_>) -> bool {
        part.is_matcher(self.matcher())
    }
}

/// A page, as it came, as a tree, and what is in it.
pub(super) struct Page<'a> {
    pub(super) document: &'a Document,
    pub(super) html: &'a str,
    pub(super) words: Words,
    /// Whether anything in it is marked up for machines.
    pub(super) has_microdata: bool,
}

impl<'a> Page<'a> {
    pub(super) fn of(document: &'a Document, html: &'a str) -> Self {
        let mut page = Self { document, html, words: Words::of(document), has_microdata: false };
        page.has_microdata = ["itemprop", "itemProp", "ITEMPROP"].iter().any(|name| page.has(name));
        page
    }

    /// Whether it has a word anywhere: a selector that needs the word finds nothing in other pages.
    pub(super) fn has(&self, word: &str) -> bool {
        memchr::memmem::find(self.html.as_bytes(), word.as_bytes()).is_some()
    }
}

/// Looks at the texts in `part`, one after the other, as long as `go_on` says so.
pub(super) fn each_text(part: &Selection<'_>, mut go_on: impl FnMut(&str) -> bool) {
    let Some(node) = part.nodes().first() else { return };
    for inner in node.descendants_it() {
        let goes_on = inner.query_or(true, |inner| match &inner.data {
            NodeData::Text { contents } => go_on(contents),
            _ => true,
        });
        if !goes_on {
            return;
        }
    }
}

/// The elements right below a part.
pub(super) fn children<'a>(part: &Selection<'a>) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
    let node = part.nodes().first().copied();
    node.into_iter().flat_map(|node| node.children_it(false)).filter(NodeRef::is_element)
}
