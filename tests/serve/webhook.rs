//! From news of a desk to a program elsewhere that is told, now and then refuses, and is never waited for.

use super::api::story;
use super::server::{Server, WRITE, refused};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const BODY: &str = "The mill of Henry Marsh in Ashford closed on Monday after 41 years. The owner said that 212 people lose their work, and that the machines go to a museum in the spring of next year.";

/// A program that refuses the first events, one by each of `refusals`, and what it was sent: path and event.
fn hook(refusals: &'static [&str]) -> (String, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut first, mut length) = (String::new(), 0);
            reader.read_line(&mut first).unwrap();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let status = refusals.get(number).unwrap_or(&"204 Fine");
            let reply = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            reader.get_mut().write_all(reply.as_bytes()).unwrap();
            let path = first.split(' ').nth(1).unwrap().to_owned();
            if sender.send((path, serde_json::from_slice(&body).unwrap())).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

fn fill(server: &Server) {
    server.add(&json!([story("reuters-1", "Reuters", 8, BODY)]));
    server.add(&json!([story("paper-1", "Kentish Paper", 9, BODY)]));
}

#[test]
fn news_is_posted_and_a_refusal_is_tried_again() {
    // One that has moved has not taken it.
    let (address, events) = hook(&["302 Found"]);
    let url = format!("{address}/services/s3cret");
    let server = Server::with(&["--write-token", WRITE, "--rate", "0", "--webhook", &url]);
    fill(&server);
    let wait = Duration::from_secs(60);
    let (path, first) = events.recv_timeout(wait).unwrap();
    assert_eq!(path, "/services/s3cret");
    assert_eq!((&first["id"], &first["news"][0]), (&json!("paper-1"), &json!("copy-without-credit")));
    assert_eq!(events.recv_timeout(wait).unwrap().1, first, "it is tried again, and a new report is no news");
    let metrics = || server.get("/metrics").body;
    for _ in 0..100 {
        if metrics().contains("\ndedup_webhook_posted 1\n") {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(metrics().contains("\ndedup_webhook_lost 0\n"), "{}", metrics());
    assert!(!server.said().contains("s3cret"), "{}", server.said());
}

#[test]
fn a_dead_webhook_holds_nobody_up() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut server =
        Server::with(&["--write-token", WRITE, "--rate", "0", "--webhook", &format!("http://{free}/")]);
    fill(&server);
    assert_eq!(server.get("/api/v1/stats").ok()["stories"], 2);
    #[cfg(unix)]
    assert_eq!(server.signal("-TERM"), Some(0), "it stops at once, events or not: {}", server.said());
}

#[test]
fn an_address_of_another_kind_is_refused() {
    let (code, said) = refused(&["--write-token", WRITE, "--webhook", "ftp://example.com/"]);
    assert_eq!(code, 2);
    assert!(said.contains("expected an address such as https://example.com/hook for --webhook"), "{said}");
}
