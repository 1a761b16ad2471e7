//! From excerpts planted in other stories to where the program says that they stand.

use crate::scratch::Scratch;
use crate::wire_day::Draw;
use insta::assert_snapshot;
use serde_json::{Value, json};

fn text_of(passage: &Value, side: &str) -> (usize, usize, String) {
    let place = |end: &str| passage[format!("{side}_{end}")].as_u64().unwrap() as usize;
    (place("start"), place("end"), passage[format!("{side}_text")].as_str().unwrap().to_owned())
}

/// Whether each passage says of both texts, as they came, what stands there.
fn all_are_exact(passages: &[Value], stories: &[Value]) {
    let body =
        |id: &Value| stories.iter().find(|story| story["id"] == *id).unwrap()["text"].as_str().unwrap();
    for passage in passages {
        for side in ["a", "b"] {
            let (start, end, text) = text_of(passage, side);
            let there: String = body(&passage[side]).chars().skip(start).take(end - start).collect();
            assert_eq!(there, text, "{passage}");
        }
    }
}

fn lines(stories: &[Value]) -> String {
    stories.iter().fold(String::new(), |text, story| text + &story.to_string() + "\n")
}

/// A report with an agency's furniture around, words cut at line ends, and letters of more than one
/// byte.
fn printed(words: &[String], number: usize) -> String {
    let mut text = String::new();
    for (i, word) in words.iter().enumerate() {
        let (head, tail) = word.split_at(word.len() / 2);
        let part = match (i + number) % 11 {
            0 if !head.is_empty() => format!("{head}-\n{tail} "),
            3 => format!("{word}, "),
            7 => format!("{word} &amp; "),
            9 => format!("{word} — né "),
            _ => format!("{word} "),
        };
        text += &part;
    }
    format!("MINSK, April 5 (Reuters) - {text}\n\n(Reporting by Ann Ferrier; Editing by Tom Pole)")
}

const PLANTED: usize = 200;

/// The words of an excerpt, and of the same as it was changed.
type Planted = (Vec<String>, Vec<String>);

/// Stories of which two at a time share an excerpt of 25 to 90 words, every tenth word of every other
/// one changed.
fn planted() -> (Vec<Value>, Vec<Planted>) {
    let (mut stories, mut excerpts) = (Vec::new(), Vec::new());
    for number in 0..PLANTED {
        let own = |salt: u64| Draw(salt * 10_007 + number as u64 + 1);
        let length = 26 + number * 37 % 65;
        let excerpt = own(1).words(length);
        let mut changed = excerpt.clone();
        if number % 2 == 1 {
            (10..length - 5).step_by(10).for_each(|i| changed[i] = format!("other{i}"));
        }
        for (name, salt, excerpt) in [("from", 2, &excerpt), ("into", 4, &changed)] {
            let before = own(salt).words(20 + number * 13 % 140);
            let after = own(salt + 1).words(20 + number * 29 % 150);
            let words = [&before[..], excerpt, &after[..]].concat();
            let day = 1 + number % 28;
            stories.push(json!({
                "id": format!("{name}-{number:03}"), "source": name,
                "date": format!("2024-04-{day:02}"), "text": printed(&words, number),
            }));
        }
        excerpts.push((excerpt, changed));
    }
    (stories, excerpts)
}

