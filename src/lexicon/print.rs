//! From a story to its print: concepts, numbers and names, by hash and weight.

use super::fold::{self, is_hiragana};
use super::number;
use super::sound;
use super::table::{Lexicon, SURE, Table, concept};
use super::words::{self, Item};
use crate::hash;
use crate::story::Story;
use std::ops::Range;
use std::sync::LazyLock;

/// What a feature of a print is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// What a word means, or its own stem.
    Concept,
    /// A number or a day of the year.
    Number,
    /// A name by its sound.
    Name,
    /// A name by its sound, as far as every script tells it.
    Coarse,
}

impl Kind {
    /// All kinds, in order.
    pub const ALL: [Self; 4] = [Self::Concept, Self::Number, Self::Name, Self::Coarse];
}

/// Something that a text and its translation share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feature {
    /// What it is.
    pub kind: Kind,
    /// Its hash.
    pub hash: u32,
    /// How sure it is, above 0 and at most [`WHOLE`].
    pub surety: u8,
}

/// The surety of what is sure: so many that the sixteenths of tables and the share of cognates are whole.
pub const WHOLE: u8 = 240;
/// What a stem counts in its own language where a table knows what it means: cognates.
const OWN: u8 = 84;
/// A number from which no word that repeats counts more.
const REPEATED: f32 = 2.5;
/// Bytes of a word, at the least that prose has on the average.
const BYTES_A_WORD: usize = 5;
/// Bytes of the longest word that may stand between a day and its month.
const LINK: usize = 2;
/// English stems of the months.
const MONTHS: [&str; 12] =
    ["janua", "febru", "march", "april", "mai", "june", "juli", "augus", "septe", "octob", "novem", "decem"];
/// The same as the tables have them.
static NAMED: LazyLock<[u32; 12]> = LazyLock::new(|| MONTHS.map(concept));
/// Number of the month whose English stem opens other words elsewhere.
const MARCH: usize = 3;
/// Surety from which a word names a month, in sixteenths.
const NAMES_MONTH: u8 = 5;

/// A feature as a story holds it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Held {
    pub(crate) hash: u32,
    /// The sum of its sureties.
    pub(crate) sureties: u16,
    /// Where in the story it stands, of [`PLACES`]; [`Held::MANY`] if at several places.
    pub(crate) place: u16,
}

/// Places that are told apart in a story.
const PLACES: usize = 65_535;

impl Held {
    /// No one place.
    pub(crate) const MANY: u16 = u16::MAX;

    /// How often it comes; what comes again adds less.
    pub(crate) fn count(self) -> f32 {
        let count = f32::from(self.sureties) / f32::from(WHOLE);
        if count > 1.0 { (1.0 + libm::logf(count)).min(REPEATED) } else { count }
    }
}

/// The features of a story by kind, each once, ascending, with how often and where it comes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Print {
    /// Two letters; empty where the language is not known.
    pub language: &'static str,
    /// Words and pairs of characters in headline and body.
    pub words: u32,
    pub(crate) features: [Box<[Held]>; 4],
}

impl Print {
    /// The print of headline and body, which are in `language`. Cost: some 150 µs for 400 words.
    pub fn of(lexicon: &Lexicon, language: &'static str, story: &Story) -> Self {
        // A hash, above a surety, above a place.
        let mut found: [Vec<u64>; 4] = Default::default();
        found[Kind::Concept as usize].reserve(story.body.len() / BYTES_A_WORD);
        let mut words = 0;
        let length = story.headline.len() + story.body.len();
        for (text, before) in [(&story.headline, 0), (&story.body, story.headline.len())] {
            words += each(lexicon, language, text, |feature, range| {
                let place = (before + range.start) * PLACES / length;
                let surety = u64::from(feature.surety);
                found[feature.kind as usize]
                    .push(u64::from(feature.hash) << 32 | surety << 16 | place as u64);
            });
        }
        Self { language, words, features: found.map(settled) }
    }

    /// How many features both have of `kind`.
    pub fn shared(&self, other: &Self, kind: Kind) -> usize {
        let other = &other.features[kind as usize];
        let has = |hash: u32| other.binary_search_by_key(&hash, |held| held.hash).is_ok();
        self.features[kind as usize].iter().filter(|held| has(held.hash)).count()
    }
}

/// Brings together what is the same, ascending.
fn settled(mut found: Vec<u64>) -> Box<[Held]> {
    found.sort_unstable();
    let mut settled: Vec<Held> = Vec::with_capacity(found.len());
    settled.extend(found.chunk_by(|x, y| x >> 32 == y >> 32).map(|run| {
        let sureties: u32 = run.iter().map(|&entry| entry as u32 >> 16).sum();
        let place = run[0] as u16;
        let is_one = run.iter().all(|&entry| entry as u16 == place);
        let place = if is_one { place } else { Held::MANY };
        Held { hash: (run[0] >> 32) as u32, sureties: sureties.min(u32::from(u16::MAX)) as u16, place }
    }));
    settled.into()
}

