//! From pressed stories to rows: each finds its class and its ties before the next one looks.

use super::answer::{Answer, Hit};
use super::lookup::Filed;
use super::regroup::Touched;
use super::rewrite::{self, Holders};
use crate::config::Level;
use crate::error::{Error, ErrorKind};
use crate::index::Index;
use crate::index::file::failure::{Done, Fault};
use crate::index::file::fingerprint::{self, Fresh};
use crate::index::file::postings;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::tail::{FULL, FULL_OF_MANY};
use crate::index::file::ties;
use crate::relation::Relation;
use crate::relation::tie::Verified;
use crate::similarity::Overlap;
use crate::story::Story;
use crate::time::Time;
use rusqlite::params;
use std::sync::Arc;

/// Of thousands of stories of one text the latest that are asked whether one of them is a delivery
/// that comes again. One that is not found is added, and the latest from then on.
const LATEST: u32 = 4_096;
/// The same for an id that no story has, since all but those with a suffix were removed.
const LATEST_OF_NONE: u32 = 32;

/// When rewrites of a story are looked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::index) enum Judging {
    /// As it comes: its answer names them and its cluster.
    AsItComes,
    /// Where settling is due, and so will judge all pairs anew: then. Else as it comes. Nobody
    /// waits for an answer.
    OnceDue,
}

/// What the stories of one step have in common.
struct Step {
    now: i64,
    /// Whether rewrites are judged as they come.
    judges: bool,
    touched: Touched,
}

/// A story that is in, and what is said of it.
pub(in crate::index) struct Placed {
    pub(in crate::index) answer: Answer,
    /// 0 for a story without a token.
    pub(in crate::index) class: u32,
}

impl State {
    /// Classes or stories that are in the tail, whichever are more.
    pub(in crate::index) fn unfiled(&self) -> u32 {
        (self.next_class - self.filed_classes).max(self.next_story - self.filed_stories)
    }
}

impl Index {
    /// Adds stories in their order, in the transaction at hand.
    pub(in crate::index) fn add_pressed(
        &self,
        state: &mut State,
        fresh: Vec<Fresh>,
        now: i64,
        judging: Judging,
    ) -> Done<Vec<Placed>> {
        if self.store.config.level() >= Level::Rewrite {
            self.sample_again(state, &fresh)?;
        }
        let judges = judging == Judging::AsItComes || !state.is_due(fresh.len() as u64);
        let mut step = Step { now, judges, touched: Touched::default() };
        let Filed { classes, ids, rare } = self.look_up(state, &fresh, judges)?;
        let mut placed = Vec::with_capacity(fresh.len());
        for (((fresh, classes), ids), rare) in fresh.into_iter().zip(classes).zip(ids).zip(rare) {
            let filed = Filed { classes: vec![classes], ids: vec![ids], rare: vec![rare] };
            placed.push(self.place(state, fresh, filed, &mut step)?);
        }
        self.regroup(&step.touched, false)?;
        for Placed { answer, class } in &mut placed {
            answer.settle();
            if *class > 0 && judging == Judging::AsItComes {
                let cluster = ClassRow::read(&self.store.db, *class)?.cluster;
                answer.cluster = cluster.map(|story| self.id_of(story)).transpose()?;
            }
        }
        if state.unfiled() >= if judges { FULL } else { FULL_OF_MANY } {
            self.file(state)?;
        }
        Ok(placed)
    }

    pub(in crate::index) fn id_of(&self, story: u32) -> Done<String> {
        Ok(StoryRow::read(&self.store.db, story)?.id)
    }

    fn place(&self, state: &mut State, fresh: Fresh, mut filed: Filed, step: &mut Step) -> Done<Placed> {
        let db = &self.store.db;
        let mut met = match fresh.tokens {
            0 => Vec::new(),
            _ => self.met(&fresh, &filed.classes[0])?,
        };
        let same = met.iter().position(|row| row.identity == fresh.identity);
        let holder = self.story_of_id(&fresh.story.id, &filed.ids[0])?;
        let class = same.map(|place| met[place].class).or((fresh.tokens == 0).then_some(0));
        if let Some(row) = self.delivered(&fresh, class, holder.as_ref())? {
            return Ok(known(&row, &fresh));
        }
        let id = match holder {
            None => fresh.story.id.clone(),
            Some(_) => self.free_id(state, &fresh.story.id)?,
        };
        let mut answer = Answer::new(id.clone());
        let mut story = StoryRow {
            story: state.next_story,
            class: 0,
            id,
            source: fresh.story.source.clone(),
            time: fresh.story.time,
            added: step.now,
            dispatch: fresh.dispatch.clone(),
        };
        state.next_story = next(state.next_story)?;
        state.stories += 1;
        state.unsettled += 1;
        state.tail_stories += 1;
        state.tokens += u64::from(fresh.tokens);
        db.prepare_cached("INSERT INTO texts(story, text) VALUES(?1, ?2)")?
            .execute(params![story.story, fresh.packed])?;
        if fresh.tokens > 0 {
            if let Some(place) = same {
                let class = met.swap_remove(place);
                story.class = class.class;
                self.hits_of(&class, &mut answer)?;
                self.join(class, &story, &mut step.touched)?;
            } else {
                story.class = state.next_class;
                let holders = filed.rare.swap_remove(0);
                self.found_class(state, fresh, &story, (met, holders), &mut answer, step)?;
            }
        }
        story.insert(db)?;
        self.tail.borrow_mut().add_story(story.story, &story.id);
        Ok(Placed { answer, class: story.class })
    }

