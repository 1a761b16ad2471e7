//! From the opening of a text to the script it is written in.

/// The scripts that names can be carried between.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Script {
    /// Basic and extended Latin.
    Latin,
    /// Cyrillic.
    Cyrillic,
    /// Any other, or none that stands out.
    #[default]
    Other,
}

/// Letters read: enough to see past a foreign name or two.
const SAMPLE: usize = 200;

/// The script that most of the first letters of `text` belong to. Cost: 100 letters of Latin or
/// Cyrillic, at most 200.
pub fn script(text: &str) -> Script {
    let opening = text.as_bytes().get(..SAMPLE).unwrap_or_default();
    if opening.is_ascii() && opening.iter().filter(|byte| byte.is_ascii_alphabetic()).count() > SAMPLE / 2 {
        return Script::Latin;
    }
    let (mut latin, mut cyrillic, mut other) = (0, 0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(SAMPLE) {
        match c {
            '\0'..='\u{24f}' => latin += 1,
            '\u{400}'..='\u{52f}' => cyrillic += 1,
            _ => other += 1,
        }
        if latin.max(cyrillic) > SAMPLE / 2 {
            // Whatever follows is the lesser part.
            break;
        }
    }
    match (latin, cyrillic, other) {
        _ if latin > cyrillic + other => Script::Latin,
        _ if cyrillic > latin + other => Script::Cyrillic,
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_letters_decide() {
        assert_eq!(script("Zürich: «Да»"), Script::Latin);
        assert_eq!(script("МИНСК, 24 февраля (BelTA)"), Script::Cyrillic);
        assert_eq!(script("北京 CCTV"), Script::Latin);
        assert_eq!(script("北京举行新闻发布会 CCTV"), Script::Other);
        assert_eq!(script("1 084"), Script::Other);
    }
}
