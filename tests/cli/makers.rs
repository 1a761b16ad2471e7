//! From records, telegrams and pages of other makers, in ways that are rare, to what `dedup read` says.

use crate::scratch::Scratch;
use serde_json::{Value, json};

const BODY: &str = "The harbour master of Lunvik closed the inner basin on Tuesday after a crane toppled into \
    the water. Divers found no one in the cab, Ingrid Sol said, but two barges are trapped behind it.";

fn read(name: &str, content: impl AsRef<[u8]>) -> Vec<Value> {
    let scratch = Scratch::with(&[(name, content)]);
    scratch.run(&format!("read {name} --format jsonl")).of_type("story")
}

/// Headline, source and time of each story, and how its text opens.
fn told(stories: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("none").chars().take(20).collect::<String>();
    let one = |story: &Value| ["headline", "source", "time", "text"].map(|key| text(&story[key])).join(" | ");
    stories.iter().map(one).collect()
}

#[test]
fn records_of_monitoring_services() {
    let record = |id: u64, more: &str| {
        json!({
            "id_site": 1, "id_article": id, "header": {"text": "Crane topples"}, "summary": {"text": "The harbour"},
            "body": {"text": format!("{BODY}{more}")}, "unix_timestamp": 1_715_000_000 + id,
            "first_source": {"name": "Lunvik Post", "siteurl": "lunvik.example"},
            "language": {"encoding": "UTF-8", "text": "en"},
        })
    };
    let records = [record(1, ""), record(2, " More.")];
    for reply in
        [json!({"documents": records}), json!({"searchresult": {"documents": 2, "document": records}})]
    {
        let stories = read("reply.json", reply.to_string());
        assert_eq!(
            told(&stories),
            [
                "Crane topples | Lunvik Post | 2024-05-06T12:53:21Z | The harbour master o",
                "Crane topples | Lunvik Post | 2024-05-06T12:53:22Z | The harbour master o",
            ],
            "{reply}"
        );
        assert_eq!(stories[0]["language"], "en");
    }
    // An hour beside a day says more than the day.
    let registry = json!({"articles": {"results": [{"uri": "7", "date": "2024-05-06", "time": "10:00:00",
        "dateTime": "2024-05-06T10:00:00Z", "dateTimePub": "2024-05-06T09:00:00Z", "title": "Crane", "body": BODY}]}});
    assert_eq!(read("reply.json", registry.to_string())[0]["time"], "2024-05-06T09:00:00Z");
    let graph = json!({"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "headline": "Crane",
        "datePublished": "2024-05-06", "publisher": {"name": "Lunvik Post"}, "articleBody": BODY}]});
    assert_eq!(
        told(&read("page.json", graph.to_string())),
        ["Crane | Lunvik Post | 2024-05-06 | The harbour master o"]
    );
}

#[test]
fn records_with_odd_ids_names_and_texts() {
    let text = |more: &str| serde_json::to_string(&format!("{BODY}{more}")).unwrap();
    let lines = [
        format!("{{\"id\":123456789012345678901234,\"text\":{}}}", text("")),
        format!("{{\"id\":\"\\ufeff7 \",\"title\":\"Crane\",\"text\":{}}}", text("")),
        format!(
            "{{\"id\":8,\"başlık\":\"Vinç\",\"tarih\":\"2024-05-06\",\"kaynak\":\"Liman\",\"metin\":{}}}",
            text("")
        ),
        format!("{{\"id\":9,\"titolo\":\"Gru\",\"data\":\"2024-05-06\",\"testo\":{}}}", text("")),
        format!("{{\"id\":10,\"text\":{},\"data\":{{\"value\":\"2024-05-06\"}}}}", text("")),
        format!("{{\"id\":11,\"title\":\"Crane\",\"content\":{}}}", text(" It … [+1204 chars]")),
    ];
    let scratch = Scratch::with(&[("records.jsonl", lines.join("\n"))]);
    let run = scratch.run("read records.jsonl --format jsonl");
    let stories = run.of_type("story");
    let shown = |key: &str| stories.iter().map(|story| story[key].clone()).collect::<Vec<_>>();
    assert_eq!(json!(shown("id")), json!(["123456789012345678901234", "\u{feff}7 ", "8", "9", "10", "11"]));
    let day = "2024-05-06";
    assert_eq!(json!(shown("time")), json!([null, null, day, day, null, null]));
    assert_eq!(json!(shown("headline")), json!(["", "Crane", "Vinç", "Gru", "", "Crane"]));
    for (story, end) in stories.iter().zip([""; 5].into_iter().chain([" It …"])) {
        assert_eq!(story["text"], format!("{BODY}{end}"), "{}", story["id"]);
    }
    assert!(run.err.contains("1 story has no more text than its `content`"), "{}", run.err);
}

#[test]
fn an_export_of_a_channel_is_its_messages() {
    let export = json!({"name": "Lunvik", "type": "public_channel", "id": 1, "messages": [
        {"id": 2, "type": "message", "date": "2024-05-06T12:00:00", "date_unixtime": "1714989600", "from": "Lunvik",
         "text": [{"type": "bold", "text": "Crane"}, " topples. ", {"type": "link", "text": "x.example"}, ""]},
        {"id": 3, "type": "message", "date": "2024-05-06T13:00:00", "from": "Lunvik", "text": BODY},
    ]});
    let stories = read("result.json", export.to_string());
    assert_eq!(
        told(&stories),
        [
            " | Lunvik | 2024-05-06T10:00:00Z | Crane topples. x.exa",
            " | Lunvik | 2024-05-06T13:00:00Z | The harbour master o"
        ]
    );
}

