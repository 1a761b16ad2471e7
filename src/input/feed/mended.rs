//! From a feed, well-formed or not, to its entries: mended as a whole, or else read one by one.

use super::super::wire::Record;
use super::super::wire::{nitf, tree};
use super::entry::{self, Channel};
use super::exported;
use super::markup::as_text;
use crate::error::{Error, Result};
use crate::story::Unread;
use memchr::memmem;
use regex::Regex;
use roxmltree::Document;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

/// The entries of a feed, each a story or the reason why not.
pub(super) fn entries(text: &str, path: &Path) -> Vec<Result<Record>> {
    let fault = match tree::with(text, path, |document| read(document, path)) {
        Ok(records) => return records,
        Err(fault) => fault,
    };
    let mended = mended(text);
    let with_fault = |mut records: Vec<Result<Record>>| {
        if let Some(Ok(record)) = records.first_mut() {
            record.story.unread.push(Unread::Markup(fault.to_string()));
        }
        records
    };
    match tree::with(&mended, path, |document| read(document, path)) {
        Ok(records) => with_fault(records),
        Err(_) => with_fault(one_by_one(&mended, path, &fault)),
    }
}

/// The stories of a feed that is well-formed. Entries that hold NITF are that.
fn read(document: &Document<'_>, path: &Path) -> Vec<Result<Record>> {
    let channel = Channel::of(document.root_element());
    let mut passed = Vec::new();
    let entries = document.descendants().filter(entry::is_entry);
    let records = tree::with_lines(entries).filter_map(|(line, node)| {
        if let Some(what) = exported::passed_over(node) {
            passed.push(what);
            return None;
        }
        let story = nitf::in_entry(node).unwrap_or_else(|| entry::story(node, &channel));
        let is_empty = story.headline.is_empty() && story.body.is_empty();
        let text = "expected a headline or a text, found neither; take the story out";
        Some(if is_empty { Err(Error::input(text).at(path, line)) } else { Ok(Record { line, story }) })
    });
    let records = records.collect();
    told(records, passed, path)
}

/// The stories of an export with what was passed over beside them, which the first of them tells.
fn told(mut records: Vec<Result<Record>>, passed: Vec<String>, path: &Path) -> Vec<Result<Record>> {
    if let Some(record) = records.iter_mut().find_map(|record| record.as_mut().ok()) {
        record.story.unread.extend(passed.into_iter().map(Unread::Entry));
    } else if let Some(what) = passed.first() {
        let count = passed.len();
        let text = format!(
            "expected posts or pages that were published, found none but {count} other entries, \
             `{what}` for one; leave the file out"
        );
        records.push(Err(Error::input(text).at(path, 1)));
    }
    records
}

/// Characters that no XML may hold.
fn is_illegal(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

static PREFIX: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:</?|\s)([A-Za-z_][\w.-]*):[A-Za-z_]").expect("a sound pattern"));
static ROOT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)<((?:[a-z]+:)?(?:rss|feed|rdf))\b").expect("a sound pattern"));

/// The text with what is commonly wrong put right, every line where it was: what surrounds the
/// root element, a document type, characters that XML has not, bare `&`, prefixes without a
/// namespace.
fn mended(text: &str) -> String {
    let Some(root) = ROOT.captures(text) else { return text.to_owned() };
    let (start, name) = (root.get(0).map_or(0, |root| root.start()), &root[1]);
    let close = format!("</{name}>");
    // An end before the start is of something else.
    let end = memmem::rfind(&text.as_bytes()[start..], close.as_bytes());
    let end = end.map_or(text.len(), |end| start + end + close.len());
    let lines = "\n".repeat(text[..start].matches('\n').count());
    let body: String = text[start..end].chars().map(|c| if is_illegal(c) { ' ' } else { c }).collect();
    let body = escaped(&body);
    let tag_end = body.find('>').unwrap_or(body.len());
    let used: BTreeSet<&str> =
        PREFIX.captures_iter(&body).filter_map(|found| found.get(1)).map(|name| name.as_str()).collect();
    let mut names = String::new();
    for prefix in used.iter().filter(|prefix| !["xml", "xmlns"].contains(*prefix)) {
        if !body[..tag_end].contains(&format!("xmlns:{prefix}")) {
            names.extend([" xmlns:", prefix, "=\"urn:unbound:", prefix, "\""]);
        }
    }
    let open = 1 + name.len();
    [lines.as_str(), &body[..open], &names, &body[open..]].concat()
}

