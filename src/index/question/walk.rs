//! From a search to the clusters that it takes, one after the other in its order.

use super::holding::{Holding, Named, Way};
use super::search::{Order, Search};
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::Done;
use crate::index::file::fingerprint::unpack;
use crate::index::file::rows::{State, StoryRow};
use crate::story::Story;
use ahash::AHashSet;
use std::sync::Arc;

/// Bytes of the searched texts that are kept: the text of a number is never another one.
pub(in crate::index) const TEXTS: usize = 16 << 20;

/// Of these, of an entry beside its text.
const ENTRY: usize = 512;

/// Stories, or clusters, that are looked at in one go: for a page first a few.
const FIRST: u32 = 128;
const STEP: u32 = 1_024;
/// Stories that weigh as much as a cluster whose stories are looked for among those that may hold a text.
const CLUSTER: usize = 10;

/// How far a walk goes at most.
#[derive(Clone, Copy, Debug)]
pub(in crate::index) struct Bounds {
    /// Clusters that are found.
    pub(in crate::index) clusters: usize,
    /// Stories that are looked at.
    pub(in crate::index) stories: usize,
    /// Texts that are searched.
    pub(in crate::index) texts: usize,
}

impl Bounds {
    /// Some 50 ms.
    pub(in crate::index) const PAGE: Self = Self { clusters: usize::MAX, stories: 20_000, texts: 1_000 };
    pub(in crate::index) const NONE: Self =
        Self { clusters: usize::MAX, stories: usize::MAX, texts: usize::MAX };
}

/// A cluster with its stories.
pub(in crate::index) struct Candidate {
    pub(in crate::index) cluster: u32,
    /// By class and number.
    pub(in crate::index) stories: Vec<u32>,
}

/// What is looked at in one go.
struct Step {
    /// Each with where a walk goes on after it.
    clusters: Vec<(u32, u32)>,
    /// Where it goes on after them all.
    at: u32,
    is_last: bool,
}

/// Hands on the clusters that `search` takes from `at` on until a bound is met; gives where to go on,
/// `None` at the end.
pub(in crate::index) fn through(
    index: &Index,
    state: &State,
    search: &Search,
    at: Option<u32>,
    bounds: Bounds,
    found: impl FnMut(Candidate),
) -> Done<Option<u32>> {
    let words = if search.text.is_empty() { None } else { index.words() };
    match Holding::of(index, state, search, (words.as_deref(), at))? {
        Way::Stories(mut holding) => Ok((!holding.go(bounds, found)?).then_some(holding.at)),
        Way::Clusters(named) => {
            let mut walk = Walk::new(search, named, at);
            Ok((!walk.go(index, bounds, found)?).then_some(walk.at))
        }
    }
}

/// A walk through the clusters of an index.
struct Walk<'a> {
    search: &'a Search,
    named: Option<Named>,
    /// Where it goes on: a story in the orders of time, else how many clusters lie behind.
    at: u32,
    step: u32,
    seen: AHashSet<u32>,
    looked_at: usize,
    texts: usize,
}

impl<'a> Walk<'a> {
    fn new(search: &'a Search, named: Option<Named>, at: Option<u32>) -> Self {
        let start = if search.order == Order::Newest { u32::MAX } else { 0 };
        // To rank all clusters costs more than to hand on some more of them.
        let is_ranked = matches!(search.order, Order::Largest | Order::Weakest);
        let step = if is_ranked && !search.text.is_empty() { STEP } else { FIRST };
        let (at, seen) = (at.unwrap_or(start), AHashSet::new());
        Self { search, named, at, step, seen, looked_at: 0, texts: 0 }
    }

    /// Hands on what it finds until a bound is met; gives whether it came to the end.
    fn go(&mut self, index: &Index, bounds: Bounds, mut found: impl FnMut(Candidate)) -> Done<bool> {
        let mut count = 0;
        loop {
            let step = self.step(index)?;
            for (cluster, at) in step.clusters {
                self.at = at;
                if let Some(candidate) = self.taken(index, cluster, at)? {
                    found(candidate);
                    count += 1;
                    if count >= bounds.clusters {
                        return Ok(false);
                    }
                }
                if self.texts >= bounds.texts {
                    return Ok(false);
                }
            }
            self.at = step.at;
            if step.is_last {
                return Ok(true);
            }
            // To know the stories of a cluster takes as long as to pass over some that came.
            let weight = if self.named.is_some() { CLUSTER } else { 1 };
            if self.looked_at.saturating_mul(weight) >= bounds.stories {
                return Ok(false);
            }
        }
    }

