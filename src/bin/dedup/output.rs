//! From what a command has to say to standard output, or to a file that is whole or not there.

use crate::exit::{ExitCode, Failure};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::NamedTempFile;

/// Bytes gathered before they are handed to the system.
const BUFFER: usize = 1 << 16;

/// The unfinished files of this run, for whoever ends the run early.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Where the data of a command goes.
pub(crate) enum Output {
    /// Standard output.
    Stdout,
    /// A device or pipe: written as it comes.
    Stream(PathBuf, File),
    /// A file: written beside its place, and put there once it is whole.
    File(PathBuf, NamedTempFile),
}

impl Output {
    /// Opens `path`, or standard output for none and for `-`, before the work begins: what
    /// cannot be written is better known early. A file that is there stays as it is until
    /// [`Output::deliver`] replaces it; one that the run reads (`is_read`), and an index, are never
    /// replaced.
    pub(crate) fn open(path: Option<&Path>, is_read: &dyn Fn(&Path) -> bool) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Stdout);
        };
        let failed = |error: io::Error| Failure::Fatal(format!("cannot write {}: {error}", path.display()));
        // A link is followed, so that it still links afterwards.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if target.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let refused = |why: &str| Failure::Fatal(format!("cannot write {}: {why}", path.display()));
        if target.is_file() && is_read(&target) {
            return Err(refused("it is read by this run, and would be replaced; name another file with -o"));
        }
        #[cfg(feature = "index")]
        if dedup::index::Index::owns(&target) {
            return Err(refused("it is an index, which is never replaced; name another file with -o"));
        }
        // What stands under /dev is opened, never replaced, whatever it links to.
        if target.exists() && (!target.is_file() || path.starts_with("/dev")) {
            let stream = File::options().write(true).open(&target).map_err(failed)?;
            return Ok(Self::Stream(target, stream));
        }
        // By its kind alone: the full error names the temporary file, which nobody asked for.
        let temporary = beside(&target).map_err(|error| failed(error.kind().into()))?;
        unfinished().push(temporary.path().to_owned());
        Ok(Self::File(target, temporary))
    }

    /// Whether both are one place.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Stdout, Self::Stdout) => true,
            (Self::File(a, _), Self::File(b, _)) => a == b,
            _ => false,
        }
    }

    /// Whether the data goes to standard output.
    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self, Self::Stdout)
    }

    /// Writes all that `write` writes, and puts a file in its place.
    pub(crate) fn deliver(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        let mut writing = self.begin();
        let written = write(&mut writing);
        writing.finish(written)
    }

    /// The same for who writes bit by bit, or to two places at once.
    pub(crate) fn begin(self) -> Writing {
        Writing { out: BufWriter::with_capacity(BUFFER, self), failed: false }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout => io::stdout().lock().write(bytes),
            Self::Stream(_, file) => file.write(bytes),
            Self::File(_, file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout => io::stdout().lock().flush(),
            Self::Stream(_, file) => file.flush(),
            Self::File(_, file) => file.flush(),
        }
    }
}

/// An output that is being written.
pub(crate) struct Writing {
    out: BufWriter<Output>,
    failed: bool,
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).inspect_err(|_| self.failed = true)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush().inspect_err(|_| self.failed = true)
    }
}

impl Writing {
    /// Whether something could not be written here.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Puts a file in its place if all was `written`.
    pub(crate) fn finish(mut self, written: io::Result<()>) -> Result<(), Failure> {
        let written = written.and_then(|()| self.out.flush());
        // What is held after a failure has nowhere to go.
        let (output, _) = self.out.into_parts();
        match output {
            Output::Stdout => written.map_err(|error| Failure::writing("to standard output", &error)),
            Output::Stream(path, _) => {
                written.map_err(|error| Failure::writing(&path.display().to_string(), &error))
            }
            Output::File(path, temporary) => {
                let part = temporary.path().to_owned();
                let failed = |error: &io::Error| Failure::writing(&path.display().to_string(), error);
                written.map_err(|error| failed(&error))?;
                temporary.persist(&path).map_err(|error| failed(&error.error))?;
                unfinished().retain(|path| *path != part);
                Ok(())
            }
        }
    }
}

