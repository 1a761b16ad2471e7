//! From stories sent to an index to each question that can be asked of it.

use super::server::{Server, WRITE};
use serde_json::{Value, json};

const FERRY: &str = "The ferry Kestrel ran aground off the cape on Sunday evening with 212 people aboard, and all of them were brought ashore by lifeboats before midnight, the coast guard said in a statement.";

pub(crate) fn story(id: &str, source: &str, hour: u32, body: &str) -> Value {
    json!({"id": id, "headline": format!("Ferry aground ({id})"), "body": body, "source": source, "time": format!("2024-03-02T{hour:02}:15:00Z")})
}

/// Two versions of one report and a story of another.
pub(crate) fn filled() -> Server {
    let server = Server::open();
    let moon = "A partial eclipse of the moon will be seen over the whole of the south tonight, and the observatory opens its doors to everybody at nine.";
    server.add(&json!([
        story("aap-1", "AAP", 8, FERRY),
        story("post/7 ?", "Tasman Post", 10, FERRY),
        story("tass-4", "TASS", 9, moon)
    ]));
    server
}

#[test]
fn a_text_is_looked_up_with_its_evidence() {
    let server = filled();
    let body = format!("{FERRY} A tug is on its way.");
    let reply = server.post("/api/v1/query?page=true", &json!({"body": body, "source": "Echo"})).ok();
    let answer = &reply["answers"][0];
    assert_eq!(
        (&answer["answer"], &answer["cluster"], &answer["hits_in_all"]),
        (&json!("version"), &json!("aap-1"), &json!(2))
    );
    assert_eq!(answer["evidence"]["relation"], "copy");
    assert!(answer["evidence"]["passages"][0]["text_a"].as_str().unwrap().contains("212 people aboard"));
    assert_eq!(answer["page"]["members"][1]["body"], body);
    assert_eq!(server.get("/api/v1/stats").ok()["stories"], 3, "nothing was added");
    let fresh = server
        .post("/api/v1/query?evidence=false", &json!({"body": "Quite another matter altogether."}))
        .ok();
    assert_eq!(
        (&fresh["answers"][0]["answer"], &fresh["answers"][0]["evidence"]),
        (&json!("new"), &Value::Null)
    );
}

#[test]
fn a_file_is_looked_up_by_its_form() {
    let server = filled();
    let nitf = format!(
        "<nitf><head><docdata><doc-id id-string=\"n1\"/></docdata></head><body><body.head><hedline><hl1>Ferry</hl1></hedline></body.head><body.content><p>{FERRY}</p></body.content></body></nitf>"
    );
    for (media_type, name, bytes) in [
        ("application/octet-stream", "story.xml", nitf),
        ("text/plain; charset=utf-8", "a.txt", format!("Headline: Ferry\n\n{FERRY}")),
        (
            "application/octet-stream",
            "../../x.jsonl",
            format!("{}\nnot json\n", json!({"id": "j", "text": FERRY})),
        ),
    ] {
        let header = format!("Content-Type: {media_type}");
        let reply =
            server.send("POST", &format!("/api/v1/query?name={name}"), &[&header], bytes.as_bytes()).ok();
        assert_eq!(reply["answers"][0]["answer"], "identical", "{name}: {reply}");
        assert_eq!(
            reply["skipped"].as_array().unwrap().len(),
            usize::from(name.ends_with("jsonl")),
            "{reply}"
        );
    }
}

