//! From WARC (ISO 28500), as crawlers write it, to pages and their stories.
//!
//! Records are cut from the stream one by one, in memory bounded by the longest page; what is no
//! page is passed over unread. A record's number in the file stands for its line.

use super::Limits;
use super::block::{Chunk, Element, Records};
use super::charset::{self, Content};
use super::elements::shown;
use super::lines::too_long;
use super::page;
use super::stream::Stream;
use super::time;
use crate::error::{Error, Result};
use crate::story::Story;
use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;
use memchr::memmem;
use std::borrow::Cow;
use std::io::{self, Read};
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
                    self.ended = true;
                    fault = Some(match error {
                        Fault::Stream(error) => stream.fault(error, path, self.number),
                        Fault::Record(error) => error.at(path, self.number),
                    });
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
        let is_page = is_page(headers, &head[end..head.len().min(end.saturating_add(length as usize))]);
        let whole = end as u64 + length;
        let start = bytes.len();
        if is_page && whole <= self.limits.record as u64 {
            self.copy(stream, whole, Some(bytes))?;
            pages.push(Element { line: self.number, nth: 1, span: Ok(start..bytes.len()) });
        } else {
            self.copy(stream, whole, None)?;
            if is_page {
                let span = Err(too_long(whole, self.limits).at(path, self.number));
                pages.push(Element { line: self.number, nth: 1, span });
            }
        }
        Ok(true)
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
fn headers_end(bytes: &[u8]) -> Option<usize> {
    let long = memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4);
    let short = memmem::find(bytes, b"\n\n").map(|at| at + 2);
    long.into_iter().chain(short).min()
}

/// The value of a header line.
fn field<'a>(headers: &'a [u8], name: &str) -> Option<&'a str> {
    let lines = headers.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let mut found = lines
        .filter_map(|line| line.split_once(':'))
        .filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.trim())
}

/// Whether a record is a page: a reply of 200 with HTML, a saved page, or a text made of one.
fn is_page(headers: &[u8], payload: &[u8]) -> bool {
    let is_html = |kind: Option<&str>| kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let kind = field(headers, "content-type");
    match field(headers, "warc-type") {
        Some("response") => {
            let reply = headers_end(payload).map_or(payload, |end| &payload[..end]);
            let status = reply.split(|byte| *byte == b' ').nth(1);
            status.is_some_and(|status| status.starts_with(b"200")) && is_html(field(reply, "content-type"))
        }
        Some("resource") => is_html(kind),
        Some("conversion") => kind.is_some_and(|kind| kind.starts_with("text/plain")),
        _ => false,
    }
}

/// The story on the page in a record.
pub(super) fn story(record: &[u8], path: &Path, number: u64) -> Result<Story> {
    let headers = &record[..headers_end(record).unwrap_or(record.len())];
    let payload = &record[headers.len()..];
    let url = field(headers, "warc-target-uri").map(|url| url.trim_matches(['<', '>']));
    let read = || match field(headers, "warc-type") {
        Some("response") => {
            let reply = &payload[..headers_end(payload).unwrap_or(payload.len())];
            let body = unpacked(reply, &payload[reply.len()..])?;
            page::story(&decoded(&body, field(reply, "content-type")), url)
        }
        Some("conversion") => {
            let text = decoded(payload, None);
            Ok(super::text::story(&text, url.unwrap_or_default()))
        }
        _ => page::story(&decoded(payload, field(headers, "content-type")), url),
    };
    let mut story = read().map_err(|error| error.at(path, number))?;
    let met = field(headers, "warc-date").and_then(time::parse);
    story.time = story.time.or(met);
    if story.source.is_empty() {
        url.and_then(host).unwrap_or_default().clone_into(&mut story.source);
    }
    Ok(story)
}

fn host(url: &str) -> Option<&str> {
    let host = url.split_once("://")?.1.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// The body of a reply, out of its chunks and its packing.
fn unpacked<'a>(reply: &[u8], body: &'a [u8]) -> Result<Cow<'a, [u8]>> {
    /// Bytes of a page at most, as it is unpacked.
    const PAGE: u64 = 64 << 20;
    let is_chunked = field(reply, "transfer-encoding").is_some_and(|way| way.eq_ignore_ascii_case("chunked"));
    // Many crawlers join the chunks and leave the header.
    let body = is_chunked.then(|| joined(body)).flatten().map_or(Cow::Borrowed(body), Cow::Owned);
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let mut page = Vec::new();
    MultiGzDecoder::new(&*body).take(PAGE).read_to_end(&mut page).map_err(|error| {
        Error::input(format!("expected a page packed with gzip, found damage ({error}); fetch it again"))
    })?;
    Ok(Cow::Owned(page))
}

/// The chunks of a body as one, `None` where there are none.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = memmem::find(body, b"\r\n")?;
        let size = std::str::from_utf8(&body[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(end + 2..(end + 2).checked_add(size)?)?);
        body = body.get(end + 2 + size..)?.strip_prefix(b"\r\n")?;
    }
}

/// A page as text: by its mark, as UTF-8 if it is that, by what the server or the page says.
fn decoded<'a>(page: &'a [u8], kind: Option<&str>) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(page) {
        return Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text));
    }
    let label = kind.and_then(|kind| {
        kind.to_ascii_lowercase()
            .split_once("charset=")
            .map(|(_, label)| label.trim_matches(['"', ' ', ';']).to_owned())
    });
    let said = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let guess = charset::guess(page, true, Content::Markup);
    let encoding = if guess.mark > 0 { guess.encoding } else { said.unwrap_or(guess.encoding) };
    encoding.decode(page).0
}
