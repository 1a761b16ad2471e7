//! From settings to the header of an index, and back; another setting is refused by its name.

use super::failure::{Done, damage};
use super::seal::Seal;
use crate::cluster::{Keep, Linkage};
use crate::config::{Config, Languages, Level, Noisy};
use crate::error::{Error, ErrorKind};
use crate::lexicon::Lexicon;
use crate::relation::model::Model;
use crate::wire::Publishers;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::time::Duration;

/// What marks the file as an index of this program: ASCII `dedu`.
pub(in crate::index) const APPLICATION: i32 = 0x6465_6475;
/// Where SQLite keeps that mark in a file, in big-endian bytes.
pub(in crate::index) const APPLICATION_AT: u64 = 68;
/// The number of the format, raised whenever an older program could misread a newer file.
pub(in crate::index) const FORMAT: i32 = 2;
/// The oldest format whose stories this program can carry over.
pub(in crate::index) const OLDEST: i32 = 1;

/// What keys and signatures are made by: a file of other kernels is not compared with.
const KERNELS: [(&str, &str); 3] = [
    ("hash", "xxh3-64, folded short words, cyclic shingles"),
    ("kernel", "minhash by one permutation, 128 values, seed 0x6465647570"),
    ("tokens", "1"),
];

fn level(level: Level) -> &'static str {
    match level {
        Level::Identical => "identical",
        Level::Copy => "copy",
        Level::Rewrite => "rewrite",
    }
}

fn linkage(linkage: Linkage) -> &'static str {
    match linkage {
        Linkage::Single => "single",
        Linkage::Average => "average",
        Linkage::Complete => "complete",
    }
}

fn keep(keep: &Keep) -> String {
    match keep {
        Keep::First => "first".to_owned(),
        Keep::Last => "last".to_owned(),
        Keep::Longest => "longest".to_owned(),
        Keep::Source(list) => format!("source:{}", list.join(",")),
    }
}

fn languages(languages: Languages) -> &'static str {
    match languages {
        Languages::Any => "any",
        Languages::Same => "same",
    }
}

fn noise(noise: Noisy) -> &'static str {
    match noise {
        Noisy::Auto => "auto",
        Noisy::On => "on",
        Noisy::Off => "off",
    }
}

fn lexicon(lexicon: &Lexicon) -> String {
    if lexicon.rows().is_empty() { BUILT_IN.to_owned() } else { lexicon.rows().to_owned() }
}

/// The setting that stands in a file only where it is not the one that is built in.
const PUBLISHERS: &str = "publishers";

/// What stands in a file for the weights and words that are built in.
const BUILT_IN: &str = "built-in";

fn model(model: &Model) -> String {
    if *model == Model::default() { BUILT_IN.to_owned() } else { model.to_string() }
}

fn publishers(publishers: &Publishers) -> String {
    if *publishers == Publishers::default() { BUILT_IN.to_owned() } else { publishers.to_string() }
}

/// The settings that an index is made with, by the names of their flags.
fn settings(config: &Config) -> Vec<(&'static str, String)> {
    let window = config.window().map_or("off".to_owned(), |window| window.as_secs().to_string());
    vec![
        ("level", level(config.level()).to_owned()),
        ("threshold", config.threshold().millionths().to_string()),
        ("shingle", config.shingle().to_string()),
        ("keep-furniture", config.keep_furniture().to_string()),
        ("window", window),
        ("linkage", linkage(config.linkage()).to_owned()),
        ("keep", keep(config.keep())),
        ("model", model(config.model())),
        ("languages", languages(config.languages()).to_owned()),
        ("noise", noise(config.noise()).to_owned()),
        ("lexicon", lexicon(config.lexicon())),
        (PUBLISHERS, publishers(config.publishers())),
    ]
}

/// Writes the header of a new file.
pub(in crate::index) fn write(db: &Connection, config: &Config) -> Done<()> {
    let mut insert = db.prepare("INSERT INTO header(name, value) VALUES(?1, ?2)")?;
    for (name, value) in KERNELS {
        insert.execute((name, value))?;
    }
    let mut settings = settings(config);
    // Programs that know of no table then still read the file.
    settings.retain(|(name, value)| *name != PUBLISHERS || value != BUILT_IN);
    for (name, value) in &settings {
        insert.execute((name, value))?;
    }
    insert.execute(("seal", seal(settings.iter().map(|(name, value)| (*name, value.as_str())))))?;
    Ok(())
}

/// Of the settings, so that none changes unseen.
fn seal<'a>(settings: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut sorted: Vec<_> = settings.collect();
    sorted.sort_unstable();
    let seal =
        sorted.into_iter().fold(Seal::new("header"), |seal, (name, value)| seal.text(name).text(value));
    seal.value().to_string()
}

