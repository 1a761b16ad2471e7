//! From ties that were judged as stories came to those that a scan of all stories gives.
//!
//! At levels identical and copy a tie depends on two texts alone, and only components that were
//! too large to be cut at every step wait. At level rewrite how rare a phrase is and how telling a
//! word is depend on all stories: a pair is judged when the later story comes, by what the index
//! holds then, and settling judges all pairs again, by the code of a scan over the stored texts.

use super::regroup::Touched;
use crate::config::Level;
use crate::error::Result;
use crate::index::Index;
use crate::index::file::corpus::{Moment, Stored};
use crate::index::file::failure::{Done, damage};
use crate::index::file::lock;
use crate::index::file::rows::{ClassRow, State};
use crate::index::file::ties;
use crate::relation::tie::Verified;
use crate::scan::{Scanner, Ties};

impl State {
    /// Whether, with so many `more`, one story in some has come or gone since the index settled: by
    /// then it has paid for settling, and what it knows of words has moved.
    pub(in crate::index) fn is_due(&self, more: u64) -> bool {
        const DUE: u64 = 8;
        (self.unsettled + more).saturating_mul(DUE) > self.stories + more
    }

    /// How many stories had come or gone when ties were judged last: it grows whenever they are, and
    /// between two classes that are there no tie becomes another meanwhile.
    pub(in crate::index) fn judged_at(&self) -> u64 {
        let came = u64::from(self.next_story - 1);
        (came + came).wrapping_sub(self.stories).wrapping_sub(self.unsettled)
    }
}

impl Index {
    /// Makes ties and clusters what a scan of all stories gives. Cost: nothing where nothing has
    /// come or gone; at level rewrite that of a scan of the stored texts, beside which other writers go on if this one takes turns, else that of cutting the
    /// components of more than 1,024 texts.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`](crate::ErrorKind::Damaged), [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn settle(&mut self) -> Result<()> {
        // Who may not write is told before anything is judged.
        drop(self.turn().map_err(|fault| fault.of(self.path()))?);
        let shared = self.store.lock.is_none().then_some(self.store.turns).flatten();
        let settling = shared.map(|patience| lock::settling(&self.path, patience)).transpose();
        let _settling = settling.map_err(|fault| fault.of(self.path()))?;
        let (waiting, unsettled) = self.read(|index, state| Ok((index.waiting()?, state.unsettled)))?;
        if unsettled > 0 && self.store.config.level() >= Level::Rewrite {
            let (moment, found) = self.judged_anew()?;
            return self.write(|index, state| index.adopt(state, &moment, &found));
        }
        // A file in which nothing waits is not written.
        if waiting == 0 { Ok(()) } else { self.write(|index, _| index.cut_stale()) }
    }

    /// Every tie of the stories of this moment; others may write meanwhile.
    pub(in crate::index) fn judged_anew(&self) -> Result<(Moment, Ties)> {
        let run = self.store.config.clone().change().strict(true).build()?;
        let stored = Stored::open(&self.path, &[])?;
        let moment = stored.moment()?;
        let found = Scanner::new(run).ties(&stored, &|_| {})?;
        stored.sound()?;
        Ok((moment, found))
    }

    /// The same where it is due: where so many stories have come or gone that their words count, or
    /// large components wait. Done when the index is closed, too.
    ///
    /// # Errors
    /// Those of [`Index::settle`].
    pub fn settle_if_due(&mut self) -> Result<()> {
        let is_due = self.read(|index, state| Ok(state.is_due(0) || index.waiting()? > 0))?;
        if is_due { self.settle() } else { Ok(()) }
    }

    /// Takes over the ties of a scan of the stories of `then`, in the transaction at hand. What has come
    /// since keeps the ties that it was given, and waits to be settled; what has gone stays gone.
    pub(in crate::index) fn adopt(&self, state: &mut State, then: &Moment, found: &Ties) -> Done<()> {
        let db = &self.store.db;
        if then.classes.len() != found.stories {
            return damage(format!("{} stories, expected {}", then.classes.len(), found.stories));
        }
        let end = then.state.next_class;
        let mut is_there = vec![false; end as usize];
        let mut select = db.prepare_cached("SELECT class FROM classes WHERE class < ?1")?;
        let mut rows = select.query([end])?;
        while let Some(row) = rows.next()? {
            is_there[row.get::<_, u32>(0)? as usize] = true;
        }
        let of = |tie: &Verified| tie.between(then.classes[tie.a as usize], then.classes[tie.b as usize]);
        let all = found.verified.iter().map(of);
        let all: Vec<Verified> =
            all.filter(|tie| is_there[tie.a as usize] && is_there[tie.b as usize]).collect();
        let more = ties::replace(db, end, &all)?;
        for (&class, &more) in more.iter().filter(|&(_, &more)| more != 0) {
            let mut row = ClassRow::read(db, class)?;
            row.ties = row.ties.saturating_add_signed(more);
            row.write(db)?;
        }
        let touched: Touched = more.into_keys().chain(self.stale()?).collect();
        self.regroup(&touched, true)?;
        db.execute("DELETE FROM stale", [])?;
        self.keep_frequencies(state, &found.frequencies)?;
        let come = u64::from(state.next_story - then.state.next_story);
        let gone = (then.state.stories + come).saturating_sub(state.stories);
        state.unsettled = come + gone;
        Ok(())
    }
}
