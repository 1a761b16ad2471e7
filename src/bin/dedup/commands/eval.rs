//! From labels and stories to how well they agree.

use crate::args::{EvalArgs, Format, GlobalArgs, TextOrJson};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages;
use crate::output::Output;
use crate::pipeline::{Labelled, Stories, reads};
use dedup::eval::Scores;
use dedup::report::Disagreements;
use std::io;
use std::path::Path;

pub(crate) fn run(
    EvalArgs { labelled: args, disagreements }: &EvalArgs,
    global: &GlobalArgs,
) -> Result<ExitCode, Failure> {
    let settings = config::of_likeness(&args.likeness)?;
    let stories = Stories::open(&args.stories, config::fields(&args.fields))?;
    let is_read = reads(global, Some(&stories));
    let differing = disagreements.as_deref().map(|path| Differing::open(path, &is_read)).transpose()?;
    let labelled = Labelled::read(&args.labels, &stories, &settings)?;
    let scores = labelled.scores(args.closed, &settings);
    if scores.pairs == 0 && scores.unknown > 0 {
        let first = labelled.unknown.first().map_or("", String::as_str);
        return Err(Failure::Fatal(format!(
            "{}: no label speaks of two stories that are there; `{}` is the id of none, for one",
            args.labels.display(),
            first.escape_debug()
        )));
    }
    if !global.quiet {
        messages::about_unknown_ids(scores.unknown, &labelled.unknown);
    }
    if let Some(differing) = differing {
        let told = labelled.disagreements(&stories, args.closed, &settings)?;
        if !global.quiet {
            messages::about_left_out(told.left_out());
        }
        differing.deliver(&told)?;
    }
    Output::Stdout.deliver(|out| match args.format {
        TextOrJson::Text => text(&scores, out),
        TextOrJson::Json => json(&scores, out),
    })?;
    let all_counted = labelled.report.skipped.is_empty() && scores.unknown == 0;
    Ok(if all_counted { ExitCode::Done } else { ExitCode::Skipped })
}

/// Where the pairs in which result and labels differ go, and how.
struct Differing {
    output: Output,
    write: fn(&Disagreements, &mut dyn io::Write) -> io::Result<()>,
}

impl Differing {
    fn open(path: &Path, is_read: &dyn Fn(&Path) -> bool) -> Result<Self, Failure> {
        let write = match Format::of_name(path) {
            #[cfg(feature = "html")]
            Some(Format::Html) => Disagreements::write_page,
            Some(Format::Jsonl) => Disagreements::write_lines,
            _ => {
                let endings = if cfg!(feature = "html") { ".html or .jsonl" } else { ".jsonl" };
                let shown = path.display();
                let sentence =
                    format!("expected a file for --disagreements that ends in {endings}, found {shown}");
                return Err(Failure::Fatal(sentence));
            }
        };
        Ok(Self { output: Output::open(Some(path), is_read)?, write })
    }

    fn deliver(self, told: &Disagreements) -> Result<(), Failure> {
        self.output.deliver(|out| (self.write)(told, out))
    }
}

fn json(scores: &Scores, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, scores)?;
    writeln!(out)
}

fn text(scores: &Scores, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{:<20}{}", "labelled pairs", scores.pairs)?;
    if scores.unknown > 0 {
        writeln!(out, "{:<20}{}", "labels left out", scores.unknown)?;
    }
    for (name, value) in [
        ("precision", scores.precision),
        ("recall", scores.recall),
        ("F1", scores.f1),
        ("average precision", scores.average_precision),
        ("B-cubed F1", scores.b_cubed_f1),
        ("adjusted Rand index", scores.ari),
        ("threshold", scores.threshold),
    ] {
        writeln!(out, "{name:<20}{value:.3}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    fn written(write: fn(&Scores, &mut dyn io::Write) -> io::Result<()>) -> String {
        let scores =
            Scores { pairs: 182, precision: 0.975, recall: 0.9, threshold: 0.5, ..Scores::default() };
        let mut out = Vec::new();
        write(&scores, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn scores_in_both_forms() {
        assert_snapshot!(written(text), @"
    labelled pairs      182
    precision           0.975
    recall              0.900
    F1                  0.000
    average precision   0.000
    B-cubed F1          0.000
    adjusted Rand index 0.000
    threshold           0.500
");
        assert_snapshot!(written(json), @r#"{"pairs":182,"precision":0.975,"recall":0.9,"f1":0.0,"average_precision":0.0,"b_cubed_f1":0.0,"ari":0.0,"threshold":0.5}"#);
    }
}