/// Escapes each `&` that begins no reference that XML knows; HTML's become their characters. What
/// lies in CDATA stays.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for (place, part) in text.split("<![CDATA[").enumerate() {
        let (kept, rest) = if place == 0 {
            ("", part)
        } else {
            out.push_str("<![CDATA[");
            part.split_once("]]>").map_or((part, ""), |(kept, rest)| (kept, rest))
        };
        out.push_str(kept);
        if place > 0 {
            out.push_str("]]>");
        }
        let mut from = 0;
        for at in memchr::memchr_iter(b'&', rest.as_bytes()) {
            let reference = tree::reference(&rest[at..]);
            let is_known = reference.is_some_and(|reference| {
                ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"].contains(&reference) || is_number(reference)
            });
            if is_known {
                continue;
            }
            out.push_str(&rest[from..at]);
            from = at + 1;
            match reference.map(|reference| (reference, html_escape::decode_html_entities(reference))) {
                Some((reference, meant)) if meant != reference => {
                    out.push_str(&meant);
                    from = at + reference.len();
                }
                _ => out.push_str("&amp;"),
            }
        }
        out.push_str(&rest[from..]);
    }
    out
}

/// Whether a reference is a number of a character that XML may hold.
fn is_number(reference: &str) -> bool {
    let Some(digits) = reference.strip_prefix("&#").and_then(|rest| rest.strip_suffix(';')) else {
        return false;
    };
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    };
    number.and_then(char::from_u32).is_some_and(|c| !is_illegal(c))
}

/// Each entry as a document of its own; those that cannot be read are told with their line.
fn one_by_one(text: &str, path: &Path, fault: &Error) -> Vec<Result<Record>> {
    static ENTRY: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"<((?:[A-Za-z]+:)?(?:item|entry))[\s>]").expect("a sound pattern"));
    let mut starts: Vec<(usize, String)> = ENTRY
        .captures_iter(text)
        .filter_map(|found| Some((found.get(0)?.start(), found[1].to_owned())))
        .collect();
    starts.dedup_by_key(|(start, _)| *start);
    let Some((first, _)) = starts.first() else { return vec![Err(clone(fault))] };
    let root = ROOT.find(text).map_or(0, |root| root.start());
    let tag = text[root..].find('>').map_or("<rss>", |end| &text[root..=root + end]);
    let tag = if tag.ends_with("/>") { "<rss>" } else { tag };
    let name = tag[1..].split([' ', '>', '\n', '\r', '\t']).next().unwrap_or("rss");
    let head = &text[(root + tag.len()).min(*first)..*first];
    let channel = channel(tag, name, head, path);
    let (mut records, mut passed) = (Vec::new(), Vec::new());
    for (place, (start, element)) in starts.iter().enumerate() {
        let end = starts.get(place + 1).map_or(text.len(), |(next, _)| *next);
        let line = 1 + text[..*start].matches('\n').count() as u64;
        let close = format!("</{element}>");
        let Some(length) = text[*start..end].find(&close) else {
            let told = "expected the end of the entry, found the next one or the end of the file; \
                        the entry is cut short; fetch the file again";
            records.push(Err(Error::input(told).at(path, line)));
            continue;
        };
        let alone = format!("{tag}{}</{name}>", &text[*start..start + length + close.len()]);
        let of = |document: &Document<'_>| {
            let node = document.descendants().find(entry::is_entry)?;
            Some(exported::passed_over(node).map_or_else(|| Ok(entry::story(node, &channel)), Err))
        };
        let found = tree::with(&alone, path, of);
        match found.or_else(|fault| tree::with(&as_text(&alone), path, of).map_err(|_| fault)) {
            Ok(Some(Ok(story))) => records.push(Ok(Record { line, story })),
            Ok(Some(Err(what))) => passed.push(what),
            Ok(None) => {}
            Err(error) => {
                let inner = error.place().map_or(0, |place| place.line.saturating_sub(1));
                records.push(Err(Error::input(error.message().to_owned()).at(path, line + inner)));
            }
        }
    }
    told(records, passed, path)
}

