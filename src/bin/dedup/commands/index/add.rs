//! From stories to an index that has them, and an answer for each.

use super::{Answers, one_by_one, open_or_create, unwritten};
use crate::args::GlobalArgs;
use crate::args::index::{AddArgs, AnswerFormat};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages;
use crate::pipeline::Stories;
use crate::progress::Bar;
use dedup::error::Error;
use dedup::index::{Answer, Index, TURN};
use std::io::{self, BufWriter, Write};

pub(crate) fn run(args: &AddArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let mut index = open_or_create(&args.db, &args.settings, args.wait)?.taking_turns(TURN);
    let mut answers = Answers::new(args.format, global);
    let mut out = BufWriter::new(io::stdout().lock());
    if args.each {
        each(&mut index, args, &mut answers, &mut out)?;
    } else {
        load(&mut index, args, global, &mut answers, &mut out)?;
    }
    index.settle_if_due()?;
    if args.format == AnswerFormat::Text {
        let Answers { new, identical, versions, known, skipped, .. } = answers;
        writeln!(
            out,
            "{} stories added: {new} new, {identical} identical, {versions} versions; {known} known before, {skipped} skipped",
            new + identical + versions
        )
        .map_err(|error| unwritten(&error))?;
    }
    out.flush().map_err(|error| unwritten(&error))?;
    Ok(answers.code())
}

/// Each story is on the disk, and its answer written, before the next one is read.
fn each(
    index: &mut Index,
    args: &AddArgs,
    answers: &mut Answers,
    out: &mut impl Write,
) -> Result<(), Failure> {
    one_by_one(&args.paths, config::fields(&args.fields), &mut |record| {
        let told = match record {
            Ok(story) => Ok(index.add(&[story])?.swap_remove(0)),
            Err(error) if args.strict => return Err(error.into()),
            Err(error) => Err(error),
        };
        answers.write(told.as_ref(), false, out).and_then(|()| out.flush()).map_err(|error| unwritten(&error))
    })
}

fn load(
    index: &mut Index,
    args: &AddArgs,
    global: &GlobalArgs,
    answers: &mut Answers,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let stories = Stories::open(&args.paths, config::fields(&args.fields))?;
    let bar = Bar::new(global.quiet);
    let mut ended = Ok(());
    let (corpus, watch) = (stories.corpus(), |progress| bar.show(progress));
    let mut tell = |answers: &mut Answers, told: Result<&Answer, &Error>| {
        if ended.is_ok() {
            ended = answers.write(told, false, out);
        }
    };
    // Who is told no answers need not wait for them.
    let loaded = match args.format {
        AnswerFormat::Jsonl => index.load(corpus, args.strict, &watch, &mut |told| tell(answers, told)),
        AnswerFormat::Text => index
            .fill(corpus, args.strict, &watch, &mut |error| tell(answers, Err(error)))
            .map(|filled| answers.count(filled)),
    };
    bar.finish();
    let loaded = loaded?;
    if !global.quiet {
        loaded.unreads.sentences().iter().for_each(|sentence| messages::say(sentence));
        messages::about_passed_over(stories.passed_over());
    }
    ended.map_err(|error| unwritten(&error))
}
