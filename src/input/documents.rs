//! From a file that is read as a whole to its stories: plain text, XML, pages, telegrams.

use super::charset::Content;
use super::fields::Fields;
use super::files::{Origin, Source};
use super::form::{Form, Root, is_telegraph, root_of, says_page};
use super::lines::too_long;
use super::reading::nothing_in;
use super::wire::{self, Record};
use super::{Limits, factiva, feed, library, mail, nexis, page, print, text};
use crate::error::{Error, Result};
use crate::story::Story;
use memchr::{memchr, memchr_iter};
use std::fs;
use std::path::Path;

/// Bytes that are read at once at least.
const SMALL: usize = 16 << 10;

/// Opens `source` and reads its stories.
pub(super) fn read(source: &Source, limits: Limits, fields: &Fields) -> Vec<Result<Story>> {
    let read = if source.form() == Form::Mail {
        // Each part of a mail says its charset itself.
        bytes(source, limits, Content::Binary)
            .map(|(bytes, _)| of_file(mail::stories(&bytes, &source.path), source))
    } else {
        content(source, limits).map(|content| stories(&content, source, limits, fields))
    };
    read.unwrap_or_else(|error| vec![Err(error)])
}

/// The stories in `content`, each with an id.
fn stories(content: &str, source: &Source, limits: Limits, fields: &Fields) -> Vec<Result<Story>> {
    let bytes = content.as_bytes();
    let root = root_of(bytes).map_or(Root::Other, Root::of);
    let records = match source.form() {
        _ if is_telegraph(bytes) => wire::of_telegraph(content, &source.path),
        Form::Telegraph => vec![Err(Error::input(
            "expected a story that begins with SOH, as IPTC 7901 and ANPA 1312 do, found none; \
             name the file .txt if it is plain text",
        )
        .at(&source.path, 1))],
        Form::Text if root == Root::Other && !content.trim().is_empty() && !is_markup(content) => {
            let of_archive = [nexis::stories, factiva::stories];
            if let Some(records) = of_archive.iter().find_map(|read| read(content, &source.path)) {
                return of_file(records, source);
            }
            let page = print::plain(content, &source.name, &source.path);
            return vec![Ok(page.unwrap_or_else(|| text::story(content, &source.name)))];
        }
        _ if content.trim().is_empty() => Vec::new(),
        _ => of_root(content, root, source, limits, fields),
    };
    of_file(records, source)
}

/// The stories of a file: none is an error.
fn of_file(records: Vec<Result<Record>>, source: &Source) -> Vec<Result<Story>> {
    if records.is_empty() {
        return vec![Err(nothing_in(source))];
    }
    named(records, &source.name, &source.path)
}

/// Whether a text without a known root is a document all the same: it says so, or ends with the
/// end of its first element.
fn is_markup(content: &str) -> bool {
    let content = content.trim();
    let ends = |root: &[u8]| {
        let name = content.strip_suffix('>').and_then(|rest| rest.rsplit_once("</"));
        name.is_some_and(|(_, name)| name.trim().as_bytes() == root)
    };
    content.starts_with("<?xml") || root_of(content.as_bytes()).is_some_and(ends)
}

/// Checks that there is something in each of `records`, and gives an id below `name` to those without.
pub(super) fn named(records: Vec<Result<Record>>, name: &str, path: &Path) -> Vec<Result<Story>> {
    let only = records.len() == 1;
    let mut last = (0, 0);
    let named = |record: Result<Record>| {
        let Record { line, mut story } = record?;
        if story.headline.is_empty() && story.body.is_empty() {
            let error = Error::input("expected a headline or a text, found neither; take the story out");
            return Err(error.at(path, line));
        }
        crate::wire::drop_headline(&mut story.body, &story.headline);
        last = if last.0 == line { (line, last.1 + 1) } else { (line, 1) };
        if story.id.is_empty() {
            story.id = match last.1 {
                _ if only => name.to_owned(),
                1 => format!("{name}:{line}"),
                nth => format!("{name}:{line}.{nth}"),
            };
        }
        Ok(story)
    };
    records.into_iter().map(named).collect()
}

