//! From a text to what stands in quotation marks.

use crate::hash;
use crate::rare::{RareKeys, quotes};
use crate::story::Ordinal;
use crate::text;
use std::ops::Range;

/// Bytes of the shortest quotation: below it, quotation marks hold titles and single words.
const SHORTEST: usize = 12;

/// Bytes of the longest quotation; beyond it a mark was most likely never closed.
const LONGEST: usize = 1_600;

/// Adds the keys of all `quotations`, places in the `tokens` of a body, to `keys`, as those of
/// `story`.
pub fn push_keys(tokens: &[u64], quotations: &[Range<usize>], keys: &mut RareKeys, story: Ordinal) {
    quotations.iter().for_each(|place| quotes::push(keys, &tokens[place.clone()], story));
}

/// Appends the hashes of the tokens of `text`, as [`text::token_hashes`] does, and the quotations by
/// place in `hashes`.
pub fn token_hashes(text: &str, hashes: &mut Vec<u64>, quoted: &mut Vec<Range<usize>>) {
    tokens(&text::repair(text), hashes, quoted, hash::short_word, hash::word);
}

/// Appends what is made of each token of `text`, which is repaired, as [`text::tokens`] does, and
/// the quotations by place in `out`. No token runs over a quotation mark, so the text can be taken
/// in stretch by stretch.
pub fn tokens<T>(
    text: &str,
    out: &mut Vec<T>,
    quoted: &mut Vec<Range<usize>>,
    short: impl Fn(u128, usize) -> T + Copy,
    long: impl Fn(&[u8]) -> T + Copy,
) {
    let mut at = 0;
    for quote in quotations(text) {
        text::tokens(&text[at..quote.start], out, short, long);
        let start = out.len();
        text::tokens(&text[quote.clone()], out, short, long);
        quoted.push(start..out.len());
        at = quote.end;
    }
    text::tokens(&text[at..], out, short, long);
}

/// The quotations of `text`, in order, without their marks, as places in bytes. Knows the marks
/// of English, Russian, German, French, Spanish, Polish, Arabic, Chinese and Japanese, and the
/// straight mark, which closes where it last opened. Cost: a search at memory speed, and a look at
/// each mark.
pub fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &[char])> = None;
    for (at, c) in marks(text) {
        // A mark that was never closed is given up at the first character beyond the longest.
        open =
            open.filter(|&(start, _)| (start + LONGEST + 1..at).all(|beyond| !text.is_char_boundary(beyond)));
        match open {
            Some((start, closers)) if closers.contains(&c) => {
                if at - start >= SHORTEST {
                    found.push(start..at);
                }
                open = None;
            }
            Some((start, _)) if at - start <= LONGEST => {}
            _ => open = closers(c).map(|closers| (at + c.len_utf8(), closers)),
        }
    }
    found
}

/// The characters of `text` that start with a byte of a quotation mark, by place.
fn marks(text: &str) -> impl Iterator<Item = (usize, char)> {
    /// Bytes that are looked at together.
    const BLOCK: usize = 64;
    let opens = |&byte: &u8| matches!(byte, b'"' | 0xc2 | 0xe2 | 0xe3);
    let blocks = text.as_bytes().chunks(BLOCK).zip((0..).step_by(BLOCK));
    let holding = blocks.filter(move |(block, _)| block.iter().fold(false, |any, byte| any | opens(byte)));
    let places = holding.flat_map(move |(block, first)| {
        (first..).zip(block).filter(move |(_, byte)| opens(byte)).map(|(at, _)| at)
    });
    places.filter_map(|at| Some((at, text[at..].chars().next()?)))
}

/// What may close a quotation that `c` opens. Arabic outlets open with ” and close with “.
fn closers(c: char) -> Option<&'static [char]> {
    match c {
        '"' => Some(&['"']),
        '«' => Some(&['»']),
        '“' => Some(&['”']),
        '„' | '”' => Some(&['“', '”']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quoted(text: &str) -> Vec<&str> {
        quotations(text).into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn marks_of_many_languages() {
        assert_eq!(quoted("He said: “we are not there”, and left."), ["we are not there"]);
        assert_eq!(
            quoted("\"We are not there,\" he said. \"Not at all today.\""),
            ["We are not there,", "Not at all today."]
        );
        assert_eq!(quoted("«Нас там нет», – сказал он"), ["Нас там нет"]);
        assert_eq!(quoted("„Wir sind nicht da“, sagte er"), ["Wir sind nicht da"]);
        assert_eq!(quoted("قال ” نحن لسنا هناك اليوم “ ثم"), [" نحن لسنا هناك اليوم "]);
        assert_eq!(quoted("他说：「我们今天不在那里」。"), ["我们今天不在那里"]);
    }

    #[test]
    fn titles_and_open_ends_are_left_out() {
        assert!(quoted("the so-called \"Troika\" met").is_empty());
        assert!(quoted("he said \"and never closed it").is_empty());
        assert!(quoted(&format!("\"{}\"", "x".repeat(2 * LONGEST))).is_empty());
    }

    /// The same rules, looking at every character.
    fn slow(text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut open: Option<(usize, &[char])> = None;
        for (at, c) in text.char_indices() {
            match open {
                Some((start, closers)) if closers.contains(&c) => {
                    found.extend((at - start >= SHORTEST).then_some(start..at));
                    open = None;
                }
                Some((start, _)) if at - start <= LONGEST => {}
                _ => open = closers(c).map(|closers| (at + c.len_utf8(), closers)),
            }
        }
        found
    }

    proptest! {
        #[test]
        fn looking_at_marks_is_enough(
            parts in prop::collection::vec(("[\"«»“”„‟’「」『』a]", prop::sample::select(vec!["x", "я", "国", "’", "«"]), 0usize..40, any::<bool>()), 0..8)
        ) {
            let part = |(mark, filler, times, long): (String, &str, usize, bool)| {
                // Near the end of the longest quotation every byte counts.
                let times = if long { LONGEST / filler.len() + times - times.min(20) } else { times };
                format!("{mark}{}", filler.repeat(times))
            };
            let text: String = parts.into_iter().map(part).collect();
            prop_assert_eq!(quotations(&text), slow(&text));
        }
    }
}
