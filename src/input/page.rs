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

/// The running text of a mail in HTML, without the mail that it answers if that is the shorter one.
#[cfg(feature = "mail")]
pub(super) fn mail(html: &str) -> String {
    if check_depth(html).is_err() {
        return crate::text::repair(html).into_owned();
    }
    extraction::mail(html)
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

    #[cfg(feature = "mail")]
    pub(super) fn mail(html: &str) -> String {
        fragment(html)
    }
}

#[cfg(feature = "pages")]
mod consent;
#[cfg(feature = "pages")]
mod dates;
#[cfg(feature = "pages")]
mod facts;
#[cfg(feature = "pages")]
mod layout;
#[cfg(feature = "pages")]
mod parts;
#[cfg(feature = "pages")]
mod printed;
#[cfg(feature = "pages")]
mod select;
#[cfg(feature = "pages")]
mod tags;
#[cfg(feature = "pages")]
mod words;

#[cfg(feature = "pages")]
mod extraction {
    use super::facts::{self, Facts};
    use super::select::{Page, Selector};
    use super::{consent, layout, parts};
    #[cfg(feature = "mail")]
    use crate::input::mail::quoted::is_story;
    use crate::story::Story;
    use crate::wire;
    use dom_query::Document;
    use dom_smoothie::{Config, Readability, TextMode};
    use memchr::memmem;

    static NO_PROSE: Selector = Selector::new(
        "script, style, figure, figcaption, aside, nav, form, iframe, \
         article header time, article header address, article footer",
    );
    static HIDDEN: Selector = Selector::new("[hidden], [style*='display:none'], [style*='display: none']");
    static C2PA: Selector = Selector::new("script[type*='c2pa']");

    pub(super) fn fragment(html: &str) -> String {
        running_text(&prose(html))
    }

    fn prose(html: &str) -> Document {
        let document = Document::fragment(html);
        NO_PROSE.of(&document).remove();
        // To ask each element for its style, or for tables, costs more than to look for the word.
        let has = |words: &[&str]| {
            words.iter().any(|word| memmem::find(html.as_bytes(), word.as_bytes()).is_some())
        };
        if has(&["display:", " hidden"]) {
            HIDDEN.of(&document).remove();
        }
        if has(&["<table", "<TABLE", "<Table"]) {
            layout::settle(&document);
        }
        document
    }

    fn running_text(document: &Document) -> String {
        document.formatted_text().trim().to_owned()
    }

    #[cfg(feature = "mail")]
    pub(super) fn mail(html: &str) -> String {
        static QUOTED: Selector = Selector::new(
            "div.gmail_quote, div.gmail_extra, div.yahoo_quoted, blockquote[type='cite'], div.moz-cite-prefix",
        );
        let document = prose(html);
        let whole = running_text(&document);
        let quoted = QUOTED.of(&document);
        // A line of dashes stands over what is passed on, which is text.
        let passes_on = quoted.iter().any(|part| part.text().trim_start().starts_with("--"));
        if quoted.is_empty() || passes_on {
            return whole;
        }
        let answered = quoted.text().to_string();
        quoted.remove();
        let own = running_text(&document);
        if is_story(&answered, &own) { whole } else { own }
    }

