//! From a word to its stem: one form for the spellings of a language, as `train/lexicon` makes it.
//!
//! Cyrillic is written in Latin letters, marks are dropped, and what is left is cut to five
//! characters: *переговоры* is `pereg`, *Gespräche* `gespr`. Arabic words lose the article and are
//! cut to four.

use unicode_normalization::UnicodeNormalization;

/// Characters of a stem.
const STEM: usize = 5;
/// Characters of a stem in Arabic script, which writes no short vowels.
const ARABIC_STEM: usize = 4;
/// Characters that a word in Arabic script keeps at least when it loses a prefix.
const BARE: usize = 3;
/// Articles, with what may be written before them.
const PREFIXES: [&str; 6] = ["وال", "بال", "كال", "فال", "لل", "ال"];

/// The stem of `word`, written to `out`, which is cleared first.
pub(super) fn stem(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.extend(plain(word).take(STEM));
        return;
    }
    fold(word, out);
    let arabic = out.starts_with(is_arabic);
    if let Some(rest) = PREFIXES.iter().find_map(|prefix| out.strip_prefix(prefix))
        && rest.chars().count() >= BARE
    {
        *out = rest.to_owned();
    }
    let longest = if arabic { ARABIC_STEM } else { STEM };
    let end = out.char_indices().nth(longest).map_or(out.len(), |(i, _)| i);
    out.truncate(end);
}

/// Adds `text` in folded letters to `out`.
pub(super) fn fold(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(plain(text));
        return;
    }
    for c in text.chars().flat_map(char::to_lowercase).nfkd() {
        match c {
            '\u{300}'..='\u{36f}'
            | '\u{64b}'..='\u{65f}'
            | '\u{640}'
            | '\u{670}'
            | '\u{3099}'
            | '\u{309a}'
            | '\''
            | '’' => {}
            _ if c.is_ascii() => out.push(ascii(c as u8)),
            _ => letter(c, out),
        }
    }
}

/// Plain letters, folded.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.bytes().filter(|&byte| byte != b'\'').map(ascii)
}

fn ascii(byte: u8) -> char {
    match byte.to_ascii_lowercase() {
        b'y' => 'i',
        b'w' => 'v',
        other => char::from(other),
    }
}

/// Letters beyond ASCII, without their marks, and what each is written as.
fn letter(c: char, out: &mut String) {
    let plain = match c {
        'ъ' | 'ь' => return,
        'ß' => return out.push_str("ss"),
        'а' | 'я' => 'a',
        'б' => 'b',
        'в' => 'v',
        'г' | 'ґ' => 'g',
        'д' | 'đ' | 'ð' | 'ђ' | 'џ' => 'd',
        'е' | 'э' | 'є' | 'æ' | 'œ' => 'e',
        'ж' | 'з' | 'ѕ' => 'z',
        'и' | 'і' | 'ы' | 'ı' => 'i',
        'ј' => 'j',
        'к' => 'k',
        'л' | 'љ' | 'ł' => 'l',
        'м' => 'm',
        'н' | 'њ' => 'n',
        'о' | 'ø' => 'o',
        'п' => 'p',
        'р' => 'r',
        'с' | 'ш' | 'щ' => 's',
        'т' | 'þ' => 't',
        'у' | 'ю' => 'u',
        'ф' => 'f',
        'х' => 'h',
        'ц' | 'ч' | 'ћ' => 'c',
        'ى' => 'ي',
        'ة' => 'ه',
        other => other,
    };
    out.push(plain);
}

pub(super) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}')
}

pub(super) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

/// Whether `c` belongs to a script that writes no spaces and is read in pairs.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '々')
}

#[cfg(test)]
mod tests {
    #[test]
    fn stems_are_those_of_the_tables() {
        let stem = |word: &str| {
            let mut out = String::new();
            super::stem(word, &mut out);
            out
        };
        let stems =
            ["Переговоры", "Gespräche", "Łódź", "Щорса", "O'Neill", "Україні", "Yalta", "straße", "الرئيس"];
        assert_eq!(
            stems.map(stem),
            ["pereg", "gespr", "lodz", "sorsa", "oneil", "ukrai", "ialta", "stras", "رييس"]
        );
    }
}
