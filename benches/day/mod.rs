//! From the samples to a wire day of any size, the same on every machine.
#![allow(dead_code, reason = "every bench takes what it needs")]

use dedup::hash;
use dedup::input::{Corpus, Fields, Files};
use dedup::story::Story;
use std::io::{Result, Write};
use std::path::Path;

/// The stories of `samples/`, in the order of their files.
pub(crate) fn samples() -> Vec<Story> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = Files::open(&[folder], Fields::default()).expect("samples are there");
    let mut stories = Vec::new();
    for block in files.blocks(&|_| true) {
        block.records(|_| true, |_, record| stories.push(record.expect("samples are good").into_owned()));
    }
    stories
}

/// English stories of the samples, for the ASCII path.
pub(crate) fn english() -> Vec<Story> {
    samples().into_iter().filter(|story| story.body.is_ascii()).collect()
}

/// `count` stories made from the samples: every third is an edited copy of an earlier one, the
/// others have their words replaced throughout, so that they are alike in form only.
pub(crate) fn day(count: usize) -> Vec<Story> {
    let seeds = english();
    let mut stories: Vec<Story> = Vec::with_capacity(count);
    for i in 0..count {
        let mut draw = Draw(i as u64);
        let edited = i % 3 == 2;
        let (of, every) =
            if edited { (&stories[draw.below(i)], 40) } else { (&seeds[draw.below(seeds.len())], 2) };
        let words = of.body.split(' ').map(|word| {
            if draw.below(every) == 0 { format!("w{}", draw.below(20_000)) } else { word.to_owned() }
        });
        let body = words.collect::<Vec<_>>().join(" ");
        stories.push(Story::new(format!("day-{i:07}"), body));
    }
    stories
}

/// Writes stories as JSON lines of id and text.
pub(crate) fn write(stories: &[Story], out: &mut impl Write) -> Result<()> {
    for story in stories {
        writeln!(out, "{}", serde_json::json!({ "id": story.id, "text": story.body }))?;
    }
    out.flush()
}

/// Numbers from a counter and the stable hash.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = hash::finalise(self.0.wrapping_add(hash::BASE));
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// Bytes of all bodies.
pub(crate) fn bytes(stories: &[Story]) -> u64 {
    stories.iter().map(|story| story.body.len() as u64).sum()
}