fn clone(fault: &Error) -> Error {
    let error = Error::input(fault.message().to_owned());
    match fault.place() {
        Some(place) => error.at(&place.path, place.line),
        None => error,
    }
}

/// What a broken feed says of its entries: the elements before the first of them, one by one.
fn channel(tag: &str, name: &str, head: &str, path: &Path) -> Channel {
    let simple = |element: &str| {
        let open = head.find(&format!("<{element}>"))?;
        let close = format!("</{element}>");
        let end = head[open..].find(&close)? + open + close.len();
        Some(&head[open..end])
    };
    let parts: Vec<&str> =
        ["title", "language", "link"].iter().filter_map(|element| simple(element)).collect();
    let alone = format!("{tag}{}</{name}>", parts.concat());
    tree::with(&alone, path, |document| Channel::of(document.root_element())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let (mut stories, mut faults) = (Vec::new(), Vec::new());
        for record in entries(text, Path::new("f.xml")) {
            match record {
                Ok(record) => stories.push(format!("{}: {}", record.story.headline, record.story.body)),
                Err(error) => faults.push(error.to_string()),
            }
        }
        (stories, faults)
    }

    fn feed(items: &str) -> String {
        format!("<rss version='2.0'><channel><title>Bay News</title>{items}</channel></rss>")
    }

    #[test]
    fn the_address_of_an_entry_is_absolute_and_its_own() {
        let of = |text: &str| {
            let record = entries(text, Path::new("f.xml")).remove(0);
            let story = record.unwrap_or_else(|error| panic!("{error}")).story;
            (story.id, story.url)
        };
        let atom = |entry: &str| {
            of(&format!(
                "<feed xml:base='https://bay.example/news/'><title>Bay</title><entry><title>T</title>{entry}</entry></feed>"
            ))
        };
        let owned = |id: &str, url: &str| (id.to_owned(), url.to_owned());
        assert_eq!(
            atom("<id>urn:1</id><link rel='self' href='x'/><link href='ferry'/>"),
            owned("urn:1", "https://bay.example/news/ferry")
        );
        assert_eq!(
            atom(
                "<id>urn:2</id><link rel='http://www.iana.org/assignments/relation/alternate' href='/ferry'/>"
            ),
            owned("urn:2", "https://bay.example/ferry")
        );
        let own = "https://bay.example/ferry";
        assert_eq!(atom(&format!("<id>{own}</id>")), owned(own, own));
        let rdf = format!("<rdf:RDF xmlns:rdf='r'><item rdf:about='{own}'><title>T</title></item></rdf:RDF>");
        assert_eq!(of(&rdf), owned(own, own));
        assert_eq!(
            of(&feed(
                "<item><title>T</title><guid isPermaLink='false'>https://bay.example/?p=4</guid></item>"
            ))
            .1,
            ""
        );
    }

    #[test]
    fn an_end_before_the_start_ends_nothing() {
        let (stories, _) = read(&format!("</rss>{}", feed("<item><title>Nets & boats</title></item>")));
        assert_eq!(stories, ["Nets & boats: "]);
        assert_eq!(read("</rss> <rss").1.len(), 1);
    }

    #[test]
    fn what_is_commonly_wrong_is_mended() {
        for broken in [
            feed("<item><title>Nets & boats</title><description>One.</description></item>"),
            feed("<item><title>Nets &amp; boats</title><description>One.</description><m:x/></item>"),
            feed("<item><title>Nets &amp; boats</title><description>On\u{b}e.</description></item>")
                .replace("On\u{b}e", "One\u{b}"),
            feed("<item><title>Nets&nbsp;&amp; boats</title><description>One.</description></item>")
                + "<script>x</script>",
            feed("<item><title>Nets & boats</title><description>One.</description></item>")
                .replace("Bay News", "AT&T and R&D &copy; & so on;"),
            format!(
                "<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]>{}",
                feed("<item><title>Nets&nbsp;&amp; boats</title><description>One.</description></item>")
            ),
        ] {
            let (stories, faults) = read(&broken);
            assert!(faults.is_empty(), "{broken}: {faults:?}");
            assert_eq!(stories.len(), 1, "{broken}");
            assert!(stories[0].replace('\u{a0}', " ").starts_with("Nets & boats: One"), "{stories:?}");
        }
    }

    #[test]
    fn a_broken_entry_does_not_take_the_others_along() {
        let good = |n: u32| format!("<item><title>T{n}</title><description>B{n}.</description></item>\n");
        let bad = "<item><title>T</titel><description>B</description></item>\n";
        let (stories, faults) = read(&feed(&[good(1).as_str(), bad, &good(2)].concat()));
        assert_eq!(stories, ["T1: B1.", "T2: B2."]);
        assert!(faults.len() == 1 && faults[0].starts_with("f.xml:2: "), "{faults:?}");
        let cut = feed(&(good(1) + &good(2)));
        let (stories, faults) = read(&cut[..cut.find("B2").unwrap()]);
        assert_eq!(stories, ["T1: B1."]);
        assert!(faults[0].contains("cut short"), "{faults:?}");
    }

    #[test]
    fn of_an_export_only_what_was_published_is_a_story() {
        let wordpress = |kind: &str, status: &str, text: &str| {
            format!(
                "<item><title>{kind} {status}</title><content:encoded>{text}</content:encoded><excerpt:encoded/>\
                 <wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type></item>"
            )
        };
        let items = [
            wordpress("post", "publish", "One."),
            wordpress("attachment", "inherit", "A picture."),
            wordpress("nav_menu_item", "publish", ""),
            wordpress("page", "publish", "Two."),
            wordpress("page", "publish", ""),
            wordpress("post", "draft", "Half."),
            wordpress("post", "trash", "Gone."),
            wordpress("news", "publish", "Three."),
            wordpress("wp_template", "publish", "A form."),
        ];
        let export = feed(&items.concat());
        let bound = export.replace("<rss ", "<rss xmlns:wp='w' xmlns:content='c' xmlns:excerpt='e' ");
        for export in
            [bound.clone(), export, bound.replace("</channel>", "<item><title>x</titel></item></channel>")]
        {
            let (stories, _) = read(&export);
            assert_eq!(stories, ["post publish: One.", "page publish: Two.", "news publish: Three."]);
            let first =
                entries(&export, Path::new("f.xml")).remove(0).unwrap_or_else(|error| panic!("{error}"));
            let passed = first.story.unread.iter().filter(|unread| matches!(unread, Unread::Entry(_)));
            assert_eq!(passed.count(), 6, "{:?}", first.story.unread);
        }
        let (stories, faults) = read(&feed(&items[5..7].concat()));
        assert!(stories.is_empty(), "{stories:?}");
        let told = "f.xml:1: expected posts or pages that were published, found none but 2 other entries, \
                    `post of status draft` for one; leave the file out";
        assert_eq!(faults, [told]);
    }

    #[test]
    fn drafts_and_comments_of_atom_are_no_stories() {
        let kind = |kind: &str| {
            format!(
                "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>"
            )
        };
        let entry = |inside: &str| format!("<entry><title>T</title>{inside}<content>One.</content></entry>");
        let atom = |entries: &str| {
            read(&format!("<feed xmlns:app='http://www.w3.org/2007/app' xmlns:b='http://schemas.google.com/blogger/2018'>{entries}</feed>")).0
        };
        for (inside, is_story) in [
            (String::new(), true),
            (kind("post"), true),
            (kind("comment"), false),
            (kind("settings"), false),
            (kind("post") + "<app:control><app:draft>yes</app:draft></app:control>", false),
            ("<app:control><app:draft>no</app:draft></app:control>".to_owned(), true),
            ("<b:type>POST</b:type><b:status>LIVE</b:status>".to_owned(), true),
            ("<b:type>POST</b:type><b:status>DRAFT</b:status>".to_owned(), false),
            ("<b:type>COMMENT</b:type>".to_owned(), false),
        ] {
            assert_eq!(atom(&entry(&inside)).len(), usize::from(is_story), "{inside}");
        }
    }

    #[test]
    fn the_fullest_text_is_the_text() {
        let (stories, _) = read(&feed(
            "<item><title>T</title><description>Teaser</description><fulltext>The whole long story.</fulltext></item>",
        ));
        assert_eq!(stories, ["T: The whole long story."]);
        let (stories, _) = read(
            "<rss xmlns:m='http://search.yahoo.com/mrss/'><channel><item><title>T</title><description>Short.</description>\
             <m:content><m:description>A long caption of a picture.</m:description></m:content></item></channel></rss>",
        );
        assert_eq!(stories, ["T: Short."]);
    }
}
