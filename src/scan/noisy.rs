//! From noisy stories and the letters of all others to the pairs that share runs of them.

use super::Watch;
use super::intake::Intake;
use super::pairs::Classes;
use super::reread::reread;
use crate::config::{Config, Level, Passages};
use crate::error::Result;
use crate::input::Corpus;
use crate::noise::Misread;
use crate::noise::keys::{self, LEAST, PERCENT};
use crate::rare::{Gathered, Postings, RareKeys, Shared};
use crate::relation::judge::SHORTEST;
use crate::story::Ordinal;
use crate::text;

/// A corpus of which less than one story in so many is noisy is taken to have been written, not read
/// by a machine: jargon, or a table, is taken for misread print once in a while, and to read all other
/// stories again costs more than the scan.
const FEW: usize = 1_000;

/// The share of odd words in `body`, 0 if a run does not take it for misread print.
pub(crate) fn share_of(config: &Config, body: &str) -> f32 {
    Misread::sure_share(noise_of(config, body))
}

/// What a run takes `body` for, if for misread print: at level rewrite, since copies are compared as they
/// are printed, and where passages are looked for.
pub(super) fn noise_of(config: &Config, body: &str) -> Option<Misread> {
    let reads_letters = config.level() >= Level::Rewrite || config.passages() == Passages::Any;
    if reads_letters { config.noise().misread(body) } else { None }
}

/// The clean stories of which the letters are asked for, beside noisy ones.
pub(super) struct Clean {
    stories: Vec<bool>,
    known: Known,
}

impl Clean {
    /// `None` where less than one story in [`FEW`] is noisy.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub(super) fn of(intake: &Intake, classes: &Classes) -> Result<Option<Self>> {
        let mut stories = vec![false; intake.rows.len()];
        let (mut all, mut noisy) = (0, 0);
        for &story in classes.comparable() {
            let row = &intake.rows[story as usize];
            if row.tokens as usize >= SHORTEST {
                all += 1;
                noisy += usize::from(row.is_noisy());
                stories[story as usize] = !row.is_noisy();
            }
        }
        if noisy == 0 || noisy * FEW < all {
            return Ok(None);
        }
        let are_asked = noisy < all;
        let known = are_asked.then(|| Known::of(&intake.marks.letters)).transpose()?;
        Ok(Some(Self { stories, known: known.unwrap_or_default() }))
    }

    /// Whether the letters of a story are asked for.
    pub(super) fn asks(&self, story: Ordinal) -> bool {
        self.stories[story as usize]
    }

    /// Reads what noisy stories may share of the letters of all that are asked for.
    ///
    /// # Errors
    /// What [`reread`] fails with.
    pub(super) fn read(
        self,
        config: &Config,
        corpus: &dyn Corpus,
        intake: &Intake,
        watch: Watch<'_>,
    ) -> Result<Vec<(Ordinal, Box<[u32]>)>> {
        reread(config, corpus, intake, &self.stories, watch, |_, story, tokens| {
            text::token_hashes(&story.body, tokens);
            self.letters(&story.body)
        })
    }

    /// What noisy stories may share of the letters of one that is asked for.
    pub(super) fn letters(&self, body: &str) -> Box<[u32]> {
        self.known.of_these(&keys::keys(body))
    }
}

/// Pairs `(a, b)`, `a < b`, of which one is noisy and both share [`LEAST`] runs that few stories hold,
/// sorted; of a run that many hold, those that stand early or next to each other in `order` meet.
/// `letters` are the keys of the noisy ones, `clean` those of the others, where there is anything to
/// compare.
pub(super) fn pairs(
    intake: &Intake,
    mut letters: Gathered,
    clean: Option<Vec<(Ordinal, Box<[u32]>)>>,
    order: impl FnOnce() -> Vec<Ordinal>,
    takes_part: &[bool],
) -> Result<Vec<(Ordinal, Ordinal)>> {
    let Some(mut clean) = clean else { return Ok(Vec::new()) };
    clean.retain(|&(story, _)| takes_part[story as usize]);
    clean.sort_unstable_by_key(|&(story, _)| story);
    let mut others = RareKeys::default();
    clean.into_iter().for_each(|(story, keys)| others.push_marks(keys, story));
    letters.gather(&others, 0);
    let postings = Postings::of_letters(letters, order(), |story| takes_part[story as usize])?;
    let mut pairs = postings.met(Shared { least: LEAST, percent: PERCENT })?.pairs;
    let is_noisy = |story: Ordinal| intake.rows[story as usize].is_noisy();
    pairs.retain(|&(a, b)| is_noisy(a) || is_noisy(b));
    Ok(pairs)
}

/// A set of keys that may take others for its own.
struct Known {
    bits: Vec<u64>,
}

impl Default for Known {
    /// Without keys.
    fn default() -> Self {
        Self { bits: vec![0] }
    }
}

impl Known {
    /// Bits for each key, about: one in eight others is taken for its own.
    const A_KEY: usize = 8;

    fn of(letters: &Gathered) -> Result<Self> {
        let bits = (letters.len() * Self::A_KEY).next_power_of_two().max(64);
        let mut known = Self { bits: vec![0; bits / 64] };
        letters.each(|key, _| {
            let place = known.place(key);
            known.bits[place / 64] |= 1 << (place % 64);
        })?;
        Ok(known)
    }

    fn place(&self, key: u32) -> usize {
        key as usize & (self.bits.len() * 64 - 1)
    }

    /// Those of `keys` that it may hold, in no more memory than they take: they are kept for every story.
    fn of_these(&self, keys: &[u32]) -> Box<[u32]> {
        keys.iter().copied().filter(|&key| self.may_hold(key)).collect()
    }

    fn may_hold(&self, key: u32) -> bool {
        let place = self.place(key);
        self.bits[place / 64] >> (place % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Identity;
    use crate::scan::intake::Row;

    /// So many stories of a hundred words, of which the first so many are misread.
    fn intake(stories: usize, noisy: usize) -> Intake {
        let misread = Misread { share: 0.2, is_sure: true };
        let row = |story: usize| Row {
            identity: Identity::of(&[story as u64]),
            tokens: 100,
            noise: (story < noisy).then_some(misread),
            ..Row::default()
        };
        Intake::of_rows(&Config::default(), (0..stories).map(row).collect())
    }

    #[test]
    fn misread_stories_meet_if_they_share_five_runs_and_three_in_a_hundred() {
        let intake = intake(2, 2);
        let meet = |each: u32, shared: u32| {
            let mut keys = RareKeys::default();
            keys.push_marks(0..each, 0);
            keys.push_marks((0..shared).chain(each..2 * each - shared), 1);
            let letters = Gathered::from(keys);
            !pairs(&intake, letters, Some(Vec::new()), || vec![0, 1], &[true, true]).unwrap().is_empty()
        };
        let met = [(100, 4), (100, 5), (1_000, 29), (1_000, 30)].map(|(each, shared)| meet(each, shared));
        assert_eq!(met, [false, true, false, true]);
    }

    #[test]
    fn one_misread_story_in_a_thousand_is_print_and_fewer_are_jargon() {
        let is_print = |stories: usize| {
            let intake = intake(stories, 1);
            Clean::of(&intake, &Classes::of(&intake.rows)).unwrap().is_some()
        };
        assert_eq!([is_print(1_000), is_print(1_001)], [true, false]);
    }
}
