//! From a stream to the values of a JSON array, wherever it is, in bounded memory.
//!
//! The text is split by structure only: strings are skipped with memchr, brackets are counted,
//! and each value found is parsed (and refused, if it must be) later, on a worker. What counts
//! as an element: every value of a top-level array; every value of an array of objects under one
//! of the usual keys of a top-level object; every other top-level object.

use super::Limits;
use super::block::{Chunk, Element, Records};
use super::envelope::Watch;
use super::fields::Fields;
use super::lines::too_long;
use super::stream::Stream;
use crate::error::{Error, Result};
use memchr::{memchr_iter, memchr2};
use std::path::Path;

/// Where the scanner stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scope {
    /// Outside any value.
    Top,
    /// In an array, between elements.
    List,
    /// In an object or array that is an element.
    Nested,
    /// In an element that is neither.
    Scalar,
    /// In an object at top level, which is a story or an envelope.
    Object,
}

/// How the scanner stands to strings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Quote {
    Outside,
    Inside,
    /// Inside, right after a backslash.
    Escaped,
}

/// Splits a stream into elements.
pub(super) struct Splitter<'a> {
    limits: Limits,
    fields: &'a Fields,
    path: &'a Path,
    buffer: Vec<u8>,
    position: usize,
    /// Where the element at hand begins in the buffer.
    start: Option<usize>,
    /// Bytes of the element at hand that were dropped because it is too long.
    dropped: u64,
    scope: Scope,
    depth: u64,
    /// The depth at which keys are looked at: that of the innermost envelope.
    level: u64,
    quote: Quote,
    /// Whether the array at hand lies in an object.
    enclosed: bool,
    watch: Watch,
    line: u64,
    counted: usize,
    start_line: u64,
    nth: u32,
    elements: Vec<Element>,
    ended: bool,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(limits: Limits, fields: &'a Fields, path: &'a Path) -> Self {
        Self {
            limits,
            fields,
            path,
            buffer: Vec::new(),
            position: 0,
            start: None,
            dropped: 0,
            scope: Scope::Top,
            depth: 0,
            level: 1,
            quote: Quote::Outside,
            enclosed: false,
            watch: Watch::default(),
            line: 1,
            counted: 0,
            start_line: 0,
            nth: 0,
            elements: Vec::new(),
            ended: false,
        }
    }

    /// A text that is all there, and its elements.
    pub(super) fn whole(mut self, text: Vec<u8>) -> (Vec<u8>, Vec<Element>) {
        self.buffer = text;
        self.scan();
        if !self.ended {
            self.close();
        }
        (self.buffer, self.elements)
    }

    /// The next block, `None` after the last one.
    pub(super) fn next(&mut self, stream: &mut Stream) -> Option<Chunk> {
        while !self.ended {
            self.drop_used();
            match stream.read_into(&mut self.buffer, self.limits.block) {
                Ok(0) => {
                    self.ended = true;
                    self.close();
                }
                Ok(_) => self.scan(),
                Err(error) => {
                    self.ended = true;
                    self.count_to(self.buffer.len());
                    return Some(self.chunk(Some(stream.fault(error, self.path, self.line))));
                }
            }
            if !self.elements.is_empty() && (self.ended || self.buffer.len() >= self.limits.block) {
                return Some(self.chunk(None));
            }
        }
        None
    }

    /// Forgets what no element needs any more.
    fn drop_used(&mut self) {
        if !self.elements.is_empty() {
            return;
        }
        if let Some(start) = self.start
            && (self.position - start) > self.limits.record
        {
            self.dropped += (self.position - start) as u64;
            self.start = Some(self.position);
        }
        let used = self.start.unwrap_or(self.position);
        self.count_to(used);
        self.buffer.drain(..used);
        self.rebase(used);
    }

    fn rebase(&mut self, used: usize) {
        self.position -= used;
        self.counted = 0;
        self.start = self.start.map(|start| start - used);
    }

    /// Everything found so far as a block; the element at hand stays for the next one.
    fn chunk(&mut self, fault: Option<Error>) -> Chunk {
        let used = self.start.unwrap_or(self.position);
        self.count_to(used);
        let rest = self.buffer.split_off(used);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        self.rebase(used);
        let records = Records::Elements(std::mem::take(&mut self.elements));
        Chunk { bytes, records, fault, is_foreign: false }
    }

    /// Brings the line number up to `position`.
    fn count_to(&mut self, position: usize) {
        if position > self.counted {
            self.line += memchr_iter(b'\n', &self.buffer[self.counted..position]).count() as u64;
            self.counted = position;
        }
    }

    fn scan(&mut self) {
        while self.position < self.buffer.len() && !self.ended {
            if self.quote != Quote::Outside {
                self.string();
                continue;
            }
            let byte = self.buffer[self.position];
            match self.scope {
                Scope::Top => self.top(byte),
                Scope::List => self.list(byte),
                Scope::Scalar => self.scalar(byte),
                Scope::Nested => self.nested(byte),
                Scope::Object => self.object(byte),
            }
        }
    }

    /// Goes on in a string, to its end if that has come.
    fn string(&mut self) {
        let rest = &self.buffer[self.position..];
        let (length, quote) = match (self.quote, memchr2(b'"', b'\\', rest)) {
            (Quote::Escaped, _) => (1, Quote::Inside),
            (_, None) => (rest.len(), Quote::Inside),
            (_, Some(at)) if rest[at] == b'"' => (at + 1, Quote::Outside),
            (_, Some(at)) => (at + 1, Quote::Escaped),
        };
        self.watch.string(&rest[..length], quote == Quote::Outside);
        self.quote = quote;
        self.position += length;
    }

    fn top(&mut self, byte: u8) {
        match byte {
            b'{' => {
                self.begin(Scope::Object);
                (self.depth, self.level) = (1, 1);
                self.watch = Watch::default();
            }
            b'[' => {
                self.scope = Scope::List;
                self.enclosed = false;
            }
            _ if byte.is_ascii_whitespace() || byte == b',' => {}
            _ => return self.stray(),
        }
        self.position += 1;
    }

    fn list(&mut self, byte: u8) {
        match byte {
            b']' if self.enclosed => {
                self.scope = Scope::Object;
                self.depth = self.level;
            }
            b']' => self.scope = Scope::Top,
            b'{' | b'[' => {
                self.begin(Scope::Nested);
                self.depth = 1;
            }
            _ if byte.is_ascii_whitespace() || byte == b',' => {}
            _ => {
                self.begin(Scope::Scalar);
                if byte == b'"' {
                    self.quote = Quote::Inside;
                }
            }
        }
        self.position += 1;
    }

    /// A value that is no object ends where the next one may begin.
    fn scalar(&mut self, byte: u8) {
        if matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace() {
            self.finish(Scope::List);
            // A closing brace has nothing to close here; passing it over lets the reading go on.
            self.position += usize::from(byte == b'}');
        } else {
            if byte == b'"' {
                self.quote = Quote::Inside;
            }
            self.position += 1;
        }
    }

    fn nested(&mut self, byte: u8) {
        self.position += 1;
        match byte {
            b'"' => self.quote = Quote::Inside,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.finish(Scope::List);
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, byte: u8) {
        if self.watch.maybe_list && !byte.is_ascii_whitespace() {
            self.watch.maybe_list = false;
            if matches!(byte, b'{' | b']') {
                self.watch.is_envelope = true;
                self.enclosed = true;
                self.start = None;
                self.dropped = 0;
                self.scope = Scope::List;
                return;
            }
        }
        if self.depth == self.level {
            self.watch.byte(byte, self.fields);
        }
        self.position += 1;
        match byte {
            b'"' => self.quote = Quote::Inside,
            b'{' | b'[' => {
                self.depth += 1;
                if self.watch.opens_inner {
                    self.watch.enter();
                    self.level = self.depth;
                }
            }
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth < self.level && self.depth > 0 {
                    self.level = self.depth;
                    self.watch.leave();
                }
                if self.depth == 0 && self.watch.is_envelope {
                    self.scope = Scope::Top;
                } else if self.depth == 0 {
                    self.finish(Scope::Top);
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, scope: Scope) {
        self.count_to(self.position);
        self.nth = if self.start_line == self.line { self.nth + 1 } else { 1 };
        self.start_line = self.line;
        self.start = Some(self.position);
        self.dropped = 0;
        self.scope = scope;
    }

    /// The element at hand ends at the position.
    fn finish(&mut self, scope: Scope) {
        self.scope = scope;
        let Some(start) = self.start.take() else { return };
        let length = (self.position - start) as u64 + std::mem::take(&mut self.dropped);
        let span = if length > self.limits.record as u64 {
            Err(too_long(length, self.limits).at(self.path, self.start_line))
        } else {
            Ok(start..self.position)
        };
        self.found(span, self.start_line, self.nth);
    }

    fn found(&mut self, span: Result<std::ops::Range<usize>>, line: u64, nth: u32) {
        let feed = self.watch.feed().filter(|_| self.enclosed);
        self.elements.push(Element { line, nth, span, feed });
    }

    /// Something at top level that is no JSON: where the next story begins is anybody's guess.
    fn stray(&mut self) {
        self.ended = true;
        self.count_to(self.position);
        let rest = &self.buffer[self.position..];
        let text =
            format!("expected a JSON array or object, found {}; mend the file from here on", shown(rest));
        self.found(Err(Error::input(text).at(self.path, self.line)), self.line, 1);
    }

    /// The file has ended: what is open will not be closed.
    fn close(&mut self) {
        self.count_to(self.buffer.len());
        if self.scope == Scope::Top {
            return;
        }
        let (what, line) = match self.start.take() {
            Some(_) => ("story that begins here", self.start_line),
            None => ("array of stories", self.line),
        };
        let text = format!(
            "expected the end of the {what}, found the end of the file; \
             the file is cut short; fetch it again"
        );
        self.found(Err(Error::input(text).at(self.path, line)), line, 1);
    }
}

/// The beginning of `bytes`, for a message.
pub(super) fn shown(bytes: &[u8]) -> String {
    let first = &bytes[..bytes.len().min(24)];
    if first.contains(&0) {
        return "binary data".to_owned();
    }
    let line = first.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    format!("`{}`", String::from_utf8_lossy(line))
}
