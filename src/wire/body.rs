//! From a body as sent to the running text: furniture at the top, at the end, and between.
//!
//! Each decision rests on one line and on how many lines of text stand above it (top) or below it
//! (end); lines that are cut do not count. That is why a second run finds nothing more.

use std::borrow::Cow;
use std::ops::Range;

use super::ledger::Ledger;
use super::line::Line;
use super::own::Own;
use super::rows::Rule;
use super::rules::{SETS, Set};
use super::{pattern::Found, points, provenance, scan};
use crate::story::{FurnitureKind, Removed};

/// Lines of text that are looked at from the top.
const TOP: usize = 4;

/// Lines of text that are looked at from the end.
const BOTTOM: usize = 8;

/// A cut at one edge can lay furniture bare at the other one only where they meet; text that
/// goes on after this many rounds was made to.
const ROUNDS: usize = 16;

/// A parenthesised end that is shorter may belong to the sentence before it.
const SHORT_GROUP: usize = 24;

/// Takes the furniture out of `body`; its own source counts as an agency.
pub(super) fn strip(body: &mut Cow<'_, str>, own: &Own, ledger: &mut Ledger) {
    let (mut cuts, is_marked) = between(body, ledger);
    if is_marked {
        ledger.inner.clear();
        take_marks(body, ledger);
        (cuts, _) = between(body, ledger);
    }
    apply(body, &cuts);
    let (mut known, mut is_open) = (usize::MAX, true);
    for _ in 0..ROUNDS {
        let (mut cuts, floor) = bottom(body, known, own, ledger);
        cuts.reverse();
        is_open |= apply(body, &cuts);
        // What the last look at the top left there opens with nothing.
        if !is_open && points::end(body, own).is_none() {
            break;
        }
        let (cuts, reach) = top(body, own, ledger);
        let below = body.trim_end().len().saturating_sub(reach);
        if !apply(body, &cuts) {
            break;
        }
        // What stood before a line is gone: it may be furniture by itself now.
        let (cuts, _) = between(&body[..body.len().saturating_sub(below)], ledger);
        is_open = apply(body, &cuts);
        if !is_open && reach <= floor {
            break;
        }
        known = body.len().saturating_sub(below);
    }
}

/// Takes out what C2PA hides in a text or a headline.
pub(super) fn take_marks(body: &mut Cow<'_, str>, ledger: &mut Ledger) {
    while let Some(mark) = provenance::find(body) {
        let body = body.to_mut();
        ledger.head.push(Removed { kind: FurnitureKind::Provenance, text: mark.says });
        body.replace_range(mark.range, "");
        body.truncate(body.trim_end().len());
        body.drain(..body.len() - body.trim_start().len());
    }
}

/// Removes `cuts`, which are ascending, and the blanks they leave at the ends of the body.
fn apply(body: &mut Cow<'_, str>, cuts: &[Range<usize>]) -> bool {
    let opens = cuts.first().is_some_and(|cut| body[..cut.start].trim_start().is_empty());
    match (&mut *body, cuts) {
        (_, []) => return false,
        (Cow::Owned(body), [one]) => body.replace_range(one.clone(), ""),
        _ => {
            let mut kept = String::with_capacity(body.len());
            let mut at = 0;
            for cut in cuts {
                kept.push_str(&body[at..cut.start.max(at)]);
                at = cut.end.max(at);
            }
            kept.push_str(&body[at..]);
            *body = Cow::Owned(kept);
        }
    }
    let body = body.to_mut();
    body.truncate(body.trim_end().len());
    if opens {
        let blank = body.len() - body.trim_start().len();
        body.drain(..blank);
    }
    true
}

/// A line of the body without the blanks at its ends.
fn line_at(body: &str, start: usize, end: usize) -> Range<usize> {
    let line = &body[start..end];
    let from = start + (line.len() - line.trim_start().len());
    from..from.max(start + line.trim_end().len())
}

