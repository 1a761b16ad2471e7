//! From ALTO, versions 1 to 4 (Library of Congress), to the text of its pages.

use super::super::wire::tree::{is, value, with_lines};
use super::Body;
use roxmltree::{Document, Node};

/// The line where each page begins, and its text in the order of the document.
pub(super) fn pages(document: &Document<'_>) -> Vec<(u64, String)> {
    let pages = document.descendants().filter(|node| is(*node, "Page"));
    with_lines(pages).map(|(line, page)| (line, text(page))).collect()
}

fn text(page: Node<'_, '_>) -> String {
    let mut body = Body::default();
    add(page, &mut body);
    body.finish()
}

/// Adds the lines in `part`, a page or a block of one, to `body`.
pub(super) fn add(part: Node<'_, '_>, body: &mut Body) {
    let (mut block, mut cut) = (None, String::new());
    for line in part.descendants().filter(|node| is(*node, "TextLine")) {
        let own = line.parent().map(|parent| parent.id());
        if own != block {
            body.end_block();
            block = own;
        }
        let mut words = std::mem::take(&mut cut);
        let mut is_hyphened = false;
        for node in line.children().filter(Node::is_element) {
            if is(node, "HYP") {
                is_hyphened = true;
            } else if is(node, "String") {
                push(&mut words, node);
            }
        }
        // A hyphen whose word is not given whole joins what stands on both sides of it.
        let is_whole = line.children().any(|node| value(node, "SUBS_TYPE") == Some("HypPart1"));
        if is_hyphened && !is_whole && !words.is_empty() {
            words.push('\u{ad}');
        }
        body.line(&words);
    }
}

/// Adds a word: of one that is cut, the whole in place of its first part, and nothing for the second.
fn push(words: &mut String, node: Node<'_, '_>) {
    let whole = value(node, "SUBS_CONTENT");
    let word = match (value(node, "SUBS_TYPE"), whole) {
        (Some("HypPart2"), Some(_)) => return,
        (Some("HypPart1"), Some(whole)) => whole,
        _ => value(node, "CONTENT").unwrap_or_default(),
    };
    if !words.is_empty() && !word.is_empty() {
        words.push(' ');
    }
    words.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(blocks: &str) -> Vec<(u64, String)> {
        let xml = format!(
            "<alto xmlns='http://www.loc.gov/standards/alto/ns-v3#'><Layout>\n<Page><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>"
        );
        pages(&Document::parse(&xml).unwrap())
    }

    #[test]
    fn blocks_are_paragraphs_and_cut_words_are_whole() {
        let found = read(
            "<TextBlock><TextLine><String CONTENT='The'/><SP/><String CONTENT='steam-' SUBS_TYPE='HypPart1' SUBS_CONTENT='steamer'/><HYP CONTENT='-'/></TextLine>\
             <TextLine><String CONTENT='er' SUBS_TYPE='HypPart2' SUBS_CONTENT='steamer'/><SP/><String CONTENT='sank.'/></TextLine></TextBlock>\
             <TextBlock><TextLine><String CONTENT='No'/><String CONTENT='pas'/><HYP CONTENT='-'/></TextLine><TextLine><String CONTENT='senger'/></TextLine></TextBlock>",
        );
        assert_eq!(found, [(2, "The steamer\nsank.\n\nNo passenger".to_owned())]);
    }

    #[test]
    fn a_page_without_words_is_empty() {
        assert_eq!(read("<TextBlock><TextLine/></TextBlock>"), [(2, String::new())]);
    }
}
