//! From a text that is looked for to the clusters with a story that holds it, by a list of words for
//! the stories that it knows, and by their texts alone for the others.

use super::search::{Order, Search};
use super::walk::{self, Bounds, Candidate};
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::Done;
use crate::index::file::rows::{State, StoryRow};
use crate::index::file::sought::Terms;
use crate::index::file::words::Words;
use ahash::AHashSet;
use std::collections::VecDeque;

/// Stories that are looked at in one go.
const AT_ONCE: usize = 64;
/// What the list is first asked for: where it takes a beginning of a word for many words, to ask is
/// what costs.
const FIRST: usize = 1_024;
/// Stories that may hold a text, or are not in the list yet, from which their clusters are not ranked
/// but looked through by rank: of each story that is ranked two pages of the file are read, and one that
/// holds a common text is soon found.
const MANY: usize = 5_000;
/// Stories that may hold a text from which it is so common that a look at texts by rank finds it sooner
/// than the list names all that may.
const MOST: usize = 50_000;

/// A walk through the stories that hold a text. In the orders of time a cluster stands at the first
/// of its stories, in that order, that holds it.
pub(in crate::index) struct Holding<'a> {
    index: &'a Index,
    search: &'a Search,
    list: Option<(&'a Words, Terms)>,
    /// Whether whatever the list names holds it.
    is_told: bool,
    /// The last story that is in the list; 0 without one.
    known: u32,
    last: u32,
    /// Where it goes on: a story in the orders of time, else how many clusters lie behind.
    pub(in crate::index) at: u32,
    /// What the list has named already, in the orders of rank all of it; and how many it is asked for next.
    listed: VecDeque<u32>,
    ask: usize,
    seen: AHashSet<u32>,
    looked_at: usize,
    texts: usize,
}

