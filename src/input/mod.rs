//! From files, folders and standard input to stories, block by block.
//!
//! A [`Corpus`] is read from its start as often as needed and always gives the same blocks with
//! the same records: that is what lets a scan keep fingerprints only and come back for the texts
//! of candidates. Reading is serial and cheap; parsing happens in [`Block::records`], on whatever
//! thread calls it. Every record is a `Result` with its path and line, and keeps its index
//! whether it is good or bad.

mod address;
mod again;
mod archive;
mod below;
mod block;
mod charset;
mod columns;
mod crawled;
mod documents;
mod elements;
mod envelope;
mod factiva;
mod feed;
mod fields;
mod files;
mod flat;
mod follow;
mod form;
mod json;
mod library;
mod lines;
mod mail;
mod nexis;
mod packing;
mod page;
mod print;
mod reading;
mod reply;
mod stream;
mod surrogates;
mod table;
mod text;
mod time;
mod unread;
mod walk;
mod warc;
mod wire;

pub use again::{Again, Sending, Sent, Verdict, one_line};
pub use block::Block;
pub use fields::{Fields, Role};
pub use files::{Files, is_same_file};
pub use follow::OneByOne;
pub use json::Parts;
pub use unread::Unreads;
pub use walk::Gathered;

use crate::story::Story;

/// A set of stories that can be read more than once, in a fixed order, block by block.
pub trait Corpus: Sync {
    /// Reads the corpus from its start. `wanted(number)` tells whether block `number` is needed;
    /// the others are passed over, unread where that is possible, and do not come up; blocks keep
    /// their numbers on every reading.
    fn blocks<'a>(
        &'a self,
        wanted: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a>;

    /// Bytes to be read in all, if known: for progress and estimates. Bytes as stored, so
    /// compressed ones for compressed files.
    fn size_hint(&self) -> Option<u64>;

    /// What was met beside the records and not read, once the corpus has been read to its end.
    fn unread(&self) -> Unreads {
        Unreads::default()
    }
}

/// Stories in a block of a corpus that is already in memory.
const STORIES_PER_BLOCK: usize = 256;

impl Corpus for [Story] {
    fn blocks<'a>(
        &'a self,
        wanted: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a> {
        let numbered = self.chunks(STORIES_PER_BLOCK).enumerate();
        Box::new(
            numbered
                .filter(move |(number, _)| wanted(*number))
                .map(|(number, stories)| Block::of_stories(number, stories)),
        )
    }

    fn size_hint(&self) -> Option<u64> {
        Some(self.iter().map(block::story_bytes).sum())
    }
}

impl Corpus for Vec<Story> {
    fn blocks<'a>(
        &'a self,
        wanted: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a> {
        self.as_slice().blocks(wanted)
    }

    fn size_hint(&self) -> Option<u64> {
        self.as_slice().size_hint()
    }
}

impl<C: Corpus + ?Sized> Corpus for &C {
    fn blocks<'a>(
        &'a self,
        wanted: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a> {
        (**self).blocks(wanted)
    }

    fn size_hint(&self) -> Option<u64> {
        (**self).size_hint()
    }

    fn unread(&self) -> Unreads {
        (**self).unread()
    }
}

/// How much is held at once.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes after which a block is cut at the next record.
    block: usize,
    /// Bytes of the longest line, element or text that is read.
    record: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { block: 256 << 10, record: 64 << 20 }
    }
}

#[cfg(test)]
mod tests;
