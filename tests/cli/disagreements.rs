//! From labels that a result does not agree with to the pairs in question, as lines and as a page.

use crate::scratch::Scratch;
use insta::assert_snapshot;
use serde_json::Value;

const FERRY: &str = "The ferry ran aground on a sandbar at the mouth of the river on Sunday, forcing a rescue in swells \
     that lasted until after midnight, the coast guard said. Eleven people were treated for cuts and bruises.";
const MOON: &str = "A partial eclipse of the moon will be seen over the south tonight, and over the islands if clouds \
     allow, the observatory said on Friday.";

fn story(id: &str, text: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"date\":\"2026-03-01T08:00:00Z\",\"source\":\"{id} Post\",\"title\":\"Of {id}\",\
         \"url\":\"https://{id}.example/1\",\"text\":\"{text}\"}}\n"
    )
}

/// A copy that a label calls two reports, and two strangers that one calls versions.
fn desk() -> Scratch {
    let day =
        story("a", FERRY) + &story("b", &format!("{FERRY} One had a broken wrist.")) + &story("m", MOON);
    let labels = "{\"a\":\"b\",\"b\":\"a\",\"label\":0,\"weight\":2.5,\"kind\":\"template\",\"note\":\"rule 14\"}\n\
         {\"a\":\"a\",\"b\":\"m\",\"label\":1,\"weight\":4,\"doubt\":true}\n{\"a\":\"b\",\"b\":\"m\",\"label\":0}\n";
    Scratch::with(&[("day.jsonl", day.as_str()), ("labels.jsonl", labels)])
}

