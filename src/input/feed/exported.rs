//! From an entry of an export, in which a program for sites hands out all that it holds, to what it is
//! where it is no story: drafts, pictures, comments, menus.

use super::super::wire::tree::{all, at, child, said, value};
use ahash::AHashSet;
use regex::{Captures, Regex};
use roxmltree::Node;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What Blogger calls a story.
const STORIES: [&str; 2] = ["post", "page"];
/// Types of `WordPress` itself that are no stories, whatever text they hold.
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
/// How types begin that `WordPress` and what extends it make for themselves.
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

/// Codes in brackets whose content is no text either.
const WHOLE: [&str; 8] =
    ["caption", "wp_caption", "embed", "audio", "video", "playlist", "gallery", "contact-form-7"];

/// Whether `entry` is one of `WordPress`, which keeps texts without the tags that it shows them with.
pub(super) fn is_of_wordpress(entry: Node<'_, '_>) -> bool {
    child(entry, "post_type").is_some()
}

/// A text as `WordPress` keeps it, in HTML: blank lines part paragraphs, and codes in brackets stand for
/// what a page shows beside the text.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\[/?([A-Za-z][\w-]*)((?:\s[^\[\]]*)?)/?\]").expect("a sound pattern"));
    let mut text = Cow::Borrowed(text);
    if text.contains('[') {
        for name in WHOLE {
            text = without_between(text, &format!("[{name}"), &format!("[/{name}]"));
        }
        let closing = |found: &Captures<'_>| found[0].starts_with("[/").then(|| found[1].to_owned());
        let closed: AHashSet<String> =
            CODE.captures_iter(&text).filter_map(|found| closing(&found)).collect();
        // Brackets in prose name nothing and close nothing.
        let replaced = CODE.replace_all(&text, |found: &Captures<'_>| {
            let is_code = found[2].contains('=') || WHOLE.contains(&&found[1]) || closed.contains(&found[1]);
            if is_code { String::new() } else { found[0].to_owned() }
        });
        text = Cow::Owned(replaced.into_owned());
    }
    let has_paragraphs = ["<p>", "<p ", "<P>"].iter().any(|tag| text.contains(tag));
    if has_paragraphs || !text.contains('\n') {
        return text;
    }
    let paragraphs = text.replace("\r\n", "\n");
    let paragraphs = paragraphs.split("\n\n").map(|paragraph| paragraph.trim().replace('\n', "<br>"));
    Cow::Owned(paragraphs.flat_map(|paragraph| ["<p>".to_owned(), paragraph, "</p>".to_owned()]).collect())
}

/// The text without what stands from each `open` to the `close` behind it.
fn without_between<'a>(text: Cow<'a, str>, open: &str, close: &str) -> Cow<'a, str> {
    if !text.contains(open) || !text.contains(close) {
        return text;
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), &*text);
    while let Some(start) = rest.find(open)
        && let Some(end) = rest[start..].find(close)
    {
        out.push_str(&rest[..start]);
        rest = &rest[start + end + close.len()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn codes_go_and_blank_lines_are_paragraphs() {
        for (kept, seen) in [
            ("One.\n\nTwo\nlines.", "<p>One.</p><p>Two<br>lines.</p>"),
            ("One.\n\n[gallery ids='1,2']\n\nTwo.", "<p>One.</p><p></p><p>Two.</p>"),
            ("[caption id='5']<img/> The pier.[/caption]One.", "One."),
            ("[vc_row][vc_column width='1/2']One.[/vc_column][/vc_row]", "One."),
            ("He [the mayor] said [sic] so [1].", "He [the mayor] said [sic] so [1]."),
            ("<p>One.</p>\n\n<p>Two.</p>", "<p>One.</p>\n\n<p>Two.</p>"),
        ] {
            assert_eq!(shown(kept), seen, "{kept}");
        }
    }
}
