//! From an index to its clusters, its figures, and what is damaged in it.

use super::unwritten;
use crate::args::index::{ListArgs, StatsArgs, VerifyArgs};
use crate::args::{Format, GlobalArgs, TextOrJson};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages;
use crate::output::Output;
use crate::pipeline::reads;
use crate::size::Size;
use dedup::error::ErrorKind;
use dedup::index::{Filter, Index, Stats};
use dedup::report::Nodes;
use std::io::{self, Write};

pub(crate) fn list(args: &ListArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let index = Index::open_read_only(&args.db)?;
    let output = Output::open(args.output.as_deref(), &reads(global, None))?;
    let writer = config::writer_of(
        args.format,
        args.singles,
        Nodes::Stories,
        index.config(),
        config::style(global, !output.is_stdout()),
    );
    let mut report = index.report(&Filter {
        since: args.since,
        until: args.until,
        source: args.source.clone(),
        least: args.size,
        story: args.story.clone(),
    })?;
    if args.format == Format::Jsonl && !args.pairs {
        report.pairs.clear();
    }
    output.deliver(|out| writer.write(&report, out))?;
    Ok(ExitCode::Done)
}

pub(crate) fn stats(args: &StatsArgs) -> Result<ExitCode, Failure> {
    let stats = Index::open_read_only(&args.db)?.stats()?;
    Output::Stdout.deliver(|out| match args.format {
        TextOrJson::Json => super::line(&stats, out),
        TextOrJson::Text => text(&stats, out),
    })?;
    Ok(ExitCode::Done)
}

fn text(stats: &Stats, out: &mut dyn Write) -> io::Result<()> {
    let time = |time: Option<dedup::time::Time>| time.map_or("unknown".to_owned(), |time| time.to_string());
    let rows = [
        ("stories", stats.stories.to_string()),
        ("different texts", stats.texts.to_string()),
        ("clusters", stats.clusters.to_string()),
        ("in clusters", stats.clustered.to_string()),
        ("ties", stats.ties.to_string()),
        ("first", time(stats.first)),
        ("last", time(stats.last)),
        ("file", Size(stats.bytes).to_string()),
        ("of it texts", Size(stats.text_bytes).to_string()),
    ];
    rows.iter().try_for_each(|(name, value)| writeln!(out, "{name:<17}{value}"))
}

/// Exit code 2 and a line for each piece of damage, or one line if there is none.
pub(crate) fn verify(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let damage = match Index::open_read_only(&args.db).and_then(|index| Ok((index.verify()?, index.stats())))
    {
        Ok((damage, stats)) if damage.is_empty() => {
            writeln!(io::stdout().lock(), "sound: {} stories", stats?.stories)
                .map_err(|error| unwritten(&error))?;
            return Ok(ExitCode::Done);
        }
        Ok((damage, _)) => damage,
        Err(error) if error.kind() == ErrorKind::Damaged => vec![error.message().to_owned()],
        Err(error) => return Err(error.into()),
    };
    for what in &damage {
        writeln!(io::stdout().lock(), "damaged: {}", what.trim_start_matches("damaged: "))
            .map_err(|error| unwritten(&error))?;
    }
    messages::say(&format!("{} is damaged; restore it from a copy, or make it anew", args.db.display()));
    Ok(ExitCode::Fatal)
}
