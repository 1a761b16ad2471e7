//! From two stories in different languages to the words of one that stand for words of the other.

use super::translation::{Rarity, Weighed};
use crate::lexicon::{self, Kind, Lexicon, Print};
use crate::story::Story;
use ahash::{AHashMap, AHashSet};
use serde::Serialize;
use std::ops::Range;

/// Two words, as printed, that mean the same, or are one name or number.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Matched {
    /// In the first story.
    pub a: String,
    /// In the second.
    pub b: String,
}

/// Matches that are shown at most.
pub const MOST: usize = 24;

/// A feature by kind and hash.
type Key = (Kind, u32);

/// One side of a pair: the story, its language, and its print weighed.
pub type Read<'a> = (&'a Story, &'static str, &'a Weighed);

/// What two stories share, by what it adds to their likeness, the most first; each word once, and
/// [`MOST`] at most. Cost: both stories are read again.
pub fn matched(lexicon: &Lexicon, a: Read<'_>, b: Read<'_>) -> Vec<Matched> {
    let (in_a, in_b) = (printed(lexicon, a, b.2), printed(lexicon, b, a.2));
    let worth = |(kind, hash): Key| a.2.weight(kind, hash) * b.2.weight(kind, hash);
    let mut keys: Vec<(Key, f32)> = in_a.keys().map(|&key| (key, worth(key))).collect();
    keys.sort_unstable_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    let (mut used_a, mut used_b) = (AHashSet::new(), AHashSet::new());
    let mut found = Vec::new();
    for (key, _) in keys {
        let (Some(x), Some(y)) = (in_a.get(&key), in_b.get(&key)) else { continue };
        // The first meaning of a word that both have is the one that is shown.
        if used_a.contains(&x.1) || used_b.contains(&y.1) {
            continue;
        }
        used_a.insert(x.1.clone());
        used_b.insert(y.1.clone());
        found.push(Matched { a: x.1.clone(), b: y.1.clone() });
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// The same of two stories in these languages that nothing else is known of.
pub fn of_two(lexicon: &Lexicon, [a, b]: [(&Story, &'static str); 2]) -> Vec<Matched> {
    let prints = [a, b].map(|(story, language)| Print::of(lexicon, language, story));
    let rarity = Rarity::of(&prints);
    let [x, y] = [0, 1].map(|side| rarity.weighed(&prints[side]));
    matched(lexicon, (a.0, a.1, &x), (b.0, b.1, &y))
}

/// For each feature that `other` has too, where it first stands and how it is printed there.
fn printed(
    lexicon: &Lexicon,
    (story, language, _): Read<'_>,
    other: &Weighed,
) -> AHashMap<Key, (usize, String)> {
    let mut found = AHashMap::new();
    let text = format!("{}\n{}", story.headline, story.body);
    lexicon::each(lexicon, language, &text, |feature, place: Range<usize>| {
        if other.weight(feature.kind, feature.hash) > 0.0 {
            let word = || (place.start, text[place.clone()].to_owned());
            found.entry((feature.kind, feature.hash)).or_insert_with(word);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_beside_what_they_mean() {
        let lexicon = Lexicon::default();
        let a = Story::new("a", "The negotiations between Alexander Lukashenko and the president began.");
        let b = Story::new("b", "Начались переговоры между Александром Лукашенко и президентом.");
        let found = of_two(&lexicon, [(&a, "en"), (&b, "ru")]);
        let pair = |a: &str, b: &str| Matched { a: a.into(), b: b.into() };
        for expected in [
            pair("negotiations", "переговоры"),
            pair("Lukashenko", "Лукашенко"),
            pair("president", "президентом"),
        ] {
            assert!(found.contains(&expected), "{found:?}");
        }
    }
}
