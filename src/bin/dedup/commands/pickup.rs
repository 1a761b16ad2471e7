//! From stories or an index to who carried those of one source.

use super::scan::not_empty;
use crate::args::GlobalArgs;
use crate::args::pickup::{PickupArgs, PickupFormat};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages::{self, SkippedAre};
use crate::output::Output;
use crate::pipeline::{Stories, reads};
use crate::progress::Bar;
use dedup::report::Report;
use dedup::report::pickup::Pickup;

pub(crate) fn run(args: &PickupArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    #[cfg(feature = "index")]
    if let [db] = &args.paths[..]
        && dedup::index::Index::owns(db)
    {
        let index = dedup::index::Index::open_read_only(db)?;
        let newsrooms = config::newsrooms(&args.publishers, index.config())?;
        let output = Output::open(args.output.as_deref(), &reads(global, None))?;
        let index = index.with_publishers(newsrooms);
        let filter = dedup::index::Filter { since: args.since, until: args.until, ..Default::default() };
        let (report, stories) = index.report_of_source(&args.of, &filter)?;
        return written(args, output, &report, usize::try_from(stories).ok());
    }
    if args.since.is_some() || args.until.is_some() {
        let text = "--since and --until are of an index; give files of the time you want";
        return Err(Failure::Fatal(text.to_owned()));
    }
    let settings = config::of_pickup(args)?;
    let stories = Stories::open(&args.paths, config::fields(&args.fields))?;
    let output = Output::open(args.output.as_deref(), &reads(global, Some(&stories)))?;
    let bar = Bar::new(global.quiet);
    let scanned = stories.scan(settings, &|progress| bar.show(progress));
    bar.finish();
    let report = not_empty(scanned?)?;
    if !global.quiet {
        messages::about(&report, stories.passed_over(), SkippedAre::Untold);
    }
    let done = written(args, output, &report, None)?;
    Ok(if report.skipped.is_empty() { done } else { ExitCode::Skipped })
}

/// Writes the pickup; `stories` says how many stories of the source there are where the report has
/// not all of them.
fn written(
    args: &PickupArgs,
    output: Output,
    report: &Report,
    stories: Option<usize>,
) -> Result<ExitCode, Failure> {
    let mut pickup = Pickup::of(report, &args.of);
    pickup.stories = stories.unwrap_or(pickup.stories);
    if pickup.stories == 0 {
        return Err(Failure::Fatal(format!(
            "expected stories of `{}`, found none; `dedup index list` and `dedup read` show how sources are spelled",
            args.of
        )));
    }
    output.deliver(|out| match args.format() {
        PickupFormat::Text => pickup.write_text(out),
        PickupFormat::Csv => pickup.write_csv(out),
        PickupFormat::Jsonl => pickup.write_jsonl(out),
        PickupFormat::Gexf => pickup.write_gexf(out),
        PickupFormat::GraphMl => pickup.write_graphml(out),
    })?;
    Ok(ExitCode::Done)
}
