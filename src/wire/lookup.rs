//! From a table of words to where they stand in a text.
//!
//! The names of agencies and the phrases beside them are few, and stand where a word begins: only there
//! they are looked for. An automaton would read each byte of a text, and take longer to build than most
//! scans of a day.

use ahash::AHashMap;
use std::ops::Range;

/// Words and phrases, found by how they open.
pub(super) struct Lookup {
    words: Vec<Box<str>>,
    /// [`INNER`], [`OPENS`] and [`SHORT`] of each byte.
    bytes: [u8; 256],
    /// A bit for each hash of a [`key`] that a word has.
    known: [u64; Lookup::HASHES / 64],
    /// Words of one key, the longest first.
    by_key: AHashMap<u32, Vec<u32>>,
    /// Words that are shorter than a key.
    short: Vec<u32>,
}

/// Of a byte: it is a letter or digit of ASCII.
const INNER: u8 = 1;
/// Of a byte: a word opens with it.
const OPENS: u8 = 2;
/// Of a byte: a word opens with it that is shorter than a key.
const SHORT: u8 = 4;

/// The first characters of a text as a number: two letters of a script of two bytes, three of ASCII, one
/// of any other.
fn key(text: &[u8]) -> Option<u32> {
    let length = if matches!(text.first()?, 0xc0..0xe0) { 4 } else { 3 };
    let first = text.get(..length)?;
    Some(first.iter().fold(0, |key, byte| key << 8 | u32::from(*byte)))
}

impl Lookup {
    const HASHES: usize = 8192;

    pub(super) fn of<W: Into<Box<str>>>(words: impl IntoIterator<Item = W>) -> Self {
        let mut lookup = Self {
            words: words.into_iter().map(Into::into).collect(),
            bytes: std::array::from_fn(|byte| if (byte as u8).is_ascii_alphanumeric() { INNER } else { 0 }),
            known: [0; Self::HASHES / 64],
            by_key: AHashMap::new(),
            short: Vec::new(),
        };
        for (word, number) in lookup.words.iter().zip(0..) {
            let Some(first) = word.bytes().next() else { continue };
            let first = &mut lookup.bytes[usize::from(first)];
            *first |= OPENS;
            if let Some(key) = key(word.as_bytes()) {
                let hash = Self::hash(key);
                lookup.known[hash / 64] |= 1 << (hash % 64);
                lookup.by_key.entry(key).or_default().push(number);
            } else {
                *first |= SHORT;
                lookup.short.push(number);
            }
        }
        for list in lookup.by_key.values_mut().chain([&mut lookup.short]) {
            list.sort_by_key(|&number| std::cmp::Reverse(lookup.words[number as usize].len()));
        }
        lookup
    }

    fn hash(key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b1) >> 19) as usize
    }

    /// The words of the table in `text`, by their numbers: from its start on the longest of each place
    /// where one may begin, none within another, nor within a word of letters and digits of ASCII.
    pub(super) fn find_iter<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, Range<usize>)> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (number, start) = self.next(text.as_bytes(), at)?;
            at = start + self.words[number].len();
            Some((number, start..at))
        })
    }

    /// The first word from `from` on, and where it begins.
    fn next(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let mut before = from.checked_sub(1).map_or(0, |last| self.bytes[usize::from(text[last])]);
        for (at, byte) in text.iter().enumerate().skip(from) {
            let here = self.bytes[usize::from(*byte)];
            if here & OPENS != 0
                && here & before & INNER == 0
                && let Some(number) = self.longest(&text[at..], here)
            {
                return Some((number, at));
            }
            before = here;
        }
        None
    }

    /// The longest word that opens `text`, which begins with such a byte.
    fn longest(&self, text: &[u8], first: u8) -> Option<usize> {
        let stands = |&number: &u32| text.starts_with(self.words[number as usize].as_bytes());
        let may_be_known = |key: &u32| {
            let hash = Self::hash(*key);
            self.known[hash / 64] >> (hash % 64) & 1 == 1
        };
        let known = key(text).filter(may_be_known).and_then(|key| self.by_key.get(&key));
        let long = known.and_then(|list| list.iter().copied().find(stands));
        let short = || if first & SHORT != 0 { self.short.iter().copied().find(stands) } else { None };
        long.or_else(short).map(|number| number as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORDS: [&str; 9] = ["AP", "AP News", "APA", "as per", "о", "по данным", "по", "据", "报道"];

    fn found(text: &str) -> Vec<&str> {
        Lookup::of(WORDS).find_iter(text).map(|(_, range)| &text[range]).collect()
    }

    #[test]
    fn the_longest_word_of_a_place_is_found() {
        assert_eq!(found("AP Newsroom, as per APA and AP"), ["AP News", "as per", "APA", "AP"]);
        assert_eq!(found("по данным AP据AP报道"), ["по данным", "AP", "据", "AP", "报道"]);
        assert!(found("CAP, xAPA, gas per day").is_empty());
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_search_at_each_place_finds(
            pieces in prop::collection::vec(prop::sample::select(
                [&WORDS[..], &["A", "x", "1", " ", ", ", "é", "данным", "道"]].concat()), 0..12),
        ) {
            let text = pieces.concat();
            let (mut expected, mut at) = (Vec::new(), 0);
            while at < text.len() {
                let inner = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
                let bytes = text.as_bytes();
                let is_inner = inner(at.checked_sub(1).and_then(|before| bytes.get(before))) && inner(bytes.get(at));
                let here = text.get(at..).filter(|_| !is_inner);
                let word = here.and_then(|rest| {
                    WORDS.into_iter().filter(|word| rest.starts_with(word)).max_by_key(|word| word.len())
                });
                expected.extend(word);
                at += word.map_or(1, str::len);
            }
            prop_assert_eq!(found(&text), expected);
        }
    }
}
