//! From several processes at one index to one writer, many readers, and nobody surprised.

use super::{dedup, id, line, listed, run};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

struct Writer {
    child: Child,
    stdin: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Writer {
    fn new(folder: &std::path::Path) -> Self {
        let mut child = dedup(folder, "index add x.db - --each --format jsonl --level copy")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdin, answers }
    }

    /// Writes one line, and waits for its answer before it goes on.
    fn add(&mut self, line: &str) -> String {
        self.stdin.write_all(line.as_bytes()).unwrap();
        self.stdin.flush().unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        answer
    }
}

#[test]
fn each_line_is_answered_before_the_next_one_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::new(folder.path());
    assert_eq!(id(&writer.add(&line(2))), "s2");
    let copy: serde_json::Value = serde_json::from_str(&writer.add(&line(3))).unwrap();
    assert_eq!(
        (&copy["answer"], &copy["of"], &copy["cluster"]),
        (&"version".into(), &"s2".into(), &"s2".into())
    );
    assert_eq!(copy["hits"][0]["relation"], "copy");
    for (bad, line) in [("{\n", 3), ("\n", 4), ("[\"x\"]\n", 5), ("{\"id\":7}\n", 6), ("\u{feff}\u{0}\n", 7)]
    {
        let answer: serde_json::Value = serde_json::from_str(&writer.add(bad)).unwrap();
        assert_eq!((&answer["type"], &answer["line"]), (&"skipped".into(), &line.into()), "{answer}");
    }
    // What is answered is there for others at once.
    assert_eq!(listed(folder.path(), "x.db"), ["s2", "s3"]);
    let again: serde_json::Value = serde_json::from_str(&writer.add(&line(2))).unwrap();
    assert_eq!((&again["answer"], &again["known"]), (&"identical".into(), &true.into()));
    drop(writer.stdin);
    assert_eq!(writer.child.wait().unwrap().code(), Some(3), "some lines were bad");
}

#[test]
fn readers_see_whole_steps_while_one_writes() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::new(folder.path());
    let mut acknowledged = 0;
    for round in 0..6 {
        for number in round * 40..(round + 1) * 40 {
            writer.add(&line(number));
            acknowledged += 1;
        }
        assert_eq!(listed(folder.path(), "x.db").len(), acknowledged);
        let (code, out, err) = run(folder.path(), "index verify x.db");
        assert_eq!(code, 0, "{out}{err}");
    }
    drop(writer.stdin);
    assert_eq!(writer.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_second_writer_waits_and_then_says_who_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let config = dedup::Config::builder().level(dedup::config::Level::Copy).build().unwrap();
    let index = dedup::Index::open_or_create(&path, &config).unwrap();
    std::fs::write(folder.path().join("s.jsonl"), line(1)).unwrap();
    let (code, _, err) = run(folder.path(), "index add x.db s.jsonl --level copy --wait 0s");
    assert_eq!(code, 2);
    assert!(err.contains(&format!("process {} (since ", std::process::id())), "{err}");
    let patient = dedup(folder.path(), "index add x.db s.jsonl --level copy --wait 60s").spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    drop(index);
    assert_eq!(patient.wait_with_output().unwrap().status.code(), Some(0));
    assert_eq!(listed(folder.path(), "x.db"), ["s1"]);
}

#[test]
fn two_writers_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = Writer::new(folder.path());
    one.add(&line(0));
    // The first is still there, and does not shut the second out.
    let mut other = Writer::new(folder.path());
    for number in (1..41).step_by(2) {
        one.add(&line(number));
        other.add(&line(number + 1));
    }
    for writer in [one, other] {
        let Writer { mut child, stdin, .. } = writer;
        drop(stdin);
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(listed(folder.path(), "x.db").len(), 41);
    let (code, out, err) = run(folder.path(), "index verify x.db");
    assert_eq!(code, 0, "{out}{err}");
}
