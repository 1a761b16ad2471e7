//! From a text to the share of its words that no writer would have written.
//!
//! Which words are odd says `odd`. Those with a capital are passed over: names of all the world have odd
//! letters; and so is what has marks inside, as code and addresses have; but one such speck between small
//! letters is odd, too (`thRee`, `sharp:ly`). A word counts twice at most: what stands in a text again and
//! again is jargon. Texts in other scripts than Latin are never noisy, nor are tables and code.

use super::column::{is_column, is_narrow};
use super::odd::{
    ALPHANUMERIC, DIGIT, HYPHEN, LANGUAGES, LETTER, LOWER, MARK, POINT, SPECKS, kind, odd_in, odd_of_plain,
};
use super::sample;
use crate::hash;
use crate::text::language::told;
use crate::text::repair;
use std::borrow::Cow;
use std::cell::LazyCell;

/// How noisy a text is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Noise {
    /// Words in lower case that are odd, each twice at most.
    pub odd: u32,
    /// Different ones of these.
    pub distinct: u32,
    /// Words in lower case.
    pub words: u32,
    /// Whether the text stands in a narrow column, as print does.
    pub column: bool,
    /// Whether it stands in capitals, which hide what is a name.
    pub capitals: bool,
}

impl Noise {
    /// Words that are added, so that a short text is not called noisy for a few.
    const PRIOR: u32 = 20;
    /// Different odd words of a noisy column, at least, and their share, in thousandths.
    const OF_COLUMN: (u32, u64) = (4, 20);
    /// The same of any other text: jargon and words of another language are odd, too.
    const OF_OTHERS: (u32, u64) = (8, 110);

    /// The same from which a text is in another language, or in none: of print that anybody could read,
    /// four words in ten are odd at most.
    const UNREAD: u64 = 450;

    /// Share of odd words, in [0, 1).
    pub fn share(self) -> f32 {
        self.odd as f32 / (self.words + Self::PRIOR) as f32
    }

    /// Whether so many words are odd that the text was misread.
    pub fn is_noisy(self) -> bool {
        let (least, from) = Self::OF_OTHERS;
        let is_sure = self.distinct >= least && self.thousandths() >= from;
        self.may_be_noisy()
            && if self.capitals { self.is_noisy_beyond_doubt() } else { self.column || is_sure }
    }

    /// Whether so many words are odd that the text may have been misread, but may be jargon, too.
    pub fn may_be_noisy(self) -> bool {
        let (least, from) = Self::OF_COLUMN;
        self.distinct >= least && self.thousandths() >= from && self.could_be_read()
    }

    /// Whether twice as many words are odd as in a noisy text, at least.
    fn is_noisy_beyond_doubt(self) -> bool {
        let (least, from) = if self.column { Self::OF_COLUMN } else { Self::OF_OTHERS };
        self.distinct >= 2 * least && self.thousandths() >= 2 * from && self.could_be_read()
    }

    /// Odd words of a text of so many words, at least, that may have been misread; fewer than make an opening
    /// noisy beyond doubt.
    fn least(words: u32) -> u32 {
        let (least, from) = Self::OF_COLUMN;
        let share = u64::from(words + Self::PRIOR) * from / 1_000;
        (share as u32).clamp(least, 2 * least)
    }

    /// Whether anybody could read a text of which so many words are odd.
    fn could_be_read(self) -> bool {
        self.thousandths() < Self::UNREAD
    }

    fn thousandths(self) -> u64 {
        u64::from(self.odd) * 1_000 / (u64::from(self.words) + u64::from(Self::PRIOR))
    }
}

/// Measures a text. Cost: some 5,000 instructions for most clean English texts, of which a stretch in the
/// middle has next to nothing odd, 50,000 for those in another language or in none; else, and for those
/// in short lines, some 10 a byte, and where that leaves a doubt, 100 a byte of the opening or of all of it.
pub fn measure(text: &str) -> Noise {
    if sample::is_in_capitals(sample::of(text)) {
        // Names cannot be told from words there, and few are words of the language.
        return Noise { capitals: true, ..of_small(&text.to_lowercase(), |_| false) };
    }
    of_small(text, is_column)
}

