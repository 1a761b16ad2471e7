//! From shingles to a signature, by each kernel of this machine.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dedup::hash::finalise;
use dedup::minhash::{MinHasher, kernel::Kernel};
use std::hint::black_box;

fn signature(c: &mut Criterion) {
    let shingles: Vec<u64> = (0..450).map(finalise).collect();
    let mut group = c.benchmark_group("signature");
    group.throughput(Throughput::Elements(shingles.len() as u64));
    for kernel in Kernel::available() {
        let hasher = MinHasher::with_kernel(128, MinHasher::SEED, kernel);
        let (mut scratch, mut values) = (Vec::new(), Vec::new());
        group.bench_function(kernel.name(), |b| {
            b.iter(|| hasher.signature_into(black_box(&shingles), &mut scratch, &mut values));
        });
    }
    group.finish();
}

criterion_group!(benches, signature);
criterion_main!(benches);
