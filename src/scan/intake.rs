//! From the first reading of a corpus to fingerprints in the order of ids.

use super::marks::Marks;
use super::noisy::noise_of;
use super::numbering::numbered;
use super::{Progress, Stage, Watch};
use crate::config::{Config, Languages, Level, Passages};
use crate::dispatch::Dispatch;
use crate::error::{Error, Result};
use crate::evidence::{frequency, quote};
use crate::hash::Identity;
use crate::input::{Block, Corpus, Unreads};
use crate::lsh::BandKeys;
use crate::minhash::MinHasher;
use crate::noise::{self, Misread};
use crate::rare::{Gathered, RareKeys, Sampling, windows};
use crate::report::Skipped;
use crate::story::{Ordinal, Story};
use crate::text;
use crate::time::Time;
use crate::wire::{self, Hits, Publishers};
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// What the first reading keeps of a story.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) id: Box<str>,
    pub(super) source: Box<str>,
    pub(super) url: Box<str>,
    pub(super) time: Option<Time>,
    /// Of the token sequence, which makes two stories identical, and of what keeps them apart.
    pub(super) identity: Identity,
    pub(super) tokens: u32,
    /// Two letters; empty where it is not known or does not matter.
    pub(super) language: &'static str,
    /// Stems of the longer words of the headline, ascending, where source and headline are known.
    pub(super) titled: Box<[u32]>,
    /// Whether nothing has to be done to make the story ready.
    pub(super) is_ready: bool,
    /// What is known of its furniture.
    pub(super) hits: Hits,
    pub(super) dispatch: Option<Box<Dispatch>>,
    /// What it is taken for, if for misread print.
    pub(super) noise: Option<Misread>,
}

impl Row {
    /// The number of the version, 0 where there is none.
    pub(super) fn version(&self) -> u64 {
        self.dispatch.as_ref().and_then(|dispatch| dispatch.version).unwrap_or(0)
    }

    /// What makes its text, whatever the table keeps it from.
    pub(super) fn text(&self, publishers: &Publishers) -> Identity {
        self.identity.marked(publishers.mark((&self.source, &self.url), (&self.id, self.time)))
    }

    /// Whether it is misread print.
    pub(super) fn is_noisy(&self) -> bool {
        self.noise.is_some_and(|noise| noise.is_sure)
    }

    /// Whether it may be misread print, or jargon.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.noise.is_some_and(|noise| !noise.is_sure)
    }
}

/// All stories of a run, sorted by unique id; row *i* of everything is story *i*.
pub(super) struct Intake {
    pub(super) rows: Vec<Row>,
    pub(super) keys: BandKeys,
    pub(super) marks: Marks<Gathered>,
    pub(super) sampling: Sampling,
    /// For every block and index in it, the story that came of it.
    pub(super) ordinals: Vec<Vec<Option<Ordinal>>>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) warnings: Vec<String>,
    /// What keeps stories apart.
    pub(super) publishers: Arc<Publishers>,
}

/// What one block gave, beside its stories.
pub(super) struct Cut {
    pub(super) number: usize,
    pub(super) records: usize,
    /// Index in the block of each of its stories.
    pub(super) indexes: Box<[u32]>,
    /// The place in [`Arrived`] of the first of them; the others follow.
    pub(super) first: Ordinal,
    pub(super) skipped: Vec<Error>,
    pub(super) unreads: Unreads,
}

/// All stories in the order in which they have come, which is another one on every run.
pub(super) struct Arrived {
    pub(super) rows: Vec<Row>,
    pub(super) keys: BandKeys,
    pub(super) marks: Marks<Gathered>,
}

impl Arrived {
    /// Takes in the stories of a block; gives the place of the first.
    fn take(&mut self, scratch: &mut Scratch) -> Ordinal {
        let first = self.rows.len() as Ordinal;
        self.rows.append(&mut scratch.rows);
        self.keys.append(&mut scratch.keys);
        self.marks.gather(&scratch.marks, first);
        scratch.marks.clear();
        first
    }
}

/// All stories, the earliest first and those without a time last; those of one time by id. Stories
/// are numbered by id.
pub(super) fn earliest_first(times: &[Option<i64>]) -> Vec<Ordinal> {
    let mut order: Vec<Ordinal> = (0..times.len() as Ordinal).collect();
    order.par_sort_unstable_by_key(|&story| {
        let time = times[story as usize];
        (time.is_none(), time, story)
    });
    order
}

impl Intake {
    /// Rows that are in order already and whose texts will not be read again.
    pub(super) fn of_rows(config: &Config, rows: Vec<Row>) -> Self {
        Self {
            rows,
            keys: BandKeys::new(config.banding()),
            marks: Marks::default(),
            sampling: Sampling::All,
            ordinals: Vec::new(),
            skipped: Vec::new(),
            warnings: Vec::new(),
            publishers: Arc::clone(config.publishers()),
        }
    }

    /// Whether it is known of any story who speaks. Cost: a look at every row.
    pub(super) fn is_voiced(&self) -> bool {
        self.rows.iter().any(|row| !row.source.is_empty())
    }

