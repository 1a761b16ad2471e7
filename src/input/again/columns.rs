//! From Parquet files to one with some of their rows, value for value, group by group.

use super::super::columns::{guarded, sound};
use super::super::files::Source;
use crate::error::Error;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{
    BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
    Int96Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::RowGroupReader;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Rows that are held at once.
const AT_ONCE: usize = 8_192;

/// The file that is written, and the one that is read.
#[derive(Default)]
pub(super) struct Columns<'a> {
    source: Option<&'a Source>,
    /// Whether each row of it stays.
    kept: Vec<bool>,
    file: Option<SerializedFileWriter<Pipe>>,
    pipe: Pipe,
}

impl<'a> Columns<'a> {
    /// The number of the next row of `source`.
    pub(super) fn next_of(&self, source: &Source) -> u64 {
        let is_same = self.source.is_some_and(|at_hand| std::ptr::eq(at_hand, source));
        if is_same { self.kept.len() as u64 + 1 } else { 1 }
    }

    /// Says whether the next row of `source` stays.
    pub(super) fn mark(&mut self, source: &'a Source, is_kept: bool, out: &mut dyn Write) -> io::Result<()> {
        if !self.source.is_some_and(|at_hand| std::ptr::eq(at_hand, source)) {
            self.copy(out)?;
            self.source = Some(source);
        }
        self.kept.push(is_kept);
        Ok(())
    }

    pub(super) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.copy(out)?;
        if let Some(file) = self.file.take() {
            file.close()?;
        }
        self.pipe.drain(out)
    }

    /// Copies the rows that stay of the file at hand.
    fn copy(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some(source) = self.source.take() else { return Ok(()) };
        let kept = std::mem::take(&mut self.kept);
        let reader = sound(source).map_err(io::Error::other)?;
        let about = reader.metadata();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(begin(about, self.pipe.clone())?),
        };
        let schema = about.file_metadata().schema();
        if file.schema_descr().root_schema() != schema {
            let text =
                "expected the columns of the Parquet files before it, found others; filter it by itself";
            return Err(io::Error::other(Error::input(text).at(&source.path, 0)));
        }
        let mut first = 0;
        for number in 0..reader.num_row_groups() {
            let rows = usize::try_from(about.row_group(number).num_rows()).unwrap_or(0);
            let some = &kept[first.min(kept.len())..(first + rows).min(kept.len())];
            first += rows;
            if some.contains(&true) {
                let mut to = file.next_row_group()?;
                guarded(|| copy_group(&*reader.get_row_group(number)?, &mut to, some))?;
                to.close()?;
                self.pipe.drain(out)?;
            }
        }
        Ok(())
    }
}

/// A file of the same schema, packing and notes.
fn begin(about: &ParquetMetaData, pipe: Pipe) -> Result<SerializedFileWriter<Pipe>> {
    let mut properties = WriterProperties::builder()
        .set_key_value_metadata(about.file_metadata().key_value_metadata().cloned());
    if let Some(column) = about.row_groups().first().and_then(|group| group.columns().first()) {
        properties = properties.set_compression(column.compression());
    }
    let schema = about.file_metadata().schema_descr().root_schema_ptr();
    SerializedFileWriter::new(pipe, schema, Arc::new(properties.build()))
}

fn copy_group(
    from: &dyn RowGroupReader,
    to: &mut SerializedRowGroupWriter<'_, Pipe>,
    kept: &[bool],
) -> Result<()> {
    let mut number = 0;
    while let Some(mut column) = to.next_column()? {
        macro_rules! copied {
            ($reader:expr, $kind:ty) => {
                copy_column::<$kind>($reader, column.typed::<$kind>(), kept)?
            };
        }
        match from.get_column_reader(number)? {
            ColumnReader::BoolColumnReader(reader) => copied!(reader, BoolType),
            ColumnReader::Int32ColumnReader(reader) => copied!(reader, Int32Type),
            ColumnReader::Int64ColumnReader(reader) => copied!(reader, Int64Type),
            ColumnReader::Int96ColumnReader(reader) => copied!(reader, Int96Type),
            ColumnReader::FloatColumnReader(reader) => copied!(reader, FloatType),
            ColumnReader::DoubleColumnReader(reader) => copied!(reader, DoubleType),
            ColumnReader::ByteArrayColumnReader(reader) => copied!(reader, ByteArrayType),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => copied!(reader, FixedLenByteArrayType),
        }
        column.close()?;
        number += 1;
    }
    Ok(())
}

/// Copies the rows that stay of one column: a row is all levels up to the next that repeats
/// nothing, and a value is there where the definition level is the highest.
fn copy_column<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    to: &mut ColumnWriterImpl<'_, T>,
    kept: &[bool],
) -> Result<()> {
    let (defined, repeated) = (to.get_descriptor().max_def_level(), to.get_descriptor().max_rep_level());
    for some in kept.chunks(AT_ONCE) {
        let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
        let (mut rows, mut levels) = (0, 0);
        while rows < some.len() {
            let (read, _, more) = reader.read_records(
                some.len() - rows,
                Some(&mut definitions),
                Some(&mut repetitions),
                &mut values,
            )?;
            if read == 0 {
                return Err(ParquetError::General(
                    "a column has fewer values than there are rows".to_owned(),
                ));
            }
            (rows, levels) = (rows + read, levels + more);
        }
        let mut values = values.into_iter();
        let (mut stay, mut defs, mut reps) = (Vec::new(), Vec::new(), Vec::new());
        let mut row = 0;
        for level in 0..levels.max(rows) {
            let (definition, repetition) = (
                definitions.get(level).copied().unwrap_or(defined),
                repetitions.get(level).copied().unwrap_or(0),
            );
            row += usize::from(repetition == 0);
            let value = if definition == defined { values.next() } else { None };
            if some[row - 1] {
                stay.extend(value);
                defs.push(definition);
                reps.push(repetition);
            }
        }
        to.write_batch(&stay, (defined > 0).then_some(&defs), (repeated > 0).then_some(&reps))?;
    }
    Ok(())
}

/// What has been written and not yet handed on: the crate wants a writer that it may send to
/// another thread.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Pipe {
    fn drain(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
