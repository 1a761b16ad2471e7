//! From settings to a checked [`Config`]: the only fallible step of a batch.

mod passages;
mod tables;

pub use passages::Passages;

use crate::cluster::{Keep, Linkage};
use crate::error::{Error, Result};
use crate::lexicon::Lexicon;
use crate::lsh::Banding;
use crate::minhash::MinHasher;
pub use crate::noise::Noisy;
pub use crate::relation::Level;
use crate::relation::judge::Terms;
use crate::relation::model::Model;
use crate::similarity::Similarity;
use crate::wire::Publishers;
use std::sync::Arc;
use std::time::Duration;

/// Which languages two versions of one report may be in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Languages {
    /// Any: translations are looked for at level rewrite.
    #[default]
    Any,
    /// The same: translations are not looked for.
    Same,
}

/// Checked settings of a run. Made by [`Config::builder`].
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct Config {
    level: Level,
    threshold: Similarity,
    shingle: usize,
    keep_furniture: bool,
    linkage: Linkage,
    keep: Keep,
    window: Option<Duration>,
    all_relations: bool,
    facts: bool,
    texts: bool,
    passages: Passages,
    least: usize,
    strict: bool,
    threads: Option<usize>,
    memory: Option<u64>,
    languages: Languages,
    noise: Noisy,
    lexicon: Arc<Lexicon>,
    publishers: Arc<Publishers>,
    model: Model,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            level: Level::default(),
            threshold: Similarity::from_millionths(700_000),
            shingle: 5,
            keep_furniture: false,
            linkage: Linkage::default(),
            keep: Keep::default(),
            window: Some(Duration::from_secs(7 * 24 * 3_600)),
            all_relations: false,
            facts: false,
            texts: false,
            passages: Passages::default(),
            least: Self::LEAST_PASSAGE,
            strict: false,
            threads: None,
            memory: None,
            languages: Languages::default(),
            noise: Noisy::default(),
            lexicon: Arc::default(),
            publishers: Arc::default(),
            model: Model::default(),
        }
    }
}

impl Config {
    /// The widest shingle: above it hardly two stories share one.
    pub const WIDEST_SHINGLE: usize = 32;
    /// The lowest threshold for a copy: below it 128 MinHash values find too few true pairs at
    /// any banding that is still selective.
    pub const LOWEST_THRESHOLD: Similarity = Similarity::from_millionths(300_000);

    /// The most threads that may be asked for. More than a few a core are not started.
    pub const MOST_THREADS: usize = 1_024;
    /// The least memory that may be asked for, in bytes: less is a slip of the pen.
    pub const LEAST_MEMORY: u64 = 1 << 20;

    /// Settings to be changed and checked.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder { config: Self::default(), threshold: 0.7 }
    }

    /// These settings, to be changed and checked again.
    pub fn change(self) -> ConfigBuilder {
        let threshold = self.threshold.value();
        ConfigBuilder { config: self, threshold }
    }

    /// The same settings with every verified relation in the report.
    #[must_use]
    pub fn with_all_relations(self) -> Self {
        Self { all_relations: true, ..self }
    }

    /// The same settings with so many threads, at least 1.
    #[must_use]
    pub fn with_threads(self, threads: usize) -> Self {
        Self { threads: Some(threads.max(1)), ..self }
    }

    /// What is joined.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Jaccard similarity from which a pair is a copy.
    pub fn threshold(&self) -> Similarity {
        self.threshold
    }

    /// Tokens a shingle.
    pub fn shingle(&self) -> usize {
        self.shingle
    }

    /// Whether datelines, credits and their like stay in the compared text.
    pub fn keep_furniture(&self) -> bool {
        self.keep_furniture
    }

    /// When groups of stories become one cluster.
    pub fn linkage(&self) -> Linkage {
        self.linkage
    }

    /// Which member of a cluster is its canonical.
    pub fn keep(&self) -> &Keep {
        &self.keep
    }

    /// How far apart in time two stories may be to be rewrites of one report; `None` for no limit.
    /// Never applied where a time is missing, nor to copies.
    pub fn window(&self) -> Option<Duration> {
        self.window
    }

    /// Whether two times, in seconds since 1970, are near enough for versions of one report.
    pub fn in_window(&self, a: Option<i64>, b: Option<i64>) -> bool {
        match (self.window, a, b) {
            (Some(window), Some(a), Some(b)) => a.abs_diff(b) <= window.as_secs(),
            _ => true,
        }
    }

    /// Whether the report holds every verified relation, not only those that the level joins.
    pub fn all_relations(&self) -> bool {
        self.all_relations
    }

    /// Whether the report says which facts changed from version to version.
    pub fn facts(&self) -> bool {
        self.facts
    }

    /// Whether the report holds the texts of the stories that are tied.
    pub fn texts(&self) -> bool {
        self.texts
    }

    /// Whether the first bad record ends the run.
    pub fn strict(&self) -> bool {
        self.strict
    }

    /// Threads to use; `None` for one a core.
    pub fn threads(&self) -> Option<usize> {
        self.threads
    }

    /// Bytes of memory that a run may take; `None` for as many as it needs. Beyond that, shingle
    /// sets, rare keys and what is said in any language lie in temporary files, and pairs are judged in
    /// several readings; the result is the same. About 700 bytes a story stay in memory whatever is asked.
    pub fn memory(&self) -> Option<u64> {
        self.memory
    }

    /// Whether translations are looked for.
    pub fn languages(&self) -> Languages {
        self.languages
    }

    /// Which stories are taken for misread print.
    pub fn noise(&self) -> Noisy {
        self.noise
    }

    /// How much each signal counts at level rewrite.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Under which terms pairs are judged at level rewrite.
    pub fn terms(&self) -> Terms {
        Terms { threshold: self.threshold, shingle: self.shingle, all: self.all_relations, model: self.model }
    }

    /// The family of permutations that the settings ask for.
    pub fn hasher(&self) -> MinHasher {
        MinHasher::new(MinHasher::VALUES, MinHasher::SEED)
    }

    /// The banding that finds the copies of the settings.
    pub fn banding(&self) -> Banding {
        Banding::for_threshold(MinHasher::VALUES, self.threshold)
    }
}