    fn step(&mut self, index: &Index) -> Done<Step> {
        let (db, most) = (&index.store.db, self.step);
        let is_ranked = matches!(self.search.order, Order::Largest | Order::Weakest);
        self.step = if is_ranked { STEP } else { STEP.min(2 * most) };
        let newest_first = match self.search.order {
            Order::Newest => true,
            Order::Oldest => false,
            Order::Largest => return self.ranked(index, most, "stories DESC"),
            Order::Weakest => return self.ranked(index, most, "weakest"),
        };
        let rows = ClusterRow::along(db, (self.at, newest_first), most)?;
        self.looked_at += rows.len();
        let at = rows.last().map_or(self.at, |&(story, _)| story);
        let is_last = rows.len() < most as usize;
        let clustered = rows.into_iter().filter_map(|(story, cluster)| Some((cluster?, story)));
        let clusters = clustered.filter(|&(cluster, _)| self.seen.insert(cluster)).collect();
        Ok(Step { clusters, at, is_last })
    }

    fn ranked(&mut self, index: &Index, most: u32, by: &str) -> Done<Step> {
        let sql = format!("SELECT cluster FROM clusters ORDER BY {by}, cluster LIMIT ?1 OFFSET ?2");
        let mut select = index.store.db.prepare_cached(&sql)?;
        let clusters = select.query_map([most, self.at], |row| row.get(0))?;
        let clusters: Vec<u32> = clusters.collect::<rusqlite::Result<_>>()?;
        self.looked_at += clusters.len();
        let (at, is_last) = (self.at + clusters.len() as u32, clusters.len() < most as usize);
        Ok(Step { clusters: clusters.into_iter().zip(self.at.saturating_add(1)..).collect(), at, is_last })
    }

    /// The cluster, if the search takes it.
    fn taken(&mut self, index: &Index, cluster: u32, at: u32) -> Done<Option<Candidate>> {
        let stories = ClusterRow::members(&index.store.db, cluster)?;
        // In the orders of time a cluster stands at one of its stories, on one page only.
        let is_here = stories.iter().all(|&story| match self.search.order {
            Order::Newest => story <= at,
            Order::Oldest => story >= at,
            Order::Largest | Order::Weakest => true,
        });
        let is_wide = stories.len() >= self.search.filter.least as usize;
        let is_taken = is_here && is_wide && self.takes(index, &stories)?;
        Ok(is_taken.then_some(Candidate { cluster, stories }))
    }

    fn takes(&mut self, index: &Index, stories: &[u32]) -> Done<bool> {
        if self.search.text.is_empty() && self.search.takes_all() {
            return Ok(true);
        }
        for &story in stories {
            let told = match &self.named {
                Some(named) => named.holds(index, self.search, story)?,
                None => None,
            };
            if told.map_or_else(|| holds(index, self.search, story, &mut self.texts), Ok)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether the search takes a story that is there and it holds what is sought; `texts` counts those that were looked
/// at. Cost: some 20 µs; 3 where it was searched lately.
pub(in crate::index) fn holds(index: &Index, search: &Search, story: u32, texts: &mut usize) -> Done<bool> {
    let row = || StoryRow::read(&index.store.db, story);
    let read = if search.takes_all() { None } else { Some(row()?) };
    if read.as_ref().is_some_and(|row| !search.takes(row)) {
        return Ok(false);
    }
    if search.text.is_empty() {
        return Ok(true);
    }
    *texts += 1;
    let kept = index.texts.borrow_mut().get(&story);
    let whole = if let Some(whole) = kept {
        whole
    } else {
        let StoryRow { id, source, .. } = read.map_or_else(row, Ok)?;
        let mut whole = Story { id, source, ..Story::default() };
        unpack(&mut whole, &index.packed(story)?)?;
        let whole = Arc::new(whole);
        let bytes = whole.body.len() + whole.headline.len() + ENTRY;
        index.texts.borrow_mut().keep(story, Arc::clone(&whole), bytes);
        whole
    };
    Ok(search.text.is_in(&whole))
}
