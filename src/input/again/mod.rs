//! From files to one file with some of their records, as they came.

#[cfg(feature = "parquet")]
mod columns;
mod rows;

use super::block::{Block, BlockContent, Chunk, MARK, Records};
use super::charset::Content;
use super::documents;
use super::fields::Fields;
use super::files::{Files, Shape, Source, shape};
use super::form::Form;
use super::{Corpus, Limits};
use crate::error::{Error, Result};
use rows::Rows;
use std::io::{self, Write};
use std::path::Path;

/// A record as it came.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// The file that holds it.
    pub path: &'a Path,
    /// Its line there, or its row; 0 for one that a file holds among others, or alone.
    pub line: u64,
    /// What it is made of.
    pub content: Sending<'a>,
}

/// What a record is made of.
#[derive(Clone, Copy, Debug)]
pub enum Sending<'a> {
    /// A JSON value, byte for byte; a line without its end.
    Json(&'a [u8]),
    /// A row of a table, byte for byte, without its end.
    Row(&'a [u8]),
    /// A row of a Parquet file.
    Columns,
    /// A file that is read as a whole.
    File,
    /// Nothing that could be written: too long, or behind the fault where the reading ended.
    Lost,
}

/// What the records of all files have in common, so that one file can hold them.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Plan {
    /// JSON values: a line each, or the elements of one array.
    Json { is_array: bool },
    /// Rows under one header, each with such an end. `told` is the line above it that says what parts
    /// fields, and empty where there is none.
    Table { told: Vec<u8>, header: Vec<u8>, end: &'static [u8] },
    /// Rows of Parquet files of one schema.
    #[cfg(feature = "parquet")]
    Columns,
    /// Whole files, by name.
    Names,
}

/// Files whose records can be written to one file.
#[derive(Debug)]
pub struct Again<'a> {
    files: &'a Files,
    plan: Plan,
}

/// Whether the record at an index of a block is written again.
pub type Verdict<'a> = &'a mut dyn FnMut(usize, usize, &Sent<'_>) -> io::Result<bool>;

impl Files {
    /// Checks that one file can hold the records of all: JSON lines and arrays; tables with one
    /// header; Parquet files of one schema; or files that are read as a whole, which are written
    /// by name. Cost: a look at each file.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input), naming two files that differ, or one whose
    /// records cannot be written by themselves.
    pub fn again(&self) -> Result<Again<'_>> {
        let mut plan: Option<(Plan, &Path)> = None;
        for source in self.sources() {
            let Some(found) = plan_of(source)? else { continue };
            plan = Some(match plan {
                None => (found, &source.path),
                Some((plan, first)) => match joined(&plan, &found) {
                    Some(both) => (both, first),
                    None => return Err(unlike((&plan, first), (&found, &source.path))),
                },
            });
        }
        Ok(Again { files: self, plan: plan.map_or(Plan::Json { is_array: false }, |(plan, _)| plan) })
    }
}

/// `None` for a file that holds nothing, or cannot be read: its one record says so.
fn plan_of(source: &Source) -> Result<Option<Plan>> {
    Ok(match source.form() {
        form if form.is_whole() => Some(Plan::Names),
        Form::Table(_) => Rows::open(source).ok().map(Rows::plan),
        #[cfg(feature = "parquet")]
        Form::Parquet => Some(Plan::Columns),
        Form::Json | Form::Lines => json_plan(source),
        _ => {
            let text = "expected JSON, CSV, Parquet or files of one story, found records that cannot be \
                        written by themselves; leave the file out";
            return Err(Error::input(text).at(&source.path, 0));
        }
    })
}

fn json_plan(source: &Source) -> Option<Plan> {
    let stream = source.stream(Content::Json).ok().filter(|stream| !stream.is_blank())?;
    let is_lines = shape(&stream, source).ok()? == Shape::Lines;
    let is_array = !is_lines && stream.head().trim_ascii_start().first() == Some(&b'[');
    Some(Plan::Json { is_array })
}

