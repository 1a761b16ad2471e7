//! From the first reading of a corpus to fingerprints in the order of ids.

use super::marks::Marks;
use super::noisy::noise_of;
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
use ahash::AHashSet;
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

/// What one block gave.
struct BlockRows {
    number: usize,
    records: usize,
    /// Index in the block, and the story.
    rows: Vec<(usize, Row)>,
    /// The number in [`Arrived`] of the first of them; the others follow.
    first: Ordinal,
    skipped: Vec<Error>,
    unreads: Unreads,
}

/// Keys of all stories in the order in which these have come, which is another one on every run.
struct Arrived {
    stories: Ordinal,
    keys: BandKeys,
    marks: Marks<Gathered>,
}

impl Arrived {
    /// Takes in the keys of a block of so many stories; gives the number of the first.
    fn take(&mut self, stories: usize, keys: &mut BandKeys, marks: &mut Marks<RareKeys>) -> Ordinal {
        let first = self.stories;
        self.stories += stories as Ordinal;
        self.keys.append(keys);
        self.marks.gather(marks, first);
        marks.clear();
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
        let arrived = Mutex::new(Arrived { stories: 0, keys, marks });
        let mut blocks: Vec<BlockRows> = corpus
            .blocks(&|_| !stop.load(Relaxed))
            .par_bridge()
            .map_init(
                || Scratch::new(config),
                |scratch, block| {
                    let bytes = block.bytes;
                    let mut rows = fingerprint(config, &hasher, block, scratch, &tokens);
                    let mut arrived = arrived.lock().unwrap_or_else(PoisonError::into_inner);
                    rows.first = arrived.take(rows.rows.len(), &mut scratch.keys, &mut scratch.marks);
                    drop(arrived);
                    if config.strict() && !rows.skipped.is_empty() {
                        stop.store(true, Relaxed);
                    }
                    let done = done.fetch_add(bytes, Relaxed) + bytes;
                    watch(Progress { stage: Stage::Read, done, total });
                    rows
                },
            )
            .collect();
        blocks.par_sort_unstable_by_key(|block| block.number);
        let arrived = arrived.into_inner().unwrap_or_else(PoisonError::into_inner);
        Self::number(config, blocks, arrived, corpus.unread())
    }

    /// Gives ids their final form and stories their order.
    fn number(
        config: &Config,
        mut blocks: Vec<BlockRows>,
        arrived: Arrived,
        mut unreads: Unreads,
    ) -> Result<Self> {
        let mut skipped: Vec<Error> = blocks.iter_mut().flat_map(|block| block.skipped.drain(..)).collect();
        skipped.sort_by(|x, y| x.place().cmp(&y.place()));
        if config.strict() && !skipped.is_empty() {
            return Err(skipped.swap_remove(0));
        }
        let stories = blocks.iter().map(|block| block.rows.len()).sum();
        let mut ordinals = Vec::new();
        let mut placed: Vec<Placed> = Vec::with_capacity(stories);
        for block in blocks {
            ordinals.resize(block.number + 1, Vec::new());
            ordinals[block.number] = vec![None; block.records];
            unreads.join(&block.unreads);
            for ((index, row), place) in block.rows.into_iter().zip(block.first..) {
                placed.push((row, block.number as u32, index as u32, place));
            }
        }
        let mut placed = by_id(placed);
        let mut warnings = separate_ids(&mut placed);
        warnings.extend(unreads.sentences());
        let mut rows = Vec::with_capacity(placed.len());
        let mut order = Vec::with_capacity(placed.len());
        for (row, block, index, place) in placed {
            ordinals[block as usize][index as usize] = Some(rows.len() as Ordinal);
            order.push(place);
            rows.push(row);
        }
        let mut rank = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(&place, ordinal)| rank[place as usize] = ordinal);
        let sampling = Sampling::of(rows.iter().map(|row| u64::from(row.tokens)).sum());
        let Arrived { keys, mut marks, .. } = arrived;
        marks.settle(sampling, |place| rank[place as usize]);
        let skipped = skipped.into_iter().map(Skipped::from).collect();
        let (keys, publishers) = (keys.reordered(&order), Arc::clone(config.publishers()));
        Ok(Self { rows, keys, marks, sampling, ordinals, skipped, warnings, publishers })
    }
}