/// Measures a text of which words are in small letters.
fn of_small(text: &str, is_column: impl Fn(&str) -> bool) -> Noise {
    let sample = sample::of(text);
    if !is_narrow(sample) && sample::is_told(sample) {
        return Noise::default();
    }
    // Few texts that are looked at here have little that is odd and something to be repaired.
    let is_as_printed = || matches!(repair(text), Cow::Borrowed(_));
    if text.is_ascii() && sample::has_few(text, Noise::least) && is_as_printed() {
        return Noise::default();
    }
    let column = is_column(text);
    let (opening, rest) = text.split_at(opening(text).len());
    let opening = repair(opening);
    let mut seen = Seen::default();
    seen.take(&opening);
    let language = LazyCell::new(|| told(&opening));
    let noise = seen.noise(column, || *language);
    if rest.is_empty() || noise.is_noisy_beyond_doubt() {
        return noise;
    }
    seen.take(&repair(rest));
    seen.noise(column, || *language)
}

/// What a text opens with, in whole words: its measure, where it is noisy beyond doubt, is that of the text.
fn opening(text: &str) -> &str {
    /// Bytes that it has, about: some 200 words.
    const LONG: usize = 1_200;
    let most = text.len().min(LONG);
    let start = (0..=most).rev().find(|&start| text.is_char_boundary(start)).unwrap_or_default();
    // Behind a hyphen a word goes on.
    let is_end = |&(blank, c): &(usize, char)| c.is_whitespace() && !text[..start + blank].ends_with('-');
    let end = text[start..].char_indices().find(is_end).map_or(text.len(), |(blank, _)| start + blank);
    &text[..end]
}

/// Words so far.
#[derive(Default)]
struct Seen {
    words: u32,
    /// Words with marks inside, as code and addresses have.
    marked: u32,
    /// What opens with a digit.
    numbers: u32,
    /// Words that are odd anywhere: bits of the hash, and below them where.
    odd: Vec<u64>,
}

/// A count for each language, and some more, so that they are added up at once.
type Counts = [u32; u16::BITS as usize];

impl Seen {
    /// Takes in the words of a repaired text.
    fn take(&mut self, text: &str) {
        self.odd.reserve(text.len() / 8);
        for piece in text.split_ascii_whitespace() {
            if let Some((plain, odd)) = plain(piece) {
                self.words += 1;
                self.note(plain, odd);
            } else if piece.bytes().all(|byte| byte.is_ascii_graphic()) {
                self.word(piece);
            } else {
                let words = piece.split(char::is_whitespace).filter(|word| !word.is_empty());
                words.for_each(|word| self.word(word));
            }
        }
    }

    /// What the words so far say of a text; its language is asked for where they leave it in doubt.
    fn noise(&self, column: bool, language: impl FnOnce() -> Option<&'static str>) -> Noise {
        let is_prose =
            self.numbers * 4 < self.words && (column || (self.marked + self.numbers) * 6 < self.words);
        // Print of one language is often taken for another, and some texts are in two.
        let (odd, distinct) = self.odd();
        let none = Noise { words: self.words, column, ..Noise::default() };
        let there = |place: usize| Noise { odd: odd[place], distinct: distinct[place], ..none };
        let noise = (0..LANGUAGES.len()).map(there).min_by_key(|noise| (noise.odd, noise.distinct));
        let Some(noise) = noise.filter(|noise| is_prose && noise.may_be_noisy()) else { return none };
        let is_read = language().map_or(column, |told| {
            LANGUAGES.iter().position(|&of| of == told).is_some_and(|place| there(place).could_be_read())
        });
        if is_read { noise } else { none }
    }

    /// Takes in what stands between blanks.
    fn word(&mut self, printed: &str) {
        let word = printed.trim_matches(|c: char| kind(c) & ALPHANUMERIC == 0);
        let Some(first) = word.chars().next().map(kind) else { return };
        let kinds = word.chars().fold(0, |all, c| all | kind(c));
        self.numbers += u32::from(first & DIGIT != 0);
        let is_plain = kinds & !(LOWER | DIGIT | LETTER | HYPHEN) == 0;
        let is_word = first & LOWER != 0 && (is_plain || is_specked(word));
        self.marked += u32::from(!is_word && (kinds & MARK != 0 || kinds & POINT != 0 && word.len() > 6));
        if !is_word {
            return;
        }
        self.words += 1;
        let odd = match kinds & HYPHEN {
            _ if !is_plain => u16::MAX,
            0 => odd_in(word),
            _ => word.split('-').map(odd_in).fold(0, |all, odd| all | odd),
        };
        self.note(word, odd);
    }

    fn note(&mut self, word: &str, odd: u16) {
        if odd != 0 {
            self.odd.push(hash::word(word.as_bytes()) << u16::BITS | u64::from(odd));
        }
    }

