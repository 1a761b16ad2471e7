//! From runs of stories that hold one shingle to where each story stands in them.

/// Stories that hold the same shingles, by place.
#[derive(Clone, Debug)]
pub(super) struct Runs {
    /// Stories of every shingle, ascending, one run after the other; [`LAST`] marks the last of a
    /// run.
    pub(super) stories: Vec<u32>,
    /// Where in `stories` each story stands without being the last of a run, story by story.
    places: Vec<u32>,
    /// Where the places of a story start, and where the last ones end.
    of_story: Vec<u32>,
}

/// The bit of a story that ends a run: no corpus has so many stories.
pub(super) const LAST: u32 = 1 << 31;

impl Runs {
    pub(super) fn of(mut stories: Vec<u32>, count: usize) -> Self {
        stories.shrink_to_fit();
        let (places, of_story) = by_story(&stories, count);
        Self { stories, places, of_story }
    }

    pub(super) fn push(stories: &mut Vec<u32>, run: &[u64]) {
        stories.extend(run.iter().map(|&entry| entry as u32));
        if let Some(last) = stories.last_mut() {
            *last |= LAST;
        }
    }

    /// Where `story` stands without being the last of a run.
    pub(super) fn places(&self, story: u32) -> &[u32] {
        &self.places[self.of_story[story as usize] as usize..self.of_story[story as usize + 1] as usize]
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

/// Where in the runs of `holders` each of `stories` stories stands without being the last, and
/// where the places of each start and the last ones end.
fn by_story(holders: &[u32], stories: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0; stories + 1];
    let followed = || (0..).zip(holders).filter(|&(_, &story)| story < LAST);
    followed().for_each(|(_, &story)| starts[story as usize + 1] += 1);
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut next = starts.clone();
    let mut places = vec![0; starts[stories] as usize];
    for (place, &story) in followed() {
        let slot = &mut next[story as usize];
        places[*slot as usize] = place;
        *slot += 1;
    }
    (places, starts)
}
