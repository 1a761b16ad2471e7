//! From a command to its own file.

mod completions;
mod eval;
mod explain;
mod filter;
mod fit;
#[cfg(feature = "index")]
mod index;
mod man;
mod pickup;
mod read;
#[cfg(feature = "index")]
mod recall;
mod scan;

use crate::args::{Cli, Command};
use crate::exit::{ExitCode, Failure};

/// Carries out what was typed.
pub(crate) fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    match &cli.command {
        Command::Scan(args) => scan::run(args, &cli.global),
        Command::Read(args) => read::run(args, &cli.global),
        Command::Filter(args) => filter::run(args, &cli.global),
        Command::Explain(args) => explain::run(args, &cli.global),
        #[cfg(feature = "index")]
        Command::Index(command) => index::run(command, &cli.global),
        #[cfg(feature = "index")]
        Command::Recall(args) => recall::run(args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => crate::serve::run(args, &cli.global),
        Command::Pickup(args) => pickup::run(args, &cli.global),
        Command::Eval(args) => eval::run(args, &cli.global),
        Command::Fit(args) => fit::run(args, &cli.global),
        Command::Completions { shell } => completions::run(*shell),
        Command::Man { command } => man::run(command.as_deref()),
    }
}
