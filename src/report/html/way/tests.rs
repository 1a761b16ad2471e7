//! From made-up passages to a page, looked at as text.

use super::super::tests::data;
use super::super::{Html, Writer};
use super::*;
use crate::config::{Config, Passages};
use crate::report::SharedPassage;
use crate::report::sample;
use serde_json::json;

/// A notice that three papers print, one of them without a date, and whatever one of them says beside
/// it.
fn report(beside: &str) -> Report {
    let story = |id: &str, source: &str, time: Option<&str>| StoryInfo {
        id: id.into(),
        source: source.into(),
        url: format!("https://{id}.example/"),
        time: time.map(|time| time.parse().unwrap()),
        tokens: 9,
        ..StoryInfo::default()
    };
    let stories = vec![
        story("argus", "Argus", Some("1871-05-04T10:00:00Z")),
        story("bee", "Bee", Some("1871-04-30")),
        story("comet", "", None),
        story("dial", "Dial", None),
    ];
    let texts = ["🚢 né: the river rose again to-day", "the river rose again", "the river rose again"];
    let sent = |text: String| AsSent { text: text.into(), headline: "Floods".into(), language: "en".into() };
    let holders = (0..).zip(texts.map(|text| sent(format!("{text}{beside}"))));
    let span = |story, start: usize| Span { story, start, end: start + "the river rose again".len() };
    let shared = |a, b| SharedPassage { a, b, changed: 0, quoted: false };
    let start = texts[0].find("the").unwrap();
    let shared = vec![shared(span(0, start), span(1, 0)), shared(span(1, 0), span(2, 0))];
    let found = SharedPassages::of(shared, holders, &stories);
    Report { stories, passages: Some(Box::new(found)), ..Report::default() }
}

fn written(report: &Report, passages: Passages) -> String {
    let config = Config::builder().passages(passages).least(4).build().unwrap();
    let mut out = Vec::new();
    Html { config }.write(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_page_holds_the_way_of_each_passage() {
    let page = written(&report(""), Passages::Any);
    assert!(page.contains("<title>1 passages in 4 stories"));
    assert_eq!(data(&page, "summary")["settings"]["level"], "passage");
    assert_eq!(
        data(&page, "passages"),
        json!({"families": 1, "shared": 2, "stories": 3, "least": 4, "texts": true})
    );
    let row = &data(&page, "ways-0")[0];
    assert_eq!((&row["text"], &row["printings"]), (&"the river rose again".into(), &3.into()));
    assert_eq!((&row["sources"], &row["undated"]), (&json!(["Bee", "Argus"]), &1.into()));
    assert_eq!(row["day"], true, "a day is no midnight");
    let printings = data(&page, "passages-0")[0]["printings"].as_array().unwrap().clone();
    let told: Vec<_> =
        printings.iter().map(|one| (one["id"].as_str().unwrap(), one["time"].is_null())).collect();
    assert_eq!(told, [("bee", false), ("argus", false), ("comet", true)], "by time, those without one last");
    assert_eq!((&printings[0]["day"], &printings[1]["day"]), (&true.into(), &json!(null)));
    assert_eq!(printings[0]["url"], "https://bee.example/");
    let places: Vec<_> = printings.iter().map(|one| (one["start"].clone(), one["end"].clone())).collect();
    assert_eq!(
        places,
        [(0, 20), (6, 26), (0, 20)].map(|(start, end)| (start.into(), end.into())),
        "characters"
    );
}

#[test]
fn a_story_says_where_its_passages_stand() {
    let page = written(&report(""), Passages::Any);
    let stories = data(&page, "stories-0");
    assert_eq!(stories.as_array().unwrap().len(), 3, "of those that hold one");
    let text: Vec<u16> = stories[0]["text"].as_str().unwrap().encode_utf16().collect();
    let place = |i: usize| stories[0]["passages"][0][i].as_u64().unwrap() as usize;
    assert_eq!(String::from_utf16(&text[place(0)..place(1)]).unwrap(), "the river rose again");
    assert_eq!(place(2), 0);
}

#[test]
fn texts_that_are_too_much_are_left_out_and_that_is_said() {
    let mut report = report("");
    report.stories[1].tokens = u32::try_from(Printed::MOST).unwrap();
    let page = written(&report, Passages::Any);
    assert_eq!(data(&page, "passages")["texts"], false);
    assert!(data(&page, "stories-0")[1]["text"].is_null());
    assert_eq!(data(&page, "passages-0")[0]["printings"][0]["text"], "the river rose again");
}

#[test]
fn much_text_is_packed() {
    let page = written(&report(&"The ferry ran aground off the cape. ".repeat(30_000)), Passages::Any);
    assert!(data(&page, "stories-0")[0].is_string() && data(&page, "passages-0")[0].is_string());
    assert!(page.len() < 300_000);
}

#[test]
fn a_hostile_passage_is_no_markup() {
    let mut report = report(" </script><script>alert(1)</script><!-- <img src=x>");
    report.stories[0].source = "</script><script>alert(2)</script>".into();
    let page = written(&report, Passages::Any);
    assert!(!page.contains("alert(1)</script>") && !page.contains("alert(2)</script>"));
    assert!(!page.contains("<img"));
    // Five elements of data and the script itself.
    assert_eq!(page.matches("<script").count(), 6);
}

#[test]
fn a_page_without_passages_carries_nothing_of_them() {
    let mut with = sample::report();
    let plain = written(&with, Passages::Off);
    for of_passages in ["passageViews(", "#/passage/", ".printings {", "id=\"ways-", "id=\"passages\""] {
        assert!(!plain.contains(of_passages), "{of_passages}");
    }
    with.passages = Some(Box::default());
    let page = written(&with, Passages::Joined);
    assert!(page.contains("startPage(passageViews)") && data(&page, "passages")["families"] == 0);
    assert_eq!(data(&page, "rows-0"), data(&plain, "rows-0"));
}

#[test]
fn a_passage_is_cut_at_a_word() {
    let long = "the river rose again ".repeat(30);
    let cut = beginning(&long);
    assert!(
        cut.ends_with(" the…")
            || cut.ends_with(" river…")
            || cut.ends_with(" rose…")
            || cut.ends_with(" again…")
    );
    assert_eq!(beginning("short"), "short");
    assert!(beginning(&"語".repeat(900)).chars().count() == LETTERS + 1);
}
