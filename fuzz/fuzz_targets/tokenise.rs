//! From any text to tokens: both paths agree, and every token lies in the text.
#![no_main]

use dedup::{hash, text};

libfuzzer_sys::fuzz_target!(|body: &str| {
    let repaired = text::repair(body);
    let (mut fast, mut slow, mut last) = (Vec::new(), Vec::new(), 0);
    text::token_hashes(body, &mut fast);
    text::tokenise(&repaired, |token| {
        assert!(last <= token.start && token.start < token.end);
        assert!(repaired.get(token.start..token.end).is_some(), "cuts a character");
        last = token.end;
        slow.push(hash::word(token.text));
    });
    assert_eq!(fast, slow);
});
