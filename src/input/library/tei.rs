//! From TEI, in which libraries and linguists keep texts, to stories: one a text, or one an article
//! where an issue is divided into them.

use super::super::time;
use super::super::wire::Record;
use super::super::wire::tree::{all, at, below, child, is, paragraphs, said, value, with_lines};
use crate::error::Result;
use crate::story::Story;
use roxmltree::Node;

/// Types of divisions that are stories.
const ARTICLES: [&str; 4] = ["article", "story", "news", "newsitem"];

/// The stories of a text or of a corpus of them.
pub(super) fn stories(root: Node<'_, '_>) -> Vec<Result<Record>> {
    let is_text =
        |node: &Node<'_, '_>| (is(*node, "TEI") || is(*node, "TEI.2")) && child(*node, "text").is_some();
    let mut records = Vec::new();
    for (line, tei) in with_lines(root.descendants().filter(is_text)) {
        let Some(text) = child(tei, "text") else { continue };
        let whole = of_header(tei);
        let articles: Vec<_> = with_lines(all(text, "div").filter(is_article)).collect();
        if articles.is_empty() {
            let body = child(text, "body").unwrap_or(text);
            let headline = Some(whole.headline.clone()).filter(|title| !title.is_empty());
            let headline = headline.or_else(|| said(below(body, "head"))).unwrap_or_default();
            let story = Story { headline, body: paragraphs(body), ..whole };
            records.push(Ok(Record { line, story }));
            continue;
        }
        for (line, article) in articles {
            let source = if whole.source.is_empty() { whole.headline.clone() } else { whole.source.clone() };
            let mut story = Story {
                id: value(article, "id").unwrap_or_default().to_owned(),
                headline: said(child(article, "head")).unwrap_or_default(),
                body: paragraphs(article),
                source,
                ..whole.clone()
            };
            story.furniture.byline = said(child(article, "byline"));
            records.push(Ok(Record { line, story }));
        }
    }
    records
}

/// A division that is an article and holds none.
fn is_article(div: &Node<'_, '_>) -> bool {
    let says = |div: &Node<'_, '_>| {
        value(*div, "type").is_some_and(|kind| ARTICLES.iter().any(|name| name.eq_ignore_ascii_case(kind)))
    };
    says(div) && !all(*div, "div").any(|inner| says(&inner))
}

/// What the header says of a text: where it was printed goes before where the file was made.
fn of_header(tei: Node<'_, '_>) -> Story {
    let Some(header) = child(tei, "teiHeader") else { return Story::default() };
    let file = child(header, "fileDesc").unwrap_or(header);
    let (printed, made) = (child(file, "sourceDesc"), child(file, "publicationStmt"));
    let places = || [printed, made].into_iter().flatten();
    let is_journal =
        |title: &Node<'_, '_>| value(*title, "level").is_some_and(|level| ["j", "s"].contains(&level));
    let journal = printed.and_then(|printed| all(printed, "title").find(is_journal));
    let source = said(journal).or_else(|| places().find_map(|place| said(below(place, "publisher"))));
    let mut story = Story {
        id: value(tei, "id")
            .map(str::to_owned)
            .or_else(|| said(made.and_then(|made| child(made, "idno"))))
            .unwrap_or_default(),
        headline: said(at(file, &["titleStmt", "title"])).unwrap_or_default(),
        source: source.unwrap_or_default(),
        language: value(tei, "lang")
            .or_else(|| value(child(tei, "text")?, "lang"))
            .or_else(|| value(below(header, "language")?, "ident"))
            .unwrap_or_default()
            .to_owned(),
        ..Story::default()
    };
    let dates: Vec<String> = places()
        .filter_map(|place| below(place, "date"))
        .filter_map(|date| value(date, "when").map(str::to_owned).or_else(|| said(Some(date))))
        .collect();
    time::read(&mut story, dates.iter().map(String::as_str));
    story.furniture.byline = said(at(file, &["titleStmt", "author"]));
    story
}

#[cfg(test)]
mod tests {
    use super::super::super::form::Root;
    use super::super::of_xml;
    use crate::story::Story;
    use std::path::Path;

    fn read(xml: &str) -> Vec<Story> {
        let records = of_xml(xml, Root::Tei, Path::new("a.xml"));
        records.into_iter().map(|record| record.unwrap_or_else(|error| panic!("{error}")).story).collect()
    }

    const HEADER: &str = "<teiHeader><fileDesc><titleStmt><title>Pier closes</title><author>Ada Lund</author></titleStmt>\
        <publicationStmt><publisher>The Archive</publisher><date when='2020-01-01'/></publicationStmt>\
        <sourceDesc><bibl><title level='j'>Bay News</title><date when='1911-04-30'/></bibl></sourceDesc></fileDesc></teiHeader>";

    #[test]
    fn a_text_is_a_story_of_where_it_was_printed() {
        let xml = format!(
            "<TEI xmlns='http://www.tei-c.org/ns/1.0' xml:id='t1' xml:lang='en'>{HEADER}<text><body><head>Pier</head><p>One<lb/>\n line.</p><p>Two.</p></body></text></TEI>"
        );
        for xml in [xml.clone(), format!("<teiCorpus><teiHeader/>{xml}</teiCorpus>")] {
            let found = read(&xml);
            let [story] = &found[..] else { panic!("{found:?}") };
            assert_eq!(
                [&*story.id, &*story.headline, &*story.source, &*story.language, &*story.body],
                ["t1", "Pier closes", "Bay News", "en", "One line.\n\nTwo."]
            );
            assert_eq!(story.time.unwrap().to_string(), "1911-04-30");
            assert_eq!(story.furniture.byline.as_deref(), Some("Ada Lund"));
        }
    }

    #[test]
    fn an_issue_in_articles_is_that_many_stories() {
        let article =
            |n: u32| format!("<div type='article' xml:id='a{n}'><head>H{n}</head><p>Text {n}.</p></div>");
        let xml = format!(
            "<TEI>{HEADER}<text><body><div type='page'>{}{}</div></body></text></TEI>",
            article(1),
            article(2)
        );
        let found: Vec<String> = read(&xml)
            .iter()
            .map(|story| format!("{} {} {} {}", story.id, story.headline, story.source, story.body))
            .collect();
        assert_eq!(found, ["a1 H1 Bay News Text 1.", "a2 H2 Bay News Text 2."]);
        assert!(read("<TEI><teiHeader/></TEI>").is_empty());
    }
}
