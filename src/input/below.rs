//! From a folder that fills to its files, one at a time, each named as a walk of the folder does.

use super::files::{Files, Origin, Source};
use super::form::Form;
use super::walk::{Found, Gathered, entries, id_under};
use super::{Fields, Limits};
use crate::error::{Error, Result};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

impl Files {
    /// The files that a walk of `root` meets now, whatever they hold, in its order: hidden entries
    /// and loops of links passed over, each file once. What cannot be entered is left out.
    pub fn walked(root: &Path) -> Vec<PathBuf> {
        let mut seen = HashSet::new();
        let files = entries(root).flatten().filter(|entry| entry.file_type().is_file());
        let paths = files.map(walkdir::DirEntry::into_path);
        paths.filter(|path| fs::canonicalize(path).is_ok_and(|file| seen.insert(file))).collect()
    }

    /// The file `path` below the folder `root`, as [`Files::open`] of the folder reads it: a story
    /// without an id is known by the path below `root`, and a file that tells nowhere what it is
    /// is passed over, as is a page that a METS file holds, which `gathered` remembers for the files
    /// to come.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if there is no such file.
    pub fn open_below(root: &Path, path: &Path, fields: Fields, gathered: &mut Gathered) -> Result<Self> {
        let about = fs::metadata(path).map_err(|error| Error::io(path, "open", error))?;
        let (name, form) = (id_under(root, path), Form::by_name(path));
        let mut source = Source::new(path, name, form, about.len(), Origin::Path);
        let mut found = Found::default();
        match source.judge() {
            _ if gathered.holds(path) => {}
            true => found.keep(source, &fields),
            false => found.passed_over.push(path.to_owned()),
        }
        Ok(Self::of(found, fields, Limits::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Corpus;

    fn ids(files: &Files) -> Vec<String> {
        let mut ids = Vec::new();
        for block in files.blocks(&|_| true) {
            block.records(|_| true, |_, record| ids.push(record.unwrap().id.clone()));
        }
        ids
    }

    #[test]
    fn a_file_by_itself_is_what_the_walk_makes_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in ["mon/1.txt", "tue/1.txt", "tue/.2.txt", "README", "tue/3.jsonl"] {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            let is_json = path.ends_with("jsonl");
            let text = if is_json { "{\"text\":\"The dam was leased.\"}" } else { "The depot was closed." };
            fs::write(root.join(path), text).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("tue/loop")).unwrap();
        let walked = Files::walked(root);
        let mut gathered = Gathered::default();
        let mut one =
            |path: &PathBuf| ids(&Files::open_below(root, path, Fields::default(), &mut gathered).unwrap());
        let by_one: Vec<String> = walked.iter().flat_map(&mut one).collect();
        assert_eq!(by_one, ids(&Files::open(&[root.to_owned()], Fields::default()).unwrap()));
        assert!(by_one.contains(&"tue/1.txt".to_owned()), "{by_one:?}");
        assert_eq!(walked.len(), 4);
    }
}
