//! From an explanation of a pair to text for people and to JSON.

use super::message::rounded;
use super::text::Style;
use super::text::shown::{Ink, clean, fitted, isolated, two_decimals};
use crate::evidence::{Changes, Figure, Signals};
use crate::explain::{Explanation, Shared};
use crate::relation::direction::Reason;
use crate::relation::matched::Matched;
use crate::relation::model::{Model, probability};
use crate::relation::{Direction, Relation};
use crate::story::Story;
use serde::Serialize;
use std::io;
use unicode_width::UnicodeWidthStr;

/// Columns from which two texts stand side by side.
const SIDE_BY_SIDE: usize = 60;

/// Writes for people: a verdict, the measures, then each shared passage with its places (bytes of
/// the body), side by side where the terminal is wide enough.
///
/// # Errors
/// What `out` fails with.
pub fn write_text(explanation: &Explanation, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let ink = |ink: Ink, text: &str| if style.colour { ink.paint(text) } else { text.to_owned() };
    for (name, story) in [("A", &explanation.a), ("B", &explanation.b)] {
        let headline = isolated(&clean(&story.headline)).into_owned();
        writeln!(out, "{name}  {}  {headline}", ink(Ink::Headline, &isolated(&clean(&story.id))))?;
    }
    for (name, noise) in ["A", "B"].iter().zip(explanation.noise) {
        if let Some(noise) = noise {
            writeln!(
                out,
                "{name} is noisy print: {} of its words are misread",
                two_decimals(f64::from(noise))
            )?;
        }
    }
    if explanation.by_letters {
        writeln!(out, "letters were compared")?;
    }
    writeln!(out, "\n{}\n", ink(Ink::Headline, &verdict(explanation)))?;
    write_shares(explanation, out)?;
    if explanation.relation != Some(Relation::Identical) && explanation.languages.is_none() {
        writeln!(out, "\n{}", ink(Ink::Headline, "evidence"))?;
        if !explanation.in_corpus {
            writeln!(out, "words weigh as in a built-in table: no corpus was given (--in PATH, --index DB)")?;
        }
        write_signals(explanation, out)?;
    }
    writeln!(out, "\n{}", ink(Ink::Headline, "facts"))?;
    write_facts(explanation, out)?;
    if !explanation.passages.is_empty() {
        writeln!(
            out,
            "\n{}",
            ink(Ink::Headline, &format!("{} shared passages", explanation.passages.len()))
        )?;
    }
    for passage in &explanation.passages {
        write_passage(explanation, passage, style, out)?;
    }
    Ok(())
}

/// How much of each text the other has; between languages that says nothing.
fn write_shares(explanation: &Explanation, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some([a, b]) = explanation.languages
        && explanation.passages.is_empty()
    {
        return writeln!(out, "A is in {a}, B in {b}: shares of text cannot be compared");
    }
    let overlap = explanation.overlap;
    for (name, value, what) in [
        ("jaccard", overlap.jaccard(), format!("{} of {} shingles", overlap.shared, overlap.union())),
        ("A in B", overlap.containment_a(), format!("{} of {} shingles", overlap.shared, overlap.a)),
        ("B in A", overlap.containment_b(), format!("{} of {} shingles", overlap.shared, overlap.b)),
        ("A covered", explanation.coverage_a, "share of A in the passages below".to_owned()),
        ("B covered", explanation.coverage_b, "share of B in the passages below".to_owned()),
    ] {
        writeln!(out, "{name:<10}{}  {what}", two_decimals(value))?;
    }
    Ok(())
}

/// The verdict in one sentence.
fn verdict(explanation: &Explanation) -> String {
    let verdict = match explanation.relation {
        Some(Relation::Identical) => "Identical: both have the same words in the same order",
        Some(Relation::Copy) => "Copy: one is the other with small changes",
        Some(Relation::Edited) => "Edited: most of each is found in the other, in order",
        Some(Relation::Excerpt) => "Excerpt: A is contained in B",
        Some(Relation::Extended) => "Extended: B is contained in A",
        Some(Relation::Update) => "Update: one is a later version of the other",
        Some(Relation::Correction) => "Correction: one puts the other right or takes it back",
        Some(Relation::Repeat) => "Repeat: one is the other sent again",
        Some(Relation::Rewrite) => "Rewrite: the same report, retold",
        Some(Relation::Translation) => "Translation: the same report in another language",
        Some(Relation::Roundup) => "Round-up: one holds the other's report among others",
        Some(Relation::Related) => "Related: the same matter, but another report",
        Some(Relation::Template) => "Template: one form with other facts, two reports",
        None if explanation.kept_apart => {
            "Kept apart: the table of publishers says that these are never tied"
        }
        None => "Not tied: what they share does not make them versions of one report",
    };
    let (direction, reason) = &explanation.direction;
    let taken = match (explanation.relation, direction) {
        (None | Some(Relation::Related | Relation::Roundup | Relation::Template), _) => String::new(),
        (_, Direction::AToB) => format!("; B took it from A ({reason})"),
        (_, Direction::BToA) => format!("; A took it from B ({reason})"),
        (_, Direction::Unknown) => format!("; who took it from whom is unknown ({reason})"),
    };
    format!("{verdict}, probability {}{taken}.", two_decimals(explanation.score))
}

