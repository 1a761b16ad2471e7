//! From RSS, Atom and RDF to stories. Entries of a JSON Feed are read with the rest of JSON.
//!
//! Elements are known by their local names, so that a feed with a wrong namespace is read too. Of
//! several texts of an entry the fullest is its text: many feeds put a teaser where readers look,
//! and the story into an element of their own. A feed that is not well-formed is mended, or else
//! read entry by entry.

use super::form::{Root, root_of};
use super::wire::Record;
#[cfg(not(feature = "feeds"))]
use crate::error::Error;
use crate::error::Result;
use std::path::Path;

#[cfg(feature = "feeds")]
mod exported;
#[cfg(feature = "feeds")]
mod markup;
#[cfg(feature = "feeds")]
mod mended;

/// The entries of a feed.
#[cfg(feature = "feeds")]
pub(super) fn stories(text: &str, path: &Path) -> Vec<Result<Record>> {
    mended::entries(text, path)
}

/// Whether a feed begins behind something else, as a warning that a program of the site has printed.
pub(super) fn is_behind(content: &str) -> bool {
    /// Bytes that may stand before it.
    const WITHIN: usize = 4096;
    let head = &content.as_bytes()[..content.len().min(WITHIN)];
    let begins =
        |at: usize| root_of(&content.as_bytes()[at..]).is_some_and(|root| Root::of(root) == Root::Feed);
    ["<?xml", "<rss", "<feed", "<rdf:RDF"]
        .iter()
        .any(|open| memchr::memmem::find(head, open.as_bytes()).is_some_and(begins))
}

/// Without the feature `feeds` none is read.
#[cfg(not(feature = "feeds"))]
pub(super) fn stories(_: &str, path: &Path) -> Vec<Result<Record>> {
    vec![Err(Error::input("this build lacks the feature `feeds`, which reads RSS and Atom").at(path, 0))]
}

#[cfg(feature = "feeds")]
mod entry {
    use super::super::address::{is_web, resolved};
    use super::super::page::fragment;
    use super::super::time;
    use super::super::wire::tree::{all, child, is, paragraphs, said, squeezed, value};
    use crate::dispatch::{Dispatch, Link};
    use crate::story::Story;
    use roxmltree::Node;

    /// What a feed says of all its entries.
    #[derive(Clone, Default)]
    pub(super) struct Channel {
        pub(super) title: String,
        pub(super) language: String,
        pub(super) link: String,
    }

    impl Channel {
        /// What stands beside the entries below `root`.
        pub(super) fn of(root: Node<'_, '_>) -> Self {
            let channel = child(root, "channel").unwrap_or(root);
            let lang = value(root, "lang").or_else(|| value(channel, "lang")).map(str::to_owned);
            Self {
                title: child(channel, "title").map(|title| fragment(&markup(title))).unwrap_or_default(),
                language: said(child(channel, "language")).or(lang).unwrap_or_default(),
                link: link(channel).unwrap_or_default(),
            }
        }
    }

    /// Whether `node` is an entry: an `item` or `entry` that lies in no other.
    pub(super) fn is_entry(node: &Node<'_, '_>) -> bool {
        let is_item = |node: Node<'_, '_>| is(node, "item") || is(node, "entry");
        is_item(*node) && !node.ancestors().skip(1).any(is_item)
    }

    /// Elements in which a text may stand.
    const TEXTS: [&str; 9] = [
        "encoded",
        "full-text",
        "fulltext",
        "full_text",
        "content",
        "description",
        "summary",
        "body",
        "text",
    ];

