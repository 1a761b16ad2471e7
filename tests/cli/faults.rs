//! From command lines that would lose something to a refusal, and from findings to the exit code
//! that tells of them.

use crate::scratch::{Scratch, TELLINGS};

const COPIES: &str = "{\"id\":\"a\",\"text\":\"The depot in Halbury was closed by a court on Sunday and hundreds were sent home.\"}\n\
                      {\"id\":\"b\",\"text\":\"The depot in Halbury was closed by a court on Sunday and hundreds were sent home.\"}\n";

fn desk() -> Scratch {
    Scratch::with(&[("in/a.jsonl", COPIES), ("b.jsonl", COPIES)])
}

#[test]
fn an_output_never_takes_the_place_of_what_is_read() {
    let scratch = desk();
    scratch.run("index add y.db b.jsonl").exits(0);
    let before = |name: &str| std::fs::read(scratch.path(name)).unwrap();
    let (stories, index) = (before("b.jsonl"), before("y.db"));
    for typed in [
        "scan b.jsonl -o b.jsonl",
        "scan b.jsonl -o ./in/../b.jsonl",
        "scan in b.jsonl -o in/a.jsonl",
        "scan . -o b.jsonl",
        "scan b.jsonl -o y.db",
        "scan b.jsonl --against y.db -o y.db",
        "scan b.jsonl -o y.db.lock",
        "index list y.db -o y.db",
    ] {
        let err = scratch.run(typed).complains(2);
        assert!(err.contains("cannot write ") && err.contains("name another file with -o"), "{typed}: {err}");
        assert_eq!((before("b.jsonl"), before("y.db")), (stories.clone(), index.clone()), "{typed}");
        assert_eq!(before("in/a.jsonl"), COPIES.as_bytes());
    }
    scratch.run("scan b.jsonl -o in/b.txt").exits(0);
    scratch.run("index list y.db -o list.txt").exits(0);
    assert_eq!(scratch.run("index stats y.db --format json").messages()[0]["stories"], 2);
}

/// Labels, tables, a model: whatever a command line names is read by it.
#[test]
fn no_file_that_is_named_beside_the_stories_is_replaced_either() {
    let scratch = desk();
    let sourced = COPIES.replace("\"id\"", "\"source\":\"Post\",\"id\"");
    for (name, text) in [
        ("publishers", "post.example\tPost\n"),
        ("lexicon", "de\tHafen\tharbour\n"),
        ("model", dedup::relation::model::Model::default().to_string().as_str()),
        ("labels.jsonl", "{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n"),
        ("post.jsonl", &sourced),
    ] {
        scratch.write(name, text);
    }
    for (typed, named) in [
        ("scan b.jsonl --publishers publishers -o", "publishers"),
        ("scan b.jsonl --lexicon lexicon -o", "lexicon"),
        ("scan b.jsonl --model model -o", "model"),
        ("filter b.jsonl --model model -o", "model"),
        ("filter b.jsonl --lexicon lexicon --removed", "lexicon"),
        ("fit labels.jsonl b.jsonl -o", "labels.jsonl"),
        ("fit labels.jsonl b.jsonl --lexicon lexicon -o", "lexicon"),
        ("eval labels.jsonl b.jsonl --disagreements", "labels.jsonl"),
        ("pickup post.jsonl --source Post -o", "post.jsonl"),
        ("pickup post.jsonl --source Post --publishers publishers -o", "publishers"),
        ("pickup . --source Post -o", "b.jsonl"),
    ] {
        let before = std::fs::read(scratch.path(named)).unwrap();
        let err = scratch.run(&format!("{typed} {named}")).complains(2);
        assert!(err.contains("it is read by this run"), "{typed}: {err}");
        assert_eq!(std::fs::read(scratch.path(named)).unwrap(), before, "{typed}");
    }
    scratch.run("pickup post.jsonl --source Post -o pickup.txt").exits(0);
}

#[cfg(unix)]
#[test]
fn links_and_standard_input_are_other_names_of_what_is_read() {
    let scratch = desk();
    std::os::unix::fs::symlink(scratch.path("b.jsonl"), scratch.path("link.jsonl")).unwrap();
    std::fs::hard_link(scratch.path("b.jsonl"), scratch.path("hard.jsonl")).unwrap();
    for typed in ["scan b.jsonl -o link.jsonl", "scan link.jsonl -o b.jsonl", "scan b.jsonl -o hard.jsonl"] {
        assert!(scratch.run(typed).complains(2).contains("it is read by this run"), "{typed}");
    }
    let run = format!("{} scan - -o b.jsonl < b.jsonl", env!("CARGO_BIN_EXE_dedup"));
    let output =
        std::process::Command::new("sh").args(["-c", &run]).current_dir(scratch.folder()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read(scratch.path("b.jsonl")).unwrap(), COPIES.as_bytes());
}

