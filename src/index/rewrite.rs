//! From the phrases that a story shares with few others to its rewrites.

use super::Index;
use super::failure::Done;
use super::fingerprint::{Fresh, Keys};
use super::regroup::Touched;
use super::rows::{ClassRow, State};
use crate::scan::pairs::Verified;

impl Index {
    pub(super) fn retold(&self, _: &State, _: &Fresh, _: u32, _: &[u32]) -> Done<Vec<(ClassRow, Verified)>> {
        Ok(Vec::new())
    }

    pub(super) fn keys_as_filed(&self, class: &ClassRow) -> Done<Keys> {
        Keys::of_row(&self.store.db, class)
    }

    pub(super) fn lead_again(&self, _: &State, _: &ClassRow, _: &mut Touched) -> Done<()> {
        Ok(())
    }
}
