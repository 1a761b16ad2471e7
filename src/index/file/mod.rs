//! From rows and blobs to values, and back: what stands in the file, who may write it, and its seals.

pub(super) mod clusters;
pub(super) mod corpus;
pub(super) mod failure;
pub(super) mod fingerprint;
pub(super) mod header;
pub(super) mod lately;
pub(super) mod lock;
pub(super) mod postings;
pub(super) mod rows;
pub(super) mod seal;
pub(super) mod sought;
pub(super) mod store;
pub(super) mod tail;
pub(super) mod ties;
pub(super) mod watched;
pub(super) mod weights;
pub(super) mod words;
