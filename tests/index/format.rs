//! From the files of each released version to an index that opens, or is refused as promised.

use dedup::index::{Filter, Index};
use dedup::report::{Jsonl, Writer};
use dedup::{Config, ErrorKind, Story};
use std::fs;
use std::path::{Path, PathBuf};

/// A copy of a file of `tests/format`, which itself is never written.
fn copy(folder: &Path, name: &str) -> PathBuf {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format").join(name);
    let path = folder.join(name);
    fs::copy(kept, &path).unwrap();
    path
}

#[test]
fn a_file_of_format_1_opens_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = copy(folder.path(), "format-1.db");
    let mut index = Index::open_or_create(&path, &Config::default()).unwrap();
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    let mut out = Vec::new();
    let mut report = index.report(&Filter::default()).unwrap();
    report.pairs.clear();
    Jsonl { singles: true }.write(&report, &mut out).unwrap();
    let expected = include_str!("../format/format-1.jsonl");
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    let again = index.story("aap-ferry-aground").unwrap().unwrap();
    let answer = index.add(&[Story { id: "later".into(), ..again }]).unwrap().remove(0);
    assert_eq!(answer.of.as_deref(), Some("aap-ferry-aground"));
}

#[test]
fn a_file_of_a_later_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = copy(folder.path(), "format-1.db");
    let mut bytes = fs::read(&path).unwrap();
    // The user version of SQLite, big-endian.
    bytes[60..64].copy_from_slice(&[0, 0, 0, 2]);
    fs::write(&path, bytes).unwrap();
    let error = Index::open_read_only(&path).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    assert!(
        error.to_string().ends_with("format 2, and this program reads format 1; use a later dedup"),
        "{error}"
    );
}
