//! From a text that is looked for to the clusters with a story that holds it, by a list of words for
//! the stories that it knows, and by their texts alone for the others.

use super::search::{Order, Search};
use super::walk::{Bounds, Candidate, any_holds, holding};
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::Done;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::sought::Terms;
use crate::index::file::words::Words;
use ahash::AHashSet;
use std::collections::VecDeque;

/// Stories that are looked at in one go.
const AT_ONCE: usize = 64;
/// Stories that may hold a text, or are not in the list yet, from which their clusters are not ranked
/// but looked through by rank: one that holds a common text is soon found there.
const MANY: usize = 5_000;

/// A walk through the stories that hold a text. In the orders of time a cluster stands at the first
/// of its stories, in that order, that holds it.
pub(in crate::index) struct Holding<'a> {
    index: &'a Index,
    search: &'a Search,
    list: Option<(&'a Words, Terms)>,
    /// The last story that is in the list; 0 without one.
    known: u32,
    last: u32,
    /// Where it goes on: a story in the orders of time, else how many clusters lie behind.
    pub(in crate::index) at: u32,
    /// What the list has named already, and how many it is asked for next.
    listed: VecDeque<u32>,
    ask: usize,
    seen: AHashSet<u32>,
    looked_at: usize,
    texts: usize,
}

