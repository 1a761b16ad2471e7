//! From a text to what stands in quotation marks.

use std::ops::Range;

/// Bytes of the shortest quotation: below it, quotation marks hold titles and single words.
const SHORTEST: usize = 12;

/// Bytes of the longest quotation; beyond it a mark was most likely never closed.
const LONGEST: usize = 1_600;

/// The quotations of `text`, in order, without their marks, as places in bytes. Knows the marks
/// of English, Russian, German, French, Spanish, Polish, Arabic, Chinese and Japanese, and the
/// straight mark, which closes where it last opened.
pub fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &[char])> = None;
    for (at, c) in text.char_indices() {
        match open {
            Some((start, closers)) if closers.contains(&c) => {
                if at - start >= SHORTEST {
                    found.push(start..at);
                }
                open = None;
            }
            Some((start, _)) if at - start <= LONGEST => {}
            _ => open = closers(c).map(|closers| (at + c.len_utf8(), closers)),
        }
    }
    found
}

/// What may close a quotation that `c` opens. Arabic outlets open with ” and close with “.
fn closers(c: char) -> Option<&'static [char]> {
    match c {
        '"' => Some(&['"']),
        '«' => Some(&['»']),
        '“' => Some(&['”']),
        '„' | '”' => Some(&['“', '”']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<&str> {
        quotations(text).into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn marks_of_many_languages() {
        assert_eq!(quoted("He said: “we are not there”, and left."), ["we are not there"]);
        assert_eq!(
            quoted("\"We are not there,\" he said. \"Not at all today.\""),
            ["We are not there,", "Not at all today."]
        );
        assert_eq!(quoted("«Нас там нет», – сказал он"), ["Нас там нет"]);
        assert_eq!(quoted("„Wir sind nicht da“, sagte er"), ["Wir sind nicht da"]);
        assert_eq!(quoted("قال ” نحن لسنا هناك اليوم “ ثم"), [" نحن لسنا هناك اليوم "]);
        assert_eq!(quoted("他说：「我们今天不在那里」。"), ["我们今天不在那里"]);
    }

    #[test]
    fn titles_and_open_ends_are_left_out() {
        assert!(quoted("the so-called \"Troika\" met").is_empty());
        assert!(quoted("he said \"and never closed it").is_empty());
        assert!(quoted(&format!("\"{}\"", "x".repeat(2 * LONGEST))).is_empty());
    }
}
