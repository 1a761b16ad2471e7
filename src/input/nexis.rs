//! From a text as the archive Nexis hands it out to stories: the source and day over each, lines such as
//! `LENGTH: 512 words` and `Byline: Anna Bell`, and what stands below the text are no text.
//!
//! There are two forms. The older one puts the source first and the headline below the day, the newer
//! one the headline first and `Body` over the text.

use super::address::is_web;
use super::time;
use super::wire::Record;
use crate::dispatch::Dispatch;
use crate::error::{Error, Result};
use crate::story::{FurnitureKind, Removed, Story};
use aho_corasick::AhoCorasick;
use std::path::Path;
use std::sync::LazyLock;

/// Names of the line that counts the words of a text.
const LENGTHS: [&str; 7] = ["length", "länge", "longueur", "longitud", "lunghezza", "lengte", "comprimento"];
/// The same, to be found anywhere in a text in either case.
static LENGTH_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let names = LENGTHS.iter().flat_map(|name| [(*name).to_owned(), name.to_uppercase()]);
    AhoCorasick::builder().ascii_case_insensitive(true).build(names).expect("a sound list of words")
});
/// What such a line counts.
const WORDS: [&str; 8] = ["words", "word", "wörter", "mots", "palabras", "parole", "woorden", "palavras"];
/// Names of the line that says who wrote it.
const BYLINES: [&str; 5] = ["byline", "autor", "auteur", "autore", "auteurs"];
/// Names of the other lines over a text.
const ABOVE: [&str; 16] = [
    "section",
    "rubrik",
    "ressort",
    "rubrique",
    "sección",
    "sezione",
    "sectie",
    "dateline",
    "highlight",
    "abstract",
    "headline",
    "series",
    "source",
    "distribution",
    "column",
    "edition",
];
/// Names of the lines below a text.
const BELOW: [&str; 22] = [
    "load-date",
    "language",
    "publication-type",
    "graphic",
    "subject",
    "organization",
    "company",
    "ticker",
    "industry",
    "person",
    "geographic",
    "city",
    "state",
    "country",
    "journal-code",
    "document-type",
    "correction-date",
    "pub-type",
    "publication type",
    "journal code",
    "acc-no",
    "url",
];
/// What stands alone on a line below a text.
const ALONE: [&str; 4] = ["classification", "graphic", "notes", "end of document"];
/// How a line begins that says whose rights a text is, beside `Copyright` and a year.
const RIGHTS: [&str; 5] = [
    "all rights reserved",
    "alle rechte vorbehalten",
    "tous droits réservés",
    "todos los derechos reservados",
    "tutti i diritti riservati",
];
/// The line that ends a story of the newer form.
const END: &str = "end of document";

/// The stories in `content`, if it is such a text.
pub(super) fn stories(content: &str, path: &Path) -> Option<Vec<Result<Record>>> {
    // Nearly all texts are told by one word.
    if !LENGTH_WORDS.is_match(content) {
        return None;
    }
    let lines: Vec<&str> = content.lines().map(str::trim).collect();
    let is_export = lines.iter().any(|line| is_length(line))
        && lines.iter().any(|line| {
            line.eq_ignore_ascii_case("body")
                || line.eq_ignore_ascii_case(END)
                || is_count(line)
                || field(line, &["load-date"]).is_some()
        });
    if !is_export {
        return None;
    }
    let (mut records, mut start) = (Vec::new(), 0);
    for (at, line) in lines.iter().enumerate() {
        if line.eq_ignore_ascii_case(END) || is_count(line) {
            records.extend(record(&lines[start..at], start, path));
            start = at + 1;
        }
    }
    records.extend(record(&lines[start..], start, path));
    Some(records)
}

/// Whether a line counts words, as each text has one that does.
fn is_length(line: &str) -> bool {
    field(line, &LENGTHS).is_some_and(|(_, said)| {
        let count = said.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.');
        count.len() < said.len() && WORDS.contains(&count.trim().to_lowercase().as_str())
    })
}

