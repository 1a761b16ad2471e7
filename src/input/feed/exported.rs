//! From an entry of an export, in which a program for sites hands out all that it holds, to what it is
//! where it is no story: drafts, pictures, comments, menus.

use super::super::wire::tree::{all, at, child, said, value};
use roxmltree::Node;

/// What Blogger calls a story.
const STORIES: [&str; 2] = ["post", "page"];
/// Types of WordPress itself that are no stories, whatever text they hold.
const OWN: [&str; 8] = [
    "attachment",
    "revision",
    "nav_menu_item",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "feedback",
];
/// How types begin that WordPress and what extends it make for themselves.
const OWN_PREFIXES: [&str; 6] = ["wp_", "acf-", "elementor_", "wpcf7_", "jp_", "shop_"];

/// What `entry` is if it is no story of an export; `None` for a story, and for entries of feeds.
pub(super) fn passed_over(entry: Node<'_, '_>) -> Option<String> {
    of_wordpress(entry).or_else(|| of_blogger(entry)).or_else(|| is_draft(entry).then(|| "draft".to_owned()))
}

fn of_wordpress(entry: Node<'_, '_>) -> Option<String> {
    let kind = said(child(entry, "post_type"))?.to_lowercase();
    if OWN.contains(&kind.as_str()) || OWN_PREFIXES.iter().any(|prefix| kind.starts_with(prefix)) {
        return Some(kind);
    }
    let status = said(child(entry, "status")).unwrap_or_default().to_lowercase();
    if !["publish", "published", ""].contains(&status.as_str()) {
        return Some(format!("{kind} of status {status}"));
    }
    // A headline alone is a page that lists others, or a form.
    let has_text =
        ["encoded", "description"].iter().any(|name| all(entry, name).any(|text| said(Some(text)).is_some()));
    (!has_text).then(|| format!("{kind} without a text"))
}

/// Blogger says what an entry is in a category, or in elements of its own.
fn of_blogger(entry: Node<'_, '_>) -> Option<String> {
    let term = entry.children().find_map(|node| {
        let is_kind = value(node, "scheme").is_some_and(|scheme| scheme.ends_with("/g/2005#kind"));
        value(node, "term").filter(|_| is_kind)?.rsplit_once('#').map(|(_, kind)| kind.to_lowercase())
    });
    let is_blogger =
        |node: &Node<'_, '_>| node.tag_name().namespace().is_some_and(|space| space.contains("/blogger/"));
    let named = child(entry, "type").filter(is_blogger);
    let kind = term.or_else(|| said(named).map(|kind| kind.to_lowercase()))?;
    if !STORIES.contains(&kind.as_str()) {
        return Some(kind);
    }
    let status = said(child(entry, "status").filter(is_blogger)).unwrap_or_default().to_lowercase();
    if !["", "live", "published"].contains(&status.as_str()) || is_draft(entry) {
        return Some(format!("{kind} of status {}", if status.is_empty() { "draft" } else { &status }));
    }
    None
}

/// Whether the protocol of Atom says that an entry is not to be seen.
fn is_draft(entry: Node<'_, '_>) -> bool {
    said(at(entry, &["control", "draft"])).is_some_and(|draft| draft.eq_ignore_ascii_case("yes"))
}
