//! From stories that must not be used to a flag in every form of the result.

use crate::scratch::Scratch;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use std::fs::File;

const TEXT: &str = "Barge traffic on the Vell canal came to a halt on Tuesday after 64 lock keepers walked out \
    over night shifts, leaving 212 vessels and their grain waiting between Orsa and Tamm.";

fn item(id: &str, more: &str) -> String {
    format!("{{\"uri\":\"{id}\",\"pubstatus\":\"usable\",\"body_text\":\"{TEXT}\"{more}}}\n")
}

fn folder() -> Scratch {
    let lines = [
        item("free", ""),
        item("held", ",\"PubStatus\":\"withheld\"").replace("\"pubstatus\":\"usable\",", ""),
        item("dead", "").replace("usable", "canceled"),
        item("wait", ",\"embargoed\":\"2024-05-08T00:00:00Z\""),
        item("alone", "")
            .replace("usable", "withheld")
            .replace(TEXT, "Sixteen pianos were saved from a lorry on Holm."),
    ];
    Scratch::with(&[("a.jsonl", lines.concat())])
}

const FLAGS: [(&str, &str); 3] =
    [("dead", "canceled"), ("held", "withheld"), ("wait", "embargoed until 2024-05-08T00:00:00Z")];

#[test]
fn every_form_of_the_result_flags_what_must_not_be_used() {
    let scratch = folder();
    for form in ["text", "json", "jsonl", "csv", "graphml", "gexf"] {
        let run = scratch.run(&format!("scan . --level copy --singles --format {form}"));
        for (id, flag) in FLAGS {
            let told = run.out.lines().any(|line| line.contains(id) && line.contains(flag));
            assert!(told, "{form}: {id} is not said to be {flag}\n{}", run.out);
        }
        let is_graph = form.starts_with('g');
        let alone = run.out.lines().any(|line| line.contains("alone") && line.contains("withheld"));
        assert!(is_graph || form == "json" || alone, "{form}\n{}", run.out);
        run.exits(0);
    }
}

#[test]
fn parquet_flags_too() {
    let scratch = folder();
    scratch.run("scan . --level copy --format parquet -o out.parquet").exits(0);
    let reader = SerializedFileReader::new(File::open(scratch.path("out.parquet")).unwrap()).unwrap();
    let rows: Vec<String> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    for (id, flag) in FLAGS {
        let told = |row: &String| {
            row.contains(&format!("id: \"{id}\"")) && row.contains(&format!("flag: \"{flag}\""))
        };
        assert!(rows.iter().any(told), "{rows:?}");
    }
}

#[test]
fn facts_and_near_misses_are_in_text_and_tables() {
    let line = |id: &str, source: &str, hour: u32, body: &str| {
        serde_json::json!({"id": id, "source": source, "time": format!("2024-05-01T{hour:02}:00:00Z"), "headline": "Lock keepers walk out", "body": body})
            .to_string()
    };
    let lines = [
        line("reuters-1", "Reuters", 8, TEXT),
        line("post-1", "Tasman Post", 9, &TEXT.replace("212 vessels", "240 vessels")),
        line("afp-1", "AFP", 9, TEXT),
    ];
    let scratch = Scratch::with(&[("s.jsonl", lines.join("\n"))]);
    let text = scratch.run("scan s.jsonl --facts").exits(0);
    assert!(text.contains("~ vessels 212 → 240\n"), "{text}");
    let table = scratch.run("scan s.jsonl --facts --format csv").exits(0);
    let row = |id: &str| table.lines().find(|line| line.contains(&format!(",{id},"))).unwrap().to_owned();
    assert!(row("post-1").contains(",removed,") && row("post-1").ends_with(",240,212"), "{table}");
    // An agency of its own that had the same words is not accused.
    assert!(!row("afp-1").contains(",removed,") && !row("afp-1").contains(",replaced,"), "{table}");
    let lines = scratch.run("scan s.jsonl --format jsonl").exits(0);
    assert!(
        lines.contains(r#""id":"afp-1","base":"reuters-1""#) && !lines.contains(r#""replaced""#),
        "{lines}"
    );
    let plain = scratch.run("scan s.jsonl").exits(0);
    assert!(!plain.contains("240"), "{plain}");
}

#[test]
fn all_relations_are_in_text_and_tables() {
    let near = |id: &str, n: u32, where_: &str| {
        serde_json::json!({"id": id, "source": "Bureau", "time": format!("2024-05-0{n}T08:00:00Z"), "headline": format!("Weather for {where_}"),
            "body": format!("Showers will reach {where_} by noon on day {n}, with gusts of {n}5 kilometres an hour along the shore and highs of 1{n} degrees inland, the bureau said in its daily notice to mariners and farmers.")})
            .to_string()
    };
    let scratch = Scratch::with(&[(
        "s.jsonl",
        [near("w-1", 1, "Orsa"), near("w-2", 2, "Tamm"), near("w-3", 3, "Holm")].join("\n"),
    )]);
    let text = scratch.run("scan s.jsonl --relations all").exits(0);
    let table = scratch.run("scan s.jsonl --relations all --format csv").exits(0);
    assert!(text.contains("apart  template"), "{text}");
    assert!(text.contains("Weather for Orsa"), "{text}");
    assert!(table.lines().any(|line| line.contains(",w-1,w-2,apart,template,")), "{table}");
    assert!(!scratch.run("scan s.jsonl --format csv").exits(0).contains("apart"));
}
