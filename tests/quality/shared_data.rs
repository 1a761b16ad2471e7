//! From ../shared/data to stories and truth; `None`, with a printed line, where it is absent.

use dedup::eval::{Label, read_labels};
use dedup::input::{Corpus, Fields, Files};
use dedup::relation::Relation;
use dedup::report::Report;
use dedup::story::Story;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

fn read(path: PathBuf) -> Vec<Story> {
    let files = Files::open(&[path], Fields::default()).unwrap();
    let mut stories = Vec::new();
    for block in files.blocks(&|_| true) {
        block.records(|_| true, |_, record| stories.push(record.unwrap().into_owned()));
    }
    stories
}

/// The stories of a workload.
pub(crate) fn stories(name: &str) -> Option<Vec<Story>> {
    shared(&format!("{name}.jsonl.zst")).map(read)
}

/// Labels of a file.
pub(crate) fn label_file(path: &Path) -> Vec<Label> {
    read_labels(BufReader::new(File::open(path).unwrap()), path).unwrap()
}

/// The stories and the labels of a set.
pub(crate) fn labelled(name: &str) -> Option<(Vec<Story>, Vec<Label>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let plain = format!("{name}.jsonl");
    let packed = format!("{name}.jsonl.zst");
    let stories = read(shared(if folder.join(&packed).exists() { &packed } else { &plain })?);
    Some((stories, label_file(&shared(&format!("{name}.pairs.jsonl"))?)))
}

/// The hard small cases.
pub(crate) fn edge() -> Option<Vec<Story>> {
    shared("edge.jsonl").map(read)
}

/// Every pair of a workload with Jaccard at least 0.5.
pub(crate) fn truth(name: &str) -> Option<Vec<((String, String), f64)>> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(shared(&format!("{name}.truth.tsv.gz"))?).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    let pair = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let (a, b) = (fields[0].min(fields[1]), fields[0].max(fields[1]));
        ((a.to_owned(), b.to_owned()), fields[2].parse().unwrap())
    };
    Some(text.lines().map(pair).collect())
}

/// The pairs of a report by id, in id order.
pub(crate) fn pairs_of(report: &Report) -> impl Iterator<Item = ((String, String), Relation)> {
    let id = |story: u32| report.stories[story as usize].id.clone();
    report.pairs.iter().map(move |pair| ((id(pair.a), id(pair.b)), pair.relation))
}
