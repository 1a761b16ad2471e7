//! From the band keys of all stories to buckets, and from buckets to candidate pairs.
//!
//! Each band is sorted by itself; runs of equal keys are its buckets. Two stories often meet in
//! many bands: a pair is handed out only in the first band where they meet, which is read off
//! their keys, so no list of pairs is ever kept, sorted or deduplicated and memory stays at the
//! keys themselves. The keys are the lowest bits of the signature (b-bit minwise hashing; Li and
//! König 2010), so they also tell how alike the pair is: what is far from the threshold is dropped
//! before anything is read again. Meeting in a family does not count: whoever meets there only by its template
//! still meets its copies elsewhere.

use super::Banding;
use crate::similarity::Similarity;
use crate::story::Ordinal;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The bands of all stories, packed into 32 bits each, one row a story. That makes about n²/2³³
/// false candidates a band, which verification removes.
#[derive(Clone, Debug)]
pub struct BandKeys {
    banding: Banding,
    rows: Vec<u32>,
}

impl BandKeys {
    /// No stories yet; `capacity` of them expected.
    pub fn new(banding: Banding, capacity: usize) -> Self {
        Self { banding, rows: Vec::with_capacity(capacity * banding.bands()) }
    }

    /// Adds a story by the values of its signature. A story without shingles gets a row that no
    /// bucket reads.
    pub fn push(&mut self, values: &[u32]) {
        let end = self.rows.len() + self.banding.bands();
        self.rows.extend(self.banding.packed(values));
        self.rows.resize(end, 0);
    }

    /// Adds the rows of `other`, in order.
    ///
    /// # Panics
    /// If `other` was made for another banding.
    pub fn append(&mut self, other: &Self) {
        assert_eq!(self.banding, other.banding, "rows of one banding");
        self.rows.extend_from_slice(&other.rows);
    }

    /// The rows in another order: row *i* of the result is row `order[i]`.
    #[must_use]
    pub fn reordered(&self, order: &[Ordinal]) -> Self {
        Self { banding: self.banding, rows: order.iter().flat_map(|&story| self.row(story)).copied().collect() }
    }

    /// How many stories there are.
    pub fn len(&self) -> usize {
        self.rows.len() / self.banding.bands()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The keys of one story.
    pub fn row(&self, story: Ordinal) -> &[u32] {
        let bands = self.banding.bands();
        &self.rows[story as usize * bands..][..bands]
    }

    /// Sorts every band; `stories` are those that take part, each once. Pairs that are too far
    /// from `threshold` ([`Banding::least_equal`]) are no candidates. Cost: one sort of `stories`
    /// a band, in parallel.
    pub fn buckets(&self, stories: &[Ordinal], threshold: Similarity) -> Buckets<'_> {
        let bands: Vec<Vec<Box<[Ordinal]>>> = (0..self.banding.bands())
            .into_par_iter()
            .map(|band| {
                let mut entries: Vec<u64> =
                    stories.iter().map(|&s| u64::from(self.row(s)[band]) << 32 | u64::from(s)).collect();
                entries.sort_unstable();
                let runs = entries.chunk_by(|x, y| x >> 32 == y >> 32).filter(|run| run.len() > 1);
                runs.map(|run| run.iter().map(|&entry| entry as Ordinal).collect()).collect()
            })
            .collect();
        let keys_of_families = |(band, buckets): (usize, &Vec<Box<[Ordinal]>>)| {
            let families = buckets.iter().filter(|bucket| bucket.len() >= Buckets::FAMILY);
            families.map(|bucket| self.row(bucket[0])[band]).collect()
        };
        let families = bands.iter().enumerate().map(keys_of_families).collect();
        Buckets { keys: self, bands, families, least_equal: self.banding.least_equal(threshold) }
    }
}

/// Buckets of two stories or more, band by band.
#[derive(Debug)]
pub struct Buckets<'a> {
    keys: &'a BandKeys,
    bands: Vec<Vec<Box<[Ordinal]>>>,
    /// The keys of the families of each band, ascending as the buckets are.
    families: Vec<Vec<u32>>,
    /// Equal values that make a candidate.
    least_equal: u32,
}

