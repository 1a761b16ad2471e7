//! From a text as it came and a folded needle to whether it holds it, where that is seen without
//! folding the text: where all its letters are ASCII.

use memchr::memchr2_iter;

/// A text of which every letter is ASCII.
pub(super) struct Unfolded<'a>(&'a [u8]);

impl<'a> Unfolded<'a> {
    /// `None` where another letter, or a sign that may be part of one, is in it.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        (text.is_ascii() || text.chars().all(|c| c.is_ascii() || is_mark(c))).then_some(Self(text.as_bytes()))
    }

    /// Whether the text, folded, would hold `needle`; `None` where that is not told here.
    pub(super) fn holds(&self, needle: &str) -> Option<bool> {
        if !needle.is_ascii() {
            return Some(false);
        }
        let run = needle.strip_prefix(' ')?.as_bytes();
        let first = *run.first()?;
        let text = self.0;
        let starts = memchr2_iter(first, first.to_ascii_uppercase(), text);
        let starts_word = |at: usize| at == 0 || !text[at - 1].is_ascii_alphanumeric();
        Some(starts.into_iter().any(|at| starts_word(at) && begins(&text[at..], run)))
    }
}

/// Whether a text begins with a run of words, whatever parts them.
fn begins(text: &[u8], run: &[u8]) -> bool {
    let mut rest = text;
    for &byte in run {
        if byte == b' ' {
            let marks = rest.iter().take_while(|byte| !byte.is_ascii_alphanumeric()).count();
            if marks == 0 {
                return false;
            }
            rest = &rest[marks..];
        } else {
            match rest.split_first() {
                Some((own, behind)) if own.to_ascii_lowercase() == byte => rest = behind,
                _ => return false,
            }
        }
    }
    true
}

/// Signs that part words and are common in print.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{a0}' | '£' | '«' | '»' | '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201f}' | '•' | '…' | '€')
}

#[cfg(test)]
mod tests {
    use super::super::folded;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_are_no_letters() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32).filter(|&c| is_mark(c)) {
            assert_eq!(folded(&format!("a{c}b")), " a b", "{c:?}");
        }
    }

    #[test]
    fn other_letters_are_left_to_folding() {
        assert!(Unfolded::of("café").is_none() && Unfolded::of("cafe\u{301}").is_none());
        let text = Unfolded::of("“We don’t know” – yet…").unwrap();
        assert_eq!(text.holds(" know yet"), Some(true));
        assert_eq!(text.holds(" don t kno"), Some(true));
        assert_eq!(text.holds(" o"), Some(false), "not amid a word");
        assert_eq!(text.holds(" café"), Some(false));
    }

    proptest! {
        #[test]
        fn it_is_seen_as_in_the_folded_text(text in "[aAbB1 .'’“€…\n-]{0,40}", query in "[aAbB1 .-]{1,8}") {
            let needle = folded(&query);
            prop_assume!(needle.len() > 1);
            let seen = Unfolded::of(&text).unwrap().holds(&needle);
            prop_assert_eq!(seen, Some(folded(&text).contains(&needle)));
        }
    }
}
