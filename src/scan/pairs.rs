//! From rows and buckets to classes, candidates, and what is said of their members.

use super::intake::Row;
use crate::cluster::canonical::earliness;
use crate::hash::Identity;
use crate::lsh::Buckets;
use crate::relation::tie::Verified;
use crate::story::Ordinal;
use ahash::AHashMap;
use rayon::prelude::*;

/// Stories of one normalised body: each class is compared once, through its first member.
pub(crate) struct Classes {
    /// First members of all classes that take part in comparing, ascending.
    comparable: Vec<Ordinal>,
    /// Classes of two members or more, members ascending, by first member.
    repeated: Vec<Vec<Ordinal>>,
    /// Every member but the first of a class, ascending, with the first.
    later: Vec<(Ordinal, Ordinal)>,
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
        Self::known(comparable, repeated)
    }

    /// Classes that are known; `repeated` are those of two members or more.
    pub(crate) fn known(comparable: Vec<Ordinal>, repeated: Vec<Vec<Ordinal>>) -> Self {
        let of =
            |class: &Vec<Ordinal>| class[1..].iter().map(|&member| (member, class[0])).collect::<Vec<_>>();
        let mut later: Vec<(Ordinal, Ordinal)> = repeated.iter().flat_map(of).collect();
        later.par_sort_unstable();
        Self { comparable, repeated, later }
    }

    /// First members of all classes with any token, ascending.
    pub(super) fn comparable(&self) -> &[Ordinal] {
        &self.comparable
    }

    /// Classes of two members or more.
    pub(super) fn repeated(&self) -> &[Vec<Ordinal>] {
        &self.repeated
    }

    /// The first member of the class of `story`. Cost: a binary search.
    pub(super) fn first_of(&self, story: Ordinal) -> Ordinal {
        let place = self.later.binary_search_by_key(&story, |&(later, _)| later);
        place.map_or(story, |place| self.later[place].1)
    }

    /// Who speaks for each class.
    pub(super) fn voices(&self, rows: &[Row]) -> Voices {
        let came = |&&story: &&Ordinal| {
            let row = &rows[story as usize];
            (earliness(row.time), &row.source)
        };
        let voice = |class: &Vec<Ordinal>| Some((class[0], *class.iter().min_by_key(came)?));
        Voices(self.repeated.iter().filter_map(voice).filter(|(first, voice)| first != voice).collect())
    }

    /// The members of the class of `first`.
    pub(super) fn members<'a>(&'a self, first: &'a Ordinal) -> &'a [Ordinal] {
        match self.repeated.binary_search_by_key(first, |class| class[0]) {
            Ok(i) => &self.repeated[i],
            Err(_) => std::slice::from_ref(first),
        }
    }
}

/// For each class whose first member had not its text first, the one that had: with whose source and
/// time that member is judged, so that no tie depends on ids.
pub(super) struct Voices(AHashMap<Ordinal, Ordinal>);

impl Voices {
    /// The story that speaks for `story`; itself in most cases.
    pub(super) fn of(&self, story: Ordinal) -> Ordinal {
        self.0.get(&story).copied().unwrap_or(story)
    }
}

/// What verification found.
pub(crate) struct Found {
    /// Sorted by `(a, b)`.
    pub(super) ties: Vec<Verified>,
    /// At level rewrite, the story that leads the copies of each.
    pub(super) leaders: Vec<Ordinal>,
    /// At level rewrite, the clusters of level copy.
    pub(super) copies: Vec<Vec<Ordinal>>,
    pub(super) warnings: Vec<String>,
}

/// What is to be verified.
#[derive(Default)]
pub(super) struct Candidates {
    /// Sorted by `(a, b)`.
    pub(super) pairs: Vec<(Ordinal, Ordinal)>,
    /// Stories of one template, to be compared with its leaders.
    pub(super) families: Vec<Vec<Ordinal>>,
}

impl Candidates {
    pub(super) fn of(buckets: &Buckets<'_>, classes: &Classes) -> Self {
        Self { pairs: buckets.pairs(), families: families(buckets, classes) }
    }

    /// Adds pairs that need not have met.
    pub(super) fn add(&mut self, pairs: Vec<(Ordinal, Ordinal)>) {
        self.pairs.extend(pairs);
        self.pairs.par_sort_unstable();
        self.pairs.dedup();
    }
}

/// Families of all bands, those that overlap joined into one.
fn families(buckets: &Buckets<'_>, classes: &Classes) -> Vec<Vec<Ordinal>> {
    let last = classes.comparable().last().map_or(0, |&last| last as usize + 1);
    let ties = buckets.families().flat_map(|family| family.iter().map(|&member| (family[0], member)));
    crate::cluster::components(last, ties)
}

/// Those members of a family with which the members to come are compared, instead of with all.
#[derive(Clone, Debug)]
pub struct Leaders<T>(Vec<T>);

impl<T> Default for Leaders<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Sync> Leaders<T> {
    /// Leaders of a family at most: memory and time are bounded by as many times its members.
    pub const MOST: usize = 256;

    /// Compares the next member with the leaders found so far; it is tied to those that `check`
    /// ties it to, or leads from then on.
    pub fn meet<V: Send>(&mut self, member: T, check: impl Fn(&T, &T) -> Option<V> + Sync) -> Vec<V> {
        let known: Vec<V> = self.0.par_iter().filter_map(|leader| check(leader, &member)).collect();
        if known.is_empty() && self.0.len() < Self::MOST {
            self.0.push(member);
        }
        known
    }
}

/// Members of a class up to which every pair is reported; in larger ones each member is tied to
/// the first.
pub(super) const SPELLED_OUT: usize = 256;

/// Every other tie of stories that `verified` stands for: the members of two classes.
pub(super) fn follow(classes: &Classes, verified: Verified) -> impl Iterator<Item = Verified> {
    let of = |story: &Ordinal| {
        let members = classes.members(story);
        if members.len() > SPELLED_OUT { vec![*story] } else { members.to_vec() }
    };
    let are_alone = [verified.a, verified.b].iter().all(|story| classes.members(story).len() == 1);
    // In most cases; nothing is allocated then.
    let (xs, ys) = if are_alone { (Vec::new(), Vec::new()) } else { (of(&verified.a), of(&verified.b)) };
    let both = move |x: Ordinal| ys.clone().into_iter().map(move |y| (x, y));
    let others = xs.into_iter().flat_map(both).filter(move |&(x, y)| (x, y) != (verified.a, verified.b));
    others.map(move |(x, y)| verified.between(x, y))
}

/// Every pair inside a class, or a star where it is large.
pub(super) fn within(class: &[Ordinal]) -> impl Iterator<Item = (Ordinal, Ordinal)> {
    let leading = if class.len() > SPELLED_OUT { 1 } else { class.len() };
    (0..leading).flat_map(move |i| class[i + 1..].iter().map(move |&b| (class[i], b)))
}
