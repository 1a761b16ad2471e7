//! From two stories to everything that can be said about the pair, with places in both texts.

use crate::config::{Config, Languages};
use crate::evidence::quote::quotations;
use crate::evidence::{self, Changes, Facts, Frequencies, Passage, Signals, Weights, frequency};
use crate::hash::{self, Identity};
use crate::lexicon::Print;
use crate::noise::Misread;
use crate::relation::direction::{Reason, Standing, direction};
use crate::relation::judge::{Terms, copy_score, identity, judge, shortest_copy};
use crate::relation::matched::{Matched, matched};
use crate::relation::model::{self, Model};
use crate::relation::scanned::{self, Scanned};
use crate::relation::translation::{self, Rarity, Side, Usual};
use crate::relation::{Direction, Relation};
use crate::shingle::ShingleSet;
use crate::similarity::Overlap;
use crate::story::Story;
use crate::text::{self, language, tokenise};
use crate::wire::{self, Outlets};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

/// What ties two stories, and where it can be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The first story as it was compared: furniture taken out, text repaired.
    pub a: Story,
    /// The second story as it was compared.
    pub b: Story,
    /// The verified relation; `None` where nothing ties them, or where they are kept apart.
    pub relation: Option<Relation>,
    /// Whether the table of publishers says that they must not be tied, whatever they share.
    pub kept_apart: bool,
    /// Probability in [0, 1] that both are versions of one report.
    pub score: f64,
    /// What the score was made of; all zero where text alone decides.
    pub signals: Signals,
    /// Who took it from whom, and why it is thought so.
    pub direction: (Direction, Reason),
    /// Exact overlap of the shingle sets.
    pub overlap: Overlap,
    /// Shared passages in the order of `a`.
    pub passages: Vec<Shared>,
    /// Share of the tokens of `a`, in [0, 1], that lie in a shared passage.
    pub coverage_a: f64,
    /// Share of the tokens of `b`, in [0, 1], that lie in a shared passage.
    pub coverage_b: f64,
    /// Quotations of `b`, by place in its body, of which at least half stands in a passage.
    pub quotes: Vec<Range<usize>>,
    /// Facts that only one of them has, from `a` to `b`.
    pub changes: Changes,
    /// Languages of `a` and `b`, where they are known and differ.
    pub languages: Option<[&'static str; 2]>,
    /// Where languages differ, words of `a` beside those of `b` that say the same.
    pub matched: Vec<Matched>,
    /// Of `a` and of `b`, the share of words that are misread, where it is noisy print.
    pub noise: [Option<f32>; 2],
    /// Whether one was judged as the other reads it, letter by letter, and not as it is printed.
    pub by_letters: bool,
    /// Log-odds before any evidence; 0 where text alone or a notice decides.
    pub start: f32,
    /// How much each signal counts.
    pub model: Model,
    /// Whether words weigh as in a corpus; if not, as in a built-in table of common ones.
    pub in_corpus: bool,
}

/// A passage by its places in both bodies, in bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shared {
    /// Place in the body of the first story.
    pub a: Range<usize>,
    /// Place in the body of the second.
    pub b: Range<usize>,
    /// Length in tokens.
    pub tokens: usize,
}

/// Tokens of the shortest passage that is shown: below it, common phrases look like reuse.
pub const SHORTEST_PASSAGE: usize = 4;

/// Explains what ties `a` and `b` under `config`, by themselves. Cost: O(n log n) in the length of
/// the texts.
pub fn explain(config: &Config, a: &Story, b: &Story) -> Explanation {
    explain_by(config, None, a, b)
}

/// The same by how telling `words` are in a corpus: what a scan of it says of the pair, if a copy,
/// a notice or evidence ties them.
pub fn explain_by(config: &Config, words: Option<&Weights>, a: &Story, b: &Story) -> Explanation {
    let (a, b) = (Compared::of(config, a), Compared::of(config, b));
    let overlap = Overlap::of(&a.shingles, &b.shingles);
    let passages = evidence::passages(&a.tokens, &b.tokens, SHORTEST_PASSAGE);
    let covered: usize = passages.iter().map(Passage::len).sum();
    let share = |whole: usize| if whole == 0 { 0.0 } else { covered as f64 / whole as f64 };
    let judgement = judgement(config, words, (&a, &b), overlap);
    let passages: Vec<Shared> =
        passages.iter().map(|passage| shared(passage, &a.places, &b.places)).collect();
    // Where its own letters leave it in doubt, those of the other have told.
    let is_misread = |noise: &Misread| noise.is_sure || judgement.by_letters;
    let outlets = Outlets::of([&a.story.source[..], &b.story.source[..]]);
    let named = [outlets.named(&a.attributions), outlets.named(&b.attributions)];
    let kept_apart = config.publishers().keeps_apart(&a.story, &b.story);
    Explanation {
        relation: judgement.relation.filter(|_| !kept_apart),
        kept_apart,
        score: judgement.score,
        signals: judgement.signals,
        direction: direction(&a.standing(&named[0]), &b.standing(&named[1])),
        overlap,
        coverage_a: share(a.tokens.len()),
        coverage_b: share(b.tokens.len()),
        quotes: kept_quotes(&b.story.body, &passages),
        changes: Changes::between(&Facts::of(&a.story.body), &Facts::of(&b.story.body)),
        languages: translation::may_hold(a.language, b.language).then_some([a.language, b.language]),
        matched: judgement.matched,
        noise: [a.noise, b.noise].map(|noise| noise.filter(is_misread).map(|noise| noise.share)),
        by_letters: judgement.by_letters,
        start: judgement.start,
        model: *config.model(),
        in_corpus: words.is_some(),
        passages,
        a: a.story,
        b: b.story,
    }
}

