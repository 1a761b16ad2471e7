//! From two indexes to one that holds the stories of both.

use super::add::Judging;
use super::load::Loaded;
use crate::error::Result;
use crate::index::Index;
use crate::index::file::corpus;
use crate::index::file::failure::Done;
use crate::index::file::header;
use crate::index::file::rows::{State, StoryRow};
use crate::rare::Sampling;
use crate::relation::direction::sent;
use crate::story::Story;

/// Stories that are carried over in one durable step.
pub(in crate::index) const STEP: u32 = 8_192;

impl Index {
    /// Adds the stories of `other`, in the order in which they came to it. Those that are in both
    /// stay once. Where settling is due, their rewrites are found once it has settled.
    ///
    /// # Errors
    /// [`ErrorKind::OtherSettings`](crate::ErrorKind::OtherSettings), naming the first that
    /// differs; those of [`Index::add`] of either. What was carried over before stays.
    pub fn merge(&mut self, other: &Self) -> Result<Loaded> {
        header::check(&self.store.config, &other.store.config).map_err(|fault| fault.of(&other.path))?;
        let mut after = 0;
        self.carry(&mut || other.read(|other, state| other.some_after(state, &mut after)))
    }

    /// Adds all that `next` gives until it gives nothing: stories, and when each was added.
    pub(in crate::index) fn carry(
        &mut self,
        next: &mut dyn FnMut() -> Result<Vec<(Story, i64)>>,
    ) -> Result<Loaded> {
        let mut loaded = Loaded::default();
        loop {
            let stories = next()?;
            if stories.is_empty() {
                self.file_rest()?;
                return Ok(loaded);
            }
            let answers = self.write(|index, state| {
                let fresh = index.pressed(
                    &stories.iter().map(|(story, _)| story.clone()).collect::<Vec<_>>(),
                    Sampling::of(state.tokens),
                )?;
                // One that waited there for its expiry must not wait as long again here.
                let mut answers = Vec::with_capacity(fresh.len());
                let mut fresh = fresh.into_iter();
                for run in stories.chunk_by(|x, y| x.1 == y.1) {
                    answers.extend(index.add_pressed(
                        state,
                        fresh.by_ref().take(run.len()).collect(),
                        run[0].1,
                        Judging::OnceDue,
                    )?);
                }
                Ok(answers)
            })?;
            let known = answers.iter().filter(|placed| placed.answer.known).count() as u64;
            loaded.known += known;
            loaded.added += answers.len() as u64 - known;
        }
    }

    /// The next stories by number, each with when it was added.
    fn some_after(&self, state: &State, after: &mut u32) -> Done<Vec<(Story, i64)>> {
        self.tail.borrow_mut().catch_up(&self.store.db, state)?;
        let delivered = |(row, story): (StoryRow, Story)| {
            Ok((Story { id: self.delivered_as(state, &row)?, ..story }, row.added))
        };
        corpus::stories_after(&self.store.db, after, STEP)?.into_iter().map(delivered).collect()
    }

    /// The id that a story came with: without the suffix that it got because an earlier story had
    /// the id. So it is known again where that one got it, or another one.
    fn delivered_as(&self, state: &State, row: &StoryRow) -> Done<String> {
        let id = sent(&row.id);
        let is_later = self.find_story(state, id)?.is_some_and(|first| first.story < row.story);
        Ok(if is_later { id.to_owned() } else { row.id.clone() })
    }
}
