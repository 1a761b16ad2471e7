//! From IPTC 7901 (1979, frozen 1995) to a story.
//!
//! Between SOH and STX: source and number, priority, category, words, and lines of key words that
//! end in `/`. Then the headline up to `=`, the text in lines of about 69 columns, and after ETX
//! the time of sending as `DDhhmm MON YY`.

use super::super::time;
use super::telegraph::{Telegram, unwrapped};
use super::tree::squeezed;
use crate::dispatch::Dispatch;
use crate::story::{Furniture, FurnitureKind, Removed, Story};
use crate::time::Time;
use crate::wire;
use regex::Regex;
use std::sync::LazyLock;

/// `eca062 4 i 211 ccccb   dpa 061`.
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*([A-Za-z]{1,4}[0-9]{2,5})\s+([1-9])\s+([A-Za-z]{1,5})\s+[0-9]{1,5}\s*(?:[A-Za-z]{5}\b)?\s*(?:([A-Za-z[^\x00-\x7f]]+)\s+([0-9][0-9A-Za-z_-]*)(?:#([0-9]+))?)?")
        .expect("a sound pattern")
});
/// `161415 Jan 17`. A letter is whatever is beyond ASCII, here and above: a class of all letters is a
/// thousand states, and which months there are says a table.
static SENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?P<day>[0-9]{2})(?P<clock>[0-9]{4})\s?(?P<zone>[A-Za-z[^\x00-\x7f]]{1,5}(?:[+-]?[0-9]{1,2})?|[+-][0-9]{2}:?[0-9]{2})?\s+(?P<month>[A-Za-z[^\x00-\x7f]]{3,})\.?\s+(?P<year>[0-9]{4}|[0-9]{2})\b")
        .expect("a sound pattern")
});
/// Nothing else on a line.
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\d{6}\s?(?:\p{L}{1,5}(?:[+-]?\d{1,2})?|[+-]\d{2}:?\d{2})?\s+\p{L}{3,}\.?\s+\d{2,4}$")
        .expect("a sound pattern")
});
/// How the tail begins that is meant for desks, in lower case.
static INTERNAL: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("internal_notes.txt").lines().collect());
/// Lines in which a headline must end.
const HEADLINE_LINES: usize = 6;

/// The story of a telegram.
pub(super) fn story(telegram: &Telegram<'_>) -> Story {
    let (mut story, mut dispatch) = (Story::default(), Dispatch::default());
    let mut lines = telegram.header.lines();
    let first = lines.by_ref().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let (text, last) = without_time(telegram.text);
    story.time = sent(telegram.end).or_else(|| sent(last));
    let mut rest = first;
    if let Some(header) = HEADER.captures(first) {
        let group = |number: usize| header.get(number).map(|found| found.as_str());
        let provider = group(4).unwrap_or_default();
        provider.clone_into(&mut story.source);
        dispatch.provider = group(4).map(str::to_owned);
        dispatch.urgency = group(2).and_then(|urgency| urgency.parse().ok());
        dispatch.version = group(6).and_then(|version| version.parse().ok());
        story.id = match (group(5).filter(|number| number.len() > 4), story.time) {
            (Some(number), _) => format!("{provider}-{number}"),
            // Numbers begin again each day.
            (None, Some(time)) => format!("{}@{}", &header[1], &time.to_string()[..10]),
            (None, None) => String::new(),
        };
        rest = &first[header.get(0).map_or(0, |whole| whole.end())..];
    }
    let slug: Vec<String> = [rest]
        .into_iter()
        .chain(lines)
        .map(|line| squeezed(line.trim().trim_end_matches('/')))
        .filter(|line| !line.is_empty())
        .collect();
    dispatch.slugline = (!slug.is_empty()).then(|| slug.join(" "));
    let (lines, text) = headline(text);
    dispatch.notes.extend(of_headline(lines, &mut story));
    story.body = body(text, &mut dispatch);
    story.dispatch = dispatch.boxed();
    story
}

