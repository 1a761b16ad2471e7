//! From tokens to shingles and signatures, by the default hasher.

mod day;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dedup::minhash::MinHasher;
use dedup::shingle::{ShingleSet, shingles};
use dedup::text;
use std::hint::black_box;

fn tokens() -> Vec<Vec<u64>> {
    let hashed = |body: &str| {
        let mut tokens = Vec::new();
        text::token_hashes(body, &mut tokens);
        tokens
    };
    day::day(500).iter().map(|story| hashed(&story.body)).collect()
}

fn shingle(c: &mut Criterion) {
    let stories = tokens();
    let mut group = c.benchmark_group("shingle");
    group.throughput(Throughput::Elements(stories.iter().map(|t| t.len() as u64).sum()));
    group.bench_function("hashes", |b| {
        b.iter(|| {
            let mut sum = 0u64;
            stories.iter().for_each(|tokens| shingles(black_box(tokens), 5, |h| sum = sum.wrapping_add(h)));
            sum
        });
    });
    group.bench_function("sets", |b| {
        b.iter(|| stories.iter().map(|tokens| ShingleSet::new(black_box(tokens), 5).len()).sum::<usize>());
    });
    group.finish();
}

fn signature(c: &mut Criterion) {
    let sets: Vec<ShingleSet> = tokens().iter().map(|tokens| ShingleSet::new(tokens, 5)).collect();
    let mut group = c.benchmark_group("signature");
    group.throughput(Throughput::Elements(sets.iter().map(|set| set.len() as u64).sum()));
    let hasher = MinHasher::new(MinHasher::VALUES, MinHasher::SEED);
    let (mut minima, mut values) = (Vec::new(), Vec::new());
    group.bench_function("one permutation", |b| {
        b.iter(|| {
            for set in &sets {
                hasher.signature_into(black_box(set.as_slice()), &mut minima, &mut values);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, shingle, signature);
criterion_main!(benches);
