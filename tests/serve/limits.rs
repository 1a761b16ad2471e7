//! From too much to a refusal: bytes, requests, time, stories.

use super::server::{Reply, Server, WRITE};
use serde_json::json;
use std::io::Write;

#[test]
fn a_body_beyond_the_limit_is_refused() {
    let server = Server::with(&["--write-token", WRITE, "--max-body", "10K"]);
    let body = json!({"body": "word ".repeat(4_000)}).to_string();
    let reply = server.send("POST", "/api/v1/query", &["Content-Type: application/json"], body.as_bytes());
    assert_eq!(reply.problem(413), "the body has more than 10240 bytes");
    let small = json!({"body": "word ".repeat(1_000)}).to_string();
    assert_eq!(
        server.send("POST", "/api/v1/query", &["Content-Type: application/json"], small.as_bytes()).status,
        200
    );
}

#[test]
fn too_many_stories_are_refused() {
    let server = Server::open();
    let stories: Vec<_> = (0..101).map(|n| json!({"body": format!("Text {n}.")})).collect();
    assert_eq!(
        server.post("/api/v1/query", &json!({"stories": stories})).problem(422),
        "expected 100 stories at most, found more"
    );
    let line = |n| json!({"id": format!("{n}"), "text": format!("Text {n}.")}).to_string();
    let lines = (0..1_001).map(line).collect::<Vec<_>>().join("\n");
    let headers = ["Content-Type: application/x-ndjson", &format!("Authorization: Bearer {WRITE}")];
    let reply = server.send("POST", "/api/v1/stories", &headers, lines.as_bytes());
    assert_eq!(reply.problem(422), "expected 1000 stories at most, found more");
}

#[test]
fn whoever_asks_too_often_is_told_to_wait() {
    let server = Server::with(&["--write-token", WRITE, "--rate", "1"]);
    let replies: Vec<Reply> = (0..40).map(|_| server.get("/health")).collect();
    let refused = replies.iter().find(|reply| reply.status == 429).expect("40 at once are more than 2");
    assert!(refused.head.contains("retry-after: 1"));
    refused.problem(429);
    assert!(replies[..2].iter().all(|reply| reply.status == 200), "two may come at once");
    // Another client is not made to wait for this one.
    let bearer = format!("Authorization: Bearer {WRITE}");
    assert_eq!(server.send("GET", "/health", &[&bearer], b"").status, 200);
}

#[test]
fn a_request_that_takes_too_long_is_given_up() {
    let server = Server::with(&["--write-token", WRITE, "--time-limit", "1"]);
    let mut stream = server.connect();
    let head = format!(
        "POST /api/v1/query HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        server.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(Reply::of(stream).problem(503), "the request took too long and was given up");
}