/// The text without the line at its end that says when it was sent, if some agency puts it there.
fn without_time(text: &str) -> (&str, &str) {
    let text_end = text.trim_end();
    let (rest, last) = memchr::memrchr(b'\n', text_end.as_bytes())
        .map_or(("", text), |end| (&text[..end], &text_end[end + 1..]));
    let is_time = last.trim_start().starts_with(char::is_numeric) && ALONE.is_match(last.trim());
    if is_time { (rest, last) } else { (text, "") }
}

/// Takes the lines of a headline: words of a version and names stand on lines of their own. What is
/// said in brackets below it, of this version, is a note.
fn of_headline(lines: &str, story: &mut Story) -> Vec<String> {
    let (mut headline, mut notes) = (Vec::new(), Vec::new());
    // A line alone is the headline, whatever it says.
    if lines.trim().lines().nth(1).is_none() {
        story.headline = squeezed(lines.trim());
        return notes;
    }
    for line in lines.lines().map(squeezed).filter(|line| !line.is_empty()) {
        if let Some(said) = line.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
            && !headline.is_empty()
        {
            let version = said.split([',', ':', ';']).next().unwrap_or_default();
            story.furniture.marker = story.furniture.marker.take().or_else(|| wire::version(version));
            notes.push(said.to_owned());
            continue;
        }
        let alone = stripped(&line);
        if is_note(&alone) {
            continue;
        }
        // An agency that nobody knows may stand behind the name: "By Ada Lund, lnd".
        let found = furniture(alone).or_else(|| furniture(stripped(line.split_once(',')?.0)));
        if let Some(Furniture { marker, byline, .. }) = found {
            story.furniture.marker = story.furniture.marker.take().or(marker);
            story.furniture.byline = story.furniture.byline.take().or(byline);
        } else {
            headline.push(line);
        }
    }
    story.headline = headline.join(" ");
    notes
}

/// A line as if it were a story, without its furniture.
fn stripped(line: &str) -> Story {
    let mut alone = Story::new("", line);
    wire::strip(&mut alone);
    alone
}

/// Whether a line speaks to editors, and says nothing else.
fn is_note(alone: &Story) -> bool {
    let is_note = |removed: &Removed| removed.kind == FurnitureKind::Note;
    alone.body.trim().is_empty() && alone.furniture.removed.iter().all(is_note)
}

/// What a line says that is a marker of a version or a byline, and nothing else.
fn furniture(alone: Story) -> Option<Furniture> {
    let is_known = alone.furniture.marker.is_some() || alone.furniture.byline.is_some();
    (alone.body.trim().is_empty() && is_known).then_some(alone.furniture)
}

/// The headline ends in `=`; without one the first line is it.
fn headline(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches(['\r', '\n', ' ']);
    let mut end = 0;
    for line in text.split_inclusive('\n').take(HEADLINE_LINES) {
        end += line.len();
        if let Some(whole) = text[..end].trim_end().strip_suffix('=') {
            return (whole, &text[end..]);
        }
    }
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    (first, rest)
}

fn body(text: &str, dispatch: &mut Dispatch) -> String {
    let opens = |c: char| INTERNAL.iter().any(|opening| opening.starts_with(c));
    let is_internal = |line: &str| {
        let line = line.trim().trim_start_matches(['"', '„']);
        // Most lines are told by their first letter.
        if !line.chars().take(1).flat_map(char::to_lowercase).any(opens) {
            return false;
        }
        let opens =
            |opening: &&str| line.get(..opening.len()).is_some_and(|head| head.to_lowercase() == *opening);
        let is_book = || {
            let line = line.to_lowercase();
            ["notizblock", "notizbuch", "notebook"].iter().any(|book| line.ends_with(book))
        };
        INTERNAL.iter().any(opens) || (line.starts_with("# ") && is_book())
    };
    let own = text.split_inclusive('\n').take_while(|line| !is_internal(line)).map(str::len).sum();
    let (text, note) = text.split_at(own);
    let note = note.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    dispatch.notes.extend(Some(squeezed(&note)).filter(|note| !note.is_empty()));
    unwrapped(text.lines()).join("\n\n")
}

