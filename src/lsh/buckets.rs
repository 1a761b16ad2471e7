//! From the band keys of all stories to buckets, and from buckets to candidate pairs.
//!
//! Each band is sorted by itself; runs of equal keys are its buckets. Two stories often meet in
//! many bands: a pair is taken only in the first band where they meet, which is read off their
//! keys, so the list of pairs never holds one twice. The keys are the lowest bits of the signature (b-bit minwise hashing; Li and
//! König 2010), so they also tell how alike the pair is: what is far from the threshold is dropped
//! before anything is read again. Meeting in a family does not count: whoever meets there only by its template
//! still meets its copies elsewhere.

use super::Banding;
use crate::similarity::Similarity;
use crate::story::Ordinal;
use rayon::prelude::*;

/// The bands of all stories, packed into 32 bits each, one row a story. That makes about n²/2³³
/// false candidates a band, which verification removes.
#[derive(Clone, Debug)]
pub struct BandKeys {
    banding: Banding,
    /// Rows of the stories that were added together.
    chunks: Vec<Vec<u32>>,
    /// Where the row of each story is: chunk, and row in it.
    places: Vec<(u32, u32)>,
}

/// Values of a chunk: so many that an allocator gives its memory back.
const CHUNK: usize = 10 << 20;

impl BandKeys {
    /// No stories yet.
    pub fn new(banding: Banding) -> Self {
        Self { banding, chunks: Vec::new(), places: Vec::new() }
    }

    /// Adds a story by the values of its signature. A story without shingles gets a row that no
    /// bucket reads.
    pub fn push(&mut self, values: &[u32]) {
        let place = self.room();
        let rows = &mut self.chunks[place.0 as usize];
        let end = rows.len() + self.banding.bands();
        rows.extend(self.banding.packed(values));
        rows.resize(end, 0);
        self.places.push(place);
    }

    /// Moves the stories of `other` here, in order. Cost: a copy of their rows.
    ///
    /// # Panics
    /// If `other` was made for another banding.
    pub fn append(&mut self, other: &mut Self) {
        assert_eq!(self.banding, other.banding, "rows of one banding");
        for &(chunk, row) in &other.places {
            let bands = self.banding.bands();
            let place = self.room();
            self.chunks[place.0 as usize]
                .extend_from_slice(&other.chunks[chunk as usize][row as usize * bands..][..bands]);
            self.places.push(place);
        }
        other.places.clear();
        other.chunks.truncate(1);
        other.chunks.iter_mut().for_each(Vec::clear);
    }

    /// Where the row of another story goes.
    fn room(&mut self) -> (u32, u32) {
        let bands = self.banding.bands();
        if self.chunks.last().is_none_or(|rows| rows.len() + bands > CHUNK) {
            self.chunks.push(Vec::new());
        }
        let number = self.chunks.len() - 1;
        (number as u32, (self.chunks[number].len() / bands) as u32)
    }

    /// The stories in another order: story *i* of the result is story `order[i]`.
    #[must_use]
    pub fn reordered(self, order: &[Ordinal]) -> Self {
        Self { places: order.iter().map(|&story| self.places[story as usize]).collect(), ..self }
    }

    /// How many stories there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The keys of one story.
    pub fn row(&self, story: Ordinal) -> &[u32] {
        let ((chunk, row), bands) = (self.places[story as usize], self.banding.bands());
        &self.chunks[chunk as usize][row as usize * bands..][..bands]
    }

    /// Sorts every band; `stories` are those that take part, each once. Pairs that are too far
    /// from `threshold` ([`Banding::least_equal`]) are no candidates. Cost: one sort of `stories`
    /// a band, in parallel; 4 bytes for each story in a bucket.
    pub fn buckets(&self, stories: &[Ordinal], threshold: Similarity) -> Buckets<'_> {
        // In the order of memory, which is not that of ids.
        let mut placed = stories.to_vec();
        placed.sort_unstable_by_key(|&story| self.places[story as usize]);
        let numbers: Vec<usize> = (0..self.banding.bands()).collect();
        let bands = numbers.par_chunks(AT_ONCE).flat_map_iter(|numbers| {
            let columns = self.columns(numbers, &placed);
            columns.into_iter().map(|column| Band::of(&column, &placed)).collect::<Vec<_>>()
        });
        Buckets { keys: self, bands: bands.collect(), least_equal: self.banding.least_equal(threshold) }
    }

    /// The keys of `stories` in some neighbouring bands, band by band.
    fn columns(&self, bands: &[usize], stories: &[Ordinal]) -> Vec<Vec<u32>> {
        let mut columns = vec![Vec::with_capacity(stories.len()); bands.len()];
        for &story in stories {
            let row = &self.row(story)[bands[0]..];
            columns.iter_mut().zip(row).for_each(|(column, &key)| column.push(key));
        }
        columns
    }
}

/// Bands whose keys are gathered in one pass over the rows.
const AT_ONCE: usize = 4;

/// The buckets of one band, of two stories or more, by key.
#[derive(Debug, Default)]
struct Band {
    /// The members of one bucket after the other, ascending in each.
    members: Vec<Ordinal>,
    /// Where each bucket ends.
    ends: Vec<u32>,
    /// The keys of the families, ascending.
    families: Vec<u32>,
}

