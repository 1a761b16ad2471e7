//! From a date as programs print it (`Wed, 06 Mar 2024 10:00:00 +0100`, `2024-03-06 10:00 GMT`) to a
//! moment, without a pattern: nearly all dates of mails and feeds are such.

use super::zone::zoned;
use super::{MONTHS, clock};
use crate::time::Time;
use jiff::civil::Date;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The moment that `printed` is, `None` where it is of another form.
pub(super) fn read(printed: &str) -> Option<Time> {
    let mut words = printed.split_ascii_whitespace();
    let mut first = words.next()?;
    if first.strip_suffix(',').is_some_and(|day| WEEKDAYS.contains(&day)) {
        first = words.next()?;
    }
    let day = if first.len() > 2 {
        first.parse::<Date>().ok().filter(|_| first.len() == 10 && first.as_bytes()[4] == b'-')?
    } else {
        let month = words.next().filter(|month| month.len() == 3 && month.is_ascii())?;
        let month = *MONTHS.get(month.to_ascii_lowercase().as_str())?;
        let year = words.next().filter(|year| year.len() == 4)?;
        Date::new(digits(year)?, month, digits(first)?).ok()?
    };
    let mut parts = words.next()?.split(':').map(|part| if part.len() == 2 { digits(part) } else { None });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    // What is more than a zone is for those that know more forms.
    let zone =
        words.next().filter(|zone| zone.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'-'));
    if parts.next().is_some() || words.next().is_some() {
        return None;
    }
    zoned(clock(day, hour, minute, second, 0)?, zone?)
}

fn digits<T: std::str::FromStr>(printed: &str) -> Option<T> {
    printed.bytes().all(|byte| byte.is_ascii_digit()).then(|| printed.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::super::printed_date;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_programs_print_needs_no_pattern() {
        for (printed, moment) in [
            ("Wed, 06 Mar 2024 10:00:00 +0100", "2024-03-06T09:00:00Z"),
            ("6 Mar 2024 10:00 GMT", "2024-03-06T10:00:00Z"),
            ("2024-02-29 23:59 EST", "2024-03-01T04:59:00Z"),
        ] {
            assert_eq!(read(printed).map(|time| time.to_string()).as_deref(), Some(moment), "{printed}");
        }
        for other in
            ["Wed, 06 Mar 2024", "06 Mar 24 10:00 GMT", "06 Mar 2024 10:00 (MSK)", "x, 6 Mar 2024 1:00 Z"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn whatever_it_reads_the_patterns_read_the_same(
            printed in "((Mon|Xyz), ?)?([0-9]{1,2} (Mar|feb|Xyz|mai) [0-9]{4}|20[0-9]{2}-[01][0-9]-[0-3][0-9]) \
                        [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( (GMT|CEST|MSK|[+-][0-9]{4}|Z|UTC[+]1|XX))?( x)?",
        ) {
            if let Some(time) = read(&printed) {
                prop_assert_eq!(Some(time), printed_date(&printed));
            }
        }
    }
}
