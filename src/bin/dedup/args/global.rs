//! From the command line to what every command knows of it.

use clap::{ArgMatches, Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Flags that name what is written; every other path on a command line is read.
const WRITTEN: [&str; 3] = ["output", "removed", "disagreements"];

#[derive(Debug, Args)]
pub(crate) struct GlobalArgs {
    /// Shows no progress and no warnings.
    #[arg(long, short, global = true, help_heading = "Messages")]
    pub(crate) quiet: bool,
    /// When to use colours.
    ///
    /// `auto` uses them on a terminal, unless `NO_COLOR` is set.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", help_heading = "Messages")]
    pub(crate) color: When,
    /// What the command line names to be read: stories, an index, labels, tables, a model.
    #[arg(skip)]
    pub(super) named: Vec<PathBuf>,
}

impl GlobalArgs {
    /// Whether the command line names `file` to be read.
    pub(crate) fn names(&self, file: &Path) -> bool {
        self.named.iter().any(|named| dedup::input::is_same_file(named, file))
    }
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal.
    #[default]
    Auto,
    /// Also into files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// The paths of a command line that are read.
pub(super) fn named(matches: &ArgMatches) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut command = Some(matches);
    while let Some(matches) = command {
        for id in matches.ids().map(clap::Id::as_str).filter(|id| !WRITTEN.contains(id)) {
            // What is no path has another type.
            if let Ok(Some(paths)) = matches.try_get_many::<PathBuf>(id) {
                found.extend(paths.cloned());
            }
        }
        command = matches.subcommand().map(|(_, matches)| matches);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_path_is_read_but_for_what_is_written() {
        let of = |typed: &str| {
            let matches = Cli::command().try_get_matches_from(typed.split_whitespace()).unwrap();
            let mut names: Vec<_> =
                named(&matches).into_iter().map(|path| path.display().to_string()).collect();
            names.sort();
            names.join(" ")
        };
        assert_eq!(of("dedup -q scan a b --model m --lexicon l --publishers p -o o"), "a b l m p");
        assert_eq!(of("dedup filter a -o o --removed r"), "a");
        assert_eq!(of("dedup eval l a --disagreements d.html"), "a l");
        assert_eq!(of("dedup pickup a --source a -o o"), "a");
        #[cfg(feature = "index")]
        assert_eq!(of("dedup index list x.db --format csv -o o"), "x.db");
    }
}
