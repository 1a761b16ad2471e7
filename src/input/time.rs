//! From a date as anybody prints it to a moment in UTC, or to a day where no hour is told.
//!
//! The one parser of dates for feeds, mail, pages, tables, JSON and wire formats. Names of months
//! and zones are data, in `time/`. What could be two dates (`03/04/2024`), and a year out of all
//! bounds, is no date.

mod digits;
mod usual;
mod zone;

use crate::story::{Story, Unread};
use crate::time::Time;
use ahash::AHashMap;
pub(super) use digits::is_hour;
use digits::{calendar, count, group, hour_alone, plain_digits};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;
use zone::{is_offset, zoned};

/// The years of news: from the first papers on. What lies beyond is a mark for "not known", or a
/// number that was taken for a date.
const YEARS: std::ops::RangeInclusive<i16> = 1605..=2100;
/// The same in seconds from 1970.
const SECONDS: std::ops::Range<i64> = -11_518_243_200..4_133_980_800;

/// No date is printed longer.
const LONGEST: usize = 120;

/// Characters of a date that was not understood that are kept.
const KEPT: usize = 60;

/// Gives `story` the first of the `printed` dates that is understood. If none is, the first that
/// says anything is noted.
pub(super) fn read<'a>(story: &mut Story, printed: impl IntoIterator<Item = &'a str>) {
    let mut unread = None;
    for printed in printed {
        if let Some(time) = plain_moment(printed) {
            story.time = Some(time);
            return;
        }
        if !says_something(printed) {
            continue;
        }
        if let Some(time) = parse(printed) {
            story.time = Some(time);
            return;
        }
        unread = unread.or(Some(printed));
    }
    if story.time.is_none()
        && let Some(printed) = unread
    {
        story.unread.push(Unread::Date(printed.trim().chars().take(KEPT).collect()));
    }
}

/// A moment as programs print it, with nothing around it: most dates of records are such.
fn plain_moment(printed: &str) -> Option<Time> {
    let is_plain =
        printed.len() <= LONGEST && printed.as_bytes().first()?.is_ascii_digit() && printed.ends_with('Z');
    is_plain.then(|| printed.parse::<Timestamp>().ok())?.map(Time::at).and_then(told)
}

/// A time that says something: not the zero of clocks, which stands for "not known" wherever a moment
/// is asked for, and one of the years of news.
fn told(time: Time) -> Option<Time> {
    let is_unset = time == Time::at(Timestamp::UNIX_EPOCH);
    (!is_unset && SECONDS.contains(&time.start().as_second())).then_some(time)
}

/// Whether a date is printed at all: `null`, dashes and zeros are ways to print none.
fn says_something(printed: &str) -> bool {
    const NONE: [&str; 8] = ["null", "none", "nan", "nat", "n/a", "undefined", "unknown", "nil"];
    let printed = printed.trim();
    printed.contains(|c: char| c.is_alphanumeric() && c != '0')
        && !NONE.iter().any(|none| none.eq_ignore_ascii_case(printed))
}

/// The date that `printed` is: RFC 3339, ISO 8601, RFC 2822, 850 and asctime, counts from 1970,
/// calendar digits without marks, and the ways of a dozen languages. Without a zone it is UTC.
/// Cost: under a microsecond for ISO and counts, some microseconds for others.
pub(super) fn parse(printed: &str) -> Option<Time> {
    let printed = printed.trim();
    if printed.len() > LONGEST {
        return None;
    }
    if let Some(count_of) = printed.strip_prefix('@') {
        return count(count_of).and_then(told);
    }
    // As services of Microsoft write a count; the offset behind it changes no moment.
    if let Some(count_of) = printed.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        return count(count_of.split('+').next().unwrap_or_default());
    }
    if printed.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')) {
        calendar(printed).or_else(|| count(printed)).or_else(|| printed_date(printed))
    } else {
        iso(printed)
            .or_else(|| usual::read(printed))
            .or_else(|| calendar(printed))
            .or_else(|| group(printed))
            .or_else(|| printed_date(printed))
    }
    .and_then(told)
}

/// A moment for a field that asks for one: an embargo, a first version.
pub(super) fn moment(printed: &str) -> Option<Timestamp> {
    parse(printed).map(Time::start)
}

