//! From the files of `tests/cases/` to one check for each case in them.
//!
//! A file holds cases, each opened by a line `=== name`. Lines up to `---` are the story
//! (`headline:` and then the body), lines after it what is expected of it: `headline:`, `agency:`,
//! `place:`, `time:`, `byline:`, `marker:` (kind, number, text) in any order, `body:` last. A field
//! that is not named must be absent; a case without `body:` expects the body unchanged.

#[path = "cases/direction.rs"]
mod direction;

use std::fs;
use std::path::Path;

use dedup::story::{Marker, Story};
use dedup::wire;

#[derive(Debug, Default, PartialEq)]
struct Fields {
    headline: String,
    body: String,
    agency: Option<String>,
    place: Option<String>,
    time: Option<String>,
    byline: Option<String>,
    marker: Option<String>,
}

fn parse(text: &str) -> Fields {
    let mut fields = Fields::default();
    let mut body: Option<Vec<&str>> = None;
    for line in text.lines() {
        if let Some(lines) = &mut body {
            lines.push(line);
            continue;
        }
        let (name, value) =
            line.split_once(':').unwrap_or_else(|| panic!("expected `field: value`, got {line:?}"));
        let value = value.trim().to_owned();
        match name {
            "headline" => fields.headline = value,
            "agency" => fields.agency = Some(value),
            "place" => fields.place = Some(value),
            "time" => fields.time = Some(value),
            "byline" => fields.byline = Some(value),
            "marker" => fields.marker = Some(value),
            "body" => body = Some(if value.is_empty() { Vec::new() } else { vec![line[5..].trim()] }),
            other => panic!("no field {other:?}"),
        }
    }
    fields.body = body.map_or_else(String::new, |lines| lines.join("\n").trim_end().to_owned());
    fields
}

fn marker(marker: &Marker) -> String {
    let kind = serde_json::to_value(marker.kind).expect("a kind has a name");
    let number = marker.number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    format!("{} {number} {}", kind.as_str().expect("a kind is a string"), marker.text)
}

fn stripped(given: &Fields) -> Fields {
    let mut story = Story::new("case", given.body.clone());
    story.headline.clone_from(&given.headline);
    wire::strip(&mut story);
    let once = story.clone();
    wire::strip(&mut story);
    assert_eq!(
        (&once.headline, &once.body),
        (&story.headline, &story.body),
        "a second run changes nothing more"
    );
    let furniture = once.furniture;
    Fields {
        headline: once.headline,
        body: once.body,
        agency: furniture.agency,
        place: furniture.place,
        time: furniture.dateline_time,
        byline: furniture.byline,
        marker: furniture.marker.as_ref().map(marker),
    }
}

#[test]
fn wire() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/wire");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut cases, mut failures) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for case in text.split("=== ").skip(1) {
            let (name, rest) = case.split_once('\n').unwrap();
            let (given, expected) = rest.split_once("\n---").unwrap_or_else(|| panic!("{name}: no `---`"));
            let given = parse(given);
            let mut expected = parse(expected.trim_start_matches('\n').trim_end());
            if !rest.contains("\n---\nbody:") && !rest.split("\n---").nth(1).unwrap().contains("\nbody:") {
                expected.body.clone_from(&given.body);
            }
            if expected.headline.is_empty() && !rest.split("\n---").nth(1).unwrap().contains("\nheadline:") {
                expected.headline.clone_from(&given.headline);
            }
            let got = stripped(&given);
            cases += 1;
            if got != expected {
                failures.push(format!("{} {name}\n expected {expected:#?}\n got {got:#?}", file.display()));
            }
        }
    }
    assert!(cases >= 40, "only {cases} cases were read");
    assert!(failures.is_empty(), "{} of {cases} failed:\n{}", failures.len(), failures.join("\n"));
}

/// Furniture of a dozen languages goes as a whole, and prose that looks like it stays as a whole.
#[test]
fn furniture_goes_and_prose_stays() {
    const PROSE: &str =
        "The council met on Tuesday, and the bridge stays closed until spring, its clerk told the press.";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/furniture.tsv");
    let rows = fs::read_to_string(path).expect("the cases are there");
    let mut wrong = Vec::new();
    for row in rows.lines().filter(|row| !row.starts_with('#')) {
        let (kind, text) = row.split_once('\t').expect("a kind and a text");
        let (given, expected) = match kind {
            "open" => (format!("{} {PROSE}", text.trim_end()), PROSE.to_owned()),
            "tail" => (format!("{PROSE}\n{text}"), PROSE.to_owned()),
            _ => (format!("{text}\n{PROSE}\n{text}"), format!("{text}\n{PROSE}\n{text}")),
        };
        let mut story = Story::new("case", given);
        wire::strip(&mut story);
        if story.body != expected {
            wrong.push(format!("{row} -> {:?}", story.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
