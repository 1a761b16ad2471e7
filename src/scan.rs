//! From a corpus to a [`Report`]: the whole way, in two readings.

use crate::config::Config;
use crate::error::Result;
use crate::report::Report;
use crate::story::Story;

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

    /// Scans stories in memory.
    pub fn scan(&self, _stories: &[Story]) -> Report {
        let _ = &self.config;
        Report::default()
    }

    /// Scans a corpus that may be larger than memory.
    ///
    /// # Errors
    pub fn scan_corpus(&self, _corpus: &(), _progress: &(dyn Fn(Progress) + Sync)) -> Result<Report> {
        Ok(Report::default())
    }
}
