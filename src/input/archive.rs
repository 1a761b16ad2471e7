//! From a zip or tar archive to its members, unpacked once to one nameless temporary file.
//!
//! Members never get a name on the disk, so no path can escape; their number, their bytes and
//! their ratio are bounded; an archive in an archive is named and left.

#![cfg_attr(not(feature = "archives"), allow(dead_code, reason = "nothing is unpacked"))]

use super::files::{Origin, Source};
use super::form::Form;
use std::path::PathBuf;

/// What was found in an archive.
#[derive(Default)]
pub(super) struct Members {
    pub(super) sources: Vec<Source>,
    /// Members that hold no stories.
    pub(super) passed_over: Vec<PathBuf>,
}

impl Members {
    /// A member, or the archive itself, that cannot be read, and why.
    fn lost(&mut self, archive: &Source, member: &str, reason: impl Into<String>) {
        let path = if member.is_empty() { archive.path.clone() } else { archive.path.join(member) };
        self.sources.push(Source::new(
            &path,
            name(archive, member),
            Some(Form::Text),
            0,
            Origin::Lost(reason.into()),
        ));
    }
}

/// What stands for a member in ids.
fn name(archive: &Source, member: &str) -> String {
    format!("{}/{member}", archive.name)
}

#[cfg(not(feature = "archives"))]
pub(super) fn members(archive: &Source) -> Members {
    let mut members = Members::default();
    members.lost(archive, "", "this build lacks the feature `archives`");
    members
}

#[cfg(feature = "archives")]
pub(super) use unpacking::members;

#[cfg(feature = "archives")]
mod unpacking {
    use super::super::charset::Content;
    use super::super::files::{Origin, Source};
    use super::super::form::Form;
    use super::super::print::mets;
    use super::super::stream::Handle;
    use super::super::walk::slashed;
    use super::super::{Limits, documents};
    use super::{Members, name};
    use std::collections::HashSet;
    use std::fs::File;
    use std::io::{self, BufWriter, Read, Seek, SeekFrom};
    use std::path::{Component, Path, PathBuf};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Members of one archive at most.
    const ENTRIES: usize = 1_000_000;
    /// Bytes that one archive may unpack to.
    const BYTES: u64 = 64 << 30;
    /// Bytes that a member of a zip may unpack to, whatever its packed size.
    const UNPACKED_ANYWAY: u64 = 64 << 20;
    /// Bytes out of one packed byte at most.
    const RATIO: u64 = 1_000;

    /// Bytes of the headers of one member of a tar: the crate holds long names in memory.
    const HEADERS: u64 = 1 << 20;

    /// A reader that gives so many bytes and then fails.
    struct Rationed<R> {
        reader: R,
        left: Arc<AtomicU64>,
    }

