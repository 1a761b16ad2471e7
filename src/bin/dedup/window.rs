//! From `7d`, `36h`, `90m` or `off` to how far apart in time two stories may be, and from like
//! words to ages and moments.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::str::FromStr;
use std::time::Duration;

/// The value of `--window`; no duration for no limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Window(pub(crate) Option<Duration>);

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(None));
        }
        let seconds = seconds(text).ok_or("expected a time such as 7d, 36h or 90m, or off for no limit")?;
        Ok(Self(Some(Duration::from_secs(seconds))))
    }
}

/// An age or a wait: a number of days, hours, minutes or seconds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Age(pub(crate) Duration);

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let by_second = text.strip_suffix('s').filter(|number| number.bytes().all(|b| b.is_ascii_digit()));
        let found = by_second.map_or_else(|| seconds(text), |number| number.parse().ok());
        found
            .map(|seconds| Self(Duration::from_secs(seconds)))
            .ok_or_else(|| "expected a time such as 30d, 36h, 90m or 10s".to_owned())
    }
}

/// A moment, as a date with or without a time; in UTC where it does not say.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    let civil = || TimeZone::UTC.to_timestamp(text.parse().ok()?).ok();
    let found = text.parse().ok().or_else(civil);
    found.ok_or_else(|| "expected a time such as 2024-05-01 or 2024-05-01T06:00:00Z".to_owned())
}

/// The number of seconds in a whole number of days, hours or minutes.
fn seconds(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "d" => 24 * 60 * 60,
        "h" => 60 * 60,
        "m" => 60,
        _ => return None,
    };
    let is_whole = number.bytes().all(|digit| digit.is_ascii_digit());
    number.parse::<u64>().ok().filter(|_| is_whole)?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_hours_minutes_and_off() {
        let of = |text: &str| text.parse::<Window>().unwrap().0.map(|window| window.as_secs());
        assert_eq!(of("7d"), Some(604_800));
        assert_eq!(of("36h"), Some(129_600));
        assert_eq!(of("90m"), Some(5_400));
        assert_eq!(of("0m"), Some(0));
        assert_eq!(of("off"), None);
    }

    #[test]
    fn ages_and_moments() {
        let age = |text: &str| text.parse::<Age>().map(|age| age.0.as_secs());
        assert_eq!([age("30d"), age("2h"), age("10s"), age("0s")], [Ok(2_592_000), Ok(7_200), Ok(10), Ok(0)]);
        assert!(age("s").is_err() && age("-1s").is_err() && age("ten").is_err());
        assert_eq!(moment("2024-05-01"), moment("2024-05-01T02:00:00+02:00"));
        assert!(moment("yesterday").is_err());
    }

    #[test]
    fn all_else_is_refused_with_the_way_out() {
        for text in ["", "d", "7", "7 d", "-7d", "+7d", "1.5d", "7w", "7д", "99999999999999999999d", "OFF"] {
            assert_eq!(
                text.parse::<Window>().unwrap_err(),
                "expected a time such as 7d, 36h or 90m, or off for no limit",
                "{text}"
            );
        }
        assert!("213503982334602d".parse::<Window>().is_err(), "more seconds than a u64 holds");
    }
}