#[test]
fn entries_of_a_json_feed_are_of_the_feed() {
    let entry = |id: u64| json!({"id": id.to_string(), "title": "Crane", "content_text": BODY});
    let linked = json!({"id": "9", "url": "https://cdn.example/9", "title": "Crane", "content_html": format!("<p>{BODY}</p>")});
    let sourced = json!({"id": "8", "title": "Crane", "content_text": BODY, "source": "Other Post"});
    let feed = |version: &str, title: &str| {
        // The order of keys is that of feeds: what is said of the whole comes first.
        format!(
            "{{\"version\": \"{version}\", \"title\": {}, \"items\": [{}, {linked}, {sourced}]}}",
            json!(title),
            entry(1)
        )
    };
    let sources = |text: &str| -> Vec<Value> {
        read("feed.json", text).iter().map(|story| story["source"].clone()).collect()
    };
    let version = "https://jsonfeed.org/version/1.1";
    assert_eq!(sources(&feed(version, "Der \"Hafen\"")), ["Der \"Hafen\"", "Der \"Hafen\"", "Other Post"]);
    assert_eq!(sources(&feed("2", "Answer")), [Value::Null, json!("cdn.example"), json!("Other Post")]);
}

#[test]
fn telegrams_with_words_to_editors_and_any_zone() {
    let wire = |lines: &str, zone: &str| {
        format!(
            "\x01lnk014 4 i 211 ccccb   lnd 061\r\nCrane/\r\n\x02{lines} =\r\n   {BODY}\r\n\x03\r\n161415{zone} Jan 24\r\n\x04"
        )
    };
    for (lines, zone) in [
        ("ATTENTION EDITORS\r\nREFILE\r\nCrane topples", " GMT2"),
        ("ATTENTION EDITORS - PICTURES OF LUNVIK\r\nCrane\r\ntopples", " GMT+2"),
        ("Crane topples", " EET"),
    ] {
        assert_eq!(
            told(&read("a.7901", wire(lines, zone))),
            ["Crane topples | lnd | 2024-01-16T12:15:00Z | The harbour master o"],
            "{lines}"
        );
    }
    let crane = wire("Attention to cranes\r\nin Lunvik", "");
    assert_eq!(read("a.7901", crane)[0]["headline"], "Attention to cranes in Lunvik");
    let anpa = "\x16\x01a0123 \x1fr i \x13bc-crane \x1105-06 0210\x12\n\x02^BC-Crane, 1st Ld-Writethru,210<\n^Crane topples<\n\
                \tLUNVIK (LW) _ The harbour master closed the basin.\n\x03\nLW-NY-05-06-24 1026EDT\n\x04";
    let told = told(&read("a.anpa", anpa));
    assert!(told[0].starts_with("Crane topples | LW | 2024-05-06T14:26:00Z | "), "{told:?}");
}

#[test]
fn a_page_without_dates_in_its_head_has_one_in_its_lines() {
    let page = |head: &str, line: &str| {
        format!(
            "<html><head><title>Crane topples</title>{head}</head><body><article><h1>Crane topples</h1>\
             <div class='top'><span>{line}</span></div><p>{BODY}</p><p>{}</p></article></body></html>",
            BODY.replace("Tuesday", "that day")
        )
    };
    for (line, time) in [
        ("By Ada Lund | Published 6 May 2024", json!("2024-05-06")),
        ("Опубликовано: 6 мая 2024, 10:00", json!("2024-05-06T10:00:00Z")),
        ("Veröffentlicht am 6. Mai 2024 um 10:00 Uhr", json!("2024-05-06T10:00:00Z")),
        ("Publié le 6 mai 2024 à 10h00", json!("2024-05-06T10:00:00Z")),
        ("Updated 7 May 2024", Value::Null),
    ] {
        let story = &read("p.html", page("", line))[0];
        assert_eq!(story["time"], time, "{line}");
        assert!(story["text"].as_str().unwrap().starts_with("The harbour master"), "{story}");
    }
    let head = "<meta property='article:published_time' content='2024-05-05T08:00:00Z'>";
    assert_eq!(read("p.html", page(head, "Published 6 May 2024"))[0]["time"], "2024-05-05T08:00:00Z");
}

#[test]
fn figures_of_an_index_show_a_day_as_a_day() {
    let stories = [("a", "2024-05-06"), ("b", "2024-05-07T10:00:00Z"), ("c", "2024-05-08")]
        .map(|(id, date)| json!({"id": id, "text": format!("{BODY} {id}"), "date": date}).to_string());
    let scratch = Scratch::with(&[("a.jsonl", stories.join("\n"))]);
    scratch.run("index add y.db a.jsonl").exits(0);
    let stats = scratch.run("index stats y.db --format json").messages()[0].clone();
    assert_eq!((&stats["first"], &stats["last"]), (&json!("2024-05-06"), &json!("2024-05-08")));
    assert!(scratch.run("index stats y.db").out.contains("2024-05-06\n"));
}
