//! From a search to a page of the reports of an index, and from one report to its texts.

use super::list::Filter;
use super::placed::Placed;
use super::search::Search;
use super::walk::{self, Bounds};
use crate::error::Result;
use crate::evidence::{Changes, Facts};
use crate::index::Index;
use crate::index::file::clusters::ClusterRow;
use crate::index::file::failure::Done;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::report::{Cluster, Report, StoryInfo, pickup};
use crate::scan::derived::derived;
use crate::scan::lay;
use crate::scan::printed::text_of;
use ahash::{AHashMap, AHashSet};
use jiff::Timestamp;

/// Clusters from which it is quicker to read all rows, if they are at least one in so many of all.
const FEW: usize = 1_000;
const MOST: usize = 3;

/// Members whose texts are given with a report, at most.
const TEXTS: usize = 300;

/// Some reports of an index, by their latest story.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recent {
    /// Their stories, pairs and clusters; in the order of a report.
    pub report: Report,
    /// The clusters, in the order asked for.
    pub order: Vec<Placed>,
    /// Where the next page begins; `None` if there are no more.
    pub next: Option<u32>,
}

/// How much an index holds.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
pub struct Counts {
    /// Stories that are in.
    pub stories: u64,
    /// Clusters of two stories or more.
    pub clusters: u64,
    /// Stories that are in a cluster.
    pub clustered: u64,
    /// The number of the story that came last; numbers begin at 1 and are never given twice.
    pub last: u32,
}

