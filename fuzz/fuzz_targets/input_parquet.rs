//! From any bytes to the rows of a Parquet file.
#![no_main]

mod reading;

// The crate panics on damage, and the reader makes a fault of that; only a panic that gets out of
// the reader is a finding. The hook of the fuzzer would end the run at the first.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|_| {})),
    |bytes: &[u8]| reading::twice(bytes, ".parquet")
);
