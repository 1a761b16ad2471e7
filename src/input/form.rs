//! From the name and the first bytes of a file to how it is read.

use super::fields::Role;
use super::mail;
use super::wire::ninjs;
use memchr::memmem;
use std::path::Path;

/// How a file is to be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    /// One story in plain text.
    Text,
    /// A story a line.
    Lines,
    /// JSON of any shape.
    Json,
    /// A whole of tags: NITF, NewsML, a feed, a page. The root says which.
    Markup,
    /// Stories between control characters: IPTC 7901, ANPA 1312.
    Telegraph,
    /// A story a row; the byte that parts the fields, if the name says it.
    Table(Option<u8>),
    /// A story a row, in columns.
    Parquet,
    /// What a crawler met.
    Warc,
    /// A mail, or a box of them.
    Mail,
    /// Files in one.
    Zip,
    /// Files in one.
    Tar,
}

/// Extensions of what is read, for messages.
pub(super) const READ: &str = ".txt, .json, .jsonl, .xml, .html, .csv, .parquet or .warc files and their like, \
                               also .gz, .zst, .bz2, .xz, .zip and .tar";

impl Form {
    /// Whether the file is read as a whole, by whoever parses it.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Text | Self::Markup | Self::Telegraph | Self::Mail)
    }

    /// What the extension says, under that of the packing; `None` where it says nothing.
    pub(super) fn by_name(path: &Path) -> Option<Self> {
        let last = |path: &Path| Some(path.extension()?.to_str()?.to_ascii_lowercase());
        let mut extension = last(path)?;
        if ["gz", "zst", "bz2", "xz"].contains(&extension.as_str()) {
            extension = last(&path.with_extension(""))?;
        }
        Some(match extension.as_str() {
            "txt" | "text" => Self::Text,
            "json" | "ninjs" | "jsonfeed" => Self::Json,
            "jsonl" | "ndjson" => Self::Lines,
            "xml" | "nitf" | "newsml" | "nml" | "g2" | "rss" | "atom" | "rdf" | "html" | "htm" | "xhtml" => {
                Self::Markup
            }
            "eml" | "mbox" => Self::Mail,
            "iptc" | "iptc7901" | "7901" | "anpa" | "anpa1312" => Self::Telegraph,
            "csv" => Self::Table(None),
            "tsv" | "tab" => Self::Table(Some(b'\t')),
            "parquet" | "pq" => Self::Parquet,
            "warc" | "wet" => Self::Warc,
            "zip" => Self::Zip,
            // The short ones tell of the packing too.
            "tar" | "tgz" | "tbz2" | "txz" | "tzst" => Self::Tar,
            _ => return None,
        })
    }

    /// How a file is read whose name says `named`: as its content says beyond doubt, else as its
    /// name does.
    pub(super) fn of(named: Option<Self>, head: &[u8]) -> Option<Self> {
        match (named, Self::by_content(head)) {
            // Whoever reads JSON tells its shapes apart.
            (Some(Self::Lines), Some(Self::Json)) => named,
            (_, found) => found.or(named),
        }
    }

    /// What the first bytes say beyond doubt; `None` where they could be anything.
    pub(super) fn by_content(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        match head {
            _ if head.starts_with(b"PAR1") => return Some(Self::Parquet),
            _ if head.starts_with(b"PK\x03\x04") => return (!is_office(head)).then_some(Self::Zip),
            _ if head.get(257..262) == Some(b"ustar") => return Some(Self::Tar),
            _ if text.starts_with(b"WARC/") => return Some(Self::Warc),
            _ if mail::begins(text) => return Some(Self::Mail),
            _ => {}
        }
        if is_telegraph(head) {
            return Some(Self::Telegraph);
        }
        match text.first() {
            Some(b'<') if root_of(text).is_some_and(|root| Root::of(root) != Root::Other) => {
                Some(Self::Markup)
            }
            Some(b'{' | b'[') if opens_json(text) && has_text(text) => Some(Self::Json),
            _ => None,
        }
    }
}

/// Whether a start-of-header stands where a telegraph puts it: first, but for padding, or after a
/// line of the circuit such as `ZCZC` if a start-of-text follows.
pub(super) fn is_telegraph(head: &[u8]) -> bool {
    const SYN: u8 = 0x16;
    const SOH: u8 = 0x01;
    const STX: u8 = 0x02;
    /// Bytes of a line of the circuit at most.
    const CIRCUIT: usize = 80;
    let Some(start) = memchr::memchr(SOH, head) else { return false };
    let is_padding = |byte: &u8| *byte == SYN || byte.is_ascii_whitespace();
    let is_first = head[..start].iter().all(is_padding);
    let is_line = |byte: &u8| byte.is_ascii_graphic() || is_padding(byte);
    let is_next =
        start < CIRCUIT && head[..start].iter().all(is_line) && memchr::memchr(STX, &head[start..]).is_some();
    (is_first || is_next) && memchr::memchr(0, head).is_none()
}

/// Whether a zip archive is a document of an office program or a book, which hold no stories.
fn is_office(head: &[u8]) -> bool {
    const FIRST: [&[u8]; 4] = [b"[Content_Types].xml", b"mimetype", b"META-INF/", b"_rels/"];
    FIRST.iter().any(|name| head.get(30..).is_some_and(|names| names.starts_with(name)))
}

/// Whether JSON begins here rather than a text in brackets.
fn opens_json(text: &[u8]) -> bool {
    let inner = text[1..].trim_ascii_start().first();
    match text[0] {
        b'{' => inner == Some(&b'"'),
        _ => inner == Some(&b'{'),
    }
}

