//! From stories of any form to the same records, one of each cluster, and a word on the others.

use crate::scratch::Scratch;
use serde_json::Value;

const REPORT: &str = "The depot in Halbury was closed by a court on Sunday and three hundred workers were sent \
                      home without pay, the union said in a statement to the press.";
const OTHER: &str = "A dam in Tarnok was leased to a bank for ninety years and the engineers were not asked, \
                     their union said on Monday in front of the ministry.";

/// Four records: a copy of the first is the third, and the last is no story.
fn lines() -> Vec<String> {
    vec![
        format!(
            "{{ \"id\":\"a\",\"date\":\"2026-01-02\", \"text\":\"{REPORT}\",\"n\":1.50, \"tags\":[\"x\"] }}"
        ),
        format!("  {{\"text\":\"{OTHER}\",\"id\":\"b\",\"u\":\"caf\\u00e9\"}}"),
        format!("{{\"id\":\"a\",\"date\":\"2026-01-03\",\"text\":\"{REPORT} More follows.\"}}"),
        "{\"id\":\"d\",\"text\":null}".to_owned(),
    ]
}

fn read(scratch: &Scratch, name: &str) -> String {
    std::fs::read_to_string(scratch.path(name)).unwrap()
}

#[test]
fn lines_stay_as_they_came_and_in_order() {
    let scratch = Scratch::with(&[("s.jsonl", lines().join("\n"))]);
    let run = scratch.run("filter s.jsonl -o kept.jsonl --removed removed.jsonl");
    assert!(run.err.contains("3 records kept, 1 removed; 1 of the kept is no story"), "{}", run.err);
    assert_eq!(run.exits(3), "", "a record that is no story is told by the code");
    let lines = lines();
    assert_eq!(read(&scratch, "kept.jsonl"), format!("{}\n{}\n{}\n", lines[0], lines[1], lines[3]));
    let removed: Value = serde_json::from_str(&read(&scratch, "removed.jsonl")).unwrap();
    assert_eq!([&removed["type"], &removed["relation"], &removed["path"]], ["removed", "copy", "s.jsonl"]);
    // Which of two stories of one id gets the suffix is settled by what they say.
    let mut ids = [removed["id"].as_str().unwrap(), removed["of"].as_str().unwrap()];
    ids.sort_unstable();
    assert_eq!(ids, ["a", "a#2"]);
    assert_eq!(
        (&removed["line"], &removed["record"]),
        (&3.into(), &serde_json::from_str(&lines[2]).unwrap())
    );
    let keys: Vec<&String> = removed.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 8, "{keys:?}");
    // To standard output the same, for whoever packs it.
    assert_eq!(scratch.run("filter s.jsonl -q").exits(3), read(&scratch, "kept.jsonl"));
    assert_eq!(scratch.run("filter s.jsonl -q -o -").exits(3), read(&scratch, "kept.jsonl"));
    let last = scratch.run("filter s.jsonl -q --keep last").exits(3);
    assert_eq!(last, format!("{}\n{}\n{}\n", lines[1], lines[2], lines[3]));
    assert_eq!(
        scratch.fed("filter - -q", lines[..3].join("\r\n")).exits(0),
        format!("{}\r\n{}\r\n", lines[0], lines[1])
    );
}

#[test]
fn several_and_packed_files_become_one() {
    let packed = zstd::encode_all(format!("{}\n", lines()[2]).as_bytes(), 1).unwrap();
    let pretty = format!("{{\n  \"id\": \"p\",\n  \"text\": \"{OTHER}\"\n}}");
    let scratch = Scratch::with(&[
        ("in/1.jsonl", lines()[1].clone().into_bytes()),
        ("in/2.jsonl.zst", packed),
        ("in/3.json", pretty.into_bytes()),
        ("in/4.jsonl", lines()[0].clone().into_bytes()),
    ]);
    let kept = scratch.run("filter in -q").exits(0);
    assert_eq!(kept, format!("{}\n{}\n", lines()[1], lines()[0]), "the earliest stays, wherever it is");
}

