//! From two stories to everything that can be said about the pair, with places in both texts.

use crate::config::Config;
use crate::evidence::{self, Passage};
use crate::hash::{self, Identity};
use crate::relation::{Measures, Relation};
use crate::shingle::ShingleSet;
use crate::similarity::Overlap;
use crate::story::Story;
use crate::text::{self, tokenise};
use crate::wire;
use std::ops::Range;

/// What ties two stories, and where it can be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The first story as it was compared: furniture taken out, text repaired.
    pub a: Story,
    /// The second story as it was compared.
    pub b: Story,
    /// The verified relation; `None` where nothing ties them.
    pub relation: Option<Relation>,
    /// Exact overlap of the shingle sets.
    pub overlap: Overlap,
    /// Shared passages in the order of `a`.
    pub passages: Vec<Shared>,
    /// Share of the tokens of `a`, in [0, 1], that lie in a shared passage.
    pub coverage_a: f64,
    /// Share of the tokens of `b`, in [0, 1], that lie in a shared passage.
    pub coverage_b: f64,
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

/// Explains what ties `a` and `b` under `config`. Cost: O(n log n) in the length of the texts.
pub fn explain(config: &Config, a: &Story, b: &Story) -> Explanation {
    let (a, b) = (Compared::of(config, a), Compared::of(config, b));
    let overlap = Overlap::of(&a.shingles, &b.shingles);
    let passages = evidence::passages(&a.tokens, &b.tokens, SHORTEST_PASSAGE);
    let covered: usize = passages.iter().map(Passage::len).sum();
    let share = |whole: usize| if whole == 0 { 0.0 } else { covered as f64 / whole as f64 };
    let measures = Measures {
        identical: !a.tokens.is_empty() && Identity::of(&a.tokens) == Identity::of(&b.tokens),
        short: a.tokens.len().min(b.tokens.len()) < config.shingle(),
        overlap,
    };
    Explanation {
        relation: Relation::of(measures, config.threshold()),
        overlap,
        coverage_a: share(a.tokens.len()),
        coverage_b: share(b.tokens.len()),
        passages: passages.iter().map(|passage| shared(passage, &a.places, &b.places)).collect(),
        a: a.story,
        b: b.story,
    }
}

fn shared(passage: &Passage, a: &[Range<usize>], b: &[Range<usize>]) -> Shared {
    let span = |places: &[Range<usize>], tokens: &Range<usize>| {
        places[tokens.start].start..places[tokens.end - 1].end
    };
    Shared { a: span(a, &passage.a), b: span(b, &passage.b), tokens: passage.len() }
}

/// A story as it is compared, with the place of every token.
struct Compared {
    story: Story,
    tokens: Vec<u64>,
    places: Vec<Range<usize>>,
    shingles: ShingleSet,
}

impl Compared {
    fn of(config: &Config, story: &Story) -> Self {
        let mut story = story.clone();
        wire::prepare(&mut story, config.keep_furniture());
        story.body = text::repair(&story.body).into_owned();
        let (mut tokens, mut places) = (Vec::new(), Vec::new());
        tokenise(&story.body, |token| {
            tokens.push(hash::word(token.text));
            places.push(token.start..token.end);
        });
        let shingles = ShingleSet::new(&tokens, config.shingle());
        Self { story, tokens, places, shingles }
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