    /// By language, words that are odd there, each twice at most, and different ones.
    fn odd(&self) -> (Counts, Counts) {
        let (mut all, mut distinct) = (Counts::default(), Counts::default());
        // Each slot holds a word, and whether it came again. No odd word is 0.
        let slots = (2 * self.odd.len()).next_power_of_two();
        let mut known = vec![(0, false); slots];
        for &word in &self.odd {
            let mut slot = (word >> u16::BITS) as usize & (slots - 1);
            while known[slot].0 != word && known[slot].0 != 0 {
                slot = (slot + 1) & (slots - 1);
            }
            let (is_new, came_again) = (known[slot].0 == 0, known[slot].1);
            known[slot] = (word, !is_new);
            if !came_again {
                for (place, (all, distinct)) in all.iter_mut().zip(&mut distinct).enumerate() {
                    let is_odd = (word >> place) as u32 & 1;
                    *all += is_odd;
                    *distinct += is_odd & u32::from(is_new);
                }
            }
        }
        (all, distinct)
    }
}

/// What is printed without the marks around it, and where it is odd, where all else are small letters without
/// accents: most words.
fn plain(printed: &str) -> Option<(&str, u16)> {
    let bytes = printed.as_bytes();
    let start = bytes.iter().position(u8::is_ascii_lowercase)?;
    let end = bytes.iter().rposition(u8::is_ascii_lowercase)? + 1;
    let is_around = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let is_alone = bytes[..start].iter().all(is_around) && bytes[end..].iter().all(is_around);
    // Read to the end, since where another letter stands cannot be foreseen.
    let word = &bytes[start..end];
    let is_plain = is_alone && word.iter().fold(true, |all, byte| all & byte.is_ascii_lowercase());
    is_plain.then(|| (&printed[start..end], odd_of_plain(word)))
}

