//! From a page to its parts: what is no story is taken out, and what belongs to it is kept.

use super::super::wire::tree::squeezed;
use super::consent::{asks_consent, prose_beside};
use super::facts::LINKS;
use super::select::{Page, Selector, children, each_text};
use super::{layout, printed};
use aho_corasick::AhoCorasick;
use dom_query::{Document, Selection};
use std::sync::LazyLock;

/// What stands in articles and is no running text; a table only if it has a heading.
static APART: Selector = Selector::new(
    "figure, figcaption, nav, footer, form, iframe, dialog, button, noscript, template, \
     amp-ad, amp-embed, amp-social-share, amp-sticky-ad, amp-consent, amp-sidebar, amp-carousel, \
     ins.adsbygoogle, [role='navigation']",
);
static TABLES: Selector = Selector::new("table");
static HEAD_CELLS: Selector = Selector::new("th");
static BODY: Selector = Selector::new("body");
static ASIDES: Selector = Selector::new("aside");
static STORY_ASIDES: Selector = Selector::new("article aside");
static STORIES: Selector = Selector::new("article, h1, [itemprop='articleBody']");
static NAMED: Selector = Selector::new("div, section, ul, p, span, form");
pub(super) static WITHIN: Selector = Selector::new("article *, main *");
static SECTIONS: Selector = Selector::new("div, section, aside");
static LISTS: Selector = Selector::new("section, ul, ol, div");
static TIMES: Selector = Selector::new("time");
static DATE_LINES: Selector = Selector::new("p, div, span, li, time");
static DATES: Selector = Selector::new("[itemprop~='datePublished'], [itemprop~='dateModified']");
pub(super) static PARAGRAPHS: Selector = Selector::new("p");
static LOW_HEADINGS: Selector = Selector::new("h2, h3, h4");
static BLOCKS: Selector = Selector::new("p, h1, h2, article");
static SENTENCES: Selector = Selector::new("p, span, a, b, i, em, strong, li");
static LINES: Selector = Selector::new("h1, h2, p");

/// Words in the class or id of boxes that ask for something.
const BOXES: [&str; 24] = [
    "cookie",
    "consent",
    "gdpr",
    "onetrust",
    "didomi",
    "cmp-",
    "privacy-notice",
    "newsletter",
    "subscribe",
    "paywall",
    "share-",
    "social-",
    "related",
    "recommend",
    "signup",
    "sign-up",
    "mailing-list",
    "author-bio",
    "author_bio",
    "author-box",
    "about-author",
    "about-the-author",
    "img-caption",
    "caption-text",
];
/// Classes of such boxes, whole.
const CLASSES: [&str; 55] = [
    "share",
    "sharing",
    "shares",
    "social",
    "socials",
    "cmp",
    // Key words and rubrics of the story.
    "tags",
    "tag-list",
    "taglist",
    "post-tags",
    "article-tags",
    "entry-tags",
    "article__tags",
    "tags-list",
    "tagcloud",
    "topics",
    "post-meta",
    "entry-meta",
    "entry-footer",
    "article-footer",
    "post-footer",
    "reading-time",
    "read-time",
    "readtime",
    "audio-player",
    "listen",
    "wp-caption-text",
    "breadcrumb",
    "breadcrumbs",
    // What is sold.
    "ad",
    "ads",
    "advert",
    "advertisement",
    "adsbygoogle",
    "ad-slot",
    "ad-unit",
    "ad-container",
    "ad-wrapper",
    "ad-label",
    "adv",
    "advertising",
    "anzeige",
    "reklama",
    "reklam",
    "publicidad",
    "publicidade",
    "pubblicita",
    "iklan",
    // What readers say.
    "comments",
    "comment-list",
    "comments-area",
    "comment-respond",
    "banner",
    "sponsored",
    "werbung",
];
/// Words in the class of lists of other stories.
const OTHERS: [&str; 8] =
    ["more-on", "read-more", "readmore", "most-read", "also-read", "taboola", "outbrain", "promo"];

/// Share of its text that a box may have and still be taken out, in percent.
const BOX_SHARE: usize = 40;

/// Takes out what is no story: pictures, forms, boxes of consent, lists of other stories, lines that
/// say when the page was published.
pub(super) fn clear(page: &Page<'_>) {
    let document = page.document;
    let tables = TABLES.of(document);
    tables.iter().filter(|table| HEAD_CELLS.is_below(table)).for_each(|table| table.remove());
    if tables.exists() {
        layout::settle_page(document);
    }
    APART.of(document).remove();
    let whole = length(&BODY.of(document));
    let small = |part: &Selection<'_>| length(part) * 100 <= whole * BOX_SHARE;
    if page.has("<aside") || page.has("<ASIDE") || page.has("<Aside") {
        for part in &ASIDES.of(document) {
            let is_story = STORIES.is_below(&part) || !small(&part);
            if !is_story || STORY_ASIDES.is(&part) {
                part.remove();
            }
        }
    }
    for part in &NAMED.of(document) {
        if is_box(&part) && small(&part) && !STORIES.is_below(&part) {
            part.remove();
        }
    }
    if page.words.cookies {
        for part in &SECTIONS.of(document) {
            let stands_apart = || small(&part) || prose_beside(&part, document);
            if asks_consent(&part) && !STORIES.is_below(&part) && stands_apart() {
                part.remove();
            }
        }
    }
    for part in &LISTS.of(document) {
        if is_link_list(&part) && small(&part) && !STORIES.is_below(&part) {
            // What stands over it says no more than that it comes.
            let over = part.prev_sibling();
            if LOW_HEADINGS.is(&over) {
                over.remove();
            }
            part.remove();
        }
    }
    if TIMES.first_of(document).exists() {
        for line in &DATE_LINES.of(document) {
            if is_date_line(&line) {
                line.remove();
            }
        }
    }
    printed::clear(page);
    if page.has("datePublished") || page.has("dateModified") {
        DATES.of(document).remove();
    }
}