    impl<R: Read> Read for Rationed<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.reader.read(buffer)?;
            let left = self.left.load(Ordering::Relaxed);
            if count as u64 > left {
                return Err(io::Error::other(format!("a member with headers of more than {HEADERS} bytes")));
            }
            self.left.store(left - count as u64, Ordering::Relaxed);
            Ok(count)
        }
    }

    /// Unpacks `archive`. What cannot be unpacked becomes a source that says why when it is read.
    pub(in super::super) fn members(archive: &Source) -> Members {
        let mut members = Members::default();
        let unpacked = Unpacking::new(archive).and_then(|mut unpacking| {
            let read = if archive.form() == Form::Zip { unpacking.zip() } else { unpacking.tar() };
            // What came before the fault counts.
            unpacking.hand_over(&mut members).and(read)
        });
        if let Err(error) = unpacked {
            let reason = format!("expected a sound archive, found a fault: {error}; fetch it again");
            members.lost(archive, "", reason);
        } else if members.sources.is_empty() && members.passed_over.is_empty() {
            members.lost(archive, "", "expected stories in the archive, found none; leave it out");
        }
        members
    }

    /// A member that has been met.
    enum Member {
        Unpacked { path: String, start: u64, length: u64 },
        Lost { path: String, reason: String },
    }

    struct Unpacking<'a> {
        archive: &'a Source,
        spool: BufWriter<File>,
        written: u64,
        met: Vec<Member>,
    }

    impl<'a> Unpacking<'a> {
        fn new(archive: &'a Source) -> io::Result<Self> {
            Ok(Self { archive, spool: BufWriter::new(tempfile::tempfile()?), written: 0, met: Vec::new() })
        }

        /// Takes one member in; `most` bounds its bytes.
        fn take(&mut self, path: &Path, from: &mut dyn Read, most: u64) -> io::Result<()> {
            let shown = slashed(path);
            if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
                let reason =
                    format!("expected a name inside the archive, found `{}`; leave it out", path.display());
                self.met.push(Member::Lost { path: shown, reason });
                return Ok(());
            }
            let is_hidden = |part: &str| part.starts_with('.') || part == "__MACOSX";
            if shown.split('/').any(is_hidden) {
                return Ok(());
            }
            if self.met.len() >= ENTRIES {
                return Err(io::Error::other(format!("more than {ENTRIES} members")));
            }
            let most = most.min(BYTES - self.written);
            let start = self.written;
            let copied = io::copy(&mut from.take(most + 1), &mut self.spool);
            let length = self.spool.stream_position()? - start;
            self.written += length;
            self.met.push(match copied {
                Ok(length) if length > most => {
                    let reason = format!("expected at most {most} bytes when unpacked, found more; unpack it yourself if you trust it");
                    Member::Lost { path: shown, reason }
                }
                Ok(_) => Member::Unpacked { path: shown, start, length },
                Err(error) => {
                    let reason = format!("expected a sound member, found damage ({error}); fetch the archive again");
                    Member::Lost { path: shown, reason }
                }
            });
            if self.written >= BYTES {
                return Err(io::Error::other(format!("more than {BYTES} bytes when unpacked")));
            }
            Ok(())
        }

        fn zip(&mut self) -> io::Result<()> {
            let handle = self.archive.handle().map_err(io::Error::other)?;
            let length = handle.length()?;
            let mut zip = zip::ZipArchive::new(io::BufReader::new(Window { handle, at: 0, length }))
                .map_err(io::Error::from)?;
            for index in 0..zip.len() {
                let raw = zip.name_for_index(index).and_then(Result::ok).unwrap_or_default().into_owned();
                match zip.by_index(index) {
                    Ok(mut member) if member.is_file() => {
                        let most = member.compressed_size().saturating_mul(RATIO).max(UNPACKED_ANYWAY);
                        self.take(Path::new(&raw), &mut member, most)?;
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let reason = format!(
                            "expected a sound member, found a fault: {error}; fetch the archive again"
                        );
                        self.met.push(Member::Lost { path: slashed(Path::new(&raw)), reason });
                    }
                }
            }
            Ok(())
        }

        fn tar(&mut self) -> io::Result<()> {
            let stream = self.archive.stream(Content::Binary).map_err(io::Error::other)?;
            let left = Arc::new(AtomicU64::new(HEADERS));
            let mut tar = tar::Archive::new(Rationed { reader: stream, left: Arc::clone(&left) });
            for member in tar.entries()? {
                let mut member = member?;
                left.store(u64::MAX, Ordering::Relaxed);
                self.tar_member(&mut member)?;
                // What is left of it would count as headers of the next one.
                io::copy(&mut member, &mut io::sink())?;
                left.store(HEADERS, Ordering::Relaxed);
            }
            Ok(())
        }

        fn tar_member(&mut self, member: &mut tar::Entry<'_, impl Read>) -> io::Result<()> {
            let (kind, size) = (member.header().entry_type(), member.size());
            let path = member.path()?.into_owned();
            if kind.is_gnu_sparse() {
                let reason = "found a file with holes, which is not unpacked; unpack the archive yourself";
                self.met.push(Member::Lost { path: slashed(&path), reason: reason.to_owned() });
            }
            // A link is no file, and is not followed.
            if !kind.is_file() {
                return Ok(());
            }
            self.take(&path, member, BYTES)?;
            let is_cut = matches!(self.met.last(), Some(Member::Unpacked { length, .. }) if *length < size);
            if is_cut && let Some(Member::Unpacked { path, .. }) = self.met.pop() {
                let reason =
                    "expected more of the member, found the end; the archive is cut short; fetch it again";
                self.met.push(Member::Lost { path, reason: reason.to_owned() });
            }
            Ok(())
        }

        /// The members as files, in the order of their names.
        fn hand_over(self, members: &mut Members) -> io::Result<()> {
            let file = Arc::new(self.spool.into_inner().map_err(io::IntoInnerError::into_error)?);
            let archive = self.archive;
            for member in self.met {
                match member {
                    Member::Lost { path, reason } => members.lost(archive, &path, reason),
                    Member::Unpacked { path, start, length } => {
                        let handle = Handle::part(Arc::clone(&file), start, length);
                        let (full, form) = (archive.path.join(&path), Form::by_name(Path::new(&path)));
                        let mut source =
                            Source::new(&full, name(archive, &path), form, length, Origin::Spool(handle));
                        if !source.judge() {
                            members.passed_over.push(full);
                        } else if matches!(source.form(), Form::Zip | Form::Tar) {
                            members.lost(
                                archive,
                                &path,
                                "found an archive in an archive; unpack the outer one",
                            );
                        } else {
                            members.sources.push(source);
                        }
                    }
                }
            }
            members.sources.sort_by(|x, y| x.name.cmp(&y.name));
            gather(&mut members.sources);
            Ok(())
        }
    }

    /// Puts the pages that METS files gather beside these, which read them.
    fn gather(sources: &mut Vec<Source>) {
        let mut gathered = HashSet::new();
        for at in 0..sources.len() {
            if !mets::is_named(&sources[at].path) {
                continue;
            }
            let Ok(text) = documents::content(&sources[at], Limits::default()) else { continue };
            let pages: HashSet<PathBuf> = mets::pages(&text, &sources[at].path).into_iter().collect();
            let found = sources.iter().filter(|source| pages.contains(&source.path));
            let found = found.filter_map(|page| Some((page.path.clone(), page.size, page.handle().ok()?)));
            sources[at].beside = found.collect();
            gathered.extend(sources[at].beside.iter().map(|(path, ..)| path.clone()));
        }
        sources.retain(|source| !gathered.contains(&source.path));
    }

    /// A file, or a stretch of one, with a cursor.
    struct Window {
        handle: Handle,
        at: u64,
        length: u64,
    }

    impl Read for Window {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.handle.read_at(buffer, self.at)?;
            self.at += count as u64;
            Ok(count)
        }
    }

    impl Seek for Window {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            let at = match to {
                SeekFrom::Start(at) => Some(at),
                SeekFrom::End(offset) => self.length.checked_add_signed(offset),
                SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
            };
            self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
            Ok(self.at)
        }
    }
}
