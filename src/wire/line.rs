//! From a line to what sets of rules ask of it, found once for all of them.

use std::cell::OnceCell;

use super::{agencies, names, scan};

/// Bytes from the start in which the marks of a rule that opens with a slot must stand.
pub(super) const WINDOW: usize = 160;

/// A line, and what is known of how it opens.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    key: OnceCell<u64>,
    marks: OnceCell<u32>,
    is_agency: OnceCell<bool>,
    place: OnceCell<Option<usize>>,
}

impl<'a> Line<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (key, marks, is_agency, place) = Default::default();
        Self { text, key, marks, is_agency, place }
    }

    /// The [`scan::key`] of the text.
    pub(super) fn key(&self) -> u64 {
        *self.key.get_or_init(|| scan::key(self.text))
    }

    /// The [`scan::bits`] of the first [`WINDOW`] bytes.
    pub(super) fn marks(&self) -> u32 {
        *self.marks.get_or_init(|| scan::bits(&self.text[..scan::floor(self.text, WINDOW)]))
    }

    /// Whether the name of an agency may open it.
    pub(super) fn may_be_agency(&self) -> bool {
        *self.is_agency.get_or_init(|| agencies::may_open(self.text, self.key()))
    }

    /// How far a place that opens it can reach; `None` where none does.
    pub(super) fn place(&self) -> Option<usize> {
        *self.place.get_or_init(|| names::reach_of_place(self.text))
    }
}
