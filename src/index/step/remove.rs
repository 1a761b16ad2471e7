//! From ids or an age to stories that are gone, with all that only they held together.

use super::regroup::Touched;
use crate::config::Level;
use crate::error::Result;
use crate::index::Index;
use crate::index::file::failure::{Done, damage};
use crate::index::file::fingerprint::{Keys, id_key};
use crate::index::file::postings::{self, Posting};
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::ties;
use jiff::Timestamp;

/// What is to be taken out of buckets, all at once.
#[derive(Default)]
struct Gone {
    bands: Vec<Posting>,
    rare: Vec<Posting>,
    headlines: Vec<Posting>,
    notices: Vec<Posting>,
    ids: Vec<Posting>,
}

impl Index {
    /// Takes stories out by id, all in one durable step, and gives those ids that no story has.
    /// What only they held together falls apart.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged);
    /// nothing is removed then.
    pub fn remove(&mut self, ids: &[impl AsRef<str>]) -> Result<Vec<String>> {
        self.write(|index, state| {
            let (mut rows, mut unknown) = (Vec::new(), Vec::new());
            for id in ids {
                match index.find_story(state, id.as_ref())? {
                    Some(row) => rows.push(row),
                    None => unknown.push(id.as_ref().to_owned()),
                }
            }
            index.take_out(state, rows)?;
            Ok(unknown)
        })
    }

    /// Takes out the stories that were published before `moment`, in steps of some thousand; one
    /// without a time counts from when it was added. Gives how many they were.
    ///
    /// # Errors
    /// Those of [`Index::remove`]; what earlier steps took out stays out.
    pub fn expire(&mut self, moment: Timestamp) -> Result<u64> {
        /// Stories of a step.
        const STEP: usize = 8_192;
        let mut expired = self.read(|index, _| {
            let mut expired = Vec::new();
            StoryRow::all(&index.store.db, |row| {
                if row.time.map_or(row.added, crate::time::Time::as_second) < moment.as_second() {
                    expired.push(row.story);
                }
                Ok(())
            })?;
            Ok(expired)
        })?;
        let count = expired.len() as u64;
        while !expired.is_empty() {
            let step = expired.split_off(expired.len().saturating_sub(STEP));
            self.write(|index, state| {
                let rows = step.iter().map(|&story| StoryRow::read(&index.store.db, story));
                let rows = rows.collect::<Done<Vec<_>>>()?;
                index.take_out(state, rows)
            })?;
        }
        Ok(count)
    }

    /// Takes `rows` out, in the transaction at hand.
    fn take_out(&self, state: &mut State, mut rows: Vec<StoryRow>) -> Done<()> {
        rows.sort_unstable_by_key(|row| row.story);
        rows.dedup_by_key(|row| row.story);
        if rows.is_empty() {
            return Ok(());
        }
        let (mut gone, mut touched) = (Gone::default(), Touched::default());
        for row in &rows {
            self.take_out_story(state, row, &mut gone, &mut touched)?;
        }
        let db = &self.store.db;
        postings::BANDS.unfile(db, &gone.bands, true)?;
        postings::IDS.unfile(db, &gone.ids, true)?;
        postings::RARE.unfile(db, &gone.rare, false)?;
        postings::HEADLINES.unfile(db, &gone.headlines, false)?;
        postings::NOTICES.unfile(db, &gone.notices, false)?;
        state.removals += 1;
        state.unsettled += rows.len() as u64;
        self.tail.borrow_mut().catch_up(db, state)?;
        self.regroup(&touched, true)
    }

    fn take_out_story(
        &self,
        state: &mut State,
        row: &StoryRow,
        gone: &mut Gone,
        touched: &mut Touched,
    ) -> Done<()> {
        let db = &self.store.db;
        if row.story < state.filed_stories {
            gone.ids.push((id_key(&row.id), row.story));
        } else {
            state.tail_stories -= 1;
        }
        if row.class > 0 {
            let mut class = ClassRow::read(db, row.class)?;
            class.stories -= 1;
            if class.stories == 0 {
                self.take_out_class(state, &class, gone, touched)?;
            } else {
                delete(self, row.story)?;
                let (least, kept) = (class.least == row.story, class.kept == row.story);
                if least || kept {
                    let left = StoryRow::of_class(db, class.class, u32::MAX >> 1)?;
                    let Some(first) = left.iter().min_by(|x, y| x.id.cmp(&y.id)) else {
                        return damage(format!("class {} has no story", class.class));
                    };
                    let members: Vec<_> = left.iter().map(|row| row.member(class.tokens)).collect();
                    class.least = first.story;
                    class.kept = left[self.store.config.keep().choose(&members)].story;
                }
                class.write(db)?;
                touched.insert(class.class);
                state.stories -= 1;
                return Ok(());
            }
        }
        delete(self, row.story)?;
        state.stories -= 1;
        Ok(())
    }

    /// Takes a class out whose last story goes.
    fn take_out_class(
        &self,
        state: &mut State,
        class: &ClassRow,
        gone: &mut Gone,
        touched: &mut Touched,
    ) -> Done<()> {
        let db = &self.store.db;
        let keys = self.keys_of(state, class)?;
        if self.store.config.level() >= Level::Rewrite {
            self.lead_again(state, class)?;
        }
        if class.class < state.filed_classes {
            let of = |keys: &[u32]| keys.iter().map(|&key| (key, class.class)).collect::<Vec<_>>();
            gone.bands.extend(of(&keys.bands));
            gone.rare.extend(of(&keys.rare));
            gone.headlines.extend(of(&keys.headline));
            gone.notices.extend(of(&keys.notice));
        } else {
            state.tail_classes -= 1;
        }
        let halves = ties::of_class(db, class)?;
        ties::remove(db, class)?;
        for tie in halves {
            let mut other = ClassRow::read(db, tie.other)?;
            other.ties -= 1;
            other.write(db)?;
            touched.insert(other.class);
        }
        for table in ["classes", "stale", "unfiled"] {
            db.prepare_cached(&format!("DELETE FROM {table} WHERE class = ?1"))?.execute([class.class])?;
        }
        if let Some(cluster) = class.cluster {
            db.prepare_cached("DELETE FROM clusters WHERE cluster = ?1")?.execute([cluster])?;
        }
        touched.remove(&class.class);
        state.classes -= 1;
        Ok(())
    }

    /// The keys of a class as they are filed or wait to be.
    fn keys_of(&self, state: &State, class: &ClassRow) -> Done<Keys> {
        if class.class >= state.filed_classes {
            return Keys::of_row(&self.store.db, class);
        }
        self.keys_as_filed(class)
    }
}

fn delete(index: &Index, story: u32) -> Done<()> {
    for table in ["stories", "texts"] {
        let db = &index.store.db;
        db.prepare_cached(&format!("DELETE FROM {table} WHERE story = ?1"))?.execute([story])?;
    }
    Ok(())
}
