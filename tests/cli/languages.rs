//! From stories in several languages to the pairs that tell one report.

use crate::scratch::Scratch;

const ENGLISH: &str = "The Baltic Fish Union said on 3 May that its 214 boats will stay in port until the price of \
    diesel falls below 1.2 euros. The president of the union, Marta Lindqvist, met the minister of agriculture in \
    Tallinn and asked the government for help. The minister promised an answer within two weeks, but he warned \
    that the budget for this year is already spent.";
const GERMAN: &str = "Die Baltische Fischereiunion teilte am 3. Mai mit, dass ihre 214 Boote im Hafen bleiben, bis \
    der Preis für Diesel unter 1,2 Euro fällt. Die Präsidentin der Union, Marta Lindqvist, traf den Minister für \
    Landwirtschaft in Tallinn und bat die Regierung um Hilfe. Der Minister versprach eine Antwort in zwei Wochen, \
    warnte aber, dass der Haushalt für dieses Jahr schon ausgegeben ist.";
const OTHER: &str = "Die Regierung in Tallinn hat am Dienstag neue Regeln für Schulen beschlossen. Der Minister für \
    Bildung sagte, dass 40 Lehrer mehr gebraucht werden, und bat die Union der Lehrer um Geduld. Der Haushalt für \
    dieses Jahr ist schon ausgegeben, sagte er, und eine Antwort auf die Frage nach mehr Geld komme erst in zwei \
    Wochen.";

fn day() -> Scratch {
    Scratch::with(&[("en.txt", ENGLISH), ("de.txt", GERMAN), ("other.txt", OTHER)])
}

#[test]
fn a_translation_is_tied_and_its_languages_are_named() {
    let run = day().run("scan . --format jsonl");
    let pairs = run.of_type("pair");
    assert_eq!(pairs.len(), 1, "{}", run.out);
    let pair = &pairs[0];
    assert_eq!((&pair["a"], &pair["b"]), (&"de.txt".into(), &"en.txt".into()));
    assert_eq!(pair["relation"], "translation");
    assert_eq!(pair["languages"], serde_json::json!(["de", "en"]));
    run.exits(0);
}

#[test]
fn one_language_only_on_request() {
    let run = day().run("scan . --format jsonl --languages same");
    assert!(run.of_type("pair").is_empty(), "{}", run.out);
    run.exits(0);
}

#[test]
fn words_are_shown_beside_what_they_mean_and_no_share_is_nought() {
    let out = day().run("explain en.txt de.txt").exits(0);
    assert!(out.contains("Translation: the same report in another language"), "{out}");
    assert!(out.contains("Tallinn ~ Tallinn"), "{out}");
    assert!(!out.contains("0.00"), "{out}");
}

#[test]
fn a_lexicon_of_ones_own_is_read_and_its_bad_lines_are_named() {
    let scratch = day();
    scratch.write("more.tsv", "nl\tregering\tgovernment\n");
    scratch.run("scan en.txt de.txt --lexicon more.tsv").exits(0);
    scratch.write("bad.tsv", "nl\tregering\n");
    let run = scratch.run("scan en.txt de.txt --lexicon bad.tsv");
    assert!(
        run.err.contains("bad.tsv: line 1 of the lexicon: expected LANGUAGE<TAB>word<TAB>english"),
        "{}",
        run.err
    );
    run.exits(2);
}
