//! From a story that came in to what a desk should hear of it: a new report, new information, a
//! silent correction, a copy without credit.

use super::translations::Translated;
use super::version::Version;
use crate::error::Result;
use crate::evidence::{Changes, Facts};
use crate::explain::{Explanation, explain};
use crate::index::Index;
use crate::index::file::failure::Done;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::relation::Relation;
use crate::relation::direction::Reason;
use crate::report::CreditFate;
use crate::report::message::rounded;
use crate::scan::derived;
use crate::story::{Furniture, MarkerKind};
use crate::wire;
use jiff::Timestamp;
use serde::Serialize;
use std::cmp::Reverse;

/// Earlier versions that are asked whether they had a fact already, at most.
const ASKED: usize = 20;
/// Share of a text, in [0, 1], that is another's word for word, from which the two are nearly equal.
const NEARLY_ALL: f64 = 0.8;

/// What is to be said of a story that came in.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum News {
    /// No version of it had come before.
    NewReport,
    /// It is a version of a report that is known.
    KnownReport,
    /// It has numbers, names or quotations that no earlier version had.
    NewInformation,
    /// Its own source had other facts in the same text before, and it does not say so.
    SilentCorrection,
    /// It says that it corrects.
    Correction,
    /// It takes a report back.
    Kill,
    /// Most of it is another source's text, and it does not name the agency that is due.
    CopyWithoutCredit,
}

/// News that whoever runs the report in another language has to know.
const CONCERN_ALL: [News; 4] = [News::Kill, News::Correction, News::SilentCorrection, News::NewInformation];

/// A story as it came in, by its number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arrival {
    /// Which story.
    #[serde(flatten)]
    pub story: Version,
    /// When it was added, by the clock of the machine.
    pub added: Timestamp,
    /// What is to be said of it; never empty.
    pub news: Vec<News>,
    /// The closest of the versions that came before it.
    pub of: Option<Earlier>,
    /// Facts that only it or only the earlier version has, where the two differ; those that other
    /// earlier versions had are not added.
    pub changes: Option<Changes>,
    /// Of a kill, a correction or new information: the versions in other languages that came before, up to
    /// twenty, which do not have it. Left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub translations: Vec<Translated>,
}

/// A version that came before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Earlier {
    /// Which one.
    #[serde(flatten)]
    pub story: Version,
    /// What ties the story that came in to it; `excerpt` says that it is contained in this one.
    pub relation: Relation,
    /// Probability in [0, 1] that both are versions of one report.
    pub score: f64,
}

