//! From a text to the share of its words that no writer would have written.
//!
//! A word is **odd** if three letters follow each other in it that do not in its language (`tbe`,
//! `govcrnment`), if a digit stands behind a small letter, or if it is one letter that is no word.
//! Words with a capital are passed over: names of all the world have odd letters. The table of runs
//! is made by `train/noise` for nine languages in Latin script; of texts in others only digits and
//! single letters tell.

use crate::text::language::told;
use crate::text::repair;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// How noisy a text is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Noise {
    /// Words in lower case that are odd.
    pub odd: u32,
    /// Words in lower case.
    pub words: u32,
    /// Words that a hyphen breaks at a line end.
    pub broken: u32,
}

impl Noise {
    /// Odd words of a noisy text, at least.
    const LEAST: u32 = 4;
    /// Words that are added, so that a short text is not called noisy for a few.
    const PRIOR: u32 = 20;
    /// Share of odd words from which a text is noisy, in thousandths.
    const FROM: u32 = 20;
    /// Broken words that count as one odd one: a narrow column is likely to be print.
    const BROKEN: u32 = 8;

    /// Share of odd words, in [0, 1).
    pub fn share(self) -> f32 {
        self.odd as f32 / (self.words + Self::PRIOR) as f32
    }

    /// Whether so many words are odd that the text was misread.
    pub fn is_noisy(self) -> bool {
        let counted = Self::BROKEN * self.odd + self.broken.min(Self::BROKEN * self.odd);
        self.odd >= Self::LEAST && counted * 1_000 >= Self::BROKEN * Self::FROM * (self.words + Self::PRIOR)
    }
}

/// Languages of the table, by the bit of each.
const LANGUAGES: [&str; 9] = ["en", "de", "es", "fr", "it", "pt", "pl", "cs", "tr"];
const ENGLISH: u16 = 1;
const ALL: u16 = (1 << LANGUAGES.len()) - 1;

/// By run of three letters, five bits each, the languages in which it is rare.
static RARE: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let raw = zstd::decode_all(&include_bytes!("letters.zst")[..]).expect("the table is part of the program");
    raw.chunks_exact(2).map(|bits| u16::from_le_bytes([bits[0], bits[1]])).collect()
});

/// The end of a word.
const END: u32 = 0;
/// A letter that the table does not know: no run with it is rare.
const OTHER: u32 = 31;

/// Bytes in the middle of a text that are looked at first.
const SAMPLE: usize = 512;

/// Measures a text. Cost: some 0.5 µs for most clean English texts, of which a stretch in the middle
/// has nothing odd; else about 4 ns a byte.
pub fn measure(text: &str) -> Noise {
    if is_plain(text) { Noise::default() } else { measured(&repair(text)) }
}

/// Whether nothing in the middle of a text is odd in English.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let start = bytes.len().saturating_sub(SAMPLE) / 2;
    let sample = &bytes[start..bytes.len().min(start + SAMPLE)];
    let (rare, mut run, mut passed, mut odd) = (&RARE[..], 0, true, 0);
    for &byte in sample {
        let lower = u32::from(byte) ^ 0x60;
        let letter = if lower.wrapping_sub(1) < 26 { lower } else { END };
        // A capital, a digit, a byte of another letter: what follows is passed over.
        let foreign = byte.is_ascii_uppercase() || byte.is_ascii_digit() || !byte.is_ascii();
        run = (run << 5 | letter) & 0x7fff;
        passed |= foreign;
        odd += u32::from(rare.get(run as usize).copied().unwrap_or_default() & ENGLISH) & u32::from(!passed);
        passed &= letter != END || foreign;
    }
    odd == 0
}

/// Measures a repaired text, all of it.
fn measured(text: &str) -> Noise {
    let mut seen = Seen::default();
    text.split(char::is_whitespace).filter(|word| !word.is_empty()).for_each(|word| seen.word(word));
    let told = told(text);
    let place = told.and_then(|told| LANGUAGES.iter().position(|&language| language == told));
    let by_letters = match (told, place) {
        // Print of one language is often taken for another: what is odd in English may be right there.
        (_, Some(place)) => seen.odd[place].min(seen.odd[0]),
        _ => 0,
    };
    Noise { odd: by_letters + seen.always, words: seen.words, broken: broken(text) }
}

