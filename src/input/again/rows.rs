//! From a table to its rows, byte for byte.

use super::super::charset::Content;
use super::super::files::Source;
use super::super::form::Form;
use super::super::stream::Stream;
use super::super::table::begun;
use super::Plan;
use crate::error::{Error, Result};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, Read};

/// The rows of one file.
pub(super) struct Rows {
    reader: Reader<Tee>,
    /// Where what is held begins in the file.
    begins: u64,
    told: Vec<u8>,
    header: Vec<u8>,
    end: &'static [u8],
    row: ByteRecord,
    /// Rows given out, the header among them.
    count: u64,
}

/// Holds a copy of what was read until it is given out.
struct Tee {
    stream: Stream,
    held: Vec<u8>,
}

impl Read for Tee {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.held.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

impl Rows {
    /// Reads the header.
    pub(super) fn open(source: &Source) -> Result<Self> {
        let failed = |error| Error::io(&source.path, "read", error);
        let mut stream = source.stream(Content::Text)?;
        let named = if let Form::Table(named) = source.form() { named } else { None };
        let (told, delimiter) = begun(&mut stream, named).map_err(failed)?;
        let first = stream.head().split_inclusive(|byte| *byte == b'\n').next();
        let end: &[u8] = if first.is_some_and(|line| line.ends_with(b"\r\n")) { b"\r\n" } else { b"\n" };
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(Tee { stream, held: Vec::new() });
        let header = Vec::new();
        let mut rows = Self { reader, begins: 0, told, header, end, row: ByteRecord::new(), count: 0 };
        rows.header = rows.next().map_err(failed)?.1.unwrap_or_default();
        Ok(rows)
    }

    /// A file of such rows.
    pub(super) fn plan(self) -> Plan {
        Plan::Table { told: self.told, header: self.header, end: self.end }
    }

    /// The next row without its end, and its number; `None` if there is none left.
    pub(super) fn next(&mut self) -> io::Result<(u64, Option<Vec<u8>>)> {
        let mut row = std::mem::take(&mut self.row);
        let is_there = self.reader.read_byte_record(&mut row);
        self.row = row;
        self.count += 1;
        if !is_there.map_err(io::Error::other)? {
            return Ok((self.count, None));
        }
        let end = (self.reader.position().byte() - self.begins) as usize;
        let held = &mut self.reader.get_mut().held;
        let bytes = &held[..end.min(held.len())];
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let start = bytes.iter().position(|byte| !is_end(byte)).unwrap_or(bytes.len());
        let after = bytes.iter().rposition(|byte| !is_end(byte)).map_or(start, |last| last + 1);
        let found = bytes[start..after].to_owned();
        held.drain(..end.min(held.len()));
        self.begins += end as u64;
        Ok((self.count, Some(found)))
    }
}
