//! From the parts of a mail to its text, and to the messages in it.

use super::super::charset::{self, Content};
use super::super::page;
use super::{flowed, mailer, quoted, subject};
use ahash::AHashSet;
use mailparse::body::Body;
use mailparse::{DispositionType, MailHeaderMap, MailParseError, ParsedMail};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Words of a text that is more than a line to go with an attachment.
const NOTE: usize = 40;

/// What a mail holds: its own text, and the messages that came with it.
#[derive(Default)]
pub(super) struct Parts<'a, 'm> {
    /// What is shown, in order.
    texts: Vec<String>,
    /// Texts that were sent as files, each with the name of its file.
    files: Vec<(String, String)>,
    /// Names of files that are not read, or their kinds.
    unread: Vec<String>,
    pub(super) messages: Vec<&'a ParsedMail<'m>>,
    /// Raw messages in parts that the crate does not look into.
    pub(super) raw: Vec<Vec<u8>>,
    /// Whether the subject says that the mail passes another one on.
    passes_on: bool,
}

impl<'a, 'm> Parts<'a, 'm> {
    pub(super) fn of(mail: &'a ParsedMail<'m>) -> Result<Self, MailParseError> {
        let passes_on = header(mail, "Subject").is_some_and(|subject| subject::passes_on(&subject));
        let mut parts = Self { passes_on, ..Self::default() };
        parts.add(mail, "")?;
        Ok(parts)
    }

    /// The text of the mail: what is shown, or what was sent as a file where that is a note at most.
    pub(super) fn text(&self) -> String {
        let shown = self.texts.join("\n\n");
        if self.files.is_empty() || !is_short(&shown) {
            return shown.trim().to_owned();
        }
        let files = self.files.iter().map(|(_, text)| text.as_str());
        let all: Vec<&str> = std::iter::once(shown.trim()).chain(files).collect();
        all.join("\n\n").trim().to_owned()
    }

    /// The texts that were sent as files and are no part of [`Self::text`], if they are more than a
    /// note, with their names.
    pub(super) fn attached(&self) -> impl Iterator<Item = (&str, &str)> {
        let has_own = !self.files.is_empty() && !is_short(&self.texts.join(" "));
        let files = if has_own { &self.files[..] } else { &[] };
        let texts = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        texts.filter(|(_, text)| !is_short(text))
    }

    /// What came with the mail and is not read, for one that has no text.
    pub(super) fn unread(&self) -> Option<&str> {
        self.unread.first().map(String::as_str)
    }

    /// Whether its own text is a note at most.
    pub(super) fn is_note(&self) -> bool {
        is_short(&self.text())
    }

    fn add(&mut self, part: &'a ParsedMail<'m>, around: &str) -> Result<(), MailParseError> {
        let kind = kind(part, around);
        if kind == "message/rfc822" || kind == "message/global" {
            match part.subparts.first() {
                Some(inner) => self.messages.push(inner),
                None => self.raw.push(part.get_body_raw()?),
            }
            return Ok(());
        }
        if kind == "multipart/alternative" {
            let chosen = alternative(part, self.passes_on)?;
            self.texts.extend(Some(chosen).filter(|text| !text.is_empty()));
            return part
                .subparts
                .iter()
                .filter(|inner| inner.ctype.mimetype.starts_with("multipart/"))
                .try_for_each(|inner| {
                    // Texts in it were weighed already; messages and files were not.
                    let mut deeper = Self::default();
                    deeper.add(inner, &kind)?;
                    self.messages.append(&mut deeper.messages);
                    self.files.append(&mut deeper.files);
                    self.unread.append(&mut deeper.unread);
                    Ok(())
                });
        }
        if !part.subparts.is_empty() {
            return part.subparts.iter().try_for_each(|inner| self.add(inner, &kind));
        }
        let name = name(part);
        let is_file = part.get_content_disposition().disposition == DispositionType::Attachment;
        let is_html = HTML.contains(&kind.as_str());
        let says_text = [".txt", ".text", ".html", ".htm"].iter().any(|end| name.ends_with(end));
        if is_html || PLAIN.contains(&kind.as_str()) || says_text {
            let is_page = [".html", ".htm"].iter().any(|end| name.ends_with(end));
            let text = text_of(part, is_html || is_page, self.passes_on)?;
            if !text.is_empty() {
                if is_file || says_text { self.files.push((name, text)) } else { self.texts.push(text) }
            }
        } else {
            self.unread.push(if name.is_empty() { kind } else { name });
        }
        Ok(())
    }
}

/// Kinds of parts that hold a text in markup: tags of text/enriched are in the brackets of HTML.
const HTML: [&str; 4] = ["text/html", "application/xhtml+xml", "text/enriched", "text/richtext"];

/// Kinds of parts that hold a text as it is read.
const PLAIN: [&str; 4] = ["text/plain", "text/markdown", "text/x-markdown", "text/x-web-markdown"];

/// The kind of a part, in lower case; in a digest it is a message where nothing is said.
fn kind(part: &ParsedMail<'_>, around: &str) -> String {
    let is_told = part.headers.get_first_header("Content-Type").is_some();
    if around == "multipart/digest" && !is_told {
        return "message/rfc822".to_owned();
    }
    part.ctype.mimetype.to_ascii_lowercase()
}

fn name(part: &ParsedMail<'_>) -> String {
    let disposition = part.get_content_disposition();
    let name = disposition.params.get("filename").or_else(|| part.ctype.params.get("name"));
    name.map_or_else(String::new, |name| name.to_ascii_lowercase())
}

/// Whether a text has fewer words than make a story; no more of them are counted.
fn is_short(text: &str) -> bool {
    text.split_whitespace().nth(NOTE - 1).is_none()
}

