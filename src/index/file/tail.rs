//! From the newest classes and stories, whose postings are not filed yet, to a table in memory.

use super::failure::{Done, damage};
use super::fingerprint::{Keys, id_key};
use super::postings::Posting;
use super::rows::{ClassRow, State, StoryRow};
use ahash::AHashMap;
use rusqlite::Connection;

/// Classes or stories from which the tail is filed.
pub(in crate::index) const FULL: u32 = 2_048;
/// The same while many come of which nobody asks more than whether they are copies: each filing writes
/// nearly every bucket.
pub(in crate::index) const FULL_OF_MANY: u32 = 1 << 15;

/// Numbers by key, newest first.
#[derive(Debug, Default)]
pub(in crate::index) struct Chains {
    postings: Vec<Posting>,
    /// Where the newest of a key stands, and for each posting the one before it, of as many as were
    /// there when one was asked for: of what is only filed, none.
    newest: AHashMap<u32, u32>,
    before: Vec<u32>,
}

impl Chains {
    const END: u32 = u32::MAX;

    /// Every key with every number that has it.
    pub(in crate::index) fn postings(&self) -> &[Posting] {
        &self.postings
    }

    pub(in crate::index) fn push(&mut self, key: u32, number: u32) {
        self.postings.push((key, number));
    }

    pub(in crate::index) fn get(&mut self, key: u32) -> impl Iterator<Item = u32> {
        let linked = self.before.len();
        for (place, &(key, _)) in (linked as u32..).zip(&self.postings[linked..]) {
            self.before.push(self.newest.insert(key, place).unwrap_or(Self::END));
        }
        let mut place = self.newest.get(&key).copied().unwrap_or(Self::END);
        std::iter::from_fn(move || {
            let &(_, number) = self.postings.get(place as usize)?;
            place = self.before[place as usize];
            Some(number)
        })
    }
}

/// What is not filed yet.
#[derive(Debug, Default)]
pub(in crate::index) struct Tail {
    pub(in crate::index) bands: Chains,
    pub(in crate::index) ids: Chains,
    pub(in crate::index) rare: Chains,
    pub(in crate::index) headlines: Chains,
    pub(in crate::index) notices: Chains,
    /// The state that it was read at.
    state: Option<State>,
    /// Up to where classes and stories are in it.
    classes: u32,
    stories: u32,
    /// How many are in it.
    counts: (u64, u64),
}

impl Tail {
    pub(in crate::index) fn add_class(&mut self, class: u32, keys: &Keys) {
        self.counts.0 += 1;
        keys.bands.iter().for_each(|&key| self.bands.push(key, class));
        keys.rare.iter().for_each(|&key| self.rare.push(key, class));
        keys.headline.iter().for_each(|&key| self.headlines.push(key, class));
        keys.notice.iter().for_each(|&key| self.notices.push(key, class));
    }

    pub(in crate::index) fn add_story(&mut self, story: u32, id: &str) {
        self.counts.1 += 1;
        self.ids.push(id_key(id), story);
    }

    /// Says that `state` is what it now agrees with.
    pub(in crate::index) fn agrees(&mut self, state: &State) {
        self.state = Some(state.clone());
        (self.classes, self.stories) = (state.next_class, state.next_story);
    }

    /// Says that it agrees with nothing that is in the file.
    pub(in crate::index) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Brings it up to `state`, which was read in the transaction at hand. Cost: a look at what
    /// came in since, or at some thousand rows where something was filed or taken out.
    pub(in crate::index) fn catch_up(&mut self, db: &Connection, state: &State) -> Done<()> {
        let same = self.state.as_ref().is_some_and(|known| known.same_tail(state));
        if !same {
            *self = Self { classes: state.filed_classes, stories: state.filed_stories, ..Self::default() };
        }
        classes_from(db, self.classes, |class, keys| self.add_class(class, &keys))?;
        stories_from(db, self.stories, |story, id| self.add_story(story, id))?;
        if self.counts != (state.tail_classes, state.tail_stories) {
            let (found, expected) = (self.counts, (state.tail_classes, state.tail_stories));
            self.forget();
            return damage(format!("the newest (classes, stories) are {found:?}, expected {expected:?}"));
        }
        self.agrees(state);
        Ok(())
    }
}

/// The keys of every class from `first` on.
fn classes_from(db: &Connection, first: u32, mut each: impl FnMut(u32, Keys)) -> Done<()> {
    let mut classes = Vec::new();
    ClassRow::all(db, first, |row| {
        classes.push(row);
        Ok(())
    })?;
    for row in classes {
        each(row.class, Keys::of_row(db, &row)?);
    }
    Ok(())
}

/// The id of every story from `first` on.
fn stories_from(db: &Connection, first: u32, mut each: impl FnMut(u32, &str)) -> Done<()> {
    let rows = StoryRow::after(db, first.saturating_sub(1), u32::MAX >> 1)?;
    rows.iter().for_each(|row| each(row.story, &row.id));
    Ok(())
}
