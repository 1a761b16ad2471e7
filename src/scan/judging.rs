//! From profiles, as they are read, to judged pairs: a pair as soon as both are there, and a
//! profile only for as long as a pair waits for it.

use crate::evidence::{Profile, Weights};
use crate::relation::judge::{Terms, Verdict, judge};
use crate::relation::scanned::{self, Scanned};
use crate::relation::tie::Verified;
use crate::report::Detail;
use crate::similarity::Overlap;
use crate::story::Ordinal;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Two stories that are to be judged.
pub(super) type Met = (Ordinal, Ordinal);

/// Pairs that wait for their profiles.
pub(super) struct Judging<'a> {
    terms: Terms,
    /// Copies that are asked for their facts, sorted.
    asked: &'a [Met],
    /// For every story the others of its pairs, story by story.
    partners: Vec<Ordinal>,
    /// Where the partners of a story start, and where the last ones end.
    starts: Vec<u32>,
    waiting: Mutex<Waiting>,
    outcome: Mutex<Outcome>,
}

/// What is known once pairs are judged, in no promised order.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) ties: Vec<Verified>,
    /// What is shown of stories that are tied or held.
    pub(super) details: Vec<(Ordinal, Box<Detail>)>,
}

/// What is known of a story that waits for its pairs.
pub(super) struct Sheet {
    pub(super) profile: Profile,
    /// The same without the furniture of its source, where there is some.
    pub(super) own: Option<Box<Profile>>,
    /// Where it is noisy, or waits for one that is.
    pub(super) print: Option<Box<Scanned>>,
    /// What is shown of it, where that is not known, until it is tied.
    pub(super) detail: Mutex<Option<Box<Detail>>>,
}

/// Profiles that are there, and how many pairs of each story are still to be judged.
struct Waiting {
    profiles: Vec<Option<Arc<Sheet>>>,
    pairs: Vec<u32>,
}

impl Sheet {
    /// What the story is judged by.
    fn own(&self) -> &Profile {
        self.own.as_deref().unwrap_or(&self.profile)
    }

