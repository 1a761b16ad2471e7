//! From a token to what a profile needs of it.

use super::frequency::{short_stem, stem_of};
use super::profile::Word;
use crate::hash;
use crate::text;

/// A token as it is taken in: all that a profile needs of its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(super) hash: u64,
    pub(super) stem: u32,
    pub(super) is_number: bool,
    pub(super) is_year: bool,
}

impl Taken {
    pub(super) fn short(word: u128, len: usize) -> Self {
        let first_four = (word as u32).to_le_bytes();
        Self {
            hash: hash::short_word(word, len),
            stem: short_stem(word, len),
            is_number: first_four[0].is_ascii_digit(),
            is_year: len == 4 && is_year(first_four),
        }
    }

    pub(super) fn long(text: &[u8]) -> Self {
        let is_number = match text.first() {
            Some(first) if first.is_ascii() => first.is_ascii_digit(),
            _ => std::str::from_utf8(text).is_ok_and(|t| t.starts_with(char::is_numeric)),
        };
        let is_year = text.try_into().is_ok_and(is_year);
        Self { hash: hash::word(text), stem: stem_of(text), is_number, is_year }
    }

    pub(super) fn word(&self) -> Word {
        Word::new(self.hash, self.is_number)
    }
}

/// Takes in the tokens of a text.
pub(super) fn take(text: &str, out: &mut Vec<Taken>) {
    out.reserve(text.len() / 5);
    text::tokens(text, out, Taken::short, Taken::long);
}

fn is_year(text: [u8; 4]) -> bool {
    matches!(text, [b'1', b'9', c, d] | [b'2', b'0', c, d] if c.is_ascii_digit() && d.is_ascii_digit())
}
