//! From a stretch of a line to whether it reads as a place, as names, as a credit.

use std::ops::Range;
use std::sync::LazyLock;

use ahash::AHashSet;

use super::{agencies, dates, scan};

const WORDS: &str = include_str!("rules/words.tsv");

static JOINERS: LazyLock<AHashSet<&'static str>> = LazyLock::new(|| column("joiner"));
static CREDITS: LazyLock<AHashSet<&'static str>> = LazyLock::new(|| column("credit"));
static SENTENCES: LazyLock<AHashSet<&'static str>> = LazyLock::new(|| column("sentence"));
static ROLES: LazyLock<AHashSet<&'static str>> = LazyLock::new(|| column("role"));
static PLACES: LazyLock<AHashSet<&'static str>> = LazyLock::new(|| column("place"));

/// Words of a place.
const MOST_WORDS: usize = 6;

/// No word that may stand in lower case between names takes more bytes.
const LONGEST_JOINER: usize = 6;

/// What stands between a date and a place, or behind it.
const AROUND_DATE: [char; 4] = [' ', ',', '.', '\u{a0}'];

/// No date takes more bytes before its first digit.
const LONGEST_DATE: usize = 64;

fn column(kind: &str) -> AHashSet<&'static str> {
    let rows = WORDS.lines().filter_map(|line| line.split_once('\t'));
    rows.filter(|row| row.0 == kind).flat_map(|row| row.1.split(' ')).collect()
}

/// The place in the opening of a dateline, and the date if one is printed with it.
pub(super) fn place(text: &str, capitals: bool) -> Option<(Range<usize>, Option<Range<usize>>)> {
    let (name, time) = split_date(text);
    let start = text.len() - text.trim_start().len();
    let end = name.trim_end_matches([' ', ',', '\u{a0}', '\t']).len();
    // An abbreviated state keeps its full stop; a place before a date in the next sentence not.
    let end = if time.is_some() { text[..end].trim_end_matches('.').len() } else { end };
    let place = text.get(start..end)?;
    (reads_as_place(place) && (!capitals || is_capitals(place))).then_some((start..end, time))
}

/// How far from the start of `line` a stretch of whole words can reach that [`place`] reads; `None` where
/// no place opens the line. Cost: some 2,500 instructions, for all rules that would look for one.
pub(super) fn reach_of_place(line: &str) -> Option<usize> {
    let sign = |word: &str| word.find(|c: char| !c.is_alphanumeric());
    let (mut stop, mut count, mut first) = (0, 0, "");
    for piece in line.split_inclusive(is_between) {
        let word = piece.trim_end_matches(is_between);
        if word.is_empty() {
            stop += piece.len();
            continue;
        }
        count += 1;
        let mark = word.find(is_in_no_place);
        let is_part = is_capitalised(word) || count > 1 && is_joiner(word);
        let letters = || &word[..sign(word).unwrap_or(word.len())];
        match count {
            1 if !is_part || mark == Some(0) => return None,
            1 => first = word,
            2 if opens_sentence(first, Some(letters())) => return None,
            _ => {}
        }
        if mark.is_some() || !is_part || count > MOST_WORDS {
            // A place may end before a sign within a word.
            stop += mark.or_else(|| sign(word)).unwrap_or_default();
            break;
        }
        stop += piece.len();
    }
    let is_none = count == 0 || count == 1 && opens_sentence(first, None);
    (!is_none).then(|| with_date(line, stop))
}

/// `stop`, moved behind the signs that follow it, and behind a date that begins up to there.
fn with_date(line: &str, stop: usize) -> usize {
    let is_around = |c: char| c == '\t' || AROUND_DATE.contains(&c);
    let stop = line.len() - line[stop..].trim_start_matches(is_around).len();
    let window = &line[..scan::floor(line, stop + LONGEST_DATE)];
    if !window.bytes().any(|b| b.is_ascii_digit()) {
        return stop;
    }
    let after = |end: usize| line.len() - line[end..].trim_start_matches(AROUND_DATE).len();
    let starts = date_starts(window).take_while(|&start| start <= stop);
    let ends = starts.filter_map(|start| dates::at_start(&line[start..]).map(|length| after(start + length)));
    ends.fold(stop, usize::max)
}

/// Splits off a date that closes `text`.
fn split_date(text: &str) -> (&str, Option<Range<usize>>) {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return (text, None);
    }
    for i in date_starts(text) {
        let rest = text[i..].trim_end_matches(AROUND_DATE);
        if dates::at_start(&text[i..]).is_some_and(|n| n >= rest.len()) {
            return (&text[..i], Some(i..i + rest.len()));
        }
    }
    (text, None)
}

