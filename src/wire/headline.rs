//! From a headline as sent to the headline, without its version markers and key words.

use std::ops::Range;

use super::ledger::Ledger;
use super::rules::SETS;
use super::scan;
use crate::story::Removed;

/// A marker at the end of a headline is not longer.
const LONGEST_FINISH: usize = 48;

/// Takes markers off both ends of `headline`; what is left is never empty unless nothing but
/// markers was there.
pub(super) fn strip(headline: &mut String, ledger: &mut Ledger) {
    let mut start = headline.len() - headline.trim_start().len();
    let mut end = headline.trim_end().len();
    if start >= end {
        return;
    }
    let whole = start..end;
    while let Some(stretch) = open(&headline[start..end], ledger) {
        start += stretch;
    }
    let mut finishing = Vec::new();
    while let Some(range) = finish(&headline[start..end]) {
        let text = &headline[start..end];
        let Some((rule, found)) = SETS.finish.whole(&text[range.clone()]) else { break };
        finishing.push(ledger.note(rule, &found, &text[range.clone()]));
        end = start + text[..range.start].trim_end().len();
    }
    ledger.headline.extend(finishing.into_iter().rev());
    if (start..end) != whole {
        headline.truncate(end);
        headline.drain(..start);
    }
}

/// The length of the marker or of the key words that open `text`.
fn open(text: &str, ledger: &mut Ledger) -> Option<usize> {
    let (rule, found) = SETS.start.prefix(text).or_else(|| SETS.title.prefix(text))?;
    let removed: Removed = ledger.note(rule, &found, text);
    ledger.headline.push(removed);
    let rest = text[found.end..].trim_start();
    Some(text.len() - rest.len())
}

/// The marker that ends `text`, as far forward as one can begin.
fn finish(text: &str) -> Option<Range<usize>> {
    let window = scan::floor(text, text.len().saturating_sub(LONGEST_FINISH));
    // A marker at the end opens with a blank or a mark: a test holds the rules to it.
    let marks = text[window..].char_indices().filter(|(_, c)| !c.is_alphanumeric());
    marks
        .map(|(i, _)| window + i)
        .filter(|&i| SETS.finish.begins(&text[i..]))
        .find(|&i| SETS.finish.whole(&text[i..]).is_some())
        .map(|i| i..text.len())
}
