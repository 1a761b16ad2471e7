//! From a headline as sent to the headline, without its version markers and key words.

use std::borrow::Cow;
use std::ops::Range;

use super::ledger::Ledger;
use super::line::Line;
use super::rows::Rule;
use super::rules::SETS;
use super::scan;
use crate::story::{Furniture, FurnitureKind, Marker, Removed};

/// A marker at the end of a headline is not longer.
const LONGEST_FINISH: usize = 48;

/// Takes markers off both ends of `headline`; what is left is never empty unless nothing but
/// markers was there.
pub(super) fn strip(headline: &mut Cow<'_, str>, ledger: &mut Ledger) {
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
    if let Some(mark) = mark(&headline[start..end], ledger) {
        ledger.headline.push(mark);
        end = start;
    }
    ledger.headline.extend(finishing.into_iter().rev());
    if (start..end) != whole {
        let headline = headline.to_mut();
        headline.truncate(end);
        headline.drain(..start);
    }
}

/// What words that stand in brackets behind a headline, or under it, say of its version.
pub(super) fn marker(said: &str) -> Option<Marker> {
    let text = format!(" ({said})");
    let (rule, found) = SETS.finish.whole(&text[finish(&text)?])?;
    let mut ledger = Ledger::default();
    ledger.note(rule, &found, &text);
    let mut furniture = Furniture::default();
    ledger.settle(&mut furniture);
    furniture.marker
}

/// A mark of the wire that stands where a headline should, and says nothing of the story: `URGENT`, a
/// note to editors. Above a text it would be a line of its own.
fn mark(text: &str, ledger: &mut Ledger) -> Option<Removed> {
    let is_mark =
        |rule: &Rule| matches!(rule.kind, FurnitureKind::Marker | FurnitureKind::Note | FurnitureKind::Take);
    let whole = || SETS.head.whole(text).filter(|(rule, _)| is_mark(rule));
    let found = ledger.questions.ask(whole);
    found.map(|(rule, found)| ledger.note(rule, &found, text))
}

/// The length of the marker or of the key words that open `text`.
fn open(text: &str, ledger: &mut Ledger) -> Option<usize> {
    let line = Line::of(text);
    let (rule, found) = SETS.start.opens(&line).or_else(|| SETS.title.opens(&line))?;
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

#[cfg(test)]
mod tests {
    use super::super::strip;
    use crate::story::{MarkerKind, Story};

    fn read(headline: &str) -> (String, Option<MarkerKind>) {
        let mut story = Story { headline: headline.to_owned(), ..Story::new("x", "") };
        strip(&mut story);
        (story.headline, story.furniture.marker.map(|marker| marker.kind))
    }

    #[test]
    fn a_mark_in_the_place_of_a_headline_is_none() {
        for mark in
            ["URGENT", "BULLETIN", "Eds: SUBS 3rd graf to update toll.", "$adv05", "$Adv 20-22", "(MORE)"]
        {
            assert_eq!(read(mark).0, "", "{mark}");
        }
        assert_eq!(read("URGENT").1, Some(MarkerKind::Alert));
        for headline in
            ["Urgent talks on ferry", "More", "Dollar Up", "$5 million for ferry", "Page 2 of 3 burnt"]
        {
            assert_eq!(read(headline).0, headline);
        }
    }

    #[test]
    fn kills_are_known_by_their_headline_in_many_languages() {
        for (headline, rest) in [
            ("KILL: Mayor resigns over bridge", "Mayor resigns over bridge"),
            ("MANDATORY KILL: Mayor resigns", "Mayor resigns"),
            ("Mandatory Kill: Mayor resigns", "Mayor resigns"),
            ("WITHDRAWN: Mayor resigns", "Mayor resigns"),
            ("RETRACTED: Mayor resigns", "Mayor resigns"),
            ("[KILL] Mayor resigns", "Mayor resigns"),
            ("Mayor resigns (KILL)", "Mayor resigns"),
            ("Mayor resigns [WITHDRAWN]", "Mayor resigns"),
            ("АННУЛИРОВАНО: Мэр ушёл в отставку", "Мэр ушёл в отставку"),
            ("[АННУЛИРОВАНО] Мэр ушёл в отставку", "Мэр ушёл в отставку"),
            ("АДКЛІКАНА: Мэр сышоў", "Мэр сышоў"),
            ("ВІДКЛИКАНО: Мер пішов", "Мер пішов"),
            ("ZURÜCKGEZOGEN: Bürgermeister tritt ab", "Bürgermeister tritt ab"),
            ("ANNULÉ : le maire démissionne", "le maire démissionne"),
            ("ANULADA: Dimite el alcalde", "Dimite el alcalde"),
            ("ANNULLATO: Il sindaco si dimette", "Il sindaco si dimette"),
            ("ANULAÇÃO: Prefeito renuncia", "Prefeito renuncia"),
            ("ANULOWANO: Burmistrz odchodzi", "Burmistrz odchodzi"),
            ("İPTAL: Belediye başkanı istifa etti", "Belediye başkanı istifa etti"),
            ("سحب الخبر: استقالة العمدة", "استقالة العمدة"),
            ("【取り消し】市長が辞任", "市長が辞任"),
            ("撤稿：市长辞职", "市长辞职"),
        ] {
            assert_eq!(read(headline), (rest.to_owned(), Some(MarkerKind::Kill)), "{headline}");
        }
        // The end of a line, as dpa writes it.
        assert_eq!(read("Mayor resigns over bridge ="), ("Mayor resigns over bridge".to_owned(), None));
        assert_eq!(read("[CORRECTED] Mayor resigns").1, Some(MarkerKind::Correction));
        assert_eq!(read("CORRECTION: Mayor resigns").1, Some(MarkerKind::Correction));
        for ordinary in
            ["Kill the bill, say thousands", "Withdrawn troops reach base", "Storno-Welle bei Reisen"]
        {
            assert_eq!(read(ordinary).1, None, "{ordinary}");
        }
    }
}
