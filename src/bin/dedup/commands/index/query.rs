//! From stories to whether an index has seen them.

use super::{Answers, one_by_one, unwritten};
use crate::args::GlobalArgs;
use crate::args::index::QueryArgs;
use crate::config;
use crate::exit::{ExitCode, Failure};
use dedup::index::Index;
use std::io::{self, BufWriter, Write};

pub(crate) fn run(args: &QueryArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let index = Index::open_read_only(&args.db)?;
    let mut answers = Answers::new(args.format, global);
    let mut out = BufWriter::new(io::stdout().lock());
    one_by_one(&args.paths, config::fields(&args.fields), &mut |record| {
        let told = match record {
            Ok(story) => Ok(index.query(&story)?),
            Err(error) => Err(error),
        };
        let written = answers.write(told.as_ref(), true, &mut out);
        let flushed = written.and_then(|()| if args.each { out.flush() } else { Ok(()) });
        flushed.map_err(|error| unwritten(&error))
    })?;
    out.flush().map_err(|error| unwritten(&error))?;
    let seen = args.check && answers.identical + answers.versions > 0;
    Ok(answers.code().and(if seen { ExitCode::Duplicates } else { ExitCode::Done }))
}
