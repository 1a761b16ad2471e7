//! From an Arrow array to the words of a part of a story.

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{
    Array, ArrayRef, LargeStringArray, StringArray, StringViewArray, TimestampMicrosecondArray,
};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, TimeUnit};
use dedup::input::Role;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;

/// A column that stands for a part of a story.
pub(crate) struct Column {
    pub(crate) role: Role,
    pub(crate) rank: u8,
    words: Words,
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
}

impl Column {
    /// `None` if the column holds nothing, or another one may stand for the part.
    ///
    /// # Errors
    /// `TypeError` for a column that holds no strings.
    pub(crate) fn of(name: &str, array: &ArrayRef, role: Role, rank: u8) -> PyResult<Option<Self>> {
        if let Some(words) = Words::of(array, role) {
            return Ok(Some(Self { role, rank, words }));
        }
        if array.null_count() == array.len() || array.data_type().is_null() || rank > 0 {
            return Ok(None);
        }
        let found = array.data_type();
        let advice = if found.is_binary() { "decode it as UTF-8" } else { "cast it, or name another column" };
        Err(PyTypeError::new_err(format!("expected strings in column `{name}`, found {found}; {advice}")))
    }

    pub(crate) fn get(&self, row: usize) -> Option<Cow<'_, str>> {
        let array: &dyn Array = match &self.words {
            Words::Short(array) => array,
            Words::Long(array) => array,
            Words::View(array) => array,
            Words::Moments(array) => array,
        };
        if array.is_null(row) {
            return None;
        }
        Some(match &self.words {
            Words::Short(array) => Cow::Borrowed(array.value(row)),
            Words::Long(array) => Cow::Borrowed(array.value(row)),
            Words::View(array) => Cow::Borrowed(array.value(row)),
            Words::Moments(array) => {
                Cow::Owned(jiff::Timestamp::from_microsecond(array.value(row)).ok()?.to_string())
            }
        })
    }

    /// Bytes of some rows.
    pub(crate) fn bytes(&self, start: usize, rows: usize) -> u64 {
        let end = start + rows;
        match &self.words {
            Words::Short(array) => {
                (array.value_offsets()[end] - array.value_offsets()[start]).unsigned_abs().into()
            }
            Words::Long(array) => (array.value_offsets()[end] - array.value_offsets()[start]).unsigned_abs(),
            // The length of a value is the lowest half of its view.
            Words::View(array) => array.views()[start..end].iter().map(|&view| u64::from(view as u32)).sum(),
            Words::Moments(_) => 8 * rows as u64,
        }
    }

    /// The values in a form of their own, that takes no more room than they need.
    ///
    /// # Errors
    /// None in practice.
    pub(crate) fn packed(&self) -> Result<ArrayRef, ArrowError> {
        match &self.words {
            Words::Short(array) => cast(array, &DataType::LargeUtf8),
            Words::View(array) => cast(array, &DataType::LargeUtf8),
            Words::Long(array) => Ok(Arc::new(array.clone())),
            Words::Moments(array) => Ok(Arc::new(array.clone())),
        }
    }

    /// The column that [`Column::packed`] was made of.
    pub(crate) fn unpacked(role: Role, rank: u8, array: &ArrayRef) -> Self {
        let words =
            Words::of(array, role).unwrap_or_else(|| Words::Long(LargeStringArray::new_null(array.len())));
        Self { role, rank, words }
    }
}
