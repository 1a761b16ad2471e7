//! From a printed name to an agency: the table of names and aliases in all scripts.

use std::sync::LazyLock;

use ahash::{AHashMap, AHashSet};

use super::pattern::{self, Pattern};
use super::scan;

const AGENCIES: &str = include_str!("rules/agencies.tsv");
const ATTENDANTS: &str = include_str!("rules/attendants.txt");
const DESKS: &str = include_str!("rules/desks.txt");

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

/// One alias of one agency.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alias {
    /// As printed.
    pub(super) text: &'static str,
    /// The name that stands for all aliases.
    pub(super) canonical: &'static str,
    /// Whether running text may mean something else by it.
    pub(super) ambiguous: bool,
}

struct Table {
    exact: AHashMap<&'static str, &'static str>,
    lower: AHashMap<String, &'static str>,
    /// Aliases by first character, longest first.
    starts: AHashMap<char, Vec<Alias>>,
    /// Keys of how aliases, and the words that go before them, begin: three characters, or two
    /// where there are no more.
    opens: AHashSet<u64>,
    attendants: Vec<&'static str>,
    /// With the [`scan::key_and_mask`] of the literal that opens each.
    desks: Vec<(u64, u64, Pattern)>,
}

impl Table {
    fn read() -> Self {
        let mut table = Self {
            exact: AHashMap::new(),
            lower: AHashMap::new(),
            starts: AHashMap::new(),
            opens: AHashSet::new(),
            attendants: lines(ATTENDANTS).collect(),
            desks: lines(DESKS).filter_map(pattern::compile).flatten().map(keyed).collect(),
        };
        for alias in aliases() {
            table.exact.insert(alias.text, alias.canonical);
            table.lower.entry(alias.text.to_lowercase()).or_insert(alias.canonical);
            if let Some(first) = alias.text.chars().next() {
                table.starts.entry(first).or_default().push(alias);
            }
        }
        let lower = table.lower.keys().map(String::as_str);
        let opening = lower.chain(table.attendants.iter().copied());
        table.opens = opening.map(|text| scan::key(text) & THREE).collect();
        for list in table.starts.values_mut() {
            list.sort_by_key(|alias| std::cmp::Reverse(alias.text.len()));
        }
        table
    }
}

fn keyed(desk: Pattern) -> (u64, u64, Pattern) {
    let (key, mask) = desk.opening().map_or((0, 0), scan::key_and_mask);
    (key, mask, desk)
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}

/// Every alias of the table, in its order.
pub(super) fn aliases() -> impl Iterator<Item = Alias> {
    lines(AGENCIES).filter_map(|line| line.split_once('\t')).flat_map(|(canonical, rest)| {
        let (flag, names) = rest.split_once('\t').unwrap_or(("-", rest));
        names.split(';').map(move |text| Alias { text, canonical, ambiguous: flag == "code" })
    })
}

/// The agencies that a byline names: `By Jane Doe with Reuters`.
pub fn agencies_of_byline(byline: &str) -> impl Iterator<Item = &'static str> {
    let names = byline.split([',', '/', ';']).flat_map(|part| part.split(" with ")).map(str::trim);
    names.filter_map(|name| agency(name.trim_start_matches("By ")))
}

/// Canonical name of an agency alias or outlet name: "The Associated Press" → "AP",
/// «БЕЛТА» → "BelTA". Letter case, quotation marks and words such as "agency" before the name
/// do not matter. Cost: two hash look-ups.
pub fn agency(name: &str) -> Option<&'static str> {
    let table = &*TABLE;
    let trimmed = name.trim_matches(|c: char| c.is_whitespace() || QUOTES.contains(c));
    // No name is longer, and a long text would be copied for nothing: a test holds the table to it.
    if trimmed.len() > LONGEST || (trimmed.len() > LONGEST_LATIN && trimmed.is_ascii()) {
        return None;
    }
    if let Some(canonical) = table.exact.get(name.trim()).or_else(|| table.exact.get(trimmed)) {
        return Some(canonical);
    }
    let lower = trimmed.to_lowercase();
    if let Some(canonical) = table.lower.get(&lower) {
        return Some(canonical);
    }
    let bare = table.attendants.iter().find_map(|word| lower.strip_prefix(word)?.strip_prefix(' '))?;
    table.lower.get(bare.trim_matches(|c: char| c.is_whitespace() || QUOTES.contains(c))).copied()
}

/// No alias, with a word before it, has more bytes.
const LONGEST: usize = 100;

/// The same for aliases in ASCII.
const LONGEST_LATIN: usize = 40;

const QUOTES: &str = "\"'«»“”„‟‘’「」『』";

/// Who files a story, as the slot for the agency in a dateline says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Filer {
    /// An agency, by its canonical name.
    Agency(&'static str),
    /// The paper's own people: "Staff and wire reports".
    Desk,
}

