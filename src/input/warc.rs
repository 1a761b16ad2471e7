//! From WARC (ISO 28500), as crawlers write it, to pages and their stories.
//!
//! Records are cut from the stream one by one, in memory bounded by the longest page; what is no
//! page is passed over unread. A record's number in the file stands for its line.

use super::Limits;
use super::address::host;
use super::block::{Chunk, Element, Records};
use super::charset::{self, Content};
use super::elements::shown;
use super::fields::Fields;
use super::form::{Root, root_of};
use super::json::Parser;
use super::lines::too_long;
use super::page;
use super::reply;
use super::stream::Stream;
use super::time;
use crate::error::{Error, Result};
use crate::story::Story;
use memchr::memmem;
use std::borrow::Cow;
use std::io;
use std::path::Path;

/// Bytes of the headers of a record, or of a reply, at most.
const HEADERS: usize = 64 << 10;
/// Bytes that are read at once.
const STEP: usize = 256 << 10;

/// Cuts a stream into blocks of pages.
pub(super) struct Cutter {
    limits: Limits,
    buffer: Vec<u8>,
    at: usize,
    number: u64,
    ended: bool,
}

/// Why a record could not be cut.
enum Fault {
    Stream(io::Error),
    Record(Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}

impl Cutter {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, buffer: Vec::new(), at: 0, number: 0, ended: false }
    }

    /// The next block, `None` after the last one.
    pub(super) fn next(&mut self, stream: &mut Stream, path: &Path) -> Option<Chunk> {
        let (mut bytes, mut pages, mut fault) = (Vec::new(), Vec::new(), None);
        while !self.ended && bytes.len() < self.limits.block {
            match self.record(stream, &mut bytes, &mut pages, path) {
                Ok(more) => self.ended = !more,
                Err(error) => {
                    let found = match error {
                        Fault::Stream(error) => Err(error),
                        Fault::Record(error) => {
                            pages.push(Element {
                                line: self.number,
                                nth: 1,
                                span: Err(error.at(path, self.number)),
                                feed: None,
                            });
                            self.resume(stream)
                        }
                    };
                    self.ended = !matches!(found, Ok(true));
                    fault = found.err().map(|error| stream.fault(error, path, self.number));
                }
            }
        }
        let is_empty = pages.is_empty() && fault.is_none();
        (!is_empty).then(|| Chunk { bytes, records: Records::Pages(pages), fault, is_foreign: false })
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Holds `count` bytes ready, if the stream has as many.
    fn fill(&mut self, stream: &mut Stream, count: usize) -> io::Result<bool> {
        if self.rest().len() < count {
            self.buffer.drain(..self.at);
            self.at = 0;
            while self.buffer.len() < count && stream.read_into(&mut self.buffer, STEP)? > 0 {}
        }
        Ok(self.rest().len() >= count)
    }

    /// Cuts one record; `false` at the end of the stream.
    fn record(
        &mut self,
        stream: &mut Stream,
        bytes: &mut Vec<u8>,
        pages: &mut Vec<Element>,
        path: &Path,
    ) -> std::result::Result<bool, Fault> {
        while self.fill(stream, 1)? && matches!(self.rest()[0], b'\r' | b'\n') {
            self.at += 1;
        }
        if self.rest().is_empty() {
            return Ok(false);
        }
        self.number += 1;
        self.fill(stream, HEADERS)?;
        let head = &self.rest()[..self.rest().len().min(HEADERS)];
        if !head.starts_with(b"WARC/") {
            let text = format!("expected a WARC record, found {}; fetch the file again", shown(head));
            return Err(Fault::Record(Error::input(text)));
        }
        let headers = headers_end(head).map(|end| &head[..end]);
        let length = headers.and_then(|headers| field(headers, "content-length")?.parse::<u64>().ok());
        let (Some(headers), Some(length)) = (headers, length) else {
            let text = "expected the headers of a WARC record with a Content-Length, found none; fetch the file again";
            return Err(Fault::Record(Error::input(text)));
        };
        let end = headers.len();
        let payload = &head[end..head.len().min(end.saturating_add(length as usize))];
        let holds = Holds::of(headers, payload);
        let whole = self.length(stream, end, (end as u64).saturating_add(length))?;
        let start = bytes.len();
        if holds != Holds::Other && whole <= self.limits.record as u64 {
            self.copy(stream, whole, Some(bytes))?;
            // Most that sites send in JSON is no story.
            if holds == Holds::Json && story(&bytes[start..], path, self.number).is_err() {
                bytes.truncate(start);
                return Ok(true);
            }
            pages.push(Element { line: self.number, nth: 1, span: Ok(start..bytes.len()), feed: None });
        } else {
            self.copy(stream, whole, None)?;
            if holds == Holds::Page {
                let span = Err(too_long(whole, self.limits).at(path, self.number));
                pages.push(Element { line: self.number, nth: 1, span, feed: None });
            }
        }
        Ok(true)
    }

    /// The bytes of the record at hand, `whole` by its headers, which end at `end`. A length that
    /// reaches beyond the next record, or beyond the file, is wrong: the record ends where the next
    /// one begins.
    fn length(&mut self, stream: &mut Stream, end: usize, whole: u64) -> io::Result<u64> {
        const NEXT: &[u8] = b"\r\n\r\nWARC/1.";
        let limit = self.limits.record as u64;
        if self.fill(stream, whole.min(limit) as usize)? && whole <= limit {
            return Ok(whole);
        }
        let next = memmem::find(&self.rest()[end.min(self.rest().len())..], NEXT);
        Ok(next.map_or(whole, |next| (end + next) as u64))
    }

    /// Goes on to the next record behind one that could not be cut; whether there is one.
    fn resume(&mut self, stream: &mut Stream) -> io::Result<bool> {
        const NEXT: &[u8] = b"\nWARC/";
        while self.fill(stream, NEXT.len())? {
            if let Some(found) = memmem::find(self.rest(), NEXT) {
                self.at += found + 1;
                return Ok(true);
            }
            // The mark may lie across two stretches.
            self.at = self.buffer.len() + 1 - NEXT.len();
        }
        Ok(false)
    }

    /// Takes `count` bytes off the stream, to `bytes` or to nowhere.
    fn copy(
        &mut self,
        stream: &mut Stream,
        mut count: u64,
        mut bytes: Option<&mut Vec<u8>>,
    ) -> std::result::Result<(), Fault> {
        let before = bytes.as_ref().map_or(0, |bytes| bytes.len());
        while count > 0 {
            if !self.fill(stream, 1)? {
                if let Some(bytes) = bytes {
                    bytes.truncate(before);
                }
                let text = format!(
                    "expected {count} more bytes of the record, found the end; the file is cut short; fetch it again"
                );
                return Err(Fault::Record(Error::input(text)));
            }
            let step = self.rest().len().min(usize::try_from(count).unwrap_or(usize::MAX));
            if let Some(bytes) = bytes.as_mut() {
                bytes.extend_from_slice(&self.rest()[..step]);
            }
            self.at += step;
            count -= step as u64;
        }
        Ok(())
    }
}