/// What moved the score, the strongest first.
fn write_signals(explanation: &Explanation, out: &mut dyn io::Write) -> io::Result<()> {
    let mut moved: Vec<_> = explanation
        .model
        .contributions(&explanation.signals)
        .into_iter()
        .filter(|(_, value, _)| *value != 0.0)
        .collect();
    if explanation.start != 0.0 {
        writeln!(out, "{:<16} {:>22}", "start", format!("{:+.2}", explanation.start))?;
    }
    moved.sort_by(|x, y| (y.1 * y.2).abs().total_cmp(&(x.1 * x.2).abs()));
    for (name, value, weight) in moved {
        writeln!(out, "{name:<16} {value:>5.2} × {weight:>6.2} = {:>+6.2}", value * weight)?;
    }
    Ok(())
}

fn write_facts(explanation: &Explanation, out: &mut dyn io::Write) -> io::Result<()> {
    let changes = &explanation.changes;
    for Figure { of, was, is } in &changes.figures {
        writeln!(out, "A to B  {}", isolated(&one_line(&format!("{of} {was} → {is}"))))?;
    }
    let [added, dropped] = changes.unpaired_numbers();
    let names = |names: &'_ [String]| names.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let quotes =
        |quotes: &[String]| quotes.iter().map(|quote| format!("“{quote}”")).collect::<Vec<_>>().join(" · ");
    for (name, facts) in [
        ("only A has", dropped.join(" ")),
        ("only B has", added.join(" ")),
        ("only A names", names(&changes.names_dropped)),
        ("only B names", names(&changes.names_added)),
        ("only A quotes", quotes(&changes.quotes_dropped)),
        ("only B quotes", quotes(&changes.quotes_added)),
    ] {
        if !facts.is_empty() {
            writeln!(out, "{name}  {}", isolated(&one_line(&facts)))?;
        }
    }
    if !explanation.matched.is_empty() {
        let matched = explanation.matched.iter().map(|pair| format!("{} ~ {}", pair.a, pair.b));
        writeln!(out, "both say  {}", isolated(&one_line(&matched.collect::<Vec<_>>().join(" · "))))?;
    }
    for quote in &explanation.quotes {
        writeln!(out, "both quote  {}", isolated(&one_line(&explanation.b.body[quote.clone()])))?;
    }
    Ok(())
}

fn write_passage(
    explanation: &Explanation,
    passage: &Shared,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let (a, b) =
        (one_line(&explanation.a.body[passage.a.clone()]), one_line(&explanation.b.body[passage.b.clone()]));
    let place =
        |name: &str, range: &std::ops::Range<usize>| format!("{name} {}\u{2013}{}", range.start, range.end);
    let (at_a, at_b) = (place("A", &passage.a), place("B", &passage.b));
    match style.width {
        Some(width) if width >= SIDE_BY_SIDE => {
            let room = (width - 3) / 2;
            writeln!(out, "\n{at_a:<room$} │ {at_b}")?;
            let (left, right) = (wrapped(&a, room), wrapped(&b, room));
            for line in 0..left.len().max(right.len()) {
                let (x, y) = (left.get(line).map_or("", |l| l), right.get(line).map_or("", |l| l));
                let pad = " ".repeat(room.saturating_sub(x.width()));
                writeln!(out, "{x}{pad} │ {y}")?;
            }
            Ok(())
        }
        _ => writeln!(out, "\n{at_a}  {}\n{at_b}  {}", isolated(&a), isolated(&b)),
    }
}

