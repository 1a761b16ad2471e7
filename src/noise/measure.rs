//! From a text to the share of its words that no writer would have written.
//!
//! Which words are odd says `odd`. Those with a capital are passed over: names of all the world have odd
//! letters; and so is what has marks inside, as code and addresses have; but one such speck between small
//! letters is odd, too (`thRee`, `sharp:ly`). A word counts twice at most: what stands in a text again and
//! again is jargon. Texts in other scripts than Latin are never noisy, nor are tables and code.

use super::odd::{
    ALPHANUMERIC, DIGIT, END, ENGLISH, HYPHEN, LANGUAGES, LETTER, LOWER, MARK, POINT, RARE, RUNS, is_short,
    kind, odd_in, odd_of,
};
use crate::hash;
use crate::text::language::told;
use crate::text::repair;
use std::sync::LazyLock;

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
        self.may_be_noisy() && (self.column || self.distinct >= least && self.thousandths() >= from)
    }

    /// Whether so many words are odd that the text may have been misread, but may be jargon, too.
    pub fn may_be_noisy(self) -> bool {
        let (least, from) = Self::OF_COLUMN;
        self.distinct >= least && self.thousandths() >= from && self.could_be_read()
    }

    /// Whether anybody could read a text of which so many words are odd.
    fn could_be_read(self) -> bool {
        self.thousandths() < Self::UNREAD
    }

    fn thousandths(self) -> u64 {
        u64::from(self.odd) * 1_000 / (u64::from(self.words) + u64::from(Self::PRIOR))
    }
}

/// Odd words there from which all of it is looked at.
const SUSPECT: u32 = 2;
/// Bytes in the middle of a text that are looked at first.
const SAMPLE: usize = 512;
/// Bytes of a line of a narrow column, on average, at most.
const WIDEST: usize = 50;

/// Measures a text. Cost: some 8,000 instructions for most clean English texts, of which a stretch in the
/// middle has next to nothing odd, 50,000 for those in another language or in none; else, and for those
/// in short lines, about 170 a byte.
pub fn measure(text: &str) -> Noise {
    let bytes = text.as_bytes();
    let start = bytes.len().saturating_sub(SAMPLE) / 2;
    let sample = &bytes[start..bytes.len().min(start + SAMPLE)];
    let is_told = || is_plain_english(sample) || is_plain_or_unread(sample);
    if !is_narrow(sample) && is_told() { Noise::default() } else { measured(&repair(text), is_column(text)) }
}

/// Whether the lines of the middle of a text are as short as those of a column: there, specks tell, too.
fn is_narrow(sample: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', sample).count() * WIDEST >= sample.len()
}

/// Whether next to nothing of the middle of a text is odd in some language, or so much in every one that
/// nobody could read it.
fn is_plain_or_unread(sample: &[u8]) -> bool {
    /// Words that tell that a text is in no language, at least, and how many in a hundred are odd then.
    const UNREAD: (u32, u32) = (32, 60);
    let is_mark = |byte: &u8| !byte.is_ascii_alphanumeric() && byte.is_ascii();
    let mut words = sample.split(is_mark);
    // What the sample cuts into.
    let _ = (words.next(), words.next_back());
    let (mut all, mut odd) = (0, [0; LANGUAGES.len()]);
    for word in words.filter(|word| !word.is_empty() && word.iter().all(u8::is_ascii_lowercase)) {
        let there = odd_of(word.iter().copied().map(char::from));
        odd.iter_mut().enumerate().for_each(|(place, odd)| *odd += u32::from(there >> place & 1));
        all += 1;
    }
    let least = odd.into_iter().min().unwrap_or_default();
    least < SUSPECT || all >= UNREAD.0 && least * 100 >= all * UNREAD.1
}

