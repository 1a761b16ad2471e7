//! From a stretch of the corpus to its records, on the thread that asks for them.

use super::fields::Fields;
use super::files::{Files, Source};
use super::json::Parser;
use super::lines::too_long;
use super::{Limits, crawled, documents};
use crate::error::{Error, Result};
use crate::story::Story;
use memchr::memchr_iter;
use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A stretch of the corpus that one worker parses.
pub struct Block<'a> {
    /// The position of the block in the corpus, from 0; the same on every reading.
    pub number: usize,
    /// Bytes of input that were used up to come here from the block before, for progress.
    pub bytes: u64,
    pub(super) content: BlockContent<'a>,
}

/// From the index of a record in its block to the story.
pub(super) type MakeStory<'a> = Box<dyn Fn(usize) -> Result<Story> + Send + 'a>;

/// What a block is made of.
pub(super) enum BlockContent<'a> {
    Stories(&'a [Story]),
    Rows { count: usize, story: MakeStory<'a> },
    Documents { sources: &'a [Source], limits: Limits, fields: &'a Fields },
    Chunk { chunk: Chunk, source: &'a Source, files: &'a Files },
}

/// Buffers of blocks that are done with, for the blocks to come. Without it a reading would get
/// memory from the system for every block and give it back, and the system would clear it.
#[derive(Debug, Default)]
pub(super) struct Spare(Mutex<Vec<Vec<u8>>>);

impl Spare {
    /// A buffer; what it holds counts for nothing, but need not be cleared once more.
    pub(super) fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Takes a buffer back.
    pub(super) fn give(&self, buffer: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
    }
}

/// Bytes of one file that hold whole records.
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    pub(super) records: Records,
    /// Why the reading ended after these bytes; it counts as one more record.
    pub(super) fault: Option<Error>,
    /// Whether the bytes were decoded from another charset, so that U+FFFD marks a loss.
    pub(super) is_foreign: bool,
}

/// Where the records of a chunk are.
pub(super) enum Records {
    /// One a line, in the first `len` bytes; `first` is the number of the first line.
    Lines { first: u64, len: usize },
    /// Found beforehand.
    Elements(Vec<Element>),
    /// Found beforehand among what a crawler met.
    Crawled(Vec<Crawled>),
    /// Parsed beforehand.
    Stories(Vec<Result<Story>>),
}

/// What a crawler met.
pub(super) enum Crawled {
    /// The record of a page, with its number, and where it is in the chunk.
    Page(u64, Range<usize>),
    /// A story of a record that may hold many, or why there is none.
    Story(Box<Result<Story>>),
}

/// A JSON value in a chunk, or why it was passed over.
pub(super) struct Element {
    /// The line where it begins, from 1.
    pub(super) line: u64,
    /// Its position among the elements that begin on that line, from 1.
    pub(super) nth: u32,
    pub(super) span: Result<Range<usize>>,
    /// The title of the feed that it is an entry of, where that is said beside the entries.
    pub(super) feed: Option<Arc<str>>,
}

impl<'a> Block<'a> {
    pub(super) fn of_stories(number: usize, stories: &'a [Story]) -> Self {
        let bytes = stories.iter().map(story_bytes).sum();
        Self { number, bytes, content: BlockContent::Stories(stories) }
    }

    /// A block of `count` records of a table that the caller holds; `story` makes one by its index
    /// in the block, on the thread that asks for it, and gives the same one every time.
    pub fn of_rows(
        number: usize,
        bytes: u64,
        count: usize,
        story: impl Fn(usize) -> Result<Story> + Send + 'a,
    ) -> Self {
        Self { number, bytes, content: BlockContent::Rows { count, story: Box::new(story) } }
    }

    pub(super) fn of_documents(
        number: usize,
        bytes: u64,
        sources: &'a [Source],
        limits: Limits,
        fields: &'a Fields,
    ) -> Self {
        Self { number, bytes, content: BlockContent::Documents { sources, limits, fields } }
    }

    pub(super) fn of_chunk(
        number: usize,
        bytes: u64,
        chunk: Chunk,
        source: &'a Source,
        files: &'a Files,
    ) -> Self {
        Self { number, bytes, content: BlockContent::Chunk { chunk, source, files } }
    }