/// Whether a line stands over a text of the older form: `1 of 250 DOCUMENTS`.
fn is_count(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    matches!(words[..], [one, "of", all, "DOCUMENTS" | "DOCUMENT"] if is_number(one) && is_number(all))
}

/// The name of a line that has one of `names`, and what it says.
fn field<'a>(line: &'a str, names: &[&'static str]) -> Option<(&'static str, &'a str)> {
    let (name, said) = line.split_once(':')?;
    let known = names.iter().find(|known| {
        let name = name.trim();
        known.eq_ignore_ascii_case(name) || (!known.is_ascii() && known.to_lowercase() == name.to_lowercase())
    })?;
    Some((known, said.trim()))
}

/// The story in the lines between two ends; `None` where there is nothing.
fn record(lines: &[&str], start: usize, path: &Path) -> Option<Result<Record>> {
    let first = lines.iter().position(|line| !line.is_empty())?;
    let line = (start + first) as u64 + 1;
    let Some(length) = lines.iter().position(|line| is_length(line)) else {
        let text = "expected a text of Nexis with a line such as `Length: 512 words`, found none; \
                    leave it out if it is no story";
        return Some(Err(Error::input(text).at(path, line)));
    };
    let above = lines[..length].iter().position(|line| above(line).is_some()).unwrap_or(length);
    let mut story = Story::default();
    head(&lines[..above], &mut story);
    let text = fields(&lines[above..], &mut story);
    body(text, &mut story);
    Some(Ok(Record { line, story }))
}

/// Takes headline, source and day from the lines over the first with a name.
fn head(lines: &[&str], story: &mut Story) {
    let said: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    let said = without_rights(&said, story);
    let Some((at, day)) = said.iter().enumerate().rev().find_map(|(at, line)| Some((at, day(line)?))) else {
        said.first().copied().unwrap_or_default().clone_into(&mut story.headline);
        return;
    };
    time::read(story, [day.as_str()]);
    let source = at.checked_sub(1).map(|at| said[at]);
    source.unwrap_or_default().clone_into(&mut story.source);
    let newer = at.checked_sub(2).map(|at| said[at].to_owned());
    story.headline = newer.unwrap_or_else(|| {
        // The last paragraph below the day: above it there may be an edition.
        let below = lines.rsplit(|line| line.is_empty()).find(|lines| !lines.is_empty());
        let is_day = |lines: &&[&str]| lines.contains(&said[at]);
        below.filter(|lines| !is_day(lines)).map(|lines| lines.join(" ")).unwrap_or_default()
    });
}

/// `lines` without those that say whose rights they are, which are kept as furniture.
fn without_rights<'a>(lines: &[&'a str], story: &mut Story) -> Vec<&'a str> {
    let is_rights = |line: &str| {
        let said = line.to_lowercase();
        let names_year = said.bytes().any(|byte| byte.is_ascii_digit());
        (said.starts_with("copyright") && names_year) || RIGHTS.iter().any(|rights| said.starts_with(rights))
    };
    let (rights, others): (Vec<&str>, Vec<&str>) = lines.iter().copied().partition(|line| is_rights(line));
    let kept = |text: &str| Removed { kind: FurnitureKind::Copyright, text: text.to_owned() };
    story.furniture.removed.extend(rights.into_iter().map(kept));
    others
}

/// The day in a line that says nothing else but the day of the week and the hour.
fn day(line: &str) -> Option<String> {
    /// Words of such a line at most.
    const WORDS: usize = 8;
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.len() > WORDS || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let is_day = |printed: &String| time::parse(printed).is_some();
    let without = |at: usize| [&words[..at], &words[at + 1..]].concat().join(" ");
    let whole = Some(words.join(" ")).filter(is_day);
    let is_word = |at: &usize| words[*at].chars().all(|c| c.is_alphabetic() || c == ',');
    whole.or_else(|| (0..words.len()).filter(is_word).map(without).find(is_day))
}