/// Whether next to nothing of the middle of a text is odd in English.
fn is_plain_english(sample: &[u8]) -> bool {
    // First where words end, without a branch: where they do cannot be foreseen. Then word by word.
    let rare = &*RARE_IN_ENGLISH;
    let (mut ends, mut count) = ([End::default(); SAMPLE], 0);
    let mut end = End::default();
    for &byte in sample {
        let letter = KINDS[usize::from(byte)].0;
        end.letters = end.letters << 5 | u32::from(letter);
        end.runs += rare.run(end.letters);
        end.byte = byte;
        ends[count] = end;
        count += usize::from(letter == END as u8);
    }
    // What the sample cuts into is passed over, as is whatever has a capital or a digit.
    let (mut words, mut passed, mut before) = (0, true, 0);
    for end in &ends[..count] {
        let passes = KINDS[usize::from(end.byte)].1;
        if !passed {
            let last = rare.run(end.letters);
            let is_last_odd = !passes && (last | rare.short(end.letters)) != 0;
            words += u32::from(end.runs - last > before || is_last_odd);
        }
        (passed, before) = (passes, end.runs);
    }
    words < SUSPECT
}

/// Where a word ends: the last letters, how many rare runs there were so far, and what ends it.
#[derive(Clone, Copy, Default)]
struct End {
    letters: u32,
    runs: u32,
    byte: u8,
}

/// What [`RARE`] says of English: a bit for each run, then for each short word, in an eighth of a page
/// of memory, so that it stays in the nearest cache.
static RARE_IN_ENGLISH: LazyLock<RareInEnglish> = LazyLock::new(|| {
    let mut bits = [0; 2 * RUNS as usize / 64];
    let rare = (0..).zip(RARE.iter()).filter(|&(_, languages)| languages & ENGLISH != 0);
    rare.for_each(|(place, _): (usize, _)| bits[place / 64] |= 1 << (place % 64));
    RareInEnglish(bits)
});

struct RareInEnglish([u64; 2 * RUNS as usize / 64]);

impl RareInEnglish {
    /// 1 if the last three letters are rare.
    fn run(&self, letters: u32) -> u32 {
        self.bit(letters & (RUNS - 1))
    }

    /// 1 if the word of two or three letters that ends before the last is none.
    fn short(&self, letters: u32) -> u32 {
        if is_short(letters) { self.bit(RUNS + (letters >> 5 & (RUNS - 1))) } else { 0 }
    }

    fn bit(&self, place: u32) -> u32 {
        (self.0[place as usize / 64] >> (place % 64)) as u32 & 1
    }
}

/// Of each byte which letter it is, and whether a word that holds it is passed over.
static KINDS: [(u8, bool); 256] = {
    let mut kinds = [(END as u8, false); 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte as u8;
        kinds[byte] = match ascii {
            b'a'..=b'z' => (ascii - b'a' + 1, false),
            b'A'..=b'Z' | b'0'..=b'9' | 128.. => (END as u8, true),
            _ => (END as u8, false),
        };
        byte += 1;
    }
    kinds
};

/// Measures a repaired text, all of it.
fn measured(text: &str, column: bool) -> Noise {
    let mut seen = Seen::default();
    text.split(char::is_whitespace).filter(|word| !word.is_empty()).for_each(|word| seen.word(word));
    let is_prose = seen.numbers * 4 < seen.words && (column || (seen.marked + seen.numbers) * 6 < seen.words);
    seen.odd.sort_unstable();
    // Print of one language is often taken for another, and some texts are in two.
    let there = |place: usize| {
        let (odd, distinct) = seen.odd(1u16 << place);
        Noise { odd, distinct, words: seen.words, column }
    };
    let none = Noise { odd: 0, distinct: 0, words: seen.words, column };
    let noise = (0..LANGUAGES.len()).map(there).min_by_key(|noise| (noise.odd, noise.distinct));
    let Some(noise) = noise.filter(|noise| is_prose && noise.may_be_noisy()) else { return none };
    let is_read = told(text).map_or(column, |told| {
        LANGUAGES.iter().position(|&of| of == told).is_some_and(|place| there(place).could_be_read())
    });
    if is_read { noise } else { none }
}

