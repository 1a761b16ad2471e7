//! From the other commands to what they print: help, explain, eval, completions, manual.

use crate::scratch::Scratch;
use crate::wire_day::{Draw, line, with_run_replaced};
use insta::assert_snapshot;
use serde_json::Value;

#[test]
fn help_fits_on_a_screen() {
    let help = Scratch::new().run("--help").exits(0);
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    assert_snapshot!(lines.join("\n"), @"
Says which wire stories are the same report.

Finds near-duplicates and rewrites among wire stories, verifies each one exactly, and says who had
it first. The same stories and settings give the same bytes, every time.

Usage: dedup [OPTIONS] <COMMAND>

Commands:
  scan         Finds the clusters in files and folders of stories
  read         Shows what is understood of each story in files and folders
  filter       Writes the records as they came, one of each cluster
  explain      Shows what ties two stories, piece by piece
  index        Keeps stories on disk, and says of each new one whether it has been seen
  recall       Lists the live versions of a story that is taken back
  pickup       Lists who carried the stories of a source, how much, how fast, with what credit
  serve        Serves an index as a web page and an HTTP API
  eval         Measures the result against labels
  fit          Fits the weights of evidence to labelled pairs of your own
  completions  Prints a completion script for a shell
  man          Prints the manual page, or that of a command

Options:
  -h, --help
          Print help (see a summary with '-h')

  -V, --version
          Print version

Messages:
  -q, --quiet
          Shows no progress and no warnings

      --color <WHEN>
          When to use colours.

          `auto` uses them on a terminal, unless `NO_COLOR` is set.

          Possible values:
          - auto:   On a terminal
          - always: Also into files and pipes
          - never:  Not at all

          [default: auto]

Examples:
  dedup scan stories/                         what is the same report, in plain words
  dedup scan day.jsonl --format jsonl | jq .  one message a line, for programs
  dedup scan stories/ --format html -o r.html a page to look at it, in one file
  dedup scan new.json --level copy --check    exit code 1 if there are copies
  dedup read feed.xml                         what is understood of a file, story by story
  dedup filter day.jsonl -o kept.jsonl        the records as they came, one of each cluster
  dedup explain a.txt b.txt                   why two stories are tied, or are not
  dedup index add wire.db day.jsonl           keep stories; answer: new, identical, version
  dedup serve wire.db                         a living index as a web page

Exit codes:
  0  done                           2  wrong command line, or an error
  1  duplicates, under --check      3  done, but some records were skipped
                                  130  interrupted
");
}

#[test]
fn every_promised_flag_is_in_the_help() {
    let help = Scratch::new().run("scan --help").exits(0);
    let flags = [
        "--level",
        "--threshold",
        "--shingle",
        "--keep-furniture",
        "--window",
        "--linkage",
        "--keep",
        "--format",
        "--output",
        "--check",
        "--strict",
        "--quiet",
        "--singles",
        "--relations",
        "--threads",
        "--id-field",
        "--text-field",
        "--headline-field",
        "--date-field",
        "--source-field",
    ];
    for flag in flags {
        assert!(
            help.contains(&format!("{flag} ")) || help.contains(&format!("{flag}\n")),
            "{flag} in\n{help}"
        );
    }
}

#[test]
fn no_command_shows_the_help_and_is_an_error() {
    let run = Scratch::new().run("");
    assert!(run.err.contains("Usage: dedup"), "{}", run.err);
    run.complains(2);
}

#[test]
fn a_wrong_flag_is_an_error() {
    assert_snapshot!(Scratch::new().run("scan . --treshold 0.8").complains(2), @"
error: unexpected argument '--treshold' found

  tip: a similar argument exists: '--threshold'

Usage: dedup scan --threshold <J> <PATH>...

For more information, try '--help'.
");
}

#[test]
fn version_is_one_line_with_the_number() {
    for flag in ["-V", "--version"] {
        assert_eq!(Scratch::new().run(flag).exits(0), concat!("dedup ", env!("CARGO_PKG_VERSION"), "\n"));
    }
}

fn two_stories() -> Scratch {
    let words = Draw(21).words(60);
    let copy = with_run_replaced(&words, 20..22);
    Scratch::with(&[
        ("a.txt", format!("One\n\n{}", words.join(" "))),
        ("b.txt", format!("Two\n\n{}", copy.join(" "))),
    ])
}

#[test]
fn explain_as_text_names_the_relation_and_shows_what_is_shared() {
    let scratch = two_stories();
    let text = scratch.run("explain a.txt b.txt").exits(0);
    assert!(text.to_lowercase().contains("copy"), "{text}");
    let first: Vec<String> = Draw(21).words(4);
    assert!(text.contains(&first.join(" ")), "{text}");
}

#[test]
fn explain_as_json_has_relation_measures_and_passages() {
    let out = two_stories().run("explain a.txt b.txt --format json").exits(0);
    let explanation: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(explanation["relation"], "copy", "{out}");
    assert!((explanation["jaccard"].as_f64().unwrap() - 50.0 / 62.0).abs() < 1e-6, "{out}");
    assert_eq!(explanation["passages"].as_array().map(Vec::len), Some(2), "{out}");
}

#[test]
fn explain_needs_one_story_a_file() {
    let feed = format!("{}\n{}\n", line("x", "one"), line("y", "two"));
    let scratch = Scratch::with(&[("a.txt", "Head\n\nText."), ("two.jsonl", &feed), ("none.jsonl", "")]);
    assert_snapshot!(scratch.run("explain a.txt two.jsonl").complains(2), @"dedup: two.jsonl: expected one story, found more; give each story a file of its own");
    assert_snapshot!(scratch.run("explain none.jsonl a.txt").complains(2), @"dedup: none.jsonl: expected a story, found none in the file; leave it out");
}

fn labelled() -> Scratch {
    let words = Draw(31).words(50);
    let stories = [
        line("a", &words.join(" ")),
        line("b", &with_run_replaced(&words, 10..11).join(" ")),
        line("c", &with_run_replaced(&words, 0..40).join(" ")),
        line("d", &Draw(32).words(50).join(" ")),
    ];
    let labels = "{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n{\"a\":\"c\",\"b\":\"a\",\"label\":1}\n{\"a\":\"a\",\"b\":\"d\",\"label\":0}\n";
    Scratch::with(&[("day.jsonl", stories.join("\n").as_str()), ("labels.jsonl", labels)])
}

#[test]
fn eval_as_text() {
    assert_snapshot!(labelled().run("eval labels.jsonl day.jsonl --level copy").exits(0), @"
labelled pairs      3
precision           1.000
recall              0.500
F1                  0.667
average precision   0.500
B-cubed F1          0.800
adjusted Rand index 0.333
threshold           0.700
");
}

#[test]
fn eval_as_json_keeps_its_contract() {
    assert_snapshot!(labelled().run("eval labels.jsonl . --level copy --closed --format json").exits(0), @r#"{"pairs":3,"precision":1.0,"recall":0.5,"f1":0.6666666666666666,"average_precision":0.5,"b_cubed_f1":0.8,"ari":0.3333333333333333,"threshold":0.7}"#);
}

#[test]
fn a_line_that_is_no_label_is_an_error_with_its_number() {
    let scratch = labelled();
    scratch.write(
        "labels.jsonl",
        "{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n{\"a\":\"a\",\"b\":\"b\",\"label\":7}\n",
    );
    assert_snapshot!(scratch.run("eval labels.jsonl day.jsonl").complains(2), @"dedup: labels.jsonl:2: expected a label of 0 or 1 and a weight of at least 0, found 7 and 1");
    scratch.run("eval nowhere.jsonl day.jsonl").complains(2);
}

#[test]
fn completions_for_every_shell() {
    for (shell, sign) in [
        ("bash", "complete -F _dedup"),
        ("zsh", "#compdef dedup"),
        ("fish", "complete -c dedup"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = Scratch::new().run(&format!("completions {shell}")).exits(0);
        assert!(script.contains(sign) && script.contains("threshold"), "{shell}: {script}");
    }
}

#[test]
fn a_manual_page_for_the_program_and_for_a_command() {
    let scratch = Scratch::new();
    assert!(scratch.run("man").exits(0).contains(".TH dedup 1"));
    assert!(scratch.run("man scan").exits(0).contains("\\-\\-threshold"));
    assert_snapshot!(scratch.run("man scam").complains(2), @"dedup: no command `scam`; `dedup --help` lists them");
}