/// The number of the format of a file.
pub(in crate::index) fn format(db: &Connection) -> Done<i32> {
    Ok(db.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Checks that the file is an index of a format from `oldest` on that this program knows, and
/// gives its settings.
pub(in crate::index) fn read(db: &Connection, oldest: i32) -> Done<Config> {
    let number = |pragma: &str| db.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i32>(0));
    if number("application_id")? != APPLICATION {
        let text = "expected an index of dedup, found another SQLite file; give the path of an index";
        return Err(Error::new(ErrorKind::Damaged, text).into());
    }
    let format = format(db)?;
    if !(oldest..=FORMAT).contains(&format) {
        let way_out = match format {
            _ if format > FORMAT => "use a later dedup",
            _ if format >= OLDEST => "bring it up by `dedup index upgrade`",
            _ => "make the index anew",
        };
        let text = format!("format {format}, and this program reads format {FORMAT}; {way_out}");
        return Err(Error::new(ErrorKind::Format, text).into());
    }
    let mut select = db.prepare("SELECT name, value FROM header")?;
    let rows = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let header: BTreeMap<String, String> = rows.collect::<Result<_, _>>()?;
    for (name, ours) in KERNELS {
        let found = header.get(name).map_or("none", String::as_str);
        if found != ours {
            let text =
                format!("{name} `{found}`, and this program has `{ours}`; make the index anew with it");
            return Err(Error::new(ErrorKind::Format, text).into());
        }
    }
    let names = settings(&Config::default());
    let kept = names.iter().filter_map(|(name, _)| Some((*name, header.get(*name)?.as_str())));
    if header.get("seal") != Some(&seal(kept)) {
        return damage("its settings do not agree with their seal");
    }
    match parse(&header) {
        Some(config) => Ok(config),
        None => damage("its header has settings that cannot be read"),
    }
}

fn parse(header: &BTreeMap<String, String>) -> Option<Config> {
    let get = |name: &str| header.get(name).map(String::as_str);
    let one_of = |name: &str, names: &[&str]| get(name).and_then(|v| names.iter().position(|n| *n == v));
    let levels = [Level::Identical, Level::Copy, Level::Rewrite];
    let linkages = [Linkage::Single, Linkage::Average, Linkage::Complete];
    let window = match get("window")? {
        "off" => None,
        seconds => Some(Duration::from_secs(seconds.parse().ok()?)),
    };
    let model = match get("model") {
        // A file that is older than models of one's own.
        None | Some(BUILT_IN) => Model::default(),
        Some(text) => Model::read(text).ok()?,
    };
    // A file may be older than these, too.
    let or_default =
        |name: &str, names: &[&str]| if get(name).is_none() { Some(0) } else { one_of(name, names) };
    let (any_or_same, noisy) = ([Languages::Any, Languages::Same], [Noisy::Auto, Noisy::On, Noisy::Off]);
    let mut words = Lexicon::default();
    if let Some(rows) = get("lexicon").filter(|&rows| rows != BUILT_IN) {
        words.add(rows).ok()?;
    }
    let publishers = match get(PUBLISHERS) {
        None | Some(BUILT_IN) => Publishers::default(),
        Some(table) => Publishers::read(table).ok()?,
    };
    let millionths: u32 = get("threshold")?.parse().ok()?;
    Config::builder()
        .level(levels[one_of("level", &levels.map(level))?])
        .threshold(f64::from(millionths) / 1e6)
        .shingle(get("shingle")?.parse().ok()?)
        .keep_furniture(get("keep-furniture")?.parse().ok()?)
        .window(window)
        .linkage(linkages[one_of("linkage", &linkages.map(linkage))?])
        .keep(get("keep")?.parse().ok()?)
        .model(model)
        .languages(any_or_same[or_default("languages", &any_or_same.map(languages))?])
        .noise(noisy[or_default("noise", &noisy.map(noise))?])
        .lexicon(words)
        .publishers(publishers)
        .build()
        .ok()
}

/// Whether an index that was made with `ours` can be used with `asked`.
pub(in crate::index) fn check(ours: &Config, asked: &Config) -> Done<()> {
    for ((name, ours), (_, asked)) in settings(ours).into_iter().zip(settings(asked)) {
        if ours != asked {
            let shown = |value: &str| match name {
                "threshold" => format!("{}", value.parse::<f64>().unwrap_or_default() / 1e6),
                "window" if value != "off" => format!("{value} s"),
                "model" | "lexicon" | PUBLISHERS if value != BUILT_IN => "of its own".to_owned(),
                _ => value.to_owned(),
            };
            let (ours, asked) = (shown(&ours), shown(&asked));
            let asked = if ours == asked { "another" } else { &asked };
            let text =
                format!("made with {name} {ours}, asked for {asked}; leave it out, or make another index");
            return Err(Error::new(ErrorKind::OtherSettings, text).into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_the_newest_settings_has_their_defaults() {
        let mut header: BTreeMap<String, String> =
            settings(&Config::default()).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        for name in ["model", "languages", "noise", "lexicon", "publishers"] {
            header.remove(name);
        }
        assert_eq!(parse(&header).unwrap(), Config::default());
        header.insert("noise".into(), "some".into());
        assert!(parse(&header).is_none());
    }

    #[test]
    fn settings_come_back_and_differences_are_named() {
        let config = Config::builder()
            .level(Level::Copy)
            .threshold(0.8)
            .shingle(4)
            .keep_furniture(true)
            .window(None)
            .linkage(Linkage::Complete)
            .keep(Keep::Source(vec!["AFP".into(), "TASS".into()]))
            .languages(Languages::Same)
            .noise(Noisy::Off)
            .lexicon({
                let mut words = Lexicon::default();
                words.add("# ours\nru\tпаром\tferry\n").unwrap();
                words
            })
            .publishers(Publishers::read("Post\t!AP\nEcho\tIsland Press\n").unwrap())
            .build()
            .unwrap();
        let header: BTreeMap<String, String> =
            settings(&config).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(parse(&header).unwrap(), config);
        let other = Config::builder().level(Level::Copy).threshold(0.7).build().unwrap();
        let fault = check(&config, &other).unwrap_err().of(std::path::Path::new("x.db"));
        assert_eq!(fault.kind(), ErrorKind::OtherSettings);
        assert_eq!(
            fault.to_string(),
            "x.db: made with threshold 0.8, asked for 0.7; leave it out, or make another index"
        );
    }
}
