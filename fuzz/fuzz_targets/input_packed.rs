//! From any bytes, packed or not, to what their content tells.
#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::twice(bytes, ""));