/// Where headers end, past the blank line.
pub(super) fn headers_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| {
        let rest = &bytes[at + 1..];
        let after = rest.strip_prefix(b"\r").filter(|_| at > 0 && bytes[at - 1] == b'\r').unwrap_or(rest);
        after.starts_with(b"\n").then(|| bytes.len() - after.len() + 1)
    })
}

/// The value of a header line.
pub(super) fn field<'a>(headers: &'a [u8], name: &str) -> Option<&'a str> {
    let lines = headers.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let mut found = lines
        .filter_map(|line| line.split_once(':'))
        .filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.trim())
}

/// What a record may hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Holds {
    /// A page, or a text made of one.
    Page,
    /// An answer in JSON, which may be a story.
    Json,
    /// Neither.
    Other,
}

impl Holds {
    /// By its headers, and by the beginning of what follows them: a reply of 200 with HTML or JSON, a
    /// saved page, or a text made of one.
    fn of(headers: &[u8], payload: &[u8]) -> Self {
        let is_html =
            |kind: Option<&str>| kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
        let is_page = match field(headers, "warc-type") {
            // Some servers, and some crawlers, leave the line of status out.
            Some("response") if !payload.starts_with(b"HTTP/") => looks_like_html(payload),
            Some("response") => {
                let reply = headers_end(payload).map_or(payload, |end| &payload[..end]);
                let status = reply.split(|byte| *byte == b' ').nth(1);
                if !status.is_some_and(|status| status.starts_with(b"200")) {
                    return Self::Other;
                }
                let kind = field(reply, "content-type");
                if says_json(kind) {
                    return Self::Json;
                }
                is_html(kind) || (kind.is_none() && looks_like_html(&payload[reply.len()..]))
            }
            Some("resource") => is_html(field(headers, "content-type")),
            Some("conversion") => {
                field(headers, "content-type").is_some_and(|kind| kind.starts_with("text/plain"))
            }
            _ => false,
        };
        if is_page { Self::Page } else { Self::Other }
    }
}

