//! From a text to where the slots that open rules can end in it: rules of one lead share the search.

use super::pattern::{Part, Slot};

/// What decides where the slot that opens a pattern ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lead {
    pub(super) slot: Slot,
    pub(super) next: Option<Part>,
    pub(super) closes: bool,
    pub(super) fold: bool,
}

/// The number of `lead` among `leads`, which gets it where it is not there; of none a number that is
/// nobody's.
pub(super) fn number(leads: &mut Vec<Lead>, lead: Option<Lead>) -> usize {
    let Some(lead) = lead else { return usize::MAX };
    leads.iter().position(|known| *known == lead).unwrap_or_else(|| {
        leads.push(lead);
        leads.len() - 1
    })
}

/// Where the opening slots of patterns end in one text.
#[derive(Debug, Default)]
pub(super) struct Ends {
    known: [bool; Ends::MOST],
    found: [Option<usize>; Ends::MOST],
}

impl Ends {
    /// Leads that share.
    const MOST: usize = 32;

    /// The end for the lead of this number; `search` says it where it is not known.
    pub(super) fn end(&mut self, lead: usize, search: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let Some(known) = self.known.get_mut(lead) else { return search() };
        if !std::mem::replace(known, true) {
            self.found[lead] = search();
        }
        self.found[lead]
    }
}

#[cfg(test)]
mod tests {
    use super::super::agencies;
    use super::super::rows::{ROWS, Row};
    use super::*;

    /// [`super::super::names::reach_of_place`] rests on it.
    #[test]
    fn a_place_that_opens_a_rule_ends_with_a_word() {
        for rule in ROWS.iter().flat_map(Row::rules) {
            let Some(lead) = rule.pattern.lead().filter(|lead| lead.slot == Slot::Place) else { continue };
            if let Some(Part::Text(next)) = &lead.next {
                let goes_on = next.starts_with(|c: char| c.is_alphanumeric() && !agencies::is_han(c));
                assert!(!goes_on, "{rule:?}");
            }
        }
    }
}
