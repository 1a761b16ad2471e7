//! From what a page says of its story to its fields: JSON-LD, meta tags, the heading.

use super::super::address::{is_front, is_web, resolved};
use super::super::time;
use super::super::wire::tree::squeezed;
use super::dates;
use super::select::{Page, Selector};
use super::tags::Tags;
use crate::dispatch::{Dispatch, Link};
use crate::story::Story;
use dom_query::{Document, Selection};
use serde_json::Value;

static SCRIPTS: Selector = Selector::new("script[type^='application/ld+json']");
static TITLE: Selector = Selector::new("title");
static H1: Selector = Selector::new("h1");
static ARTICLE: Selector = Selector::new("article");
/// Where the heading of an article stands, the best place first.
static HEADINGS: [Selector; 5] = [
    Selector::new("[itemprop='headline']"),
    Selector::new("article h1"),
    Selector::new("main h1"),
    Selector::new("h1"),
    Selector::new("article h2"),
];
static SUBHEADINGS: Selector = Selector::new("h2, h3");
pub(super) static LINKS: Selector = Selector::new("a[href]");
static SOURCE_ORG: Selector = Selector::new(".hnews .source-org, .source-org.vcard");
static PUBLISHER: Selector = Selector::new("[itemprop~='publisher'] [itemprop~='name']");
/// The tags by which syndicated pages point to the original.
static SYNDICATED: [(&str, Selector); 2] = [
    (
        "syndication-source",
        Selector::new(
            "meta[property='syndication-source'], meta[name='syndication-source'], link[rel='syndication-source']",
        ),
    ),
    (
        "original-source",
        Selector::new(
            "meta[property='original-source'], meta[name='original-source'], link[rel='original-source']",
        ),
    ),
];
static CANONICAL: Selector =
    Selector::new("link[rel='canonical'], link[rel='Canonical'], link[rel='CANONICAL']");
static BASE: Selector = Selector::new("base[href]");

/// What a page says of its story beside the text.
pub(super) struct Facts {
    /// The `NewsArticle` of its JSON-LD that is its own, or null.
    article: Value,
    tags: Tags,
    /// The addresses that it gives as its own, the best first.
    addresses: Vec<String>,
}

impl Facts {
    pub(super) fn of(page: &Page<'_>) -> Self {
        let document = page.document;
        let tags = Tags::of(document);
        let addresses = told_addresses(page, &tags);
        let mut found = Vec::new();
        for script in SCRIPTS.of(document).iter().filter_map(|script| json(&script.text())) {
            articles(script, &mut found);
        }
        let article = if found.is_empty() { Value::Null } else { own(found, document, &tags, &addresses) };
        Self { article, tags, addresses }
    }

    pub(super) fn word(&self, name: &str) -> Option<String> {
        self.article.get(name).and_then(word)
    }

    /// Whether the page is the front of a section: headings that lead elsewhere, and nothing that
    /// says it is an article.
    pub(super) fn is_front(&self, document: &Document) -> bool {
        const CARDS: usize = 3;
        let is_article = !self.article.is_null()
            || self.tags.get(&["og:type"]).is_some_and(|kind| kind.to_lowercase().contains("article"))
            || ARTICLE.of(document).length() == 1
            || H1.of(document).iter().any(|heading| !heading.text().trim().is_empty());
        let cards = || {
            let headings = SUBHEADINGS.of(document);
            headings.iter().filter(|heading| LINKS.is_below(heading) || parent_is_link(heading)).count()
        };
        !is_article && cards() >= CARDS
    }

    pub(super) fn story(&self, page: &Page<'_>, url: Option<&str>) -> Story {
        let canonical = self.canonical(url);
        let met = url.map(str::to_owned);
        let absolute = canonical.clone().filter(|url| url.contains("://"));
        let named = ["og:site_name", "application-name", "DC.publisher", "dcterms.publisher"];
        let source = self.word("publisher").or_else(|| self.tags.own(&named)).or_else(|| publisher(page));
        let mut story = Story {
            id: met.clone().or_else(|| canonical.clone()).unwrap_or_default(),
            url: absolute.or(met).or(canonical).unwrap_or_default(),
            headline: self
                .word("headline")
                .or_else(|| self.tags.own(&["og:title"]))
                .or_else(|| heading(page, source.as_deref()))
                .unwrap_or_default(),
            source: source.unwrap_or_default(),
            language: self.word("inLanguage").unwrap_or_default(),
            ..Story::default()
        };
        let dates = dates::of(page, self.word("datePublished"), &self.tags);
        time::read(&mut story, dates.iter().map(String::as_str));
        story.furniture.byline = self.word("author").or_else(|| self.tags.own(&["author"]));
        story.furniture.place = self.word("locationCreated");
        let dispatch = Dispatch {
            dateline: self.word("dateline"),
            credits: self.credits(page),
            notes: self.word("correction").into_iter().collect(),
            links: self.links(page),
            ..Dispatch::default()
        };
        story.dispatch = dispatch.boxed();
        story
    }