    /// Parses all of the block: calls `each` with every record, in order, and the path of its file.
    pub fn records_of_files(self, mut each: impl FnMut(&Path, Result<Cow<'_, Story>>)) {
        match self.content {
            BlockContent::Documents { sources, limits, fields } => {
                for source in sources {
                    documents::read(source, limits, fields)
                        .into_iter()
                        .for_each(|story| each(&source.path, story.map(Cow::Owned)));
                }
            }
            BlockContent::Chunk { source, .. } => {
                let path = &source.path;
                self.records(|_| true, |_, record| each(path, record));
            }
            _ => {
                self.records(|_| true, |_, record| each(Path::new(""), record));
            }
        }
    }

    /// Parses the block: calls `each(index, record)` for every record whose index in the block
    /// is `wanted`, in order; the others are not parsed. Returns the number of records in the
    /// block, wanted or not. A record that is no story is an error that names file and line.
    pub fn records(
        self,
        wanted: impl Fn(usize) -> bool,
        mut each: impl FnMut(usize, Result<Cow<'_, Story>>),
    ) -> usize {
        match self.content {
            BlockContent::Stories(stories) => {
                for (index, story) in stories.iter().enumerate().filter(|(index, _)| wanted(*index)) {
                    each(index, Ok(Cow::Borrowed(story)));
                }
                stories.len()
            }
            BlockContent::Rows { count, story } => {
                (0..count)
                    .filter(|&index| wanted(index))
                    .for_each(|index| each(index, story(index).map(Cow::Owned)));
                count
            }
            BlockContent::Documents { sources, limits, fields } => {
                let mut count = 0;
                for source in sources {
                    for story in documents::read(source, limits, fields) {
                        if wanted(count) {
                            each(count, story.map(Cow::Owned));
                        }
                        count += 1;
                    }
                }
                count
            }
            BlockContent::Chunk { chunk, source, files } => {
                let is_foreign = chunk.is_foreign;
                let parser =
                    Parser { fields: files.fields(), name: &source.name, path: &source.path, is_foreign };
                chunk.records(&parser, files, &wanted, &mut each)
            }
        }
    }
}

impl Chunk {
    /// Nothing but the reason why there is nothing.
    pub(super) fn of_fault(fault: Error) -> Self {
        let records = Records::Elements(Vec::new());
        Self { bytes: Vec::new(), records, fault: Some(fault), is_foreign: false }
    }

    fn records(
        self,
        parser: &Parser<'_>,
        files: &Files,
        wanted: &impl Fn(usize) -> bool,
        each: &mut impl FnMut(usize, Result<Cow<'_, Story>>),
    ) -> usize {
        let mut buffer = Story::default();
        let mut count = match self.records {
            Records::Lines { first, len } => {
                let count =
                    each_line(&self.bytes[..len], first, parser, files.limits(), wanted, &mut buffer, each);
                files.spare().give(self.bytes);
                count
            }
            Records::Elements(elements) => {
                let count = elements.len();
                for (index, element) in elements.into_iter().enumerate().filter(|(index, _)| wanted(*index)) {
                    let Element { line, nth, span, feed } = element;
                    let story = span.and_then(|span| parser.story(&self.bytes[span], line, nth, &mut buffer));
                    each(index, story.map(|story| parser.of_feed(story, feed.as_deref())));
                }
                count
            }
            Records::Crawled(records) => {
                let count = records.len();
                for (index, record) in records.into_iter().enumerate().filter(|(index, _)| wanted(*index)) {
                    let story = match record {
                        Crawled::Page(number, span) => crawled::story(&self.bytes[span], parser.path, number),
                        Crawled::Story(story) => *story,
                    };
                    each(index, story.map(Cow::Owned));
                }
                count
            }
            Records::Stories(stories) => {
                let count = stories.len();
                for (index, story) in stories.into_iter().enumerate().filter(|(index, _)| wanted(*index)) {
                    each(index, story.map(Cow::Owned));
                }
                count
            }
        };
        if let Some(fault) = self.fault {
            if wanted(count) {
                each(count, Err(fault));
            }
            count += 1;
        }
        count
    }
}

/// A byte order mark, which may stand before the first line.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of `bytes` without their ends, each with its number; blank ones do not count.
pub(super) fn lines(bytes: &[u8], first: u64) -> impl Iterator<Item = (u64, &[u8])> {
    let mut start = 0;
    let unended = (bytes.last() != Some(&b'\n')).then_some(bytes.len());
    (first..).zip(memchr_iter(b'\n', bytes).chain(unended)).filter_map(move |(number, end)| {
        let line = &bytes[start..end];
        start = end + 1;
        (!content_of(line).is_empty()).then_some((number, line))
    })
}

/// What a line says.
fn content_of(line: &[u8]) -> &[u8] {
    line.strip_prefix(MARK).unwrap_or(line).trim_ascii()
}

/// Parses the wanted lines of `bytes`.
fn each_line(
    bytes: &[u8],
    first: u64,
    parser: &Parser<'_>,
    limits: Limits,
    wanted: &impl Fn(usize) -> bool,
    buffer: &mut Story,
    each: &mut impl FnMut(usize, Result<Cow<'_, Story>>),
) -> usize {
    let mut count = 0;
    for (number, line) in lines(bytes, first) {
        if wanted(count) {
            let story = if line.len() > limits.record {
                Err(too_long(line.len() as u64, limits).at(parser.path, number))
            } else {
                parser.story(content_of(line), number, 1, buffer)
            };
            each(count, story);
        }
        count += 1;
    }
    count
}

/// About what a story weighs: its texts, in bytes.
pub(super) fn story_bytes(story: &Story) -> u64 {
    (story.id.len() + story.headline.len() + story.body.len()) as u64
}
