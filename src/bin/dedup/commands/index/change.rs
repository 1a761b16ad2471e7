//! From ids, an age or other indexes to an index with fewer or more stories.

use super::unwritten;
use crate::args::GlobalArgs;
use crate::args::index::{ExpireArgs, MergeArgs, RemoveArgs, UpkeepArgs};
use crate::exit::{ExitCode, Failure};
use crate::messages;
use dedup::index::Index;
use jiff::Timestamp;
use std::io::{self, BufRead, Write};

pub(crate) fn remove(args: &RemoveArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let mut index = Index::open(&args.db, args.wait.wait.0)?;
    let mut ids = args.ids.clone();
    if ids == ["-"] {
        let lines = io::stdin().lock().lines().collect::<Result<Vec<_>, _>>();
        let lines =
            lines.map_err(|error| Failure::Fatal(format!("cannot read ids from standard input: {error}")))?;
        ids = lines.into_iter().filter(|line| !line.is_empty()).collect();
    }
    ids.sort_unstable();
    ids.dedup();
    let unknown = index.remove(&ids)?;
    if !global.quiet {
        for id in &unknown {
            messages::say(&format!("no story `{}` in the index", id.escape_debug()));
        }
    }
    say(&format!("{} stories removed", ids.len() - unknown.len()))?;
    Ok(if unknown.is_empty() { ExitCode::Done } else { ExitCode::Skipped })
}

pub(crate) fn expire(args: &ExpireArgs) -> Result<ExitCode, Failure> {
    let mut index = Index::open(&args.db, args.wait.wait.0)?;
    let age = jiff::SignedDuration::try_from(args.older_than.0);
    let moment = age.ok().and_then(|age| Timestamp::now().checked_sub(age).ok());
    // Nothing is as old as that.
    let expired = moment.map_or(Ok(0), |moment| index.expire(moment))?;
    say(&format!("{expired} stories expired"))?;
    Ok(ExitCode::Done)
}

pub(crate) fn merge(args: &MergeArgs) -> Result<ExitCode, Failure> {
    let mut index = Index::open(&args.db, args.wait.wait.0)?;
    let (mut added, mut known) = (0, 0);
    for other in &args.others {
        let loaded = index.merge(&Index::open_read_only(other)?)?;
        added += loaded.added;
        known += loaded.known;
    }
    index.settle_if_due()?;
    say(&format!("{added} stories added; {known} known before"))?;
    Ok(ExitCode::Done)
}

pub(crate) fn settle(args: &UpkeepArgs) -> Result<ExitCode, Failure> {
    let mut index = Index::open(&args.db, args.wait.wait.0)?;
    index.settle()?;
    let stats = index.stats()?;
    say(&format!("settled: {} stories, {} in {} clusters", stats.stories, stats.clustered, stats.clusters))?;
    Ok(ExitCode::Done)
}

pub(crate) fn upgrade(args: &UpkeepArgs) -> Result<ExitCode, Failure> {
    match Index::upgrade(&args.db, args.wait.wait.0)? {
        Some(stories) => say(&format!("upgraded: {stories} stories"))?,
        None => say("nothing to do: it has the format of this program")?,
    }
    Ok(ExitCode::Done)
}

fn say(sentence: &str) -> Result<(), Failure> {
    writeln!(io::stdout().lock(), "{sentence}").map_err(|error| unwritten(&error))
}
