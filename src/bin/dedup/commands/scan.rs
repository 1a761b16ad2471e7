//! From files of stories to their clusters.

#[cfg(feature = "index")]
use crate::args::Level;
use crate::args::{Format, GlobalArgs, ScanArgs};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages::{self, SkippedAre};
use crate::output::Output;
use crate::pipeline::{Stories, reads};
use crate::progress::Bar;
#[cfg(feature = "index")]
use dedup::index::Index;
use dedup::report::Report;
use std::io::{self, IsTerminal};

pub(crate) fn run(args: &ScanArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    #[cfg(feature = "index")]
    if args.against.is_some()
        && (args.passages || args.format().is_of_passages() || args.likeness.level == Level::Passage)
    {
        let sentence = "passages are looked for in files alone; leave --against out";
        return Err(Failure::Fatal(sentence.into()));
    }
    #[cfg(feature = "index")]
    let against = args.against.as_deref().map(Index::open_read_only).transpose()?;
    #[cfg(feature = "index")]
    let settings = match &against {
        Some(index) => config::of_scan_against(args, index.config().clone())?,
        None => config::of_scan(args)?,
    };
    #[cfg(not(feature = "index"))]
    let settings = config::of_scan(args)?;
    let stories = Stories::open(&args.paths, config::fields(&args.fields))?;
    let output = Output::open(args.output.as_deref(), &reads(global, Some(&stories)))?;
    let to_file = !output.is_stdout();
    let writer = config::writer(args, &settings, config::style(global, to_file));

    if !global.quiet && io::stderr().is_terminal() {
        messages::about_size(stories.estimate(&settings));
    }
    let bar = Bar::new(global.quiet);
    #[cfg(feature = "index")]
    let report = match &against {
        Some(index) => Ok(index.scan(stories.corpus(), &settings, &|progress| bar.show(progress))?),
        None => stories.scan(settings, &|progress| bar.show(progress)),
    };
    #[cfg(not(feature = "index"))]
    let report = stories.scan(settings, &|progress| bar.show(progress));
    bar.finish();
    let report = not_empty(report?)?;

    if !global.quiet {
        let skipped = match args.format() {
            Format::Text if !to_file => SkippedAre::Shown,
            Format::Text | Format::Json | Format::Jsonl => SkippedAre::Written,
            format if format.shows_all() => SkippedAre::Written,
            _ => SkippedAre::Untold,
        };
        messages::about(&report, stories.passed_over(), skipped);
    }
    output.deliver(|out| writer.write(&report, out))?;
    let code = ExitCode::of(&report, args.check);
    // The process is about to end, and would only spend time on giving back every pair by itself.
    std::mem::forget(report);
    Ok(code)
}

/// The report, if it tells of any story at all.
pub(super) fn not_empty(report: Report) -> Result<Report, Failure> {
    if !report.stories.is_empty() {
        return Ok(report);
    }
    Err(Failure::Fatal(match (report.skipped.first(), report.skipped.len()) {
        (None, _) => "no story found".into(),
        (Some(first), 1) => format!("no story found; skipped {}: {}", first.place, first.reason),
        (Some(first), count) => {
            format!("no story found; skipped {count} records, the first {}: {}", first.place, first.reason)
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dedup::error::Place;
    use dedup::report::{Skipped, StoryInfo};

    #[test]
    fn a_run_without_a_story_says_why() {
        let said = |report: Report| match not_empty(report) {
            Err(Failure::Fatal(sentence)) => sentence,
            other => panic!("{other:?}"),
        };
        let skipped = Skipped { place: Place { path: "a.jsonl".into(), line: 1 }, reason: "no text".into() };
        let report = |count| Report { skipped: vec![skipped.clone(); count], ..Report::default() };
        assert_eq!(said(report(0)), "no story found");
        assert_eq!(said(report(1)), "no story found; skipped a.jsonl:1: no text");
        assert_eq!(said(report(2)), "no story found; skipped 2 records, the first a.jsonl:1: no text");
        assert!(not_empty(Report { stories: vec![StoryInfo::default()], ..report(1) }).is_ok());
    }
}
