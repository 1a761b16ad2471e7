//! From signatures to candidate pairs, by banding and sorting.
//!
//! Locality-sensitive hashing for MinHash (Indyk and Motwani 1998; Leskovec, Rajaraman and
//! Ullman, *Mining of Massive Datasets*, ch. 3): a signature is cut into bands of rows, stories
//! with an equal band fall into one bucket, and a bucket's members are candidates. Nothing is
//! proved yet: every candidate goes to exact verification.

pub mod banding;
pub mod buckets;

pub use banding::Banding;
pub use buckets::{BandKeys, Buckets};