/// Whether one capital or mark stands in a word behind two small letters or more, and all else are small
/// letters: `thRee`, `sharp:ly`.
fn is_specked(word: &str) -> bool {
    let is_speck = |c: char| c.is_uppercase() || SPECKS.contains(c);
    let Some((place, speck)) = word.char_indices().find(|&(_, c)| !c.is_lowercase()) else { return false };
    let (before, after) = (&word[..place], &word[place + speck.len_utf8()..]);
    is_speck(speck) && before.chars().count() >= 2 && after.chars().all(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn measured(text: &str, column: bool) -> Noise {
        let mut seen = Seen::default();
        seen.take(text);
        seen.noise(column, || told(text))
    }

    proptest! {
        #[test]
        fn plain_words_are_words(text in "([a-z]{0,6}[A-Zé1.,'-]{0,2}[a-z]{0,4}[.,\u{a0}\u{b} ]{0,2}|tbe |wbat, |o1d ){0,20}") {
            let (mut quick, mut slow) = (Seen::default(), Seen::default());
            quick.take(&text);
            text.split_whitespace().for_each(|word| slow.word(word));
            let counts = |seen: &Seen| (seen.words, seen.marked, seen.numbers, seen.odd.clone());
            prop_assert_eq!(counts(&quick), counts(&slow));
        }

        #[test]
        fn a_glance_misses_no_odd_word(
            text in "(([a-z]{0,6}[A-Z1.,'*!-]{0,2}[a-z]{0,4}|tbe|wbat|o1d|thRee|sharp:ly)[.,\n ]{0,2}){0,200}",
        ) {
            if let Cow::Borrowed(text) = repair(&text) {
                let mut seen = Seen::default();
                seen.take(text);
                let odd = seen.odd().0[0];
                prop_assert!(!sample::has_few(text, |_| odd), "{odd}");
                let is_too_many = |words| if words > seen.words { 0 } else { u32::MAX };
                prop_assert!(sample::has_few(text, is_too_many), "{} words", seen.words);
            }
        }
    }

    const CLEAN: &str = "The council of the harbour town met on Tuesday evening to hear what the new \
        lighthouse would cost, and whether the old keepers would be paid while the lamp was dark. Nobody \
        spoke against the plan, though several asked for a cheaper stone, and the mayor promised that the \
        tower would be open before the herring boats came home in autumn with their nets full.";
    const NOISY: &str = "Tbe ccuncil of tbe harbonr towu met ou Tuesday evcniug to hcar wbat the ncw \
        ligbthouse wonld ccst, aud wbether the o1d keepers wculd be paid wliile the lamp was dark. Nohody \
        spokc agaiust the plau, tbough scveral asked for a cheapcr stoue, and thc mayor promiscd tliat the \
        tower wou1d be opeu befoie the berring boats camc home iu autumu witb their nets fnll.";

    #[test]
    fn fewer_than_the_least_are_never_noisy() {
        for words in [0, 200, 380, 10_000] {
            let odd = Noise::least(words) - 1;
            let of = |words| Noise { odd, distinct: odd, words, column: true, capitals: false };
            assert!(!of(words).may_be_noisy() && !of(4 * odd).is_noisy_beyond_doubt(), "{words}");
        }
    }

    #[test]
    fn print_is_told_from_prose() {
        assert!(!measure(CLEAN).is_noisy(), "{:?}", measure(CLEAN));
        assert!(measure(NOISY).is_noisy() && measure(NOISY).share() > 0.15, "{:?}", measure(NOISY));
    }

    #[test]
    fn an_opening_tells_where_it_leaves_no_doubt() {
        let noisy = NOISY.repeat(4);
        assert_eq!(measure(&format!("{noisy} {}", CLEAN.repeat(4))), measured(opening(&noisy), false));
        let behind = format!("{} {noisy}", CLEAN.repeat(4));
        assert!(opening(&behind).len() < CLEAN.len() * 4);
        let broken = format!("{}resump-\ntion of trade", "word ".repeat(240));
        assert!(opening(&broken).ends_with("resump-\ntion"), "a broken word is one");
        assert!(measure(&behind).is_noisy(), "{:?}", measure(&behind));
    }

    #[test]
    fn a_word_counts_twice_at_most() {
        let mut seen = Seen::default();
        "tbe tbe tbe harbonr tbe harbonr wbat".split(' ').for_each(|word| seen.word(word));
        let (all, distinct) = seen.odd();
        assert_eq!((all[0], distinct[0], seen.words), (5, 3, 7));
    }

    #[test]
    fn capitals_are_measured_as_small_letters() {
        let [clean, noisy] = [CLEAN, NOISY].map(|text| measure(&text.to_uppercase()));
        assert!(!clean.may_be_noisy() && noisy.is_noisy(), "{clean:?} {noisy:?}");
        let is_noisy =
            |odd| Noise { odd, distinct: 30, words: 100, column: false, capitals: true }.is_noisy();
        assert_eq!([20, 40].map(is_noisy), [false, true], "names are odd, too");
    }

    #[test]
    fn specks_tell_print_in_a_column() {
        let specks =
            [("council", "couNcil"), ("evening", "even:ing"), ("keepers", "kee*pers"), ("plan", "plaN")];
        let specked = specks.iter().fold(CLEAN.to_owned(), |text, (word, read)| text.replace(word, read));
        let in_column = |text: &str| {
            let lines: Vec<String> =
                text.split(' ').collect::<Vec<_>>().chunks(6).map(|line| line.join(" ")).collect();
            lines.join("\n")
        };
        assert!(measure(&in_column(&specked)).is_noisy(), "{:?}", measure(&in_column(&specked)));
        assert!(!measure(&in_column(CLEAN)).is_noisy());
        let measured = measured(&specked, false);
        assert!(measured.may_be_noisy() && !measured.is_noisy(), "{measured:?}");
        // Every other longer word has one.
        let speck = |(n, word): (usize, &str)| match word.split_at_checked(3) {
            Some((before, after)) if n % 2 == 0 && after.len() > 1 => format!("{before}*{after}"),
            _ => word.to_owned(),
        };
        let everywhere: Vec<String> = CLEAN.split(' ').enumerate().map(speck).collect();
        assert!(measure(&everywhere.join(" ")).may_be_noisy(), "it is no code");
        assert!(!["iPhone", "kWh", "mRNA", "e.g", "rock'n'roll", "index.html"].into_iter().any(is_specked));
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
            assert!(!measure(text).is_noisy(), "{:?} {text}", measure(text));
        }
    }

    #[test]
    fn what_nobody_could_read_is_not_misread() {
        let is_noisy =
            |odd| Noise { odd, distinct: 30, words: 100, column: false, capitals: false }.is_noisy();
        assert_eq!([10, 40, 60].map(is_noisy), [false, true, false]);
    }

    #[test]
    fn names_numbers_and_addresses_are_no_noise() {
        let text = "Xhaka and Szczęsny met at www.example.org/qzx at 3pm on the 21st; see info@qkz.example. "
            .repeat(6);
        assert!(!measure(&text).is_noisy(), "{:?}", measure(&text));
    }
}