#[test]
fn duplicates_are_told_by_the_code_though_a_record_was_skipped() {
    let scratch = Scratch::with(&[
        ("s.jsonl", format!("{COPIES}{{\n")),
        ("one.jsonl", "{\"id\":\"c\",\"text\":\"x\"}\n{\n".into()),
    ]);
    assert!(scratch.run("scan s.jsonl --check").exits(1).contains("skipped"));
    scratch.run("scan s.jsonl").exits(3);
    scratch.run("scan one.jsonl --check").exits(3);
    scratch.run("index add y.db s.jsonl").exits(3);
    scratch.run("index query y.db s.jsonl --check").exits(1);
}

#[test]
fn senseless_threads_and_memory_are_refused_and_many_threads_cost_nothing() {
    let scratch = desk();
    for (flag, said) in [
        ("--threads 0", "expected 1 to 1024 threads, found 0"),
        ("--threads 4000", "expected 1 to 1024 threads, found 4000"),
        ("--memory 0", "expected at least 1048576 bytes of memory, found 0"),
        ("--memory 1K", "expected at least 1048576 bytes of memory, found 1024"),
    ] {
        let err = scratch.run(&format!("scan b.jsonl {flag}")).complains(2);
        assert!(err.contains(said), "{err}");
    }
    let one = scratch.run("scan b.jsonl --format jsonl --threads 1").exits(0);
    let started = std::time::Instant::now();
    assert_eq!(scratch.run("scan b.jsonl --format jsonl --threads 1000").exits(0), one);
    assert!(started.elapsed().as_secs_f64() < 2.0, "{:?}", started.elapsed());
}

#[test]
fn labels_that_cannot_count_are_told() {
    let label = |a: &str, b: &str, label: u8| format!("{{\"a\":\"{a}\",\"b\":\"{b}\",\"label\":{label}}}\n");
    let scratch = desk();
    scratch.write("some", label("a", "b", 1) + &label("a", "nobody", 1));
    scratch.write("none", label("x", "y", 1));
    scratch.write("both", label("a", "b", 1) + &label("b", "a", 0));
    let some = scratch.run("eval some b.jsonl");
    assert!(some.err.contains("1 label left out, of ids that no story has: `nobody`"), "{}", some.err);
    assert!(some.exits(3).contains("labels left out     1"));
    assert!(scratch.run("eval none b.jsonl").complains(2).contains("no label speaks of two stories"));
    scratch.write("self", label("a", "b", 1) + &label("b", "b", 1));
    scratch.write("empty", "\n");
    let err = scratch.run("eval self b.jsonl").complains(2);
    assert!(err.contains("self:2: expected the ids of two stories, found `b` twice"), "{err}");
    let err = scratch.run("eval empty b.jsonl").complains(2);
    assert!(err.contains("empty: expected labels, lines such as"), "{err}");
    assert!(
        scratch.run("eval both b.jsonl").complains(2).contains("both:2: expected one label for `b` and `a`")
    );
}

#[test]
fn copies_are_joined_at_any_distance_and_the_help_says_so() {
    let dated = COPIES.replacen("\"id\":\"a\"", "\"id\":\"a\",\"date\":\"2026-01-01\"", 1).replacen(
        "\"id\":\"b\"",
        "\"id\":\"b\",\"date\":\"2026-11-01\"",
        1,
    );
    let scratch = Scratch::with(&[("s.jsonl", dated)]);
    assert_eq!(scratch.run("scan s.jsonl --window 1h --format jsonl").clusters(), ["a b"]);
    let help = scratch.run("scan --help").exits(0);
    assert!(
        help.contains(
            "How far apart in time rewrites of one report may be; copies may be any distance apart"
        )
    );
}

/// Two alerts in one form share most of their words and say the opposite.
#[test]
fn short_texts_are_joined_only_if_identical() {
    let alert = |id: &str, word: &str, figure: u8| {
        let text = format!(
            "Shares of the harbour board of Ostmere {word} by {figure} percent on Monday, traders said by noon"
        );
        format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n")
    };
    let lines =
        alert("a", "rise", 11) + &alert("b", "fall", 11) + &alert("c", "RISE", 11) + &alert("d", "rise", 12);
    let scratch = Scratch::with(&[("s.jsonl", lines)]);
    for level in ["copy", "rewrite"] {
        let flags = format!("--level {level} --format jsonl");
        assert_eq!(scratch.run(&format!("scan s.jsonl {flags}")).clusters(), ["a c"], "{level}");
        scratch.run(&format!("index add {level}.db s.jsonl --level {level}")).exits(0);
        assert_eq!(
            scratch.run(&format!("index list {level}.db --format jsonl")).clusters(),
            ["a c"],
            "{level}"
        );
    }
}

