//! From repaired text to tokens, each with its normalised bytes and its place in the text.

use super::ascii::is_mark;
use super::digits;
use super::unseen::{is_default_ignorable, is_vowel_sign};
use super::unspaced::{self, Script};
use std::iter;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization,
    char::{compose, is_combining_mark},
    is_nfkc_quick,
};

/// One token: what is compared, and where it stands. Tokens that normalisation brings out of one
/// word (`½` is `1` and `2`) share its place; all others follow each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Token<'a> {
    /// Lower-case NFKC bytes.
    pub text: &'a [u8],
    /// First byte of the word in the text that was tokenised.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// Calls `each` for every token of `text`, in reading order. Cost: O(bytes); no allocation per
/// token of ASCII or plain Unicode text beyond one buffer.
pub fn tokenise(text: &str, mut each: impl FnMut(Token<'_>)) {
    let bytes = text.as_bytes();
    let (mut lower, mut word) = (Vec::with_capacity(64), Word::default());
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let ends_here = bytes.get(at).is_none_or(u8::is_ascii) || is_mark(&bytes[at..]);
        if at > start && ends_here {
            lower.clear();
            // Sets the case bit of a letter; a digit has it already.
            lower.extend(bytes[start..at].iter().map(|b| b | 0x20));
            each(Token { text: &lower, start, end: at });
        } else if ends_here {
            at += if bytes[at].is_ascii() { 1 } else { 3 };
        } else {
            at = start + unicode_run(&text[start..], start, &mut word, &mut each);
        }
    }
}

/// Handles the opening of `text` that the ASCII path cannot: from a word with a non-ASCII
/// character, or such a character, to the next separator. Returns its length in bytes; 0 for
/// text that starts otherwise only if it is empty. `word` is empty before and after.
pub(super) fn unicode_stretch(text: &str, word: &mut Word, mut each: impl FnMut(&[u8])) -> usize {
    if text.is_empty() { 0 } else { unicode_run(text, 0, word, &mut |token| each(token.text)) }
}

