//! From an order to stop to an end at which nothing that was acknowledged is lost.
#![cfg(unix)]

use super::api::{filled, story};
use super::server::{Reply, Server, WRITE};
use serde_json::json;
use std::io::{Read, Write};
use std::time::Duration;

#[test]
fn it_ends_with_0_when_asked_to() {
    for signal in ["-TERM", "-INT"] {
        let mut server = filled();
        let mut stream = server.connect();
        write!(stream, "GET /api/v1/events HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).unwrap();
        stream.read_exact(&mut [0; 15]).unwrap();
        assert_eq!(server.signal(signal), Some(0), "a listener does not keep it: {}", server.said());
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert!(server.said().contains("stopping"));
    }
}

#[test]
fn what_is_in_hand_is_finished() {
    let mut server = Server::open();
    let body = json!({"id": "late", "body": "A text that comes in two parts."}).to_string();
    let mut stream = server.connect();
    let head = format!(
        "POST /api/v1/stories HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer {WRITE}\r\nContent-Length: {}\r\n\r\n",
        server.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body.as_bytes()[..10]).unwrap();
    // By then the server has the head.
    while server.get("/health").status != 200 {}
    std::thread::sleep(Duration::from_millis(300));
    let rest = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        stream.write_all(&body.as_bytes()[10..]).unwrap();
        Reply::of(stream)
    });
    assert_eq!(server.signal("-TERM"), Some(0));
    assert_eq!(rest.join().unwrap().ok()["answers"][0]["id"], "late");
    let index = dedup::Index::open_read_only(server.folder.path().join("wire.db")).unwrap();
    assert!(index.story("late").unwrap().is_some());
}

#[test]
fn a_clean_stop_leaves_no_journal() {
    for (signal, flags) in [("-TERM", &["--write-token", WRITE][..]), ("-INT", &["--rate", "0"])] {
        let mut server = filled();
        server.add(&json!([story("late", "AAP", 11, "A last text, of the evening.")]));
        if !flags.contains(&WRITE) {
            // The next one only reads, and another process adds.
            server.signal("-KILL");
            server = Server::over(std::mem::replace(&mut server.folder, tempfile::tempdir().unwrap()), flags);
            server.get("/api/v1/clusters").ok();
            let path = server.folder.path().join("wire.db");
            let mut index = dedup::Index::open(&path, Duration::from_secs(10)).unwrap();
            index.add(&[dedup::Story::new("beside", "A text that came from another process.")]).unwrap();
        }
        let path = server.folder.path().join("wire.db");
        let beside = |end: &str| path.with_file_name(format!("wire.db{end}"));
        while server.get("/api/v1/clusters?q=evening").ok()["unlisted"] != 0 {}
        assert!(beside("-wal").metadata().unwrap().len() > 0 && beside(".words").exists());
        assert_eq!(server.signal(signal), Some(0), "{}", server.said());
        assert!(!beside("-wal").exists() && !beside(".words-wal").exists(), "{signal}");
        let index = dedup::Index::open_read_only(&path).unwrap();
        assert!(index.story("late").unwrap().is_some());
    }
}

#[test]
fn what_was_answered_survives_a_kill() {
    let mut server = Server::open();
    for n in 0..20 {
        server.add(&json!([story(&format!("s{n}"), "AAP", 8, &format!("Text number {n} of a wire."))]));
    }
    assert_eq!(server.signal("-KILL"), None);
    let index = dedup::Index::open_read_only(server.folder.path().join("wire.db")).unwrap();
    assert!((0..20).all(|n| index.story(&format!("s{n}")).unwrap().is_some()));
}