/// Cuts at the top: markers, bylines, notes, slugs as whole lines; markers and datelines as
/// openings of a line. Also where the lowest line ends that was looked at.
fn top(body: &str, own: &Own, ledger: &mut Ledger) -> (Vec<Range<usize>>, usize) {
    let mut cuts = Vec::new();
    let mut kept = 0;
    let mut start = 0;
    while kept < TOP && start < body.len() {
        let stop = memchr::memchr(b'\n', &body.as_bytes()[start..]).map_or(body.len(), |i| start + i);
        if let Some(length) = if kept == 0 { points::end(&body[start..], own) } else { None } {
            let text = body[start..start + length].trim().to_owned();
            ledger.head.push(Removed { kind: FurnitureKind::Note, text });
            cuts.push(start..start + length);
            start += length;
            continue;
        }
        let line = line_at(body, start, stop);
        let rest = line.start + opening(&body[line.clone()], kept == 0, own, ledger);
        if rest == line.end && !line.is_empty() {
            cuts.push(start..body.len().min(stop + 1));
        } else if !line.is_empty() {
            if rest > line.start {
                cuts.push(line.start..rest);
            }
            kept += 1;
            if !reads_as_headline(&body[rest..line.end]) {
                return (cuts, stop);
            }
        }
        start = stop + 1;
    }
    (cuts, start)
}

/// How much of the start of `line` is furniture.
fn opening(line: &str, first: bool, own: &Own, ledger: &mut Ledger) -> usize {
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        let found = ledger.questions.ask(|| opening_rule(rest, first, own));
        let Some((rule, found)) = found else { break };
        let removed = ledger.note(rule, &found, rest);
        ledger.head.push(removed);
        at = line.len() - line[at + found.end..].trim_start().len();
    }
    at
}

/// The rule that takes the start of a line, and more of it than others.
fn opening_rule(line: &str, first: bool, own: &Own) -> Option<(&'static Rule, Found)> {
    let seen = Line::of(line);
    let found = SETS.head.takes(&seen).or_else(|| SETS.open.opens(&seen));
    let found = found.or_else(|| if first { SETS.start.opens(&seen) } else { None });
    // A rule without an agency would stop before the name.
    let own = own.opening(line, |line| SETS.open.prefix(line));
    let found = found.into_iter().chain(own).max_by_key(|(_, found)| found.end);
    found.filter(|(_, found)| found.end > 0)
}

/// A headline may stand above a dateline; a paragraph of text may not.
fn reads_as_headline(line: &str) -> bool {
    line.len() <= 300 && !line.ends_with(['.', '!', '?', '…', '。', '؟', '"', '”', '»', ':', ')'])
}

/// Cuts at the end, from the last line up, and where the highest line begins that was looked at. Of lines
/// from `known` on it is known that they stay.
fn bottom(body: &str, known: usize, own: &Own, ledger: &mut Ledger) -> (Vec<Range<usize>>, usize) {
    let noted = ledger.tail.len();
    let mut cuts = Vec::new();
    let mut kept = 0;
    let mut stop = body.trim_end().len();
    while stop > 0 {
        let start = memchr::memrchr(b'\n', &body.as_bytes()[..stop]).map_or(0, |i| i + 1);
        let line = line_at(body, start, stop);
        let text = &body[line.clone()];
        let (seen, stays) = (Line::of(text), start >= known);
        // Above the last paragraph only a whole line is furniture, not the end of one.
        let kept_to = match kept {
            _ if stays => text.len(),
            0 => closing(text, own, ledger),
            _ => whole_line(&seen, ledger),
        };
        let kept_text = &text[..kept_to];
        let rest = || {
            if stays {
                None
            } else if kept_to == text.len() {
                SETS.rest.takes(&seen)
            } else {
                SETS.rest.whole(kept_text)
            }
        };
        if let Some((rule, found)) = ledger.questions.ask(rest) {
            let removed = ledger.note(rule, &found, kept_text);
            let all = body[line.start..].trim_end().to_owned();
            ledger.tail.truncate(noted);
            ledger.tail.push(Removed { text: all, ..removed });
            cuts.clear();
            cuts.push(start.saturating_sub(1)..body.len());
            // The line above is the last one now.
            kept = 0;
        } else if kept_text.is_empty() && !line.is_empty() {
            // The line ends with a line end, or with a blank of more than one byte.
            cuts.push(start..stop + body[stop..].chars().next().map_or(0, char::len_utf8));
        } else if !line.is_empty() {
            if kept_to < text.len() {
                cuts.push(line.start + kept_to..line.end);
            }
            kept += 1;
        }
        if kept == BOTTOM || start == 0 {
            stop = start;
            break;
        }
        stop = start - 1;
    }
    (cuts, stop)
}

