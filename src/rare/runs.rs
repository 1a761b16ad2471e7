//! From runs of stories that hold one shingle to where each story stands in them.

use crate::error::Result;
use crate::spool::Spool;
use std::borrow::Cow;
use std::ops::Range;

/// The bit of a story that ends a run: no corpus has so many stories.
pub(super) const LAST: u32 = 1 << 31;

/// Stories of every shingle, ascending, one run after the other; [`LAST`] marks the last of a run.
#[derive(Debug)]
pub(super) enum Lists {
    Whole(Vec<u32>),
    /// In memory only as far as is allowed.
    Filed(Spool<u32>),
}

impl Lists {
    /// None yet; about `allowance` bytes may be held in memory.
    pub(super) fn within(allowance: u64) -> Self {
        if allowance == u64::MAX { Self::Whole(Vec::new()) } else { Self::Filed(Spool::new(allowance)) }
    }

    pub(super) fn push(&mut self, run: &[u64]) {
        let stories = run.iter().enumerate().map(|(i, &entry)| {
            let last = if i + 1 == run.len() { LAST } else { 0 };
            entry as u32 | last
        });
        match self {
            Self::Whole(whole) => whole.extend(stories),
            Self::Filed(spool) => drop(spool.push(&stories.collect::<Vec<_>>())),
        }
    }

    pub(super) fn finish(&mut self) {
        match self {
            Self::Whole(whole) => whole.shrink_to_fit(),
            Self::Filed(spool) => spool.finish(),
        }
    }

    /// How many stories there are in all runs.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Whole(whole) => whole.len(),
            Self::Filed(spool) => spool.len(),
        }
    }

    /// What of the runs is looked at for the stories of `range` and those after them: of each the part
    /// from `before` stories before the first of them to `after` stories behind the last, or to its end
    /// if they are among the first `before`.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub(super) fn of(&self, range: &Range<u32>, before: usize, after: usize) -> Result<Runs<'_>> {
        let spool = match self {
            Self::Whole(whole) => return Ok(Runs::of(Cow::Borrowed(whole), range.clone())),
            Self::Filed(spool) => spool,
        };
        let mut stories = Vec::new();
        for slab in 0..spool.slabs() {
            for run in spool.slab(slab).chunk_by(|&story, _| story < LAST) {
                let first = run.partition_point(|story| story & !LAST < range.start);
                let end = run.partition_point(|story| story & !LAST < range.end);
                if first < end {
                    let is_early = first < before;
                    let to = if is_early { run.len() } else { end.saturating_add(after).min(run.len()) };
                    stories.extend_from_slice(&run[first.saturating_sub(before)..to]);
                    if let Some(last) = stories.last_mut() {
                        *last |= LAST;
                    }
                }
            }
        }
        spool.sound()?;
        Ok(Runs::of(Cow::Owned(stories), range.clone()))
    }
}

/// Stories that hold the same shingles, by place.
#[derive(Debug)]
pub(super) struct Runs<'a> {
    /// One run after the other, as in [`Lists`].
    pub(super) stories: Cow<'a, [u32]>,
    /// Where in `stories` each story of the range stands without being the last of a run, story by story.
    places: Vec<u32>,
    /// Where the places of a story start, and where the last ones end.
    of_story: Vec<u32>,
    range: Range<u32>,
}

impl<'a> Runs<'a> {
    fn of(stories: Cow<'a, [u32]>, range: Range<u32>) -> Self {
        let (places, of_story) = by_story(&stories, &range);
        Self { stories, places, of_story, range }
    }

    /// Where `story` stands without being the last of a run.
    pub(super) fn places(&self, story: u32) -> &[u32] {
        let of = (story - self.range.start) as usize;
        &self.places[self.of_story[of] as usize..self.of_story[of + 1] as usize]
    }

    /// Looks at what follows each of `places`. Each is far away in memory: looking at all at once, with no
    /// branch on what is there, lets the processor wait for all of them together.
    pub(super) fn look_at(&self, places: &[u32]) {
        std::hint::black_box(places.iter().fold(0, |all, &place| all ^ self.stories[place as usize + 1]));
    }

    /// Whether one of the first `first` of a run stands at `place`.
    pub(super) fn is_early(&self, place: usize, first: usize) -> bool {
        place < first || self.stories[place - first..place].iter().any(|&story| story >= LAST)
    }
}

/// Where in the runs of `holders` each story of `range` stands without being the last, and
/// where the places of each start and the last ones end.
fn by_story(holders: &[u32], range: &Range<u32>) -> (Vec<u32>, Vec<u32>) {
    let stories = range.len();
    let mut starts = vec![0; stories + 1];
    // Those that end a run are above all others.
    let followed = || (0..).zip(holders).filter(|&(_, story)| range.contains(story));
    let of = |story: u32| (story - range.start) as usize;
    followed().for_each(|(_, &story)| starts[of(story) + 1] += 1);
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut next = starts.clone();
    let mut places = vec![0; starts[stories] as usize];
    for (place, &story) in followed() {
        let slot = &mut next[of(story)];
        places[*slot as usize] = place;
        *slot += 1;
    }
    (places, starts)
}
