//! From any text to tokens: both paths agree, and every token lies in the text.
#![no_main]

use dedup::{hash, text};

libfuzzer_sys::fuzz_target!(|body: &str| {
    let repaired = text::repair(body);
    let (mut fast, mut slow, mut last) = (Vec::new(), Vec::new(), 0..0);
    text::token_hashes(body, &mut fast);
    text::tokenise(&repaired, |token| {
        let place = token.start..token.end;
        assert!(place == last || last.end <= place.start, "{last:?}, {place:?}");
        let word = repaired.get(place.clone()).expect("cuts a character");
        assert!(!word.is_empty() && !word.contains(char::is_whitespace), "{word:?} is not a word");
        last = place;
        slow.push(hash::word(token.text));
    });
    assert_eq!(fast, slow);
});
