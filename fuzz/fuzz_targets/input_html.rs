//! From any bytes to the story of a page.
#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::twice(bytes, ".html"));
