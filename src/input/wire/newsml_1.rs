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
    let items = root.descendants().filter(|node| is(*node, "NewsItem") && !is_wrapper(*node));
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

/// Whether an item is there for the items in it and has no text of its own.
fn is_wrapper(item: Node<'_, '_>) -> bool {
    below(item, "NewsItem").is_some() && !all(item, "DataContent").any(|data| is_own(data, item))
}

/// Whether the innermost item around `node` is `item`.
fn is_own(node: Node<'_, '_>, item: Node<'_, '_>) -> bool {
    node.ancestors().find(|above| is(*above, "NewsItem")) == Some(item)
}

fn story(item: Node<'_, '_>) -> Story {
    let (mut story, data) = content(item);
    let mut dispatch = story.dispatch.take().unwrap_or_default();
    if let Some(identifier) = at(item, &["Identification", "NewsIdentifier"]) {
        of_identifier(identifier, &mut story, &mut dispatch);
    }
    if let Some(management) = child(item, "NewsManagement") {
        of_management(management, &mut story, &mut dispatch);
    }
    let line = |name: &str| line(item, data, name);
    story.headline = line("HeadLine").unwrap_or(std::mem::take(&mut story.headline));
    story.furniture.byline = line("ByLine").or(story.furniture.byline.take());
    dispatch.dateline = line("DateLine").or(dispatch.dateline.take());
    dispatch.slugline = line("SlugLine").or(dispatch.slugline.take());
    dispatch.credits.extend(["CreditLine", "CopyrightLine"].into_iter().filter_map(line));
    dispatch.usage = line("RightsLine").or(dispatch.usage.take());
    let place = below(item, "Location").and_then(place);
    story.furniture.place = story.furniture.place.take().or(place);
    dispatch.provider = below(item, "Provider").and_then(party).or(dispatch.provider.take());
    dispatch.credits.extend(all(item, "Source").filter_map(party));
    let origin = || below(item, "Source").and_then(party);
    let address = || said(at(item, &["Identification", "NewsIdentifier", "ProviderId"]));
    if let Some(provider) = dispatch.provider.clone().or_else(origin).or_else(address) {
        story.source = provider;
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
    dispatch.version = said(revision).as_deref().and_then(super::number).or(dispatch.version);
    let before = revision.and_then(|revision| value(revision, "PreviousRevision")).and_then(super::number);
    if before.is_some_and(|before| before > 0) {
        dispatch.signals.push("update".to_owned());
    }
    let parts = [part("ProviderId"), part("DateId"), part("NewsItemId")];
    let id = if let [Some(provider), Some(date), Some(item)] = parts {
        format!("urn:newsml:{provider}:{date}:{item}")
    } else {
        let public = part("PublicIdentifier").unwrap_or_default();
        let (id, version) = without_version(&public);
        dispatch.version = dispatch.version.or(version);
        id.to_owned()
    };
    if !id.is_empty() {
        story.id = id;
    }
}

fn of_management(management: Node<'_, '_>, story: &mut Story, dispatch: &mut Dispatch) {
    let code = |name: &str| child(management, name).and_then(|node| value(node, "FormalName"));
    let (this, first) =
        (said(child(management, "ThisRevisionCreated")), said(child(management, "FirstCreated")));
    time::read(story, this.as_deref().into_iter().chain(first.as_deref()));
    dispatch.created = first.as_deref().and_then(time::moment);
    dispatch.urgency = code("Urgency").and_then(|urgency| urgency.parse().ok()).or(dispatch.urgency);
    dispatch.status = code("Status").map_or(dispatch.status, Status::of);
    let change = child(management, "StatusWillChange");
    let release = change.and_then(|change| said(child(change, "DateAndTime")));
    dispatch.embargo = release.as_deref().and_then(time::moment).or(dispatch.embargo);
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

/// A public identifier without the number of the version in which it ends, and that number:
/// `urn:newsml:afp.com:20240507:doc-1:3U` is version 3.
fn without_version(public: &str) -> (&str, Option<u64>) {
    const PARTS: usize = 5;
    let end = public.rsplit_once(':').filter(|_| public.split(':').count() > PARTS);
    let found = end.and_then(|(id, end)| Some((id, end.trim_end_matches(['N', 'U', 'A']).parse().ok()?)));
    found.map_or((public, None), |(id, version)| (id, Some(version)))
}

/// A line of the component that holds the text, of those around it, or else of any.
fn line(item: Node<'_, '_>, data: Option<Node<'_, '_>>, name: &str) -> Option<String> {
    let of = |component: Node<'_, '_>| said(at(component, &["NewsLines", name]));
    let mut around = data.into_iter().flat_map(|data| data.ancestors().take_while(|above| *above != item));
    around.find_map(of).or_else(|| said(all_named(item, name).find(|line| is_own(*line, item))))
}

fn all_named<'a, 'i>(item: Node<'a, 'i>, name: &str) -> impl Iterator<Item = Node<'a, 'i>> {
    all(item, "NewsLines").filter_map(move |lines| child(lines, name))
}

/// How much a part of an item says that it is the story: the main one before one that says nothing,
/// and a caption last.
fn rank(data: Node<'_, '_>, item: Node<'_, '_>) -> u8 {
    let around = data.ancestors().take_while(|above| *above != item);
    let role = around.filter_map(|above| child(above, "Role")).find_map(|role| value(role, "FormalName"));
    match role.map(str::to_lowercase).unwrap_or_default() {
        role if role.contains("caption") || role.contains("related") || role.contains("supporting") => 0,
        role if role.starts_with("main") => 2,
        _ => 1,
    }
}

/// The fullest text among the parts of the item that say most that they are the story, and where it
/// stands: second renditions are shorter.
fn content<'a, 'i>(item: Node<'a, 'i>) -> (Story, Option<Node<'a, 'i>>) {
    let (mut fullest, mut place, mut best) = (Story::default(), None, 0);
    for data in all(item, "DataContent").filter(|data| is_own(*data, item)) {
        let rendition = match below(data, "nitf") {
            Some(nitf) => nitf::story(nitf),
            None if data.children().any(|node| node.is_element()) => {
                Story { body: paragraphs(below(data, "body").unwrap_or(data)), ..Story::default() }
            }
            None => {
                let text = data.text().unwrap_or_default();
                Story { body: super::plain(text, super::is_html(text)), ..Story::default() }
            }
        };
        let rank = rank(data, item);
        if !rendition.body.is_empty() && (rank, rendition.body.len()) > (best, fullest.body.len()) {
            (fullest, place, best) = (rendition, Some(data), rank);
        }
    }
    (fullest, place)
}

/// The most exact of the names in a location: the city before the country.
fn place(location: Node<'_, '_>) -> Option<String> {
    const EXACT: [&str; 4] = ["City", "Place", "SubLocation", "CountryArea"];
    let names = || all(location, "Property");
    let named = |kind: &&str| {
        names().find(|name| value(*name, "FormalName").is_some_and(|name| name.eq_ignore_ascii_case(kind)))
    };
    let found = EXACT.iter().find_map(named).or_else(|| names().next())?;
    value(found, "Value").map(str::to_owned)
}

/// The name of the party in `node`.
fn party(node: Node<'_, '_>) -> Option<String> {
    below(node, "Party").and_then(|party| value(party, "FormalName")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Vec<Story> {
        let document = roxmltree::Document::parse(xml).unwrap();
        stories(document.root_element()).into_iter().map(|record| record.story).collect()
    }

    #[test]
    fn a_line_is_that_of_the_component_around_the_text() {
        let component = |head: &str, text: &str| {
            format!(
                "<NewsComponent><NewsLines><HeadLine>{head}</HeadLine></NewsLines>\
                 <ContentItem><DataContent><p>{text}</p></DataContent></ContentItem></NewsComponent>"
            )
        };
        let story = read(&format!(
            "<NewsML><NewsItem><NewsComponent><NewsLines><ByLine>Ann</ByLine></NewsLines>{}{}</NewsComponent></NewsItem></NewsML>",
            component("Caption", "A barge."),
            component("Strike halts barges", "The lock keepers walked out on Tuesday.")
        ))
        .remove(0);
        assert_eq!(story.headline, "Strike halts barges");
        assert_eq!(story.furniture.byline.as_deref(), Some("Ann"));
        assert_eq!(story.body, "The lock keepers walked out on Tuesday.");
    }

    #[test]
    fn a_long_caption_is_not_the_story() {
        let part = |role: &str, text: &str| {
            format!(
                "<NewsComponent><Role FormalName='{role}'/><ContentItem><DataContent>{text}</DataContent></ContentItem></NewsComponent>"
            )
        };
        let read = |parts: &str| {
            read(&format!("<NewsML><NewsItem><NewsComponent>{parts}</NewsComponent></NewsItem></NewsML>"))
                .remove(0)
                .body
        };
        let long = "The ferry at the quay of Holm on Monday, seen from the new bridge.";
        assert_eq!(read(&(part("Caption", long) + &part("Main", "The ferry stops."))), "The ferry stops.");
        assert_eq!(read(&(part("Main", "The ferry stops.") + &part("Box", long))), "The ferry stops.");
        assert_eq!(read(&(part("Caption", long) + &part("Main", ""))), long);
        assert_eq!(read(&(part("Text", "One.") + &part("Other", "The longer one."))), "The longer one.");
    }

    #[test]
    fn items_in_an_item_are_stories_of_their_own() {
        let item = |id: &str, inner: &str| {
            format!(
                "<NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:newsml:vn.example:20240507:{id}:3U\
                 </PublicIdentifier></NewsIdentifier></Identification><NewsComponent>{inner}</NewsComponent></NewsItem>"
            )
        };
        let text = |text: &str| format!("<ContentItem><DataContent>{text}</DataContent></ContentItem>");
        let inner = item("in-1", &text("One.")) + &item("in-2", &text("&lt;p&gt;Two.&lt;/p&gt;"));
        let shown: Vec<String> = read(&format!("<NewsML>{}</NewsML>", item("out", &inner)))
            .into_iter()
            .map(|story| format!("{} {:?} {}", story.id, story.dispatch.unwrap().version, story.body))
            .collect();
        assert_eq!(
            shown,
            [
                "urn:newsml:vn.example:20240507:in-1 Some(3) One.",
                "urn:newsml:vn.example:20240507:in-2 Some(3) Two."
            ]
        );
        let both = item("out", &(text("Longer text of the outer item.") + &item("in", &text("Inner."))));
        assert_eq!(read(&format!("<NewsML>{both}</NewsML>")).len(), 2);
    }

    #[test]
    fn an_id_keeps_what_is_no_version() {
        assert_eq!(
            without_version("urn:newsml:a.example:20240507:x:12"),
            ("urn:newsml:a.example:20240507:x", Some(12))
        );
        assert_eq!(
            without_version("urn:newsml:a.example:20240507:12"),
            ("urn:newsml:a.example:20240507:12", None)
        );
        assert_eq!(without_version("x"), ("x", None));
    }
}
