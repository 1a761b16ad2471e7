//! From a text to its landmarks: what of a report survives translation.
//!
//! Names are brought to one form over scripts and spellings by their [sound](crate::lexicon::sound),
//! numbers are their digits, without the marks that group them.

use crate::hash;
use crate::lexicon::sound::{SHORTEST, skeleton};
use crate::story::Story;
use ahash::AHashMap;

/// Digits below which a number is in every other story.
const SHORTEST_NUMBER: usize = 2;

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
