//! From a corpus of any size to an index: pressed on all threads, written batch by batch.

use super::add::{Judging, Placed};
use super::answer::{Answer, Seen};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::index::Index;
use crate::index::file::failure::{Done, Fault};
use crate::index::file::fingerprint::{Fresh, Press};
use crate::index::file::tail::FULL;
use crate::index::file::ties;
use crate::index::now;
use crate::index::sampling;
use crate::input::{Block, Corpus, Unreads};
use crate::rare::Sampling;
use crate::scan::{Progress, Stage, Watch};
use crate::story::Story;
use rayon::prelude::*;

/// Bytes of input that are written in one transaction: some ten thousand stories, so that a
/// bucket of postings is read and written once for many.
const BATCH: u64 = 32 << 20;

/// Bytes of the first transaction: the first stories are soon on the disk. Each further one is
/// twice as large, up to [`BATCH`].
const FIRST_BATCH: u64 = 1 << 20;

/// What a load has added.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Loaded {
    /// Stories that are in now and were not.
    pub added: u64,
    /// Stories that were in, word for word.
    pub known: u64,
    /// Records that were skipped.
    pub skipped: u64,
    /// What was there and not understood.
    pub unreads: Unreads,
}

/// What [`Index::fill`] has added.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filled {
    /// As for [`Index::load`].
    pub loaded: Loaded,
    /// Of those added, stories of a text that was there.
    pub identical: u64,
    /// Of those added, other versions of a report that was there.
    pub versions: u64,
}

/// A story that is in, or why a record made none.
type Told<'a> = std::result::Result<&'a Placed, &'a Error>;

/// Presses stories on all threads.
pub(in crate::index) fn pressed(config: &Config, stories: &[Story], sampling: Sampling) -> Done<Vec<Fresh>> {
    let chunk = |stories: &[Story]| {
        let mut press = Press::new(config)?;
        stories.iter().map(|story| press.press(story.clone(), sampling)).collect::<Done<Vec<_>>>()
    };
    let chunks: Vec<Vec<Fresh>> = stories.par_chunks(64).map(chunk).collect::<Done<_>>()?;
    Ok(chunks.into_iter().flatten().collect())
}

/// Records, each pressed or faulty, in order.
type Pressed = Vec<std::result::Result<Fresh, Error>>;

/// Presses the stories of blocks, in order, and counts what of them was not understood.
fn pressed_blocks(config: &Config, blocks: Vec<Block<'_>>, sampling: Sampling) -> Done<(Pressed, Unreads)> {
    let of_block = |block: Block<'_>| {
        let (mut press, mut found, mut fault) = (Press::new(config)?, Vec::new(), None);
        let mut unreads = Unreads::default();
        block.records(
            |_| true,
            |_, record| {
                let story = record.inspect(|story| unreads.note(story));
                match story.map(|story| press.press(story.into_owned(), sampling)) {
                    Err(error) => found.push(Err(error)),
                    Ok(Ok(fresh)) => found.push(Ok(fresh)),
                    Ok(Err(failed)) => fault = Some(failed),
                }
            },
        );
        fault.map_or(Ok((found, unreads)), Err)
    };
    let blocks: Vec<(Pressed, Unreads)> = blocks.into_par_iter().map(of_block).collect::<Done<_>>()?;
    let (mut all, mut unreads) = (Vec::new(), Unreads::default());
    for (found, of_block) in blocks {
        all.extend(found);
        unreads.join(&of_block);
    }
    Ok((all, unreads))
}

impl Index {
    /// Adds stories in their order, all in one durable step, and answers for each what was known
    /// of it before. A story that is in already, word for word, is not added again; another story
    /// of an id that is taken gets the suffix `#2`, as in a scan.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged);
    /// nothing is added then.
    pub fn add(&mut self, stories: &[Story]) -> Result<Vec<Answer>> {
        let bytes = stories.iter().map(|story| story.body.len() as u64).sum();
        self.write(|index, state| {
            let fresh = index.pressed(stories, sampling(state, bytes))?;
            let placed = index.add_pressed(state, fresh, now(), Judging::AsItComes)?;
            Ok(placed.into_iter().map(|placed| placed.answer).collect())
        })
    }

    /// Adds all stories of a corpus, some ten thousand in one durable step. Calls `each` with the
    /// answer or the fault of every record, in order, once it is on the disk.
    ///
    /// # Errors
    /// Those of [`Index::add`]; under [`Config::strict`] of `run` the first bad record. What was
    /// told to `each` stays added.
    pub fn load(
        &mut self,
        corpus: &(impl Corpus + ?Sized),
        strict: bool,
        watch: Watch<'_>,
        each: &mut dyn FnMut(std::result::Result<&Answer, &Error>),
    ) -> Result<Loaded> {
        let answers = &mut |told: Told<'_>| each(told.map(|placed| &placed.answer));
        self.load_all(corpus, strict, watch, Judging::AsItComes, answers)
    }

