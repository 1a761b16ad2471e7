//! From rules to checks: what a corpus of files gives, read as its users read it.

mod archives;
mod crawled;
mod cut;
mod damaged;
mod json_files;
mod random;
mod replies;
mod walked;

use super::{Corpus, Fields, Files, Limits};
use crate::error::Result;
use crate::story::Story;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of files that is gone when the test ends.
pub(super) struct Folder(TempDir);

impl Folder {
    pub(super) fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            folder.write(name, bytes);
        }
        folder
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(super) fn open(&self) -> Files {
        open(&[self.path()])
    }
}

pub(super) const SMALL: Limits = Limits { block: 64, record: 256 };

pub(super) fn open(paths: &[PathBuf]) -> Files {
    Files::open_with(paths, Fields::default(), &mut std::io::empty(), Limits::default()).unwrap()
}

pub(super) fn open_limited(path: &Path, limits: Limits) -> Files {
    Files::open_with(&[path.to_owned()], Fields::default(), &mut std::io::empty(), limits).unwrap()
}

/// Every record of the corpus, with the number of its block and its index there.
pub(super) fn numbered(
    corpus: &(impl Corpus + ?Sized),
    wanted: &(dyn Fn(usize) -> bool + Sync),
) -> Vec<(usize, usize, Result<Story>)> {
    let mut records = Vec::new();
    for block in corpus.blocks(wanted) {
        let number = block.number;
        let before = records.len();
        let count = block.records(
            |_| true,
            |index, record| records.push((number, index, record.map(std::borrow::Cow::into_owned))),
        );
        assert_eq!(count, records.len() - before);
        assert!(records[before..].iter().enumerate().all(|(at, (_, index, _))| at == *index));
    }
    records
}

pub(super) fn records(corpus: &(impl Corpus + ?Sized)) -> Vec<Result<Story>> {
    numbered(corpus, &|_| true).into_iter().map(|(_, _, record)| record).collect()
}

/// Records as short lines: `id|headline|body`, or `ERR ` and the text without the folder.
pub(super) fn shown(corpus: &(impl Corpus + ?Sized)) -> Vec<String> {
    let line = |record: Result<Story>| match record {
        Ok(story) => format!("{}|{}|{}", story.id, story.headline, story.body),
        Err(error) => {
            let place = error.place().expect("an error of a record has a place");
            let name = place.path.file_name().map_or("-".into(), |name| name.to_string_lossy());
            format!("ERR {name}:{} {}", place.line, error.message())
        }
    };
    records(corpus).into_iter().map(line).collect()
}

/// The records of one file of that name and content.
pub(super) fn shown_file(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = Folder::new(&[(name, bytes)]);
    shown(&open(&[folder.file(name)]))
}

#[test]
fn stories_in_memory_are_a_corpus() {
    let stories: Vec<Story> = (0..600).map(|n| Story::new(format!("s{n}"), "body")).collect();
    let all = numbered(&stories, &|_| true);
    assert_eq!(all.len(), 600);
    assert_eq!((all[599].0, all[599].1), (2, 87));
    let some = numbered(&stories.as_slice(), &|number| number == 1);
    assert_eq!(some.len(), 256);
    assert_eq!(some[0].2.as_ref().unwrap().id, "s256");
    assert_eq!(stories.size_hint(), Some(600 * 4 + 10 * 2 + 90 * 3 + 500 * 4));
}

#[test]
fn unwanted_records_are_not_parsed_but_counted() {
    let folder = Folder::new(&[("a.jsonl", b"{\"text\":\"one\"}\n\nbroken\n{\"text\":\"three\"}\n")]);
    let files = folder.open();
    for block in files.blocks(&|_| true) {
        let mut seen = Vec::new();
        let count =
            block.records(|index| index == 2, |index, story| seen.push((index, story.unwrap().id.clone())));
        assert_eq!(count, 3);
        assert_eq!(seen, [(2, "a.jsonl:4".to_owned())]);
    }
}

#[test]
fn blocks_go_to_other_threads_and_a_corpus_may_be_dynamic() {
    let folder = Folder::new(&[("a.jsonl", b"{\"text\":\"one\"}\n"), ("b.txt", b"B")]);
    let files = folder.open();
    let corpus: &dyn Corpus = &files;
    let blocks: Vec<_> = corpus.blocks(&|_| true).collect();
    let counts = std::thread::scope(|scope| {
        let count = |block: super::Block<'_>| block.records(|_| true, |_, story| assert!(story.is_ok()));
        let threads: Vec<_> = blocks.into_iter().map(|block| scope.spawn(move || count(block))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!(counts, 2);
}
