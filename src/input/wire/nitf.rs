//! From NITF 3 (IPTC), with or without its namespace, to a story.

use super::super::time;
use super::tree::{all, at, below, child, is, paragraphs, said, squeezed, text, value};
use crate::dispatch::{Dispatch, Link, Status, Take};
use crate::story::Story;
use roxmltree::Node;

/// The story below a `nitf` element. The id is empty where the document gives none.
pub(in super::super) fn story(nitf: Node<'_, '_>) -> Story {
    let head = child(nitf, "head");
    let docdata = head.and_then(|head| child(head, "docdata"));
    let top = at(nitf, &["body", "body.head"]);
    let mut story = Story::default();
    let mut dispatch = Dispatch::default();
    if let Some(top) = top {
        of_top(top, &mut story, &mut dispatch);
    }
    if story.headline.is_empty() {
        story.headline = said(head.and_then(|head| child(head, "title"))).unwrap_or_default();
    }
    if let Some(docdata) = docdata {
        of_docdata(docdata, &mut story, &mut dispatch);
    }
    let metas = head.into_iter().flat_map(|head| all(head, "meta"));
    for meta in metas {
        // What the wire calls it says more than the key words of an archive.
        if value(meta, "name") == Some("anpa-keyword") {
            dispatch.slugline = value(meta, "content").map(str::to_owned).or(dispatch.slugline.take());
        }
    }
    if story.time.is_none() {
        let story_date = top.and_then(|top| below(top, "story.date"));
        let published = head.and_then(|head| child(head, "pubdata"));
        let story_date = story_date.and_then(|date| value(date, "norm"));
        let published = published.and_then(|data| value(data, "date.publication"));
        time::read(&mut story, story_date.into_iter().chain(published));
    }
    let release = docdata.and_then(|docdata| child(docdata, "date.release"));
    let release = release.and_then(|date| value(date, "norm")).and_then(time::moment);
    dispatch.embargo = release.filter(|release| story.time.is_none_or(|issue| *release > issue.start()));
    value(nitf, "lang").unwrap_or_default().clone_into(&mut story.language);
    story.body = body(nitf);
    story.dispatch = dispatch.boxed();
    story
}

/// The story in an entry of a feed that holds a whole document, as agencies send them; the entry
/// says its id.
#[cfg(feature = "feeds")]
pub(in super::super) fn in_entry(entry: Node<'_, '_>) -> Option<Story> {
    let mut story = story(below(entry, "nitf")?);
    let first = |names: [&str; 3]| names.iter().find_map(|name| said(child(entry, name)));
    story.id = first(["id", "guid", "link"]).unwrap_or(story.id);
    story.url = said(child(entry, "link")).unwrap_or_default();
    if story.headline.is_empty() {
        story.headline = said(child(entry, "title")).unwrap_or_default();
    }
    if story.time.is_none() {
        time::read(&mut story, first(["published", "updated", "pubDate"]).as_deref());
    }
    Some(story)
}

/// The running text of the document.
fn body(nitf: Node<'_, '_>) -> String {
    // Without one the text stands in the body itself, beside its head and end.
    let content = at(nitf, &["body", "body.content"]).or_else(|| below(nitf, "body.content"));
    content.or_else(|| child(nitf, "body")).map(paragraphs).unwrap_or_default()
}

fn of_top(top: Node<'_, '_>, story: &mut Story, dispatch: &mut Dispatch) {
    let hedline = child(top, "hedline");
    let headline = hedline.map(|hedline| child(hedline, "hl1").unwrap_or(hedline));
    story.headline = said(headline).unwrap_or_default();
    story.furniture.byline = child(top, "byline").and_then(names);
    story.source = said(child(top, "distributor")).unwrap_or_default();
    dispatch.provider = Some(story.source.clone()).filter(|provider| !provider.is_empty());
    let dateline = child(top, "dateline");
    story.furniture.place = said(dateline.and_then(|dateline| below(dateline, "location")));
    dispatch.dateline = said(dateline);
    dispatch.notes =
        top.children().filter(|node| is(*node, "note")).filter_map(|note| said(Some(note))).collect();
    dispatch.usage = said(child(top, "rights"));
}

/// The names of a byline, without the word that opens it and the title of whoever wrote it.
fn names(byline: Node<'_, '_>) -> Option<String> {
    if let Some(person) = below(byline, "person") {
        return said(Some(person));
    }
    let own: String = byline
        .descendants()
        .filter(|node| node.is_text() && !node.ancestors().any(|above| is(above, "byttl")))
        .filter_map(|node| node.text())
        .collect();
    let own = squeezed(&own);
    let name = own.strip_prefix("By ").or_else(|| own.strip_prefix("BY ")).unwrap_or(&own);
    (!name.is_empty()).then(|| name.to_owned())
}

