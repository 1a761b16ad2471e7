//! From two texts to the second one as the first reads: words that differ within the noise are one,
//! and what nobody can read where the other has something else is nothing.

use super::Misread;
use super::align::{Alignment, align};
use super::letters::Letters;
use super::odd::is_illegible;
use std::ops::Range;

/// A text, read by another: what is asked for is worked out then, since most pairs are settled by a part.
#[derive(Debug)]
pub struct Read<'a> {
    a: &'a Letters,
    b: &'a Letters,
    alignment: Alignment,
    /// The words of the first text that stand in the second within the noise, ascending, each with the
    /// letters there.
    words: Vec<(u32, Range<usize>)>,
}

/// Reads `b` by `a`. Cost: that of [`align`](super::align()), and one pass over what is shared.
pub fn read<'a>(a: &'a Letters, b: &'a Letters) -> Read<'a> {
    Read::aligned((a, b), align(a, b))
}

impl<'a> Read<'a> {
    /// Words that one must have as they should be where the other may be misread, or jargon.
    const LEAST_MISREAD: usize = 4;
    /// Share of wrong letters from which noise is heavy.
    const HEAVY: f32 = 0.12;

    /// Reads the second of two texts by the first, which are aligned already. Cost: one pass over what is
    /// shared.
    pub fn aligned((a, b): (&'a Letters, &'a Letters), alignment: Alignment) -> Self {
        let words = words_of(a, b, &alignment);
        Self { a, b, alignment, words }
    }

    /// What the two share.
    pub fn alignment(&self) -> &Alignment {
        &self.alignment
    }

    /// Whether one of two texts, taken for these, was misread: where neither is sure, the one must have some
    /// different words that stand otherwise in the other, one of the two so that nobody would have written it.
    pub fn is_of_misread(&self, sides: [Option<Misread>; 2]) -> bool {
        let mut noisy = sides.into_iter().flatten().peekable();
        noisy.peek().is_some() && (noisy.any(|noise| noise.is_sure) || self.has_misread())
    }

    fn has_misread(&self) -> bool {
        let mut misread = Vec::with_capacity(Self::LEAST_MISREAD);
        for (token, letters) in &self.words {
            let word = self.a.word(*token);
            if !misread.contains(&word) && is_misread_as(word, self.b, letters) {
                misread.push(word);
                if misread.len() == Self::LEAST_MISREAD {
                    return true;
                }
            }
        }
        false
    }

    /// The tokens of the second text, those that noise alone tells from words of the first as these are,
    /// without those that stand for something in the first and are illegible; in heavy noise without all others
    /// that do, but numbers.
    pub fn tokens(&self) -> Vec<Token> {
        let (a, b) = (self.a, self.b);
        let sides = self.alignment.stretches.iter().map(|stretch| (stretch.a.clone(), stretch.b.clone()));
        let opposite = opposite(sides, (a.folded().len(), b.folded().len()));
        let mut tokens = Vec::with_capacity(b.tokens() + b.tokens() / 8);
        // Much noise makes words of words, but no numbers that nobody looks twice at.
        let is_heavy = self.alignment.wrong() >= Self::HEAVY;
        let is_nothing =
            |word: &str| is_illegible(word) || is_heavy && !word.bytes().any(|b| b.is_ascii_digit());
        self.each(|token, letters| match token {
            Token::OfSecond(own) if is_in(&opposite, letters) && is_nothing(b.word(own)) => {}
            token => tokens.push(token),
        });
        tokens
    }

    /// Calls `each` with every token of the second text, those that noise alone tells from words of the first
    /// as these are, and with the letters of the second that it stands for: of a word that is run together with
    /// others, or broken, some of a token, or of two.
    pub fn each(&self, mut each: impl FnMut(Token, &Range<usize>)) {
        let mut words = &self.words[..];
        for token in 0..self.b.tokens() as u32 {
            let letters = self.b.of_token(token);
            let mut read = 0;
            while let [(word, span), rest @ ..] = words
                && span.start < letters.end
            {
                read += span.end.min(letters.end) - span.start.max(letters.start);
                if letters.start <= span.start {
                    each(Token::OfFirst(*word), span);
                }
                // The last word may go on in the next token; no letter is in two.
                if letters.end < span.end {
                    break;
                }
                words = rest;
            }
            if 2 * read < letters.len() || letters.is_empty() {
                each(Token::OfSecond(token), &letters);
            }
        }
    }

    /// The tokens of the first text, by number, without those that are illegible and stand for something
    /// else in the second, if there are any of these.
    pub fn first(&self) -> Option<Vec<u32>> {
        let (a, b) = (self.a, self.b);
        let mut sides: Vec<_> =
            self.alignment.stretches.iter().map(|of| (of.b.clone(), of.a.clone())).collect();
        sides.sort_unstable_by_key(|(_, in_a)| in_a.start);
        let opposite = opposite(sides, (b.folded().len(), a.folded().len()));
        let mut is_found = vec![false; a.tokens()];
        self.words.iter().for_each(|&(token, _)| is_found[token as usize] = true);
        let is_left = |&token: &u32| {
            is_found[token as usize] || !is_in(&opposite, &a.of_token(token)) || !is_illegible(a.word(token))
        };
        let left: Vec<u32> = (0..a.tokens() as u32).filter(is_left).collect();
        (left.len() < a.tokens()).then_some(left)
    }
}