/// Whether class or id of a part say that it asks for something, or lists other stories.
fn is_box(part: &Selection<'_>) -> bool {
    static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = AhoCorasick::builder().ascii_case_insensitive(true).build(BOXES.iter().chain(&OTHERS));
        words.expect("a few words")
    });
    let (class, id) = (part.attr("class"), part.attr("id"));
    let counts = if is_named(part, "form") {
        id.is_some()
    } else {
        class.is_some() || (id.is_some() && !["ul", "p", "span"].iter().any(|name| is_named(part, name)))
    };
    let says = |name: &str| {
        WORDS.is_match(name) || name.split_ascii_whitespace().any(|class| CLASSES.contains(&class))
    };
    counts && [class, id].into_iter().flatten().any(|name| says(&name))
}

/// Letters and marks in a part, in bytes.
fn length(part: &Selection<'_>) -> usize {
    let mut length = 0;
    each_text(part, |text| {
        length += text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
        true
    });
    length
}

/// Whether a part is an element of that name.
fn is_named(part: &Selection<'_>, name: &str) -> bool {
    part.nodes().first().is_some_and(|node| node.has_name(name))
}

/// Whether a part holds text and no element, as most do: nothing in it need be looked for.
fn is_bare(part: &Selection<'_>) -> bool {
    children(part).next().is_none()
}

/// Whether a part is nothing but links: two or more, and hardly a word beside them.
fn is_link_list(part: &Selection<'_>) -> bool {
    if is_bare(part) {
        return false;
    }
    let links = LINKS.below(part);
    if links.length() < 2 || PARAGRAPHS.below(part).iter().any(|inner| length(&inner) > 120) {
        return false;
    }
    let headings: usize = LOW_HEADINGS.below(part).iter().map(|heading| length(&heading)).sum();
    let linked: usize = links.iter().map(|link| length(&link)).sum();
    let all = length(part);
    all > 0 && (linked + headings) * 100 >= all * 80 && linked > 0
}

/// Whether a line says when something was published or updated, and nothing else.
fn is_date_line(line: &Selection<'_>) -> bool {
    const WORDS: usize = 6;
    if is_named(line, "time") {
        // A date in a sentence is part of it.
        let around = line.parent();
        return !SENTENCES.is(&around) || length(&around) <= length(line) + 40;
    }
    if is_bare(line) {
        return false;
    }
    if BLOCKS.is_below(line) {
        return false;
    }
    let times = TIMES.below(line);
    if times.is_empty() {
        return false;
    }
    let all = line.text().split_whitespace().count();
    let dated: usize = times.iter().map(|time| time.text().split_whitespace().count()).sum();
    all <= dated + WORDS
}

/// The paragraphs of a page in their order, as they stand in it, and where its heading stands among them.
pub(super) struct Order {
    paragraphs: Vec<String>,
    heading: usize,
}

/// Words of a lead at least.
pub(super) const LEAD: usize = 10;

pub(super) fn paragraphs(document: &Document, headline: &str) -> Order {
    let (mut paragraphs, mut heading) = (Vec::new(), None);
    let wanted = squeezed(headline);
    for part in &LINES.of(document) {
        if !is_named(&part, "p") {
            let is_wanted = squeezed(&part.text()) == wanted;
            if is_wanted || (heading.is_none() && is_named(&part, "h1")) {
                heading = Some(paragraphs.len());
            }
            continue;
        }
        let name = part.attr("class").unwrap_or_default().to_lowercase();
        let is_caption =
            ["caption", "credit", "copyright", "byline", "author"].iter().any(|word| name.contains(word));
        let linked: usize =
            if is_bare(&part) { 0 } else { LINKS.below(&part).iter().map(|link| length(&link)).sum() };
        if !is_caption && (linked == 0 || linked * 2 <= length(&part)) {
            paragraphs.push(part.text().to_string());
        }
    }
    Order { heading: heading.unwrap_or(paragraphs.len()), paragraphs }
}

impl Order {
    /// The text that was found, with the paragraphs before it that stand below the heading: a lead
    /// often has a container of its own.
    pub(super) fn completed(&self, found: &str) -> String {
        let is_long = |text: &str| text.split_whitespace().nth(LEAD - 1).is_some();
        // Mostly it begins right below the heading.
        let below = self.paragraphs.get(self.heading).map(|text| squeezed(text));
        if below.is_some_and(|text| is_long(&text) && found.starts_with(&text)) {
            return found.to_owned();
        }
        let squeezed_text = squeezed(found);
        let paragraphs: Vec<String> = self.paragraphs.iter().map(|text| squeezed(text)).collect();
        let first = paragraphs.iter().position(|text| {
            text.split_whitespace().count() >= LEAD && squeezed_text.contains(text.as_str())
        });
        let Some(first) = first.filter(|first| self.heading < *first) else { return found.to_owned() };
        let is_prose = |text: &&String| {
            text.split_whitespace().count() >= LEAD
                && text.ends_with(['.', '!', '?', '…', '"', '”', '»', '。', ':'])
        };
        let lead: Vec<&str> =
            paragraphs[self.heading..first].iter().filter(is_prose).map(String::as_str).collect();
        if lead.is_empty() { found.to_owned() } else { format!("{}\n\n{found}", lead.join("\n\n")) }
    }
}
