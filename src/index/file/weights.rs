//! From a sample of the stories to how telling each word is, kept until the stories have doubled.

use super::failure::{Done, damage};
use super::fingerprint::Fresh;
use super::lately::Lately;
use super::rows::{ClassRow, State, StoryRow};
use super::seal::Seal;
use crate::evidence::{Frequencies, Profile, Weights, frequency};
use crate::hash::Identity;
use crate::index::Index;
use crate::text::{self, tokenise};
use ahash::AHashMap;
use rusqlite::params;
use std::sync::Arc;

/// Stories that are sampled at most, as in a scan: those of the least identities.
const SAMPLE: usize = 8_192;

/// Profiles that are kept: of the last some thousand stories that were asked for.
const PROFILES: usize = 1 << 12;

/// Profiles that were asked for lately, and the weights they were made with.
#[derive(Debug)]
pub(in crate::index) struct Profiles {
    weights: Option<(u64, Arc<Weights>)>,
    pub(in crate::index) made: Lately<u32, Arc<Profile>>,
}

impl Default for Profiles {
    fn default() -> Self {
        Self { weights: None, made: Lately::within(PROFILES) }
    }
}

impl Profiles {
    pub(in crate::index) fn forget(&mut self) {
        *self = Self::default();
    }
}

fn stems(body: &str) -> Vec<u32> {
    let mut stems = Vec::new();
    tokenise(&text::repair(body), |token| stems.push(frequency::stem(&token)));
    stems
}

impl Index {
    /// How telling words are, by the sample that was taken last.
    pub(in crate::index) fn weights(&self, state: &State) -> Done<Arc<Weights>> {
        if let Some((sampled, weights)) = &self.profiles.borrow().weights
            && *sampled == state.sampled
        {
            return Ok(Arc::clone(weights));
        }
        let frequencies = if state.sampled == 0 { Frequencies::default() } else { self.frequencies()? };
        let weights = Arc::new(frequencies.weights());
        let mut profiles = self.profiles.borrow_mut();
        profiles.forget();
        profiles.weights = Some((state.sampled, Arc::clone(&weights)));
        Ok(weights)
    }

    fn frequencies(&self) -> Done<Frequencies> {
        let mut select =
            self.store.db.prepare_cached("SELECT stories, counts, seal FROM frequencies WHERE one = 1")?;
        let (stories, blob, seal): (u32, Vec<u8>, i64) =
            select.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        if seal != Seal::new("frequencies").number(stories).bytes(&blob).value() {
            return damage("the frequencies of words do not agree with their seal");
        }
        let words =
            blob.as_chunks::<4>().0.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect::<Vec<u32>>();
        Ok(Frequencies::of_counts(
            stories,
            words.as_chunks::<2>().0.iter().map(|&[stem, count]| (stem, count)),
        ))
    }

    /// Takes a new sample if the stories, with those that come, have doubled since the last one.
    pub(in crate::index) fn sample_again(&self, state: &mut State, coming: &[Fresh]) -> Done<()> {
        let stories = state.stories + coming.len() as u64;
        if stories < state.sampled.saturating_mul(2).max(1) {
            return Ok(());
        }
        let mut all: Vec<(Identity, u32)> = Vec::new();
        ClassRow::all(&self.store.db, 0, |row| {
            all.push((row.identity, row.least));
            Ok(())
        })?;
        // Those that come have no number yet: 0.
        let mut ours: AHashMap<Identity, &Fresh> = AHashMap::new();
        for fresh in coming.iter().filter(|fresh| fresh.tokens > 0) {
            if ours.insert(fresh.identity, fresh).is_none() {
                all.push((fresh.identity, 0));
            }
        }
        all.sort_unstable_by(|x, y| x.0.cmp(&y.0).then(y.1.cmp(&x.1)));
        all.dedup_by_key(|(identity, _)| *identity);
        all.truncate(SAMPLE);
        let mut frequencies = Frequencies::default();
        for (identity, story) in all {
            let mut stems = match ours.get(&identity) {
                Some(fresh) if story == 0 => stems(&fresh.story.body),
                _ => stems(&self.readied(&StoryRow::read(&self.store.db, story)?)?.body),
            };
            frequencies.add(&mut stems);
        }
        self.keep_frequencies(state, &frequencies)?;
        state.sampled = stories;
        Ok(())
    }

    /// Keeps how many stories of a sample of all hold each stem.
    pub(in crate::index) fn keep_frequencies(
        &self,
        state: &mut State,
        frequencies: &Frequencies,
    ) -> Done<()> {
        let (sampled, counts) = frequencies.counts();
        let blob: Vec<u8> =
            counts.iter().flat_map(|&(stem, count)| [stem, count]).flat_map(u32::to_le_bytes).collect();
        let seal = Seal::new("frequencies").number(sampled).bytes(&blob).value();
        self.store
            .db
            .prepare_cached(
                "INSERT OR REPLACE INTO frequencies(one, stories, counts, seal) VALUES(1, ?1, ?2, ?3)",
            )?
            .execute(params![sampled, blob, seal])?;
        state.sampled = state.stories.max(1);
        self.profiles.borrow_mut().forget();
        Ok(())
    }
}
