//! From files to what was understood of them, a line a story.

use crate::args::GlobalArgs;
use crate::args::read::{ReadArgs, TextOrLines};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::messages;
use crate::output::Output;
use crate::pipeline::{Stories, reads};
use dedup::error::Error;
use dedup::input::Unreads;
use dedup::report::message::{Message, SkippedMessage};
use dedup::report::{Skipped, StoryMessage};
use std::io::{self, Write};

pub(crate) fn run(args: &ReadArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let stories = Stories::open(&args.paths, config::fields(&args.fields))?;
    let output = Output::open(args.output.as_deref(), &reads(global, Some(&stories)))?;
    let (mut unreads, mut skipped, mut read) = (Unreads::default(), 0_u64, 0_u64);
    output.deliver(|out| {
        stories.each(|path, record| match record {
            Ok(story) => {
                unreads.note(story);
                read += 1;
                shown(&StoryMessage::new(path.to_string_lossy(), story), args.format, out)
            }
            Err(error) => {
                skipped += 1;
                told(error, args.format, out)
            }
        })
    })?;
    unreads.join(&stories.unread());
    if !global.quiet {
        messages::about_passed_over(stories.passed_over());
        unreads.sentences().iter().for_each(|sentence| messages::say(sentence));
        if skipped > 0 {
            messages::say(&format!("{read} stories read, {skipped} records skipped"));
        }
    }
    Ok(if skipped > 0 { ExitCode::Skipped } else { ExitCode::Done })
}

fn shown(story: &StoryMessage, format: TextOrLines, out: &mut dyn Write) -> io::Result<()> {
    match format {
        TextOrLines::Text => writeln!(out, "{story}"),
        TextOrLines::Jsonl => line(&Message::from(story), out),
    }
}

fn told(error: Error, format: TextOrLines, out: &mut dyn Write) -> io::Result<()> {
    match format {
        TextOrLines::Text => writeln!(out, "skipped {error}"),
        TextOrLines::Jsonl => line(&Message::Skipped(SkippedMessage::from(&Skipped::from(error))), out),
    }
}

fn line(message: &Message<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, message)?;
    out.write_all(b"\n")
}
