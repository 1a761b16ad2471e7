//! From a seed to stories: the same on every machine.

use serde_json::json;

/// Numbers from a seed (`SplitMix64`).
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    /// A word of three syllables: 27,000 there are.
    pub(crate) fn word(&mut self) -> String {
        const SYLLABLES: [&str; 30] = [
            "ba", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa",
            "xe", "yi", "zo", "cu", "bra", "dre", "fri", "gro", "kru", "pla", "sle", "sti", "tro", "snu",
        ];
        (0..3).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }

    pub(crate) fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.word()).collect()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// `words` with those of `run` replaced by others.
pub(crate) fn with_run_replaced(words: &[String], run: std::ops::Range<usize>) -> Vec<String> {
    let replaced = |(i, word): (usize, &String)| {
        if run.contains(&i) { format!("new{word}") } else { word.clone() }
    };
    words.iter().enumerate().map(replaced).collect()
}

/// A story as a line of JSON.
pub(crate) fn line(id: &str, body: &str) -> String {
    json!({ "id": id, "text": body }).to_string()
}

/// `count` stories, a line of JSON each: half are edited copies of earlier ones, some repeat an
/// earlier text or carry a time and a source.
pub(crate) fn day(seed: u64, count: usize) -> Vec<String> {
    let mut draw = Draw(seed);
    let mut bodies: Vec<Vec<String>> = Vec::new();
    let mut lines = Vec::new();
    for i in 0..count {
        let body = if i > 10 && draw.below(2) == 0 {
            let original = bodies[draw.below(i)].clone();
            let start = draw.below(original.len());
            let end = start + draw.below(12);
            with_run_replaced(&original, start..end)
        } else {
            let count = 30 + draw.below(120);
            draw.words(count)
        };
        let mut story = json!({ "id": format!("s-{i:04}"), "text": body.join(" ") });
        if draw.below(3) > 0 {
            story["date"] = format!("2024-03-0{}T10:{:02}:00Z", 1 + draw.below(3), draw.below(60)).into();
            story["source"] = ["AFP", "TASS", "Post"][draw.below(3)].into();
        }
        lines.push(story.to_string());
        bodies.push(body);
    }
    lines
}
