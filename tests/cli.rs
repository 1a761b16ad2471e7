//! From files in scratch folders to what the real program prints and how it exits.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking and may print")]

#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/contract.rs"]
mod contract;
#[path = "cli/damaged.rs"]
mod damaged;
#[path = "cli/disagreements.rs"]
mod disagreements;
#[path = "cli/faults.rs"]
mod faults;
#[path = "cli/filter.rs"]
mod filter;
#[path = "cli/fit.rs"]
mod fit;
#[path = "cli/flags.rs"]
mod flags;
#[path = "cli/foreign.rs"]
mod foreign;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/forms.rs"]
mod forms;
#[path = "cli/joined.rs"]
mod joined;
#[path = "cli/killed.rs"]
mod killed;
#[path = "cli/languages.rs"]
mod languages;
#[path = "cli/large.rs"]
mod large;
#[path = "cli/makers.rs"]
mod makers;
#[path = "cli/output.rs"]
mod output;
#[cfg(feature = "html")]
#[path = "cli/page.rs"]
mod page;
#[path = "cli/passages.rs"]
mod passages;
#[path = "cli/pickup.rs"]
mod pickup;
#[path = "cli/print.rs"]
mod print;
#[path = "cli/publishers.rs"]
mod publishers;
#[path = "cli/read.rs"]
mod read;
#[path = "cli/same.rs"]
mod same;
#[path = "cli/scanned.rs"]
mod scanned;
#[path = "cli/scratch.rs"]
mod scratch;
#[path = "cli/versions.rs"]
mod versions;
#[path = "cli/wire_day.rs"]
mod wire_day;
