//! From the stories and ties of one component to its report, for engines that find them elsewhere.
//!
//! A cluster depends on nothing outside its component. An engine that brings the stories of a
//! component and every tie among them together gets for them what a scan of the whole corpus
//! says, byte for byte.

use super::fetch::{Texts, detail};
use super::intake::{Intake, Row};
use super::pairs::{Classes, Found};
use super::sets::Sets;
use super::{families, group, lay, notice};
use crate::cluster::linkage::ALL_PAIRS;
use crate::config::{Config, Level};
use crate::evidence::Signals;
use crate::hash::Identity;
use crate::relation::Relation;
use crate::relation::tie::{Basis, Judged, Verified};
use crate::report::{Detail, Report};
use crate::shingle::distinct;
use crate::similarity::Overlap;
use crate::story::{Ordinal, Story};
use crate::text;
use crate::wire;
use ahash::AHashMap;
use std::borrow::Cow;

/// A verified tie between two stories of a part, by their places in it, `a < b`. Of stories that
/// are identical only the first has ties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartTie {
    /// One story.
    pub a: Ordinal,
    /// The other.
    pub b: Ordinal,
    /// What ties them.
    pub relation: Relation,
    /// Probability in [0, 1] that both are versions of one report.
    pub score: f64,
    /// Overlap of their shingle sets.
    pub overlap: Overlap,
    /// Of a pair that was judged by its evidence, the share of each in common passages.
    pub coverage: Option<(f32, f32)>,
}

/// Stories of one component, to be clustered.
#[derive(Debug)]
pub struct Part<'a> {
    config: &'a Config,
    rows: Vec<Row>,
    details: Vec<Option<Box<Detail>>>,
    sets: Vec<(Ordinal, Vec<u64>)>,
    sizes: Vec<u32>,
    /// The first story of each identity.
    first: AHashMap<Identity, Ordinal>,
    ties: Vec<Verified>,
    kills: Vec<(Ordinal, Ordinal)>,
    tokens: Vec<u64>,
}

impl<'a> Part<'a> {
    /// No stories yet.
    pub fn new(config: &'a Config) -> Self {
        Self {
            config,
            rows: Vec::new(),
            details: Vec::new(),
            sets: Vec::new(),
            sizes: Vec::new(),
            first: AHashMap::new(),
            ties: Vec::new(),
            kills: Vec::new(),
            tokens: Vec::new(),
        }
    }

    /// Adds a story as it came in; stories come in the order of their ids, which are unique.
    /// `translated` says that a tie is between scripts: then its language is named. Keeps what is
    /// shown of it, and, while a cluster looks at all pairs, its shingles.
    pub fn push(&mut self, mut story: Story, translated: bool) {
        let place = self.rows.len() as Ordinal;
        wire::prepare(&mut story, self.config.keep_furniture());
        self.tokens.clear();
        text::token_hashes(&story.body, &mut self.tokens);
        let identity = Identity::of(&self.tokens);
        self.sizes.push(0);
        if *self.first.entry(identity).or_insert(place) == place {
            let set = distinct(&self.tokens, self.config.shingle());
            self.sizes[place as usize] = set.len() as u32;
            // At level rewrite, a part of the component may be one of copies that is looked at whole.
            if self.config.level() >= Level::Rewrite || self.first.len() <= ALL_PAIRS {
                self.sets.push((place, set));
            } else {
                self.sets = Vec::new();
            }
        }
        if translated && story.language.is_empty() {
            text::language::told_of(&story).clone_into(&mut story.language);
        }
        self.rows.push(Row {
            id: std::mem::take(&mut story.id).into(),
            source: story.source.as_str().into(),
            url: story.url.as_str().into(),
            time: story.time,
            identity,
            tokens: self.tokens.len() as u32,
            is_ready: false,
            language: "",
            dispatch: story.dispatch.take(),
            is_noisy: false,
        });
        self.details.push(Some(Box::new(detail(Cow::Owned(story), true))));
    }

