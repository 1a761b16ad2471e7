//! From the first bytes of a file to the charset that it is written in, and from bytes to text: the
//! one way for files, parts of a mail and replies of a server.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

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
    if let Some(encoding) = wide(head).or_else(|| shifted(head)) {
        return Guess { encoding, mark: 0 };
    }
    // A head may end inside a character; no charset that is guessed here ends one on ASCII.
    let head = match head.iter().rposition(u8::is_ascii) {
        Some(last) if !whole => &head[..=last],
        _ => head,
    };
    let declared = || declared(head).filter(|said| content == Content::Markup && !is_belied(said, head));
    // What is UTF-8 by its bytes is that whatever it says.
    let encoding = if is_utf_8(head, content) { UTF_8 } else { declared().unwrap_or_else(|| detect(head)) };
    Guess { encoding, mark: 0 }
}

/// The charset that `encoding="…"` or `charset=…` names.
pub(super) fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = head[..head.len().min(DECLARED_WITHIN)].to_ascii_lowercase();
    let behind = |name: &[u8]| {
        let rest = head[memchr::memmem::find(&head, name)? + name.len()..].trim_ascii_start();
        Some(rest.strip_prefix(b"=")?.trim_ascii_start())
    };
    let rest = behind(b"encoding").or_else(|| behind(b"charset"))?;
    let label = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = label.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_.:+ ".contains(byte));
    // UTF-8 has been ruled out, and UTF-16 does not look like ASCII.
    let found = labelled(std::str::from_utf8(&label[..end.unwrap_or(label.len())]).ok()?)?;
    (found.is_ascii_compatible() && found != UTF_8).then_some(found)
}

/// The charset that a label names, also one that is spelt as no standard has it: `cp-1251`,
/// `win1251`, `iso8859_15`. `None` for what names none, and for `us-ascii`, which says nothing of
/// bytes beyond it.
pub(super) fn labelled(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'', ';']).to_ascii_lowercase();
    let bare: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let digits = bare.trim_start_matches(|c: char| !c.is_ascii_digit());
    let name = bare[..bare.len() - digits.len()].trim_start_matches('x');
    // The last two mean a charset that no reader has.
    if matches!(bare.as_str(), "ascii" | "usascii" | "ansix341968" | "xuserdefined" | "replacement") {
        return None;
    }
    if let Some(found) = Encoding::for_label(label.as_bytes()) {
        return Some(found);
    }
    let meant = match (name, digits) {
        ("utf" | "uft" | "unicode" | "utfmb", "8" | "8mb4" | "8mb3" | "8n" | "8bom" | "4") => {
            "utf-8".to_owned()
        }
        ("cp" | "win" | "windows" | "ms" | "ansi" | "mswin" | "cswindows" | "xcp" | "codepage", page) => {
            match page {
                "936" => "gbk".to_owned(),
                "932" => "shift_jis".to_owned(),
                "949" => "euc-kr".to_owned(),
                "950" => "big5".to_owned(),
                "65001" => "utf-8".to_owned(),
                page => format!("windows-{page}"),
            }
        }
        ("iso" | "latin" | "isolatin" | "l" | "", part) => {
            let part = part.strip_prefix("8859").unwrap_or(part);
            match (name, part) {
                ("latin" | "isolatin" | "l", "9") => "iso-8859-15".to_owned(),
                (_, part) => format!("iso-8859-{part}"),
            }
        }
        ("koi", "8" | "8r" | "8ru") => "koi8-r".to_owned(),
        ("koi", "8u") => "koi8-u".to_owned(),
        ("gb", _) => "gb18030".to_owned(),
        ("sjis" | "shiftjis" | "mskanji", _) => "shift_jis".to_owned(),
        ("euckr" | "ksc", _) => "euc-kr".to_owned(),
        _ => return None,
    };
    Encoding::for_label(meant.as_bytes())
}

/// Whether a label names UTF-7, which no reader of the web has and old mailers write.
#[cfg(feature = "mail")]
pub(super) fn is_utf_7(label: &str) -> bool {
    charset::Charset::for_label(label.trim().as_bytes()).is_some_and(|found| found == charset::UTF_7)
}

/// Bytes as text: by their mark, as UTF-8 if they are that, by the label that came with them, by
/// what markup says of itself, or else as they look. Bytes that the charset does not have become
/// U+FFFD.
pub(super) fn text<'a>(bytes: &'a [u8], label: Option<&str>, content: Content) -> Cow<'a, str> {
    #[cfg(feature = "mail")]
    if label.is_some_and(is_utf_7) && bytes.is_ascii() {
        return charset::UTF_7.decode_without_bom_handling(bytes).0;
    }
    if wide(bytes).or_else(|| shifted(bytes)).is_none()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text));
    }
    let guess = guess(bytes, true, content);
    let said = label.and_then(labelled).filter(|said| *said != UTF_8 && !is_belied(said, bytes));
    let encoding = match said {
        Some(said) if guess.mark == 0 && ![UTF_8, ISO_2022_JP].contains(&guess.encoding) => said,
        _ => guess.encoding,
    };
    encoding.decode_without_bom_handling(&bytes[guess.mark..]).0
}

