//! From the pairs in which a result and labels differ to JSON lines; their page is in `html`.

use super::explanation::{SignalObject, leads_to};
use super::message::rounded;
use super::{Pair, Report, StoryInfo};
use crate::label::Label;
use crate::relation::model::Model;
use crate::relation::{Direction, Relation};
use crate::time::Time;
use serde::Serialize;
use std::io;

/// The pairs in which a result and labels differ, and the labels.
#[derive(Clone, Debug, Default)]
pub struct Disagreements {
    /// The heaviest first, [`Disagreements::MOST`] at most.
    pub pairs: Vec<Disagreement>,
    /// How many pairs are joined though they should not be, and what they weigh.
    pub false_joins: (usize, f64),
    /// How many are not joined though they should be, and what they weigh.
    pub misses: (usize, f64),
    /// Every label, as it was read.
    pub labels: Vec<Label>,
    /// Labelled pairs of stories that are there.
    pub labelled: usize,
    /// Precision, recall and F1 by weight.
    pub scores: (f64, f64, f64),
    /// By which weights the pairs were judged.
    pub model: Model,
}

/// A pair that is joined though its label says that it should not be, or the reverse.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Disagreement {
    /// What the label says; 0 of a pair that has none, where labels are closed.
    pub label: Label,
    /// Whether it is among the labels.
    pub is_listed: bool,
    /// Whether it has a relation that the level joins.
    pub joined: bool,
    /// Whether both stories are in one cluster.
    pub together: bool,
    /// Whether the run compared the two. If not, the pair of `two` is what an explanation gives.
    pub compared: bool,
    /// The two stories with their texts, and what ties them.
    pub two: Report,
}

/// How a result can be wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Two reports are joined.
    FalseJoin,
    /// Two versions of one report are not.
    Miss,
}

impl Disagreement {
    /// How the result is wrong, by the label.
    pub fn fault(&self) -> Fault {
        if self.joined { Fault::FalseJoin } else { Fault::Miss }
    }

    /// What ties the two, if anything does.
    pub fn pair(&self) -> Option<&Pair> {
        self.two.pairs.first()
    }
}

impl Disagreements {
    /// How many pairs are kept with their texts: two stories each stay in memory.
    pub const MOST: usize = 2_000;

    /// How many lighter ones are left out.
    pub fn left_out(&self) -> usize {
        self.false_joins.0 + self.misses.0 - self.pairs.len()
    }

    /// Writes one object a line, the heaviest first.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_lines(&self, out: &mut dyn io::Write) -> io::Result<()> {
        self.pairs.iter().try_for_each(|pair| {
            serde_json::to_writer(&mut *out, &DisagreementMessage::of(pair))?;
            writeln!(out)
        })
    }
}

/// A line of `dedup eval --disagreements OUT.jsonl`. It is a label, too: `eval` reads it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "disagreement")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct DisagreementMessage<'a> {
    fault: Fault,
    a: &'a str,
    b: &'a str,
    label: u8,
    weight: f64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    doubt: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    /// There, and true, of a pair without a label.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unlisted: bool,
    joined: bool,
    /// Whether both are in one cluster.
    together: bool,
    /// False where the run did not compare the two, and relation and score are those of `explain`.
    compared: bool,
    relation: Option<Relation>,
    score: Option<f64>,
    jaccard: Option<f64>,
    direction: Direction,
    reason: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    /// Log-odds before any evidence; left out where the signals did not decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<f64>,
    evidence: Vec<SignalObject>,
    a_headline: &'a str,
    a_source: &'a str,
    a_time: Option<Time>,
    a_url: &'a str,
    a_text: &'a str,
    b_headline: &'a str,
    b_source: &'a str,
    b_time: Option<Time>,
    b_url: &'a str,
    b_text: &'a str,
}

impl<'a> DisagreementMessage<'a> {
    fn of(told: &'a Disagreement) -> Self {
        let (a, b) = (told.two.story(0), told.two.story(1));
        let pair = told.pair();
        let signals = pair.and_then(|pair| pair.signals.as_deref());
        let model = &told.two.model;
        Self {
            fault: told.fault(),
            a: &a.id,
            b: &b.id,
            label: told.label.label,
            weight: told.label.weight,
            doubt: told.label.is_doubtful(),
            kind: told.label.said("kind"),
            note: told.label.said("note"),
            unlisted: !told.is_listed,
            joined: told.joined,
            together: told.together,
            compared: told.compared,
            relation: pair.map(|pair| pair.relation),
            score: pair.map(|pair| rounded(pair.score)),
            jaccard: pair.map(|pair| rounded(pair.overlap.jaccard())),
            direction: pair.map_or(Direction::Unknown, |pair| pair.direction),
            reason: pair.map_or("nothing", |pair| pair.reason.kind()),
            cut: pair.is_some_and(|pair| pair.cut),
            start: pair
                .zip(signals)
                .filter(|(pair, signals)| leads_to(model, signals, pair.score))
                .map(|_| rounded(f64::from(model.bias()))),
            evidence: signals.map_or_else(Vec::new, |signals| SignalObject::all(model, signals)),
            a_headline: a.headline(),
            a_source: &a.source,
            a_time: a.time,
            a_url: &a.url,
            a_text: text(a),
            b_headline: b.headline(),
            b_source: &b.source,
            b_time: b.time,
            b_url: &b.url,
            b_text: text(b),
        }
    }
}

/// The text of a story as it was compared.
fn text(story: &StoryInfo) -> &str {
    story.detail.as_deref().and_then(|detail| detail.printed.as_deref()).map_or("", |printed| &printed.body)
}
