//! From words of many languages to concepts: what of a report survives translation.
//!
//! A translator changes every word but keeps what the words mean, the names and the numbers. A
//! [`Print`] of a story holds all three in a form that no language owns:
//!
//! * **concepts**: the English stems that a stem means, by tables learnt from sentence pairs
//!   (`train/lexicon`; IBM model 1, Brown et al. 1993), and the stem itself, by which cognates and
//!   names meet that no table has;
//! * **numbers**, with units brought to one form (*4,3 млн* is *4.3 million*), and days of the year
//!   (*24 февраля* is *Feb. 24*);
//! * **names** by their sound across scripts and case endings, in a [fine](sound::skeleton) and a
//!   [coarse](sound::coarse) form.
//!
//! The tables, some 350 kB packed, are in the program and are unpacked when a language is first met.
//! `data/NOTICE.md` names their sources.

mod fold;
mod number;
mod print;
pub mod sound;
mod table;
mod words;

pub use print::{Feature, Kind, Print, WHOLE};
pub(crate) use print::{Held, each};
pub use table::Lexicon;
pub(crate) use table::share;
