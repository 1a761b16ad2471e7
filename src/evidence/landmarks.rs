//! From a text to its landmarks: what of a report survives translation.
//!
//! A translator changes every word but the names and the numbers. Names are brought to one form
//! over scripts and spellings by a consonant skeleton (in the manner of Soundex; Russell 1918):
//! *Lukashenko*, *Lukashenka* and *Лукашенко* are `lkxn`, *Gomel* and *Гомель* `hml`. Numbers are
//! their digits, without the marks that group them.

use crate::hash;
use crate::story::Story;
use ahash::AHashMap;

/// Sound classes of a skeleton: what follows is mostly inflection.
const LONGEST: usize = 4;
/// Sound classes below which too many names share a skeleton.
const SHORTEST: usize = 3;
/// Digits below which a number is in every other story.
const SHORTEST_NUMBER: usize = 2;
/// Letters from which a Cyrillic word can lose a case ending and still be told.
const INFLECTED: usize = 5;
/// Case endings of names that end in a consonant; endings of vowels alone leave no trace.
const ENDINGS: [&str; 9] = ["ом", "ем", "ым", "им", "ам", "ах", "ях", "ів", "ов"];

/// Distinct landmarks of a text, ascending.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Landmarks(Box<[u32]>);

impl Landmarks {
    /// The landmarks of `text`. Cost: one pass.
    pub fn of(text: &str) -> Self {
        let mut found = Vec::new();
        each(text, |landmark, printed| found.extend(mark(landmark, printed)));
        found.sort_unstable();
        found.dedup();
        Self(found.into())
    }

    /// The landmarks of headline and body.
    pub fn of_story(story: &Story) -> Self {
        Self::of(&format!("{}\n{}", story.headline, story.body))
    }

    /// Those words and numbers of `text`, as printed and each once, that `other` has as well.
    pub fn printed_in(&self, text: &str, other: &Self) -> Vec<String> {
        let common: Vec<u32> = self.common(other).collect();
        let mut found: Vec<(u32, String)> = Vec::new();
        each(text, |landmark, printed| {
            if let Some(mark) = mark(landmark, printed)
                && common.contains(&mark)
                && found.iter().all(|(known, _)| *known != mark)
            {
                found.push((mark, printed.to_owned()));
            }
        });
        found.into_iter().map(|(_, printed)| printed).collect()
    }

    /// Them, as hashes.
    pub fn as_slice(&self) -> &[u32] {
        &self.0
    }

    /// Those that both have.
    pub fn common<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = u32> + 'a {
        self.0.iter().copied().filter(|mark| other.0.binary_search(mark).is_ok())
    }
}

/// The kinds of landmarks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Landmark {
    /// Digits, with the marks that group them.
    Number,
    /// A capitalised word inside a sentence.
    Name,
}

/// Calls `each` for every number and name of `text`, as printed.
pub(super) fn each(text: &str, mut each: impl FnMut(Landmark, &str)) {
    let mut sentence_opens = true;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = if c.is_alphabetic() {
            run(rest, |c, next| c.is_alphabetic() || matches!(c, '\'' | '’') && next)
        } else if c.is_ascii_digit() {
            run(rest, |c, next| c.is_ascii_digit() || matches!(c, ',' | '.') && next)
        } else {
            sentence_opens |= matches!(c, '.' | '!' | '?' | ':' | '…' | '\n' | '«' | '“' | '„' | '"');
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let word = &rest[..len];
        if c.is_ascii_digit() {
            each(Landmark::Number, word);
        } else if c.is_uppercase() && !sentence_opens {
            each(Landmark::Name, word);
        }
        sentence_opens = false;
        rest = &rest[len..];
    }
}

/// A number without the marks that group it.
pub(super) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// A name in the form that its spellings share; in lower case where that would say too little.
pub(super) fn folded(name: &str) -> String {
    let skeleton = skeleton(name);
    if skeleton.len() >= SHORTEST { skeleton } else { name.to_lowercase() }
}

/// The hash of a landmark, unless too many share its form.
fn mark(landmark: Landmark, printed: &str) -> Option<u32> {
    let (key, shortest) = match landmark {
        Landmark::Number => (digits(printed), SHORTEST_NUMBER),
        Landmark::Name => (skeleton(printed), SHORTEST),
    };
    (key.len() >= shortest).then(|| (hash::word(key.as_bytes()) >> 32) as u32)
}

/// Bytes of the longest opening whose characters all are `inside`, which is also told whether a
/// character of the kind that opened the run follows.
fn run(text: &str, inside: impl Fn(char, bool) -> bool) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().is_some_and(|&(_, next)| next.is_alphanumeric());
        if !inside(c, next) {
            return at;
        }
    }
    text.len()
}

/// The first consonants of a name by class of sound, vowels and doubled letters left out.
fn skeleton(name: &str) -> String {
    let lower = name.to_lowercase();
    let stem = ENDINGS
        .iter()
        .find_map(|ending| lower.strip_suffix(ending))
        .filter(|_| lower.chars().count() >= INFLECTED)
        .unwrap_or(&lower);
    let mut out = String::new();
    let mut last = None;
    let mut rest = stem;
    while let Some(c) = rest.chars().next() {
        let (sounds, len) = sounds(rest).unwrap_or(("", c.len_utf8()));
        if last != Some(sounds) || sounds.is_empty() {
            out.push_str(sounds);
        }
        last = Some(sounds);
        rest = &rest[len..];
    }
    out.truncate(LONGEST);
    out
}

