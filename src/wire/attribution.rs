//! From running text to whom it names as its source, whatever outlet that is.
//!
//! Agencies are known by a table ([`credits`](super::credits())); a paper or a site is known only
//! when another story turns out to be of it. So the words beside every attributing phrase are
//! kept, and compared with the names of [`Outlets`] when these are known.

use super::agencies::{self, is_han};
use super::credits::{is_filler_word, lexicon};
use super::lookup::Lookup;
use ahash::AHashMap;
use std::sync::LazyLock;

/// Attributions of a story that are kept, the first ones.
const MOST: usize = 24;
/// Words beside a phrase that may name a source.
const WORDS: usize = 6;
/// Bytes at either end of a text in which words in brackets name its source.
const EDGE: usize = 160;
/// Characters in which the case endings of a name may differ, and those that must agree.
const ENDING: usize = 3;
const ROOT: usize = 3;

/// Words beside an attributing phrase, as printed, and on which side of it they stand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attribution {
    words: Box<str>,
    side: Side,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Side {
    /// "according to …": the name opens the words.
    After,
    /// "… reported": the name closes them.
    Before,
    /// The words are the name.
    Whole,
}

struct Phrases {
    words: Lookup,
    /// Of each phrase, whether a name may follow it, and whether one may go before it.
    sides: Vec<(bool, bool)>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut sides: std::collections::BTreeMap<String, (bool, bool)> = std::collections::BTreeMap::new();
    for (before, after) in lexicon() {
        let (phrase, follows) = match (before, after) {
            (before, "") => (before, true),
            ("", after) => (after, false),
            _ => continue,
        };
        let mut capital = phrase.chars();
        let first = capital.next().into_iter().flat_map(char::to_uppercase);
        for form in [phrase.to_owned(), first.chain(capital).collect()] {
            let known = sides.entry(form).or_default();
            *known = (known.0 | follows, known.1 || !follows);
        }
    }
    let (words, sides): (Vec<String>, Vec<(bool, bool)>) = sides.into_iter().unzip();
    Phrases { words: Lookup::of(words), sides }
});

