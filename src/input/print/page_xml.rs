//! From PAGE XML (`PRImA`) to the text of its pages, in reading order where that is told.

use super::super::wire::tree::{child, is, value, with_lines};
use super::Body;
use roxmltree::{Document, Node};
use std::collections::BTreeMap;

/// The line where each page begins, and its text.
pub(super) fn pages(document: &Document<'_>) -> Vec<(u64, String)> {
    let pages = document.descendants().filter(|node| is(*node, "Page"));
    with_lines(pages).map(|(line, page)| (line, text(page))).collect()
}

fn text(page: Node<'_, '_>) -> String {
    let told: BTreeMap<&str, usize> = page
        .descendants()
        .filter(|node| is(*node, "RegionRefIndexed") || is(*node, "RegionRef"))
        .filter_map(|node| value(node, "regionRef"))
        .zip(0..)
        .collect();
    let is_region = |node: &Node<'_, '_>| is(*node, "TextRegion");
    let mut regions: Vec<Node<'_, '_>> = page.descendants().filter(is_region).collect();
    // Regions without a place stay where they are, behind the others.
    regions.sort_by_key(|region| {
        value(*region, "id").and_then(|id| told.get(id)).copied().unwrap_or(usize::MAX)
    });
    let mut body = Body::default();
    for region in regions {
        body.end_block();
        let lines: Vec<Node<'_, '_>> = region.children().filter(|node| is(*node, "TextLine")).collect();
        for line in &lines {
            body.line(&line_of(*line));
        }
        if lines.is_empty() {
            said(region).unwrap_or_default().lines().for_each(|line| body.line(line));
        }
    }
    body.finish()
}

/// The text of a line: its own, or that of its words.
fn line_of(line: Node<'_, '_>) -> String {
    let words = || {
        let words = line.children().filter(|node| is(*node, "Word"));
        words.filter_map(said).collect::<Vec<_>>().join(" ")
    };
    said(line).map_or_else(words, str::to_owned)
}

/// The first, and so the best, reading that an element has of its own.
fn said<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let reading = child(node, "TextEquiv")?;
    child(reading, "Unicode")?.text().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_stand_in_reading_order() {
        let line =
            |text: &str| format!("<TextLine><TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine>");
        let word = |text: &str| format!("<Word><TextEquiv><Unicode>{text}</Unicode></TextEquiv></Word>");
        let xml = format!(
            "<PcGts><Page><ReadingOrder><OrderedGroup><RegionRefIndexed index='0' regionRef='b'/>\
             <RegionRefIndexed index='1' regionRef='a'/></OrderedGroup></ReadingOrder>\
             <TextRegion id='a'><TextLine>{}{}</TextLine></TextRegion>\
             <TextRegion id='b'>{}{}</TextRegion>\
             <TextRegion id='c'><TextEquiv><Unicode>Of a region</Unicode></TextEquiv></TextRegion></Page></PcGts>",
            word("Second"),
            word("region."),
            line("First re¬"),
            line("gion."),
        );
        let found = pages(&Document::parse(&xml).unwrap());
        assert_eq!(found, [(1, "First region.\n\nSecond region.\n\nOf a region".to_owned())]);
    }
}
