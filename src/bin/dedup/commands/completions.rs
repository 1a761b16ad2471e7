//! From a shell's name to its completion script.

use crate::args::Cli;
use crate::exit::{ExitCode, Failure};
use crate::output::Output;
use clap::CommandFactory;
use clap_complete::{Shell, generate};

pub(crate) fn run(shell: Shell) -> Result<ExitCode, Failure> {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "dedup", &mut script);
    Output::Stdout.deliver(|out| out.write_all(&script))?;
    Ok(ExitCode::Done)
}
