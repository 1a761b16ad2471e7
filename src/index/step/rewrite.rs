//! From the phrases that a story shares with few others to its rewrites.
//!
//! A scan finds rewrites when all stories are known; here each is judged when it comes, by what
//! the index holds then. The steps and the judgement are those of a scan. What differs:
//!
//! * How rare a phrase is and how telling a word is are read off the stories so far. Frequencies
//!   of words are counted anew, over a sample as in a scan, whenever the stories have doubled.
//! * A pair is judged once, when the later one comes; a scan of all might score it otherwise, and
//!   settling does. Where nobody waits for an answer and settling is due, it is left to that.
//! * How many phrases a candidate has is told by its length, not counted.
//! * Pairs between Latin and Cyrillic script are not looked for.

use crate::cluster::canonical::earliness;
use crate::evidence::Profile;
use crate::index::Index;
use crate::index::file::failure::Done;
use crate::index::file::fingerprint::{Fresh, Keys};
use crate::index::file::postings::{self, Posting, Shelf};
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::tail::Chains;
use crate::index::file::ties::{self, Tied};
use crate::rare::postings::FORM;
use crate::rare::{Sampling, Shared};
use crate::relation::judge::{SHORTEST, Terms, judge};
use crate::relation::tie::{Basis, Verified};
use crate::relation::{Level, Relation};
use crate::similarity::Overlap;
use crate::story::MarkerKind;
use ahash::AHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Stories that may hold a phrase that still counts, as in a scan.
const CAP: usize = crate::rare::postings::CAP;
/// Of the stories that hold one above it, the oldest, which a newcomer meets, as in a scan.
const FIRST: usize = crate::rare::postings::FIRST;
/// Members of a family of copies that are judged each.
const SPELLED_OUT: usize = 16;
/// Runs of three tokens that a notice and a headline must share, and stories that may hold one.
const NAMED: (u32, usize) = (2, 1_000);
/// Stories of a class that are asked when they had its text.
const ASKED_WHEN: u32 = 256;
/// The least score that is kept of a pair that is not joined: it may speak for its cluster.
const KEPT: f64 = 0.1;

/// The holders of the keys of a story, with the key; of a key that many hold as many as tell so.
pub(in crate::index) type Holders = Vec<Posting>;

/// Leaves of the rare shingles of a story those that count in an index of this size.
pub(in crate::index) fn sample(state: &State, fresh: &mut Fresh) -> Sampling {
    let sampling = if fresh.is_sampled { Sampling::Quarter } else { Sampling::of(state.tokens) };
    fresh.keys.rare.retain(|&key| sampling.keeps(key));
    sampling
}

impl Index {
    /// The holders of rare shingles of all stories, filed ones, by the place of the story.
    pub(in crate::index) fn look_up_rare(&self, state: &State, fresh: &[Fresh]) -> Done<Vec<Holders>> {
        let mut asked: Vec<Posting> = Vec::new();
        let mut whose = Vec::new();
        for (place, fresh) in fresh.iter().enumerate() {
            for key in &fresh.keys.rare {
                asked.push((*key, whose.len() as u32));
                whose.push((place, *key));
            }
        }
        asked.sort_unstable();
        let mut holders = vec![Vec::new(); fresh.len()];
        let among = (state.filed_classes, CAP + 1);
        postings::RARE.find(&self.store.db, &asked, among, |who, class| {
            let (place, key) = whose[who as usize];
            holders[place].push((key, class));
        })?;
        Ok(holders)
    }

    /// The classes that hold another version of the report of `fresh`, but for its `copies`, each
    /// with its tie, in which `fresh` is the greater number `own`. Of the keys of `fresh`, those
    /// that many hold are taken out.
    pub(in crate::index) fn retold(
        &self,
        state: &State,
        fresh: &mut Fresh,
        filed: Holders,
        own: u32,
        copies: &[Tied],
    ) -> Done<Vec<Tied>> {
        let known: BTreeSet<u32> = copies.iter().map(|(row, _)| row.class).collect();
        let mut wanted = BTreeSet::new();
        if fresh.tokens as usize >= SHORTEST {
            for leader in self.sharing(state, fresh, filed)? {
                wanted.extend(self.family(leader)?);
            }
            for leader in copies.iter().map(|(row, _)| row.leader).collect::<BTreeSet<u32>>() {
                wanted.extend(self.family(leader)?);
            }
        }
        let named = self.named(state, fresh)?;
        let mine = Profile::new(&fresh.story, &*self.weights(state)?);
        let terms = Terms { all: false, ..self.store.config.terms() };
        let mut found: BTreeMap<u32, Tied> = BTreeMap::new();
        let time = fresh.story.time.map(crate::time::Time::as_second);
        for &class in wanted.union(&named) {
            if class == own || known.contains(&class) {
                continue;
            }
            let row = ClassRow::read(&self.store.db, class)?;
            let theirs = self.profile(state, &row)?;
            let is_near = self.store.config.in_window(theirs.time(), time);
            if !named.contains(&class) && !is_near {
                continue;
            }
            let Some(verdict) = judge(&theirs, &mine, terms) else { continue };
            let joins = verdict.relation.joins(Level::Rewrite);
            if joins || verdict.score >= KEPT || verdict.relation == Relation::Roundup {
                found.insert(class, (row, verdict.tie(class, own)));
            }
        }
        self.spread_kills(state, &mine, own, copies, &mut found)?;
        let mut found = found.into_values().collect();
        self.untie(&fresh.story, &mut found)?;
        Ok(found)
    }

