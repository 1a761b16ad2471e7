//! From an index to the list of what is damaged in it.

use crate::cluster::canonical::Member;
use crate::error::{Error, Result};
use crate::hash;
use crate::index::Index;
use crate::index::file::corpus::story_of;
use crate::index::file::failure::{Done, Fault, WAY_OUT, damage};
use crate::index::file::fingerprint::{Fresh, Press, band_keys, id_key};
use crate::index::file::postings::{self, Posting};
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::ties;
use crate::rare::Sampling;
use crate::relation::tie::Basis;
use ahash::AHashMap;
use rayon::prelude::*;

/// Texts that are unpacked at once.
const AT_ONCE: usize = 4_096;

/// A sum over postings that does not depend on their order.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Tally(u64, u64);

impl Tally {
    fn add(&mut self, (key, number): Posting) {
        self.0 += 1;
        self.1 = self.1.wrapping_add(hash::finalise(u64::from(key) << 32 | u64::from(number)));
    }

    fn of(postings: impl Iterator<Item = Posting>) -> Self {
        let mut tally = Self::default();
        postings.for_each(|posting| tally.add(posting));
        tally
    }
}

impl Index {
    /// Checks everything that the file promises, and names what does not hold: the pages; the
    /// seal of every row; that every text gives the fingerprint of its class, every key is filed
    /// where it belongs, every tie holds from both sides with its exact overlap, and every cluster
    /// is what a scan would make. Empty for a sound file. Cost: about that of adding all stories.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the file cannot be read at all.
    pub fn verify(&self) -> Result<Vec<String>> {
        self.read(|index, state| {
            let mut found = Vec::new();
            let mut note = |checked: Done<()>| match checked {
                Ok(()) => Ok(()),
                Err(fault) => match fault {
                    Fault::Damage(what) => {
                        found.push(what);
                        Ok(())
                    }
                    Fault::Known(error) => Err(Fault::Known(error)),
                    Fault::Sql(error) => {
                        let error: Error = Fault::Sql(error).of(&index.path);
                        if error.kind() != crate::error::ErrorKind::Damaged {
                            return Err(error.into());
                        }
                        let text = error.message().trim_start_matches("damaged: ");
                        found.push(
                            text.strip_suffix(WAY_OUT).unwrap_or(text).trim_end_matches("; ").to_owned(),
                        );
                        Ok(())
                    }
                },
            };
            note(index.check_pages())?;
            note(index.check_classes(state))?;
            note(index.check_texts())?;
            note(index.check_postings(state))?;
            note(index.check_ties())?;
            note(index.check_all_clusters())?;
            found.dedup();
            Ok(found)
        })
    }

