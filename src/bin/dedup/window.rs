//! From `7d`, `36h`, `90m` or `off` to how far apart in time two stories may be.

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
