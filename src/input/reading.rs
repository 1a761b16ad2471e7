//! From the files of a corpus to numbered blocks: one reading from start to end.

use super::block::{Chunk, Spare};
use super::charset::Content;
use super::elements::Splitter;
use super::files::{Files, Shape, Source, Unit, shape};
use super::form::Form;
use super::lines::LineCutter;
use super::stream::Stream;
use super::{Block, Fields, Limits, Unreads, columns, table, warc};
use crate::error::{Error, Result};

/// One reading of [`Files`].
pub(super) struct Reading<'a> {
    files: &'a Files,
    wanted: &'a (dyn Fn(usize) -> bool + Sync),
    unit: usize,
    number: usize,
    /// Bytes used up that no block has accounted for yet.
    spent: u64,
    open: Option<Open<'a>>,
}

/// The file at hand.
struct Open<'a> {
    source: &'a Source,
    input: Input<'a>,
    /// The number of its first block.
    first: usize,
    /// Blocks to go up to, where an earlier reading has counted them: no block after the last
    /// wanted one is read, and none beyond the count is given even if the file has grown.
    limit: Option<usize>,
    /// Bytes of the file that are accounted for.
    seen: u64,
}

/// What the blocks of a file come out of.
enum Input<'a> {
    Lines(Stream, LineCutter),
    Elements(Stream, Box<Splitter<'a>>),
    Table(Box<table::Rows<'a>>),
    Columns(Box<columns::Rows<'a>>),
    Warc(Stream, Box<warc::Cutter>),
    /// The file could not be opened or is no JSON: its one record.
    Fault(Option<Error>),
}

impl<'a> Input<'a> {
    fn open(source: &'a Source, fields: &'a Fields, limits: Limits) -> Self {
        let opened = || -> Result<Self> {
            match source.form() {
                Form::Table(delimiter) => {
                    return Ok(Self::Table(Box::new(table::Rows::open(source, delimiter, fields, limits)?)));
                }
                Form::Parquet => {
                    return Ok(Self::Columns(Box::new(columns::Rows::open(source, fields, limits)?)));
                }
                Form::Warc => {
                    let cutter = Box::new(warc::Cutter::new(limits));
                    return Ok(Self::Warc(source.stream(Content::Binary)?, cutter));
                }
                _ => {}
            }
            let stream = source.stream(Content::Json)?;
            if stream.is_blank() {
                return Err(nothing_in(source));
            }
            Ok(match shape(&stream, source)? {
                Shape::Lines => Self::Lines(stream, LineCutter::new(limits)),
                Shape::Elements => {
                    Self::Elements(stream, Box::new(Splitter::new(limits, fields, &source.path)))
                }
            })
        };
        opened().unwrap_or_else(|fault| Self::Fault(Some(fault)))
    }

    fn next(&mut self, source: &Source, spare: &Spare) -> Option<Chunk> {
        let (chunk, stream) = match self {
            Self::Lines(stream, cutter) => (cutter.next(stream, &source.path, spare), stream),
            Self::Elements(stream, splitter) => (splitter.next(stream), stream),
            Self::Table(rows) => return rows.next(),
            Self::Columns(rows) => return rows.next(),
            Self::Warc(stream, cutter) => return cutter.next(stream, &source.path),
            Self::Fault(fault) => {
                return fault.take().map(Chunk::of_fault);
            }
        };
        chunk.map(|chunk| Chunk { is_foreign: stream.is_foreign(), ..chunk })
    }

    fn stored(&self) -> u64 {
        match self {
            Self::Lines(stream, _) | Self::Elements(stream, _) | Self::Warc(stream, _) => stream.stored(),
            Self::Table(rows) => rows.stored(),
            Self::Columns(rows) => rows.stored(),
            Self::Fault(_) => 0,
        }
    }

    /// What was met so far and not read.
    fn unread(&self) -> Unreads {
        if let Self::Warc(_, cutter) = self { cutter.unread() } else { Unreads::default() }
    }
}

/// The error of a file without stories.
pub(super) fn nothing_in(source: &Source) -> Error {
    Error::input("expected a story, found none in the file; leave it out").at(&source.path, 0)
}

impl Open<'_> {
    /// Remembers where block `index` begins, if it can be reached from there again.
    fn mark(&self, index: usize) {
        if let Input::Lines(stream, cutter) = &self.input
            && stream.can_skip()
        {
            let mut layout = self.source.layout();
            if layout.marks.len() == index {
                layout.marks.push(cutter.mark(stream));
            }
        }
    }

    /// Passes over block `index` without reading it, if an earlier reading knows its end.
    fn skip(&mut self, index: usize) -> bool {
        let Input::Lines(stream, cutter) = &mut self.input else { return false };
        let next = self.source.layout().marks.get(index + 1).copied();
        if let Some(mark) = next {
            cutter.skip_to(mark, stream);
        }
        next.is_some()
    }

    /// Bytes of the file used up since the last call.
    fn spend(&mut self) -> u64 {
        let stored = self.input.stored().min(self.source.size);
        let spent = stored.saturating_sub(self.seen);
        self.seen += spent;
        spent
    }
}

impl<'a> Reading<'a> {
    pub(super) fn new(files: &'a Files, wanted: &'a (dyn Fn(usize) -> bool + Sync)) -> Self {
        Self { files, wanted, unit: 0, number: 0, spent: 0, open: None }
    }

    /// Goes to the next unit: a group of documents is a block at once, a file is opened.
    fn advance(&mut self, unit: &Unit) -> Option<Block<'a>> {
        match unit {
            Unit::Documents(range) => {
                let sources = &self.files.sources()[range.clone()];
                self.spent += sources.iter().map(|source| source.size).sum::<u64>();
                let number = self.number;
                self.number += 1;
                (self.wanted)(number).then(|| {
                    let (bytes, files) = (std::mem::take(&mut self.spent), self.files);
                    Block::of_documents(number, bytes, sources, files.limits(), files.fields())
                })
            }
            Unit::Stream(index) => {
                self.start(&self.files.sources()[*index]);
                None
            }
        }
    }

    fn start(&mut self, source: &'a Source) {
        let first = self.number;
        let count = source.layout().count;
        let limit = count.map(|count| {
            (0..count).rev().find(|index| (self.wanted)(first + index)).map_or(0, |last| last + 1)
        });
        if limit == Some(0) {
            self.number += count.unwrap_or_default();
            self.spent += source.size;
            return;
        }
        let input = Input::open(source, self.files.fields(), self.files.limits());
        self.open = Some(Open { source, input, first, limit, seen: 0 });
    }

    /// The next wanted block of the file at hand; `None` when it has no more.
    fn next_of(&mut self, open: &mut Open<'a>) -> Option<Block<'a>> {
        loop {
            let number = self.number;
            let index = number - open.first;
            if open.limit.is_some_and(|limit| index >= limit) {
                return None;
            }
            open.mark(index);
            let is_wanted = (self.wanted)(number);
            if !is_wanted && open.skip(index) {
                self.number += 1;
                continue;
            }
            let chunk = open.input.next(open.source, self.files.spare());
            self.spent += open.spend();
            // A file that gives nothing is told like a bad record.
            let chunk = chunk.or_else(|| (index == 0).then(|| Chunk::of_fault(nothing_in(open.source))))?;
            self.number += 1;
            if is_wanted {
                let spent = std::mem::take(&mut self.spent);
                return Some(Block::of_chunk(number, spent, chunk, open.source, self.files));
            }
        }
    }

    /// Leaves the file at hand: the next one begins where it does on every reading.
    fn finish(&mut self, open: &Open<'a>) {
        let read = self.number - open.first;
        let mut layout = open.source.layout();
        if layout.count.is_none() {
            layout.unread = open.input.unread();
        }
        let count = *layout.count.get_or_insert(read);
        drop(layout);
        self.number = open.first + count;
        self.spent += open.source.size.saturating_sub(open.seen);
    }
}

impl<'a> Iterator for Reading<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        loop {
            if let Some(mut open) = self.open.take() {
                if let Some(block) = self.next_of(&mut open) {
                    self.open = Some(open);
                    return Some(block);
                }
                self.finish(&open);
            } else {
                let unit = self.files.units().get(self.unit)?;
                self.unit += 1;
                if let Some(block) = self.advance(unit) {
                    return Some(block);
                }
            }
        }
    }
}
