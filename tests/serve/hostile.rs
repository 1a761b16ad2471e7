//! From stories and ids that would do harm to answers in which they are nothing but text.

use super::server::{Server, WRITE};
use serde_json::{Value, json};

const TEXT: &str = "<script>alert(1)</script> <img src=x onerror=alert(2)> \u{202e}evil\u{0} {{7*7}} '; DROP TABLE stories; -- the ferry ran aground off the cape on Sunday with everybody aboard";

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| encoded + &format!("%{byte:02X}"))
}

#[test]
fn any_id_is_an_id() {
    let server = Server::open();
    for id in
        ["../../etc/passwd", "' OR 1=1 --", "<script>", "a#b?c&d=e%2F", "🚢", "\u{0}", " ", "\n", ".", ".."]
    {
        let added = server.add(&json!([{"id": id, "headline": TEXT, "body": TEXT}]));
        assert_eq!(added["answers"][0]["id"], id);
        let path = format!("/api/v1/stories/{}", encoded(id));
        assert_eq!(server.get(&path).ok()["body"], TEXT, "{id:?}");
        let row = server.send("DELETE", &path, &[&format!("Authorization: Bearer {WRITE}")], b"");
        assert_eq!(row.ok(), json!({"removed": 1}), "{id:?}");
    }
}

#[test]
fn a_hostile_text_is_given_back_as_json_only() {
    let server = Server::open();
    server.add(&json!([{"id": "x", "headline": TEXT, "body": TEXT, "source": TEXT}, {"id": "y", "headline": TEXT, "body": TEXT, "source": "Y"}]));
    for path in [
        "/api/v1/clusters",
        "/api/v1/clusters/x",
        "/api/v1/arrivals",
        "/api/v1/explain?a=x&b=y&page=true",
        "/api/v1/flows",
    ] {
        let reply = server.get(path);
        assert!(reply.head.contains("content-type: application/json"), "{}", reply.head);
        reply.ok();
    }
    let log = server.said();
    assert!(!log.contains("script") && !log.contains("ferry"), "{log}");
}

#[test]
fn what_cannot_be_read_is_said_and_never_a_fault() {
    let server = Server::open();
    let post = |path: &str, media_type: &str, body: &[u8]| {
        let headers = [format!("Content-Type: {media_type}"), format!("Authorization: Bearer {WRITE}")];
        server.send("POST", path, &[&headers[0], &headers[1]], body)
    };
    let deep = "[".repeat(100_000);
    for (body, status) in [
        (&b""[..], 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (deep.as_bytes(), 400),
        (b"{\"body\":\"\\ud800\"}", 400),
        (b"null", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b"{\"stories\":[]}", 422),
        (b"{\"stories\":[{}]}", 422),
        (b"{\"body\":1}", 422),
        (b"{\"body\":\"a\",\"boddy\":\"b\"}", 422),
        (b"{\"body\":\"a\",\"time\":\"yesterday\"}", 422),
        (b"{\"body\":\"a\",\"id\":\"\"}", 422),
        (b"{\"body\":\" \\n\"}", 422),
    ] {
        for path in ["/api/v1/query", "/api/v1/stories"] {
            let reply = post(path, "application/json", body);
            assert_eq!(
                reply.status,
                status,
                "{path} {} {}",
                String::from_utf8_lossy(&body[..body.len().min(60)]),
                reply.body
            );
            reply.problem(status);
        }
    }
    for (media_type, name, body) in [
        ("application/octet-stream", "a.zip", &b"PK\x03\x04 not a zip"[..]),
        ("application/octet-stream", "a.parquet", b"PAR1xxxxPAR1"),
        (
            "application/octet-stream",
            "a.xml",
            b"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><nitf>&b;</nitf>",
        ),
        ("application/octet-stream", "a.json.gz", b"\x1f\x8b\x08\x00zzzz"),
        ("text/plain", "", b""),
    ] {
        let reply = post(&format!("/api/v1/query?name={name}"), media_type, body);
        let said = reply.problem(422);
        assert!(!said.contains("/tmp"), "{said}");
    }
    assert!(post("/api/v1/query", "image/png", b"x").problem(415).contains("Content-Type"));
    assert_eq!(post("/api/v1/remove", "text/plain", b"{\"ids\":[\"a\"]}").status, 415);
    assert_eq!(server.send("POST", "/api/v1/query", &[], b"{}").status, 415);
    assert_eq!(post("/api/v1/remove", "application/json", b"{\"ids\":[]}").status, 422);
    assert_eq!(server.get("/api/v1/stories/%ff").status, 400);
    assert_eq!(server.get("/api/v1/numbers/many").status, 400);
    assert_eq!(server.get("/api/v1/stats").ok()["stories"], Value::from(0));
}