impl Index {
    /// How much the index holds. Cost: a look at every cluster, some milliseconds a hundred
    /// thousand.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn counts(&self) -> Result<Counts> {
        self.read(|index, state| {
            let sql = "SELECT count(*), coalesce(sum(stories), 0) FROM clusters";
            let (clusters, clustered): (i64, i64) =
                index.store.db.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let (clusters, clustered) = (clusters.cast_unsigned(), clustered.cast_unsigned());
            Ok(Counts { stories: state.stories, clusters, clustered, last: state.next_story - 1 })
        })
    }

    /// The sources of all stories of the times that `filter` takes, each with how many there are,
    /// those of most first, up to `most`; stories without a source are not counted. Cost: a look at
    /// every story, 0.3 s a million.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn sources(&self, filter: &Filter, most: u32) -> Result<Vec<(String, u64)>> {
        self.read(|index, _| {
            let (since, until) =
                (filter.since.map(Timestamp::as_second), filter.until.map(Timestamp::as_second));
            let sql = "SELECT source, count(*) AS stories FROM stories WHERE source <> '' \
                       AND (?1 IS NULL OR time >= ?1) AND (?2 IS NULL OR time < ?2) \
                       GROUP BY source ORDER BY stories DESC, source LIMIT ?3";
            let mut select = index.store.db.prepare_cached(sql)?;
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()));
            let rows = select.query_map(rusqlite::params![since, until, most], row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The clusters that hold a story of `source`, an agency by any of its names, of the times that
    /// `filter` takes, and how many stories of it there are in all: what a pickup is made of.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn report_of_source(&self, source: &str, filter: &Filter) -> Result<(Report, u64)> {
        let mut names = self.sources(filter, u32::MAX >> 1)?;
        names.retain(|(name, _)| pickup::is_of(name, source));
        let stories = names.iter().map(|(_, stories)| stories).sum();
        let sources: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
        if sources.is_empty() {
            return Ok((Report::default(), 0));
        }
        let search = Search { filter: Filter { least: 2, ..filter.clone() }, sources, ..Search::default() };
        Ok((self.report_of_clusters(&self.matching(&search)?)?, stories))
    }

    /// The number of the story that came last; 0 if none ever came. Cost: one row.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn last_number(&self) -> Result<u32> {
        self.read(|_, state| Ok(state.next_story - 1))
    }

    /// The id of the story with this number; `None` if it is gone or never was.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn id_of_number(&self, number: u32) -> Result<Option<String>> {
        self.read(|index, _| Ok(StoryRow::find(&index.store.db, number)?.map(|row| row.id)))
    }

    /// The number of the story with this id; `None` if there is none.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn number_of_id(&self, id: &str) -> Result<Option<u32>> {
        self.read(|index, state| {
            index.tail.borrow_mut().catch_up(&index.store.db, state)?;
            Ok(index.find_story(state, id)?.map(|row| row.story))
        })
    }

    /// Up to `most` clusters that `search` takes, in its order; `before` is the [`Recent::next`] of
    /// the page before. Looks at 20,000 stories and 1,000 texts at most, so that a page may be
    /// short, or empty, and another one follow. With a text to look for, those are stories that hold
    /// all of its words, by the [list](crate::index::WordList) beside the file, and stories that it does not
    /// have. Cost: the texts of all members that are shown are read, about 0.2 ms a member; with a
    /// text to look for, 20 µs a story that is looked at.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn recent(&self, search: &Search, before: Option<u32>, most: usize) -> Result<Recent> {
        self.recent_beyond(search, before, most, |_| false)
    }

    /// The same page without those clusters in its report that `is_known` takes: to know one costs a
    /// twentieth of laying it out.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn recent_beyond(
        &self,
        search: &Search,
        before: Option<u32>,
        most: usize,
        mut is_known: impl FnMut(&Placed) -> bool,
    ) -> Result<Recent> {
        self.read(|index, state| {
            let mut found = Vec::new();
            let bounds = Bounds { clusters: most, ..Bounds::PAGE };
            let next = walk::through(index, state, search, before, bounds, |one| found.push(one))?;
            let (mut order, mut rows) = (Vec::new(), (Vec::new(), Vec::new()));
            let of_all = index.state_of_all(state)?;
            for one in found {
                let state = index.state_of(&one, of_all)?;
                let placed = Placed { number: one.cluster, state, place: None };
                let known = is_known(&placed);
                order.push((placed, known));
                if !known {
                    let (stories, classes) = index.rows_of_cluster(one.cluster)?;
                    rows.0.extend(stories);
                    rows.1.extend(classes);
                }
            }
            index.page_of(order, rows, next)
        })
    }

    /// The numbers of all clusters that `search` takes, in its order. Cost: a look at every story,
    /// and at every text if one is looked for.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn matching(&self, search: &Search) -> Result<Vec<u32>> {
        self.read(|index, state| {
            let mut found = Vec::new();
            walk::through(index, state, search, None, Bounds::NONE, |one| found.push(one.cluster))?;
            Ok(found)
        })
    }

    /// The clusters of these numbers, as [`Index::report`] gives all; what is no cluster is passed
    /// over.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn report_of_clusters(&self, clusters: &[u32]) -> Result<Report> {
        self.read(|index, state| {
            let are_most =
                clusters.len() > FEW && clusters.len() * MOST > ClusterRow::count(&index.store.db)?;
            let rows = if are_most {
                index.rows_among_all(state, clusters)?
            } else {
                let mut rows = (Vec::new(), Vec::new());
                for &cluster in clusters {
                    let (stories, classes) = index.rows_of_cluster(cluster)?;
                    rows.0.extend(stories);
                    rows.1.extend(classes);
                }
                rows
            };
            index.report_of(rows, &Filter::default())
        })
    }

    /// The stories and classes of many clusters, from a look at all.
    fn rows_among_all(&self, state: &State, clusters: &[u32]) -> Done<(Vec<StoryRow>, Vec<ClassRow>)> {
        let wanted: AHashSet<u32> = clusters.iter().copied().collect();
        let (mut stories, mut classes) = self.all_rows(state)?;
        classes.retain(|row| row.cluster.is_some_and(|cluster| wanted.contains(&cluster)));
        let among: AHashSet<u32> = classes.iter().map(|row| row.class).collect();
        stories.retain(|row| among.contains(&row.class));
        Ok((stories, classes))
    }

    /// The stories and classes of a cluster.
    pub(in crate::index) fn rows_of_cluster(&self, cluster: u32) -> Done<(Vec<StoryRow>, Vec<ClassRow>)> {
        let db = &self.store.db;
        Ok((StoryRow::of_cluster(db, cluster)?, ClassRow::of_cluster(db, cluster)?))
    }

    /// `order` says of each cluster whether it is known, and `rows` has the others.
    fn page_of(
        &self,
        order: Vec<(Placed, bool)>,
        rows: (Vec<StoryRow>, Vec<ClassRow>),
        next: Option<u32>,
    ) -> Done<Recent> {
        if rows.0.is_empty() {
            let order = order.into_iter().map(|(placed, _)| placed).collect();
            return Ok(Recent { report: Report::default(), order, next });
        }
        let ids: AHashMap<u32, String> = rows.0.iter().map(|row| (row.story, row.id.clone())).collect();
        let report = self.report_of(rows, &Filter::default())?;
        let place_of: AHashMap<&str, usize> = (0..)
            .zip(&report.clusters)
            .map(|(place, cluster)| (report.stories[cluster.canonical as usize].id.as_str(), place))
            .collect();
        let placed = |(placed, known): (Placed, bool)| {
            let place = ids.get(&placed.number).and_then(|id| place_of.get(id.as_str()).copied());
            (known || place.is_some()).then_some(Placed { place, ..placed })
        };
        let order = order.into_iter().filter_map(placed).collect();
        Ok(Recent { report, order, next })
    }

    /// The report that holds the story of `id`, with the texts of its first 300 members and what
    /// became of it in each; one story without a cluster if it stands by itself, and none if there
    /// is none of that id.
    ///
    /// # Errors
    /// Those of [`Index::counts`].
    pub fn report_with_texts(&self, id: &str) -> Result<Report> {
        self.read(|index, state| {
            let mut report = index.derived_report(state, id)?;
            index.show_texts(state, &mut report)?;
            let facts: Vec<Option<Facts>> = report.stories.iter().map(facts).collect();
            for of in report.clusters.iter_mut().flat_map(|cluster| &mut cluster.derived) {
                let (base, member) = (&facts[of.base as usize], &facts[of.member as usize]);
                of.changes =
                    base.as_ref().zip(member.as_ref()).map(|(base, member)| Changes::between(base, member));
            }
            Ok(report)
        })
    }

    /// The report that holds the story of `id`, with what became of it in each member, whatever the
    /// level.
    pub(in crate::index) fn derived_report(&self, state: &State, id: &str) -> Done<Report> {
        let filter = Filter { story: Some(id.to_owned()), ..Filter::default() };
        let mut report = self.report_of(self.rows_around(state, id)?, &filter)?;
        let credits: Vec<Vec<&str>> = report.stories.iter().map(lay::credits).collect();
        let of = |cluster: &Cluster| {
            if cluster.derived.is_empty() {
                derived(cluster, &report.stories, &credits, &report.pairs)
            } else {
                cluster.derived.clone()
            }
        };
        let derived: Vec<_> = report.clusters.iter().map(of).collect();
        drop(credits);
        for (cluster, derived) in report.clusters.iter_mut().zip(derived) {
            cluster.derived = derived;
        }
        Ok(report)
    }

    fn show_texts(&self, state: &State, report: &mut Report) -> Done<()> {
        for story in report.stories.iter_mut().take(TEXTS) {
            let Some(row) = self.find_story(state, &story.id)? else { continue };
            let (_, printed) = text_of(&self.store.config, self.story_of(&row)?);
            story.detail.get_or_insert_default().printed = Some(Box::new(printed));
        }
        Ok(())
    }
}

fn facts(story: &StoryInfo) -> Option<Facts> {
    story.detail.as_deref()?.printed.as_deref().map(|printed| Facts::of(&printed.body))
}
