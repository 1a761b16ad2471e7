//! From paths to a corpus: which files there are, and how each one is read.

use super::block::Spare;
use super::charset::Content;
use super::elements::shown;
use super::form::Form;
use super::lines::Mark;
use super::reading::Reading;
use super::stream::{self, Handle, Stream};
use super::walk::{Found, no_stories};
use super::{Block, Corpus, Fields, Limits, Unreads, archive, json, packing};
use crate::error::{Error, Result};
use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes by which a file is known that has a name to go by.
const LOOK: usize = 8 << 10;
/// Small files that are read together at most.
const DOCUMENTS_PER_BLOCK: usize = 64;

/// Stories in files and folders.
///
/// Folders are walked, hidden entries and loops of links passed over; a file that is met twice
/// is read once. What a file is is found from its content, or else from its extension, also below
/// that of a packing: text, JSON, ninjs, `NewsML`, NITF, IPTC 7901, ANPA 1312, feeds, pages, mail,
/// WARC, CSV, Parquet; zip and tar archives are unpacked to a temporary file. A file in a walked
/// folder that is none of these holds no story; one that is named by itself is taken for text.
/// A file that is read gives a story or an error, whatever is in it.
#[derive(Debug)]
pub struct Files {
    sources: Vec<Source>,
    units: Vec<Unit>,
    archives: Vec<PathBuf>,
    passed_over: Vec<PathBuf>,
    fields: Fields,
    limits: Limits,
    spare: Spare,
}

/// What is read in one go.
#[derive(Clone, Debug)]
pub(super) enum Unit {
    /// Files that are read as a whole and make one block.
    Documents(Range<usize>),
    /// A file that gives as many blocks as it takes.
    Stream(usize),
}

/// Where the bytes are.
#[derive(Debug)]
pub(super) enum Origin {
    /// In the file of that path.
    Path,
    /// In a nameless copy, because they came through a pipe or lay in an archive.
    Spool(Handle),
    /// Nowhere: the sentence says why.
    Lost(String),
}

/// One file.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// What stands for it in ids.
    pub(super) name: String,
    /// `None` until it is judged by content.
    form: Option<Form>,
    /// Bytes as stored.
    pub(super) size: u64,
    origin: Origin,
    /// Pages of the same archive that this file gathers, and their sizes.
    pub(super) beside: Vec<(PathBuf, u64, Handle)>,
    layout: Mutex<Layout>,
}

/// What the first reading has learnt of the blocks of a file, so that later ones can skip.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Where each block begins; empty where that cannot be reached without reading.
    pub(super) marks: Vec<Mark>,
    /// How many blocks there are, once the file has been read to its end.
    pub(super) count: Option<usize>,
    /// What was met by then and not read.
    pub(super) unread: Unreads,
}

impl Source {
    pub(super) fn new(
        path: &Path,
        name: impl Into<String>,
        form: Option<Form>,
        size: u64,
        origin: Origin,
    ) -> Self {
        let (beside, layout) = (Vec::new(), Mutex::default());
        Self { path: path.to_owned(), name: name.into(), form, size, origin, beside, layout }
    }

    /// The bytes as they are stored.
    pub(super) fn handle(&self) -> Result<Handle> {
        match &self.origin {
            Origin::Path => Ok(Handle::whole(Arc::new(stream::open(&self.path)?))),
            Origin::Spool(handle) => Ok(handle.clone()),
            Origin::Lost(reason) => Err(Error::input(reason.clone()).at(&self.path, 0)),
        }
    }

    /// Starts to read the file.
    pub(super) fn stream(&self, content: Content) -> Result<Stream> {
        let read = Stream::new(self.handle()?, &self.path, content);
        read.map_err(|error| Error::io(&self.path, "read", error))
    }

    pub(super) fn layout(&self) -> MutexGuard<'_, Layout> {
        self.layout.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn form(&self) -> Form {
        self.form.unwrap_or(Form::Text)
    }

