//! From verified ties to clusters: components, linkage with a guard against chains, canonical
//! choice and origin.

mod bodies;
pub mod canonical;
pub mod components;
pub mod core;
pub mod families;
mod growth;
pub mod linkage;

pub use canonical::Keep;
pub use components::components;
pub use families::{Span, families};
pub use linkage::{Linkage, Tie};
