//! From the files that a command line names to tables: publishers, words, weights.

use crate::args::PublisherArgs;
use crate::exit::Failure;
use dedup::config::{Config, ConfigBuilder};
use dedup::lexicon::Lexicon;
use dedup::relation::model::Model;
use dedup::wire::Publishers;
use std::path::Path;
use std::sync::Arc;

/// The table of publishers, if one is named.
pub(crate) fn publishers(args: &PublisherArgs) -> Result<Arc<Publishers>, Failure> {
    Ok(args.publishers.as_deref().map(table).transpose()?.unwrap_or_default())
}

/// The table of publishers at `path`.
pub(super) fn table(path: &Path) -> Result<Arc<Publishers>, Failure> {
    let table = Publishers::read(&whole(path)?);
    Ok(Arc::new(table.map_err(|error| Failure::Fatal(format!("{}: {error}", path.display())))?))
}

/// The table by which an index that was made with `kept` counts newsrooms: the one that is named, or
/// its own. What is never tied it was told when it was made.
#[cfg(feature = "index")]
pub(crate) fn newsrooms(args: &PublisherArgs, kept: &Config) -> Result<Arc<Publishers>, Failure> {
    if args.publishers.is_none() {
        return Ok(Arc::clone(kept.publishers()));
    }
    let named = publishers(args)?;
    if named.keeps_any_apart() && named != *kept.publishers() {
        let text = "the index was made without these lines with !, and has tied its stories; \
                    leave them out, or make another by `dedup index add --publishers`";
        return Err(Failure::Fatal(text.to_owned()));
    }
    Ok(named)
}

/// With the words of a lexicon file, if one is named.
pub(super) fn translated_by(config: ConfigBuilder, lexicon: Option<&Path>) -> Result<ConfigBuilder, Failure> {
    let Some(path) = lexicon else { return Ok(config) };
    let mut lexicon = Lexicon::default();
    lexicon.add(&whole(path)?).map_err(|error| Failure::Fatal(format!("{}: {error}", path.display())))?;
    Ok(config.lexicon(lexicon))
}

/// With the weights of a model file, if one is named.
pub(super) fn judged_by(config: ConfigBuilder, model: Option<&Path>) -> Result<ConfigBuilder, Failure> {
    let Some(path) = model else { return Ok(config) };
    let model = Model::read(&whole(path)?);
    Ok(config.model(model.map_err(|error| Failure::Fatal(format!("{}: {error}", path.display())))?))
}

fn whole(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Fatal(format!("{}: cannot read: {error}", path.display())))
}