/// Takes the lines with names that stand over a text, and gives those from where it begins.
fn fields<'a, 'b>(mut lines: &'a [&'b str], story: &mut Story) -> &'a [&'b str] {
    let mut notes = Vec::new();
    while let Some(at) = lines.iter().position(|line| !line.is_empty()) {
        lines = &lines[at..];
        if lines[0].eq_ignore_ascii_case("body") {
            lines = &lines[1..];
            break;
        }
        let Some((name, said)) = above(lines[0]) else { break };
        // What is said may go on in the next lines.
        let more = lines[1..].iter().take_while(|line| !line.is_empty() && !ends_field(line)).count();
        let said = [&[said], &lines[1..=more]].concat().join(" ");
        lines = &lines[1 + more..];
        match name {
            name if BYLINES.contains(&name) => {
                story.furniture.byline = Some(said).filter(|said| !said.is_empty());
            }
            "dateline" => {
                story.furniture.place =
                    said.split(',').next().map(str::to_owned).filter(|said| !said.is_empty());
            }
            "headline" => story.headline = said,
            "highlight" | "abstract" => notes.push(said),
            _ => {}
        }
    }
    story.dispatch = Dispatch { notes, ..Dispatch::default() }.boxed();
    lines
}

fn ends_field(line: &str) -> bool {
    line.eq_ignore_ascii_case("body") || above(line).is_some()
}

/// The name of a line over a text, and what it says.
fn above(line: &str) -> Option<(&'static str, &str)> {
    field(line, &ABOVE).or_else(|| field(line, &BYLINES)).or_else(|| field(line, &LENGTHS))
}