    /// The leaders that share enough rare shingles with `fresh`.
    fn sharing(&self, state: &State, fresh: &mut Fresh, mut filed: Holders) -> Done<Vec<u32>> {
        let sampling = sample(state, fresh);
        let enough = Shared::enough(sampling);
        let kept = fresh.keys.rare.len() as u32;
        filed.sort_unstable();
        let mut filed = filed.as_slice();
        let mut of_key = Vec::new();
        // Classes, each above a bit that tells a phrase that many hold; sorted once all are there.
        let mut met: Vec<u64> = Vec::with_capacity(fresh.keys.rare.len());
        let mut tail = self.tail.borrow_mut();
        fresh.keys.rare.retain(|&key| {
            filed = &filed[filed.partition_point(|&(known, _)| known < key)..];
            let (same, rest) = filed.split_at(filed.partition_point(|&(known, _)| known == key));
            filed = rest;
            of_key.clear();
            of_key.extend(same.iter().map(|&(_, class)| class));
            of_key.extend(tail.rare.get(key).take(CAP + 1));
            let is_hot = of_key.len() >= CAP;
            if is_hot {
                of_key.sort_unstable();
            }
            let meets = if is_hot { FIRST } else { of_key.len() };
            met.extend(of_key[..meets].iter().map(|&class| u64::from(class) << 1 | u64::from(is_hot)));
            of_key.len() <= CAP
        });
        drop(tail);
        let mut found = Vec::new();
        met.sort_unstable();
        for of_class in met.chunk_by(|x, y| x >> 1 == y >> 1) {
            let (class, all) = ((of_class[0] >> 1) as u32, of_class.len() as u32);
            let hot = of_class.iter().filter(|&met| met & 1 == 1).count() as u32;
            let rare = all - hot;
            // Of a report that many carry no phrase is rare.
            if all >= enough.least && u64::from(all) * 100 >= u64::from(kept) * FORM {
                found.push(class);
            } else if rare >= enough.least {
                let tokens = ClassRow::read(&self.store.db, class)?.tokens.saturating_sub(2);
                let theirs = if sampling == Sampling::All { tokens } else { tokens / 4 };
                if u64::from(rare) * 100 >= u64::from(kept.min(theirs)) * u64::from(enough.percent) {
                    found.push(class);
                }
            }
        }
        Ok(found)
    }

    /// The classes that are copies of `leader`, itself among them; of many, itself alone.
    pub(in crate::index) fn family(&self, leader: u32) -> Done<Vec<u32>> {
        let mut members = vec![leader];
        for tie in ties::of_class(&self.store.db, &ClassRow::read(&self.store.db, leader)?)? {
            if tie.is_copy() && ClassRow::read(&self.store.db, tie.other)?.leader == leader {
                members.push(tie.other);
            }
        }
        members.truncate(if members.len() > SPELLED_OUT { 1 } else { SPELLED_OUT });
        Ok(members)
    }

    /// The classes that `fresh` names as a notice, and the notices that name it.
    fn named(&self, state: &State, fresh: &Fresh) -> Done<BTreeSet<u32>> {
        let mut tail = self.tail.borrow_mut();
        let mut found = self.meeting(state, postings::HEADLINES, &mut tail.headlines, &fresh.keys.notice)?;
        found.extend(self.meeting(state, postings::NOTICES, &mut tail.notices, &fresh.keys.headline)?);
        Ok(found)
    }

    /// The classes of a shelf that share enough of `keys`.
    pub(in crate::index) fn meeting(
        &self,
        state: &State,
        shelf: Shelf,
        tail: &mut Chains,
        keys: &[u32],
    ) -> Done<BTreeSet<u32>> {
        let (least, cap) = NAMED;
        let asked: Vec<Posting> = keys.iter().map(|&key| (key, key)).collect();
        let mut holders: AHashMap<u32, Vec<u32>> = AHashMap::new();
        shelf.find(&self.store.db, &asked, (state.filed_classes, cap + 1), |key, class| {
            holders.entry(key).or_default().push(class);
        })?;
        keys.iter().for_each(|&key| holders.entry(key).or_default().extend(tail.get(key).take(cap + 1)));
        let mut shared: BTreeMap<u32, u32> = BTreeMap::new();
        for classes in holders.values().filter(|classes| classes.len() <= cap) {
            classes.iter().for_each(|&class| *shared.entry(class).or_default() += 1);
        }
        Ok(shared.into_iter().filter(|(_, count)| *count >= least).map(|(class, _)| class).collect())
    }

