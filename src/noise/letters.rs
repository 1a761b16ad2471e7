//! From a body to its letters without blanks, look-alikes made one, each with its token.

use crate::text::{ascii, repair, tokenise};
use std::ops::Range;

/// The letters and digits of a text, folded, and the tokens that they are of.
#[derive(Clone, Debug, Default)]
pub struct Letters {
    /// Folded letters, in order.
    pub folded: Vec<u8>,
    /// The token of each.
    pub token: Vec<u32>,
    /// Every token as it is compared, a blank between two.
    text: String,
    /// Where each token ends, in the text and in the letters.
    ends: Vec<(u32, u32)>,
}

impl Letters {
    /// The letters of a text, which is repaired first. Cost: one pass.
    pub fn of(text: &str) -> Self {
        Self::of_repaired(&repair(text))
    }

    /// The same of a text that is repaired already, or is to be read as it is.
    pub fn of_repaired(text: &str) -> Self {
        let mut letters = Self::default();
        // Folding writes ahead; one letter in six or so is folded to two.
        letters.folded.reserve(text.len() + text.len() / 4);
        letters.token.reserve(text.len() + text.len() / 4);
        letters.text.reserve(text.len());
        letters.ends.reserve(text.len() / 4);
        tokenise(text, |token| letters.push(token.text));
        letters
    }

    /// Adds a token. What is no UTF-8 is one that nothing else is.
    pub fn push(&mut self, token: &[u8]) {
        fold(token, &mut self.folded);
        self.token.resize(self.folded.len(), self.ends.len() as u32);
        if !self.ends.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(str::from_utf8(token).unwrap_or("\u{fffd}"));
        self.ends.push((self.text.len() as u32, self.folded.len() as u32));
    }

    /// How many tokens there are.
    pub fn tokens(&self) -> usize {
        self.ends.len()
    }

    /// All tokens, a blank between two.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A token as it is compared.
    pub fn word(&self, token: u32) -> &str {
        let start = self.before(token).map_or(0, |(end, _)| end + 1);
        &self.text[start as usize..self.ends[token as usize].0 as usize]
    }

    /// The letters that are a token's own.
    pub fn of_token(&self, token: u32) -> Range<usize> {
        let start = self.before(token).map_or(0, |(_, end)| end);
        start as usize..self.ends[token as usize].1 as usize
    }

    /// Where the token before ends.
    fn before(&self, token: u32) -> Option<(u32, u32)> {
        token.checked_sub(1).map(|before| self.ends[before as usize])
    }
}

/// Appends the folded letters of all tokens of a repaired text. Cost: of plain letters and typographic
/// marks about 1 ns a byte.
pub fn fold_text(text: &str, out: &mut Vec<u8>) {
    if !ascii::is_plain(text) {
        return tokenise(text, |token| fold(token.text, out));
    }
    // What else stands in such a text parts tokens and is of none.
    fold_plain(text.as_bytes(), out);
}

fn fold_plain(text: &[u8], out: &mut Vec<u8>) {
    let mut end = out.len();
    out.resize(end + 2 * text.len(), 0);
    for &byte in text {
        let (letters, count) = FOLDED[usize::from(byte)];
        out[end..end + 2].copy_from_slice(&letters);
        end += usize::from(count);
    }
    out.truncate(end);
}

/// Of each byte, as it is printed, the folded letters and how many of the two there are.
static FOLDED: [([u8; 2], u8); 256] = {
    let mut table = [([0; 2], 0); 256];
    let mut byte = 0;
    while byte < 128 {
        let ascii = byte as u8;
        if ascii.is_ascii_alphanumeric() {
            table[byte] = folded(ascii.to_ascii_lowercase());
        }
        byte += 1;
    }
    table
};

/// Appends the folded letters of a token: those that scanners take for each other are one. A letter
/// of another script is one of 128 by its number.
pub fn fold(token: &[u8], out: &mut Vec<u8>) {
    if token.is_ascii() {
        return fold_plain(token, out);
    }
    for c in String::from_utf8_lossy(token).chars() {
        let number = u32::from(c);
        if c.is_ascii() {
            fold_plain(&[number as u8], out);
        } else {
            out.push((number ^ number >> 7) as u8 | 0x80);
        }
    }
}

/// What a small letter or a digit is folded to, and how many letters that is.
const fn folded(byte: u8) -> ([u8; 2], u8) {
    match byte {
        b'm' => (*b"rn", 2),
        b'w' => (*b"vv", 2),
        b'd' => (*b"cl", 2),
        b'u' | b'h' | b'b' => ([b'n', 0], 1),
        b'e' | b'o' | b'0' => ([b'c', 0], 1),
        b'i' | b'1' | b't' | b'j' | b'f' => ([b'l', 0], 1),
        b'q' | b'9' => ([b'g', 0], 1),
        b'5' => ([b's', 0], 1),
        b'3' => ([b'8', 0], 1),
        b'y' => ([b'v', 0], 1),
        other => ([other, 0], 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> Vec<u8> {
        Letters::of(text).folded
    }

    #[test]
    fn look_alikes_are_one() {
        for (x, y) in [
            ("modern", "rnodern"),
            ("the council", "tbe conncil"),
            ("old mill", "olcl mi11"),
            ("west wind", "vvest wincl"),
            ("in 1850", "in l8so"),
            ("of the", "ofthe"),
        ] {
            assert_eq!(folded(x), folded(y), "{x}");
        }
        assert_ne!(folded("1947"), folded("1946"));
        assert_ne!(folded("Тула"), folded("Тверь"));
    }

    proptest! {
        #[test]
        fn a_text_is_folded_as_its_tokens_are(text in "([ -~]{0,40}|[a-zA-Z0-9 ]{0,40}|[‐’“…‧é中\u{301}\n_]{0,3}){0,6}") {
            let (mut whole, mut by_token) = (Vec::new(), Vec::new());
            fold_text(&text, &mut whole);
            tokenise(&text, |token| fold(token.text, &mut by_token));
            prop_assert_eq!(whole, by_token);
        }
    }

    #[test]
    fn tokens_know_their_letters() {
        let letters = Letters::of("The min-\ning town");
        assert_eq!(letters.text(), "the mining town");
        assert_eq!((0..3).map(|token| letters.word(token)).collect::<Vec<_>>(), ["the", "mining", "town"]);
        assert_eq!(letters.of_token(1), 3..3 + "rnlnlng".len());
        assert_eq!(letters.folded[letters.of_token(1)], *b"rnlnlng");
    }
}
