//! From the text of a mail to what was written: headers of a mail that it passes on, and the signature,
//! are of the mailer.

use super::foot;
use memchr::memmem::Finder;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What the line says that opens a mail passed on in the text, between dashes.
const FORWARDED: [&str; 15] = [
    "forwarded message",
    "weitergeleitete nachricht",
    "message transféré",
    "mensaje reenviado",
    "messaggio inoltrato",
    "mensagem encaminhada",
    "wiadomość przekazana",
    "przekazana wiadomość",
    "přeposlaná zpráva",
    "doorgestuurd bericht",
    "vidarebefordrat meddelande",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "переслане повідомлення",
    "yönlendirilen ileti",
];
/// What the line says under which a mailer puts the whole mail, whether it is answered or passed on.
const ORIGINAL: [&str; 32] = [
    "original message",
    "original email",
    "original appointment",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "message d'origine",
    "message d’origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
    "origineel bericht",
    "oryginalna wiadomość",
    "wiadomość oryginalna",
    "původní zpráva",
    "pôvodná správa",
    "исходное сообщение",
    "оригинальное сообщение",
    "вихідне повідомлення",
    "оригінальне повідомлення",
    "арыгінальнае паведамленне",
    "ursprungligt meddelande",
    "oprindelig meddelelse",
    "opprinnelig melding",
    "alkuperäinen viesti",
    "eredeti üzenet",
    "mesaj original",
    "mesajul original",
    "özgün ileti",
    "orijinal ileti",
];
/// The headers of a mail passed on without such a line, as Outlook writes them: the sender first, the
/// subject last.
const FROM: [&str; 17] = [
    "From",
    "Von",
    "De",
    "Da",
    "Van",
    "От",
    "Від",
    "Ад",
    "Od",
    "Kimden",
    "Gönderen",
    "Från",
    "Fra",
    "Lähettäjä",
    "Feladó",
    "De la",
    "Expéditeur",
];
/// First bytes of such a sender, also quoted or set off, and of a line of dashes; others are beyond ASCII.
const OPENS: &[u8] = b"FVDOKGLE*> -";
const SUBJECT: [&str; 17] = [
    "Subject",
    "Betreff",
    "Objet",
    "Asunto",
    "Assunto",
    "Oggetto",
    "Onderwerp",
    "Тема",
    "Тэма",
    "Temat",
    "Předmět",
    "Predmet",
    "Konu",
    "Ämne",
    "Emne",
    "Aihe",
    "Tárgy",
];
/// Headers under such a line, or of such a mail, at most.
const HEADERS: usize = 12;
/// The line over what a mailing list adds, and more of the same sign.
const RULE: &str = "\n____________________";
/// The line over a signature (RFC 3676, 4.3).
const SIGNATURE: &str = "\n-- \n";
/// Lines of a signature at most: more is a story under a rule.
const LINES: usize = 8;

