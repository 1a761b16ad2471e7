//! From printed dates to the stretch they take.

use std::sync::LazyLock;

use ahash::AHashSet;

use super::scan;

const MONTHS: &str = include_str!("rules/months.tsv");

static MONTH: LazyLock<AHashSet<&'static str>> = LazyLock::new(|| column("month"));
static DAY: LazyLock<AHashSet<&'static str>> = LazyLock::new(|| column("day"));

fn column(kind: &str) -> AHashSet<&'static str> {
    let rows = MONTHS.lines().filter_map(|line| line.split_once('\t'));
    rows.filter(|row| row.0 == kind).flat_map(|row| row.1.split(' ')).collect()
}

/// Whether a word, in lower case, names a month.
pub(super) fn is_month(word: &str) -> bool {
    MONTH.contains(word)
}

/// Whether a word, in lower case, names a day.
pub(super) fn is_day(word: &str) -> bool {
    DAY.contains(word)
}

/// The length of the date that opens `text`, in any of the orders that wires print.
pub(super) fn at_start(text: &str) -> Option<usize> {
    let first = text.as_bytes().first()?;
    if first.is_ascii_digit() { han(text).or_else(|| day_first(text)) } else { month_first(text) }
}

/// Where in `text` a date first begins, after at least one character.
pub(super) fn first(text: &str) -> Option<usize> {
    let mut previous = ' ';
    for (i, c) in text.char_indices() {
        if i > 0 && c.is_ascii_digit() && !previous.is_ascii_digit() && at_start(&text[i..]).is_some() {
            return Some(i);
        }
        previous = c;
    }
    None
}

/// `24日`, `2月24日`, `2022年2月24日`.
fn han(text: &str) -> Option<usize> {
    let mut at = 0;
    for unit in ["年", "月", "日"] {
        let rest = &text[at..];
        let Some(n) = scan::digits(rest, 4) else { break };
        if rest[n..].starts_with(unit) {
            at += n + unit.len();
        }
    }
    text[..at].ends_with('日').then_some(at)
}

/// `24 февраля 2022 г.`, `24. Februar`, `24 de febrero`.
fn day_first(text: &str) -> Option<usize> {
    if let Some(end) = in_numbers(text) {
        return Some(end);
    }
    let mut at = scan::digits(text, 2)?;
    for mark in [".", "º", "er", "-го"] {
        at += if text[at..].starts_with(mark) { mark.len() } else { 0 };
    }
    at = blanks(text, at);
    at = text[at..].strip_prefix("de ").map_or(at, |rest| text.len() - rest.len());
    at = month(text, at)?;
    Some(year(text, at))
}

/// `12.09.2018`, `01/07/2020`.
fn in_numbers(text: &str) -> Option<usize> {
    let mut at = scan::digits(text, 2)?;
    let mark = text[at..].chars().next().filter(|mark| matches!(mark, '.' | '/'))?;
    at += 1;
    at += scan::digits(text.get(at..)?, 2)?;
    at += usize::from(text[at..].strip_prefix(mark).map(|_| ()).is_some());
    let year = scan::digits(&text[at..], 4).filter(|n| *n == 4)?;
    Some(at + year)
}

/// `Feb. 24, 2022`, `June 2`.
fn month_first(text: &str) -> Option<usize> {
    let mut at = month(text, 0)?;
    let start = blanks(text, at);
    if start == at {
        return None;
    }
    at = start + scan::digits(&text[start..], 2)?;
    at += scan::ordinal(&text[start..]).map_or(0, |n| n - (at - start));
    let comma = text[at..].strip_prefix(',').map_or(at, |rest| text.len() - rest.len());
    let with_year = year(text, comma);
    Some(if with_year > comma { with_year } else { at })
}

/// The end of the month at `at`, with its full stop and, in Arabic, its second word or name.
fn month(text: &str, at: usize) -> Option<usize> {
    let word = word_at(text, at);
    if word.is_empty() || !is_month(&word.to_lowercase()) {
        return None;
    }
    let mut end = at + word.len();
    for second in [" الأول", " الثاني", " الاول", " الثانى"] {
        end += if text[end..].starts_with(second) { second.len() } else { 0 };
    }
    if text[end..].starts_with('.') {
        end += 1;
    }
    Some(end)
}

/// The end of the year after `at`, with the word for "year" where it is printed, or `at`.
fn year(text: &str, at: usize) -> usize {
    let mut start = blanks(text, at);
    start = text[start..].strip_prefix("de ").map_or(start, |rest| text.len() - rest.len());
    let Some(n) = scan::digits(&text[start..], 4).filter(|&n| n == 4 && start > at) else { return at };
    let mut end = start + n;
    let next = blanks(text, end);
    for mark in ["года", "г.", "г", "року", "р.", "года."] {
        let rest = text[next..].strip_prefix(mark);
        if let Some(rest) = rest.filter(|r| !r.starts_with(char::is_alphabetic)) {
            end = text.len() - rest.len();
            break;
        }
    }
    end
}

fn blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches(scan::is_blank).len()
}

fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_orders() {
        for date in [
            "24 февраля",
            "24 фев",
            "24 лютага",
            "24 лютого 2022 року",
            "24 февраля 2022 г.",
            "24. Februar",
            "24 de febrero de 2022",
            "24 Feb.",
            "Feb. 24, 2022",
            "Feb 24",
            "June 2nd",
            "2月24日",
            "24日",
            "2022年2月24日",
            "24 فبراير 2022",
            "1er août",
        ] {
            assert_eq!(at_start(date), Some(date.len()), "{date}");
        }
        for other in ["24", "24 shares", "May", "2022", "24 hours", "Monday", "3月"] {
            assert_eq!(at_start(other), None, "{other}");
        }
    }

    #[test]
    fn a_date_ends_before_the_text() {
        assert_eq!(at_start("24 Feb 300 people"), Some("24 Feb".len()));
        assert_eq!(first("北京2月24日电"), Some("北京".len()));
    }
}
