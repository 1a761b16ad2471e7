//! From the address of a story to its outlet, and from an outlet that is an address to both.

use crate::story::Story;
use crate::text::unseen::is_default_ignorable;

/// Gives each part of a story its due: a URL is never an outlet, only its host is; it stands for the
/// id where there is none, and an id that is an address is the address, too.
pub(super) fn settle(story: &mut Story) {
    // Not the id: it stays as it was sent, for that is how the other side knows the story.
    for word in [&mut story.url, &mut story.source, &mut story.language] {
        trim(word);
    }
    for word in [&mut story.source, &mut story.language] {
        if says_none(word) {
            word.clear();
        }
    }
    // "n/a", "-": a word in place of an address, which many records may share.
    let is_place = |url: &str| url.contains('.') || url.contains("://") || url.starts_with('/');
    if !story.url.is_empty() && !is_place(&story.url) {
        story.url.clear();
    }
    if story.url.is_empty() && is_web(&story.id) {
        story.url.clone_from(&story.id);
    }
    if is_web(&story.source) {
        let host = host(&story.source).unwrap_or_default().to_owned();
        let address = std::mem::replace(&mut story.source, host);
        // An address of more than a host is that of the story.
        if story.url.is_empty() && address.trim_end_matches('/').matches('/').count() > 2 {
            story.url = address;
        }
    }
    if story.source.is_empty()
        && !story.url.is_empty()
        && let Some(host) = host(&story.url)
    {
        story.source = host.to_owned();
    }
    if story.id.is_empty() {
        story.id.clone_from(&story.url);
    }
}

/// Whether a word is what programs write where there is none.
fn says_none(word: &str) -> bool {
    const NONE: [&str; 7] = ["nan", "none", "null", "n/a", "undefined", "nil", "-"];
    word.len() <= 9 && NONE.iter().any(|none| none.eq_ignore_ascii_case(word))
}

/// Takes what nobody sees off the ends of a word: a mark of byte order, say, that a program has copied
/// with it.
fn trim(word: &mut String) {
    let ends = [word.as_bytes().first(), word.as_bytes().last()];
    if ends.into_iter().flatten().all(u8::is_ascii_graphic) {
        return;
    }
    let is_hidden = |c: char| c.is_whitespace() || is_default_ignorable(c);
    let bare = word.trim_matches(is_hidden);
    if bare.len() < word.len() {
        *word = bare.to_owned();
    }
}

/// Whether `word` is an address on the web.
pub(super) fn is_web(word: &str) -> bool {
    word.starts_with("http://") || word.starts_with("https://")
}

/// Whether an address is that of a site and of no story on it.
#[cfg(any(feature = "pages", test))]
pub(super) fn is_front(url: &str) -> bool {
    let rest = url.split_once("://").map(|(_, rest)| rest.trim_end_matches('/'));
    rest.is_some_and(|rest| !rest.contains(['/', '?']))
}

/// The address that `href` means on the page `base`, `None` where that takes a base and there is none.
pub(super) fn resolved(href: &str, base: &str) -> Option<String> {
    let href = href.trim();
    if href.contains("://") || href.is_empty() {
        return (!href.is_empty()).then(|| href.to_owned());
    }
    let (scheme, rest) = base.trim().split_once("://")?;
    if href.starts_with("//") {
        return Some(format!("{scheme}:{href}"));
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let host = path.split('/').next().unwrap_or_default();
    if href.starts_with('/') {
        return Some(format!("{scheme}://{host}{href}"));
    }
    let mut folder = path.rsplit_once('/').map_or(host, |(folder, _)| folder);
    let mut href = href.strip_prefix("./").unwrap_or(href);
    while let Some(above) = href.strip_prefix("../") {
        href = above;
        folder = folder.rsplit_once('/').map_or(host, |(above, _)| above);
    }
    Some(format!("{scheme}://{folder}/{href}"))
}

/// The host of an address, without `www.`.
pub(super) fn host(url: &str) -> Option<&str> {
    let host = url.split_once("://")?.1.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_from_the_page_it_stands_on() {
        let of = |href: &str, base: &str| resolved(href, base).unwrap_or_default();
        let base = "https://post.example/news/index.html?page=2";
        assert_eq!(of("/ferry", base), "https://post.example/ferry");
        assert_eq!(of("ferry", base), "https://post.example/news/ferry");
        assert_eq!(of("./ferry", "https://post.example"), "https://post.example/ferry");
        assert_eq!(of("../../ferry", base), "https://post.example/ferry");
        assert_eq!(of("//m.post.example/ferry", base), "https://m.post.example/ferry");
        assert_eq!(of(" http://other.example/x ", base), "http://other.example/x");
        assert_eq!(resolved("/ferry", ""), None);
        assert_eq!(resolved(" ", base), None);
    }

    #[test]
    fn the_front_of_a_site_is_no_story() {
        assert!(
            ["https://a.example", "https://a.example/", "http://a.example//"].iter().all(|url| is_front(url))
        );
        assert!(
            !["https://a.example/x", "https://a.example/?p=1", "x", "/x"].iter().any(|url| is_front(url))
        );
    }

    #[test]
    fn an_id_may_be_the_address_and_a_word_is_none() {
        let settled = |id: &str, url: &str| {
            let mut story = Story { id: id.to_owned(), url: url.to_owned(), ..Story::default() };
            settle(&mut story);
            (story.id, story.url, story.source)
        };
        let owned = |parts: [&str; 3]| {
            let [id, url, source] = parts.map(str::to_owned);
            (id, url, source)
        };
        let address = "https://a.example/x";
        assert_eq!(settled(address, ""), owned([address, address, "a.example"]));
        assert_eq!(settled("7", "n/a"), owned(["7", "", ""]));
        assert_eq!(settled("", "n/a"), owned(["", "", ""]));
        assert_eq!(settled("", "/x"), owned(["/x", "/x", ""]));
        let source = |word: &str| {
            let mut story = Story { source: word.to_owned(), language: word.to_owned(), ..Story::default() };
            settle(&mut story);
            (story.source, story.language)
        };
        let none = (String::new(), String::new());
        assert!(["nan", "None", "NULL", "n/a", "-"].iter().all(|word| source(word) == none));
        assert_eq!(source("Nil Valley Post").0, "Nil Valley Post");
        assert_eq!(settled(" 7\u{200b}", "\u{2060}"), owned([" 7\u{200b}", "", ""]));
        assert_eq!(settled("7", "\u{feff}/x\u{200b}"), owned(["7", "/x", ""]));
    }
}
