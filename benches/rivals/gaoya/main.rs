//! From a file of stories to clusters by gaoya: CORPUS OUT THREADS.
//!
//! The way of its README, in Rust and not through its Python package, which would hash every text
//! twice: lower case, words, signatures and queries by its parallel calls. A query keeps what the
//! signatures' estimate finds at the threshold. Words are cut where letters and digits end, which
//! its `whitespace_split` does not do at curly quotes (on W10k that costs 5 points of recall), and
//! shingled as slices of the text, because its `shingle_tokens` makes a string of every shingle.

use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher32};
use rayon::prelude::*;
use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::{env, fs};

const SHINGLE: usize = 5;
const THRESHOLD: f64 = 0.7;
const BANDS: usize = 16;
const ROWS: usize = 8;

#[derive(serde::Deserialize)]
struct Story<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

fn signature(hasher: &MinHasher32<impl std::hash::BuildHasher>, text: &str) -> Vec<u32> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.len() < SHINGLE {
        return hasher.create_signature(words.chunks(SHINGLE));
    }
    hasher.create_signature(words.windows(SHINGLE))
}

fn root(parent: &mut [usize], mut a: usize) -> usize {
    while parent[a] != a {
        parent[a] = parent[parent[a]];
        a = parent[a];
    }
    a
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let [_, corpus, out, threads] = &arguments[..] else { panic!("usage: with-gaoya CORPUS OUT THREADS") };
    let threads = threads.parse().expect("a number of threads");
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("threads");

    let bytes = fs::read_to_string(corpus).expect("a corpus");
    let lines: Vec<&str> = bytes.lines().collect();
    let hasher = MinHasher32::new(BANDS * ROWS);
    let (ids, signatures): (Vec<String>, Vec<Vec<u32>>) = lines
        .par_iter()
        .map(|line| {
            let story: Story = serde_json::from_str(line).expect("a story");
            (story.id.into_owned(), signature(&hasher, &story.text))
        })
        .unzip();
    drop(bytes);

    let mut index: MinHashIndex<u32, usize> = MinHashIndex::new(BANDS, ROWS, THRESHOLD);
    index.par_bulk_insert((0..ids.len()).collect(), signatures.clone());
    let hits = index.par_bulk_query(&signatures);

    let mut parent: Vec<usize> = (0..ids.len()).collect();
    for (a, hits) in hits.iter().enumerate() {
        for &b in hits {
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut clusters = vec![Vec::new(); ids.len()];
    for (number, id) in ids.iter().enumerate() {
        clusters[root(&mut parent, number)].push(id.as_str());
    }
    let mut file = BufWriter::new(fs::File::create(out).expect("a place for the clusters"));
    for cluster in clusters.iter().filter(|cluster| cluster.len() > 1) {
        writeln!(file, "{}", cluster.join("\t")).expect("room on the disk");
    }
}