/// What is said of a pair, and what by.
#[derive(Default)]
struct Judgement {
    relation: Option<Relation>,
    score: f64,
    signals: Signals,
    matched: Vec<Matched>,
    by_letters: bool,
    start: f32,
}

/// Text decides where it can, as in a scan; evidence decides the rest.
fn judgement(
    config: &Config,
    words: Option<&Weights>,
    (a, b): (&Compared, &Compared),
    overlap: Overlap,
) -> Judgement {
    if !a.tokens.is_empty() && a.identity() == b.identity() {
        return Judgement { relation: Some(Relation::Identical), score: 1.0, ..Judgement::default() };
    }
    if config.languages() == Languages::Any && translation::may_hold(a.language, b.language) {
        let translated = translated(config, a, b);
        let by_words = by_words(config, words, (a, b), overlap);
        return if kept_word_for_word(by_words.relation) {
            Judgement { matched: translated.matched, ..by_words }
        } else {
            translated
        };
    }
    by_words(config, words, (a, b), overlap)
}

/// Whether what was found is in the texts themselves, whatever languages they are taken for.
fn kept_word_for_word(relation: Option<Relation>) -> bool {
    !matches!(relation, None | Some(Relation::Rewrite | Relation::Related | Relation::Roundup))
}

fn by_words(
    config: &Config,
    words: Option<&Weights>,
    (a, b): (&Compared, &Compared),
    overlap: Overlap,
) -> Judgement {
    let of_both = || {
        let mut frequencies = Frequencies::default();
        [a, b].iter().for_each(|story| frequencies.add(&mut story.stems.clone()));
        frequencies.weights()
    };
    let weights = words.map_or_else(|| Cow::Owned(of_both()), Cow::Borrowed);
    let terms = Terms { all: true, ..config.terms() };
    let [(print, x), (other, y)] =
        [a, b].map(|of| Scanned::with_profile(&of.story, of.noise, &weights, &mut Vec::new()));
    let by_letters = scanned::judge((&print, &x), (&other, &y), &weights, terms);
    let judged = by_letters.unwrap_or_else(|| judge(&x, &y, terms));
    let signals = judged.map_or_else(|| Signals::quick(&x, &y), |verdict| verdict.signals);
    let long_enough = a.tokens.len().min(b.tokens.len()) >= shortest_copy(config.shingle());
    let is_template = judged.is_some_and(|verdict| verdict.relation == Relation::Template);
    let is_copy = long_enough && overlap.cmp_jaccard(config.threshold()) != Ordering::Less;
    let (relation, score) = if is_copy && !is_template {
        (Some(Relation::Copy), copy_score(overlap))
    } else {
        (judged.map(|verdict| verdict.relation), judged.map_or(0.0, |verdict| verdict.score))
    };
    let (matched, start) = (Vec::new(), config.model().bias());
    Judgement { relation, score, signals, matched, by_letters: by_letters.is_some() && !is_copy, start }
}

/// Between languages, what the words mean decides.
fn translated(config: &Config, a: &Compared, b: &Compared) -> Judgement {
    let prints = [a, b].map(|story| Print::of(config.lexicon(), story.language, &story.story));
    let rarity = Rarity::of(&prints);
    let weighed = [0, 1].map(|side| rarity.weighed(&prints[side]));
    let side = |place: usize, story: &Compared| Side {
        print: &prints[place],
        weighed: &weighed[place],
        time: story.story.time.map(crate::time::Time::as_second),
        usual: Usual::default(),
    };
    let score = translation::probability(side(0, a), side(1, b));
    let relation = (score >= model::JOINED).then_some(Relation::Translation);
    let read = |place: usize, story| (story, prints[place].language, &weighed[place]);
    let matched = matched(config.lexicon(), read(0, &a.story), read(1, &b.story));
    Judgement { relation, score, matched, ..Judgement::default() }
}