/// How the name of an unfinished file ends.
const UNFINISHED_END: &str = ".dedup-part";

/// A hidden file in the folder of `target`, with the rights that `target` has or would get. It is
/// locked, so that others can tell it from what a killed run has left behind.
fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().unwrap_or_default());
    prefix.push(".");
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(folder, &prefix);
    loop {
        let file = named(target, folder, &prefix)?;
        // Where there are no locks, nobody sweeps either.
        let _ = file.as_file().lock();
        // Another run may have swept it away before it was locked.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Takes away what killed runs have left: nobody holds a lock on it.
fn sweep(folder: &Path, prefix: &OsString) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_part = name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes())
            && name.as_encoded_bytes().ends_with(UNFINISHED_END.as_bytes());
        if is_part && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn named(target: &Path, folder: &Path, prefix: &OsString) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(UNFINISHED_END);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    if let Ok(about) = fs::metadata(target) {
        fs::set_permissions(file.path(), about.permissions())?;
    }
    Ok(file)
}

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on Ctrl-C, or being told to end, takes the unfinished file away and ends the run with 130.
pub(crate) fn leave_nothing_behind_on_interrupt() {
    let handler = || {
        #[cfg(feature = "index")]
        if crate::stop::ask() {
            return;
        }
        for path in unfinished().drain(..) {
            let _ = fs::remove_file(path);
        }
        let mut stderr = io::stderr().lock();
        if stderr.is_terminal() {
            let _ = writeln!(stderr);
        }
        #[expect(clippy::exit, reason = "the run cannot be asked to stop from another thread")]
        std::process::exit(i32::from(ExitCode::Interrupted.number()));
    };
    // Where no handler can be set the system's own ends the run, without the tidying.
    let _ = ctrlc::set_handler(handler);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn a_file_is_there_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "before").unwrap();
        let output = Output::open(Some(&path), &|_| false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        output.deliver(|out| out.write_all(b"after")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "before").unwrap();
        let output = Output::open(Some(&path), &|_| false).unwrap();
        let failure = output.deliver(|_| Err(io::ErrorKind::StorageFull.into())).unwrap_err();
        assert!(matches!(failure, Failure::Fatal(text) if text.ends_with("out.csv: no storage space")));
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_known_before_the_work() {
        let folder = tempfile::tempdir().unwrap();
        let said = |path: &Path| match Output::open(Some(path), &|_| false) {
            Err(Failure::Fatal(sentence)) => sentence,
            _ => panic!("opened {}", path.display()),
        };
        assert!(said(&folder.path().join("no/out.csv")).ends_with("no/out.csv: entity not found"));
        assert!(said(folder.path()).ends_with(": is a directory"));
    }

    #[test]
    fn what_a_killed_run_left_is_swept_and_what_another_run_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let mine = |name: &str| folder.path().join(name);
        fs::write(mine(".out.csv.backup"), "mine").unwrap();
        fs::write(mine(".out.csv.abcdef.dedup-part"), "half").unwrap();
        fs::write(mine(".out.tsv.abcdef.dedup-part"), "of another file").unwrap();
        let other = Output::open(Some(&path), &|_| false).unwrap();
        let output = Output::open(Some(&path), &|_| false).unwrap();
        output.deliver(|out| out.write_all(b"mine")).unwrap();
        other.deliver(|out| out.write_all(b"other")).unwrap();
        let mut names = names(folder.path());
        names.sort();
        assert_eq!(names, [".out.csv.backup", ".out.tsv.abcdef.dedup-part", "out.csv"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "other");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_still_links_and_a_device_is_not_replaced() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("out"), folder.path().join("link"));
        fs::write(&path, "before").unwrap();
        symlink(&path, &link).unwrap();
        Output::open(Some(&link), &|_| false).unwrap().deliver(|out| out.write_all(b"after")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        Output::open(Some(Path::new("/dev/null")), &|_| false)
            .unwrap()
            .deliver(|out| out.write_all(b"x"))
            .unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }
}
