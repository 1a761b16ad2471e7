//! Near-duplicate and rewrite detection for wire stories.

pub mod error;
pub mod hash;
pub mod story;
pub mod wire;
