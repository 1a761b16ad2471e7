//! From a body to its letters without blanks, look-alikes made one, each with its place.

use crate::text::{ascii, repair, tokenise};
use std::borrow::Cow;
use std::ops::Range;

/// The letters and digits of a text, folded, and the tokens that they are of.
#[derive(Clone, Debug, Default)]
pub struct Letters {
    /// Folded letters, in order.
    pub folded: Vec<u8>,
    /// The token of each.
    pub token: Vec<u32>,
    /// Every token as it is compared, with the letters that are its own.
    pub tokens: Vec<(Box<str>, Range<u32>)>,
    /// Where each token stands in the repaired text, in bytes.
    pub places: Vec<Range<usize>>,
}

impl Letters {
    /// The letters of a text, which is repaired first. Cost: one pass.
    pub fn of(text: &str) -> Self {
        let repaired = repair(text);
        let mut letters = Self::default();
        tokenise(&repaired, |token| letters.push(token.text, token.start..token.end));
        letters
    }

    /// Adds a token, which stands at `place`.
    pub fn push(&mut self, token: &[u8], place: Range<usize>) {
        let start = self.folded.len();
        fold(token, &mut self.folded);
        let (number, end) = (self.tokens.len() as u32, self.folded.len());
        self.token.resize(end, number);
        self.tokens.push((String::from_utf8_lossy(token).into(), start as u32..end as u32));
        self.places.push(place);
    }

    /// All tokens, a blank between two.
    pub fn text(&self) -> String {
        self.tokens.iter().map(|(token, _)| &**token).collect::<Vec<_>>().join(" ")
    }

    /// The text whose places are meant, of the one that was given.
    pub fn placed(text: &str) -> Cow<'_, str> {
        repair(text)
    }

    /// Where letters stand in the repaired text, in bytes: from the start of the first one's token
    /// to the end of the last one's. Empty for none.
    pub fn place(&self, letters: &Range<usize>) -> Range<usize> {
        if letters.is_empty() {
            return 0..0;
        }
        let place = |letter: usize| &self.places[self.token[letter] as usize];
        place(letters.start).start..place(letters.end - 1).end
    }
}

/// Appends the folded letters of all tokens of a repaired text. Cost: of plain letters and typographic
/// marks about 1 ns a byte.
pub fn fold_text(text: &str, out: &mut Vec<u8>) {
    if !ascii::is_plain(text) {
        return tokenise(text, |token| fold(token.text, out));
    }
    // What else stands in such a text parts tokens and is of none.
    let mut end = out.len();
    out.resize(end + 2 * text.len(), 0);
    for &byte in text.as_bytes() {
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
        return token.iter().for_each(|&byte| push(byte, out));
    }
    for c in String::from_utf8_lossy(token).chars() {
        let number = u32::from(c);
        if c.is_ascii() { push(number as u8, out) } else { out.push((number ^ number >> 7) as u8 | 0x80) }
    }
}

fn push(byte: u8, out: &mut Vec<u8>) {
    let (letters, count) = folded(byte);
    out.extend(&letters[..usize::from(count)]);
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
    fn letters_know_their_place() {
        let text = "The min-\ning town";
        let letters = Letters::of(text);
        let start = letters.tokens[1].1.start as usize;
        let end = letters.tokens[2].1.end as usize;
        let repaired = Letters::placed(text);
        assert_eq!(&repaired[letters.place(&(start..end))], "mining town");
        assert_eq!(letters.place(&(0..0)), 0..0);
    }
}
