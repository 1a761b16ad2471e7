//! From a name to its consonants by class of sound, which its spellings share.
//!
//! In the manner of Soundex (Russell 1918): *Lukashenko*, *Lukashenka* and *Лукашенко* are `lkxn`,
//! *Gomel* and *Гомель* `hml`. The coarse form keeps apart only what katakana keep apart: `b`, `v`,
//! `p` and `f` are one, `l` and `r` too, so that ルカシェンコ meets them.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Sound classes of a skeleton: what follows is mostly inflection.
const LONGEST: usize = 4;
/// Sound classes below which too many names share a skeleton.
pub const SHORTEST: usize = 3;
/// Letters from which a Cyrillic word can lose a case ending and still be told.
const INFLECTED: usize = 5;
/// Case endings of names that end in a consonant; endings of vowels alone leave no trace.
const ENDINGS: [&str; 9] = ["ом", "ем", "ым", "им", "ам", "ах", "ях", "ів", "ов"];

/// The first consonants of a name, vowels and doubled letters left out.
pub fn skeleton(name: &str) -> String {
    let lower = name.to_lowercase();
    let inflected = !lower.is_ascii() && lower.chars().count() >= INFLECTED;
    let ending = ENDINGS.iter().filter(|_| inflected).find_map(|ending| lower.strip_suffix(ending));
    let stem = ending.unwrap_or(&lower);
    let mut out = String::new();
    let mut last = None;
    let mut rest = stem;
    while out.len() < LONGEST
        && let Some(c) = rest.chars().next()
    {
        let (sounds, len) = sounds(rest).unwrap_or_else(|| (unmarked(c), c.len_utf8()));
        if last != Some(sounds) || sounds.is_empty() {
            out.push_str(sounds);
        }
        last = Some(sounds);
        rest = &rest[len..];
    }
    out.truncate(LONGEST);
    out
}

/// The same in the classes that katakana tell apart; `skeleton` is one.
pub fn coarse(skeleton: &str) -> String {
    let mut out = String::new();
    for c in skeleton.chars() {
        let class = match c {
            'b' | 'v' | 'f' | 'p' => 'p',
            'h' | 'k' => 'k',
            'r' | 'l' => 'l',
            'j' | 'z' | 'c' | 'x' | 's' => 's',
            'd' | 't' => 't',
            other => other,
        };
        if !out.ends_with(class) {
            out.push(class);
        }
    }
    out
}

/// The coarse form of a word in katakana.
pub fn of_katakana(word: &str) -> String {
    let (mut out, mut last) = (String::new(), None);
    for c in word.nfc() {
        let Some(class) = katakana(c) else { continue };
        if last != Some(class) {
            out.push(class);
        }
        last = Some(class);
    }
    out.truncate(LONGEST);
    out
}

fn katakana(c: char) -> Option<char> {
    Some(match c {
        'カ'..='ゴ' => 'k',
        'サ'..='ゾ' | 'チ' | 'ヂ' | 'ツ' | 'ヅ' => 's',
        'タ' | 'ダ' | 'テ'..='ド' => 't',
        'ナ'..='ノ' | 'ン' => 'n',
        'ハ'..='ポ' | 'ヴ' | 'ワ' => 'p',
        'マ'..='モ' => 'm',
        'ラ'..='ロ' => 'l',
        _ => return None,
    })
}

/// The sound of a letter under its marks.
fn unmarked(c: char) -> &'static str {
    if c.is_ascii() {
        return "";
    }
    let plain = std::iter::once(c).nfd().next().unwrap_or(c);
    let mut buffer = [0; 4];
    if plain == c { "" } else { sounds(plain.encode_utf8(&mut buffer)).map_or("", |(sounds, _)| sounds) }
}

