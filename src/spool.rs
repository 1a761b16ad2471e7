//! From numbers that are kept for later to where they lie until then: in memory, or, what goes beyond
//! the allowance, in a nameless temporary file that ends with the process however that ends.

use crate::error::{Error, ErrorKind, Result};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of a slab where much may stay in memory: more than an allocator keeps for itself when it is
/// freed, and none is touched before it is used.
const LARGE: u64 = 40 << 20;

/// Bytes of a slab where little may stay; in tests so few that little fills several.
const SMALL: u64 = if cfg!(test) { 1 << 7 } else { 1 << 20 };

/// What can be kept.
pub(crate) trait Number: Copy {
    /// Adds the bytes of `numbers`, the lowest of each first.
    fn to_bytes(numbers: &[Self], bytes: &mut Vec<u8>);
    /// The numbers of such bytes.
    fn of_bytes(bytes: &[u8]) -> Vec<Self>;
}

macro_rules! number {
    ($of:ty) => {
        impl Number for $of {
            fn to_bytes(numbers: &[Self], bytes: &mut Vec<u8>) {
                bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            }

            fn of_bytes(bytes: &[u8]) -> Vec<Self> {
                bytes.as_chunks().0.iter().map(|&number| Self::from_le_bytes(number)).collect()
            }
        }
    };
}

number!(u32);
number!(u64);

/// Where numbers lie one after the other.
#[derive(Debug)]
enum Slab<T> {
    Held(Vec<T>),
    /// From this byte of the file on, so many.
    Filed(u64, usize),
}

/// Where some numbers lie next to each other; by default, none.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Place {
    pub(crate) slab: u32,
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// Numbers in slabs, of which about as many stay in memory as is allowed.
#[derive(Debug)]
pub(crate) struct Spool<T> {
    slabs: Vec<Slab<T>>,
    /// Numbers of a slab.
    size: usize,
    /// Full slabs that may stay in memory.
    allowed: usize,
    file: Mutex<Option<File>>,
    filed: u64,
    failure: Mutex<Option<io::Error>>,
}

impl<T: Number> Spool<T> {
    /// Nothing yet; about `allowance` bytes may be held in memory.
    pub(crate) fn new(allowance: u64) -> Self {
        let bytes = if allowance / 8 >= LARGE { LARGE } else { SMALL };
        Self {
            slabs: Vec::new(),
            size: bytes as usize / size_of::<T>(),
            allowed: usize::try_from(allowance / bytes).unwrap_or(usize::MAX),
            file: Mutex::default(),
            filed: 0,
            failure: Mutex::default(),
        }
    }

    /// Keeps `numbers` next to each other.
    pub(crate) fn push(&mut self, numbers: &[T]) -> Place {
        let room = match self.slabs.last() {
            Some(Slab::Held(slab)) => slab.capacity() - slab.len(),
            _ => 0,
        };
        if room < numbers.len() || self.slabs.is_empty() {
            self.finish();
            self.slabs.push(Slab::Held(Vec::with_capacity(numbers.len().max(self.size))));
        }
        let mut place = Place { slab: self.slabs.len() as u32 - 1, start: 0, len: numbers.len() as u32 };
        if let Some(Slab::Held(slab)) = self.slabs.last_mut() {
            place.start = slab.len() as u32;
            slab.extend_from_slice(numbers);
        }
        place
    }

