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

/// A text by itself, as a wire leaves it in a folder.
fn text(folder: &Path, path: &str, what: &str) {
    fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
    fs::write(folder.join(path), format!("{what} was closed by a court on Sunday, and {what} is for sale."))
        .unwrap();
}

#[test]
fn files_without_an_id_are_known_by_their_path_however_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    text(root, "in/mon/1.txt", "The depot");
    text(root, "in/tue/1.txt", "The dam");
    text(root, "in/README", "Nothing");
    std::os::unix::fs::symlink(root.join("in"), root.join("in/mon/loop")).unwrap();
    std::os::unix::fs::symlink(root.join("in/mon/1.txt"), root.join("in/zed.txt")).unwrap();
    let (child, ids) = watch(root, "in", 2);
    assert_eq!(ids, ["mon/1.txt", "tue/1.txt"]);
    // Touched, it is read again and nothing new; written anew, it is another version.
    text(root, "in/tue/1.txt", "The dam");
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    text(root, "in/wed/1.txt", "The harbour");
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    assert_eq!(terminate(child), Some(0));
    assert_eq!(listed(root, "x.db"), ["mon/1.txt", "tue/1.txt", "wed/1.txt"]);
    let (code, out, err) = super::run(root, "index add x.db in");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("0 stories added") && out.contains("3 known before"), "{out}");
}

#[cfg(feature = "feeds")]
#[test]
fn a_feed_whose_items_were_rewritten_is_polled_without_a_new_row() {
    let folder = tempfile::tempdir().unwrap();
    let feed = |more: &str, blank: &str| {
        let text = format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title>{blank}<item><guid>urn:a</guid>\
             <title>Dam leased</title><description>The ministry leased the dam to a bank on Friday.{more}\
             </description></item></channel></rss>"
        );
        fs::write(folder.path().join("feed.xml"), text).unwrap();
    };
    feed("", "");
    let (child, _) = watch(folder.path(), "feed.xml", 1);
    assert_eq!(terminate(child), Some(0));
    let typed = "index watch x.db feed.xml --level copy --every 0s";
    let child = dedup(folder.path(), typed).stdout(std::process::Stdio::null()).spawn().unwrap();
    for poll in 0..3 {
        feed(" The union objects.", &" ".repeat(poll));
        std::thread::sleep(std::time::Duration::from_millis(1_200));
    }
    assert_eq!(terminate(child), Some(0));
    assert_eq!(listed(folder.path(), "x.db"), ["urn:a", "urn:a#2"]);
}
