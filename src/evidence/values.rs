//! From signals to named numbers, as an index and `train/fit` keep them, and back.

use super::Signals;

/// The place of a field.
type Field = fn(&mut Signals) -> &mut f32;

/// The fields by name, in their order.
const FIELDS: [(&str, Field); 17] = [
    ("topic", |s| &mut s.topic),
    ("news", |s| &mut s.news),
    ("kept in order", |s| &mut s.kept),
    ("quotes", |s| &mut s.quotes),
    ("drift", |s| &mut s.drift),
    ("swapped numbers", |s| &mut s.swapped),
    ("same substitution", |s| &mut s.substituted),
    ("other numbers", |s| &mut s.other_numbers),
    ("headline apart", |s| &mut s.headline),
    ("time apart", |s| &mut s.days),
    ("length", |s| &mut s.size),
    ("same source", |s| &mut s.same_source),
    ("one source, later", |s| &mut s.later),
    ("two outlets", |s| &mut s.outlets),
    ("credit", |s| &mut s.credit),
    ("one form", |s| &mut s.form),
    ("one keyword", |s| &mut s.keyword),
];

impl Signals {
    /// Every signal by its name, in the order of the fields.
    pub fn named(mut self) -> impl Iterator<Item = (&'static str, f32)> {
        FIELDS.map(|(name, field)| (name, *field(&mut self))).into_iter()
    }

    /// Gives the signal whose name `is` knows its value; nothing, if there is none.
    #[cfg(feature = "index")]
    pub(crate) fn set(&mut self, is: impl Fn(&str) -> bool, value: f32) {
        if let Some((_, field)) = FIELDS.iter().find(|(name, _)| is(name)) {
            *field(self) = value;
        }
    }
}