/// The text of one part, in whatever charset it is; `passes_on` says that a mail in it is the story.
fn text_of(part: &ParsedMail<'_>, is_html: bool, passes_on: bool) -> Result<String, MailParseError> {
    let bytes = body(part)?;
    // The crate puts us-ascii where nothing is said.
    let label = part.ctype.params.get("charset").map(String::as_str);
    let content = if is_html { Content::Markup } else { Content::Text };
    let text = charset::text(&bytes, label, content);
    let own = |text: &str| {
        let above = if passes_on { text } else { quoted::above_original(text) };
        mailer::written(above)
    };
    if is_html {
        // Of the line over a signature HTML drops the blank.
        return Ok(own(&page::mail(&text).replace("\n--\n", "\n-- \n")).trim().to_owned());
    }
    let says = |name: &str, what: &str| {
        part.ctype.params.get(name).is_some_and(|value| value.trim().eq_ignore_ascii_case(what))
    };
    let text =
        if says("format", "flowed") { flowed::joined(&text, says("delsp", "yes")).into() } else { text };
    Ok(quoted::settled(&own(&text)).trim().to_owned())
}

/// The bytes of a part. Of those in quoted-printable that are none, as some mailers send them, the
/// crate would lose each byte.
fn body(part: &ParsedMail<'_>) -> Result<Vec<u8>, MailParseError> {
    if let Body::QuotedPrintable(body) = part.get_body_encoded()
        && !body.get_raw().is_ascii()
    {
        let escaped = body.get_raw().iter().fold(Vec::new(), |mut out, byte| {
            match byte {
                byte if byte.is_ascii() => out.push(*byte),
                byte => out.extend_from_slice(format!("={byte:02X}").as_bytes()),
            }
            out
        });
        let head = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n";
        return mailparse::parse_mail(&[head, &escaped[..]].concat())?.get_body_raw();
    }
    part.get_body_raw()
}

/// Of several forms of one text the plain one, unless it is a stub beside the other.
fn alternative(part: &ParsedMail<'_>, passes_on: bool) -> Result<String, MailParseError> {
    let (mut plain, mut html) = (String::new(), String::new());
    for inner in part.parts().filter(|inner| inner.subparts.is_empty()) {
        if inner.get_content_disposition().disposition == DispositionType::Attachment {
            continue;
        }
        let kind = inner.ctype.mimetype.to_ascii_lowercase();
        let slot = match kind.as_str() {
            "text/plain" => &mut plain,
            "text/html" => &mut html,
            _ => continue,
        };
        let text = text_of(inner, kind == "text/html", passes_on)?;
        if text.len() > slot.len() {
            *slot = text;
        }
    }
    Ok(if is_stub(&plain, &html) { html } else { plain })
}

/// Whether `plain` only stands for `html`: it says far less, or something else at no greater length.
fn is_stub(plain: &str, html: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<AHashSet<_>>();
    let (short, long) = (words(plain), words(html));
    let shared = long.intersection(&short).count();
    let (few, many) = (plain.split_whitespace().count(), html.split_whitespace().count());
    many > 0 && (few == 0 || many > 2 * few || (2 * shared < long.len() && 2 * many >= few))
}

/// The value of a header: words in a charset that is misspelt, or bytes in none that is told, are
/// read as files are.
pub(super) fn header(mail: &ParsedMail<'_>, name: &str) -> Option<String> {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"=\?([^?*\s]*)(\*[^?]*)?\?([bBqQ])\?").expect("a sound pattern"));
    let found = mail.headers.get_first_header(name)?;
    let raw = charset::text(found.get_value_raw(), None, Content::Text).into_owned();
    if !raw.contains("=?") {
        let words: Vec<&str> = raw.split_whitespace().collect();
        return Some(words.join(" "));
    }
    let known = LABEL.replace_all(&raw, |found: &Captures<'_>| {
        let encoding = charset::labelled(&found[1]).unwrap_or(encoding_rs::UTF_8);
        let name = if charset::is_utf_7(&found[1]) { "utf-7" } else { encoding.name() };
        format!("=?{name}?{}?", &found[3])
    });
    let line = format!("X: {known}");
    let (decoded, _) = mailparse::parse_header(line.as_bytes()).ok()?;
    Some(decoded.get_value().trim().to_owned())
}

/// A multipart whose boundary is not told, with the boundary that its first line shows.
pub(super) fn with_boundary(mail: &ParsedMail<'_>, content: &[u8]) -> Option<Vec<u8>> {
    let is_broken =
        mail.ctype.mimetype.to_ascii_lowercase().starts_with("multipart/") && mail.subparts.is_empty();
    if !is_broken {
        return None;
    }
    let body = mail.get_body_raw().ok()?;
    let line = body.split(|byte| *byte == b'\n').find(|line| line.starts_with(b"--"))?;
    let boundary = std::str::from_utf8(line.trim_ascii_end()).ok()?.strip_prefix("--")?;
    if boundary.is_empty() || boundary.contains('"') {
        return None;
    }
    let kind = format!("Content-Type: {}; boundary=\"{boundary}\"\r\n", mail.ctype.mimetype);
    let rest = content.split_inclusive(|byte| *byte == b'\n').scan((true, false), |(is_head, drop), line| {
        if *is_head {
            let goes_on = line.starts_with(b" ") || line.starts_with(b"\t");
            *drop = if goes_on { *drop } else { line.to_ascii_lowercase().starts_with(b"content-type:") };
            *is_head = !line.trim_ascii().is_empty();
            return Some(if *drop { &[][..] } else { line });
        }
        Some(line)
    });
    Some(kind.into_bytes().into_iter().chain(rest.flatten().copied()).collect())
}
