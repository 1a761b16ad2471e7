//! From signals to a row of numbers, as an index keeps them, and back.

use super::Signals;

/// The fields in their order.
const FIELDS: [fn(&mut Signals) -> &mut f32; 16] = [
    |s| &mut s.topic,
    |s| &mut s.news,
    |s| &mut s.kept,
    |s| &mut s.quotes,
    |s| &mut s.drift,
    |s| &mut s.swapped,
    |s| &mut s.substituted,
    |s| &mut s.other_numbers,
    |s| &mut s.headline,
    |s| &mut s.days,
    |s| &mut s.size,
    |s| &mut s.same_source,
    |s| &mut s.later,
    |s| &mut s.outlets,
    |s| &mut s.credit,
    |s| &mut s.form,
];

impl Signals {
    /// All values, in the order of the fields.
    pub fn values(mut self) -> [f32; FIELDS.len()] {
        FIELDS.map(|field| *field(&mut self))
    }

    /// The signals of so many values; `None` of any other number of them.
    pub fn of_values(values: &[f32]) -> Option<Self> {
        let mut signals = Self::default();
        FIELDS.iter().zip(values).for_each(|(field, &value)| *field(&mut signals) = value);
        (values.len() == FIELDS.len()).then_some(signals)
    }
}
