//! From a local time and what is printed behind it to a moment: a name of a zone is a zone and
//! never UTC.

use super::{pattern, table};
use crate::time::Time;
use ahash::AHashMap;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZoneDatabase};
use regex::Regex;
use std::sync::LazyLock;

/// Minutes east of Greenwich. Of a name that two zones share the one of larger news markets counts.
static ZONES: LazyLock<AHashMap<&'static str, i32>> =
    LazyLock::new(|| table(include_str!("zones.tsv"), |key| key.parse().ok()));
/// Places by the names that pages give their clock all year.
static PLACES: LazyLock<AHashMap<&'static str, &'static str>> =
    LazyLock::new(|| table(include_str!("places.tsv"), Some));
/// What stands beside a clock and says nothing more.
const FILLERS: [&str; 25] = [
    "uhr",
    "hrs",
    "hr",
    "h",
    "г",
    "года",
    "р",
    "року",
    "time",
    "o",
    "clock",
    "часов",
    "ч",
    "год",
    "at",
    "on",
    "hours",
    "de",
    "saat",
    "t",
    "godz",
    "น",
    "uur",
    "óra",
    "val",
];
/// `+0200`, `+02:00`, `+2`, `-500`, also behind `GMT` or `UTC`; `GMT2` is `GMT+2`.
static OFFSET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:(?i:gmt|utc|z)\s?)?(?P<sign>[+−-])|(?i:gmt|utc))(?P<h>\d{1,2}?):?(?P<m>\d{2})?(?:\s?\(.*\)|\s+\p{L}+)?$",
    )
});

/// Whether a text says by how much a clock differs from Greenwich, and nothing else.
pub(super) fn is_offset(text: &str) -> bool {
    OFFSET.is_match(text.trim())
}

/// What is in the brackets around a whole text.
fn without_brackets(text: &str) -> Option<&str> {
    let between = |open: char, close: char| text.strip_prefix(open)?.strip_suffix(close);
    between('(', ')').or_else(|| between('[', ']'))
}

/// A local time in the zone that is printed behind it.
pub(super) fn zoned(local: DateTime, zone: &str) -> Option<Time> {
    let zone = zone.trim();
    let zone = without_brackets(zone).unwrap_or(zone).trim();
    let in_minutes = |minutes: i32| {
        let offset = Offset::from_seconds(minutes * 60).ok()?;
        offset.to_timestamp(local).ok().map(Time::at)
    };
    if let Some(found) = OFFSET.captures(zone) {
        let number = |name: &str| found.name(name).map_or(Some(0), |n| n.as_str().parse::<i32>().ok());
        let minutes = number("h")? * 60 + number("m")?;
        let is_east = found.name("sign").is_none_or(|sign| sign.as_str() == "+");
        return in_minutes(if is_east { minutes } else { -minutes });
    }
    let zone = zone.trim_matches(|c: char| matches!(c, ',' | '.' | ' ' | ')' | '(' | '[' | ']'));
    let place = PLACES.get(zone.to_lowercase().replace(' ', "_").as_str()).copied();
    if let Some(place) = place.or(zone.contains('/').then_some(zone)) {
        let place = TimeZoneDatabase::bundled().get(place).ok()?;
        return place.to_timestamp(local).ok().map(Time::at);
    }
    let mut minutes = None;
    for word in zone.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        match ZONES.get(word.as_str()) {
            Some(found) if minutes.is_none() => minutes = Some(*found),
            _ if FILLERS.contains(&word.as_str()) || is_weekday(&word) => {}
            _ => return None,
        }
    }
    in_minutes(minutes.unwrap_or(0))
}

/// Whether a word, in lower case, is a day of the week as mailers print it behind the clock.
fn is_weekday(word: &str) -> bool {
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|day| word.starts_with(day))
}
