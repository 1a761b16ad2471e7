//! From settings out of range to the sentence that names them.

use super::*;

#[test]
fn settings_outside_their_range_are_named() {
    let text = |builder: ConfigBuilder| builder.build().unwrap_err().to_string();
    assert_eq!(text(Config::builder().threshold(1.5)), "expected a threshold from 0.3 to 1, found 1.5");
    assert_eq!(text(Config::builder().threshold(f64::NAN)), "expected a threshold from 0.3 to 1, found NaN");
    assert_eq!(text(Config::builder().shingle(0)), "expected a shingle of 1 to 32 tokens, found 0");
    assert_eq!(
        text(Config::builder().threads(Some(0))),
        "expected 1 to 1024 threads, found 0; leave it out for one a core"
    );
    assert_eq!(
        text(Config::builder().threads(Some(100_000))),
        "expected 1 to 1024 threads, found 100000; leave it out for one a core"
    );
    assert_eq!(
        text(Config::builder().memory(Some(0))),
        "expected at least 1048576 bytes of memory, found 0; leave it out for as much as is needed"
    );
}

#[test]
fn the_defaults_pass() {
    assert_eq!(Config::builder().build().unwrap(), Config::default());
}
