//! From any bytes to the pages of a WARC.
#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::twice(bytes, ".warc"));