impl<'a> Holding<'a> {
    pub(in crate::index) fn of(
        index: &'a Index,
        state: &State,
        search: &'a Search,
        (words, at): (Option<&'a Words>, Option<u32>),
    ) -> Done<Way<'a>> {
        if search.text.is_empty() {
            return Ok(Way::Clusters(None));
        }
        let list = words.zip(Terms::of(&search.text));
        let known = list.as_ref().and_then(|(words, _)| words.known(index, state)).unwrap_or_default();
        let start = if search.order == Order::Newest { u32::MAX } else { 0 };
        let (at, last) = (at.unwrap_or(start), state.next_story - 1);
        let (seen, list) = (AHashSet::new(), list.filter(|_| known > 0));
        let is_told = search.text.is_of_words();
        let mut holding = Self {
            index,
            search,
            list,
            is_told,
            known,
            last,
            at,
            listed: VecDeque::new(),
            ask: FIRST,
            seen,
            looked_at: 0,
            texts: 0,
        };
        let is_by_time = matches!(search.order, Order::Newest | Order::Oldest);
        if is_by_time || holding.are_few()? {
            return Ok(Way::Stories(holding));
        }
        Ok(Way::Clusters(holding.named()?))
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
            let stories = self.next()?;
            if stories.is_empty() {
                return Ok(true);
            }
            self.looked_at += stories.len();
            for (story, cluster) in stories {
                self.at = story;
                let Some(cluster) = cluster.filter(|cluster| !self.seen.contains(cluster)) else { continue };
                if !self.holds(story)? {
                    continue;
                }
                self.seen.insert(cluster);
                if let Some(candidate) = self.first_of(cluster, start)? {
                    found(candidate);
                    count += 1;
                    if count >= bounds.clusters {
                        return Ok(false);
                    }
                }
            }
            if self.looked_at >= bounds.stories || self.texts >= bounds.texts {
                return Ok(false);
            }
        }
    }

    /// The next stories that may hold it, in order, each with its cluster; none at the end.
    fn next(&mut self) -> Done<Vec<(u32, Option<u32>)>> {
        let db = &self.index.store.db;
        let (at, known) = (self.at, self.known);
        if self.is_newest_first() {
            let mut fresh = Vec::new();
            if at > known.saturating_add(1) {
                fresh = ClusterRow::along(db, (at, true), AT_ONCE as u32)?;
                fresh.retain(|&(story, _)| story > known);
            }
            return if fresh.is_empty() { self.next_listed((0, at.min(known + 1))) } else { Ok(fresh) };
        }
        let listed = self.next_listed((at, known + 1))?;
        if !listed.is_empty() {
            return Ok(listed);
        }
        ClusterRow::along(db, (at.max(known), false), AT_ONCE as u32)
    }

    /// The next stories of the list between the two numbers. To ask the list takes a while, so more
    /// and more are asked for at once. Those that are gone stay in it, and are in no cluster.
    fn next_listed(&mut self, between: (u32, u32)) -> Done<Vec<(u32, Option<u32>)>> {
        if self.listed.is_empty() {
            let Some((words, terms)) = &self.list else { return Ok(Vec::new()) };
            self.listed = words.stories(terms, between, self.is_newest_first(), self.ask)?.into();
            self.ask *= 2;
        }
        let some = self.listed.len().min(AT_ONCE);
        let stories: Vec<u32> = self.listed.drain(..some).collect();
        ClusterRow::around(&self.index.store.db, &stories)
    }

    /// Whether the search takes a story and it holds the text.
    fn holds(&mut self, story: u32) -> Done<bool> {
        if self.is_told && story <= self.known {
            return is_taken(self.index, self.search, story);
        }
        walk::holds(self.index, self.search, story, &mut self.texts)
    }

    /// The cluster of a story that holds the text, if no story of it stood on a page before and holds
    /// it, too: it was found there. From `start` on none does, or the cluster would have been seen.
    fn first_of(&mut self, cluster: u32, start: u32) -> Done<Option<Candidate>> {
        let stories = ClusterRow::members(&self.index.store.db, cluster)?;
        if stories.len() < self.search.filter.least as usize {
            return Ok(None);
        }
        let newest_first = self.is_newest_first();
        let is_before = |&other: &u32| if newest_first { other >= start } else { other <= start };
        let mut earlier: Vec<u32> = stories.iter().copied().filter(is_before).collect();
        earlier.sort_unstable();
        if newest_first {
            earlier.reverse();
        }
        for other in earlier {
            if self.holds(other)? {
                return Ok(None);
            }
        }
        Ok(Some(Candidate { cluster, stories }))
    }

    fn by_rank(&mut self, bounds: Bounds, found: &mut dyn FnMut(Candidate)) -> Done<bool> {
        let may_hold = self.may_hold();
        let mut count = 0;
        for cluster in self.ranked(&may_hold)?.into_iter().skip(self.at as usize) {
            if count >= bounds.clusters || self.texts >= bounds.texts {
                return Ok(false);
            }
            self.at += 1;
            let stories = ClusterRow::members(&self.index.store.db, cluster)?;
            if stories.len() < self.search.filter.least as usize {
                continue;
            }
            for &story in stories.iter().filter(|story| may_hold.contains(story)) {
                if self.holds(story)? {
                    found(Candidate { cluster, stories });
                    count += 1;
                    break;
                }
            }
        }
        Ok(true)
    }

    /// All stories that may hold the text, once it is known that they are few.
    fn may_hold(&mut self) -> AHashSet<u32> {
        self.listed.drain(..).chain(self.known + 1..=self.last).collect()
    }

    /// The clusters of stories, in the order asked for.
    fn ranked(&self, stories: &AHashSet<u32>) -> Done<Vec<u32>> {
        // In the order of the file.
        let mut stories: Vec<u32> = stories.iter().copied().collect();
        stories.sort_unstable();
        let by = if self.search.order == Order::Largest { "stories DESC" } else { "weakest" };
        ClusterRow::ranked(&self.index.store.db, &stories, by)
    }

    /// Whether so few stories may hold the text that their clusters can be ranked.
    fn are_few(&mut self) -> Done<bool> {
        let fresh = (self.last - self.known.min(self.last)) as usize;
        if let Some((words, terms)) = &self.list {
            self.listed = words.stories(terms, (0, self.known + 1), true, MANY + 1)?.into();
        }
        Ok(fresh + self.listed.len() <= MANY)
    }

    /// All stories that the list names, once it was asked for the first of them; `None` where they are
    /// too many. How many they are is told by how near to each other the latest ones are.
    fn named(self) -> Done<Option<Named>> {
        let Some((words, terms)) = &self.list else { return Ok(None) };
        let mut stories: Vec<u32> = self.listed.into();
        if let Some(&last) = stories.get(MANY) {
            let spread = self.known.abs_diff(last) as usize + 1;
            if stories.len() * self.known as usize / spread > MOST {
                return Ok(None);
            }
            stories.extend(words.stories(terms, (0, last), true, MOST)?);
        }
        stories.reverse();
        let are_all = stories.len() < MOST;
        Ok(are_all.then_some(Named { stories, known: self.known, is_told: self.is_told }))
    }
}

/// How the clusters of stories that hold a text are come by.
pub(in crate::index) enum Way<'a> {
    /// By those stories.
    Stories(Holding<'a>),
    /// Along the clusters; of the stories that a list knows only some may hold it, if it says so.
    Clusters(Option<Named>),
}

/// Stories that may hold a text, by number, up to the last one that the list knows.
pub(in crate::index) struct Named {
    stories: Vec<u32>,
    known: u32,
    /// Whether they do hold it.
    is_told: bool,
}

impl Named {
    /// Whether the search takes a story and it holds the text; `None` if its text must be asked.
    pub(in crate::index) fn holds(&self, index: &Index, search: &Search, story: u32) -> Done<Option<bool>> {
        if story > self.known {
            return Ok(None);
        }
        if self.stories.binary_search(&story).is_err() {
            return Ok(Some(false));
        }
        if self.is_told { is_taken(index, search, story).map(Some) } else { Ok(None) }
    }
}

/// Whether the search takes a story, whatever its text; one that is gone is not.
fn is_taken(index: &Index, search: &Search, story: u32) -> Done<bool> {
    if search.takes_all() {
        return Ok(true);
    }
    Ok(StoryRow::find(&index.store.db, story)?.is_some_and(|row| search.takes(&row)))
}
