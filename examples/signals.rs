//! From labelled pairs and their stories to signals, one JSON line a pair: the input of `train/fit`.
//!
//! Usage: `cargo run --release --example signals -- LABELS STORIES [--closed]`. With `--closed`,
//! pairs that a scan judges and that no label names are negatives.

use dedup::config::Config;
use dedup::eval::read_labels;
use dedup::evidence::{Frequencies, Profile, Signals, frequency};
use dedup::input::{Corpus, Fields, Files};
use dedup::relation::model::Model;
use dedup::scan::Scanner;
use dedup::story::Story;
use dedup::text::{repair, tokenise};
use dedup::wire;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;

fn stories(path: &Path) -> Result<BTreeMap<String, Story>, dedup::error::Error> {
    let files = Files::open(&[path.to_owned()], Fields::default())?;
    let mut stories = BTreeMap::new();
    for block in files.blocks(&|_| true) {
        let mut failure = None;
        block.records(
            |_| true,
            |_, record| match record {
                Ok(story) => {
                    let mut story = story.into_owned();
                    wire::prepare(&mut story, false);
                    stories.insert(story.id.clone(), story);
                }
                Err(error) => failure = Some(error),
            },
        );
        if let Some(error) = failure {
            return Err(error);
        }
    }
    Ok(stories)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [labels, path, rest @ ..] = &arguments[..] else {
        return Err("usage: signals LABELS STORIES [--closed]".into());
    };
    let closed = rest.iter().any(|flag| flag == "--closed");
    let stories = stories(Path::new(path))?;
    let mut frequencies = Frequencies::default();
    for story in stories.values().take(8_192) {
        let mut stems = Vec::new();
        tokenise(&repair(&story.body), |token| stems.push(frequency::stem(&token)));
        frequencies.add(&mut stems);
    }
    let mut pairs: BTreeMap<(String, String), (u8, f64)> = BTreeMap::new();
    if closed {
        let files = Files::open(&[path.into()], Fields::default())?;
        let report = Scanner::new(Config::default().with_all_relations()).scan_corpus(&files, &|_| {})?;
        let id = |story: u32| report.stories[story as usize].id.clone();
        pairs.extend(report.pairs.iter().map(|pair| ((id(pair.a), id(pair.b)), (0, 1.0))));
    }
    for label in read_labels(BufReader::new(File::open(labels)?), Path::new(labels))? {
        let (a, b) = if label.a < label.b { (label.a, label.b) } else { (label.b, label.a) };
        pairs.insert((a, b), (label.label, label.weight));
    }
    let weights = frequencies.weights();
    let mut out = std::io::stdout().lock();
    for ((a, b), (label, weight)) in pairs {
        let (Some(x), Some(y)) = (stories.get(&a), stories.get(&b)) else { continue };
        let (x, y) = (Profile::new(x, &weights), Profile::new(y, &weights));
        let (signals, coverage) = Signals::quick(&x, &y).with_passages(&x, &y);
        let values: BTreeMap<&str, f32> =
            Model::default().contributions(&signals).iter().map(|(name, value, _)| (*name, *value)).collect();
        let line = serde_json::json!({
            "a": a, "b": b, "label": label, "weight": weight, "all": signals.named().map(|(_, value)| value).collect::<Vec<_>>(),
            "tokens": [x.len(), y.len()], "signals": values,
            "coverage": { "a": coverage.a, "b": coverage.b, "in_order": coverage.in_order, "lead": coverage.lead },
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