/// What holds the records of both.
fn joined(one: &Plan, other: &Plan) -> Option<Plan> {
    match (one, other) {
        (Plan::Json { is_array: a }, Plan::Json { is_array: b }) => Some(Plan::Json { is_array: *a && *b }),
        (Plan::Table { header: a, .. }, Plan::Table { header: b, .. }) => (a == b).then(|| one.clone()),
        _ => (one == other).then(|| one.clone()),
    }
}

fn unlike(a: (&Plan, &Path), b: (&Plan, &Path)) -> Error {
    let said = |(plan, path): (&Plan, &Path)| {
        let what = match plan {
            Plan::Json { .. } => "JSON".to_owned(),
            Plan::Table { header, .. } => {
                format!("a table of the columns {}", String::from_utf8_lossy(header))
            }
            #[cfg(feature = "parquet")]
            Plan::Columns => "Parquet".to_owned(),
            Plan::Names => "a file of one story".to_owned(),
        };
        format!("{} is {what}", path.display())
    };
    let text = format!(
        "one file cannot hold the records of both: {}, and {}; convert one of them",
        said(a),
        said(b)
    );
    Error::input(text)
}

impl Again<'_> {
    /// Reads the files again and writes those records that `verdict` says, in order.
    ///
    /// # Errors
    /// Those of `out` and of `verdict`; those of reading, with the [`Error`] inside.
    pub fn write(&self, out: &mut dyn Write, verdict: Verdict<'_>) -> io::Result<()> {
        let mut copy = Copy::new(self, out)?;
        for block in self.files.blocks(&|_| true) {
            copy.block(block, verdict)?;
        }
        copy.finish()
    }
}

/// Where a record stands.
struct At<'a> {
    block: usize,
    index: usize,
    source: &'a Source,
}

/// The file that is written.
struct Copy<'a, 'w> {
    plan: &'a Plan,
    out: &'w mut dyn Write,
    /// How many JSON values are written.
    values: u64,
    /// The table at hand, by the path of its file.
    rows: Option<(&'a Path, Rows)>,
    #[cfg(feature = "parquet")]
    columns: columns::Columns<'a>,
}

impl<'a, 'w> Copy<'a, 'w> {
    fn new(again: &'a Again<'_>, out: &'w mut dyn Write) -> io::Result<Self> {
        match &again.plan {
            Plan::Table { told, header, end } => out.write_all(&[&told[..], header, end].concat())?,
            Plan::Json { is_array: true } => out.write_all(b"[")?,
            _ => {}
        }
        Ok(Self {
            plan: &again.plan,
            out,
            values: 0,
            rows: None,
            #[cfg(feature = "parquet")]
            columns: columns::Columns::default(),
        })
    }

    fn block(&mut self, block: Block<'a>, verdict: Verdict<'_>) -> io::Result<()> {
        match block.content {
            BlockContent::Documents { sources, limits, fields } => {
                self.documents(block.number, sources, limits, fields, verdict)
            }
            BlockContent::Chunk { chunk, source, files } => {
                let bytes = self.chunk((block.number, source), chunk, verdict)?;
                files.spare().give(bytes);
                Ok(())
            }
            BlockContent::Stories(_) | BlockContent::Rows { .. } => Ok(()),
        }
    }