/// The time after the text, in UTC unless a zone is printed with it.
fn sent(end: &str) -> Option<Time> {
    let found = SENT.captures(end)?;
    let zone = found.name("zone").map_or("", |zone| zone.as_str());
    time::of_parts(&found["day"], &found["month"], &found["year"], &found["clock"], zone)
}

#[cfg(test)]
mod tests {
    use super::super::telegraph::stories;
    use super::*;
    use std::path::Path;

    fn only(content: &str) -> Story {
        let mut records = stories(content, Path::new("x"));
        assert_eq!(records.len(), 1);
        records.remove(0).unwrap_or_else(|error| panic!("{error}")).story
    }

    #[test]
    fn every_part_is_read() {
        let story = only(
            "\x01eca062 4 i 211 ccccb   dpa 061\r\nLandvik-ferries/\r\nUrgent/\r\n\x02Ferry line closes\r\nafter ninety years =\r\n\
             \x20  Oslo (dpa) - The last ferry on the Landvik-\r\nHolm line sails on Friday.\r\n   It carried post.\r\n\r\n\
             # dpa NOTEBOOK\r\n## Contact\r\nNewsroom, +47 5\r\n\x03\r\n161415 Okt 23\r\n\x04",
        );
        assert_eq!(story.id, "eca062@2023-10-16");
        assert_eq!(story.headline, "Ferry line closes after ninety years");
        assert_eq!(
            story.body,
            "Oslo (dpa) - The last ferry on the Landvik-Holm line sails on Friday.\n\nIt carried post."
        );
        assert_eq!(
            (story.source.as_str(), story.time.unwrap().to_string().as_str()),
            ("dpa", "2023-10-16T14:15:00Z")
        );
        let dispatch = story.dispatch.unwrap();
        assert_eq!(dispatch.slugline.as_deref(), Some("Landvik-ferries Urgent"));
        assert_eq!(dispatch.notes, ["# dpa NOTEBOOK ## Contact Newsroom, +47 5"]);
        assert_eq!((dispatch.urgency, dispatch.version), (Some(4), None));
    }

    #[test]
    fn what_is_said_of_the_version_in_brackets_is_a_note() {
        let story = only(
            "\x01vna15 4 i 188\nKeys/\n\x02Ferry stops\n(2nd lead, adds mayor) =\n   It does.\n\
             # vna-Notizblock\nNewsroom\n\x03\n071005 May 24\n\x04",
        );
        assert_eq!([&*story.headline, &*story.body], ["Ferry stops", "It does."]);
        assert_eq!(story.furniture.marker.unwrap().number, Some(2));
        assert_eq!(story.dispatch.unwrap().notes, ["2nd lead, adds mayor", "# vna-Notizblock Newsroom"]);
        assert_eq!(only("\x01vna16 4 i 188\nKeys/\n\x02(Sic) =\n   It does.\n\x03").headline, "(Sic)");
    }

    #[test]
    fn the_time_may_stand_under_the_text() {
        let story = only("\x01vna15 4 i 188\nKeys/\n\x02Head =\n   Body.\n   vn aw\n071005 May 24\n\x03");
        assert_eq!(story.id, "vna15@2024-05-07");
        assert_eq!(story.body, "Body.\n\nvn aw");
        assert_eq!(story.time.unwrap().to_string(), "2024-05-07T10:05:00Z");
        assert_eq!(story.dispatch.unwrap().slugline.as_deref(), Some("Keys"));
    }

    #[test]
    fn a_number_with_its_version_is_the_id() {
        let story = only("\x01bkn014 4 pl 171 vvvvb KNA 170123-89-00065#2\n\x02Head =\nBody.\n\x03");
        assert_eq!(story.id, "KNA-170123-89-00065");
        assert_eq!(story.dispatch.unwrap().version, Some(2));
    }
}