/// Nothing of a line that is furniture, all of one that is not.
fn whole_line(line: &Line, ledger: &mut Ledger) -> usize {
    let Some((rule, found)) = ledger.questions.ask(|| SETS.tail.takes(line)) else { return line.text.len() };
    let removed = ledger.note(rule, &found, line.text);
    ledger.tail.push(removed);
    0
}

/// Where the furniture at the end of the last paragraph begins; its length where there is none.
fn closing(paragraph: &str, own: &Own, ledger: &mut Ledger) -> usize {
    let mut end = paragraph.len();
    while end > 0 {
        let text = &paragraph[..end];
        let found = ledger.questions.ask(|| {
            let whole = SETS.tail.whole(text).map(|(rule, found)| (0, rule, found));
            let found = whole.or_else(|| grouped(text, &SETS.tail)).or_else(|| sentence(text));
            found.or_else(|| own_sign_off(text, own))
        });
        let Some((start, rule, found)) = found else { break };
        let removed = ledger.note(rule, &found, &text[start..]);
        ledger.tail.push(removed);
        end = text[..start].trim_end().len();
    }
    end
}

/// The name of the story's own source that ends `text` as that of an agency does.
fn own_sign_off(text: &str, own: &Own) -> Option<(usize, &'static Rule, Found)> {
    let whole = own.read(text, |text| SETS.tail.whole(text)).map(|(rule, found)| (0, rule, found));
    whole.or_else(|| {
        let start = group_start(text).filter(|start| ends_sentence(text[..*start].trim_end()))?;
        own.read(&text[start..], |text| SETS.tail.whole(text)).map(|(rule, found)| (start, rule, found))
    })
}

/// A parenthesised end of `text` that a rule takes as a whole, and where it begins.
fn grouped(text: &str, set: &Set) -> Option<(usize, &'static Rule, Found)> {
    let stop = text.strip_suffix('.').map_or(text.len(), |t| t.trim_end().len());
    let start = group_start(&text[..stop])?;
    let before = text[..start].trim_end();
    if !before.is_empty() && (stop - start < SHORT_GROUP || stop < text.len()) && !ends_sentence(before) {
        return None;
    }
    set.whole(&text[start..stop]).map(|(rule, found)| (start, rule, found))
}

/// Where the bracket opens that closes `text`.
fn group_start(text: &str) -> Option<usize> {
    if text.ends_with('）') {
        return text.rfind('（');
    }
    if !text.ends_with(')') {
        return None;
    }
    let floor = scan::floor(text, text.len().saturating_sub(1600));
    let mut depth = 0;
    for i in memchr::memrchr2_iter(b'(', b')', &text.as_bytes()[floor..]) {
        if text.as_bytes()[floor + i] == b')' {
            depth += 1;
            continue;
        }
        depth -= 1;
        if depth == 0 {
            return Some(floor + i);
        }
    }
    None
}

