//! From Parquet to stories, a row each: the schema says which column is what.

#[cfg(feature = "parquet")]
pub(super) use guarded::guarded;
#[cfg(feature = "parquet")]
pub(super) use reader::{Rows, sound};
#[cfg(not(feature = "parquet"))]
pub(super) use refusal::Rows;

#[cfg(feature = "parquet")]
mod checked;
#[cfg(feature = "parquet")]
mod guarded;

#[cfg(feature = "parquet")]
mod reader {
    use super::super::Limits;
    use super::super::block::{Chunk, Records, story_bytes};
    use super::super::fields::{Fields, Role};
    use super::super::files::Source;
    use super::super::json::{Parser, Parts};
    use super::super::stream::{Handle, Stored};
    use super::checked::Checked;
    use super::guarded::guarded;
    use crate::error::{Error, Result};
    use crate::story::Story;
    use bytes::Bytes;
    use parquet::errors::ParquetError;
    use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
    use parquet::file::reader::{ChunkReader, FileReader, Length};
    use parquet::file::serialized_reader::SerializedFileReader;
    use parquet::record::reader::RowIter;
    use parquet::record::{Field, Row};
    use parquet::schema::types::Type;
    use std::borrow::Cow;
    use std::io::{self, ErrorKind, Read};
    use std::sync::Arc;

