//! From HTML to a story: the main text by Readability, the facts from JSON-LD and meta tags.

use crate::error::{Error, Result};
use crate::story::Story;

/// Elements that lie in each other at most. Browsers stop at 512.
const DEPTH: usize = 1_024;

/// The error of a page that nests deeper than any real one, which would exhaust the stack of
/// whoever walks it.
fn check_depth(html: &str) -> Result<()> {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let bytes = html.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(byte) if byte.is_ascii_alphabetic() && !is_void(&bytes[at + 1..]) => depth += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest <= DEPTH {
        return Ok(());
    }
    Err(Error::input(format!("expected HTML of {DEPTH} levels at most, found {deepest}; leave the page out")))
}

/// Whether the tag closes itself, or is closed by the next of its kind, in ordinary HTML.
fn is_void(tag: &[u8]) -> bool {
    const NAMES: [&[u8]; 19] = [
        b"br", b"img", b"meta", b"link", b"input", b"hr", b"p", b"li", b"td", b"tr", b"th", b"option",
        b"source", b"wbr", b"col", b"dt", b"dd", b"path", b"area",
    ];
    let length = tag.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(tag.len());
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(&tag[..length]))
}

/// The story on a page. `url` is where it was met, if that is known; without it the page says
/// its address itself, or the id is empty.
///
/// # Errors
/// A page without running text, or one that nests too deep.
pub(super) fn story(html: &str, url: Option<&str>) -> Result<Story> {
    check_depth(html)?;
    extraction::story(html, url)
        .filter(|story| !story.body.is_empty())
        .ok_or_else(|| Error::input("expected a page with running text, found none; leave it out"))
}

/// The running text of a piece of HTML; tables, pictures and scripts are left out.
pub(super) fn fragment(html: &str) -> String {
    if check_depth(html).is_err() {
        return crate::text::repair(html).into_owned();
    }
    extraction::fragment(html)
}

#[cfg(not(feature = "pages"))]
mod extraction {
    use crate::story::Story;

    /// Without the feature `pages` a page is no story.
    pub(super) fn story(_: &str, _: Option<&str>) -> Option<Story> {
        None
    }

    pub(super) fn fragment(html: &str) -> String {
        crate::text::repair(html).trim().to_owned()
    }
}

#[cfg(feature = "pages")]
mod extraction {
    use super::super::time;
    use crate::dispatch::{Dispatch, Link};
    use crate::story::Story;
    use dom_query::Document;
    use dom_smoothie::{Config, Readability, TextMode};
    use serde_json::Value;

    /// What stands in articles and is no running text.
    const APART: &str = "figure, figcaption, aside, nav, footer, form, iframe, table:has(th)";
    const NO_PROSE: &str = "script, style, table, figure, figcaption, aside, nav, form, iframe";

    pub(super) fn fragment(html: &str) -> String {
        let document = Document::fragment(html);
        document.select(NO_PROSE).remove();
        document.formatted_text().trim().to_owned()
    }

    pub(super) fn story(html: &str, url: Option<&str>) -> Option<Story> {
        let document = Document::from(html);
        let facts = Facts::of(&document);
        let mut story = facts.story(&document, url);
        document.select(APART).remove();
        let config = Config { text_mode: TextMode::Formatted, disable_json_ld: true, ..Config::default() };
        let article = Readability::with_document(document, None, Some(config)).ok()?.parse().ok();
        let extracted = article.as_ref().map_or("", |article| article.text_content.trim());
        // Some pages give only an extract as articleBody.
        let given = facts.word("articleBody").map(|body| fragment(&body)).unwrap_or_default();
        story.body = if given.len() * 4 >= extracted.len() * 3 { given } else { extracted.to_owned() };
        if let Some(article) = article {
            if story.headline.is_empty() {
                article.title.trim().clone_into(&mut story.headline);
            }
            if story.language.is_empty() {
                story.language = article.lang.unwrap_or_default();
            }
            story.furniture.byline = story.furniture.byline.take().or(article.byline);
        }
        Some(story)
    }

    /// The `NewsArticle` of the page's JSON-LD, or null.
    struct Facts(Value);

    impl Facts {
        fn of(document: &Document) -> Self {
            let scripts = document.select("script[type^='application/ld+json']");
            let mut parsed = scripts.iter().filter_map(|script| json(&script.text()));
            Self(parsed.find_map(article).unwrap_or_default())
        }

        fn word(&self, name: &str) -> Option<String> {
            self.0.get(name).and_then(word)
        }

