//! From keys of 32 bits to the numbers that have them: postings, in buckets that seal themselves.
//!
//! Numbers fall into generations of 2¹⁷, so that what is written next lies close together however
//! large the file is. In a generation the upper bits of a key name a bucket; a bucket is one row
//! that holds its postings in order, five bytes each, and a seal. Every bucket of a generation is
//! there from its beginning: what is missing is damage, not "nobody has this key". Small steps do
//! not come here at all: the newest numbers are found by the keys in their own rows (see
//! [`tail`](super::tail)) and filed some thousand at a time, so that a bucket is written once for
//! many of them.

use super::failure::{Done, Fault, damage};
use crate::hash;
use crate::rare::postings::CAP;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

/// Numbers of a generation, as a power of two.
const GENERATION: u32 = 17;
/// Bytes of a posting.
const WIDTH: usize = 5;
/// Bytes of the seal.
const SEAL: usize = 8;

/// A kind of postings: a table of buckets.
#[derive(Clone, Copy, Debug)]
pub(in crate::index) struct Shelf {
    pub(in crate::index) table: &'static str,
    /// Buckets of a generation, as a power of two: about 500 postings each when it is full.
    bits: u32,
    /// Numbers of one key and generation that are filed, the oldest; more tell no more.
    most: usize,
}

/// Classes by band and by identity: 33 keys each.
pub(in crate::index) const BANDS: Shelf = Shelf { table: "bands", bits: 13, most: usize::MAX };
/// Stories by id.
pub(in crate::index) const IDS: Shelf = Shelf { table: "ids", bits: 9, most: usize::MAX };
/// Classes by rare shingle: about a hundred keys each.
pub(in crate::index) const RARE: Shelf = Shelf { table: "rare", bits: 15, most: CAP + 1 };
/// Classes by shingle of the headline.
pub(in crate::index) const HEADLINES: Shelf = Shelf { table: "headlines", bits: 10, most: usize::MAX };
/// Notices by shingle.
pub(in crate::index) const NOTICES: Shelf = Shelf { table: "notices", bits: 9, most: usize::MAX };

/// Numbers of one key and generation from which they are a family, as in a scan: a template, or a
/// text printed everywhere.
pub(in crate::index) const FAMILY: usize = crate::lsh::Buckets::FAMILY;
/// Those of a family, the oldest, that a newcomer is compared with.
pub(in crate::index) const LEADERS: usize = 256;

/// A key and a number that has it.
pub(in crate::index) type Posting = (u32, u32);

/// A posting as it lies in its bucket, the lowest byte first.
type Packed = [u8; WIDTH];

fn wide([a, b, c, d, e]: Packed) -> u64 {
    u64::from_le_bytes([a, b, c, d, e, 0, 0, 0])
}

/// Generations that hold the numbers below `end`.
fn generations(end: u32) -> u32 {
    end.div_ceil(1 << GENERATION)
}

impl Shelf {
    fn bucket(self, generation: u32, key: u32) -> i64 {
        i64::from(generation) << self.bits | i64::from(key >> (32 - self.bits))
    }

    /// The posting as it lies in its bucket: what the bucket does not say of key and number.
    fn packed(self, (key, number): Posting) -> u64 {
        let rest = key & (u32::MAX >> self.bits);
        u64::from(rest) << GENERATION | u64::from(number & ((1 << GENERATION) - 1))
    }

    fn seal(self, bucket: i64, postings: &[u8]) -> u64 {
        let name = hash::bytes(self.table.as_bytes());
        hash::finalise(hash::bytes(postings) ^ hash::finalise(name ^ bucket.cast_unsigned()))
    }

    /// The postings of a bucket as they lie there, whose seal is checked.
    fn sealed(self, bucket: i64, blob: &[u8]) -> Done<&[Packed]> {
        let (postings, seal) = blob.split_at(blob.len().saturating_sub(SEAL));
        if seal != self.seal(bucket, postings).to_le_bytes() || !postings.len().is_multiple_of(WIDTH) {
            return damage(format!("bucket {bucket} of `{}` does not agree with its seal", self.table));
        }
        Ok(postings.as_chunks::<WIDTH>().0)
    }

    fn encode(self, bucket: i64, postings: &[u64]) -> Vec<u8> {
        let mut blob = Vec::with_capacity(postings.len() * WIDTH + SEAL);
        postings.iter().for_each(|posting| blob.extend_from_slice(&posting.to_le_bytes()[..WIDTH]));
        blob.extend_from_slice(&self.seal(bucket, &blob).to_le_bytes());
        blob
    }

