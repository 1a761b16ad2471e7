//! From a record that a crawler wrote to its stories: one of a page or of a text made of one, as many
//! as there are of a feed, of the XML of a newsroom, and of JSON.

use super::address::{host, resolved};
use super::block::lines;
use super::charset::{self, Content};
use super::elements::Splitter;
use super::fields::Fields;
use super::files::is_lines;
use super::form::{Form, Root, root_of};
use super::json::Parser;
use super::warc::{field, headers_end};
use super::{Limits, documents, page, reply, time};
use crate::error::Result;
use crate::story::{Story, Unread};
use std::borrow::Cow;
use std::path::Path;

/// What a record may hold, by its headers and the beginning of what follows them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Holds {
    /// A page, or a text made of one: one story.
    Page,
    /// As many stories as there are, or none.
    Many(Kind),
    /// None; what it is, where it might be a story all the same.
    Nothing(Option<&'static str>),
}

/// How many stories are kept in one reply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Xml(Root),
    Json,
}

/// Why nothing in a reply is read.
const NO_FEED: &str = "XML that is no feed";
const NO_STORY: &str = "JSON without a story";

/// How the kinds of what belongs to a page begin.
const OF_PAGES: [&str; 9] = [
    "image/",
    "audio/",
    "video/",
    "font/",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/font",
];

/// What came: the reply of a server, whose head may be missing, or a file that was saved.
struct Came<'a> {
    kind: &'a str,
    head: &'a [u8],
    body: &'a [u8],
}

impl<'a> Came<'a> {
    /// `None` where nothing came that could be a story.
    fn of(headers: &'a [u8], payload: &'a [u8]) -> Option<Self> {
        match field(headers, "warc-type")? {
            // Some servers, and some crawlers, leave the line of status out.
            "response" if !payload.starts_with(b"HTTP/") => Some(Self { kind: "", head: &[], body: payload }),
            "response" => {
                let (head, body) = payload.split_at(headers_end(payload).unwrap_or(payload.len()));
                let status = head.split(|byte| *byte == b' ').nth(1)?;
                let kind = field(head, "content-type").unwrap_or_default();
                status.starts_with(b"200").then_some(Self { kind, head, body })
            }
            "resource" => {
                let kind = field(headers, "content-type").unwrap_or_default();
                Some(Self { kind, head: &[], body: payload })
            }
            _ => None,
        }
    }
}

impl Holds {
    pub(super) fn of(headers: &[u8], payload: &[u8]) -> Self {
        if is_conversion(headers) {
            let kind = field(headers, "content-type");
            let is_text = kind.is_some_and(|kind| kind.starts_with("text/plain"));
            return if is_text { Self::Page } else { Self::Nothing(None) };
        }
        let Some(came) = Came::of(headers, payload) else { return Self::Nothing(None) };
        let kind = came.kind.to_ascii_lowercase();
        let opening = reply::opening(came.head, came.body);
        let is_empty = opening.trim_ascii().is_empty();
        if OF_PAGES.iter().any(|of_page| kind.starts_with(of_page)) || (is_empty && !kind.contains("html")) {
            return Self::Nothing(None);
        }
        let is_wide = opening.starts_with(b"\xff\xfe") || opening.starts_with(b"\xfe\xff");
        let opening = if is_wide {
            Cow::Owned(charset::text(&opening, None, Content::Markup).into_owned().into_bytes())
        } else {
            opening
        };
        let is_told = !["", "text/plain", "application/octet-stream"].iter().any(|none| says(&kind, none));
        let is_json = |opening| Form::by_content(opening) == Some(Form::Json);
        match root_of(&opening).map_or(Root::Other, Root::of) {
            root @ (Root::Feed | Root::Nitf | Root::NewsMl1 | Root::NewsMlG2) => Self::Many(Kind::Xml(root)),
            root if kind.contains("html")
                || (root == Root::Page && (kind.contains("xml") || kind.is_empty())) =>
            {
                Self::Page
            }
            _ if kind.contains("json") || (!is_told && is_json(&opening)) => Self::Many(Kind::Json),
            _ if kind.contains("xml") => Self::Nothing(Some(NO_FEED)),
            _ if kind.contains("pdf") || opening.starts_with(b"%PDF-") => Self::Nothing(Some("PDF")),
            _ if says(&kind, "text/plain") => Self::Nothing(Some("plain text")),
            _ => Self::Nothing(Some("of other kinds")),
        }
    }
}

/// Whether `kind` is that one, whatever is said with it.
fn says(kind: &str, that: &str) -> bool {
    kind.split(';').next().unwrap_or_default().trim() == that
}

fn is_conversion(headers: &[u8]) -> bool {
    field(headers, "warc-type") == Some("conversion")
}

/// A record in its headers and what follows them, and the address that was asked for.
fn parted(record: &[u8]) -> (&[u8], &[u8], Option<&str>) {
    let (headers, payload) = record.split_at(headers_end(record).unwrap_or(record.len()));
    let url = field(headers, "warc-target-uri").map(|url| url.trim_matches(['<', '>']));
    (headers, payload, url)
}

