//! From NewsML-G2 (IPTC), single items and messages of many, to stories.

use super::super::time;
use super::Record;
use super::nitf;
use super::tree::{all, at, below, child, is, paragraphs, said, squeezed, value, with_lines};
use crate::dispatch::{Dispatch, Link, Status};
use crate::story::Story;
use roxmltree::Node;

/// The `newsItem`s in a document, each with the line where it begins. Items that are pictures
/// or packages and hold no text are no stories.
pub(super) fn stories(root: Node<'_, '_>) -> Vec<Record> {
    let items = root.descendants().filter(|node| is(*node, "newsItem"));
    let sender = said(at(root, &["header", "sender"]));
    let texts = with_lines(items.filter(|item| !is_picture(*item)));
    texts
        .map(|(line, item)| {
            let mut story = story(item);
            if story.source.is_empty() {
                story.source = sender.clone().unwrap_or_default();
            }
            Record { line, story }
        })
        .collect()
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
    dispatch.version = value(item, "version").and_then(super::number).or(dispatch.version);
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
    let moment = |name: &str| said(child(meta, name)).as_deref().and_then(time::moment);
    time::read(story, said(child(meta, "versionCreated")).as_deref());
    dispatch.created = moment("firstCreated");
    dispatch.embargo = moment("embargoed").or(dispatch.embargo);
    // Without a moment it is held until further notice.
    if child(meta, "embargoed").is_some() && dispatch.embargo.is_none() {
        dispatch.status = Status::Withheld;
    }
    let status = child(meta, "pubStatus").and_then(|status| value(status, "qcode").or(value(status, "uri")));
    let status = status.map_or(Status::Usable, |word| Status::of(word.rsplit('/').next().unwrap_or(word)));
    dispatch.status = dispatch.status.max(status);
    dispatch.provider = child(meta, "provider").and_then(name).or(dispatch.provider.take());
    if let Some(provider) = &dispatch.provider {
        provider.clone_into(&mut story.source);
    }
    dispatch.notes.extend(all(meta, "edNote").filter_map(|note| said(Some(note))));
    dispatch.signals.extend(all(meta, "signal").filter_map(|signal| value(signal, "qcode")).map(local));
    for link in all(meta, "link") {
        let Some(id) = value(link, "residref").or_else(|| value(link, "href")) else { continue };
        let rel = value(link, "rel").map(local).unwrap_or_default();
        let before = ["evolvedfrom", "previousversion", "derivedfrom"];
        if before.iter().any(|name| rel.to_ascii_lowercase().contains(name)) {
            dispatch.predecessor = Some(id.to_owned());
        }
        dispatch.links.push(Link { rel, id: id.to_owned() });
    }
}

fn of_content(meta: Node<'_, '_>, story: &mut Story, dispatch: &mut Dispatch) {
    if story.time.is_none() {
        let (modified, created) = (said(child(meta, "contentModified")), said(child(meta, "contentCreated")));
        time::read(story, modified.as_deref().into_iter().chain(created.as_deref()));
    }
    story.headline = headline(meta).unwrap_or(std::mem::take(&mut story.headline));
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

/// The headline that says it is the main one, or else the first that is none below it.
fn headline(meta: Node<'_, '_>) -> Option<String> {
    let role = |node: &Node<'_, '_>| value(*node, "role").map(local).unwrap_or_default().to_lowercase();
    let rank = |node: &Node<'_, '_>| match role(node) {
        role if role.contains("sub") || role.contains("kicker") || role.contains("deck") => 3,
        role if role == "main" || role.starts_with("head") => 0,
        _ if value(*node, "rendition").is_some_and(|kind| kind.contains("short")) => 2,
        _ => 1,
    };
    let told = meta.children().filter(|node| is(*node, "headline") && said(Some(*node)).is_some());
    told.min_by_key(rank).and_then(|node| said(Some(node)))
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
    let kind = value(part, "contenttype").unwrap_or_default();
    let is_html = kind.contains("html") || super::is_html(&data);
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

/// What a concept is called: its name, or else its literal, code or address. What stands deeper
/// in it are other concepts.
fn name(node: Node<'_, '_>) -> Option<String> {
    let own = node.text().map(squeezed).filter(|text| !text.is_empty());
    let code = |key: &str| value(node, key).map(local);
    said(child(node, "name"))
        .or(own)
        .or_else(|| value(node, "literal").map(squeezed))
        .or_else(|| code("qcode"))
        .or_else(|| code("uri"))
        .filter(|name| !name.is_empty())
}

/// A code without the scheme before it.
fn local(qcode: &str) -> String {
    qcode.rsplit([':', '#', '/']).next().unwrap_or(qcode).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(meta: &str, content: &str) -> Story {
        let xml = format!(
            "<newsItem guid=\"urn:x:1\" version=\"2\"><itemMeta>{meta}</itemMeta><contentMeta>{content}<headline>H</headline>\
             </contentMeta></newsItem>"
        );
        let document = roxmltree::Document::parse(&xml).unwrap();
        stories(document.root_element()).remove(0).story
    }

    #[test]
    fn an_embargo_without_a_moment_holds_until_further_notice() {
        let flag = |meta: &str| read(meta, "").dispatch.unwrap().flag();
        assert_eq!(flag("<embargoed/><pubStatus qcode='stat:usable'/>").as_deref(), Some("withheld"));
        assert_eq!(
            flag("<embargoed>2024-05-08T00:00:00Z</embargoed>").as_deref(),
            Some("embargoed until 2024-05-08T00:00:00Z")
        );
        assert_eq!(flag("<embargoed/><pubStatus qcode='stat:canceled'/>").as_deref(), Some("canceled"));
        assert_eq!(
            flag("<pubStatus uri='http://cv.iptc.org/newscodes/pubstatusg2/withheld'/>").as_deref(),
            Some("withheld")
        );
        assert_eq!(flag("<pubStatus qcode='stat:usable'/>"), None);
    }

    #[test]
    fn a_headline_below_the_main_one_is_not_it() {
        let of = |heads: &str| read("", heads).headline;
        let sub = "<headline role='hld:subHeadline'>Mayor regrets</headline>";
        assert_eq!(of(&format!("{sub}<headline role='hld:main'>Ferry closes</headline>")), "Ferry closes");
        assert_eq!(of(sub), "H", "which says nothing of itself");
        let short = "<headline rendition='short'>Ferry</headline><headline>Ferry closes</headline>";
        assert_eq!(of(short), "Ferry closes");
    }

    #[test]
    fn a_concept_is_called_by_its_own_name() {
        let place =
            "<located qcode='geo:orsa'><broader qcode='c:1'><name>Vellmark</name></broader></located>";
        assert_eq!(read("", place).furniture.place.as_deref(), Some("orsa"));
        assert_eq!(read("<provider uri='http://x.example/vn'/>", "").source, "vn");
        assert_eq!(read("<provider literal='Vell News'/>", "").source, "Vell News");
    }

    #[test]
    fn a_link_to_what_was_before_is_the_predecessor() {
        let of = |rel: &str| {
            read(&format!("<link rel='{rel}' residref='urn:x:0'/>"), "").dispatch.unwrap().predecessor
        };
        assert_eq!(of("itemrel:previousVersion").as_deref(), Some("urn:x:0"));
        assert_eq!(of("irel:evolvedFrom").as_deref(), Some("urn:x:0"));
        assert_eq!(of("irel:seeAlso"), None);
    }
}
