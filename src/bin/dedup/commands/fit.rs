//! From labels and stories to a model file, and to what it gains.

use crate::args::{FitArgs, GlobalArgs, TextOrJson};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages;
use crate::output::Output;
use crate::pipeline::{Labelled, Stories, reads};
use dedup::fit::{Fitted, fit};
use serde_json::json;
use std::io;

pub(crate) fn run(
    FitArgs { labelled: args, output }: &FitArgs,
    global: &GlobalArgs,
) -> Result<ExitCode, Failure> {
    let settings = config::of_likeness(&args.likeness)?;
    let stories = Stories::open(&args.stories, config::fields(&args.fields))?;
    let output = Output::open(Some(output), &reads(global, Some(&stories)))?;
    let Labelled { labels, report, unknown, .. } = Labelled::read(&args.labels, &stories, &settings)?;
    let fitted = fit(&report, &labels, args.closed)?;
    if !global.quiet {
        messages::about_unknown_ids(fitted.unknown, &unknown);
    }
    let is_shown = !output.is_stdout();
    output.deliver(|out| write!(out, "{}", fitted.model))?;
    if is_shown {
        Output::Stdout.deliver(|out| match args.format {
            TextOrJson::Text => text(&fitted, out),
            TextOrJson::Json => json(&fitted, out),
        })?;
    }
    let all_counted = report.skipped.is_empty() && unknown.is_empty();
    Ok(if all_counted { ExitCode::Done } else { ExitCode::Skipped })
}

fn json(fitted: &Fitted, out: &mut dyn io::Write) -> io::Result<()> {
    let scores = |(precision, recall, f1): (f64, f64, f64)| json!({ "precision": precision, "recall": recall, "f1": f1 });
    let object = json!({
        "pairs": fitted.pairs, "judged": fitted.judged, "gains": fitted.gains,
        "before": scores(fitted.before), "after": scores(fitted.after),
    });
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)
}

fn text(fitted: &Fitted, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{:<28}{}", "labelled pairs", fitted.pairs)?;
    writeln!(out, "{:<28}{}", "decided by evidence", fitted.judged)?;
    writeln!(out, "{:<28}{:>9} {:>9} {:>9}", "", "precision", "recall", "F1")?;
    for (name, (precision, recall, f1)) in
        [("before", fitted.before), ("after, on pairs not seen", fitted.after)]
    {
        writeln!(out, "{name:<28}{precision:>9.3} {recall:>9.3} {f1:>9.3}")?;
    }
    let verdict = if fitted.gains {
        "The new weights are better than chance explains, and were written."
    } else {
        "New weights gain no more than chance would: the old ones were written."
    };
    writeln!(out, "{verdict}")
}
