//! From digits to a date: those of the calendar without marks between them, counts from 1970, and hours
//! that stand alone.

use super::{MONTHS, YEARS, clock, of_parts, utc};
use crate::time::Time;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::borrow::Cow;

/// A count of this many or more is milliseconds: as seconds it would lie after the year 5100.
/// A thousand times as many are microseconds, and so on.
const MILLISECONDS_FROM: u64 = 100_000_000_000;
const MICROSECONDS_FROM: u64 = MILLISECONDS_FROM * 1_000;
const NANOSECONDS_FROM: u64 = MICROSECONDS_FROM * 1_000;

/// Digits of the calendar without marks, but for one between day and hour: `20240430`, `202404300815`,
/// `20240430 081500`, with three to nine digits of a fraction behind `20240430081500`.
pub(super) fn calendar(printed: &str) -> Option<Time> {
    let joined = match printed.as_bytes().get(8) {
        Some(b' ' | b'_') => Cow::Owned([&printed[..8], &printed[9..]].concat()),
        // Four digits behind a dash are an offset.
        Some(b'-') if printed.len() > 13 => Cow::Owned([&printed[..8], &printed[9..]].concat()),
        _ => Cow::Borrowed(printed),
    };
    let printed = joined.as_ref();
    let number = |from: usize, to: usize| printed.get(from..to)?.parse::<i8>().ok();
    let is_digits = printed.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits || !matches!(printed.len(), 8 | 12 | 14 | 17 | 20 | 23) {
        return None;
    }
    let day = Date::new(printed[..4].parse().ok()?, number(4, 6)?, number(6, 8)?).ok()?;
    if !YEARS.contains(&day.year()) {
        return None;
    }
    if printed.len() == 8 {
        return Time::day(day);
    }
    let second = if printed.len() > 12 { number(12, 14)? } else { 0 };
    let nanos = format!("{:0<9}", printed.get(14..).unwrap_or_default()).parse().ok()?;
    clock(day, number(8, 10)?, number(10, 12)?, second, nanos).and_then(utc)
}

/// A date-time group, as messages of services and of the sea are dated: `300815Z APR 24`. The letter of
/// a zone may be one of the military, or a name stands in its place.
pub(super) fn group(printed: &str) -> Option<Time> {
    let (digits, rest) = printed.split_at_checked(6)?;
    let letters = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    let year = &rest[letters.len()..];
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(year.len(), 2 | 4) {
        return None;
    }
    let is_month = |word: &str| MONTHS.contains_key(word.to_lowercase().as_str());
    let mut words = letters.split_whitespace();
    let (zone, month) = match (words.next()?, words.next(), words.next()) {
        (zone, Some(month), None) => (zone, month),
        (month, None, None) if is_month(month) => ("", month),
        (both, None, None) => both.split_at_checked(1)?,
        _ => return None,
    };
    let zone = if zone.len() == 1 { of_letter(zone.bytes().next()?)? } else { zone.to_owned() };
    of_parts(&digits[..2], month, year, &digits[2..], &zone)
}

/// The offset that a letter stands for on the clocks of the military: A to M without J go east from
/// Greenwich, N to Y west.
fn of_letter(letter: u8) -> Option<String> {
    let letter = letter.to_ascii_uppercase();
    let hours = match letter {
        b'A'..=b'I' => i32::from(letter - b'A') + 1,
        b'K'..=b'M' => i32::from(letter - b'A'),
        b'N'..=b'Y' => -i32::from(letter - b'N') - 1,
        b'Z' => 0,
        _ => return None,
    };
    Some(format!("{hours:+03}00"))
}

/// The hour and minute that four digits say, and what stands behind them: `0815 GMT`, `0815 hrs`.
pub(super) fn hour_alone(text: &str) -> Option<(i8, i8, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let length = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = text[start..].split_at(length);
    let stands_alone = (start == 0 || text[..start].ends_with([' ', ','])) && length == 4;
    stands_alone.then(|| Some((digits[..2].parse().ok()?, digits[2..].parse().ok()?, zone)))?
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

/// The text with the digits of other scripts as ASCII ones, and plain spaces.
pub(super) fn plain_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        '\u{660}'..='\u{669}' => char::from(b'0' + (u32::from(c) - 0x660) as u8),
        '\u{6f0}'..='\u{6f9}' => char::from(b'0' + (u32::from(c) - 0x6f0) as u8),
        '\u{966}'..='\u{96f}' => char::from(b'0' + (u32::from(c) - 0x966) as u8),
        '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (u32::from(c) - 0xff10) as u8),
        '：' => ':',
        _ if c.is_whitespace() => ' ',
        c => c,
    };
    Cow::Owned(text.chars().map(plain).collect())
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
