//! From what was typed to what it means: checked settings, a writer, a style.

mod tables;

use crate::args::filter::FilterArgs;
#[cfg(feature = "index")]
use crate::args::index::SettingsArgs;
use crate::args::pickup::PickupArgs;
use crate::args::{
    FieldArgs, Format, GlobalArgs, GroupingArgs, Languages, Level, LikenessArgs, Linkage, Nodes, Noise,
    Relations, RunArgs, ScanArgs, When,
};
use crate::exit::Failure;
use crate::pipeline::Fields;
use anstream::{AutoStream, ColorChoice};
use dedup::config::{Config, ConfigBuilder, Passages};
#[cfg(feature = "parquet")]
use dedup::report::{self, Parquet};
use dedup::report::{Csv, Gexf, GraphMl, Json, Jsonl, Passim, Style, Text, Travels, Writer};
use dedup::wire::Publishers;
use std::io;
use std::sync::Arc;
#[cfg(feature = "index")]
pub(crate) use tables::newsrooms;
pub(crate) use tables::publishers;
#[cfg(feature = "index")]
use tables::table;
use tables::{judged_by, translated_by};
use terminal_size::terminal_size_of;

impl From<Linkage> for dedup::cluster::Linkage {
    fn from(linkage: Linkage) -> Self {
        match linkage {
            Linkage::Single => Self::Single,
            Linkage::Average => Self::Average,
            Linkage::Complete => Self::Complete,
        }
    }
}

impl From<Level> for dedup::config::Level {
    fn from(level: Level) -> Self {
        match level {
            // Passages join nothing, so nothing is looked for beyond them.
            Level::Identical | Level::Passage => Self::Identical,
            Level::Copy => Self::Copy,
            Level::Rewrite => Self::Rewrite,
        }
    }
}

impl From<Languages> for dedup::config::Languages {
    fn from(languages: Languages) -> Self {
        match languages {
            Languages::Any => Self::Any,
            Languages::Same => Self::Same,
        }
    }
}

impl From<Noise> for dedup::config::Noisy {
    fn from(noise: Noise) -> Self {
        match noise {
            Noise::Auto => Self::Auto,
            Noise::On => Self::On,
            Noise::Off => Self::Off,
        }
    }
}

/// The settings of the library that `scan` was given.
pub(crate) fn of_scan(args: &ScanArgs) -> Result<Config, Failure> {
    let joined = across(&args.likeness, grouped(likeness(&args.likeness), &args.grouping))?;
    of_run(args, joined, publishers(&args.publishers)?)
}

/// The settings of the library that `filter` was given.
pub(crate) fn of_filter(args: &FilterArgs) -> Result<Config, Failure> {
    joins(args.likeness.level)?;
    let joined = across(&args.likeness, grouped(likeness(&args.likeness), &args.grouping))?;
    Ok(bounded(joined, &args.run).build()?)
}

/// The settings of the library that `pickup` was given.
pub(crate) fn of_pickup(args: &PickupArgs) -> Result<Config, Failure> {
    joins(args.likeness.level)?;
    let joined = across(&args.likeness, grouped(likeness(&args.likeness), &args.grouping))?;
    Ok(bounded(joined, &args.run).publishers(publishers(&args.publishers)?).build()?)
}

fn grouped(config: ConfigBuilder, args: &GroupingArgs) -> ConfigBuilder {
    config.window(args.window.0).linkage(args.linkage.into()).keep(args.keep.clone())
}

fn bounded(config: ConfigBuilder, args: &RunArgs) -> ConfigBuilder {
    config.strict(args.strict).threads(args.threads).memory(args.memory.map(|size| size.0))
}

/// The same for a scan against an index that was made with `kept`: what was not typed is as there.
#[cfg(feature = "index")]
pub(crate) fn of_scan_against(args: &ScanArgs, kept: Config) -> Result<Config, Failure> {
    let typed = |id: &str| args.typed.iter().any(|typed| typed == id);
    let given = SettingsArgs {
        level: typed("level").then_some(args.likeness.level),
        threshold: typed("threshold").then_some(args.likeness.threshold),
        shingle: typed("shingle").then_some(args.likeness.shingle),
        keep_furniture: args.likeness.keep_furniture,
        window: typed("window").then_some(args.grouping.window),
        linkage: typed("linkage").then_some(args.grouping.linkage),
        keep: typed("keep").then_some(args.grouping.keep.clone()),
        model: args.likeness.model.clone(),
        languages: typed("languages").then_some(args.likeness.languages),
        noise: typed("noise").then_some(args.likeness.noise),
        lexicon: args.likeness.lexicon.clone(),
        publishers: None,
    };
    let newsrooms = newsrooms(&args.publishers, &kept)?;
    of_run(args, changed(kept.change(), &given)?, newsrooms)
}

