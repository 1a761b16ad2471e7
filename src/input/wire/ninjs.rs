//! From ninjs 1, 2 and 3 (IPTC), and from the entries of a JSON Feed, to a story.
//!
//! The three families differ in the case of keys and in whether parts are strings, objects or
//! arrays of them; so keys are compared without case, and a part is taken wherever it is.

use super::super::time;
use super::{is_html, number, plain};
use crate::dispatch::{Dispatch, Link, Status};
use crate::story::Story;
use serde_json::{Map, Value};

/// Keys that only these formats have.
pub(in super::super) const MARKS: [&str; 16] = [
    "pubstatus",
    "versioncreated",
    "bodies",
    "headlines",
    "evolvedfrom",
    "body_xhtml",
    "body_html",
    "content_html",
    "content_text",
    "copyrightholder",
    "ednote",
    "embargoed",
    "infosource",
    "slugline",
    "urgency",
    "usageterms",
];
/// Keys under which a service wraps the one item of a reply.
const WRAPPERS: [&str; 2] = ["data", "item"];

/// Whether an object with this key is of these formats.
pub(in super::super) fn is_mark(key: &str) -> bool {
    MARKS.iter().any(|mark| mark.eq_ignore_ascii_case(key))
}

/// The item in an object that holds nothing else, as `data.item`.
pub(in super::super) fn unwrapped(mut value: &Value) -> Option<&Value> {
    while let Value::Object(object) = value {
        if object.keys().any(|key| is_mark(key)) {
            return Some(value);
        }
        value = WRAPPERS.iter().find_map(|key| object.get(*key))?;
    }
    None
}

/// Why an item without a text is no story, if it says so itself: a package names the stories in it, a
/// picture shows something.
pub(in super::super) fn no_text(value: &Value) -> Option<String> {
    const KINDS: [&str; 7] = ["composite", "package", "picture", "audio", "video", "graphic", "animation"];
    let item = Item(value.as_object()?);
    let kind = item.word(&["type"]).filter(|kind| KINDS.contains(&kind.as_str()))?;
    item.body().is_empty().then(|| {
        format!("expected a story, found an item of type `{kind}` without a text of its own; leave it out")
    })
}

/// The story that `value` is, `None` where it has neither headline nor text. The id is empty
/// where none is given.
pub(in super::super) fn story(value: &Value) -> Option<Story> {
    let item = Item(value.as_object()?);
    let mut story = Story {
        id: item.id(),
        url: item
            .word(&["canonicalurl", "canonical_url", "url", "link", "permalink", "external_url"])
            .unwrap_or_default(),
        headline: item.headline(),
        body: item.body(),
        source: item
            .word(&["source", "provider", "infosource", "infosources", "copyrightholder"])
            .unwrap_or_default(),
        language: item.word(&["language"]).unwrap_or_default(),
        ..Story::default()
    };
    if story.headline.is_empty() && story.body.is_empty() {
        return None;
    }
    let moment = |name: &str| item.word(&[name]).as_deref().and_then(time::moment);
    let dates = ["versioncreated", "contentcreated", "firstcreated", "date_published", "date_modified"];
    let dates: Vec<String> = dates.iter().filter_map(|name| item.word(&[name])).collect();
    time::read(&mut story, dates.iter().map(String::as_str));
    story.furniture.byline = item.word(&["byline", "by", "bylines", "authors", "author"]);
    story.furniture.place = item.word(&["located", "datelinelocation", "place", "places"]);
    let number = |names: &[&str]| item.word(names).as_deref().and_then(number);
    let predecessor = item.word(&["evolvedfrom", "rewrite_of"]);
    story.dispatch = Dispatch {
        version: number(&["version", "_current_version"]),
        links: predecessor.iter().map(|id| Link { rel: "evolvedFrom".to_owned(), id: id.clone() }).collect(),
        predecessor,
        status: item.word(&["pubstatus"]).map_or(Status::Usable, |word| Status::of(&word)),
        embargo: moment("embargoed"),
        created: moment("firstcreated"),
        urgency: number(&["urgency"]).map(|urgency| urgency.min(9) as u8),
        slugline: item.word(&["slugline"]),
        dateline: item.word(&["dateline"]),
        provider: Some(story.source.clone()).filter(|provider| !provider.is_empty()),
        credits: ["infosource", "infosources", "copyrightholder", "creditline"]
            .iter()
            .flat_map(|name| item.words(name))
            .collect(),
        usage: item.word(&["usageterms", "copyrightnotice"]),
        notes: item.words("ednote"),
        signals: item.words("signal"),
        ..Dispatch::default()
    }
    .boxed();
    Some(story)
}