fn one_line(text: &str) -> String {
    clean(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Lines of at most `room` columns, broken at spaces; a longer word is cut.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let word = fitted(word, room);
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(&word);
        } else if line.width() + 1 + word.width() <= room {
            line.push(' ');
            line.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
}

/// The explanation as JSON: places are bytes of `body`, the text that was compared.
#[derive(Serialize)]
struct ExplanationObject<'a> {
    a: StoryObject<'a>,
    b: StoryObject<'a>,
    relation: Option<Relation>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    kept_apart: bool,
    score: f64,
    direction: Direction,
    reason: &'a Reason,
    jaccard: f64,
    containment_a: f64,
    containment_b: f64,
    coverage_a: f64,
    coverage_b: f64,
    evidence: Vec<SignalObject>,
    passages: Vec<PassageObject<'a>>,
    quotes: Vec<&'a str>,
    changes: &'a Changes,
    #[serde(skip_serializing_if = "Option::is_none")]
    languages: Option<[&'static str; 2]>,
    matched: &'a [Matched],
    #[serde(skip_serializing_if = "Option::is_none")]
    noise: Option<[Option<f64>; 2]>,
    start: f64,
}

/// A signal, its weight, and what both moved the log-odds by.
#[derive(Debug, Serialize)]
pub(super) struct SignalObject {
    signal: &'static str,
    value: f64,
    weight: f64,
    contribution: f64,
}

impl SignalObject {
    /// All signals of a pair, in the order of the model.
    pub(super) fn all(model: &Model, signals: &Signals) -> Vec<Self> {
        let object = |(signal, value, weight)| Self {
            signal,
            value: rounded(f64::from(value)),
            weight: rounded(f64::from(weight)),
            contribution: rounded(f64::from(value * weight)),
        };
        model.contributions(signals).map(object).into()
    }
}

/// Whether the sum of `signals` makes `score`: not where the measure of copies or a notice decided.
pub(super) fn leads_to(model: &Model, signals: &Signals, score: f64) -> bool {
    (probability(model.log_odds(signals)) - score).abs() < 1e-9
}

/// A story as it was compared.
#[derive(Serialize)]
struct StoryObject<'a> {
    id: &'a str,
    headline: &'a str,
    source: &'a str,
    furniture: &'a crate::story::Furniture,
    body: &'a str,
}

/// A passage with its places and its text on both sides.
#[derive(Serialize)]
struct PassageObject<'a> {
    a: [usize; 2],
    b: [usize; 2],
    tokens: usize,
    text_a: &'a str,
    text_b: &'a str,
}

/// Writes one JSON object, indented.
///
/// # Errors
/// What `out` fails with.
pub fn write_json(explanation: &Explanation, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &object(explanation))?;
    writeln!(out)
}

/// The same object as a value.
///
/// # Errors
/// None that an explanation can cause; those of [`serde_json`].
pub fn to_json(explanation: &Explanation) -> serde_json::Result<serde_json::Value> {
    serde_json::to_value(object(explanation))
}

fn object(explanation: &Explanation) -> ExplanationObject<'_> {
    let passages = explanation.passages.iter().map(|passage| PassageObject {
        a: [passage.a.start, passage.a.end],
        b: [passage.b.start, passage.b.end],
        tokens: passage.tokens,
        text_a: &explanation.a.body[passage.a.clone()],
        text_b: &explanation.b.body[passage.b.clone()],
    });
    ExplanationObject {
        a: story_object(&explanation.a),
        b: story_object(&explanation.b),
        relation: explanation.relation,
        kept_apart: explanation.kept_apart,
        score: rounded(explanation.score),
        direction: explanation.direction.0,
        reason: &explanation.direction.1,
        jaccard: rounded(explanation.overlap.jaccard()),
        containment_a: rounded(explanation.overlap.containment_a()),
        containment_b: rounded(explanation.overlap.containment_b()),
        coverage_a: rounded(explanation.coverage_a),
        coverage_b: rounded(explanation.coverage_b),
        evidence: SignalObject::all(&explanation.model, &explanation.signals),
        passages: passages.collect(),
        quotes: explanation.quotes.iter().map(|quote| &explanation.b.body[quote.clone()]).collect(),
        changes: &explanation.changes,
        languages: explanation.languages,
        matched: &explanation.matched,
        noise: explanation
            .noise
            .iter()
            .any(Option::is_some)
            .then(|| explanation.noise.map(|noise| noise.map(|noise| rounded(f64::from(noise))))),
        start: rounded(f64::from(explanation.start)),
    }
}

fn story_object(story: &Story) -> StoryObject<'_> {
    StoryObject {
        id: &story.id,
        headline: &story.headline,
        source: &story.source,
        furniture: &story.furniture,
        body: &story.body,
    }
}
