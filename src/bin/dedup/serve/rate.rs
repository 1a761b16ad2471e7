//! From whoever asks to whether it is too much: a bucket of requests a client, refilled by the
//! second.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Clients that are remembered; the rest share what full buckets leave.
const CLIENTS: usize = 10_000;
/// Seconds of requests that may come at once.
const BURST: f64 = 2.0;

/// Who asks: a token by its place, or an address.
pub(super) struct Rate<K> {
    /// Requests a second; 0 for no limit.
    a_second: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    since: Instant,
}

impl<K: Eq + Hash> Rate<K> {
    pub(super) fn new(a_second: u32) -> Self {
        Self { a_second: f64::from(a_second), buckets: Mutex::default() }
    }

    /// Whether `client` may ask once more at `now`.
    pub(super) fn allows(&self, client: K, now: Instant) -> bool {
        if self.a_second == 0.0 {
            return true;
        }
        let full = (self.a_second * BURST).max(1.0);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let refilled = |bucket: &Bucket| {
            let gone = now.saturating_duration_since(bucket.since).as_secs_f64();
            (bucket.left + gone * self.a_second).min(full)
        };
        if buckets.len() >= CLIENTS && !buckets.contains_key(&client) {
            // Whoever has a full bucket need not be remembered.
            buckets.retain(|_, bucket| refilled(bucket) < full);
            if buckets.len() >= CLIENTS {
                return false;
            }
        }
        let bucket = buckets.entry(client).or_insert(Bucket { left: full, since: now });
        let left = refilled(bucket);
        let allowed = left >= 1.0;
        *bucket = Bucket { left: if allowed { left - 1.0 } else { left }, since: now };
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_then_so_many_a_second() {
        let rate = Rate::new(5);
        let now = Instant::now();
        let asked = |client, now| (0..100).filter(|_| rate.allows(client, now)).count();
        assert_eq!(asked("a", now), 10);
        assert_eq!(asked("b", now), 10, "each client has its own");
        assert_eq!(asked("a", now + Duration::from_secs(1)), 5);
        assert_eq!(asked("a", now + Duration::from_secs(60)), 10);
    }

    #[test]
    fn no_limit_and_no_end_of_clients() {
        let now = Instant::now();
        assert!((0..1000).all(|_| Rate::new(0).allows(0, now)));
        let rate = Rate::new(1);
        (0..CLIENTS).for_each(|client| assert!(rate.allows(client, now)));
        assert!(!rate.allows(CLIENTS, now), "nobody is forgotten while it matters");
        assert!(rate.allows(CLIENTS, now + Duration::from_secs(10)));
    }
}
