//! From text with any blanks to text with single ones between its words.

/// Whether the only blanks of a text are single ones between words.
fn is_squeezed(text: &str) -> bool {
    let mut after_blank = true;
    for (at, byte) in text.bytes().enumerate() {
        let is_odd = match byte {
            b' ' => after_blank,
            b'\t'..=b'\r' => true,
            // Every other blank of Unicode begins with one of these.
            0xc2 | 0xe1..=0xe3 => text[at..].starts_with(char::is_whitespace),
            _ => false,
        };
        if is_odd {
            return false;
        }
        after_blank = byte == b' ';
    }
    !after_blank || text.is_empty()
}

/// Runs of blanks as one blank, none at the ends.
pub(in super::super) fn squeezed(text: &str) -> String {
    // Most texts are that already.
    if is_squeezed(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_squeezed_is_left_as_it_is() {
        for text in [
            "",
            " ",
            "a",
            "a b",
            " a",
            "a ",
            "a  b",
            "a\nb",
            "a\u{a0}b",
            "a\u{2009}b",
            "“a” – ｂ",
            "é\u{85}",
            "\u{3000}",
        ] {
            let words: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(squeezed(text), words.join(" "), "{text:?}");
            assert_eq!(is_squeezed(text), words.join(" ") == text, "{text:?}");
        }
    }
}
