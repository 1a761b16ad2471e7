//! From a signal to a run that ends when the story in hand is done.

use std::sync::atomic::{AtomicU8, Ordering};

/// A signal ends the run at once.
const AT_ONCE: u8 = 0;
/// A signal asks the run to stop.
const IN_ITS_TIME: u8 = 1;
/// The run was asked to stop.
const ASKED: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(AT_ONCE);

/// From now on the first signal asks, and only the second ends the run at once.
pub(crate) fn in_its_time() {
    STATE.store(IN_ITS_TIME, Ordering::SeqCst);
}

/// Whether the run was asked to stop.
pub(crate) fn asked() -> bool {
    STATE.load(Ordering::SeqCst) == ASKED
}

/// Asks the run to stop; whether it will.
pub(crate) fn ask() -> bool {
    STATE.compare_exchange(IN_ITS_TIME, ASKED, Ordering::SeqCst, Ordering::SeqCst).is_ok()
}
