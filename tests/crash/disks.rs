//! From disks that are full or cannot be written to errors that say so, and an index that holds.

use super::{dedup, id, line, listed, run};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A small disk in memory, taken away at the end.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None`, with a printed line, where this process may not mount.
    fn new(size: &str) -> Option<Self> {
        let disk = Self(tempfile::tempdir().unwrap());
        let is_mounted = mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"], disk.0.path());
        if !is_mounted {
            println!("skipped: a tmpfs cannot be mounted here");
        }
        is_mounted.then_some(disk)
    }

    fn remount(&self, option: &str) {
        assert!(mount(&["-o", &format!("remount,{option}")], self.0.path()));
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    let mut command = Command::new("mount");
    let status = command.args(arguments).arg(folder).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let Some(disk) = Disk::new("1500k") else { return };
    let folder = disk.0.path();
    let mut child = dedup(folder, "index add x.db - --each --format jsonl --level copy")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let _ = (0..20_000).try_for_each(|number| stdin.write_all(line(number).as_bytes()));
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the disk is full"), "{said}");
    let acknowledged: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(id).collect();
    assert!(!acknowledged.is_empty());
    // Still full: what is there can be read.
    assert_eq!(listed(folder, "x.db").len(), acknowledged.len());
    disk.remount("size=16m");
    assert_eq!(run(folder, "index verify x.db").0, 0);
    std::fs::write(folder.join("more.jsonl"), line(30_000)).unwrap();
    assert_eq!(run(folder, "index add x.db more.jsonl").0, 0);
    assert_eq!(listed(folder, "x.db").len(), acknowledged.len() + 1);
}

#[test]
fn a_read_only_folder_is_read_and_said_when_written() {
    let Some(disk) = Disk::new("16m") else { return };
    let folder = disk.0.path();
    let lines: String = (0..40).map(line).collect();
    std::fs::write(folder.join("s.jsonl"), lines).unwrap();
    assert_eq!(run(folder, "index add x.db s.jsonl --level copy").0, 0);
    disk.remount("ro");
    let (code, _, err) = run(folder, "index add x.db s.jsonl");
    assert_eq!(code, 2);
    assert!(err.contains("x.db") && err.to_lowercase().contains("read-only"), "{err}");
    assert_eq!(run(folder, "index verify x.db").0, 0);
    assert_eq!(listed(folder, "x.db").len(), 40);
    let (code, out, err) = run(folder, "index query x.db s.jsonl --format jsonl");
    assert_eq!((code, out.lines().count()), (0, 40), "{err}");
    let (code, _, err) = run(folder, "index add new.db s.jsonl");
    assert_eq!(code, 2);
    assert!(err.contains("new.db"), "{err}");
}
