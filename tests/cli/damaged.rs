//! From input that is broken to a sentence, an exit code, and nothing lost.

use crate::forms::{table, warc_record};
use crate::scratch::Scratch;
use crate::wire_day::{Draw, day};
use flate2::Compression;
use flate2::write::GzEncoder;
use insta::assert_snapshot;
use std::io::Write;

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const FEED: &str = "{\"id\":\"1\",\"text\":\"one story of some words\"}\n\
    {\"id\":\"2\",\"text\":\n\
    {\"id\":\"3\",\"headline\":\"\",\"words\":\"none\"}\n\
    {\"id\":\"4\",\"text\":\"another story of some words\"}\n";

#[test]
fn a_bad_record_is_skipped_with_path_line_and_reason() {
    let run = Scratch::with(&[("feed.jsonl", FEED)]).run("scan feed.jsonl --level copy --format jsonl");
    assert_snapshot!(run.err, @"
    dedup: 1 story has neither headline nor text: `3`
    dedup: 1 record skipped; the output says why
    ");
    assert_snapshot!(run.exits(3), @r#"
{"type":"skipped","path":"feed.jsonl","line":2,"reason":"expected a story as a JSON object, found a fault at column 17: EOF while parsing a value; mend the line or take it out"}
{"type":"summary","stories":3,"clusters":0,"clustered":0,"pairs":0,"skipped":1}
"#);
}

/// At level copy an index keeps no text of what it has pressed.
#[cfg(feature = "index")]
#[test]
fn an_index_says_of_its_input_what_a_scan_says() {
    for level in ["identical", "copy", "rewrite"] {
        let scratch = Scratch::with(&[("feed.jsonl", FEED)]);
        let run = scratch.run(&format!("index add x.db feed.jsonl --level {level}"));
        let empty: Vec<&str> = run.err.lines().filter(|line| line.contains("neither")).collect();
        assert_eq!(empty, ["dedup: 1 story has neither headline nor text: `3`"], "{level}");
    }
}

#[test]
fn strict_stops_at_the_first_bad_record() {
    let run = Scratch::with(&[("feed.jsonl", FEED)]).run("scan feed.jsonl --strict");
    assert_eq!(run.out, "");
    assert_snapshot!(run.complains(2), @"dedup: feed.jsonl:2: expected a story as a JSON object, found a fault at column 17: EOF while parsing a value; mend the line or take it out");
}

#[test]
fn duplicates_outrank_skipped() {
    let twice = format!("{FEED}{}", FEED.replace("\"1\"", "\"5\""));
    Scratch::with(&[("feed.jsonl", twice)]).run("scan feed.jsonl --check").exits(1);
}

#[test]
fn a_truncated_gz_keeps_what_came_before_the_cut() {
    let mut packed = gzip(day(1, 2_000).join("\n").as_bytes());
    packed.truncate(packed.len() / 2);
    let run = Scratch::with(&[("day.jsonl.gz", packed)]).run("scan . --level copy --format jsonl");
    let stories = run.of_type("summary")[0]["stories"].as_u64().unwrap();
    assert!((800..1_200).contains(&stories), "{stories}");
    let skipped = run.of_type("skipped");
    assert_eq!((skipped.len(), skipped[0]["path"].as_str()), (1, Some("./day.jsonl.gz")));
    assert!(skipped[0]["line"].as_u64().unwrap() >= stories, "{}", skipped[0]);
    // How much came before the cut is a matter of the packer.
    let reason = skipped[0]["reason"].as_str().unwrap().replace(|c: char| c.is_ascii_digit(), "");
    assert_snapshot!(reason, @"expected more gzip data after  unpacked bytes, found the end; the file is cut short; fetch it again");
    run.exits(3);
}

#[test]
fn a_binary_file_is_no_story() {
    let mut noise: Vec<u8> = (0..5_000).map(|_| Draw(9).below(256) as u8).collect();
    noise[..8].copy_from_slice(b"\x89PNG\r\n\x1a\0");
    let scratch = Scratch::with(&[
        ("picture.txt", noise.as_slice()),
        ("data.json", &noise),
        ("good.txt", b"Head\n\nThe one story here."),
    ]);
    let run = scratch.run("scan . --level copy --format jsonl");
    assert_eq!(run.of_type("summary")[0]["stories"], 1);
    let skipped: Vec<String> = run
        .of_type("skipped")
        .iter()
        .map(|s| format!("{}:{} {}", s["path"], s["line"], s["reason"]))
        .collect();
    assert_snapshot!(skipped.join("\n"), @r#"
"./data.json":0 "binary file: expected JSON, found binary data; leave it out"
"./picture.txt":0 "binary file: expected text, found NUL bytes; leave it out or convert it to UTF-8"
"#);
    run.exits(3);
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_said() {
    let scratch = Scratch::with(&[("good.txt", "Head\n\nThe one story here.")]);
    std::os::unix::fs::symlink("nowhere", scratch.path("gone.txt")).unwrap();
    assert_snapshot!(scratch.run("scan . --level copy").exits(3), @"
skipped ./gone.txt: cannot open: No such file or directory (os error 2)

1 story: 1 single; 0 pairs; 1 record skipped
");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let scratch =
        Scratch::with(&[("good.txt", "Head\n\nThe one story here."), ("shut.txt", "Head\n\nUnseen.")]);
    std::fs::set_permissions(scratch.path("shut.txt"), std::fs::Permissions::from_mode(0o0)).unwrap();
    if std::fs::read(scratch.path("shut.txt")).is_ok() {
        println!("skipped: this user may read every file");
        return;
    }
    let run = scratch.run("scan . --level copy --format jsonl");
    let reason = run.of_type("skipped")[0]["reason"].to_string();
    assert!(reason.contains("ermission denied"), "{reason}");
    run.exits(3);
}

#[test]
fn a_folder_without_stories_is_an_error() {
    let scratch = Scratch::with(&[("notes.pdf", "%PDF")]);
    assert_snapshot!(scratch.run("scan .").complains(2), @"dedup: no stories in .: expected .txt, .json, .jsonl, .xml, .html, .csv, .parquet or .warc files and their like, also .gz, .zst, .bz2, .xz, .zip and .tar");
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    assert_snapshot!(Scratch::new().run("scan nowhere").complains(2), @"dedup: nowhere: cannot open: No such file or directory (os error 2)");
}

#[test]
fn only_bad_records_are_an_error_that_says_which() {
    let scratch = Scratch::with(&[("feed.jsonl", "{\"id\":1}\n[]\n")]);
    assert_snapshot!(scratch.run("scan feed.jsonl").complains(2), @"dedup: no story found; skipped 2 records, the first feed.jsonl:1: expected a text field (tried text, body, content, body_text, articleBody, article, maintext), found keys id; name it with --text-field");
}

#[test]
fn files_that_hold_no_stories_are_named() {
    let scratch = Scratch::with(&[("good.txt", "Head\n\nThe one story here."), ("notes.pdf", "%PDF")]);
    assert_snapshot!(scratch.run("scan . --format jsonl").complains(0), @"dedup: 1 file passed over, which holds no story: ./notes.pdf");
}

#[test]
fn the_same_id_twice_is_kept_apart_and_said() {
    let feed = "{\"id\":\"x\",\"text\":\"The harbour froze over for the first time since the great winter.\"}\n\
        {\"id\":\"x\",\"text\":\"A court in the capital freed the three editors on bail on Friday.\"}\n\
        {\"id\":\"y\",\"text\":\"The harbour froze over for the first time since the great winter.\"}\n";
    let run =
        Scratch::with(&[("feed.jsonl", feed)]).run("scan feed.jsonl --level copy --format jsonl --singles");
    assert_snapshot!(run.err, @"dedup: 1 story has an id that was given before, `x` for one; kept apart as `x#2` and so on");
    assert_snapshot!(run.exits(0), @r#"
    {"type":"pair","a":"x#2","b":"y","relation":"identical","score":1.0,"jaccard":1.0,"containment_a":1.0,"containment_b":1.0,"direction":"unknown","reason":"nothing"}
    {"type":"cluster","canonical":"x#2","origin":null,"members":["x#2","y"],"weakest":1.0}
    {"type":"single","id":"x"}
    {"type":"summary","stories":3,"clusters":1,"clustered":2,"pairs":1,"skipped":0}
    "#);
}

#[test]
fn empty_stories_are_never_joined() {
    let texts = ["", "", " ", "\\n\\t", "…", "—", "!!!", "!!!", "\\u00a0", "&nbsp;"];
    let story = |(i, text)| format!("{{\"id\":\"{i}\",\"text\":\"{text}\"}}\n");
    let feed: Vec<String> = texts.iter().enumerate().map(story).collect();
    let scratch = Scratch::with(&[("feed.jsonl", feed.concat())]);
    for level in ["identical", "copy", "rewrite"] {
        let run = scratch.run(&format!("scan feed.jsonl --level {level} --format jsonl --singles"));
        assert_eq!(run.of_type("single").len(), texts.len(), "{}", run.out);
        run.exits(0);
    }
}

/// The crate that reads Parquet panics on some damage; that is a fault of the file, told as such.
#[test]
fn a_damaged_parquet_file_is_told_in_one_sentence() {
    let whole = table(&[("id", "x"), ("text", "The last ferry sails."), ("date", "2024-04-30")]);
    let scratch = Scratch::new();
    for place in 0..whole.len() {
        for bit in [0, 3, 7] {
            let mut damaged = whole.clone();
            damaged[place] ^= 1 << bit;
            scratch.write(&format!("{place:04}-{bit}.parquet"), damaged);
        }
    }
    let run = scratch.run("read . --format jsonl");
    let skipped = run.of_type("skipped");
    assert!(skipped.iter().all(|told| told["path"].as_str().unwrap().ends_with(".parquet")));
    let panics =
        |told: &&serde_json::Value| told["reason"].as_str().unwrap().contains("contradict each other");
    assert!(skipped.iter().any(|told| panics(&told)), "no file is damaged so");
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run.exits(3);
}

#[test]
fn replies_that_are_not_read_are_told_at_the_end() {
    let reply = |kind: &str, body: &str| {
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{body}");
        let head = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://fjord.example/x\r\nContent-Length: {}\r\n\r\n",
            reply.len()
        );
        [head.as_bytes(), reply.as_bytes(), b"\r\n\r\n"].concat()
    };
    let page = "<html><body><article><p>The last ferry sails on Friday.</p></article></body></html>";
    let warc = [
        warc_record("https://fjord.example/ferry", page.as_bytes()),
        reply("application/json", "{\"menu\":[]}"),
        reply("application/pdf", "%PDF-1.4"),
    ];
    let scratch = Scratch::with(&[("a.warc", warc.concat())]);
    for typed in ["read a.warc", "scan a.warc", "index add a.db a.warc"] {
        let run = scratch.run(typed);
        let told = "dedup: 2 replies in WARC were not read: 1 JSON without a story, 1 PDF";
        assert!(run.err.lines().any(|line| line == told), "{typed}: {}", run.err);
        run.exits(0);
    }
}
