//! From two prints to whether both stories tell what they share in one order.
//!
//! A translator goes along the original. Two outlets' reports of one event share people, places and
//! figures, but each comes to them in its own order. So the places of what stands once in either are
//! correlated, each by what it tells.

use super::translation::Weighed;
use crate::lexicon::{Held, Kind, Print};

/// Shared places at which order counts half: few are in order by chance.
const FEW: f64 = 10.0;

/// What a story says, and the same weighed.
type Told<'a> = (&'a Print, &'a Weighed);

/// 1 where all that both share comes in one order, and is much, 0 where it comes in none or is little,
/// below 0 where it comes the other way round. Cost: a pass over both prints.
pub(super) fn order(a: Told<'_>, b: Told<'_>) -> f64 {
    let places = shared_places(a, b);
    let count = places.len() as f64;
    correlation(&places) * count / (count + FEW)
}

/// The same, however little both share.
pub(crate) fn order_of_any(a: Told<'_>, b: Told<'_>) -> f64 {
    correlation(&shared_places(a, b))
}

/// Where in each story the features stand that both have at one place only, and what each tells. A name
/// is a concept, too, and has two sounds: one word counts once, by what tells most.
fn shared_places(a: Told<'_>, b: Told<'_>) -> Vec<(u16, u16, f32)> {
    let mut places = Vec::new();
    let of_kinds = a.0.features.iter().zip(&b.0.features);
    for (kind, (of_a, of_b)) in Kind::ALL.into_iter().zip(of_kinds) {
        let (mut i, mut j) = (0, 0);
        while i < of_a.len() && j < of_b.len() {
            let (x, y) = (of_a[i], of_b[j]);
            i += usize::from(x.hash <= y.hash);
            j += usize::from(y.hash <= x.hash);
            if x.hash == y.hash && x.place != Held::MANY && y.place != Held::MANY {
                let weight = a.1.weight(kind, x.hash) * b.1.weight(kind, x.hash);
                places.push((x.place, y.place, weight));
            }
        }
    }
    places.sort_unstable_by(|x, y| (x.0, x.1).cmp(&(y.0, y.1)).then(y.2.total_cmp(&x.2)));
    places.dedup_by_key(|&mut (a, b, _)| (a, b));
    places
}

/// Pearson's coefficient of the places in both stories; 0 where all lies at one place.
fn correlation(places: &[(u16, u16, f32)]) -> f64 {
    let mut sums = Sums::default();
    places.iter().for_each(|&(a, b, weight)| sums.add(weight, a, b));
    let spread_a = sums.weight * sums.aa - sums.a * sums.a;
    let spread_b = sums.weight * sums.bb - sums.b * sums.b;
    let spread = spread_a.max(0.0) * spread_b.max(0.0);
    if spread > 0.0 { (sums.weight * sums.ab - sums.a * sums.b) / spread.sqrt() } else { 0.0 }
}

/// Weighted sums of places and their products.
#[derive(Default)]
struct Sums {
    weight: f64,
    a: f64,
    b: f64,
    aa: f64,
    bb: f64,
    ab: f64,
}

impl Sums {
    fn add(&mut self, weight: f32, a: u16, b: u16) {
        let (weight, a, b) = (f64::from(weight), f64::from(a), f64::from(b));
        self.weight += weight;
        self.a += weight * a;
        self.b += weight * b;
        self.aa += weight * a * a;
        self.bb += weight * b * b;
        self.ab += weight * a * b;
    }
}

#[cfg(test)]
mod tests {
    use super::super::translation::Rarity;
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::story::Story;

    const ENGLISH: &str = "The ferry to Saaremaa stopped on Monday after a fire in its kitchen. Captain Juhan \
        Tamm said that 112 passengers were taken to Virtsu by fishing boats. The company promised to pay for \
        the hotel. Prosecutor Liina Kask asked for the logbook of the ship. Repairs at the yard in Tallinn \
        will last three weeks.";
    const GERMAN: [&str; 5] = [
        "Die Fähre nach Saaremaa hielt am Montag nach einem Feuer in der Küche.",
        "Kapitän Juhan Tamm sagte, dass 112 Passagiere mit Fischerbooten nach Virtsu gebracht wurden.",
        "Die Firma versprach, das Hotel zu bezahlen.",
        "Staatsanwältin Liina Kask verlangte das Logbuch des Schiffes.",
        "Die Reparatur in der Werft in Tallinn wird drei Wochen dauern.",
    ];

    fn measured(german: &[&str], order: fn(Told<'_>, Told<'_>) -> f64) -> f64 {
        let print = |language, text: &str| Print::of(&Lexicon::default(), language, &Story::new("a", text));
        let (a, b) = (print("en", ENGLISH), print("de", &german.join(" ")));
        let rarity = Rarity::of([&a, &b]);
        let (x, y) = (rarity.weighed(&a), rarity.weighed(&b));
        order((&a, &x), (&b, &y))
    }

    #[test]
    fn a_translation_goes_along_its_original() {
        let [first, second, third, fourth, fifth] = GERMAN;
        assert!(measured(&GERMAN, order) > 0.45);
        assert!(measured(&[fifth, fourth, third, second, first], order) < 0.0);
        assert!(measured(&[third, fifth, first, fourth, second], order) < 0.2);
        assert!(measured(&[third, fifth, first, fourth, second], order_of_any) < 0.4);
    }

    #[test]
    fn what_stands_at_several_places_of_either_has_none() {
        let print = |language, text: &str| Print::of(&Lexicon::default(), language, &Story::new("a", text));
        let again = format!("{} Tamm sprach in Virtsu von 112 Passagieren.", GERMAN.join(" "));
        let (a, b) = (print("en", ENGLISH), print("de", &again));
        let rarity = Rarity::of([&a, &b]);
        let (x, y) = (rarity.weighed(&a), rarity.weighed(&b));
        for places in [shared_places((&a, &x), (&b, &y)), shared_places((&b, &y), (&a, &x))] {
            assert!(places.len() > 5 && places.iter().all(|&(of_a, of_b, _)| of_a.max(of_b) < Held::MANY));
        }
    }

    #[test]
    fn little_in_order_says_little() {
        let of_any = measured(&GERMAN[..2], order_of_any);
        assert!(of_any > 0.8, "{of_any}");
        assert!(measured(&GERMAN[..2], order) < 0.75 * of_any);
        assert!(measured(&GERMAN[2..3], order).abs() < 0.3);
    }
}