    /// Adds all stories of a corpus as [`Index::load`] does, and settles if that is due; who needs
    /// no answer of each loads faster. While settling is due, rewrites are not looked for as
    /// stories come but when it settles: into an empty index at level rewrite in half the time.
    /// A load that is broken off leaves them to be found when the index settles next.
    ///
    /// # Errors
    /// Those of [`Index::load`] and of [`Index::settle`].
    pub fn fill(
        &mut self,
        corpus: &(impl Corpus + ?Sized),
        strict: bool,
        watch: Watch<'_>,
        skipped: &mut dyn FnMut(&Error),
    ) -> Result<Filled> {
        let (mut new, mut identical) = (Vec::new(), 0);
        let loaded = self.load_all(corpus, strict, watch, Judging::OnceDue, &mut |told| match told {
            Ok(placed) if placed.answer.known => {}
            Ok(placed) if placed.answer.seen == Seen::Identical => identical += 1,
            Ok(placed) => new.push(placed.class),
            Err(error) => skipped(error),
        })?;
        self.file_rest()?;
        self.settle_if_due()?;
        let level = self.store.config.level();
        let versions = self.read(|index, _| {
            let mut versions = 0;
            for &class in &new {
                versions += u64::from(ties::has_earlier(&index.store.db, class, level)?);
            }
            Ok(versions)
        })?;
        Ok(Filled { loaded, identical, versions })
    }

    /// Files what many stories, of which nobody asked more, have left in the tail.
    pub(in crate::index) fn file_rest(&mut self) -> Result<()> {
        let is_full = self.read(|_, state| Ok(state.unfiled() >= FULL))?;
        if is_full { self.write(Self::file) } else { Ok(()) }
    }

    fn load_all(
        &mut self,
        corpus: &(impl Corpus + ?Sized),
        strict: bool,
        watch: Watch<'_>,
        judging: Judging,
        each: &mut dyn FnMut(Told<'_>),
    ) -> Result<Loaded> {
        let (total, mut done) = (corpus.size_hint(), 0);
        let mut blocks = corpus.blocks(&|_| true);
        let mut loaded = Loaded::default();
        let (mut waiting, mut most) = (Vec::new(), FIRST_BATCH);
        loop {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while bytes < most
                && let Some(block) = blocks.next()
            {
                bytes += block.bytes;
                batch.push(block);
            }
            most = (most * 2).min(BATCH);
            let is_last = batch.is_empty();
            let config = self.store.config.clone();
            let sampling = self.read(|_, state| Ok(sampling(state, bytes)))?;
            let (next, told) = rayon::join(
                || pressed_blocks(&config, batch, sampling),
                || self.add_batch(std::mem::take(&mut waiting), judging),
            );
            loaded.tell(&told?, each);
            let (next, unreads) = next.map_err(|fault: Fault| fault.of(&self.path))?;
            waiting = next;
            loaded.unreads.join(&unreads);
            if strict && let Some(place) = waiting.iter().position(std::result::Result::is_err) {
                let fault = waiting.remove(place).err();
                waiting.truncate(place);
                loaded.tell(&self.add_batch(std::mem::take(&mut waiting), judging)?, each);
                return fault.map_or(Ok(loaded), Err);
            }
            done += bytes;
            watch(Progress { stage: Stage::Read, done, total });
            if is_last && waiting.is_empty() {
                loaded.unreads.join(&corpus.unread());
                return Ok(loaded);
            }
        }
    }

    /// Adds the good ones, and gives for each record its answer or its fault.
    fn add_batch(
        &mut self,
        batch: Pressed,
        judging: Judging,
    ) -> Result<Vec<std::result::Result<Placed, Error>>> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let (mut fresh, mut faults) = (Vec::new(), Vec::new());
        for record in batch {
            match record {
                Ok(story) => {
                    fresh.push(story);
                    faults.push(None);
                }
                Err(error) => faults.push(Some(error)),
            }
        }
        let answers = self.write(|index, state| index.add_pressed(state, fresh, now(), judging))?;
        let mut answers = answers.into_iter();
        let told = faults.into_iter().map(|fault| match fault {
            Some(error) => Some(Err(error)),
            None => answers.next().map(Ok),
        });
        Ok(told.flatten().collect())
    }
}

impl Loaded {
    fn tell(&mut self, told: &[std::result::Result<Placed, Error>], each: &mut dyn FnMut(Told<'_>)) {
        for told in told {
            match told {
                Ok(placed) if placed.answer.known => self.known += 1,
                Ok(_) => self.added += 1,
                Err(_) => self.skipped += 1,
            }
            each(told.as_ref());
        }
    }
}
