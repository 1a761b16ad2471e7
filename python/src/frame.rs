//! From Arrow batches to a corpus that reads the caller's own buffers.
//!
//! A story is made of its row when a worker asks for it and is dropped when the worker is done:
//! beside the columns only a handful of stories exist at any time. What comes as a stream and is
//! larger than a share of the memory allowed waits in a file, see [`crate::spool`].

use crate::column::Column;
use crate::spool::Spool;
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, Schema};
use dedup::Error;
use dedup::input::{Block, Corpus, Fields, Parts, Role};
use dedup::story::Story;
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

/// What stands for the path in messages about a row.
pub(crate) const TABLE: &str = "table";

/// Rows of a block.
const ROWS_PER_BLOCK: usize = 256;
/// Of the memory allowed one part in so many is for batches that wait.
const SHARE: u64 = 4;

/// The stories of a table.
pub(crate) struct Frame {
    layout: Layout,
    batches: Batches,
    blocks: Vec<Place>,
    rows: usize,
    /// Why the file of waiting batches could not be read.
    fault: Mutex<Option<ArrowError>>,
}

/// What the columns of a table stand for.
struct Layout {
    fields: Fields,
    names: Vec<String>,
    /// Whether no column can be an id, so that the row's number is.
    numbered: bool,
    /// Whether a row without an id is no story.
    needs_id: bool,
    id_type: Option<DataType>,
}

/// Where the batches are.
#[expect(clippy::large_enum_variant, reason = "a run has one")]
enum Batches {
    Held(Vec<Arc<Batch>>),
    Spooled(Spool),
}

struct Batch {
    /// The number of its first row in the table.
    first: usize,
    columns: Vec<Column>,
}

/// Rows of one batch that one worker reads.
struct Place {
    batch: usize,
    /// The number of the first row of the batch.
    first: usize,
    start: usize,
    rows: usize,
    bytes: u64,
}

impl Layout {
    /// # Errors
    /// `ValueError` if no column can be the text, one that `fields` names is missing, or one
    /// that counts stands twice.
    fn new(schema: &Schema, fields: Fields, needs_id: bool) -> PyResult<Self> {
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        require(&fields, &names)?;
        let roles = |role: Role| {
            let fields = &fields;
            let ranked = names.iter().zip(schema.fields()).filter_map(move |(name, field)| {
                fields_role(fields, name, role).map(|rank| (rank, name, field))
            });
            ranked.collect::<Vec<_>>()
        };
        for role in Role::ALL {
            let found = roles(role);
            if let Some((_, name, _)) =
                found.iter().find(|(rank, ..)| found.iter().filter(|(other, ..)| other == rank).count() > 1)
            {
                return Err(PyValueError::new_err(format!(
                    "expected one column `{name}`, found several; rename or drop all but one"
                )));
            }
        }
        let ids = roles(Role::Id);
        let (numbered, id_type) = match ids.as_slice() {
            [(.., field)] => (false, Some(field.data_type().clone())),
            found => (found.is_empty(), None),
        };
        Ok(Self { fields, names, numbered, needs_id, id_type })
    }

    /// The columns that count.
    fn columns(&self, batch: &RecordBatch) -> PyResult<Vec<Column>> {
        let mut columns = Vec::new();
        for (name, array) in self.names.iter().zip(batch.columns()) {
            if let Some((role, rank)) = self.fields.role(name) {
                columns.extend(Column::of(name, array, role, rank)?);
            }
        }
        Ok(columns)
    }

    fn story(&self, batch: &Batch, row: usize) -> Result<Story, Error> {
        let number = batch.first + row;
        let mut parts = Parts::default();
        for column in &batch.columns {
            if let Some(value) = column.get(row) {
                parts.offer(column.role, column.rank, value);
            }
        }
        let keys = || self.names.clone();
        if self.needs_id && !batch.has_id(row) {
            // Named, the id is one that a story must have.
            let id = self.fields.named(Role::Id).unwrap_or(Role::Id.names()[0]);
            let named = Fields { id: Some(id.to_owned()), ..Fields::default() };
            let mut parts = Parts::default();
            parts.offer(Role::Text, 0, Cow::Borrowed("a"));
            return parts.story(&named, TABLE, number as u64 + 1, keys);
        }
        if self.numbered {
            parts.offer(Role::Id, 0, Cow::Owned(number.to_string()));
        }
        parts.story(&self.fields, TABLE, number as u64 + 1, keys)
    }
}

