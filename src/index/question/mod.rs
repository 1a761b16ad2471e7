//! From a question to its answer: whatever reads and changes nothing.

pub(super) mod against;
pub(super) mod arrivals;
pub(super) mod found;
pub(super) mod holding;
pub(super) mod list;
pub(super) mod placed;
pub(super) mod query;
pub(super) mod recall;
pub(super) mod recent;
pub(super) mod search;
pub(super) mod stats;
pub(super) mod translations;
pub(super) mod verify;
pub(super) mod version;
pub(super) mod volume;
pub(super) mod walk;
