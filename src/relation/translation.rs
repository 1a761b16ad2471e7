//! From two prints to the probability that one story is a translation of the other.
//!
//! The likeness of two stories is the sum of four cosines, one a [`Kind`] of feature, over features
//! weighed by their rarity in both languages. How much is enough differs from story to story: one
//! of few words is like many. So each story's mean likeness to its nearest in the other's language
//! is taken off (CSLS, Conneau et al. 2018); a story that has no neighbours counts as if it had
//! those that most have. And a translation tells what it tells in the order of its original.

use super::model;
use super::order::order;
use crate::evidence::signals::days;
use crate::lexicon::{self, Kind, Print};
use ahash::AHashMap;

/// What the cosine of each kind counts, in the order of [`Kind::ALL`].
const SHARES: [f32; 4] = [1.0, 0.35, 0.2, 0.2];
/// The log-odds of a tie where nothing speaks for it. It and the next three are fitted
/// (`docs/languages.md`).
const START: f64 = -7.6;
/// What is added where one is in Chinese or Japanese, of which the tables know less.
const UNSPACED: f64 = 2.65;
/// What a likeness adds for each unit above what is usual for both.
const ALIKE: f64 = 10.0;
/// What it adds if both tell what they share in one order.
const IN_ORDER: f64 = 12.0;
/// Half days apart, on a doubling scale, as for other pairs.
const DAYS: f64 = -1.0;
/// Words below which two stories are tied only if they share a name, a number and the day.
const SHORT: u32 = 40;
/// The least likeness of two versions, as a share of that of the nearest to either in the other's
/// language: where both have somebody so much nearer, two outlets report one event.
const NEARLY: f32 = 0.8;
/// Stories for which the built-in shares of English words stand.
const BACKGROUND: f64 = 50.0;

/// Languages whose words have a table.
const WITH_TABLE: [&str; 17] =
    ["ar", "be", "bg", "cs", "de", "en", "es", "fr", "it", "ja", "pl", "pt", "ru", "sr", "tr", "uk", "zh"];

/// Whether two stories may be versions in two languages. Both have a table: languages that have none
/// are taken for one another, as Indonesian and Malay are, and the words that two stories in one
/// language share would count as proof.
pub fn may_hold(a: &str, b: &str) -> bool {
    a != b && has_table(a) && has_table(b)
}

/// Whether the words of a language have a table.
pub fn has_table(language: &str) -> bool {
    WITH_TABLE.contains(&language)
}

/// Of features, by kind and hash.
type OfFeatures<T> = AHashMap<(u8, u32), T>;

/// In how many stories of each language each feature stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted(AHashMap<&'static str, (u32, OfFeatures<u32>)>);

impl Counted {
    /// Counts the features of a story.
    pub(crate) fn add(&mut self, print: &Print) {
        let (stories, features) = self.0.entry(print.language).or_default();
        *stories += 1;
        for (kind, of_kind) in (0..).zip(&print.features) {
            of_kind.iter().for_each(|held| *features.entry((kind, held.hash)).or_default() += 1);
        }
    }

    /// How rare that makes each feature. Cost: a logarithm for each feature of a language.
    pub(crate) fn rarity(self) -> Rarity {
        let mut rarity = Rarity::default();
        for (stories, features) in self.0.values() {
            rarity.stories += stories;
            features.iter().for_each(|(&key, count)| *rarity.counts.entry(key).or_default() += count);
        }
        let weights = |(language, (stories, features)): (&'static str, (u32, OfFeatures<u32>))| {
            let weights = features.into_iter().map(|(key, own)| (key, rarity.weight(key, (own, stories))));
            (language, (stories, weights.collect()))
        };
        let languages = self.0.into_iter().map(weights).collect();
        Rarity { languages, ..rarity }
    }
}

/// How rare each feature is, in all stories and in those of its language.
#[derive(Clone, Debug, Default)]
pub struct Rarity {
    stories: u32,
    counts: OfFeatures<u32>,
    /// How many stories there are of each language, and what each feature of these weighs in it.
    languages: AHashMap<&'static str, (u32, OfFeatures<f32>)>,
}

