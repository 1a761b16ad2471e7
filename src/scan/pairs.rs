//! From buckets and texts to verified relations.

use super::fetch::Texts;
use super::intake::{Intake, Row};
use crate::config::Config;
use crate::evidence::Signals;
use crate::hash::Identity;
use crate::lsh::Buckets;
use crate::relation::Relation;
use crate::relation::judge::copy_score;
use crate::similarity::Overlap;
use crate::story::Ordinal;
use crate::verify;
use rayon::prelude::*;

/// Stories of one normalised body: each class is compared once, through its first member.
pub(crate) struct Classes {
    /// First members of all classes that take part in comparing, ascending.
    comparable: Vec<Ordinal>,
    /// Classes of two members or more, members ascending, by first member.
    repeated: Vec<Vec<Ordinal>>,
}

/// Tokens below which nothing is said about a text at all.
const EMPTY: u32 = 0;

impl Classes {
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut order: Vec<(Identity, Ordinal)> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.tokens > EMPTY)
            .map(|(story, row)| (row.identity, story as Ordinal))
            .collect();
        order.par_sort_unstable();
        let (mut comparable, mut repeated) = (Vec::new(), Vec::new());
        for class in order.chunk_by(|x, y| x.0 == y.0) {
            comparable.push(class[0].1);
            if class.len() > 1 {
                repeated.push(class.iter().map(|&(_, story)| story).collect::<Vec<_>>());
            }
        }
        comparable.sort_unstable();
        repeated.sort_unstable_by_key(|class| class[0]);
        Self { comparable, repeated }
    }

    /// Classes that are known; `repeated` are those of two members or more.
    #[cfg(feature = "index")]
    pub(crate) fn known(comparable: Vec<Ordinal>, repeated: Vec<Vec<Ordinal>>) -> Self {
        Self { comparable, repeated }
    }

    /// First members of all classes with any token, ascending.
    pub(super) fn comparable(&self) -> &[Ordinal] {
        &self.comparable
    }

    /// Classes of two members or more.
    pub(super) fn repeated(&self) -> &[Vec<Ordinal>] {
        &self.repeated
    }

    /// The first member of the class of `story`. Cost: a look at every class of two or more.
    pub(super) fn first_of(&self, story: Ordinal) -> Ordinal {
        let class = self.repeated.iter().find(|class| class.binary_search(&story).is_ok());
        class.map_or(story, |class| class[0])
    }

    /// The members of the class of `first`.
    pub(super) fn members<'a>(&'a self, first: &'a Ordinal) -> &'a [Ordinal] {
        match self.repeated.binary_search_by_key(first, |class| class[0]) {
            Ok(i) => &self.repeated[i],
            Err(_) => std::slice::from_ref(first),
        }
    }
}

/// A verified tie between the first members of two classes, `a < b`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verified {
    pub(crate) a: Ordinal,
    pub(crate) b: Ordinal,
    pub(crate) relation: Relation,
    pub(crate) score: f64,
    pub(crate) overlap: Overlap,
    /// Of pairs that were judged by evidence.
    pub(crate) judged: Option<Judged>,
}

/// What judging a pair by evidence showed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub(crate) signals: Signals,
    /// Share of `a` and of `b` that lies in shared passages.
    pub(crate) coverage: (f32, f32),
    /// Whether only a run that asks for all relations sees the pair: then it decides nothing.
    pub(crate) ruled_out: bool,
}

impl Verified {
    /// The same tie with both stories exchanged.
    pub(crate) fn mirrored(self) -> Self {
        let swap = |judged: Judged| Judged { coverage: (judged.coverage.1, judged.coverage.0), ..judged };
        Self {
            relation: self.relation.mirrored(),
            overlap: self.overlap.swapped(),
            judged: self.judged.map(swap),
            ..self
        }
    }
}

impl Verified {
    /// Whether the pair takes part in clustering.
    pub(crate) fn counts(&self) -> bool {
        self.judged.is_none_or(|judged| !judged.ruled_out)
    }
}

/// What verification found.
pub(crate) struct Found {
    /// Sorted by `(a, b)`.
    pub(super) ties: Vec<Verified>,
    /// At level rewrite, the story that leads the copies of each.
    pub(super) leaders: Vec<Ordinal>,
    pub(super) warnings: Vec<String>,
}

/// What is to be verified.
#[derive(Default)]
pub(super) struct Candidates {
    /// Sorted by `(a, b)`.
    pairs: Vec<(Ordinal, Ordinal)>,
    /// Stories of one template, to be compared with its leaders.
    families: Vec<Vec<Ordinal>>,
}

