//! From the command line to what was typed for `dedup serve`.

use super::PublisherArgs;
use crate::size::Size;
use clap::{Args, ValueHint};
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Tokens:
  whoever reads needs a read token, if there is one; whoever writes needs a write token, always
  env:NAME as a token takes it from the environment
  a token file has a line a token: `read TOKEN` or `write TOKEN`; `#` begins a comment

Examples:
  dedup serve wire.db                                 look at it, on this machine only
  dedup serve wire.db --write-token env:DEDUP_WRITE   take stories, too
  dedup serve wire.db --listen 0.0.0.0:7700 --token-file tokens")]
pub(crate) struct ServeArgs {
    /// The index. With a write token, one that is not there is made.
    #[arg(value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) index: PathBuf,
    /// Where to listen; port 0 takes any that is free.
    ///
    /// An address that other machines reach needs tokens.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7700")]
    pub(crate) listen: SocketAddr,
    #[command(flatten)]
    pub(crate) publishers: PublisherArgs,
    /// A token for reading; may be given more than once.
    ///
    /// Other users of the machine can see a command line: better env:NAME, or a file.
    #[arg(long, value_name = "TOKEN", help_heading = "Tokens")]
    pub(crate) read_token: Vec<String>,
    /// A token for writing, and for reading; may be given more than once.
    #[arg(long, value_name = "TOKEN", help_heading = "Tokens")]
    pub(crate) write_token: Vec<String>,
    /// A file of tokens.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Tokens")]
    pub(crate) token_file: Option<PathBuf>,
    /// Posts each arrival with news to this address, as JSON: new information, corrections, silent or
    /// not, kills, copies without credit.
    ///
    /// Tried five times within a minute and a half, one event after the other. env:NAME takes the
    /// address from the environment; only its host is ever logged.
    #[arg(long, value_name = "URL", help_heading = "Alerts")]
    pub(crate) webhook: Option<String>,
    /// The largest body of a request.
    #[arg(long, value_name = "SIZE", default_value = "8M", help_heading = "Limits")]
    pub(crate) max_body: Size,
    /// Requests a second that one client may send; 0 for no limit.
    #[arg(long, value_name = "N", default_value_t = 100, help_heading = "Limits")]
    pub(crate) rate: u32,
    /// Seconds that a request may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600), help_heading = "Limits")]
    pub(crate) time_limit: u64,
}
