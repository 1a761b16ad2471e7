//! From processes that are killed, disks that are full and folders that cannot be written to an
//! index that has lost nothing.
#![cfg(all(feature = "index", unix))]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking and may print")]

#[path = "crash/disks.rs"]
mod disks;
#[path = "crash/kills.rs"]
mod kills;
#[path = "crash/sequences.rs"]
mod sequences;
#[path = "crash/sharing.rs"]
mod sharing;
#[path = "crash/watched.rs"]
mod watched;

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program with `typed`, cut at blanks, about to run in `folder`.
fn dedup(folder: &Path, typed: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dedup"));
    command.current_dir(folder).args(typed.split_whitespace());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(folder: &Path, typed: &str) -> (i32, String, String) {
    let Output { status, stdout, stderr } = dedup(folder, typed).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().expect("not killed"), text(stdout), text(stderr))
}

/// A story as a line of JSON; every fourth is a copy of the one before.
fn line(number: usize) -> String {
    let seed = if number % 4 == 3 { number - 1 } else { number };
    let words: Vec<String> = (0..40).map(|i| format!("w{}", seed * 97 + i)).collect();
    let more = if number % 4 == 3 { "more" } else { "words" };
    format!("{{\"id\":\"s{number}\",\"text\":\"{} {more}\"}}\n", words.join(" "))
}

/// The id that an answer speaks of.
fn id(answer: &str) -> String {
    let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
    assert_eq!(answer["type"], "answer", "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

/// Every id that `list --singles` prints, sorted, as often as it does.
fn listed(folder: &Path, db: &str) -> Vec<String> {
    let (code, out, err) = run(folder, &format!("index list {db} --singles --format jsonl"));
    assert_eq!(code, 0, "{err}");
    let mut ids = Vec::new();
    for line in out.lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        match message["type"].as_str().unwrap() {
            "cluster" => {
                let members = message["members"].as_array().unwrap().iter();
                ids.extend(members.map(|id| id.as_str().unwrap().to_owned()));
            }
            "single" => ids.push(message["id"].as_str().unwrap().to_owned()),
            _ => {}
        }
    }
    ids.sort();
    ids
}