/// `text` without what the mailer wrote. Cost: one pass.
pub(super) fn written(text: &str) -> String {
    let text = if memchr::memchr(b'\r', text.as_bytes()).is_some() {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let text = unarmoured(&text).map_or(text, Cow::Owned);
    let text = without_pictures(&text).map_or(text, Cow::Owned);
    let text = foot::below_head(&text);
    let end = last(text, SIGNATURE).filter(|&end| text[end..].trim_end().lines().count() <= LINES + 2);
    let text = &text[..end.unwrap_or(text.len())];
    let is_list = |&end: &usize| {
        let foot = &text[end + 1..];
        // Over the headers of a mail it is the rule of the mailer.
        if headers(&foot[line(foot).len()..]).is_some() {
            return false;
        }
        // A list says where it is; without that it is a story that goes on under a rule.
        if !foot.contains('@') && !foot.contains("://") {
            return false;
        }
        let mut lines = foot.trim_end().lines();
        lines.next().is_some_and(|rule| rule.trim_end().bytes().all(|byte| byte == b'_'))
            && lines.by_ref().take(LINES).count() < LINES
    };
    let text = foot::cut(&text[..last(text, RULE).filter(is_list).unwrap_or(text.len())]);
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while !rest.is_empty() {
        let headers = passed_on(rest).or_else(|| headers(rest));
        let length = headers.unwrap_or_else(|| line(rest).len());
        if headers.is_none() {
            out.push_str(&rest[..length]);
        } else {
            // The rule over them is the mailer's, too.
            let above = out.trim_end_matches('\n');
            if above.ends_with(RULE.trim_start()) {
                out.truncate(above.trim_end_matches('_').len());
            }
        }
        rest = &rest[length..];
    }
    out
}

/// Where `mark` stands last in `text`: most texts have none, and that is known sooner from the front.
fn last(text: &str, mark: &str) -> Option<usize> {
    memchr::memmem::find(text.as_bytes(), mark.as_bytes())?;
    text.rfind(mark)
}

/// The text of a signed mail (RFC 4880, 7), without its armour.
fn unarmoured(text: &str) -> Option<String> {
    const BEGINS: &str = "-----BEGIN PGP SIGNED MESSAGE-----\n";
    static ARMOUR: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(BEGINS));
    let at = ARMOUR.find(text.as_bytes())?;
    let (above, signed) = (&text[..at], &text[at + BEGINS.len()..]);
    let (_, signed) = signed.split_once("\n\n")?;
    let (signed, signature) = signed.split_once("\n-----BEGIN PGP SIGNATURE-----\n")?;
    let below = signature.split_once("-----END PGP SIGNATURE-----")?.1;
    let lines = signed.lines().map(|line| line.strip_prefix("- ").unwrap_or(line));
    let signed: Vec<&str> = lines.collect();
    Some([above, &signed.join("\n"), below].concat())
}

/// A text without the names of the pictures that stand in it: `[cid:image001.png@01DA9B2E.5A5A5A50]`.
fn without_pictures(text: &str) -> Option<String> {
    const OPENS: &str = "[cid:";
    static PICTURE: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(OPENS));
    PICTURE.find(text.as_bytes())?;
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((above, behind)) = rest.split_once(OPENS) {
        out.push_str(above);
        let end = behind.find(|c: char| c == ']' || c.is_whitespace());
        let named = end.and_then(|end| behind[end..].strip_prefix(']'));
        if named.is_none() {
            out.push_str(OPENS);
        }
        rest = named.unwrap_or(behind);
    }
    out.push_str(rest);
    Some(out)
}

/// Whether a text can begin with a line or headers of a mailer: most lines are told by their first byte.
fn may_open(text: &str) -> bool {
    text.as_bytes().first().is_some_and(|first| !first.is_ascii() || OPENS.contains(first))
}

/// Where a mail begins that is put whole under what was written: its first line, its headers, or the
/// rule over these.
pub(super) fn original(text: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if !may_open(rest) {
            at += line(rest).len();
            continue;
        }
        let opens = opening(rest).is_some_and(|said| ORIGINAL.contains(&said.as_str()));
        if (opens && passed_on(rest).is_some()) || headers(rest).is_some() {
            return Some(text[..at].trim_end_matches(['_', '\n', '\r', ' ']).len());
        }
        at += line(rest).len();
    }
    None
}

/// The first line of a text, with its end.
fn line(text: &str) -> &str {
    &text[..memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1)]
}

/// The length of a line that opens a mail passed on and of the headers under it, if `text` begins so.
fn passed_on(text: &str) -> Option<usize> {
    if !text.starts_with("--") && !text.starts_with(['b', 'B']) {
        return None;
    }
    let is_known =
        |said: String| [&FORWARDED[..], &ORIGINAL].iter().any(|lines| lines.contains(&said.as_str()));
    let opens = opening(text).is_some_and(is_known)
        || line(text).trim_end().eq_ignore_ascii_case("begin forwarded message:");
    if !opens {
        return None;
    }
    let mut length = line(text).len();
    let blank = line(&text[length..]);
    length += if blank.trim_matches([' ', '\t']) == "\n" { blank.len() } else { 0 };
    let start = length;
    for _ in 0..HEADERS {
        let next = line(&text[length..]);
        length += if name(next).is_some() { next.len() } else { 0 };
    }
    (length > start).then_some(length)
}

/// What the first line of a text says between dashes, in lower case.
fn opening(text: &str) -> Option<String> {
    if !text.starts_with("--") {
        return None;
    }
    let said = line(text).trim_end();
    said.ends_with("--").then(|| said.trim_matches('-').trim_matches(' ').to_lowercase())
}

