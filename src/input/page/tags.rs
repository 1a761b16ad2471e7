//! From the meta tags of a page to what they say, read once a page.

use super::select::Selector;
use dom_query::Document;

/// What may name a tag.
const KEYS: [&str; 3] = ["property", "name", "itemprop"];

static TAGS: Selector = Selector::new("meta[content]");

/// The tags that say something, in their order: the names of each, and what it says.
#[derive(Default)]
pub(super) struct Tags(Vec<(String, String)>);

impl Tags {
    pub(super) fn of(document: &Document) -> Self {
        let mut tags = Vec::new();
        for tag in TAGS.of(document).nodes() {
            let Some(content) = tag.attr("content") else { continue };
            let content = content.trim();
            let names = KEYS.iter().filter_map(|key| tag.attr(key));
            tags.extend(
                names
                    .filter(|_| !content.is_empty())
                    .map(|name| (name.trim().to_owned(), content.to_owned())),
            );
        }
        Self(tags)
    }

    /// What the first tag of the first of these names says; case does not count.
    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        let of = |wanted: &str| self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        names.iter().find_map(|name| of(name)).map(|(_, content)| content.as_str())
    }

    pub(super) fn own(&self, names: &[&str]) -> Option<String> {
        self.get(names).map(str::to_owned)
    }
}
