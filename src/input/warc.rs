//! From WARC (ISO 28500), as crawlers write it, to the records that hold stories.
//!
//! Records are cut from the stream one by one, in memory bounded by the longest of them; what holds
//! no story is passed over unread, and counted where it might have. A record's number in the file
//! stands for its line.

use super::block::{Chunk, Crawled, Records, story_bytes};
use super::crawled::{self, Holds};
use super::elements::shown;
use super::lines::too_long;
use super::stream::Stream;
use super::{Limits, Unreads};
use crate::error::Error;
use memchr::memmem;
use std::io;
use std::path::Path;

/// Bytes of the headers of a record, or of a reply, at most.
const HEADERS: usize = 64 << 10;
/// Bytes that are read at once.
const STEP: usize = 256 << 10;

/// Cuts a stream into blocks of records.
pub(super) struct Cutter {
    limits: Limits,
    buffer: Vec<u8>,
    at: usize,
    number: u64,
    ended: bool,
    /// Replies that were not read.
    unread: Unreads,
}

/// A block as it is put together.
#[derive(Default)]
struct Cut {
    bytes: Vec<u8>,
    records: Vec<Crawled>,
    /// Bytes of stories that were read already.
    stories: u64,
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
        Self { limits, buffer: Vec::new(), at: 0, number: 0, ended: false, unread: Unreads::default() }
    }

    /// The next block, `None` after the last one.
    pub(super) fn next(&mut self, stream: &mut Stream, path: &Path) -> Option<Chunk> {
        let (mut cut, mut fault) = (Cut::default(), None);
        while !self.ended && ((cut.bytes.len() as u64) + cut.stories) < self.limits.block as u64 {
            match self.record(stream, &mut cut, path) {
                Ok(more) => self.ended = !more,
                Err(error) => {
                    let found = match error {
                        Fault::Stream(error) => Err(error),
                        Fault::Record(error) => {
                            cut.records.push(Crawled::Story(Box::new(Err(error.at(path, self.number)))));
                            self.resume(stream)
                        }
                    };
                    self.ended = !matches!(found, Ok(true));
                    fault = found.err().map(|error| stream.fault(error, path, self.number));
                }
            }
        }
        let is_empty = cut.records.is_empty() && fault.is_none();
        let records = Records::Crawled(cut.records);
        (!is_empty).then(|| Chunk { bytes: cut.bytes, records, fault, is_foreign: false })
    }

    /// What was met so far and not read.
    pub(super) fn unread(&self) -> Unreads {
        self.unread.clone()
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
        cut: &mut Cut,
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
        let is_held = whole <= self.limits.record as u64;
        let start = cut.bytes.len();
        match holds {
            Holds::Page if is_held => {
                self.copy(stream, whole, Some(&mut cut.bytes))?;
                cut.records.push(Crawled::Page(self.number, start..cut.bytes.len()));
            }
            Holds::Many(kind) if is_held => {
                self.copy(stream, whole, Some(&mut cut.bytes))?;
                match crawled::stories(&cut.bytes[start..], kind, path, self.number) {
                    Ok(stories) => {
                        cut.stories += stories.iter().flatten().map(story_bytes).sum::<u64>();
                        cut.records.extend(stories.into_iter().map(|story| Crawled::Story(Box::new(story))));
                    }
                    Err(reason) => self.unread.reply(reason),
                }
                cut.bytes.truncate(start);
            }
            Holds::Nothing(reason) => {
                self.copy(stream, whole, None)?;
                reason.into_iter().for_each(|reason| self.unread.reply(reason));
            }
            Holds::Page | Holds::Many(_) => {
                self.copy(stream, whole, None)?;
                let error = too_long(whole, self.limits).at(path, self.number);
                cut.records.push(Crawled::Story(Box::new(Err(error))));
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