/// Calls `each` for every feature of `text` with the place of the word it comes from, and gives
/// back how many words there are.
pub(crate) fn each(
    lexicon: &Lexicon,
    language: &str,
    text: &str,
    mut each: impl FnMut(Feature, Range<usize>),
) -> u32 {
    let mut reader = Reader {
        tables: lexicon.tables(language),
        english: language == "en",
        folded: String::new(),
        whole: String::new(),
    };
    let (mut count, mut number, mut month) = (0, None::<Range<usize>>, None::<(usize, Range<usize>)>);
    // As in *24 de febrero*.
    let mut apart = None::<Range<usize>>;
    words::each(text, |item, range| {
        let word = &text[range.clone()];
        reader.turn_to(item, word);
        // A number waits for what follows it: a scale or a month.
        if let Some(waiting) = number.take() {
            let digits = &text[waiting.clone()];
            let near = range.start - waiting.end <= 2;
            let scale = if near { reader.scale(item, word) } else { 0 };
            push_number(digits, scale, &waiting, &mut each);
            let after = if near { reader.month(item) } else { None };
            apart = (near && word.len() <= LINK).then(|| waiting.clone());
            let before = month.take().filter(|(_, place)| waiting.start - place.end <= 2);
            if let Some(named) = after.or(before.map(|(named, _)| named)) {
                push_day(digits, named, &waiting, &mut each);
            }
            if item == Item::Unspaced && word.starts_with('月') {
                month = digits
                    .parse()
                    .ok()
                    .filter(|named| (1..=12).contains(named))
                    .map(|named| (named, range.clone()));
            }
        }
        match item {
            Item::Number => number = Some(range),
            Item::Word { is_name } => {
                count += 1;
                if let Some(named) = reader.month(item) {
                    month = Some((named, range.clone()));
                    if let Some(day) = apart.take_if(|day| range.start - day.end <= LINK + 2) {
                        push_day(&text[day.clone()], named, &day, &mut each);
                    }
                }
                reader.push_word(word, is_name, &range, &mut each);
            }
            Item::Unspaced => count += reader.push_unspaced(word, &range, &mut each),
        }
    });
    if let Some(waiting) = number {
        push_number(&text[waiting.clone()], 0, &waiting, &mut each);
    }
    count
}

fn hashed(text: &str) -> u32 {
    (hash::word(text.as_bytes()) >> 32) as u32
}

fn push_number(digits: &str, scale: i32, place: &Range<usize>, each: &mut impl FnMut(Feature, Range<usize>)) {
    let hash = hashed(&number::canonical(digits, scale));
    each(Feature { kind: Kind::Number, hash, surety: WHOLE }, place.clone());
}

/// A day of the year, counted beside its number.
fn push_day(digits: &str, month: usize, place: &Range<usize>, each: &mut impl FnMut(Feature, Range<usize>)) {
    if digits.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day)) {
        let hash = hashed(&format!("{month}/{}", digits.trim_start_matches('0')));
        each(Feature { kind: Kind::Number, hash, surety: WHOLE }, place.clone());
    }
}

/// What a language needs to read its words.
struct Reader<'a> {
    tables: [&'a Table; 2],
    english: bool,
    /// The stem of the word at hand, or a pair of characters in folded letters.
    folded: String,
    /// A word in folded letters, which may be a scale: *million*.
    whole: String,
}

