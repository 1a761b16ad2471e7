//! From a notice to the live versions of what it takes back.

use crate::args::index::RecallArgs;
use crate::exit::{ExitCode, Failure};

pub(crate) fn run(args: &RecallArgs) -> Result<ExitCode, Failure> {
    Err(Failure::Fatal(args.notice.clone()))
}
