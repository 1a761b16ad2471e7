//! From a corpus to a [`Report`]: the whole way, in two readings.
//!
//! The first reading turns every story into a fingerprint and forgets its text. Buckets of equal
//! bands say which stories have candidates at all; the second reading fetches only those, and
//! every candidate pair is verified on exact shingle sets. Stories are numbered in the order of
//! their ids before anything is compared, so neither the order of the input nor the number of
//! threads can be seen in the result.

mod beside;
mod budget;
mod declared;
pub(crate) mod derived;
mod explained;
pub(crate) mod families;
pub(crate) mod fetch;
mod furnished;
pub(crate) mod group;
mod intake;
mod judging;
pub(crate) mod kept_apart;
pub(crate) mod lay;
mod marks;
pub(crate) mod noisy;
mod notice;
mod numbering;
pub(crate) mod pairs;
pub mod part;
mod passages;
mod passes;
mod places;
pub(crate) mod printed;
mod prints;
mod reread;
mod rewrite;
mod sets;
mod translation;
mod verifying;
mod versions;

use crate::config::{Config, Level, Passages};
use crate::error::{Error, Result};
#[cfg(feature = "index")]
use crate::evidence::Frequencies;
use crate::evidence::Weights;
use crate::input::Corpus;
use crate::lsh::BandKeys;
#[cfg(feature = "index")]
use crate::relation::tie::Verified;
use crate::report::Report;
use crate::story::Story;
pub use beside::{side_by_side, two};
use fetch::Texts;
use intake::Intake;
use kept_apart::KeptApart;
use noisy::Clean;
pub use pairs::Leaders;
use pairs::{Candidates, Classes, Found};
pub use part::Part;
pub use places::Places;
use verifying::Verifying;

/// How far a run has come, for whoever shows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Bytes or steps done in this stage.
    pub done: u64,
    /// Bytes or steps of this stage in all, if known.
    pub total: Option<u64>,
}

/// The stages of a run, in order.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Stage {
    /// First reading: stories to fingerprints. In bytes.
    Read,
    /// Second reading: the stories that have candidates. In bytes.
    Compare,
    /// Verified ties to clusters.
    Cluster,
}

/// Told now and then how far a run has come; must be quick.
pub type Watch<'a> = &'a (dyn Fn(Progress) + Sync);

/// Threads beyond which more only wait for each other, on this machine.
fn useful_threads() -> usize {
    /// A few more than there are cores take up the slack of those that wait for the disk.
    const A_CORE: usize = 4;
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get) * A_CORE
}

/// Runs scans with one configuration.
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    config: Config,
}

impl Scanner {
    /// A scanner with checked settings.
    pub fn new(config: Config) -> Self {
        Self { config }
    }

    /// About how many bytes of memory a run over so many `stories` of news takes: as many as
    /// [`Config::memory`] allows at most, unless it is too few to hold the stories' fingerprints.
    pub fn estimate(&self, stories: u64) -> u64 {
        let unbounded = budget::estimate(&self.config, stories);
        self.config.memory().map_or(unbounded, |memory| memory.min(unbounded))
    }

    /// Scans stories in memory. Cost: near-linear; about 10 µs a story of 450 words.
    ///
    /// # Panics
    /// If the threads that [`Config::threads`] asks for cannot be started.
    pub fn scan(&self, stories: &[Story]) -> Report {
        self.scan_corpus(&stories, &|_| {})
            .expect("stories in memory are all good and do not change, and threads can be started")
    }

    /// Scans a corpus that may be larger than memory. What is held is about 470 bytes a story,
    /// and 8 bytes a token of each that waits for its candidates: of few where stories come in the order
    /// of time, of every fourth that has any where they come in none.
    ///
    /// # Errors
    /// Under [`Config::strict`], the first bad record;
    /// [`ErrorKind::Changed`](crate::error::ErrorKind::Changed) if a text differs between the
    /// two readings. Without `strict`, bad records are listed in [`Report::skipped`].
    pub fn scan_corpus(&self, corpus: &(impl Corpus + ?Sized), watch: Watch<'_>) -> Result<Report> {
        self.scan_placed(corpus, watch).map(|(report, _)| report)
    }

