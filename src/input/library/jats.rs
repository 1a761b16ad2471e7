//! From JATS, in which journals hand over articles, to a story.

use super::super::time;
use super::super::wire::Record;
use super::super::wire::tree::{all, at, below, child, paragraphs, said, value};
use crate::error::Result;
use crate::story::Story;
use roxmltree::Node;

/// The article, if the element is one and no other that is called so.
pub(super) fn stories(article: Node<'_, '_>) -> Vec<Result<Record>> {
    let Some(front) = child(article, "front") else { return Vec::new() };
    let meta = child(front, "article-meta").unwrap_or(front);
    let is_doi = |id: &Node<'_, '_>| value(*id, "pub-id-type") == Some("doi");
    let ids = || all(meta, "article-id");
    let source = ["journal-title", "publisher-name"].iter().find_map(|name| said(below(front, name)));
    let text = child(article, "body").map(paragraphs).filter(|body| !body.is_empty());
    let mut story = Story {
        id: said(ids().find(is_doi).or_else(|| ids().next())).unwrap_or_default(),
        headline: said(below(meta, "article-title")).unwrap_or_default(),
        // Many give the summary alone.
        body: text.or_else(|| child(meta, "abstract").map(paragraphs)).unwrap_or_default(),
        source: source.unwrap_or_default(),
        url: child(meta, "self-uri").and_then(|uri| value(uri, "href")).unwrap_or_default().to_owned(),
        language: value(article, "lang").unwrap_or_default().to_owned(),
        ..Story::default()
    };
    let dates: Vec<String> = all(meta, "pub-date").filter_map(day).collect();
    time::read(&mut story, dates.iter().map(String::as_str));
    let names: Vec<String> = all(meta, "contrib").filter_map(name).collect();
    story.furniture.byline = Some(names.join(", ")).filter(|names| !names.is_empty());
    vec![Ok(Record { line: 1, story })]
}

/// A day of publication; a month alone is none.
fn day(date: Node<'_, '_>) -> Option<String> {
    let number = |name: &str| said(child(date, name))?.parse::<u16>().ok();
    let in_parts = || Some(format!("{:04}-{:02}-{:02}", number("year")?, number("month")?, number("day")?));
    value(date, "iso-8601-date").map(str::to_owned).or_else(in_parts)
}

fn name(contributor: Node<'_, '_>) -> Option<String> {
    let part = |part: &str| said(at(contributor, &["name", part]));
    let parts: Vec<String> = ["given-names", "surname"].into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::super::form::Root;
    use super::super::of_xml;
    use std::path::Path;

    #[test]
    fn an_article_of_a_journal_is_a_story() {
        let xml = "<article xml:lang='en'><front><journal-meta><journal-title-group><journal-title>Harbour Letters</journal-title></journal-title-group></journal-meta>\
            <article-meta><article-id pub-id-type='pmid'>7</article-id><article-id pub-id-type='doi'>10.1/pier</article-id>\
            <title-group><article-title>Salt in <italic>cables</italic></article-title></title-group>\
            <contrib-group><contrib><name><surname>Lund</surname><given-names>Ada</given-names></name></contrib></contrib-group>\
            <pub-date pub-type='epub'><day>3</day><month>4</month><year>2024</year></pub-date><abstract><p>In short.</p></abstract></article-meta></front>\
            <body><sec><title>Methods</title><p>We looked.</p><fig><caption><p>A cable.</p></caption></fig><table-wrap><table><tr><td>9</td></tr></table></table-wrap></sec></body>\
            <back><ref-list><ref>Other</ref></ref-list></back></article>";
        let read = |xml: &str| of_xml(xml, Root::Jats, Path::new("a.xml"));
        let records = read(xml);
        let story = &records[0].as_ref().unwrap_or_else(|error| panic!("{error}")).story;
        assert_eq!(
            [&*story.id, &*story.headline, &*story.source, &*story.language, &*story.body],
            ["10.1/pier", "Salt in cables", "Harbour Letters", "en", "Methods\n\nWe looked."]
        );
        assert_eq!(story.time.unwrap().to_string(), "2024-04-03");
        assert_eq!(story.furniture.byline.as_deref(), Some("Ada Lund"));
        let (start, end) = (xml.find("<body>").unwrap(), xml.find("<back>").unwrap());
        let short = [&xml[..start], &xml[end..]].concat();
        assert_eq!(
            read(&short)[0].as_ref().unwrap_or_else(|error| panic!("{error}")).story.body,
            "In short."
        );
        assert!(read("<article><p>A part of a page.</p></article>").is_empty());
    }
}
