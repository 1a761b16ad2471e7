//! From running text to the agencies it credits.

use std::ops::Range;
use std::sync::LazyLock;

use super::agencies::{self, Alias};
use super::lookup::Lookup;

const ATTRIBUTION: &str = include_str!("rules/attribution.tsv");

/// No phrase before or after a name is longer than this many bytes, words like "agency" included.
const REACH: usize = 96;

/// An agency that a text credits.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Credit {
    /// Canonical name of the agency.
    pub agency: &'static str,
    /// The phrase in the text, from its first word to its last.
    pub range: Range<usize>,
    /// The agency that the credited one cites in turn ("TASS reports, citing Reuters").
    pub cites: Option<&'static str>,
}

impl Credit {
    /// The credited agency, then the one that it cites.
    pub fn agencies(&self) -> impl Iterator<Item = &'static str> {
        [Some(self.agency), self.cites].into_iter().flatten()
    }
}

/// Words around a name that make it a credit, in lower case.
struct Phrase {
    before: String,
    after: String,
    cites: bool,
    /// The bytes that stand next to the name: most phrases are ruled out by them.
    beside: (Option<u8>, Option<u8>),
}

struct Lexicon {
    names: Lookup,
    aliases: Vec<Alias>,
    phrases: Vec<Phrase>,
}

/// A name in a text, with the phrase around it if there is one.
struct Mention {
    agency: &'static str,
    name: Range<usize>,
    phrase: Option<Range<usize>>,
    cites: bool,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let aliases: Vec<_> = agencies::aliases().filter(|alias| !alias.ambiguous).collect();
    let names = Lookup::of(aliases.iter().map(|alias| alias.text));
    Lexicon { names, aliases, phrases: rows().flat_map(|(cites, row)| phrases(cites, row)).collect() }
});

/// Words before and after a name that make it a credit, in lower case.
pub(super) fn lexicon() -> impl Iterator<Item = (&'static str, &'static str)> {
    LEXICON.phrases.iter().map(|phrase| (&phrase.before[..], &phrase.after[..]))
}

/// Whether a word, in lower case, may stand between a phrase and a name: an article, "agency".
pub(super) fn is_filler_word(word: &str) -> bool {
    FILLERS.contains(&word)
}

fn rows() -> impl Iterator<Item = (bool, &'static str)> {
    let lines = ATTRIBUTION.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let (_, rest) = line.split_once('\t')?;
        let (kind, phrase) = rest.split_once('\t')?;
        Some((kind == "cites", phrase))
    })
}

/// Writes out the alternatives of one row.
fn phrases(cites: bool, row: &str) -> Vec<Phrase> {
    let Some((before, after)) = row.split_once("{agency}") else { return Vec::new() };
    let choices = |side: &str| -> Vec<String> {
        match side
            .split_once('[')
            .and_then(|(pre, rest)| rest.split_once(']').map(|(all, post)| (pre, all, post)))
        {
            Some((pre, all, post)) => all.split('|').map(|one| format!("{pre}{one}{post}")).collect(),
            None => vec![side.to_owned()],
        }
    };
    let afters = choices(after);
    let pairs = choices(before).into_iter().flat_map(|b| afters.iter().map(move |a| (b.clone(), a.clone())));
    pairs
        .map(|(before, after)| {
            let (before, after) = (before.trim().to_owned(), after.trim().to_owned());
            let beside = (before.bytes().next_back(), after.bytes().next());
            Phrase { before, after, cites, beside }
        })
        .collect()
}

/// The agencies that a text credits, in order of first mention: canonical name, byte range of the
/// phrase in `text`, and whom it cites in turn. Bare names without a phrase are no credits, nor
/// are names that running text may use for something else (flag `code` of the table).
///
/// Cost: a look at where each word of the text begins, and a microsecond for each name in it.
pub fn credits(text: &str) -> Vec<Credit> {
    credits_and_names(text).0
}

/// The [`credits`] of a text, and every agency that it names at all.
pub(crate) fn credits_and_names(text: &str) -> (Vec<Credit>, Vec<&'static str>) {
    let named: Vec<Mention> = mentions(text).collect();
    let names = named.iter().map(|mention| mention.agency).collect();
    (of_mentions(text, &named), names)
}