/// Where a date may begin behind something else.
fn date_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut previous = None;
    text.char_indices().filter_map(move |(i, c)| {
        let before = previous.replace(c);
        (before.is_some_and(|c| AROUND_DATE.contains(&c)) && !c.is_whitespace()).then_some(i)
    })
}

fn reads_as_place(place: &str) -> bool {
    if place.len() > 160 || place.chars().count() > 40 || place.contains(is_in_no_place) {
        return false;
    }
    let mut words = place.split(is_between).filter(|w| !w.is_empty());
    let (Some(first), second) = (words.next(), words.next()) else { return false };
    let is_part = |word: &str| {
        let stop = word.ends_with('.') && word.chars().count() > 7;
        !stop && (is_capitalised(word) || is_joiner(word))
    };
    let rest = || second.into_iter().chain(words.clone());
    is_capitalised(first)
        && rest().count() < MOST_WORDS
        && rest().all(is_part)
        && !opens_sentence(first, second)
        && !agencies::is_alias(place)
}

/// Whether a character parts the words of a place.
fn is_between(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '/' | ',')
}

/// Whether a character stands in no place.
fn is_in_no_place(c: char) -> bool {
    let is_mark =
        matches!(c, '(' | ')' | '"' | '«' | '»' | '“' | '”' | ':' | ';' | '!' | '?' | '。' | '，' | '\n');
    is_mark || c.is_ascii_digit()
}

/// Whether a place cannot begin with these words: "The", "On", "Monday", but not "The Hague".
fn opens_sentence(first: &str, second: Option<&str>) -> bool {
    let lower = first.to_lowercase();
    if dates::is_day(&lower) {
        return true;
    }
    let known = || PLACES.contains(format!("{lower}_{}", second.unwrap_or("").to_lowercase()).as_str());
    SENTENCES.contains(lower.as_str()) && !known()
}

/// Whether `text` reads as the names in a byline: two words or more, or one agency.
pub(super) fn is_names(text: &str) -> bool {
    let text = text.trim();
    let count = text.chars().count();
    if text.len() > 300
        || !(2..=100).contains(&count)
        || text.ends_with([':', '?', '!', ';', '—', '…'])
        || text.contains(['"', '«', '“', '(', '。'])
    {
        return false;
    }
    if text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    if text.chars().next().is_some_and(is_caseless) {
        // A name of a script without capitals is told from a sentence by its length alone.
        return text.split_whitespace().count() <= 6 && count <= 40;
    }
    let words = || text.split([' ', ',', '\u{a0}', '/']).filter(|w| !w.is_empty());
    if !words().all(|w| is_capitalised(w) || is_joiner(w)) || words().count() > 14 {
        return false;
    }
    let last = words().next_back().map_or("", |w| w.trim_end_matches('.'));
    if text.ends_with('.') && last.chars().count() > 3 {
        return false;
    }
    let capitalised = words().filter(|w| is_capitalised(w)).count();
    (capitalised >= 2 || agencies::is_alias(text)) && !words().next().is_some_and(opens_no_name)
}

fn opens_no_name(first: &str) -> bool {
    let lower = first.to_lowercase();
    dates::is_day(&lower) || SENTENCES.contains(lower.as_str())
}

/// Whether `text` reads as a credit: names, and words of newsroom work between them.
pub(super) fn is_credit(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 400 || text.contains(['"', '«', '“', '!', '?']) {
        return false;
    }
    let mut words = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | ':' | '&' | '(' | ')'))
        .map(|w| w.trim_matches('.'))
        .filter(|w| !w.is_empty());
    words
        .all(|word| is_capitalised(word) || is_joiner(word) || CREDITS.contains(word.to_lowercase().as_str()))
}

/// Whether `text` says what somebody is in a newsroom: "Sports Writer".
pub(super) fn is_role(text: &str) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || c == ',');
    text.len() <= 100 && words.any(|word| ROLES.contains(word.to_lowercase().as_str())) && is_credit(text)
}

/// Whether `text` is a run of desk initials: "xx yy n1".
pub(super) fn is_code(text: &str) -> bool {
    let words = text.split_whitespace();
    let short = |w: &str| w.len() <= 4 && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 24 && words.clone().count() <= 5 && words.clone().all(short) && words.count() > 0
}

/// Whether `text` is the first letters of two or three names: "ИП".
pub(super) fn is_initials(text: &str) -> bool {
    (2..=3).contains(&text.chars().count()) && text.chars().all(char::is_uppercase)
}

