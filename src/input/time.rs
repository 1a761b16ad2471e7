//! From a date as printed by a feed to a moment in UTC.

use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A count of this many or more is milliseconds: as seconds it would lie after the year 5100.
/// A thousand times as many are microseconds, and so on.
const MILLISECONDS_FROM: u64 = 100_000_000_000;
const MICROSECONDS_FROM: u64 = MILLISECONDS_FROM * 1_000;
const NANOSECONDS_FROM: u64 = MICROSECONDS_FROM * 1_000;

/// Mailers and feeds print wrong weekdays often enough; the date itself is still right.
static RFC_2822: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// Reads RFC 3339, ISO 8601 dates with or without time and zone (UTC where none is given),
/// RFC 2822, and seconds, milli-, micro- or nanoseconds since 1970. `None` for anything else.
pub(super) fn parse(printed: &str) -> Option<Timestamp> {
    let printed = printed.trim();
    if let Some(moment) = count(printed) {
        return Some(moment);
    }
    if let Ok(moment) = printed.parse::<Timestamp>() {
        return Some(moment);
    }
    if let Ok(local) = printed.parse::<DateTime>() {
        return utc(local);
    }
    if let Ok(moment) = RFC_2822.parse_timestamp(printed) {
        return Some(moment);
    }
    spaced_zone(printed)
}

/// Seconds, or parts of them, since 1970, also with a fraction. Fewer than nine digits are no
/// moment in the age of feeds: eight may be a date without dashes, four a year.
fn count(printed: &str) -> Option<Timestamp> {
    let (whole, fraction) = printed.split_once('.').unwrap_or((printed, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.len() < 9 || !digits.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match number.unsigned_abs() {
        0..MILLISECONDS_FROM => {}
        MILLISECONDS_FROM..MICROSECONDS_FROM => return Timestamp::from_millisecond(number).ok(),
        MICROSECONDS_FROM..NANOSECONDS_FROM => return Timestamp::from_microsecond(number).ok(),
        NANOSECONDS_FROM.. => return Timestamp::from_nanosecond(number.into()).ok(),
    }
    let padded = format!("{fraction:0<9}");
    let nanos: i64 = padded.get(..9)?.parse().ok()?;
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    Timestamp::from_second(number).ok()?.checked_add(SignedDuration::from_nanos(sign * nanos)).ok()
}

/// `2024-01-15 10:00:00 +0100`, `… UTC` and `… GMT`: ISO in all but the space before the zone.
fn spaced_zone(printed: &str) -> Option<Timestamp> {
    let (local, zone) = printed.rsplit_once(' ')?;
    let local = local.trim_end();
    if ["UTC", "GMT", "Z"].iter().any(|name| zone.eq_ignore_ascii_case(name)) {
        return local.parse::<DateTime>().ok().and_then(utc);
    }
    if !zone.starts_with(['+', '-']) || local.parse::<DateTime>().is_err() || local.parse::<Date>().is_err() {
        return None;
    }
    format!("{local}{zone}").parse().ok()
}

fn utc(local: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(printed: &str) -> String {
        parse(printed).map_or("none".to_owned(), |moment| moment.to_string())
    }

    #[test]
    fn iso_dates_are_utc_unless_they_say_otherwise() {
        assert_eq!(shown("2024-01-15T10:00:00Z"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("2024-01-15T10:00:00.250+03:00"), "2024-01-15T07:00:00.25Z");
        assert_eq!(shown("2024-01-15T10:00:00+0300"), "2024-01-15T07:00:00Z");
        assert_eq!(shown("20240115T100000Z"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("2024-01-15T10:00:00"), "2024-01-15T10:00:00Z");
        assert_eq!(shown(" 2024-01-15 10:00 "), "2024-01-15T10:00:00Z");
        assert_eq!(shown("2024-01-15 10:00:07"), "2024-01-15T10:00:07Z");
        assert_eq!(shown("2024-01-15 10:00:07 +0300"), "2024-01-15T07:00:07Z");
        assert_eq!(shown("20240115T100000+0300"), "2024-01-15T07:00:00Z");
        assert_eq!(shown("20240115T1000Z"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("2024-01-15T10:00Z"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("2024-01-15T10:00+03:00"), "2024-01-15T07:00:00Z");
        assert_eq!(shown("2024-01-15 10:00:07 UTC"), "2024-01-15T10:00:07Z");
        assert_eq!(shown("2024-01-15"), "2024-01-15T00:00:00Z");
        assert_eq!(shown("20240115"), "2024-01-15T00:00:00Z");
    }

    #[test]
    fn mail_dates_are_read_even_with_a_wrong_weekday() {
        assert_eq!(shown("Mon, 15 Jan 2024 10:00:00 GMT"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("Tue, 15 Jan 2024 10:00:00 +0300"), "2024-01-15T07:00:00Z");
        assert_eq!(shown("15 Jan 2024 10:00:00 -0500"), "2024-01-15T15:00:00Z");
    }

    #[test]
    fn counts_are_seconds_or_parts_of_them() {
        assert_eq!(shown("1705312800"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("1705312800000"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("1705312800000000"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("1705312800000000000"), "2024-01-15T10:00:00Z");
        assert_eq!(shown("1705312800.5"), "2024-01-15T10:00:00.5Z");
        assert_eq!(shown("-100000000.5"), "1966-10-31T14:13:19.5Z");
    }

    #[test]
    fn anything_else_is_no_time() {
        for printed in ["", "yesterday", "2024", "2024-13-40", "1e9", "99999999999999999999", "10:00", "é15"]
        {
            assert_eq!(shown(printed), "none", "{printed}");
        }
    }
}
