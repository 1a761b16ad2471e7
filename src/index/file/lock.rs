//! From the path of an index to the right to write it: one process at a time, on a local disk.

use super::failure::Done;
use crate::error::{Error, ErrorKind};
use jiff::Timestamp;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Time between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write, given back when dropped or when the process ends, however that ends.
#[derive(Debug)]
pub(in crate::index) struct WriterLock {
    /// Locked as long as it is open.
    _file: File,
}

/// `path` with something after it: the names beside an index.
pub(in crate::index) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

impl WriterLock {
    /// Takes the lock of the index at `path`, waiting up to `patience` for whoever holds it. Who
    /// waits holds `PATH.turn` meanwhile: whoever gives the lock back and wants it again comes next,
    /// so that two writers take turns however short their pauses are.
    pub(in crate::index) fn take(path: &Path, patience: Duration) -> Done<Self> {
        let (mut file, next) = (opened(path, ".lock")?, opened(path, ".turn")?);
        let begun = Instant::now();
        let mut is_next = false;
        loop {
            let tried = if is_next { file.try_lock() } else { next.try_lock() };
            match tried {
                Ok(()) if is_next => break,
                Ok(()) => is_next = true,
                Err(TryLockError::Error(error)) => return Err(failed(path, error).into()),
                Err(TryLockError::WouldBlock) if begun.elapsed() < patience => sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    let holder = fs::read_to_string(beside(path, ".lock")).unwrap_or_default();
                    let holder = if holder.is_empty() { "another process" } else { holder.trim() };
                    let text = format!(
                        "{holder} is writing the index; waited {} s: wait longer, or end that process",
                        patience.as_secs()
                    );
                    return Err(Error::new(ErrorKind::Locked, text).into());
                }
            }
        }
        // Who holds it is for a message only: a full disk must not keep anybody from removing.
        let second = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
        let holder = format!("process {} (since {second})", std::process::id());
        let _ = file.set_len(0).and_then(|()| file.write_all(holder.as_bytes()));
        Ok(Self { _file: file })
    }
}

/// The right to settle the index at `path` beside writers, waiting up to `patience` for whoever settles
/// it: a second one would only do the same again.
pub(in crate::index) fn settling(path: &Path, patience: Duration) -> Done<File> {
    let (file, begun) = (opened(path, ".settle")?, Instant::now());
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(failed(path, error).into()),
            Err(TryLockError::WouldBlock) if begun.elapsed() < patience => sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                let waited = patience.as_secs();
                let text = format!(
                    "another process is settling the index; waited {waited} s: wait longer, or end that process"
                );
                return Err(Error::new(ErrorKind::Locked, text).into());
            }
        }
    }
}

fn opened(path: &Path, suffix: &str) -> Done<File> {
    let open = File::options().read(true).write(true).create(true).truncate(false).open(beside(path, suffix));
    open.map_err(|error| failed(path, error).into())
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    Error::io(path, "write the index: cannot make its lock file", error)
}

/// File systems over a network, as Linux names them: their locks and their shared memory do not
/// reach from one machine to the next.
const NETWORK: [&str; 14] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "coda",
    "ceph",
    "lustre",
    "gfs2",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.s3fs",
];

/// Refuses a path on a network file system. Where the system does not say what it is, all is well.
pub(in crate::index) fn refuse_network(path: &Path) -> Done<()> {
    let Ok(mounts) = fs::read_to_string("/proc/self/mountinfo") else { return Ok(()) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(folder) = fs::canonicalize(folder) else { return Ok(()) };
    match file_system(&mounts, &folder) {
        Some(kind) if NETWORK.contains(&kind) => {
            let text = format!(
                "on a network file system ({kind}), where locks do not hold and a crash can lose stories; \
                 put the index on a local disk"
            );
            Err(Error::new(ErrorKind::Network, text).into())
        }
        _ => Ok(()),
    }
}

/// The file system that `folder` lies on, by the deepest mount above it; of two at one place the
/// later counts.
fn file_system<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let (before, after) = line.split_once(" - ")?;
        let place = before.split(' ').nth(4)?.replace("\\040", " ");
        Some((place, after.split(' ').next()?))
    };
    let above = mounts.lines().filter_map(mount).filter(|(place, _)| folder.starts_with(place));
    above.max_by_key(|(place, _)| Path::new(place).components().count()).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_mount_decides() {
        let mounts = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:33 / /srv/news rw shared:2 - nfs4 server:/news rw
41 40 8:2 / /srv/news/local rw - xfs /dev/sdb1 rw
42 22 0:34 / /srv/old\\040news rw - cifs //server/old rw";
        let on = |folder: &str| file_system(mounts, Path::new(folder));
        assert_eq!(on("/srv/news/today"), Some("nfs4"));
        assert_eq!(on("/srv/news/local/x"), Some("xfs"));
        assert_eq!(on("/srv/newsroom"), Some("ext4"));
        assert_eq!(on("/srv/old news"), Some("cifs"));
    }

    #[test]
    fn a_second_writer_waits_and_is_told_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let first = WriterLock::take(&path, Duration::ZERO).unwrap();
        let refused = WriterLock::take(&path, Duration::from_millis(50)).unwrap_err().of(&path);
        assert_eq!(refused.kind(), ErrorKind::Locked);
        let holder = format!("process {} (since ", std::process::id());
        assert!(refused.to_string().contains(&holder), "{refused}");
        drop(first);
        assert!(WriterLock::take(&path, Duration::ZERO).is_ok());
    }
}
