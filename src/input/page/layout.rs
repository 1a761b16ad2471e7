//! From tables that only lay a mail or an entry out to its text: their cells are divisions. Tables of
//! facts go, as they do in all prose.

use super::select::Selector;
use ahash::{AHashMap, AHashSet};
use dom_query::{Document, NodeData, NodeId, NodeRef, Selection};

static TABLES: Selector = Selector::new("table");
static HEAD_CELLS: Selector = Selector::new("th");
static CELLS: Selector = Selector::new("td");
static PARTS: Selector = Selector::new("table, tbody, thead, tfoot, tr, td");

/// What a table is made of.
const OWN: [&str; 5] = ["tbody", "thead", "tfoot", "tr", "td"];

/// Words of a cell from which on it holds a text.
const TEXT: usize = 20;

/// What stands in the cells of a document, each text in the innermost cell around it alone, so that
/// tables that lie in each other by hundreds cost no more than others.
struct Cells<'a> {
    /// Words of each cell, without those of tables in it.
    words: AHashMap<NodeId, usize>,
    /// Cells of each table, in order, without those of tables in it.
    of: AHashMap<NodeId, Vec<NodeRef<'a>>>,
    /// Tables with a heading cell of their own.
    headed: AHashSet<NodeId>,
}

impl<'a> Cells<'a> {
    fn in_document(document: &'a Document) -> Self {
        let (mut words, mut of) = (AHashMap::new(), AHashMap::<NodeId, Vec<NodeRef<'a>>>::new());
        for node in document.root().descendants_it() {
            let count = node.query_or(0, |node| match &node.data {
                NodeData::Text { contents } => contents.split_whitespace().count(),
                _ => 0,
            });
            if let Some(cell) = (count > 0).then(|| around(node, "td")).flatten() {
                *words.entry(cell.id).or_default() += count;
            }
        }
        for &cell in CELLS.of(document).nodes() {
            if let Some(table) = around(cell, "table") {
                of.entry(table.id).or_default().push(cell);
            }
        }
        let heads = HEAD_CELLS.of(document);
        let headed = heads.nodes().iter().filter_map(|head| Some(around(*head, "table")?.id)).collect();
        Self { words, of, headed }
    }

    fn words(&self, cell: &NodeRef<'_>) -> usize {
        self.words.get(&cell.id).copied().unwrap_or_default()
    }

    fn own(&self, table: NodeId) -> &[NodeRef<'a>] {
        self.of.get(&table).map_or(&[], Vec::as_slice)
    }

    /// Whether a table lists facts, with or without heading cells: three rows or more, and two of
    /// three, put short things side by side.
    fn lists_facts(&self, table: NodeId) -> bool {
        const ROWS: usize = 3;
        let cells: Vec<&NodeRef<'_>> = self.own(table).iter().filter(|cell| self.words(cell) > 0).collect();
        let row = |cell: &NodeRef<'_>| cell.parent().map(|row| row.id);
        let (mut rows, mut facts) = (0, 0);
        for row in cells.chunk_by(|one, other| row(one) == row(other)) {
            rows += 1;
            facts += usize::from(row.len() > 1 && row.iter().all(|cell| self.words(cell) < TEXT));
        }
        self.headed.contains(&table) || (facts >= ROWS && 3 * facts >= 2 * rows)
    }

    fn holds_text(&self, table: NodeId) -> bool {
        self.own(table).iter().any(|cell| self.words(cell) >= TEXT)
    }
}

/// The innermost element of that name in which `node` lies.
fn around<'a>(node: NodeRef<'a>, name: &str) -> Option<NodeRef<'a>> {
    node.ancestors_it(None).find(|outer| outer.has_name(name))
}

/// Takes tables of facts out of `document`, and makes divisions of all others.
pub(super) fn settle(document: &Document) {
    let mut cells = Cells::in_document(document);
    // Those that lie in others come first: a cell of layout is not known by the facts in it.
    for table in TABLES.of(document).nodes().iter().rev() {
        if cells.lists_facts(table.id) || !cells.holds_text(table.id) {
            table.remove_from_parent();
        } else if let Some(outer) = around(*table, "td") {
            let words: usize = cells.own(table.id).iter().map(|cell| cells.words(cell)).sum();
            *cells.words.entry(outer.id).or_default() += words;
        }
    }
    PARTS.of(document).rename("div");
}

/// Makes divisions of the cells of tables that hold the text of a page, and puts those of one column,
/// and of several tables below each other, side by side: a reader of pages takes for one text what
/// lies in one element. Other tables stay.
pub(super) fn settle_page(document: &Document) {
    // What each cell lies in, not what lies in each table: tables may lie in each other by hundreds.
    let within = |cells: &[NodeRef<'_>]| -> AHashSet<NodeId> {
        cells.iter().flat_map(|cell| cell.ancestors_it(None)).map(|node| node.id).collect()
    };
    let texts: Vec<_> = CELLS.of(document).iter().filter(holds_text).collect();
    let texts: Vec<_> = texts.iter().flat_map(Selection::nodes).copied().collect();
    let (texts, facts) = (within(&texts), within(HEAD_CELLS.of(document).nodes()));
    let cells_of = Cells::in_document(document);
    for &table in TABLES.of(document).nodes() {
        let is_layout = texts.contains(&table.id) && !facts.contains(&table.id);
        if !is_layout || cells_of.lists_facts(table.id) {
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
    fn facts_side_by_side_are_no_text_though_no_cell_is_a_heading() {
        let long = "Nobody on the island knows yet how the post will come; a bus over the bridge has room for twelve, and a queue has begun.";
        let fact = |value: &str| format!("<tr><td>Length</td><td>{value}</td></tr>");
        let facts = format!("<table>{}{}</table>", ["60 m", "70 m", "80 m"].map(fact).concat(), fact(long));
        let of = |html: &str| super::super::fragment(html);
        assert_eq!(of(&format!("<p>Pier closes.</p>{facts}")), "Pier closes.");
        let laid = format!("<table><tr><td>{long}</td></tr><tr><td>Bay</td><td>30 April</td></tr></table>");
        assert_eq!(of(&laid), format!("{long}\n\nBay\n\n30 April"));
        let nested = format!("<table><tr><td>{facts}</td><td>{long}</td></tr></table>");
        assert_eq!(of(&nested), long);
    }

    #[test]
    fn a_text_in_tables_around_each_other_is_counted_once() {
        let (open, close) = ("<table><tr><td>", "</td></tr></table>");
        let nested = format!("{}One two three.{}", open.repeat(240), close.repeat(240));
        let document = dom_query::Document::from(nested);
        let cells = super::Cells::in_document(&document);
        assert_eq!(cells.words.values().collect::<Vec<_>>(), [&3]);
        assert!(cells.of.values().all(|cells| cells.len() == 1) && cells.of.len() == 240);
    }

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
