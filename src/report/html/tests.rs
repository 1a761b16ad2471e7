//! From the sample to a page, looked at as text.

use super::super::{Detail as Shown, Printed, sample};
use super::*;
use crate::story::{FurnitureKind, Removed};
use serde_json::Value;

/// The sample with texts: a copy with one word changed, in two scripts.
pub(super) fn printed() -> Report {
    let mut report = sample::report();
    let mut print = |story: usize, body: &str| {
        let detail = report.stories[story].detail.get_or_insert_with(|| Box::new(Shown::default()));
        let furniture = vec![(0, Removed { kind: FurnitureKind::Dateline, text: "<b>SYDNEY</b> -".into() })];
        detail.printed = Some(Box::new(Printed { body: body.into(), furniture, ..Printed::default() }));
    };
    print(0, "A ferry ran aground off Phillip Island on Sunday </script><script>alert(1)</script>");
    print(6, "A ferry ran aground off Phillip Island on Monday <!-- <script>");
    print(1, "Сев ранних яровых начался в Гродненской области");
    print(7, "В среду сев ранних яровых начался в Гродненской области");
    report
}

fn written(report: &Report) -> String {
    let mut out = Vec::new();
    Html::default().write(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) fn data(page: &str, id: &str) -> Value {
    let (_, rest) = page.split_once(&format!("<script type=\"application/json\" id=\"{id}\">")).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn a_page_holds_the_list_and_each_report() {
    let page = written(&printed());
    let summary = data(&page, "summary");
    assert_eq!(summary["counts"]["clusters"], 4);
    assert_eq!(summary["settings"]["level"], "rewrite");
    assert_eq!(summary["skipped"][0]["line"], 7);
    let rows = data(&page, "rows-0");
    assert_eq!(rows[0]["headline"], "Ferry runs aground off Phillip Island, \"no one hurt\"");
    assert_eq!(rows[0]["sources"], serde_json::json!(["AAP", "Tasman Post", "Gippsland Mail"]));
    assert_eq!(rows[0]["relations"], serde_json::json!(["copy", "excerpt"]), "as seen from the member");
    let reports = data(&page, "reports-0");
    assert_eq!(reports.as_array().unwrap().len(), 4);
    assert_eq!(reports[0]["members"][1]["taken"]["from"], 0);
}

#[test]
fn passages_are_places_in_both_bodies() {
    let reports = data(&written(&printed()), "reports-0");
    let passages = &reports[1]["pairs"][0]["passages"];
    let side = |member: usize, at: usize| {
        let body: Vec<u16> = reports[1]["members"][member]["body"].as_str().unwrap().encode_utf16().collect();
        let place = |i: usize| passages[at + i].as_u64().unwrap() as usize;
        String::from_utf16(&body[place(0)..place(1)]).unwrap().to_lowercase()
    };
    assert_eq!(side(0, 0), "сев ранних яровых начался в гродненской области");
    assert_eq!(side(0, 0), side(1, 2));
}

#[test]
fn no_text_of_a_story_is_markup() {
    let mut report = printed();
    report.stories[0].source = "<img src=x onerror=alert(1)>".into();
    report.stories[0].id = "</script><script>".into();
    report.warnings.push("<!-- </script>".into());
    report.skipped[0].reason = "</title><script>alert(1)</script>".into();
    let page = written(&report);
    assert!(!page.contains("alert(1)</script>") && !page.contains("<img") && !page.contains("<b>SYDNEY"));
    // Three elements of data and the script itself; no other is opened.
    assert_eq!(page.matches("<script").count(), 4);
    assert_eq!(page.matches("</script>").count(), 4);
}

#[test]
fn the_page_asks_for_nothing_outside() {
    // An arrow of a drawing names its head, which is in the page.
    let page = written(&printed()).replace("url(#head-", "");
    for outside in [" src=", "url(", "@import", "<link", "<iframe", "<img"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'") && !page.contains("unsafe"));
    let names = ["http://www.w3.org/2000/svg", "http://graphml.graphdrawing.org/xmlns"];
    let rest = names.iter().fold(page, |page, name| page.replace(name, ""));
    assert!(!rest.contains("http:") && !rest.contains("https:"), "addresses beside the names of XML");
}

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(written(&printed()), written(&printed()));
}

#[test]
fn much_text_is_packed_and_none_is_missed() {
    let mut report = printed();
    let long = "The ferry ran aground off the cape on Sunday. ".repeat(30_000);
    for story in [0, 6] {
        report.stories[story].detail.as_mut().unwrap().printed.as_mut().unwrap().body.clone_from(&long);
    }
    let page = written(&report);
    assert!(data(&page, "reports-0")[0].is_string() && page.len() < long.len());
    let none = written(&sample::report());
    assert_eq!(data(&none, "summary")["texts"], false);
    assert!(data(&none, "reports-0")[0]["members"][0]["body"].is_null());
}

#[test]
fn an_empty_report_is_a_page_too() {
    let page = written(&Report::default());
    assert_eq!(data(&page, "summary")["counts"]["stories"], 0);
    assert!(!page.contains("id=\"rows-"));
}

#[test]
fn bridges_stand_before_near_misses() {
    let mut report = sample::report();
    let pair = |a, b, score, cut| Pair { a, b, score, cut, ..report.pairs[0].clone() };
    report.pairs =
        vec![pair(0, 1, 0.2, false), pair(0, 2, 0.6, true), pair(0, 6, 0.9, false), pair(1, 4, 0.4, false)];
    let ends: Vec<_> = report.apart().iter().map(|pair| (pair.a, pair.b)).collect();
    assert_eq!(ends, [(0, 2), (1, 4), (0, 1)], "the pair inside a cluster is none");
    let summary = data(&written(&report), "summary");
    assert_eq!(summary["apart"][0]["cut"], true);
    assert_eq!(summary["apart"][1]["stories"][1]["report"], Value::Null, "the moon is in no report");
}