/// The settings of an index: `kept` are those it has, if it is there.
#[cfg(feature = "index")]
pub(crate) fn of_index(kept: Option<Config>, given: &SettingsArgs) -> Result<Config, Failure> {
    given.level.map_or(Ok(()), joins)?;
    Ok(changed(kept.unwrap_or_default().change(), given)?.build()?)
}

#[cfg(feature = "index")]
fn changed(mut config: ConfigBuilder, given: &SettingsArgs) -> Result<ConfigBuilder, Failure> {
    if let Some(level) = given.level {
        config = config.level(level.into());
    }
    if let Some(threshold) = given.threshold {
        config = config.threshold(threshold);
    }
    if let Some(shingle) = given.shingle {
        config = config.shingle(shingle);
    }
    if given.keep_furniture {
        config = config.keep_furniture(true);
    }
    if let Some(window) = given.window {
        config = config.window(window.0);
    }
    if let Some(linkage) = given.linkage {
        config = config.linkage(linkage.into());
    }
    if let Some(keep) = &given.keep {
        config = config.keep(keep.clone());
    }
    if let Some(languages) = given.languages {
        config = config.languages(languages.into());
    }
    if let Some(noise) = given.noise {
        config = config.noise(noise.into());
    }
    if let Some(path) = &given.publishers {
        config = config.publishers(table(path)?);
    }
    translated_by(judged_by(config, given.model.as_deref())?, given.lexicon.as_deref())
}

/// Refuses the level that joins nothing.
fn joins(level: Level) -> Result<(), Failure> {
    if level == Level::Passage {
        let sentence = "expected a level that joins stories, found passage; it is for dedup scan";
        return Err(Failure::Fatal(sentence.into()));
    }
    Ok(())
}

/// Of which stories passages are told.
fn passages(args: &ScanArgs) -> Result<Passages, Failure> {
    let any = args.likeness.level == Level::Passage;
    let holds = args.format().is_of_passages()
        || args.format() == Format::Jsonl
        || args.format().shows_all()
        || (any && args.format() == Format::Text);
    if (any || args.passages) && !holds {
        let sentence = "expected a format that holds passages: html, jsonl, passim or parquet-passages; name one with --format";
        return Err(Failure::Fatal(sentence.into()));
    }
    Ok(match args.passages || args.format().is_of_passages() {
        _ if any => Passages::Any,
        true => Passages::Joined,
        false => Passages::Off,
    })
}

fn of_run(args: &ScanArgs, joined: ConfigBuilder, publishers: Arc<Publishers>) -> Result<Config, Failure> {
    let config = joined
        .all_relations(args.relations == Relations::All || args.format().shows_all())
        .facts(args.facts || args.format().shows_all())
        .texts(args.format().shows_all())
        .passages(passages(args)?)
        .least(args.least)
        .publishers(publishers);
    Ok(bounded(config, &args.run).build()?)
}

/// The settings of a command that has no others.
pub(crate) fn of_likeness(args: &LikenessArgs) -> Result<Config, Failure> {
    joins(args.level)?;
    Ok(across(args, likeness(args))?.build()?)
}

/// What is said of other languages, and of noise.
fn across(args: &LikenessArgs, config: ConfigBuilder) -> Result<ConfigBuilder, Failure> {
    let config = config.languages(args.languages.into()).noise(args.noise.into());
    translated_by(judged_by(config, args.model.as_deref())?, args.lexicon.as_deref())
}

fn likeness(args: &LikenessArgs) -> ConfigBuilder {
    Config::builder()
        .level(args.level.into())
        .threshold(args.threshold)
        .shingle(args.shingle)
        .keep_furniture(args.keep_furniture)
}

/// The names of fields.
pub(crate) fn fields(args: &FieldArgs) -> Fields {
    Fields {
        id: args.id.clone(),
        text: args.text.clone(),
        headline: args.headline.clone(),
        date: args.date.clone(),
        source: args.source.clone(),
        ..Fields::default()
    }
}

/// Whoever writes the result of a scan.
pub(crate) fn writer(args: &ScanArgs, settings: &Config, style: Style) -> Box<dyn Writer> {
    let nodes = match args.nodes {
        Nodes::Stories => dedup::report::Nodes::Stories,
        Nodes::Sources => dedup::report::Nodes::Sources,
    };
    writer_of(args.format(), args.singles, nodes, settings, style)
}