/// The length of headers of a mail that `text` begins with.
fn headers(text: &str) -> Option<usize> {
    if !may_open(text) {
        return None;
    }
    let is_from = |line: &str| name(line).is_some_and(|name| FROM.contains(&name));
    if !is_from(line(text)) {
        return None;
    }
    let mut length = line(text).len();
    for _ in 0..HEADERS {
        let next = line(&text[length..]);
        let name = name(next)?;
        length += next.len();
        if SUBJECT.contains(&name) {
            return Some(length);
        }
    }
    None
}

/// The name of a header, also of one that is quoted or set off by a star.
fn name(line: &str) -> Option<&str> {
    /// Characters of one.
    const LONG: std::ops::RangeInclusive<usize> = 2..=21;
    let line = line.strip_prefix(['*', '>']).unwrap_or(line);
    let line = line.strip_prefix(' ').unwrap_or(line);
    let end = line.bytes().take(4 * LONG.end()).position(|byte| byte == b':')?;
    let name = &line[..end];
    let is_name = !name.starts_with(' ') && LONG.contains(&name.chars().count());
    is_name.then(|| name.trim_end_matches('*'))
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn what_the_mailer_wrote_is_left_out() {
        let mail = "For tonight.\n\n---------- Forwarded message ---------\nFrom: Wire <w@x.example>\n\
                    Date: Tue, 30 Apr 2024\nSubject: Bridge\n\nThe bridge is closed.\n-- \nDesk, phone 123\n";
        assert_eq!(written(mail), "For tonight.\n\n\nThe bridge is closed.");
        let apple = "Begin forwarded message:\r\n\r\n> From: Wire\r\n> Subject: Bridge\r\n\r\nThe bridge.";
        assert_eq!(written(apple), "\nThe bridge.");
    }

    #[test]
    fn names_of_pictures_are_left_out() {
        assert_eq!(
            written("[cid:image001.png@01DA]\nThe bridge [cid:x] is closed."),
            "\nThe bridge  is closed."
        );
        for text in ["It is [cid: what it is].", "[cid:", "He has no [cid] left."] {
            assert_eq!(written(text), text);
        }
    }

    #[test]
    fn the_armour_of_a_signed_mail_is_left_out() {
        let mail = "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nThe bridge is closed.\r\n\r\n- - A bus runs.\r\n\
                    -----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n=ab\r\n-----END PGP SIGNATURE-----\r\n";
        assert_eq!(written(mail).trim_end(), "The bridge is closed.\n\n- A bus runs.");
        let cut = &mail[..mail.len() - 40].replace("\r\n", "\n");
        assert_eq!(&written(cut), cut);
    }

    #[test]
    fn headers_without_a_line_over_them_and_the_foot_of_a_list_are_left_out() {
        let outlook = "FYI\n\nVon: Wire <w@x.example>\nGesendet: Mittwoch, 6. März 2024 10:00\nAn: Desk\n\
                       Betreff: Brücke\n\nThe bridge is closed.\n";
        assert_eq!(written(outlook), "FYI\n\n\nThe bridge is closed.\n");
        let ruled = "FYI\n\n________________________________\nFrom: Wire <w@x.example>\nSubject: Bridge\n\nIt is closed.\n";
        assert_eq!(written(ruled), "FYI\n\n\nIt is closed.\n");
        let prose = "From: where he stood, he saw it.\nTo: nobody he wrote x@y.example.\nThe bridge.\n";
        assert_eq!(written(prose), prose);
        let list = "The bridge is closed.\n_______________________________________________\nWire list\n\
                    https://lists.example/wire\n";
        assert_eq!(written(list), "The bridge is closed.");
        let parted = "The bridge is closed.\n_______________________\nThe quay stays open.\n";
        assert_eq!(written(parted), parted);
        let form = format!("Name\n____________________\n{}", "A line of the story.\n".repeat(12));
        assert_eq!(written(&form), form);
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for text in [
            "He called it a forwarded message.\nFrom: nobody\n",
            "-- Forwarded message --\n\nThe council said so.",
            "One.\n--\nTwo.",
        ] {
            assert_eq!(written(text), text);
        }
        let long = format!("Head.\n-- \n{}", "A line of the story.\n".repeat(12));
        assert_eq!(written(&long), long);
    }
}