impl<'a> Holding<'a> {
    /// `None` where no text is looked for, or it is better looked for along the clusters.
    pub(in crate::index) fn of(
        index: &'a Index,
        state: &State,
        search: &'a Search,
        (words, at): (Option<&'a Words>, Option<u32>),
    ) -> Done<Option<Self>> {
        if search.text.is_empty() {
            return Ok(None);
        }
        let list = words.zip(Terms::of(&search.text));
        let known = list.as_ref().and_then(|(words, _)| words.known(index, state)).unwrap_or_default();
        let start = if search.order == Order::Newest { u32::MAX } else { 0 };
        let (at, last) = (at.unwrap_or(start), state.next_story - 1);
        let (seen, list) = (AHashSet::new(), list.filter(|_| known > 0));
        let holding = Self {
            index,
            search,
            list,
            known,
            last,
            at,
            listed: VecDeque::new(),
            ask: AT_ONCE,
            seen,
            looked_at: 0,
            texts: 0,
        };
        let is_by_time = matches!(search.order, Order::Newest | Order::Oldest);
        Ok(if is_by_time || holding.are_few()? { Some(holding) } else { None })
    }

    /// Hands on what it finds until a bound is met; gives whether it came to the end.
    pub(in crate::index) fn go(&mut self, bounds: Bounds, mut found: impl FnMut(Candidate)) -> Done<bool> {
        match self.search.order {
            Order::Newest | Order::Oldest => self.by_time(bounds, &mut found),
            Order::Largest | Order::Weakest => self.by_rank(bounds, &mut found),
        }
    }

    fn is_newest_first(&self) -> bool {
        self.search.order == Order::Newest
    }

    fn by_time(&mut self, bounds: Bounds, found: &mut dyn FnMut(Candidate)) -> Done<bool> {
        let (start, mut count) = (self.at, 0);
        loop {
            let rows = self.next()?;
            let Some(last) = rows.last().map(|row| row.story) else { return Ok(true) };
            self.looked_at += rows.len();
            for (row, cluster) in self.that_hold(rows)? {
                self.at = row.story;
                if !self.seen.insert(cluster) {
                    continue;
                }
                if let Some(candidate) = self.first_of(&row, cluster, start)? {
                    found(candidate);
                    count += 1;
                    if count >= bounds.clusters {
                        return Ok(false);
                    }
                }
            }
            self.at = last;
            if self.looked_at >= bounds.stories || self.texts >= bounds.texts {
                return Ok(false);
            }
        }
    }

    /// The next stories that may hold it, in order; none at the end.
    fn next(&mut self) -> Done<Vec<StoryRow>> {
        let db = &self.index.store.db;
        let (at, known) = (self.at, self.known);
        if self.is_newest_first() {
            let fresh = StoryRow::before(db, at, AT_ONCE as u32)?;
            let fresh: Vec<StoryRow> = fresh.into_iter().filter(|row| row.story > known).collect();
            return if fresh.is_empty() { self.next_listed((0, at.min(known + 1))) } else { Ok(fresh) };
        }
        let listed = self.next_listed((at, known + 1))?;
        if !listed.is_empty() {
            return Ok(listed);
        }
        StoryRow::after(db, at.max(known), AT_ONCE as u32)
    }

    /// The next stories of the list between the two numbers. To ask the list takes a while, so more
    /// and more are asked for at once.
    fn next_listed(&mut self, mut between: (u32, u32)) -> Done<Vec<StoryRow>> {
        let newest_first = self.is_newest_first();
        loop {
            if self.listed.is_empty() {
                let Some((words, terms)) = &self.list else { return Ok(Vec::new()) };
                self.listed = words.stories(terms, between, newest_first, self.ask)?.into();
                self.ask *= 4;
            }
            let some = self.listed.len().min(AT_ONCE);
            let Some(&last) = self.listed.range(..some).next_back() else { return Ok(Vec::new()) };
            // Those that are gone stay in the list.
            let rows = StoryRow::of_these(&self.index.store.db, self.listed.drain(..some))?;
            if !rows.is_empty() {
                return Ok(rows);
            }
            between = if newest_first { (between.0, last) } else { (last, between.1) };
        }
    }

    /// Those of the rows that the search takes, that are in a cluster that was not seen, and that hold
    /// the text; with the cluster.
    fn that_hold(&mut self, rows: Vec<StoryRow>) -> Done<Vec<(StoryRow, u32)>> {
        let mut clustered = Vec::new();
        for row in rows.into_iter().filter(|row| row.class > 0 && self.search.takes(row)) {
            if let Some(cluster) = ClassRow::read(&self.index.store.db, row.class)?.cluster
                && !self.seen.contains(&cluster)
            {
                clustered.push((row, cluster));
            }
        }
        self.texts += clustered.len();
        let holds = holding(self.index, self.search, clustered.iter().map(|(row, _)| row))?;
        Ok(clustered.into_iter().zip(holds).filter(|&(_, holds)| holds).map(|(one, _)| one).collect())
    }

    /// The cluster of a story that holds the text, if no other story of it stands before that and holds
    /// it, too: it was found there. From `start` on none does, or the cluster would have been seen.
    fn first_of(&mut self, row: &StoryRow, cluster: u32, start: u32) -> Done<Option<Candidate>> {
        let (stories, classes) = self.index.rows_of_cluster(cluster)?;
        if stories.len() < self.search.filter.least as usize {
            return Ok(None);
        }
        let newest_first = self.is_newest_first();
        let is_before = |other: &&StoryRow| {
            if newest_first { other.story >= start } else { other.story <= start }
        };
        let mut earlier: Vec<&StoryRow> =
            stories.iter().filter(is_before).filter(|other| self.search.takes(other)).collect();
        earlier.sort_unstable_by_key(|other| other.story);
        if newest_first {
            earlier.reverse();
        }
        let stands_before = any_holds(self.index, self.search, earlier.chunks(AT_ONCE), &mut self.texts)?;
        Ok((!stands_before).then_some(Candidate { cluster, at: row.story, stories, classes }))
    }

    fn by_rank(&mut self, bounds: Bounds, found: &mut dyn FnMut(Candidate)) -> Done<bool> {
        let may_hold = self.may_hold()?;
        let mut count = 0;
        for cluster in self.ranked(&may_hold)?.into_iter().skip(self.at as usize) {
            if count >= bounds.clusters || self.texts >= bounds.texts {
                return Ok(false);
            }
            self.at += 1;
            let (stories, classes) = self.index.rows_of_cluster(cluster)?;
            if stories.len() < self.search.filter.least as usize {
                continue;
            }
            let may = stories.iter().filter(|row| may_hold.contains(&row.story) && self.search.takes(row));
            let may: Vec<&StoryRow> = may.collect();
            if any_holds(self.index, self.search, std::iter::once(&may[..]), &mut self.texts)? {
                found(Candidate { cluster, at: self.at, stories, classes });
                count += 1;
            }
        }
        Ok(true)
    }

    /// All stories that may hold the text.
    fn may_hold(&self) -> Done<AHashSet<u32>> {
        let listed = match &self.list {
            Some((words, terms)) => words.stories(terms, (0, self.known + 1), true, MANY)?,
            None => Vec::new(),
        };
        Ok(listed.into_iter().chain(self.known + 1..=self.last).collect())
    }

    /// The clusters of stories, in the order asked for.
    fn ranked(&self, stories: &AHashSet<u32>) -> Done<Vec<u32>> {
        let db = &self.index.store.db;
        let mut clusters = AHashSet::new();
        for &story in stories {
            let Some(row) = StoryRow::find(db, story)?.filter(|row| row.class > 0) else { continue };
            clusters.extend(ClassRow::read(db, row.class)?.cluster);
        }
        let mut rows: Vec<ClusterRow> =
            clusters.into_iter().map(|cluster| ClusterRow::read(db, cluster)).collect::<Done<_>>()?;
        rows.sort_unstable_by(|x, y| {
            let by = match self.search.order {
                Order::Largest => y.stories.cmp(&x.stories),
                _ => x.weakest.cmp(&y.weakest),
            };
            by.then(x.cluster.cmp(&y.cluster))
        });
        Ok(rows.into_iter().map(|row| row.cluster).collect())
    }

    /// Whether so few stories may hold the text that their clusters can be ranked.
    fn are_few(&self) -> Done<bool> {
        let fresh = (self.last - self.known.min(self.last)) as usize;
        let Some((words, terms)) = &self.list else { return Ok(fresh <= MANY) };
        let listed = words.stories(terms, (0, self.known + 1), true, MANY + 1)?.len();
        Ok(fresh + listed <= MANY)
    }
}
