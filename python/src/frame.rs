//! From Arrow batches to a corpus that reads the caller's own buffers.
//!
//! A story is made of its row when a worker asks for it and is dropped when the worker is done:
//! beside the caller's columns only a handful of stories exist at any time.

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{
    Array, ArrayRef, LargeStringArray, RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray,
};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use dedup::Error;
use dedup::input::{Block, Corpus, Fields, Parts, Role};
use dedup::story::Story;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use std::borrow::Cow;

/// What stands for the path in messages about a row.
pub(crate) const TABLE: &str = "table";

/// Rows of a block.
const ROWS_PER_BLOCK: usize = 256;

/// The stories of a table.
pub(crate) struct Frame {
    batches: Vec<Batch>,
    blocks: Vec<Place>,
    fields: Fields,
    names: Vec<String>,
    /// Whether no column can be an id, so that the row's number is.
    numbered: bool,
}

struct Batch {
    /// The number of its first row in the table.
    first: usize,
    columns: Vec<Column>,
}

/// A column that stands for a part of a story.
struct Column {
    role: Role,
    rank: u8,
    words: Words,
}

/// Rows of one batch that one worker reads.
struct Place {
    batch: usize,
    start: usize,
    rows: usize,
    bytes: u64,
}

/// The values of a column.
enum Words {
    Short(StringArray),
    Long(LargeStringArray),
    View(StringViewArray),
    Moments(TimestampMicrosecondArray),
}

impl Words {
    /// `None` for a type that cannot be `role`. Columns of strings are shared, others cast.
    fn of(array: &ArrayRef, role: Role) -> Option<Self> {
        let is_key = matches!(role, Role::Id | Role::Date | Role::Source);
        let as_text =
            |array: &ArrayRef| Some(Self::Long(cast(array, &DataType::LargeUtf8).ok()?.as_string().clone()));
        match array.data_type() {
            DataType::Utf8 => Some(Self::Short(array.as_string().clone())),
            DataType::LargeUtf8 => Some(Self::Long(array.as_string().clone())),
            DataType::Utf8View => Some(Self::View(array.as_string_view().clone())),
            DataType::Dictionary(_, values)
                if matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) =>
            {
                as_text(array)
            }
            DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 if role == Role::Date => {
                let moments = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, None)).ok()?;
                Some(Self::Moments(moments.as_primitive::<TimestampMicrosecondType>().clone()))
            }
            other if is_key && (other.is_integer() || other.is_floating()) => as_text(array),
            _ => None,
        }
    }

    fn get(&self, row: usize) -> Option<Cow<'_, str>> {
        let array: &dyn Array = match self {
            Self::Short(array) => array,
            Self::Long(array) => array,
            Self::View(array) => array,
            Self::Moments(array) => array,
        };
        if array.is_null(row) {
            return None;
        }
        Some(match self {
            Self::Short(array) => Cow::Borrowed(array.value(row)),
            Self::Long(array) => Cow::Borrowed(array.value(row)),
            Self::View(array) => Cow::Borrowed(array.value(row)),
            Self::Moments(array) => {
                Cow::Owned(jiff::Timestamp::from_microsecond(array.value(row)).ok()?.to_string())
            }
        })
    }

    /// Bytes of some rows.
    fn bytes(&self, start: usize, rows: usize) -> u64 {
        let end = start + rows;
        match self {
            Self::Short(array) => {
                (array.value_offsets()[end] - array.value_offsets()[start]).unsigned_abs().into()
            }
            Self::Long(array) => (array.value_offsets()[end] - array.value_offsets()[start]).unsigned_abs(),
            // The length of a value is the lowest half of its view.
            Self::View(array) => array.views()[start..end].iter().map(|&view| u64::from(view as u32)).sum(),
            Self::Moments(_) => 8 * rows as u64,
        }
    }
}

impl Frame {
    /// The corpus of some batches of one schema.
    ///
    /// # Errors
    /// `ValueError` if no column can be the text, or one that `fields` names is missing;
    /// `TypeError` if that one holds no strings.
    pub(crate) fn new(batches: &[RecordBatch], names: Vec<String>, fields: Fields) -> PyResult<Self> {
        let is_there =
            |role: Role| names.iter().any(|name| fields.role(name).is_some_and(|(r, _)| r == role));
        for role in Role::ALL {
            let required = fields.named(role).is_some() || role == Role::Text && !is_there(Role::Headline);
            if required && !is_there(role) {
                return Err(missing(&fields, role, &names));
            }
        }
        let mut frame =
            Self { batches: Vec::new(), blocks: Vec::new(), numbered: !is_there(Role::Id), fields, names };
        let mut first = 0;
        for batch in batches {
            frame.add(batch, first)?;
            first += batch.num_rows();
        }
        Ok(frame)
    }

