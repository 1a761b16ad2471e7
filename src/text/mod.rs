//! From a story's body to its tokens.
//!
//! A **token** is a maximal run of letters, digits and marks inside a word of UAX #29, in lower
//! case and Unicode normal form NFKC. Words are split at the apostrophes and points inside them
//! (`don't` is `don`, `t`; `3.5` is `3`, `5`): outlets swap straight for curly apostrophes, and a
//! token must not change with them. Numbers are kept: a changed number *is* the news. Chinese and
//! Japanese are taken character by character; Thai, Lao, Khmer and Burmese, which write no spaces,
//! by dictionary.
//!
//! What a print shop leaves in the text goes first: [`repair()`] decodes entities, drops tags and
//! joins words cut at line ends. ASCII text takes a fast path that gives the same tokens.

pub mod ascii;
mod digits;
pub mod language;
pub mod repair;
pub mod script;
pub mod sent;
pub mod token;
pub mod unseen;
pub mod unspaced;

pub use repair::repair;
pub use script::{Script, script};
pub use token::{Token, tokenise};

use crate::hash;

/// The hashes of the tokens of `text`, in order; `text` is repaired first. Appends to `out`.
/// Cost: about 0.8 ns a byte of ASCII text.
pub fn token_hashes(text: &str, out: &mut Vec<u64>) {
    tokens(&repair(text), out, hash::short_word, hash::word);
}

/// Appends what is made of each token of `text`, which is repaired, in order: by `short` of those
/// given as [`hash::short_word`] takes them, by `long` of the others, from their bytes. Both must
/// make the same of a token.
pub fn tokens<T>(
    mut text: &str,
    out: &mut Vec<T>,
    short: impl Fn(u128, usize) -> T + Copy,
    long: impl Fn(&[u8]) -> T + Copy,
) {
    let mut word = token::Word::default();
    while !text.is_empty() {
        text = &text[ascii::tokens(text, out, short, long)..];
        text = &text[token::unicode_stretch(text, &mut word, |word| out.push(long(word)))..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hashing_takes_the_same_tokens_as_tokenising(text in "([ -~]{0,90}|[a-zA-Z0-9 ]{0,40}|[éüß’“я中ก\n]{0,3}){0,6}") {
            let (mut fast, mut slow) = (Vec::new(), Vec::new());
            token_hashes(&text, &mut fast);
            tokenise(&repair(&text), |token| slow.push(hash::word(token.text)));
            prop_assert_eq!(fast, slow);
        }
    }
}
