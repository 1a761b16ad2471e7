//! From ties that were judged as stories came to those that a scan of all stories gives.
//!
//! At levels identical and copy a tie depends on two texts alone, and only components that were
//! too large to be cut at every step wait. At level rewrite how rare a phrase is and how telling a
//! word is depend on all stories: a pair is judged when the later story comes, by what the index
//! holds then, and settling judges all pairs again, by the code of a scan over the stored texts.

use super::Index;
use super::corpus::Stored;
use super::failure::{Done, damage};
use super::regroup::Touched;
use super::rows::{ClassRow, State};
use super::ties;
use crate::config::Level;
use crate::error::Result;
use crate::relation::tie::Verified;
use crate::scan::{Scanner, Ties};

/// Settling is due when one in so many stories has come or gone since: by then the index has paid
/// for it, and what it knows of words has moved.
const DUE: u64 = 8;

impl Index {
    /// Makes ties and clusters what a scan of all stories gives. Cost: nothing where nothing has
    /// come or gone; at level rewrite that of a scan of the stored texts, else that of cutting the
    /// components of more than 1,024 texts.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`](crate::ErrorKind::Damaged), [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn settle(&mut self) -> Result<()> {
        // What is judged must be what is then written: no other writer comes between.
        let turn = self.turn().map_err(|fault| fault.of(self.path()))?;
        let shares = turn.is_some();
        self.store.lock = turn.or_else(|| self.store.lock.take());
        let settled = self.settle_alone();
        if shares {
            self.store.lock = None;
        }
        settled
    }

    fn settle_alone(&mut self) -> Result<()> {
        let (waiting, unsettled) = self.read(|index, state| Ok((index.waiting()?, state.unsettled)))?;
        if unsettled > 0 && self.store.config.level() >= Level::Rewrite {
            let run = self.store.config.clone().change().strict(true).build()?;
            let stored = Stored::open(&self.path, &[])?;
            let found = Scanner::new(run).ties(&stored, &|_| {})?;
            stored.sound()?;
            return self.write(|index, state| index.adopt(state, &found));
        }
        // A file in which nothing waits is not written.
        if waiting == 0 { Ok(()) } else { self.write(|index, _| index.cut_stale()) }
    }

    /// The same where it is due: where so many stories have come or gone that their words count, or
    /// large components wait. Done when the index is closed, too.
    ///
    /// # Errors
    /// Those of [`Index::settle`].
    pub fn settle_if_due(&mut self) -> Result<()> {
        let is_due = self.read(|index, state| {
            Ok(index.waiting()? > 0 || state.unsettled.saturating_mul(DUE) > state.stories)
        })?;
        if is_due { self.settle() } else { Ok(()) }
    }

    /// Takes over the ties of a scan of all stories, in the transaction at hand.
    fn adopt(&self, state: &mut State, found: &Ties) -> Done<()> {
        let db = &self.store.db;
        let class_of = self.classes_by_id()?;
        if class_of.len() != found.stories {
            return damage(format!("{} stories, expected {}", class_of.len(), found.stories));
        }
        let of = |tie: &Verified| tie.between(class_of[tie.a as usize], class_of[tie.b as usize]);
        let mut all: Vec<Verified> = found.verified.iter().map(of).collect();
        all.sort_unstable_by_key(|tie| (tie.a, tie.b));
        let mut count = vec![0u32; state.next_class as usize];
        all.iter().flat_map(|tie| [tie.a, tie.b]).for_each(|class| count[class as usize] += 1);
        ties::replace_all(db, &all)?;
        let (mut touched, mut changed) = (Touched::new(), Vec::new());
        ClassRow::all(db, 0, |mut row| {
            let ties = count[row.class as usize];
            if ties > 0 || row.ties > 0 || row.stories > 1 || row.cluster.is_some() {
                touched.insert(row.class);
            }
            if ties != row.ties {
                row.ties = ties;
                changed.push(row);
            }
            Ok(())
        })?;
        changed.iter().try_for_each(|row| row.write(db))?;
        db.execute("DELETE FROM stale", [])?;
        self.regroup(&touched, true)?;
        self.keep_frequencies(state, &found.frequencies)?;
        state.unsettled = 0;
        Ok(())
    }

    /// The class of every story, in the order of ids: the order of a scan.
    fn classes_by_id(&self) -> Done<Vec<u32>> {
        let mut select = self.store.db.prepare("SELECT class FROM stories ORDER BY id")?;
        let classes = select.query_map([], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
        Ok(classes)
    }
}
