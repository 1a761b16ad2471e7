//! From a notice that takes a story back to the stories that still carry it.

use crate::dispatch::Status;
use crate::error::Result;
use crate::evidence::Profile;
use crate::index::Index;
use crate::index::file::failure::Done;
use crate::index::file::fingerprint::dispatch;
use crate::index::file::postings;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::ties;
use crate::rare::Sampling;
use crate::relation::tie::Basis;
use crate::relation::{Relation, notice};
use crate::report::message::rounded;
use crate::scan::fetch::headline;
use crate::similarity::Overlap;
use crate::story::{Marker, MarkerKind, Story};
use crate::text::language::told_of;
use crate::time::Time;
use crate::wire;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a notice takes back, and where it is still live.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recall {
    /// The id of the notice, or of the story asked for.
    pub notice: String,
    /// The stories that it names, by id; empty if none of the index is what it speaks of.
    pub named: Vec<String>,
    /// Of all that carry them, the ids of those that their own source takes back by this notice:
    /// they are killed, and not live.
    pub killed: Vec<String>,
    /// Every other story of the index that carries them, by time, those without one last, and id.
    #[serde(skip)]
    pub live: Vec<Live>,
}

/// A story that carries a report that was taken back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Live {
    /// Its id.
    pub id: String,
    /// Who published it; null where not known.
    pub source: Option<String>,
    /// Its address on the web; left out where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When; null where not known.
    pub time: Option<Time>,
    /// Its headline, or the opening words.
    pub headline: String,
    /// What it is to the story that was taken back; null where only other versions tie them.
    pub relation: Option<Relation>,
    /// Share of its text that is that story's, in [0, 1], by shingles.
    pub share: f64,
    /// Share of that story's text that is in it.
    pub share_of_story: f64,
    /// Whether it was published before the notice or after it; null where a time is missing.
    pub published: Option<Published>,
    /// What stands against its use; null where nothing does.
    pub flag: Option<String>,
    /// Its language, as a code of ISO 639-1, where that is another one than of the story that was taken
    /// back; left out else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'static str>,
}

/// When a story was published, beside a notice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Published {
    /// Before it, or in the same second.
    Before,
    /// After it.
    After,
}

