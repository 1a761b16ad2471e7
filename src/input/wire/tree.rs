//! From XML to a tree that is safe to walk, and from elements to clean paragraphs.
//!
//! Nothing is ever fetched; a document that declares entities of its own is refused, so none are
//! expanded; nodes and depth are bounded.

pub(in super::super) use super::blanks::squeezed;
use crate::error::{Error, Result};
use memchr::memmem;
use roxmltree::{Document, Node, ParsingOptions};
use std::borrow::Cow;
use std::path::Path;

/// Nodes of a document at most: the longest package seen in the field has a tenth.
const NODES: u32 = 4_000_000;
/// How deep elements may lie in each other.
const DEPTH: u32 = 256;

/// What begins and ends a paragraph.
const BLOCKS: [&str; 29] = [
    "p",
    "hl1",
    "hl2",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "dt",
    "dd",
    "block",
    "div",
    "section",
    "article",
    "blockquote",
    "bq",
    "pre",
    "body",
    "body.content",
    "ul",
    "ol",
    "dl",
    "tr",
    "sec",
    "title",
    "ab",
    "lg",
];
/// What is no running text.
const APART: [&str; 25] = [
    "table",
    "media",
    "figure",
    "figcaption",
    "script",
    "style",
    "head",
    "nav",
    "header",
    "aside",
    "note",
    "img",
    "form",
    "iframe",
    "button",
    "nitf-table",
    "footer",
    "body.head",
    "body.end",
    "endnote",
    "media-caption",
    "fig",
    "table-wrap",
    "fn-group",
    "fw",
];

/// Parses `text` and gives the tree to `read`.
pub(in super::super) fn with<T>(text: &str, path: &Path, read: impl FnOnce(&Document<'_>) -> T) -> Result<T> {
    let root = memmem::find_iter(text.as_bytes(), b"<")
        .find(|at| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_alphabetic));
    if memmem::find(&text.as_bytes()[..root.unwrap_or(text.len())], b"<!ENTITY").is_some() {
        let text = "expected XML without entities of its own, found `<!ENTITY`; \
                    they are not expanded; take the document type out";
        return Err(Error::input(text).at(path, 1));
    }
    let mended = match parsed(text) {
        Ok(document) => {
            check_depth(&document, path)?;
            return Ok(read(&document));
        }
        // Entities of HTML, which an external document type would have declared.
        Err(roxmltree::Error::UnknownEntityReference(..)) => named_entities(text),
        Err(roxmltree::Error::UnexpectedDeclaration(..)) => without_declaration(text),
        Err(_) => Cow::Borrowed(text),
    };
    let document = parsed(&mended).map_err(|error| {
        let line = u64::from(error.pos().row);
        let full = error.to_string();
        let cause = full.split(" at ").next().unwrap_or(&full);
        Error::input(format!(
            "expected well-formed XML, found a fault: {cause}; mend or fetch the file again"
        ))
        .at(path, line)
    })?;
    check_depth(&document, path)?;
    Ok(read(&document))
}

fn parsed(text: &str) -> std::result::Result<Document<'_>, roxmltree::Error> {
    let options = ParsingOptions { allow_dtd: true, nodes_limit: NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options)
}

/// Blanks a declaration that blanks precede, and keeps every line where it is.
fn without_declaration(text: &str) -> Cow<'_, str> {
    let start = text.len() - text.trim_start().len();
    let end = memmem::find(text.as_bytes(), b"?>").map_or(start, |end| end + 2);
    if !text[start..].starts_with("<?xml ") || text[start..end].contains('\n') {
        return Cow::Borrowed(text);
    }
    let blanks = " ".repeat(end - start);
    named_entities(&[&text[..start], &blanks, &text[end..]].concat()).into_owned().into()
}

