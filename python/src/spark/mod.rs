//! From the stages of a scan to kernels over Arrow batches, which a Spark task runs.
//!
//! Every kernel is a function of a batch, or takes a sorted stream of batches and holds no more
//! than one group of it. Stories are named by their ordinals, their places in the order of all
//! ids; 64-bit values cross as `int64` bit patterns.

mod buckets;
mod cluster;
mod columns;
mod compare;
mod components;
mod family;
mod stories;
mod ties;

use pyo3::prelude::*;

/// The packed bands in bytes as they are stored.
fn row_of(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks().0.iter().map(|&key| u32::from_le_bytes(key))
}

/// Adds the kernels.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("FAMILY", dedup::lsh::Buckets::FAMILY)?;
    module.add_function(wrap_pyfunction!(stories::fingerprints, module)?)?;
    module.add_function(wrap_pyfunction!(stories::bands, module)?)?;
    module.add_function(wrap_pyfunction!(stories::alike, module)?)?;
    module.add_class::<buckets::BucketPairs>()?;
    module.add_class::<components::Components>()?;
    module.add_class::<compare::Compare>()?;
    module.add_class::<family::Families>()?;
    module.add_class::<cluster::Cluster>()?;
    module.add_function(wrap_pyfunction!(cluster::found, module)?)?;
    Ok(())
}