/// A row, its block and index there, and its number in [`Arrived`].
type Placed = (Row, u32, u32, u32);

/// Sorts `placed` by id, and where that is the same by what else there is. What is sorted are
/// places with the opening of the id, which says enough of most: a row is large, and far away.
fn by_id(mut placed: Vec<Placed>) -> Vec<Placed> {
    let opening = |id: &str| {
        let padded = id.bytes().chain(std::iter::repeat(0));
        padded.take(8).fold(0u64, |opening, byte| opening << 8 | u64::from(byte))
    };
    let mut order: Vec<(u64, u32)> =
        placed.iter().zip(0..).map(|((row, ..), i)| (opening(&row.id), i)).collect();
    order.par_sort_unstable_by(|(first, i), (second, j)| {
        first.cmp(second).then_with(|| {
            let (x, y) = (&placed[*i as usize].0, &placed[*j as usize].0);
            let key = |row: &Row| (row.version(), row.identity, row.time);
            let all = || key(x).cmp(&key(y)).then_with(|| x.source.cmp(&y.source)).then(i.cmp(j));
            x.id.cmp(&y.id).then_with(all)
        })
    });
    order.into_iter().map(|(_, i)| std::mem::take(&mut placed[i as usize])).collect()
}

/// Tells stories of one id apart by a suffix, in the order they are in, and sorts again where a
/// suffix changed the order. Versions that number themselves share an id by right; of all others
/// the warning tells.
fn separate_ids(placed: &mut [Placed]) -> Vec<String> {
    let repeats: Vec<usize> = (1..placed.len()).filter(|&i| placed[i].0.id == placed[i - 1].0.id).collect();
    if repeats.is_empty() {
        return Vec::new();
    }
    let by_mistake: Vec<&str> = repeats
        .iter()
        .filter(|&&i| placed[i].0.version() == placed[i - 1].0.version())
        .map(|&i| placed[i].0.id.as_ref())
        .collect();
    let warning = by_mistake.last().map(|first| {
        let n = by_mistake.len();
        let noun = if n == 1 { "story has an id that was" } else { "stories have ids that were" };
        format!("{n} {noun} given before, `{first}` for one; kept apart as `{first}#2` and so on")
    });
    let mut taken: AHashSet<Box<str>> = placed.iter().map(|(row, ..)| row.id.clone()).collect();
    let mut number = 1;
    let mut last: Box<str> = Box::default();
    for &i in &repeats {
        let id = placed[i].0.id.clone();
        if id != last {
            (number, last) = (1, id.clone());
        }
        loop {
            number += 1;
            let unique: Box<str> = format!("{id}#{number}").into();
            if taken.insert(unique.clone()) {
                placed[i].0.id = unique;
                break;
            }
        }
    }
    placed.par_sort_unstable_by(|(x, ..), (y, ..)| x.id.cmp(&y.id));
    warning.into_iter().collect()
}

/// Buffers that a worker keeps from story to story, and the keys of a block.
struct Scratch {
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
) -> BlockRows {
    let rewrites = config.level() >= Level::Rewrite;
    let tells = rewrites && config.languages() == Languages::Any;
    let number = block.number;
    let (mut rows, mut skipped, mut unreads) = (Vec::new(), Vec::new(), Unreads::default());
    let records = block.records(
        |_| true,
        |index, record| match record {
            Err(error) => skipped.push(error),
            Ok(sent) => {
                unreads.note(&sent);
                let sent_as = Cow::Borrowed(&*sent);
                let (story, hits) = wire::prepared_again(sent_as, config.keep_furniture(), Hits::default());
                let Scratch { keys, marks, tokens, quotations, minima, values } = &mut *scratch;
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
                rows.push((index, row));
            }
        },
    );
    BlockRows { number, records, rows, first: 0, skipped, unreads }
}
