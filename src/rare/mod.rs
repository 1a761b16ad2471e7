//! From shingles that few stories hold to candidate pairs for rewrites.
//!
//! Two versions of one report share phrases that hardly any other story has, long before they
//! share enough to meet in a band. Runs of three tokens are hashed, a fixed fraction of the hash
//! space is kept (FracMinHash; Irber et al. 2022), and stories that share several kept shingles
//! which few stories hold are candidates. The fraction and the caps bound the work per story. What
//! more stories hold is a report that is carried everywhere, a template, or what everyone says: it
//! makes candidates of each story and the first ones that hold it, and of neighbours in time, where
//! much of a story is shared so. Quotations are keys of their own: one that few stories have makes
//! candidates of them by itself. What one source prints under three unlike headlines is [`Furniture`]:
//! no evidence.

mod forms;
pub mod furniture;
pub mod gathered;
pub mod keys;
pub mod postings;
pub mod quotes;
mod runs;
mod touching;
pub mod windows;

pub use furniture::{Furniture, Heading};
pub use gathered::Gathered;
pub use keys::{RareKeys, Sampling};
pub use postings::{Carried, Met, Postings, Shared};
pub use windows::Sharing;
