//! From a stream to blocks of whole lines, in bounded memory however long a line is.

use super::Limits;
use super::block::{Chunk, Records, Spare};
use super::stream::Stream;
use crate::error::Error;
use memchr::{memchr, memchr_iter, memrchr};
use std::path::Path;

/// Where a block begins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Mark {
    /// The offset in the file, in bytes.
    pub(super) offset: u64,
    /// The number of the first line, from 1.
    pub(super) line: u64,
}

/// Cuts a stream into blocks at line ends.
pub(super) struct LineCutter {
    limits: Limits,
    carry: Vec<u8>,
    line: u64,
    ended: bool,
}

impl LineCutter {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, carry: Vec::new(), line: 1, ended: false }
    }

    /// Where the next block begins.
    pub(super) fn mark(&self, stream: &Stream) -> Mark {
        Mark { offset: stream.delivered() - self.carry.len() as u64, line: self.line }
    }

    /// Goes on at `mark`, which an earlier reading has left.
    pub(super) fn skip_to(&mut self, mark: Mark, stream: &mut Stream) {
        stream.skip_to(mark.offset);
        self.carry.clear();
        self.line = mark.line;
    }

    /// The next block, `None` after the last one.
    pub(super) fn next(&mut self, stream: &mut Stream, path: &Path, spare: &Spare) -> Option<Chunk> {
        if self.ended {
            return None;
        }
        let mut bytes = spare.take();
        bytes.append(&mut self.carry);
        loop {
            // Only what came last can hold the line end that is looked for.
            let searched = if bytes.len() < self.limits.block { 0 } else { bytes.len() };
            let wish = self.limits.block.saturating_sub(bytes.len()).max(self.limits.block / 4).max(1);
            match stream.read_into(&mut bytes, wish) {
                Ok(0) => return self.last(bytes, None),
                Ok(_) => {}
                Err(error) => {
                    let whole = memrchr(b'\n', &bytes).map_or(0, |end| end + 1);
                    bytes.truncate(whole);
                    let line = self.line + memchr_iter(b'\n', &bytes).count() as u64;
                    return self.last(bytes, Some(stream.fault(error, path, line)));
                }
            }
            if bytes.len() < self.limits.block {
                continue;
            }
            if let Some(end) = memrchr(b'\n', &bytes[searched..]) {
                let whole = searched + end + 1;
                self.carry.extend_from_slice(&bytes[whole..]);
                bytes.truncate(whole);
                return Some(self.chunk(bytes, None));
            }
            if bytes.len() > self.limits.record {
                return Some(self.pass_over(bytes, stream, path));
            }
        }
    }

    fn last(&mut self, bytes: Vec<u8>, fault: Option<Error>) -> Option<Chunk> {
        self.ended = true;
        (!bytes.is_empty() || fault.is_some()).then(|| self.chunk(bytes, fault))
    }

    fn chunk(&mut self, bytes: Vec<u8>, fault: Option<Error>) -> Chunk {
        let first = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        Chunk { bytes, records: Records::Lines { first }, fault, is_foreign: false }
    }

    /// Drops the line that `bytes` begins (all of it is one line) and says how long it was.
    fn pass_over(&mut self, mut bytes: Vec<u8>, stream: &mut Stream, path: &Path) -> Chunk {
        let mut length = bytes.len() as u64;
        let fault = loop {
            bytes.clear();
            match stream.read_into(&mut bytes, self.limits.block) {
                Ok(0) => {
                    self.ended = true;
                    break too_long(length, self.limits);
                }
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    break stream.fault(error, path, self.line);
                }
            }
            if let Some(end) = memchr(b'\n', &bytes) {
                length += end as u64;
                self.carry = bytes.split_off(end + 1);
                break too_long(length, self.limits);
            }
            length += bytes.len() as u64;
        };
        let fault = if fault.place().is_some() { fault } else { fault.at(path, self.line) };
        let first = self.line;
        self.line += 1;
        Chunk { bytes: Vec::new(), records: Records::Lines { first }, fault: Some(fault), is_foreign: false }
    }
}

/// A record of `length` bytes is more than is read.
pub(super) fn too_long(length: u64, limits: Limits) -> Error {
    Error::input(format!(
        "expected at most {} bytes in one story, found {length}; split it or take it out",
        limits.record
    ))
}
