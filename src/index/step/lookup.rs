//! From the keys of a story to the classes that may hold its report, and to those that do.

use super::rewrite::Holders;
use crate::config::Level;
use crate::index::Index;
use crate::index::file::failure::{Done, damage};
use crate::index::file::fingerprint::{Fresh, id_key};
use crate::index::file::postings::{self, Posting};
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::ties::Tied;
use crate::relation::Relation;
use crate::relation::judge::{copy_score, shortest_copy};
use crate::relation::tie::{Basis, Verified};
use crate::shingle::distinct;
use crate::verify;
use std::sync::Arc;

/// Numbers of a file that may be what a story asks for, by the place of the story.
#[derive(Debug, Default)]
pub(in crate::index) struct Filed {
    /// Classes that share identity or band.
    pub(in crate::index) classes: Vec<Vec<u32>>,
    /// Stories whose id has the same key.
    pub(in crate::index) ids: Vec<Vec<u32>>,
    /// Holders of rare shingles, at level rewrite.
    pub(in crate::index) rare: Vec<Holders>,
}

/// Shingle sets that are kept: of the last some thousand classes that were asked for.
pub(in crate::index) const SETS: usize = 1 << 14;

impl Index {
    /// Looks all stories up at once, so that a bucket is read once for all of them; by rare
    /// shingles only if their rewrites are `judged`.
    pub(in crate::index) fn look_up(&self, state: &State, fresh: &[Fresh], judged: bool) -> Done<Filed> {
        let db = &self.store.db;
        let (classes, ids) = (vec![Vec::new(); fresh.len()], vec![Vec::new(); fresh.len()]);
        let rare = if judged { self.look_up_rare(state, fresh)? } else { vec![Vec::new(); fresh.len()] };
        let mut filed = Filed { classes, ids, rare };
        let asked = |keys: &mut dyn Iterator<Item = Posting>| {
            let mut asked: Vec<Posting> = keys.collect();
            asked.sort_unstable();
            asked
        };
        let bands = asked(
            &mut (0..)
                .zip(fresh)
                .flat_map(|(who, fresh)| fresh.keys.bands.iter().map(move |&key| (key, who))),
        );
        postings::BANDS.find(db, &bands, (state.filed_classes, usize::MAX), |who, class| {
            filed.classes[who as usize].push(class);
        })?;
        let ids = asked(&mut (0..).zip(fresh).map(|(who, fresh)| (id_key(&fresh.story.id), who)));
        postings::IDS.find(db, &ids, (state.filed_stories, usize::MAX), |who, story| {
            filed.ids[who as usize].push(story);
        })?;
        for classes in &mut filed.classes {
            classes.sort_unstable();
            classes.dedup();
        }
        Ok(filed)
    }

    /// The story of that id, if there is one; `filed` are those filed under its key.
    pub(in crate::index) fn story_of_id(&self, id: &str, filed: &[u32]) -> Done<Option<StoryRow>> {
        let unfiled: Vec<u32> = self.tail.borrow_mut().ids.get(id_key(id)).collect();
        for &story in unfiled.iter().chain(filed) {
            let row = StoryRow::read(&self.store.db, story)?;
            if row.id == id {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The story of that id, if there is one.
    pub(in crate::index) fn find_story(&self, state: &State, id: &str) -> Done<Option<StoryRow>> {
        let mut filed = Vec::new();
        let (asked, among) = ([(id_key(id), 0)], (state.filed_stories, usize::MAX));
        postings::IDS.find(&self.store.db, &asked, among, |_, story| filed.push(story))?;
        self.story_of_id(id, &filed)
    }

    /// The classes that share identity or band with `fresh`, each once, by number.
    pub(in crate::index) fn met(&self, fresh: &Fresh, filed: &[u32]) -> Done<Vec<ClassRow>> {
        let mut classes = filed.to_vec();
        let mut tail = self.tail.borrow_mut();
        for &key in &fresh.keys.bands {
            let before = classes.len();
            classes.extend(tail.bands.get(key));
            // Of a family the oldest lead; see `postings`.
            if classes.len() - before >= postings::FAMILY {
                classes.drain(before..classes.len() - postings::LEADERS);
            }
        }
        drop(tail);
        classes.sort_unstable();
        classes.dedup();
        classes.into_iter().map(|class| ClassRow::read(&self.store.db, class)).collect()
    }

    /// The copies of `fresh` among the classes it has met: each by its row and its tie, in which
    /// `fresh` is the greater number `own`.
    pub(in crate::index) fn copies(&self, fresh: &Fresh, own: u32, met: Vec<ClassRow>) -> Done<Vec<Tied>> {
        let config = &self.store.config;
        let (banding, shortest) = (config.banding(), shortest_copy(config.shingle()) as u32);
        let mut found = Vec::new();
        let is_too_short = config.level() == Level::Identical || fresh.tokens < shortest;
        let kept = self.kept_from(&fresh.story);
        if is_too_short && kept.is_none() {
            return Ok(found);
        }
        let least = banding.least_equal(config.threshold());
        for row in met {
            if let Some(kept) = &kept {
                let other = self.kept_from_of(&row)?;
                if self.part(kept, &other) {
                    continue;
                }
                if row.identity.marked(other.mark) == fresh.identity.marked(kept.mark) {
                    let tie = Verified::identical(row.class, own, row.shingles);
                    found.push((row, tie));
                    continue;
                }
            }
            if is_too_short {
                continue;
            }
            let meets = row.bands.len() == fresh.bands.len()
                && row.bands.iter().zip(&fresh.bands).any(|(x, y)| x == y);
            if !meets || row.tokens < shortest || banding.equal_values(&row.bands, &fresh.bands) < least {
                continue;
            }
            let set = self.shingles(&row)?;
            if let Some(overlap) = verify::copy(&set, &fresh.shingles, config.threshold()) {
                let score = copy_score(overlap);
                let tie = Verified {
                    a: row.class,
                    b: own,
                    relation: Relation::Copy,
                    score,
                    overlap,
                    basis: Basis::Text,
                };
                found.push((row, tie));
            }
        }
        Ok(found)
    }

    /// The distinct shingles of a class, ascending. Cost: nothing, or the reading of one text.
    pub(in crate::index) fn shingles(&self, row: &ClassRow) -> Done<Arc<Vec<u64>>> {
        let kept = self.sets.borrow_mut().get(&row.class);
        if let Some(set) = kept {
            return Ok(set);
        }
        let (story, tokens) = self.prepared(row.least)?;
        if self.store.config.identity(&story, &tokens) != row.identity {
            return damage(format!("the text of story {} is not that of its class", row.least));
        }
        let set = Arc::new(distinct(&tokens, self.store.config.shingle()));
        self.sets.borrow_mut().keep(row.class, Arc::clone(&set), 1);
        Ok(set)
    }
}
