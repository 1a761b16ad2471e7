//! From any bytes to the records of IPTC 7901 and ANPA 1312.
#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::twice(bytes, ".anpa"));
