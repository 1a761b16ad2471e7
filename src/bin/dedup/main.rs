//! From a command line to an exit code: the program `dedup`.
//!
//! What was typed ([`args`]) becomes what it means ([`config`]); a [command](commands) carries it
//! out, [shows](progress) how far it is, and hands the result to the [output]. Standard output
//! carries data only; [messages] go to standard error.

mod args;
mod commands;
mod config;
mod exit;
mod messages;
mod output;
mod pipeline;
mod progress;
#[cfg(feature = "serve")]
mod serve;
mod size;
#[cfg(feature = "index")]
mod stop;
mod window;

use exit::{ExitCode, Failure};

fn main() -> std::process::ExitCode {
    let cli = args::Cli::read();
    if cli.command.writes_files() {
        output::leave_nothing_behind_on_interrupt();
    }
    let code = match commands::run(&cli) {
        Ok(code) => code,
        Err(Failure::ClosedPipe) => ExitCode::Done,
        Err(Failure::Fatal(sentence)) => {
            messages::say(&sentence);
            ExitCode::Fatal
        }
    };
    code.into()
}