/// Whom a text may name as its source, in reading order, each once. Cost: a look at where each word of
/// the text begins.
pub fn attributions(text: &str) -> Vec<Attribution> {
    let mut found = in_brackets(text);
    for (number, place) in PHRASES.words.find_iter(text) {
        let (before, after) = (&text[..place.start], &text[place.end..]);
        let han = text[place].chars().next().is_some_and(is_han);
        if !han && (before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric)) {
            continue;
        }
        let (follows, precedes) = PHRASES.sides[number];
        let sides = [(follows, Side::After, following(after)), (precedes, Side::Before, preceding(before))];
        for (_, side, words) in sides.into_iter().filter(|&(may, _, words)| may && may_name(words)) {
            let attribution = Attribution { words: words.into(), side };
            if !found.contains(&attribution) {
                found.push(attribution);
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    found.truncate(MOST);
    found
}

/// What stands in brackets at the opening or the end of a text, if it is no longer than a name.
fn in_brackets(text: &str) -> Vec<Attribution> {
    let head = &text[..super::scan::floor(text, EDGE)];
    let tail = &text[super::scan::floor(text, text.len().saturating_sub(EDGE)).max(head.len())..];
    let mut found = Vec::new();
    for edge in [head, tail] {
        for (_, rest) in edge.match_indices('(').map(|(at, _)| edge.split_at(at + 1)) {
            let Some((words, _)) = rest.split_once(')') else { continue };
            if words.split_whitespace().count() <= WORDS && may_name(words) {
                found.push(Attribution { words: words.into(), side: Side::Whole });
            }
        }
    }
    found
}

/// The first words of `text`, to the end of the sentence.
fn following(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.match_indices(char::is_whitespace).map(|(at, _)| at).nth(WORDS - 1).unwrap_or(text.len());
    let line = text.find('\n').unwrap_or(text.len());
    &text[..end.min(line)]
}

/// The last words of `text`, from the beginning of the line.
fn preceding(text: &str) -> &str {
    let text = text.trim_end_matches(|c: char| c != '\n' && (c.is_whitespace() || c == ','));
    let start = text.rmatch_indices(char::is_whitespace).map(|(at, _)| at).nth(WORDS - 1).unwrap_or(0);
    let line = text.rfind('\n').unwrap_or(0);
    text[start.max(line)..].trim_start()
}

/// Whether a name may be among `words`: one begins as names do, or its script knows no capitals.
fn may_name(words: &str) -> bool {
    words.split(|c: char| !c.is_alphanumeric()).any(is_name_like) || words.contains('.')
}

fn is_name_like(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
}

/// Names of sources, to be found in attributions.
#[derive(Debug, Default)]
pub struct Outlets<'a> {
    names: Vec<(&'a str, Name)>,
    /// Of each opening of a first word, the names that begin so; and of each of a last word.
    first: AHashMap<String, Vec<u32>>,
    last: AHashMap<String, Vec<u32>>,
}

impl<'a> Outlets<'a> {
    /// Those of `sources`, each once.
    pub fn of(sources: impl IntoIterator<Item = &'a str>) -> Self {
        let mut sources: Vec<&str> = sources.into_iter().collect();
        sources.sort_unstable();
        sources.dedup();
        let mut outlets = Self::default();
        for source in sources {
            let name = Name::of_source(source);
            let (Some(first), Some(last)) = (name.words.first(), name.words.last()) else { continue };
            let number = outlets.names.len() as u32;
            outlets.first.entry(root(first)).or_default().push(number);
            outlets.last.entry(root(last)).or_default().push(number);
            outlets.names.push((source, name));
        }
        outlets
    }

    /// The sources that any of `attributions` names, word for word, letter case, articles and
    /// words like "agency" aside, in whatever case form, and not as a part of a longer name.
    pub fn named(&self, attributions: &[Attribution]) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        for attribution in attributions {
            let printed = words(&attribution.words);
            // "The Times" is a name with its article, and without.
            let bare = printed.iter().take_while(|word| is_filler_word(&word.lower)).count();
            let tails = if bare == 0 { vec![&printed[..]] } else { vec![&printed[..], &printed[bare..]] };
            match attribution.side {
                Side::After => tails.into_iter().for_each(|tail| self.find(tail, Name::opens, &mut found)),
                Side::Whole => tails.into_iter().for_each(|tail| self.find(tail, Name::is, &mut found)),
                Side::Before => {
                    let known = printed.last().and_then(|word| self.last.get(&root(&word.lower)));
                    let names = known.into_iter().flatten().map(|&number| &self.names[number as usize]);
                    found.extend(names.filter(|(_, name)| name.closes(&printed)).map(|(source, _)| *source));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn find(&self, words: &[Word<'_>], holds: fn(&Name, &[Word<'_>]) -> bool, found: &mut Vec<&'a str>) {
        let known = words.first().and_then(|word| self.first.get(&root(&word.lower)));
        let names = known.into_iter().flatten().map(|&number| &self.names[number as usize]);
        found.extend(names.filter(|(_, name)| holds(name, words)).map(|(source, _)| *source));
    }
}

/// What the forms of a word have in common at least.
fn root(word: &str) -> String {
    word.chars().take(ROOT).collect()
}

/// A word as printed, and in lower case.
struct Word<'a> {
    printed: &'a str,
    lower: String,
    /// Whether something other than blanks stands between it and the next.
    ends: bool,
}

impl Word<'_> {
    fn goes_on(&self) -> bool {
        is_name_like(self.printed)
            && !agencies::is_han(self.printed.chars().next().unwrap_or(' '))
            && self.printed.chars().any(char::is_lowercase)
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '&');
    let mut found: Vec<Word<'_>> = Vec::new();
    for piece in text.split_inclusive(|c: char| !is_inside(c)) {
        let bare = piece.trim_end_matches(|c: char| !is_inside(c));
        let printed = bare.trim_matches(['.', '-', '&']);
        let ends = piece.ends_with(|c: char| !is_inside(c) && !c.is_whitespace()) || bare.ends_with('.');
        match found.last_mut() {
            _ if !printed.is_empty() => found.push(Word { printed, lower: printed.to_lowercase(), ends }),
            Some(last) => last.ends |= ends,
            None => {}
        }
    }
    // The possessive: "the Courier's report".
    found.retain(|word| word.printed != "s");
    found
}

/// The name of a source in lower case, without article and domain.
#[derive(Debug)]
struct Name {
    words: Vec<String>,
}

impl Name {
    fn of_source(source: &str) -> Self {
        let host = source.trim().trim_start_matches("https://").trim_start_matches("http://");
        let host = host.split('/').next().unwrap_or_default().trim_start_matches("www.");
        let is_host = host.contains('.') && !host.contains(char::is_whitespace);
        let mut words: Vec<String> = match host.split_once('.') {
            Some((label, _)) if is_host => vec![label.to_lowercase()],
            _ => words(source).into_iter().map(|word| word.lower).collect(),
        };
        while words.len() > 1 && is_filler_word(&words[0]) {
            words.remove(0);
        }
        // Two letters are no name that running text would not use for something else.
        if words.len() == 1 && words[0].chars().count() < 3 {
            words.clear();
        }
        Self { words }
    }

    fn is(&self, printed: &[Word<'_>]) -> bool {
        self.opens(printed) && printed.len() <= self.words.len() + 1
    }

    /// Whether the name opens `printed`, and does not go on.
    fn opens(&self, printed: &[Word<'_>]) -> bool {
        let Some(name) = printed.get(..self.words.len()).filter(|name| self.agrees(name)) else {
            return false;
        };
        let goes_on = printed.get(self.words.len()).is_some_and(Word::goes_on);
        !goes_on || name.last().is_some_and(|word| word.ends)
    }

    /// Whether the name closes `printed`, and does not begin before.
    fn closes(&self, printed: &[Word<'_>]) -> bool {
        let Some(start) = printed.len().checked_sub(self.words.len()) else { return false };
        let before = start.checked_sub(1).map(|at| &printed[at]);
        self.agrees(&printed[start..])
            && before.is_none_or(|word| word.ends || !word.goes_on() || is_filler_word(&word.lower))
    }

    fn agrees(&self, printed: &[Word<'_>]) -> bool {
        let first =
            printed.first().is_some_and(|word| is_name_like(word.printed) || word.printed.contains('.'));
        first
            && self
                .words
                .iter()
                .zip(printed)
                .all(|(own, word)| is_form(own, &word.lower) || is_host_of(own, &word.lower))
    }
}

/// Whether a word is the label of an address: `tut.by` beside `tut`.
fn is_host_of(own: &str, word: &str) -> bool {
    word.split_once('.').is_some_and(|(label, _)| label == own)
}

/// Whether two words are one in different cases: they differ in their endings alone. Words in
/// ASCII, mostly English, must agree in five letters, and a plural is another word.
fn is_form(x: &str, y: &str) -> bool {
    let same = x.chars().zip(y.chars()).take_while(|(x, y)| x == y).count();
    let rest = x.chars().count().max(y.chars().count()) - same;
    let root = if x.is_ascii() && y.is_ascii() { 5 } else { ROOT };
    let is_plural = x.strip_suffix('s') == Some(y) || y.strip_suffix('s') == Some(x);
    rest == 0 || (rest <= ENDING && same >= root && same >= rest && !is_plural && !is_digits(x))
}

fn is_digits(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, source: &str) -> bool {
        !Outlets::of([source]).named(&attributions(text)).is_empty()
    }

    #[test]
    fn a_paper_is_named_beside_an_attributing_phrase() {
        for (text, source) in [
            ("The ferry sank, according to the Westport Courier on Monday.", "Westport Courier"),
            ("The Westport Courier reported that the ferry sank.", "Westport Courier"),
            ("As reported by Harbour Gazette, the ferry sank.", "The Harbour Gazette"),
            ("The ferry sank, as per Lakeside Echo.", "lakeside echo"),
            ("The ferry sank. (Westport Courier)", "Westport Courier"),
            ("WESTPORT (Harbour Gazette) - The ferry sank.", "Harbour Gazette"),
            ("Паром затонул, сообщает «Речная газета».", "Речная газета"),
            ("Паром затонул, по данным Речной газеты.", "Речная газета"),
            ("Паром затонул, пишет Onliner.", "onliner.by"),
            ("Prom zatonął, według Gazety Portowej.", "Gazeta Portowa"),
            ("The ferry sank, tut.by reported.", "tut.by"),
        ] {
            assert!(names(text, source), "{text}: {:?}", attributions(text));
        }
    }

    #[test]
    fn a_part_of_a_name_or_a_bare_name_is_none() {
        for (text, source) in [
            ("According to the Denver Courier, it rained.", "Courier"),
            ("According to Westport Courier Mail, it rained.", "Westport Courier"),
            ("The Westport Courier building burnt down, police said.", "Westport Courier"),
            ("The mail, according to post office clerks, is late.", "Post"),
            ("Couriers reported delays.", "Courier"),
            ("According to officials, it rained.", ""),
            ("Мост открыт, сообщает мэр Речного.", "Речная газета"),
        ] {
            assert!(!names(text, source), "{text}: {:?}", attributions(text));
        }
    }
}
