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
        let mut filled = self.carry.len();
        bytes.resize(bytes.len().max(filled), 0);
        bytes[..filled].copy_from_slice(&self.carry);
        self.carry.clear();
        loop {
            // Only what came last can hold the line end that is looked for.
            let searched = if filled < self.limits.block { 0 } else { filled };
            // First to just a block: where it ends must not depend on what was carried over, which
            // a reading that skips blocks has not.
            let wish = match self.limits.block.saturating_sub(filled) {
                0 => (self.limits.block / 4).max(1),
                missing => missing,
            };
            bytes.resize(bytes.len().max(filled + wish), 0);
            match stream.read_over(&mut bytes[filled..filled + wish]) {
                Ok(0) => return self.last(bytes, filled, None),
                Ok(count) => filled += count,
                Err(error) => {
                    let whole = memrchr(b'\n', &bytes[..filled]).map_or(0, |end| end + 1);
                    let line = self.line + memchr_iter(b'\n', &bytes[..whole]).count() as u64;
                    return self.last(bytes, whole, Some(stream.fault(error, path, line)));
                }
            }
            if filled < self.limits.block {
                continue;
            }
            if let Some(end) = memrchr(b'\n', &bytes[searched..filled]) {
                let whole = searched + end + 1;
                self.carry.extend_from_slice(&bytes[whole..filled]);
                return Some(self.chunk(bytes, whole, None));
            }
            if filled > self.limits.record {
                return Some(self.pass_over(bytes, filled, stream, path));
            }
        }
    }

    fn last(&mut self, bytes: Vec<u8>, len: usize, fault: Option<Error>) -> Option<Chunk> {
        self.ended = true;
        (len > 0 || fault.is_some()).then(|| self.chunk(bytes, len, fault))
    }

    /// The first `len` of `bytes` as a block.
    fn chunk(&mut self, bytes: Vec<u8>, len: usize, fault: Option<Error>) -> Chunk {
        let first = self.line;
        self.line += memchr_iter(b'\n', &bytes[..len]).count() as u64;
        Chunk { bytes, records: Records::Lines { first, len }, fault, is_foreign: false }
    }

    /// Drops the line that the first `filled` of `bytes` begin and says how long it was.
    fn pass_over(&mut self, mut bytes: Vec<u8>, filled: usize, stream: &mut Stream, path: &Path) -> Chunk {
        let mut length = filled as u64;
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
        let records = Records::Lines { first, len: 0 };
        Chunk { bytes: Vec::new(), records, fault: Some(fault), is_foreign: false }
    }
}

/// A record of `length` bytes is more than is read.
pub(super) fn too_long(length: u64, limits: Limits) -> Error {
    Error::input(format!(
        "expected at most {} bytes in one story, found {length}; split it or take it out",
        limits.record
    ))
}