    /// The story that `fresh` is, word for word, if it came before: it has the id, or the id with
    /// the suffix that it got because another text had the id. `class` is that of its text.
    fn delivered(
        &self,
        fresh: &Fresh,
        class: Option<u32>,
        holder: Option<&StoryRow>,
    ) -> Done<Option<StoryRow>> {
        if let Some(row) = holder
            && self.is_same(row, fresh)?
        {
            return Ok(Some(row.clone()));
        }
        let Some(class) = class else { return Ok(None) };
        let most = if holder.is_some() { LATEST } else { LATEST_OF_NONE };
        for story in self.suffixed(class, &fresh.story, most)? {
            let row = StoryRow::read(&self.store.db, story)?;
            if self.is_same(&row, fresh)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Of the last `limit` stories of a class the numbers of those with the source and the time
    /// of `like` and its id with a suffix, `id#2` and so on; the last first.
    fn suffixed(&self, class: u32, like: &Story, limit: u32) -> Done<Vec<u32>> {
        let mut select = self.store.db.prepare_cached(
            "SELECT story, id FROM
                (SELECT story, id, source, time FROM stories WHERE class = ?1 ORDER BY story DESC LIMIT ?2)
             WHERE time IS ?3 AND source = ?4 AND substr(id, 1, length(?5)) = ?5",
        )?;
        let (time, prefix) = (like.time.map(Time::as_second), format!("{}#", like.id));
        let mut rows = select.query(params![class, limit, time, like.source, prefix])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(1)?;
            if id[prefix.len()..].bytes().all(|byte| byte.is_ascii_digit()) {
                found.push(row.get(0)?);
            }
        }
        Ok(found)
    }

    /// Whether the story of `row` is `fresh`, word for word and with all that came with it.
    fn is_same(&self, row: &StoryRow, fresh: &Fresh) -> Done<bool> {
        let about = (&row.source, row.time, &row.dispatch);
        if about != (&fresh.story.source, fresh.story.time, &fresh.dispatch) {
            return Ok(false);
        }
        let packed = self.packed(row.story)?;
        Ok(packed == fresh.packed || fingerprint::is_same_text(&packed, &fresh.packed))
    }

    /// An id that no story has: `id#2` and so on, as in a scan.
    pub(in crate::index) fn free_id(&self, state: &State, id: &str) -> Done<String> {
        let numbered = |number: u64| format!("{id}#{number}");
        let is_taken =
            |number: u64| -> Done<bool> { Ok(self.find_story(state, &numbered(number))?.is_some()) };
        let mut free = 2;
        while is_taken(free)? {
            free *= 2;
        }
        // Of thousands with one id not every one is asked for.
        let mut taken = free / 2;
        while free - taken > 1 {
            let middle = taken.midpoint(free);
            *if is_taken(middle)? { &mut taken } else { &mut free } = middle;
        }
        Ok(numbered(free))
    }

    /// Adds `story` to a class that is there.
    fn join(&self, mut class: ClassRow, story: &StoryRow, touched: &mut Touched) -> Done<()> {
        let db = &self.store.db;
        let (least, kept) = (StoryRow::read(db, class.least)?, StoryRow::read(db, class.kept)?);
        let keep = self.store.config.keep();
        let is_least = story.id < least.id;
        let is_kept = keep.choose(&[kept.member(class.tokens), story.member(class.tokens)]) == 1;
        class.stories += 1;
        class.least = if is_least { story.story } else { class.least };
        class.kept = if is_kept { story.story } else { class.kept };
        class.write(db)?;
        match class.cluster {
            Some(cluster) if !is_least && !is_kept => self.grow(cluster, 1, 0),
            _ => {
                touched.insert(class.class);
                Ok(())
            }
        }
    }

    /// Makes the class of a text that was not there, with its ties.
    fn found_class(
        &self,
        state: &mut State,
        mut fresh: Fresh,
        story: &StoryRow,
        (met, holders): (Vec<ClassRow>, Holders),
        answer: &mut Answer,
        step: &mut Step,
    ) -> Done<()> {
        let db = &self.store.db;
        let own = state.next_class;
        let mut tied = self.copies(&fresh, own, met)?;
        let leaders = tied.iter().map(|(row, _)| row).filter(|row| row.leader == row.class);
        let leader = leaders.map(|row| row.class).min().unwrap_or(own);
        if self.store.config.level() >= Level::Rewrite {
            if step.judges {
                tied.extend(self.retold(state, &mut fresh, holders, own, &tied)?);
            } else {
                rewrite::sample(state, &mut fresh);
            }
        }
        for (row, tie) in &mut tied {
            if ties::write(db, tie)? {
                row.ties += 1;
                row.write(db)?;
            }
            if tie.relation.joins(self.store.config.level()) {
                self.hits_by(row, tie, answer)?;
                step.touched.insert(row.class);
            }
        }
        let mut keys = fresh.keys;
        if leader != own {
            // The phrases of a family of copies would otherwise look common.
            keys.rare = Vec::new();
        }
        let class = ClassRow {
            class: own,
            identity: fresh.identity,
            tokens: fresh.tokens,
            shingles: fresh.shingles.len() as u32,
            script: fresh.script,
            bands: fresh.bands,
            stories: 1,
            least: story.story,
            kept: story.story,
            ties: tied.len() as u32,
            leader,
            cluster: None,
        };
        class.write(db)?;
        keys.keep(db, own)?;
        self.sets.borrow_mut().keep(own, Arc::new(fresh.shingles), 1);
        self.tail.borrow_mut().add_class(own, &keys);
        if !tied.is_empty() {
            step.touched.insert(own);
        }
        state.next_class = next(state.next_class)?;
        state.classes += 1;
        state.tail_classes += 1;
        Ok(())
    }

    /// Adds the stories of `class` to the hits of one that is identical to them.
    pub(in crate::index) fn hits_of(&self, class: &ClassRow, answer: &mut Answer) -> Done<()> {
        let overlap = Overlap { shared: class.shingles, a: class.shingles, b: class.shingles };
        self.push_hits(class, (Relation::Identical, 1.0, overlap), answer)
    }

    /// Adds the stories of a tied class to the hits; in `tie` it comes first.
    pub(in crate::index) fn hits_by(
        &self,
        class: &ClassRow,
        tie: &Verified,
        answer: &mut Answer,
    ) -> Done<()> {
        let seen = tie.mirrored();
        self.push_hits(class, (seen.relation, seen.score, seen.overlap), answer)
    }

    fn push_hits(
        &self,
        class: &ClassRow,
        (relation, score, overlap): (Relation, f64, Overlap),
        answer: &mut Answer,
    ) -> Done<()> {
        answer.hits_in_all += u64::from(class.stories);
        let rows = StoryRow::first_of(&self.store.db, class, Answer::MOST_HITS as u32)?;
        answer.hits.extend(rows.iter().map(|row| hit(row, relation, score, overlap)));
        Ok(())
    }

    /// Files everything that is in the tail.
    pub(in crate::index) fn file(&self, state: &mut State) -> Done<()> {
        let (db, mut tail) = (&self.store.db, self.tail.borrow_mut());
        let (from, end) = (state.filed_classes, state.next_class);
        postings::BANDS.file(db, tail.bands.postings(), from, end)?;
        if self.store.config.level() >= Level::Rewrite {
            postings::RARE.file(db, tail.rare.postings(), from, end)?;
        }
        postings::HEADLINES.file(db, tail.headlines.postings(), from, end)?;
        postings::NOTICES.file(db, tail.notices.postings(), from, end)?;
        db.execute("DELETE FROM unfiled", [])?;
        postings::IDS.file(db, tail.ids.postings(), state.filed_stories, state.next_story)?;
        (state.filed_classes, state.filed_stories) = (state.next_class, state.next_story);
        (state.tail_classes, state.tail_stories) = (0, 0);
        tail.forget();
        Ok(())
    }
}

/// The answer about a story that is in already: what is said of it as if it came anew.
fn known(row: &StoryRow, fresh: &Fresh) -> Placed {
    let overlap = Overlap {
        shared: fresh.shingles.len() as u32,
        a: fresh.shingles.len() as u32,
        b: fresh.shingles.len() as u32,
    };
    let mut answer = Answer { known: true, hits_in_all: 1, ..Answer::new(row.id.clone()) };
    answer.hits.push(hit(row, Relation::Identical, 1.0, overlap));
    Placed { answer, class: row.class }
}

fn hit(row: &StoryRow, relation: Relation, score: f64, overlap: Overlap) -> Hit {
    let (id, source, time) = (row.id.clone(), row.source.clone(), row.time);
    let url = fingerprint::url(row.dispatch.as_deref());
    Hit { id, source, url, time, relation, score, overlap }
}

/// The number after `number`, unless all are given.
fn next(number: u32) -> Done<u32> {
    number.checked_add(1).filter(|&next| next < u32::MAX).ok_or_else(|| {
        let text = "4 billion stories were added, and there are no more numbers; begin another index";
        Fault::Known(Error::new(ErrorKind::Io, text))
    })
}