fn broken(text: &str) -> u32 {
    let ends = |line: &&str| line.ends_with('-') && line.len() > 1;
    text.lines().filter(ends).count() as u32
}

/// Odd words so far.
#[derive(Default)]
struct Seen {
    words: u32,
    /// By their letters, in each language.
    odd: [u32; LANGUAGES.len()],
    /// In all languages.
    always: u32,
}

impl Seen {
    /// Takes in what stands between blanks.
    fn word(&mut self, printed: &str) {
        let letters = printed.trim_matches(|c: char| !c.is_alphanumeric());
        let Some(first) = letters.chars().next().filter(|first| first.is_lowercase()) else { return };
        if letters.contains(char::is_uppercase) || letters.contains("//") || letters.contains('@') {
            return;
        }
        self.words += 1;
        if letters.len() == 1 {
            // A letter that stands alone, as no article, preposition or conjunction of these languages.
            let is_word = matches!(first, 'a' | 'e' | 'i' | 'k' | 'o' | 's' | 'u' | 'v' | 'w' | 'y' | 'z');
            self.always += u32::from(!is_word && printed.len() == 1);
            return;
        }
        let mut odd = 0;
        for part in letters.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 1) {
            let mut run = END;
            let mut letter_before = false;
            for c in part.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
                if letter_before && c.is_numeric() {
                    self.always += 1;
                    return;
                }
                letter_before = c.is_lowercase();
                run = (run << 5 | letter(c)) & 0x7fff;
                odd |= rare(run);
            }
            odd |= rare((run << 5 | END) & 0x7fff);
        }
        (0..LANGUAGES.len()).for_each(|place| self.odd[place] += u32::from(odd >> place & 1));
    }
}

fn letter(c: char) -> u32 {
    if c.is_ascii_lowercase() { c as u32 - 96 } else { OTHER }
}

fn rare(run: u32) -> u16 {
    RARE.get(run as usize).copied().unwrap_or_default() & ALL
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = "The council of the harbour town met on Tuesday evening to hear what the new \
        lighthouse would cost, and whether the old keepers would be paid while the lamp was dark. Nobody \
        spoke against the plan, though several asked for a cheaper stone, and the mayor promised that the \
        tower would be open before the herring boats came home in autumn with their nets full.";
    const NOISY: &str = "Tbe ccuncil of tbe harbonr towu met ou Tuesday evcniug to hcar wbat the ncw \
        ligbthouse wonld ccst, aud wbether the o1d keepers wculd be paid wliile the lamp was dark. Nohody \
        spokc agaiust the plau, tbough scveral asked for a cheapcr stoue, and thc mayor promiscd tliat the \
        tower wou1d be opeu befoie the berring boats camc home iu autumu witb their nets fnll.";

    #[test]
    fn print_is_told_from_prose() {
        assert!(!measure(CLEAN).is_noisy(), "{:?}", measured(CLEAN));
        assert!(measure(NOISY).is_noisy() && measure(NOISY).share() > 0.15, "{:?}", measured(NOISY));
    }

    #[test]
    fn other_languages_are_not_noise() {
        for text in [
            "Der Gemeinderat der Hafenstadt kam am Dienstagabend zusammen, um zu hören, was der neue Leuchtturm \
             kosten würde und ob die alten Wärter bezahlt würden, während die Lampe dunkel blieb und niemand wachte.",
            "Satama-alueen valtuusto kokoontui tiistai-iltana kuulemaan, mitä uusi majakka maksaisi ja \
             maksettaisiinko vanhoille vartijoille palkkaa sinä aikana, kun lamppu olisi pimeänä talven yli.",
            "Совет портового города собрался во вторник вечером, чтобы узнать, сколько будет стоить новый маяк.",
        ] {
            assert!(!measure(text).is_noisy(), "{:?} {text}", measured(text));
        }
    }

    #[test]
    fn names_numbers_and_addresses_are_no_noise() {
        let text = "Xhaka and Szczęsny met at www.example.org/qzx at 3pm on the 21st; see info@qkz.example. "
            .repeat(6);
        assert!(!measure(&text).is_noisy(), "{:?}", measured(&text));
    }
}