    fn add(&mut self, batch: &RecordBatch, first: usize) -> PyResult<()> {
        let mut columns = Vec::new();
        for (name, array) in self.names.iter().zip(batch.columns()) {
            let Some((role, rank)) = self.fields.role(name) else { continue };
            match Words::of(array, role) {
                Some(words) => columns.push(Column { role, rank, words }),
                None if array.null_count() == array.len() || array.data_type().is_null() => {}
                None if rank > 0 => {}
                None => {
                    let found = array.data_type();
                    return Err(PyTypeError::new_err(format!(
                        "expected strings in column `{name}`, found {found}"
                    )));
                }
            }
        }
        for start in (0..batch.num_rows()).step_by(ROWS_PER_BLOCK) {
            let rows = ROWS_PER_BLOCK.min(batch.num_rows() - start);
            let texts = columns.iter().filter(|column| column.role == Role::Text);
            let bytes = texts.map(|column| column.words.bytes(start, rows)).sum();
            self.blocks.push(Place { batch: self.batches.len(), start, rows, bytes });
        }
        self.batches.push(Batch { first, columns });
        Ok(())
    }

    /// Whether a row has a value that can be its id.
    pub(crate) fn has_id(&self, number: usize) -> bool {
        let batch = self.batches.partition_point(|batch| batch.first <= number).saturating_sub(1);
        self.batches.get(batch).is_some_and(|batch| {
            let ids = batch.columns.iter().filter(|column| column.role == Role::Id);
            ids.clone().any(|column| column.words.get(number - batch.first).is_some_and(|id| !id.is_empty()))
        })
    }

    /// The story in a row.
    fn story(&self, batch: &Batch, row: usize) -> Result<Story, Error> {
        let number = batch.first + row;
        let mut parts = Parts::default();
        for column in &batch.columns {
            if let Some(value) = column.words.get(row) {
                parts.offer(column.role, column.rank, value);
            }
        }
        if self.numbered {
            parts.offer(Role::Id, 0, Cow::Owned(number.to_string()));
        }
        parts.story(&self.fields, TABLE, number as u64 + 1, || self.names.clone())
    }

    /// Every row in order, for those who need no second look.
    pub(crate) fn stories(&self) -> impl Iterator<Item = Result<Story, Error>> {
        self.blocks.iter().flat_map(move |place| {
            let batch = &self.batches[place.batch];
            (place.start..place.start + place.rows).map(move |row| self.story(batch, row))
        })
    }
}

/// What the library says of a record without the part.
pub(crate) fn missing(fields: &Fields, role: Role, names: &[String]) -> PyErr {
    let named = fields.named(role).map(str::to_owned);
    let only = match role {
        Role::Id => Fields { id: named, ..Fields::default() },
        Role::Text => Fields { text: named, ..Fields::default() },
        other => {
            let (what, names) = (format!("{other:?}").to_lowercase(), names.join(", "));
            let tried = named.unwrap_or_default();
            let sentence = format!("expected a column `{tried}` for the {what}, found {names}");
            return pyo3::exceptions::PyValueError::new_err(sentence);
        }
    };
    let mut parts = Parts::default();
    if role == Role::Id {
        parts.offer(Role::Text, 0, Cow::Borrowed("a"));
    }
    let error = parts.story(&only, TABLE, 0, || names.to_vec()).expect_err("the part is missing");
    crate::failure::exception(&error)
}

impl Corpus for Frame {
    fn blocks<'a>(
        &'a self,
        wanted: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a> {
        let numbered = self.blocks.iter().enumerate().filter(move |(number, _)| wanted(*number));
        Box::new(numbered.map(move |(number, place)| {
            let batch = &self.batches[place.batch];
            Block::of_rows(number, place.bytes, place.rows, move |index| {
                self.story(batch, place.start + index)
            })
        }))
    }

    fn size_hint(&self) -> Option<u64> {
        Some(self.blocks.iter().map(|place| place.bytes).sum())
    }
}
