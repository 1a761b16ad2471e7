//! From any headline and body to a story without furniture: a second run changes nothing more.
#![no_main]

use dedup::{Story, wire};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (headline, body) = text.split_once('\n').unwrap_or_default();
    let mut story = Story { headline: headline.to_owned(), ..Story::new("fuzz", body) };
    wire::strip(&mut story);
    assert!(story.body.len() <= body.len());
    let once = story.clone();
    wire::strip(&mut story);
    assert_eq!((story.headline, story.body), (once.headline, once.body));
});
