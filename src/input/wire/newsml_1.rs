//! From NewsML 1.0 to 1.2 (IPTC) to stories.

use super::super::time;
use super::Record;
use super::nitf;
use super::tree::{all, at, below, child, is, paragraphs, said, value, with_lines};
use crate::dispatch::{Dispatch, Link, Status};
use crate::story::Story;
use roxmltree::Node;

/// The `NewsItem`s in a document, each with the line where it begins.
pub(super) fn stories(root: Node<'_, '_>) -> Vec<Record> {
    let sender = at(root, &["NewsEnvelope", "SentFrom"]).and_then(party);
    let items = root.children().filter(|node| is(*node, "NewsItem"));
    with_lines(items)
        .map(|(line, item)| {
            let mut story = story(item);
            if story.source.is_empty() {
                story.source = sender.clone().unwrap_or_default();
            }
            Record { line, story }
        })
        .collect()
}

fn story(item: Node<'_, '_>) -> Story {
    let mut story = content(item);
    let mut dispatch = story.dispatch.take().unwrap_or_default();
    if let Some(identifier) = at(item, &["Identification", "NewsIdentifier"]) {
        of_identifier(identifier, &mut story, &mut dispatch);
    }
    if let Some(management) = child(item, "NewsManagement") {
        of_management(management, &mut story, &mut dispatch);
    }
    if let Some(lines) = below(item, "NewsLines") {
        story.headline = said(child(lines, "HeadLine")).unwrap_or(std::mem::take(&mut story.headline));
        story.furniture.byline = said(child(lines, "ByLine")).or(story.furniture.byline.take());
        dispatch.dateline = said(child(lines, "DateLine")).or(dispatch.dateline.take());
        dispatch.slugline = said(child(lines, "SlugLine")).or(dispatch.slugline.take());
        dispatch
            .credits
            .extend(["CreditLine", "CopyrightLine"].iter().filter_map(|name| said(child(lines, name))));
        dispatch.usage = said(child(lines, "RightsLine")).or(dispatch.usage.take());
    }
    let place = || below(item, "Location").and_then(|location| below(location, "Property"));
    let place = place().and_then(|property| value(property, "Value")).map(str::to_owned);
    story.furniture.place = story.furniture.place.take().or(place);
    dispatch.provider = below(item, "Provider").and_then(party).or(dispatch.provider.take());
    dispatch.credits.extend(all(item, "Source").filter_map(party));
    if let Some(provider) = &dispatch.provider {
        provider.clone_into(&mut story.source);
    }
    let language = below(item, "Language").and_then(|language| value(language, "FormalName"));
    if let Some(language) = language {
        language.clone_into(&mut story.language);
    }
    story.dispatch = dispatch.boxed();
    story
}

fn of_identifier(identifier: Node<'_, '_>, story: &mut Story, dispatch: &mut Dispatch) {
    let part = |name: &str| said(child(identifier, name));
    let revision = child(identifier, "RevisionId");
    dispatch.version = said(revision).and_then(|number| number.parse().ok()).or(dispatch.version);
    // The public identifier ends in the number of the version, which is no part of the id.
    let parts = [part("ProviderId"), part("DateId"), part("NewsItemId")];
    let id = if let [Some(provider), Some(date), Some(item)] = parts {
        format!("urn:newsml:{provider}:{date}:{item}")
    } else {
        part("PublicIdentifier").unwrap_or_default()
    };
    if !id.is_empty() {
        story.id = id;
    }
}

fn of_management(management: Node<'_, '_>, story: &mut Story, dispatch: &mut Dispatch) {
    let code = |name: &str| child(management, name).and_then(|node| value(node, "FormalName"));
    let moment = |name: &str| said(child(management, name)).and_then(|printed| time::parse(&printed));
    story.time = moment("ThisRevisionCreated").or_else(|| moment("FirstCreated")).or(story.time);
    dispatch.created = moment("FirstCreated");
    dispatch.urgency = code("Urgency").and_then(|urgency| urgency.parse().ok()).or(dispatch.urgency);
    dispatch.status = code("Status").map_or(dispatch.status, Status::of);
    let change = child(management, "StatusWillChange");
    let release = change.and_then(|change| said(child(change, "DateAndTime")));
    dispatch.embargo = release.and_then(|printed| time::parse(&printed)).or(dispatch.embargo);
    let instructions = all(management, "Instruction").filter_map(|node| value(node, "FormalName"));
    dispatch.signals.extend(instructions.map(str::to_owned));
    dispatch.notes.extend(
        all(management, "Property")
            .filter(|node| value(*node, "FormalName") == Some("EdNote"))
            .filter_map(|node| value(node, "Value").map(str::to_owned)),
    );
    for (element, rel) in [("DerivedFrom", "derivedFrom"), ("AssociatedWith", "associatedWith")] {
        for link in all(management, element) {
            let Some(id) = value(link, "NewsItem").map(str::to_owned) else { continue };
            if element == "DerivedFrom" {
                dispatch.predecessor = Some(id.clone());
            }
            dispatch.links.push(Link { rel: rel.to_owned(), id });
        }
    }
}

/// The fullest text among the parts of the item: captions and second renditions are shorter.
fn content(item: Node<'_, '_>) -> Story {
    let mut fullest = Story::default();
    for data in all(item, "DataContent") {
        let rendition = match below(data, "nitf") {
            Some(nitf) => nitf::story(nitf),
            None if data.children().any(|node| node.is_element()) => {
                Story { body: paragraphs(below(data, "body").unwrap_or(data)), ..Story::default() }
            }
            None => Story { body: super::plain(data.text().unwrap_or_default(), false), ..Story::default() },
        };
        if rendition.body.len() > fullest.body.len() {
            fullest = rendition;
        }
    }
    fullest
}

/// The name of the party in `node`.
fn party(node: Node<'_, '_>) -> Option<String> {
    below(node, "Party").and_then(|party| value(party, "FormalName")).map(str::to_owned)
}
