//! From two texts to what they share: pieces of evidence, each with its place in both.
//!
//! A copy shares shingles; a rewrite shares a report. What two stories have in common is measured
//! as a handful of [`Signals`], each with a reason:
//!
//! * the words that are rare in the corpus, wherever they stand (`topic`; Salton's TF–IDF cosine),
//!   and those of headline and lead (`news`);
//! * passages taken over word for word (`kept`; greedy string tiling, Wise 1993) and where they
//!   stand in both texts (`drift`: a brief deep inside a round-up drifts far);
//! * quotations, which a rewriter keeps (`quotes`; Leskovec et al. 2009);
//! * numbers: another number in the same frame is another event of one template (`swapped`,
//!   `other_numbers`);
//! * time between them, length, and whether one outlet printed both.

mod chain;
pub mod changes;
mod frames;
pub mod frequency;
pub mod landmarks;
pub mod passage;
pub mod profile;
pub mod quote;
pub mod signals;
pub mod stretch;
pub(crate) mod taken;
pub mod topic;
mod values;

pub use changes::{Changes, Facts, Figure};
pub use frequency::{Frequencies, Weights};
pub use passage::{Passage, passages};
pub use profile::Profile;
pub use signals::Signals;
pub use stretch::{Stretch, stretches};