impl Buckets<'_> {
    /// Members from which a bucket counts as a *family*: a template or a story printed
    /// everywhere. Up to here all pairs of a bucket are candidates, two million at most.
    pub const FAMILY: usize = 2_048;

    /// The first band in which two stories meet in a bucket that is no family.
    fn first_meeting(&self, a: Ordinal, b: Ordinal) -> Option<usize> {
        let keys = self.keys.row(a).iter().zip(self.keys.row(b)).zip(&self.families);
        keys.into_iter().position(|((x, y), families)| x == y && families.binary_search(x).is_err())
    }

    fn alike(&self, a: Ordinal, b: Ordinal) -> bool {
        self.keys.banding.equal_values(self.keys.row(a), self.keys.row(b)) >= self.least_equal
    }

    /// Every story that is in a candidate pair or in a family, ascending. Cost: as many steps as
    /// there are pairs in buckets, in parallel.
    pub fn members(&self) -> Vec<Ordinal> {
        let marks: Vec<AtomicBool> = (0..self.keys.len()).map(|_| AtomicBool::new(false)).collect();
        let mark = |story: Ordinal| marks[story as usize].store(true, Relaxed);
        self.families().flatten().for_each(|&story| mark(story));
        let none: Vec<()> = self.verify_pairs(|a, b| {
            mark(a);
            mark(b);
            None
        });
        debug_assert!(none.is_empty());
        (0..).zip(marks).filter(|(_, marked)| marked.load(Relaxed)).map(|(story, _)| story).collect()
    }

    /// Applies `verify` once to every candidate pair `(a, b)`, `a < b`, of buckets below
    /// [`Buckets::FAMILY`], in parallel, and gathers what it returns, in no promised order.
    pub fn verify_pairs<T: Send>(&self, verify: impl Fn(Ordinal, Ordinal) -> Option<T> + Sync) -> Vec<T> {
        self.bands
            .par_iter()
            .enumerate()
            .flat_map_iter(|(band, buckets)| buckets.iter().map(move |bucket| (band, bucket)))
            .filter(|(_, bucket)| bucket.len() < Self::FAMILY)
            .flat_map_iter(|(band, bucket)| {
                let verify = &verify;
                let pairs = bucket
                    .iter()
                    .enumerate()
                    .flat_map(move |(i, &a)| bucket[i + 1..].iter().map(move |&b| (a, b)));
                pairs
                    .filter(move |&(a, b)| self.first_meeting(a, b) == Some(band) && self.alike(a, b))
                    .filter_map(move |(a, b)| verify(a, b))
            })
            .collect()
    }

    /// The buckets of [`Buckets::FAMILY`] members or more; the same family may come from
    /// several bands.
    pub fn families(&self) -> impl Iterator<Item = &[Ordinal]> {
        self.bands
            .iter()
            .flatten()
            .map(AsRef::as_ref)
            .filter(|bucket: &&[Ordinal]| bucket.len() >= Self::FAMILY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn whoever_meets_in_a_family_still_meets_elsewhere() {
        let stories = Buckets::FAMILY as u32 + 10;
        let mut keys = BandKeys::new(Banding::new(2, 1).unwrap(), stories as usize);
        for story in 0..stories {
            keys.push(&[7, story / 2]);
        }
        let all: Vec<Ordinal> = (0..stories).collect();
        let buckets = keys.buckets(&all, Similarity::from_millionths(0));
        let mut found = buckets.verify_pairs(|a, b| Some((a, b)));
        found.sort_unstable();
        assert_eq!(found, (0..stories / 2).map(|i| (2 * i, 2 * i + 1)).collect::<Vec<_>>());
        assert_eq!(buckets.families().map(<[Ordinal]>::len).collect::<Vec<_>>(), [stories as usize]);
    }

    proptest! {
        #[test]
        fn pairs_are_those_that_share_a_band_each_once(rows in prop::collection::vec([0u32..4, 0..4, 0..4], 0..40)) {
            let mut keys = BandKeys::new(Banding::new(3, 1).unwrap(), rows.len());
            for row in &rows {
                keys.push(row);
            }
            let all: Vec<Ordinal> = (0..rows.len() as Ordinal).collect();
            let buckets = keys.buckets(&all, Similarity::from_millionths(0));
            let mut found = buckets.verify_pairs(|a, b| Some((a, b)));
            found.sort_unstable();
            let mut expected = Vec::new();
            for a in 0..rows.len() {
                for b in a + 1..rows.len() {
                    if rows[a].iter().zip(&rows[b]).any(|(x, y)| x == y) {
                        expected.push((a as Ordinal, b as Ordinal));
                    }
                }
            }
            let members: BTreeSet<Ordinal> = expected.iter().flat_map(|&(a, b)| [a, b]).collect();
            prop_assert_eq!(found, expected);
            prop_assert_eq!(buckets.members(), members.into_iter().collect::<Vec<_>>());
        }
    }
}