fn fields_role(fields: &Fields, name: &str, wanted: Role) -> Option<u8> {
    fields.role(name).filter(|(role, _)| *role == wanted).map(|(_, rank)| rank)
}

impl Batch {
    fn has_id(&self, row: usize) -> bool {
        let mut ids = self.columns.iter().filter(|column| column.role == Role::Id);
        ids.any(|column| column.get(row).is_some_and(|id| !id.is_empty()))
    }
}

impl Frame {
    /// The corpus of the batches of a stream. With `memory`, in bytes, those beyond a share of it
    /// wait in a file.
    ///
    /// # Errors
    /// `ValueError` if no column can be the text, or one that `fields` names is missing;
    /// `TypeError` if that one holds no strings; what the stream fails with; `OSError` if there is
    /// no room for the file.
    pub(crate) fn new(
        schema: &Schema,
        batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
        fields: Fields,
        memory: Option<u64>,
        needs_id: bool,
    ) -> PyResult<Self> {
        let layout = Layout::new(schema, fields, needs_id)?;
        let (mut held, mut size, mut spool) = (Vec::new(), 0, None);
        let (mut blocks, mut rows) = (Vec::new(), 0);
        for batch in batches {
            let batch = batch.map_err(|error| broken(&error))?;
            for batch in pieces(batch, memory.is_some()) {
                let (first, count) = (rows, batch.num_rows());
                let batch = Batch { first, columns: layout.columns(&batch)? };
                let number = held.len() + spool.as_ref().map_or(0, Spool::len);
                let starts = (0..count).step_by(ROWS_PER_BLOCK);
                blocks.extend(starts.map(|start| Place::of(&batch, number, start, count)));
                rows += count;
                size += batch.columns.iter().map(|column| column.bytes(0, count)).sum::<u64>();
                match (&mut spool, memory) {
                    (Some(spool), _) => spool.push(&batch.columns).map_err(|error| broken(&error))?,
                    (None, Some(memory)) if size > memory / SHARE => {
                        held.push(Arc::new(batch));
                        let columns = held.iter().map(|batch| batch.columns.as_slice());
                        spool = Some(Spool::of(columns).map_err(|error| broken(&error))?);
                        held.clear();
                    }
                    _ => held.push(Arc::new(batch)),
                }
            }
        }
        let batches = match spool {
            Some(mut spool) => {
                spool.seal().map_err(|error| broken(&error))?;
                Batches::Spooled(spool)
            }
            None => Batches::Held(held),
        };
        Ok(Self { layout, batches, blocks, rows, fault: Mutex::default() })
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The type of the one column of ids, if there is one.
    pub(crate) fn id_type(&self) -> Option<DataType> {
        self.layout.id_type.clone()
    }

    /// Every row in order, for those who need no second look.
    pub(crate) fn stories(&self) -> impl Iterator<Item = Result<Story, Error>> {
        let mut batches = Reading::of(self);
        self.blocks.iter().flat_map(move |place| {
            let batch = batches.get(place);
            (place.start..place.start + place.rows).map(move |row| self.layout.story(&batch, row))
        })
    }

    /// # Errors
    /// `OSError` if batches that waited in a file could not be read.
    pub(crate) fn sound(&self) -> PyResult<()> {
        match self.fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(broken(&error)),
            None => Ok(()),
        }
    }
}

impl Place {
    fn of(batch: &Batch, number: usize, start: usize, count: usize) -> Self {
        let rows = ROWS_PER_BLOCK.min(count - start);
        let texts = batch.columns.iter().filter(|column| column.role == Role::Text);
        let bytes = texts.map(|column| column.bytes(start, rows)).sum();
        Self { batch: number, first: batch.first, start, rows, bytes }
    }
}

