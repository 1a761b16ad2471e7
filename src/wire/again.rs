//! From a first look at a text to what need not be looked for in it again.
//!
//! A scan reads most stories two or three times, and nearly all the work of taking furniture out goes into
//! finding that a line is none. The same text puts the same questions to the rules in the same order, and
//! whatever found nothing finds nothing again.

/// Which of the first 64 questions of a text found something, a bit each; all of them where nothing is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Hits(u64);

impl Default for Hits {
    fn default() -> Self {
        Self(u64::MAX)
    }
}

/// The questions of one text.
#[derive(Debug, Default)]
pub(super) struct Questions {
    before: Hits,
    now: u64,
    count: u32,
}

impl Questions {
    /// Those of a text of which this is known.
    pub(super) fn of(before: Hits) -> Self {
        Self { before, ..Self::default() }
    }

    /// What `search` finds, unless it is known to find nothing.
    pub(super) fn ask<T>(&mut self, search: impl FnOnce() -> Option<T>) -> Option<T> {
        let bit = self.next();
        let found = if self.is_idle(bit) { None } else { search() };
        self.now |= if found.is_some() { bit } else { 0 };
        found
    }

    /// The bit of the next question; 0 of those that are not counted.
    pub(super) fn next(&mut self) -> u64 {
        let bit = 1_u64.checked_shl(self.count).unwrap_or_default();
        self.count = self.count.saturating_add(1);
        bit
    }

    /// Whether a question is known to find nothing.
    pub(super) fn is_idle(&self, bit: u64) -> bool {
        bit != 0 && self.before.0 & bit == 0
    }

    /// Notes that a question found something.
    pub(super) fn note(&mut self, bit: u64) {
        self.now |= bit;
    }

    /// What is known now.
    pub(super) fn hits(&self) -> Hits {
        Hits(self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_found_nothing_is_not_looked_for_again() {
        let ask_all = |questions: &mut Questions| -> Vec<u32> {
            let mut searched = Vec::new();
            for question in 0..70 {
                questions.ask(|| {
                    searched.push(question);
                    (question % 10 == 3).then_some(())
                });
            }
            searched
        };
        let mut first = Questions::default();
        assert_eq!(ask_all(&mut first), (0..70).collect::<Vec<_>>());
        let mut second = Questions::of(first.hits());
        assert_eq!(ask_all(&mut second), [3, 13, 23, 33, 43, 53, 63, 64, 65, 66, 67, 68, 69]);
        assert_eq!(first.hits(), second.hits());
    }
}
