//! From a moment, or a day without an hour, to the one [`Time`] that is kept and compared.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// When a story was published: a moment in UTC, or a day where the input tells no hour. A day is
/// shown as one, `2024-04-30`, and never as its midnight.
///
/// The order is that of the beginnings, a moment before the day that begins with it: good for
/// sorting. Whether one was before the other is for [`Time::before`] to say.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Time {
    start: Timestamp,
    is_day: bool,
}

impl Time {
    /// A moment.
    pub fn at(moment: Timestamp) -> Self {
        Self { start: moment, is_day: false }
    }

    /// A day without an hour; `None` for one that no [`Timestamp`] reaches.
    pub fn day(day: Date) -> Option<Self> {
        let start = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
        Some(Self { start, is_day: true })
    }

    /// A moment or a day by its beginning, as it is kept.
    pub fn starting(start: Timestamp, is_day: bool) -> Self {
        Self { start, is_day }
    }

    /// The moment, or the beginning of the day in UTC.
    pub fn start(self) -> Timestamp {
        self.start
    }

    /// Whether no hour is known.
    pub fn is_day(self) -> bool {
        self.is_day
    }

    /// Seconds from 1970 to the start.
    pub fn as_second(self) -> i64 {
        self.start.as_second()
    }

    /// Microseconds from 1970 to the start.
    pub fn as_microsecond(self) -> i64 {
        self.start.as_microsecond()
    }

    /// Whether this was before `other`, as far as the two tell: within one day of UTC a day says
    /// nothing of before and after.
    pub fn before(self, other: Self) -> Option<Ordering> {
        const DAY: SignedDuration = SignedDuration::from_hours(24);
        let reach = |time: Self| if time.is_day { DAY } else { SignedDuration::ZERO };
        let gap = other.start.duration_since(self.start);
        match gap.cmp(&SignedDuration::ZERO) {
            _ if !self.is_day && !other.is_day => Some(self.start.cmp(&other.start)),
            Ordering::Less if -gap >= reach(other) => Some(Ordering::Greater),
            Ordering::Greater if gap >= reach(self) => Some(Ordering::Less),
            _ => None,
        }
    }
}

impl From<Timestamp> for Time {
    fn from(moment: Timestamp) -> Self {
        Self::at(moment)
    }
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC, or the day alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_day {
            write!(f, "{}", TimeZone::UTC.to_datetime(self.start).date())
        } else {
            write!(f, "{}", self.start)
        }
    }
}

impl FromStr for Time {
    type Err = jiff::Error;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(printed: &str) -> Result<Self, jiff::Error> {
        match printed.parse::<Timestamp>() {
            Ok(moment) => Ok(Self::at(moment)),
            Err(error) => {
                let day = printed.parse::<Date>().ok().filter(|_| printed.len() == "2024-04-30".len());
                day.and_then(Self::day).ok_or(error)
            }
        }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let printed = String::deserialize(deserializer)?;
        printed.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(printed: &str) -> Time {
        printed.parse().unwrap()
    }

    #[test]
    fn a_day_is_shown_as_a_day_and_read_back() {
        for printed in ["2024-04-30", "2024-04-30T00:00:00Z", "2024-04-30T08:15:00.5Z"] {
            assert_eq!(time(printed).to_string(), printed);
            let json = serde_json::to_string(&time(printed)).unwrap();
            assert_eq!(serde_json::from_str::<Time>(&json).unwrap(), time(printed));
        }
        assert!("2024".parse::<Time>().is_err());
    }

    #[test]
    fn within_a_day_a_day_tells_nothing() {
        let before = |a: &str, b: &str| time(a).before(time(b));
        assert_eq!(before("2024-04-30", "2024-04-30"), None);
        assert_eq!(before("2024-04-30", "2024-05-01"), Some(Ordering::Less));
        assert_eq!(before("2024-05-01", "2024-04-30"), Some(Ordering::Greater));
        assert_eq!(before("2024-04-30", "2024-04-30T08:00:00Z"), None);
        assert_eq!(before("2024-04-30T08:00:00Z", "2024-04-30"), None);
        assert_eq!(before("2024-04-30", "2024-05-01T00:00:00Z"), Some(Ordering::Less));
        assert_eq!(before("2024-04-29T23:59:59Z", "2024-04-30"), Some(Ordering::Less));
        assert_eq!(before("2024-04-30T08:00:00Z", "2024-04-30T07:00:00Z"), Some(Ordering::Greater));
        assert_eq!(before("2024-04-30T08:00:00Z", "2024-04-30T08:00:00Z"), Some(Ordering::Equal));
    }
}
