//! From the paths that were named to the files that are read, in a fixed order.

use super::files::{Origin, Source};
use super::form::{Form, READ};
use super::print::mets;
use super::stream::Handle;
use crate::error::{Error, Result};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use walkdir::{DirEntry, WalkDir};

/// What was found under the named paths.
#[derive(Default)]
pub(super) struct Found {
    pub(super) sources: Vec<Source>,
    /// Archives whose members are among the sources.
    pub(super) archives: Vec<PathBuf>,
    /// Files in walked folders that hold no stories.
    pub(super) passed_over: Vec<PathBuf>,
    seen: HashSet<PathBuf>,
    gathered: Gathered,
}

/// Pages that METS files gather into articles, and that are read there, folder by folder; each METS
/// file is looked into once.
#[derive(Debug, Default)]
pub struct Gathered(HashMap<PathBuf, HashSet<PathBuf>>);

impl Gathered {
    /// Whether a METS file, in the folder of `path` or the one above it, gathers it into articles.
    pub(super) fn holds(&mut self, path: &Path) -> bool {
        let folders = path.ancestors().skip(1).take(2).filter(|folder| !folder.as_os_str().is_empty());
        folders.into_iter().any(|folder| {
            if !self.0.contains_key(folder) {
                self.0.insert(folder.to_owned(), mets::pages_of_folder(folder));
            }
            self.0[folder].contains(path)
        })
    }
}

impl Found {
    /// Adds what `path` names: a file, a folder, or `-` for `stdin`.
    pub(super) fn add(&mut self, path: &Path, stdin: &mut dyn Read) -> Result<()> {
        if path == Path::new("-") {
            if self.seen.insert(path.to_owned()) {
                self.sources.push(spool(path, stdin)?);
            }
            return Ok(());
        }
        let about = fs::metadata(path).map_err(|error| Error::io(path, "open", error))?;
        if about.is_dir() {
            return self.walk(path);
        }
        if !self.is_new(path) {
            return Ok(());
        }
        if !about.is_file() {
            // A pipe can be read once only, and a corpus is read twice.
            let mut pipe = super::stream::open(path)?;
            self.sources.push(spool(path, &mut pipe)?);
            return Ok(());
        }
        let name = path.file_name().map_or(path.to_string_lossy(), |name| name.to_string_lossy());
        self.sources.push(Source::new(path, name, Form::by_name(path), about.len(), Origin::Path));
        Ok(())
    }

    fn walk(&mut self, root: &Path) -> Result<()> {
        let before = self.sources.len();
        let mut met_again = false;
        for entry in entries(root) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    let path = entry.path();
                    let size = entry.metadata().map_or(0, |about| about.len());
                    let form = Form::by_name(path);
                    let mut source = Source::new(path, id_under(root, path), form, size, Origin::Path);
                    if !source.judge() {
                        self.passed_over.push(path.to_owned());
                    } else if self.gathered.holds(path) || !self.is_new(path) {
                        met_again = true;
                    } else {
                        self.sources.push(source);
                    }
                }
                Ok(_) => {}
                Err(error) => self.unreadable(root, &error),
            }
        }
        if self.sources.len() == before && !met_again {
            return Err(no_stories(root));
        }
        Ok(())
    }

    /// What the walk could not enter becomes a source, so that it is reported as a record that
    /// was skipped. Loops and dead links of other extensions hold no stories.
    fn unreadable(&mut self, root: &Path, error: &walkdir::Error) {
        let Some(path) = error.path() else { return };
        let is_missing = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
        if error.loop_ancestor().is_some()
            || (is_missing && Form::by_name(path).is_none())
            || !self.is_new(path)
        {
            return;
        }
        // Whatever opens it meets the same failure again and reports it.
        self.sources.push(Source::new(path, id_under(root, path), Some(Form::Text), 0, Origin::Path));
    }

    /// Whether the file is met for the first time, under whatever name.
    fn is_new(&mut self, path: &Path) -> bool {
        self.seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
    }
}

/// What is below a folder, in order: hidden entries are left out, links are followed, but not to a
/// folder that the walk is in already.
pub(super) fn entries(root: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let inside = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let is_shown = move |entry: &DirEntry| {
        if entry.depth() == 0 {
            return true;
        }
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        let is_link = entry.path_is_symlink() && entry.file_type().is_dir();
        let leads_above = || fs::canonicalize(entry.path()).is_ok_and(|path| inside.starts_with(path));
        !(is_hidden || is_link && leads_above())
    };
    WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(is_shown)
}

/// A folder, or a set of paths, without anything to read.
pub(super) fn no_stories(root: &Path) -> Error {
    Error::input(format!("no stories in {}: expected {READ}", root.display()))
}

/// The path below the walked root, with `/` on every system.
pub(super) fn id_under(root: &Path, path: &Path) -> String {
    slashed(path.strip_prefix(root).unwrap_or(path))
}

/// A path with `/` on every system, without what leads out of it.
pub(super) fn slashed(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Copies what can be read only once to a file that has no name any more.
fn spool(path: &Path, from: &mut dyn Read) -> Result<Source> {
    let failed = |error| Error::io(path, "copy the input to a temporary file", error);
    let mut file = tempfile::tempfile().map_err(failed)?;
    let size = io::copy(from, &mut file).map_err(failed)?;
    Ok(Source::new(
        path,
        path.to_string_lossy(),
        Form::by_name(path),
        size,
        Origin::Spool(Handle::whole(Arc::new(file))),
    ))
}