impl Band {
    /// The buckets of `stories`, whose keys are `keys`. Most keys come once: what two bits for
    /// each of some more slots show to be alone is left out before anything is sorted.
    fn of(keys: &[u32], stories: &[Ordinal]) -> Self {
        let bits = (keys.len() * 8).next_power_of_two().max(64);
        let place = |key: u32| {
            let slot = (crate::hash::BASE.wrapping_mul(u64::from(key)) >> 32) as usize & (bits - 1);
            (slot / 64, 1u64 << (slot % 64))
        };
        let (mut once, mut again) = (vec![0; bits / 64], vec![0; bits / 64]);
        for (word, bit) in keys.iter().map(|&key| place(key)) {
            again[word] |= once[word] & bit;
            once[word] |= bit;
        }
        let entry = |(&key, &story)| u64::from(key) << 32 | u64::from(story);
        let met = |(key, _): &(&u32, &Ordinal)| {
            let (word, bit) = place(**key);
            again[word] & bit != 0
        };
        let mut entries: Vec<u64> = keys.iter().zip(stories).filter(met).map(entry).collect();
        entries.sort_unstable();
        let mut sorted = Self::default();
        for run in entries.chunk_by(|x, y| x >> 32 == y >> 32).filter(|run| run.len() > 1) {
            sorted.members.extend(run.iter().map(|&entry| entry as Ordinal));
            sorted.ends.push(sorted.members.len() as u32);
            if run.len() >= Buckets::FAMILY {
                sorted.families.push((run[0] >> 32) as u32);
            }
        }
        sorted
    }

    fn buckets(&self) -> impl Iterator<Item = &[Ordinal]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.members[start as usize..end as usize])
    }
}

/// Buckets of two stories or more, band by band.
#[derive(Debug)]
pub struct Buckets<'a> {
    keys: &'a BandKeys,
    bands: Vec<Band>,
    /// Equal values that make a candidate.
    least_equal: u32,
}

impl Buckets<'_> {
    /// Members from which a bucket counts as a *family*: a template or a story printed
    /// everywhere. Up to here all pairs of a bucket are candidates, two million at most.
    pub const FAMILY: usize = 2_048;

    /// The first band in which two stories meet in a bucket that is no family.
    fn first_meeting(&self, a: Ordinal, b: Ordinal) -> Option<usize> {
        let keys = self.keys.row(a).iter().zip(self.keys.row(b)).zip(&self.bands);
        keys.into_iter().position(|((x, y), band)| x == y && band.families.binary_search(x).is_err())
    }

    fn alike(&self, a: Ordinal, b: Ordinal) -> bool {
        self.keys.banding.equal_values(self.keys.row(a), self.keys.row(b)) >= self.least_equal
    }

    /// Every candidate pair `(a, b)`, `a < b`, of buckets below [`Buckets::FAMILY`], once, sorted.
    /// Cost: as many steps as there are pairs in buckets, in parallel; 8 bytes a pair that is
    /// likely to be a copy.
    pub fn pairs(&self) -> Vec<(Ordinal, Ordinal)> {
        let of_band = |(number, band): (usize, &Band)| {
            let mut found = Vec::new();
            for bucket in band.buckets().filter(|bucket| bucket.len() < Self::FAMILY) {
                for (i, &a) in bucket.iter().enumerate() {
                    let met = |b: Ordinal| self.first_meeting(a, b) == Some(number) && self.alike(a, b);
                    found.extend(bucket[i + 1..].iter().filter(|&&b| met(b)).map(|&b| (a, b)));
                }
            }
            found
        };
        let mut pairs: Vec<_> = self.bands.par_iter().enumerate().flat_map_iter(of_band).collect();
        pairs.par_sort_unstable();
        pairs
    }

    /// The buckets of [`Buckets::FAMILY`] members or more; the same family may come from
    /// several bands.
    pub fn families(&self) -> impl Iterator<Item = &[Ordinal]> {
        self.bands.iter().flat_map(Band::buckets).filter(|bucket| bucket.len() >= Self::FAMILY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whoever_meets_in_a_family_still_meets_elsewhere() {
        let stories = Buckets::FAMILY as u32 + 10;
        let mut keys = BandKeys::new(Banding::new(2, 1).unwrap());
        for story in 0..stories {
            keys.push(&[7, story / 2]);
        }
        let all: Vec<Ordinal> = (0..stories).collect();
        let buckets = keys.buckets(&all, Similarity::from_millionths(0));
        assert_eq!(buckets.pairs(), (0..stories / 2).map(|i| (2 * i, 2 * i + 1)).collect::<Vec<_>>());
        assert_eq!(buckets.families().map(<[Ordinal]>::len).collect::<Vec<_>>(), [stories as usize]);
    }

    proptest! {
        #[test]
        fn pairs_are_those_that_share_a_band_each_once(rows in prop::collection::vec([0u32..4, 0..4, 0..4], 0..40)) {
            let mut keys = BandKeys::new(Banding::new(3, 1).unwrap());
            for row in &rows {
                keys.push(row);
            }
            let all: Vec<Ordinal> = (0..rows.len() as Ordinal).collect();
            let buckets = keys.buckets(&all, Similarity::from_millionths(0));
            let found = buckets.pairs();
            let mut expected = Vec::new();
            for a in 0..rows.len() {
                for b in a + 1..rows.len() {
                    if rows[a].iter().zip(&rows[b]).any(|(x, y)| x == y) {
                        expected.push((a as Ordinal, b as Ordinal));
                    }
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}