/// One headline is given to many reports in a year: by itself it ties none of them, in a scan, in an
/// index and to `explain`.
#[test]
fn a_headline_by_itself_is_the_same_report_only_on_its_day() {
    let bare = |id: &str, date: &str| {
        format!(
            "{{\"id\":\"{id}\",\"date\":\"{date}\",\"headline\":\"Stocks close higher\",\"text\":\"\"}}\n"
        )
    };
    let (a, b) = (bare("a", "2026-03-01T09:00:00Z"), bare("b", "2026-03-01T10:00:00Z"));
    let c = bare("c", "2026-09-01T09:00:00Z");
    let scratch = Scratch::with(&[("s.jsonl", format!("{a}{b}{c}")), ("a", a), ("b", b), ("c", c)]);
    for level in ["identical", "copy", "rewrite"] {
        let run = scratch.run(&format!("scan s.jsonl --format jsonl --level {level}"));
        assert_eq!(run.clusters(), ["a b"], "{level}");
        scratch.run(&format!("index add {level}.db s.jsonl --level {level}")).exits(0);
        let listed = scratch.run(&format!("index list {level}.db --format jsonl"));
        assert_eq!(listed.clusters(), ["a b"], "{level}");
        assert!(scratch.run(&format!("index verify {level}.db")).exits(0).contains("ound"));
    }
    assert!(scratch.run("explain a b").exits(0).contains("Identical"));
    assert!(!scratch.run("explain a c").exits(0).contains("Identical"));
}

/// Killed while it writes, a run leaves a part; the next run that writes the file takes it away.
#[cfg(unix)]
#[test]
fn what_a_killed_run_left_is_gone_after_the_next() {
    let lines: String = (0..400).map(|i| COPIES.replace("\"id\":\"", &format!("\"id\":\"{i}-"))).collect();
    let scratch = Scratch::with(&[("in/a.jsonl", lines)]);
    let program = env!("CARGO_BIN_EXE_dedup");
    let run =
        format!("ulimit -f 8; exec {program} scan in --level copy --singles --format jsonl -o out.jsonl");
    let killed =
        std::process::Command::new("sh").args(["-c", &run]).current_dir(scratch.folder()).output().unwrap();
    assert_eq!(killed.status.code(), None, "killed by a signal");
    assert_eq!(scratch.names().len(), 2, "{:?}", scratch.names());
    scratch.run("scan in --level copy -o out.jsonl").exits(0);
    assert_eq!(scratch.names(), ["in", "out.jsonl"]);
}

#[test]
fn half_a_character_costs_no_story_and_no_text_is_said_to_be_none() {
    let lines = "{\"id\":\"a\",\"text\":\"The ferry ran aground \\ud83d\"}\n{\"id\":\"b\",\"text\":null}\n\
                 {\"id\":\"c\",\"text\":[\"x\"]}\n{\"id\":\"d\",\"about\":\"x\"}\n";
    let run = Scratch::with(&[("s.jsonl", lines)]).run("scan s.jsonl --singles --format jsonl");
    let singles: Vec<_> = run.of_type("single").iter().map(|single| single["id"].clone()).collect();
    assert_eq!(singles, ["a", "c"], "a list of paragraphs is a text");
    let reasons: Vec<String> =
        run.of_type("skipped").iter().map(|skipped| skipped["reason"].as_str().unwrap().to_owned()).collect();
    assert!(
        reasons[0].starts_with("expected a text in the field `text`, found what is none, such as null"),
        "{reasons:?}"
    );
    assert!(reasons[1].contains("found keys id, about"), "{reasons:?}");
}

/// Two tellings of one report: a rewrite, not a copy.
fn tellings(first: &str, second: &str) -> Scratch {
    let line = |id: &str, date: &str, text: &str| {
        let headline = "Depot in Halbury closed";
        format!("{}\n", serde_json::json!({"id": id, "date": date, "headline": headline, "text": text}))
    };
    let [a, b] = TELLINGS;
    Scratch::with(&[("s.jsonl", line("a", first, a) + &line("b", second, b))])
}

#[test]
fn a_time_that_nobody_set_parts_no_versions() {
    let scan = "scan s.jsonl --format jsonl";
    assert_eq!(tellings("2026-03-01T09:00:00Z", "2026-03-01T12:00:00Z").run(scan).clusters(), ["a b"]);
    assert!(tellings("2026-03-01T09:00:00Z", "2026-09-01T12:00:00Z").run(scan).clusters().is_empty());
    for unset in ["1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z"] {
        let run = tellings("2026-03-01T09:00:00Z", unset).run(scan);
        assert_eq!(run.clusters(), ["a b"], "{unset}");
        assert_eq!(run.of_type("cluster")[0]["canonical"], "a", "it was not there first");
    }
}
