//! From the command line of `dedup index` and `dedup recall` to what was typed.

use super::{FieldArgs, Format, Languages, Level, Linkage, Noise, TextOrJson};
use crate::window::{Age, Window};
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use dedup::cluster::Keep;
use jiff::Timestamp;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum IndexCommand {
    /// Adds stories, and answers for each: new, identical, or a version of what.
    Add(Box<AddArgs>),
    /// Answers whether stories have been seen; adds nothing.
    Query(QueryArgs),
    /// Takes stories out by id.
    Remove(RemoveArgs),
    /// Takes out the stories that are older than some time.
    Expire(ExpireArgs),
    /// Lists the clusters, and on request the singles.
    List(ListArgs),
    /// Shows the figures of an index.
    Stats(StatsArgs),
    /// Checks everything that an index promises; exits with 2 if it is damaged.
    Verify(VerifyArgs),
    /// Adds the stories of other indexes.
    Merge(MergeArgs),
    /// Makes the clusters what a scan of all stories gives, at once.
    ///
    /// It is done by itself when one in eight stories has come or gone since.
    Settle(UpkeepArgs),
    /// Brings an index of an older dedup up to the format of this one, by the texts that are in it.
    Upgrade(UpkeepArgs),
    /// Follows a folder or a feed file, and adds what is new, until it is stopped.
    Watch(Box<WatchArgs>),
}

/// What an index is made with. It keeps these; afterwards they need not be given.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is joined: kept by the index")]
pub(crate) struct SettingsArgs {
    /// How much alike two stories must be to be joined; `rewrite` if left out.
    #[arg(long, short, value_enum, value_name = "LEVEL")]
    pub(crate) level: Option<Level>,
    /// Jaccard similarity from which a story is a copy, 0.3 to 1; 0.7 if left out.
    #[arg(long, value_name = "J")]
    pub(crate) threshold: Option<f64>,
    /// Words a shingle, 1 to 32; 5 if left out.
    #[arg(long, value_name = "N")]
    pub(crate) shingle: Option<usize>,
    /// Compares datelines, bylines, credits and their like, too.
    #[arg(long)]
    pub(crate) keep_furniture: bool,
    /// How far apart in time rewrites of one report may be, such as 7d, or off; 7d if left out.
    #[arg(long, value_name = "TIME")]
    pub(crate) window: Option<Window>,
    /// When groups of stories become one cluster; `average` if left out.
    #[arg(long, value_enum, value_name = "RULE")]
    pub(crate) linkage: Option<Linkage>,
    /// Which member of a cluster is kept: first, last, longest or source:A,B; `first` if left out.
    #[arg(long, value_name = "RULE")]
    pub(crate) keep: Option<Keep>,
    /// Weights of evidence from `dedup fit`; the built-in ones if left out.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) model: Option<PathBuf>,
    /// Which languages versions of one report may be in; `any` if left out.
    #[arg(long, value_enum, value_name = "WHICH")]
    pub(crate) languages: Option<Languages>,
    /// Which stories are compared as misread print; `auto` if left out.
    #[arg(long, value_enum, value_name = "WHICH")]
    pub(crate) noise: Option<Noise>,
    /// Adds to what foreign words mean: lines of a language, a tab, a word, a tab, its English.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) lexicon: Option<PathBuf>,
    /// Says which outlets are of one publisher, and which are never tied: see `dedup scan`.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) publishers: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dedup index add wire.db day.jsonl --level copy
  feed | dedup index add wire.db - --each --format jsonl")]
pub(crate) struct AddArgs {
    /// The index; made if it is not there.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// Files or folders of stories; `-` is standard input.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Makes each story durable and answers it before the next one is read.
    ///
    /// From standard input one JSON line at a time is read; each gets one line of answer.
    #[arg(long, help_heading = "Run")]
    pub(crate) each: bool,
    /// The form of the answers; counts only, if left out.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    /// Stops at the first bad record instead of skipping it.
    #[arg(long, help_heading = "Run")]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// The index.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// Files or folders of stories; `-` is standard input.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Answers each story before the next one is read.
    ///
    /// From standard input one JSON line at a time is read; each gets one line of answer.
    #[arg(long, help_heading = "Run")]
    pub(crate) each: bool,
    /// The form of the answers.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    /// Exits with 1 if any story has been seen.
    #[arg(long, help_heading = "Run")]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

/// How long to wait for another writer.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct WaitArgs {
    /// How long to wait if another process writes the index, such as 30s or 5m.
    #[arg(long, value_name = "TIME", default_value = "10s", help_heading = "Run")]
    pub(crate) wait: Age,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// The index.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// Ids of stories; `-` reads them from standard input, one a line.
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExpireArgs {
    /// The index.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// How old a story must be to be taken out, such as 30d, 36h or 90m.
    ///
    /// By its own time; by when it was added, if it has none.
    #[arg(long, value_name = "TIME")]
    pub(crate) older_than: Age,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The index.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// The form of the result.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Format,
    /// Writes to a file, which is there only once it is whole.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Lists stories that are in no cluster, too.
    #[arg(long, help_heading = "Output")]
    pub(crate) singles: bool,
    /// Lists the pairs in JSON lines, too; the other forms have them anyway.
    #[arg(long, help_heading = "Output")]
    pub(crate) pairs: bool,
    /// Only clusters with a story of this time or later, such as 2024-05-01T06:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = crate::window::moment, help_heading = "What is listed")]
    pub(crate) since: Option<Timestamp>,
    /// Only clusters with a story before this time.
    #[arg(long, value_name = "TIME", value_parser = crate::window::moment, help_heading = "What is listed")]
    pub(crate) until: Option<Timestamp>,
    /// Only clusters with a story of this source.
    #[arg(long, value_name = "NAME", help_heading = "What is listed")]
    pub(crate) source: Option<String>,
    /// Only clusters of so many stories or more.
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "What is listed")]
    pub(crate) size: u32,
    /// Only the cluster of this story.
    #[arg(long, value_name = "ID", help_heading = "What is listed")]
    pub(crate) story: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// The index.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// The form of the result.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The index.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// The index that stories are added to.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// The indexes whose stories are added; they stay as they are.
    #[arg(required = true, value_name = "OTHER", value_hint = ValueHint::FilePath)]
    pub(crate) others: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Debug, Args)]
pub(crate) struct UpkeepArgs {
    /// The index.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dedup index watch wire.db incoming/
  dedup index watch wire.db feed.xml --every 60s --format jsonl")]
pub(crate) struct WatchArgs {
    /// The index; made if it is not there.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// A folder, or a file that is written anew, such as a feed.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) path: PathBuf,
    /// How often to look.
    #[arg(long, value_name = "TIME", default_value = "2s", help_heading = "Run")]
    pub(crate) every: Age,
    /// The form of the answers.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dedup recall wire.db kill.txt --check
  dedup recall wire.db afp-20240502-17 --format jsonl")]
pub(crate) struct RecallArgs {
    /// The index.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) db: PathBuf,
    /// A kill, correction or withdrawal: a file with one story, or the id of a story of the index.
    #[arg(value_name = "NOTICE", value_hint = ValueHint::FilePath)]
    pub(crate) notice: String,
    /// The form of the result.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    /// Exits with 1 if any version is live.
    #[arg(long, help_heading = "Run")]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

/// The form of answers.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people.
    #[default]
    Text,
    /// One message a line.
    Jsonl,
}