    /// The profile of a class, by the story that had its text first, as in a scan.
    pub(in crate::index) fn profile(&self, state: &State, row: &ClassRow) -> Done<Arc<Profile>> {
        let voice = if row.stories > 1 { self.voice(row)? } else { None };
        let key = voice.as_ref().map_or(row.least, |voice| voice.story);
        let kept = self.profiles.borrow_mut().made.get(&key);
        if let Some(profile) = kept {
            return Ok(profile);
        }
        let mut story = self.readied(&StoryRow::read(&self.store.db, row.least)?)?;
        if let Some(voice) = voice {
            (story.source, story.time) = (voice.source, voice.time);
        }
        let profile = Arc::new(Profile::new(&story, &*self.weights(state)?));
        self.profiles.borrow_mut().made.keep(key, Arc::clone(&profile), 1);
        Ok(profile)
    }

    /// Of the stories of a class the one that had its text first; of thousands, of those that came first.
    fn voice(&self, row: &ClassRow) -> Done<Option<StoryRow>> {
        let rows = StoryRow::first_of(&self.store.db, row, ASKED_WHEN)?;
        let came = |row: &StoryRow| (earliness(row.time), row.source.clone(), row.id.clone());
        Ok(rows.into_iter().min_by_key(came))
    }

    /// Ties what takes a story back to every version of it: a kill that came to the versions of
    /// what it names, or a newcomer to the kills of what it is a version of.
    fn spread_kills(
        &self,
        state: &State,
        mine: &Profile,
        own: u32,
        copies: &[Tied],
        found: &mut BTreeMap<u32, Tied>,
    ) -> Done<()> {
        let is_kill =
            |profile: &Profile| profile.marker().is_some_and(|marker| marker.kind == MarkerKind::Kill);
        let joined = |tie: &Verified| tie.relation.joins(Level::Rewrite);
        let near: Vec<ClassRow> = copies
            .iter()
            .chain(found.values())
            .filter(|(_, tie)| joined(tie) && (!is_kill(mine) || tie.relation == Relation::Correction))
            .map(|(row, _)| row.clone())
            .collect();
        for row in near {
            for half in
                ties::of_class(&self.store.db, &row)?.into_iter().filter(|half| half.joins(Level::Rewrite))
            {
                let is_tied = found.get(&half.other).is_some_and(|(_, tie)| joined(tie));
                if half.other == own || is_tied || copies.iter().any(|(row, _)| row.class == half.other) {
                    continue;
                }
                if !is_kill(mine) && !half.is_correction() {
                    continue;
                }
                let other = ClassRow::read(&self.store.db, half.other)?;
                let theirs = self.profile(state, &other)?;
                if !is_kill(mine) && !is_kill(&theirs) {
                    continue;
                }
                let width = self.store.config.shingle();
                let overlap = Overlap::of_sorted(&theirs.shingles(width), &mine.shingles(width));
                let score = half.verified((0, row.shingles), (1, other.shingles)).score;
                let (class, relation) = (half.other, Relation::Correction);
                let tie = Verified { a: class, b: own, relation, score, overlap, basis: Basis::Notice };
                found.insert(class, (other, tie));
            }
        }
        Ok(())
    }

    /// The keys by which a class may have been filed: of rare shingles, more than were.
    pub(in crate::index) fn keys_as_filed(&self, class: &ClassRow) -> Done<Keys> {
        let story = self.story_of(&StoryRow::read(&self.store.db, class.least)?)?;
        Ok(self.press.borrow_mut().press(story, Sampling::All)?.keys)
    }

    /// Gives the family that `class`, which goes, has led another leader.
    pub(in crate::index) fn lead_again(&self, state: &State, class: &ClassRow) -> Done<()> {
        let db = &self.store.db;
        let mut family = Vec::new();
        for tie in ties::of_class(db, class)? {
            let row = ClassRow::read(db, tie.other)?;
            if row.leader == class.class {
                family.push(row);
            }
        }
        // Whoever is a copy of the new leader follows; the others lead themselves.
        while !family.is_empty() {
            let leader = family.remove(0);
            let copies: BTreeSet<u32> = ties::of_class(db, &leader)?
                .iter()
                .filter(|tie| tie.is_copy())
                .map(|tie| tie.other)
                .collect();
            let leads = leader.class;
            self.lead(state, leader)?;
            let (following, rest): (Vec<_>, Vec<_>) =
                family.into_iter().partition(|row| copies.contains(&row.class));
            for mut row in following {
                row.leader = leads;
                row.write(db)?;
            }
            family = rest;
        }
        Ok(())
    }

    /// Lets a class lead: its rare shingles are filed.
    fn lead(&self, state: &State, mut row: ClassRow) -> Done<()> {
        let db = &self.store.db;
        let mut keys = self.keys_as_filed(&row)?;
        let sampling = Sampling::of(state.tokens);
        keys.rare.retain(|&key| sampling.keeps(key));
        if row.class < state.filed_classes {
            let filed: Vec<Posting> = keys.rare.iter().map(|&key| (key, row.class)).collect();
            postings::RARE.file(db, &filed, state.filed_classes, state.filed_classes)?;
        } else {
            keys.keep(db, row.class)?;
        }
        row.leader = row.class;
        row.write(db)
    }
}