/// Letters and the sound they stand for, longest first. `g`, `h` and `kh` are one class:
/// *Hrodna* is *Grodno*, *Гончар* is *Honchar*.
const SOUNDS: [(&str, &str); 60] = [
    ("shch", "x"),
    ("tsch", "c"),
    ("sch", "x"),
    ("sh", "x"),
    ("ch", "c"),
    ("ck", "k"),
    ("zh", "j"),
    ("kh", "h"),
    ("gh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("ts", "c"),
    ("tz", "c"),
    ("x", "ks"),
    ("b", "b"),
    ("c", "k"),
    ("d", "d"),
    ("f", "f"),
    ("g", "h"),
    ("h", "h"),
    ("j", "j"),
    ("k", "k"),
    ("l", "l"),
    ("m", "m"),
    ("n", "n"),
    ("p", "p"),
    ("q", "k"),
    ("r", "r"),
    ("s", "s"),
    ("t", "t"),
    ("v", "v"),
    ("w", "v"),
    ("z", "z"),
    ("š", "x"),
    ("č", "c"),
    ("ž", "j"),
    ("б", "b"),
    ("в", "v"),
    ("г", "h"),
    ("ґ", "h"),
    ("дж", "j"),
    ("д", "d"),
    ("ж", "j"),
    ("з", "z"),
    ("к", "k"),
    ("л", "l"),
    ("м", "m"),
    ("н", "n"),
    ("п", "p"),
    ("р", "r"),
    ("с", "s"),
    ("тс", "c"),
    ("т", "t"),
    ("ф", "f"),
    ("х", "h"),
    ("ц", "c"),
    ("ч", "c"),
    ("ш", "x"),
    ("щ", "x"),
    ("ў", "v"),
];

fn sounds(text: &str) -> Option<(&'static str, usize)> {
    SOUNDS
        .iter()
        .find(|(letters, _)| text.starts_with(letters))
        .map(|(letters, sound)| (*sound, letters.len()))
}

/// In how many stories each landmark stands.
#[derive(Clone, Debug, Default)]
pub struct LandmarkCounts {
    stories: u32,
    counts: AHashMap<u32, u32>,
}

impl LandmarkCounts {
    /// Of `stories` stories, in how many of which each landmark stands.
    pub fn of_counts(stories: u32, counts: impl IntoIterator<Item = (u32, u32)>) -> Self {
        Self { stories, counts: counts.into_iter().collect() }
    }

    /// Counts the landmarks of a story.
    pub fn add(&mut self, landmarks: &Landmarks) {
        self.stories += 1;
        landmarks.0.iter().for_each(|&mark| *self.counts.entry(mark).or_default() += 1);
    }

    /// How telling a landmark is: its inverse document frequency, above 0.
    fn weight(&self, mark: u32) -> f64 {
        let with = self.counts.get(&mark).copied().unwrap_or(1).max(2);
        libm::log(1.0 + f64::from(self.stories) / f64::from(with))
    }

    /// Cosine of the weighted landmarks of two stories, in [0, 1].
    pub fn cosine(&self, a: &Landmarks, b: &Landmarks) -> f64 {
        let square = |mark: u32| libm::pow(self.weight(mark), 2.0);
        let norm = |marks: &Landmarks| marks.0.iter().map(|&mark| square(mark)).sum::<f64>();
        let both: f64 = a.common(b).map(square).sum();
        let norms = (norm(a) * norm(b)).sqrt();
        if norms > 0.0 { both / norms } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_skeleton_in_every_spelling() {
        for names in [
            &["Lukashenko", "Lukashenka", "Лукашенко", "Лукашэнка", "Лукашенком"][..],
            &["Grodno", "Hrodna", "Гродно", "Гродна"],
            &["Khrenin", "Хренин", "Хренина", "Хрениным"],
            &["Volfovich", "Вольфович", "Wolfovich"],
            &["Brest", "Бресте", "Брестом"],
            &["Moscow", "Москве", "Moskva"],
            &["Alexander", "Александр"],
        ] {
            names.iter().for_each(|name| assert_eq!(skeleton(name), skeleton(names[0]), "{name}"));
        }
        assert_ne!(skeleton("Putin"), skeleton("Peskov"));
    }

    #[test]
    fn a_text_and_its_translation_share_their_landmarks() {
        let a = Landmarks::of("The border is 1,084km long, Viktor Khrenin said in Minsk on 24 February.");
        let b = Landmarks::of("Граница – 1084 км, доложил в Минске Виктор Хренин 24 февраля.");
        assert_eq!(a.common(&b).count(), 5);
    }

    #[test]
    fn words_that_open_a_sentence_are_no_names() {
        assert_eq!(Landmarks::of("Talks failed. Troops moved. «Nobody came», 7 said."), Landmarks::default());
    }
}
