//! From digits to a date: those of the calendar without marks between them, counts from 1970, and hours
//! that stand alone.

use super::{YEARS, clock, utc};
use crate::time::Time;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// A count of this many or more is milliseconds: as seconds it would lie after the year 5100.
/// A thousand times as many are microseconds, and so on.
const MILLISECONDS_FROM: u64 = 100_000_000_000;
const MICROSECONDS_FROM: u64 = MILLISECONDS_FROM * 1_000;
const NANOSECONDS_FROM: u64 = MICROSECONDS_FROM * 1_000;

/// Digits of the calendar without marks: `20240430`, `202404300815`, `20240430081500`.
pub(super) fn calendar(printed: &str) -> Option<Time> {
    let number = |from: usize, to: usize| printed.get(from..to)?.parse::<i8>().ok();
    let is_digits = printed.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits || !matches!(printed.len(), 8 | 12 | 14) {
        return None;
    }
    let day = Date::new(printed[..4].parse().ok()?, number(4, 6)?, number(6, 8)?).ok()?;
    if !YEARS.contains(&day.year()) {
        return None;
    }
    if printed.len() == 8 {
        return Time::day(day);
    }
    let second = if printed.len() == 14 { number(12, 14)? } else { 0 };
    clock(day, number(8, 10)?, number(10, 12)?, second, 0).and_then(utc)
}

/// Seconds, or parts of them, since 1970, also with a fraction. Fewer than nine digits are no
/// moment in the age of feeds: eight may be a date without dashes, four a year.
pub(super) fn count(printed: &str) -> Option<Time> {
    let (whole, fraction) = printed.split_once('.').unwrap_or((printed, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.len() < 9 || !digits.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match number.unsigned_abs() {
        0..MILLISECONDS_FROM => {}
        MILLISECONDS_FROM..MICROSECONDS_FROM => {
            return Timestamp::from_millisecond(number).ok().map(Time::at);
        }
        MICROSECONDS_FROM..NANOSECONDS_FROM => {
            return Timestamp::from_microsecond(number).ok().map(Time::at);
        }
        NANOSECONDS_FROM.. => return Timestamp::from_nanosecond(number.into()).ok().map(Time::at),
    }
    let padded = format!("{fraction:0<9}");
    let nanos: i64 = padded.get(..9)?.parse().ok()?;
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let second = Timestamp::from_second(number).ok()?;
    second.checked_add(SignedDuration::from_nanos(sign * nanos)).ok().map(Time::at)
}

/// Whether an hour is printed and no day: `08:15`, `8.15 Uhr`, `08:15:00 +0200`.
pub(in super::super) fn is_hour(printed: &str) -> bool {
    let printed = printed.trim();
    let digits = printed.bytes().take_while(u8::is_ascii_digit).count();
    let Some((mark, rest)) = printed.as_bytes()[digits..].split_first() else { return false };
    let is_minute = |rest: &[u8]| rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_digit);
    let ends = |byte: &u8| {
        matches!(byte, b' ' | b'+' | b'-') || byte.is_ascii_alphabetic() || (*mark == b':' && *byte == b':')
    };
    (1..=2).contains(&digits)
        && matches!(mark, b':' | b'.' | b'h')
        && is_minute(rest)
        && rest.get(2).is_none_or(ends)
        && !rest.windows(3).any(|at| at[0] == b' ' && at[1..].iter().all(u8::is_ascii_digit))
}
