//! From the command line of `dedup pickup` to what was typed.

use super::{FieldArgs, GroupingArgs, LikenessArgs, PublisherArgs, RunArgs};
use clap::{Args, ValueEnum, ValueHint};
use jiff::Timestamp;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dedup pickup wire.db --source BelTA
  dedup pickup wire.db --source BelTA --since 2024-05-01 --format csv -o pickup.csv
  dedup pickup week/ --source 'Tasman Post' --format gexf -o pickup.gexf")]
pub(crate) struct PickupArgs {
    /// An index, or files and folders of stories; `-` is standard input.
    #[arg(required = true, value_name = "PATH|DB", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Whose stories: an agency by any of its names, or an outlet.
    #[arg(long = "source", value_name = "NAME", required = true)]
    pub(crate) of: String,
    /// Only reports with a story of it of this time or later, such as 2024-05-01T06:00:00Z; of an
    /// index.
    #[arg(long, value_name = "TIME", value_parser = crate::window::moment)]
    pub(crate) since: Option<Timestamp>,
    /// Only reports with a story of it before this time; of an index.
    #[arg(long, value_name = "TIME", value_parser = crate::window::moment)]
    pub(crate) until: Option<Timestamp>,
    /// The form of the result; from the name of -o if left out.
    #[arg(long, short, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<PickupFormat>,
    /// Writes to a file, which is there only once it is whole.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) likeness: LikenessArgs,
    #[command(flatten)]
    pub(crate) grouping: GroupingArgs,
    #[command(flatten)]
    pub(crate) publishers: PublisherArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

impl PickupArgs {
    /// The form that was asked for, or that the name of the file says.
    pub(crate) fn format(&self) -> PickupFormat {
        let extension = self.output.as_deref().and_then(|path| path.extension()?.to_str());
        let named = extension.and_then(|name| PickupFormat::from_str(name, true).ok());
        self.format.or(named).unwrap_or_default()
    }
}

/// The form of a pickup.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum PickupFormat {
    /// For people.
    #[default]
    Text,
    /// A row a story that was carried, for spreadsheets.
    Csv,
    /// One message a line.
    Jsonl,
    /// A graph of sources, for Gephi and networkx.
    Gexf,
    /// A graph of sources, for yEd, Gephi and networkx.
    #[value(name = "graphml")]
    GraphMl,
}