#[test]
fn an_array_stays_an_array() {
    let array = format!("[\n  {},\n  {},\n  {}\n]", lines()[0], lines()[1].trim(), lines()[2]);
    let scratch = Scratch::with(&[("s.json", array)]);
    let kept = scratch.run("filter s.json -q").exits(0);
    assert_eq!(kept, format!("[\n{},\n{}\n]\n", lines()[0], lines()[1].trim()));
    assert_eq!(serde_json::from_str::<Value>(&kept).unwrap().as_array().unwrap().len(), 2);
}

#[test]
fn rows_stay_as_they_came_under_one_header() {
    let table = |rows: &[&str]| format!("id;date;text;note\r\n{}", rows.concat());
    let first = format!("a;2026-01-02;\"{REPORT}\";\"two\r\nlines; \"\"quoted\"\"\"\r\n");
    let (second, third) = (format!("b;;{OTHER};\r\n"), format!("c;2026-01-03;{REPORT};x\r\n"));
    let short = "d;2026-01-03\r\n";
    let scratch = Scratch::with(&[
        ("1.csv", table(&[&first, &second, short])),
        ("2.csv", table(&[&third])),
        ("3.csv", format!("id,text\nz,{}\n", OTHER.replace(',', " "))),
    ]);
    let run = scratch.run("filter 1.csv 2.csv --removed r.jsonl");
    assert_eq!(run.exits(3), table(&[&first, &second, short]));
    let removed: Value = serde_json::from_str(&read(&scratch, "r.jsonl")).unwrap();
    assert_eq!(
        (&removed["id"], &removed["line"], &removed["record"]),
        (&"c".into(), &2.into(), &third.trim_end().into())
    );
    let said = scratch.run("filter 1.csv 3.csv").complains(2);
    assert!(
        said.contains("1.csv is a table of the columns id;date;text;note, and 3.csv is a table of"),
        "{said}"
    );
}

/// Excel writes above the header what parts fields.
#[test]
fn a_line_above_the_header_stays_and_is_no_row() {
    let told = |rows: &str| format!("sep=;\r\nid;text\r\n{rows}");
    let row = |id: &str, text: &str| format!("{id};\"{text}\"\r\n");
    let (first, second, third) = (row("a", REPORT), row("b", OTHER), row("c", REPORT));
    let scratch = Scratch::with(&[
        ("1.csv", told(&[first.as_str(), &third, &second].concat())),
        ("2.csv", told(&third)),
        ("3.csv", format!("id;text\n{second}")),
        ("t.csv", format!("sep=\t\nid\ttext\na\t{REPORT}\nb\t{OTHER}\nc\t{REPORT}\n")),
    ]);
    let kept = told(&[first.as_str(), &second].concat());
    assert_eq!(scratch.run("filter 1.csv --removed r.jsonl -q").exits(0), kept);
    let removed: Value = serde_json::from_str(&read(&scratch, "r.jsonl")).unwrap();
    assert_eq!((&removed["id"], &removed["record"]), (&"c".into(), &third.trim_end().into()));
    assert_eq!(scratch.run("filter 1.csv 2.csv 3.csv -q").exits(0), kept);
    let tabs = scratch.run("filter t.csv -q").exits(0);
    assert_eq!(tabs, format!("sep=\t\nid\ttext\na\t{REPORT}\nb\t{OTHER}\n"));
}

#[test]
fn files_of_one_story_stay_by_name() {
    let scratch = Scratch::with(&[("in/1.txt", REPORT), ("in/2.txt", OTHER), ("in/3.txt", REPORT)]);
    let run = scratch.run("filter in --removed r.jsonl");
    assert_eq!(run.exits(0), "in/1.txt\nin/2.txt\n");
    let removed: Value = serde_json::from_str(&read(&scratch, "r.jsonl")).unwrap();
    assert_eq!(
        (&removed["of"], &removed["path"], &removed["line"]),
        (&"1.txt".into(), &"in/3.txt".into(), &Value::Null)
    );
}

