//! From a position in a text to the end of a literal, a dash, a number that stands there.

/// Bit of [`bits`]: a digit is there.
pub(super) const DIGIT: u32 = 1;
/// Bit of [`bits`]: something that may be a dash is there.
pub(super) const DASH: u32 = 2;
/// Bit of [`bits`]: Chinese or Japanese is there.
const HAN: u32 = 1 << 30;
/// Bit of [`bits`]: a wide bracket or colon is there.
const WIDE: u32 = 1 << 31;
/// The bits of [`bits`] that a literal may ask for: marks that run in one form only.
pub(super) const PUNCTUATION: u32 = !DIGIT;

static BITS: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let marks = b"()/:=.,#|<";
    let mut i = 0;
    while i < marks.len() {
        table[marks[i] as usize] = 4 << i;
        i += 1;
    }
    let mut digit = b'0';
    while digit <= b'9' {
        table[digit as usize] = DIGIT;
        digit += 1;
    }
    table[b'-' as usize] = DASH;
    table[b'_' as usize] = DASH;
    // Chinese characters, and the wide marks that go with them.
    let mut byte = 0xe3;
    while byte <= 0xe9 {
        table[byte] = HAN;
        byte += 1;
    }
    table[0xef] = WIDE;
    table[DASH_BYTE as usize] = DASH;
    table
}

/// Which marks a text has: one bit for each ASCII mark, one for digits, one for dashes.
/// Cost: about half a nanosecond a byte.
pub(super) fn bits(text: &str) -> u32 {
    text.as_bytes().iter().fold(0, |all, &byte| all | BITS[usize::from(byte)])
}

/// The first four characters in lower case, 16 bits each, a blank stretch as one: what rules are
/// found by.
pub(super) fn key(text: &str) -> u64 {
    key_and_mask(text).0
}

/// The key of a text and the bits of it that the text decides: fewer than all where it is short.
pub(super) fn key_and_mask(text: &str) -> (u64, u64) {
    if let Some(&[a, b, c, d]) = text.as_bytes().first_chunk() {
        let plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
        let apart = |x: u8, y: u8| x != b' ' || y != b' ';
        let all_plain = plain(a) && plain(b) && plain(c) && plain(d);
        if all_plain && apart(a, b) && apart(b, c) && apart(c, d) {
            let at = |byte: u8, shift: u32| u64::from(byte.to_ascii_lowercase()) << shift;
            return (at(a, 0) | at(b, 16) | at(c, 32) | at(d, 48), u64::MAX);
        }
    }
    let (mut key, mut shift, mut after_blank) = (0, 0, false);
    for c in text.chars() {
        let blank = is_blank(c);
        if blank && after_blank {
            continue;
        }
        after_blank = blank;
        key |= letter(c) << shift;
        shift += 16;
        if shift == 64 {
            return (key, u64::MAX);
        }
    }
    (key, (1 << shift) - 1)
}

fn letter(c: char) -> u64 {
    let same = match c {
        '’' => '\'',
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ if is_blank(c) => ' ',
        _ => c.to_lowercase().next().unwrap_or(c),
    };
    u64::from(if same == '\t' { ' ' } else { same }) & 0xffff
}

/// The largest character boundary at or below `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// Blank within a line, no-break spaces included.
pub(super) fn is_blank(c: char) -> bool {
    c != '\n' && c.is_whitespace()
}

/// The end of `literal` if it stands at `at`.
#[inline]
pub(super) fn literal(text: &str, at: usize, literal: &str, fold: bool) -> Option<usize> {
    let (&first, &wanted) = (text.as_bytes().get(at)?, literal.as_bytes().first()?);
    // Most calls end here.
    let may_stand = match wanted {
        _ if !first.is_ascii() || !wanted.is_ascii() => true,
        b' ' => !first.is_ascii_graphic(),
        _ => first == wanted || (fold && first.eq_ignore_ascii_case(&wanted)),
    };
    if may_stand { whole_literal(text.get(at..)?, literal, fold).map(|len| at + len) } else { None }
}

