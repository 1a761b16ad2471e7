//! From stories in any order to an index that says what a scan of them says.
#![cfg(feature = "index")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking and may print")]

#[path = "index/batch.rs"]
mod batch;
#[path = "index/corpora.rs"]
mod corpora;
#[path = "index/damage.rs"]
mod damage;
#[path = "index/format.rs"]
mod format;
#[path = "index/kept_apart.rs"]
mod kept_apart;
#[path = "index/one_answer.rs"]
mod one_answer;
#[path = "index/placed.rs"]
mod placed;
#[path = "index/redelivery.rs"]
mod redelivery;
#[path = "index/words.rs"]
mod words;