/// Takes last sentences off a text that invite to read on: of a teaser they hide that it is cut.
#[cfg(feature = "feeds")]
pub(super) fn drop_invitations(body: &mut String) {
    body.truncate(body.trim_end().len());
    while let Some((start, rule, _)) = sentence(body)
        && rule.kind == FurnitureKind::Promotion
    {
        body.truncate(body[..start].trim_end().len());
    }
}

/// A last sentence that is furniture, and where it begins.
fn sentence(text: &str) -> Option<(usize, &'static Rule, Found)> {
    /// Bytes for the end of the sentence before, and for letters that are longer as capitals.
    const BEFORE: usize = 16;
    let floor = scan::floor(text, text.len().saturating_sub(160));
    let reach = SETS.end.reach(&text[floor..]);
    let floor = scan::floor(text, text.len().saturating_sub(reach + BEFORE).max(floor));
    let bytes = &text.as_bytes()[floor..];
    let ends = bytes.iter().enumerate().filter(|(_, last)| LAST[usize::from(**last)]).map(|(at, _)| at + 1);
    for end in ends.filter(|&end| bytes.get(end).is_some_and(|next| !next.is_ascii_graphic())) {
        let Some((before, after)) = text.split_at_checked(floor + end) else { continue };
        let start = text.len() - after.trim_start().len();
        // A mark in brackets says that a text is cut, and ends it.
        let opens = start > floor + end && (ends_sentence(before) || before.ends_with(']'));
        if opens
            && SETS.end.begins(&text[start..])
            && let Some((rule, found)) = SETS.end.whole(&text[start..])
        {
            return Some((start, rule, found));
        }
    }
    None
}

/// What a sentence may end with.
const ENDS: [char; 13] = ['.', '!', '?', '…', '»', '"', '”', '。', '！', '？', '」', ')', '؟'];

/// The last bytes of what a sentence may end with.
const LAST: [bool; 256] = {
    let (mut last, mut i) = ([false; 256], 0);
    while i < ENDS.len() {
        let mut bytes = [0; 4];
        let length = ENDS[i].encode_utf8(&mut bytes).len();
        last[bytes[length - 1] as usize] = true;
        i += 1;
    }
    last[b']' as usize] = true;
    last
};

fn ends_sentence(text: &str) -> bool {
    text.ends_with(ENDS)
}

/// Cuts of lines and parenthesised line ends that are furniture wherever they stand, and whether a
/// line may hold a mark of C2PA.
fn between(body: &str, ledger: &mut Ledger) -> (Vec<Range<usize>>, bool) {
    let question = ledger.questions.next();
    if ledger.questions.is_idle(question) {
        return (Vec::new(), false);
    }
    let mut cuts = Vec::new();
    let mut is_marked = provenance::is_wrapped(body);
    let mut start = 0;
    while start < body.len() {
        let stop = memchr::memchr(b'\n', &body.as_bytes()[start..]).map_or(body.len(), |i| start + i);
        let line = line_at(body, start, stop);
        is_marked |= provenance::opens_armour(&body[line.clone()]);
        let rest = line_rest(&body[line.clone()], ledger);
        if rest == 0 && !line.is_empty() {
            cuts.push(start..body.len().min(stop + 1));
        } else if rest < line.len() {
            cuts.push(line.start + rest..line.end);
        }
        start = stop + 1;
    }
    if is_marked || !cuts.is_empty() {
        ledger.questions.note(question);
    }
    (cuts, is_marked)
}

/// Where the furniture at the end of `line` begins; its length where there is none.
fn line_rest(line: &str, ledger: &mut Ledger) -> usize {
    let mut end = line.len();
    let mut removed = Vec::new();
    while end > 0 {
        let text = &line[..end];
        let whole = SETS.line.whole(text).map(|(rule, found)| (0, rule, found));
        let Some((start, rule, found)) = whole.or_else(|| grouped(text, &SETS.line)) else { break };
        removed.push(ledger.note(rule, &found, &text[start..]));
        end = text[..start].trim_end().len();
    }
    ledger.inner.extend(removed.into_iter().rev());
    end
}
