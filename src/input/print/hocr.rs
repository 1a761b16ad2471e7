//! From hOCR, as Tesseract and `OCRopus` write it, to the text of its pages.

use super::super::wire::tree::{text as text_of, value, with_lines};
use super::Body;
use roxmltree::{Document, Node};

/// What is a line.
const LINES: [&str; 5] = ["ocr_line", "ocrx_line", "ocr_header", "ocr_caption", "ocr_textfloat"];

/// What is a paragraph.
const BLOCKS: [&str; 3] = ["ocr_par", "ocr_carea", "ocrx_block"];

/// The line where each page begins, and its text.
pub(super) fn pages(document: &Document<'_>) -> Vec<(u64, String)> {
    let pages = document.descendants().filter(|node| has(*node, &["ocr_page"]));
    with_lines(pages).map(|(line, page)| (line, text(page))).collect()
}

fn text(page: Node<'_, '_>) -> String {
    let mut body = Body::default();
    for node in page.descendants().filter(Node::is_element) {
        if has(node, &BLOCKS) {
            body.end_block();
        } else if has(node, &LINES) {
            body.line(&text_of(node));
        }
    }
    body.finish()
}

/// Whether one of the classes of an element is among `classes`.
fn has(node: Node<'_, '_>, classes: &[&str]) -> bool {
    value(node, "class").is_some_and(|own| own.split_whitespace().any(|class| classes.contains(&class)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_paragraphs_and_lines() {
        let xml = "<html><body><div class='ocr_page'><div class='ocr_carea'><p class='ocr_par'>\
                   <span class='ocr_line'><span class='ocrx_word'>The</span> <span class='ocrx_word'>steam\u{ad}</span></span>\
                   <span class='ocr_line'><span class='ocrx_word'>er</span></span></p>\
                   <p class='ocr_par'><span class='ocr_line'>sank.</span></p></div></div>\n\
                   <div class='ocr_page'><span class='ocr_line'>Two</span></div></body></html>";
        let found = pages(&Document::parse(xml).unwrap());
        assert_eq!(found, [(1, "The steamer\n\nsank.".to_owned()), (2, "Two".to_owned())]);
    }
}
