//! From marks of C2PA in a text to the text, and to what the marks say of who signed it.
//!
//! A manifest is written into plain text as a run of variation selectors behind U+FEFF, a byte a
//! selector, or between lines of ASCII armour. What it says is read, not verified: that takes keys
//! that nobody has here, and it is said to be so.

use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

#[cfg(any(feature = "pages", test))]
use crate::story::{FurnitureKind, Removed};

const MAGIC: &[u8] = b"C2PATXT\0";
const BEGIN: &str = "-----BEGIN C2PA MANIFEST-----";
const END: &str = "-----END C2PA MANIFEST-----";

/// A mark in a text: where it stands and what it says.
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) says: String,
}

/// Whether the magic number is hidden anywhere in `text`. Cost: a search for one run of bytes.
pub(super) fn is_wrapped(text: &str) -> bool {
    /// What it opens with: U+FEFF, and the selector of its first letter.
    static OPEN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\u{feff}\u{e0133}"));
    OPEN.find(text.as_bytes()).is_some()
}

/// Whether a line is the first of an armour.
pub(super) fn opens_armour(line: &str) -> bool {
    line.starts_with(BEGIN)
}

/// The first mark in `text`.
pub(super) fn find(text: &str) -> Option<Mark> {
    wrapped(text).or_else(|| armoured(text))
}

/// What the manifest says that a page carries in a script of its own: as Base64, as a data URL, or
/// in armour.
#[cfg(any(feature = "pages", test))]
pub(crate) fn of_script(script: &str) -> Removed {
    let text = armoured(script).map_or_else(|| told(&base64(payload(script))), |mark| mark.says);
    Removed { kind: FurnitureKind::Provenance, text }
}

/// A data URL without what stands before its data.
fn payload(url: &str) -> &str {
    url.rsplit(',').next().unwrap_or_default()
}

/// A run of variation selectors behind U+FEFF that begins with the magic number.
fn wrapped(text: &str) -> Option<Mark> {
    for start in memchr::memmem::find_iter(text.as_bytes(), "\u{feff}") {
        let rest = &text[start + '\u{feff}'.len_utf8()..];
        let length = rest.find(|c| byte(c).is_none()).unwrap_or(rest.len());
        let bytes: Vec<u8> = rest[..length].chars().filter_map(byte).collect();
        if bytes.starts_with(MAGIC) {
            return Some(Mark { range: start..start + '\u{feff}'.len_utf8() + length, says: told(&bytes) });
        }
    }
    None
}

/// The byte that a variation selector stands for.
fn byte(c: char) -> Option<u8> {
    match c {
        '\u{fe00}'..='\u{fe0f}' => Some((u32::from(c) - 0xfe00) as u8),
        '\u{e0100}'..='\u{e01ef}' => Some((u32::from(c) - 0xe0100 + 16) as u8),
        _ => None,
    }
}

fn armoured(text: &str) -> Option<Mark> {
    let start = memchr::memmem::find(text.as_bytes(), BEGIN.as_bytes())?;
    let inner = &text[start + BEGIN.len()..];
    let length = inner.find(END)?;
    let says = told(&base64(payload(&inner[..length])));
    Some(Mark { range: start..start + BEGIN.len() + length + END.len(), says })
}

/// The bytes of Base64; what is none of its characters is passed over.
fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter_map(digit).collect();
    let group = |four: &[u8]| {
        let all =
            four.iter().fold(0_u32, |all, digit| all << 6 | u32::from(*digit)) << (6 * (4 - four.len()));
        let [third, second, first, _] = all.to_le_bytes();
        [first, second, third][..four.len().saturating_sub(1)].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}

/// What a manifest says, in words: who signed, and when.
fn told(manifest: &[u8]) -> String {
    let mut says = "C2PA mark, not verified".to_owned();
    if let Some(signer) = signer(manifest) {
        says.push_str(", signed by ");
        says.push_str(&signer);
    }
    if let Some(time) = time(manifest) {
        says.push_str(", ");
        says.push_str(&time);
    }
    says
}

