//! From any bytes to the records of an XML file: NITF, NewsML, feeds.
#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::twice(bytes, ".xml"));