/// Handles the characters from a non-ASCII one (or the ASCII word before it) to the next
/// separator; returns how many bytes that is.
fn unicode_run(text: &str, offset: usize, word: &mut Word, each: &mut impl FnMut(Token<'_>)) -> usize {
    for (at, c) in text.char_indices() {
        match kind(c) {
            Kind::Ignored => {}
            Kind::Word => word.push(at, c),
            Kind::Compatibility => {
                word.push(at, c);
                word.plain = false;
            }
            Kind::Separator => {
                word.flush(offset, each);
                return at + c.len_utf8();
            }
            Kind::Single => {
                word.flush(offset, each);
                let mut buffer = [0; 4];
                let (c, end) = voiced(c, &text[at..]);
                let (text, start) = (c.encode_utf8(&mut buffer).as_bytes(), offset + at);
                each(Token { text, start, end: start + end });
                return at + end;
            }
            Kind::Unspaced => {
                word.flush(offset, each);
                let len = unspaced::run(&text[at..]);
                unspaced::words(&text[at..at + len], |start, end| {
                    let normal: String = text[at + start..at + end].nfkc().flat_map(fold).collect();
                    each(Token {
                        text: normal.as_bytes(),
                        start: offset + at + start,
                        end: offset + at + end,
                    });
                });
                return at + len;
            }
        }
    }
    word.flush(offset, each);
    text.len()
}

/// The single character that opens `text`, with the mark behind it that decomposing takes off a kana,
/// and how many bytes that is.
fn voiced(c: char, text: &str) -> (char, usize) {
    let end = c.len_utf8();
    let mark = match text[end..].chars().next() {
        Some(mark @ ('\u{3099}' | '\u{309a}')) => mark,
        Some('\u{ff9e}') => '\u{3099}',
        Some('\u{ff9f}') => '\u{309a}',
        _ => return (c, end),
    };
    compose(c, mark).map_or((c, end), |whole| (whole, end + mark.len_utf8()))
}

/// A word as it is gathered, and where it stands. Kept from word to word for its buffers.
#[derive(Default)]
pub(super) struct Word {
    text: String,
    /// In lower case and normal form.
    normal: String,
    start: usize,
    end: usize,
    /// Whether no character asks for normalisation.
    plain: bool,
}

impl Word {
    fn push(&mut self, at: usize, c: char) {
        if self.text.is_empty() {
            self.start = at;
            self.plain = true;
        }
        self.end = at + c.len_utf8();
        // The dot that decomposing takes off a Turkish capital.
        if c != '\u{307}' || !self.text.ends_with(['i', 'I']) {
            self.text.push(c);
        }
    }

    fn flush(&mut self, offset: usize, each: &mut impl FnMut(Token<'_>)) {
        if self.text.is_empty() {
            return;
        }
        let (start, end) = (offset + self.start, offset + self.end);
        self.normal.clear();
        if self.plain {
            self.normal.extend(self.text.chars().flat_map(fold));
            each(Token { text: self.normal.as_bytes(), start, end });
        } else {
            self.normal.extend(self.text.nfkc().filter(|c| !is_vowel_sign(*c)).flat_map(fold).nfkc());
            // Normalising may bring out separators (`…` is three points) and single characters.
            for part in self.normal.split(|c| !is_word_char(c)).filter(|part| !part.is_empty()) {
                each_of(part, |text| each(Token { text: text.as_bytes(), start, end }));
            }
        }
        self.text.clear();
    }
}

/// Kana of half width come out of normalising as those of full width: one token each.
fn each_of(part: &str, mut each: impl FnMut(&str)) {
    let mut from = 0;
    for (at, c) in part.char_indices().filter(|(_, c)| unspaced::script(*c) == Some(Script::Ideographic)) {
        if at > from {
            each(&part[from..at]);
        }
        from = at + c.len_utf8();
        each(&part[at..from]);
    }
    if from < part.len() {
        each(&part[from..]);
    }
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Whether only normalisation tells what word characters `c` stands for. A no-break or thin space
/// stands for none: it is a space, and the words beside it have places of their own.
fn may_become_word(c: char) -> bool {
    is_nfkc_quick(iter::once(c)) != IsNormalized::Yes && iter::once(c).nfkc().any(is_word_char)
}

/// Lower case, with what lower case alone leaves apart: final sigma and ß, the Turkish letters i,
/// which share their capitals crosswise, ё, which Russian prints as е, letters that Arabic and
/// Persian keyboards give different codes, and the digits of all scripts.
fn fold(c: char) -> impl Iterator<Item = char> {
    let (c, second) = match c {
        'ς' => ('σ', None),
        'ß' | 'ẞ' => ('s', Some('s')),
        'İ' | 'ı' => ('i', None),
        'ё' | 'Ё' => ('е', None),
        '\u{649}' | '\u{6cc}' => ('\u{64a}', None),
        '\u{6a9}' => ('\u{643}', None),
        '\u{660}'..='\u{1e959}' => (digits::ascii(c).unwrap_or(c), None),
        c => (c, None),
    };
    c.to_lowercase().chain(second)
}

enum Kind {
    /// Part of a word.
    Word,
    /// Part of a word or not: only normalisation tells.
    Compatibility,
    /// A token of its own: ideographs and kana.
    Single,
    /// Opens a run of a script that writes no spaces.
    Unspaced,
    /// Invisible inside a word: soft hyphen, joiners, and what [`is_vowel_sign`] names.
    Ignored,
    Separator,
}

fn kind(c: char) -> Kind {
    match c {
        '\0'..='\x7f' => {
            if c.is_ascii_alphanumeric() {
                Kind::Word
            } else {
                Kind::Separator
            }
        }
        c if is_vowel_sign(c) => Kind::Ignored,
        c if is_default_ignorable(c) => Kind::Ignored,
        // Apostrophes part words, whichever of them is printed.
        '\u{b4}' | '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{2010}'..='\u{2027}' | '\u{ff07}' => {
            Kind::Separator
        }
        _ => match unspaced::script(c) {
            Some(Script::Ideographic) => Kind::Single,
            Some(Script::Dictionary) => Kind::Unspaced,
            None if may_become_word(c) => Kind::Compatibility,
            None if is_word_char(c) => Kind::Word,
            None => Kind::Separator,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn tokens(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        tokenise(text, |token| out.push(String::from_utf8(token.text.to_vec()).unwrap()));
        out
    }

    #[test]
    fn words_numbers_and_apostrophes() {
        assert_eq!(
            tokens("Don't pay $3.5 bn, U.S. says"),
            ["don", "t", "pay", "3", "5", "bn", "u", "s", "says"]
        );
        assert_eq!(tokens("Don’t pay"), tokens("Don't pay"));
        assert_eq!(tokens("—“Да”, — сказал «он»…"), ["да", "сказал", "он"]);
        assert_eq!(tokens("-- ... !!"), [""; 0]);
    }

    #[test]
    fn words_beside_any_space_have_places_of_their_own() {
        for space in [" ", "\u{a0}", "\u{2009}", "\u{202f}", "\u{3000}", "\u{2028}"] {
            let (text, mut places) = (format!("über 1{space}500 мест"), Vec::new());
            tokenise(&text, |token| places.push(text[token.start..token.end].to_owned()));
            assert_eq!(places, ["über", "1", "500", "мест"], "{space:?}");
        }
        let mut places = Vec::new();
        tokenise("a ½ b", |token| places.push((token.start, token.end)));
        assert_eq!(places, [(0, 1), (2, 4), (2, 4), (5, 6)]);
    }

    #[test]
    fn normal_forms_and_cases_agree() {
        assert_eq!(tokens("L'été à Orléans"), tokens("L'e\u{301}te\u{301} a\u{300} Orle\u{301}ans"));
        assert_eq!(tokens("STRASSE ΣΟΦΟΣ МИНСК"), tokens("straße σοφος минск"));
        assert_eq!(tokens("ﬁnal ①② ½ ＡＢＣ"), ["final", "12", "1", "2", "abc"]);
        assert_eq!(tokens("й"), tokens("и\u{306}"));
        assert_eq!(tokens("co\u{ad}operate"), ["cooperate"]);
        assert_eq!(tokens("مُحَمَّد كتـــاب"), tokens("محمد كتاب"));
    }

    #[test]
    fn letters_that_are_one_letter() {
        assert_eq!(tokens("İSTANBUL Diyarbakır IŞIK"), tokens("istanbul DİYARBAKIR ışık"));
        assert_eq!(tokens("I\u{307}zmir"), tokens("İzmir"));
        assert_eq!(tokens("самолёт ЁЛКА"), tokens("самолет елка"));
        assert_eq!(tokens("٢٠٢٤ ۲۰۲۴ २०२४"), ["2024", "2024", "2024"]);
        assert_eq!(tokens("یک کتاب"), tokens("يك كتاب"));
        assert_eq!(tokens("ﾀﾜｰ ﾊﾞｽ"), tokens("タワー バス"));
        assert_eq!(
            tokens("ハ\u{3099}ス ハ\u{309a}ン カ\u{ff9e}ス 京\u{3099}"),
            tokens("バス パン ガス 京\u{3099}")
        );
        assert_eq!(tokens("שָׁלוֹם הٰذا"), tokens("שלום הذا"));
        assert_eq!(tokens("\u{fb2a}לום"), tokens("שלום"));
        for mark in ["\u{b4}", "\u{2bc}", "\u{2019}", "'"] {
            assert_eq!(tokens(&format!("п{mark}ять l{mark}été")), ["п", "ять", "l", "été"], "{mark:?}");
        }
    }

    #[test]
    fn what_unicode_ignores_is_no_text() {
        let plain = tokens("Minsk opened 3 Brücken, 北京 กรุงเทพ");
        for mark in [
            "\u{fe0f}",
            "\u{fe00}",
            "\u{e0100}",
            "\u{e01ef}",
            "\u{34f}",
            "\u{3164}",
            "\u{feff}",
            "\u{2063}",
            "\u{202a}",
            "\u{2066}",
            "\u{61c}",
            "\u{180e}",
            "\u{200d}",
        ] {
            let marked = format!(
                "Min{mark}sk{mark} {mark}opened{mark} 3{mark} Brü{mark}cken{mark}, 北{mark}京 {mark}กรุงเทพ{mark}{mark}"
            );
            assert_eq!(tokens(&marked), plain, "{mark:?}");
        }
    }

    #[test]
    fn unspaced_scripts() {
        assert_eq!(tokens("北京2月24日，新华社"), ["北", "京", "2", "月", "24", "日", "新", "华", "社"]);
        assert_eq!(tokens("東京タワー"), ["東", "京", "タ", "ワ", "ー"]);
        assert!(tokens("ประธานาธิบดีเดินทางไปกรุงเทพ").len() > 3);
    }

    #[test]
    fn places_point_into_the_text() {
        let text = "Café “Minsk”, 24 февраля";
        let mut found = Vec::new();
        tokenise(text, |token| found.push(&text[token.start..token.end]));
        assert_eq!(found, ["Café", "Minsk", "24", "февраля"]);
    }

    #[test]
    fn folding_a_letter_gives_letters() {
        let words = ('\0'..=char::MAX).filter(|&c| matches!(kind(c), Kind::Word));
        words.for_each(|c| assert!(fold(c).all(is_word_char), "{c:?}"));
    }

    /// The same rules written for whole text, slowly: the oracle of the fast path.
    fn slow(text: &str) -> Vec<String> {
        let lower: String = text.nfkc().flat_map(fold).nfkc().collect();
        lower.split(|c: char| !is_word_char(c)).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn the_fast_path_gives_the_same_tokens(text in "[ -~\n]{0,80}") {
            prop_assert_eq!(tokens(&text), slow(&text));
        }

        #[test]
        fn mixed_latin_and_cyrillic_agree_with_the_oracle(text in "[a-zA-Zéèüßа-яёЎ0-9 .,'’“”–—…½-]{0,60}") {
            prop_assert_eq!(tokens(&text), slow(&text));
        }

        #[test]
        fn a_token_stays_inside_a_word_of_uax_29(text in "[a-zA-Zа-яё0-9 .,:'’_-]{0,60}") {
            let words: Vec<_> = text.split_word_bound_indices().map(|(i, w)| i..i + w.len()).collect();
            tokenise(&text, |token| assert!(
                words.iter().any(|w| w.start <= token.start && token.end <= w.end),
                "{text:?} {token:?}"
            ));
        }

        #[test]
        fn any_text_gives_places_in_order(text in "(\\PC|[a-c½ \u{a0}\u{2009}]){0,60}") {
            let mut last = 0..0;
            tokenise(&text, |token| {
                let place = token.start..token.end;
                assert!(place == last || last.end <= place.start, "{last:?}, {place:?}");
                assert!(!place.is_empty() && !text[place.clone()].contains(char::is_whitespace));
                last = place;
            });
        }
    }
}