/// Replaces entities that HTML names and XML does not know.
fn named_entities(text: &str) -> Cow<'_, str> {
    const OF_XML: [&str; 5] = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"];
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for at in memmem::find_iter(text.as_bytes(), b"&") {
        let Some(name) = reference(&text[at..]) else { continue };
        if OF_XML.contains(&name) || name.starts_with("&#") {
            continue;
        }
        let meant = html_escape::decode_html_entities(name);
        if meant != name {
            out.push_str(&text[kept..at]);
            out.push_str(&meant);
            kept = at + name.len();
        }
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The reference that opens `text`, from its `&` to its `;`. Another `&` or a blank before that shows
/// that it begins none.
pub(in super::super) fn reference(text: &str) -> Option<&str> {
    const LONGEST: usize = 32;
    let name = text.bytes().skip(1).take(LONGEST);
    let end = 1 + name.take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    text[end..].starts_with(';').then(|| &text[..=end])
}

fn check_depth(document: &Document<'_>, path: &Path) -> Result<()> {
    let (mut depth, mut at) = (0_u32, document.root());
    // Elements in document order: each step goes down by one or up by some.
    for node in document.descendants().skip(1) {
        if node.parent() == Some(at) {
            depth += 1;
        } else {
            while node.parent() != at.parent() {
                at = at.parent().unwrap_or(document.root());
                depth -= 1;
            }
        }
        at = node;
        if depth > DEPTH {
            let line = u64::from(document.text_pos_at(node.range().start).row);
            let text = format!("expected XML of {DEPTH} levels at most, found more; leave the file out");
            return Err(Error::input(text).at(path, line));
        }
    }
    Ok(())
}

/// Whether `node` is an element of that local name, in any namespace.
pub(in super::super) fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name().eq_ignore_ascii_case(name)
}

/// The first child of that name.
pub(in super::super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| is(*child, name))
}

/// The first element below `node` that the names lead to, one level each.
pub(in super::super) fn at<'a, 'i>(node: Node<'a, 'i>, names: &[&str]) -> Option<Node<'a, 'i>> {
    names.iter().try_fold(node, |node, name| child(node, name))
}

/// The first element of that name anywhere below `node`.
pub(in super::super) fn below<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.descendants().skip(1).find(|node| is(*node, name))
}

/// All elements of that name anywhere below `node`.
pub(in super::super) fn all<'a, 'i>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.descendants().skip(1).filter(move |node| is(*node, name))
}

/// All text in `node`, blanks squeezed.
pub(in super::super) fn text(node: Node<'_, '_>) -> String {
    let whole: String = node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    squeezed(&whole)
}

/// The text of an element, if there is any.
pub(in super::super) fn said(node: Option<Node<'_, '_>>) -> Option<String> {
    node.map(text).filter(|text| !text.is_empty())
}

/// The value of an attribute, by its local name, if it has one.
pub(in super::super) fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let found = node.attributes().find(|attribute| attribute.name().eq_ignore_ascii_case(name))?;
    Some(found.value().trim()).filter(|value| !value.is_empty())
}

/// Each of `nodes`, in document order, with the line where it begins. Counted in one pass: the
/// crate would count from the start for each.
pub(in super::super) fn with_lines<'a, 'i: 'a>(
    nodes: impl Iterator<Item = Node<'a, 'i>>,
) -> impl Iterator<Item = (u64, Node<'a, 'i>)> {
    let (mut counted, mut line) = (0, 1);
    nodes.map(move |node| {
        let start = node.range().start;
        let passed = &node.document().input_text().as_bytes()[counted..start];
        line += memchr::memchr_iter(b'\n', passed).count() as u64;
        counted = start;
        (line, node)
    })
}

/// The running text below `root`, a paragraph a line with blank lines between; tables, pictures,
/// notes and scripts are left out. Markup that was escaped, once too often, is taken for markup.
pub(in super::super) fn paragraphs(root: Node<'_, '_>) -> String {
    let body = own_paragraphs(root);
    if super::is_html(&body) { super::plain(&body, true) } else { body }
}

/// Classes of lists of key words and the like, which some makers put into the text.
const ASIDE: [&str; 7] = ["meta", "keyword", "keywords", "tags", "geo", "byline", "kind"];

fn is_aside(node: Node<'_, '_>) -> bool {
    let class = value(node, "class").unwrap_or_default();
    class.split_whitespace().any(|class| ASIDE.iter().any(|name| name.eq_ignore_ascii_case(class)))
}

/// The paragraphs that the elements make. Walked without recursion.
fn own_paragraphs(root: Node<'_, '_>) -> String {
    let (mut body, mut run) = (String::new(), String::new());
    let mut node = root;
    loop {
        let name = node.tag_name().name().to_ascii_lowercase();
        let apart = node != root && (APART.contains(&name.as_str()) || is_aside(node));
        if node.is_text() {
            run.push_str(node.text().unwrap_or_default());
        } else if name == "br" {
            line_end(&mut body, &mut run);
        } else if apart || BLOCKS.contains(&name.as_str()) {
            flush(&mut body, &mut run);
        }
        if let Some(first) = node.first_child().filter(|_| !apart) {
            node = first;
            continue;
        }
        loop {
            if BLOCKS.contains(&node.tag_name().name().to_ascii_lowercase().as_str()) {
                flush(&mut body, &mut run);
            }
            if node == root {
                flush(&mut body, &mut run);
                return body;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return body };
            node = parent;
        }
    }
}