    pub(super) fn story(entry: Node<'_, '_>, channel: &Channel) -> Story {
        let first = |names: &[&str]| names.iter().find_map(|name| said(child(entry, name)));
        let url = address(entry, channel);
        let source = child(entry, "source");
        let named = source.and_then(|source| said(child(source, "title")).or_else(|| said(Some(source))));
        let title = child(entry, "title").map(|title| fragment(&markup(title))).unwrap_or_default();
        let mut story = Story {
            id: first(&["guid", "id"]).or_else(|| about(entry)).unwrap_or_else(|| url.clone()),
            headline: without_source(&squeezed(&title), named.as_deref()),
            body: body(entry),
            source: named.clone().unwrap_or_else(|| channel.title.clone()),
            url,
            language: first(&["language"])
                .or_else(|| value(entry, "lang").map(str::to_owned))
                .unwrap_or_else(|| channel.language.clone()),
            ..Story::default()
        };
        let dates =
            ["pubDate", "published", "publicationDate", "issued", "date", "created", "updated", "modified"];
        let dates: Vec<String> = dates.iter().filter_map(|name| first(&[name])).collect();
        time::read(&mut story, dates.iter().map(String::as_str));
        drop_more(&mut story.body);
        drop_origin(&mut story.body, &story.headline);
        story.furniture.byline = byline(entry);
        let mut dispatch = Dispatch { usage: first(&["rights", "copyright"]), ..Dispatch::default() };
        for link in all(entry, "link") {
            let rel = value(link, "rel").filter(|rel| ["via", "related"].contains(rel));
            if let (Some(rel), Some(href)) = (rel, value(link, "href")) {
                dispatch.links.push(Link { rel: rel.to_owned(), id: href.to_owned() });
            }
        }
        let origin = source.and_then(|source| {
            let own = value(source, "url").map(str::to_owned);
            own.or_else(|| said(child(source, "id"))).or_else(|| link(source))
        });
        dispatch.links.extend(origin.map(|id| Link { rel: "source".to_owned(), id }));
        dispatch.credits.extend(all(entry, "credit").filter_map(|credit| said(Some(credit))));
        story.dispatch = dispatch.boxed();
        story
    }

    /// Aggregators put the source behind the title: `Quay closes - Lindmark Post`.
    fn without_source(title: &str, source: Option<&str>) -> String {
        let cut = source.and_then(|source| {
            let rest = title.strip_suffix(source)?.trim_end();
            rest.strip_suffix(['-', '–', '—', '|']).map(str::trim_end)
        });
        cut.filter(|rest| !rest.is_empty()).unwrap_or(title).to_owned()
    }

    /// How the line begins, before the headline, that a program for sites puts under each entry.
    const ORIGINS: [&str; 20] = [
        "The post",
        "The article",
        "Der Beitrag",
        "L’article",
        "L'article",
        "Cet article",
        "La entrada",
        "El artículo",
        "L’articolo",
        "L'articolo",
        "O post",
        "O artigo",
        "Het bericht",
        "Inlägget",
        "Indlægget",
        "Wpis",
        "Artykuł",
        "Příspěvek",
        "Запись",
        "Сообщение",
    ];

    /// Takes off the last paragraph where it says no more than where the entry of that headline stood
    /// first: `The post Quay closes first appeared on Lindmark Post.`
    fn drop_origin(body: &mut String, headline: &str) {
        /// Words behind the headline at most.
        const BEHIND: usize = 16;
        let start = body.trim_end().rfind('\n').map_or(0, |end| end + 1);
        if !ORIGINS.iter().any(|origin| body[start..].trim_start().starts_with(origin)) {
            return;
        }
        let last = squeezed(&body[start..]);
        let behind = ORIGINS.iter().find_map(|origin| {
            let rest = last.strip_prefix(origin)?.trim_start_matches([' ', '“', '"', '«', '„']);
            rest.strip_prefix(headline)
        });
        if start > 0 && !headline.is_empty() && behind.is_some_and(|rest| rest.split(' ').count() <= BEHIND) {
            body.truncate(body[..start].trim_end().len());
        }
    }

    /// Takes off the end of a teaser what leads to the rest of it, `Continue reading →`, and then what says
    /// that it is cut: `[…]`.
    fn drop_more(body: &mut String) {
        crate::wire::drop_invitations(body);
        let cut = ["[…]", "[...]", "(…)", "(...)"].iter().find_map(|mark| body.strip_suffix(mark));
        if let Some(text) = cut.map(str::trim_end).filter(|text| !text.is_empty()) {
            body.truncate(text.len());
        }
    }

    /// The fullest text of an entry.
    fn body(entry: Node<'_, '_>) -> String {
        let nodes = entry.children().filter(|node| {
            let name = node.tag_name().name().to_ascii_lowercase();
            let is_media = node.tag_name().namespace().is_some_and(|space| space.contains("/mrss"));
            node.is_element() && TEXTS.contains(&name.as_str()) && !is_media
        });
        let is_export = super::exported::is_of_wordpress(entry);
        let mut texts = nodes.map(|node| text(node, is_export));
        let first = texts.next().unwrap_or_default();
        texts.fold(first, |fullest, text| if text.len() > fullest.len() { text } else { fullest })
    }

