//! From the stems of a story to the vector that says what it is about.

use super::frequency::Weights;
use crate::rare::gathered::retain;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A vector of length 1 over stems, in six bytes a stem: weights are counted in 1/65,535, so that
/// their sums are exact and depend on no order.
#[derive(Clone, Debug, Default)]
pub struct Topic {
    /// Ascending.
    stems: Box<[u32]>,
    weights: Box<[u16]>,
}

/// What a weight of 1 is counted as.
const ONE: f32 = 65_535.0;

/// Marks of a counted stem, and what one more time counts beside them.
const IN_LEAD: u32 = 1;
const IN_HEADLINE: u32 = 2;
const TIME: u32 = 4;

/// What the stems of a story say; kept from story to story for its memory.
#[derive(Debug, Default)]
pub struct Weighed {
    /// All of them with their weights, ascending by stem: TF–IDF with a logarithmic term frequency;
    /// a stem of the lead or of the headline counts once more, because that is where a report says
    /// what it is about.
    all: Vec<(u32, f32)>,
    /// The squared weights of those of the lead and the headline, ascending by stem.
    pub news: Vec<(u32, f32)>,
    /// The weights of those of the headline, ascending by stem.
    pub headline: Vec<(u32, f32)>,
    table: Vec<u64>,
}

impl Weighed {
    /// Weighs the stems of a body, of which the first `lead` are its lead, and of a headline.
    /// Cost: a count of the stems, and a look at the weight of each distinct one.
    pub fn weigh(&mut self, body: &[u32], lead: usize, headline: &[u32], weights: &Weights) {
        let (lead, rest) = body.split_at(lead.min(body.len()));
        let marked = [(lead, IN_LEAD + TIME), (rest, TIME), (headline, IN_HEADLINE)];
        if !counted(&marked, &mut self.table) {
            self.table = counted_slowly(&marked);
        }
        weights.fetch(self.table.iter().map(|entry| (entry >> 32) as u32));
        self.all.clear();
        self.news.clear();
        self.headline.clear();
        for &entry in &self.table {
            let (stem, count) = ((entry >> 32) as u32, entry as u32);
            let weight = weights.of(stem);
            let (in_lead, in_headline) = (count & IN_LEAD, (count & IN_HEADLINE) / IN_HEADLINE);
            if in_lead + in_headline > 0 {
                self.news.push((stem, weight.powi(2)));
            }
            if in_headline > 0 {
                self.headline.push((stem, weight));
            }
            self.all.push((stem, weight * (frequency(count / TIME) + (in_lead + in_headline) as f32)));
        }
    }

    /// The direction of all stems.
    pub fn topic(&self) -> Topic {
        Topic::new(&self.all)
    }
}

/// What a stem that stands in a text so often counts.
fn frequency(times: u32) -> f32 {
    /// Few stems stand anywhere more often.
    static KNOWN: LazyLock<[f32; 64]> = LazyLock::new(|| std::array::from_fn(|times| slowly(times as u32)));
    fn slowly(times: u32) -> f32 {
        if times == 0 { 0.0 } else { 1.0 + libm::logf(times as f32) }
    }
    KNOWN.get(times as usize).copied().unwrap_or_else(|| slowly(times))
}

impl Topic {
    /// The direction of `weighted` stems, which ascend and whose weights are at least 0.
    #[expect(clippy::cast_sign_loss, reason = "weights are at least 0")]
    pub fn new(weighted: &[(u32, f32)]) -> Self {
        let norm = weighted.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        let count = |weight: f32| if norm > 0.0 { (weight / norm * ONE + 0.5) as u16 } else { 0 };
        let counts = weighted.iter().map(|&(_, weight)| count(weight));
        let all: Box<[u16]> = counts.collect();
        if all.iter().all(|&n| n > 0) {
            return Self { stems: weighted.iter().map(|&(stem, _)| stem).collect(), weights: all };
        }
        let counted = || weighted.iter().zip(&all).filter(|&(_, &n)| n > 0);
        Self {
            stems: counted().map(|(&(stem, _), _)| stem).collect(),
            weights: counted().map(|(_, &n)| n).collect(),
        }
    }

    /// Cosine of two topics, in [0, 1]. Cost: one walk over both, without a branch on what it finds.
    pub fn cosine(&self, other: &Self) -> f32 {
        // Each step of a walk waits for the one before, so two walks are made side by side.
        let middle = |topic: &Self| topic.stems.partition_point(|&stem| stem <= u32::MAX / 2);
        let ((a, b), (end_a, end_b)) = ((middle(self), middle(other)), (self.stems.len(), other.stems.len()));
        let step = |i: &mut usize, j: &mut usize| {
            let (x, y) = (self.stems[*i], other.stems[*j]);
            let both = u64::from(self.weights[*i]) * u64::from(other.weights[*j]);
            *i += usize::from(x <= y);
            *j += usize::from(y <= x);
            both * u64::from(x == y)
        };
        let (mut i, mut j, mut k, mut l, mut sum) = (0, 0, a, b, 0);
        while i < a && j < b && k < end_a && l < end_b {
            sum += step(&mut i, &mut j) + step(&mut k, &mut l);
        }
        while i < a && j < b {
            sum += step(&mut i, &mut j);
        }
        while k < end_a && l < end_b {
            sum += step(&mut k, &mut l);
        }
        (sum as f32 / (ONE * ONE)).min(1.0)
    }

    /// The share, by their weights, of `stems` that the topic has, in [0, 1]; 0 of nothing. Cost:
    /// a search for each.
    pub fn share_of(&self, stems: &[(u32, f32)]) -> f32 {
        let (mut all, mut found) = (0.0, 0.0);
        for (stem, weight) in stems {
            all += weight;
            found += if self.stems.binary_search(stem).is_ok() { *weight } else { 0.0 };
        }
        if all > 0.0 { found / all } else { 0.0 }
    }
}

