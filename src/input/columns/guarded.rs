//! From a panic of the crate on a damaged file to a fault of the file, without a word on standard error.

use parquet::errors::{ParquetError, Result};
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

thread_local! {
    /// Whether the crate is at work on this thread.
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
}

/// What the crate panics on in a damaged file is a fault of the file.
pub(in super::super) fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    silence();
    let before = AT_WORK.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    AT_WORK.set(before);
    read.unwrap_or_else(|_| Err(ParquetError::General("its parts contradict each other".to_owned())))
}

/// Keeps the hook that prints panics from printing those of the crate. A panic in code of ours that the
/// crate calls is printed, as is any elsewhere.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let is_ours = panic.location().is_none_or(|place| is_ours(place.file()));
            if !AT_WORK.get() || is_ours {
                print(panic);
            }
        }));
    });
}

/// Whether a source file is one of the readers.
fn is_ours(file: &str) -> bool {
    let readers = Path::new(file!()).ancestors().nth(2);
    readers.is_some_and(|readers| Path::new(file).starts_with(readers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_panics_of_the_crate_are_kept_back() {
        let told = guarded::<()>(|| panic!("of ours, and printed")).unwrap_err();
        assert!(told.to_string().contains("contradict"), "{told}");
        assert!(!AT_WORK.get());
        assert!(is_ours(file!()) && is_ours("src/input/columns.rs"));
        assert!(!is_ours("/registry/parquet-60.1.0/src/input/page.rs"));
    }
}
