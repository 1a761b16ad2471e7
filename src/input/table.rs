//! From CSV and TSV to stories, a row each: the header says which column is what.

use super::Limits;
use super::block::{Chunk, Records, story_bytes};
use super::charset::Content;
use super::fields::{Fields, Role};
use super::files::Source;
use super::json::{Parser, Parts};
use super::lines::too_long;
use super::reading::nothing_in;
use super::stream::Stream;
use crate::error::{Error, Result};
use crate::story::Story;
use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};
use memchr::memchr_iter;
use std::borrow::Cow;
use std::io::{self, Read};

/// Bytes that the crate is given at once.
const AT_ONCE: usize = 64 << 10;
/// What may part the fields of a row, where the name of the file does not say it.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The rows of one file.
pub(super) struct Rows<'a> {
    reader: Reader<Bounded>,
    columns: Vec<Option<(Role, u8)>>,
    names: Vec<String>,
    source: &'a Source,
    fields: &'a Fields,
    limits: Limits,
    row: ByteRecord,
    /// Rows of the last block.
    last_block: usize,
    /// Lines by which the crate counts too few: a row begins for it at the second half of CRLF.
    behind: u64,
    ended: bool,
}

impl<'a> Rows<'a> {
    /// Reads the header.
    pub(super) fn open(
        source: &'a Source,
        delimiter: Option<u8>,
        fields: &'a Fields,
        limits: Limits,
    ) -> Result<Self> {
        let mut stream = source.stream(Content::Text)?;
        if memchr::memchr(0, stream.head()).is_some() {
            let text = "binary file: expected a table of text, found NUL bytes; leave it out";
            return Err(Error::input(text).at(&source.path, 0));
        }
        if stream.is_blank() {
            return Err(nothing_in(source));
        }
        let (told, delimiter) =
            begun(&mut stream, delimiter).map_err(|error| stream.fault(error, &source.path, 1))?;
        let first = stream.head().split_inclusive(|byte| *byte == b'\n').next();
        let behind =
            u64::from(first.is_some_and(|line| line.ends_with(b"\r\n"))) + u64::from(!told.is_empty());
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).buffer_capacity(AT_ONCE).from_reader(Bounded {
                stream,
                since: 0,
                most: limits.record as u64,
                given: 0,
                mark: [b"\n", MARK, b"\n"].concat(),
                quotes: Quotes { delimiter, before: b'\n', ..Quotes::default() },
            });
        let header = reader.byte_headers().cloned();
        let mut rows = Self {
            reader,
            columns: Vec::new(),
            names: Vec::new(),
            source,
            fields,
            limits,
            row: ByteRecord::new(),
            last_block: 0,
            behind,
            ended: false,
        };
        let header = header.map_err(|error| rows.fault(error))?;
        if rows.is_past_end() {
            return Err(unclosed().at(&source.path, 1));
        }
        rows.names = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        rows.columns = rows.names.iter().map(|name| fields.role(name)).collect();
        let has = |role| rows.columns.iter().flatten().any(|(column, _)| *column == role);
        if !has(Role::Text) && !has(Role::Headline) {
            return Err(rows.parser().missing(Role::Text, &rows.names, 1));
        }
        Ok(rows)
    }

    fn parser(&self) -> Parser<'a> {
        let is_foreign = self.reader.get_ref().stream.is_foreign();
        Parser { fields: self.fields, name: &self.source.name, path: &self.source.path, is_foreign }
    }

    /// Bytes of the file that have been read.
    pub(super) fn stored(&self) -> u64 {
        self.reader.get_ref().stream.stored()
    }

    /// The next block, `None` after the last one.
    pub(super) fn next(&mut self) -> Option<Chunk> {
        // Blocks of one file have about as many rows.
        let (mut stories, mut weight, mut fault) = (Vec::with_capacity(self.last_block), 0, None);
        while !self.ended && weight < self.limits.block as u64 {
            self.reader.get_mut().since = 0;
            let mut row = std::mem::take(&mut self.row);
            match self.reader.read_byte_record(&mut row) {
                Err(error) if error.is_io_error() => {
                    self.ended = true;
                    fault = Some(self.fault(error));
                }
                Ok(false) => self.ended = true,
                _ if self.is_past_end() && row.as_slice() == MARK => self.ended = true,
                _ if self.is_past_end() => {
                    self.ended = true;
                    stories.push(Err(unclosed().at(&self.source.path, self.line(&row))));
                }
                Ok(true) => stories.push(self.story(&row)),
                Err(error) => stories.push(Err(self.fault(error))),
            }
            weight += stories.last().map_or(0, |story| story.as_ref().map_or(1, story_bytes));
            self.row = row;
        }
        self.last_block = stories.len();
        let is_empty = stories.is_empty() && fault.is_none();
        let records = Records::Stories(stories);
        (!is_empty).then(|| Chunk { bytes: Vec::new(), records, fault, is_foreign: false })
    }

    /// Whether what was read last is, or holds, the mark behind the file.
    fn is_past_end(&self) -> bool {
        self.reader.position().byte() > self.reader.get_ref().given + MARK.len() as u64
    }

    /// Whether a quote stands in `row` that opens a field of a later one.
    fn is_odd(&self, row: &ByteRecord) -> bool {
        let odd = &self.reader.get_ref().quotes.odd;
        let bytes = || row.position().map_or(0, csv::Position::byte)..self.reader.position().byte();
        !odd.is_empty() && odd.iter().any(|odd| bytes().contains(odd))
    }

    fn line(&self, row: &ByteRecord) -> u64 {
        row.position().map_or(0, csv::Position::line) + self.behind
    }

    fn story(&self, row: &ByteRecord) -> Result<Story> {
        let line = self.line(row);
        let parser = self.parser();
        if self.is_odd(row) {
            let text = "expected the quote that closes a field, found one in a later row; \
                        a quote lacks its fellow, and the rows up to there are left out; mend it from here on";
            return Err(Error::input(text).at(parser.path, line));
        }
        let mut parts = Parts::default();
        for (column, value) in self.columns.iter().zip(row) {
            let Some((role, rank)) = column else { continue };
            let value = std::str::from_utf8(value).ok();
            let lossless = |value: &&str| !parser.is_foreign || !value.contains(char::REPLACEMENT_CHARACTER);
            let Some(value) = value.filter(lossless) else {
                let text = "expected text in the charset of the rest of the file, found bytes that it does not have; \
                            convert the file to UTF-8";
                return Err(Error::input(text).at(parser.path, line));
            };
            parts.offer(*role, *rank, Cow::Borrowed(value));
        }
        parser.assemble(&mut parts, line, 1, || self.names.clone())
    }

    fn fault(&self, error: csv::Error) -> Error {
        let path = &self.source.path;
        let line =
            error.position().map_or_else(|| self.reader.position().line(), csv::Position::line) + self.behind;
        match error.into_kind() {
            ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                too_long(self.reader.get_ref().since, self.limits).at(path, line)
            }
            ErrorKind::Io(error) => self.reader.get_ref().stream.fault(error, path, line),
            ErrorKind::UnequalLengths { expected_len, len, .. } => Error::input(format!(
                "expected {expected_len} fields as in the header, found {len}; mend the row or take it out"
            ))
            .at(path, line),
            other => Error::input(format!("expected a row of a table, found a fault: {other:?}; mend it"))
                .at(path, line),
        }
    }
}

