//! From two texts to what they share: pieces of evidence, each with its place in both.

pub mod passage;

pub use passage::{Passage, passages};