/// A token of one of two texts, by number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Token {
    /// Of the first text.
    OfFirst(u32),
    /// Of the second.
    OfSecond(u32),
}

/// Whether the letters of `b` that stand for a word are another one, and one of the two is illegible.
fn is_misread_as(word: &str, b: &Letters, letters: &Range<usize>) -> bool {
    let mut there = b.tokens_of(letters).map(|token| b.word(token));
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
    /// Letters that the one may have more than the other, and one in so many of those between, since the
    /// more there are, the more are lost.
    const MORE: usize = 12;
    const OF_THOSE: usize = 8;
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut add = |range: Range<usize>| match found.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => found.push(range),
    };
    let (mut end_a, mut end_b) = (0, 0);
    for (in_a, in_b) in sides.into_iter().chain([(a..a, b..b)]) {
        let gap = in_b.start - end_b;
        if in_a.start.checked_sub(end_a).is_some_and(|other| other.abs_diff(gap) <= MORE + gap / OF_THOSE) {
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
fn words_of(a: &Letters, b: &Letters, alignment: &Alignment) -> Vec<(u32, Range<usize>)> {
    let mut found = Vec::with_capacity(a.tokens().min(b.tokens()));
    for stretch in &alignment.stretches {
        let mut runs = &stretch.runs[..];
        let wrong = stretch.wrong();
        for token in a.tokens_of(&stretch.a) {
            let Range { start, end } = a.of_token(token);
            while runs.first().is_some_and(|run| run.0 + run.2 <= start) {
                runs = &runs[1..];
            }
            let Some(&(x, y, len)) = runs.first() else { break };
            // Most words are there to the letter.
            if x <= start && end <= x + len {
                found.push((token, y + start - x..y + end - x));
                continue;
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
            if is_read(a.word(token), (end - start, matched), (b, &span), wrong) {
                found.push((token, span));
            }
        }
    }
    found
}

/// Whether a word of so many letters, so many of which stand in a span of the other text, is there where so
/// many letters are wrong.
fn is_read(
    word: &str,
    (letters, matched): (usize, usize),
    (b, span): (&Letters, &Range<usize>),
    wrong: f32,
) -> bool {
    if word.bytes().any(|byte| byte.is_ascii_digit()) {
        is_number(letters, matched, span.len(), is_misread(b, span))
    } else {
        is_within(letters, matched, span.len(), wrong)
    }
}

/// Whether letters stand in a word that holds a digit.
fn is_misread(b: &Letters, span: &Range<usize>) -> bool {
    b.tokens_of(span).any(|token| b.word(token).contains(char::is_alphabetic))
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
        let (a, b) = (Letters::of(CLEAN), Letters::of(text));
        let word = |token: &Token| match *token {
            Token::OfFirst(token) => a.word(token),
            Token::OfSecond(token) => b.word(token),
        };
        read(&a, &b).tokens().iter().map(word).collect::<Vec<_>>().join(" ")
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
    fn in_heavy_noise_a_word_that_stands_for_another_was_misread() {
        let (before, after) = CLEAN.split_once("lighthouse").unwrap();
        let read = |every: usize| {
            let misread = |text: &str| {
                let letter =
                    |(place, c): (usize, char)| if c.is_lowercase() && place % every == 0 { 'x' } else { c };
                text.chars().enumerate().map(letter).collect::<String>()
            };
            read_as(&format!("{}mansion{}", misread(before), misread(&after.replace("25", "37"))))
        };
        assert!(read(1_000).contains("mansion"), "{}", read(1_000));
        assert!(
            !read(5).contains("mansion") && read(5).contains("37") && read(5).contains("harbour"),
            "{}",
            read(5)
        );
    }

    #[test]
    fn what_nobody_can_read_in_the_first_stands_for_what_the_second_has_there() {
        let first = |text: &str| {
            let letters = Letters::of(text);
            let left = read(&letters, &Letters::of(CLEAN)).first()?;
            Some(left.iter().map(|&token| letters.word(token)).collect::<Vec<_>>().join(" "))
        };
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
    fn four_different_words_tell_misread_print_from_jargon() {
        let words =
            [("Tuesday", "tucsdav"), ("evening", "evcniug"), ("harbour", "harbqur"), ("crowns", "crxwns")];
        let doubt = Some(Misread { share: 0.1, is_sure: false });
        let is_misread = |words: &[(&str, &str)], times: usize| {
            let text = words.iter().fold(CLEAN.to_owned(), |text, (word, read)| text.replacen(word, read, 1));
            let (clean, text) = (CLEAN.repeat(times), text.repeat(times));
            read(&Letters::of(&clean), &Letters::of(&text)).is_of_misread([None, doubt])
        };
        assert_eq!([is_misread(&words[..3], 1), is_misread(&words, 1)], [false, true]);
        assert!(!is_misread(&words[..3], 2), "one word twice is one");
    }

    #[test]
    fn nothing_is_read_by_nothing() {
        assert_eq!(read_as("Herring is cheap."), "herring is cheap");
        assert_eq!(read_as(""), "");
    }
}
