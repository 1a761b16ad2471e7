//! From Python objects to the library and back: the compiled part of the package `wirededup`.
//!
//! The Python side (`wirededup/`) gives names, defaults and documentation; here is only what needs
//! the library. No thread of the library ever takes the interpreter lock.

mod column;
mod failure;
mod frame;
mod index;
mod objects;
mod pieces;
mod report;
mod run;
mod settings;
mod spark;
mod spool;

use pyo3::prelude::*;

/// The compiled part of the package `wirededup`.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<settings::Settings>()?;
    module.add_class::<report::Report>()?;
    module.add_class::<index::Index>()?;
    module.add_class::<pieces::MinHasher>()?;
    module.add_function(wrap_pyfunction!(settings::columns, module)?)?;
    module.add_function(wrap_pyfunction!(settings::require, module)?)?;
    module.add_function(wrap_pyfunction!(settings::role, module)?)?;
    module.add_function(wrap_pyfunction!(report::packed, module)?)?;
    module.add_function(wrap_pyfunction!(report::unpacked, module)?)?;
    module.add_function(wrap_pyfunction!(run::scan, module)?)?;
    module.add_function(wrap_pyfunction!(run::explain, module)?)?;
    module.add_function(wrap_pyfunction!(pieces::tokens, module)?)?;
    module.add_function(wrap_pyfunction!(pieces::token_hashes, module)?)?;
    module.add_function(wrap_pyfunction!(pieces::shingles, module)?)?;
    module.add_function(wrap_pyfunction!(pieces::overlap, module)?)?;
    module.add_function(wrap_pyfunction!(pieces::banding, module)?)?;
    module.add_function(wrap_pyfunction!(pieces::band_keys, module)?)?;
    module.add_function(wrap_pyfunction!(pieces::strip, module)?)?;
    spark::add_to(module)
}
