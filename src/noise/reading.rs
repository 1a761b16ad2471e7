//! From two texts to the second one as the first reads: words that differ within the noise are one,
//! and what nobody can read where the other has something else is nothing.

use super::Misread;
use super::align::{Alignment, align};
use super::letters::Letters;
use super::odd::is_illegible;
use std::ops::Range;

/// A text, read by another.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The tokens of the second text, those that noise alone tells from words of the first as these
    /// are, without those that are illegible and stand for something in the first; a blank between two.
    pub text: String,
    /// The tokens of the first text without those that are illegible and stand for something else in the
    /// second, if there are any of these.
    pub first: Option<String>,
    /// What the two share.
    pub alignment: Alignment,
    /// Different words of the first that stand otherwise in the second, one of the two so that nobody would
    /// have written it.
    pub misread: usize,
    /// Tokens of the first and of the second, by number, of which one is the other within the noise.
    pub same: Vec<(u32, u32)>,
}

impl Read {
    /// Words that one must have as they should be where the other may be misread, or jargon.
    const LEAST_MISREAD: usize = 4;

    /// Whether one of two texts, taken for these, was misread.
    pub fn is_of_misread(&self, sides: [Option<Misread>; 2]) -> bool {
        let mut noisy = sides.into_iter().flatten().peekable();
        noisy.peek().is_some() && (self.misread >= Self::LEAST_MISREAD || noisy.any(|noise| noise.is_sure))
    }
}

/// Reads `b` by `a`. Cost: that of [`align`](super::align()), and one pass over both.
pub fn read(a: &Letters, b: &Letters) -> Read {
    let alignment = align(&a.folded, &b.folded);
    let words: Vec<(u32, Range<usize>)> = words_of(a, b, &alignment).collect();
    let mut is_found = vec![false; a.tokens()];
    words.iter().for_each(|&(token, _)| is_found[token as usize] = true);
    let first = legible(a, &alignment, b.folded.len(), &is_found);
    let text = as_read(a, b, &alignment, &words);
    let same = words.iter().filter_map(|(token, letters)| Some((*token, only_token(b, letters)?))).collect();
    let misread = words.iter().map(|(token, letters)| (a.word(*token), letters));
    let mut misread: Vec<&str> =
        misread.filter(|(word, letters)| is_misread_as(word, b, letters)).map(|(word, _)| word).collect();
    misread.sort_unstable();
    misread.dedup();
    Read { text, first, alignment, misread: misread.len(), same }
}

/// The text of `b` with those of its letters that are `words` of `a` as these are. `words` ascend.
fn as_read(a: &Letters, b: &Letters, alignment: &Alignment, words: &[(u32, Range<usize>)]) -> String {
    let sides = alignment.stretches.iter().map(|stretch| (stretch.a.clone(), stretch.b.clone()));
    let opposite = opposite(sides, (a.folded.len(), b.folded.len()));
    let mut text = String::with_capacity(b.folded.len() + b.tokens());
    let mut push = |word: &str| {
        text.extend((!text.is_empty()).then_some(' '));
        text.push_str(word);
    };
    let mut words = words;
    for token in 0..b.tokens() as u32 {
        let letters = b.of_token(token);
        let mut read = 0;
        for (word, span) in words.iter().take_while(|(_, span)| span.start < letters.end) {
            read += span.end.min(letters.end) - span.start.max(letters.start);
            if letters.contains(&span.start) {
                push(a.word(*word));
            }
        }
        let passed = words.iter().take_while(|(_, span)| span.end <= letters.end).count();
        words = &words[passed..];
        let (word, is_left) = (b.word(token), 2 * read < letters.len() || letters.is_empty());
        if is_left && !(is_in(&opposite, &letters) && is_illegible(word)) {
            push(word);
        }
    }
    text
}

/// The one token that letters are of, if they are most of it.
fn only_token(b: &Letters, letters: &Range<usize>) -> Option<u32> {
    let tokens = b.token.get(letters.clone())?;
    let (&first, &last) = (tokens.first()?, tokens.last()?);
    (first == last && 2 * letters.len() > b.of_token(first).len()).then_some(first)
}