    fn check_pages(&self) -> Done<()> {
        let mut check = self.store.db.prepare("PRAGMA integrity_check(8)")?;
        let said: Vec<String> =
            check.query_map([], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
        if said == ["ok"] { Ok(()) } else { damage(said.join("; ").replace('\n', " ")) }
    }

    /// Counts, and that each class has its stories, the least and the kept among them.
    fn check_classes(&self, state: &State) -> Done<()> {
        let db = &self.store.db;
        let mut of_class: AHashMap<u32, Vec<StoryRow>> = AHashMap::new();
        let mut stories = 0;
        StoryRow::all(db, |row| {
            stories += 1;
            of_class.entry(row.class).or_default().push(row);
            Ok(())
        })?;
        let mut classes = 0;
        ClassRow::all(db, 0, |class| {
            classes += 1;
            let rows = of_class.remove(&class.class).unwrap_or_default();
            let members: Vec<Member<'_>> = rows.iter().map(|row| row.member(class.tokens)).collect();
            let least = rows.iter().min_by(|x, y| x.id.cmp(&y.id)).map(|row| row.story);
            let is_right = rows.len() == class.stories as usize
                && least == Some(class.least)
                && rows[self.store.config.keep().choose(&members)].story == class.kept;
            if is_right {
                Ok(())
            } else {
                damage(format!("class {} has other stories than it says", class.class))
            }
        })?;
        of_class.remove(&0);
        if let Some(class) = of_class.keys().min() {
            return damage(format!("class {class} is missing"));
        }
        let counted = (stories, classes);
        let expected = (state.stories, state.classes);
        if counted == expected {
            Ok(())
        } else {
            damage(format!("(stories, classes) {counted:?}, expected {expected:?}"))
        }
    }

    /// That every story has its text, and that it gives the fingerprint of its class.
    fn check_texts(&self) -> Done<()> {
        let (db, mut after) = (&self.store.db, 0);
        loop {
            let rows = StoryRow::after(db, after, AT_ONCE as u32)?;
            let Some(last) = rows.last() else { break };
            after = last.story;
            let mut work = Vec::with_capacity(rows.len());
            for row in rows {
                let class = if row.class > 0 { Some(ClassRow::read(db, row.class)?) } else { None };
                let packed = self.packed(row.story)?;
                work.push((row, class, packed));
            }
            let config = &self.store.config;
            let check =
                |press: &mut Option<Press>, (row, class, packed): (StoryRow, Option<ClassRow>, Vec<u8>)| {
                    let press = match press {
                        Some(press) => press,
                        none => none.insert(Press::new(config)?),
                    };
                    let fresh = press.press(story_of(&row, &packed)?, Sampling::All)?;
                    let is_right = class.map_or(fresh.tokens == 0, |class| is_of(&fresh, &class));
                    if is_right {
                        Ok(())
                    } else {
                        damage(format!("the text of `{}` is not that of its class", row.id))
                    }
                };
            work.into_par_iter().map_init(|| None, check).collect::<Done<Vec<()>>>()?;
        }
        let texts: i64 = db.query_row("SELECT count(*) FROM texts", [], |row| row.get(0))?;
        let stories: i64 = db.query_row("SELECT count(*) FROM stories", [], |row| row.get(0))?;
        if texts == stories { Ok(()) } else { damage(format!("{texts} texts of {stories} stories")) }
    }

    /// That what is filed is what classes and stories ask for.
    fn check_postings(&self, state: &State) -> Done<()> {
        let db = &self.store.db;
        let (mut bands, mut ids) = (Tally::default(), Tally::default());
        ClassRow::all(db, 0, |class| {
            if class.class < state.filed_classes {
                let mut keys = band_keys(class.identity, &class.bands);
                keys.sort_unstable();
                keys.dedup();
                keys.into_iter().for_each(|key| bands.add((key, class.class)));
            }
            Ok(())
        })?;
        StoryRow::all(db, |row| {
            if row.story < state.filed_stories {
                ids.add((id_key(&row.id), row.story));
            }
            Ok(())
        })?;
        for (shelf, end, expected) in
            [(postings::BANDS, state.filed_classes, bands), (postings::IDS, state.filed_stories, ids)]
        {
            let mut filed = Vec::new();
            shelf.walk(db, end, |key, number| filed.push((key, number)))?;
            if Tally::of(filed.into_iter()) != expected {
                return damage(format!("`{}` holds other postings than its stories have", shelf.table));
            }
        }
        for shelf in [postings::HEADLINES, postings::NOTICES] {
            shelf.walk(db, state.filed_classes, |_, _| {})?;
        }
        if self.store.config.level() >= crate::config::Level::Rewrite {
            postings::RARE.walk(db, state.filed_classes, |_, _| {})?;
        }
        Ok(())
    }

    /// That every tie is there from both sides, and that the overlap of every copy is exact.
    fn check_ties(&self) -> Done<()> {
        let db = &self.store.db;
        let mut sides: AHashMap<(u32, u32), u32> = AHashMap::new();
        let mut once = Vec::new();
        ties::all(db, |a, half| {
            *sides.entry((a.min(half.other), a.max(half.other))).or_default() += 1;
            if a < half.other {
                once.push((a, half));
            }
            Ok(())
        })?;
        if let Some((a, b)) = sides.iter().filter(|(_, count)| **count != 2).map(|(pair, _)| *pair).min() {
            return damage(format!("the tie of classes {a} and {b} is there from one side only"));
        }
        for (a, half) in once {
            let (x, y) = (ClassRow::read(db, a)?, ClassRow::read(db, half.other)?);
            let tie = half.verified((0, x.shingles), (1, y.shingles));
            if matches!(tie.basis, Basis::Text | Basis::Notice | Basis::Declared) {
                let exact = crate::similarity::Overlap::of_sorted(&self.shingles(&x)?, &self.shingles(&y)?);
                if exact != tie.overlap {
                    return damage(format!("the tie of classes {a} and {} has another overlap", half.other));
                }
            }
        }
        Ok(())
    }

    /// That the clusters are those of a scan; where large components wait, that is not known yet.
    fn check_all_clusters(&self) -> Done<()> {
        let db = &self.store.db;
        if self.waiting()? > 0 {
            return Ok(());
        }
        let mut classes = Vec::new();
        ClassRow::all(db, 0, |class| {
            if class.ties > 0 || class.stories > 1 || class.cluster.is_some() {
                classes.push(class.class);
            }
            Ok(())
        })?;
        self.check_clusters(&classes)
    }
}

/// Whether the text of `fresh` is that of `class`.
fn is_of(fresh: &Fresh, class: &ClassRow) -> bool {
    (fresh.identity, fresh.tokens, fresh.shingles.len() as u32)
        == (class.identity, class.tokens, class.shingles)
        && (fresh.script == class.script || class.stories > 1)
        && fresh.bands == class.bands
}