impl Rarity {
    /// That of the features of some prints.
    pub fn of<'a>(prints: impl IntoIterator<Item = &'a Print>) -> Self {
        let mut counted = Counted::default();
        prints.into_iter().for_each(|print| counted.add(print));
        counted.rarity()
    }

    /// In how many stories of any language a feature stands.
    pub fn stories_with(&self, kind: Kind, hash: u32) -> u32 {
        self.counts.get(&(kind as u8, hash)).copied().unwrap_or_default()
    }

    /// What a feature weighs in a language of so many stories, of which `own` have it.
    fn weight(&self, key: (u8, u32), (own, stories): (u32, u32)) -> f32 {
        let common = if key.0 == Kind::Concept as u8 { lexicon::share(key.1) } else { 0.0 };
        let count = self.counts.get(&key).copied().unwrap_or_default();
        let all = 4.0 * BACKGROUND;
        let anywhere = (f64::from(count) + common * all + 0.5) / (f64::from(self.stories) + all + 1.0);
        let here = (f64::from(own) + common * BACKGROUND + 0.5) / (f64::from(stories) + BACKGROUND + 1.0);
        (-libm::log(anywhere.max(here))).max(0.0) as f32
    }

    /// Its features weighed by their rarity, each kind of length 1.
    pub fn weighed(&self, print: &Print) -> Weighed {
        let none = (0, AHashMap::default());
        let (stories, weights) = self.languages.get(print.language).unwrap_or(&none);
        let kind = |kind: Kind| {
            let key = |hash| (kind as u8, hash);
            let known = |hash| weights.get(&key(hash)).copied();
            let weight = |hash| known(hash).unwrap_or_else(|| self.weight(key(hash), (0, *stories)));
            let features = print.features[kind as usize].iter();
            let mut weighed: Vec<(u32, f32)> =
                features.map(|held| (held.hash, held.count() * weight(held.hash))).collect();
            let length = weighed.iter().map(|&(_, weight)| weight * weight).sum::<f32>().sqrt();
            if length > 0.0 {
                weighed.iter_mut().for_each(|(_, weight)| *weight /= length);
            }
            weighed.into()
        };
        Weighed { kinds: Kind::ALL.map(kind) }
    }
}

/// The features of a print by kind, ascending, weighed.
#[derive(Clone, Debug, Default)]
pub struct Weighed {
    kinds: [Box<[(u32, f32)]>; 4],
}

impl Weighed {
    /// How alike two stories are: 0 to 1.75.
    pub fn likeness(&self, other: &Self) -> f32 {
        SHARES
            .iter()
            .zip(self.kinds.iter().zip(&other.kinds))
            .map(|(share, (a, b))| share * cosine(a, b))
            .sum()
    }

    /// Every feature, as the key of its kind and hash, with what it adds to a likeness for each unit
    /// of weight in the other.
    pub(crate) fn parts(&self) -> impl Iterator<Item = ((u8, u32), f32)> {
        (0..).zip(&self.kinds).flat_map(|(kind, features)| {
            features.iter().map(move |&(hash, weight)| ((kind, hash), SHARES[usize::from(kind)] * weight))
        })
    }

    /// The weight of a feature, 0 where it is not there.
    pub fn weight(&self, kind: Kind, hash: u32) -> f32 {
        let features = &self.kinds[kind as usize];
        let place = features.binary_search_by_key(&hash, |&(hash, _)| hash);
        place.map_or(0.0, |place| SHARES[kind as usize] * features[place].1)
    }
}

fn cosine(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

/// How like its nearest in another language a story is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usual {
    /// The mean likeness of those that are nearest.
    mean: f32,
    /// The likeness of the nearest.
    most: f32,
}

impl Default for Usual {
    /// That of a story without neighbours.
    fn default() -> Self {
        Self::of(&[])
    }
}

impl Usual {
    /// Neighbours that are looked at.
    pub const NEAREST: usize = 10;
    /// What a neighbour that is not there counts.
    const ALONE: f32 = 0.22;
    /// The most that is taken off: beside fifty versions of one report a story is no less a version.
    const MOST: f32 = 0.35;

    /// Of the `likenesses` to the nearest, highest first; what is missing of [`Usual::NEAREST`] is
    /// filled up.
    pub fn of(likenesses: &[f32]) -> Self {
        let near = &likenesses[..likenesses.len().min(Self::NEAREST)];
        let missing = (Self::NEAREST - near.len()) as f32;
        let mean = (near.iter().sum::<f32>() + missing * Self::ALONE) / Self::NEAREST as f32;
        Self { mean: mean.min(Self::MOST), most: near.first().copied().unwrap_or_default() }
    }
}

/// One side of a pair.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What the story says.
    pub print: &'a Print,
    /// The same, weighed.
    pub weighed: &'a Weighed,
    /// Seconds since 1970.
    pub time: Option<i64>,
    /// How like its nearest in the other's language it is.
    pub usual: Usual,
}

/// The probability, in [0, 1), that one story is a translation of the other; 0 where they are in one
/// language, or too short for what they share. Cost: a pass over both prints.
pub fn probability(a: Side<'_>, b: Side<'_>) -> f64 {
    if !may_hold(a.print.language, b.print.language) || !enough(a, b) {
        return 0.0;
    }
    let likeness = a.weighed.likeness(b.weighed);
    if likeness < NEARLY * a.usual.most.min(b.usual.most) {
        return 0.0;
    }
    let above = 2.0 * likeness - (a.usual.mean + b.usual.mean);
    let apart =
        if a.time.is_some() && b.time.is_some() { DAYS * f64::from(days(a.time, b.time)) } else { 0.0 };
    let is_unspaced = |side: Side<'_>| matches!(side.print.language, "zh" | "ja");
    let unspaced = if [a, b].into_iter().any(is_unspaced) { UNSPACED } else { 0.0 };
    let alike = START + unspaced + ALIKE * f64::from(above) + apart;
    // Most pairs are ruled out by their likeness.
    if alike + IN_ORDER < 0.0 {
        return model::logistic(alike);
    }
    model::logistic(alike + IN_ORDER * order((a.print, a.weighed), (b.print, b.weighed)))
}

