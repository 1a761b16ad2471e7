//! From any bytes to the stories of a box of mails.
#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::twice(bytes, ".mbox"));
