//! Near-duplicate and rewrite detection for wire stories.

pub mod cluster;
pub mod config;
pub mod error;
pub mod eval;
pub mod evidence;
pub mod explain;
pub mod hash;
pub mod input;
pub mod lsh;
pub mod minhash;
pub mod rare;
pub mod relation;
pub mod report;
pub mod scan;
pub mod shingle;
pub mod similarity;
pub mod story;
pub mod text;
pub mod verify;
pub mod wire;