    /// The same, with what came of each record of the corpus.
    ///
    /// # Errors
    /// Those of [`Scanner::scan_corpus`].
    pub fn scan_placed(&self, corpus: &(impl Corpus + ?Sized), watch: Watch<'_>) -> Result<(Report, Places)> {
        self.on_threads(|| self.run(&corpus, watch))
    }

    /// Runs on as many threads as are asked for.
    fn on_threads<T: Send>(&self, run: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        match self.config.threads() {
            None => run(),
            Some(threads) => rayon::ThreadPoolBuilder::new()
                .num_threads(threads.min(useful_threads()))
                .build()
                .map_err(|cause| Error::config(format!("cannot start {threads} threads: {cause}")))?
                .install(run),
        }
    }

    fn run(&self, corpus: &dyn Corpus, watch: Watch<'_>) -> Result<(Report, Places)> {
        let config = &self.config;
        if config.passages() == Passages::Any {
            return passages::of_any(config, corpus, watch);
        }
        let Judged { mut intake, classes, mut texts, found } = self.judged(corpus, watch)?;
        watch(Progress { stage: Stage::Cluster, done: 0, total: None });
        let mut report = lay::report(config, &mut intake, &classes, &mut texts, found);
        texts.sound()?;
        if config.texts() {
            printed::keep_texts(config, corpus, &intake, &mut report, watch)?;
        }
        if config.facts() {
            derived::compare_facts(config, corpus, &intake, &mut report, watch)?;
        }
        if config.passages() == Passages::Joined {
            passages::of_joined(config, corpus, &intake, &mut report, watch)?;
        }
        Ok((report, Places(intake.ordinals)))
    }

    /// Every tie of a corpus, before clusters are made of them.
    #[cfg(feature = "index")]
    pub(crate) fn ties(&self, corpus: &dyn Corpus, watch: Watch<'_>) -> Result<Ties> {
        let Judged { intake, texts, found, .. } = self.judged(corpus, watch)?;
        Ok(Ties { stories: intake.rows.len(), verified: found.ties, frequencies: texts.frequencies })
    }

    /// How telling words are in a corpus, by the sample of stories that a scan takes. Cost: two
    /// readings.
    ///
    /// # Errors
    /// Those of [`Scanner::scan_corpus`].
    pub fn words(&self, corpus: &(impl Corpus + ?Sized)) -> Result<Weights> {
        let (config, corpus, watch): (_, &dyn Corpus, Watch<'_>) = (&self.config, &corpus, &|_| {});
        let intake = Intake::read(config, corpus, watch)?;
        let classes = Classes::of(&intake.rows);
        let verifying = Verifying::new(config, &intake, Candidates::default(), None);
        let (mut texts, _) = Texts::fetch(config, corpus, &intake, &classes, verifying, None, watch)?;
        texts.count_words(&[]);
        Ok(texts.frequencies.weights())
    }

    fn judged(&self, corpus: &dyn Corpus, watch: Watch<'_>) -> Result<Judged> {
        let config = &self.config;
        let mut intake = Intake::read(config, corpus, watch)?;
        let classes = Classes::of(&intake.rows);
        let keys = std::mem::replace(&mut intake.keys, BandKeys::new(config.banding()));
        let apart = KeptApart::of_rows(config.publishers(), &intake.rows);
        let mut candidates = match config.level() {
            Level::Identical => Candidates::default(),
            _ => Candidates::of(&keys.buckets(classes.comparable(), config.threshold()), &classes),
        };
        drop(keys);
        if let Some(apart) = &apart {
            candidates.add(apart.of_one_text(&intake.rows, &classes));
        }
        let clean = if config.level() >= Level::Rewrite { Clean::of(&intake, &classes)? } else { None };
        let verifying = Verifying::new(config, &intake, candidates, apart.as_ref());
        let (mut texts, mut found) =
            Texts::fetch(config, corpus, &intake, &classes, verifying, clean, watch)?;
        texts.sound()?;
        if config.level() >= Level::Rewrite {
            found.copies =
                group::copies(config, intake.rows.len(), &found.ties, &|a, b| texts.similarity(a, b));
            rewrite::find(config, corpus, &mut intake, &classes, &mut found, &mut texts, watch)?;
            translation::find(config, corpus, &intake, &classes, &mut found, &mut texts, watch)?;
        }
        if let Some(apart) = &apart {
            apart.untie(&mut found.ties);
        }
        Ok(Judged { intake, classes, texts, found })
    }
}

/// What is known once all pairs are judged.
struct Judged {
    intake: Intake,
    classes: Classes,
    texts: Texts,
    found: Found,
}

/// Every tie of a corpus.
#[cfg(feature = "index")]
pub(crate) struct Ties {
    /// How many stories there are; they are numbered in the order of their ids.
    pub(crate) stories: usize,
    /// Between the first members of classes, sorted by `(a, b)`.
    pub(crate) verified: Vec<Verified>,
    /// Of words, over a sample of the stories.
    pub(crate) frequencies: Frequencies,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Block;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A corpus that counts how often it is read.
    struct Counted(Vec<Story>, AtomicUsize);