/// The story on the page in a record.
pub(super) fn story(record: &[u8], path: &Path, number: u64) -> Result<Story> {
    let (headers, payload, url) = parted(record);
    let read = || {
        if is_conversion(headers) {
            let text = decoded(payload, "");
            let mut story = super::text::story(&text, url.unwrap_or_default());
            if story.url.is_empty() {
                url.unwrap_or_default().clone_into(&mut story.url);
            }
            return Ok(story);
        }
        let came = Came::of(headers, payload).unwrap_or(Came { kind: "", head: &[], body: payload });
        page::story(&decoded(&reply::unpacked(came.head, came.body)?, came.kind), url)
    };
    let story = read().map_err(|error| error.at(path, number))?;
    Ok(settled(story, headers, url, true))
}

/// The stories in a record that may hold many, or why nothing in it is read.
pub(super) fn stories(
    record: &[u8],
    kind: Kind,
    path: &Path,
    number: u64,
) -> std::result::Result<Vec<Result<Story>>, &'static str> {
    let (headers, payload, url) = parted(record);
    let Some(came) = Came::of(headers, payload) else { return Ok(Vec::new()) };
    let name = url.unwrap_or_default();
    let (found, is_one) = match (reply::unpacked(came.head, came.body), kind) {
        (Err(error), _) => (vec![Err(error)], true),
        (Ok(body), Kind::Xml(root)) => {
            let text = decoded(&body, came.kind);
            let records = documents::of_exchange(&text, root, path);
            if records.is_empty() {
                return Err(NO_FEED);
            }
            (documents::named(records, name, path), false)
        }
        (Ok(body), Kind::Json) => {
            let json = in_json(charset::text(&body, None, Content::Json).into_owned(), name);
            json.ok_or(NO_STORY)?
        }
    };
    let settled = |story: Result<Story>| match story {
        Ok(story) => Ok(settled(story, headers, url, is_one)),
        Err(error) => Err(error.at(path, number)),
    };
    Ok(found.into_iter().map(settled).collect())
}

/// What a story does not say itself: the address that a relative one means, the outlet, and, if it
/// `is_one` by itself, the day when it was met. Entries of a list may be far older than that.
fn settled(mut story: Story, headers: &[u8], url: Option<&str>, is_one: bool) -> Story {
    if let Some(whole) = resolved(&story.url, url.unwrap_or_default()) {
        if story.id == story.url {
            story.id.clone_from(&whole);
        }
        story.url = whole;
    }
    if story.time.is_none() && is_one {
        time::read(&mut story, field(headers, "warc-date"));
    }
    if story.source.is_empty() {
        url.and_then(host).unwrap_or_default().clone_into(&mut story.source);
    }
    story
}

/// The stories in JSON of any shape, and whether it is one by itself; `None` where nothing in it is a
/// story: most that sites send so is none. Where one is, all else beside it is read as in a file.
fn in_json(json: String, url: &str) -> Option<(Vec<Result<Story>>, bool)> {
    let fields = Fields::default();
    let parser = Parser { fields: &fields, name: url, path: Path::new(url), is_foreign: false };
    let limits = Limits { block: json.len(), record: json.len() };
    let is_feed = json.contains("jsonfeed.org/version");
    let blank = json.len() - json.trim_start().len();
    let (mut buffer, mut is_one) = (Story::default(), false);
    let mut read = |bytes: &[u8], line, nth, feed: Option<&str>| -> Result<Story> {
        let story = parser.story(bytes, line, nth, &mut buffer)?;
        Ok(parser.of_feed(story, feed).into_owned())
    };
    let mut found: Vec<Result<Story>> = if is_lines(json.as_bytes().trim_ascii_start()) {
        lines(json.as_bytes(), 1).map(|(number, line)| read(line.trim_ascii(), number, 1, None)).collect()
    } else {
        let (bytes, elements) = Splitter::new(limits, &fields, parser.path).whole(json.into_bytes());
        is_one = matches!(&elements[..], [only] if only.span.as_ref().is_ok_and(|span| span.start == blank));
        let elements = elements.into_iter();
        elements
            .map(|element| read(&bytes[element.span?], element.line, element.nth, element.feed.as_deref()))
            .collect()
    };
    if let ([Ok(only)], true) = (found.as_mut_slice(), is_one) {
        if only.url.is_empty() {
            url.clone_into(&mut only.url);
        }
        if only.id == parser.numbered(1, 1) {
            only.id.clone_from(&only.url);
        }
    }
    let is_read = if is_feed { !found.is_empty() } else { found.iter().flatten().any(is_story) };
    is_read.then_some((found, is_one))
}

/// Whether an object in JSON is a story: it has a headline, and a text with a date or of some length,
/// for much that sites send so has a title and a word or two.
fn is_story(story: &Story) -> bool {
    const WORDS: usize = 40;
    let is_teaser = story.unread.iter().any(|unread| matches!(unread, Unread::Teaser(_)));
    let is_long = || !is_teaser && story.body.split_whitespace().nth(WORDS - 1).is_some();
    !story.headline.is_empty() && !story.body.is_empty() && (story.time.is_some() || is_long())
}

/// A page or a feed as text; `kind` is what the server says of it.
fn decoded<'a>(page: &'a [u8], kind: &str) -> Cow<'a, str> {
    let kind = kind.to_ascii_lowercase();
    let label = kind.split_once("charset=").map(|(_, label)| label.trim_matches(['"', ' ', ';']));
    charset::text(page, label, Content::Markup)
}
