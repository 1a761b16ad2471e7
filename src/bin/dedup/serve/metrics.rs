//! From requests to figures in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets of durations, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

#[derive(Default)]
struct Durations {
    buckets: [u64; BOUNDS.len()],
    count: u64,
    sum: f64,
}

/// Counts of requests, by route.
#[derive(Default)]
pub(super) struct Metrics(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    requests: BTreeMap<(String, &'static str, u16), u64>,
    durations: BTreeMap<String, Durations>,
}

/// The methods that are told apart.
fn known(method: &str) -> &'static str {
    ["GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH"]
        .into_iter()
        .find(|one| *one == method)
        .unwrap_or("other")
}

impl Metrics {
    /// Counts a request; `route` is a pattern, so that there are not more than routes.
    pub(super) fn count(&self, route: &str, method: &str, status: u16, took: Duration) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counted.requests.entry((route.to_owned(), known(method), status)).or_default() += 1;
        let durations = counted.durations.entry(route.to_owned()).or_default();
        let seconds = took.as_secs_f64();
        if let Some(place) = BOUNDS.iter().position(|bound| seconds <= *bound) {
            durations.buckets[place] += 1;
        }
        durations.count += 1;
        durations.sum += seconds;
    }

    /// All figures; `gauges` are name, meaning and value of what is measured elsewhere.
    pub(super) fn written(&self, gauges: &[(&str, &str, u64)]) -> String {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::new();
        let head = |out: &mut String, name: &str, kind: &str, help: &str| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        };
        for (name, help, value) in gauges {
            head(&mut out, name, "gauge", help);
            let _ = writeln!(out, "{name} {value}");
        }
        head(&mut out, "dedup_requests_total", "counter", "Requests by route, method and status.");
        for ((route, method, status), count) in &counted.requests {
            let _ = writeln!(
                out,
                "dedup_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
            );
        }
        head(&mut out, "dedup_request_seconds", "histogram", "How long requests took, by route.");
        for (route, durations) in &counted.durations {
            let mut sum = 0;
            for (bound, count) in BOUNDS.iter().zip(durations.buckets) {
                sum += count;
                let _ =
                    writeln!(out, "dedup_request_seconds_bucket{{route=\"{route}\",le=\"{bound}\"}} {sum}");
            }
            let Durations { count, sum, .. } = durations;
            let _ = writeln!(out, "dedup_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}");
            let _ = writeln!(out, "dedup_request_seconds_sum{{route=\"{route}\"}} {sum:.6}");
            let _ = writeln!(out, "dedup_request_seconds_count{{route=\"{route}\"}} {count}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let metrics = Metrics::default();
        metrics.count("/health", "GET", 200, Duration::from_millis(2));
        metrics.count("/health", "BREW", 405, Duration::from_secs(9));
        let text = metrics.written(&[("dedup_stories", "Stories.", 7)]);
        for line in [
            "dedup_stories 7",
            "dedup_requests_total{route=\"/health\",method=\"GET\",status=\"200\"} 1",
            "dedup_requests_total{route=\"/health\",method=\"other\",status=\"405\"} 1",
            "dedup_request_seconds_bucket{route=\"/health\",le=\"0.001\"} 0",
            "dedup_request_seconds_bucket{route=\"/health\",le=\"0.0025\"} 1",
            "dedup_request_seconds_bucket{route=\"/health\",le=\"5\"} 1",
            "dedup_request_seconds_bucket{route=\"/health\",le=\"+Inf\"} 2",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }
}
