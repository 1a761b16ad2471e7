//! From a notice that one editor has dealt with to what another sees.

use super::api::filled;
use super::server::{READ, Server};
use serde_json::json;

fn ids(reply: &serde_json::Value) -> Vec<String> {
    reply["handled"].as_array().unwrap().iter().map(|mark| mark["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_mark_lasts_and_all_see_it() {
    let server = filled();
    let path = "/api/v1/handled/post%2F7%20%3F";
    assert_eq!(server.get("/api/v1/handled").ok(), json!({"handled": []}));
    let marked = server.send("PUT", path, &[], b"").ok();
    assert_eq!(ids(&marked), ["post/7 ?"]);
    assert!(marked["handled"][0]["since"].as_i64().unwrap() > 1_700_000_000);
    assert_eq!(server.send("PUT", path, &[], b"").ok(), marked, "twice is once");
    assert_eq!(server.send("PUT", "/api/v1/handled/nobody", &[], b"").status, 404);
    let folder = server.ended();
    let again = Server::over(folder, &[]);
    assert_eq!(again.get("/api/v1/handled").ok(), marked);
    assert_eq!(again.send("DELETE", path, &[], b"").ok(), json!({"handled": []}));
    let foreign = again.send("PUT", path, &["Sec-Fetch-Site: cross-site"], b"");
    assert_eq!(foreign.status, 403, "another site marks nothing");
}

#[test]
fn who_may_not_read_marks_nothing() {
    let folder = filled().ended();
    let server = Server::over(folder, &["--read-token", READ]);
    assert_eq!(server.send("PUT", "/api/v1/handled/aap-1", &[], b"").status, 401);
    let bearer = format!("Authorization: Bearer {READ}");
    assert_eq!(ids(&server.send("PUT", "/api/v1/handled/aap-1", &[&bearer], b"").ok()), ["aap-1"]);
}
