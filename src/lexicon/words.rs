//! From a text to its words and numbers with their places, in any script.

use super::fold::is_unspaced;
use std::ops::Range;

/// What a text is made of, as far as it can be carried into another language.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Item {
    /// A run of letters; whether it may be a name: capitalised, and not because a sentence opens.
    Word { is_name: bool },
    /// A run of characters that are not set apart by spaces.
    Unspaced,
    /// Digits, with the marks that group them.
    Number,
}

/// Calls `each` for every item of `text` in order. Cost: one pass.
pub(super) fn each(text: &str, mut each: impl FnMut(Item, Range<usize>)) {
    let mut opens = true;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (item, len) = if is_unspaced(c) {
            (Item::Unspaced, run(rest, |c, _| is_unspaced(c)))
        } else if c.is_alphabetic() {
            let len = plain_run(rest, |byte| byte.is_ascii_alphabetic(), b"'").unwrap_or_else(|| {
                run(rest, |c, next| {
                    c.is_alphabetic() && !is_unspaced(c) || is_mark(c) || matches!(c, '\'' | '’') && next
                })
            });
            (Item::Word { is_name: c.is_uppercase() && !opens }, len)
        } else if is_digit(c) {
            let len = plain_run(rest, |byte| byte.is_ascii_digit(), b",.")
                .unwrap_or_else(|| run(rest, |c, next| is_digit(c) || matches!(c, ',' | '.') && next));
            (Item::Number, len)
        } else {
            opens |= matches!(c, '.' | '!' | '?' | ':' | '…' | '\n' | '«' | '“' | '„' | '"');
            at += c.len_utf8();
            continue;
        };
        each(item, at..at + len);
        opens = false;
        at += len;
    }
}

/// ASCII digits and their wide twins.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

/// Marks that stand by themselves after their letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}')
}

/// Bytes of the longest opening that is `inside`; `None` where what follows is not plain, or one of
/// `open`, after which it may go on.
fn plain_run(text: &str, inside: impl Fn(u8) -> bool, open: &[u8]) -> Option<usize> {
    let len = text.bytes().take_while(|&byte| inside(byte)).count();
    let next = text.as_bytes().get(len);
    next.is_none_or(|byte| byte.is_ascii() && !open.contains(byte)).then_some(len)
}

/// Bytes of the longest opening whose characters all are `inside`, which is also told whether a
/// letter or digit follows.
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

    #[test]
    fn words_names_and_numbers_are_told_apart() {
        let mut found = Vec::new();
        let text = "Talks in Minsk: 1,084 km. 北京で2月24日";
        each(text, |item, range| found.push((item, &text[range])));
        let word = |is_name| Item::Word { is_name };
        assert_eq!(
            found,
            [
                (word(false), "Talks"),
                (word(false), "in"),
                (word(true), "Minsk"),
                (Item::Number, "1,084"),
                (word(false), "km"),
                (Item::Unspaced, "北京で"),
                (Item::Number, "2"),
                (Item::Unspaced, "月"),
                (Item::Number, "24"),
                (Item::Unspaced, "日"),
            ]
        );
    }
}