/// Whether a text stands in short lines that end within a sentence.
fn is_column(text: &str) -> bool {
    /// Lines of a column, at least.
    const LINES: usize = 6;
    let runs_on =
        |line: &&str| line.trim_end().ends_with(|c: char| c.is_lowercase() || matches!(c, '-' | ','));
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let (all, on) = lines.fold((0, 0), |(all, on), line| (all + 1, on + usize::from(runs_on(&line))));
    all >= LINES && text.len() <= WIDEST * all && 2 * on >= all
}

/// Words so far.
#[derive(Default)]
struct Seen {
    words: u32,
    /// Words with marks inside, as code and addresses have.
    marked: u32,
    /// What opens with a digit.
    numbers: u32,
    /// Words that are odd anywhere, by hash, and where.
    odd: Vec<(u64, u16)>,
}

impl Seen {
    /// Takes in what stands between blanks.
    fn word(&mut self, printed: &str) {
        let word = printed.trim_matches(|c: char| kind(c) & ALPHANUMERIC == 0);
        let Some(first) = word.chars().next().map(kind) else { return };
        let kinds = word.chars().fold(0, |all, c| all | kind(c));
        self.numbers += u32::from(first & DIGIT != 0);
        self.marked += u32::from(kinds & MARK != 0 || kinds & POINT != 0 && word.len() > 6);
        let is_plain = kinds & !(LOWER | DIGIT | LETTER | HYPHEN) == 0;
        if first & LOWER == 0 || !is_plain && !is_specked(word) {
            return;
        }
        self.words += 1;
        let odd = match kinds & HYPHEN {
            _ if !is_plain => u16::MAX,
            0 => odd_in(word),
            _ => word.split('-').map(odd_in).fold(0, |all, odd| all | odd),
        };
        if odd != 0 {
            self.odd.push((hash::word(word.as_bytes()), odd));
        }
    }

    /// Words that are odd there, each twice at most, and different ones. Sorted before.
    fn odd(&self, there: u16) -> (u32, u32) {
        let words = self.odd.chunk_by(|x, y| x.0 == y.0).filter(|words| words[0].1 & there != 0);
        words.fold((0, 0), |(all, distinct), words| (all + words.len().min(2) as u32, distinct + 1))
    }
}

/// Whether one capital or mark stands in a word behind two small letters or more, and all else are small
/// letters: `thRee`, `sharp:ly`. Marks of addresses and of short forms are none of those.
fn is_specked(word: &str) -> bool {
    const MARKS: &str = ":;*~^|•!?«»<>\"=\\";
    let is_speck = |c: char| c.is_uppercase() || MARKS.contains(c);
    let Some((place, speck)) = word.char_indices().find(|&(_, c)| !c.is_lowercase()) else { return false };
    let (before, after) = (&word[..place], &word[place + speck.len_utf8()..]);
    is_speck(speck) && before.chars().count() >= 2 && after.chars().all(char::is_lowercase)
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
        assert!(!measure(CLEAN).is_noisy(), "{:?}", measure(CLEAN));
        assert!(measure(NOISY).is_noisy() && measure(NOISY).share() > 0.15, "{:?}", measure(NOISY));
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
        let is_noisy = |odd| Noise { odd, distinct: 30, words: 100, column: false }.is_noisy();
        assert_eq!([10, 40, 60].map(is_noisy), [false, true, false]);
    }

    #[test]
    fn names_numbers_and_addresses_are_no_noise() {
        let text = "Xhaka and Szczęsny met at www.example.org/qzx at 3pm on the 21st; see info@qkz.example. "
            .repeat(6);
        assert!(!measure(&text).is_noisy(), "{:?}", measure(&text));
    }
}