fn of_root(
    content: &str,
    root: Root,
    source: &Source,
    limits: Limits,
    fields: &Fields,
) -> Vec<Result<Record>> {
    let path = &source.path;
    let is_open = matches!(root, Root::Other | Root::Fields | Root::Jats);
    let is_page = is_open && says_page(path) && root_of(content.as_bytes()).is_some();
    let records = match if is_page { Root::Page } else { root } {
        Root::Mets => {
            let page = |path: &Path| of_page(path, source, limits);
            let has_pages = path.is_file() || !source.beside.is_empty();
            let page: Option<&print::mets::ReadPage<'_>> = has_pages.then_some(&page);
            return print::mets::stories(content, &source.name, path, page);
        }
        Root::Alto | Root::PageXml => return print::of_xml(content, root, path),
        Root::Page if print::is_hocr(content) => return print::of_xml(content, Root::Page, path),
        Root::Page if factiva::is_page(content) => {
            let records = factiva::stories(&page::fragment(content), path);
            return records.unwrap_or_else(|| vec![Err(nothing_in(source))]);
        }
        Root::Page => page::story(content, None)
            .map(|story| vec![Record { line: 1, story }])
            .map_err(|error| error.at(path, 1)),
        Root::Feed | Root::Nitf | Root::NewsMl1 | Root::NewsMlG2 => {
            return of_exchange(content, root, path);
        }
        Root::Fields => {
            let records = library::of_fields(content, fields, &source.name, path);
            if !records.is_empty() {
                return records;
            }
            Err(unknown_root(content).at(path, 1))
        }
        Root::Tei | Root::Jats => {
            let records = library::of_xml(content, root, path);
            if !records.is_empty() {
                return records;
            }
            Err(unknown_root(content).at(path, 1))
        }
        Root::Other if feed::is_behind(content) => return feed::stories(content, path),
        Root::Other => Err(unknown_root(content).at(path, 1)),
    };
    match records {
        Ok(records) => records.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

fn unknown_root(content: &str) -> Error {
    let found = root_of(content.as_bytes()).map_or_else(
        || super::elements::shown(content.trim_start().as_bytes()),
        |name| format!("the root <{}>", String::from_utf8_lossy(name)),
    );
    Error::input(format!(
        "expected NITF, NewsML, RSS, Atom, HTML, ALTO or PAGE XML, found {found}; leave the file out"
    ))
}

/// The stories of a feed, or of a document in which newsrooms hand them over.
pub(super) fn of_exchange(content: &str, root: Root, path: &Path) -> Vec<Result<Record>> {
    if root == Root::Feed {
        return feed::stories(content, path);
    }
    match wire::of_xml(content, root, path) {
        Ok(records) => records.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// What is in a page that the METS file `issue` names.
fn of_page(path: &Path, issue: &Source, limits: Limits) -> Result<String> {
    if let Some((_, size, handle)) = issue.beside.iter().find(|(page, ..)| page == path) {
        let origin = Origin::Spool(handle.clone());
        return content(&Source::new(path, "", Some(Form::Markup), *size, origin), limits);
    }
    if !issue.beside.is_empty() {
        let text = "expected the page in the archive of its METS file, found none; fetch the archive again";
        return Err(Error::input(text).at(path, 0));
    }
    let size = fs::metadata(path).map_err(|error| Error::io(path, "open", error))?.len();
    content(&Source::new(path, "", Some(Form::Markup), size, Origin::Path), limits)
}

/// All of `source`, and whether it was in another charset than UTF-8.
fn bytes(source: &Source, limits: Limits, content: Content) -> Result<(Vec<u8>, bool)> {
    let mut stream = source.stream(content)?;
    let mut bytes = Vec::new();
    let mut length = 0;
    // One byte more than a plain file has, so that its end is met at once.
    let mut step = (source.size.min(limits.record as u64) as usize + 1).max(SMALL);
    loop {
        match stream.read_into(&mut bytes, step) {
            Ok(0) => break,
            // Less came than there was room for: it is the end, or nearly.
            Ok(count) if count < step => (length, step) = (length + count as u64, SMALL),
            Ok(count) => length += count as u64,
            Err(error) => return Err(stream.fault(error, &source.path, 0)),
        }
        if length > limits.record as u64 {
            bytes.clear();
        }
    }
    if length > limits.record as u64 {
        return Err(too_long(length, limits).at(&source.path, 0));
    }
    Ok((bytes, stream.is_foreign()))
}

/// All of `source` as UTF-8.
pub(super) fn content(source: &Source, limits: Limits) -> Result<String> {
    let content = if source.form() == Form::Markup { Content::Markup } else { Content::Text };
    let (bytes, is_foreign) = bytes(source, limits, content)?;
    if memchr(0, &bytes).is_some() {
        return Err(binary("NUL bytes").at(&source.path, 0));
    }
    let content = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = memchr_iter(b'\n', &error.as_bytes()[..valid]).count() as u64 + 1;
        Error::input(format!("not UTF-8 at byte {}; mend that byte or convert the file to UTF-8", valid + 1))
            .at(&source.path, line)
    })?;
    if is_foreign && content.contains(char::REPLACEMENT_CHARACTER) {
        return Err(binary("bytes of no known charset").at(&source.path, 0));
    }
    if source.form() != Form::Telegraph && is_noise(&content) {
        return Err(binary("control characters").at(&source.path, 0));
    }
    Ok(content)
}

/// Whether one in twenty of the first characters is a control character that no text has: most
/// bytes are characters in some charset or other.
fn is_noise(content: &str) -> bool {
    const LOOK: usize = 1_024;
    let is_odd = |c: &char| {
        c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1a}' | '\u{1b}' | '\u{85}')
    };
    let (mut all, mut odd) = (0, 0);
    for c in content.chars().take(LOOK) {
        all += 1;
        odd += usize::from(is_odd(&c));
    }
    odd * 20 > all
}

fn binary(found: &str) -> Error {
    Error::input(format!("binary file: expected text, found {found}; leave it out or convert it to UTF-8"))
}