/// An object whose keys are compared without case.
struct Item<'a>(&'a Map<String, Value>);

impl<'a> Item<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        let found = self.0.get(name).or_else(|| {
            self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    /// The first word under the first of these names that has one.
    fn word(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.words(name).into_iter().next())
    }

    /// All words under a name: strings, numbers, names of objects.
    fn words(&self, name: &str) -> Vec<String> {
        let mut words = Vec::new();
        match self.get(name) {
            Some(Value::Array(list)) => words.extend(list.iter().filter_map(word)),
            Some(value) => words.extend(word(value)),
            None => {}
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// The key: the number of the item, where a service gives one beside an address that holds tokens
    /// of the request.
    fn id(&self) -> String {
        let inner = self.get("altids").and_then(Value::as_object).map(Item);
        let number = inner.and_then(|altids| altids.word(&["itemid"]));
        let id = number.or_else(|| self.word(&["uri", "guid", "id", "_id", "url"])).unwrap_or_default();
        let is_request =
            id.starts_with("http") && ["?qt=", "&qt=", "&et=", "?et="].iter().any(|token| id.contains(token));
        if is_request { id.split('?').next().unwrap_or_default().to_owned() } else { id }
    }

    fn headline(&self) -> String {
        let one = self.word(&["headline", "headline_main", "headline_extended"]);
        let headline = one.or_else(|| self.main_headline()).or_else(|| self.word(&["headlines", "title"]));
        plain(&headline.unwrap_or_default(), false)
    }

    /// Of many headlines that whose role is the main one.
    fn main_headline(&self) -> Option<String> {
        let mut headlines = self.get("headlines")?.as_array()?.iter().filter_map(Value::as_object).map(Item);
        let is_main =
            |item: &Item<'_>| item.word(&["role"]).is_some_and(|role| role.to_lowercase().contains("main"));
        headlines.find(is_main)?.word(&["value"])
    }

    /// The one text: of several renditions the plain one, unless it is only the beginning.
    fn body(&self) -> String {
        let mut plain_text = self.word(&["body_text", "content_text"]).map(|text| plain(&text, false));
        let mut html =
            self.word(&["body_xhtml", "body_html", "content_html", "body"]).map(|text| plain(&text, true));
        for body in
            self.get("bodies").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
        {
            let body = Item(body);
            let (Some(text), kind) = (body.word(&["value"]), body.word(&["contenttype"]).unwrap_or_default())
            else {
                continue;
            };
            let has_tags = kind.contains("html") || (kind.is_empty() && is_html(&text));
            let slot = if has_tags { &mut html } else { &mut plain_text };
            let text = plain(&text, has_tags);
            if slot.as_ref().is_none_or(|held| held.len() < text.len()) {
                *slot = Some(text);
            }
        }
        match (plain_text, html) {
            (Some(text), Some(html)) if html.len() > 2 * text.len() => html,
            (Some(text), _) => text,
            (None, html) => html.or_else(|| self.other_body()).unwrap_or_default(),
        }
    }

    /// ninjs 1 lets a provider name its own `body_…`.
    fn other_body(&self) -> Option<String> {
        let mut bodies = self.0.iter().filter(|(key, _)| key.to_ascii_lowercase().starts_with("body_"));
        bodies.find_map(|(_, value)| value.as_str()).map(|text| plain(text, is_html(text)))
    }
}

/// What a value says in one word: itself, or its `value`, `name`, `by` or `city`.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(word) => Some(word.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => {
            let item = Item(object);
            let named = ["value", "name", "by", "city", "text"].iter().find_map(|key| item.get(key));
            named.and_then(Value::as_str).map(|word| word.trim().to_owned())
        }
        _ => None,
    }
}