    /// Settles by content how the file is read, and by its name where the content could be
    /// anything; whether that is known then.
    pub(super) fn judge(&mut self) -> bool {
        self.form = match self.first_bytes() {
            Some(head) => Form::of(self.form, &head),
            // Whatever reads it meets the same failure and reports it.
            None => self.form.or(Some(Form::Text)),
        };
        self.form.is_some()
    }

    /// The first bytes, unpacked; `None` if they cannot be read. Of a file whose name says what
    /// it is a look at fewer of them will do.
    fn first_bytes(&self) -> Option<Vec<u8>> {
        let mut head = vec![0; LOOK];
        if self.form.is_some() {
            let length = self.handle().ok()?.read_at(&mut head, 0).ok()?;
            head.truncate(length);
            if !packing::is_packed(&head, &self.path) {
                return Some(head);
            }
        }
        let stream = self.stream(Content::Binary).ok()?;
        stream.is_sound().then(|| stream.head().to_owned())
    }

    /// Takes a file that was named by itself, and that nothing tells what it is, for JSON or text.
    fn judge_named(&mut self) {
        if !self.judge() {
            let first = self.stream(Content::Text).ok().and_then(|stream| first_byte(stream.head()));
            let is_json = matches!(first, Some(b'{' | b'['));
            self.form = Some(if is_json { Form::Json } else { Form::Text });
        }
    }

    /// Whether the file holds labels for `dedup eval` rather than stories.
    fn is_labels(&self, fields: &Fields) -> bool {
        if !matches!(self.form, Some(Form::Json | Form::Lines)) {
            return false;
        }
        let Ok(stream) = self.stream(Content::Json) else { return false };
        let first = stream.head().split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
        first.and_then(|line| std::str::from_utf8(line).ok()).is_some_and(|line| json::is_label(line, fields))
    }
}

/// The first byte that is not blank.
fn first_byte(head: &[u8]) -> Option<u8> {
    head.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

/// How the bytes of a JSON file are cut.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    Lines,
    Elements,
}

/// Tells JSON lines from other JSON: the extension may be wrong. An error for what is neither.
pub(super) fn shape(stream: &Stream, source: &Source) -> Result<Shape> {
    let head = stream.head();
    let trimmed = head.trim_ascii_start();
    let first = trimmed.first().copied();
    if !matches!(first, Some(b'{' | b'[')) && memchr::memchr(0, head).is_some() {
        let text = format!("binary file: expected JSON, found {}; leave it out", shown(&[0]));
        return Err(Error::input(text).at(&source.path, 0));
    }
    let line = trimmed.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    let is_lines = match (source.form(), first) {
        (_, Some(b'[')) => false,
        // The opening of an object that goes on over many lines.
        (Form::Lines, _) => line != b"{",
        _ => is_lines(trimmed),
    };
    Ok(if is_lines { Shape::Lines } else { Shape::Elements })
}

/// Whether a text that begins so has a value of JSON a line: the first line is one, and more come.
pub(super) fn is_lines(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let line = lines.next().unwrap_or_default();
    line.starts_with(b"{")
        && lines.any(|line| !line.is_empty())
        && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}

impl Found {
    /// Keeps a file that is read, or the members of an archive.
    pub(super) fn keep(&mut self, mut source: Source, fields: &Fields) {
        source.judge_named();
        if matches!(source.form(), Form::Zip | Form::Tar) {
            let members = archive::members(&source);
            self.sources.extend(members.sources);
            self.passed_over.extend(members.passed_over);
            self.archives.push(source.path);
        } else if source.is_labels(fields) {
            self.passed_over.push(source.path);
        } else {
            self.sources.push(source);
        }
    }
}

