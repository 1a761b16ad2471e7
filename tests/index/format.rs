//! From the files of each released version to an index that opens, or is refused as promised.

use dedup::index::{Filter, Index, PATIENCE};
use dedup::{Config, ErrorKind, Scanner, Story};
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
fn a_file_of_format_1_is_refused_with_the_way_out_and_can_be_brought_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = copy(folder.path(), "format-1.db");
    let error = Index::open_read_only(&path).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    assert!(error.to_string().contains("bring it up by `dedup index upgrade`"), "{error}");

    let stories = Index::upgrade(&path, PATIENCE).unwrap();
    assert_eq!(Index::upgrade(&path, PATIENCE).unwrap(), None, "a second time there is nothing to do");
    let mut index = Index::open_or_create(&path, &Config::default()).unwrap();
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
    let report = index.report(&Filter::default()).unwrap();
    assert_eq!(stories, Some(report.stories.len() as u64));
    let all = report.stories.iter().map(|story| index.story(&story.id).unwrap().unwrap());
    let scanned = Scanner::new(Config::default()).scan(&all.collect::<Vec<_>>());
    assert_eq!((&report.pairs, &report.clusters), (&scanned.pairs, &scanned.clusters));
    assert!(!report.clusters.is_empty());
    let again = index.story("aap-ferry-aground").unwrap().unwrap();
    let answer = index.add(&[Story { id: "later".into(), ..again }]).unwrap().remove(0);
    assert_eq!(answer.of.as_deref(), Some("aap-ferry-aground"));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("upgrade")), "{left:?}");
}

#[test]
fn a_file_of_a_later_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = copy(folder.path(), "format-1.db");
    let mut bytes = fs::read(&path).unwrap();
    // The user version of SQLite, big-endian.
    bytes[60..64].copy_from_slice(&[0, 0, 0, 3]);
    fs::write(&path, bytes).unwrap();
    let error = Index::open_read_only(&path).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    assert!(
        error.to_string().ends_with("format 3, and this program reads format 2; use a later dedup"),
        "{error}"
    );
}
