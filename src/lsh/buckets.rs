//! From the band keys of all stories to buckets, and from buckets to candidate pairs.
//!
//! Each band is sorted by itself; runs of equal keys are its buckets. Two stories often meet in
//! many bands: a pair is handed out only in the first band where they meet, which is read off
//! their keys, so no list of pairs is ever kept, sorted or deduplicated and memory stays at the
//! keys themselves. Meeting in a family does not count: whoever meets there only by its template
//! still meets its copies elsewhere.

use super::Banding;
use crate::story::Ordinal;
use rayon::prelude::*;

/// The upper halves of the band keys of all stories, one row a story. Half a key makes about
/// n²/2³³ false candidates a band, which verification removes.
#[derive(Clone, Debug, Default)]
pub struct BandKeys {
    bands: usize,
    rows: Vec<u32>,
}

impl BandKeys {
    /// No stories yet; `capacity` of them expected.
    pub fn new(banding: Banding, capacity: usize) -> Self {
        Self { bands: banding.bands(), rows: Vec::with_capacity(capacity * banding.bands()) }
    }

    /// Adds a story by its stable keys. A story without shingles gets a row that no bucket
    /// reads.
    pub fn push(&mut self, keys: impl Iterator<Item = u64>) {
        let end = self.rows.len() + self.bands;
        self.rows.extend(keys.take(self.bands).map(|key| (key >> 32) as u32));
        self.rows.resize(end, 0);
    }

    /// Adds the rows of `other`, in order.
    ///
    /// # Panics
    /// If `other` was made for another banding.
    pub fn append(&mut self, other: &Self) {
        assert_eq!(self.bands, other.bands, "rows of one banding");
        self.rows.extend_from_slice(&other.rows);
    }

    /// The rows in another order: row *i* of the result is row `order[i]`.
    #[must_use]
    pub fn reordered(&self, order: &[Ordinal]) -> Self {
        Self { bands: self.bands, rows: order.iter().flat_map(|&story| self.row(story)).copied().collect() }
    }

    /// How many stories there are.
    pub fn len(&self) -> usize {
        self.rows.len().checked_div(self.bands).unwrap_or_default()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The keys of one story.
    pub fn row(&self, story: Ordinal) -> &[u32] {
        &self.rows[story as usize * self.bands..][..self.bands]
    }

    /// Sorts every band; `stories` are those that take part, each once. Cost: one sort of
    /// `stories` a band, in parallel.
    pub fn buckets(&self, stories: &[Ordinal]) -> Buckets<'_> {
        let bands: Vec<Vec<Box<[Ordinal]>>> = (0..self.bands)
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
        Buckets { keys: self, bands, families }
    }
}

/// Buckets of two stories or more, band by band.
#[derive(Debug)]
pub struct Buckets<'a> {
    keys: &'a BandKeys,
    bands: Vec<Vec<Box<[Ordinal]>>>,
    /// The keys of the families of each band, ascending as the buckets are.
    families: Vec<Vec<u32>>,
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

    /// Every story that shares a bucket with another, ascending.
    pub fn members(&self) -> Vec<Ordinal> {
        let mut members: Vec<Ordinal> =
            self.bands.iter().flatten().flat_map(|bucket| bucket.iter().copied()).collect();
        members.par_sort_unstable();
        members.dedup();
        members
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
                    .filter(move |&(a, b)| self.first_meeting(a, b) == Some(band))
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
            keys.push([7, story / 2].iter().map(|&key| u64::from(key) << 32));
        }
        let all: Vec<Ordinal> = (0..stories).collect();
        let buckets = keys.buckets(&all);
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
                keys.push(row.iter().map(|&k| u64::from(k) << 32));
            }
            let all: Vec<Ordinal> = (0..rows.len() as Ordinal).collect();
            let buckets = keys.buckets(&all);
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