/// Letters and the sound they stand for, longest first. `g`, `h` and `kh` are one class:
/// *Hrodna* is *Grodno*, *Гончар* is *Honchar*.
const SOUNDS: [(&str, &str); 73] = [
    ("shch", "x"),
    ("tsch", "c"),
    ("sch", "x"),
    ("sh", "x"),
    ("ch", "c"),
    ("ck", "k"),
    ("cz", "c"),
    ("sz", "x"),
    ("rz", "r"),
    ("zh", "j"),
    ("kh", "h"),
    ("gh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("ts", "c"),
    ("tz", "c"),
    ("x", "ks"),
    ("b", "b"),
    ("c", "k"),
    ("d", "d"),
    ("f", "f"),
    ("g", "h"),
    ("h", "h"),
    ("j", "j"),
    ("k", "k"),
    ("l", "l"),
    ("m", "m"),
    ("n", "n"),
    ("p", "p"),
    ("q", "k"),
    ("r", "r"),
    ("s", "s"),
    ("t", "t"),
    ("v", "v"),
    ("w", "v"),
    ("z", "z"),
    ("š", "x"),
    ("ş", "x"),
    ("ś", "x"),
    ("č", "c"),
    ("ç", "c"),
    ("ć", "c"),
    ("ž", "j"),
    ("ż", "j"),
    ("ł", "l"),
    ("đ", "d"),
    ("б", "b"),
    ("в", "v"),
    ("г", "h"),
    ("ґ", "h"),
    ("дж", "j"),
    ("д", "d"),
    ("ж", "j"),
    ("з", "z"),
    ("ј", "j"),
    ("к", "k"),
    ("л", "l"),
    ("љ", "l"),
    ("м", "m"),
    ("н", "n"),
    ("њ", "n"),
    ("п", "p"),
    ("р", "r"),
    ("с", "s"),
    ("тс", "c"),
    ("т", "t"),
    ("ф", "f"),
    ("х", "h"),
    ("ц", "c"),
    ("ч", "c"),
    ("ш", "x"),
    ("щ", "x"),
    ("ў", "v"),
];

/// The same by the first letter, with the letters after it, for those before [`LETTERS`] in Unicode:
/// Latin and Cyrillic.
static BY_LETTER: LazyLock<Vec<Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut by_letter = vec![Vec::new(); LETTERS];
    for (letters, sound) in SOUNDS {
        let mut chars = letters.chars();
        chars.next().into_iter().for_each(|first| by_letter[first as usize].push((chars.as_str(), sound)));
    }
    by_letter
});
const LETTERS: usize = 0x500;

fn sounds(text: &str) -> Option<(&'static str, usize)> {
    let mut chars = text.chars();
    let of_letter = BY_LETTER.get(chars.next()? as usize)?;
    let rest = chars.as_str().as_bytes();
    let follow = |more: &str| more.len() <= rest.len() && more.bytes().zip(rest).all(|(x, &y)| x == y);
    let (more, sound) = of_letter.iter().find(|(more, _)| follow(more))?;
    Some((sound, text.len() - rest.len() + more.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_skeleton_in_every_spelling() {
        for names in [
            &["Lukashenko", "Lukashenka", "Лукашенко", "Лукашэнка", "Лукашенком", "Łukaszenko"][..],
            &["Grodno", "Hrodna", "Гродно", "Гродна"],
            &["Khrenin", "Хренин", "Хренина", "Хрениным"],
            &["Volfovich", "Вольфович", "Wolfovich"],
            &["Brest", "Бресте", "Брестом"],
            &["Moscow", "Москве", "Moskva"],
            &["Alexander", "Александр"],
        ] {
            names.iter().for_each(|name| assert_eq!(skeleton(name), skeleton(names[0]), "{name}"));
        }
        assert_ne!(skeleton("Putin"), skeleton("Peskov"));
    }

    #[test]
    fn katakana_meet_the_coarse_form() {
        for (name, katakana) in [("Lukashenko", "ルカシェンコ"), ("Biden", "バイデン")] {
            assert_eq!(coarse(&skeleton(name)), of_katakana(katakana), "{name}");
        }
    }
}
