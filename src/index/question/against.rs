//! From new stories and an index to the report of a scan that knows the old ones.

use crate::config::{Config, Level};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::index::file::corpus::Stored;
use crate::index::file::failure::Done;
use crate::index::file::fingerprint::Fresh;
use crate::index::file::header;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::step::regroup::Touched;
use crate::input::Corpus;
use crate::rare::Sampling;
use crate::report::{Cluster, Derived, Origin, Pair, Report, Skipped};
use crate::scan::{Scanner, Watch};
use crate::story::Story;
use ahash::AHashSet;
use std::borrow::Cow;
use std::sync::Arc;

impl Index {
    /// Scans `corpus` as if the stories of the index were part of it: the report holds the new
    /// stories, and of the old ones those that share a cluster or a pair with one of them. A new
    /// story whose id an old one has gets a suffix. Nothing is added. The new stories are held in
    /// memory; below level rewrite the old ones of every component they touch, too. At level
    /// rewrite what a word or phrase tells depends on all stories, so all are read: the cost is
    /// that of a scan of both.
    ///
    /// # Errors
    /// [`ErrorKind::OtherSettings`](crate::ErrorKind::OtherSettings) if `run` asks for other
    /// settings than the index has; under [`Config::strict`] the first bad record; those of
    /// [`Index::query`].
    pub fn scan(&self, corpus: &(impl Corpus + ?Sized), run: &Config, watch: Watch<'_>) -> Result<Report> {
        let mut asked = run.clone();
        let tables = [self.store.config.publishers(), run.publishers()];
        if !tables.iter().any(|table| table.keeps_any_apart()) {
            // Then a table only says how newsrooms of the report are counted.
            asked = asked.with_publishers(Arc::clone(tables[0]));
        }
        header::check(&self.store.config, &asked).map_err(|fault| fault.of(&self.path))?;
        let (mut stories, mut skipped) = (Vec::new(), Vec::new());
        for block in corpus.blocks(&|_| true) {
            block.records(
                |_| true,
                |_, record| match record.map(Cow::into_owned) {
                    Ok(story) => stories.push(story),
                    Err(error) => skipped.push(error),
                },
            );
        }
        skipped.sort_by(|x: &Error, y| x.place().cmp(&y.place()));
        if run.strict() && !skipped.is_empty() {
            return Err(skipped.swap_remove(0));
        }
        let mut report = if run.level() < Level::Rewrite {
            let old = self.read(|index, state| index.old_beside(state, &mut stories))?;
            let new = ids(&stories);
            stories.extend(old);
            about_new(Scanner::new(run.clone()).scan_corpus(&stories, watch)?, &new)
        } else {
            self.read(|index, state| index.rename(state, &mut stories))?;
            let stored = Stored::open(&self.path, &stories)?;
            let report = Scanner::new(run.clone()).scan_corpus(&stored, watch)?;
            stored.sound()?;
            about_new(report, &ids(&stories))
        };
        report.skipped = skipped.into_iter().map(Skipped::from).collect();
        Ok(report)
    }

    /// Gives those of `stories` whose id is taken another.
    fn rename(&self, state: &State, stories: &mut [Story]) -> Done<()> {
        self.tail.borrow_mut().catch_up(&self.store.db, state)?;
        for story in stories {
            if self.find_story(state, &story.id)?.is_some() {
                story.id = self.free_id(state, &story.id)?;
            }
        }
        Ok(())
    }

    /// The stories of all components that `stories` touch; of `stories`, those whose id is taken
    /// get another.
    fn old_beside(&self, state: &State, stories: &mut [Story]) -> Done<Vec<Story>> {
        self.rename(state, stories)?;
        let mut touched = Touched::default();
        for some in stories.chunks(1_024) {
            for mut fresh in self.pressed(some, Sampling::of(state.tokens))? {
                self.touch(state, &mut fresh, &mut touched)?;
            }
        }
        let mut old = Vec::new();
        for class in self.components(&touched)? {
            let class = ClassRow::read(&self.store.db, class)?;
            for row in StoryRow::all_of(&self.store.db, &class)? {
                old.push(self.story_of(&row)?);
            }
        }
        Ok(old)
    }

    fn touch(&self, state: &State, fresh: &mut Fresh, touched: &mut Touched) -> Done<()> {
        let (same, tied) = self.seen(state, fresh)?;
        touched.extend(same.iter().chain(tied.iter().map(|(row, _)| row)).map(|row| row.class));
        Ok(())
    }
}

fn ids(stories: &[Story]) -> AHashSet<String> {
    stories.iter().map(|story| story.id.clone()).collect()
}

/// The same report without the stories that are not `new` and share nothing with one that is.
fn about_new(report: Report, new: &AHashSet<String>) -> Report {
    let Report { stories, pairs, clusters, skipped, warnings, model, publishers, .. } = report;
    let is_new: Vec<bool> = stories.iter().map(|story| new.contains(&story.id)).collect();
    let mut shown = is_new.clone();
    let new = |story: u32| is_new[story as usize];
    let pairs: Vec<Pair> = pairs.into_iter().filter(|pair| new(pair.a) || new(pair.b)).collect();
    let clusters: Vec<Cluster> =
        clusters.into_iter().filter(|cluster| cluster.members.iter().any(|&member| new(member))).collect();
    let tied = pairs.iter().flat_map(|pair| [pair.a, pair.b]);
    let members = clusters.iter().flat_map(|cluster| cluster.members.iter().copied());
    tied.chain(members).for_each(|story| shown[story as usize] = true);
    let mut place = vec![0; stories.len()];
    let mut kept = Vec::new();
    for ((story, shown), place) in stories.into_iter().zip(shown).zip(&mut place) {
        *place = kept.len() as u32;
        kept.extend(shown.then_some(story));
    }
    let at = |story: u32| place[story as usize];
    let moved = |cluster: Cluster| Cluster {
        canonical: at(cluster.canonical),
        origin: cluster.origin.map(|origin| match origin {
            Origin::Story(story) => Origin::Story(at(story)),
            agency @ Origin::Agency(_) => agency,
        }),
        members: cluster.members.into_iter().map(at).collect(),
        weakest: cluster.weakest,
        derived: cluster
            .derived
            .into_iter()
            .map(|derived| Derived { member: at(derived.member), base: at(derived.base), ..derived })
            .collect(),
    };
    Report {
        stories: kept,
        pairs: pairs.into_iter().map(|pair| Pair { a: at(pair.a), b: at(pair.b), ..pair }).collect(),
        clusters: clusters.into_iter().map(moved).collect(),
        skipped,
        warnings,
        model,
        publishers,
        ..Report::default()
    }
}
