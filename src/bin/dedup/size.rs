//! From `300M` to a number of bytes, and back to a size that reads well.

use std::fmt;
use std::str::FromStr;

/// The value of `--memory`, in bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Size(pub(crate) u64);

/// Units of 1,024, the largest first.
const UNITS: [(char, u64); 3] = [('G', 1 << 30), ('M', 1 << 20), ('K', 1 << 10)];

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim_end_matches(['B', 'b']).trim_end_matches('i');
        let unit = UNITS.iter().find(|(letter, _)| text.ends_with([*letter, letter.to_ascii_lowercase()]));
        let (number, unit) = unit.map_or((text, 1), |&(_, bytes)| (&text[..text.len() - 1], bytes));
        let is_whole = number.bytes().all(|digit| digit.is_ascii_digit());
        let bytes =
            number.parse::<u64>().ok().filter(|_| is_whole).and_then(|number| number.checked_mul(unit));
        bytes.map(Self).ok_or("expected a size such as 300M or 2G")
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let &(letter, unit) = UNITS.iter().find(|(_, unit)| self.0 >= *unit).unwrap_or(&UNITS[2]);
        let tenths = self.0.saturating_mul(10) / unit;
        if tenths < 100 {
            write!(f, "{}.{} {letter}B", tenths / 10, tenths % 10)
        } else {
            write!(f, "{} {letter}B", tenths / 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        for (typed, bytes) in
            [("300M", 300 << 20), ("2g", 2 << 30), ("1GiB", 1 << 30), ("64kB", 64 << 10), ("17", 17)]
        {
            assert_eq!(typed.parse(), Ok(Size(bytes)), "{typed}");
        }
        for typed in ["", "M", "-1M", "1.5G", "+3M", "99999999999G", "3T"] {
            assert!(typed.parse::<Size>().is_err(), "{typed}");
        }
        let shown = |bytes| Size(bytes).to_string();
        assert_eq!([shown(300 << 20), shown(3 << 29), shown(900)], ["300 MB", "1.5 GB", "0.8 KB"]);
    }
}