/// Words of a stretch, without what the print put between them.
fn words(text: &str) -> Vec<String> {
    let plain = text.replace("-\n", "").replace("&amp;", " ").replace("né", " ");
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn planted_excerpts_are_found_with_start_and_end() {
    let (stories, excerpts) = planted();
    let scratch = Scratch::with(&[("day.jsonl", lines(&stories))]);
    let run = scratch.run("scan day.jsonl --level passage --format jsonl");
    let passages = run.of_type("passage");
    all_are_exact(&passages, &stories);
    let mut right = 0;
    for (number, (from, into)) in excerpts.iter().enumerate() {
        let (a, b) = (format!("from-{number:03}"), format!("into-{number:03}"));
        let is_own = |passage: &&Value| passage["a"] == a && passage["b"] == b;
        let found: Vec<&Value> = passages.iter().filter(is_own).collect();
        let [passage] = found[..] else { continue };
        let near = |side: &str, excerpt: &[String]| {
            let found = words(&text_of(passage, side).2);
            let at = |word: &String| found.iter().position(|own| own == word);
            let starts = (0..3).any(|i| at(&excerpt[i]).is_some_and(|place| place.abs_diff(i) <= 2));
            starts && found.len().abs_diff(excerpt.len()) <= 2
        };
        right += usize::from(near("a", from) && near("b", into));
    }
    println!("{right} of {PLANTED} excerpts with start and end within two words");
    assert!(right * 100 >= PLANTED * 97, "{right} of {PLANTED}");
    assert!(passages.len() <= PLANTED + PLANTED / 20, "{} passages", passages.len());
    assert!(run.of_type("pair").is_empty() && run.of_type("cluster").is_empty());
    run.exits(0);
}

const NOTICE: &str = "The undersigned begs leave to inform the farmers of the valley that his new steam \
    thresher will stand ready at the lower mill from the first of September, and that he asks one bushel in \
    twenty for its use.";

fn papers() -> Scratch {
    let own = |seed: u64| Draw(seed).words(60).join(" ");
    let story = |id: &str, source: &str, date: &str, text: String| json!({"id": id, "series": source, "date": date, "text": text});
    let changed = NOTICE.replace("one bushel", "two bushels");
    let stories = [
        story("argus", "Argus", "1871-08-14", format!("{} {NOTICE} {}", own(1), own(2))),
        story("bee", "Bee", "1871-08-12", format!("{} “{NOTICE}”", own(3))),
        story("comet", "Comet", "1871-08-20", format!("{changed} {}", own(4))),
        story("dial", "Dial", "1871-08-13", own(5)),
    ];
    Scratch::with(&[("papers.jsonl", lines(&stories))])
}

#[test]
fn a_notice_is_followed_through_the_papers() {
    let run = papers().run("scan papers.jsonl --level passage");
    assert_snapshot!(run.out, @"
3 stories  The undersigned begs leave to inform the farmers of the valley that his new steam thresher will stan
  1871-08-12  Bee  bee  484–688
  1871-08-14  Argus  argus  480–684
  1871-08-20  Comet  comet  0–205

4 stories · 3 shared passages · 1 families · 0 skipped
");
    run.exits(0);
}

#[test]
fn passages_and_families_are_messages() {
    let run = papers().run("scan papers.jsonl --level passage --format jsonl");
    let told: Vec<String> = run
        .of_type("passage")
        .iter()
        .map(|p| format!("{} {} changed {} quoted {}", p["a"], p["b"], p["changed"], p["quoted"]))
        .collect();
    // The words around the notice are none, so this is misread print, where `bushel` may be `bushels`.
    assert_snapshot!(told.join("\n"), @r#"
"argus" "bee" changed 0 quoted true
"argus" "comet" changed 1 quoted false
"bee" "comet" changed 1 quoted true
"#);
    let families = run.of_type("family");
    assert_eq!(families.len(), 1);
    assert_eq!(families[0]["sources"], json!(["Bee", "Argus", "Comet"]));
    run.exits(0);
    let short = papers().run("scan papers.jsonl --level passage --format jsonl --least 60");
    assert!(short.of_type("passage").is_empty());
    short.exits(0);
}

#[test]
fn passim_gets_its_own_form() {
    let run = papers().run("scan papers.jsonl --level passage --format passim");
    assert_snapshot!(run.out, @r#"
{"cluster":0,"size":3,"uid":-2078327888304644567,"id":"bee","series":"Bee","date":"1871-08-12","begin":484,"end":688,"text":"The undersigned begs leave to inform the farmers of the valley that his new steam thresher will stand ready at the lower mill from the first of September, and that he asks one bushel in twenty for its use"}
{"cluster":0,"size":3,"uid":-638078347342744652,"id":"argus","series":"Argus","date":"1871-08-14","begin":480,"end":684,"text":"The undersigned begs leave to inform the farmers of the valley that his new steam thresher will stand ready at the lower mill from the first of September, and that he asks one bushel in twenty for its use"}
{"cluster":0,"size":3,"uid":-1684081336376113177,"id":"comet","series":"Comet","date":"1871-08-20","begin":0,"end":205,"text":"The undersigned begs leave to inform the farmers of the valley that his new steam thresher will stand ready at the lower mill from the first of September, and that he asks two bushels in twenty for its use"}
"#);
    run.exits(0);
}

#[test]
fn joined_stories_show_their_passages() {
    let body = Draw(9).words(120).join(" ");
    let stories = [
        json!({"id": "x", "text": body}),
        json!({"id": "y", "text": body.replacen(' ', " indeed ", 40).to_uppercase()}),
    ];
    let scratch = Scratch::with(&[("day.jsonl", lines(&stories))]);
    let plain = scratch.run("scan day.jsonl --format jsonl");
    let run = scratch.run("scan day.jsonl --format jsonl --passages");
    assert!(!run.of_type("pair").is_empty());
    let passages = run.of_type("passage");
    assert!(!passages.is_empty());
    all_are_exact(&passages, &stories);
    let without: Vec<&str> = run
        .out
        .lines()
        .filter(|l| !l.starts_with("{\"type\":\"passage") && !l.starts_with("{\"type\":\"family"))
        .collect();
    assert_eq!(without, plain.out.lines().collect::<Vec<_>>(), "all else is as it was");
    run.exits(0);
}

/// What an element of a page holds.
fn held(page: &str, id: &str) -> Option<Value> {
    let (_, rest) = page.split_once(&format!("<script type=\"application/json\" id=\"{id}\">"))?;
    serde_json::from_str(rest.split_once("</script>")?.0).ok()
}

#[test]
fn a_page_shows_the_way_of_a_passage() {
    let page = papers().run("scan papers.jsonl --level passage --format html -q").exits(0);
    let printings = &held(&page, "passages-0").unwrap()[0]["printings"];
    let outlets: Vec<&str> =
        printings.as_array().unwrap().iter().map(|one| one["source"].as_str().unwrap()).collect();
    assert_eq!(outlets, ["Bee", "Argus", "Comet"]);
    assert!(held(&page, "rows-0").is_none(), "nothing is joined");
}

#[test]
fn a_page_of_reports_has_passages_only_if_they_are_asked_for() {
    let body = Draw(9).words(120).join(" ");
    let stories = [json!({"id": "x", "text": body}), json!({"id": "y", "text": format!("{body} indeed")})];
    let scratch = Scratch::with(&[("day.jsonl", lines(&stories))]);
    let plain = scratch.run("scan day.jsonl --format html -q").exits(0);
    let page = scratch.run("scan day.jsonl --format html --passages -q").exits(0);
    assert_eq!(held(&page, "ways-0").unwrap()[0]["reports"], json!([0]));
    assert_eq!(held(&page, "rows-0"), held(&plain, "rows-0"));
    assert!(held(&plain, "passages").is_none() && !plain.contains("passageViews("));
}

#[test]
fn threads_and_order_cannot_be_seen_in_passages() {
    let (mut stories, _) = planted();
    stories.truncate(60);
    let scratch = Scratch::with(&[("day.jsonl", lines(&stories))]);
    let expected = scratch.run("scan day.jsonl --level passage --format jsonl --threads 1").out;
    stories.reverse();
    scratch.write("day.jsonl", lines(&stories));
    let found = scratch.run("scan day.jsonl --level passage --format jsonl --threads 7");
    assert!(found.out == expected);
    found.exits(0);
}

#[test]
fn what_holds_no_passages_is_refused() {
    let papers = papers();
    assert_snapshot!(papers.run("scan . --passages").complains(2), @"dedup: expected a format that holds passages: html, jsonl, passim or parquet-passages; name one with --format");
    assert_snapshot!(papers.run("filter . --level passage -o x").complains(2), @"dedup: expected a level that joins stories, found passage; it is for dedup scan");
    assert_snapshot!(papers.run("scan . --level passage --least 3").complains(2), @"dedup: expected passages of 4 words or more, found 3");
}