    /// Moves the last slab, which is full or will not get more, to the file if the allowance is used up.
    pub(crate) fn finish(&mut self) {
        let held = self.slabs.iter().filter(|slab| matches!(slab, Slab::Held(_)));
        if held.count() <= self.allowed {
            return;
        }
        let Some(Slab::Held(slab)) = self.slabs.last() else { return };
        let (len, mut bytes) = (slab.len(), Vec::with_capacity(size_of_val(&slab[..])));
        T::to_bytes(slab, &mut bytes);
        let mut file = locked(&self.file);
        let written = match &mut *file {
            Some(file) => file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(&bytes)),
            none => tempfile::tempfile().and_then(|new| none.insert(new).write_all(&bytes)),
        };
        drop(file);
        match written {
            Ok(()) => {
                self.slabs.pop();
                self.slabs.push(Slab::Filed(self.filed, len));
                self.filed += bytes.len() as u64;
            }
            Err(failure) => self.fail(failure),
        }
    }

    /// How many slabs there are.
    pub(crate) fn slabs(&self) -> usize {
        self.slabs.len()
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        let len = |slab: &Slab<T>| match slab {
            Slab::Held(slab) => slab.len(),
            Slab::Filed(_, len) => *len,
        };
        self.slabs.iter().map(len).sum()
    }

    /// The numbers of a slab, to be changed where it is held; `None` where it is filed.
    pub(crate) fn held(&mut self, slab: usize) -> Option<&mut Vec<T>> {
        match &mut self.slabs[slab] {
            Slab::Held(slab) => Some(slab),
            Slab::Filed(..) => None,
        }
    }

    /// The numbers of a slab. Cost: nothing, or one read of the file.
    pub(crate) fn slab(&self, slab: usize) -> Cow<'_, [T]> {
        match &self.slabs[slab] {
            Slab::Held(slab) => Cow::Borrowed(slab),
            Slab::Filed(at, len) => self.read(*at, *len).into(),
        }
    }

    /// The numbers at a place; none where there is no such slab. Cost: nothing, or one read of the file.
    pub(crate) fn get(&self, Place { slab, start, len }: Place) -> Cow<'_, [T]> {
        match self.slabs.get(slab as usize) {
            Some(Slab::Held(slab)) => Cow::Borrowed(&slab[start as usize..][..len as usize]),
            Some(Slab::Filed(at, _)) => {
                self.read(at + u64::from(start) * size_of::<T>() as u64, len as usize).into()
            }
            None => Cow::Borrowed(&[]),
        }
    }

    fn read(&self, at: u64, len: usize) -> Vec<T> {
        let mut bytes = vec![0; len * size_of::<T>()];
        let read = match &mut *locked(&self.file) {
            Some(file) => file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut bytes)),
            None => Ok(()),
        };
        read.unwrap_or_else(|failure| self.fail(failure));
        T::of_bytes(&bytes)
    }

    fn fail(&self, failure: io::Error) {
        locked(&self.failure).get_or_insert(failure);
    }

    /// What was given out is right, unless writing or reading the file has failed.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it has.
    pub(crate) fn sound(&self) -> Result<()> {
        locked(&self.failure).take().map_or(Ok(()), |cause| {
            let folder = std::env::temp_dir();
            let text = format!(
                "cannot use a temporary file in {}: {cause}; make room there or allow more memory",
                folder.display()
            );
            Err(Error::new(ErrorKind::Io, text))
        })
    }

    /// Frees the numbers.
    pub(crate) fn forget(&mut self) {
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
        #[test]
        fn numbers_come_back_from_wherever_they_lie(
            lens in prop::collection::vec(0usize..20, 1..12), slabs in 0u64..4,
        ) {
            let some = |i: usize| (0..lens[i] as u64).map(|n| n * 7 + i as u64).collect::<Vec<_>>();
            let mut spool = Spool::new(slabs * SMALL);
            let places: Vec<Place> = (0..lens.len()).map(|i| spool.push(&some(i))).collect();
            spool.finish();
            prop_assert_eq!(spool.len(), lens.iter().sum::<usize>());
            for (i, &place) in places.iter().enumerate() {
                prop_assert_eq!(&*spool.get(place), &some(i)[..]);
                prop_assert_eq!(&spool.slab(place.slab as usize)[place.start as usize..][..lens[i]], &some(i)[..]);
            }
            let held = (0..spool.slabs()).filter(|&slab| spool.held(slab).is_some()).count();
            prop_assert!(held as u64 <= slabs, "{held} slabs held");
            prop_assert!(spool.sound().is_ok());
        }
    }
}