impl Files {
    /// Finds the files under `paths`: files, folders, or `-` for standard input, which is copied
    /// to a temporary file because it is read more than once.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] for a path that does not exist or an input that cannot be copied,
    /// [`ErrorKind::Input`] for a folder without stories. A file that cannot be read is no error
    /// here but a record that is one.
    ///
    /// [`ErrorKind::Io`]: crate::error::ErrorKind::Io
    /// [`ErrorKind::Input`]: crate::error::ErrorKind::Input
    pub fn open(paths: &[PathBuf], fields: Fields) -> Result<Self> {
        Self::open_with(paths, fields, &mut std::io::stdin().lock(), Limits::default())
    }

    pub(super) fn open_with(
        paths: &[PathBuf],
        fields: Fields,
        stdin: &mut dyn Read,
        limits: Limits,
    ) -> Result<Self> {
        let mut found = Found::default();
        for path in paths {
            let before = found.sources.len();
            found.add(path, stdin)?;
            let added = found.sources.split_off(before);
            let only_labels = !added.is_empty() && path.is_dir();
            for source in added {
                found.keep(source, &fields);
            }
            if only_labels && found.sources.len() == before {
                return Err(no_stories(path));
            }
        }
        Ok(Self::of(found, fields, limits))
    }

    pub(super) fn of(found: Found, fields: Fields, limits: Limits) -> Self {
        let Found { sources, archives, mut passed_over, .. } = found;
        passed_over.sort();
        passed_over.dedup();
        let units = units(&sources, limits);
        Self { sources, units, archives, passed_over, fields, limits, spare: Spare::default() }
    }

    /// The files that were passed over because they hold no stories, sorted: those of other
    /// extensions in walked folders, and labels for `dedup eval`.
    pub fn passed_over(&self) -> &[PathBuf] {
        &self.passed_over
    }

    /// Whether `file` is read, under whatever name: as it is, as an archive, or as standard input.
    /// For whoever is about to write a file.
    pub fn reads(&self, file: &Path) -> bool {
        let Some(file) = identity(file) else { return false };
        let mut read = self.sources.iter().map(|source| &source.path).chain(&self.archives);
        read.any(|path| identity(stdin_or(path)).is_some_and(|path| path == file))
    }

    pub(super) fn sources(&self) -> &[Source] {
        &self.sources
    }

    pub(super) fn units(&self) -> &[Unit] {
        &self.units
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    pub(super) fn spare(&self) -> &Spare {
        &self.spare
    }
}

/// Whether both are names of one file that is there: a link, a hard link, another way to it.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    identity(a).is_some_and(|file| identity(b) == Some(file))
}

/// What all names of one file have in common; `None` if there is no such file.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|about| (about.dev(), about.ino()))
}

/// The same where a file has no number: links to it are not seen.
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// Where what is read as `-` can be asked about.
fn stdin_or(path: &Path) -> &Path {
    if cfg!(unix) && path == Path::new("-") { Path::new("/dev/stdin") } else { path }
}

/// Groups neighbouring files that are read as a whole; all else stands alone.
fn units(sources: &[Source], limits: Limits) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut weight = 0;
    for (index, source) in sources.iter().enumerate() {
        if !source.form().is_whole() {
            units.push(Unit::Stream(index));
            continue;
        }
        weight += source.size;
        if let Some(Unit::Documents(range)) = units.last_mut()
            && range.len() < DOCUMENTS_PER_BLOCK
            && weight <= limits.block as u64
        {
            range.end = index + 1;
        } else {
            weight = source.size;
            units.push(Unit::Documents(index..index + 1));
        }
    }
    units
}

impl Corpus for Files {
    fn blocks<'a>(
        &'a self,
        wanted: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a> {
        Box::new(Reading::new(self, wanted))
    }

    fn size_hint(&self) -> Option<u64> {
        Some(self.sources.iter().map(|source| source.size).sum())
    }

    fn unread(&self) -> Unreads {
        let mut unread = Unreads::default();
        self.sources.iter().for_each(|source| unread.join(&source.layout().unread));
        unread
    }
}
