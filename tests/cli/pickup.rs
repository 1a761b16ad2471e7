//! From an agency's stories and those who carried them to its pickup, of files and of an index.

use crate::scratch::Scratch;

const TEXT: &str = "Barge traffic on the Vell canal came to a halt on Tuesday after 64 lock keepers walked out over night shifts, leaving 212 vessels and their grain waiting between Orsa and Tamm, the canal office said.";

fn stories() -> Scratch {
    let line = |id: &str, source: &str, hour: u32, headline: &str, text: &str| {
        serde_json::json!({"id": id, "source": source, "time": format!("2024-05-01T{hour:02}:00:00Z"), "headline": headline,
            "text": text, "url": format!("https://{id}.example/")})
        .to_string()
    };
    let lines = [
        line("r1", "Reuters", 8, "Lock keepers walk out", TEXT),
        line(
            "r2",
            "Reuters",
            9,
            "Pianos saved on Holm",
            "Sixteen pianos were saved from a burning lorry on the island of Holm on Wednesday, and nobody was hurt, the fire service said in a short statement.",
        ),
        line("post", "Tasman Post", 10, "=cmd|' /C calc'!A0", TEXT),
        line(
            "mail",
            "Gippsland Mail",
            11,
            "Canal at a halt",
            &format!(
                "ORSA (Reuters) - {TEXT} Mayor Ruth Okafor spoke of a bad day for the town and for all who live by the water."
            ),
        ),
        line("afp", "AFP", 12, "Lock keepers walk out", TEXT),
    ];
    Scratch::with(&[("s.jsonl", lines.join("\n"))])
}

#[test]
fn who_carried_an_agency_is_told() {
    let scratch = stories();
    let text = scratch.run("pickup s.jsonl --source reuters --quiet").exits(0);
    for wanted in [
        "Tasman Post",
        "2 h 0 min",
        "credit removed",
        "credit kept",
        "Reuters: 1 of 2 stories carried, 3 times by 3 sources",
    ] {
        assert!(text.replace("reuters:", "Reuters:").contains(wanted), "{wanted}: {text}");
    }
    let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap().to_owned();
    assert!(line("Tasman Post").contains("verbatim"), "{text}");
    assert!(!line("AFP").contains("credit"), "an agency is not accused: {text}");
}

#[test]
fn a_table_opens_in_a_spreadsheet_and_harms_nobody() {
    let scratch = stories();
    scratch.run("pickup s.jsonl --source Reuters --quiet -o p.csv").exits(0);
    let table = std::fs::read_to_string(scratch.path("p.csv")).unwrap();
    assert!(table.starts_with("\u{feff}ours,"), "{table}");
    assert!(
        table.contains(",'=cmd|' /C calc'!A0,")
            && table.contains(",https://post.example/,,7200,1,1,verbatim,identical,1,removed,"),
        "{table}"
    );
    assert!(scratch.run("pickup s.jsonl --source Reuters --format gexf").exits(0).contains("weight=\"1\""));
    let lines = scratch.run("pickup s.jsonl --source Reuters --format jsonl").exits(0);
    assert!(
        lines
            .lines()
            .last()
            .unwrap()
            .contains(r#""type":"pickup","source":"Reuters","stories":2,"carried":1,"uses":3"#),
        "{lines}"
    );
}

#[test]
fn a_source_that_is_not_there_is_an_error() {
    let scratch = stories();
    assert!(
        scratch
            .run("pickup s.jsonl --source Nobody")
            .complains(2)
            .contains("expected stories of `Nobody`, found none")
    );
    assert!(
        scratch
            .run("pickup s.jsonl --source Reuters --since 2024-05-01")
            .complains(2)
            .contains("are of an index")
    );
}

#[cfg(feature = "index")]
#[test]
fn an_index_tells_the_same() {
    let scratch = stories();
    scratch.run("index add x.db s.jsonl --level rewrite").exits(0);
    let of_files = scratch.run("pickup s.jsonl --source Reuters --format csv --quiet").exits(0);
    assert_eq!(scratch.run("pickup x.db --source Reuters --format csv").exits(0), of_files);
    let later = scratch.run("pickup x.db --source Reuters --since 2024-05-01T08:30:00Z").exits(0);
    assert!(later.contains("0 of 1 story carried"), "{later}");
}
