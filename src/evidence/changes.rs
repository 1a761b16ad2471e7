//! From two texts to the facts that only one of them has: numbers, names and quotations.

use super::landmarks::{self, Landmark};
use super::profile::Profile;
use super::quote::quotations;
use crate::hash;
use crate::text::token_hashes;
use serde::Serialize;

/// A fact by what makes it the same in two texts, and as printed.
type Fact = (u64, String);

/// The facts of a text, each kind in reading order, every fact once.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    numbers: Vec<Fact>,
    /// For each number the word behind it, in lower case: what it counts. Empty at the end of a
    /// sentence.
    counted: Vec<String>,
    names: Vec<Fact>,
    quotes: Vec<Fact>,
}

/// A figure that became another: the same word stands behind both, and behind no other that changed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Figure {
    /// What is counted, in lower case.
    pub of: String,
    /// The figure of the earlier text.
    pub was: String,
    /// That of the later one.
    pub is: String,
}

/// What a text has that the one it was made from has not, and the reverse, as printed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Changes {
    /// Numbers that only the later text has.
    pub numbers_added: Vec<String>,
    /// Numbers that only the earlier one has.
    pub numbers_dropped: Vec<String>,
    /// Names that only the later text has; spellings of one name are one.
    pub names_added: Vec<String>,
    /// Names that only the earlier one has.
    pub names_dropped: Vec<String>,
    /// Quotations that only the later text has.
    pub quotes_added: Vec<String>,
    /// Quotations that only the earlier one has.
    pub quotes_dropped: Vec<String>,
    /// Those of the numbers that became others; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
}

impl Facts {
    /// The facts of `text`, which is repaired and whose furniture is out. Cost: two passes.
    pub fn of(text: &str) -> Self {
        let mut facts = Self::default();
        landmarks::each(text, |landmark, printed| match landmark {
            Landmark::Number => {
                push(&mut facts.numbers, &landmarks::digits(printed), printed);
                if facts.counted.len() < facts.numbers.len() {
                    let end = printed.as_ptr() as usize - text.as_ptr() as usize + printed.len();
                    facts.counted.push(word_behind(&text[end..]));
                }
            }
            Landmark::Name => push(&mut facts.names, &landmarks::folded(printed), printed),
        });
        for quote in quotations(text) {
            let mut tokens = Vec::new();
            token_hashes(&text[quote.clone()], &mut tokens);
            if tokens.len() >= Profile::SHORTEST_QUOTE {
                let key = tokens.iter().fold(0, |key: u64, &token| hash::finalise(key ^ token));
                add(&mut facts.quotes, key, &text[quote]);
            }
        }
        facts
    }
}

/// The next word of a sentence, in lower case.
fn word_behind(rest: &str) -> String {
    let sentence = rest.split(['.', '!', '?', '\n']).next().unwrap_or_default();
    let mut words = sentence.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.next().unwrap_or_default().to_lowercase()
}

fn push(facts: &mut Vec<Fact>, key: &str, printed: &str) {
    add(facts, hash::bytes(key.as_bytes()), printed);
}

fn add(facts: &mut Vec<Fact>, key: u64, printed: &str) {
    if facts.iter().all(|(known, _)| *known != key) {
        facts.push((key, printed.to_owned()));
    }
}

impl Changes {
    /// What changed from `before` to `after`.
    pub fn between(before: &Facts, after: &Facts) -> Self {
        let only = |these: &[Fact], those: &[Fact]| {
            let missing = these.iter().filter(|(key, _)| those.iter().all(|(other, _)| other != key));
            missing.map(|(_, printed)| printed.clone()).collect()
        };
        Self {
            numbers_added: only(&after.numbers, &before.numbers),
            numbers_dropped: only(&before.numbers, &after.numbers),
            names_added: only(&after.names, &before.names),
            names_dropped: only(&before.names, &after.names),
            quotes_added: only(&after.quotes, &before.quotes),
            quotes_dropped: only(&before.quotes, &after.quotes),
            figures: figures(before, after),
        }
    }

    /// The numbers that were added, and those that were dropped, without those that became others.
    pub fn unpaired_numbers(&self) -> [Vec<&str>; 2] {
        [
            self.numbers_added
                .iter()
                .map(String::as_str)
                .filter(|number| self.figures.iter().all(|figure| figure.is != *number))
                .collect(),
            self.numbers_dropped
                .iter()
                .map(String::as_str)
                .filter(|number| self.figures.iter().all(|figure| figure.was != *number))
                .collect(),
        ]
    }
}

/// Figures that became others, in the order of the later text.
fn figures(before: &Facts, after: &Facts) -> Vec<Figure> {
    let changed = |these: &Facts, those: &Facts| -> Vec<(String, String)> {
        let counted = these.numbers.iter().zip(&these.counted);
        let changed = counted
            .filter(|((key, _), of)| !of.is_empty() && those.numbers.iter().all(|(other, _)| other != key));
        changed.map(|((_, printed), of)| (of.clone(), printed.clone())).collect()
    };
    let (gone, come) = (changed(before, after), changed(after, before));
    let only = |of: &str, these: &[(String, String)]| -> Option<String> {
        let mut same = these.iter().filter(|(other, _)| other == of);
        same.next().filter(|_| same.next().is_none()).map(|(_, printed)| printed.clone())
    };
    come.iter()
        .filter_map(|(of, _)| Some(Figure { of: of.clone(), was: only(of, &gone)?, is: only(of, &come)? }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_figure_and_a_lost_quote_are_seen() {
        let before = Facts::of("In Minsk Lukashenko met 1,200 men. “You will all go home,” he said at 5.");
        let after = Facts::of("In Minsk Lukashenka met 1.300 men, said Khrenin at 5.");
        let changes = Changes::between(&before, &after);
        assert_eq!(
            (changes.numbers_added, changes.numbers_dropped),
            (vec!["1.300".into()], vec!["1,200".into()])
        );
        assert_eq!((changes.names_added, changes.names_dropped), (vec!["Khrenin".to_owned()], vec![]));
        assert_eq!((changes.quotes_added.len(), changes.quotes_dropped.len()), (0, 1));
        assert_eq!(changes.figures, [Figure { of: "men".into(), was: "1,200".into(), is: "1.300".into() }]);
    }

    #[test]
    fn figures_are_paired_only_where_it_is_sure() {
        let between = |before: &str, after: &str| Changes::between(&Facts::of(before), &Facts::of(after));
        let one =
            between("The union said 600 strikers and 20 cars.", "The union said 950 strikers and 30 vans.");
        let told: Vec<_> = one.figures.iter().map(|one| (&*one.of, &*one.was, &*one.is)).collect();
        assert_eq!(told, [("strikers", "600", "950")]);
        assert_eq!(one.unpaired_numbers(), [vec!["30"], vec!["20"]]);
        let two = between("In Orsa 3 men and in Tamm 4 men died.", "In Orsa 5 men and in Tamm 6 men died.");
        assert_eq!(two.figures, [], "which became which is not known");
        assert_eq!(between("He left at 5.", "He left at 6.").figures, [], "nothing is counted");
    }
}