    /// Asks for a bucket.
    fn select(self, db: &Connection) -> Done<CachedStatement<'_>> {
        Ok(db.prepare_cached(&format!("SELECT postings FROM {} WHERE bucket = ?1", self.table))?)
    }

    /// What `each` makes of the postings of a bucket, where they lie.
    fn look_at<T>(
        self,
        select: &mut CachedStatement<'_>,
        bucket: i64,
        each: impl FnOnce(&[Packed]) -> T,
    ) -> Done<T> {
        let found = select
            .query_row([bucket], |row| {
                Ok(row.get_ref(0)?.as_blob().map(|blob| self.sealed(bucket, blob).map(each)))
            })
            .optional()?;
        match found {
            Some(Ok(made)) => made,
            Some(Err(_)) => damage(format!("bucket {bucket} of `{}` holds no postings", self.table)),
            None => damage(format!("bucket {bucket} of `{}` is missing", self.table)),
        }
    }

    fn read(self, db: &Connection, bucket: i64) -> Done<Vec<u64>> {
        self.look_at(&mut self.select(db)?, bucket, |postings| postings.iter().copied().map(wide).collect())
    }

    fn write(self, db: &Connection, bucket: i64, postings: &[u64]) -> Done<()> {
        let mut update =
            db.prepare_cached(&format!("UPDATE {} SET postings = ?2 WHERE bucket = ?1", self.table))?;
        match update.execute(params![bucket, self.encode(bucket, postings)])? {
            1 => Ok(()),
            _ => damage(format!("bucket {bucket} of `{}` is missing", self.table)),
        }
    }

    /// Calls `each(who, number)` for every number below `end` that has a key of `wanted`, which
    /// is sorted by key: pairs of a key and of who asks; of a generation for the first `most` of a key,
    /// and of a [`FAMILY`] only for its leaders. Cost: a few microseconds a key and generation; less
    /// where many keys share a bucket.
    pub(in crate::index) fn find(
        self,
        db: &Connection,
        wanted: &[Posting],
        (end, most): (u32, usize),
        mut each: impl FnMut(u32, u32),
    ) -> Done<()> {
        let mut select = self.select(db)?;
        for generation in 0..generations(end) {
            for asked in wanted.chunk_by(|x, y| x.0 >> (32 - self.bits) == y.0 >> (32 - self.bits)) {
                let bucket = self.bucket(generation, asked[0].0);
                self.look_at(&mut select, bucket, |postings| {
                    for &(key, who) in asked {
                        let first = self.packed((key, 0));
                        let from = postings.partition_point(|&posting| wide(posting) < first);
                        let key = first >> GENERATION;
                        // Most keys have none, and few have many.
                        let rest = postings[from..].iter().map(|&posting| wide(posting));
                        let same = rest.take_while(|posting| posting >> GENERATION == key);
                        let count = same.clone().take(FAMILY).count();
                        let leading = if count >= FAMILY { LEADERS } else { count };
                        for posting in same.take(leading.min(most)) {
                            let low = (posting & ((1 << GENERATION) - 1)) as u32;
                            each(who, generation << GENERATION | low);
                        }
                    }
                })?;
            }
        }
        Ok(())
    }

    /// Files `postings`, whose numbers are from `filed` up and below `end`; until now those below
    /// `filed` were. Cost: every bucket that they fall into is written once.
    pub(in crate::index) fn file(
        self,
        db: &Connection,
        postings: &[Posting],
        filed: u32,
        end: u32,
    ) -> Done<()> {
        for generation in generations(filed)..generations(end) {
            let mut insert =
                db.prepare_cached(&format!("INSERT INTO {}(bucket, postings) VALUES(?1, ?2)", self.table))?;
            let first = i64::from(generation) << self.bits;
            for bucket in first..first + (1 << self.bits) {
                insert.execute(params![bucket, self.encode(bucket, &[])])?;
            }
        }
        self.change(db, postings, |held, new| {
            held.extend_from_slice(new);
            held.sort_unstable();
            held.dedup();
            if held.len() > self.most {
                let (mut key, mut count) = (u64::MAX, 0);
                held.retain(|posting| {
                    count = if posting >> GENERATION == key { count + 1 } else { 1 };
                    key = posting >> GENERATION;
                    count <= self.most
                });
            }
            Ok(())
        })
    }

    /// Takes `postings` out, which are filed; `all` of them, or those that were.
    pub(in crate::index) fn unfile(self, db: &Connection, postings: &[Posting], all: bool) -> Done<()> {
        self.change(db, postings, |held, gone| {
            let before = held.len();
            held.retain(|posting| gone.binary_search(posting).is_err());
            if !all || before - held.len() == gone.len() {
                Ok(())
            } else {
                damage(format!("`{}` lacks postings of a story that is there", self.table))
            }
        })
    }

    fn change(
        self,
        db: &Connection,
        postings: &[Posting],
        change: impl Fn(&mut Vec<u64>, &[u64]) -> Result<(), Fault>,
    ) -> Done<()> {
        let mut placed: Vec<(i64, u64)> = postings
            .iter()
            .map(|&posting| (self.bucket(posting.1 >> GENERATION, posting.0), self.packed(posting)))
            .collect();
        placed.sort_unstable();
        placed.dedup();
        for run in placed.chunk_by(|x, y| x.0 == y.0) {
            let mut held = self.read(db, run[0].0)?;
            let moved: Vec<u64> = run.iter().map(|&(_, posting)| posting).collect();
            change(&mut held, &moved)?;
            self.write(db, run[0].0, &held)?;
        }
        Ok(())
    }

    /// Checks every bucket below `end`, and that all are there; calls `each` with every posting.
    pub(in crate::index) fn walk(
        self,
        db: &Connection,
        end: u32,
        mut each: impl FnMut(u32, u32),
    ) -> Done<()> {
        let buckets = i64::from(generations(end)) << self.bits;
        let count: i64 =
            db.query_row(&format!("SELECT count(*) FROM {}", self.table), [], |row| row.get(0))?;
        if count != buckets {
            return damage(format!("`{}` has {count} buckets, expected {buckets}", self.table));
        }
        for bucket in 0..buckets {
            let (postings, number) = (self.read(db, bucket)?, bucket.cast_unsigned() as u32);
            if !postings.is_sorted_by(|x, y| x < y) {
                return damage(format!("bucket {bucket} of `{}` is out of order", self.table));
            }
            for posting in postings {
                let upper = (number & ((1 << self.bits) - 1)) << (32 - self.bits);
                let low = (posting & ((1 << GENERATION) - 1)) as u32;
                each(upper | (posting >> GENERATION) as u32, (number >> self.bits) << GENERATION | low);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shelf() -> (Connection, Shelf) {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE ids(bucket INTEGER PRIMARY KEY, postings BLOB NOT NULL)").unwrap();
        (db, IDS)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_filed_is_found_until_it_is_taken_out(
            keys in prop::collection::vec(prop_oneof![0u32..9, any::<u32>()], 1..60),
            cut in 0usize..60,
            step in prop_oneof![Just(1u32), Just(70_000)],
            most in prop_oneof![Just(usize::MAX), 1usize..4],
        ) {
            let (db, shelf) = shelf();
            let all: Vec<Posting> = keys.iter().zip(0u32..).map(|(&key, i)| (key, i * step)).collect();
            let cut = cut.min(all.len());
            let filed = cut as u32 * step;
            let end = all.len() as u32 * step;
            shelf.file(&db, &all[..cut], 0, filed).unwrap();
            shelf.file(&db, &all[cut..], filed, end).unwrap();
            let gone: Vec<Posting> = all.iter().copied().step_by(3).collect();
            shelf.unfile(&db, &gone, true).unwrap();
            prop_assert!(shelf.unfile(&db, &gone, true).is_err());
            let mut wanted: Vec<Posting> = all.iter().map(|&(key, _)| (key, key)).collect();
            wanted.sort_unstable();
            wanted.dedup();
            let mut found = Vec::new();
            shelf.find(&db, &wanted, (end, most), |who, number| found.push((who, number))).unwrap();
            found.sort_unstable();
            let mut expected: Vec<Posting> = all.iter().copied().filter(|posting| !gone.contains(posting)).collect();
            expected.sort_unstable();
            let of_generation = |x: &Posting, y: &Posting| (x.0, x.1 >> GENERATION) == (y.0, y.1 >> GENERATION);
            let first = expected.chunk_by(of_generation).flat_map(|same| same.iter().take(most)).copied();
            prop_assert_eq!(found, first.collect::<Vec<_>>());
            let mut walked = Vec::new();
            shelf.walk(&db, end, |key, number| walked.push((key, number))).unwrap();
            walked.sort_unstable();
            prop_assert_eq!(walked, expected);
        }
    }

    #[test]
    fn of_a_key_that_many_have_the_oldest_are_filed() {
        let (db, shelf) = shelf();
        let shelf = Shelf { most: 3, ..shelf };
        shelf.file(&db, &[(7, 4), (7, 1), (8, 2)], 0, 5).unwrap();
        shelf.file(&db, &[(7, 5), (8, 5), (7, 6)], 5, 7).unwrap();
        let mut found = Vec::new();
        shelf.find(&db, &[(7, 7), (8, 8)], (7, usize::MAX), |_, number| found.push(number)).unwrap();
        assert_eq!(found, [1, 4, 5, 2, 5]);
    }

    #[test]
    fn a_flipped_bit_and_a_missing_bucket_are_noticed() {
        let (db, shelf) = shelf();
        shelf.file(&db, &[(7, 1), (8, 2)], 0, 3).unwrap();
        let find = || shelf.find(&db, &[(7, 0)], (3, usize::MAX), |_, _| {});
        assert!(find().is_ok());
        let mut postings: Vec<u8> =
            db.query_row("SELECT postings FROM ids WHERE bucket = 0", [], |row| row.get(0)).unwrap();
        postings[0] ^= 1;
        db.execute("UPDATE ids SET postings = ?1 WHERE bucket = 0", [postings]).unwrap();
        assert!(matches!(find(), Err(Fault::Damage(text)) if text.contains("seal")));
        db.execute_batch("DELETE FROM ids WHERE bucket = 0").unwrap();
        assert!(matches!(find(), Err(Fault::Damage(text)) if text.contains("missing")));
    }
}
