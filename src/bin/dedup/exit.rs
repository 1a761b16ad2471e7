//! From what happened to the one number that a script sees.

use dedup::report::Report;
use std::io;

/// How a run ended. The order is that of [`ExitCode::and`]: duplicates outrank skipped records,
/// because they are there whatever else was skipped, and a script that asked for them looks for 1;
/// what ended the run outranks what it met on the way.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum ExitCode {
    /// 0: done; also if whoever read the output had enough of it.
    Done,
    /// 3: done, but some records were skipped.
    Skipped,
    /// 1: duplicates were found, and `--check` asked; records may have been skipped, too.
    Duplicates,
    /// 130: interrupted from the keyboard.
    Interrupted,
    /// 2: a wrong command line, or an error that ended the run.
    Fatal,
}

impl ExitCode {
    /// The code of a finished scan.
    pub(crate) fn of(report: &Report, check: bool) -> Self {
        let travels = report.passages.as_ref().is_some_and(|passages| !passages.families.is_empty());
        let duplicates = check && (!report.clusters.is_empty() || travels);
        let skipped = !report.skipped.is_empty();
        Self::Done.and(if duplicates { Self::Duplicates } else { Self::Done }).and(if skipped {
            Self::Skipped
        } else {
            Self::Done
        })
    }

    /// The weightier of two.
    pub(crate) fn and(self, other: Self) -> Self {
        self.max(other)
    }

    /// The number.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Duplicates => 1,
            Self::Fatal => 2,
            Self::Skipped => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read the output closed it: no error.
    ClosedPipe,
    /// The sentence to show.
    Fatal(String),
}

impl Failure {
    /// A failure to write to `place`, unless it says only that nobody reads any more.
    pub(crate) fn writing(place: &str, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Fatal(format!("cannot write {place}: {error}"))
        }
    }
}

impl From<dedup::error::Error> for Failure {
    fn from(error: dedup::error::Error) -> Self {
        Self::Fatal(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ExitCode::{Done, Duplicates, Fatal, Interrupted, Skipped};
    use dedup::error::Place;
    use dedup::report::{Cluster, Skipped as SkippedRecord};

    #[test]
    fn the_weightier_code_wins_from_either_side() {
        let by_weight = [Done, Skipped, Duplicates, Interrupted, Fatal];
        for (weight, &code) in by_weight.iter().enumerate() {
            for &lighter in &by_weight[..=weight] {
                assert_eq!((code.and(lighter), lighter.and(code)), (code, code));
            }
        }
    }

    #[test]
    fn the_numbers_are_those_of_the_manual() {
        assert_eq!([Done, Duplicates, Fatal, Skipped, Interrupted].map(ExitCode::number), [0, 1, 2, 3, 130]);
    }

    #[test]
    fn duplicates_count_only_under_check_and_skipped_records_always() {
        let mut report = Report::default();
        assert_eq!(ExitCode::of(&report, true), Done);
        report.clusters.push(Cluster {
            canonical: 0,
            origin: None,
            members: vec![0, 1],
            weakest: 1.0,
            derived: Vec::new(),
        });
        assert_eq!(ExitCode::of(&report, false), Done);
        assert_eq!(ExitCode::of(&report, true), Duplicates);
        let place = Place { path: "a".into(), line: 1 };
        report.skipped.push(SkippedRecord { place, reason: String::new() });
        assert_eq!(ExitCode::of(&report, false), Skipped);
        assert_eq!(ExitCode::of(&report, true), Duplicates);
    }

    #[test]
    fn a_closed_pipe_is_no_error() {
        let closed = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(matches!(Failure::writing("x", &closed), Failure::ClosedPipe));
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(
            matches!(Failure::writing("x", &full), Failure::Fatal(text) if text == "cannot write x: no storage space")
        );
    }
}
