//! From JSON with halves of characters to JSON that says that something was lost there.
//!
//! Programs that cut a text at so many UTF-16 units leave half an emoji, `\ud83d`, which no text
//! can hold. Such an escape becomes U+FFFD; all else stays as it is.

use memchr::memchr;
use std::ops::RangeInclusive;

const FIRST: RangeInclusive<u16> = 0xd800..=0xdbff;
const SECOND: RangeInclusive<u16> = 0xdc00..=0xdfff;
/// Bytes of an escape: `\u` and four digits.
const ESCAPE: usize = 6;

/// `json` with every half of a character replaced; `None` if there is none.
pub(super) fn mended(json: &str) -> Option<String> {
    let (mut mended, mut from, mut at) = (None, 0, 0);
    while let Some(next) = memchr(b'\\', &json.as_bytes()[at..]) {
        at += next;
        let unit = unit(&json[at..]);
        let second = unit.filter(|unit| FIRST.contains(unit)).and_then(|_| self::unit(&json[at + ESCAPE..]));
        if second.is_some_and(|second| SECOND.contains(&second)) {
            at += 2 * ESCAPE;
        } else if unit.is_some_and(|unit| FIRST.contains(&unit) || SECOND.contains(&unit)) {
            let whole: &mut String = mended.get_or_insert_default();
            whole.push_str(&json[from..at]);
            whole.push_str("\\ufffd");
            at += ESCAPE;
            from = at;
        } else {
            // What is escaped may be more than a byte, if it is no JSON.
            at += 1 + json[at + 1..].chars().next().map_or(0, char::len_utf8);
        }
    }
    mended.map(|whole| whole + &json[from..])
}

/// The UTF-16 unit of the escape that `json` begins with.
fn unit(json: &str) -> Option<u16> {
    let digits = json.strip_prefix("\\u")?.get(..ESCAPE - 2)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_replaced_and_pairs_stay() {
        for (json, expected) in [
            (r#""a \ud83d b""#, Some(r#""a \ufffd b""#)),
            (r#""\ude00""#, Some(r#""\ufffd""#)),
            (r#""\ud83d\ud83d\ude00""#, Some(r#""\ufffd\ud83d\ude00""#)),
            (r#""\ud83d\n\uD83D""#, Some(r#""\ufffd\n\ufffd""#)),
            (r#""\ud83d\ude00""#, None),
            (r#""\\ud83d""#, None),
            (r#""\u00e9 \""#, None),
            (r#""\ud8"#, None),
            ("\\", None),
            ("\\\u{e9}", None),
        ] {
            assert_eq!(mended(json).as_deref(), expected, "{json}");
        }
    }

    proptest! {
        #[test]
        fn what_is_mended_is_json_and_what_is_sound_stays(
            parts in prop::collection::vec("[a-z\u{e9}]{0,3}|\\\\u[dD][89a-fA-F][0-9a-f]{2}|\\\\[nu]|\\\\u00e9", 0..9),
        ) {
            let json = format!("\"{}\"", parts.concat());
            let sound = serde_json::from_str::<String>(&json).is_ok();
            let mended = mended(&json);
            prop_assert!(!sound || mended.is_none());
            if let Some(mended) = mended {
                prop_assert_eq!(super::mended(&mended), None);
            }
        }
    }
}