#[test]
fn stories_are_added_once_and_removed() {
    let server = filled();
    let again = server.add(&json!([story("aap-1", "AAP", 8, FERRY)]));
    assert_eq!((&again["answers"][0]["known"], &again["answers"][0]["id"]), (&json!(true), &json!("aap-1")));
    let other = server.add(&json!([story("aap-1", "AAP", 8, "Something else under the same id.")]));
    assert_eq!(other["answers"][0]["id"], "aap-1#2");
    let kept = server.get("/api/v1/stories/post%2F7%20%3F").ok();
    assert_eq!((&kept["source"], &kept["body"]), (&json!("Tasman Post"), &json!(FERRY)));

    let bearer = format!("Authorization: Bearer {WRITE}");
    let remove = |path: &str| server.send("DELETE", path, &[&bearer], b"");
    assert_eq!(remove("/api/v1/stories/post%2F7%20%3F").ok(), json!({"removed": 1}));
    assert_eq!(remove("/api/v1/stories/post%2F7%20%3F").problem(404), "no story of the index has this id");
    let many = server.post("/api/v1/remove", &json!({"ids": ["aap-1#2", "aap-1#2", "nobody"]})).ok();
    assert_eq!(many, json!({"removed": 1, "unknown": ["nobody"]}));
    let stats = server.get("/api/v1/stats").ok();
    assert_eq!((&stats["stories"], &stats["clusters"]), (&json!(2), &json!(0)));
}