#[test]
fn what_would_lose_something_is_refused() {
    let scratch = Scratch::with(&[("s.jsonl", lines()[..2].join("\n")), ("1.txt", OTHER.to_owned())]);
    for (typed, said) in [
        ("filter s.jsonl -o s.jsonl", "it is read by this run"),
        ("filter s.jsonl -o k.jsonl --removed s.jsonl", "it is read by this run"),
        ("filter s.jsonl -o k.jsonl --removed k.jsonl", "-o and --removed name one place"),
        ("filter s.jsonl --removed -", "-o and --removed name one place"),
        ("filter s.jsonl -o k.jsonl.zst", "found .zst; write to standard output and pack that"),
        ("filter s.jsonl 1.txt", "s.jsonl is JSON, and 1.txt is a file of one story"),
        ("filter no.jsonl", "no.jsonl"),
    ] {
        let err = scratch.run(typed).complains(2);
        assert!(err.contains(said), "{typed}: {err}");
    }
    assert_eq!(scratch.names(), ["1.txt", "s.jsonl"], "nothing is left behind");
    assert_eq!(read(&scratch, "s.jsonl"), lines()[..2].join("\n"));
}

#[test]
fn the_rest_of_a_cut_file_is_told() {
    let packed = zstd::encode_all(lines()[..3].join("\n").repeat(40).as_bytes(), 1).unwrap();
    let cut = &packed[..packed.len() - 20];
    let run = Scratch::with(&[("s.jsonl.zst", cut)]).run("filter s.jsonl.zst");
    assert!(run.code == 2 || run.err.contains("could not be written again"), "{}", run.err);
}

#[cfg(feature = "parquet")]
#[test]
fn columns_stay_value_for_value() {
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::reader::FileReader;
    use parquet::file::serialized_reader::SerializedFileReader;
    use parquet::file::writer::SerializedFileWriter;
    use std::sync::Arc;
    let schema = "message stories { required binary id (string); optional binary text (string);
        optional double score; optional group tags (list) { repeated group list { optional int32 element; } } }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let write = |ids: &[&str], texts: &[Option<&str>]| {
        let note = parquet::file::metadata::KeyValue::new("made".to_owned(), "by hand".to_owned());
        let properties = WriterProperties::builder().set_key_value_metadata(Some(vec![note])).build();
        let mut file = SerializedFileWriter::new(Vec::new(), schema.clone(), Arc::new(properties)).unwrap();
        let mut group = file.next_row_group().unwrap();
        let bytes = |text: &&str| ByteArray::from(*text);
        let mut column = group.next_column().unwrap().unwrap();
        let ids: Vec<ByteArray> = ids.iter().map(bytes).collect();
        column.typed::<ByteArrayType>().write_batch(&ids, None, None).unwrap();
        column.close().unwrap();
        let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
        let texts: Vec<ByteArray> = texts.iter().flatten().map(bytes).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let scores: Vec<f64> = (0..ids.len()).map(|i| i as f64 / 8.0).collect();
        column.typed::<DoubleType>().write_batch(&scores, Some(&vec![1; ids.len()]), None).unwrap();
        column.close().unwrap();
        // Row i has a list of i numbers, an empty one for the first.
        let (mut numbers, mut defs, mut reps) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..i32::try_from(ids.len()).unwrap() {
            if row == 0 {
                defs.push(1);
                reps.push(0);
            }
            for number in 0..row {
                numbers.push(number);
                defs.push(3);
                reps.push(i16::from(number > 0));
            }
        }
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(&numbers, Some(&defs), Some(&reps)).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        file.into_inner().unwrap()
    };
    let rows = |bytes: Vec<u8>| {
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let notes = reader.metadata().file_metadata().key_value_metadata().cloned().unwrap();
        assert!(notes.iter().any(|note| note.key == "made"), "{notes:?}");
        reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect::<Vec<_>>()
    };
    let first = write(&["a", "b", "c", "d"], &[Some(REPORT), Some(OTHER), None, Some(REPORT)]);
    let second = write(&["e", "f"], &[Some(OTHER), Some("Rain is expected in the valley on Tuesday.")]);
    let scratch = Scratch::with(&[("1.parquet", first.clone()), ("2.parquet", second.clone())]);
    scratch.run("filter 1.parquet 2.parquet -o kept.parquet --removed r.jsonl").exits(3);
    let (first, second) = (rows(first), rows(second));
    let kept = rows(std::fs::read(scratch.path("kept.parquet")).unwrap());
    assert_eq!(kept, [first[0].clone(), first[1].clone(), first[2].clone(), second[1].clone()]);
    let removed: Vec<Value> =
        read(&scratch, "r.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&removed[0]["line"], &removed[1]["path"]), (&4.into(), &"2.parquet".into()));
}