/// Takes the text, up to the lines below it.
fn body(lines: &[&str], story: &mut Story) {
    let is_below = |line: &&str| {
        field(line, &BELOW).is_some() || ALONE.iter().any(|alone| alone.eq_ignore_ascii_case(line))
    };
    let end = lines.iter().position(is_below).unwrap_or(lines.len());
    let address = lines[end..].iter().find_map(|line| field(line, &["url"]).filter(|(_, said)| is_web(said)));
    address.map_or("", |(_, said)| said).clone_into(&mut story.url);
    let text = without_rights(&lines[..end], story);
    // Rights below the other lines are no less said.
    without_rights(&lines[end..], story);
    text.join("\n").trim().clone_into(&mut story.body);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> Vec<Story> {
        let records = stories(content, Path::new("a.txt")).expect("such a text");
        let story = |record: Result<Record>| record.unwrap_or_else(|error| panic!("{error}")).story;
        records.into_iter().map(story).collect()
    }

    const OLDER: &str = "\n\n                 1 of 2 DOCUMENTS\n\n\n             The Port Daily\n\n        January 15, 2024 Monday\n\
        \x20          Late Edition - Final\n\nFerry line closes\nafter ninety years\n\nBYLINE: By ANNA BELL\n\n\
        SECTION: Section A; Column 1; Pg. 3\n\nLENGTH: 512 words\n\nDATELINE: LANDVIK, Jan. 14\n\n\
        \x20 The last ferry sails on Friday.\n\nIt carried post. Language: none knows.\n\nURL: https://port.example/1\n\n\
        LOAD-DATE: January 16, 2024\n\nLANGUAGE: ENGLISH\n\nGRAPHIC: Photo: The pier.\n\n\
        PUBLICATION-TYPE: Newspaper\n\n     Copyright 2024 Port Media\n       All Rights Reserved\n\n\n\
        \x20                2 of 2 DOCUMENTS\n\nWire\n\nJanuary 16, 2024 Tuesday 10:32 AM GMT\n\nBus runs\n\nLENGTH: 9 words\n\nIt runs.\n";
    const NEWER: &str = "Ferry line closes\nThe Port Daily (London)\nJanuary 15, 2024 Monday\n\nCopyright 2024 Port Media Ltd All Rights Reserved\n\n\
        Section: NEWS; Pg. 3\nLength: 512 words\nByline: Anna Bell\nHighlight: After ninety years, a bus.\nBody\n\n\
        The last ferry sails on Friday.\nSection: that is what he said.\n\nClassification\n\n\nLanguage: ENGLISH\n\n\
        Load-Date: January 15, 2024\n\n\nEnd of Document\n\n";

    #[test]
    fn both_forms_give_fields_and_text() {
        let older = read(OLDER);
        let [first, second] = &older[..] else { panic!("{older:?}") };
        assert_eq!(
            [&*first.headline, &*first.source, &*first.url],
            ["Ferry line closes after ninety years", "The Port Daily", "https://port.example/1"]
        );
        assert_eq!(first.body, "The last ferry sails on Friday.\n\nIt carried post. Language: none knows.");
        assert_eq!(first.time.unwrap().to_string(), "2024-01-15");
        assert_eq!(first.furniture.byline.as_deref(), Some("By ANNA BELL"));
        assert_eq!(first.furniture.place.as_deref(), Some("LANDVIK"));
        assert_eq!(first.furniture.removed.len(), 2, "whose rights it is");
        assert_eq!([&*second.headline, &*second.source, &*second.body], ["Bus runs", "Wire", "It runs."]);
        assert_eq!(second.time.unwrap().to_string(), "2024-01-16T10:32:00Z");
        let newer = read(NEWER);
        assert_eq!(newer.len(), 1);
        assert_eq!(
            [&*newer[0].headline, &*newer[0].source, &*newer[0].body],
            [
                "Ferry line closes",
                "The Port Daily (London)",
                "The last ferry sails on Friday.\nSection: that is what he said."
            ]
        );
        assert_eq!(newer[0].time.unwrap().to_string(), "2024-01-15");
        assert_eq!(newer[0].furniture.byline.as_deref(), Some("Anna Bell"));
        assert_eq!(newer[0].dispatch.as_ref().unwrap().notes, ["After ninety years, a bus."]);
    }

    #[test]
    fn names_of_lines_are_known_in_other_languages() {
        let story = read(
            "Steg bleibt zu\nHafenblatt\n30. April 2024 Dienstag\n\nCopyright 2024 Hafenverlag Alle Rechte vorbehalten\n\n\
             Rubrik: LOKALES; S. 3\nLänge: 70 Wörter\nAutor: Ada Lund\nBody\n\nDer Steg bleibt zu.\n\n\
             Load-Date: April 30, 2024\n\nEnd of Document\n",
        );
        let story = &story[0];
        assert_eq!(
            [&*story.headline, &*story.source, &*story.body],
            ["Steg bleibt zu", "Hafenblatt", "Der Steg bleibt zu."]
        );
        assert_eq!(story.time.unwrap().to_string(), "2024-04-30");
        assert_eq!(story.furniture.byline.as_deref(), Some("Ada Lund"));
    }

    #[test]
    fn the_line_that_counts_words_is_known_in_any_case_and_language() {
        for line in [
            "LÄNGE: 70 WÖRTER",
            "Länge: 70 Wörter",
            "LONGUEUR : 70 mots",
            "Longitud: 70 palabras",
            "LUNGHEZZA: 70 parole",
            "LENGTE: 70 woorden",
            "Comprimento: 70 palavras",
        ] {
            let text = format!(
                "Steg zu\nHafenblatt\n30. April 2024\n\n{line}\nBody\n\nEr bleibt zu.\n\nEnd of Document\n"
            );
            assert_eq!(read(&text)[0].body, "Er bleibt zu.", "{line}");
        }
    }

    #[test]
    fn a_story_that_speaks_of_lengths_is_none() {
        let path = Path::new("a.txt");
        for text in [
            "Ferry sold\n\nLength: 30 metres\nBody\nThe hull is of oak.\n",
            "A text\n\nLength: 512 words\n\nThat is what the desk wants, no more.\n",
            "Ferry sold\n\nThe body lay at full length: nobody had seen it.\nEnd of document\n",
        ] {
            assert!(stories(text, path).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_no_text_of_theirs_is_told() {
        let cover = format!("Download of January 20\nDocuments (1)\n1 of 1 DOCUMENTS\n{NEWER}");
        let records = stories(&cover, Path::new("a.txt")).unwrap();
        let error = records[0].as_ref().err().unwrap().to_string();
        assert!(error.starts_with("a.txt:1: expected a text of Nexis"), "{error}");
        assert_eq!(records.len(), 2);
    }
}