/// Whether JSON names a text, or what only ninjs and JSON Feed have: other JSON lies about in
/// every folder.
fn has_text(head: &[u8]) -> bool {
    let head = head.to_ascii_lowercase();
    let mut names = Role::stories().chain(ninjs::MARKS.iter().copied());
    let quoted = |name: &str| format!("\"{}\"", name.to_lowercase());
    names.any(|name| memmem::find(&head, quoted(name).as_bytes()).is_some())
}

/// The kinds of documents that a root element tells apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Root {
    Nitf,
    NewsMl1,
    NewsMlG2,
    Feed,
    Page,
    Alto,
    PageXml,
    Mets,
    /// Records of fields with names, as search engines and databases give them.
    Fields,
    Tei,
    Jats,
    Other,
}

impl Root {
    pub(super) fn of(name: &[u8]) -> Self {
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or(name).to_ascii_lowercase();
        match local.as_slice() {
            b"nitf" => Self::Nitf,
            b"newsml" => Self::NewsMl1,
            b"newsitem" | b"newsmessage" | b"packageitem" => Self::NewsMlG2,
            b"rss" | b"feed" | b"rdf" => Self::Feed,
            b"html" => Self::Page,
            b"alto" => Self::Alto,
            b"pcgts" => Self::PageXml,
            b"mets" => Self::Mets,
            b"add" | b"response" | b"resultset" | b"mysqldump" => Self::Fields,
            b"tei" | b"tei.2" | b"teicorpus" | b"teicorpus.2" => Self::Tei,
            b"article" => Self::Jats,
            _ => Self::Other,
        }
    }
}

/// Whether the name of a file says that it is a page: HTML may begin with any element.
pub(super) fn says_page(path: &Path) -> bool {
    let plain = path.with_extension("");
    let mut names = [path, &plain].into_iter().filter_map(|path| path.extension()?.to_str());
    names.any(|name| ["html", "htm", "xhtml"].iter().any(|page| page.eq_ignore_ascii_case(name)))
}

/// The name of the first element, past declarations, comments and blanks. A page may say that it
/// is one by its document type alone.
pub(super) fn root_of(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest).trim_ascii_start();
        let end: &[u8] = match rest {
            _ if rest.starts_with(b"<!--") => b"-->",
            _ if rest.starts_with(b"<?") => b"?>",
            _ if rest.starts_with(b"<!") => {
                if rest.get(2..14).is_some_and(|kind| kind.eq_ignore_ascii_case(b"DOCTYPE html")) {
                    return Some(b"html");
                }
                let subset = memchr::memchr2(b'[', b'>', rest).is_some_and(|at| rest[at] == b'[');
                if subset { b"]>" } else { b">" }
            }
            _ => break,
        };
        rest = &rest[memmem::find(rest, end)? + end.len()..];
    }
    let name = rest.strip_prefix(b"<")?;
    let length = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    let name = &name[..length.unwrap_or(name.len())];
    name.first().is_some_and(u8::is_ascii_alphabetic).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_under_any_packing() {
        for (name, form) in [
            ("a.txt", Some(Form::Text)),
            ("a.XML.gz", Some(Form::Markup)),
            ("a.warc.gz", Some(Form::Warc)),
            ("a.tsv.bz2", Some(Form::Table(Some(b'\t')))),
            ("a.tar.xz", Some(Form::Tar)),
            ("a.tgz", Some(Form::Tar)),
            ("a.md", None),
            ("a", None),
        ] {
            assert_eq!(Form::by_name(Path::new(name)), form, "{name}");
        }
    }

    #[test]
    fn content_goes_before_a_name_that_lies() {
        let of = |name: &str, head: &[u8]| Form::of(Form::by_name(Path::new(name)), head);
        assert_eq!(of("a.txt", b"{\"text\":\"x\"}"), Some(Form::Json));
        assert_eq!(of("a.json", b"<nitf>"), Some(Form::Markup));
        assert_eq!(of("a.csv", b"PAR1"), Some(Form::Parquet));
        assert_eq!(of("a.jsonl", b"{\"text\":\"x\"}"), Some(Form::Lines));
        assert_eq!(of("a.csv", b"id,text\n"), Some(Form::Table(None)));
        assert_eq!(of("a.md", b"id,text\n"), None);
    }

    #[test]
    fn content_tells_where_the_name_does_not() {
        for (head, form) in [
            (
                &b"\xef\xbb\xbf<?xml version='1.0'?>\n<!DOCTYPE nitf SYSTEM \"x.dtd\">\n<nitf>"[..],
                Some(Form::Markup),
            ),
            (b"<!DOCTYPE x [<!ENTITY a \"<b>\">]><!-- <html> --><n:newsItem a='1'>", Some(Form::Markup)),
            (b"<!doctype HTML>\n<p>", Some(Form::Markup)),
            (b"<svg xmlns='x'>", None),
            (b"WARC/1.0\r\n", Some(Form::Warc)),
            (b"PAR1\x15", Some(Form::Parquet)),
            (b"\x16\x16\x01a0001", Some(Form::Telegraph)),
            (b"ZCZC\r\n\x01a1 4 i 9\r\n\x02Head =", Some(Form::Telegraph)),
            (b"ZCZC\r\n\x01a1", None),
            (b"Z\xfe\x01a\x02", None),
            (b"PK\x03\x04..........................[Content_Types].xml", None),
            (b"[Reuters] A \"text\" of an hour", None),
            (b"{\"BODY_TEXT\":\"x\"}", Some(Form::Json)),
            (b"\x01\0", None),
            (b" [{\"body\":1}]", Some(Form::Json)),
            (b"{\"type\":\"Feature\"}", None),
            (b"", None),
        ] {
            assert_eq!(Form::by_content(head), form, "{}", String::from_utf8_lossy(head));
        }
    }
}
