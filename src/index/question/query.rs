//! From a story to what the index knows of it, adding nothing.

use crate::config::Level;
use crate::error::Result;
use crate::explain::{Explanation, explain_by};
use crate::index::Index;
use crate::index::file::corpus;
use crate::index::file::failure::Done;
use crate::index::file::fingerprint::Fresh;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::ties::{self, Tied};
use crate::index::step::answer::Answer;
use crate::rare::Sampling;
use crate::relation::Relation;
use crate::story::Story;
use crate::{text, wire};

impl Index {
    /// Says whether the report of `story` has been seen. Cost: a few milliseconds in an index of a
    /// million stories.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn query(&self, story: &Story) -> Result<Answer> {
        self.read(|index, state| {
            let sampling = Sampling::of(state.tokens);
            let mut fresh = index.press.borrow_mut().press(story.clone(), sampling)?;
            index.tail.borrow_mut().catch_up(&index.store.db, state)?;
            index.answer_about(state, &mut fresh)
        })
    }

    fn answer_about(&self, state: &State, fresh: &mut Fresh) -> Done<Answer> {
        let mut answer = Answer::new(fresh.story.id.clone());
        let (same, tied) = self.seen(state, fresh)?;
        let mut cluster = None;
        if let Some(class) = &same {
            self.hits_of(class, &mut answer)?;
            cluster = class.cluster;
        }
        let kept = self.kept_from(&fresh.story);
        let mut best = f64::NEG_INFINITY;
        for (class, tie) in &tied {
            self.hits_by(class, tie, &mut answer)?;
            let may_join = class.cluster.map_or(Ok(true), |cluster| self.may_join(cluster, kept.as_ref()))?;
            if same.is_none() && may_join && tie.score > best {
                (best, cluster) = (tie.score, class.cluster);
            }
        }
        answer.settle();
        answer.cluster = cluster.map(|story| self.id_of(story)).transpose()?;
        Ok(answer)
    }

    /// The class of the text of `fresh`, or else the classes that hold other versions of it, each
    /// with its tie, in which `fresh` is the greater number.
    pub(in crate::index) fn seen(
        &self,
        state: &State,
        fresh: &mut Fresh,
    ) -> Done<(Option<ClassRow>, Vec<Tied>)> {
        let config = &self.store.config;
        if fresh.tokens == 0 {
            return Ok((None, Vec::new()));
        }
        // By rare shingles only once the text is known to be another: that is most of the looking.
        let filed = self.look_up(state, std::slice::from_ref(fresh), false)?;
        let mut met = self.met(fresh, &filed.classes[0])?;
        if let Some(place) = met.iter().position(|row| row.identity == fresh.identity) {
            let class = met.swap_remove(place);
            let tied = self.tied_to(&class)?;
            return Ok((Some(class), tied));
        }
        let mut tied = self.copies(fresh, u32::MAX, met)?;
        if config.level() >= Level::Rewrite {
            let rare = self.look_up_rare(state, std::slice::from_ref(fresh))?.swap_remove(0);
            let retold = self.retold(state, fresh, rare, u32::MAX, &tied)?;
            tied.extend(retold);
        }
        tied.retain(|(_, tie)| tie.relation.joins(config.level()));
        Ok((None, tied))
    }

    /// The classes that the level joins to `class`, each with its tie, in which it comes first.
    pub(in crate::index) fn tied_to(&self, class: &ClassRow) -> Done<Vec<Tied>> {
        let level = self.store.config.level();
        let ties = ties::of_class(&self.store.db, class)?;
        let joined = ties.into_iter().filter(|tie| tie.joins(level));
        let of = |tie: ties::Half| {
            let other = ClassRow::read(&self.store.db, tie.other)?;
            let seen = tie.verified((1, class.shingles), (0, other.shingles));
            Ok((other, seen))
        };
        joined.map(of).collect()
    }

    /// Explains a pair by what the index knows: of two of its stories that are tied, their tie; of
    /// others, what its words tell. Cost: that of [`explain`](crate::explain::explain), and some
    /// rows.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn explain(&self, a: &Story, b: &Story) -> Result<Explanation> {
        self.read(|index, state| {
            index.tail.borrow_mut().catch_up(&index.store.db, state)?;
            let weights = index.weights(state)?;
            let mut found = explain_by(&index.store.config, Some(&weights), a, b);
            if let Some((relation, score)) = index.known_tie(state, a, b)? {
                (found.relation, found.score) = (Some(relation), score);
            }
            Ok(found)
        })
    }

    /// The tie of two stories that are in, if there is one, as `a` sees it; none between stories
    /// of one text.
    fn known_tie(&self, state: &State, a: &Story, b: &Story) -> Done<Option<(Relation, f64)>> {
        let db = &self.store.db;
        let (mut classes, mut sizes) = ([0; 2], [0; 2]);
        for (place, story) in [a, b].into_iter().enumerate() {
            let Some(row) = self.find_story(state, &story.id)? else { return Ok(None) };
            if row.class == 0 || self.story_of(&row)? != *story {
                return Ok(None);
            }
            classes[place] = row.class;
            sizes[place] = ClassRow::read(db, row.class)?.shingles;
        }
        let ties = ties::of_class(db, &ClassRow::read(db, classes[0])?)?;
        let tie = ties.into_iter().find(|tie| tie.other == classes[1]);
        Ok(tie.map(|tie| {
            let seen = tie.verified((0, sizes[0]), (1, sizes[1]));
            (seen.relation, seen.score)
        }))
    }

    /// The story of that id, as it came; `None` if there is none.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn story(&self, id: &str) -> Result<Option<Story>> {
        self.read(|index, state| {
            index.tail.borrow_mut().catch_up(&index.store.db, state)?;
            let row = index.find_story(state, id)?;
            row.map(|row| index.story_of(&row)).transpose()
        })
    }

    /// The story of `row` with its text.
    pub(in crate::index) fn story_of(&self, row: &StoryRow) -> Done<Story> {
        corpus::story_of(row, &self.packed(row.story)?)
    }

    /// The text of a story, as it is packed.
    pub(in crate::index) fn packed(&self, story: u32) -> Done<Vec<u8>> {
        corpus::packed(&self.store.db, story)
    }

    /// A story prepared for comparing, and its tokens.
    pub(in crate::index) fn prepared(&self, story: u32) -> Done<(Story, Vec<u64>)> {
        let story = self.readied(&StoryRow::read(&self.store.db, story)?)?;
        let mut tokens = Vec::new();
        text::token_hashes(&story.body, &mut tokens);
        Ok((story, tokens))
    }

    /// A story as it is compared with others.
    pub(in crate::index) fn readied(&self, row: &StoryRow) -> Done<Story> {
        let mut story = self.story_of(row)?;
        wire::prepare(&mut story, self.store.config.keep_furniture());
        Ok(story)
    }
}
