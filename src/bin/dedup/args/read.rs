//! What was typed behind `dedup read`.

use super::FieldArgs;
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dedup read feed.xml                          what did it see in my file?
  dedup read day/ --format jsonl | jq .time    one message a story, for programs")]
pub(crate) struct ReadArgs {
    /// Files or folders of stories; `-` is standard input.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// The form of the result.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: TextOrLines,
    /// Writes to a file, which is there only once it is whole.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum TextOrLines {
    /// A line a story, for people.
    #[default]
    Text,
    /// One message a line.
    Jsonl,
}
