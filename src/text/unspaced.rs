//! From a run of a script that writes no spaces to its words.

use icu_segmenter::{WordSegmenter, options::WordBreakInvariantOptions};
use std::cell::LazyCell;

/// How a script without spaces is cut.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Script {
    /// Chinese characters and kana: each character is a token.
    Ideographic,
    /// Thai, Lao, Burmese, Khmer: cut by dictionary.
    Dictionary,
}

/// The kind of `c`, or `None` where its script writes spaces. Blocks as of Unicode 17.
#[inline]
#[expect(clippy::match_same_arms, reason = "one comparison for the scripts that nearly all text is in")]
pub fn script(c: char) -> Option<Script> {
    match c {
        '\0'..='\u{dff}' => None,
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{a9e0}'..='\u{a9ff}'
        | '\u{aa60}'..='\u{aa7f}' => (c.is_alphanumeric()
            || unicode_normalization::char::is_combining_mark(c))
        .then_some(Script::Dictionary),
        '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{3096}'
        | '\u{309d}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{20000}'..='\u{2ebef}'
        | '\u{30000}'..='\u{323af}' => Some(Script::Ideographic),
        _ => None,
    }
}

/// The length in bytes of the dictionary-cut run that `text` starts with.
pub(super) fn run(text: &str) -> usize {
    text.find(|c| script(c) != Some(Script::Dictionary)).unwrap_or(text.len())
}

/// Calls `each` with start and end of every word of `run`.
pub(super) fn words(run: &str, mut each: impl FnMut(usize, usize)) {
    thread_local! {
        // Built once a thread: the dictionary is static data, the segmenter a few pointers.
        static SEGMENTER: LazyCell<icu_segmenter::WordSegmenterBorrowed<'static>> =
            LazyCell::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));
    }
    SEGMENTER.with(|segmenter| {
        let mut start = 0;
        for end in segmenter.segment_str(run).filter(|&end| end > 0) {
            each(start, end);
            start = end;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thai_run_is_cut_into_words_that_cover_it() {
        let text = "ประธานาธิบดีเดินทางไปกรุงเทพ";
        assert_eq!(run(&format!("{text} x")), text.len());
        let mut cut = Vec::new();
        words(text, |start, end| cut.push(&text[start..end]));
        assert_eq!(cut.concat(), text);
        assert!(cut.contains(&"กรุงเทพ"), "{cut:?}");
    }

    #[test]
    fn lao_khmer_and_burmese_are_cut_too() {
        for text in ["ປະເທດລາວມີນະຄອນຫຼວງ", "ព្រះរាជាណាចក្រកម្ពុជា", "မြန်မာနိုင်ငံတော်"]
        {
            let mut n = 0;
            words(text, |_, _| n += 1);
            assert!(n > 1, "{text}");
        }
    }

    #[test]
    fn spaced_scripts_are_left_alone() {
        assert!("aяشष한".chars().all(|c| script(c).is_none()));
    }
}
