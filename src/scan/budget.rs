//! From the counts of a run to what it will hold in memory.

use crate::config::{Config, Level};

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

/// About what a run over so many stories needs if nothing bounds it; of news in which every third
/// has a copy.
pub(super) fn estimate(config: &Config, stories: u64) -> u64 {
    let compared = stories / 3;
    let rewrites = if config.level() >= Level::Rewrite { stories * REWRITE } else { 0 };
    BASE + stories * STORY + compared * (COMPARED + SET) + rewrites
}

/// Rare keys at level rewrite, of every story; profiles come when the shingle sets are gone.
const REWRITE: u64 = 600;

/// What the budget leaves for shingle sets.
pub(super) fn for_sets(config: &Config, stories: usize, compared: usize, pairs: usize) -> u64 {
    let Some(memory) = config.memory() else { return u64::MAX };
    let held = stories as u64 * STORY + compared as u64 * COMPARED + pairs as u64 * PAIR;
    memory.saturating_sub(BASE + held)
}
