//! From signatures to candidates, and from candidates to verified copies.

mod day;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dedup::config::Config;
use dedup::lsh::BandKeys;
use dedup::shingle::ShingleSet;
use dedup::story::Ordinal;
use dedup::{text, verify};
use std::hint::black_box;

const STORIES: usize = 5_000;

fn sets() -> Vec<ShingleSet> {
    let set = |body: &str| {
        let mut tokens = Vec::new();
        text::token_hashes(body, &mut tokens);
        ShingleSet::new(&tokens, 5)
    };
    day::day(STORIES).iter().map(|story| set(&story.body)).collect()
}

fn candidates(c: &mut Criterion) {
    let (config, sets) = (Config::default(), sets());
    let (banding, hasher) = (config.banding(), config.hasher());
    let mut keys = BandKeys::new(banding);
    sets.iter().for_each(|set| keys.push(hasher.signature(set.as_slice()).values()));
    let all: Vec<Ordinal> = (0..sets.len() as Ordinal).collect();

    let mut group = c.benchmark_group("lsh");
    group.throughput(Throughput::Elements(STORIES as u64));
    group.bench_function("buckets", |b| b.iter(|| keys.buckets(black_box(&all), config.threshold())));
    let buckets = keys.buckets(&all, config.threshold());
    group.bench_function("pairs", |b| b.iter(|| buckets.pairs().len()));
    group.finish();

    let pairs: Vec<_> = buckets.pairs().into_iter().map(|(a, b)| (a as usize, b as usize)).collect();
    let mut group = c.benchmark_group("verify");
    group.throughput(Throughput::Elements(pairs.len() as u64));
    group.bench_function("copy", |b| {
        b.iter(|| {
            let copy = |&(a, b): &(usize, usize)| {
                verify::copy(sets[a].as_slice(), sets[b].as_slice(), config.threshold()).is_some()
            };
            pairs.iter().filter(|pair| copy(pair)).count()
        });
    });
    group.finish();
}

criterion_group!(benches, candidates);
criterion_main!(benches);
