//! From two stories to what ties them.

use crate::args::{ExplainArgs, GlobalArgs, TextOrJson};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::output::Output;
use crate::pipeline::explain_files;
#[cfg(feature = "index")]
use crate::pipeline::explain_in_index;
use dedup::report::explanation;

pub(crate) fn run(args: &ExplainArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let settings = config::of_likeness(&args.likeness)?;
    let fields = config::fields(&args.fields);
    #[cfg(feature = "index")]
    let explanation = match &args.index {
        Some(db) => explain_in_index(db, &args.a, &args.b, &fields)?,
        None => explain_files((&args.a, &args.b), &args.corpus, &fields, &settings)?,
    };
    #[cfg(not(feature = "index"))]
    let explanation = explain_files((&args.a, &args.b), &args.corpus, &fields, &settings)?;
    Output::Stdout.deliver(|out| match args.format {
        TextOrJson::Text => explanation::write_text(&explanation, config::style(global, false), out),
        TextOrJson::Json => explanation::write_json(&explanation, out),
    })?;
    Ok(ExitCode::Done)
}
