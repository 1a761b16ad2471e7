//! From a page to its parts: what is no story is taken out, and what belongs to it is kept.

use super::printed;
use crate::story::Story;
use dom_query::{Document, NodeRef, Selection};

/// What stands in articles and is no running text.
const APART: &str =
    "figure, figcaption, nav, footer, form, iframe, dialog, button, table:has(th), noscript, template";

/// Words in the class or id of boxes that ask for something.
const BOXES: [&str; 14] = [
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
];
/// Words in the class of lists of other stories.
const OTHERS: [&str; 8] =
    ["more-on", "read-more", "readmore", "most-read", "also-read", "taboola", "outbrain", "promo"];

/// Share of its text that a box may have and still be taken out, in percent.
const BOX_SHARE: usize = 40;

/// Takes out what is no story: pictures, forms, boxes of consent, lists of other stories, lines that
/// say when the page was published.
pub(super) fn clear(document: &Document) {
    document.select(APART).remove();
    let whole = length(&document.select("body"));
    let small = |part: &Selection<'_>| length(part) * 100 <= whole * BOX_SHARE;
    let holds_story =
        |part: &Selection<'_>| part.select("article, h1, [itemprop='articleBody']").length() > 0;
    for part in &document.select("aside") {
        let is_story = holds_story(&part) || !small(&part);
        if !is_story || part.is("article aside") {
            part.remove();
        }
    }
    let named =
        document.select("div[class], section[class], ul[class], p[class], div[id], section[id], form[id]");
    for part in &named {
        let name = format!(
            "{} {}",
            part.attr("class").unwrap_or_default().to_lowercase(),
            part.attr("id").unwrap_or_default().to_lowercase()
        );
        let is_box = BOXES.iter().chain(&OTHERS).any(|word| name.contains(word));
        if is_box && small(&part) && !holds_story(&part) {
            part.remove();
        }
    }
    for part in &document.select("section, ul, ol, div") {
        if is_link_list(&part) && small(&part) && !holds_story(&part) {
            part.remove();
        }
    }
    if document.select("time").exists() {
        for line in &document.select("p, div, span, li, time") {
            if is_date_line(&line) {
                line.remove();
            }
        }
    }
    printed::clear(document);
    document.select("[itemprop~='datePublished'], [itemprop~='dateModified']").remove();
}

fn length(part: &Selection<'_>) -> usize {
    part.text().bytes().filter(|byte| !byte.is_ascii_whitespace()).count()
}

/// Whether a part is an element of that name.
fn is_named(part: &Selection<'_>, name: &str) -> bool {
    part.nodes().first().and_then(NodeRef::node_name).is_some_and(|own| &*own == name)
}

/// Whether a part holds text and no element, as most do: nothing in it need be looked for.
fn is_bare(part: &Selection<'_>) -> bool {
    part.nodes().first().is_none_or(|node| node.element_children().is_empty())
}

/// Whether a part is nothing but links: two or more, and hardly a word beside them.
fn is_link_list(part: &Selection<'_>) -> bool {
    let links = part.select("a[href]");
    if links.length() < 2 || part.select("p").iter().any(|inner| length(&inner) > 120) {
        return false;
    }
    let headings: usize = part.select("h2, h3, h4").iter().map(|heading| length(&heading)).sum();
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
        return !around.is("p, span, a, b, i, em, strong, li") || length(&around) <= length(line) + 40;
    }
    if is_bare(line) {
        return false;
    }
    let times = line.select("time");
    if times.length() == 0 || line.select("p, h1, h2, article").length() > 0 {
        return false;
    }
    let all = line.text().split_whitespace().count();
    let dated: usize = times.iter().map(|time| time.text().split_whitespace().count()).sum();
    all <= dated + WORDS
}

/// The paragraphs of a page in their order, and where its heading stands among them.
pub(super) struct Order {
    paragraphs: Vec<String>,
    heading: usize,
}

/// Words of a lead at least.
const LEAD: usize = 10;

pub(super) fn paragraphs(document: &Document, headline: &str) -> Order {
    let (mut paragraphs, mut heading) = (Vec::new(), None);
    let wanted = squeezed(headline);
    for part in &document.select("h1, h2, p") {
        let text = squeezed(&part.text());
        if is_named(&part, "h1") || (is_named(&part, "h2") && text == wanted) {
            if text == wanted || heading.is_none() {
                heading = Some(paragraphs.len());
            }
            continue;
        }
        let name = part.attr("class").unwrap_or_default().to_lowercase();
        let is_caption =
            ["caption", "credit", "copyright", "byline", "author"].iter().any(|word| name.contains(word));
        let linked: usize =
            if is_bare(&part) { 0 } else { part.select("a[href]").iter().map(|link| length(&link)).sum() };
        if is_named(&part, "p") && !is_caption && linked * 2 <= length(&part) {
            paragraphs.push(text);
        }
    }
    Order { heading: heading.unwrap_or(paragraphs.len()), paragraphs }
}

impl Order {
    /// The text that was found, with the paragraphs before it that stand below the heading: a lead
    /// often has a container of its own.
    pub(super) fn completed(&self, found: &str) -> String {
        let squeezed_text = squeezed(found);
        let first = self.paragraphs.iter().position(|text| {
            text.split_whitespace().count() >= LEAD && squeezed_text.contains(text.as_str())
        });
        let Some(first) = first.filter(|first| self.heading < *first) else { return found.to_owned() };
        let is_prose = |text: &&String| {
            text.split_whitespace().count() >= LEAD
                && text.ends_with(['.', '!', '?', '…', '"', '”', '»', '。', ':'])
        };
        let lead: Vec<&str> =
            self.paragraphs[self.heading..first].iter().filter(is_prose).map(String::as_str).collect();
        if lead.is_empty() { found.to_owned() } else { format!("{}\n\n{found}", lead.join("\n\n")) }
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes the headline off the beginning of the text, also as the page prints it above the text.
pub(super) fn drop_headline(story: &mut Story, heading: Option<&str>) {
    let (first, rest) = story.body.split_once('\n').unwrap_or((story.body.as_str(), ""));
    let first = squeezed(first);
    let is_heading =
        [Some(story.headline.as_str()), heading].into_iter().flatten().any(|line| squeezed(line) == first);
    if !first.is_empty() && is_heading && !rest.trim().is_empty() {
        story.body = rest.trim_start().to_owned();
    }
}