/// The tokens of `a` without those that are illegible, not found in a second text of `b` letters, and stand
/// for something there; `None` where that are all of them.
fn legible(a: &Letters, alignment: &Alignment, b: usize, is_found: &[bool]) -> Option<String> {
    let mut sides: Vec<_> =
        alignment.stretches.iter().map(|stretch| (stretch.b.clone(), stretch.a.clone())).collect();
    sides.sort_unstable_by_key(|(_, in_a)| in_a.start);
    let opposite = opposite(sides, (b, a.folded.len()));
    let is_left = |&(token, is_found): &(u32, &bool)| {
        *is_found || !is_in(&opposite, &a.of_token(token)) || !is_illegible(a.word(token))
    };
    let left: Vec<&str> = (0..).zip(is_found).filter(is_left).map(|(token, _)| a.word(token)).collect();
    (left.len() < a.tokens()).then(|| left.join(" "))
}

/// Whether the letters of `b` that stand for a word are another one, and one of the two is illegible.
fn is_misread_as(word: &str, b: &Letters, letters: &Range<usize>) -> bool {
    let tokens = b.token.get(letters.clone()).unwrap_or_default();
    let mut there = tokens.chunk_by(|x, y| x == y).map(|of_one| b.word(of_one[0]));
    let is_word = there.clone().eq([word]);
    !is_word && (is_illegible(word) || there.any(is_illegible))
}

/// Where the letters of a text `b` stand for some of `a`: in a stretch, and before, between and behind
/// stretches where both texts have about as many letters. `sides` are the stretches of both, and the
/// result, in the order of `b`.
fn opposite(
    sides: impl IntoIterator<Item = (Range<usize>, Range<usize>)>,
    (a, b): (usize, usize),
) -> Vec<Range<usize>> {
    /// Letters that the one may have more than the other.
    const MORE: usize = 12;
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut add = |range: Range<usize>| match found.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => found.push(range),
    };
    let (mut end_a, mut end_b) = (0, 0);
    for (in_a, in_b) in sides.into_iter().chain([(a..a, b..b)]) {
        if in_a.start.checked_sub(end_a).is_some_and(|gap| gap.abs_diff(in_b.start - end_b) <= MORE) {
            add(end_b..in_b.start);
        }
        (end_a, end_b) = (in_a.end, in_b.end);
        add(in_b);
    }
    found
}

/// Whether all of `letters` are in one of the ranges, which ascend.
fn is_in(ranges: &[Range<usize>], letters: &Range<usize>) -> bool {
    let before = ranges.partition_point(|range| range.start <= letters.start);
    before > 0 && letters.end <= ranges[before - 1].end
}

/// The words of `a` that stand in the other text within the noise, each with the letters there.
fn words_of<'a>(
    a: &'a Letters,
    b: &'a Letters,
    alignment: &'a Alignment,
) -> impl Iterator<Item = (u32, Range<usize>)> + 'a {
    alignment.stretches.iter().flat_map(move |stretch| {
        let mut found = Vec::new();
        let mut runs = &stretch.runs[..];
        let wrong = stretch.wrong();
        let (first, last) = (a.token[stretch.a.start], a.token[stretch.a.end - 1]);
        for token in first..=last {
            let (word, Range { start, end }) = (a.word(token), a.of_token(token));
            while runs.first().is_some_and(|run| run.0 + run.2 <= start) {
                runs = &runs[1..];
            }
            let (mut matched, mut from, mut to) = (0, None, 0);
            for &(x, y, len) in runs.iter().take_while(|run| run.0 < end) {
                let (left, right) = (start.max(x), end.min(x + len));
                matched += right - left;
                from.get_or_insert(y + left - x);
                to = y + right - x;
            }
            let Some(from) = from else { continue };
            let span = from..to;
            let is_read = if word.bytes().any(|byte| byte.is_ascii_digit()) {
                is_number(end - start, matched, span.len(), is_misread(b, &span))
            } else {
                is_within(end - start, matched, span.len(), wrong)
            };
            found.extend(is_read.then_some((token, span)));
        }
        found
    })
}

