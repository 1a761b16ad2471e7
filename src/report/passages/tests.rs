//! From a made-up run to what each form says of its passages.

use super::super::{Jsonl, Report, StoryInfo, Writer};
use super::*;
use insta::assert_snapshot;

/// A notice that three papers print, one of them without a date.
fn report() -> Report {
    let story = |id: &str, source: &str, time: Option<&str>| StoryInfo {
        id: id.into(),
        source: source.into(),
        time: time.map(|time| time.parse().unwrap()),
        ..StoryInfo::default()
    };
    let stories = vec![
        story("argus-3", "Argus", Some("1871-05-04")),
        story("bee-9", "Bee", Some("1871-04-30")),
        story("comet-1", "", None),
    ];
    let span = |story, start, end| Span { story, start, end };
    let sent = |text: &str| AsSent { text: text.into(), ..AsSent::default() };
    let shared = |a, b, changed| SharedPassage { a, b, changed, quoted: false };
    let passages = SharedPassages::of(
        vec![shared(span(1, 0, 20), span(2, 0, 20), 0), shared(span(0, 5, 25), span(1, 0, 20), 1)],
        [
            (0, sent("Né. the river rose again to-day")),
            (1, sent("the river rose again")),
            (2, sent("the river rose again")),
        ],
        &stories,
    );
    Report { stories, passages: Some(Box::new(passages)), ..Report::default() }
}

fn written(writer: &dyn Writer) -> String {
    let mut out = Vec::new();
    writer.write(&report(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn json_lines() {
    assert_snapshot!(written(&Jsonl { singles: false }), @r#"
{"type":"passage","a":"argus-3","b":"bee-9","a_start":4,"a_end":24,"b_start":0,"b_end":20,"a_text":"the river rose again","b_text":"the river rose again","changed":1,"quoted":false}
{"type":"passage","a":"bee-9","b":"comet-1","a_start":0,"a_end":20,"b_start":0,"b_end":20,"a_text":"the river rose again","b_text":"the river rose again","changed":0,"quoted":false}
{"type":"family","stories":3,"sources":["Bee","Argus"],"members":[{"id":"bee-9","source":"Bee","time":"1871-04-30","start":0,"end":20,"text":"the river rose again"},{"id":"argus-3","source":"Argus","time":"1871-05-04","start":4,"end":24,"text":"the river rose again"},{"id":"comet-1","source":null,"time":null,"start":0,"end":20,"text":"the river rose again"}]}
{"type":"summary","stories":3,"clusters":0,"clustered":0,"pairs":0,"skipped":0}
"#);
}

#[test]
fn passim() {
    let written = written(&Passim);
    let lines: Vec<serde_json::Value> =
        written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |key: &str| lines.iter().map(|line| line[key].to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(told("series"), r#""Bee" "Argus" """#);
    assert_eq!(told("date"), r#""1871-04-30" "1871-05-04" """#);
    assert_eq!((told("begin"), told("end")), ("0 4 0".into(), "20 24 20".into()));
}

#[test]
fn for_people() {
    assert_snapshot!(written(&Travels), @"
3 stories  the river rose again
  1871-04-30  Bee  bee-9  0–20
  1871-05-04  Argus  argus-3  4–24
  -  -  comet-1  0–20

3 stories · 2 shared passages · 1 families · 0 skipped
");
}

#[test]
fn every_passage_knows_its_family() {
    assert_eq!(report().passages.unwrap().family_of_each(), [Some(0), Some(0)]);
}

#[cfg(feature = "parquet")]
#[test]
fn a_table_has_a_row_a_passage() {
    use super::super::{Parquet, Rows};
    use parquet::file::reader::FileReader;
    use parquet::file::serialized_reader::SerializedFileReader;
    let mut out = Vec::new();
    Parquet { rows: Rows::Passages, singles: false }.write(&report(), &mut out).unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(out)).unwrap();
    let rows: Vec<String> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("a_start: 4") && rows[0].contains("quoted: false"), "{}", rows[0]);
    assert!(
        rows[0].contains("family: 0") && rows[0].contains("a_text: \"the river rose again\""),
        "{}",
        rows[0]
    );
}
