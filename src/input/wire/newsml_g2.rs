//! From NewsML-G2 (IPTC), single items and messages of many, to stories.

use super::super::time;
use super::Record;
use super::nitf;
use super::tree::{all, at, below, child, is, paragraphs, said, squeezed, value, with_lines};
use crate::dispatch::{Dispatch, Link, Status};
use crate::story::Story;
use jiff::Timestamp;
use roxmltree::Node;

/// The `newsItem`s in a document, each with the line where it begins. Items that are pictures
/// or packages and hold no text are no stories.
pub(super) fn stories(root: Node<'_, '_>) -> Vec<Record> {
    let items = root.descendants().filter(|node| is(*node, "newsItem"));
    let texts = with_lines(items.filter(|item| !is_picture(*item)));
    texts.map(|(line, item)| Record { line, story: story(item) }).collect()
}

/// Pictures, sound and graphics say so; what says nothing is text.
fn is_picture(item: Node<'_, '_>) -> bool {
    let class = at(item, &["itemMeta", "itemClass"]).and_then(|class| value(class, "qcode"));
    class.is_some_and(|class| !class.ends_with(":text") && !class.ends_with(":composite"))
        && !item.descendants().any(|node| is(node, "inlineXML") || is(node, "inlineData"))
}

fn story(item: Node<'_, '_>) -> Story {
    let mut story = content(item);
    let id = value(item, "guid").unwrap_or_default();
    if !id.is_empty() {
        id.clone_into(&mut story.id);
    }
    let mut dispatch = story.dispatch.take().unwrap_or_default();
    dispatch.version = value(item, "version").and_then(|version| version.parse().ok()).or(dispatch.version);
    if let Some(meta) = child(item, "itemMeta") {
        of_item(meta, &mut story, &mut dispatch);
    }
    if let Some(meta) = child(item, "contentMeta") {
        of_content(meta, &mut story, &mut dispatch);
    }
    if let Some(rights) = child(item, "rightsInfo") {
        dispatch.usage = said(child(rights, "usageTerms")).or(dispatch.usage.take());
        let holder = child(rights, "copyrightHolder").and_then(name);
        dispatch.credits.extend(holder);
    }
    if story.language.is_empty() {
        value(item, "lang").unwrap_or_default().clone_into(&mut story.language);
    }
    dispatch.hops = hops(item);
    story.dispatch = dispatch.boxed();
    story
}

fn of_item(meta: Node<'_, '_>, story: &mut Story, dispatch: &mut Dispatch) {
    let moment = |name: &str| moment(meta, name);
    story.time = moment("versionCreated").or(story.time);
    dispatch.created = moment("firstCreated");
    dispatch.embargo = moment("embargoed").or(dispatch.embargo);
    let status = child(meta, "pubStatus").and_then(|status| value(status, "qcode").or(value(status, "uri")));
    dispatch.status =
        status.map_or(dispatch.status, |word| Status::of(word.rsplit('/').next().unwrap_or(word)));
    dispatch.provider = child(meta, "provider").and_then(name).or(dispatch.provider.take());
    if let Some(provider) = &dispatch.provider {
        provider.clone_into(&mut story.source);
    }
    dispatch.notes.extend(all(meta, "edNote").filter_map(|note| said(Some(note))));
    dispatch.signals.extend(all(meta, "signal").filter_map(|signal| value(signal, "qcode")).map(local));
    for link in all(meta, "link") {
        let Some(id) = value(link, "residref").or_else(|| value(link, "href")) else { continue };
        let rel = value(link, "rel").map(local).unwrap_or_default();
        if ["evolvedfrom", "previousversion", "derivedfrom"].contains(&rel.to_ascii_lowercase().as_str()) {
            dispatch.predecessor = Some(id.to_owned());
        }
        dispatch.links.push(Link { rel, id: id.to_owned() });
    }
}

fn of_content(meta: Node<'_, '_>, story: &mut Story, dispatch: &mut Dispatch) {
    story.time =
        story.time.or_else(|| moment(meta, "contentModified")).or_else(|| moment(meta, "contentCreated"));
    story.headline = said(child(meta, "headline")).unwrap_or(std::mem::take(&mut story.headline));
    let by = said(child(meta, "by")).or_else(|| child(meta, "creator").and_then(name));
    story.furniture.byline = story.furniture.byline.take().or(by);
    story.furniture.place = story.furniture.place.take().or_else(|| child(meta, "located").and_then(name));
    dispatch.slugline = said(child(meta, "slugline")).or(dispatch.slugline.take());
    dispatch.dateline = said(child(meta, "dateline")).or(dispatch.dateline.take());
    dispatch.urgency =
        said(child(meta, "urgency")).and_then(|urgency| urgency.parse().ok()).or(dispatch.urgency);
    dispatch.credits.extend(all(meta, "infoSource").filter_map(name));
    dispatch.credits.extend(said(child(meta, "creditline")));
    let language = child(meta, "language").and_then(|language| value(language, "tag"));
    if let Some(language) = language {
        language.clone_into(&mut story.language);
    }
}

/// The fullest of the renditions: several of one text are told once.
fn content(item: Node<'_, '_>) -> Story {
    let Some(set) = child(item, "contentSet") else { return Story::default() };
    let mut fullest = Story::default();
    for part in set.children().filter(Node::is_element) {
        let rendition = rendition(part);
        if rendition.body.len() > fullest.body.len() {
            fullest = rendition;
        }
    }
    fullest
}

fn rendition(part: Node<'_, '_>) -> Story {
    if is(part, "inlineXML") {
        if let Some(nitf) = below(part, "nitf") {
            return nitf::story(nitf);
        }
        return Story { body: paragraphs(below(part, "body").unwrap_or(part)), ..Story::default() };
    }
    if !is(part, "inlineData") {
        return Story::default();
    }
    let data: String = part.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    let is_html = value(part, "contenttype").is_some_and(|kind| kind.contains("html"));
    Story { body: super::plain(&data, is_html), ..Story::default() }
}

/// The hands in the order of their numbers.
fn hops(item: Node<'_, '_>) -> Vec<String> {
    let Some(history) = child(item, "hopHistory") else { return Vec::new() };
    let mut hops: Vec<(u32, String)> = history
        .children()
        .filter(|node| is(*node, "hop"))
        .enumerate()
        .filter_map(|(place, hop)| {
            let number = value(hop, "seq").and_then(|seq| seq.parse().ok()).unwrap_or(place as u32);
            let party = child(hop, "party").and_then(name)?;
            Some((number, party))
        })
        .collect();
    hops.sort_by_key(|(number, _)| *number);
    hops.into_iter().map(|(_, party)| party).collect()
}

fn moment(meta: Node<'_, '_>, name: &str) -> Option<Timestamp> {
    said(child(meta, name)).and_then(|printed| time::parse(&printed))
}

/// What a concept is called: its name, or else its literal or code.
fn name(node: Node<'_, '_>) -> Option<String> {
    let named = said(child(node, "name")).or_else(|| said(Some(node)));
    let coded = || value(node, "literal").map(squeezed).or_else(|| value(node, "qcode").map(local));
    named.or_else(coded)
}

/// A code without the scheme before it.
fn local(qcode: &str) -> String {
    qcode.rsplit([':', '#', '/']).next().unwrap_or(qcode).to_owned()
}
