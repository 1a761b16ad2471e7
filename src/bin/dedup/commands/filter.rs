//! From files of stories to the same records, one of each cluster.

use super::scan::not_empty;
use crate::args::GlobalArgs;
use crate::args::filter::FilterArgs;
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages::{self, SkippedAre};
use crate::output::{Output, Writing};
use crate::pipeline::{Stories, reads};
use crate::progress::Bar;
use dedup::filter::Filter;
use dedup::input::{Again, Sending, Sent};
use std::io;
use std::path::Path;

/// What became of the records.
#[derive(Debug, Default)]
struct Counts {
    kept: u64,
    removed: u64,
    /// Records of which nothing was there to be written.
    lost: u64,
}

pub(crate) fn run(args: &FilterArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let settings = config::of_filter(args)?;
    let stories = Stories::open(&args.paths, config::fields(&args.fields))?;
    let again = stories.again()?;
    let open = |path: Option<&Path>| {
        refuse_packing(path)?;
        Output::open(path, &reads(global, Some(&stories)))
    };
    let kept = open(args.output.as_deref())?;
    let removed = args.removed.as_deref().map(|path| open(Some(path))).transpose()?;
    if removed.as_ref().is_some_and(|removed| removed.is_same(&kept)) {
        let text = "-o and --removed name one place; name two";
        return Err(Failure::Fatal(text.to_owned()));
    }
    let bar = Bar::new(global.quiet);
    let scanned = stories.scan_placed(settings, &|progress| bar.show(progress));
    bar.finish();
    let (report, places) = scanned?;
    let report = not_empty(report)?;
    let filter = Filter::new(&report, &places);
    let counts = write(&again, (&filter, places.records() as u64), kept, removed)?;
    if !global.quiet {
        messages::about(&report, stories.passed_over(), SkippedAre::Kept);
        messages::say(&counts.told(report.skipped.len()));
    }
    Ok(if report.skipped.is_empty() { ExitCode::Done } else { ExitCode::Skipped })
}

/// What is written is never packed, and a name that says so would mislead.
fn refuse_packing(path: Option<&Path>) -> Result<(), Failure> {
    let extension = path.and_then(Path::extension).and_then(|extension| extension.to_str());
    let packing = ["gz", "zst", "bz2", "xz", "zip", "tar"].into_iter().find(|name| extension == Some(name));
    packing.map_or(Ok(()), |packing| {
        let text = format!(
            "expected the name of a file that is not packed, found .{packing}; write to standard output and \
             pack that"
        );
        Err(Failure::Fatal(text))
    })
}

fn write(
    again: &Again<'_>,
    (filter, records): (&Filter<'_>, u64),
    kept: Output,
    removed: Option<Output>,
) -> Result<Counts, Failure> {
    let (mut kept, mut removed) = (kept.begin(), removed.map(Output::begin));
    let mut counts = Counts::default();
    let written = again.write(&mut kept, &mut |block, index, sent| {
        counts.verdict(filter, (block, index), sent, removed.as_mut())
    });
    let all = counts.kept + counts.removed + counts.lost;
    let written = written.and_then(|()| {
        let text = "the input changed while it was being read; filter it again";
        if all == records { Ok(()) } else { Err(io::Error::other(text)) }
    });
    match (written, removed) {
        (Ok(()), removed) => {
            removed.map_or(Ok(()), |removed| removed.finish(Ok(())))?;
            kept.finish(Ok(())).map(|()| counts)
        }
        (Err(error), Some(removed)) if removed.has_failed() => removed.finish(Err(error)).map(|()| counts),
        (Err(error), _) if kept.has_failed() => kept.finish(Err(error)).map(|()| counts),
        (Err(error), _) => Err(Failure::Fatal(error.to_string())),
    }
}

impl Counts {
    fn verdict(
        &mut self,
        filter: &Filter<'_>,
        (block, index): (usize, usize),
        sent: &Sent<'_>,
        out: Option<&mut Writing>,
    ) -> io::Result<bool> {
        if matches!(sent.content, Sending::Lost) {
            self.lost += 1;
            return Ok(false);
        }
        let Some(removed) = filter.removed(block, index) else {
            self.kept += 1;
            return Ok(true);
        };
        self.removed += 1;
        if let Some(out) = out {
            removed.write_line(sent, out)?;
        }
        Ok(false)
    }

    /// One sentence; `skipped` records are no stories.
    fn told(&self, skipped: usize) -> String {
        let Self { kept, removed, lost } = self;
        let noun = if *kept == 1 { "record" } else { "records" };
        let mut told = format!("{kept} {noun} kept, {removed} removed");
        let stayed = (skipped as u64).saturating_sub(*lost);
        match stayed {
            0 => {}
            1 => told.push_str("; 1 of the kept is no story and stays as it came"),
            _ => {
                told +=
                    &[";", &stayed.to_string(), "of the kept are no stories and stay as they came"].join(" ");
            }
        }
        if *lost > 0 {
            told += &[";", &lost.to_string(), "could not be written again"].join(" ");
        }
        told
    }
}