/// Whoever writes a report in `format` that was made with `settings`.
pub(crate) fn writer_of(
    format: Format,
    singles: bool,
    nodes: dedup::report::Nodes,
    settings: &Config,
    style: Style,
) -> Box<dyn Writer> {
    match format {
        Format::Text if settings.passages() == Passages::Any => Box::new(Travels),
        Format::Text => Box::new(Text { style, singles, apart: settings.all_relations() }),
        Format::Json => Box::new(Json { singles }),
        Format::Jsonl => Box::new(Jsonl { singles }),
        Format::Csv => Box::new(Csv { singles, apart: settings.all_relations(), facts: settings.facts() }),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(Parquet { rows: report::Rows::Members, singles }),
        #[cfg(feature = "parquet")]
        Format::ParquetPairs => Box::new(Parquet { rows: report::Rows::Pairs, singles }),
        #[cfg(feature = "parquet")]
        Format::ParquetPassages => Box::new(Parquet { rows: report::Rows::Passages, singles }),
        Format::Passim => Box::new(Passim),
        Format::GraphMl => Box::new(GraphMl { nodes }),
        Format::Gexf => Box::new(Gexf { nodes }),
        #[cfg(feature = "html")]
        Format::Html => Box::new(dedup::report::Html { config: settings.clone() }),
    }
}

/// What the reader's screen can do; `to_file` if the result does not go to standard output.
pub(crate) fn style(global: &GlobalArgs, to_file: bool) -> Style {
    let stdout = io::stdout();
    let width = terminal_size_of(&stdout).map(|(width, _)| usize::from(width.0));
    // Knows NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM.
    let auto = AutoStream::choice(&stdout) != ColorChoice::Never;
    decided(global.color, to_file, width, auto)
}

fn decided(when: When, to_file: bool, width: Option<usize>, auto: bool) -> Style {
    let colour = match when {
        When::Auto => auto && !to_file,
        When::Always => true,
        When::Never => false,
    };
    Style { width: width.filter(|_| !to_file), colour }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use clap::{CommandFactory, Parser};
    use dedup::cluster::Keep;
    use std::time::Duration;

    fn scan(flags: &str) -> Result<Config, Failure> {
        let typed = format!("dedup scan stories {flags}");
        match Cli::try_parse_from(typed.split_whitespace()).unwrap().command {
            Command::Scan(args) => of_scan(&args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_flags_the_defaults_of_the_library_hold() {
        assert_eq!(scan("").unwrap(), Config::default());
    }

    #[test]
    fn every_flag_arrives() {
        let flags = "--level copy --threshold 0.8 --shingle 4 --keep-furniture --window 36h --linkage complete \
                     --keep source:AFP,TASS --relations all --strict --threads 2 --memory 300M";
        let meant = Config::builder()
            .level(dedup::config::Level::Copy)
            .threshold(0.8)
            .shingle(4)
            .keep_furniture(true)
            .window(Some(Duration::from_secs(36 * 3600)))
            .linkage(dedup::cluster::Linkage::Complete)
            .keep(Keep::Source(vec!["AFP".into(), "TASS".into()]))
            .all_relations(true)
            .strict(true)
            .threads(Some(2))
            .memory(Some(300 << 20));
        assert_eq!(scan(flags).unwrap(), meant.build().unwrap());
        assert_eq!(scan("--window off").unwrap().window(), None);
    }

    #[test]
    fn what_the_library_refuses_is_said_in_its_words() {
        let Err(Failure::Fatal(sentence)) = scan("--threshold 1.5") else { panic!("refused") };
        assert_eq!(sentence, "expected a threshold from 0.3 to 1, found 1.5");
    }

    #[test]
    fn a_wrong_value_is_refused_with_the_way_out() {
        for (flags, way_out) in [
            ("--window 7w", "expected a time such as 7d, 36h or 90m, or off for no limit"),
            ("--memory much", "expected a size such as 300M or 2G"),
            ("--keep newest", "expected first, last, longest or source:A,B to keep"),
            ("--level near", "[possible values: identical, copy, rewrite, passage]"),
            ("--format xml", "[possible values: text, json, jsonl, csv"),
        ] {
            let typed = format!("dedup scan stories {flags}");
            let error = Cli::try_parse_from(typed.split_whitespace()).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(way_out), "{error}");
        }
    }

    #[test]
    fn global_flags_stand_on_either_side_of_the_command() {
        for typed in ["dedup --quiet scan x --color never", "dedup scan x --color never -q"] {
            let cli = Cli::try_parse_from(typed.split_whitespace()).unwrap();
            assert!(cli.global.quiet && cli.global.color == When::Never, "{typed}");
        }
    }

    #[test]
    fn a_file_gets_neither_width_nor_colour_unless_asked() {
        let style = |width, colour| Style { width, colour };
        assert_eq!(decided(When::Auto, false, Some(80), true), style(Some(80), true));
        assert_eq!(decided(When::Auto, true, Some(80), true), style(None, false));
        assert_eq!(decided(When::Always, true, Some(80), false), style(None, true));
        assert_eq!(decided(When::Never, false, Some(80), true), style(Some(80), false));
    }
}