    /// The rows of one file.
    pub(in super::super) struct Rows<'a> {
        iter: RowIter<'static>,
        total: u64,
        /// The number of the row at hand, from 1.
        number: u64,
        source: &'a Source,
        fields: &'a Fields,
        limits: Limits,
        ended: bool,
    }

    impl<'a> Rows<'a> {
        /// Reads the schema, and chooses the columns that stand for parts of a story.
        pub(in super::super) fn open(source: &'a Source, fields: &'a Fields, limits: Limits) -> Result<Self> {
            let damaged = |error: ParquetError| damaged(&error).at(&source.path, 0);
            let reader = sound(source)?;
            let about = reader.metadata().file_metadata();
            let total = about.num_rows().unsigned_abs();
            let schema = about.schema();
            let is_part = |column: &&Arc<Type>| column.is_primitive() && fields.role(column.name()).is_some();
            let columns: Vec<Arc<Type>> = schema.get_fields().iter().filter(is_part).cloned().collect();
            let has = |role| {
                columns.iter().any(|column| fields.role(column.name()).is_some_and(|(r, _)| r == role))
            };
            if !has(Role::Text) && !has(Role::Headline) {
                let names: Vec<String> =
                    schema.get_fields().iter().map(|column| column.name().to_owned()).collect();
                let parser = Parser { fields, name: &source.name, path: &source.path, is_foreign: false };
                return Err(parser.missing(Role::Text, &names, 0));
            }
            let projection =
                Type::group_type_builder(schema.name()).with_fields(columns).build().map_err(damaged)?;
            let iter = RowIter::from_file_into(reader).project(Some(projection)).map_err(damaged)?;
            Ok(Self { iter, total, number: 0, source, fields, limits, ended: false })
        }

        /// Bytes of the file that have been read, by the share of its rows.
        pub(in super::super) fn stored(&self) -> u64 {
            let read = u128::from(self.source.size) * u128::from(self.number.min(self.total));
            (read / u128::from(self.total.max(1))) as u64
        }

        /// The next block, `None` after the last one.
        pub(in super::super) fn next(&mut self) -> Option<Chunk> {
            let (mut stories, mut weight, mut fault) = (Vec::new(), 0, None);
            while !self.ended && weight < self.limits.block as u64 {
                self.number += 1;
                match guarded(|| self.iter.next().transpose()) {
                    Ok(None) => self.ended = true,
                    Ok(Some(row)) => stories.push(self.story(row)),
                    Err(error) => {
                        self.ended = true;
                        fault = Some(damaged(&error).at(&self.source.path, self.number));
                    }
                }
                weight += stories.last().map_or(0, |story| story.as_ref().map_or(1, story_bytes));
            }
            let is_empty = stories.is_empty() && fault.is_none();
            let records = Records::Stories(stories);
            (!is_empty).then(|| Chunk { bytes: Vec::new(), records, fault, is_foreign: false })
        }

        fn story(&self, row: Row) -> Result<Story> {
            let name = &self.source.name;
            let parser = Parser { fields: self.fields, name, path: &self.source.path, is_foreign: false };
            let mut parts = Parts::default();
            let columns = row.into_columns();
            let names = || columns.iter().map(|(name, _)| name.clone()).collect();
            for (name, field) in &columns {
                if let (Some((role, rank)), Some(value)) = (self.fields.role(name), word(field)) {
                    parts.offer(role, rank, value);
                }
            }
            parser.assemble(&mut parts, self.number, 1, names)
        }
    }

    /// What a field says, in the words that a JSON field would have.
    fn word(field: &Field) -> Option<Cow<'_, str>> {
        const DAY: i64 = 86_400_000;
        Some(match field {
            Field::Str(word) => Cow::Borrowed(word),
            Field::Bytes(bytes) => Cow::Borrowed(bytes.as_utf8().ok()?),
            Field::Date(days) => day(i64::from(*days) * DAY)?,
            Field::TimestampMillis(count) => moment(*count)?,
            Field::TimestampMicros(count) => moment(count / 1_000)?,
            Field::Int(number) => Cow::Owned(number.to_string()),
            Field::Long(number) => Cow::Owned(number.to_string()),
            Field::UInt(number) => Cow::Owned(number.to_string()),
            Field::ULong(number) => Cow::Owned(number.to_string()),
            _ => return None,
        })
    }

    /// A day, which has no hour.
    fn day(milliseconds: i64) -> Option<Cow<'static, str>> {
        let day = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
        Some(Cow::Owned(day.to_string().split('T').next()?.to_owned()))
    }

    fn moment(milliseconds: i64) -> Option<Cow<'static, str>> {
        jiff::Timestamp::from_millisecond(milliseconds).ok().map(|moment| Cow::Owned(moment.to_string()))
    }

    /// Opens a file whose parts are where it says.
    pub(in super::super) fn sound(source: &Source) -> Result<Box<dyn FileReader>> {
        let handle = source.handle()?;
        let length = handle.length().map_err(|error| Error::io(&source.path, "read", error))?;
        let damaged = |error: ParquetError| damaged(&error).at(&source.path, 0);
        let reader = guarded(|| SerializedFileReader::new(Window { handle, length })).map_err(damaged)?;
        check(reader.metadata(), length).map_err(damaged)?;
        Ok(Box::new(Checked(reader)))
    }

    /// The crate takes these for granted, and panics where they do not hold.
    fn check(about: &ParquetMetaData, length: u64) -> parquet::errors::Result<()> {
        let columns = about.row_groups().iter().flat_map(RowGroupMetaData::columns);
        let is_inside = |column: &ColumnChunkMetaData| {
            let start = u64::try_from(column.dictionary_page_offset().unwrap_or(column.data_page_offset()));
            let size = u64::try_from(column.compressed_size());
            let end = start.ok().zip(size.ok()).and_then(|(start, size)| start.checked_add(size));
            end.is_some_and(|end| end <= length) && column.num_values() >= 0 && column.data_page_offset() >= 0
        };
        if columns.into_iter().all(is_inside) {
            return Ok(());
        }
        Err(ParquetError::General("a column lies outside of the file".to_owned()))
    }

    fn damaged(error: &ParquetError) -> Error {
        Error::input(format!(
            "expected a sound Parquet file, found a fault: {error}; fetch or write it again"
        ))
    }

    /// A file, or a stretch of one, from which any part can be read.
    struct Window {
        handle: Handle,
        length: u64,
    }

    impl Length for Window {
        fn len(&self) -> u64 {
            self.length
        }
    }

    const CUT: &str = "the file is cut short";

    /// Bytes of which more are expected at every reading: at the end of the file the crate would
    /// skip as many empty elements of a list as a page claims, two thousand million or so.
    struct Unending(Stored);

    impl Read for Unending {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 if !buffer.is_empty() => Err(io::Error::new(ErrorKind::UnexpectedEof, CUT)),
                count => Ok(count),
            }
        }
    }

    impl ChunkReader for Window {
        type T = Unending;

        fn get_read(&self, start: u64) -> parquet::errors::Result<Unending> {
            Ok(Unending(Stored::new(self.handle.clone().from(start))))
        }

        fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
            if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
                return Err(ParquetError::EOF("a page lies beyond the end of the file".to_owned()));
            }
            let mut bytes = vec![0; length];
            let mut filled = 0;
            while filled < length {
                match self.handle.read_at(&mut bytes[filled..], start + filled as u64)? {
                    0 => return Err(ParquetError::EOF(CUT.to_owned())),
                    count => filled += count,
                }
            }
            Ok(bytes.into())
        }
    }
}

#[cfg(not(feature = "parquet"))]
mod refusal {
    use super::super::Limits;
    use super::super::block::Chunk;
    use super::super::fields::Fields;
    use super::super::files::Source;
    use crate::error::{Error, Result};
    use std::marker::PhantomData;

    /// None: without the feature `parquet` such a file is not read.
    pub(in super::super) struct Rows<'a>(PhantomData<&'a ()>);

    impl<'a> Rows<'a> {
        pub(in super::super) fn open(source: &'a Source, _: &'a Fields, _: Limits) -> Result<Self> {
            Err(Error::input("this build lacks the feature `parquet`").at(&source.path, 0))
        }

        #[expect(clippy::unused_self, reason = "as the one that reads has it")]
        pub(in super::super) fn stored(&self) -> u64 {
            0
        }

        #[expect(clippy::unused_self, reason = "as the one that reads has it")]
        pub(in super::super) fn next(&mut self) -> Option<Chunk> {
            None
        }
    }
}