    pub(super) fn story(html: &str, url: Option<&str>) -> Option<Story> {
        let document = Document::from(html);
        let page = Page::of(&document, html);
        let facts = Facts::of(&page);
        let mut story = facts.story(&page, url);
        if page.has("c2pa") {
            let marks = C2PA.of(&document);
            story.furniture.removed.extend(marks.iter().map(|mark| wire::of_script(&mark.text())));
        }
        let heading = facts::heading(&page, Some(story.source.as_str()));
        if facts.is_front(&document) {
            return None;
        }
        parts::clear(&page);
        // Readability takes the document apart, so what is looked up in it is looked up before.
        let order = parts::paragraphs(&document, &story.headline);
        let config = Config { text_mode: TextMode::Formatted, disable_json_ld: true, ..Config::default() };
        let article = Readability::with_document(document, None, Some(config)).ok()?.parse().ok();
        let extracted = article.as_ref().map_or("", |article| article.text_content.trim());
        // Some pages give only an extract as articleBody.
        let given = facts.word("articleBody").map(|body| fragment(&body)).unwrap_or_default();
        story.body = if given.len() * 4 >= extracted.len() * 3 { given } else { order.completed(extracted) };
        if let Some(article) = article {
            if story.headline.is_empty() {
                article.title.trim().clone_into(&mut story.headline);
            }
            if story.language.is_empty() {
                story.language = article.lang.unwrap_or_default();
            }
            story.furniture.byline = story.furniture.byline.take().or(article.byline);
        }
        for line in [Some(story.headline.as_str()), heading.as_deref()].into_iter().flatten() {
            wire::drop_headline(&mut story.body, line);
        }
        (!consent::is_consent(&story.body)).then_some(story)
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
    fn the_address_is_whole_and_that_of_the_story() {
        let with = |head: &str, url: Option<&str>| {
            let page = PAGE.replace("<link rel=\"canonical\" href=\"https://post.example/ferry\">", head);
            let story = story(&page, url).unwrap();
            (story.id, story.url)
        };
        let ferry = || ("https://post.example/ferry".to_owned(), "https://post.example/ferry".to_owned());
        for head in [
            "<link rel=canonical href=/ferry><meta property=og:url content=https://post.example/ferry>",
            "<link rel=canonical href=ferry><base href=https://post.example/>",
            "<link rel=Canonical href=https://post.example/><meta property=og:url content=https://post.example/ferry>",
            "<meta name=twitter:url content=https://post.example/ferry>",
        ] {
            assert_eq!(with(head, None), ferry(), "{head}");
        }
        assert_eq!(with("<link rel=canonical href=/ferry>", Some("https://post.example/x?y")).1, ferry().1);
        // The address of the site, on all of its pages, tells none of them.
        assert_eq!(
            with("<link rel=canonical href=https://post.example/>", None),
            (String::new(), String::new())
        );
        let met = with("<link rel=canonical href=https://post.example>", Some("https://post.example/ferry"));
        assert_eq!(met, ferry());
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
    fn what_stands_around_a_text_is_none_of_it() {
        let with = |part: &str, place: &str| {
            let at = PAGE.find(place).unwrap() + place.len();
            story(&[&PAGE[..at], part, &PAGE[at..]].concat(), None).unwrap().body
        };
        let plain = story(PAGE, None).unwrap().body;
        for part in [
            "<ul class=tags><li><a href=/t/pier>pier</a></li><li><a href=/t/port>port</a></li></ul>",
            "<h3>Also in the news</h3><ul><li><a href=1>One thing that happened</a></li><li><a href=2>Another</a></li></ul>",
            "<amp-ad>Buy boots for the rain today, at the shop of the harbour and nowhere else.</amp-ad>",
            "<div class='wp-block ad-slot'>Advertisement</div>",
            "<div class=reading-time>3 min read</div>",
            "<div class=audio-player>Listen to this article 4 min</div>",
            "<div class=post-meta>Filed under: pier, harbour, winter</div>",
            "<div class=comments><h3>2 comments</h3><p>I have seen the pier, and it is fit for nobody, said no one.</p></div>",
        ] {
            assert_eq!(with(part, "its stove to the mainland.</p>"), plain, "{part}");
        }
        let kept = "<section class=tagsed><p>The tags on its crates, the ad in the paper and the comments of readers were kept, the line said.</p></section>";
        assert!(with(kept, "its stove to the mainland.</p>").contains("The tags on its crates"));
    }

    #[test]
    fn boxes_stay_out_by_what_they_say_and_by_their_class() {
        let with = |box_: &str, place: &str| {
            let at = PAGE.find(place).unwrap() + place.len();
            story(&[&PAGE[..at], box_, &PAGE[at..]].concat(), None).unwrap().body
        };
        let plain = story(PAGE, None).unwrap().body;
        for box_ in [
            "<div id=x1><p>Wir verwenden Cookies. Mit „Alle akzeptieren“ willigen Sie ein; Ihre Einwilligung können Sie \
             jederzeit widerrufen, auch für einzelne Zwecke und Partner.</p></div>",
            "<div class=m><p>Avec votre accord, nos partenaires utilisent des cookies. Vous pouvez retirer votre \
             consentement à tout moment, depuis chaque page de ce site.</p></div>",
        ] {
            assert_eq!(with(box_, "</head><body>"), plain, "{box_}");
        }
        for box_ in [
            "<div class='signup-box'><p>Sign up for our daily email and never miss a story from the coast.</p></div>",
            "<div class='author-bio'><p>Anna Bell has covered the coast for the Post since 2011, and lives on Holm.</p></div>",
            "<div class='tools share'><a href=/s>Share</a> this with all who sail, by mail or by post.</div>",
            "<p class='img-caption'>The northern quay on Tuesday, before the storm. Photo: Anna Bell</p>",
        ] {
            assert_eq!(with(box_, "its stove to the mainland.</p>"), plain, "{box_}");
        }
        // Of a short story a box is most of the page.
        let short = |box_: &str| {
            format!(
                "<html><title>Ferry</title><body><div>{box_}</div><article><h1>Ferry</h1><p>The last ferry on the line \
                 sails on Friday, the council said on Monday.</p></article></body></html>"
            )
        };
        let asks = "<p>We and our partners use cookies to store and read what your device tells, for advertising, \
                    for counting and for better pages.</p><p>Press Accept all, or say no; your consent can be taken \
                    back at any time, on any page, below.</p>";
        let left = story(&short(asks), None).unwrap().body;
        assert_eq!(left, "The last ferry on the line sails on Friday, the council said on Monday.");
        // A story may speak of such boxes.
        let told = "<section><p>A court said that sites must ask for your consent before they set a cookie, and the ferry \
                    line said that it does, on all of its pages and in three languages.</p></section>";
        let told = with(told, "stove to the mainland.</p>");
        assert!(told.contains("A court said"), "{told}");
        let wall = "<html><title>Before you go on</title><body><div><p>We use cookies and data to keep our services \
                    going. If you choose to accept all, we use them for advertising, too.</p><p>More is said of that \
                    in your privacy settings.</p></div></body></html>";
        assert!(story(wall, None).is_err());
    }

    #[test]
    fn a_fragment_is_its_paragraphs() {
        assert_eq!(
            fragment("<p>One &amp; <b>two</b></p><table><tr><td>9</td></tr></table><p>Three</p>"),
            "One & two\n\nThree"
        );
        let text = "The last ferry on the line sails on Friday, the town says, after ninety years on the sound, and no post comes.";
        let laid_out = format!(
            "<div style='display:none'>For you</div><TABLE><tr><td><table><tr><td><b>Ferry</b><br>{text}<br><br>A bus runs.</td>\
             <td>Menu</td></tr></table><table><tr><td>7</td><td>9</td></tr></table></td></tr></TABLE>"
        );
        assert_eq!(fragment(&laid_out), format!("Ferry\n{text}\n\nA bus runs.\n\nMenu"));
    }
}