    /// Gives the buffer of the chunk back.
    fn chunk(
        &mut self,
        (block, source): (usize, &'a Source),
        chunk: Chunk,
        verdict: Verdict<'_>,
    ) -> io::Result<Vec<u8>> {
        let Chunk { bytes, records, fault, .. } = chunk;
        let mut at = At { block, index: 0, source };
        match records {
            Records::Lines { first, len } => {
                for (number, line) in super::block::lines(&bytes[..len], first) {
                    let line = line.strip_prefix(MARK).unwrap_or(line);
                    self.judge(&mut at, number, Sending::Json(line), verdict)?;
                }
            }
            Records::Elements(elements) => {
                for element in elements {
                    let json = element.span.ok().map(|span| Sending::Json(&bytes[span]));
                    self.judge(&mut at, element.line, json.unwrap_or(Sending::Lost), verdict)?;
                }
            }
            Records::Stories(stories) => {
                for _ in stories {
                    self.row(&mut at, verdict)?;
                }
            }
            // No plan has them.
            Records::Crawled(_) => {}
        }
        if fault.is_some() {
            self.judge(&mut at, 0, Sending::Lost, verdict)?;
        }
        Ok(bytes)
    }

    /// The next row of a table or of columns.
    fn row(&mut self, at: &mut At<'a>, verdict: Verdict<'_>) -> io::Result<()> {
        #[cfg(feature = "parquet")]
        if *self.plan == Plan::Columns {
            let number = self.columns.next_of(at.source);
            return self.judge(at, number, Sending::Columns, verdict);
        }
        let (number, row) = self.next_row(at.source)?;
        self.judge(at, number, row.as_deref().map_or(Sending::Lost, Sending::Row), verdict)
    }

    /// Asks about the record at hand, and keeps it if that is the answer.
    fn judge(
        &mut self,
        at: &mut At<'a>,
        line: u64,
        content: Sending<'_>,
        verdict: Verdict<'_>,
    ) -> io::Result<()> {
        let sent = Sent { path: &at.source.path, line, content };
        let is_kept = verdict(at.block, at.index, &sent)?;
        at.index += 1;
        self.keep(at.source, &sent, is_kept)
    }

    fn documents(
        &mut self,
        number: usize,
        sources: &'a [Source],
        limits: Limits,
        fields: &Fields,
        verdict: Verdict<'_>,
    ) -> io::Result<()> {
        let mut index = 0;
        for source in sources {
            let mut is_kept = false;
            for _ in documents::read(source, limits, fields) {
                let sent = Sent { path: &source.path, line: 0, content: Sending::File };
                is_kept |= verdict(number, index, &sent)?;
                index += 1;
            }
            if is_kept {
                writeln!(self.out, "{}", source.path.display())?;
            }
        }
        Ok(())
    }

    fn next_row(&mut self, source: &'a Source) -> io::Result<(u64, Option<Vec<u8>>)> {
        if self.rows.as_ref().is_none_or(|(path, _)| *path != source.path) {
            self.rows = Some((&source.path, Rows::open(source).map_err(io::Error::other)?));
        }
        match &mut self.rows {
            Some((_, rows)) => rows.next(),
            None => Ok((0, None)),
        }
    }

    #[cfg_attr(not(feature = "parquet"), expect(unused_variables, reason = "only columns look at it"))]
    fn keep(&mut self, source: &'a Source, sent: &Sent<'_>, is_kept: bool) -> io::Result<()> {
        match (sent.content, self.plan) {
            #[cfg(feature = "parquet")]
            (Sending::Columns, _) => return self.columns.mark(source, is_kept, self.out),
            #[cfg(not(feature = "parquet"))]
            (Sending::Columns, _) => return Ok(()),
            (Sending::Lost | Sending::File, _) => return Ok(()),
            _ if !is_kept => return Ok(()),
            (Sending::Json(bytes), Plan::Json { is_array: true }) => {
                self.out.write_all(if self.values == 0 { b"\n" } else { b",\n" })?;
                self.out.write_all(bytes)?;
            }
            (Sending::Json(bytes), _) => {
                self.out.write_all(&one_line(bytes))?;
                self.out.write_all(b"\n")?;
            }
            (Sending::Row(bytes), plan) => {
                self.out.write_all(bytes)?;
                self.out.write_all(if let Plan::Table { end, .. } = plan { end } else { b"\n" })?;
            }
        }
        self.values += 1;
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        #[cfg(feature = "parquet")]
        self.columns.finish(self.out)?;
        match self.plan {
            Plan::Json { is_array: true } => self.out.write_all(b"\n]\n"),
            _ => Ok(()),
        }
    }
}

/// A JSON value without the line ends between its parts; within a string there are none.
pub fn one_line(json: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let trimmed = json.strip_suffix(b"\r").unwrap_or(json);
    if memchr::memchr2(b'\n', b'\r', trimmed).is_none() {
        return json.into();
    }
    let lines = json.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii);
    lines.collect::<Vec<_>>().concat().into()
}
