//! From a folder that fills, or a feed file that is written anew, to an index that follows it.

use super::{Answers, open_or_create, unwritten};
use crate::args::GlobalArgs;
use crate::args::index::WatchArgs;
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::{messages, stop};
use dedup::index::{Index, TURN};
use dedup::input::{Corpus, Files, Gathered};
use std::borrow::Cow;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A file that was written so lately may not be whole.
const SETTLED: Duration = Duration::from_millis(500);
/// How often a waiting run looks whether it is to stop.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) fn run(args: &WatchArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    stop::in_its_time();
    if let Err(error) = fs::metadata(&args.path) {
        return Err(Failure::Fatal(format!("cannot watch {}: {error}", args.path.display())));
    }
    let mut index = open_or_create(&args.db, &args.settings, args.wait)?.taking_turns(TURN);
    let mut answers = Answers::new(args.format, global);
    let mut out = BufWriter::new(io::stdout().lock());
    while !stop::asked() {
        let mut gathered = Gathered::default();
        for (file, mark) in changed(&index, &args.path)? {
            if stop::asked() || !take(&mut index, (&file, &mut gathered), args, &mut answers, &mut out)? {
                break;
            }
            index.set_watched(&name(&file), &mark)?;
        }
        index.settle_if_due()?;
        let looked = Instant::now();
        while looked.elapsed() < args.every.0.max(PAUSE) && !stop::asked() {
            sleep(PAUSE);
        }
    }
    if !global.quiet {
        messages::say("stopped; the next run goes on from here");
    }
    Ok(ExitCode::Done)
}

/// The same for every way to name the file.
fn name(file: &Path) -> String {
    fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()).to_string_lossy().into_owned()
}

/// The files that are not as they were when they were last read, in order, each with its mark.
fn changed(index: &Index, path: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut found = Vec::new();
    for file in files(path) {
        let Ok(about) = fs::metadata(&file) else { continue };
        let written = about.modified().unwrap_or(UNIX_EPOCH);
        if SystemTime::now().duration_since(written).is_ok_and(|age| age < SETTLED) {
            continue;
        }
        let since = written.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mark = format!("{} {}", about.len(), since.as_nanos());
        if index.watched(&name(&file))?.as_deref() != Some(mark.as_str()) {
            found.push((file, mark));
        }
    }
    Ok(found)
}

/// The file itself, or all files below a folder.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() { vec![path.to_owned()] } else { Files::walked(path) }
}

/// Adds the stories of a file, each by itself; whether it came to the end before it was to stop.
fn take(
    index: &mut Index,
    (file, gathered): (&Path, &mut Gathered),
    args: &WatchArgs,
    answers: &mut Answers,
    out: &mut impl Write,
) -> Result<bool, Failure> {
    let fields = config::fields(&args.fields);
    let opened = if file == args.path {
        Files::open(&[file.to_owned()], fields)
    } else {
        Files::open_below(&args.path, file, fields, gathered)
    };
    let Ok(files) = opened else { return Ok(true) };
    let mut ended = Ok(());
    for block in files.blocks(&|_| true) {
        block.records(
            |_| true,
            |_, record| {
                if ended.is_ok() && !stop::asked() {
                    ended = tell(index, record.map(Cow::into_owned), answers, out);
                }
            },
        );
        ended?;
        ended = Ok(());
        if stop::asked() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn tell(
    index: &mut Index,
    record: dedup::Result<dedup::Story>,
    answers: &mut Answers,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let told = match record {
        Ok(story) => Ok(index.add(&[story])?.swap_remove(0)),
        Err(error) => Err(error),
    };
    // A file that is read again says nothing new of what was known.
    if told.as_ref().is_ok_and(|answer| answer.known) {
        return Ok(());
    }
    answers.write(told.as_ref(), true, out).and_then(|()| out.flush()).map_err(|error| unwritten(&error))
}