/// Whether `text` can be the name of a channel: `bay_news`.
pub(super) fn is_handle(text: &str) -> bool {
    (4..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether `text` is too long for a caption or an invitation, or has a sentence end inside.
pub(super) fn is_running_text(text: &str) -> bool {
    if text.len() > 400 || text.chars().count() > 110 {
        return true;
    }
    let mut word = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() {
            word += 1;
            continue;
        }
        let ends = matches!(c, '!' | '?') || (c == '.' && word > 3);
        if c == '。' || (ends && chars.peek().is_some_and(|next| next.is_whitespace())) {
            return true;
        }
        word = 0;
    }
    false
}

fn is_joiner(word: &str) -> bool {
    word.len() <= LONGEST_JOINER && (JOINERS.contains(word) || JOINERS.contains(word.to_lowercase().as_str()))
}

/// Whether a word opens with a capital, or its script has none.
fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    letters.next().is_some_and(|c| c.is_uppercase() || is_caseless(c)) || is_inner_capital(word)
}

/// "d'Afflisio", "al-Khalidi", "ван-Дейк": a small particle joined to a capital.
fn is_inner_capital(word: &str) -> bool {
    word.split(['\'', '’', '-'])
        .nth(1)
        .is_some_and(|rest| rest.chars().next().is_some_and(char::is_uppercase))
}

fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()
}

fn is_capitals(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().count() > 2 && letters().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_and_what_is_none() {
        for text in [
            "MINSK",
            "Rio de Janeiro",
            "Frankfurt am Main",
            "WASHINGTON/NEW YORK",
            "The Hague",
            "Ростов-на-Дону",
            "القاهرة",
        ] {
            assert!(place(text, false).is_some(), "{text}");
        }
        for text in ["The agency", "On Monday", "Paris is a town", "", "Shares (of", "AP", "Reached 12"] {
            assert!(place(text, false).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_place_reaches_farther_than_is_said(
            pieces in prop::collection::vec(prop::sample::select(&[
                "MINSK", "Rio", "de", "Janeiro", "The", "Hague", "On", "Monday", "said", "Feb", "Feb.", "24", "2022",
                "24. Februar", "2022 г.", "фев", "北京", "2月24日", "al-Khalidi", "Ростов-на-Дону", "в", "AP", "(AP)", " ", ", ",
                ". ", "/", "-", " - ", "—", ":", "\u{a0}", "  ", ")", "x", ".", ",", "\t",
            ][..]), 1..14),
        ) {
            let line = pieces.concat();
            let line = line.trim_start();
            let is_inside = |end: usize| {
                let is_in_word = |c: char| c.is_alphanumeric() && !agencies::is_han(c);
                line[..end].ends_with(is_in_word) && line[end..].starts_with(char::is_alphanumeric)
            };
            let ends = line.char_indices().map(|(end, _)| end).chain([line.len()]);
            let read = ends.filter(|&end| !is_inside(end) && place(&line[..end], false).is_some());
            let (farthest, reach) = (read.max(), reach_of_place(line));
            prop_assert!(farthest <= reach, "{line:?}: {farthest:?}, {reach:?}");
        }
    }

    #[test]
    fn running_text_is_not_looked_through_for_a_place() {
        assert_eq!(reach_of_place("On Monday the company said that it sold more in New York (AP)"), None);
        assert_eq!(
            reach_of_place("Shares of the company fell in New York (AP)"),
            Some("Shares of the ".len())
        );
        assert_eq!(reach_of_place("MINSK, Feb 24 (BelTA) - The"), Some("MINSK, Feb 24 ".len()));
        assert_eq!(reach_of_place("МИНСК, фев 24 (БЕЛТА) - В"), Some("МИНСК, фев 24 ".len()));
        assert_eq!(reach_of_place("MINSK(AP) - The"), Some("MINSK".len()));
    }

    #[test]
    fn no_joiner_is_longer_than_is_said() {
        assert_eq!(JOINERS.iter().map(|joiner| joiner.len()).max(), Some(LONGEST_JOINER));
    }

    #[test]
    fn the_date_is_split_off() {
        let text = "MINSK, Feb 24";
        let (place, time) = place(text, false).unwrap();
        assert_eq!((&text[place], &text[time.unwrap()]), ("MINSK", "Feb 24"));
    }

    #[test]
    fn names_and_what_is_none() {
        for text in
            ["Jane Doe", "JANE DOE and John Q. Public", "Anna d'Arco", "Иван Петров", "The Associated Press"]
        {
            assert!(is_names(text), "{text}");
        }
        for text in ["Monday", "Monday Morning", "the sea", "Jane", "Jane Doe said so", "Jane Doe, 34"] {
            assert!(!is_names(text), "{text}");
        }
    }

    #[test]
    fn credits_and_running_text() {
        assert!(is_credit("Jane Doe in Minsk; Additional reporting by John Roe; Editing by Ann Poe"));
        assert!(!is_credit("the paper showed that prices rose"));
        assert!(is_running_text("Prices rose sharply. Then they fell."));
        assert!(!is_running_text("J. Smith, agency archive"));
        assert!(is_code("xx yy n1") && !is_code("reports that"));
    }
}