/// Unchecked settings: set what differs from the defaults, then [`ConfigBuilder::build`].
#[derive(Clone, Debug)]
pub struct ConfigBuilder {
    config: Config,
    threshold: f64,
}

impl ConfigBuilder {
    /// What is joined; every version of a report by default.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.config.level = level;
        self
    }

    /// Jaccard similarity from which a pair is a copy, in [0.3, 1]; 0.7 by default.
    #[must_use]
    pub fn threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// Tokens a shingle, 1 to 32; 5 by default.
    #[must_use]
    pub fn shingle(mut self, tokens: usize) -> Self {
        self.config.shingle = tokens;
        self
    }

    /// Compares texts as printed, furniture and all; off by default.
    #[must_use]
    pub fn keep_furniture(mut self, keep: bool) -> Self {
        self.config.keep_furniture = keep;
        self
    }

    /// When groups become one cluster; average linkage by default.
    #[must_use]
    pub fn linkage(mut self, linkage: Linkage) -> Self {
        self.config.linkage = linkage;
        self
    }

    /// Which member is kept; the first by default.
    #[must_use]
    pub fn keep(mut self, keep: Keep) -> Self {
        self.config.keep = keep;
        self
    }

    /// How far apart in time rewrites of one report may be; seven days by default. Copies are
    /// copies at any distance.
    #[must_use]
    pub fn window(mut self, window: Option<Duration>) -> Self {
        self.config.window = window;
        self
    }

    /// Reports every verified relation, not only those that the level joins; off by default.
    #[must_use]
    pub fn all_relations(mut self, all: bool) -> Self {
        self.config.all_relations = all;
        self
    }

    /// Says which facts changed from version to version: a third reading; off by default.
    #[must_use]
    pub fn facts(mut self, facts: bool) -> Self {
        self.config.facts = facts;
        self
    }

    /// Keeps the texts of the stories that are tied, for whoever shows them: a third reading, and
    /// as much memory as those texts take, up to [`Printed::MOST`](crate::report::Printed::MOST) tokens
    /// in all.
    #[must_use]
    pub fn texts(mut self, texts: bool) -> Self {
        self.config.texts = texts;
        self
    }

    /// Ends the run at the first bad record.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.config.strict = strict;
        self
    }

    /// Threads to use, 1 to 1,024; one a core by default, and no more than four a core.
    #[must_use]
    pub fn threads(mut self, threads: Option<usize>) -> Self {
        self.config.threads = threads;
        self
    }

    /// Bytes of memory that a run may take, 1 MB at least.
    #[must_use]
    pub fn memory(mut self, memory: Option<u64>) -> Self {
        self.config.memory = memory;
        self
    }

    /// Whether translations are looked for; they are by default.
    #[must_use]
    pub fn languages(mut self, languages: Languages) -> Self {
        self.config.languages = languages;
        self
    }

    /// Which stories are misread print; those whose letters say so by default.
    #[must_use]
    pub fn noise(mut self, noise: Noisy) -> Self {
        self.config.noise = noise;
        self
    }

    /// How much each signal counts at level rewrite; as built in by default.
    #[must_use]
    pub fn model(mut self, model: Model) -> Self {
        self.config.model = model;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::error::ErrorKind::Config), naming the setting, its range and
    /// what came.
    pub fn build(self) -> Result<Config> {
        let mut config = self.config;
        let lowest = Config::LOWEST_THRESHOLD;
        config.threshold =
            Similarity::new(self.threshold).filter(|&threshold| threshold >= lowest).ok_or_else(|| {
                Error::config(format!(
                    "expected a threshold from {} to 1, found {}",
                    lowest.value(),
                    self.threshold
                ))
            })?;
        if !(1..=Config::WIDEST_SHINGLE).contains(&config.shingle) {
            let (widest, found) = (Config::WIDEST_SHINGLE, config.shingle);
            return Err(Error::config(format!("expected a shingle of 1 to {widest} tokens, found {found}")));
        }
        config.check_passages()?;
        if let Some(threads) = config.threads
            && !(1..=Config::MOST_THREADS).contains(&threads)
        {
            let most = Config::MOST_THREADS;
            return Err(Error::config(format!(
                "expected 1 to {most} threads, found {threads}; leave it out for one a core"
            )));
        }
        if let Some(memory) = config.memory
            && memory < Config::LEAST_MEMORY
        {
            let least = Config::LEAST_MEMORY;
            return Err(Error::config(format!(
                "expected at least {least} bytes of memory, found {memory}; leave it out for as much as is needed"
            )));
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
