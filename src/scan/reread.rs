//! From chosen stories to a second look at their texts.

use super::intake::Intake;
use super::{Progress, Stage, Watch};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::input::{Block, Corpus};
use crate::relation::judge;
use crate::story::{Ordinal, Story};
use crate::wire;
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which of `stories` stories `chosen` names.
pub(super) fn marked(stories: usize, chosen: impl Iterator<Item = Ordinal>) -> Vec<bool> {
    let mut marked = vec![false; stories];
    chosen.for_each(|story| marked[story as usize] = true);
    marked
}

/// Reads the stories that `wanted` names again, in parallel, and keeps what `each` makes of the
/// prepared story, in no promised order. `each` also fills the empty vector with the hashes of the
/// story's tokens, by which it is recognised.
///
/// # Errors
/// [`ErrorKind::Changed`] if a story is not what it was at the first reading.
pub(super) fn reread<T: Send>(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    wanted: &[bool],
    watch: Watch<'_>,
    each: impl Fn(Ordinal, Cow<'_, Story>, &mut Vec<u64>) -> T + Sync,
) -> Result<Vec<(Ordinal, T)>> {
    reread_as_sent(corpus, intake, wanted, watch, |ordinal, story, tokens| {
        let row = &intake.rows[ordinal as usize];
        if row.is_ready {
            return each(ordinal, story, tokens);
        }
        let (story, _) = wire::prepared_again(story, config.keep_furniture(), row.hits);
        each(ordinal, story, tokens)
    })
}

/// The same; `each` gets the story as it came, furniture and all.
pub(super) fn reread_as_sent<T: Send>(
    corpus: &dyn Corpus,
    intake: &Intake,
    wanted: &[bool],
    watch: Watch<'_>,
    each: impl Fn(Ordinal, Cow<'_, Story>, &mut Vec<u64>) -> T + Sync,
) -> Result<Vec<(Ordinal, T)>> {
    let story_at = |block: usize, index: usize| {
        intake.ordinals[block].get(index).copied().flatten().filter(|&story| wanted[story as usize])
    };
    let needed: Vec<bool> = (0..intake.ordinals.len())
        .map(|block| (0..intake.ordinals[block].len()).any(|index| story_at(block, index).is_some()))
        .collect();
    let (done, total) = (AtomicU64::new(0), corpus.size_hint());
    let blocks: Vec<Vec<(Ordinal, T)>> = corpus
        .blocks(&|number| needed.get(number).copied().unwrap_or(false))
        .par_bridge()
        .map(|block| {
            let done = done.fetch_add(block.bytes, Ordering::Relaxed) + block.bytes;
            watch(Progress { stage: Stage::Compare, done, total });
            read_block(intake, block, &story_at, &each)
        })
        .collect::<Result<_>>()?;
    let found: Vec<(Ordinal, T)> = blocks.into_iter().flatten().collect();
    let expected = wanted.iter().filter(|&&wanted| wanted).count();
    if found.len() == expected {
        return Ok(found);
    }
    let mut missing = wanted.to_vec();
    found.iter().for_each(|&(story, _)| missing[story as usize] = false);
    let first = missing.iter().position(|&missing| missing).unwrap_or_default();
    Err(changed(&intake.rows[first].id))
}

fn read_block<T>(
    intake: &Intake,
    block: Block<'_>,
    story_at: &impl Fn(usize, usize) -> Option<Ordinal>,
    each: &impl Fn(Ordinal, Cow<'_, Story>, &mut Vec<u64>) -> T,
) -> Result<Vec<(Ordinal, T)>> {
    let number = block.number;
    let (mut found, mut failure, mut tokens) = (Vec::new(), None, Vec::new());
    block.records(
        |index| story_at(number, index).is_some(),
        |index, record| {
            let Some(ordinal) = story_at(number, index) else { return };
            let row = &intake.rows[ordinal as usize];
            let Ok(story) = record else {
                failure = Some(changed(&row.id));
                return;
            };
            tokens.clear();
            let made = each(ordinal, story, &mut tokens);
            if judge::had(row.text(&intake.publishers), row.time, &tokens) {
                found.push((ordinal, made));
            } else {
                failure = Some(changed(&row.id));
            }
        },
    );
    failure.map_or(Ok(found), Err)
}

fn changed(id: &str) -> Error {
    Error::new(
        ErrorKind::Changed,
        format!(
            "the story `{id}` changed while it was being read; run again when nothing writes to the input"
        ),
    )
}
