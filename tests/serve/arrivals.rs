//! From stories that come in to what the feed says of each.

use super::api::story;
use super::server::{Server, WRITE};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};

const BODY: &str = "The mill of Henry Marsh in Ashford closed on Monday after 41 years. The owner said that 212 people lose their work, and that the machines go to a museum in the spring of next year.";

fn news(server: &Server) -> Vec<(String, Vec<String>)> {
    let arrivals = server.get("/api/v1/arrivals").ok();
    let texts =
        |list: &Value| list.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    arrivals["arrivals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap().to_owned(), texts(&one["news"])))
        .collect()
}

#[test]
fn each_kind_of_news_is_told() {
    let server = Server::open();
    let corrected = BODY.replace("212", "121");
    let added = format!("{BODY} Mayor Ruth Okafor promised help on Tuesday.");
    for (id, source, hour, body) in [
        ("reuters-1", "Reuters", 8, BODY),
        ("paper-1", "Kentish Paper", 9, BODY),
        ("echo-1", "Echo", 10, &format!("ASHFORD (Reuters) - {BODY}")),
        ("reuters-2", "Reuters", 11, &corrected),
        ("gazette-1", "Gazette", 12, &format!("ASHFORD (Reuters) - {added}")),
    ] {
        server.add(&json!([story(id, source, hour, body)]));
    }
    let told = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
    let news = news(&server);
    assert_eq!(news[0], ("reuters-1".into(), told(&["new-report"])));
    assert_eq!(news[1], ("paper-1".into(), told(&["copy-without-credit", "known-report"])));
    assert_eq!(news[2], ("echo-1".into(), told(&["known-report"])), "it names Reuters");
    assert_eq!(news[3], ("reuters-2".into(), told(&["silent-correction", "known-report"])));
    assert!(
        news[4].1.contains(&"new-information".to_owned())
            && !news[4].1.contains(&"copy-without-credit".to_owned()),
        "{news:?}"
    );
    let arrivals = server.get("/api/v1/arrivals?after=3&limit=1").ok();
    let silent = &arrivals["arrivals"][0];
    assert_eq!((&silent["number"], &silent["of"]["id"]), (&json!(4), &json!("reuters-1")));
    assert_eq!(
        (&silent["changes"]["numbers_added"], &silent["changes"]["numbers_dropped"]),
        (&json!(["121"]), &json!(["212"]))
    );
    assert_eq!(silent["changes"]["figures"], json!([{"of": "people", "was": "212", "is": "121"}]));
}

#[test]
fn neither_a_credit_nor_the_place_of_a_dateline_is_news() {
    let server = Server::open();
    server.add(&json!([story("afp-1", "AFP", 8, &format!("ASHFORD, Mar 2 (AFP) - {BODY}"))]));
    let credited = |place: &str| format!("Staff of AFP in {place} have the report.\n\n{BODY}");
    server.add(&json!([story("paper-1", "Kentish Paper", 9, &credited("Ashford"))]));
    server.add(&json!([story("echo-1", "Echo", 10, &credited("Dover"))]));
    let told = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
    let expected = [
        ("afp-1".into(), told(&["new-report"])),
        ("paper-1".into(), told(&["known-report"])),
        ("echo-1".into(), told(&["new-information", "known-report"])),
    ];
    assert_eq!(news(&server), expected, "nor does a text that names AFP leave it out");
}

#[test]
fn an_atom_feed_tells_what_matters_and_nothing_of_a_story_is_markup() {
    let server = Server::open();
    let attack = "</title><script>alert(1)</script> \u{1}&";
    server.add(&json!([story("reuters-1", "Reuters", 8, BODY)]));
    let mut copy = story("paper-1", "Kentish <Paper>", 9, BODY);
    copy["headline"] = json!(attack);
    copy["url"] = json!("https://paper.example/?a=1&b=2");
    server.add(&json!([copy]));
    let feed = server.get("/api/v1/atom");
    assert_eq!(feed.body.matches("<entry>").count(), 1, "{}", feed.body);
    assert!(feed.body.contains("<category term=\"copy-without-credit\"/>"), "{}", feed.body);
    assert!(feed.body.contains("href=\"https://paper.example/?a=1&amp;b=2\""), "{}", feed.body);
    assert!(!feed.body.contains("<script") && !feed.body.contains('\u{1}'), "{}", feed.body);
    assert_eq!(server.get("/api/v1/atom?news=new-report").body.matches("<entry>").count(), 1);
    assert_eq!(server.get("/api/v1/atom?source=Nobody").body.matches("<entry>").count(), 0);
    server.get("/api/v1/atom?news=odd").problem(422);
    server.get("/api/v1/atom?limit=1").problem(400);
}

/// What is told of the arrival with `id`, and of whom in other languages.
fn abroad(server: &Server, id: &str) -> (String, Vec<String>) {
    let arrivals = server.get("/api/v1/arrivals?limit=200").ok();
    let one = arrivals["arrivals"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
    let others = one["translations"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = |other: &Value| format!("{} {}", text(&other["language"]), text(&other["id"]));
    (text(&one["news"][0]), others.iter().map(told).collect())
}

#[test]
fn whoever_has_it_in_another_language_is_told() {
    let server = Server::open();
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/river-bridge");
    let bearer = format!("Authorization: Bearer {WRITE}");
    for name in ["sur-es-bridge", "sur-en-bridge", "folha-pt-bridge", "folha-pt-fires"] {
        let text = std::fs::read(samples.join(format!("{name}.txt"))).unwrap();
        let path = format!("/api/v1/stories?name={name}.txt");
        server.send("POST", &path, &["Content-Type: application/octet-stream", &bearer], &text).ok();
    }
    // Translations are found when an index settles.
    let path = server.folder.path().join("wire.db");
    dedup::Index::open(&path, std::time::Duration::from_secs(10)).unwrap().settle().unwrap();
    let english = server.get("/api/v1/stories/sur-en-bridge").ok()["body"].as_str().unwrap().to_owned();
    let headline = "Paraguay and Brazil join the two arms of the Northern Integration bridge";
    let add = |id: &str, source: &str, headline: &str, body: &str| {
        let time = "2024-08-14T22:30:00Z";
        server.add(&json!([{"id": id, "headline": headline, "body": body, "source": source, "time": time}]));
    };
    add("copy", "Agencia Sur", headline, &english);
    let more = "The builders said that 17 workers were hurt in three years, and that Governor Ana Ruiz of Alto \
                Paraguay will name the bridge in May.";
    add("more", "Chaco Herald", headline, &format!("{english} {more}"));
    let kill = format!(
        "EDITORS: Please kill the story “{headline},” sent Wednesday from Carmelo Peralta. Do not use it. A kill is mandatory."
    );
    add("kill", "Agencia Sur", "KILL: Paraguay--Bridge", &kill);
    let both = vec!["es sur-es-bridge".to_owned(), "pt folha-pt-bridge".to_owned()];
    assert_eq!(abroad(&server, "copy"), ("known-report".to_owned(), Vec::new()), "nothing is new of it");
    assert_eq!(abroad(&server, "more"), ("new-information".to_owned(), both.clone()));
    assert_eq!(abroad(&server, "kill"), ("kill".to_owned(), both));
    let spanish = server.get("/api/v1/stories/sur-es-bridge").ok()["body"].as_str().unwrap().to_owned();
    let told = "Los constructores dijeron que 23 obreros resultaron heridos en cinco años y que Marta Paredes, de \
                Concepción, pondrá nombre al puente en junio.";
    add("otra", "Diario del Chaco", "El puente une las orillas", &format!("{spanish} {told}"));
    let (_, others) = abroad(&server, "otra");
    assert!(
        others.contains(&"en more".to_owned()) && !others.iter().any(|one| one.ends_with(" kill")),
        "{others:?}"
    );
    let feed = server.get("/api/v1/atom?news=kill").body;
    assert!(feed.contains("In other languages: Agencia Sur (es): Paraguay y Brasil unen"), "{feed}");
    assert!(feed.contains("; Folha do Pantanal (pt): Paraguai e Brasil"), "{feed}");
    let recall = server.get("/api/v1/recall/kill").ok();
    let live = recall["live"].as_array().unwrap();
    let language = |id: &str| &live.iter().find(|one| one["id"] == id).unwrap()["language"];
    assert_eq!(language("folha-pt-bridge"), "pt", "{recall}");
    assert_eq!(language("more"), &Value::Null, "{recall}");
}

/// The next event of a stream.
fn event(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> (String, String, Value) {
    let (mut name, mut id) = (String::new(), String::new());
    for line in lines {
        let line = line.unwrap();
        if let Some(text) = line.strip_prefix("event: ") {
            text.clone_into(&mut name);
        } else if let Some(text) = line.strip_prefix("id: ") {
            text.clone_into(&mut id);
        } else if let Some(text) = line.strip_prefix("data: ") {
            return (name, id, serde_json::from_str(text).unwrap());
        }
    }
    panic!("the stream ended");
}

fn listen(server: &Server, header: &str) -> impl Iterator<Item = std::io::Result<String>> + use<> {
    let mut stream = server.connect();
    let request = format!("GET /api/v1/events HTTP/1.1\r\nHost: {}\r\n{header}\r\n", server.address);
    stream.write_all(request.as_bytes()).unwrap();
    BufReader::new(stream).lines()
}

#[test]
fn an_event_follows_an_add_and_none_is_missed() {
    let server = Server::open();
    server.add(&json!([story("a", "AAP", 8, BODY)]));
    let mut lines = listen(&server, "");
    assert_eq!(event(&mut lines).2, json!({"last": 1}));
    server.add(&json!([story("b", "Post", 9, BODY)]));
    let (name, id, arrival) = event(&mut lines);
    assert_eq!(
        (name.as_str(), id.as_str(), &arrival["id"], &arrival["of"]["id"]),
        ("arrival", "2", &json!("b"), &json!("a"))
    );
    drop(lines);
    server.add(&json!([story("c", "Echo", 10, BODY), story("d", "Sun", 11, BODY)]));
    let mut lines = listen(&server, "Last-Event-ID: 2\r\n");
    event(&mut lines);
    let missed = [event(&mut lines).2["id"].clone(), event(&mut lines).2["id"].clone()];
    assert_eq!(missed, [json!("c"), json!("d")]);
}

#[test]
fn what_another_process_adds_is_told_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wire.db");
    let mut index = dedup::Index::open_or_create(&path, &dedup::Config::default()).unwrap();
    let server = Server::over(folder, &[]);
    let mut lines = listen(&server, "");
    event(&mut lines);
    index.add(&[dedup::Story::new("from-elsewhere", BODY)]).unwrap();
    assert_eq!(event(&mut lines).2["id"], "from-elsewhere");
}
