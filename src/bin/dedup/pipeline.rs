//! From settings to results: the one file that calls the pipelines of the library.
#![allow(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "stand-ins until input, explain and eval come"
)]

use crate::exit::Failure;
use dedup::config::Config;
use dedup::report::{Report, Style};
use dedup::scan::{Progress, Scanner};
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};

/// Which key holds which part of a story; `None` for the usual ones.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Fields {
    pub(crate) id: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) headline: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) source: Option<String>,
}

/// The stories of a run.
pub(crate) struct Stories {
    passed_over: Vec<PathBuf>,
}

impl Stories {
    pub(crate) fn open(_paths: &[PathBuf], _fields: Fields) -> Result<Self, Failure> {
        Ok(Self { passed_over: Vec::new() })
    }

    /// Files that hold no stories.
    pub(crate) fn passed_over(&self) -> &[PathBuf] {
        &self.passed_over
    }

    pub(crate) fn scan(
        &self,
        config: Config,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Report, Failure> {
        Ok(Scanner::new(config).scan_corpus(&(), progress)?)
    }
}

/// What ties two stories.
pub(crate) struct Explanation;

impl Explanation {
    pub(crate) fn of(_a: &Path, _b: &Path, _fields: Fields, _config: &Config) -> Result<Self, Failure> {
        Err(Failure::Fatal("explain is not wired".into()))
    }

    pub(crate) fn write_text(&self, _style: Style, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn write_json(&self, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}

/// How well a result agrees with labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Scores {
    pub(crate) pairs: u64,
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) f1: f64,
    pub(crate) average_precision: f64,
    pub(crate) b_cubed_f1: f64,
    pub(crate) ari: f64,
    pub(crate) threshold: f64,
}

impl Scores {
    pub(crate) fn of(
        _labels: &Path,
        _stories: &Stories,
        _closed: bool,
        _config: Config,
    ) -> Result<Self, Failure> {
        Err(Failure::Fatal("eval is not wired".into()))
    }
}
