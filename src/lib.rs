//! Near-duplicate and rewrite detection for wire stories.

pub mod error;
pub mod hash;
pub mod input;
pub mod story;