/// The line above the header that says what parts fields, read off the stream and empty if there is
/// none; and what does: by that line, by the name of the file (`named`), or by the header.
pub(super) fn begun(stream: &mut Stream, named: Option<u8>) -> io::Result<(Vec<u8>, u8)> {
    let Some((delimiter, length)) = separator(stream.head()) else {
        return Ok((Vec::new(), named.unwrap_or_else(|| likely(stream.head()))));
    };
    let mut line = vec![0; length];
    stream.read_exact(&mut line)?;
    Ok((line, delimiter))
}

/// What parts fields by a first line `sep=;`, as Excel writes and reads it, and the length of the line.
fn separator(head: &[u8]) -> Option<(u8, usize)> {
    let line = head.split_inclusive(|byte| *byte == b'\n').next()?;
    match line.strip_prefix(b"sep=")?.trim_ascii_end() {
        [delimiter] => Some((*delimiter, line.len())),
        // A tab is a blank, too.
        [] if line.starts_with(b"sep=\t") => Some((b'\t', line.len())),
        _ => None,
    }
}

/// The delimiter that the first line has most of.
fn likely(head: &[u8]) -> u8 {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| memchr_iter(delimiter, line).count();
    // Of equals the last one counts, and the comma is the best guess.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// Stands in a line of its own behind the file. Where it turns up inside a field, a quote that
/// began it was never closed: the crate would take what is left of the file for the field.
const MARK: &[u8] = b"\x01end\x01";

fn unclosed() -> Error {
    Error::input(
        "expected the quote that closes a field, found the end of the file; \
         the file is cut short, or a quote lacks its fellow; mend it from here on",
    )
}

/// Watches for a field that runs over line ends up to a quote which does not close it: one that
/// opens a field of a later row.
#[derive(Default)]
struct Quotes {
    delimiter: u8,
    /// The byte before the one at hand.
    before: u8,
    /// Whether a field is open, and whether a line has ended in it.
    open: Option<bool>,
    /// Whether a quote has just come that may close it.
    may_close: bool,
    /// Where such quotes are, in bytes from the start.
    odd: Vec<u64>,
}

impl Quotes {
    /// Follows a stretch, from quote to quote. Line ends are looked for where they matter: in a field
    /// that a quote may close wrongly, and in one that goes on in the next stretch.
    fn watch(&mut self, bytes: &[u8], offset: u64) {
        let has_end = |bytes: &[u8]| memchr::memchr(b'\n', bytes).is_some();
        // Where the field that is open begins here.
        let (mut at, mut from) = (0, 0);
        while let Some(&byte) = bytes.get(at) {
            if std::mem::take(&mut self.may_close) {
                if byte != b'"' {
                    let ends = byte == self.delimiter || matches!(byte, b'\n' | b'\r' | b' ' | b'\t');
                    if !ends && (self.open == Some(true) || has_end(&bytes[from..at])) {
                        self.odd.push(offset + at as u64);
                    }
                    self.open = None;
                }
                at += 1;
                continue;
            }
            let quote = memchr::memchr(b'"', &bytes[at..]).map(|quote| at + quote);
            let end = quote.unwrap_or(bytes.len());
            if self.open.is_some() {
                self.may_close = quote.is_some();
            } else if let Some(quote) = quote {
                let before = if quote == 0 { self.before } else { bytes[quote - 1] };
                self.open = (before == self.delimiter || before == b'\n').then_some(false);
                from = quote + 1;
            }
            at = end + 1;
        }
        if let Some(spans) = &mut self.open {
            *spans = *spans || has_end(&bytes[from..]);
        }
        self.before = bytes.last().copied().unwrap_or(self.before);
    }
}

/// A stream that ends a row which a quote without its fellow has made of the whole file, and puts
/// the mark behind the last row.
struct Bounded {
    stream: Stream,
    since: u64,
    most: u64,
    /// Bytes of the file that were given out.
    given: u64,
    /// What of the mark is still to be given; whole until the file has ended.
    mark: Vec<u8>,
    quotes: Quotes,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let count = self.stream.read(buffer)?;
        self.quotes.watch(&buffer[..count], self.given);
        self.since += count as u64;
        self.given += count as u64;
        if count > 0 || buffer.is_empty() {
            return Ok(count);
        }
        let count = self.mark.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.mark[..count]);
        self.mark.drain(..count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn watched(pieces: &[&[u8]]) -> (Option<bool>, Vec<u64>) {
        let mut quotes = Quotes { delimiter: b',', before: b'\n', ..Quotes::default() };
        let mut offset = 0;
        for piece in pieces {
            quotes.watch(piece, offset);
            offset += piece.len() as u64;
        }
        (quotes.open, quotes.odd)
    }

    #[test]
    fn a_quote_closes_where_a_field_ends() {
        assert_eq!(watched(&[b"\"a\",\"b\nc\"\n"]), (None, vec![]));
        assert_eq!(watched(&[b"\"a\n1,\"b\",c\n"]), (None, vec![6]), "b stands behind the quote");
        assert_eq!(watched(&[b"5\" a,\"b \"\"c\"\" d"]), (Some(false), vec![]));
    }

    proptest! {
        #[test]
        fn where_a_stretch_is_cut_makes_no_difference(text in "[ab\",\n ]{0,60}") {
            let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            prop_assert_eq!(watched(&[text.as_bytes()]), watched(&bytes));
        }
    }
}
