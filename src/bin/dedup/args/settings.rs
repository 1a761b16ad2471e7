//! From the flags that several commands share to what was typed: what is joined, what a run may
//! take, how fields are named.

use crate::size::Size;
use crate::window::Window;
use clap::{Args, ValueEnum, ValueHint};
use dedup::cluster::Keep;
use std::path::PathBuf;

/// How much alike stories must be.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is joined")]
pub(crate) struct LikenessArgs {
    /// How much alike two stories must be to be joined.
    #[arg(long, short, value_enum, default_value_t, value_name = "LEVEL")]
    pub(crate) level: Level,
    /// Jaccard similarity from which a story is a copy, 0.3 to 1.
    #[arg(long, value_name = "J", default_value_t = 0.7)]
    pub(crate) threshold: f64,
    /// Words a shingle, 1 to 32.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) shingle: usize,
    /// Compares datelines, bylines, credits and their like, too.
    #[arg(long)]
    pub(crate) keep_furniture: bool,
    /// Which languages versions of one report may be in.
    ///
    /// `any` finds translations, at level rewrite; `same` does not look for them.
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    pub(crate) languages: Languages,
    /// Which stories are compared as misread print, letter by letter, at level rewrite.
    ///
    /// `auto` takes those whose letters say so, `on` takes all, `off` none.
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    pub(crate) noise: Noise,
    /// Adds to what foreign words mean: lines of a language (two letters), a tab, a word, a tab, its
    /// English.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) lexicon: Option<PathBuf>,
    /// Weights of evidence from `dedup fit`, instead of the built-in ones.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) model: Option<PathBuf>,
}

/// Which languages versions of one report may be in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Languages {
    /// Any.
    #[default]
    Any,
    /// The same.
    Same,
}

/// Which stories are compared as misread print.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Noise {
    /// Those whose letters say so.
    #[default]
    Auto,
    /// All.
    On,
    /// None.
    Off,
}

/// How groups of stories become clusters, and which member stands for each.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is joined")]
pub(crate) struct GroupingArgs {
    /// How far apart in time rewrites of one report may be; copies may be any distance apart.
    ///
    /// A number with d, h or m for days, hours or minutes; `off` for no limit. Stories without a
    /// time are compared with all others.
    #[arg(long, value_name = "TIME", default_value = "7d")]
    pub(crate) window: Window,
    /// When groups of stories become one cluster.
    #[arg(long, value_enum, default_value_t, value_name = "RULE")]
    pub(crate) linkage: Linkage,
    /// Which member of a cluster is kept: first, last, longest or source:A,B.
    ///
    /// `source:A,B` keeps the one whose source stands first in the list, then the earliest.
    #[arg(long, value_name = "RULE", default_value = "first")]
    pub(crate) keep: Keep,
}

/// Which outlets are of one publisher.
#[derive(Debug, Args)]
pub(crate) struct PublisherArgs {
    /// Says which outlets are of one publisher: lines of an outlet, a tab, its publisher.
    ///
    /// An outlet is a name or a host. `outlet<TAB>!outlet` keeps two outlets, or an outlet's stories,
    /// from being tied to one another. Editions on one domain and desks of one agency are known to be
    /// one newsroom without it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Publishers")]
    pub(crate) publishers: Option<PathBuf>,
}

/// What a run may take, and when it gives up.
#[derive(Debug, Args)]
#[command(next_help_heading = "Run")]
pub(crate) struct RunArgs {
    /// Stops at the first bad record instead of skipping it.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Threads to use, 1 to 1024; one a core if left out. The result does not depend on it.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Memory to take at most, such as 300M or 2G, at least 1M; as much as is needed if left out.
    ///
    /// What goes beyond lies in a temporary file. The result does not depend on it. At level
    /// rewrite only the comparison of copies keeps to it.
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<Size>,
}

/// The names of fields and columns, where the usual ones do not fit.
#[derive(Debug, Args)]
#[command(next_help_heading = "Field names in JSON, CSV, Parquet and XML of named fields")]
pub(crate) struct FieldArgs {
    /// The field with the id.
    #[arg(long = "id-field", value_name = "NAME")]
    pub(crate) id: Option<String>,
    /// The field with the running text.
    #[arg(long = "text-field", value_name = "NAME")]
    pub(crate) text: Option<String>,
    /// The field with the headline.
    #[arg(long = "headline-field", value_name = "NAME")]
    pub(crate) headline: Option<String>,
    /// The field with the time of publication.
    #[arg(long = "date-field", value_name = "NAME")]
    pub(crate) date: Option<String>,
    /// The field with the publisher.
    #[arg(long = "source-field", value_name = "NAME")]
    pub(crate) source: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Level {
    /// The same text.
    Identical,
    /// Nearly the same text.
    Copy,
    /// Every version of the same report.
    #[default]
    Rewrite,
    /// Joins nothing: finds the passages that any two stories share; `scan` only.
    Passage,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Linkage {
    /// One tie is enough.
    Single,
    /// The groups are alike on average.
    #[default]
    Average,
    /// Every pair is tied.
    Complete,
}
