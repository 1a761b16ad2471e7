//! From verified ties to clusters.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dedup::cluster::{Linkage, Tie, components, linkage};
use dedup::hash;
use dedup::similarity::Similarity;
use std::hint::black_box;

/// How alike two members are: drawn from the stable hash, between 0.4 and 1.
fn alike(a: u32, b: u32) -> Similarity {
    let drawn = hash::finalise(u64::from(a.min(b)) << 32 | u64::from(a.max(b))) % 600_000;
    Similarity::from_millionths(400_000 + drawn as u32)
}

fn cluster(c: &mut Criterion) {
    let mut group = c.benchmark_group("components");
    let ties: Vec<(u32, u32)> = (1..100_000u32).filter(|i| i % 5 != 0).map(|i| (i, i - 1)).collect();
    group.throughput(Throughput::Elements(ties.len() as u64));
    group.bench_function("100k", |b| b.iter(|| components(100_000, black_box(&ties).iter().copied()).len()));
    group.finish();

    let mut group = c.benchmark_group("linkage");
    for n in [10u32, 100, 1_000] {
        let members: Vec<u32> = (0..n).collect();
        let ties: Vec<Tie> = (1..n).map(|b| Tie { a: b - 1, b, similarity: alike(b - 1, b) }).collect();
        let floor = linkage::copies_floor(Similarity::from_millionths(700_000));
        group.throughput(Throughput::Elements(u64::from(n)));
        group.bench_with_input(BenchmarkId::new("average", n), &members, |b, members| {
            b.iter(|| linkage::link(Linkage::Average, members, &ties, floor, alike).len());
        });
    }
    group.finish();
}

criterion_group!(benches, cluster);
criterion_main!(benches);
