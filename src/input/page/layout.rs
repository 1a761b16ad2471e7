//! From tables that only lay a mail or an entry out to its text: their cells are divisions. Tables of
//! facts go, as they do in all prose.

use super::select::Selector;
use ahash::AHashSet;
use dom_query::{Document, NodeId, NodeRef, Selection};

static TABLES: Selector = Selector::new("table");
static HEAD_CELLS: Selector = Selector::new("th");
static CELLS: Selector = Selector::new("td");
static PARTS: Selector = Selector::new("table, tbody, thead, tfoot, tr, td");

/// What a table is made of.
const OWN: [&str; 5] = ["tbody", "thead", "tfoot", "tr", "td"];

/// Words of a cell from which on it holds a text.
const TEXT: usize = 20;

/// Takes tables of facts out of `document`, and makes divisions of all others.
pub(super) fn settle(document: &Document) {
    let tables = TABLES.of(document);
    // Those that lie in others come first: a cell of layout is not known by the facts in it.
    for table in tables.iter().collect::<Vec<_>>().iter().rev() {
        if HEAD_CELLS.is_below(table) || !CELLS.below(table).iter().any(|cell| holds_text(&cell)) {
            table.remove();
        }
    }
    PARTS.of(document).rename("div");
}

/// Makes divisions of the cells of tables that hold the text of a page, and puts those of one column,
/// and of several tables below each other, side by side: a reader of pages takes for one text what
/// lies in one element. Other tables stay.
pub(super) fn settle_page(document: &Document) {
    // What each cell lies in, not what lies in each table: tables may lie in each other by hundreds.
    let around = |cells: &[NodeRef<'_>]| -> AHashSet<NodeId> {
        cells.iter().flat_map(|cell| cell.ancestors_it(None)).map(|node| node.id).collect()
    };
    let texts: Vec<_> = CELLS.of(document).iter().filter(holds_text).collect();
    let texts: Vec<_> = texts.iter().flat_map(Selection::nodes).copied().collect();
    let (texts, facts) = (around(&texts), around(HEAD_CELLS.of(document).nodes()));
    for &table in TABLES.of(document).nodes() {
        if !texts.contains(&table.id) || facts.contains(&table.id) {
            continue;
        }
        let parts = own(table);
        let cells = |row: &NodeRef<'_>| row.children_it(false).filter(|part| part.has_name("td")).count();
        let is_column = parts.iter().filter(|part| part.has_name("tr")).all(|row| cells(row) <= 1);
        for part in parts.iter().rev() {
            let is_cell = part.has_name("td");
            part.rename("div");
            if is_column && !is_cell {
                for inner in part.children_it(false).collect::<Vec<_>>() {
                    part.insert_before(&inner);
                }
                part.remove_from_parent();
            }
        }
    }
}

/// A table, its rows and its cells, not those of tables in it, each before those in it.
fn own(table: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let (mut parts, mut at) = (vec![table], 0);
    while let Some(part) = parts.get(at) {
        let inner: Vec<_> =
            part.children_it(false).filter(|part| OWN.iter().any(|name| part.has_name(name))).collect();
        parts.extend(inner);
        at += 1;
    }
    parts
}

fn holds_text(cell: &Selection<'_>) -> bool {
    cell.text().split_whitespace().nth(TEXT - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::story;

    #[test]
    fn text_in_tables_below_each_other_is_one_text() {
        let texts = [
            "The long pier of Landvik will be closed for the winter, the harbour board said on Monday, and its boats lie at the old yard.",
            "Nobody on the island knows yet how the post will come; a bus over the bridge has room for twelve, and a queue has begun.",
            "The board wants to open the pier again in spring, when the piles have been looked at by divers, its chairwoman said.",
        ];
        let of = |body: &str| {
            let html = format!("<html><head><title>Pier closes</title></head><body>{body}</body></html>");
            let body = story(&html, None).unwrap().body;
            body.lines()
                .filter(|line| !line.is_empty() && *line != "© Post")
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let table = |text: &str| format!("<table width=600><tr><td>{text}</td></tr></table>");
        let tables: String = texts.map(table).concat();
        assert_eq!(of(&format!("{}{tables}{}", table("<h1>Pier closes</h1>"), table("© Post"))), texts);
        let [first, second, third] = texts;
        let broken = table(&format!("30 April<br>{first}<br><br>{second}")) + &table(third);
        assert_eq!(of(&broken), [&["30 April"], &texts[..]].concat());
        let beside = format!(
            "<table><tr><td><a href=1>One</a><br><a href=2>Two</a></td><td>{first}<p>{second}<p>{third}</td></tr></table>"
        );
        assert_eq!(of(&beside), texts);
    }
}