    pub(super) fn read(config: &Config, corpus: &dyn Corpus, watch: Watch<'_>) -> Result<Self> {
        let (hasher, total) = (config.hasher(), corpus.size_hint());
        let (done, stop, tokens) = (AtomicU64::new(0), AtomicBool::new(false), AtomicU64::new(0));
        let (keys, marks) = (BandKeys::new(config.banding()), Marks::within(config));
        let arrived = Mutex::new(Arrived { rows: Vec::new(), keys, marks });
        let mut blocks: Vec<Cut> = corpus
            .blocks(&|_| !stop.load(Relaxed))
            .par_bridge()
            .map_init(
                || Scratch::new(config),
                |scratch, block| {
                    let bytes = block.bytes;
                    let mut cut = fingerprint(config, &hasher, block, scratch, &tokens);
                    cut.first = arrived.lock().unwrap_or_else(PoisonError::into_inner).take(scratch);
                    if config.strict() && !cut.skipped.is_empty() {
                        stop.store(true, Relaxed);
                    }
                    let done = done.fetch_add(bytes, Relaxed) + bytes;
                    watch(Progress { stage: Stage::Read, done, total });
                    cut
                },
            )
            .collect();
        blocks.par_sort_unstable_by_key(|block| block.number);
        let arrived = arrived.into_inner().unwrap_or_else(PoisonError::into_inner);
        numbered(config, blocks, arrived, corpus.unread())
    }
}

/// Buffers that a worker keeps from story to story, and the rows and keys of a block.
struct Scratch {
    rows: Vec<Row>,
    keys: BandKeys,
    /// By place in the rows of the block.
    marks: Marks<RareKeys>,
    tokens: Vec<u64>,
    quotations: Vec<Range<usize>>,
    minima: Vec<u32>,
    values: Vec<u32>,
}

impl Scratch {
    fn new(config: &Config) -> Self {
        Self {
            rows: Vec::new(),
            keys: BandKeys::new(config.banding()),
            marks: Marks::default(),
            tokens: Vec::new(),
            quotations: Vec::new(),
            minima: Vec::new(),
            values: Vec::new(),
        }
    }
}

/// The stems of the words of the headline that are no mere particles, ascending, if it is known who
/// printed it.
fn titled(story: &Story) -> Box<[u32]> {
    /// Letters of the shortest word that says what a story is about.
    const TELLING: usize = 4;
    let mut stems = Vec::new();
    if !story.source.is_empty() {
        text::tokenise(&story.headline, |token| {
            let is_telling =
                std::str::from_utf8(token.text).is_ok_and(|word| word.chars().count() >= TELLING);
            stems.extend(is_telling.then(|| frequency::stem(&token)));
        });
        stems.sort_unstable();
        stems.dedup();
    }
    stems.into()
}

/// `total` counts the tokens of all blocks. While they are few, every rare shingle is kept; what
/// of that is too much is dropped once all are counted, so the sampling depends on the stories
/// alone.
fn fingerprint(
    config: &Config,
    hasher: &MinHasher,
    block: Block<'_>,
    scratch: &mut Scratch,
    total: &AtomicU64,
) -> Cut {
    let rewrites = config.level() >= Level::Rewrite;
    let tells = rewrites && config.languages() == Languages::Any;
    let number = block.number;
    let (mut indexes, mut skipped, mut unreads) = (Vec::new(), Vec::new(), Unreads::default());
    let records = block.records(
        |_| true,
        |index, record| match record {
            Err(error) => skipped.push(error),
            Ok(sent) => {
                unreads.note(&sent);
                let sent_as = Cow::Borrowed(&*sent);
                let (story, hits) = wire::prepared_again(sent_as, config.keep_furniture(), Hits::default());
                let Scratch { rows, keys, marks, tokens, quotations, minima, values } = &mut *scratch;
                tokens.clear();
                if rewrites {
                    quotations.clear();
                    quote::token_hashes(&story.body, tokens, quotations);
                } else {
                    text::token_hashes(&story.body, tokens);
                }
                hasher.signature_of_tokens(tokens, config.shingle(), minima, values);
                keys.push(values);
                if rewrites {
                    let len = tokens.len() as u64;
                    let sampling = Sampling::of(total.fetch_add(len, Relaxed) + len);
                    marks.push(sampling, &story, (tokens, quotations), rows.len() as Ordinal);
                }
                if config.passages() == Passages::Any {
                    windows::push(&mut marks.windows, tokens, rows.len() as Ordinal);
                }
                let noise = noise_of(config, &story.body);
                if noise.is_some_and(|noise| noise.is_sure) {
                    marks.letters.push_marks(noise::keys::keys(&story.body), rows.len() as Ordinal);
                }
                let row = Row {
                    id: story.id.as_str().into(),
                    source: story.source.as_str().into(),
                    url: story.url.as_str().into(),
                    time: story.time,
                    identity: config.identity(&story, tokens),
                    tokens: tokens.len() as u32,
                    // Read only where pairs between languages are looked for.
                    language: if tells { text::language::told_by(&story, tokens) } else { "" },
                    titled: if rewrites { titled(&story) } else { Box::default() },
                    is_ready: matches!(story, Cow::Borrowed(_)) || *story == *sent,
                    hits,
                    dispatch: story.dispatch.clone(),
                    noise,
                };
                rows.push(row);
                indexes.push(index as u32);
            }
        },
    );
    Cut { number, records, indexes: indexes.into(), first: 0, skipped, unreads }
}
