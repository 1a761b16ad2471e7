//! From the counts of a run to what it will hold in memory.

use crate::config::{Config, Level};
use crate::relation::tie::Verified;

/// What a run holds beside its stories: code, buffers of blocks, stacks. In bytes, as all here;
/// measured on `W100k` and on a corpus of a million stories.
const BASE: u64 = 24 << 20;
/// Row, band keys, place in the corpus, and its line in the report: of every story.
const STORY: u64 = 470;
/// What is shown of a story that is compared.
const COMPARED: u64 = 500;
/// The tie of a pair, and its line in the report.
const PAIR: u64 = 300;
/// Distinct shingles of a story of 450 words.
const SET: u64 = 3_400;

/// What part of the shingle sets waits at once for others, where stories come in no order.
const WAITING: u64 = 4;

/// About what a run over so many stories needs if nothing bounds it; of news in which every third
/// has a copy, and that comes in no order: in that of time it is half to two thirds.
pub(super) fn estimate(config: &Config, stories: u64) -> u64 {
    let compared = stories / 3;
    let rewrites = if config.level() >= Level::Rewrite { stories * REWRITE } else { 0 };
    BASE + stories * STORY + compared * (COMPARED + SET / WAITING) + rewrites
}

/// Rare keys at level rewrite, or, when these are gone, the profiles that wait for others; of every story.
const REWRITE: u64 = 1_300;

/// What part of the memory the rare keys may take that wait for the comparison of copies.
const RARE: u64 = 10;
/// What part of it each other kind of keys may.
const OTHERS: u64 = 40;

/// What the budget leaves for rare keys, and for each of the two other kinds of which every story has some.
pub(super) fn for_keys(config: &Config) -> (u64, u64) {
    match config.memory() {
        Some(memory) if config.level() >= Level::Rewrite => (memory / RARE, memory / OTHERS),
        _ => (u64::MAX, u64::MAX),
    }
}

/// What the budget leaves for shingle sets.
pub(super) fn for_sets(config: &Config, stories: usize, compared: usize, pairs: usize) -> u64 {
    let Some(memory) = config.memory() else { return u64::MAX };
    let keys = match for_keys(config) {
        (u64::MAX, _) => 0,
        (rare, others) => rare + 2 * others,
    };
    memory.saturating_sub(BASE + keys + held(stories, compared, pairs))
}

/// What part of the memory profiles may take in any case: each pass reads the corpus again.
const LEAST: u64 = 8;

/// What the budget leaves for profiles, when keys and shingle sets are gone: half of it, since what is freed
/// here and there does not go back to the system.
pub(super) fn for_profiles(config: &Config, stories: usize, shown: usize, pairs: usize) -> u64 {
    let Some(memory) = config.memory() else { return u64::MAX };
    let left = memory.saturating_sub(BASE + held(stories, shown, 0) + pairs as u64 * CANDIDATE);
    (left / 2).max(memory / LEAST)
}

/// What the budget leaves for what stories say in any language.
pub(super) fn for_prints(config: &Config) -> u64 {
    config.memory().map_or(u64::MAX, |memory| memory / RARE)
}

/// A pair that is to be judged: itself, the place of each story among the partners of the other, and its
/// tie, which is moved once.
const CANDIDATE: u64 = 24 + 2 * size_of::<Verified>() as u64;

/// What is held in any case.
fn held(stories: usize, compared: usize, pairs: usize) -> u64 {
    stories as u64 * STORY + compared as u64 * COMPARED + pairs as u64 * PAIR
}

/// The profile of a story of so many tokens, with what is shown of it.
pub(super) fn profile(tokens: u32) -> u64 {
    COMPARED + u64::from(tokens) * TOKEN
}

/// What the profile of a story takes for each of its tokens.
const TOKEN: u64 = 20;