#[test]
fn clusters_come_by_pages_and_filters() {
    let server = Server::open();
    for n in 0..5 {
        let body = format!(
            "Report number {n} says that exactly {} ships of the fleet left port {n} on the day, as seen from tower {n}.",
            100 + n
        );
        server.add(&json!([
            story(&format!("a{n}"), "AAP", n, &body),
            story(&format!("b{n}"), &format!("Paper {n}"), n + 1, &body)
        ]));
    }
    let ids = |reply: &Value| {
        reply["clusters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let mut seen = Vec::new();
    let mut next = json!(u32::MAX);
    while !next.is_null() {
        let page = server.get(&format!("/api/v1/clusters?limit=2&before={next}")).ok();
        seen.extend(ids(&page));
        next = page["next"].clone();
    }
    assert_eq!(seen, ["a4", "a3", "a2", "a1", "a0"], "the latest first, each once");
    assert_eq!(ids(&server.get("/api/v1/clusters?source=paper%203").ok()), ["a3"]);
    assert_eq!(ids(&server.get("/api/v1/clusters?since=2024-03-02T04:30:00Z").ok()), ["a4"]);
    assert_eq!(ids(&server.get("/api/v1/clusters?until=2024-03-02T00:30:00Z").ok()), ["a0"]);
    assert_eq!(ids(&server.get("/api/v1/clusters?least=3").ok()), Vec::<String>::new());
    // A later version brings its report to the front.
    let body = "Report number 1 says that exactly 101 ships of the fleet left port 1 on the day, as seen from tower 1.";
    server.add(&json!([story("c1", "Late", 9, body)]));
    let page = server.get("/api/v1/clusters").ok();
    assert_eq!((ids(&page)[0].as_str(), &page["clusters"][0]["size"]), ("a1", &json!(3)));
    for wrong in ["limit=0", "limit=201", "since=yesterday"] {
        server.get(&format!("/api/v1/clusters?{wrong}")).problem(422);
    }
    for wrong in ["limit=many", "before=-1", "sources=AAP"] {
        server.get(&format!("/api/v1/clusters?{wrong}")).problem(400);
    }
}

/// The ids of a page.
fn ids(reply: &Value) -> Vec<&str> {
    reply["clusters"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

/// Three reports: of a ferry, killed; of barley, by two agencies in two languages; of a bridge, of three.
fn three() -> Server {
    let server = Server::open();
    let barley = "Сев ранних яровых начался в Гродненской области, сообщили в комитете по сельскому хозяйству; в четверг засеяно 1200 гектаров ячменя.";
    let bridge = "The old bridge of Zurich-Höngg will be closed for 14 weeks from Monday, the cantonal office said; “we ask drivers for patience,” its head told reporters.";
    server.add(&json!([story("aap-1", "AAP", 8, FERRY), story("post-1", "Tasman Post", 9, FERRY)]));
    let mut russian = [story("belta-1", "БелТА", 8, barley), story("gp-1", "Гродненская правда", 10, barley)];
    russian.iter_mut().for_each(|story| story["language"] = json!("ru"));
    server.add(&json!(russian));
    server.add(&json!([
        story("sda-1", "sda", 7, bridge),
        story("nzz-1", "NZZ", 11, bridge),
        story("tagi-1", "Tagi", 12, bridge)
    ]));
    let kill = json!({"id": "aap-2", "source": "AAP", "headline": "KILL: Ferry aground (aap-1)", "time": "2024-03-02T13:00:00Z",
        "body": "Editors: kill the story Ferry aground (aap-1). The ferry did not run aground."});
    server.add(&json!([kill]));
    server
}

#[test]
fn clusters_are_searched_filtered_and_sorted_where_they_are_kept() {
    let server = three();
    let found = |query: &str| server.get(&format!("/api/v1/clusters?{query}")).ok();
    for (query, expected) in [
        ("q=lifeboats", vec!["aap-1"]),
        ("q=ЯЧМЕН", vec!["belta-1"]),
        ("q=hongg%20zurich", vec!["sda-1"]),
        ("q=%22ask%20drivers%20for%20patience%22", vec!["sda-1"]),
        ("q=%22drivers%20ask%22", vec![]),
        ("q=tasman%20kestrel", vec!["aap-1"]),
        ("source=NZZ&source=AAP", vec!["aap-1", "sda-1"]),
        ("source=NZZ&q=lifeboats", vec![]),
        ("language=ru", vec!["belta-1"]),
        ("language=de&language=ru&q=bridge", vec![]),
        ("agency=Australian%20Associated%20Press&agency=AAP", vec!["aap-1"]),
        ("relation=identical&least=3&flag=still-live", vec!["aap-1"]),
        ("flag=kill", vec!["aap-1"]),
        ("flag=corrected", vec![]),
        ("sort=oldest", vec!["aap-1", "belta-1", "sda-1"]),
        ("sort=largest&least=3&limit=1", vec!["aap-1"]),
        ("since=2024-03-02T11:30:00Z&q=bridge", vec!["sda-1"]),
    ] {
        assert_eq!(ids(&found(query)), expected, "{query}");
    }
    for sort in ["newest", "oldest", "largest", "weakest"] {
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let page = found(&format!("sort={sort}&limit=1{next}"));
            seen.extend(ids(&page).iter().map(|id| (*id).to_owned()));
            if page["next"].is_null() {
                break;
            }
            next = format!("&before={}", page["next"]);
        }
        seen.sort();
        assert_eq!(seen, ["aap-1", "belta-1", "sda-1"], "each once by {sort}");
    }
    for sort in ["newest", "oldest", "largest", "weakest"] {
        let last = found(&format!("sort={sort}&before={}", u32::MAX));
        assert_eq!(ids(&last).len(), if sort == "newest" { 3 } else { 0 }, "{sort}");
    }
    for wrong in ["relation=cousin", "flag=odd", "sort=best", "until=soon"] {
        server.get(&format!("/api/v1/clusters?{wrong}")).problem(422);
    }
    assert_eq!(server.get("/api/v1/sources").ok()["sources"][0], json!({"name": "AAP", "stories": 2}));
}

#[test]
fn an_export_has_all_that_matches_and_says_so() {
    let server = three();
    let export = |query: &str| server.get(&format!("/api/v1/export?{query}"));
    let csv = export("format=csv&source=NZZ");
    assert_eq!(csv.status, 200);
    assert!(csv.head.to_lowercase().contains("dedup-reports: 1\r\ndedup-left-out: 0"), "{}", csv.head);
    assert_eq!(csv.body.lines().count(), 4, "{}", csv.body);
    let lines = export("").body;
    let kinds =
        |kind: &str| lines.lines().filter(|line| line.contains(&format!("\"type\":\"{kind}\""))).count();
    assert_eq!((kinds("cluster"), kinds("summary")), (3, 1));
    assert!(export("format=graphml&flag=kill").body.contains("Tasman Post"));
    assert!(!export("format=gexf&flag=kill").body.contains("NZZ"));
    export("format=xls").problem(422);
    export("limit=3").problem(400);
}

#[test]
fn one_cluster_and_two_stories_are_shown() {
    let server = filled();
    let page = server.get("/api/v1/clusters/post%2F7%20%3F").ok();
    assert_eq!(
        (&page["id"], &page["origin"], page["members"].as_array().unwrap().len()),
        (&json!("aap-1"), &json!("aap-1"), 2)
    );
    assert_eq!(page["members"][0]["body"], FERRY);
    assert_eq!(page["pairs"][0]["relation"], "identical");
    assert_eq!(page["members"][1]["credit"], "removed", "AAP is not named");
    let number = page["number"].as_u64().unwrap();
    assert_eq!(server.get(&format!("/api/v1/numbers/{number}")).ok()["id"], "aap-1");
    server.get("/api/v1/clusters/tass-4").problem(404);
    server.get("/api/v1/clusters/nobody").problem(404);
    server.get("/api/v1/numbers/99").problem(404);

    let found = server.get("/api/v1/explain?a=aap-1&b=tass-4").ok();
    assert_eq!(found["explanation"]["relation"], "related");
    let found =
        server.post("/api/v1/explain?page=true", &json!({"with": "aap-1", "story": {"body": FERRY}})).ok();
    assert_eq!(
        (&found["explanation"]["relation"], &found["page"]["pairs"][0]["relation"]),
        (&json!("identical"), &json!("identical"))
    );
    server.get("/api/v1/explain?a=aap-1").problem(400);
    server.get("/api/v1/explain?a=aap-1&b=nobody").problem(404);
}

#[test]
fn a_kill_finds_the_copies_that_still_run() {
    let server = filled();
    let kill = json!({"id": "aap-9", "source": "AAP", "time": "2024-03-02T12:00:00Z", "headline": "KILL-Ferry aground (aap-1)", "body": FERRY});
    let ids = |recall: &Value| {
        let live = recall["live"].as_array().unwrap().iter();
        live.map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let given = server.post("/api/v1/recall", &kill).ok();
    assert_eq!(ids(&given), ["post/7 ?"], "{given}");
    assert_eq!(given["killed"], json!(["aap-1"]), "what was killed is not live: {given}");
    server.add(&json!([kill]));
    let stored = server.get("/api/v1/recall/aap-9").ok();
    assert_eq!((ids(&stored), &stored["notice"]), (ids(&given), &json!("aap-9")), "{stored}");
    server.get("/api/v1/recall/nobody").problem(404);
}

#[test]
fn the_server_tells_of_itself() {
    let server = filled();
    assert_eq!(server.get("/health").ok(), json!({"status": "ok"}));
    let metrics = server.get("/metrics");
    for line in [
        "dedup_stories 3",
        "dedup_clusters 1",
        "dedup_requests_total{route=\"/api/v1/stories\",method=\"POST\",status=\"200\"} 1",
    ] {
        assert!(metrics.body.lines().any(|one| one == line), "{line}\n{}", metrics.body);
    }
    let flows = server.get("/api/v1/flows").ok();
    assert_eq!(
        (&flows["reports"], &flows["flows"][0]["from"], &flows["flows"][0]["to"]),
        (&json!(1), &json!("AAP"), &json!("Tasman Post"))
    );
}

#[test]
fn a_pickup_says_who_carried_a_source() {
    let server = three();
    let found = server.get("/api/v1/pickup?source=belta").ok();
    assert_eq!(
        (&found["stories"], &found["carried"], &found["carriers"][0]["source"]),
        (&json!(1), &json!(1), &json!("Гродненская правда"))
    );
    let one = &found["uses"][0];
    assert_eq!(
        (&one["delay"], &one["how"], &one["credit"]),
        (&json!(7_200), &json!("verbatim"), &json!("removed"))
    );
    let killed = server.get("/api/v1/pickup?source=AAP").ok();
    assert_eq!(killed["uses"][0]["theirs"]["standing"], json!(["still-live"]));
    assert_eq!(killed["uses"][0]["ours"]["standing"], json!(["killed"]));
    assert!(server.get("/api/v1/pickup?source=AAP&format=csv").body.starts_with("\u{feff}ours,"));
    server.get("/api/v1/pickup?source=Nobody").problem(404);
    server.get("/api/v1/pickup").problem(400);
    server.get("/api/v1/pickup?source=AAP&since=soon").problem(422);
}