    /// Adds a tie. `ruled_out` says that it decides nothing (see
    /// [`Verdict`](crate::relation::judge::Verdict)).
    pub fn tie(&mut self, tie: PartTie, ruled_out: bool) {
        let PartTie { a, b, relation, score, overlap, coverage } = tie;
        let judged = |coverage| Basis::Evidence(Judged { signals: Signals::default(), coverage, ruled_out });
        let basis = coverage.map_or(Basis::Text, judged);
        self.ties.push(Verified { a, b, relation, score, overlap, basis });
    }

    /// Notes that the story at `kill` takes back the one at `target`, and so every version of it.
    pub fn kill(&mut self, kill: Ordinal, target: Ordinal) {
        self.kills.push((kill, target));
    }

    /// Clusters the stories.
    pub fn report(mut self) -> Report {
        let stories = self.rows.len();
        notice::merge(&mut self.ties, Vec::new());
        let leaders = if self.config.level() >= Level::Rewrite {
            let copies = self.ties.iter().filter(|tie| tie.is_copy());
            let copies: Vec<_> = copies.map(|tie| (tie.a, tie.b)).collect();
            families::leaders(stories, &copies)
        } else {
            Vec::new()
        };
        let mut sets = Sets::new(stories, u64::MAX);
        let kept: AHashMap<Ordinal, &[u64]> =
            self.sets.iter().map(|(place, set)| (*place, &set[..])).collect();
        let overlap = |a: Ordinal, b: Ordinal| Some(Overlap::of_sorted(kept.get(&a)?, kept.get(&b)?));
        notice::spread(&self.kills, &mut self.ties, overlap);
        self.sizes.iter().enumerate().for_each(|(place, &size)| sets.set_size(place as Ordinal, size));
        self.sets.iter().for_each(|(place, set)| sets.keep(*place, set));
        sets.finish();
        let mut texts = Texts::of(sets, self.details);
        let classes = Classes::of(&self.rows);
        let mut intake = Intake::of_rows(self.config, self.rows);
        let copies = if self.config.level() >= Level::Rewrite {
            group::copies(self.config, stories, &self.ties, &|story| texts.shingles(story))
        } else {
            Vec::new()
        };
        let found = Found { ties: self.ties, leaders, copies, warnings: Vec::new() };
        lay::report(self.config, &mut intake, &classes, &mut texts, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Scanner;
    use crate::similarity::Similarity;

    /// A chain of texts that lose and gain a word each, and a few that are identical.
    fn stories() -> Vec<Story> {
        let body = |from: usize| (from..from + 60).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
        let chain = (0..12).map(|i| Story::new(format!("chain-{i:02}"), body(i * 3)));
        let twins = (0..3).map(|i| Story::new(format!("twin-{i}"), body(6)));
        chain.chain(twins).collect()
    }

    #[test]
    fn a_part_says_what_a_scan_says() {
        for linkage in [crate::Linkage::Single, crate::Linkage::Average, crate::Linkage::Complete] {
            let config = Config::builder().level(Level::Copy).linkage(linkage).build().unwrap();
            let stories = stories();
            let whole = Scanner::new(config.clone()).scan(&stories);
            let mut part = Part::new(&config);
            stories.iter().for_each(|story| part.push(story.clone(), false));
            let first = |place: Ordinal| part.first[&part.rows[place as usize].identity] == place;
            let (ties, mut firsts) = (whole.pairs.iter(), Vec::new());
            firsts.extend(
                ties.filter(|pair| pair.relation == Relation::Copy && first(pair.a) && first(pair.b)),
            );
            for pair in firsts {
                let (a, b, score, overlap) = (pair.a, pair.b, pair.score, pair.overlap);
                part.tie(PartTie { a, b, relation: Relation::Copy, score, overlap, coverage: None }, false);
            }
            let report = part.report();
            assert!(report.clusters.iter().all(|c| c.weakest < Similarity::ONE.value()), "a chain was cut");
            assert_eq!((report.pairs, report.clusters), (whole.pairs, whole.clusters), "{linkage:?}");
        }
    }
}