/// RFC 3339 and ISO 8601, as most dates are. A moment of zero seconds is still a moment.
fn iso(printed: &str) -> Option<Time> {
    if !printed.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    // The place behind an offset says nothing more: `+02:00[Europe/Berlin]`.
    let (moment, place) =
        printed.split_once('[').map_or((printed, None), |(moment, place)| (moment, Some(place)));
    if let Ok(moment) = moment.parse::<Timestamp>() {
        return Some(moment.into());
    }
    // Without an offset the place is the zone; of one that is not known nothing follows.
    if let Some(place) = place {
        return zoned(moment.parse().ok()?, place.trim_end_matches(']'));
    }
    utc(moment.parse::<DateTime>().ok().filter(|_| printed.contains(':') || printed.contains(['T', 't']))?)
}

fn utc(local: DateTime) -> Option<Time> {
    TimeZone::UTC.to_timestamp(local).ok().map(Time::at)
}

fn table<T>(rows: &'static str, value: impl Fn(&'static str) -> Option<T>) -> AHashMap<&'static str, T>
where
    T: Copy,
{
    let rows = rows.lines().filter_map(|line| line.split_once('\t'));
    rows.filter_map(|(key, names)| Some((value(key)?, names)))
        .flat_map(|(value, names)| names.split(' ').map(move |name| (name, value)))
        .collect()
}

static MONTHS: LazyLock<AHashMap<&'static str, i8>> =
    LazyLock::new(|| table(include_str!("time/months.tsv"), |key| key.parse().ok()));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a sound pattern")
}

/// A year first: `2024-04-30`, `2019/11/15`, `2024年4月30日`.
static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<y>\d{4})\s?(?P<one>[-/.:年년])\s?(?P<m>\d{1,2})\s?(?P<other>[-/.:月월])\s?(?P<d>\d{1,2})(?:\s?[日일])?",
    )
});
/// `30 tháng 4 năm 2024`.
static VIETNAMESE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})(?:,|\s+năm)?\s+(?P<y>\d{4})\b"));
/// A day first, or a month: `30.04.2024`, `30/04/2024`, `04/30/2024`.
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?P<a>\d{1,2})(?P<mark>[./-])\s?(?P<b>\d{1,2})[./-]\s?(?P<y>\d{4}|\d{2})\b")
});
/// `30 April 2024`, `08-Oct-13`, `30. April 2024`, `30 de abril de 2024`, `30 апреля 2024 г.`
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª|-го|ης?)?[.,]?[\s/-]*(?:of |de )?(?P<m>\p{Thai}+\.\p{Thai}+\.|\p{L}[\p{L}\p{M}]*(?: ال[\p{L}]+)?)[.,]*[\s/-]*(?:de |del )?(?P<y>\d{4}|'?\d{2}(?:\s|$|,))",
    )
});
/// `2024. április 30.`, `2024 April 30`, `2024 m. balandžio 30 d.`
static NAMED_YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?P<y>\d{4})\.?,?(?:\s+m\.)?\s+(?P<m>\p{L}[\p{L}\p{M}]*)\.?\s+(?P<d>\d{1,2})\b\.?(?:\s+d\.)?",
    )
});
/// `2024. gada 30. aprīlis`.
static YEAR_THEN_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?P<y>\d{4})\.?\s+gada\s+(?P<d>\d{1,2})\.?\s+(?P<m>\p{L}[\p{L}\p{M}]*)"));
/// A year of an era: `令和6年`.
static ERA: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<era>令和|平成|昭和|大正|明治)(?P<y>元|\d{1,2})年"));
/// `April 30, 2024`, `Apr 30 2024`.
static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?P<m>\p{L}[\p{L}\p{M}]*)\.?[\s-]+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(?P<y>\d{4})\b")
});
/// `Apr 30 08:15:00 2024`, `Apr 30 08:15:00 +0000 2024`.
static YEAR_LAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?P<m>\p{L}[\p{L}\p{M}]*)\.?\s+(?P<d>\d{1,2}),?\s+(?P<rest>\d{1,2}:\d{2}.*?)\s+(?P<y>\d{4})$")
});
static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?P<h>\d{1,2})\s?(?:[:.h時时시点點]|(?P<bare>[ap]\.?\s?m\b\.?|uhr\b))\s?(?:(?P<m>\d{2})(?:\s?[:.分분]\s?(?P<s>\d{2})(?:[.,](?P<f>\d{1,9})\d*)?)?\s?[分秒분초]?)?(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?",
    )
});
/// Dates with words or marks in them: the day first, then what is left as clock and zone.
fn printed_date(printed: &str) -> Option<Time> {
    let text = plain_digits(printed);
    let text = without_era(&text);
    let (day, rest) = day_in(&text)?;
    let (half, rest) = half_in(&rest);
    // A zone behind a day gives it no hour: `2024-04-30+02:00`.
    if is_offset(&rest) {
        return Time::day(day);
    }
    if let Some((hour, minute, zone)) = hour_alone(&rest) {
        return zoned(clock(day, hour, minute, 0, 0)?, zone);
    }
    let Some(found) = CLOCK.captures(&rest) else {
        // Digits that are no clock are not understood.
        return if rest.contains(|c: char| c.is_ascii_digit()) { None } else { Time::day(day) };
    };
    let whole = found.get(0)?;
    if rest[..whole.start()].contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let local = of_clock(day, &found, half)?;
    zoned(local, rest[whole.end()..].trim())
}