impl Index {
    /// Up to `most` stories with a number above `after`, in the order in which they came; the last
    /// ones, if `after` is `None`. Cost: some milliseconds a story that is a version of another.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn arrivals(&self, after: Option<u32>, most: u32) -> Result<Vec<Arrival>> {
        self.read(|index, state| {
            let db = &index.store.db;
            let mut rows = match after {
                Some(after) => StoryRow::after(db, after, most)?,
                None => StoryRow::before(db, u32::MAX, most)?,
            };
            rows.sort_unstable_by_key(|row| row.story);
            rows.iter().map(|row| index.arrival(state, row)).collect()
        })
    }

    fn arrival(&self, state: &State, row: &StoryRow) -> Done<Arrival> {
        let story = self.story_of(row)?;
        let earlier = self.earlier(row)?;
        let mut arrival = Arrival {
            story: Version::of(row, &story),
            added: Timestamp::from_second(row.added).unwrap_or_default(),
            news: vec![News::NewReport],
            of: None,
            changes: None,
            translations: Vec::new(),
        };
        let Some((closest, relation, score)) = earlier.first() else { return Ok(arrival) };
        let before = self.story_of(closest)?;
        let found = explain(&self.store.config, &before, &story);
        let mut changes = found.changes.clone();
        for (other, ..) in earlier.iter().skip(1).take(ASKED) {
            let other = self.readied(other)?;
            let added = Changes::between(&Facts::of(&other.body), &Facts::of(&found.b.body));
            changes.numbers_added.retain(|fact| added.numbers_added.contains(fact));
            changes.figures.retain(|figure| added.numbers_added.contains(&figure.is));
            changes.names_added.retain(|fact| added.names_added.contains(fact));
            changes.quotes_added.retain(|fact| added.quotes_added.contains(fact));
        }
        arrival.news = news(&found, *relation, &changes);
        let is_foreign = found.a.source != found.b.source && found.coverage_b >= derived::MOST_OF_IT;
        if is_foreign && self.is_uncredited(state, &row.id)? {
            arrival.news.insert(0, News::CopyWithoutCredit);
        }
        arrival.of = Some(Earlier {
            story: Version::of(closest, &before),
            relation: *relation,
            score: rounded(*score),
        });
        arrival.changes = Some(changes).filter(|changes| *changes != Changes::default());
        if arrival.news.iter().any(|news| CONCERN_ALL.contains(news)) {
            arrival.translations = self.translations(row, closest)?;
        }
        Ok(arrival)
    }

    /// Whether the report of a story says that it has removed or replaced the credit that is due.
    fn is_uncredited(&self, state: &State, id: &str) -> Done<bool> {
        let report = self.derived_report(state, id)?;
        let mut derived = report.clusters.iter().flat_map(|cluster| &cluster.derived);
        let own = derived.find(|of| report.stories[of.member as usize].id == id);
        let fate = own.and_then(|of| of.credit);
        Ok(matches!(fate, Some(CreditFate::Removed | CreditFate::Replaced)))
    }

    /// The versions of the story of `row` that came before it, a story a text, the closest first;
    /// each with what ties the story to it.
    fn earlier(&self, row: &StoryRow) -> Done<Vec<(StoryRow, Relation, f64)>> {
        if row.class == 0 {
            return Ok(Vec::new());
        }
        let class = ClassRow::read(&self.store.db, row.class)?;
        let first_of = |class: u32| -> Done<Option<StoryRow>> {
            Ok(StoryRow::of_class(&self.store.db, class, 1)?.pop())
        };
        let mut found = Vec::new();
        found.extend(first_of(row.class)?.map(|first| (first, Relation::Identical, 1.0)));
        for (other, tie) in self.tied_to(&class)? {
            let seen = tie.mirrored();
            found.extend(first_of(other.class)?.map(|first| (first, seen.relation, seen.score)));
        }
        found.retain(|(first, ..): &(StoryRow, Relation, f64)| first.story < row.story);
        let rank =
            |(_, relation, score): &(StoryRow, Relation, f64)| (*relation == Relation::Identical, *score);
        found.sort_by(|x, y| {
            let ((a, b), (c, d)) = (rank(x), rank(y));
            c.cmp(&a).then(d.total_cmp(&b)).then(Reverse(x.0.story).cmp(&Reverse(y.0.story)))
        });
        Ok(found)
    }
}

/// What is to be said of `found.b`, which came after `found.a`. `changes` are the facts that no
/// earlier version had.
fn news(found: &Explanation, relation: Relation, changes: &Changes) -> Vec<News> {
    let mut news = vec![News::KnownReport];
    let marker = found.b.furniture.marker.as_ref().map(|marker| marker.kind);
    match marker {
        Some(MarkerKind::Kill) => return vec![News::Kill, News::KnownReport],
        Some(MarkerKind::Correction) => news.insert(0, News::Correction),
        _ => {}
    }
    let same_source = !found.a.source.is_empty() && found.a.source == found.b.source;
    let is_open = matches!(marker, Some(MarkerKind::Correction | MarkerKind::Update | MarkerKind::Alert))
        || found.direction.1 == Reason::TakenBack;
    let differ = relation != Relation::Identical;
    let adds = !changes.numbers_added.is_empty()
        || changes.names_added.iter().any(|name| is_new(name, &found.a.furniture))
        || !changes.quotes_added.is_empty();
    if same_source && !is_open && differ && is_nearly_equal(found) && is_exchanged(&found.changes) {
        news.insert(0, News::SilentCorrection);
    } else if differ && adds && marker != Some(MarkerKind::Correction) {
        news.insert(0, News::NewInformation);
    }
    news
}

/// Whether a name is neither that of an agency, which is credited with what was known, nor where the
/// earlier version, of this `furniture`, was filed.
fn is_new(name: &str, furniture: &Furniture) -> bool {
    let place = furniture.place.as_ref().map(|place| place.to_lowercase());
    wire::agency(name).is_none() && place != Some(name.to_lowercase())
}

/// Whether the two are one text but for little: another fact in it is a correction, while a text
/// written through is an update.
fn is_nearly_equal(found: &Explanation) -> bool {
    found.coverage_a >= NEARLY_ALL && found.coverage_b >= NEARLY_ALL
}

/// Whether facts of one kind went and others came.
fn is_exchanged(changes: &Changes) -> bool {
    let Changes { numbers_added, numbers_dropped, names_added, names_dropped, .. } = changes;
    let Changes { quotes_added, quotes_dropped, .. } = changes;
    [(numbers_added, numbers_dropped), (names_added, names_dropped), (quotes_added, quotes_dropped)]
        .iter()
        .any(|(added, dropped)| !added.is_empty() && !dropped.is_empty())
}
