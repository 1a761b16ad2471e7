//! From lines to whether they are those of a printed column.

/// Bytes of a line of a narrow column, on average, at most.
const WIDEST: usize = 50;

/// Whether the lines of the middle of a text are as short as those of a column: there, specks tell, too.
pub(super) fn is_narrow(sample: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', sample).count() * WIDEST >= sample.len()
}

/// Whether a text stands in short lines that end within a sentence.
pub(super) fn is_column(text: &str) -> bool {
    /// Lines of a column, at least.
    const LINES: usize = 6;
    let runs_on =
        |line: &&str| line.trim_end().ends_with(|c: char| c.is_lowercase() || matches!(c, '-' | ','));
    let mut from = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    let lines = ends.map(|end| &text[std::mem::replace(&mut from, end + 1)..end]);
    let lines = lines.filter(|line| !line.trim().is_empty());
    let (all, on) = lines.fold((0, 0), |(all, on), line| (all + 1, on + usize::from(runs_on(&line))));
    all >= LINES && text.len() <= WIDEST * all && 2 * on >= all
}