        fn story(&self, document: &Document, url: Option<&str>) -> Story {
            let meta = |names: &[&str]| {
                names.iter().find_map(|name| {
                    let selector = format!("meta[property='{name}'], meta[name='{name}']");
                    let content = document.select_single(&selector).attr("content")?;
                    Some(content.trim().to_owned()).filter(|content| !content.is_empty())
                })
            };
            let canonical =
                || document.select_single("link[rel='canonical']").attr("href").map(|href| href.to_string());
            let mut story = Story {
                id: url
                    .map(str::to_owned)
                    .or_else(canonical)
                    .or_else(|| meta(&["og:url"]))
                    .or_else(|| {
                        ["url", "mainEntityOfPage"]
                            .iter()
                            .find_map(|name| self.0.get(*name).and_then(address))
                    })
                    .unwrap_or_default(),
                headline: self.word("headline").or_else(|| meta(&["og:title"])).unwrap_or_default(),
                source: self.word("publisher").or_else(|| meta(&["og:site_name"])).unwrap_or_default(),
                language: self.word("inLanguage").unwrap_or_default(),
                ..Story::default()
            };
            let printed =
                self.word("datePublished").or_else(|| meta(&["article:published_time", "date", "pubdate"]));
            time::read(&mut story, printed.as_deref());
            story.furniture.byline = self.word("author").or_else(|| meta(&["author"]));
            story.furniture.place = self.word("locationCreated");
            let links = self.links(document);
            let dispatch = Dispatch {
                dateline: self.word("dateline"),
                credits: self.credits(document),
                notes: self.word("correction").into_iter().collect(),
                links,
                ..Dispatch::default()
            };
            story.dispatch = dispatch.boxed();
            story
        }

        /// What the page names as its source: `isBasedOn` and `citation`, and the tags by which
        /// syndicated pages point to the original.
        fn links(&self, document: &Document) -> Vec<Link> {
            let mut links = Vec::new();
            for name in ["isBasedOn", "citation"] {
                let ids = self.0.get(name).map(addresses).unwrap_or_default();
                links.extend(ids.into_iter().map(|id| Link { rel: name.to_owned(), id }));
            }
            for name in ["syndication-source", "original-source"] {
                let selector = format!("meta[property='{name}'], meta[name='{name}'], link[rel='{name}']");
                for tag in &document.select(&selector) {
                    let id = tag.attr("content").or_else(|| tag.attr("href")).map(|id| id.trim().to_owned());
                    links.extend(id.filter(|id| !id.is_empty()).map(|id| Link { rel: name.to_owned(), id }));
                }
            }
            links
        }

        /// Who is to be credited, by JSON-LD or by the `source-org` of hNews.
        fn credits(&self, document: &Document) -> Vec<String> {
            let said = ["creditText", "copyrightHolder", "sourceOrganization"];
            let mut credits: Vec<String> = said.iter().filter_map(|name| self.word(name)).collect();
            let source = document.select_single(".hnews .source-org, .source-org.vcard").text();
            credits.extend(
                Some(source.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty()),
            );
            credits
        }
    }

    /// JSON-LD as pages have it: also between marks of comments, or with line ends in strings.
    fn json(script: &str) -> Option<Value> {
        serde_json::from_str(script).ok().or_else(|| {
            let start = script.find(['{', '['])?;
            let end = script.rfind(['}', ']'])?;
            let blank = |c: char| if c.is_control() { ' ' } else { c };
            let mended: String = script.get(start..=end)?.chars().map(blank).collect();
            serde_json::from_str(&mended).ok()
        })
    }

    /// The first article in a JSON-LD value: itself, in a list, or in a graph.
    fn article(value: Value) -> Option<Value> {
        const KINDS: [&str; 3] = ["Article", "BlogPosting", "Report"];
        let is_kind =
            |kind: &Value| kind.as_str().is_some_and(|kind| KINDS.iter().any(|end| kind.ends_with(end)));
        match value {
            Value::Array(list) => list.into_iter().find_map(article),
            Value::Object(mut object) => {
                let kind = object.get("@type");
                let kinds = kind
                    .and_then(Value::as_array)
                    .map_or_else(|| kind.into_iter().collect(), |list| list.iter().collect::<Vec<_>>());
                if kinds.into_iter().any(is_kind) {
                    return Some(Value::Object(object));
                }
                object.remove("@graph").and_then(article)
            }
            _ => None,
        }
    }

    /// The addresses in a value: itself, its `@id` or `url`, or else its name; of a list all.
    fn addresses(value: &Value) -> Vec<String> {
        match value {
            Value::Array(list) => list.iter().filter_map(address).collect(),
            value => address(value).into_iter().collect(),
        }
    }

    fn address(value: &Value) -> Option<String> {
        let named = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        named("@id").or_else(|| named("url")).filter(|id| !id.is_empty()).or_else(|| word(value))
    }