impl Index {
    /// Finds what `notice` takes back: the story that it names by id, whose headline it quotes, or
    /// whose text it repeats; and every version of it. It need not be in the index; if it is, it
    /// is no version. A story that only a notice has is none. At level copy, excerpts and rewrites
    /// are not known.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn recall(&self, notice: &Story) -> Result<Recall> {
        self.read(|index, state| {
            index.tail.borrow_mut().catch_up(&index.store.db, state)?;
            index.recall_by(state, notice)
        })
    }

    /// The same by the id of a story of the index: of what it takes back, if it is a notice, or
    /// else of itself. `None` if there is no such story.
    ///
    /// # Errors
    /// Those of [`Index::recall`].
    pub fn recall_id(&self, id: &str) -> Result<Option<Recall>> {
        self.read(|index, state| {
            index.tail.borrow_mut().catch_up(&index.store.db, state)?;
            let Some(row) = index.find_story(state, id)? else { return Ok(None) };
            let story = index.story_of(&row)?;
            let mut prepared = story.clone();
            wire::prepare(&mut prepared, index.store.config.keep_furniture());
            if speaks_of_another(&prepared) {
                return index.recall_by(state, &story).map(Some);
            }
            let targets = Targets::from_iter((row.class > 0).then_some((row.class, Relation::Identical)));
            let named = vec![row.id.clone()];
            let live = index.live(&targets, &Story::default())?;
            Ok(Some(Recall { notice: row.id, named, killed: Vec::new(), live }))
        })
    }

    fn recall_by(&self, state: &State, notice: &Story) -> Done<Recall> {
        let (mut classes, mut named) = (Targets::new(), Vec::new());
        let mut name = |row: &StoryRow, relation| {
            classes.entry(row.class).or_insert(relation);
            named.push(row.id.clone());
        };
        let predecessor = notice.dispatch.as_ref().and_then(|dispatch| dispatch.predecessor.clone());
        for id in predecessor.iter().chain([&notice.id]) {
            if let Some(row) = self.find_story(state, id)?
                && !self.is_notice(&row)?
            {
                name(&row, Relation::Identical);
            }
        }
        for (class, relation) in self.spoken_of(state, notice)? {
            let class = ClassRow::read(&self.store.db, class)?;
            for row in StoryRow::all_of(&self.store.db, &class)? {
                if row.id != notice.id && !self.is_notice(&row)? {
                    name(&row, relation);
                }
            }
        }
        classes.remove(&0);
        named.sort_unstable();
        named.dedup();
        let all = self.live(&classes, notice)?;
        let (killed, live): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| is_killed_by(one, notice));
        let killed = killed.into_iter().map(|one| one.id).collect();
        Ok(Recall { notice: notice.id.clone(), named, killed, live })
    }

    /// The classes whose headline a notice quotes, or whose text it repeats; each with what it is
    /// to the story that is taken back.
    fn spoken_of(&self, state: &State, notice: &Story) -> Done<Targets> {
        let mut marked = notice.clone();
        let mut prepared = notice.clone();
        wire::prepare(&mut prepared, self.store.config.keep_furniture());
        if !speaks_of_another(&prepared) {
            // Whoever hands it over says that it is one.
            let marker = Marker { kind: MarkerKind::Kill, number: None, text: String::new() };
            marked.furniture.marker = Some(marker);
            prepared = marked.clone();
            wire::prepare(&mut prepared, self.store.config.keep_furniture());
        }
        let mut fresh = self.press.borrow_mut().press(marked, Sampling::of(state.tokens))?;
        let weights = self.weights(state)?;
        let speaker = Profile::new(&prepared, &weights);
        let mut tail = self.tail.borrow_mut();
        let quoted = self.meeting(state, postings::HEADLINES, &mut tail.headlines, &fresh.keys.notice)?;
        drop(tail);
        let mut found = Targets::new();
        for class in quoted {
            let theirs = self.profile(state, &ClassRow::read(&self.store.db, class)?)?;
            if notice::named(&speaker, &theirs).is_some() {
                found.insert(class, Relation::Identical);
            }
        }
        let (same, tied) = self.seen(state, &mut fresh)?;
        found.extend(same.iter().map(|row| (row.class, Relation::Identical)));
        // The text of a notice that repeats its story stands for that story. What a kill reaches because
        // it is a version of that is not what it speaks of.
        for (row, tie) in tied.iter().filter(|(_, tie)| !matches!(tie.basis, Basis::Notice)) {
            found.entry(row.class).or_insert(tie.mirrored().relation);
        }
        Ok(found)
    }

    fn is_notice(&self, row: &StoryRow) -> Done<bool> {
        let story = self.readied(row)?;
        Ok(takes_back(&story))
    }

    /// Every live story of the clusters of `targets`, and of what is tied to them.
    fn live(&self, targets: &Targets, notice: &Story) -> Done<Vec<Live>> {
        let db = &self.store.db;
        let mut wanted: BTreeMap<u32, ClassRow> = BTreeMap::new();
        let mut relations: BTreeMap<u32, Relation> = BTreeMap::new();
        let (mut stories, mut spoken) = (Vec::new(), BTreeSet::new());
        for &target in targets.keys() {
            let row = ClassRow::read(db, target)?;
            let mates = row.cluster.map(|cluster| self.classes_of(cluster)).transpose()?;
            wanted.extend(mates.unwrap_or_default().into_iter().map(|mate| (mate.class, mate)));
            for half in ties::of_class(db, &row)? {
                let other = ClassRow::read(db, half.other)?;
                let tie = half.verified((1, row.shingles), (0, other.shingles));
                if half.joins(self.store.config.level()) || tie.relation == Relation::Roundup {
                    relations.insert(other.class, tie.relation);
                    wanted.insert(other.class, other);
                }
            }
            stories.push(self.shingles(&row)?);
            spoken.insert(told_of(&self.readied(&StoryRow::read(db, row.least)?)?));
            wanted.insert(target, row);
        }
        relations.extend(targets);
        let mut live = Vec::new();
        for (class, row) in wanted {
            let own = self.shingles(&row)?;
            let overlaps = stories.iter().map(|story| Overlap::of_sorted(&own, story));
            let overlap = overlaps.max_by_key(|overlap| overlap.shared).unwrap_or_default();
            for story in StoryRow::all_of(db, &row)? {
                let found = self.is_live(&story, relations.get(&class).copied(), overlap, notice)?;
                live.extend(found.map(|live| Live {
                    language: live.language.filter(|own| !spoken.contains("") && !spoken.contains(own)),
                    ..live
                }));
            }
        }
        let key = |live: &Live| (live.time.is_none(), live.time, live.id.clone());
        live.sort_by_cached_key(key);
        Ok(live)
    }

    fn is_live(
        &self,
        row: &StoryRow,
        relation: Option<Relation>,
        overlap: Overlap,
        notice: &Story,
    ) -> Done<Option<Live>> {
        let dispatch = dispatch(row.dispatch.as_deref());
        let is_canceled = dispatch.as_ref().is_some_and(|dispatch| dispatch.status == Status::Canceled);
        let story = self.readied(row)?;
        if is_canceled || takes_back(&story) || self.is_the_same(row, notice)? {
            return Ok(None);
        }
        let published = row
            .time
            .zip(notice.time)
            .and_then(|(own, notice)| own.before(notice))
            .map(|order| if order.is_gt() { Published::After } else { Published::Before });
        Ok(Some(Live {
            id: row.id.clone(),
            source: (!row.source.is_empty()).then(|| row.source.clone()),
            url: Some(story.url.clone()).filter(|url| !url.is_empty()),
            time: row.time,
            headline: headline(&story),
            relation,
            share: rounded(overlap.containment_a()),
            share_of_story: rounded(overlap.containment_b()),
            published,
            flag: dispatch.and_then(|dispatch| dispatch.flag()),
            language: Some(told_of(&story)).filter(|language| !language.is_empty()),
        }))
    }

    /// Whether the story is the notice itself, which may be in the index, too.
    fn is_the_same(&self, row: &StoryRow, notice: &Story) -> Done<bool> {
        if row.id != notice.id || row.time != notice.time {
            return Ok(false);
        }
        let story = self.story_of(row)?;
        Ok(story.headline == notice.headline && story.body == notice.body)
    }
}

/// Classes that a notice speaks of, each with what it is to the story that is taken back.
type Targets = BTreeMap<u32, Relation>;

/// Whether a story that carries what `notice` takes back is the notice's own source's, and no later.
fn is_killed_by(live: &Live, notice: &Story) -> bool {
    fn outlet(source: &str) -> &str {
        wire::agency(source).unwrap_or(source)
    }
    let own = live.source.as_deref().map(outlet);
    !notice.source.is_empty()
        && own == Some(outlet(&notice.source))
        && live.published != Some(Published::After)
}

/// Whether a prepared story is a notice that puts another right or takes it back.
fn speaks_of_another(story: &Story) -> bool {
    let by_marker = story.furniture.marker.as_ref().map(|marker| marker.kind);
    takes_back(story) || by_marker == Some(MarkerKind::Correction)
}

/// Whether a prepared story is no longer to be used, or says that of another.
pub(super) fn takes_back(story: &Story) -> bool {
    let by_marker = story.furniture.marker.as_ref().map(|marker| marker.kind);
    let by_status = story.dispatch.as_ref().is_some_and(|dispatch| dispatch.status == Status::Canceled);
    by_status || matches!(by_marker, Some(MarkerKind::Kill))
}