/// The length of `literal` if `text` starts with it.
fn whole_literal(text: &str, literal: &str, fold: bool) -> Option<usize> {
    let mut chars = text.chars();
    for expected in literal.chars() {
        if expected == ' ' {
            let before = chars.as_str();
            let after = before.trim_start_matches(is_blank);
            if after.len() == before.len() {
                return None;
            }
            chars = after.chars();
            continue;
        }
        let came = chars.next()?;
        if !is_same(came, expected, fold) {
            return None;
        }
    }
    Some(text.len() - chars.as_str().len())
}

/// Whether the character `came` of a text is the one that a literal asks for.
pub(super) fn is_same(came: char, expected: char, fold: bool) -> bool {
    came == expected
        || (expected == '\'' && came == '’')
        || (fold && came.to_lowercase().next() == Some(expected))
}

/// Where `wanted` first stands, after at least one character from `at` and before `limit`.
pub(super) fn find(text: &str, at: usize, limit: usize, wanted: &str, fold: bool) -> Option<usize> {
    let mark = wanted.trim_start_matches(' ').chars().next()?;
    let window = &text[at..limit];
    let stands = |i: usize| i > at && literal(text, i, wanted, fold).is_some();
    // Of two letters a sign of another script is a form.
    let has_forms = mark == '\'' || fold && (matches!(mark, 'i' | 'k') || !mark.is_ascii());
    if has_forms {
        return window.char_indices().map(|(i, _)| at + i).find(|&i| stands(i));
    }
    // Back to where the blanks before the mark begin, if it has any.
    let blanks = wanted.starts_with(' ');
    let start = |i: usize| at + if blanks { window[..i].trim_end_matches(is_blank).len() } else { i };
    let mut bytes = [0; 4];
    match mark.encode_utf8(&mut bytes).as_bytes() {
        [byte] if fold && byte.is_ascii_lowercase() => {
            let both = memchr::memchr2_iter(*byte, byte.to_ascii_uppercase(), window.as_bytes());
            both.map(start).find(|&i| stands(i))
        }
        [byte] => memchr::memchr_iter(*byte, window.as_bytes()).map(start).find(|&i| stands(i)),
        bytes => memchr::memmem::find_iter(window.as_bytes(), bytes).map(start).find(|&i| stands(i)),
    }
}

/// The end of a dash that stands at `at` with the blanks around it. A single hyphen without a
/// blank on either side joins words and is none.
pub(super) fn dash(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let inner = rest.trim_start_matches(is_blank);
    let after = inner.trim_start_matches(is_dash);
    let marks = &inner[..inner.len() - after.len()];
    let end = after.trim_start_matches(is_blank);
    let spaced = inner.len() < rest.len() || end.len() < after.len() || after.is_empty();
    let strong = marks.len() > 1 && !matches!(marks, "‑" | "−");
    (!marks.is_empty() && marks.chars().count() <= 3 && (spaced || strong)).then_some(text.len() - end.len())
}

/// Where a dash first stands, after at least one character from `at` and before `limit`. It stands where
/// the blanks before its marks begin.
pub(super) fn find_dash(text: &str, at: usize, limit: usize) -> Option<usize> {
    let first = at + text[at..].chars().next()?.len_utf8();
    let window = text.get(first..limit)?;
    let opens = |before: usize| first + window[..before].trim_end_matches(is_blank).len();
    let stands = |&i: &usize| i < limit && dash(text, i).is_some();
    let marks = memchr::memchr3_iter(b'-', b'_', DASH_BYTE, window.as_bytes());
    let starts = marks.filter(|&mark| window[mark..].starts_with(is_dash));
    starts
        .flat_map(|mark| [opens(mark), first + mark])
        .chain(std::iter::once_with(|| opens(window.len())))
        .find(stands)
}

/// The byte with which every dash beyond ASCII begins.
const DASH_BYTE: u8 = 0xe2;

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '–' | '—' | '―' | '‑' | '−')
}

/// The end of the blanks at `at`; the end of the text is a gap too.
pub(super) fn gap(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let after = rest.trim_start_matches(is_blank);
    (rest.is_empty() || after.len() < rest.len()).then_some(text.len() - after.len())
}

