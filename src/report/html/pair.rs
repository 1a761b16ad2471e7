//! From a pair to what its page shows: measures, evidence, and the passages both texts share.

use super::super::explanation::leads_to;
use super::super::message::rounded;
use super::super::{Pair, Report};
use crate::evidence::Signals;
use crate::explain::Placed;
use crate::lexicon::Lexicon;
use crate::relation::matched::{Matched, of_two};
use crate::relation::model::Model;
use crate::relation::{Direction, Relation};
use crate::story::Story;
use crate::text::language::told_of;
use serde::Serialize;

/// Two stories of one page, by their places among its members.
#[derive(Debug, Default, Serialize)]
pub(super) struct PairObject<'a> {
    a: usize,
    b: usize,
    /// Shared passages in the order of `a`, four numbers each: start and end in `a`, start and
    /// end in `b`, in UTF-16 units of the bodies; `None` where there are no texts.
    passages: Option<Vec<u32>>,
    #[serde(flatten)]
    tie: Option<Tie<'a>>,
}

/// What was found of the pair; members of one cluster may be tied through a third only.
#[derive(Debug, Serialize)]
struct Tie<'a> {
    relation: Relation,
    score: f64,
    jaccard: f64,
    containment_a: f64,
    containment_b: f64,
    direction: Direction,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    languages: Option<[&'a str; 2]>,
    /// Where languages differ, words of `a` beside those of `b` that say the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matched: Vec<Matched>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    signals: Option<Evidence>,
}

/// What the score was made of.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Evidence {
    /// Values of the signals, in the order of the model.
    values: Vec<f64>,
    /// Log-odds before any evidence; `None` where the signals did not decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<f64>,
}

impl Evidence {
    pub(super) fn of(pair: &Pair, model: &Model) -> Option<Self> {
        let signals = pair.signals.as_deref()?;
        let values = model.contributions(signals).map(|(_, value, _)| rounded(f64::from(value)));
        Some(Self { values: values.into(), start: started(signals, pair.score, model) })
    }
}

/// Where the sum of the signals began, if it leads to `score`: it does not where the measure of
/// copies or a notice decided.
fn started(signals: &Signals, score: f64, model: &Model) -> Option<f64> {
    leads_to(model, signals, score).then(|| rounded(f64::from(model.bias())))
}

impl<'a> PairObject<'a> {
    /// A pair that was found, between the members at `a` and `b`.
    pub(super) fn found(
        report: &'a Report,
        pair: &'a Pair,
        (a, b): (usize, usize),
        passages: Option<Vec<u32>>,
    ) -> Self {
        let tie = Tie {
            relation: pair.relation,
            score: rounded(pair.score),
            jaccard: rounded(pair.overlap.jaccard()),
            containment_a: rounded(pair.overlap.containment_a()),
            containment_b: rounded(pair.overlap.containment_b()),
            direction: pair.direction,
            reason: pair.reason.kind(),
            agency: pair.reason.agency(),
            languages: report.languages(pair),
            matched: matched_words(report, pair),
            cut: pair.cut,
            signals: Evidence::of(pair, &report.model),
        };
        Self { a, b, passages, tie: Some(tie) }
    }

    /// Two members that no pair ties.
    pub(super) fn bare((a, b): (usize, usize), passages: Option<Vec<u32>>) -> Self {
        Self { a, b, passages, tie: None }
    }
}

/// What a translation and its original say in both languages, where their texts are there.
fn matched_words(report: &Report, pair: &Pair) -> Vec<Matched> {
    let story = |place: u32| {
        let info = report.story(place);
        let printed = info.detail.as_deref()?.printed.as_deref()?;
        Some(Story { headline: printed.headline.clone(), ..Story::new(&*info.id, &*printed.body) })
    };
    match (pair.relation, story(pair.a), story(pair.b)) {
        (Relation::Translation, Some(a), Some(b)) => {
            of_two(&Lexicon::default(), [&a, &b].map(|story| (story, told_of(story))))
        }
        _ => Vec::new(),
    }
}

/// A body that is compared on the page: its tokens, and its places as scripts count them.
pub(super) struct Body {
    placed: Placed,
    units: Units,
}

impl Body {
    pub(super) fn of(text: &str) -> Self {
        Self { placed: Placed::of(text), units: Units::of(text) }
    }

    /// The place of a byte.
    pub(super) fn unit(&self, byte: usize) -> u32 {
        self.units.at(byte)
    }

    /// The passages that both have, as [`PairObject`] gives them.
    pub(super) fn passages(&self, other: &Self) -> Vec<u32> {
        let places = |shared: &crate::explain::Shared| {
            let (a, b) = (&shared.a, &shared.b);
            [self.unit(a.start), self.unit(a.end), other.unit(b.start), other.unit(b.end)]
        };
        self.placed.shared_with(&other.placed).iter().flat_map(places).collect()
    }
}

/// From places in bytes to places in UTF-16 units, in which scripts count.
pub(super) enum Units {
    Ascii,
    /// By byte, one more than there are.
    Table(Vec<u32>),
}

impl Units {
    pub(super) fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Ascii;
        }
        let mut table = vec![0; text.len() + 1];
        let mut units = 0;
        for (at, c) in text.char_indices() {
            table[at..at + c.len_utf8()].fill(units);
            units += c.len_utf16() as u32;
        }
        table[text.len()] = units;
        Self::Table(table)
    }

    pub(super) fn at(&self, byte: usize) -> u32 {
        match self {
            Self::Ascii => byte as u32,
            Self::Table(table) => table[byte.min(table.len() - 1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::model::probability;

    #[test]
    fn places_are_counted_as_scripts_count() {
        let a = Body::of("🚢 Паром сел на мель у мыса Столбчатого в воскресенье.");
        let b = Body::of("В воскресенье Паром сел на мель у мыса Столбчатого.");
        let found = a.passages(&b);
        let utf16 = |text: &str, from: u32, to: u32| {
            let units: Vec<u16> = text.encode_utf16().collect();
            String::from_utf16(&units[from as usize..to as usize]).unwrap()
        };
        assert_eq!(found.len(), 4);
        let text = "Паром сел на мель у мыса Столбчатого";
        assert_eq!(utf16("🚢 Паром сел на мель у мыса Столбчатого в воскресенье.", found[0], found[1]), text);
        assert_eq!(utf16("В воскресенье Паром сел на мель у мыса Столбчатого.", found[2], found[3]), text);
    }

    #[test]
    fn the_beginning_is_known_by_where_it_leads() {
        let signals = Signals { topic: 0.6, kept: 0.5, ..Signals::default() };
        let model = Model::default();
        let score = probability(model.log_odds(&signals));
        assert_eq!(started(&signals, score, &model), Some(rounded(f64::from(model.bias()))));
        assert_eq!(started(&signals, 0.01, &model), None);
    }
}
