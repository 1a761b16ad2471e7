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
    names: Vec<Fact>,
    quotes: Vec<Fact>,
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
}

impl Facts {
    /// The facts of `text`, which is repaired and whose furniture is out. Cost: two passes.
    pub fn of(text: &str) -> Self {
        let mut facts = Self::default();
        landmarks::each(text, |landmark, printed| match landmark {
            Landmark::Number => push(&mut facts.numbers, &landmarks::digits(printed), printed),
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
        }
    }
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
    }
}