/// One number out of generation and version, which begins again with each generation.
fn version(generation: Option<u64>, version: Option<u64>) -> Option<u64> {
    const VERSIONS: u64 = 1_000;
    match (generation, version) {
        (Some(generation), Some(version)) => {
            Some(generation.saturating_sub(1).saturating_mul(VERSIONS).saturating_add(version))
        }
        (generation, version) => version.or(generation),
    }
}

fn of_docdata(docdata: Node<'_, '_>, story: &mut Story, dispatch: &mut Dispatch) {
    let attribute = |name: &str, key: &str| child(docdata, name).and_then(|node| value(node, key));
    let number = |name: &str, key: &str| attribute(name, key).and_then(super::number);
    let du_key = || attribute("du-key", "key");
    attribute("doc-id", "id-string").or_else(du_key).unwrap_or_default().clone_into(&mut story.id);
    time::read(story, attribute("date.issue", "norm"));
    dispatch.urgency = number("urgency", "ed-urg").map(|urgency| urgency.min(9) as u8);
    dispatch.version = version(number("du-key", "generation"), number("du-key", "version"));
    dispatch.status = docdata
        .attributes()
        .find(|attribute| attribute.name() == "management-status")
        .map_or(Status::Usable, |status| Status::of(status.value()));
    dispatch.take = attribute("series", "series.part").and_then(|part| part.parse().ok()).map(|part| Take {
        part,
        total: attribute("series", "series.totalpart").and_then(|total| total.parse().ok()).unwrap_or(0),
    });
    dispatch.notes.extend(attribute("ed-msg", "info").map(str::to_owned));
    dispatch.credits.extend(attribute("doc.copyright", "holder").map(str::to_owned));
    if story.source.is_empty() {
        let from = all(docdata, "from-src").find_map(|from| value(from, "src-name"));
        let source = attribute("doc-id", "regsrc")
            .or(from)
            .or_else(|| attribute("doc.copyright", "holder"))
            .or_else(|| attribute("doc.rights", "owner"))
            .or_else(|| attribute("doc.rights", "agent"));
        source.unwrap_or_default().clone_into(&mut story.source);
        dispatch.provider = Some(story.source.clone()).filter(|provider| !provider.is_empty());
    }
    for earlier in docdata.children().filter(|node| is(*node, "correction")) {
        dispatch.signals.push("correction".to_owned());
        let id = value(earlier, "id-string").map(str::to_owned);
        dispatch.links.extend(id.clone().map(|id| Link { rel: "corrects".to_owned(), id }));
        dispatch.predecessor = dispatch.predecessor.take().or(id);
        dispatch.notes.extend(value(earlier, "info").map(str::to_owned));
    }
    let keywords: Vec<String> = all(docdata, "keyword")
        .filter_map(|keyword| value(keyword, "key").map(str::to_owned).or_else(|| Some(text(keyword))))
        .collect();
    let slug = keywords.join("-");
    dispatch.slugline = du_key().map(str::to_owned).or_else(|| Some(slug).filter(|slug| !slug.is_empty()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(docdata: &str, body: &str) -> Story {
        let xml = format!("<nitf><head><docdata>{docdata}</docdata></head><body>{body}</body></nitf>");
        story(roxmltree::Document::parse(&xml).unwrap().root_element())
    }

    #[test]
    fn a_body_may_lack_its_content_element() {
        let body = "<body.head><hedline><hl1>Head</hl1></hedline><abstract><p>No</p></abstract></body.head>\
                    <p>One.</p><p>Two.</p><body.end><tagline>x</tagline></body.end>";
        let story = read("", body);
        assert_eq!((story.headline.as_str(), story.body.as_str()), ("Head", "One.\n\nTwo."));
    }

    #[test]
    fn a_later_generation_is_a_later_version() {
        let version = |key: &str| read(&format!("<du-key {key}/>"), "").dispatch.unwrap().version;
        assert_eq!(version("key='a' generation='2'"), Some(2));
        assert_eq!(version("key='a' version='2.0'"), Some(2));
        assert!(
            version("key='a' generation='2' version='1'") > version("key='a' generation='1' version='7'")
        );
        assert!(
            version("key='a' generation='1' version='2'") > version("key='a' generation='1' version='1'")
        );
    }

    #[test]
    fn a_release_is_an_embargo_if_it_comes_after_the_issue() {
        let embargo =
            |docdata: &str, body: &str| read(docdata, body).dispatch.and_then(|dispatch| dispatch.embargo);
        let release = "<date.release norm='20240509T000000Z'/>";
        let dated = "<body.head><dateline><story.date norm='20240510T000000Z'/></dateline></body.head>";
        assert!(embargo(&format!("<date.issue norm='20240507T100000Z'/>{release}"), "").is_some());
        assert!(embargo(&format!("<date.issue norm='20240509T000000Z'/>{release}"), "").is_none());
        assert!(embargo(release, dated).is_none());
        assert!(embargo(release, "").is_some());
    }
}
