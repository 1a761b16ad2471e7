//! From the command line of `dedup filter` to what was typed.

use super::{FieldArgs, GroupingArgs, LikenessArgs, RunArgs};
use clap::{Args, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dedup filter day.jsonl -o kept.jsonl --removed removed.jsonl
  dedup filter day.csv --level copy --keep longest -o kept.csv
  zcat feed.gz | dedup filter - | next
  dedup filter stories/ | xargs -d '\\n' cp -t kept/")]
pub(crate) struct FilterArgs {
    /// Files or folders of stories; `-` is standard input. They stay as they are.
    ///
    /// JSON lines and arrays, CSV with one header, Parquet with one schema, or files of one story,
    /// which are written by name; also packed, and written unpacked.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) likeness: LikenessArgs,
    #[command(flatten)]
    pub(crate) grouping: GroupingArgs,
    /// Writes the records that stay to a file, which is there only once it is whole.
    ///
    /// Each is as it came, in the order in which they came. What is no story stays, too, and is
    /// told: it is known to be a version of nothing.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Writes the others to a file, as JSON lines that say what each is a version of.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) removed: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}
