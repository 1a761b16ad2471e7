//! From a table of publishers to how many newsrooms have a report, and what is never tied.

use crate::scratch::Scratch;

const TEXT: &str = "Barge traffic on the Vell canal came to a halt on Tuesday after 64 lock keepers walked out over night shifts, leaving 212 vessels and their grain waiting between Orsa and Tamm, the canal office said.";

fn stories() -> Scratch {
    let line = |id: &str, source: &str, url: &str, hour: u32| {
        serde_json::json!({"id": id, "source": source, "time": format!("2024-05-01T{hour:02}:00:00Z"), "headline": "Canal at a halt",
            "text": TEXT, "url": url})
        .to_string()
    };
    let lines = [
        line("a-reuters", "Reuters", "", 8),
        line("b-north", "Post North", "https://north.post.example/1", 9),
        line("c-south", "Post South", "https://south.post.example/1", 10),
        line("d-mail", "Gippsland Mail", "", 11),
        line("e-echo", "Echo", "", 12),
    ];
    Scratch::with(&[
        ("s.jsonl", lines.join("\n")),
        ("p.tsv", "# ours\nGippsland Mail\tIsland Press\nEcho\tIsland Press\n".to_owned()),
        ("never.tsv", "Echo\t!Reuters\n".to_owned()),
    ])
}

#[test]
fn a_cluster_says_how_many_newsrooms_have_it() {
    let scratch = stories();
    let line = "5 stories, 4 newsrooms, none independent of Reuters";
    let text = scratch.run("scan s.jsonl --quiet").exits(0);
    assert!(text.lines().nth(1).unwrap().trim() == line, "{text}");
    let text = scratch.run("scan s.jsonl --quiet --publishers p.tsv").exits(0);
    assert!(text.contains("5 stories, 3 newsrooms, none independent of Reuters"), "{text}");
    for format in ["json", "jsonl"] {
        let out = scratch.run(&format!("scan s.jsonl --format {format}")).exits(0);
        assert!(out.contains(r#""newsrooms":4,"independent":0"#), "{format}: {out}");
    }
    let pickup = scratch.run("pickup s.jsonl --source Reuters --quiet --publishers p.tsv").exits(0);
    assert!(pickup.contains("4 times by 4 sources, 2 newsrooms"), "{pickup}");
}

#[test]
fn outlets_that_must_not_be_tied_are_not_whatever_their_texts() {
    let scratch = stories();
    for level in ["identical", "copy", "rewrite"] {
        let run = scratch.run(&format!("scan s.jsonl --level {level} --format jsonl --publishers never.tsv"));
        let clusters = run.of_type("cluster");
        assert_eq!(clusters.len(), 1, "{level}");
        assert_eq!(
            clusters[0]["members"],
            serde_json::json!(["a-reuters", "b-north", "c-south", "d-mail"]),
            "{level}"
        );
        let both = |pair: &serde_json::Value| pair["a"] == "a-reuters" && pair["b"] == "e-echo";
        assert!(!run.of_type("pair").iter().any(both), "{level}");
    }
    let own = scratch.run("scan s.jsonl --format jsonl");
    assert_eq!(own.of_type("cluster")[0]["members"].as_array().unwrap().len(), 5);
}

#[test]
fn an_index_keeps_the_table_and_says_what_a_scan_says() {
    let scratch = stories();
    scratch.run("index add x.db s.jsonl --quiet --publishers never.tsv").exits(0);
    let of = |run: &crate::scratch::Outcome| {
        let members = |cluster: serde_json::Value| cluster["members"].to_string();
        run.of_type("cluster").into_iter().map(members).collect::<Vec<_>>()
    };
    let scanned = of(&scratch.run("scan s.jsonl --format jsonl --publishers never.tsv"));
    assert_eq!(scanned, [r#"["a-reuters","b-north","c-south","d-mail"]"#]);
    assert_eq!(of(&scratch.run("index list x.db --format jsonl")), scanned);
    scratch.run("index settle x.db").exits(0);
    assert_eq!(of(&scratch.run("index list x.db --format jsonl")), scanned);
    let told = scratch.run("explain a-reuters e-echo --index x.db").exits(0);
    assert!(told.contains("Kept apart: the table of publishers says that these are never tied"), "{told}");
    let told = scratch.run("explain a-reuters e-echo --index x.db --format json").exits(0);
    assert!(told.contains(r#""kept_apart": true"#), "{told}");
    let told = scratch.run("index add x.db s.jsonl --publishers p.tsv").complains(2);
    assert!(told.contains("made with publishers of its own, asked for another"), "{told}");
    scratch.run("index add x.db s.jsonl --quiet --publishers never.tsv").exits(0);
    let pickup = scratch.run("pickup x.db --source Reuters --quiet --publishers p.tsv").exits(0);
    assert!(pickup.contains("3 times by 3 sources"), "{pickup}");
}

#[test]
fn a_table_of_another_form_is_refused_and_an_index_unties_nothing_afterwards() {
    let scratch = stories();
    std::fs::write(scratch.path("bad.tsv"), "Post\n").unwrap();
    let told = scratch.run("scan s.jsonl --publishers bad.tsv").complains(2);
    assert!(told.contains("bad.tsv: line 1 of the publishers: expected outlet<TAB>publisher"), "{told}");
    scratch.run("index add x.db s.jsonl").exits(0);
    let told = scratch.run("pickup x.db --source Reuters --publishers never.tsv").complains(2);
    assert!(told.contains("made without these lines with !"), "{told}");
    let told = scratch.run("scan s.jsonl --against x.db --publishers never.tsv").complains(2);
    assert!(told.contains("made without these lines with !"), "{told}");
    let pickup = scratch.run("pickup x.db --source Reuters --publishers p.tsv").exits(0);
    assert!(pickup.contains("4 times by 4 sources, 2 newsrooms"), "{pickup}");
}