    /// A value as one word: itself, its name or address, or that of its first element.
    fn word(value: &Value) -> Option<String> {
        let word = match value {
            Value::String(word) => word.trim().to_owned(),
            Value::Array(list) => list.iter().find_map(word)?,
            Value::Object(object) => {
                ["name", "url", "@id"].iter().find_map(|name| object.get(*name)?.as_str())?.to_owned()
            }
            _ => return None,
        };
        (!word.is_empty()).then_some(word)
    }
}

#[cfg(all(test, feature = "pages"))]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>Ferry line closes | Post</title>
<link rel="canonical" href="https://post.example/ferry">
<meta property="og:site_name" content="The Post"><meta name="syndication-source" content="https://wire.example/1">
<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"x"},{"@type":["NewsArticle"],
"headline":"Ferry line closes","datePublished":"2023-10-16T14:15:00Z","author":[{"@type":"Person","name":"Anna Berg"}],
"isBasedOn":{"@id":"urn:wire:7"},"publisher":{"name":"Post"}}]}</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/s">Sport</a></li></ul></nav>
<article><h1>Ferry line closes</h1><figure><img src="a.jpg"><figcaption>The pier.</figcaption></figure>
<p>The last ferry on the Landvik line sails on Friday after ninety years of service, the council said on Monday, and nobody on the island knows yet how the post will come.</p>
<p>The boat carried cattle, brides and coffins, and once, in the winter of 1947, a whole school that moved with its desks, its maps and its stove to the mainland.</p>
<table><tr><th>Year</th></tr><tr><td>1933</td></tr></table>
<p>A bus over the new bridge will take its place in the spring; until then the mail boat has room for twelve, and a queue has begun to form at the shop.</p></article>
<footer>All rights reserved. Read more: ten boats you must see.</footer></body></html>"#;

    #[test]
    fn text_and_facts_are_found() {
        let story = story(PAGE, None).unwrap();
        assert_eq!(story.id, "https://post.example/ferry");
        assert_eq!((story.headline.as_str(), story.source.as_str()), ("Ferry line closes", "Post"));
        assert_eq!(story.time.unwrap().to_string(), "2023-10-16T14:15:00Z");
        assert_eq!(story.furniture.byline.as_deref(), Some("Anna Berg"));
        let paragraphs: Vec<&str> = story.body.lines().filter(|line| !line.is_empty()).collect();
        assert!(paragraphs.len() == 3 && paragraphs[0].starts_with("The last ferry"), "{paragraphs:?}");
        let links = story.dispatch.unwrap().links;
        assert_eq!(links.len(), 2);
        assert_eq!((links[0].rel.as_str(), links[0].id.as_str()), ("isBasedOn", "urn:wire:7"));
    }

    #[test]
    fn facts_are_found_in_what_pages_make_of_json() {
        let of = |script: &str, head: &str| {
            let head =
                format!("{head}<script type=\"application/ld+json; charset=utf-8\">{script}</script></head>");
            let start = PAGE.find("<script").unwrap();
            let end = PAGE.find("</script></head>").unwrap() + "</script></head>".len();
            story(&[&PAGE[..start], &head, &PAGE[end..]].concat(), None).unwrap()
        };
        let mended = of(
            "<!--\n{\"@type\":\"NewsArticle\",\"description\":\"a\nb\tc\",\"headline\":\"Fish and ships\"}\n-->",
            "",
        );
        assert_eq!(mended.headline, "Fish and ships");
        let based = of(
            "[{\"@type\":\"http://schema.org/NewsArticle\",\"isBasedOn\":[\"urn:1\",{\"name\":\"A wire\",\"url\":\"urn:2\"}]}]",
            "<meta name=original-source content=urn:3><link rel=syndication-source href=urn:4>",
        );
        let links: Vec<String> =
            based.dispatch.unwrap().links.iter().map(|link| format!("{} {}", link.rel, link.id)).collect();
        assert_eq!(
            links,
            [
                "isBasedOn urn:1",
                "isBasedOn urn:2",
                "syndication-source https://wire.example/1",
                "syndication-source urn:4",
                "original-source urn:3"
            ]
        );
    }

    #[test]
    fn a_page_without_text_is_an_error() {
        let error = story("<html><body><img src=a></body></html>", None).unwrap_err();
        assert_eq!(error.message(), "expected a page with running text, found none; leave it out");
    }

    #[test]
    fn a_page_may_nest_only_so_deep() {
        let deep = |levels: usize| "<div>".repeat(levels) + "words" + &"</div>".repeat(levels);
        assert!(story(&deep(100_000), None).unwrap_err().message().contains("levels at most"));
        assert_eq!(fragment(&deep(1_000)), "words");
        assert!(fragment(&deep(100_000)).contains("words"));
    }

    #[test]
    fn a_fragment_is_its_paragraphs() {
        assert_eq!(
            fragment("<p>One &amp; <b>two</b></p><table><tr><td>9</td></tr></table><p>Three</p>"),
            "One & two\n\nThree"
        );
    }
}
