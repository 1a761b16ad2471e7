//! From wire stories to verified clusters: says which are the same report.
//!
//! A wire story is printed in a hundred places: word for word, under another dateline, cut to
//! half, updated, corrected, retold. Given a day of such stories this crate says which of them
//! are versions of one report, how each pair is tied, and which version to keep; every tie is
//! verified on the texts, so that no pair is called a copy on an estimate.
//!
//! ```
//! use dedup::{Config, Level, Relation, Scanner, Story};
//!
//! let stories = [
//!     Story::new("afp-1", "The ferry ran aground off the cape on Sunday with 212 people aboard."),
//!     Story::new("post-7", "SYDNEY, March 3 (AFP) - The ferry ran aground off the cape on Sunday with 212 people aboard."),
//!     Story::new("tass-4", "A partial eclipse of the moon will be seen over the south tonight."),
//! ];
//! let config = Config::builder().level(Level::Copy).build()?;
//! let report = Scanner::new(config).scan(&stories);
//!
//! assert_eq!(report.clusters.len(), 1);
//! assert_eq!(report.pairs[0].relation, Relation::Identical, "a dateline is no part of the report");
//! # Ok::<(), dedup::Error>(())
//! ```
//!
//! # Stages
//!
//! Each is a public module and can be used by itself; each imports only from those above it.
//!
//! 1. [`input`]: bytes to stories, from files, folders and standard input ([`input::Files`]):
//!    text, JSON, wire formats, feeds, pages, WARC, tables, archives; [`dispatch`] is what a wire
//!    says beside a story.
//! 2. [`wire`]: datelines, bylines and credits out of the body, kept as metadata.
//! 3. [`text`]: a body to tokens, in any script.
//! 4. [`mod@shingle`], [`similarity`]: tokens to sets, sets to exact integers.
//! 5. [`minhash`], [`lsh`]: sets to signatures, signatures to candidate pairs.
//! 6. [`verify`], [`evidence`], [`relation`]: candidates to named relations.
//! 7. [`cluster`]: relations to clusters that hold together, and the member that is kept.
//! 8. [`scan`], [`mod@explain`], [`eval`]: the whole way; one pair in detail; scores against labels.
//! 9. [`report`]: plain data of a run to text, JSON, JSON lines, CSV, Parquet, graphs and a page.
//!
//! # Features
//!
//! `cli` is the program. `archives` (zip, tar, bzip2, xz), `feeds` (RSS, Atom), `pages` (HTML,
//! also out of WARC) and `parquet` are on by default; without one, a file of that form is a
//! record that was skipped and says so. `html` is the one-file page.
//!
//! # Guarantees
//!
//! * The same stories and settings give an equal [`Report`], and equal bytes in every format, for
//!   any order of input, number of threads and machine.
//! * A pair called [`Relation::Copy`] has an exact Jaccard similarity at or above the threshold.
//! * Every record ends in a cluster, as a single, or as skipped with place and reason.
//! * Empty, blank and short stories are joined only with identical ones.
//! * Only [`config::ConfigBuilder::build`] and reading can fail. Nothing is printed, the
//!   environment is not read, and no step is quadratic in the input without a bound.

pub mod cluster;
pub mod config;
pub mod dispatch;
pub mod error;
pub mod eval;
pub mod evidence;
pub mod explain;
pub mod filter;
pub mod fit;
pub mod hash;
#[cfg(feature = "index")]
pub mod index;
pub mod input;
pub mod label;
pub mod lexicon;
pub mod lsh;
pub mod minhash;
pub mod noise;
pub mod rare;
pub mod relation;
pub mod report;
pub mod scan;
pub mod shingle;
pub mod similarity;
mod spool;
pub mod story;
pub mod text;
pub mod time;
pub mod verify;
pub mod wire;

pub use cluster::{Keep, Linkage};
pub use config::Config;
pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "index")]
pub use index::Index;
pub use relation::{Level, Relation};
pub use report::Report;
pub use scan::Scanner;
pub use story::Story;
