//! From two stories, of which one is misread print, to the verdict on the text as the other reads it.

use super::judge::{self, Terms, Verdict};
use crate::evidence::{Profile, Weights};
use crate::noise::{Letters, read};
use crate::story::Story;

/// What is kept of a story to be aligned: the letters, and all but the body.
#[derive(Clone, Debug)]
pub struct Scanned {
    letters: Letters,
    /// The story without its body.
    story: Story,
    /// Share of its words that are odd, if it is taken for noisy.
    noise: Option<f32>,
}

/// Letters that a noisy pair must have in common to be judged by them: some twelve words.
const LEAST: usize = 60;

impl Scanned {
    /// That of a prepared story, of which `noise` is the share of odd words if it is taken for noisy.
    /// Cost: one pass.
    pub fn of(story: &Story, noise: Option<f32>) -> Self {
        let bare = Story {
            headline: story.headline.clone(),
            source: story.source.clone(),
            time: story.time,
            furniture: story.furniture.clone(),
            ..Story::default()
        };
        Self { letters: Letters::of(&story.body), story: bare, noise }
    }

    /// The profile of the story as `other` reads it, if they have letters in common.
    fn read_by(&self, other: &Self, weights: &Weights) -> Option<Profile> {
        let read = read(&other.letters, &self.letters);
        (read.alignment.matched() >= LEAST)
            .then(|| Profile::new(&Story { body: read.text, ..self.story.clone() }, weights))
    }
}

/// Judges a pair of which one is noisy, by the evidence for clean text: the noisier of both is taken as
/// the other reads it, so that words and numbers that differ within the noise are one. `None` where
/// neither is noisy, or too little is shared for that: then the texts are judged as they are. Cost: an
/// alignment and a profile.
pub fn judge(
    (a, x): (&Scanned, &Profile),
    (b, y): (&Scanned, &Profile),
    weights: &Weights,
    terms: Terms,
) -> Option<Option<Verdict>> {
    if a.noise.is_none() && b.noise.is_none() {
        return None;
    }
    let verdict = if a.noise.unwrap_or_default() > b.noise.unwrap_or_default() {
        judge::judge(&a.read_by(b, weights)?, y, terms)
    } else {
        judge::judge(x, &b.read_by(a, weights)?, terms)
    };
    Some(verdict.map(|verdict| verdict.as_printed((x, y), terms)))
}
