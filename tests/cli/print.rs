//! From a story and what a scanner read of its reprint to their tie, in a scan, in an index and explained.

use crate::scratch::Scratch;

const CLEAN: &str = "The council of the harbour town met on Tuesday evening to hear what the new lighthouse \
    would cost and whether the old keepers would be paid while the lamp was dark. Nobody spoke against the \
    plan, though several asked for a cheaper stone, and the mayor promised that the tower would be open before \
    the herring boats came home in autumn. The quarry above the bay has offered granite at half the price that \
    the builders of the first tower paid, and eleven masons have agreed to work through the summer months.";
const PRINT: &str = "Tbe ccuncil of tbe harbonr towu met\nou Tuesday evcniug to hear wbat the\nncw ligbthouse wonld cost aud whe-\n\
    ther the old keepcrs would be paid\nwliile the lamp was dark. Nohody\nspoke agaiust the plau, though sev-\neral asked for a cheapcr stoue, \
    and\nthe mayor promiscd that the towcr\nwould be opeu before the herriug\nboats camc home in autumu. The\nquarry above thc bay has offered\n\
    granite at balf the price that the\nhuilders of the first tower paid, aud\neleveu masons have agrecd to work\nthrough the summcr mouths.";
const OTHER: &str = "Tbe price of berring fell agaiu on\nthe quay at Skerry Point, where the\nboats lay four dccp on Friday aud\nthe \
    buyers stayed awav. Fishermcn\nsaid that thcy would not go out he-\nfore the salt works paid what was\nowcd for last seasou, and that \
    the\nharbour duos were too higb for a\nsmall crew to carry tbrough winter.";

fn papers() -> Scratch {
    Scratch::with(&[("clean.txt", CLEAN), ("print.txt", PRINT), ("other.txt", OTHER)])
}

#[test]
fn a_reprint_in_poor_print_is_found_and_said_to_be_noisy() {
    let run = papers().run("scan . --format jsonl");
    let clusters = run.of_type("cluster");
    assert_eq!(clusters.len(), 1, "{}", run.out);
    assert_eq!(clusters[0]["members"], serde_json::json!(["clean.txt", "print.txt"]));
    assert!(clusters[0]["noisy"]["print.txt"].as_f64().is_some_and(|share| share > 0.1), "{}", run.out);
    assert!(clusters[0]["noisy"].get("clean.txt").is_none(), "{}", run.out);
    let text = papers().run("scan . --format text").exits(0);
    assert!(text.contains("noisy print: "), "{text}");
}

#[test]
fn noise_is_not_looked_for_where_nobody_asks() {
    let run = papers().run("scan . --format jsonl --noise off");
    assert!(run.of_type("cluster").is_empty(), "{}", run.out);
    let on = papers().run("scan . --format jsonl --noise on");
    assert_eq!(on.of_type("cluster").len(), 1, "{}", on.out);
}

#[test]
fn an_explanation_names_the_noisy_side() {
    let out = papers().run("explain clean.txt print.txt").exits(0);
    assert!(out.contains("B is noisy print: ") && !out.contains("A is noisy print"), "{out}");
    assert!(out.contains("letters were compared"), "{out}");
    // Two of which no dozen words can be read alike are judged as they are printed.
    let apart = papers().run("explain other.txt clean.txt").exits(0);
    assert!(apart.contains("A is noisy print: ") && !apart.contains("letters were compared"), "{apart}");
}

#[test]
fn an_index_settles_to_what_a_scan_says() {
    let scratch = papers();
    let scanned = scratch.run("scan . --format jsonl").of_type("cluster");
    scratch.run("index add x.db clean.txt print.txt other.txt").exits(0);
    scratch.run("index settle x.db").exits(0);
    let listed = scratch.run("index list x.db --format jsonl").of_type("cluster");
    assert_eq!(listed, scanned);
}

#[test]
fn an_index_keeps_what_it_was_told_of_noise() {
    let scratch = papers();
    scratch.run("index add x.db clean.txt other.txt --noise off").exits(0);
    let against = scratch.run("scan print.txt --against x.db --format jsonl");
    assert!(against.of_type("cluster").is_empty(), "{}", against.out);
    scratch.run("index add x.db print.txt").exits(0);
    scratch.run("index settle x.db").exits(0);
    assert!(scratch.run("index list x.db --format jsonl").of_type("cluster").is_empty());
    let refused = scratch.run("index add x.db print.txt --noise on").complains(2);
    assert!(refused.contains("made with noise off, asked for on"), "{refused}");
}

#[test]
fn a_passage_runs_on_over_misread_words() {
    let run = papers().run("scan . --level passage --format jsonl");
    let passages = run.of_type("passage");
    assert_eq!(passages.len(), 1, "{}", run.out);
    let (a, b) = (passages[0]["a_text"].as_str().unwrap(), passages[0]["b_text"].as_str().unwrap());
    assert!(a.starts_with("on Tuesday evening") && a.ends_with("the summer months"), "{a}");
    assert!(b.starts_with("ou Tuesday evcniug") && b.ends_with("the summcr mouths"), "{b}");
    let as_printed = papers().run("scan . --level passage --format jsonl --noise off");
    let cut = as_printed.of_type("passage")[0]["a_text"].as_str().unwrap().len();
    assert!(2 * cut < a.len(), "{}", as_printed.out);
}

#[test]
fn a_passage_runs_on_over_words_that_are_run_together_or_broken() {
    let blanks = |text: &str, every: usize, by: &str| {
        let words: Vec<&str> = text.split(' ').collect();
        let joined = words.chunks(every).map(|words| words.join(" ")).collect::<Vec<_>>();
        joined.join(by)
    };
    let (run_together, broken) =
        (blanks(PRINT, 3, ""), PRINT.replace("tower", "tow er").replace("quarry", "qu arry"));
    for text in [run_together, broken] {
        let run = Scratch::with(&[("clean.txt", CLEAN), ("print.txt", &text)])
            .run("scan . --level passage --format jsonl");
        let passages = run.of_type("passage");
        assert_eq!(passages.len(), 1, "{}", run.out);
        let (a, b) = (passages[0]["a_text"].as_str().unwrap(), passages[0]["b_text"].as_str().unwrap());
        assert!(a.len() * 10 > CLEAN.len() * 8 && a.ends_with("the summer months"), "{a}");
        assert!(text.contains(b), "as it is printed: {b}");
        assert!(b.ends_with("mouths"), "{b}");
    }
}
