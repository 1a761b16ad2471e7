//! From RSS and Atom to stories. Entries of a JSON Feed are read with the rest of JSON.

use super::wire::Record;
use crate::error::{Error, Result};
use std::path::Path;

/// The entries of a feed.
#[cfg(feature = "feeds")]
pub(super) fn stories(text: &str, path: &Path) -> Result<Vec<Record>> {
    super::wire::of_feed(text, path, |text, lines| entries(text, lines, path))
}

/// Without the feature `feeds` none is read.
#[cfg(not(feature = "feeds"))]
pub(super) fn stories(_: &str, path: &Path) -> Result<Vec<Record>> {
    Err(Error::input("this build lacks the feature `feeds`, which reads RSS and Atom").at(path, 0))
}

#[cfg(feature = "feeds")]
fn entries(text: &str, lines: &[u64], path: &Path) -> Result<Vec<Record>> {
    // The address of an entry is a better key than a hash of it.
    let parser = feed_rs::parser::Builder::new()
        .id_generator(|links, _, _| links.first().map(|link| link.href.clone()).unwrap_or_default())
        .build();
    let feed = parser.parse(text.as_bytes()).map_err(|error| {
        Error::input(format!("expected a feed, found a fault: {error}; fetch the file again")).at(path, 1)
    })?;
    let title = feed.title.map(|title| title.content).unwrap_or_default();
    let language = feed.language.unwrap_or_default();
    let lines = lines.iter().copied().chain(std::iter::repeat(1));
    let records = feed.entries.into_iter().zip(lines);
    Ok(records.map(|(entry, line)| Record { line, story: story(entry, &title, &language) }).collect())
}

#[cfg(feature = "feeds")]
fn story(entry: feed_rs::model::Entry, title: &str, language: &str) -> crate::story::Story {
    use super::page::fragment;
    use crate::dispatch::{Dispatch, Link};
    use crate::story::Story;
    let content = entry.content.and_then(|content| content.body).filter(|body| !body.trim().is_empty());
    let body = content.or_else(|| entry.summary.map(|summary| summary.content)).unwrap_or_default();
    let time = entry.published.or(entry.updated);
    let mut story = Story {
        id: entry.id,
        headline: entry.title.map(|title| fragment(&title.content)).unwrap_or_default(),
        body: fragment(&body),
        time: time.and_then(|time| jiff::Timestamp::from_second(time.timestamp()).ok().map(Into::into)),
        source: title.to_owned(),
        language: entry.language.unwrap_or_else(|| language.to_owned()),
        ..Story::default()
    };
    story.furniture.byline =
        entry.authors.into_iter().filter_map(|person| person.name).find(|name| !name.trim().is_empty());
    let links = entry.links.into_iter().filter_map(|link| {
        let rel = link.rel.filter(|rel| rel == "via" || rel == "related")?;
        Some(Link { rel, id: link.href })
    });
    let source = entry.source.map(|id| Link { rel: "source".to_owned(), id });
    let dispatch = Dispatch {
        links: links.chain(source).collect(),
        usage: entry.rights.map(|rights| rights.content),
        ..Dispatch::default()
    };
    story.dispatch = dispatch.boxed();
    story
}
