//! From a folder that fills to an index that follows it and goes on where it was.

use super::{dedup, id, line, listed};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command};

/// A watcher, and its first `count` answers.
fn watch(folder: &Path, what: &str, count: usize) -> (Child, Vec<String>) {
    let typed = format!("index watch x.db {what} --level copy --every 0s --format jsonl");
    let mut child = dedup(folder, &typed).spawn().unwrap();
    let answers = BufReader::new(child.stdout.take().unwrap());
    let ids = answers.lines().take(count).map(|line| id(&line.unwrap())).collect();
    (child, ids)
}

fn terminate(mut child: Child) -> Option<i32> {
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    child.wait().unwrap().code()
}

#[test]
fn a_folder_is_followed_and_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let incoming = folder.path().join("in");
    fs::create_dir(&incoming).unwrap();
    fs::write(incoming.join("1.jsonl"), line(0) + &line(1)).unwrap();
    let (child, ids) = watch(folder.path(), "in", 2);
    assert_eq!(ids, ["s0", "s1"]);
    assert_eq!(terminate(child), Some(0), "stops when told to");
    fs::write(incoming.join("2.jsonl"), line(4)).unwrap();
    fs::write(incoming.join(".3.jsonl"), line(8)).unwrap();
    let (child, ids) = watch(folder.path(), "in", 1);
    assert_eq!(ids, ["s4"], "only what is new");
    assert_eq!(terminate(child), Some(0));
    assert_eq!(listed(folder.path(), "x.db"), ["s0", "s1", "s4"]);
}

#[cfg(feature = "feeds")]
#[test]
fn a_feed_that_is_written_anew_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let feed = |titles: &[&str]| {
        let item = |title: &&str| {
            format!(
                "<item><guid>urn:{title}</guid><title>{title}</title><description>{title} was said today in the square before many people</description></item>"
            )
        };
        let items: String = titles.iter().map(item).collect();
        let text = format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>"
        );
        fs::write(folder.path().join("feed.xml"), text).unwrap();
    };
    feed(&["one", "two"]);
    let (child, ids) = watch(folder.path(), "feed.xml", 2);
    assert_eq!(ids.len(), 2);
    assert_eq!(terminate(child), Some(0));
    feed(&["two", "three"]);
    let (child, ids) = watch(folder.path(), "feed.xml", 1);
    assert_eq!(ids, ["urn:three"]);
    assert_eq!(terminate(child), Some(0));
}
