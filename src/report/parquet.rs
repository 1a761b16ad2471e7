//! From a report to Parquet, for data frames: a row a member of a cluster, or a row a pair.

use super::csv::rows;
use super::message::{PairMessage, rounded};
use super::passages::PassageMessage;
use super::standing::Standings;
use super::ties::Ties;
use super::{Report, Writer};
use crate::time::Time;
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde::Serialize;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// Writes one table. What is not known is null.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parquet {
    /// What a row is.
    pub rows: Rows,
    /// Whether stories that are in no cluster get a row.
    pub singles: bool,
}

/// What a row of a table is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Rows {
    /// A member of a cluster, as in CSV.
    #[default]
    Members,
    /// A verified relation, as in JSON lines.
    Pairs,
    /// A passage that two stories share, as in JSON lines.
    Passages,
}

/// Rows that are held before they are written.
const ROWS_PER_GROUP: usize = 65_536;

const MEMBERS: &str = "message members {
    optional int64 cluster; optional binary canonical (string); optional binary id (string);
    optional binary role (string); optional binary relation (string); optional double score;
    optional double jaccard; optional binary source (string); optional int64 time (timestamp(micros,true));
    optional binary headline (string); optional binary language (string); optional binary flag (string);
    optional int64 version; optional binary predecessor (string); optional binary url (string);
    optional binary day (string); optional binary standing (string); }";
const PAIRS: &str = "message pairs {
    optional binary a (string); optional binary b (string); optional binary relation (string);
    optional double score; optional double jaccard; optional double containment_a;
    optional double containment_b; optional binary direction (string); }";

const PASSAGES: &str = "message passages {
    optional binary a (string); optional binary b (string); optional int64 a_start; optional int64 a_end;
    optional int64 b_start; optional int64 b_end; optional binary a_text (string);
    optional binary b_text (string); optional int64 changed; optional boolean quoted;
    optional int64 family; }";

/// A value of a row.
enum Value {
    Text(Option<String>),
    Whole(Option<i64>),
    Real(Option<f64>),
    Yes(bool),
}

impl Writer for Parquet {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        match self.rows {
            Rows::Members => {
                let (ties, standings) = (Ties::of(report), Standings::of(report));
                table(
                    MEMBERS,
                    rows(report, &ties, &standings, self.singles).map(|(row, story)| {
                        // A day has a column of its own: as a moment it would be its midnight.
                        let (moment, day) =
                            (row.time.filter(|t| !t.is_day()), row.time.filter(|t| t.is_day()));
                        let dispatch = story.dispatch.as_deref();
                        let language = story.detail.as_deref().map_or("", |detail| &detail.language);
                        vec![
                            Value::Whole(row.cluster.and_then(|number| i64::try_from(number).ok())),
                            text(row.canonical),
                            text(row.id),
                            word(row.role),
                            row.relation.map_or(Value::Text(None), word),
                            Value::Real(row.score),
                            Value::Real(row.jaccard),
                            text(row.source),
                            Value::Whole(moment.map(Time::as_microsecond)),
                            text(row.headline),
                            text(language),
                            Value::Text(story.flag()),
                            Value::Whole(dispatch.and_then(|d| i64::try_from(d.version?).ok())),
                            Value::Text(dispatch.and_then(|d| d.predecessor.clone())),
                            text(row.url),
                            Value::Text(day.map(|day| day.to_string())),
                            text(&row.standing),
                        ]
                    }),
                    out,
                )
            }
            Rows::Pairs => table(
                PAIRS,
                report.pairs.iter().map(|pair| {
                    let pair = PairMessage::new(report, pair);
                    vec![
                        text(pair.a),
                        text(pair.b),
                        word(pair.relation),
                        Value::Real(Some(rounded(pair.score))),
                        Value::Real(Some(rounded(pair.jaccard))),
                        Value::Real(Some(rounded(pair.containment_a))),
                        Value::Real(Some(rounded(pair.containment_b))),
                        word(pair.direction),
                    ]
                }),
                out,
            ),
            Rows::Passages => table(PASSAGES, passages(report), out),
        }
    }
}

