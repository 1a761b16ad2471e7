//! From two stories to what ties them.

use crate::args::{ExplainArgs, GlobalArgs, TextOrJson};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::output::Output;
use crate::pipeline::explain_files;
use dedup::report::explanation;

pub(crate) fn run(args: &ExplainArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let settings = config::of_likeness(&args.likeness)?;
    let explanation = explain_files(&args.a, &args.b, &config::fields(&args.fields), &settings)?;
    Output::Stdout.deliver(|out| match args.format {
        TextOrJson::Text => explanation::write_text(&explanation, config::style(global, false), out),
        TextOrJson::Json => explanation::write_json(&explanation, out),
    })?;
    Ok(ExitCode::Done)
}
