//! From the bytes of one file to its records, read twice.

use dedup::input::{Corpus, Fields, Files};
use dedup::{Error, Story};
use std::io::Write;

/// Reads `bytes` as a file with `suffix`, and checks that a second reading gives the same
/// records and that every failure has a place.
pub fn twice(bytes: &[u8], suffix: &str) {
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room on the disk");
    // Labels are no stories: a file of nothing else is refused.
    let Ok(files) = Files::open(&[file.path().to_owned()], Fields::default()) else { return };
    let (first, second) = (records(&files), records(&files));
    assert_eq!(first.len(), second.len());
    for (one, other) in first.iter().zip(&second) {
        match (one, other) {
            (Ok(one), Ok(other)) => assert_eq!(one, other),
            (Err(one), Err(other)) => {
                assert!(one.place().is_some(), "{one}");
                assert_eq!(one.to_string(), other.to_string());
            }
            _ => panic!("{one:?} became {other:?}"),
        }
    }
}

fn records(files: &Files) -> Vec<Result<Story, Error>> {
    let mut records = Vec::new();
    for block in files.blocks(&|_| true) {
        block.records(|_| true, |_, record| records.push(record.map(|story| story.into_owned())));
    }
    records
}
