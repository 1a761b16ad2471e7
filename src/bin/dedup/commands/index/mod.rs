//! From a command on an index to its own file.

mod add;
mod change;
mod list;
mod query;
mod watch;

use crate::args::GlobalArgs;
use crate::args::index::{AnswerFormat, IndexCommand, SettingsArgs, WaitArgs};
use crate::config;
use crate::exit::{ExitCode, Failure};
use dedup::error::Error;
use dedup::index::{Answer, Filled, Index, Loaded};
use dedup::input::{Corpus, Fields, Files, OneByOne};
use dedup::report::Skipped;
use dedup::report::message::Message;
use dedup::story::Story;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(crate) fn run(command: &IndexCommand, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    match command {
        IndexCommand::Add(args) => add::run(args, global),
        IndexCommand::Query(args) => query::run(args, global),
        IndexCommand::Remove(args) => change::remove(args, global),
        IndexCommand::Expire(args) => change::expire(args),
        IndexCommand::List(args) => list::list(args, global),
        IndexCommand::Stats(args) => list::stats(args),
        IndexCommand::Verify(args) => list::verify(args),
        IndexCommand::Merge(args) => change::merge(args),
        IndexCommand::Settle(args) => change::settle(args),
        IndexCommand::Upgrade(args) => change::upgrade(args),
        IndexCommand::Watch(args) => watch::run(args, global),
    }
}

/// Opens an index to write it, or makes one; what it was made with need not be given again.
fn open_or_create(db: &Path, settings: &SettingsArgs, wait: WaitArgs) -> Result<Index, Failure> {
    if !db.exists() {
        // Whoever comes second finds what the first has made.
        return Ok(Index::open_or_create(db, &config::of_index(None, settings)?)?);
    }
    let index = Index::open(db, wait.wait.0)?;
    let asked = config::of_index(Some(index.config().clone()), settings)?;
    index.accepts(&asked)?;
    Ok(index)
}

/// Calls `each` with every record of `paths`, one after the other. Standard input by itself is
/// read line by line, and never beyond the line in hand. Ends at the first failure of `each`.
fn one_by_one(
    paths: &[PathBuf],
    fields: Fields,
    each: &mut dyn FnMut(Result<Story, Error>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if paths == [PathBuf::from("-")] {
        return OneByOne::new(io::stdin().lock(), "-", fields).try_for_each(each);
    }
    let files = Files::open(paths, fields)?;
    let mut ended = Ok(());
    for block in files.blocks(&|_| true) {
        block.records(
            |_| true,
            |_, record| {
                if ended.is_ok() {
                    ended = each(record.map(Cow::into_owned));
                }
            },
        );
        if ended.is_err() {
            break;
        }
    }
    ended
}

/// Writes answers, and counts them.
struct Answers {
    format: AnswerFormat,
    quiet: bool,
    new: u64,
    identical: u64,
    versions: u64,
    known: u64,
    skipped: u64,
}

impl Answers {
    fn new(format: AnswerFormat, global: &GlobalArgs) -> Self {
        let quiet = global.quiet;
        Self { format, quiet, new: 0, identical: 0, versions: 0, known: 0, skipped: 0 }
    }

    /// Writes one line for one record; `shown` if people see it, too.
    fn write(&mut self, told: Result<&Answer, &Error>, shown: bool, out: &mut dyn Write) -> io::Result<()> {
        match told {
            Ok(answer) => {
                *match answer.seen {
                    _ if answer.known => &mut self.known,
                    dedup::index::Seen::Identical => &mut self.identical,
                    dedup::index::Seen::Version => &mut self.versions,
                    dedup::index::Seen::New => &mut self.new,
                } += 1;
                match self.format {
                    AnswerFormat::Jsonl => line(answer, out),
                    AnswerFormat::Text if shown => answer.write_text(out),
                    AnswerFormat::Text => Ok(()),
                }
            }
            Err(error) => {
                self.skipped += 1;
                let skipped = skipped(error);
                if self.format == AnswerFormat::Text && !self.quiet {
                    crate::messages::say(&format!("skipped {}: {}", skipped.place, skipped.reason));
                }
                match self.format {
                    AnswerFormat::Jsonl => line(&Message::Skipped((&skipped).into()), out),
                    AnswerFormat::Text => Ok(()),
                }
            }
        }
    }

    /// Counts what was added without an answer of each; gives what was loaded.
    fn count(&mut self, filled: Filled) -> Loaded {
        let Filled { loaded, identical, versions } = filled;
        self.identical += identical;
        self.versions += versions;
        self.new += loaded.added.saturating_sub(identical + versions);
        self.known += loaded.known;
        loaded
    }

    fn code(&self) -> ExitCode {
        if self.skipped > 0 { ExitCode::Skipped } else { ExitCode::Done }
    }
}

fn skipped(error: &Error) -> Skipped {
    let place = error.place().cloned();
    Skipped {
        place: place.unwrap_or_else(|| dedup::error::Place { path: "-".into(), line: 0 }),
        reason: error.message().to_owned(),
    }
}

/// Writes one message as one line, in one piece.
pub(crate) fn line(message: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    out.write_all(&line)
}

/// A failure to write to standard output.
pub(crate) fn unwritten(error: &io::Error) -> Failure {
    Failure::writing("to standard output", error)
}