    /// The running text of an element, whatever kind it says it is; `is_export` says that it is as a
    /// program for sites keeps it.
    fn text(node: Node<'_, '_>, is_export: bool) -> String {
        if node.children().any(|inner| inner.is_element()) {
            return paragraphs(node);
        }
        let inner = node.text().map(|_| all_text(node)).unwrap_or_default();
        match value(node, "type") {
            Some("text" | "text/plain") if !super::super::wire::is_html(&inner) => inner.trim().to_owned(),
            _ if is_export => fragment(&super::exported::shown(&inner)),
            _ => fragment(&inner),
        }
    }

    fn all_text(node: Node<'_, '_>) -> String {
        node.children().filter_map(|inner| inner.text()).collect()
    }

    /// What a title says: text, or markup in it.
    fn markup(title: Node<'_, '_>) -> String {
        title.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
    }

    fn byline(entry: Node<'_, '_>) -> Option<String> {
        let names = ["author", "creator"];
        let found = names.iter().find_map(|name| {
            let node = child(entry, name)?;
            said(child(node, "name")).or_else(|| said(Some(node)))
        })?;
        // RSS asks for an address, with the name behind it.
        let name = found.split_once('(').map(|(_, name)| name.trim_end_matches(')').trim().to_owned());
        let name = name.filter(|name| !name.is_empty() && found.contains('@')).unwrap_or(found);
        (!name.trim().is_empty()).then_some(name)
    }

    /// The address of an entry: the one that it names as its own, before those of a service, and an
    /// id that is one where it names none.
    fn address(entry: Node<'_, '_>, channel: &Channel) -> String {
        let guid = child(entry, "guid").filter(|guid| value(*guid, "isPermaLink") != Some("false"));
        let id = said(guid.or_else(|| child(entry, "id"))).or_else(|| about(entry));
        let id = id.filter(|id| is_web(id));
        let found = said(child(entry, "origLink")).or_else(|| link(entry)).or(id).unwrap_or_default();
        let base = entry.ancestors().find_map(|above| value(above, "base")).unwrap_or(&channel.link);
        resolved(&found, base).unwrap_or(found)
    }

    /// What RDF calls an entry.
    fn about(entry: Node<'_, '_>) -> Option<String> {
        value(entry, "about").map(str::to_owned)
    }

    /// The link of an entry or a feed: text in RSS, an attribute in Atom.
    fn link(node: Node<'_, '_>) -> Option<String> {
        let links = || node.children().filter(|inner| is(*inner, "link"));
        let is_own = |link: &Node<'_, '_>| value(*link, "rel").is_none_or(|rel| rel.ends_with("alternate"));
        let href = links().filter(is_own).find_map(|link| value(link, "href").map(str::to_owned));
        links().find_map(|link| said(Some(link))).or(href)
    }

    #[cfg(test)]
    mod tests {
        use super::{drop_more, drop_origin};

        #[test]
        fn what_leads_to_the_rest_is_no_text() {
            let of = |end: &str| {
                let mut body = format!("The last ferry sails.{end}");
                drop_more(&mut body);
                body
            };
            for end in [
                " Continue reading →",
                "\n\nRead more",
                " […]",
                "[...] Weiterlesen »",
                " Читать далее...",
                " Leer más",
                "\nContinue reading",
            ] {
                assert_eq!(of(end), "The last ferry sails.", "{end}");
            }
            for end in [
                " It could not read more",
                " Nobody will continue reading.",
                " So it is…",
                " Read more books.",
                " He says continue reading",
            ] {
                assert_eq!(of(end), format!("The last ferry sails.{end}"));
            }
        }

        #[test]
        fn where_an_entry_stood_first_is_no_text() {
            let of = |last: &str| {
                let mut body = format!("The last ferry sails.\n\n{last}");
                drop_origin(&mut body, "Ferry stops");
                body
            };
            for last in [
                "The post Ferry stops first appeared on Holm Post.",
                "The post Ferry stops appeared first on Holm Post.",
                "Der Beitrag Ferry stops erschien zuerst auf Holm Post.",
                "La entrada Ferry stops se publicó primero en Holm Post.",
                "L’article Ferry stops est apparu en premier sur Holm Post.",
            ] {
                assert_eq!(of(last), "The last ferry sails.", "{last}");
            }
            for last in
                ["The post office first appeared on the quay in 1890.", "Ferry stops are to be closed."]
            {
                assert!(of(last).ends_with(last), "{last}");
            }
        }
    }
}