/// Whether bytes are not in the charset of the West that is named, as programs name it where nobody
/// has told them: read so, whole words have no plain letter, or signs stand inside of words.
fn is_belied(said: &'static Encoding, bytes: &[u8]) -> bool {
    /// Such words at least.
    const WORDS: usize = 3;
    /// Letters of Central Europe, as this charset reads them.
    const SIGNS: [char; 10] = ['³', '¹', '¿', '£', '¥', '¯', '±', '¶', '¼', '¾'];
    if said != WINDOWS_1252 && said != ISO_8859_15 {
        return false;
    }
    let text = said.decode_without_bom_handling(bytes).0;
    let words = text.split(|c: char| !c.is_alphabetic() && !SIGNS.contains(&c));
    let is_odd = |word: &&str| {
        let is_foreign = word.chars().count() > 3 && word.chars().all(|c| !c.is_ascii());
        let mut letters = word.chars().skip_while(|c| !c.is_ascii_alphabetic()).skip(1);
        is_foreign
            || (letters.any(|c| SIGNS.contains(&c)) && word.ends_with(|c: char| c.is_ascii_alphabetic()))
    };
    words.filter(|word| !word.is_ascii()).filter(is_odd).nth(WORDS - 1).is_some()
}

/// The charset of Japanese mail: all of it is ASCII, and a shift says that characters come.
fn shifted(bytes: &[u8]) -> Option<&'static Encoding> {
    let stands = |shift: &[u8]| memchr::memmem::find(bytes, shift).is_some();
    memchr::memchr(0x1b, bytes)?;
    (stands(b"\x1b$B") || stands(b"\x1b$@")).then_some(ISO_2022_JP)
}

/// UTF-16 without its mark: some of the first bytes are zeros, all at odd or all at even places.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    const LOOK: usize = 256;
    let head = &head[..head.len().min(LOOK) & !1];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    // Text of another script than Latin has them at its blanks and marks at least.
    let most = |some: usize, none: usize| some >= 4 && none == 0;
    match (zeros(0), zeros(1)) {
        (even, odd) if most(odd, even) => Some(UTF_16LE),
        (even, odd) if most(even, odd) => Some(UTF_16BE),
        _ => None,
    }
}

fn is_utf_8(head: &[u8], content: Content) -> bool {
    // Most files are, and this is told faster than where they are not.
    if std::str::from_utf8(head).is_ok() {
        return true;
    }
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
    use encoding_rs::{GB18030, KOI8_R, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251};

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
    fn japanese_mail_is_told_by_its_shifts_whatever_its_label() {
        let printed = "港湾評議会は北埠頭を閉鎖する。";
        let bytes = b"\x1b$B9AOQI>5D2q$OKLIVF,$rJD:?$9$k!#\x1b(B";
        for label in [None, Some("iso-2022-jp"), Some("utf-8"), Some("us-ascii"), Some("shift_jis")] {
            assert_eq!(text(bytes, label, Content::Text), printed, "{label:?}");
        }
        assert_eq!(guess(bytes, true, Content::Markup).encoding, ISO_2022_JP);
        assert_eq!(
            text(b"\xf0\xd2\xc9\xda\xd2\xc1\xcb", Some("x-user-defined"), Content::Text).chars().count(),
            7
        );
        assert_eq!(labelled("x-user-defined"), None);
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
    fn labels_are_known_however_they_are_spelt() {
        for (label, name) in [
            ("cp-1251", "windows-1251"),
            ("win-1251", "windows-1251"),
            ("WINDOWS_1251", "windows-1251"),
            ("uft-8", "UTF-8"),
            ("utf8mb4", "UTF-8"),
            ("iso8859_15", "ISO-8859-15"),
            ("latin-9", "ISO-8859-15"),
            ("koi8", "KOI8-R"),
            ("gb2312", "GBK"),
            ("gb-2312", "gb18030"),
            ("cp932", "Shift_JIS"),
        ] {
            assert_eq!(labelled(label).map(Encoding::name), Some(name), "{label}");
        }
        for label in ["x-unknown", "unknown-8bit", "default", "", "us-ascii", "ansi"] {
            assert_eq!(labelled(label), None, "{label}");
        }
    }

    #[test]
    fn bytes_become_text_whatever_their_label() {
        let (bytes, ..) = WINDOWS_1251.encode(RUSSIAN);
        for label in [Some("cp-1251"), Some("x-unknown"), Some("utf-8"), None] {
            assert_eq!(text(&bytes, label, Content::Text), RUSSIAN, "{label:?}");
        }
        assert_eq!(text(RUSSIAN.as_bytes(), Some("koi8-r"), Content::Text), RUSSIAN);
        let wide: Vec<u8> = RUSSIAN.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&wide, None, Content::Text), RUSSIAN);
    }

    #[test]
    fn a_label_of_the_west_is_belied_by_letters_of_others() {
        let polish = "Rada portu postanowiła w środę zamknąć północne nabrzeże do końca wiosny. \
                      Statki będą cumować przy starej stoczni, a pasażerów zabiorą autobusy.";
        for (encoding, printed) in [(WINDOWS_1251, RUSSIAN), (WINDOWS_1250, polish)] {
            let (bytes, ..) = encoding.encode(printed);
            assert_eq!(text(&bytes, Some("iso-8859-1"), Content::Text), printed);
            let feed = [b"<?xml version='1.0' encoding='iso-8859-1'?>".as_slice(), &bytes].concat();
            assert_eq!(guess(&feed, true, Content::Markup).encoding, encoding);
        }
        let (bytes, ..) = WINDOWS_1252.encode(FRENCH);
        assert_eq!(text(&bytes, Some("iso-8859-1"), Content::Text), FRENCH);
        let signs =
            "60 m\u{b2} f\u{fc}r 5\u{a3} im \u{d6}l\u{e4}\u{f6}\u{fc} \u{bf}Qu\u{e9}? 20\u{b1}3, Stra\u{df}e";
        let (bytes, ..) = WINDOWS_1252.encode(signs);
        assert_eq!(text(&bytes, Some("iso-8859-1"), Content::Text), signs);
    }

    #[test]
    fn a_head_may_end_inside_a_character() {
        let head = &"abc дом".as_bytes()[..9];
        assert_eq!(guess(head, false, Content::Text).encoding, UTF_8);
    }
}
