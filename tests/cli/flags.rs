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