    /// The best of the addresses that the page gives as its own, met at `url`: that of a site is none
    /// of a story, though some sites put it on all of their pages.
    fn canonical(&self, url: Option<&str>) -> Option<String> {
        let named =
            ["url", "mainEntityOfPage"].iter().filter_map(|name| self.article.get(*name).and_then(address));
        let named = named.filter(|url| url.contains("://") || url.starts_with('/'));
        let mut all: Vec<String> = self.addresses.iter().cloned().chain(named).collect();
        all.retain(|url| !is_front(url));
        let base = url.or_else(|| all.iter().map(String::as_str).find(|url| is_web(url)));
        let base = base.unwrap_or_default().to_owned();
        let first = all.first()?;
        Some(resolved(first, &base).unwrap_or_else(|| first.clone()))
    }

    /// What the page names as its source: `isBasedOn` and `citation`, and the tags by which
    /// syndicated pages point to the original.
    fn links(&self, page: &Page<'_>) -> Vec<Link> {
        let mut links = Vec::new();
        for name in ["isBasedOn", "citation"] {
            let ids = self.article.get(name).map(addresses).unwrap_or_default();
            links.extend(ids.into_iter().map(|id| Link { rel: name.to_owned(), id }));
        }
        for (name, tags) in SYNDICATED.iter().filter(|(name, _)| page.has(name)) {
            for tag in &tags.of(page.document) {
                let id = tag.attr("content").or_else(|| tag.attr("href")).map(|id| id.trim().to_owned());
                links.extend(id.filter(|id| !id.is_empty()).map(|id| Link { rel: (*name).to_owned(), id }));
            }
        }
        links
    }

    /// Who is to be credited, by JSON-LD or by the `source-org` of hNews.
    fn credits(&self, page: &Page<'_>) -> Vec<String> {
        let said = ["creditText", "copyrightHolder", "sourceOrganization"];
        let mut credits: Vec<String> = said.iter().filter_map(|name| self.word(name)).collect();
        if page.has("source-org") {
            let source = squeezed(&SOURCE_ORG.first_of(page.document).text());
            credits.extend(Some(source).filter(|name| !name.is_empty()));
        }
        credits
    }
}

/// The addresses that a page gives as its own in its head, the best first, each as its base has it.
fn told_addresses(page: &Page<'_>, tags: &Tags) -> Vec<String> {
    let canonical = CANONICAL.first_of(page.document).attr("href").map(|href| href.trim().to_owned());
    let others = ["og:url", "twitter:url", "parsely-link"].iter().filter_map(|name| tags.own(&[name]));
    let mut found: Vec<String> = canonical.into_iter().chain(others).collect();
    found.retain(|url| !url.is_empty());
    if page.has("<base")
        && let Some(base) = BASE.first_of(page.document).attr("href")
    {
        for url in &mut found {
            *url = resolved(url, &base).unwrap_or_else(|| url.clone());
        }
    }
    found
}

/// Of the articles in the JSON-LD of a page the one that it names as its own.
fn own(mut found: Vec<Value>, document: &Document, tags: &Tags, addresses: &[String]) -> Value {
    let own: Vec<String> = addresses.iter().map(|url| bare(url)).collect();
    let is_own = |article: &Value| {
        ["url", "mainEntityOfPage", "@id"]
            .iter()
            .any(|name| article.get(*name).and_then(address).is_some_and(|url| own.contains(&bare(&url))))
    };
    let titles: Vec<String> = [tags.own(&["og:title"]), Some(TITLE.first_of(document).text().to_string())]
        .into_iter()
        .flatten()
        .chain(H1.of(document).iter().map(|heading| heading.text().to_string()))
        .map(|title| squeezed(&title).to_lowercase())
        .collect();
    let is_named = |article: &Value| {
        let headline = article.get("headline").or_else(|| article.get("name")).and_then(word);
        let headline =
            headline.map(|headline| squeezed(&headline).to_lowercase()).filter(|line| !line.is_empty());
        headline.is_some_and(|headline| titles.iter().any(|title| title.contains(&headline)))
    };
    // An article with another address and another headline is one that the page only mentions.
    let is_other = |article: &Value| {
        let url = ["url", "mainEntityOfPage"].iter().find_map(|name| article.get(*name).and_then(address));
        !own.is_empty() && url.is_some_and(|url| url.contains("://"))
    };
    let place = found.iter().position(is_own).or_else(|| found.iter().position(is_named));
    let place = place.or_else(|| found.iter().position(|article| !is_other(article)));
    place.map(|place| found.swap_remove(place)).unwrap_or_default()
}