/// Stands for a `br` in a run.
const BREAK: char = '\u{2028}';

/// A `br` ends a paragraph behind a sentence or another `br`; within a sentence it is where a line
/// was full.
fn line_end(body: &mut String, run: &mut String) {
    let before = run.trim_end_matches([' ', '\t', '\n', '\r']);
    let ends = before.is_empty() || before.ends_with(['.', '!', '?', ':', '"', '”', '»', '。', ')', BREAK]);
    if ends { flush(body, run) } else { run.push(BREAK) }
}

fn flush(body: &mut String, run: &mut String) {
    let paragraphs = if is_hard_wrapped(run) {
        super::telegraph::unwrapped(run.lines()).iter().map(|line| squeezed(line)).collect()
    } else {
        vec![squeezed(run)]
    };
    run.clear();
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.is_empty()) {
        if !body.is_empty() {
            body.push_str("\n\n");
        }
        body.push_str(paragraph);
    }
}

/// Whether line ends and indents make the paragraphs, as on a teleprinter: some lines are indented
/// and some are not. Markup that is only printed with an indent has it on every line.
fn is_hard_wrapped(run: &str) -> bool {
    const LINES: usize = 4;
    let lines = || run.trim().lines().skip(1).filter(|line| !line.trim().is_empty());
    let is_indented = |line: &&str| line.starts_with("  ") || line.starts_with('\t');
    lines().count() + 1 >= LINES
        && lines().any(|line| is_indented(&line))
        && lines().any(|line| !is_indented(&line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(xml: &str) -> String {
        with(xml, Path::new("a.xml"), |document| paragraphs(document.root_element())).unwrap()
    }

    fn refused(xml: &str) -> String {
        with(xml, Path::new("a.xml"), |_| ()).unwrap_err().to_string()
    }

    #[test]
    fn paragraphs_are_clean_and_tables_are_left_out() {
        let xml = "<x:div xmlns:x='u'><x:p>One <b>two</b>\n three.</x:p><table><tr><td>9</td></tr></table>\
                   <p/><block><p>Four<br/>five</p></block>six<figure>No</figure></x:div>";
        assert_eq!(body(xml), "One two three.\n\nFour five\n\nsix");
        assert_eq!(body("<p>One.<br/>Two<br/><br/>three</p>"), "One.\n\nTwo\n\nthree");
    }

    #[test]
    fn escaped_markup_is_markup() {
        let xml = "<p>&lt;p&gt;One &amp;amp; two&lt;/p&gt;&lt;table&gt;&lt;tr&gt;&lt;td&gt;9&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;\
                   &lt;p&gt;Three&lt;/p&gt;</p>";
        assert_eq!(body(xml), "One & two\n\nThree");
        assert_eq!(body("<p>a &lt; b and c &gt; d</p>"), "a < b and c > d");
    }

    #[test]
    fn blanks_before_the_declaration_do_no_harm() {
        assert_eq!(body("\n \n<?xml version='1.0'?>\n<p>a&nbsp;b</p>"), "a b");
        assert!(refused("\n<?xml version='1.0'?>\n<p>AT&T & R&D &copy; c</p>").contains("a.xml:3"));
        assert!(refused("\n<?xml version='1.0'?>\n<p>\n<b></p>").starts_with("a.xml:4: "));
    }

    #[test]
    fn entities_of_html_are_known_and_others_refused() {
        assert_eq!(
            body("<!DOCTYPE p SYSTEM 'x.dtd'><p>a&nbsp;b &mdash; c &amp; d &#8212;</p>"),
            "a b — c & d —"
        );
        assert!(
            refused("<p>&nope;</p>").starts_with("a.xml:1: expected well-formed XML"),
            "{}",
            refused("<p>&nope;</p>")
        );
    }

    #[test]
    fn bombs_are_refused() {
        let laughs = "<!DOCTYPE p [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><p>&b;</p>";
        assert_eq!(
            refused(laughs),
            "a.xml:1: expected XML without entities of its own, found `<!ENTITY`; they are not expanded; \
             take the document type out"
        );
        for levels in [257, 100_000] {
            let deep = "<p>".repeat(levels) + &"</p>".repeat(levels);
            assert!(refused(&deep).contains("levels at most"), "{levels}");
        }
        assert_eq!(body(&("<p>".repeat(200) + "x" + &"</p>".repeat(200))), "x");
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        assert!(refused("<p>\n<b>\n</p>").starts_with("a.xml:3: expected well-formed XML"));
    }
}
