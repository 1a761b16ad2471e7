//! From Python strings and dicts to a corpus.

use crate::frame::{TABLE, require};
use arrow_schema::DataType;
use dedup::Error;
use dedup::input::{Block, Corpus, Fields, Parts, Role};
use dedup::story::Story;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyString};
use std::borrow::Cow;
use std::collections::HashMap;

/// Stories of a block.
const STORIES_PER_BLOCK: usize = 256;

/// Stories that were Python objects.
pub(crate) struct Objects {
    records: Vec<Record>,
    fields: Fields,
    has_numbers: bool,
}

/// A story, or the keys of an object that makes none.
enum Record {
    Good(Box<Story>),
    Bad(Vec<String>),
}

/// What is known of the keys and values of all objects.
#[derive(Default)]
struct Seen {
    /// What each key stands for, found once.
    roles: HashMap<String, Option<(Role, u8)>>,
    /// Whether an object was no dict, so that it needs no keys.
    strings: bool,
    /// Whether some id was a whole number, and whether one was anything else.
    numbers: bool,
    others: bool,
}

impl Objects {
    /// Reads strings, numbered from 0, and dicts.
    ///
    /// # Errors
    /// `TypeError` for an object that is neither, `ValueError` if no dict has a text.
    pub(crate) fn new(objects: &[Bound<'_, PyAny>], fields: Fields) -> PyResult<Self> {
        let (mut records, mut seen) = (Vec::with_capacity(objects.len()), Seen::default());
        for (number, object) in objects.iter().enumerate() {
            records.push(record(object, number, &fields, &mut seen)?);
        }
        if !seen.strings && !records.is_empty() {
            let mut names: Vec<String> = seen.roles.into_keys().collect();
            names.sort_unstable();
            require(&fields, &names)?;
        }
        Ok(Self { records, fields, has_numbers: seen.numbers && !seen.others })
    }

    /// How many objects there are.
    pub(crate) fn rows(&self) -> usize {
        self.records.len()
    }

    /// The type of the ids, if they are whole numbers.
    pub(crate) fn id_type(&self) -> Option<DataType> {
        self.has_numbers.then_some(DataType::Int64)
    }

    /// Every object in order.
    pub(crate) fn stories(&self) -> impl Iterator<Item = Result<Story, Error>> {
        (0..self.records.len()).map(|number| self.story(number))
    }

    fn story(&self, number: usize) -> Result<Story, Error> {
        match &self.records[number] {
            Record::Good(story) => Ok((**story).clone()),
            // Without a value it fails as it did at first.
            Record::Bad(keys) => {
                Parts::default().story(&self.fields, TABLE, number as u64 + 1, || keys.clone())
            }
        }
    }
}

/// One story of a string or a dict.
///
/// # Errors
/// `TypeError` for another object, `ValueError` for a dict that makes no story.
pub(crate) fn story(object: &Bound<'_, PyAny>, fields: &Fields) -> PyResult<Story> {
    match record(object, 0, fields, &mut Seen::default())? {
        Record::Good(story) => Ok(*story),
        Record::Bad(keys) => match Parts::default().story(fields, TABLE, 0, || keys.clone()) {
            Ok(story) => Ok(story),
            Err(error) => Err(crate::failure::exception(&error)),
        },
    }
}

fn record(object: &Bound<'_, PyAny>, number: usize, fields: &Fields, seen: &mut Seen) -> PyResult<Record> {
    if let Ok(text) = object.cast::<PyString>() {
        seen.strings = true;
        return Ok(Record::Good(Box::new(Story::new(number.to_string(), characters(text)?))));
    }
    if is_nothing(object) {
        // As a null in a column.
        return Ok(Record::Bad(vec![fields.named(Role::Text).unwrap_or("text").to_owned()]));
    }
    let Ok(dict) = object.cast::<PyDict>() else {
        let found = object.get_type().name()?.to_string();
        return Err(PyTypeError::new_err(format!(
            "expected strings, dicts, or a table with __arrow_c_stream__, found {found} at {number}"
        )));
    };
    let (mut parts, mut keys, mut numbered) = (Parts::default(), Vec::new(), true);
    for (key, value) in dict {
        let Ok(key) = key.extract::<String>() else { continue };
        if !seen.roles.contains_key(&key) {
            seen.roles.insert(key.clone(), fields.role(&key));
        }
        if let Some(&Some((role, rank))) = seen.roles.get(&key) {
            if role == Role::Id {
                numbered = false;
                *if is_whole(&value) { &mut seen.numbers } else { &mut seen.others } = true;
            }
            if let Some(value) = word(&value, role)? {
                parts.offer(role, rank, Cow::Owned(value));
            }
        }
        keys.push(key);
    }
    if numbered && fields.named(Role::Id).is_none() {
        parts.offer(Role::Id, 0, Cow::Owned(number.to_string()));
    }
    let made = parts.story(fields, TABLE, number as u64 + 1, || keys.clone());
    Ok(made.map_or_else(|_| Record::Bad(keys.clone()), |story| Record::Good(Box::new(story))))
}

/// The characters of a string. Half of one, as JSON can hold, is as unreadable here as for the program.
fn characters(text: &Bound<'_, PyString>) -> PyResult<String> {
    if let Ok(text) = text.to_str() {
        return Ok(text.to_owned());
    }
    let units = text.call_method1("encode", ("utf-16-le", "surrogatepass"))?.cast_into::<PyBytes>()?;
    let units = units.as_bytes().chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    Ok(char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Whether a value stands for none: `None`, and what frames have in its place.
fn is_nothing(object: &Bound<'_, PyAny>) -> bool {
    object.is_none() || object.cast::<PyFloat>().is_ok_and(|number| number.value().is_nan())
}

/// Whether a value is a whole number.
fn is_whole(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>()
}

/// A value as the word that JSON would have; `None` for one that cannot be the role.
fn word(value: &Bound<'_, PyAny>, role: Role) -> PyResult<Option<String>> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Some(characters(text)?));
    }
    let is_number = value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>();
    let is_key = matches!(role, Role::Id | Role::Date | Role::Source);
    if is_key && is_number && !value.is_instance_of::<PyBool>() {
        return Ok(Some(value.str()?.to_str()?.to_owned()));
    }
    if role == Role::Date && value.hasattr("isoformat")? {
        return Ok(Some(value.call_method0("isoformat")?.extract()?));
    }
    Ok(None)
}

impl Corpus for Objects {
    fn blocks<'a>(
        &'a self,
        wanted: &'a (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'a>> + Send + 'a> {
        let chunks = self.records.chunks(STORIES_PER_BLOCK).enumerate();
        Box::new(chunks.filter(move |(number, _)| wanted(*number)).map(move |(number, records)| {
            let first = number * STORIES_PER_BLOCK;
            let bytes = records.iter().map(Record::bytes).sum();
            Block::of_rows(number, bytes, records.len(), move |index| self.story(first + index))
        }))
    }

    fn size_hint(&self) -> Option<u64> {
        Some(self.records.iter().map(Record::bytes).sum())
    }
}

impl Record {
    fn bytes(&self) -> u64 {
        match self {
            Self::Good(story) => story.body.len() as u64,
            Self::Bad(_) => 0,
        }
    }
}