/// The batch at hand of a reading from the first to the last.
struct Reading<'a> {
    frame: &'a Frame,
    current: Option<(usize, Arc<Batch>)>,
}

impl<'a> Reading<'a> {
    fn of(frame: &'a Frame) -> Self {
        Self { frame, current: None }
    }

    fn get(&mut self, place: &Place) -> Arc<Batch> {
        if let Some((number, batch)) = &self.current
            && *number == place.batch
        {
            return Arc::clone(batch);
        }
        let batch = match &self.frame.batches {
            Batches::Held(batches) => Arc::clone(&batches[place.batch]),
            Batches::Spooled(spool) => {
                let columns = spool.read(place.batch).unwrap_or_else(|error| {
                    *self.frame.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    // Rows without a value make no story; the run fails when it is done.
                    Vec::new()
                });
                Arc::new(Batch { first: place.first, columns })
            }
        };
        self.current = Some((place.batch, Arc::clone(&batch)));
        batch
    }
}

impl Corpus for Frame {
    fn blocks<'a>(
        &'a self,
        wanted: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a> {
        let mut batches = Reading::of(self);
        let numbered = self.blocks.iter().enumerate().filter(move |(number, _)| wanted(*number));
        Box::new(numbered.map(move |(number, place)| {
            let batch = batches.get(place);
            Block::of_rows(number, place.bytes, place.rows, move |index| {
                self.layout.story(&batch, place.start + index)
            })
        }))
    }

    fn size_hint(&self) -> Option<u64> {
        Some(self.blocks.iter().map(|place| place.bytes).sum())
    }
}

/// A batch, or small pieces of it, so that one that waits in a file is soon read.
fn pieces(batch: RecordBatch, small: bool) -> Vec<RecordBatch> {
    const ROWS: usize = 8 * ROWS_PER_BLOCK;
    if !small || batch.num_rows() <= ROWS {
        return vec![batch];
    }
    let starts = (0..batch.num_rows()).step_by(ROWS);
    starts.map(|start| batch.slice(start, ROWS.min(batch.num_rows() - start))).collect()
}

/// # Errors
/// `ValueError` if none of `names` can be the text, or one that `fields` names is missing.
pub(crate) fn require(fields: &Fields, names: &[String]) -> PyResult<()> {
    let is_there = |role: Role| names.iter().any(|name| fields_role(fields, name, role).is_some());
    for role in Role::ALL {
        let required = fields.named(role).is_some() || role == Role::Text && !is_there(Role::Headline);
        if required && !is_there(role) {
            return Err(missing(fields, role, names));
        }
    }
    Ok(())
}

/// What the library says of a record without the part.
fn missing(fields: &Fields, role: Role, names: &[String]) -> PyErr {
    let named = fields.named(role).map(str::to_owned);
    let only = match role {
        Role::Id => Fields { id: named, ..Fields::default() },
        Role::Text => Fields { text: named, ..Fields::default() },
        other => {
            let (what, names) = (format!("{other:?}").to_lowercase(), names.join(", "));
            let tried = named.unwrap_or_default();
            let sentence = format!("expected a column `{tried}` for the {what}, found {names}");
            return PyValueError::new_err(sentence);
        }
    };
    let mut parts = Parts::default();
    if role == Role::Id {
        parts.offer(Role::Text, 0, Cow::Borrowed("a"));
    }
    let error = parts.story(&only, TABLE, 0, || names.to_vec()).expect_err("the part is missing");
    crate::failure::exception(&error)
}

fn broken(error: &ArrowError) -> PyErr {
    match error {
        ArrowError::IoError(sentence, _) => {
            PyOSError::new_err(format!("cannot keep batches in a temporary file: {sentence}"))
        }
        other => PyRuntimeError::new_err(format!("cannot read a batch: {other}")),
    }
}