fn kept_quotes(body: &str, passages: &[Shared]) -> Vec<Range<usize>> {
    let kept = |quote: &Range<usize>| {
        let inside =
            passages.iter().map(|p| p.b.end.min(quote.end).saturating_sub(p.b.start.max(quote.start)));
        2 * inside.sum::<usize>() >= quote.len()
    };
    quotations(body).into_iter().filter(kept).collect()
}

fn shared(passage: &Passage, a: &[Range<usize>], b: &[Range<usize>]) -> Shared {
    let span = |places: &[Range<usize>], tokens: &Range<usize>| {
        places[tokens.start].start..places[tokens.end - 1].end
    };
    Shared { a: span(a, &passage.a), b: span(b, &passage.b), tokens: passage.len() }
}

/// The tokens of a text with the place of each: what passages are found in.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    tokens: Vec<u64>,
    places: Vec<Range<usize>>,
}

impl Placed {
    /// The tokens of `text`, which is repaired. Cost: one pass.
    pub fn of(text: &str) -> Self {
        let mut placed = Self::default();
        tokenise(text, |token| {
            placed.tokens.push(hash::word(token.text));
            placed.places.push(token.start..token.end);
        });
        placed
    }

    /// The passages of [`SHORTEST_PASSAGE`] tokens or more that `other` has too, in the order of
    /// this text; the same that [`explain`] finds.
    pub fn shared_with(&self, other: &Self) -> Vec<Shared> {
        let passages = evidence::passages(&self.tokens, &other.tokens, SHORTEST_PASSAGE);
        passages.iter().map(|passage| shared(passage, &self.places, &other.places)).collect()
    }
}

/// A story as it is compared, with the place of every token.
struct Compared {
    story: Story,
    tokens: Vec<u64>,
    stems: Vec<u32>,
    places: Vec<Range<usize>>,
    shingles: ShingleSet,
    credits: Vec<&'static str>,
    attributions: Vec<wire::Attribution>,
    language: &'static str,
    /// What it is taken for, if for misread print.
    noise: Option<Misread>,
}

impl Compared {
    fn of(config: &Config, story: &Story) -> Self {
        let mut story = story.clone();
        wire::prepare(&mut story, config.keep_furniture());
        story.body = text::repair(&story.body).into_owned();
        let (mut tokens, mut stems, mut places) = (Vec::new(), Vec::new(), Vec::new());
        tokenise(&story.body, |token| {
            tokens.push(hash::word(token.text));
            stems.push(frequency::stem(&token));
            places.push(token.start..token.end);
        });
        let shingles = ShingleSet::new(&tokens, config.shingle());
        let found = wire::credits(&story.body);
        let credits = found.iter().flat_map(wire::Credit::agencies).collect();
        let attributions = wire::attributions(&story.body);
        let language = language::told_of(&story);
        let noise = config.noise().misread(&story.body);
        Self { story, tokens, stems, places, shingles, credits, attributions, language, noise }
    }

    fn identity(&self) -> Identity {
        identity(&self.story, &self.tokens)
    }

    fn standing<'a>(&'a self, named: &'a [&'a str]) -> Standing<'a> {
        Standing {
            time: self.story.time,
            source: &self.story.source,
            agency: wire::agency(&self.story.source),
            credits: &self.credits,
            named,
            marker: self.story.furniture.marker.as_ref(),
            id: &self.story.id,
            dispatch: self.story.dispatch.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_point_into_the_bodies() {
        let a = Story::new("a", "The ferry ran aground “off the cape” on Sunday with 212 people aboard.");
        let b =
            Story::new("b", "On Sunday a vessel with 212 people aboard ran aground \"off the cape\" in fog.");
        let found = explain(&Config::default(), &a, &b);
        let text = |shared: &Shared| (&found.a.body[shared.a.clone()], &found.b.body[shared.b.clone()]);
        let texts: Vec<_> = found.passages.iter().map(text).collect();
        assert_eq!(
            texts,
            [
                ("ran aground “off the cape", "ran aground \"off the cape"),
                ("with 212 people aboard", "with 212 people aboard"),
            ]
        );
        assert!((found.coverage_a - 9.0 / 13.0).abs() < 1e-9);
    }

    #[test]
    fn two_empty_stories_have_nothing_in_common() {
        let found = explain(&Config::default(), &Story::new("a", ""), &Story::new("b", " … "));
        assert_eq!(found.relation, None);
        assert!(found.passages.is_empty());
    }
}