fn of_mentions(text: &str, named: &[Mention]) -> Vec<Credit> {
    let mut credits: Vec<Credit> = Vec::new();
    let mut i = 0;
    while i < named.len() {
        let first = &named[i];
        i += 1;
        let reach = first.phrase.as_ref().unwrap_or(&first.name);
        let onward = named.get(i).filter(|next| next.cites && follows(text, reach.end, next));
        let (range, cites) = match (onward, &first.phrase) {
            (Some(next), _) => {
                i += 1;
                (reach.start..next.name.end, Some(next.agency))
            }
            (None, Some(phrase)) => (phrase.clone(), None),
            (None, None) => continue,
        };
        credits.push(Credit { agency: first.agency, range, cites });
    }
    let mut seen: Vec<(&str, Option<&str>)> = Vec::new();
    credits.retain(|credit| {
        let key = (credit.agency, credit.cites);
        let known = seen.contains(&key);
        if !known {
            seen.push(key);
        }
        !known
    });
    credits
}

/// Whether the phrase of `next` goes on where a credit ended: within the sentence, few words on.
fn follows(text: &str, end: usize, next: &Mention) -> bool {
    let start = next.phrase.as_ref().map_or(next.name.start, |phrase| phrase.start);
    let Some(gap) = text.get(end..start) else { return start <= end };
    gap.len() <= 40 && !gap.contains(['.', '!', '?', '\n', '。'])
}

fn mentions(text: &str) -> impl Iterator<Item = Mention> {
    let lexicon = &*LEXICON;
    lexicon.names.find_iter(text).filter_map(move |(number, name)| {
        let alias = &lexicon.aliases[number];
        let joined = |c: Option<char>| c.is_some_and(|c| agencies::joins(alias.text, c));
        // Arabic writes its prepositions and "and" onto the word.
        let before = text[..name.start].chars().next_back().filter(|c| !matches!(c, 'ل' | 'ب' | 'و' | 'ـ'));
        if joined(before) || joined(text[name.end..].chars().next()) {
            return None;
        }
        let (phrase, cites) =
            phrase(text, &name).map_or((None, false), |(range, cites)| (Some(range), cites));
        Some(Mention { agency: alias.canonical, name, phrase, cites })
    })
}

/// The longest phrase around a name.
fn phrase(text: &str, name: &Range<usize>) -> Option<(Range<usize>, bool)> {
    let start = super::scan::floor(text, name.start.saturating_sub(REACH));
    let end = super::scan::floor(text, name.end + REACH);
    let before = bare_end(&text[start..name.start]);
    let after = text[name.end..end].trim_start_matches(is_filler);
    let (lower_before, lower_after) = (lower(before), lower(after));
    let han = text[name.clone()].chars().next().is_some_and(agencies::is_han);
    let beside = (lower_before.bytes().next_back(), lower_after.bytes().next());
    let may_stand = |phrase: &&Phrase| {
        (phrase.beside.0.is_none() || phrase.beside.0 == beside.0)
            && (phrase.beside.1.is_none() || phrase.beside.1 == beside.1)
    };
    let matching = LEXICON.phrases.iter().filter(may_stand).filter(|phrase| {
        (phrase.before.is_empty() || ends_with_words(&lower_before, &phrase.before, han))
            && (phrase.after.is_empty() || starts_with_words(&lower_after, &phrase.after, han))
    });
    let best = matching.max_by_key(|phrase| phrase.before.len() + phrase.after.len())?;
    let from = match best.before.len() {
        0 => name.start,
        n => start + before.len() - n,
    };
    let to = match best.after.len() {
        0 => name.end,
        n => end - after.len() + n,
    };
    // Lower case of rare letters has another length: then the name alone is the phrase.
    let range =
        if text.is_char_boundary(from) && text.is_char_boundary(to) { from..to } else { name.clone() };
    Some((range, best.cites))
}

/// Lower case that keeps byte positions: letters whose lower case has another length stay.
fn lower(text: &str) -> String {
    let one = |c: char| c.to_lowercase().next().filter(|l| l.len_utf8() == c.len_utf8()).unwrap_or(c);
    text.chars().map(|c| if c == '\u{a0}' { c } else { one(c) }).collect()
}

/// `text` without the quotation marks, blanks and words like "the agency" that close it.
fn bare_end(text: &str) -> &str {
    let mut rest = text.trim_end_matches(is_filler);
    loop {
        let word = rest.rsplit(is_filler).next().unwrap_or("");
        let cut = &rest[..rest.len() - word.len()];
        if word.is_empty() || !FILLERS.contains(&lower(word).as_str()) {
            return rest;
        }
        rest = cut.trim_end_matches(is_filler);
    }
}

fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '«' | '“' | '„' | '\'' | '»' | '”' | '’' | 'ـ')
}

static FILLERS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!("rules/fillers.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|l| l.split(' '))
        .collect()
});

fn ends_with_words(text: &str, words: &str, han: bool) -> bool {
    text.strip_suffix(words).is_some_and(|rest| han || !rest.ends_with(char::is_alphanumeric))
}

fn starts_with_words(text: &str, words: &str, han: bool) -> bool {
    text.strip_prefix(words).is_some_and(|rest| han || !rest.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, &str, Option<&'static str>)> {
        credits(text).into_iter().map(|c| (c.agency, &text[c.range], c.cites)).collect()
    }

    /// The `expect` above rests on this.
    #[test]
    fn the_lexicon_builds_and_every_row_has_a_phrase() {
        assert!(LEXICON.phrases.len() > 150);
        for (_, row) in rows() {
            assert!(row.contains("{agency}") && row == row.to_lowercase(), "{row}");
        }
    }

    #[test]
    fn credits_of_all_languages() {
        for (text, agency, phrase) in [
            ("Trade grew, according to Reuters.", "Reuters", "according to Reuters"),
            ("The plant will reopen, BelTA has learned.", "BelTA", "BelTA has learned"),
            ("He told the news agency BelTA so.", "BelTA", "told the news agency BelTA"),
            ("Мост открыт, сообщает агентство «Интерфакс».", "Interfax", "сообщает агентство «Интерфакс"),
            ("Об этом сообщает БелТА.", "BelTA", "сообщает БелТА"),
            ("Мост адкрыты, паведамляе БЕЛТА.", "BelTA", "паведамляе БЕЛТА"),
            ("Міст відкрито, повідомляє Укрінформ.", "Ukrinform", "повідомляє Укрінформ"),
            ("Die Brücke ist offen, berichtet Reuters.", "Reuters", "berichtet Reuters"),
            ("Le pont est ouvert, selon l'AFP.", "AFP", "selon l'AFP"),
            ("El puente abrió, según EFE.", "EFE", "según EFE"),
            ("Most otwarto, podaje Reuters.", "Reuters", "podaje Reuters"),
            ("Мостът е отворен, предаде \"Ройтерс\".", "Reuters", "предаде \"Ройтерс"),
            ("Most je otevřen, napsala agentura DPA.", "dpa", "napsala agentura DPA"),
            ("Most je otvorený, podľa agentúry Reuters.", "Reuters", "podľa agentúry Reuters"),
            ("Most je odprt, poroča AFP.", "AFP", "poroča AFP"),
            ("Most je otvoren, javlja agencija Reuters.", "Reuters", "javlja agencija Reuters"),
            ("Jembatan dibuka, dikutip dari Reuters.", "Reuters", "dikutip dari Reuters"),
            ("据新华社报道，大桥通车。", "Xinhua", "据新华社报道"),
            ("الجسر مفتوح بحسب رويترز", "Reuters", "بحسب رويترز"),
        ] {
            assert_eq!(found(text), [(agency, phrase, None)], "{text}");
        }
    }

    #[test]
    fn two_hops() {
        let text = "TASS reports citing Reuters that the bridge is open.";
        assert_eq!(found(text), [("TASS", "TASS reports citing Reuters", Some("Reuters"))]);
        let text = "Об этом сообщает ТАСС со ссылкой на РИА Новости.";
        assert_eq!(found(text), [("TASS", "сообщает ТАСС со ссылкой на РИА Новости", Some("RIA Novosti"))]);
        let text = "The bridge is open, officials said, citing Reuters.";
        assert_eq!(found(text), [("Reuters", "citing Reuters", None)]);
    }

    #[test]
    fn a_bare_name_is_no_credit() {
        assert!(found("Reuters shares fell in London.").is_empty());
        assert!(found("The PAP won the vote, the MAP said.").is_empty());
        assert!(found("He told Bloombergers").is_empty());
    }

    #[test]
    fn each_agency_once() {
        assert_eq!(found("According to Reuters it rained. It rained, told Reuters the man.").len(), 1);
    }
}
