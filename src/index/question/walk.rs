//! From a search to the clusters that it takes, one after the other in its order.

use super::holding::Holding;
use super::search::{Order, Search};
use crate::index::Index;
use crate::index::file::corpus;
use crate::index::file::failure::Done;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use ahash::AHashSet;
use rayon::prelude::*;

/// Stories, or clusters, that are looked at in one go.
const STEP: u32 = 1_000;
/// Stories of a cluster whose texts are looked at first, and then in one go.
const FEW: usize = 4;
const AT_ONCE: usize = 64;

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
    /// Some 0.1 s.
    pub(in crate::index) const PAGE: Self = Self { clusters: usize::MAX, stories: 20_000, texts: 2_000 };
    pub(in crate::index) const NONE: Self =
        Self { clusters: usize::MAX, stories: usize::MAX, texts: usize::MAX };
}

/// A cluster with its rows.
pub(in crate::index) struct Candidate {
    pub(in crate::index) cluster: u32,
    /// Where a walk goes on after it.
    pub(in crate::index) at: u32,
    pub(in crate::index) stories: Vec<StoryRow>,
    pub(in crate::index) classes: Vec<ClassRow>,
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
    if let Some(mut holding) = Holding::of(index, state, search, (words.as_deref(), at))? {
        return Ok((!holding.go(bounds, found)?).then_some(holding.at));
    }
    let mut walk = Walk::new(search, at);
    Ok((!walk.go(index, bounds, found)?).then_some(walk.at))
}

/// A walk through the clusters of an index.
struct Walk<'a> {
    search: &'a Search,
    /// Where it goes on: a story in the orders of time, else how many clusters lie behind.
    at: u32,
    seen: AHashSet<u32>,
    looked_at: usize,
    texts: usize,
}

impl<'a> Walk<'a> {
    fn new(search: &'a Search, at: Option<u32>) -> Self {
        let start = if search.order == Order::Newest { u32::MAX } else { 0 };
        Self { search, at: at.unwrap_or(start), seen: AHashSet::new(), looked_at: 0, texts: 0 }
    }

    /// Hands on what it finds until a bound is met; gives whether it came to the end.
    fn go(&mut self, index: &Index, bounds: Bounds, mut found: impl FnMut(Candidate)) -> Done<bool> {
        let mut count = 0;
        loop {
            let step = self.step(index)?;
            let many = if self.search.text.is_empty() { 1 } else { AT_ONCE };
            for some in step.clusters.chunks(many) {
                for candidate in self.taken(index, some)? {
                    self.at = candidate.at;
                    found(candidate);
                    count += 1;
                    if count >= bounds.clusters {
                        return Ok(false);
                    }
                }
                self.at = some.last().map_or(self.at, |&(_, at)| at);
                if self.texts >= bounds.texts {
                    return Ok(false);
                }
            }
            self.at = step.at;
            if step.is_last {
                return Ok(true);
            }
            if self.looked_at >= bounds.stories {
                return Ok(false);
            }
        }
    }

    fn step(&mut self, index: &Index) -> Done<Step> {
        let db = &index.store.db;
        let rows = match self.search.order {
            Order::Newest => StoryRow::before(db, self.at, STEP)?,
            Order::Oldest => StoryRow::after(db, self.at, STEP)?,
            Order::Largest => return self.ranked(index, "stories DESC"),
            Order::Weakest => return self.ranked(index, "weakest"),
        };
        self.looked_at += rows.len();
        let mut clusters = Vec::new();
        for row in &rows {
            let cluster = match row.class {
                0 => None,
                class => ClassRow::read(db, class)?.cluster,
            };
            clusters.extend(cluster.filter(|cluster| self.seen.insert(*cluster)).map(|it| (it, row.story)));
        }
        let at = rows.last().map_or(self.at, |row| row.story);
        Ok(Step { clusters, at, is_last: rows.len() < STEP as usize })
    }

    fn ranked(&mut self, index: &Index, by: &str) -> Done<Step> {
        let sql = format!("SELECT cluster FROM clusters ORDER BY {by}, cluster LIMIT ?1 OFFSET ?2");
        let mut select = index.store.db.prepare_cached(&sql)?;
        let clusters = select.query_map([STEP, self.at], |row| row.get(0))?;
        let clusters: Vec<u32> = clusters.collect::<rusqlite::Result<_>>()?;
        self.looked_at += clusters.len();
        let (at, is_last) = (self.at + clusters.len() as u32, clusters.len() < STEP as usize);
        Ok(Step { clusters: clusters.into_iter().zip(self.at.saturating_add(1)..).collect(), at, is_last })
    }

    /// Those of the clusters that the search takes.
    fn taken(&mut self, index: &Index, entries: &[(u32, u32)]) -> Done<Vec<Candidate>> {
        let mut candidates = Vec::new();
        for &(cluster, at) in entries {
            let (stories, classes) = index.rows_of_cluster(cluster)?;
            // In the orders of time a cluster stands at one of its stories, on one page only.
            let is_here = stories.iter().all(|row| match self.search.order {
                Order::Newest => row.story <= at,
                Order::Oldest => row.story >= at,
                Order::Largest | Order::Weakest => true,
            });
            let is_wide = stories.len() >= self.search.filter.least as usize;
            if is_here && is_wide && stories.iter().any(|row| self.search.takes(row)) {
                candidates.push(Candidate { cluster, at, stories, classes });
            }
        }
        if !self.search.text.is_empty() {
            self.retain_sought(index, &mut candidates)?;
        }
        Ok(candidates)
    }

    /// Keeps those of which a story holds the text. Of a common one the first few stories decide.
    fn retain_sought(&mut self, index: &Index, candidates: &mut Vec<Candidate>) -> Done<()> {
        let mut kept = Vec::with_capacity(candidates.len());
        for candidate in candidates.drain(..) {
            if self.is_sought(index, &candidate)? {
                kept.push(candidate);
            }
        }
        *candidates = kept;
        Ok(())
    }

    fn is_sought(&mut self, index: &Index, candidate: &Candidate) -> Done<bool> {
        let rows: Vec<&StoryRow> = candidate.stories.iter().filter(|row| self.search.takes(row)).collect();
        let (few, rest) = rows.split_at(rows.len().min(FEW));
        let in_turn = std::iter::once(few).chain(rest.chunks(AT_ONCE));
        any_holds(index, self.search, in_turn, &mut self.texts)
    }
}

/// Whether any of the stories holds what is sought, looked at group by group; `texts` counts those that
/// were.
pub(in crate::index) fn any_holds<'a>(
    index: &Index,
    search: &Search,
    groups: impl Iterator<Item = &'a [&'a StoryRow]>,
    texts: &mut usize,
) -> Done<bool> {
    for group in groups {
        *texts += group.len();
        if holding(index, search, group.iter().copied())?.contains(&true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether each of the stories holds what is sought. Cost: some 20 µs a text, on all threads.
pub(in crate::index) fn holding<'a>(
    index: &Index,
    search: &Search,
    rows: impl Iterator<Item = &'a StoryRow>,
) -> Done<Vec<bool>> {
    let packed = rows.map(|row| Ok((row, index.packed(row.story)?))).collect::<Done<Vec<_>>>()?;
    let holds = |(row, packed): (&StoryRow, Vec<u8>)| Ok(search.text.is_in(&corpus::story_of(row, &packed)?));
    packed.into_par_iter().map(holds).collect()
}