fn lines(scratch: &Scratch, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(scratch.path(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_lines_keep_their_contract() {
    let scratch = desk();
    let told = scratch.run("eval labels.jsonl day.jsonl --disagreements out.jsonl").exits(0);
    assert_eq!(told, scratch.run("eval labels.jsonl day.jsonl").exits(0), "what is printed stays as it was");
    let lines = std::fs::read_to_string(scratch.path("out.jsonl")).unwrap();
    assert_snapshot!(lines, @r#"
    {"type":"disagreement","fault":"miss","a":"a","b":"m","label":1,"weight":4.0,"doubt":true,"joined":false,"together":false,"compared":false,"relation":null,"score":null,"jaccard":null,"direction":"unknown","reason":"nothing","evidence":[],"a_headline":"Of a","a_source":"a Post","a_time":"2026-03-01T08:00:00Z","a_url":"https://a.example/1","a_text":"The ferry ran aground on a sandbar at the mouth of the river on Sunday, forcing a rescue in swells that lasted until after midnight, the coast guard said. Eleven people were treated for cuts and bruises.","b_headline":"Of m","b_source":"m Post","b_time":"2026-03-01T08:00:00Z","b_url":"https://m.example/1","b_text":"A partial eclipse of the moon will be seen over the south tonight, and over the islands if clouds allow, the observatory said on Friday."}
    {"type":"disagreement","fault":"false-join","a":"a","b":"b","label":0,"weight":2.5,"kind":"template","note":"rule 14","joined":true,"together":true,"compared":true,"relation":"copy","score":0.986842,"jaccard":0.868421,"direction":"unknown","reason":"nothing","evidence":[],"a_headline":"Of a","a_source":"a Post","a_time":"2026-03-01T08:00:00Z","a_url":"https://a.example/1","a_text":"The ferry ran aground on a sandbar at the mouth of the river on Sunday, forcing a rescue in swells that lasted until after midnight, the coast guard said. Eleven people were treated for cuts and bruises.","b_headline":"Of b","b_source":"b Post","b_time":"2026-03-01T08:00:00Z","b_url":"https://b.example/1","b_text":"The ferry ran aground on a sandbar at the mouth of the river on Sunday, forcing a rescue in swells that lasted until after midnight, the coast guard said. Eleven people were treated for cuts and bruises. One had a broken wrist."}
    "#);
}

#[test]
fn a_flipped_label_of_the_samples_is_found() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let labels = std::fs::read_to_string(format!("{samples}/labels.jsonl")).unwrap();
    let ferry = "\"a\": \"aap-ferry-aground\", \"b\": \"coastline-daily-ferry\", \"label\": 1";
    assert!(labels.contains(ferry));
    let scratch = Scratch::with(&[("flipped.jsonl", labels.replace(ferry, &ferry.replace(": 1", ": 0")))]);
    let run = |labels: &str| {
        scratch.run(&format!("eval {labels} {samples} --closed --disagreements out.jsonl")).exits(0);
        lines(&scratch, "out.jsonl")
    };
    let before = run(&format!("{samples}/labels.jsonl"));
    let mut found = run("flipped.jsonl");
    found.retain(|one| !before.contains(one));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["a"], &found[0]["fault"]), (&"aap-ferry-aground".into(), &"false-join".into()));
    assert!(found[0]["a_text"].as_str().unwrap().contains("sandbar"));
    assert!(found[0]["evidence"].as_array().unwrap().iter().any(|one| one["contribution"] != 0.0));
}

#[test]
fn lines_are_labels_too() {
    let scratch = desk();
    scratch.run("eval labels.jsonl day.jsonl --disagreements out.jsonl").exits(0);
    let again = scratch.run("eval out.jsonl day.jsonl --format json").exits(0);
    assert!(again.starts_with("{\"pairs\":2,\"precision\":0.0,\"recall\":0.0"), "{again}");
    // A folder that holds the file is read as before.
    let once = scratch.run("eval labels.jsonl . --disagreements out.jsonl").exits(0);
    assert_eq!(scratch.run("eval labels.jsonl . --disagreements out.jsonl").exits(0), once);
}

#[test]
fn where_both_agree_nothing_is_told() {
    let scratch = desk();
    scratch.write(
        "right.jsonl",
        "{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n{\"a\":\"a\",\"b\":\"x\",\"label\":1}\n",
    );
    assert!(scratch.run("eval right.jsonl day.jsonl --disagreements out.jsonl").code == 3, "x is nobody");
    assert_eq!(std::fs::read_to_string(scratch.path("out.jsonl")).unwrap(), "");
}

#[test]
fn what_cannot_be_written_is_refused_and_stays() {
    let scratch = desk();
    let before = std::fs::read_to_string(scratch.path("labels.jsonl")).unwrap();
    for (out, why) in [
        ("labels.jsonl", "it is read by this run"),
        ("day.jsonl", "it is read by this run"),
        ("out.csv", "that ends in .html or .jsonl, found out.csv"),
        ("-", "that ends in .html or .jsonl, found -"),
        ("no/out.html", "cannot write no/out.html"),
    ] {
        let refused = scratch.run(&format!("eval labels.jsonl day.jsonl --disagreements {out}")).complains(2);
        assert!(refused.contains(why), "{refused}");
    }
    assert_eq!(std::fs::read_to_string(scratch.path("labels.jsonl")).unwrap(), before);
    assert_eq!(scratch.names(), ["day.jsonl", "labels.jsonl"]);
}

#[cfg(feature = "html")]
#[test]
fn the_page_is_the_same_for_any_order_and_no_text_is_markup() {
    let attack = "</script><script>alert(1)</script>";
    let scratch = desk();
    let hostile = format!("\"note\":\"{attack}\"");
    let labels = std::fs::read_to_string(scratch.path("labels.jsonl")).unwrap();
    scratch.write("labels.jsonl", labels.replace("\"note\":\"rule 14\"", &hostile));
    let page = |first: &str, second: &str| {
        scratch.write("one.jsonl", story("a", &format!("{FERRY} {attack}")) + first);
        scratch.write("two.jsonl", second);
        scratch.run("eval labels.jsonl one.jsonl two.jsonl --disagreements look.html").exits(0);
        std::fs::read_to_string(scratch.path("look.html")).unwrap()
    };
    let (b, m) = (story("b", &format!("{FERRY} {attack}")), story("m", MOON));
    let made = page(&b, &m);
    assert_eq!(page(&m, &b), made);
    assert!(!made.contains("<script>alert") && made.contains("default-src 'none'"));
    // Four elements of data and the script itself.
    assert_eq!(made.matches("<script").count(), 5);
    let (_, rows) = made.split_once("id=\"rows\">").unwrap();
    let rows: Value = serde_json::from_str(rows.split_once("</script>").unwrap().0).unwrap();
    let faults: Vec<&Value> = rows.as_array().unwrap().iter().map(|row| &row["fault"]).collect();
    assert_eq!(faults, ["miss", "false-join"], "the heaviest first");
    assert_eq!(rows[1]["label"]["note"], attack);
}
