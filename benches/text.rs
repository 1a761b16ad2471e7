//! From bodies to tokens: furniture, repair and segmenting, by script.

mod day;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dedup::story::Story;
use dedup::{text, wire};
use std::hint::black_box;

fn by_script() -> Vec<(&'static str, Vec<Story>)> {
    let samples = day::samples();
    let of =
        |wanted: fn(&str) -> bool| samples.iter().filter(|s| wanted(&s.body)).cloned().collect::<Vec<_>>();
    vec![
        ("ascii", of(str::is_ascii)),
        ("cyrillic", of(|body| body.chars().filter(|c| ('а'..='я').contains(c)).count() > 200)),
        ("arabic", of(|body| body.contains('ا'))),
        ("chinese", of(|body| body.contains('的'))),
    ]
}

fn tokenise(c: &mut Criterion) {
    let mut group = c.benchmark_group("tokenise");
    for (script, stories) in by_script() {
        group.throughput(Throughput::Bytes(day::bytes(&stories)));
        let mut tokens = Vec::new();
        group.bench_function(script, |b| {
            b.iter(|| {
                for story in &stories {
                    tokens.clear();
                    text::token_hashes(black_box(&story.body), &mut tokens);
                }
            });
        });
    }
    group.finish();
}

fn repair(c: &mut Criterion) {
    let stories = day::day(500);
    let mut group = c.benchmark_group("repair");
    group.throughput(Throughput::Bytes(day::bytes(&stories)));
    group.bench_function("clean", |b| {
        b.iter(|| stories.iter().map(|story| text::repair(black_box(&story.body)).len()).sum::<usize>());
    });
    let html: Vec<String> =
        stories.iter().map(|s| format!("<p>{}</p>", s.body.replace('\n', "&nbsp;</p>\n<p>"))).collect();
    group.bench_function("html", |b| {
        b.iter(|| html.iter().map(|body| text::repair(black_box(body)).len()).sum::<usize>());
    });
    group.finish();
}

fn strip(c: &mut Criterion) {
    let stories = day::samples();
    let mut group = c.benchmark_group("furniture");
    group.throughput(Throughput::Elements(stories.len() as u64));
    group.bench_function("strip", |b| {
        b.iter_batched(
            || stories.clone(),
            |mut stories| stories.iter_mut().for_each(wire::strip),
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, tokenise, repair, strip);
criterion_main!(benches);
