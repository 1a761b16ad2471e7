//! From a small folder to the HTML report, as a file and as text.

use crate::formats::small_folder;
use crate::scratch::Scratch;
use serde_json::Value;

fn data(page: &str, id: &str) -> Value {
    let (_, rest) = page.split_once(&format!("<script type=\"application/json\" id=\"{id}\">")).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn one_file_holds_all_of_it() {
    let scratch = small_folder();
    assert_eq!(scratch.run("scan . --format html -o report.html --threshold 0.6 -q").exits(3), "");
    let page = std::fs::read_to_string(scratch.path("report.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    let summary = data(&page, "summary");
    assert_eq!((&summary["settings"]["threshold"], &summary["counts"]["skipped"]), (&0.6.into(), &1.into()));
    let reports = data(&page, "reports-0");
    let texts = [0, 1].map(|member| reports[0]["members"][member]["body"].as_str().unwrap().to_owned());
    assert!(texts[0].contains("broken wrist") && texts[1].contains("broken arm"));
    assert!(!reports[0]["pairs"][0]["passages"].as_array().unwrap().is_empty());
    assert!(!reports[0]["members"][1]["changes"].is_null());
}

#[test]
fn the_page_is_the_same_for_any_threads_and_order() {
    let scratch = small_folder();
    let page = |paths: &str, threads: usize| {
        scratch.run(&format!("scan {paths} --format html --threads {threads} -q")).exits(3)
    };
    let one = page("ferry feed.jsonl", 1);
    assert_eq!(page("ferry feed.jsonl", 2), one);
    assert_eq!(page("feed.jsonl ferry", 2), one);
}

#[test]
fn a_hostile_story_stays_text() {
    let attack = "</script><script>alert(1)</script>";
    let body = "The ferry ran aground on a sandbar at the mouth of the river, forcing a rescue in swells. "
        .repeat(2);
    let line = |id: &str| {
        format!(
            "{{\"id\":\"{id}{attack}\",\"title\":\"{attack}\",\"source\":\"{attack}\",\"text\":\"{body}{attack}\"}}\n"
        )
    };
    let scratch = Scratch::with(&[("feed.jsonl", line("a") + &line("b"))]);
    let page = scratch.run("scan . --level copy --format html").exits(0);
    assert!(!page.contains(attack) && !page.contains("<script>alert"));
    assert_eq!(page.matches("<script").count(), 4);
    assert!(data(&page, "rows-0")[0]["headline"].as_str().unwrap().contains(attack));
}
