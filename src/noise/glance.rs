//! From bytes to whether many words of small letters in them are odd in English.
//!
//! What may be asked of each byte is asked of all of them, and what is rare marked in masks of 64 places: words
//! are looked at where something is, which most texts do not have.

use super::odd::{END, ENGLISH, RARE, RUNS};
use crate::text::ascii::{BLOCK, mask};
use std::sync::LazyLock;

/// Whether at least `many` words of `bytes` are odd, each counted twice at most. One behind a capital, a digit
/// or a byte that is not ASCII is passed over, and so are those at the ends where `bytes` were cut out of a
/// text.
pub(super) fn has_odd(bytes: &[u8], is_cut: bool, many: u32) -> bool {
    let rare = &*RARE_IN_ENGLISH;
    // Of places before `done` it is known what they count.
    let (mut odd, mut done) = (Vec::new(), 0);
    let (mut letters, mut before) = ([END as u8; BLOCK + 3], 0);
    // Behind the last word comes a blank.
    for start in (0..=bytes.len()).step_by(BLOCK) {
        let block = &bytes[start..bytes.len().min(start + BLOCK)];
        letters.copy_within(BLOCK.., 0);
        read(block, &mut letters);
        let inner = mask(std::array::from_fn(|place| u8::from(letters[place + 3] != END as u8)));
        let behind = |far: u32| inner << far | before >> (BLOCK as u32 - far);
        let short = !inner & behind(1) & behind(2) & !(behind(3) & behind(4));
        before = inner;
        let mut places = rare.among(&runs(&letters), short);
        while places != 0 {
            let place = start + places.trailing_zeros() as usize;
            places &= places - 1;
            if place < done {
                continue;
            }
            let word = Word::around(bytes, place);
            done = word.end;
            if word.counts(bytes, place, is_cut) {
                done = word.end + 1;
                let word = &bytes[word.start..word.end];
                if odd.iter().filter(|&&known| known == word).count() < 2 {
                    odd.push(word);
                }
                if odd.len() == many as usize {
                    return true;
                }
            }
        }
    }
    false
}

/// Sets all but the first three letters to those of `block`, with ends behind it.
fn read(block: &[u8], letters: &mut [u8; BLOCK + 3]) {
    let letter = |byte: u8| if byte.is_ascii_lowercase() { byte & 31 } else { END as u8 };
    let here = &mut letters[3..];
    if let Ok(block) = <&[u8; BLOCK]>::try_from(block) {
        here.copy_from_slice(&block.map(letter));
    } else {
        here.fill(END as u8);
        here.iter_mut().zip(block).for_each(|(here, &byte)| *here = letter(byte));
    }
}

/// The last three letters before each place of a block, and at its end, five bits each.
fn runs(letters: &[u8; BLOCK + 3]) -> [u16; BLOCK + 1] {
    let at = |place: usize| u16::from(letters[place]);
    std::array::from_fn(|place| at(place) << 10 | at(place + 1) << 5 | at(place + 2))
}

/// A stretch of small letters.
struct Word {
    start: usize,
    end: usize,
}

impl Word {
    /// The one at `place`, or that ends before it.
    fn around(bytes: &[u8], place: usize) -> Self {
        let is_edge = |byte: &u8| !byte.is_ascii_lowercase();
        let start = bytes[..place].iter().rposition(is_edge).map_or(0, |edge| edge + 1);
        let length = bytes[place..].iter().position(is_edge);
        Self { start, end: length.map_or(bytes.len(), |length| place + length) }
    }

    /// Whether it counts as odd for what is rare at `place`.
    fn counts(&self, bytes: &[u8], place: usize, is_cut: bool) -> bool {
        let passes = |byte: u8| !byte.is_ascii() | byte.is_ascii_uppercase() | byte.is_ascii_digit();
        let is_beside = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|&byte| passes(byte));
        let is_at_end = self.start == 0 || self.end == bytes.len();
        // Where a capital or a digit follows, the word is not at its end.
        !(is_beside(self.start.checked_sub(1)) || is_beside(Some(place)) || is_cut && is_at_end)
    }
}

/// What [`RARE`] says of English, 1 or 0 for each run, then for each short word.
static RARE_IN_ENGLISH: LazyLock<RareInEnglish> = LazyLock::new(|| {
    let mut rare = Box::new([0; 2 * RUNS as usize]);
    rare.iter_mut().zip(RARE.iter()).for_each(|(rare, languages)| *rare = u8::from(languages & ENGLISH != 0));
    RareInEnglish(rare)
});

/// Places that are asked about together.
const GROUP: usize = 16;

struct RareInEnglish(Box<[u8; 2 * RUNS as usize]>);

impl RareInEnglish {
    /// The places where the run that ends there is rare, or a word of two or three letters, of which `short`
    /// marks the ends, is none. `runs` are those before each place, and at the end.
    fn among(&self, runs: &[u16; BLOCK + 1], mut short: u64) -> u64 {
        let mut odd = 0;
        for (group, runs) in runs[1..].as_chunks::<GROUP>().0.iter().enumerate() {
            // Which one is asked where any is: few are.
            if runs.iter().fold(0, |any, &run| any | self.is_rare(run)) != 0 {
                odd |= self.each(runs) << (GROUP * group);
            }
        }
        while short != 0 {
            let place = short.trailing_zeros();
            odd |= u64::from(self.is_rare(RUNS as u16 | runs[place as usize])) << place;
            short &= short - 1;
        }
        odd
    }

    /// A bit for each of `runs` that is rare.
    #[cold]
    fn each(&self, runs: &[u16; GROUP]) -> u64 {
        runs.iter().rev().fold(0, |bits, &run| bits << 1 | u64::from(self.is_rare(run)))
    }

    fn is_rare(&self, place: u16) -> u8 {
        self.0[usize::from(place)]
    }
}