/// A form of a date, and what reads it.
type Reader<'a> = (&'a Regex, &'a dyn Fn(&Captures<'_>) -> Option<Date>);

/// The day that is printed in `text`, and what is left of the text.
fn day_in(text: &str) -> Option<(Date, String)> {
    if let Some(found) = YEAR_LAST.captures(text) {
        let day = named(&found)?;
        return Some((day, found["rest"].to_owned()));
    }
    let of_numbers = |found: &Captures<'_>| {
        let number = |name: &str| found[name].parse::<i8>().ok();
        Date::new(year(&found["y"])?, number("m")?, number("d")?).ok()
    };
    // Two marks that differ part a year from an hour: `30 aprile 2024 - 08.15`.
    let of_like_marks = |found: &Captures<'_>| {
        let is_like = found["one"] == found["other"] || !found["one"].is_ascii();
        is_like.then(|| of_numbers(found))?
    };
    let readers: [Reader<'_>; 7] = [
        (&YEAR_FIRST, &of_like_marks),
        (&VIETNAMESE, &of_numbers),
        (&NUMBERS, &either),
        (&NAMED_YEAR_FIRST, &named),
        (&YEAR_THEN_DAY, &named),
        (&DAY_FIRST, &named),
        (&MONTH_FIRST, &named),
    ];
    readers.iter().find_map(|(regex, read)| {
        let (mut found, mut day) = (regex.captures(text)?, None);
        // What stands where a month would may be none: `8:15 pm, 30 Apr 2024`.
        while day.is_none() {
            day = read(&found);
            if day.is_none() {
                found = regex.captures_at(text, found.name("m")?.end())?;
            }
        }
        let (whole, day) = (found.get(0)?, day?);
        // The `T` of ISO 8601 parts the two and says nothing.
        let after = text[whole.end()..].trim_start_matches(['T', 't', ',', ' ', '.']);
        Some((day, format!("{} {after}", &text[..whole.start()])))
    })
}

/// A day whose month has a name.
fn named(found: &Captures<'_>) -> Option<Date> {
    let name = found["m"].to_lowercase().replace(' ', "_");
    let year = year(&found["y"])?;
    // Beside a Thai month stands the year of the Buddha.
    let is_thai = name.starts_with(|c| ('\u{e01}'..='\u{e5b}').contains(&c));
    let year = if is_thai && year > 2400 { year - 543 } else { year };
    Date::new(year, *MONTHS.get(name.as_str())?, found["d"].parse().ok()?).ok()
}

/// A day of three numbers. Between points the day comes first; elsewhere it is told from the
/// month by its size alone.
fn either(found: &Captures<'_>) -> Option<Date> {
    let number = |name: &str| found[name].parse::<i8>().ok();
    let (a, b, year) = (number("a")?, number("b")?, year(&found["y"])?);
    let day_first = Date::new(year, b, a).ok();
    match &found["mark"] {
        "." => day_first,
        _ if a == b => day_first,
        _ => match (day_first, Date::new(year, a, b).ok()) {
            (Some(_), Some(_)) => None,
            (one, other) => one.or(other),
        },
    }
}