    fn take_detail(&self) -> Option<Box<Detail>> {
        locked(&self.detail).take()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Judging<'a> {
    /// For distinct `pairs` of `stories` stories, of which those of `asked` are copies. The
    /// profiles of the stories that `held` names stay after their last pair.
    pub(super) fn new(
        stories: usize,
        (pairs, asked): (&[Met], &'a [Met]),
        held: impl Iterator<Item = Ordinal>,
        terms: Terms,
    ) -> Self {
        let both = || pairs.iter().flat_map(|&(a, b)| [(a, b), (b, a)]);
        let mut starts = vec![0; stories + 1];
        both().for_each(|(story, _)| starts[story as usize + 1] += 1);
        let mut waiting: Vec<u32> = starts[1..].to_vec();
        held.for_each(|story| waiting[story as usize] += 1);
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let (mut next, mut partners) = (starts.clone(), vec![0; 2 * pairs.len()]);
        for (story, partner) in both() {
            let slot = &mut next[story as usize];
            partners[*slot as usize] = partner;
            *slot += 1;
        }
        let waiting = Waiting { profiles: (0..stories).map(|_| None).collect(), pairs: waiting };
        Self { terms, asked, partners, starts, waiting: Mutex::new(waiting), outcome: Mutex::default() }
    }

    /// Takes in the profile of a story and judges its pairs with those that are there. Which
    /// thread judges a pair, and when, cannot be seen in the verdict.
    pub(super) fn arrive(&self, story: Ordinal, sheet: Sheet, weights: &Weights) {
        let sheet = Arc::new(sheet);
        let ready = self.ready(story, &sheet);
        for (partner, other) in &ready {
            let tie = if story < *partner {
                self.verdict((story, &sheet), (*partner, other), weights)
            } else {
                self.verdict((*partner, other), (story, &sheet), weights)
            };
            if let Some(tie) = tie {
                let mut outcome = locked(&self.outcome);
                outcome.ties.push(tie);
                outcome.details.extend(sheet.take_detail().map(|detail| (story, detail)));
                outcome.details.extend(other.take_detail().map(|detail| (*partner, detail)));
            }
        }
    }

    /// Copies are judged whatever the quick signals say: these rule out that the two are versions,
    /// not that they are of one form.
    fn verdict(
        &self,
        (a, x): (Ordinal, &Sheet),
        (b, y): (Ordinal, &Sheet),
        weights: &Weights,
    ) -> Option<Verified> {
        let printed = (&x.profile, &y.profile);
        if self.asked.binary_search(&(a, b)).is_ok() {
            let judged = judge(printed.0, printed.1, Terms { all: true, ..self.terms })?;
            return Some(Verdict { ruled_out: false, ..judged }.tie(a, b));
        }
        if let (Some(one), Some(other)) = (&x.print, &y.print)
            && let Some(verdict) = scanned::judge((one, printed.0), (other, printed.1), weights, self.terms)
        {
            return verdict.map(|verdict| verdict.tie(a, b));
        }
        let verdict = judge(x.own(), y.own(), self.terms)?;
        let is_cut = x.own.is_some() || y.own.is_some();
        Some(if is_cut { verdict.as_printed(printed, self.terms) } else { verdict }.tie(a, b))
    }

    /// The partners of `story` that are there; lets go of every profile that no other pair waits for.
    fn ready(&self, story: Ordinal, sheet: &Arc<Sheet>) -> Vec<(Ordinal, Arc<Sheet>)> {
        let partners =
            &self.partners[self.starts[story as usize] as usize..self.starts[story as usize + 1] as usize];
        let mut waiting = locked(&self.waiting);
        let Waiting { profiles, pairs } = &mut *waiting;
        let mut ready = Vec::new();
        for &partner in partners {
            let slot = &mut profiles[partner as usize];
            let left = &mut pairs[partner as usize];
            let Some(other) = slot.as_ref().map(Arc::clone) else { continue };
            *left -= 1;
            if *left == 0 {
                *slot = None;
            }
            ready.push((partner, other));
        }
        pairs[story as usize] -= ready.len() as u32;
        if pairs[story as usize] > 0 {
            profiles[story as usize] = Some(Arc::clone(sheet));
        }
        ready
    }

    /// What was found, and the profiles of the stories that were held.
    pub(super) fn outcome(self) -> (Outcome, Held) {
        let waiting = self.waiting.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut outcome = self.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
        let held = (0..).zip(&waiting.profiles).filter_map(|(story, sheet)| Some((story, sheet.as_ref()?)));
        outcome.details.extend(held.filter_map(|(story, sheet)| Some((story, sheet.take_detail()?))));
        (outcome, Held { terms: self.terms, profiles: waiting.profiles })
    }
}

/// Profiles that stay when all pairs are judged.
pub(super) struct Held {
    terms: Terms,
    profiles: Vec<Option<Arc<Sheet>>>,
}

impl Held {
    /// No profiles.
    pub(super) fn none(terms: Terms) -> Self {
        Self { terms, profiles: Vec::new() }
    }

    /// The profile of a story that was held.
    pub(super) fn get(&self, story: Ordinal) -> Option<&Profile> {
        self.profiles[story as usize].as_deref().map(|sheet| &sheet.profile)
    }

    /// The overlap of two such stories.
    pub(super) fn overlap(&self, a: Ordinal, b: Ordinal) -> Option<Overlap> {
        let shingles = |story| Some(self.get(story)?.shingles(self.terms.shingle));
        Some(Overlap::of_sorted(&shingles(a)?, &shingles(b)?))
    }

    /// Judges a pair of two such stories.
    pub(super) fn judge(&self, a: Ordinal, b: Ordinal) -> Option<Verified> {
        verdict(a, b, self.get(a)?, self.get(b)?, self.terms)
    }
}

fn verdict(a: Ordinal, b: Ordinal, x: &Profile, y: &Profile, terms: Terms) -> Option<Verified> {
    judge(x, y, terms).map(|verdict| verdict.tie(a, b))
}
