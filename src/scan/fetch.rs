//! From the second reading to the texts that are compared: only stories that have candidates.

use super::intake::Intake;
use super::pairs::Classes;
use super::{Progress, Stage, Watch};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::hash::Identity;
use crate::input::{Block, Corpus};
use crate::lsh::Buckets;
use crate::report::Detail;
use crate::shingle::ShingleSet;
use crate::story::{Ordinal, Story};
use crate::text;
use crate::wire;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the second reading keeps of a story.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) shingles: ShingleSet,
    pub(super) detail: Box<Detail>,
}

/// The texts of the stories that have candidates, by ordinal.
pub(super) struct Texts(Vec<Option<Text>>);

/// Characters of a body that stand in for a headline, and are enough to tell the language.
const OPENING: usize = 200;

impl Texts {
    /// Reads again what `buckets` and `classes` say will be compared or shown.
    pub(super) fn fetch(
        config: &Config,
        corpus: &dyn Corpus,
        intake: &Intake,
        classes: &Classes,
        buckets: Option<&Buckets<'_>>,
        watch: Watch<'_>,
    ) -> Result<Self> {
        let mut compared = vec![false; intake.rows.len()];
        for member in buckets.iter().flat_map(|buckets| buckets.members()) {
            compared[member as usize] = true;
        }
        let mut wanted = compared.clone();
        for class in classes.repeated() {
            compared[class[0] as usize] = true;
            class.iter().for_each(|&story| wanted[story as usize] = true);
        }
        let is_wanted = |block: usize, index: usize| {
            intake.ordinals[block].get(index).copied().flatten().filter(|&story| wanted[story as usize])
        };
        let needed: Vec<bool> = intake
            .ordinals
            .iter()
            .enumerate()
            .map(|(b, block)| (0..block.len()).any(|i| is_wanted(b, i).is_some()))
            .collect();
        let (done, total) = (AtomicU64::new(0), corpus.size_hint());
        let fetched: Vec<Vec<(Ordinal, Text)>> = corpus
            .blocks(&|number| needed.get(number).copied().unwrap_or(false))
            .par_bridge()
            .map(|block| {
                let done = done.fetch_add(block.bytes, Ordering::Relaxed) + block.bytes;
                watch(Progress { stage: Stage::Compare, done, total });
                read_block(config, intake, block, &is_wanted, &compared)
            })
            .collect::<Result<_>>()?;
        let mut texts: Vec<Option<Text>> = Vec::new();
        texts.resize_with(intake.rows.len(), || None);
        for (story, text) in fetched.into_iter().flatten() {
            texts[story as usize] = Some(text);
        }
        match wanted.iter().zip(&texts).position(|(&wanted, text)| wanted && text.is_none()) {
            Some(story) => Err(changed(&intake.rows[story].id)),
            None => Ok(Self(texts)),
        }
    }

    /// The distinct shingles of a story that has candidates, ascending; none for any other.
    pub(super) fn shingles(&self, story: Ordinal) -> &[u64] {
        self.0[story as usize].as_ref().map_or(&[], |text| text.shingles.as_slice())
    }

    /// What is shown of a story; taken out, so once.
    pub(super) fn take_detail(&mut self, story: Ordinal) -> Option<Box<Detail>> {
        self.0[story as usize].as_mut().map(|text| std::mem::take(&mut text.detail))
    }
}

fn read_block(
    config: &Config,
    intake: &Intake,
    block: Block<'_>,
    is_wanted: &(impl Fn(usize, usize) -> Option<Ordinal> + Sync),
    compared: &[bool],
) -> Result<Vec<(Ordinal, Text)>> {
    let number = block.number;
    let mut texts = Vec::new();
    let mut failure = None;
    let mut tokens = Vec::new();
    block.records(
        |index| is_wanted(number, index).is_some(),
        |index, record| {
            let Some(ordinal) = is_wanted(number, index) else { return };
            let row = &intake.rows[ordinal as usize];
            let Ok(story) = record else {
                failure = Some(changed(&row.id));
                return;
            };
            let mut story = story.into_owned();
            wire::prepare(&mut story, config.keep_furniture());
            tokens.clear();
            text::token_hashes(&story.body, &mut tokens);
            if Identity::of(&tokens) != row.identity {
                failure = Some(changed(&row.id));
                return;
            }
            let shingles = if compared[ordinal as usize] {
                ShingleSet::new(&tokens, config.shingle())
            } else {
                ShingleSet::default()
            };
            texts.push((ordinal, Text { shingles, detail: Box::new(detail(story)) }));
        },
    );
    failure.map_or(Ok(texts), Err)
}

fn detail(story: Story) -> Detail {
    let opening = |text: &str| {
        let end = text.char_indices().nth(OPENING).map_or(text.len(), |(i, _)| i);
        text[..end].split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let headline = if story.headline.is_empty() { opening(&story.body) } else { opening(&story.headline) };
    Detail { headline, language: story.language, furniture: story.furniture }
}

fn changed(id: &str) -> Error {
    Error::new(
        ErrorKind::Changed,
        format!(
            "the story `{id}` changed while it was being read; run again when nothing writes to the input"
        ),
    )
}