fn says_json(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("json"))
}

/// The story that an object in JSON is: one with a headline and a text of some length, for much that
/// sites send in JSON has a title and a word or two.
fn in_json(json: &str, url: &str) -> Result<Story> {
    const WORDS: usize = 40;
    let fields = Fields::default();
    let parser = Parser { fields: &fields, name: url, path: Path::new(url), is_foreign: false };
    let mut story = parser.in_full(json, 1, 1)?;
    let is_long = story.body.split_whitespace().nth(WORDS - 1).is_some();
    if story.headline.is_empty() || !is_long || !story.unread.is_empty() {
        return Err(Error::input("expected a headline and a text in JSON, found none"));
    }
    if story.url.is_empty() {
        url.clone_into(&mut story.url);
    }
    if story.id == parser.numbered(1, 1) {
        story.id.clone_from(&story.url);
    }
    Ok(story)
}

/// Whether a reply that does not say its kind begins as a page does.
fn looks_like_html(body: &[u8]) -> bool {
    root_of(body).is_some_and(|root| Root::of(root) == Root::Page)
}

/// The story on the page in a record.
pub(super) fn story(record: &[u8], path: &Path, number: u64) -> Result<Story> {
    let headers = &record[..headers_end(record).unwrap_or(record.len())];
    let payload = &record[headers.len()..];
    let url = field(headers, "warc-target-uri").map(|url| url.trim_matches(['<', '>']));
    let read = || match field(headers, "warc-type") {
        Some("response") if !payload.starts_with(b"HTTP/") => page::story(&decoded(payload, None), url),
        Some("response") => {
            let head = &payload[..headers_end(payload).unwrap_or(payload.len())];
            let body = reply::unpacked(head, &payload[head.len()..])?;
            let kind = field(head, "content-type");
            if says_json(kind) {
                return in_json(&charset::text(&body, None, Content::Json), url.unwrap_or_default());
            }
            page::story(&decoded(&body, kind), url)
        }
        Some("conversion") => {
            let text = decoded(payload, None);
            let mut story = super::text::story(&text, url.unwrap_or_default());
            if story.url.is_empty() {
                url.unwrap_or_default().clone_into(&mut story.url);
            }
            Ok(story)
        }
        _ => page::story(&decoded(payload, field(headers, "content-type")), url),
    };
    let mut story = read().map_err(|error| error.at(path, number))?;
    if story.time.is_none() {
        time::read(&mut story, field(headers, "warc-date"));
    }
    if story.source.is_empty() {
        url.and_then(host).unwrap_or_default().clone_into(&mut story.source);
    }
    Ok(story)
}

/// A page as text; `kind` is what the server says of it.
fn decoded<'a>(page: &'a [u8], kind: Option<&str>) -> Cow<'a, str> {
    let label = kind.and_then(|kind| {
        kind.to_ascii_lowercase()
            .split_once("charset=")
            .map(|(_, label)| label.trim_matches(['"', ' ', ';']).to_owned())
    });
    charset::text(page, label.as_deref(), Content::Markup)
}
