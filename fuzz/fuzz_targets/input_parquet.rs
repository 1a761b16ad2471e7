//! From any bytes to the rows of a Parquet file.
#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::twice(bytes, ".parquet"));
