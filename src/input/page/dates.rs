//! From a page to the dates that it gives as those of its publication, the surest first.

use super::super::time;
use super::super::wire::tree::squeezed;
use super::printed;
use super::select::{Page, Selector};
use super::tags::Tags;
use dom_query::Selection;
use serde_json::Value;

/// Names of meta tags, the surest first.
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

static PUBLISHED: Selector = Selector::new("[itemprop~='datePublished']");
static META: Selector = Selector::new("meta");
static TIMES: [Selector; 4] = [
    Selector::new("time[pubdate]"),
    Selector::new("article time[datetime]"),
    Selector::new("main time[datetime]"),
    Selector::new("time[datetime]"),
];

/// The dates of a page; `said` is that of its JSON-LD. What it shows is looked at only where nothing
/// in its head is a date.
pub(super) fn of(page: &Page<'_>, said: Option<String>, tags: &Tags) -> Vec<String> {
    let mut dates: Vec<String> = said.into_iter().collect();
    let is_told = |dates: &[String]| dates.iter().any(|date| time::parse(date).is_some());
    if is_told(&dates) {
        return dates;
    }
    dates.extend(NAMES.iter().filter_map(|name| tags.own(&[name])));
    let parsely = tags.get(&["parsely-page"]).and_then(|page| serde_json::from_str::<Value>(page).ok());
    dates.extend(parsely.and_then(|page| page.get("pub_date")?.as_str().map(str::to_owned)));
    if !is_told(&dates) && (page.has("<time") || page.has("<TIME") || page.has("<Time") || page.has_microdata)
    {
        let selectors = [&PUBLISHED].into_iter().chain(&TIMES);
        dates.extend(selectors.filter_map(|selector| {
            selector.of(page.document).iter().filter(|tag| !META.is(tag)).find_map(|tag| told(&tag))
        }));
    }
    if !is_told(&dates) {
        dates.extend(printed::date(page));
    }
    dates
}

/// What an element says of its date: in an attribute, or as it is shown.
fn told(tag: &Selection<'_>) -> Option<String> {
    let value = tag.attr("datetime").or_else(|| tag.attr("content")).map(|value| value.to_string());
    value.or_else(|| Some(squeezed(&tag.text()))).filter(|value| !value.is_empty())
}
