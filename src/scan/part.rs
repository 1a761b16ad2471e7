//! From the stories and copies of one component to its report, for engines that find them elsewhere.
//!
//! A cluster of copies depends on nothing outside its component; at level rewrite it does, for how
//! rare a phrase is depends on all stories. An engine that brings the stories of a
//! component and every copy among them together gets for them what a scan of the whole corpus
//! says, byte for byte.

use super::fetch::{Texts, detail};
use super::intake::{Intake, Row};
use super::lay;
use super::pairs::{Classes, Found};
use super::sets::Sets;
use crate::cluster::linkage::ALL_PAIRS;
use crate::config::Config;
use crate::hash::Identity;
use crate::relation::Relation;
use crate::relation::judge::{copy_score, identity};
use crate::relation::tie::{Basis, Verified};
use crate::report::{Detail, Report};
use crate::shingle::distinct;
use crate::similarity::Overlap;
use crate::story::{Ordinal, Story};
use crate::text;
use crate::wire;
use ahash::AHashMap;
use std::borrow::Cow;

/// Stories of one component, to be clustered at level copy or identical.
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
            tokens: Vec::new(),
        }
    }

    /// Adds a story as it came in; stories come in the order of their ids, which are unique.
    /// Keeps what is shown of it, and, while a cluster looks at all pairs, its shingles.
    pub fn push(&mut self, mut story: Story) {
        let place = self.rows.len() as Ordinal;
        wire::prepare(&mut story, self.config.keep_furniture());
        self.tokens.clear();
        text::token_hashes(&story.body, &mut self.tokens);
        let identity = identity(&story, &self.tokens);
        self.sizes.push(0);
        if *self.first.entry(identity).or_insert(place) == place {
            let set = distinct(&self.tokens, self.config.shingle());
            self.sizes[place as usize] = set.len() as u32;
            if self.first.len() <= ALL_PAIRS {
                self.sets.push((place, set));
            } else {
                self.sets = Vec::new();
            }
        }
        self.rows.push(Row {
            id: std::mem::take(&mut story.id).into(),
            source: story.source.as_str().into(),
            url: story.url.as_str().into(),
            time: story.time,
            identity,
            tokens: self.tokens.len() as u32,
            titled: Box::default(),
            is_ready: false,
            hits: wire::Hits::default(),
            language: "",
            dispatch: story.dispatch.take(),
            noise: None,
        });
        self.details.push(Some(Box::new(detail(Cow::Owned(story), true))));
    }

    /// Adds a verified copy by the places of both, `a < b`. Of stories that are identical only the
    /// first has ties.
    pub fn tie(&mut self, a: Ordinal, b: Ordinal, overlap: Overlap) {
        let (relation, score, basis) = (Relation::Copy, copy_score(overlap), Basis::Text);
        self.ties.push(Verified { a, b, relation, score, overlap, basis });
    }

    /// Clusters the stories.
    pub fn report(mut self) -> Report {
        self.ties.sort_unstable_by_key(|tie| (tie.a, tie.b));
        let mut sets = Sets::new(self.rows.len(), u64::MAX);
        self.sizes.iter().enumerate().for_each(|(place, &size)| sets.set_size(place as Ordinal, size));
        self.sets.iter().for_each(|(place, set)| sets.keep(*place, set));
        sets.finish();
        let mut texts = Texts::of(sets, self.details);
        let classes = Classes::of(&self.rows);
        let mut intake = Intake::of_rows(self.config, self.rows);
        let found = Found { ties: self.ties, leaders: Vec::new(), copies: Vec::new(), warnings: Vec::new() };
        lay::report(self.config, &mut intake, &classes, &mut texts, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
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
            stories.iter().for_each(|story| part.push(story.clone()));
            let first = |place: Ordinal| part.first[&part.rows[place as usize].identity] == place;
            let (ties, mut firsts) = (whole.pairs.iter(), Vec::new());
            firsts.extend(
                ties.filter(|pair| pair.relation == Relation::Copy && first(pair.a) && first(pair.b)),
            );
            firsts.iter().for_each(|pair| part.tie(pair.a, pair.b, pair.overlap));
            let report = part.report();
            assert!(report.clusters.iter().all(|c| c.weakest < Similarity::ONE.value()), "a chain was cut");
            assert_eq!((report.pairs, report.clusters), (whole.pairs, whole.clusters), "{linkage:?}");
        }
    }
}