/// Few words say little: names, numbers and the day must speak for them.
fn enough(a: Side<'_>, b: Side<'_>) -> bool {
    let shared = |kind| a.print.shared(b.print, kind);
    let short = a.print.words.min(b.print.words) < SHORT;
    let one_day = a.time.zip(b.time).is_none_or(|(a, b)| a.abs_diff(b) <= 24 * 3_600);
    !short || one_day && shared(Kind::Number) > 0 && shared(Kind::Name) + shared(Kind::Coarse) > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::story::Story;

    const ENGLISH: &str = "The Baltic Fish Union said on 3 May that its 214 boats will stay in port until \
        the price of diesel falls below 1.2 euros. The president of the union, Marta Lindqvist, met the \
        minister of agriculture in Tallinn and asked the government for help. The minister promised an \
        answer within two weeks, but he warned that the budget for this year is already spent.";
    const GERMAN: &str = "Die Baltische Fischereiunion teilte am 3. Mai mit, dass ihre 214 Boote im Hafen \
        bleiben, bis der Preis für Diesel unter 1,2 Euro fällt. Die Präsidentin der Union, Marta Lindqvist, \
        traf den Minister für Landwirtschaft in Tallinn und bat die Regierung um Hilfe. Der Minister \
        versprach eine Antwort in zwei Wochen, warnte aber, dass der Haushalt für dieses Jahr schon \
        ausgegeben ist.";
    const OTHER: &str = "Die Regierung in Tallinn hat am Dienstag neue Regeln für Schulen beschlossen. Der \
        Minister für Bildung sagte, dass 40 Lehrer mehr gebraucht werden, und bat die Union der Lehrer um \
        Geduld. Der Haushalt für dieses Jahr ist schon ausgegeben, sagte er, und eine Antwort auf die Frage \
        nach mehr Geld komme erst in zwei Wochen.";

    fn judged(a: (&'static str, &str), b: (&'static str, &str)) -> f64 {
        let print = |(language, text)| Print::of(&Lexicon::default(), language, &Story::new("a", text));
        let (a, b) = (print(a), print(b));
        let rarity = Rarity::of([&a, &b]);
        let (x, y) = (rarity.weighed(&a), rarity.weighed(&b));
        let side = |print, weighed| Side { print, weighed, time: None, usual: Usual::default() };
        probability(side(&a, &x), side(&b, &y))
    }

    #[test]
    fn a_translation_is_told_from_another_report_of_the_beat() {
        assert!(judged(("en", ENGLISH), ("de", GERMAN)) > 0.9);
        assert!(judged(("en", ENGLISH), ("de", OTHER)) < 0.1);
        assert!(judged(("de", GERMAN), ("de", GERMAN)) <= 0.0);
    }

    #[test]
    fn a_translation_tells_it_in_the_order_of_its_original() {
        let sentences: Vec<&str> = GERMAN.split_inclusive(". ").collect();
        let turned: String =
            sentences.into_iter().rev().flat_map(|sentence| [sentence.trim(), " "]).collect();
        let odds = |german: &str| {
            let score = judged(("en", ENGLISH), ("de", german));
            score / (1.0 - score)
        };
        assert!(odds(&turned) < odds(GERMAN) / 100.0);
    }

    #[test]
    fn who_has_a_much_nearer_version_is_no_version_of_another() {
        let print = |(language, text)| Print::of(&Lexicon::default(), language, &Story::new("a", text));
        let (a, b) = (print(("en", ENGLISH)), print(("de", GERMAN)));
        let rarity = Rarity::of([&a, &b]);
        let (x, y) = (rarity.weighed(&a), rarity.weighed(&b));
        let judged = |most_a: f32, most_b: f32| {
            let side = |print, weighed, most| {
                let usual = Usual { most: most * x.likeness(&y), ..Usual::default() };
                Side { print, weighed, time: None, usual }
            };
            probability(side(&a, &x, most_a), side(&b, &y, most_b))
        };
        assert!(judged(1.4, 1.0) > 0.9, "one of them has none nearer");
        assert!(judged(1.4, 1.4) <= 0.0);
    }

    #[test]
    fn short_texts_need_a_name_and_a_number() {
        let en = "The minister of agriculture promised help to all farmers and fishermen of the country.";
        let de = "Der Minister für Landwirtschaft versprach allen Bauern und Fischern des Landes Hilfe.";
        assert!(judged(("en", en), ("de", de)) <= 0.0);
    }

    #[test]
    fn a_story_without_neighbours_is_as_most_are() {
        assert_eq!(Usual::of(&[]), Usual::default());
        assert_eq!(Usual::of(&[1.0; 20]), Usual { mean: Usual::MOST, most: 1.0 });
    }
}