/// The length of the run of one to `most` digits that opens `text`.
pub(super) fn digits(text: &str, most: usize) -> Option<usize> {
    let n = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=most).contains(&n).then_some(n)
}

/// The length of the ordinal (`1st`, `2ND`) that opens `text`.
pub(super) fn ordinal(text: &str) -> Option<usize> {
    let n = digits(text, 2)?;
    let end = text.get(n..n + 2)?;
    ["st", "nd", "rd", "th"].iter().any(|e| end.eq_ignore_ascii_case(e)).then_some(n + 2)
}

/// The length of the year, or span of years, that opens `text`.
pub(super) fn year(text: &str) -> Option<usize> {
    let one = |t: &str| {
        let n = digits(t, 4).filter(|&n| n == 4)?;
        (t.starts_with("19") || t.starts_with("20")).then_some(n)
    };
    let first = one(text)?;
    let rest = &text[first..];
    let after = rest.strip_prefix(['-', '–', '—']);
    Some(after.and_then(|a| one(a).map(|n| text.len() - a.len() + n)).unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hyphen_within_a_word_is_no_dash() {
        assert_eq!(dash("-based", 0), None);
        assert_eq!(dash(" - x", 0), Some(3));
        assert_eq!(dash("—x", 0), Some("—".len()));
        assert_eq!(dash("-- x", 0), Some(3));
        assert_eq!(dash("- x", 0), Some(2));
    }

    #[test]
    fn forms_of_a_letter_are_found() {
        for (text, wanted) in [("a İki", " iki"), ("a \u{212a}m", " km"), ("a ’s", " 's")] {
            assert_eq!(find(text, 0, text.len(), wanted, true), Some(1), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_literal_is_found_where_it_first_stands(
            text in "[abkiABKİ’. -]{0,20}", wanted in "( ?[abki][abki ]{0,2}[abki.]| ?\\.|')", fold: bool,
        ) {
            prop_assume!(!wanted.contains("  "));
            let first = text.char_indices().map(|(i, _)| i).skip(1);
            let expected = first.into_iter().find(|&i| literal(&text, i, &wanted, fold).is_some());
            // A blank stretch at the start of a slot is none of it.
            prop_assume!(!wanted.starts_with(' ') || !text.starts_with(' '));
            prop_assert_eq!(find(&text, 0, text.len(), &wanted, fold), expected);
        }

        #[test]
        fn a_dash_is_found_where_it_first_stands(text in "[a \\-–_“\n\u{a0}]{0,14}", limit in 0usize..14) {
            let limit = floor(&text, limit);
            let places = text[..limit].char_indices().skip(1).map(|(i, _)| i);
            let by_definition = places.filter(|&i| text[i..].starts_with(|c| is_dash(c) || is_blank(c)));
            let expected = by_definition.into_iter().find(|&i| dash(&text, i).is_some());
            prop_assert_eq!(find_dash(&text, 0, limit), expected);
        }
    }

    #[test]
    fn a_key_takes_blank_stretches_as_one() {
        assert_eq!(key("A  b, c"), key("a b,"));
        assert_eq!(key("In\u{a0}a"), key("in a"));
        assert_ne!(key("in a"), key("ina "));
    }

    #[test]
    fn years_and_ordinals() {
        assert_eq!(year("2011 AP"), Some(4));
        assert_eq!(year("2011-2014 AP"), Some(9));
        assert_eq!(year("1811"), None);
        assert_eq!(ordinal("3rd Ld"), Some(3));
        assert_eq!(ordinal("3 Ld"), None);
    }

    #[test]
    fn blanks_match_any_blank_stretch() {
        assert_eq!(literal("a\u{a0} b", 0, "a b", false), Some("a\u{a0} b".len()));
        assert_eq!(literal("Читайте ТАКЖЕ", 0, "читайте также", true), Some("Читайте ТАКЖЕ".len()));
        assert_eq!(literal("a\nb", 0, "a b", false), None);
    }
}
