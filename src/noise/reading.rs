//! From two texts to the second one as the first reads: words that differ within the noise are one,
//! and what nobody can read where the other has something else is nothing.

use super::Misread;
use super::align::{Alignment, align};
use super::letters::Letters;
use super::measure::is_illegible;
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
    // What stands for each letter of `b`: a token of `a` where it starts, or nothing.
    let mut stands: Vec<Option<u32>> = vec![None; b.folded.len()];
    let mut gone = vec![false; b.folded.len()];
    let (mut misread, mut same, mut is_found) = (Vec::new(), Vec::new(), vec![false; a.tokens.len()]);
    for (token, letters) in words_of(a, b, &alignment) {
        let word = &a.tokens[token as usize].0;
        misread.extend(is_misread_as(word, b, &letters).then_some(word));
        same.extend(only_token(b, &letters).map(|there| (token, there)));
        stands[letters.start] = Some(token);
        is_found[token as usize] = true;
        gone[letters].fill(true);
    }
    let first = legible(a, &alignment, b.folded.len(), &is_found);
    let sides = alignment.stretches.iter().map(|stretch| (stretch.a.clone(), stretch.b.clone()));
    let opposite = opposite(sides, (a.folded.len(), b.folded.len()));
    let mut text = String::with_capacity(b.folded.len() + b.tokens.len());
    let mut push = |word: &str| {
        text.extend((!text.is_empty()).then_some(' '));
        text.push_str(word);
    };
    for (word, letters) in &b.tokens {
        let letters = letters.start as usize..letters.end as usize;
        let (read, len) = (gone[letters.clone()].iter().filter(|&&gone| gone).count(), letters.len());
        stands[letters.clone()].iter().flatten().for_each(|&token| push(&a.tokens[token as usize].0));
        let is_left = 2 * read < len || len == 0;
        if is_left && !(is_in(&opposite, &letters) && is_illegible(word)) {
            push(word);
        }
    }
    misread.sort_unstable();
    misread.dedup();
    Read { text, first, alignment, misread: misread.len(), same }
}

/// The one token that letters are of, if they are most of it.
fn only_token(b: &Letters, letters: &Range<usize>) -> Option<u32> {
    let tokens = b.token.get(letters.clone())?;
    let (&first, &last) = (tokens.first()?, tokens.last()?);
    (first == last && 2 * letters.len() > b.tokens[first as usize].1.len()).then_some(first)
}

/// The tokens of `a` without those that are illegible, not found in a second text of `b` letters, and stand
/// for something there; `None` where that are all of them.
fn legible(a: &Letters, alignment: &Alignment, b: usize, is_found: &[bool]) -> Option<String> {
    let mut sides: Vec<_> =
        alignment.stretches.iter().map(|stretch| (stretch.b.clone(), stretch.a.clone())).collect();
    sides.sort_unstable_by_key(|(_, in_a)| in_a.start);
    let opposite = opposite(sides, (b, a.folded.len()));
    let is_left = |((word, letters), is_found): &(&(Box<str>, Range<u32>), &bool)| {
        let letters = letters.start as usize..letters.end as usize;
        **is_found || !is_in(&opposite, &letters) || !is_illegible(word)
    };
    let left = a.tokens.iter().zip(is_found).filter(is_left);
    let left: Vec<&str> = left.map(|((word, _), _)| &**word).collect();
    (left.len() < a.tokens.len()).then(|| left.join(" "))
}

/// Whether the letters of `b` that stand for a word are another one, and one of the two is illegible.
fn is_misread_as(word: &str, b: &Letters, letters: &Range<usize>) -> bool {
    let tokens = b.token.get(letters.clone()).unwrap_or_default().chunk_by(|x, y| x == y);
    let mut there = tokens.map(|of_one| &*b.tokens[of_one[0] as usize].0);
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
        let mut free = stretch.b.start;
        let wrong = stretch.wrong();
        let (first, last) = (a.token[stretch.a.start], a.token[stretch.a.end - 1]);
        for token in first..=last {
            let (word, letters) = &a.tokens[token as usize];
            let (start, end) = (letters.start as usize, letters.end as usize);
            while runs.first().is_some_and(|run| run.0 + run.2 <= start) {
                runs = &runs[1..];
            }
            let (mut matched, mut from, mut to) = (0, None, free);
            for &(x, y, len) in runs.iter().take_while(|run| run.0 < end) {
                let (left, right) = (start.max(x), end.min(x + len));
                matched += right - left;
                from.get_or_insert(y + left - x);
                to = y + right - x;
            }
            let Some(from) = from else { continue };
            // Wrong letters at either end are its own, as many as it lacks.
            let span = from.max(free)..to.max(from.max(free));
            let is_read = if word.bytes().any(|byte| byte.is_ascii_digit()) {
                is_number(end - start, matched, span.len(), is_misread(b, &span))
            } else {
                is_within(end - start, matched, span.len(), wrong)
            };
            if is_read {
                free = span.end;
                found.push((token, span));
            }
        }
        found
    })
}

/// Whether letters stand in a word that holds a digit.
fn is_misread(b: &Letters, span: &Range<usize>) -> bool {
    let tokens = b.token.get(span.clone()).unwrap_or_default();
    tokens.iter().any(|&token| b.tokens[token as usize].0.contains(char::is_alphabetic))
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
