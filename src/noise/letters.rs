//! From a body to its letters without blanks, look-alikes made one, each with its token.

use super::seeds::Seeds;
use crate::text::{ascii, repair, tokenise};
use std::ops::Range;
use std::sync::OnceLock;

/// The letters and digits of a text, folded, and the tokens that they are of.
#[derive(Clone, Debug, Default)]
pub struct Letters {
    /// Folded letters, in order.
    folded: Vec<u8>,
    /// Every token as it is compared, a blank between two.
    text: String,
    /// Where each token ends, in the text and in the letters.
    ends: Vec<(u32, u32)>,
    /// Where an alignment may start, once one has asked.
    seeds: OnceLock<Seeds>,
}

impl Letters {
    /// The letters of a text, which is repaired first. Cost: one pass.
    pub fn of(text: &str) -> Self {
        Self::of_repaired(&repair(text))
    }

    /// The same of a text that is repaired already, or is to be read as it is.
    pub fn of_repaired(text: &str) -> Self {
        if ascii::is_plain(text) {
            return Self::of_plain(text.as_bytes());
        }
        let mut letters = Self::default();
        tokenise(text, |token| letters.push(token.text));
        letters
    }

    /// The same of a text without letters but those of ASCII. No branch asks where words end: it cannot be
    /// foreseen.
    fn of_plain(printed: &[u8]) -> Self {
        let (mut folded, mut letters) = (vec![0; 2 * printed.len() + 2], 0);
        let (mut text, mut length) = (vec![0; printed.len() + 1], 0);
        let (mut ends, mut tokens) = (vec![(0, 0); printed.len() / 2 + 1], 0);
        let mut was_letter = 0;
        // Behind the last token something ends it, too.
        for &byte in printed.iter().chain(b" ") {
            let (pair, count, small) = FOLDED[usize::from(byte)];
            let is_letter = usize::from(count > 0);
            folded[letters..letters + 2].copy_from_slice(&pair);
            letters += usize::from(count);
            ends[tokens] = (length as u32, letters as u32);
            tokens += was_letter & (1 - is_letter);
            text[length] = small;
            length += is_letter | was_letter;
            was_letter = is_letter;
        }
        folded.truncate(letters);
        text.truncate(length.saturating_sub(1));
        ends.truncate(tokens);
        folded.shrink_to_fit();
        ends.shrink_to_fit();
        let text = String::from_utf8(text).unwrap_or_default();
        Self { folded, text, ends, seeds: OnceLock::new() }
    }

    /// Adds a token. What is no UTF-8 is one that nothing else is.
    fn push(&mut self, token: &[u8]) {
        fold(token, &mut self.folded);
        if !self.ends.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(str::from_utf8(token).unwrap_or("\u{fffd}"));
        self.ends.push((self.text.len() as u32, self.folded.len() as u32));
    }

    /// Folded letters, in order.
    pub fn folded(&self) -> &[u8] {
        &self.folded
    }

    /// Where an alignment of another text with this may start.
    pub(super) fn seeds(&self) -> &Seeds {
        self.seeds.get_or_init(|| Seeds::of(&self.folded))
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

    /// The token that a letter is of. Cost: a search.
    pub fn token(&self, letter: usize) -> u32 {
        self.ends.partition_point(|&(_, end)| end as usize <= letter) as u32
    }

    /// The tokens that some letters are of, if there are any.
    pub fn tokens_of(&self, letters: &Range<usize>) -> Range<u32> {
        let last = letters.end.min(self.folded.len()).checked_sub(1).filter(|&last| last >= letters.start);
        last.map_or(0..0, |last| self.token(letters.start)..self.token(last) + 1)
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
        let (letters, count, _) = FOLDED[usize::from(byte)];
        out[end..end + 2].copy_from_slice(&letters);
        end += usize::from(count);
    }
    out.truncate(end);
}

/// Of each byte, as it is printed, the folded letters, how many of the two there are, and the small letter,
/// or a blank.
static FOLDED: [([u8; 2], u8, u8); 256] = {
    let mut table = [([0; 2], 0, b' '); 256];
    let mut byte = 0;
    while byte < 128 {
        let small = (byte as u8).to_ascii_lowercase();
        if small.is_ascii_alphanumeric() {
            let (letters, count) = folded(small);
            table[byte] = (letters, count, small);
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
        fn letters_of_a_text_are_those_of_its_tokens(text in "([ -~]{0,40}|[a-zA-Z0-9 ]{0,40}|[‐’“…‧é中\u{301}\n_]{0,3}){0,6}") {
            let (whole, mut by_token) = (Letters::of_repaired(&text), Letters::default());
            tokenise(&text, |token| by_token.push(token.text));
            prop_assert_eq!((whole.folded, whole.text, whole.ends), (by_token.folded, by_token.text, by_token.ends));
        }

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
        assert_eq!([2, 3, 9, 10].map(|letter| letters.token(letter)), [0, 1, 1, 2]);
        assert_eq!(
            [2..4, 3..10, 5..5, 99..120].map(|range| letters.tokens_of(&range)),
            [0..2, 1..2, 0..0, 0..0]
        );
        assert_eq!(letters.folded[letters.of_token(1)], *b"rnlnlng");
    }
}
