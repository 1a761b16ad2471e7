//! From tables that only lay a mail or an entry out to its text: their cells are divisions. Tables of
//! facts go, as they do in all prose.

use super::select::Selector;
use dom_query::{Document, Selection};

static TABLES: Selector = Selector::new("table");
static HEAD_CELLS: Selector = Selector::new("th");
static CELLS: Selector = Selector::new("td");
static PARTS: Selector = Selector::new("table, tbody, thead, tfoot, tr, td");

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

fn holds_text(cell: &Selection<'_>) -> bool {
    cell.text().split_whitespace().nth(TEXT - 1).is_some()
}