impl Candidates {
    pub(super) fn of(buckets: &Buckets<'_>, classes: &Classes) -> Self {
        Self { pairs: buckets.pairs(), families: families(buckets, classes) }
    }

    /// How many pairs there are.
    pub(super) fn pairs(&self) -> usize {
        self.pairs.len()
    }

    /// Every story that will be compared, some more than once.
    pub(super) fn stories(&self) -> impl Iterator<Item = Ordinal> {
        let pairs = self.pairs.iter().flat_map(|&(a, b)| [a, b]);
        pairs.chain(self.families.iter().flatten().copied())
    }
}

/// Verifies every candidate pair on exact shingle sets.
pub(super) fn verify(config: &Config, intake: &Intake, candidates: &Candidates, texts: &Texts) -> Found {
    let width = config.shingle() as u32;
    let check = |a: Ordinal, b: Ordinal| {
        if intake.rows[a as usize].tokens.min(intake.rows[b as usize].tokens) < width {
            return None;
        }
        let overlap = verify::copy(&texts.shingles(a), &texts.shingles(b), config.threshold())?;
        Some(Verified { a, b, relation: Relation::Copy, score: copy_score(overlap), overlap, judged: None })
    };
    let mut ties: Vec<Verified> = candidates.pairs.par_iter().filter_map(|&(a, b)| check(a, b)).collect();
    let families = &candidates.families;
    for family in families {
        ties.extend(by_leaders(family, &check));
    }
    ties.par_sort_unstable_by_key(|tie| (tie.a, tie.b));
    ties.dedup_by_key(|tie| (tie.a, tie.b));
    let warnings = families
        .iter()
        .map(|family| {
            let (n, first) = (family.len(), &intake.rows[family[0] as usize].id);
            format!("{n} stories around `{first}` share one template; each was compared with the leaders of that family, not with all others")
        })
        .collect();
    Found { ties, leaders: Vec::new(), warnings }
}

/// Families of all bands, those that overlap joined into one.
fn families(buckets: &Buckets<'_>, classes: &Classes) -> Vec<Vec<Ordinal>> {
    let last = classes.comparable().last().map_or(0, |&last| last as usize + 1);
    let ties = buckets.families().flat_map(|family| family.iter().map(|&member| (family[0], member)));
    crate::cluster::components(last, ties)
}

/// Compares each member with the leaders found so far; it joins those it is a copy of, or leads
/// from then on. Memory and time are bounded by `LEADERS` × members.
fn by_leaders(
    family: &[Ordinal],
    check: &(impl Fn(Ordinal, Ordinal) -> Option<Verified> + Sync),
) -> Vec<Verified> {
    const LEADERS: usize = 256;
    let mut leaders: Vec<Ordinal> = Vec::new();
    let mut ties = Vec::new();
    for &member in family {
        let known: Vec<Verified> = leaders.par_iter().filter_map(|&leader| check(leader, member)).collect();
        if known.is_empty() && leaders.len() < LEADERS {
            leaders.push(member);
        }
        ties.extend(known);
    }
    ties
}

/// Members of a class up to which every pair is reported; in larger ones each member is tied to
/// the first.
pub(super) const SPELLED_OUT: usize = 256;

/// Every tie of stories that `verified` stands for: the members of two classes.
pub(super) fn expand(classes: &Classes, verified: Verified) -> impl Iterator<Item = Verified> {
    let of = |story: Ordinal| {
        let members = classes.members(&story).to_vec();
        if members.len() > SPELLED_OUT { vec![story] } else { members }
    };
    let (xs, ys) = (of(verified.a), of(verified.b));
    let both = move |x: Ordinal| {
        let oriented = move |y: Ordinal| {
            if x < y {
                Verified { a: x, b: y, ..verified }
            } else {
                Verified { a: y, b: x, ..verified.mirrored() }
            }
        };
        ys.clone().into_iter().map(oriented)
    };
    xs.into_iter().flat_map(both)
}

/// Every pair inside a class, or a star where it is large.
pub(super) fn within(class: &[Ordinal]) -> impl Iterator<Item = (Ordinal, Ordinal)> {
    let leading = if class.len() > SPELLED_OUT { 1 } else { class.len() };
    (0..leading).flat_map(move |i| class[i + 1..].iter().map(move |&b| (class[i], b)))
}
