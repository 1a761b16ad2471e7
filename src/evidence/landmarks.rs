//! From a text to its landmarks: what of a report survives translation.
//!
//! Names are brought to one form over scripts and spellings by their [sound](crate::lexicon::sound),
//! numbers are their digits, without the marks that group them.

use crate::lexicon::sound::{SHORTEST, skeleton};

/// The kinds of landmarks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Landmark {
    /// Digits, with the marks that group them.
    Number,
    /// A capitalised word inside a sentence.
    Name,
}

/// Calls `each` for every number and name of `text`, as printed.
pub(super) fn each(text: &str, mut each: impl FnMut(Landmark, &str)) {
    let mut sentence_opens = true;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = if c.is_alphabetic() {
            run(rest, |c, next| c.is_alphabetic() || matches!(c, '\'' | '’') && next)
        } else if c.is_ascii_digit() {
            run(rest, |c, next| c.is_ascii_digit() || matches!(c, ',' | '.') && next)
        } else {
            sentence_opens |= matches!(c, '.' | '!' | '?' | ':' | '…' | '\n' | '«' | '“' | '„' | '"');
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let word = &rest[..len];
        if c.is_ascii_digit() {
            each(Landmark::Number, word);
        } else if c.is_uppercase() && !sentence_opens {
            each(Landmark::Name, word);
        }
        sentence_opens = false;
        rest = &rest[len..];
    }
}

/// A number without the marks that group it.
pub(super) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// A name in the form that its spellings share; in lower case where that would say too little.
pub(super) fn folded(name: &str) -> String {
    let skeleton = skeleton(name);
    if skeleton.len() >= SHORTEST { skeleton } else { name.to_lowercase() }
}

/// Bytes of the longest opening whose characters all are `inside`, which is also told whether a
/// character of the kind that opened the run follows.
fn run(text: &str, inside: impl Fn(char, bool) -> bool) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().is_some_and(|&(_, next)| next.is_alphanumeric());
        if !inside(c, next) {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        each(text, |kind, printed| {
            found.push(if kind == Landmark::Number { digits(printed) } else { folded(printed) });
        });
        found.sort();
        found
    }

    #[test]
    fn a_text_and_its_translation_share_their_landmarks() {
        let a = of("The border is 1,084km long, Viktor Khrenin said in Minsk on 24 February.");
        let b = of("Граница – 1084 км, доложил в Минске Виктор Хренин 24 февраля.");
        assert_eq!(b.iter().filter(|mark| a.contains(mark)).count(), 5, "{a:?} {b:?}");
    }

    #[test]
    fn words_that_open_a_sentence_are_no_names() {
        assert_eq!(of("Talks failed. Troops moved. «Nobody came», 7 said."), ["7"]);
    }
}