/// An address without what does not tell pages apart.
fn bare(url: &str) -> String {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.split('#').next().unwrap_or_default();
    let url = url.split("?utm").next().unwrap_or_default();
    url.strip_prefix("www.").unwrap_or(url).trim_end_matches('/').to_lowercase()
}

/// The heading of the article: inside it before outside, and never the name of the site.
pub(super) fn heading(page: &Page<'_>, site: Option<&str>) -> Option<String> {
    let document = page.document;
    let is_logo = |heading: &Selection<'_>| {
        let of = |name: &str| heading.attr(name).unwrap_or_default().to_lowercase();
        ["logo", "brand", "site-title", "site-name", "masthead"]
            .iter()
            .any(|word| of("class").contains(word) || of("id").contains(word))
    };
    let title = squeezed(&TITLE.first_of(document).text());
    let mut places = HEADINGS.iter().zip(1..).skip(usize::from(!page.has_microdata));
    let found = places.find_map(|(selector, place)| {
        let headings = selector.of(document);
        headings.iter().filter(|heading| !is_logo(heading)).find_map(|heading| {
            let own = heading.attr("content").map(|content| content.to_string());
            let text = squeezed(&own.unwrap_or_else(|| heading.text().to_string()));
            let is_site = site.is_some_and(|site| site.eq_ignore_ascii_case(&text));
            // A heading of the second rank is the title only where the page has no other.
            let is_title = place < HEADINGS.len() || !LINKS.is_below(&heading);
            (!text.is_empty() && !is_site && is_title).then_some(text)
        })
    });
    // A heading that the whole page shares with its title may be the name of the site.
    found.filter(|text| {
        *text != title || H1.of(document).length() < 2 || HEADINGS[1].first_of(document).exists()
    })
}

/// The publisher by the microdata of a page.
fn publisher(page: &Page<'_>) -> Option<String> {
    if !page.has_microdata {
        return None;
    }
    let name = PUBLISHER.first_of(page.document);
    let said = name.attr("content").map_or_else(|| squeezed(&name.text()), |name| squeezed(&name));
    Some(said).filter(|name| !name.is_empty())
}

fn parent_is_link(heading: &Selection<'_>) -> bool {
    LINKS.is(&heading.parent())
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

/// Every article in a JSON-LD value: itself, in a list, in a graph, or as the main entity of a page.
fn articles(value: Value, found: &mut Vec<Value>) {
    const KINDS: [&str; 3] = ["Article", "BlogPosting", "Report"];
    let is_kind =
        |kind: &Value| kind.as_str().is_some_and(|kind| KINDS.iter().any(|end| kind.ends_with(end)));
    match value {
        Value::Array(list) => list.into_iter().for_each(|value| articles(value, found)),
        Value::Object(mut object) => {
            let is_article = match object.get("@type") {
                Some(Value::Array(kinds)) => kinds.iter().any(is_kind),
                kind => kind.is_some_and(is_kind),
            };
            if is_article {
                found.push(Value::Object(object));
                return;
            }
            for name in ["mainEntity", "mainEntityOfPage", "@graph"] {
                if let Some(inner) = object.remove(name) {
                    articles(inner, found);
                }
            }
        }
        _ => {}
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
        Value::String(word) => html_escape::decode_html_entities(word.trim()).into_owned(),
        Value::Array(list) => list.iter().find_map(word)?,
        Value::Object(object) => {
            ["name", "url", "@id"].iter().find_map(|name| match object.get(*name)? {
                // No deeper than this.
                Value::Array(list) => list.first().filter(|value| value.is_string()).and_then(word),
                value => Some(value).filter(|value| value.is_string()).and_then(word),
            })?
        }
        _ => return None,
    };
    (!word.is_empty()).then_some(word)
}