/// Who stands where a dateline has its agency.
pub(super) fn in_slot(text: &str) -> Option<Filer> {
    let text = text.trim();
    if text.is_empty() || text.len() > 100 {
        return None;
    }
    if let Some(canonical) = agency(text) {
        return Some(Filer::Agency(canonical));
    }
    // "dpa/bb": a service after the name; "AP, AFP": the first one is the one that files.
    let parts =
        if text.is_ascii() { text.split_once(['/', ',']) } else { text.split_once(['/', ',', '、']) };
    if let Some((first, rest)) = parts {
        let service =
            text.as_bytes()[first.len()] == b'/' && rest.len() <= 16 && !rest.contains(char::is_whitespace);
        if let Some(canonical) = agency(first).filter(|_| service || agency(rest).is_some()) {
            return Some(Filer::Agency(canonical));
        }
    }
    let text_key = scan::key(text);
    let mut desks = TABLE.desks.iter().filter(|(key, mask, _)| text_key & mask == *key);
    desks.any(|(_, _, desk)| desk.whole(text).is_some()).then_some(Filer::Desk)
}

/// The agency in what a byline says after the name: "AP Sports Writer", "dpa".
pub(super) fn in_role(text: &str) -> Option<&'static str> {
    if text.len() > 100 {
        return None;
    }
    agency(text).or_else(|| {
        let starts = text
            .char_indices()
            .filter(|&(i, c)| c.is_alphabetic() && !text[..i].ends_with(char::is_alphanumeric));
        starts.map(|(i, _)| &text[i..]).find_map(|rest| longest(rest).map(|alias| alias.canonical))
    })
}

/// Whether the name of an agency may open `text`, by the two or three first characters of its [`scan::key`].
pub(super) fn may_open(text: &str, key: u64) -> bool {
    let opens = |key: u64| TABLE.opens.contains(&(key & THREE)) || TABLE.opens.contains(&(key & TWO));
    opens(key) || text.starts_with(|c| QUOTES.contains(c))
}

/// The bits of two and of three characters in a [`scan::key`].
const TWO: u64 = 0xffff_ffff;
const THREE: u64 = 0xffff_ffff_ffff;

/// Whether `text` is an alias, letter case aside.
pub(super) fn is_alias(text: &str) -> bool {
    TABLE.exact.contains_key(text) || (text.len() <= 100 && TABLE.lower.contains_key(&text.to_lowercase()))
}

/// The length of the longest alias that opens `text`.
pub(super) fn longest_prefix(text: &str) -> Option<usize> {
    longest(text).map(|alias| alias.text.len())
}

/// Where in `text` an agency begins that runs to the end of its name.
pub(super) fn first_suffix(text: &str) -> Option<usize> {
    text.char_indices().skip(1).map(|(i, _)| i).find(|&i| longest_prefix(&text[i..]).is_some())
}

fn longest(text: &str) -> Option<&'static Alias> {
    let candidates = TABLE.starts.get(&text.chars().next()?)?;
    candidates.iter().find(|alias| {
        let after = text.strip_prefix(alias.text).and_then(|rest| rest.chars().next());
        text.starts_with(alias.text) && !after.is_some_and(|c| joins(alias.text, c))
    })
}

/// Whether the character after (or before) an alias makes it part of a longer word. Chinese and
/// Japanese have no blanks, so there every character may follow.
pub(super) fn joins(alias: &str, c: char) -> bool {
    c.is_alphanumeric() && !alias.chars().next().is_some_and(is_han)
}

/// Whether a character is of a script that is written without blanks.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_of_all_scripts() {
        for (name, canonical) in [
            ("The Associated Press", "AP"),
            ("БЕЛТА", "BelTA"),
            ("«БелТА»", "BelTA"),
            ("агентство «Интерфакс»", "Interfax"),
            ("REUTERS", "Reuters"),
            ("新华社", "Xinhua"),
            ("رويترز", "Reuters"),
            ("корр. ТАСС", "TASS"),
        ] {
            assert_eq!(agency(name), Some(canonical), "{name}");
        }
        assert_eq!(agency("The Daily Planet"), None);
        assert_eq!(agency(""), None);
    }

    #[test]
    fn slots_know_desks_and_services() {
        assert_eq!(in_slot("dpa/bb"), Some(Filer::Agency("dpa")));
        assert_eq!(in_slot("Staff and wire reports"), Some(Filer::Desk));
        assert_eq!(in_slot("Special to the Daily News"), Some(Filer::Desk));
        assert_eq!(in_slot("AP, AFP"), Some(Filer::Agency("AP")));
        for text in ["Texas", "Reuters, which reported it", "AP / and so on"] {
            assert_eq!(in_slot(text), None, "{text}");
        }
        assert_eq!(in_role("AP Sports Writer"), Some("AP"));
    }

    #[test]
    fn the_table_is_sound() {
        for line in lines(AGENCIES) {
            assert_eq!(line.split('\t').count(), 3, "{line}");
        }
        for alias in aliases() {
            let most = if alias.text.is_ascii() { LONGEST_LATIN } else { LONGEST };
            assert!(alias.text.len() + 8 <= most, "{}", alias.text);
            assert!(!alias.text.is_empty() && alias.text.trim() == alias.text, "{}", alias.canonical);
        }
        assert!(lines(DESKS).all(|line| pattern::compile(line).is_some()));
    }
}
