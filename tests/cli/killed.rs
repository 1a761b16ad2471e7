//! From a story, its copy and a kill to what every format says of them.

use super::scratch::Scratch;

const STORY: &str = "The mayor of Ardmore resigned on Wednesday after prosecutors opened an inquiry into a contract for a new bridge over the river, her office said. She denied any wrongdoing.";

fn stories(kill: &str) -> Scratch {
    let line = |id: &str, source: &str, hour: u32, headline: &str, body: &str| {
        serde_json::json!({"id": id, "source": source, "time": format!("2024-05-01T{hour:02}:00:00Z"), "headline": headline, "body": body}).to_string()
    };
    let note = "Please do not use or publish this story, which was sent in error. The office denies the statement, and no corrected version will follow.";
    let lines = [
        line("afp-1", "AFP", 8, "Mayor of Ardmore resigns over bridge contract", STORY),
        line("post-1", "Tasman Post", 9, "Ardmore mayor quits", STORY),
        line("afp-kill", "Agence France-Presse", 10, kill, note),
    ];
    Scratch::with(&[("s.jsonl", lines.join("\n"))])
}

#[test]
fn a_kill_is_said_in_every_format() {
    for kill in [
        "KILL: Mayor of Ardmore resigns over bridge contract",
        "[KILL] Mayor of Ardmore resigns over bridge contract",
        "Mayor of Ardmore resigns over bridge contract (KILL)",
        "RETRACTED: Mayor of Ardmore resigns over bridge contract",
    ] {
        let scratch = stories(kill);
        let text = scratch.run("scan s.jsonl").exits(0);
        for wanted in ["afp-1  killed", "post-1  still live", "afp-kill  kill"] {
            assert!(text.contains(wanted), "{kill}: {text}");
        }
        let csv = scratch.run("scan s.jsonl --format csv").exits(0);
        assert!(csv.contains(",standing\n") && csv.contains(",,,still-live\n"), "{csv}");
        let lines = scratch.run("scan s.jsonl --format jsonl").exits(0);
        let wanted = r#""standing":{"afp-1":["killed"],"afp-kill":["kill"],"post-1":["still-live"]}"#;
        assert!(lines.contains(wanted), "{lines}");
    }
}

#[cfg(feature = "index")]
#[test]
fn a_recall_counts_copies_and_not_what_was_killed() {
    let scratch = stories("MANDATORY KILL: Mayor of Ardmore resigns over bridge contract");
    scratch.run("index add x.db s.jsonl --level rewrite").exits(0);
    let told = scratch.run("recall x.db afp-kill").exits(0);
    assert!(told.starts_with("afp-kill speaks of afp-1, post-1; 1 live\n"), "{told}");
    assert!(told.contains("killed     by its own source  afp-1\n"), "{told}");
    assert!(told.trim_end().ends_with("post-1"), "{told}");
}

/// A kill names what has the headline that it quotes; a rewrite of that is live, and what it is.
#[cfg(feature = "index")]
#[test]
fn a_recall_says_how_much_of_the_story_a_rewrite_has() {
    use super::scratch::TELLINGS;
    let line = |id: &str, hour: u32, headline: &str, text: &str| {
        let time = format!("2026-03-01T{hour:02}:00:00Z");
        let json = serde_json::json!({"id": id, "source": &id[1..], "date": time, "headline": headline, "text": text});
        format!("{json}\n")
    };
    let headline = "Depot in Halbury closed by a court";
    let [story, retold] = TELLINGS;
    let kill = format!("Editors: please kill the story headlined '{headline}'. It is wrong.");
    let stories = line("oCNA", 9, headline, story)
        + &line("cPost", 10, headline, story)
        + &line("rEcho", 12, "Wages lost at the tram yard", retold);
    let kill = line("kCNA", 15, &format!("KILL: {headline}"), &kill);
    let scratch = Scratch::with(&[("s.jsonl", stories), ("kill.jsonl", kill)]);
    scratch.run("index add x.db s.jsonl").exits(0);
    let run = scratch.run("recall x.db kill.jsonl --format jsonl");
    assert_eq!(run.messages()[0]["named"], serde_json::json!(["cPost", "oCNA"]));
    let live = run.of_type("live");
    let told: Vec<_> = live.iter().map(|live| (&live["id"], &live["relation"])).collect();
    assert_eq!(told, [(&"cPost".into(), &"identical".into()), (&"rEcho".into(), &"rewrite".into())]);
    assert!(live[1]["share"].as_f64().unwrap() < 0.5, "{live:?}");
    // Whether it is asked beforehand or kept there, too.
    scratch.run("index add x.db kill.jsonl").exits(0);
    assert_eq!(scratch.run("recall x.db kCNA --format jsonl").of_type("live"), live);
}

#[test]
fn the_name_of_a_file_says_its_format() {
    let scratch = stories("KILL: Mayor of Ardmore resigns over bridge contract");
    for (file, begins) in
        [("o.csv", "cluster,canonical"), ("o.json", "{\n"), ("o.jsonl", "{\"type\""), ("o.txt", "3 versions")]
    {
        scratch.run(&format!("scan s.jsonl -o {file}")).exits(0);
        let written = std::fs::read_to_string(scratch.path(file)).unwrap();
        assert!(written.starts_with(begins), "{file}: {written}");
    }
    scratch.run("scan s.jsonl -o forced.csv --format text").exits(0);
    assert!(std::fs::read_to_string(scratch.path("forced.csv")).unwrap().starts_with("3 versions"));
}
