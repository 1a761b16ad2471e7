//! From Python strings and dicts to a corpus.

use crate::frame::TABLE;
use dedup::Error;
use dedup::input::{Block, Corpus, Fields, Parts, Role};
use dedup::story::Story;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};
use std::borrow::Cow;
use std::collections::HashMap;

/// Stories of a block.
const STORIES_PER_BLOCK: usize = 256;

/// Stories that were Python objects.
pub(crate) struct Objects {
    records: Vec<Record>,
    fields: Fields,
}

/// A story, or the keys of an object that makes none.
enum Record {
    Good(Box<Story>),
    Bad(Vec<String>),
}

/// What each key stands for, found once.
type Roles = HashMap<String, Option<(Role, u8)>>;

impl Objects {
    /// Reads strings, numbered from 0, and dicts.
    ///
    /// # Errors
    /// `TypeError` for an object that is neither.
    pub(crate) fn new(objects: &[Bound<'_, PyAny>], fields: Fields) -> PyResult<Self> {
        let (mut records, mut roles) = (Vec::with_capacity(objects.len()), Roles::new());
        for (number, object) in objects.iter().enumerate() {
            records.push(record(object, number, &fields, &mut roles)?);
        }
        Ok(Self { records, fields })
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
    match record(object, 0, fields, &mut Roles::new())? {
        Record::Good(story) => Ok(*story),
        Record::Bad(keys) => match Parts::default().story(fields, TABLE, 0, || keys.clone()) {
            Ok(story) => Ok(story),
            Err(error) => Err(crate::failure::exception(&error)),
        },
    }
}

fn record(object: &Bound<'_, PyAny>, number: usize, fields: &Fields, roles: &mut Roles) -> PyResult<Record> {
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Record::Good(Box::new(Story::new(number.to_string(), text.to_str()?))));
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
        if !roles.contains_key(&key) {
            roles.insert(key.clone(), fields.role(&key));
        }
        if let Some(&Some((role, rank))) = roles.get(&key) {
            numbered &= role != Role::Id;
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

/// A value as the word that JSON would have; `None` for one that cannot be the role.
fn word(value: &Bound<'_, PyAny>, role: Role) -> PyResult<Option<String>> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Some(text.to_str()?.to_owned()));
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
