//! From ties between languages to those that versions in the same languages do not speak against.
//!
//! Two outlets' reports of one event are alike in any language. But where the German version of the
//! one and the German version of the other are no versions of each other, the reports are two: they
//! are less alike than translations of one report, or tell what they share in another order.

use super::prints::Sides;
use crate::relation::Level;
use crate::relation::order::order_of_any;
use crate::relation::tie::Verified;
use crate::story::Ordinal;
use ahash::{AHashMap, AHashSet};

/// The surest version of each story in each other language, and what is tied within languages.
pub(super) struct Versions<'a> {
    sides: &'a Sides,
    surest: AHashMap<Ordinal, Vec<(&'static str, Ordinal, f64)>>,
    tied: AHashSet<(Ordinal, Ordinal)>,
}

/// The least likeness of two versions in one language: 97 in 100 translations of one report into
/// German, English, Russian or Czech reach it, two outlets' reports of one event hardly ever.
const ALIKE: f32 = 0.85;
/// The same in Chinese and Japanese, of which the tables know less.
const ALIKE_UNSPACED: f32 = 0.5;
/// The least order of what both share, in any language: 99 in 100 translations of one report reach it,
/// from sixty words on.
const IN_ORDER: f64 = 0.4;
/// The score from which a version speaks for the story that it is of.
const SPEAKS: f64 = 0.9;
impl<'a> Versions<'a> {
    /// Of `scored` pairs of different languages, beside the `ties` that words made.
    pub(super) fn of(sides: &'a Sides, scored: &[(Ordinal, Ordinal, f64)], ties: &[Verified]) -> Self {
        let mut surest: AHashMap<Ordinal, Vec<(&'static str, Ordinal, f64)>> = AHashMap::new();
        let sure = scored.iter().filter(|&&(.., score)| score >= SPEAKS);
        for (story, other, score) in sure.flat_map(|&(a, b, score)| [(a, b, score), (b, a, score)]) {
            let language = sides[&other].0.language;
            let known = surest.entry(story).or_default();
            match known.iter_mut().find(|(of, ..)| *of == language) {
                Some(best) if best.2 < score => *best = (language, other, score),
                Some(_) => {}
                None => known.push((language, other, score)),
            }
        }
        let joined = ties.iter().filter(|tie| tie.relation.joins(Level::Rewrite));
        Self { sides, surest, tied: joined.map(|tie| (tie.a, tie.b)).collect() }
    }

    /// Whether no language speaks against the pair: none in which both have a version of their own,
    /// and these are no versions of each other.
    pub(super) fn agree(&self, a: Ordinal, b: Ordinal) -> bool {
        let (of_a, of_b) = (self.of_story(a), self.of_story(b));
        of_a.iter().all(|&(language, x)| {
            let other = of_b.iter().find(|(of, _)| *of == language);
            other.is_none_or(|&(_, y)| x == y || self.are_one(language, x, y))
        })
    }

    /// Whether two stories in one language are versions of one report, by their words or by what
    /// these mean.
    fn are_one(&self, language: &str, x: Ordinal, y: Ordinal) -> bool {
        let least = if matches!(language, "zh" | "ja") { ALIKE_UNSPACED } else { ALIKE };
        let told = |story: Ordinal| (&self.sides[&story].0, &self.sides[&story].1);
        let (of_x, of_y) = (told(x), told(y));
        self.tied.contains(&(x.min(y), x.max(y)))
            || of_x.1.likeness(of_y.1) >= least && order_of_any(of_x, of_y) >= IN_ORDER
    }

    /// The story itself and its surest version in each other language.
    fn of_story(&self, story: Ordinal) -> Vec<(&'static str, Ordinal)> {
        let own = (self.sides[&story].0.language, story);
        let others =
            self.surest.get(&story).into_iter().flatten().map(|&(language, other, _)| (language, other));
        std::iter::once(own).chain(others).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Lexicon, Print};
    use crate::relation::translation::Rarity;
    use crate::story::Story;

    const GERMAN: [&str; 4] = [
        "Das Gericht in Riga verurteilte am 8. Mai den Reeder Janis Ozols zu drei Jahren Haft.",
        "Sein Tanker Kurzeme hatte 2019 vor Liepaja Öl verloren und 40 Kilometer Strand verschmutzt.",
        "Die Richterin Ilze Berzina nannte die Wartung der Pumpen eine Schande.",
        "Der Anwalt will vor das höchste Gericht ziehen, die Gemeinde fordert 6 Millionen Euro.",
    ];

    const ENGLISH: &str = "The court in Riga has decided";

    /// Whether two English reports agree, given the German version of each.
    fn agree(of_a: &str, of_b: &str) -> bool {
        let texts = [("en", ENGLISH), ("en", ENGLISH), ("de", of_a), ("de", of_b)];
        let prints =
            texts.map(|(language, text)| Print::of(&Lexicon::default(), language, &Story::new("a", text)));
        let rarity = Rarity::of(&prints);
        let sides: Sides =
            (0..).zip(prints).map(|(n, print)| (n, (print.clone(), rarity.weighed(&print)))).collect();
        Versions::of(&sides, &[(0, 2, 0.99), (1, 3, 0.99)], &[]).agree(0, 3)
    }

    #[test]
    fn versions_in_one_language_say_the_same_in_one_order() {
        let told = GERMAN.join(" ");
        assert!(agree(&told, &told.replace("Haft", "Gefängnis")));
        let [first, second, third, fourth] = GERMAN;
        assert!(!agree(&told, &[third, first, fourth, second].join(" ")));
        assert!(!agree(&told, "In Liepaja begann am Montag das Fest der Fischer, zu dem viele Gäste kamen."));
    }
}