fn passages(report: &Report) -> impl Iterator<Item = Vec<Value>> {
    let found = report.passages.as_deref();
    let families = found.map(super::SharedPassages::family_of_each).unwrap_or_default();
    let shared = found.into_iter().flat_map(|found| found.shared.iter().map(move |one| (found, one)));
    let whole = |number: usize| Value::Whole(i64::try_from(number).ok());
    shared.zip(families).map(move |((found, passage), family)| {
        let passage = PassageMessage::new(report, found, passage);
        vec![
            text(passage.a),
            text(passage.b),
            whole(passage.a_start),
            whole(passage.a_end),
            whole(passage.b_start),
            whole(passage.b_end),
            text(passage.a_text),
            text(passage.b_text),
            whole(passage.changed),
            Value::Yes(passage.quoted),
            Value::Whole(family.map(i64::from)),
        ]
    })
}

fn text(text: &str) -> Value {
    Value::Text((!text.is_empty()).then(|| text.to_owned()))
}

/// A name as the JSON forms spell it.
fn word(name: impl Serialize) -> Value {
    Value::Text(serde_json::to_value(name).ok().and_then(|name| name.as_str().map(str::to_owned)))
}

/// Writes `rows`, a group at a time.
fn table(schema: &str, rows: impl Iterator<Item = Vec<Value>>, out: &mut dyn io::Write) -> io::Result<()> {
    let schema = Arc::new(parse_message_type(schema)?);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let pipe = Pipe::default();
    let mut file = SerializedFileWriter::new(pipe.clone(), schema, Arc::new(properties))?;
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let group: Vec<Vec<Value>> = rows.by_ref().take(ROWS_PER_GROUP).collect();
        write_group(&mut file, &group)?;
        pipe.drain(out)?;
    }
    file.close()?;
    pipe.drain(out)
}

fn write_group(file: &mut SerializedFileWriter<Pipe>, rows: &[Vec<Value>]) -> Result<(), ParquetError> {
    let mut group = file.next_row_group()?;
    let mut place = 0;
    while let Some(mut column) = group.next_column()? {
        let (mut words, mut numbers, mut reals, mut answers, mut levels) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let is_known = match &row[place] {
                Value::Text(word) => {
                    word.as_ref().map(|word| words.push(ByteArray::from(word.as_str()))).is_some()
                }
                Value::Whole(number) => number.map(|number| numbers.push(number)).is_some(),
                Value::Real(number) => number.map(|number| reals.push(number)).is_some(),
                Value::Yes(answer) => {
                    answers.push(*answer);
                    true
                }
            };
            levels.push(i16::from(is_known));
        }
        match rows[0][place] {
            Value::Text(_) => column.typed::<ByteArrayType>().write_batch(&words, Some(&levels), None)?,
            Value::Whole(_) => column.typed::<Int64Type>().write_batch(&numbers, Some(&levels), None)?,
            Value::Real(_) => column.typed::<DoubleType>().write_batch(&reals, Some(&levels), None)?,
            Value::Yes(_) => column.typed::<BoolType>().write_batch(&answers, Some(&levels), None)?,
        };
        column.close()?;
        place += 1;
    }
    group.close()?;
    Ok(())
}

/// What has been written and not yet handed on: the crate wants a writer that it may send to
/// another thread, which `out` need not be.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Pipe {
    fn drain(&self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(&std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use bytes::Bytes;
    use parquet::file::reader::FileReader;
    use parquet::file::serialized_reader::SerializedFileReader;

    fn lines(writer: Parquet) -> Vec<String> {
        let mut out = Vec::new();
        writer.write(&sample::report(), &mut out).unwrap();
        let reader = SerializedFileReader::new(Bytes::from(out)).unwrap();
        reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect()
    }

    #[test]
    fn a_row_a_member_and_a_row_a_pair() {
        let members = lines(Parquet { singles: true, ..Parquet::default() });
        assert_eq!(members.len(), 10);
        assert!(
            members[1].contains(r#"id: "post-ferry""#) && members[1].contains("score: 0.981235"),
            "{}",
            members[1]
        );
        assert!(members[9].contains(r#"role: "single""#), "{}", members[9]);
        let pairs = lines(Parquet { rows: Rows::Pairs, singles: false });
        assert_eq!(pairs.len(), 5);
        assert!(pairs[0].contains(r#"direction: "a-to-b""#), "{}", pairs[0]);
    }

    #[test]
    fn an_empty_report_is_a_table_without_rows() {
        let mut out = Vec::new();
        Parquet::default().write(&Report::default(), &mut out).unwrap();
        assert_eq!(
            SerializedFileReader::new(Bytes::from(out)).unwrap().metadata().file_metadata().num_rows(),
            0
        );
    }
}
