//! From batches that come as a stream to a temporary file in which each is found again.

use crate::column::Column;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Field, Schema};
use dedup::input::Role;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::NamedTempFile;

/// Batches in a file that goes when they do.
pub(crate) struct Spool {
    file: NamedTempFile,
    /// Until all are there.
    writer: Option<FileWriter<File>>,
    /// From then on.
    reader: Mutex<Option<FileReader<File>>>,
    /// What the columns stand for; they are those of the first batch.
    roles: Vec<(Role, u8)>,
    len: usize,
}

impl Spool {
    /// A file that begins with the columns of some batches.
    ///
    /// # Errors
    /// If the file cannot be made or written.
    pub(crate) fn of<'a>(batches: impl Iterator<Item = &'a [Column]>) -> Result<Self, ArrowError> {
        let file = tempfile::Builder::new().prefix("dedup-").suffix(".arrow").tempfile()?;
        let (writer, reader) = (None, Mutex::new(None));
        let mut spool = Self { file, writer, reader, roles: Vec::new(), len: 0 };
        for columns in batches {
            spool.push(columns)?;
        }
        Ok(spool)
    }

    /// How many batches there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Writes one more.
    ///
    /// # Errors
    /// If the file cannot be written, or the columns are not those of the first batch.
    pub(crate) fn push(&mut self, columns: &[Column]) -> Result<(), ArrowError> {
        let arrays: Vec<ArrayRef> = columns.iter().map(Column::packed).collect::<Result<_, _>>()?;
        if self.writer.is_none() {
            self.roles = columns.iter().map(|column| (column.role, column.rank)).collect();
            let field = |(number, array): (usize, &ArrayRef)| {
                Field::new(number.to_string(), array.data_type().clone(), true)
            };
            let schema = Schema::new(arrays.iter().enumerate().map(field).collect::<Vec<_>>());
            self.writer = Some(FileWriter::try_new(self.file.reopen()?, &schema)?);
        }
        if let Some(writer) = &mut self.writer {
            writer.write(&RecordBatch::try_new(Arc::clone(writer.schema()), arrays)?)?;
        }
        self.len += 1;
        Ok(())
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// If the file cannot be written or read.
    pub(crate) fn seal(&mut self) -> Result<(), ArrowError> {
        if let Some(mut writer) = self.writer.take() {
            writer.finish()?;
        }
        self.reader = Mutex::new(Some(FileReader::try_new(self.file.reopen()?, None)?));
        Ok(())
    }

    /// The columns of a batch.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn read(&self, number: usize) -> Result<Vec<Column>, ArrowError> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = || ArrowError::IoError("it ended too soon".to_owned(), std::io::Error::other("short"));
        let reader = reader.as_mut().ok_or_else(missing)?;
        reader.set_index(number)?;
        let batch = reader.next().ok_or_else(missing)??;
        let columns = self.roles.iter().zip(batch.columns());
        Ok(columns.map(|(&(role, rank), array)| Column::unpacked(role, rank, array)).collect())
    }
}