/// Puts each stem above its marks and how often it stands there into `table`, ascending; `false`
/// where the stems are not spread as hashes are. The place of a stem in the table follows from its
/// highest bits, so reading the table is nearly sorting it. `marked` are stems with what each time
/// adds.
fn counted(marked: &[(&[u32], u32)], table: &mut Vec<u64>) -> bool {
    /// Steps from its place within which a stem must find room.
    const NEAR: usize = 64;
    let len: usize = marked.iter().map(|(stems, _)| stems.len()).sum();
    // Half of the stems of a story are repeats, so a third of the places is taken or less.
    let bits = (len + len / 2).next_power_of_two().trailing_zeros().clamp(1, 31);
    table.clear();
    table.resize((1 << bits) + NEAR, 0);
    for &(stems, mark) in marked {
        for &stem in stems {
            let home = (stem >> (32 - bits)) as usize;
            let mut at = home;
            // 0 where the place is free or the stem's own, in one branch: which of the two cannot be foreseen.
            while table[at].min((table[at] >> 32) ^ u64::from(stem)) != 0 {
                at += 1;
                if at == home + NEAR {
                    return false;
                }
            }
            table[at] = u64::from(stem) << 32 | u64::from(more(table[at] as u32, mark));
        }
    }
    // What is empty goes; then the rest is sorted by insertion.
    retain(table, 0, |entry| entry != 0);
    for i in 1..table.len() {
        let (entry, mut at) = (table[i], i);
        while at > 0 && table[at - 1] > entry {
            table[at] = table[at - 1];
            at -= 1;
        }
        table[at] = entry;
    }
    true
}

/// Leaves each of `stems` once, ascending. Cost: a third of that of sorting them.
pub(super) fn settle(stems: &mut Vec<u32>) {
    let mut table = Vec::new();
    if counted(&[(stems, TIME)], &mut table) {
        stems.clear();
        stems.extend(table.iter().map(|entry| (entry >> 32) as u32));
    } else {
        stems.sort_unstable();
        stems.dedup();
    }
}

/// A count with one more time, or with a mark, added.
fn more(count: u32, mark: u32) -> u32 {
    (count | (mark % TIME)) + mark / TIME * TIME
}

fn counted_slowly(marked: &[(&[u32], u32)]) -> Vec<u64> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for &(stems, mark) in marked {
        for &stem in stems {
            let count = counts.entry(stem).or_default();
            *count = more(*count, mark);
        }
    }
    counts.into_iter().map(|(stem, count)| u64::from(stem) << 32 | u64::from(count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counting_in_a_table_is_counting(texts in prop::collection::vec(prop::collection::vec(0u64..300, 0..200), 3)) {
            let stems = |text: &Vec<u64>| text.iter().map(|&stem| (hash::finalise(stem) >> 32) as u32).collect::<Vec<_>>();
            let texts: Vec<Vec<u32>> = texts.iter().map(stems).collect();
            let marked = [(&texts[0][..], IN_LEAD + TIME), (&texts[1], TIME), (&texts[2], IN_HEADLINE)];
            let mut found = vec![7];
            if !counted(&marked, &mut found) {
                found = counted_slowly(&marked);
            }
            prop_assert_eq!(&found, &counted_slowly(&marked));
            let mut distinct: Vec<u32> = texts.concat();
            settle(&mut distinct);
            prop_assert!(distinct.iter().copied().eq(found.iter().map(|entry| (entry >> 32) as u32)));
            for entry in found {
                let (stem, count) = ((entry >> 32) as u32, entry as u32);
                let times = texts[..2].iter().flatten().filter(|&&other| other == stem).count() as u32;
                let marks = [(0, IN_LEAD), (2, IN_HEADLINE)].map(|(text, mark)| if texts[text].contains(&stem) { mark } else { 0 });
                prop_assert_eq!(count, times * TIME + marks[0] + marks[1]);
            }
        }
    }

    #[test]
    fn crowded_stems_are_left_to_the_slow_way() {
        let crowd: Vec<u32> = (1..=100).collect();
        assert!(!counted(&[(&crowd, TIME)], &mut Vec::new()));
        assert_eq!(counted_slowly(&[(&crowd, TIME)]).len(), 100);
    }

    #[test]
    fn only_common_stems_count() {
        let topic = |weighted: &[(u32, f32)]| Topic::new(weighted);
        let a = topic(&[(1, 3.0), (5, 4.0)]);
        assert!((a.cosine(&a) - 1.0).abs() < 1e-4);
        assert!((a.cosine(&topic(&[(5, 9.0)])) - 0.8).abs() < 1e-4);
        assert!(a.cosine(&topic(&[(2, 9.0)])).abs() < 1e-6);
        assert!(a.cosine(&topic(&[])).abs() < 1e-6);
    }

    #[test]
    fn a_word_of_the_headline_or_the_lead_counts_once_more() {
        let weights = crate::evidence::Frequencies::default().weights();
        let mut weighed = Weighed::default();
        let stems = [11 << 20, 22 << 20, 33 << 20];
        weighed.weigh(&[stems[0], stems[1], stems[2]], 1, &[stems[1]], &weights);
        let of = |stem: u32| weighed.all.iter().find(|(known, _)| *known == stem).unwrap().1;
        let once = of(stems[2]);
        assert!((of(stems[0]) / once - 2.0).abs() < 1e-6 && (of(stems[1]) / once - 2.0).abs() < 1e-6);
        assert_eq!((weighed.news.len(), weighed.headline.len()), (2, 1));
    }
}
