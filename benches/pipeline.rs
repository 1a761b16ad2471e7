//! From JSON lines on disk to verified clusters: the whole way, as a user runs it.

mod day;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dedup::config::{Config, Level};
use dedup::input::{Fields, Files};
use dedup::scan::Scanner;

const STORIES: usize = 5_000;

fn pipeline(c: &mut Criterion) {
    let mut file = tempfile::Builder::new().suffix(".jsonl").tempfile().expect("a temporary file");
    day::write(&day::day(STORIES), &mut file).expect("room on the disk");
    let bytes = file.path().metadata().expect("the file is there").len();
    let files = Files::open(&[file.path().to_owned()], Fields::default()).expect("stories");

    for (unit, throughput) in
        [("bytes", Throughput::Bytes(bytes)), ("stories", Throughput::Elements(STORIES as u64))]
    {
        let mut group = c.benchmark_group(format!("pipeline/{unit}"));
        group.throughput(throughput).sample_size(20);
        for (name, level) in
            [("identical", Level::Identical), ("copy", Level::Copy), ("rewrite", Level::Rewrite)]
        {
            let config = Config::builder().level(level).threads(Some(1)).build().expect("good settings");
            let scanner = Scanner::new(config);
            group.bench_function(name, |b| {
                b.iter(|| scanner.scan_corpus(&files, &|_| {}).expect("good stories").clusters.len());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