impl Reader<'_> {
    fn meanings(&self, stem: u32) -> impl Iterator<Item = (u32, u8)> {
        self.tables.iter().flat_map(move |table| table.meanings(stem).iter().copied())
    }

    fn push_concepts(&self, place: &Range<usize>, each: &mut impl FnMut(Feature, Range<usize>)) {
        let stem = concept(&self.folded);
        let mut known = false;
        for (hash, surety) in self.meanings(stem) {
            known = true;
            let surety = surety * (WHOLE / SURE);
            each(Feature { kind: Kind::Concept, hash, surety }, place.clone());
        }
        let surety = if known && !self.english { OWN } else { WHOLE };
        each(Feature { kind: Kind::Concept, hash: stem, surety }, place.clone());
    }

    /// Takes up the word at hand.
    fn turn_to(&mut self, item: Item, word: &str) {
        if matches!(item, Item::Word { .. }) {
            fold::stem(word, &mut self.folded);
        }
    }

    fn push_word(
        &self,
        word: &str,
        is_name: bool,
        place: &Range<usize>,
        each: &mut impl FnMut(Feature, Range<usize>),
    ) {
        if self.folded.is_empty() {
            return;
        }
        self.push_concepts(place, each);
        if is_name {
            let skeleton = sound::skeleton(word);
            let coarse = sound::coarse(&skeleton);
            for (kind, form) in [(Kind::Name, skeleton), (Kind::Coarse, coarse)] {
                if form.len() >= sound::SHORTEST {
                    each(Feature { kind, hash: hashed(&form), surety: WHOLE }, place.clone());
                }
            }
        }
    }

    /// Pairs of characters, and names in katakana.
    fn push_unspaced(
        &mut self,
        run: &str,
        place: &Range<usize>,
        each: &mut impl FnMut(Feature, Range<usize>),
    ) -> u32 {
        let mut count = 0;
        let chars: Vec<(usize, char)> = run.char_indices().collect();
        let end = |i: usize| chars.get(i).map_or(run.len(), |&(at, _)| at);
        let width = chars.len().min(2);
        for i in 0..=chars.len() - width {
            let pair = &run[chars[i].0..end(i + width)];
            if pair.chars().all(is_hiragana) {
                continue;
            }
            self.folded.clear();
            fold::fold(pair, &mut self.folded);
            let start = place.start + chars[i].0;
            self.push_concepts(&(start..start + pair.len()), each);
            count += 1;
        }
        let is_katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー');
        let mut start = place.start;
        for part in run.split_inclusive(|c| !is_katakana(c)) {
            let form = sound::of_katakana(part);
            if form.len() >= sound::SHORTEST {
                let feature = Feature { kind: Kind::Coarse, hash: hashed(&form), surety: WHOLE };
                each(feature, start..start + part.len());
            }
            start += part.len();
        }
        count
    }

    fn scale(&mut self, item: Item, word: &str) -> i32 {
        match item {
            Item::Word { .. } => {
                self.whole.clear();
                fold::fold(word, &mut self.whole);
                number::scale(&self.whole)
            }
            Item::Unspaced => word.chars().next().map_or(0, number::unspaced_scale),
            Item::Number => 0,
        }
    }

    /// The month that the word at hand names, from 1.
    fn month(&self, item: Item) -> Option<usize> {
        if !matches!(item, Item::Word { .. }) {
            return None;
        }
        let named = |stem: u32| NAMED.iter().position(|&month| month == stem).map(|place| place + 1);
        if self.english {
            let opening = |word: &str| word.as_bytes().first_chunk::<3>().copied();
            let own = opening(&self.folded)?;
            let short = |month: &&str| opening(month) == Some(own) && month.starts_with(&self.folded);
            return MONTHS.iter().position(short).map(|place| place + 1);
        }
        let stem = concept(&self.folded);
        // *Februar* is its own stem; *marché* is no month.
        let own = named(stem).filter(|&month| month != MARCH);
        own.or_else(|| {
            self.meanings(stem).filter(|&(_, surety)| surety >= NAMES_MONTH).find_map(|(hash, _)| named(hash))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(language: &'static str, text: &str) -> Print {
        Print::of(&Lexicon::default(), language, &Story::new("a", text))
    }

    #[test]
    fn a_text_and_its_translation_share_concepts_numbers_and_names() {
        let a = print(
            "en",
            "The president counted 4.3 million soldiers in Minsk on Feb. 24, Viktor Khrenin said.",
        );
        let b = print("ru", "Президент насчитал 4,3 млн солдат в Минске 24 февраля, сказал Виктор Хренин.");
        assert_eq!(a.shared(&b, Kind::Number), 3);
        assert_eq!(a.shared(&b, Kind::Name), 3);
        assert!(a.shared(&b, Kind::Concept) >= 4);
    }

    #[test]
    fn what_stands_twice_has_no_place() {
        let body = "The road from Gomel to Minsk and Minsk itself.";
        let story = Story { headline: "Old road".into(), ..Story::new("a", body) };
        let print = Print::of(&Lexicon::default(), "en", &story);
        let place = |word| {
            let names = &print.features[Kind::Name as usize];
            let hash = hashed(&sound::skeleton(word));
            names.iter().find(|held| held.hash == hash).map(|held| held.place)
        };
        // After the eight letters of the headline and `The road from `.
        let gomel = 22 * PLACES / (8 + body.len());
        assert_eq!((place("Minsk"), place("Gomel")), (Some(Held::MANY), Some(gomel as u16)));
    }

    #[test]
    fn days_meet_in_every_language() {
        let day = print("en", "on February 24, they met");
        for (language, text) in [
            ("de", "am 24. Februar trafen sie sich"),
            ("ru", "24 февраля они встретились"),
            ("fr", "le 24 février, ils"),
            ("ja", "2月24日に会談した"),
            ("zh", "2月24日举行"),
            ("uk", "24 лютого вони"),
            ("pl", "24 lutego spotkali"),
            ("es", "el 24 de febrero se reunieron"),
        ] {
            assert_eq!(day.shared(&print(language, text), Kind::Number), 2, "{language}");
        }
    }
}
