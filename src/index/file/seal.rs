//! From the content of a row to the seal that is kept beside it.
//!
//! SQLite does not notice a flipped bit inside a value. Every row that an answer depends on
//! carries a hash of its key and values, so that no answer is made from damaged bytes.

use crate::hash;

/// Gathers what a seal covers.
#[derive(Debug)]
pub(in crate::index) struct Seal(Vec<u8>);

impl Seal {
    /// Of a row of `table`.
    pub(in crate::index) fn new(table: &str) -> Self {
        /// Bytes of nearly every row.
        const MOST: usize = 1_000;
        Self(Vec::with_capacity(MOST)).text(table)
    }

    pub(in crate::index) fn number(mut self, number: impl Into<i64>) -> Self {
        self.0.extend_from_slice(&number.into().to_le_bytes());
        self
    }

    pub(in crate::index) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(in crate::index) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// An integer as SQLite holds it, or none.
    pub(in crate::index) fn optional(self, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.number(1i64).number(number),
            None => self.number(0i64),
        }
    }

    /// The value of the column `seal`: 47 bits, which SQLite keeps in six bytes.
    pub(in crate::index) fn value(self) -> i64 {
        (hash::bytes(&self.0) >> 17).cast_signed()
    }
}