/// A year of four digits or of two.
fn year(printed: &str) -> Option<i16> {
    let printed = printed.trim_matches(|c: char| !c.is_ascii_digit());
    let year: i16 = printed.parse().ok()?;
    Some(match printed.len() {
        2 if year < 69 => year + 2000,
        2 => year + 1900,
        _ => year,
    })
}

/// Text with the years of Japanese eras as years.
fn without_era(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ERA.replace(text, |found: &Captures<'_>| {
        let before = match &found["era"] {
            "令和" => 2018,
            "平成" => 1988,
            "昭和" => 1925,
            "大正" => 1911,
            _ => 1867,
        };
        format!("{}年", before + found["y"].parse::<i32>().unwrap_or(1))
    })
}

static HALVES: LazyLock<AHashMap<&'static str, &'static str>> =
    LazyLock::new(|| table(include_str!("time/halves.tsv"), Some));

/// The half of the day that a name beyond ASCII says, before the clock or behind it, and the text
/// without the name.
fn half_in(text: &str) -> (Option<char>, Cow<'_, str>) {
    if text.is_ascii() {
        return (None, Cow::Borrowed(text));
    }
    let is_mark = |c: char| c.is_ascii_digit() || c == ':' || c.is_whitespace();
    let name = text
        .split(is_mark)
        .find_map(|word| HALVES.get_key_value(word.to_lowercase().as_str()).map(|(_, half)| (word, *half)));
    name.map_or((None, Cow::Borrowed(text)), |(word, half)| {
        (half.chars().next(), Cow::Owned(text.replacen(word, " ", 1)))
    })
}

fn of_clock(day: Date, found: &Captures<'_>, named: Option<char>) -> Option<DateTime> {
    let number = |name: &str| found.name(name).map_or(Some(0), |digits| digits.as_str().parse::<i8>().ok());
    let bare = found.name("bare").map(|bare| bare.as_str().to_lowercase()).filter(|bare| bare != "uhr");
    let half = found.name("half").map(|half| half.as_str().to_lowercase()).or(bare);
    if found.name("m").is_none() && found.name("bare").is_none() && found.name("half").is_none() {
        // `8h` is an hour; `8.` or `8:` is not.
        let is_hour = found[0].contains(['h', 'H', '時', '时', '시', '点', '點']);
        is_hour.then_some(())?;
    }
    let half = half.and_then(|half| half.chars().next()).or(named);
    let hour = match (half, number("h")?) {
        (None, hour) => hour,
        // `下午20:15` says twice what hour it is.
        (Some('p'), hour @ 13..) if named.is_some() => hour,
        (Some(_), 13..) => return None,
        (Some('p'), hour) => hour % 12 + 12,
        (Some(_), hour) => hour % 12,
    };
    let fraction = found.name("f").map_or("", |digits| digits.as_str());
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    clock(day, hour, number("m")?, number("s")?, nanos)
}

/// A moment of the day; 24:00 is the beginning of the next, and a leap second the one before it.
fn clock(day: Date, hour: i8, minute: i8, second: i8, nanos: i32) -> Option<DateTime> {
    if (hour, minute, second) == (24, 0, 0) {
        return Some(day.tomorrow().ok()?.at(0, 0, 0, 0));
    }
    let time = jiff::civil::Time::new(hour, minute, second.min(59), nanos).ok()?;
    (second <= 60).then(|| day.to_datetime(time))
}

/// The year that a date without one belongs to is not guessed: only formats that fix it ask.
pub(super) fn of_parts(
    day: &str,
    month: &str,
    year_printed: &str,
    clock_printed: &str,
    zone: &str,
) -> Option<Time> {
    let month = MONTHS.get(month.to_lowercase().trim_matches('.')).copied()?;
    let day = Date::new(year(year_printed)?, month, day.parse().ok()?).ok()?;
    let number = |range: std::ops::Range<usize>| clock_printed.get(range)?.parse::<i8>().ok();
    let found = zoned(clock(day, number(0..2)?, number(2..4)?, 0, 0)?, zone);
    found.filter(|time| YEARS.contains(&TimeZone::UTC.to_datetime(time.start()).year()))
}

#[cfg(test)]
mod tests;
