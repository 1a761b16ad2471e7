//! From a search of a running desk to what its list of words finds while stories come in.

use super::api::{filled, story};
use super::server::Server;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn page(server: &Server, query: &str) -> Value {
    server.get(&format!("/api/v1/clusters?q={query}")).ok()
}

/// Waits until the words of all stories are listed.
fn listed(server: &Server) {
    let begun = Instant::now();
    while page(server, "ferry")["unlisted"] != 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", server.said());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn found(server: &Server, query: &str) -> usize {
    page(server, query)["clusters"].as_array().unwrap().len()
}

#[test]
fn words_are_listed_while_the_desk_runs_and_nothing_is_missed_meanwhile() {
    let server = filled();
    assert_eq!(found(&server, "kestrel"), 1, "before anything is listed");
    listed(&server);
    assert!(server.folder.path().join("wire.db.words").is_file());
    assert_eq!((found(&server, "kestrel"), found(&server, "nowhere")), (1, 0));
    let text =
        "The mill of Henry Marsh in Ashford closed on Monday after 41 years, and 212 people lose their work.";
    server.add(&json!([story("a", "Reuters", 8, text), story("b", "Echo", 9, text)]));
    assert_eq!(found(&server, "%22henry%20marsh%22"), 1, "at once");
    listed(&server);
    assert_eq!((found(&server, "%22henry%20marsh%22"), found(&server, "%22marsh%20henry%22")), (1, 0));
    assert!(server.get("/api/v1/clusters").ok().get("unlisted").is_none(), "only where a text is looked for");
    assert!(server.get("/metrics").body.contains("\ndedup_unlisted_stories 0\n"));
}

#[test]
fn a_short_quotation_is_looked_up_in_what_others_wrote() {
    let server = filled();
    server.add(&json!([{"id": "aap-2", "source": "AAP", "headline": "KILL: Ferry aground (aap-1)", "time": "2024-03-02T13:00:00Z",
        "body": "Editors: kill the story Ferry aground (aap-1). The ferry did not run aground."}]));
    listed(&server);
    let reply = server.post("/api/v1/query", &json!({"body": "“brought ashore by lifeboats”"})).ok();
    let ids: Vec<&str> = reply["answers"][0]["found_in"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["aap-1", "post/7 ?"], "{reply}");
    let standing = |place: usize| reply["answers"][0]["found_in"][place]["standing"].clone();
    assert_eq!((standing(0), standing(1)), (json!(["killed"]), json!(["still-live"])), "{reply}");
}

#[test]
fn the_feed_is_narrowed_as_the_list_is() {
    let server = Server::open();
    let text = "The mill of Henry Marsh in Ashford closed on Monday after 41 years. The owner said that 212 people lose their work, and that the machines go to a museum.";
    server.add(&json!([story("r", "Reuters", 8, text)]));
    server.add(&json!([story("p", "Kentish Paper", 9, text)]));
    let entries = |query: &str| server.get(&format!("/api/v1/atom{query}")).body.matches("<entry>").count();
    assert_eq!(entries(""), 1);
    for (query, wanted) in [
        ("?q=henry%20marsh", 1),
        ("?q=nowhere", 0),
        ("?source=kentish%20paper", 1),
        ("?source=Reuters", 0),
        ("?agency=Reuters", 1),
        ("?agency=AFP", 0),
        ("?relation=identical", 1),
        ("?relation=translation", 0),
        ("?flag=kill", 0),
        ("?since=2024-03-02T09:00:00Z", 1),
        ("?until=2024-03-02T09:00:00Z", 0),
        ("?news=kill&q=henry", 0),
    ] {
        assert_eq!(entries(query), wanted, "{query}");
    }
    assert_eq!(server.get("/api/v1/atom?sort=newest").status, 400);
    assert_eq!(server.get("/api/v1/atom?flag=nonsense").status, 422);
}
