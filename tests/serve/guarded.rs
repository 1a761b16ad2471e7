//! From whoever asks to what is refused: without a token, from another site, by another name.

use super::api::{filled, story};
use super::server::{READ, Server, WRITE, refused};
use serde_json::json;
use std::fs;

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

#[test]
fn nobody_writes_without_the_write_token() {
    let server = Server::with(&["--write-token", "env:TOKEN_OF_TEST", "--read-token", READ]);
    let body = json!({"stories": [story("a", "AAP", 8, "Some text.")]}).to_string();
    let add = |headers: &[&str]| {
        server.send(
            "POST",
            "/api/v1/stories",
            &[&["Content-Type: application/json"], headers].concat(),
            body.as_bytes(),
        )
    };
    let reply = add(&[]);
    assert_eq!(reply.problem(401), "a write token is needed: Authorization: Bearer TOKEN");
    assert!(reply.head.contains("www-authenticate: bearer"));
    assert_eq!(add(&[&bearer("guess")]).problem(401), "this token is not known");
    assert_eq!(add(&["Authorization: Basic abc"]).status, 401);
    assert_eq!(add(&[&bearer(READ)]).problem(403), "this token may read only; writing needs a write token");
    assert_eq!(add(&[&bearer(WRITE)]).status, 200);
    for path in ["/api/v1/stories/a", "/api/v1/remove"] {
        let method = if path.ends_with('a') { "DELETE" } else { "POST" };
        server.send(method, path, &["Content-Type: application/json"], b"{\"ids\":[\"a\"]}").problem(401);
    }
}

#[test]
fn a_read_token_guards_all_that_says_anything_of_stories() {
    let server = Server::with(&["--read-token", READ, "--write-token", WRITE]);
    for path in [
        "/api/v1/stats",
        "/api/v1/clusters",
        "/api/v1/stories/a",
        "/api/v1/events",
        "/api/v1/arrivals",
        "/metrics",
        "/api/v1/explain?a=a&b=b",
        "/api/v1/recall/a",
        "/nowhere",
    ] {
        assert_eq!(server.get(path).status, 401, "{path}");
    }
    for path in ["/", "/desk.js", "/desk.css", "/health", "/openapi.json"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    assert_eq!(server.send("GET", "/api/v1/stats", &[&bearer(READ)], b"").status, 200);
    assert_eq!(server.send("GET", "/api/v1/stats", &[&bearer("read-token-of-a-tesu")], b"").status, 401);
}

#[test]
fn a_server_without_a_write_token_takes_nothing() {
    let server = filled();
    let folder = server.ended();
    let server = Server::over(folder, &[]);
    assert_eq!(server.get("/api/v1/stats").ok()["stories"], 3);
    let sentence = "this server takes no stories; start it with --write-token";
    assert_eq!(
        server.post("/api/v1/stories", &story("b", "AAP", 8, "Text.")).problem(401),
        "this token is not known"
    );
    assert_eq!(server.send("DELETE", "/api/v1/stories/aap-1", &[], b"").problem(403), sentence);
}

#[test]
fn other_sites_and_other_names_are_refused() {
    let server = filled();
    let body = json!({"body": "A text."}).to_string();
    let query = |headers: &[&str]| {
        server.send(
            "POST",
            "/api/v1/query",
            &[&["Content-Type: application/json"], headers].concat(),
            body.as_bytes(),
        )
    };
    assert_eq!(
        query(&["Origin: https://evil.example"]).problem(403),
        "another site sent this request; it is refused"
    );
    assert_eq!(query(&["Origin: null"]).status, 403);
    assert_eq!(query(&["Sec-Fetch-Site: cross-site"]).status, 403);
    assert_eq!(
        query(&[&format!("Origin: http://{}", server.address), "Sec-Fetch-Site: same-origin"]).status,
        200
    );
    assert_eq!(server.send("GET", "/api/v1/stats", &["Sec-Fetch-Site: cross-site"], b"").status, 403);
    assert_eq!(
        server
            .send(
                "POST",
                "/api/v1/stories",
                &[&bearer(WRITE), "Origin: http://evil.example", "Content-Type: application/json"],
                body.as_bytes()
            )
            .status,
        403,
        "a token changes nothing"
    );
    // A name that somebody else has made to point here.
    server.send("GET", "/api/v1/stats", &["Host: evil.example"], b"").problem(421);
    assert_eq!(server.send("GET", "/api/v1/stats", &["Host: localhost:7700"], b"").status, 200);
}

#[test]
fn every_reply_is_strict() {
    let server = filled();
    for reply in [
        server.get("/"),
        server.get("/desk.js"),
        server.get("/api/v1/stats"),
        server.get("/nowhere"),
        server.send("PUT", "/", &[], b""),
    ] {
        for line in [
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "x-frame-options: deny",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "default-src 'none'",
        ] {
            assert!(reply.head.contains(line), "{line}\n{}", reply.head);
        }
        assert!(!reply.head.contains("unsafe") && !reply.head.contains("access-control"), "{}", reply.head);
    }
    let page = server.get("/").body;
    assert!(
        !page.contains("<style")
            && !page.contains("style=")
            && !page.contains("onclick")
            && page.matches("<script").count() == 1,
        "nothing inline"
    );
    server.get("/nowhere").problem(404);
    let reply = server.send("PUT", "/api/v1/stats", &[], b"");
    reply.problem(405);
    assert!(reply.head.contains("allow: "), "{}", reply.head);
}

#[test]
fn it_does_not_listen_where_it_would_be_open() {
    let (code, said) = refused(&["--listen", "0.0.0.0:0"]);
    assert_eq!((code, said.contains("other machines could read the index")), (2, true), "{said}");
    let (code, said) = refused(&["--listen", "0.0.0.0:0", "--read-token", "short"]);
    assert_eq!((code, said.contains("16 characters or more")), (2, true), "{said}");
    let (code, said) = refused(&["--read-token", "env:NO_SUCH_TOKEN_OF_TEST"]);
    assert_eq!((code, said.contains("NO_SUCH_TOKEN_OF_TEST")), (2, true), "{said}");
    let (code, said) = refused(&[]);
    assert_eq!((code, said.contains("wire.db")), (2, true), "{said}");
}

#[test]
fn tokens_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tokens"), format!("# of the desk\nread {READ}\nwrite {WRITE}\n")).unwrap();
    let server = Server::over(folder, &["--token-file", "tokens"]);
    server.get("/api/v1/stats").problem(401);
    server.add(&json!([story("a", "AAP", 8, "A text.")]));
    assert!(server.said().contains("tokens can be read by other users"), "{}", server.said());
}
