//! From a number as printed to the one form that all languages share.

/// Orders of magnitude that a word adds, where it follows a number; folded stems.
const SCALES: [(&str, i32); 38] = [
    ("thous", 3),
    ("tis", 3),
    ("tisac", 3),
    ("tisic", 3),
    ("tisia", 3),
    ("tause", 3),
    ("mille", 3),
    ("mil", 3),
    ("mila", 3),
    ("hilad", 3),
    ("hilia", 3),
    ("bin", 3),
    ("tus", 3),
    ("الف", 3),
    ("milli", 6),
    ("mln", 6),
    ("mio", 6),
    ("milio", 6),
    ("milho", 6),
    ("millo", 6),
    ("milia", 6),
    ("milhõ", 6),
    ("miloi", 6),
    ("milon", 6),
    ("مليو", 6),
    ("مليا", 9),
    ("billi", 9),
    ("bilho", 9),
    ("bn", 9),
    ("mlrd", 9),
    ("mrd", 9),
    ("mld", 9),
    ("milja", 9),
    ("milar", 9),
    ("milij", 9),
    ("milja", 9),
    ("tril", 12),
    ("trill", 12),
];

/// The order of magnitude that `word` adds to the number before it, given its folded letters; 0
/// for most words. Longer words than stems tell *миллион* from *миллиард*.
pub(super) fn scale(word: &str) -> i32 {
    for thousand_million in ["millia", "miliar", "miljar", "milijar", "milliar", "milyar"] {
        if word.starts_with(thousand_million) && word.contains('r') {
            return 9;
        }
    }
    let stem: String = word.chars().take(5).collect();
    SCALES.iter().find(|(of, _)| *of == stem).map_or(0, |&(_, exponent)| exponent)
}

/// The same of a character of Chinese and Japanese.
pub(super) fn unspaced_scale(c: char) -> i32 {
    match c {
        '千' => 3,
        '万' | '萬' => 4,
        '亿' | '億' => 8,
        '兆' => 12,
        _ => 0,
    }
}

/// Significant digits and exponent of `printed` times ten to the power of `scale`: `43e5` for *4.3*
/// and 6. A mark before three digits groups them, unless a word scales the number.
pub(super) fn canonical(printed: &str, scale: i32) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        other => other,
    };
    let printed: String = printed.chars().map(narrow).collect();
    let parts: Vec<&str> = printed.split([',', '.']).collect();
    let groups = parts.len() > 1
        && (scale == 0 || parts.len() > 2)
        && (1..=3).contains(&parts[0].len())
        && parts[1..].iter().all(|part| part.len() == 3);
    let decimals = if groups || parts.len() == 1 { 0 } else { parts.last().map_or(0, |part| part.len()) };
    let digits = parts.concat();
    let all = digits.trim_start_matches('0');
    let significant = all.trim_end_matches('0');
    if significant.is_empty() {
        return "0".to_owned();
    }
    let exponent = i64::from(scale) + (all.len() - significant.len()).cast_signed() as i64
        - decimals.cast_signed() as i64;
    format!("{significant}e{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form() {
        for same in [
            &[("4,3", 6), ("4.3", 6), ("4300", 3), ("430", 4), ("4.300.000", 0), ("4,300,000", 0)][..],
            &[("1,084", 0), ("1084", 0), ("１０８４", 0)],
            &[("0.5", 0), ("0,5", 0), (".5", 0)],
        ] {
            same.iter()
                .for_each(|&(n, s)| assert_eq!(canonical(n, s), canonical(same[0].0, same[0].1), "{n} {s}"));
        }
        assert_ne!(canonical("4.3", 6), canonical("4.3", 9));
        assert_ne!(canonical("7", 0), canonical("700", 0));
    }

    #[test]
    fn scales_of_many_languages() {
        for (word, exponent) in
            [("million", 6), ("milliarda", 9), ("mlrd", 9), ("milionu", 6), ("tisac", 3), ("km", 0)]
        {
            assert_eq!(scale(word), exponent, "{word}");
        }
    }
}
