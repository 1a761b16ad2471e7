//! From shingle sets to where they lie while they are compared: in memory, or, what goes beyond
//! the allowance, in a nameless temporary file that ends with the process however that ends.

use crate::error::{Error, ErrorKind, Result};
use crate::story::Ordinal;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Shingles of one slab: a megabyte, so that neither memory nor file is asked for each set.
const SLAB: usize = 1 << 17;

/// Where sets lie one after the other.
#[derive(Debug)]
enum Slab {
    Held(Vec<u64>),
    /// From this byte of the file on.
    Filed(u64),
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    slab: u32,
    start: u32,
    len: u32,
}

/// The shingle sets of the stories that are compared, by ordinal.
#[derive(Debug)]
pub(super) struct Sets {
    places: Vec<Place>,
    slabs: Vec<Slab>,
    /// Full slabs that may stay in memory.
    allowed: usize,
    file: Mutex<Option<File>>,
    filed: u64,
    failure: Mutex<Option<io::Error>>,
}

impl Sets {
    /// No sets yet, of `stories`; of them about `allowance` bytes may be held in memory.
    pub(super) fn new(stories: usize, allowance: u64) -> Self {
        let slab_bytes = (SLAB * size_of::<u64>()) as u64;
        Self {
            places: vec![Place::default(); stories],
            slabs: Vec::new(),
            allowed: usize::try_from(allowance / slab_bytes).unwrap_or(usize::MAX),
            file: Mutex::default(),
            filed: 0,
            failure: Mutex::default(),
        }
    }

    /// Keeps `set` for `story`.
    pub(super) fn keep(&mut self, story: Ordinal, set: &[u64]) {
        let room = match self.slabs.last() {
            Some(Slab::Held(slab)) => slab.capacity() - slab.len(),
            _ => 0,
        };
        if room < set.len() {
            self.close();
            self.slabs.push(Slab::Held(Vec::with_capacity(set.len().max(SLAB))));
        }
        let number = self.slabs.len().saturating_sub(1) as u32;
        if let Some(Slab::Held(slab)) = self.slabs.last_mut() {
            self.places[story as usize] =
                Place { slab: number, start: slab.len() as u32, len: set.len() as u32 };
            slab.extend_from_slice(set);
        }
    }

    /// To be called once all sets are kept.
    pub(super) fn finish(&mut self) {
        self.close();
    }

    /// Moves the last slab, which is full or will not get more, to the file if the allowance is used up.
    fn close(&mut self) {
        let held = self.slabs.iter().filter(|slab| matches!(slab, Slab::Held(_)));
        if held.count() <= self.allowed {
            return;
        }
        let Some(Slab::Held(slab)) = self.slabs.last() else { return };
        let bytes: Vec<u8> = slab.iter().flat_map(|shingle| shingle.to_le_bytes()).collect();
        let mut file = locked(&self.file);
        let written = match &mut *file {
            Some(file) => file.write_all(&bytes),
            none => tempfile::tempfile().and_then(|new| none.insert(new).write_all(&bytes)),
        };
        drop(file);
        match written {
            Ok(()) => {
                self.slabs.pop();
                self.slabs.push(Slab::Filed(self.filed));
                self.filed += bytes.len() as u64;
            }
            Err(failure) => self.fail(failure),
        }
    }

    /// How many shingles the set of `story` has, also when it is forgotten.
    pub(super) fn size(&self, story: Ordinal) -> u32 {
        self.places[story as usize].len
    }

    /// Notes the size of a set that is not kept.
    pub(super) fn set_size(&mut self, story: Ordinal, len: u32) {
        self.places[story as usize] = Place { slab: u32::MAX, start: 0, len };
    }

    /// The set of `story`, ascending; empty if there is none. Cost: nothing, or one read of the
    /// file.
    pub(super) fn get(&self, story: Ordinal) -> Cow<'_, [u64]> {
        let Place { slab, start, len } = self.places[story as usize];
        match self.slabs.get(slab as usize) {
            Some(Slab::Held(slab)) => Cow::Borrowed(&slab[start as usize..][..len as usize]),
            Some(Slab::Filed(at)) => self.read(at + u64::from(start) * 8, len as usize).into(),
            None => Cow::Borrowed(&[]),
        }
    }

    fn read(&self, at: u64, len: usize) -> Vec<u64> {
        let mut bytes = vec![0; len * size_of::<u64>()];
        let read = match &mut *locked(&self.file) {
            Some(file) => file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut bytes)),
            None => Ok(()),
        };
        read.unwrap_or_else(|failure| self.fail(failure));
        bytes.as_chunks().0.iter().map(|&shingle| u64::from_le_bytes(shingle)).collect()
    }

    fn fail(&self, failure: io::Error) {
        locked(&self.failure).get_or_insert(failure);
    }

    /// What was given out is right, unless writing or reading the file has failed.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it has.
    pub(super) fn sound(&self) -> Result<()> {
        locked(&self.failure).take().map_or(Ok(()), |cause| {
            let folder = std::env::temp_dir();
            let text = format!(
                "cannot use a temporary file in {}: {cause}; make room there or allow more memory",
                folder.display()
            );
            Err(Error::new(ErrorKind::Io, text))
        })
    }

    /// Frees the shingles.
    pub(super) fn forget(&mut self) {
        self.slabs = Vec::new();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn sets_come_back_from_wherever_they_lie(lens in prop::collection::vec(0usize..90_000, 1..12), slabs in 0u64..4) {
            let set = |story: usize| (0..lens[story] as u64).map(|i| i * 7 + story as u64).collect::<Vec<_>>();
            let mut sets = Sets::new(lens.len(), slabs << 20);
            (0..lens.len()).for_each(|story| sets.keep(story as Ordinal, &set(story)));
            sets.finish();
            for (story, &len) in lens.iter().enumerate() {
                prop_assert_eq!(&*sets.get(story as Ordinal), &set(story)[..]);
                prop_assert_eq!(sets.size(story as Ordinal) as usize, len);
            }
            let held = sets.slabs.iter().filter(|slab| matches!(slab, Slab::Held(_))).count();
            prop_assert!(held as u64 <= slabs, "{held} slabs held");
            prop_assert!(sets.sound().is_ok());
        }
    }
}
