//! From the first bytes of a file to the charset that it is written in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// A charset, and the length of the byte order mark that says so (0 where there is none).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Guess {
    pub(super) encoding: &'static Encoding,
    pub(super) mark: usize,
}

/// What the bytes are to be read as: JSON must be UTF-8, so there a stray bad byte is a fault of
/// one record rather than a sign of another charset.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Content {
    Json,
    Text,
    /// Says its charset itself, at the beginning.
    Markup,
    /// Not to be decoded.
    Binary,
}

/// A stray bad byte comes alone; a record in another charset has more of them than this.
const STRAY_BYTES_PER_RECORD: usize = 4;

/// Where markup says its charset, if it does.
const DECLARED_WITHIN: usize = 1024;

/// Guesses the charset of a file from its `head`; `whole` says that the head is all of it.
pub(super) fn guess(head: &[u8], whole: bool, content: Content) -> Guess {
    if content == Content::Binary {
        return Guess { encoding: UTF_8, mark: 0 };
    }
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return Guess { encoding, mark };
    }
    // A head may end inside a character; no charset that is guessed here ends one on ASCII.
    let head = match head.iter().rposition(u8::is_ascii) {
        Some(last) if !whole => &head[..=last],
        _ => head,
    };
    let declared = || if content == Content::Markup { declared(head) } else { None };
    // What is UTF-8 by its bytes is that whatever it says.
    let encoding = if is_utf_8(head, content) { UTF_8 } else { declared().unwrap_or_else(|| detect(head)) };
    Guess { encoding, mark: 0 }
}

/// The charset that `encoding="…"` or `charset=…` names.
pub(super) fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = head[..head.len().min(DECLARED_WITHIN)].to_ascii_lowercase();
    let at = |name: &[u8]| memchr::memmem::find(&head, name).map(|at| at + name.len());
    let rest = &head[at(b"encoding=").or_else(|| at(b"charset="))?..];
    let label = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = label.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_.:+".contains(byte));
    // UTF-8 has been ruled out, and UTF-16 does not look like ASCII.
    let found = Encoding::for_label(&label[..end.unwrap_or(label.len())])?;
    (found.is_ascii_compatible() && found != UTF_8).then_some(found)
}

fn is_utf_8(head: &[u8], content: Content) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in head.utf8_chunks() {
        // Every character beyond ASCII has one byte from here up: the first.
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    // Bytes of other charsets hardly ever form UTF-8 sequences by chance.
    if bad == 0 || good > bad {
        return true;
    }
    content == Content::Json && {
        let records = || head.split(|byte| *byte == b'}').filter(|r| !r.trim_ascii().is_empty());
        let hit = records().filter(|record| std::str::from_utf8(record).is_err()).count();
        hit * 2 <= records().count() && bad <= hit * STRAY_BYTES_PER_RECORD
    }
}

fn detect(head: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GB18030, KOI8_R, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};

    const RUSSIAN: &str = "Правительство утвердило бюджет на следующий год, сообщила пресс-служба. \
         Расходы вырастут на семь процентов, доходы — на пять.";
    const FRENCH: &str = "Le ministère a présenté hier les chiffres de l'été : la récolte a été très bonne.";
    const CHINESE: &str = "国务院总理昨天主持召开会议,研究部署下一阶段的经济工作。";

    fn decoded(encoding: &'static Encoding, text: &str) -> String {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy);
        let guess = guess(&bytes, true, Content::Text);
        guess.encoding.decode_without_bom_handling(&bytes).0.into_owned()
    }

    #[test]
    fn legacy_charsets_are_told_apart() {
        assert_eq!(decoded(WINDOWS_1251, RUSSIAN), RUSSIAN);
        let plain = RUSSIAN.replace('—', "-");
        assert_eq!(decoded(KOI8_R, &plain), plain);
        assert_eq!(decoded(WINDOWS_1252, FRENCH), FRENCH);
        assert_eq!(decoded(GB18030, CHINESE), CHINESE);
        assert_eq!(decoded(UTF_8, RUSSIAN), RUSSIAN);
    }

    #[test]
    fn marks_are_believed() {
        let of = |head: &[u8]| guess(head, true, Content::Json);
        assert_eq!(of(b"\xef\xbb\xbf{}"), Guess { encoding: UTF_8, mark: 3 });
        assert_eq!(of(b"\xff\xfe{\0"), Guess { encoding: UTF_16LE, mark: 2 });
        assert_eq!(of(b"\xfe\xff\0{"), Guess { encoding: UTF_16BE, mark: 2 });
    }

    #[test]
    fn a_stray_byte_does_not_change_the_charset_of_json() {
        let mut cyrillic = format!("{{\"text\":\"{RUSSIAN}").into_bytes();
        cyrillic.extend(b"\xff\"}\n");
        assert_eq!(guess(&cyrillic, true, Content::Json).encoding, UTF_8);
        let ascii = b"{\"text\":\"one\"}\n{\"text\":\"t\xe9o\"}\n";
        assert_eq!(guess(ascii, true, Content::Json).encoding, UTF_8);
        let legacy = b"{\"text\":\"\xcf\xf0\xe0\xe2\xe8\xf2\xe5\xeb\xfc\xf1\xf2\xe2\xee\"}\n";
        assert_eq!(guess(legacy, true, Content::Json).encoding, WINDOWS_1251);
    }

    #[test]
    fn markup_says_its_charset_itself_unless_it_is_utf_8() {
        let page = |label: &str, text: &[u8]| {
            let head = [format!("<?xml version='1.0' encoding=\"{label}\"?><p>").as_bytes(), text].concat();
            guess(&head, true, Content::Markup).encoding
        };
        assert_eq!(page("koi8-r", b"\xe4\xef\xed"), KOI8_R);
        assert_eq!(page("koi8-r", "дом и сад".as_bytes()), UTF_8);
        assert_eq!(
            guess(b"<meta charset=windows-1251>\xe4\xee\xec", true, Content::Markup).encoding,
            WINDOWS_1251
        );
    }

    #[test]
    fn a_head_may_end_inside_a_character() {
        let head = &"abc дом".as_bytes()[..9];
        assert_eq!(guess(head, false, Content::Text).encoding, UTF_8);
    }
}