/// Whether letters stand in a word that holds a digit.
fn is_misread(b: &Letters, span: &Range<usize>) -> bool {
    let tokens = b.token.get(span.clone()).unwrap_or_default();
    tokens.iter().any(|&token| b.word(token).contains(char::is_alphabetic))
}

/// Whether a number of so many digits, so many of which stand in a span of so many, is there: to the last
/// digit, but that one may be lost or added, or be a letter.
fn is_number(digits: usize, matched: usize, span: usize, misread: bool) -> bool {
    let lost = matched + 1 == digits && span + 1 == digits || matched == digits && span == digits + 1;
    let changed = matched + 1 == digits && span.abs_diff(digits) <= 1 && misread;
    matched == digits && span == digits || digits > 3 && lost || digits > 2 && changed
}

/// Whether a word of so many letters, so many of which stand in a span of so many, is there within the
/// noise: the more letters are `wrong` around it, the fewer need be right in it.
fn is_within(letters: usize, matched: usize, span: usize, wrong: f32) -> bool {
    let least = (0.75 - 1.5 * wrong).clamp(0.35, 0.6);
    let right = if letters <= 3 { matched + 1 >= letters } else { matched as f32 >= least * letters as f32 };
    matched > 0 && right && 2 * span <= 3 * letters + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = "The council of the harbour town met on Tuesday evening to hear what the new lighthouse \
        would cost: 1840 crowns, paid over 25 years.";

    fn read_as(text: &str) -> String {
        read(&Letters::of(CLEAN), &Letters::of(text)).text
    }

    #[test]
    fn words_within_the_noise_are_read() {
        assert_eq!(
            read_as(
                "Tbe ccuncil ofthe har bour towu mct on Tnesdaj eveuing to liear wbat thc new light-\nhousc wou1d cost: \
                 l84O crovvns, paid ovor 2S years."
            ),
            "the council of the harbour town met on tuesday evening to hear what the new lighthouse would cost 1840 \
             crowns paid over 25 years"
        );
    }

    #[test]
    fn what_was_changed_stays_changed() {
        let read = read_as(
            "The council of the harbour town met on Thursday morning to hear what the new lighthouse would cost: 1960 \
             crowns, paid over 24 years.",
        );
        assert!(read.contains("morning") && read.contains("1960") && read.contains("24"), "{read}");
    }

    #[test]
    fn what_nobody_can_read_stands_for_what_the_first_has_there() {
        let heard = "Tho council of the harbour town met on Tuesday evening to hear xzqvw tho new lighthouse would cost";
        assert_eq!(
            read_as(&format!("{heard}: 1840 ktrrnwz, paid over 25 years.")),
            "the council of the harbour town met on tuesday evening to hear the new lighthouse would cost 1840 paid \
             over 25 years"
        );
        let more = "xzqvw ktrrnwz bqzx vvkt hjzzq fwzx";
        assert!(read_as(&format!("{heard} {more} 1840 crowns, paid over 25 years.")).contains(more));
    }

    #[test]
    fn what_nobody_can_read_in_the_first_stands_for_what_the_second_has_there() {
        let first = |text: &str| read(&Letters::of(text), &Letters::of(CLEAN)).first;
        let heard =
            "The council of the harbour town met on xzqvw evening to hear what the new lighthouse would";
        assert_eq!(
            first(&format!("{heard} cost: 1840 ktrrnwz, paid over 25 years.")).unwrap(),
            "the council of the harbour town met on evening to hear what the new lighthouse would cost 1840 paid \
             over 25 years"
        );
        assert_eq!(first(CLEAN), None);
    }

    #[test]
    fn nothing_is_read_by_nothing() {
        assert_eq!(read_as("Herring is cheap."), "herring is cheap");
        assert_eq!(read_as(""), "");
    }
}