/// The common name of the subject of the first certificate: names of the issuer come first.
fn signer(manifest: &[u8]) -> Option<String> {
    const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
    let names = memchr::memmem::find_iter(manifest, COMMON_NAME).filter_map(|at| {
        let (&[_, length], rest) = manifest[at + COMMON_NAME.len()..].split_first_chunk()?;
        std::str::from_utf8(rest.get(..usize::from(length))?).ok().map(str::to_owned)
    });
    let names: Vec<String> = names.take(2).collect();
    names.into_iter().next_back().filter(|name| !name.contains(char::is_control))
}

/// The first moment that is printed in a manifest: `2024-05-06T10:00:00Z`.
fn time(manifest: &[u8]) -> Option<String> {
    const LENGTH: usize = "2024-05-06T10:00:00".len();
    let marks: &[(usize, u8)] = &[(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let is_moment = |window: &&[u8]| {
        marks.iter().all(|(place, mark)| window[*place] == *mark)
            && window
                .iter()
                .enumerate()
                .all(|(place, byte)| byte.is_ascii_digit() || marks.contains(&(place, *byte)))
    };
    let found = manifest.windows(LENGTH).find(is_moment)?;
    std::str::from_utf8(found).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Story;

    fn manifest() -> Vec<u8> {
        let name =
            |name: &str| [&[0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, name.len() as u8], name.as_bytes()].concat();
        [MAGIC, &[1, 0, 0, 0, 9], &name("Trust Root"), &name("Isle Wire"), b"x2024-05-06T10:00:00Z"].concat()
    }

    fn selectors(bytes: &[u8]) -> String {
        let selector = |byte: &u8| {
            let code = if *byte < 16 { 0xfe00 + u32::from(*byte) } else { 0xe0100 + u32::from(*byte) - 16 };
            char::from_u32(code).unwrap()
        };
        std::iter::once('\u{feff}').chain(bytes.iter().map(selector)).collect()
    }

    #[test]
    fn a_mark_is_read_and_taken_out() {
        let says = "C2PA mark, not verified, signed by Isle Wire, 2024-05-06T10:00:00";
        let text = "The lamp was lit again on Friday, the keeper said.";
        let armour = format!("{BEGIN}\ndata:application/c2pa;base64,{}\n{END}", packed(&manifest()));
        for mark in [selectors(&manifest()), armour] {
            let mut story = Story::new("1", format!("{text}\n{mark}"));
            crate::wire::strip(&mut story);
            assert_eq!(story.body, text);
            let removed = &story.furniture.removed[0];
            assert_eq!((removed.kind, removed.text.as_str()), (FurnitureKind::Provenance, says));
        }
        let mark = selectors(&manifest());
        for (headline, body) in [
            (String::new(), format!("{mark}{text}")),
            (String::new(), format!("\n{mark}\n{text}")),
            (String::new(), text.replacen("lit ", &format!("lit {mark}"), 1)),
            (format!("Lamp lit{mark}"), text.to_owned()),
        ] {
            let mut story = Story { headline, ..Story::new("1", body) };
            crate::wire::strip(&mut story);
            assert_eq!((story.body.as_str(), story.headline.trim_start_matches("Lamp lit")), (text, ""));
            assert_eq!(story.furniture.removed[0].text, says);
        }
        for script in [
            packed(&manifest()),
            format!("\n data:application/c2pa;base64,{}\n", packed(&manifest())),
            format!("{BEGIN}\n{}\n{END}", packed(&manifest())),
        ] {
            assert_eq!(of_script(&script).text, says);
        }
        assert!(find("A\u{feff}B\u{fe0f} -----BEGIN C2PA MANIFEST----- without an end").is_none());
    }

    fn packed(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let group = |three: &[u8]| {
            let all =
                three.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            (0..=three.len())
                .map(|i| char::from(DIGITS[(all >> (18 - 6 * i)) as usize & 63]))
                .collect::<String>()
        };
        bytes.chunks(3).map(group).collect()
    }
}
