//! From what a page says of its story to its fields: JSON-LD, meta tags, the heading.

use super::super::time;
use super::printed;
use crate::dispatch::{Dispatch, Link};
use crate::story::Story;
use dom_query::{Document, Selection};
use serde_json::Value;

/// The `NewsArticle` of the page's JSON-LD that is its own, or null.
pub(super) struct Facts(Value);

impl Facts {
    pub(super) fn of(document: &Document) -> Self {
        let scripts = document.select("script[type^='application/ld+json']");
        let mut found = Vec::new();
        for script in scripts.iter().filter_map(|script| json(&script.text())) {
            articles(script, &mut found);
        }
        let own: Vec<String> = addresses_of(document).iter().map(|url| bare(url)).collect();
        let is_own = |article: &Value| {
            ["url", "mainEntityOfPage", "@id"]
                .iter()
                .any(|name| article.get(*name).and_then(address).is_some_and(|url| own.contains(&bare(&url))))
        };
        let titles: Vec<String> =
            [meta(document, &["og:title"]), Some(document.select_single("title").text().to_string())]
                .into_iter()
                .flatten()
                .chain(document.select("h1").iter().map(|heading| heading.text().to_string()))
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
            let url =
                ["url", "mainEntityOfPage"].iter().find_map(|name| article.get(*name).and_then(address));
            !own.is_empty() && url.is_some_and(|url| url.contains("://"))
        };
        let place = found.iter().position(is_own).or_else(|| found.iter().position(is_named));
        let place = place.or_else(|| found.iter().position(|article| !is_other(article)));
        Self(place.map(|place| found.swap_remove(place)).unwrap_or_default())
    }

    pub(super) fn word(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(word)
    }

    /// Whether the page is the front of a section: headings that lead elsewhere, and nothing that
    /// says it is an article.
    pub(super) fn is_front(&self, document: &Document) -> bool {
        const CARDS: usize = 3;
        let is_article = !self.0.is_null()
            || meta(document, &["og:type"]).is_some_and(|kind| kind.to_lowercase().contains("article"))
            || document.select("article").length() == 1
            || document.select("h1").iter().any(|heading| !heading.text().trim().is_empty());
        let cards = || {
            let headings = document.select("h2, h3");
            headings
                .iter()
                .filter(|heading| heading.select("a[href]").length() > 0 || parent_is_link(heading))
                .count()
        };
        !is_article && cards() >= CARDS
    }

    pub(super) fn story(&self, document: &Document, url: Option<&str>) -> Story {
        let canonical = addresses_of(document).into_iter().next().or_else(|| {
            ["url", "mainEntityOfPage"].iter().find_map(|name| self.0.get(*name).and_then(address))
        });
        let met = url.map(str::to_owned);
        let absolute = canonical.clone().filter(|url| url.contains("://"));
        let source = self.word("publisher").or_else(|| meta(document, &["og:site_name", "application-name"]));
        let mut story = Story {
            id: met.clone().or_else(|| canonical.clone()).unwrap_or_default(),
            url: absolute.or(met).or(canonical).unwrap_or_default(),
            headline: self
                .word("headline")
                .or_else(|| meta(document, &["og:title"]))
                .or_else(|| heading(document, source.as_deref()))
                .unwrap_or_default(),
            source: source.unwrap_or_default(),
            language: self.word("inLanguage").unwrap_or_default(),
            ..Story::default()
        };
        let mut dates: Vec<String> = self.word("datePublished").into_iter().chain(dates(document)).collect();
        if dates.iter().all(|date| time::parse(date).is_none()) {
            dates.extend(printed::date(document));
        }
        time::read(&mut story, dates.iter().map(String::as_str));
        story.furniture.byline = self.word("author").or_else(|| meta(document, &["author"]));
        story.furniture.place = self.word("locationCreated");
        let dispatch = Dispatch {
            dateline: self.word("dateline"),
            credits: self.credits(document),
            notes: self.word("correction").into_iter().collect(),
            links: self.links(document),
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
        let source = squeezed(&document.select_single(".hnews .source-org, .source-org.vcard").text());
        credits.extend(Some(source).filter(|name| !name.is_empty()));
        credits
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The addresses that a page gives as its own, the best first.
fn addresses_of(document: &Document) -> Vec<String> {
    let canonical =
        document.select_single("link[rel='canonical']").attr("href").map(|href| href.trim().to_owned());
    canonical.into_iter().chain(meta(document, &["og:url"])).filter(|url| !url.is_empty()).collect()
}

/// An address without what does not tell pages apart.
fn bare(url: &str) -> String {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.split('#').next().unwrap_or_default();
    let url = url.split("?utm").next().unwrap_or_default();
    url.strip_prefix("www.").unwrap_or(url).trim_end_matches('/').to_lowercase()
}

/// The content of the first of these meta tags, by whatever attribute it is named, in any case.
fn meta(document: &Document, names: &[&str]) -> Option<String> {
    let tags = document.select("meta[content]");
    names.iter().find_map(|name| {
        tags.iter().find_map(|tag| {
            let is_it = ["property", "name", "itemprop"]
                .iter()
                .any(|key| tag.attr(key).is_some_and(|value| value.trim().eq_ignore_ascii_case(name)));
            let content = tag.attr("content").filter(|_| is_it)?.trim().to_owned();
            (!content.is_empty()).then_some(content)
        })
    })
}

/// The dates that a page gives as those of its publication, the surest first.
fn dates(document: &Document) -> Vec<String> {
    const NAMES: [&str; 31] = [
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "datePublished",
        "parsely-pub-date",
        "sailthru.date",
        "cXenseParse:recs:publishtime",
        "cXenseParse:publishtime",
        "DC.date.issued",
        "dcterms.issued",
        "dcterms.date",
        "dcterms.created",
        "DC.date.created",
        "DC.date",
        "dateCreated",
        "publish-date",
        "publish_date",
        "publication_date",
        "published-date",
        "article.published",
        "pubdate",
        "published_time",
        "date",
        "release_date",
        "pub_date",
        "article:published",
        "citation_publication_date",
        "citation_date",
        "originalpublicationdate",
        "mediator_published_time",
        "DCSext.pubdate",
    ];
    let mut dates: Vec<String> = NAMES.iter().filter_map(|name| meta(document, &[name])).collect();
    let parsely =
        meta(document, &["parsely-page"]).and_then(|page| serde_json::from_str::<Value>(&page).ok());
    dates.extend(parsely.and_then(|page| page.get("pub_date")?.as_str().map(str::to_owned)));
    let told = |tag: &Selection<'_>| {
        let value = tag.attr("datetime").or_else(|| tag.attr("content")).map(|value| value.to_string());
        value.or_else(|| Some(squeezed(&tag.text()))).filter(|value| !value.is_empty())
    };
    for selector in [
        "[itemprop~='datePublished']",
        "time[pubdate]",
        "article time[datetime]",
        "main time[datetime]",
        "time[datetime]",
    ] {
        let tags = document.select(selector);
        dates.extend(tags.iter().filter(|tag| !tag.is("meta")).find_map(|tag| told(&tag)));
    }
    dates
}

/// The heading of the article: inside it before outside, and never the name of the site.
pub(super) fn heading(document: &Document, site: Option<&str>) -> Option<String> {
    let is_logo = |heading: &Selection<'_>| {
        let of = |name: &str| heading.attr(name).unwrap_or_default().to_lowercase();
        ["logo", "brand", "site-title", "site-name", "masthead"]
            .iter()
            .any(|word| of("class").contains(word) || of("id").contains(word))
    };
    let title = squeezed(&document.select_single("title").text());
    let selectors = ["[itemprop='headline']", "article h1", "main h1", "h1", "article h2"];
    let found = selectors.iter().find_map(|selector| {
        let headings = document.select(selector);
        headings.iter().filter(|heading| !is_logo(heading)).find_map(|heading| {
            let own = heading.attr("content").map(|content| content.to_string());
            let text = squeezed(&own.unwrap_or_else(|| heading.text().to_string()));
            let is_site = site.is_some_and(|site| site.eq_ignore_ascii_case(&text));
            // A heading of the second rank is the title only where the page has no other.
            let is_title = *selector != "article h2" || heading.select("a[href]").length() == 0;
            (!text.is_empty() && !is_site && is_title).then_some(text)
        })
    });
    // A heading that the whole page shares with its title may be the name of the site.
    found.filter(|text| {
        document.select("h1").length() < 2 || *text != title || document.select("article h1").length() > 0
    })
}

fn parent_is_link(heading: &Selection<'_>) -> bool {
    heading.parent().is("a[href]")
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
        Value::Object(object) => ["name", "url", "@id"]
            .iter()
            .find_map(|name| object.get(*name)?.as_str().map(html_escape::decode_html_entities))?
            .into_owned(),
        _ => return None,
    };
    (!word.is_empty()).then_some(word)
}