    impl Corpus for Counted {
        fn blocks<'a>(
            &'a self,
            wanted: &'a (dyn Fn(usize) -> bool + Sync),
        ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.blocks(wanted)
        }

        fn size_hint(&self) -> Option<u64> {
            self.0.size_hint()
        }
    }

    const FERRY: &str = "A ferry with 212 people aboard ran aground off Cape Arkona on Sunday morning, the coast \
        guard said, and all were brought ashore by noon. Nobody was hurt, but oil had leaked from a torn tank \
        and two tugs were on their way from Sassnitz to hold the ship off the rocks until the tide turned.";
    const RETOLD: &str = "All 212 people were brought ashore by noon on Sunday after a ferry ran aground off Cape \
        Arkona in the morning. Nobody was hurt, but oil had leaked from a torn tank, the coast guard said, and \
        two tugs were on their way to hold the ship off the rocks; the harbour master expects it back on Monday.";
    const MISREAD: &str = "tbe councii votcd aftcr tbe mceting tbat tho bridgc wouid bc ciosed untii spring, aud \
        tbe mayor saicl tho cost iiad risen twicc sincc tbe iast rcport; nobocly knows wbo wiil pay for thc \
        repairs, anci tbe shopkeepers on tbe far bank fcar for thcir tradc in tho wintcr montbs abead";
    const RUSSIAN: &str = "Паром с 212 пассажирами на борту сел на мель у мыса Аркона в воскресенье утром, \
        сообщила береговая охрана, и к полудню всех доставили на берег. Никто не пострадал, но из пробитой \
        цистерны вытекла нефть, и два буксира шли из Засница, чтобы удержать судно до прилива у скал.";

    fn readings(texts: &[&str], config: crate::config::ConfigBuilder) -> (usize, Report) {
        let story = |(at, text): (usize, &&str)| Story::new(format!("s{at}"), *text);
        let corpus = Counted(texts.iter().enumerate().map(story).collect(), AtomicUsize::new(0));
        let report = Scanner::new(config.build().unwrap()).scan_corpus(&corpus, &|_| {}).unwrap();
        (corpus.1.into_inner(), report)
    }

    #[test]
    fn a_file_is_read_as_often_as_documented() {
        let rewrite = || Config::builder().level(Level::Rewrite);
        assert_eq!(readings(&[FERRY, FERRY], Config::builder().level(Level::Copy)).0, 2);
        assert_eq!(readings(&[FERRY, RETOLD], rewrite()).0, 3);
        assert_eq!(readings(&[FERRY, RETOLD, MISREAD], rewrite()).0, 3, "letters go with the second");
        let (count, report) = readings(&[FERRY, RETOLD], rewrite().facts(true));
        assert_eq!((count, report.clusters.len()), (4, 1));
        assert!(report.clusters[0].derived[0].changes.is_some());
        assert_eq!(readings(&[FERRY, RETOLD], rewrite().facts(true).texts(true)).0, 4, "facts of kept texts");
        assert!(
            readings(&[FERRY, RETOLD, RUSSIAN], rewrite()).0 <= 5,
            "prints of languages, and what is shown"
        );
    }
}
