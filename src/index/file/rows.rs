//! From the rows of the file to what they say, each checked by its seal, and back.

use super::failure::{Done, damage};
use super::seal::Seal;
use crate::cluster::canonical::Member;
use crate::hash::Identity;
use crate::time::Time;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Counts of the file, and how far its postings are filed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(in crate::index) struct State {
    /// The next class and the next story: numbers are never given twice.
    pub(in crate::index) next_class: u32,
    pub(in crate::index) next_story: u32,
    /// Classes and stories below are filed in buckets, the others are in the tail.
    pub(in crate::index) filed_classes: u32,
    pub(in crate::index) filed_stories: u32,
    pub(in crate::index) stories: u64,
    pub(in crate::index) classes: u64,
    /// Of all classes, as often as they were met.
    pub(in crate::index) tokens: u64,
    /// How often something was taken out.
    pub(in crate::index) removals: u64,
    /// Stories whose frequencies of stems are in use.
    pub(in crate::index) sampled: u64,
    /// Classes and stories that are in the tail.
    pub(in crate::index) tail_classes: u64,
    pub(in crate::index) tail_stories: u64,
    /// How many stories have come or gone since the index settled.
    pub(in crate::index) unsettled: u64,
}

impl State {
    /// The state of an empty file: 0 stands for no class.
    pub(in crate::index) fn new() -> Self {
        Self { next_class: 1, next_story: 1, ..Self::default() }
    }

    fn counts(&self) -> [u64; 12] {
        [
            self.next_class.into(),
            self.next_story.into(),
            self.filed_classes.into(),
            self.filed_stories.into(),
            self.stories,
            self.classes,
            self.tokens,
            self.removals,
            self.sampled,
            self.tail_classes,
            self.tail_stories,
            self.unsettled,
        ]
    }

    /// Whether a tail that was read at `self` only lacks what came since.
    pub(in crate::index) fn same_tail(&self, now: &Self) -> bool {
        (self.filed_classes, self.filed_stories, self.removals)
            == (now.filed_classes, now.filed_stories, now.removals)
    }

    pub(in crate::index) fn read(db: &Connection) -> Done<Self> {
        let mut select = db.prepare_cached("SELECT counts, seal FROM state WHERE one = 1")?;
        let (blob, seal): (Vec<u8>, i64) = select.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (counts, rest) = blob.as_chunks::<8>();
        let counts: Vec<u64> = counts.iter().map(|&bytes| u64::from_le_bytes(bytes)).collect();
        let &[
            next_class,
            next_story,
            filed_classes,
            filed_stories,
            stories,
            classes,
            tokens,
            removals,
            sampled,
            tail_classes,
            tail_stories,
            unsettled,
        ] = &counts[..]
        else {
            return damage("its counts cannot be read");
        };
        if seal != Seal::new("state").bytes(&blob).value() || !rest.is_empty() {
            return damage("its counts do not agree with their seal");
        }
        Ok(Self {
            next_class: next_class as u32,
            next_story: next_story as u32,
            filed_classes: filed_classes as u32,
            filed_stories: filed_stories as u32,
            stories,
            classes,
            tokens,
            removals,
            sampled,
            tail_classes,
            tail_stories,
            unsettled,
        })
    }

    pub(in crate::index) fn write(&self, db: &Connection) -> Done<()> {
        let blob: Vec<u8> = self.counts().iter().flat_map(|count| count.to_le_bytes()).collect();
        let seal = Seal::new("state").bytes(&blob).value();
        db.prepare_cached("INSERT OR REPLACE INTO state(one, counts, seal) VALUES(1, ?1, ?2)")?
            .execute(params![blob, seal])?;
        Ok(())
    }
}

/// A story, but for its text.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::index) struct StoryRow {
    pub(in crate::index) story: u32,
    /// 0 for a story without a token.
    pub(in crate::index) class: u32,
    pub(in crate::index) id: String,
    pub(in crate::index) source: String,
    pub(in crate::index) time: Option<Time>,
    /// When it was added, in seconds since 1970, by the clock of the machine.
    pub(in crate::index) added: i64,
    /// What came with it, as JSON.
    pub(in crate::index) dispatch: Option<String>,
}

const STORY: &str = "story, class, id, source, time, nanos, added, dispatch, seal";

/// Stands in place of the nanoseconds where only the day is known.
const DAY: i32 = -1;

impl StoryRow {
    /// What the canonical of a class or cluster of `tokens` is chosen by.
    pub(in crate::index) fn member(&self, tokens: u32) -> Member<'_> {
        Member { time: self.time, tokens, source: &self.source, id: &self.id }
    }

    fn nanos(&self) -> i32 {
        let of = |time: Time| if time.is_day() { DAY } else { time.start().subsec_nanosecond() };
        self.time.map_or(0, of)
    }

    /// What stands for all that the row says.
    pub(super) fn seal(&self) -> i64 {
        Seal::new("stories")
            .number(self.story)
            .number(self.class)
            .text(&self.id)
            .text(&self.source)
            .optional(self.time.map(Time::as_second))
            .number(self.nanos())
            .number(self.added)
            .text(self.dispatch.as_deref().unwrap_or_default())
            .value()
    }

    fn of(row: &Row<'_>) -> Done<Self> {
        let (seconds, nanos): (Option<i64>, i32) = (row.get(4)?, row.get(5)?);
        let is_day = nanos == DAY;
        let start = |seconds| Timestamp::new(seconds, if is_day { 0 } else { nanos });
        let time = seconds.map(|seconds| start(seconds).map(|start| Time::starting(start, is_day)));
        let Ok(time) = time.transpose() else { return damage("a time that does not exist") };
        let found = Self {
            story: row.get(0)?,
            class: row.get(1)?,
            id: row.get(2)?,
            source: row.get(3)?,
            time,
            added: row.get(6)?,
            dispatch: row.get(7)?,
        };
        if row.get::<_, i64>(8)? != found.seal() {
            return damage(format!("story {} does not agree with its seal", found.story));
        }
        Ok(found)
    }

    /// The story of that number, which must be there.
    pub(in crate::index) fn read(db: &Connection, story: u32) -> Done<Self> {
        match Self::find(db, story)? {
            Some(row) => Ok(row),
            None => damage(format!("story {story} is missing")),
        }
    }

    /// The story of that number, if it is there.
    pub(in crate::index) fn find(db: &Connection, story: u32) -> Done<Option<Self>> {
        let mut select = db.prepare_cached(&format!("SELECT {STORY} FROM stories WHERE story = ?1"))?;
        select.query_row([story], |row| Ok(Self::of(row))).optional()?.transpose()
    }

    /// Those of the stories of these numbers that are there, in this order.
    pub(in crate::index) fn of_these(
        db: &Connection,
        stories: impl IntoIterator<Item = u32>,
    ) -> Done<Vec<Self>> {
        stories.into_iter().filter_map(|story| Self::find(db, story).transpose()).collect()
    }

    /// Every story, by number.
    pub(in crate::index) fn all(db: &Connection, mut each: impl FnMut(Self) -> Done<()>) -> Done<()> {
        let mut select = db.prepare(&format!("SELECT {STORY} FROM stories ORDER BY story"))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            each(Self::of(row)?)?;
        }
        Ok(())
    }

    /// All stories of a class, by number.
    pub(in crate::index) fn all_of(db: &Connection, class: &ClassRow) -> Done<Vec<Self>> {
        Self::first_of(db, class, u32::MAX >> 1)
    }

    /// The first `limit` stories of a class, by number.
    pub(in crate::index) fn first_of(db: &Connection, class: &ClassRow, limit: u32) -> Done<Vec<Self>> {
        let found = Self::of_class(db, class.class, limit)?;
        if found.len() == class.stories.min(limit) as usize {
            return Ok(found);
        }
        damage(format!("class {} has {} stories, expected {}", class.class, found.len(), class.stories))
    }

    /// The same for a class whose row does not say how many there are.
    pub(in crate::index) fn of_class(db: &Connection, class: u32, limit: u32) -> Done<Vec<Self>> {
        Self::some(db, "class = ?1 ORDER BY story", [class, limit])
    }

    /// All stories of a cluster, by class and number.
    pub(in crate::index) fn of_cluster(db: &Connection, cluster: u32) -> Done<Vec<Self>> {
        let which = "class IN (SELECT class FROM classes WHERE cluster = ?1) ORDER BY class, story";
        Self::some(db, which, [cluster, u32::MAX >> 1])
    }

    fn some(db: &Connection, which: &str, given: [u32; 2]) -> Done<Vec<Self>> {
        let sql = format!("SELECT {STORY} FROM stories WHERE {which} LIMIT ?2");
        let mut select = db.prepare_cached(&sql)?;
        let mut rows = select.query(given)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Self::of(row)?);
        }
        Ok(found)
    }

    /// The stories from a number up to another, by number.
    pub(in crate::index) fn between(db: &Connection, first: u32, end: u32) -> Done<Vec<Self>> {
        Self::some(db, "story >= ?1 ORDER BY story", [first, end - first])
            .map(|rows| rows.into_iter().filter(|row| row.story < end).collect())
    }

    /// The last `limit` stories below a number, the last first.
    pub(in crate::index) fn before(db: &Connection, story: u32, limit: u32) -> Done<Vec<Self>> {
        Self::some(db, "story < ?1 ORDER BY story DESC", [story, limit])
    }

    /// Up to `limit` stories whose number is greater than `after`.
    pub(in crate::index) fn after(db: &Connection, after: u32, limit: u32) -> Done<Vec<Self>> {
        Self::some(db, "story > ?1 ORDER BY story", [after, limit])
    }

    pub(in crate::index) fn insert(&self, db: &Connection) -> Done<()> {
        db.prepare_cached(&format!(
            "INSERT INTO stories({STORY}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        ))?
        .execute(params![
            self.story,
            self.class,
            self.id,
            self.source,
            self.time.map(Time::as_second),
            self.nanos(),
            self.added,
            self.dispatch,
            self.seal()
        ])?;
        Ok(())
    }
}

/// Stories of one token sequence.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::index) struct ClassRow {
    pub(in crate::index) class: u32,
    pub(in crate::index) identity: Identity,
    pub(in crate::index) tokens: u32,
    /// Distinct shingles.
    pub(in crate::index) shingles: u32,
    pub(in crate::index) script: u8,
    pub(in crate::index) bands: Vec<u32>,
    /// How many stories it has.
    pub(in crate::index) stories: u32,
    /// The story with the least id: it stands for the class where places decide.
    pub(in crate::index) least: u32,
    /// The story that would be kept if the class were a cluster.
    pub(in crate::index) kept: u32,
    /// How many classes it is tied to.
    pub(in crate::index) ties: u32,
    /// The class of the family of copies whose rare shingles are filed; itself if it leads.
    pub(in crate::index) leader: u32,
    /// The canonical of the cluster that it is in.
    pub(in crate::index) cluster: Option<u32>,
}

const CLASS: &str =
    "class, identity, tokens, shingles, script, bands, stories, least, kept, ties, leader, cluster, seal";

impl ClassRow {
    fn seal(&self, bands: &[u8]) -> i64 {
        let numbers = [self.class, self.tokens, self.shingles, self.script.into(), self.stories];
        let more = [self.least, self.kept, self.ties, self.leader];
        let seal = Seal::new("classes").bytes(&self.identity.to_bytes()).bytes(bands);
        let seal = numbers.iter().chain(&more).fold(seal, |seal, &number| seal.number(number));
        seal.optional(self.cluster.map(i64::from)).value()
    }

    fn of(row: &Row<'_>) -> Done<Self> {
        let bands = row.get_ref(5)?.as_blob().unwrap_or_default();
        let found = Self {
            class: row.get(0)?,
            identity: Identity::from_bytes(row.get(1)?),
            tokens: row.get(2)?,
            shingles: row.get(3)?,
            script: row.get(4)?,
            bands: bands.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect(),
            stories: row.get(6)?,
            least: row.get(7)?,
            kept: row.get(8)?,
            ties: row.get(9)?,
            leader: row.get(10)?,
            cluster: row.get(11)?,
        };
        if row.get::<_, i64>(12)? != found.seal(bands) {
            return damage(format!("class {} does not agree with its seal", found.class));
        }
        Ok(found)
    }

    /// The class of that number, which must be there.
    pub(in crate::index) fn read(db: &Connection, class: u32) -> Done<Self> {
        let mut select = db.prepare_cached(&format!("SELECT {CLASS} FROM classes WHERE class = ?1"))?;
        match select.query_row([class], |row| Ok(Self::of(row))).optional()? {
            Some(row) => row,
            None => damage(format!("class {class} is missing")),
        }
    }

    /// Every class from `first` on, by number.
    pub(in crate::index) fn all(
        db: &Connection,
        first: u32,
        mut each: impl FnMut(Self) -> Done<()>,
    ) -> Done<()> {
        let mut select =
            db.prepare_cached(&format!("SELECT {CLASS} FROM classes WHERE class >= ?1 ORDER BY class"))?;
        let mut rows = select.query([first])?;
        while let Some(row) = rows.next()? {
            each(Self::of(row)?)?;
        }
        Ok(())
    }

    /// Every class of a cluster.
    pub(in crate::index) fn of_cluster(db: &Connection, cluster: u32) -> Done<Vec<Self>> {
        let mut select =
            db.prepare_cached(&format!("SELECT {CLASS} FROM classes WHERE cluster = ?1 ORDER BY class"))?;
        let mut rows = select.query([cluster])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Self::of(row)?);
        }
        Ok(found)
    }

    /// Puts the row into the file, in place of the one it was.
    pub(in crate::index) fn write(&self, db: &Connection) -> Done<()> {
        let bands: Vec<u8> = self.bands.iter().flat_map(|band| band.to_le_bytes()).collect();
        db.prepare_cached(&format!(
            "INSERT OR REPLACE INTO classes({CLASS}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        ))?
        .execute(params![
            self.class,
            self.identity.to_bytes(),
            self.tokens,
            self.shingles,
            self.script,
            bands,
            self.stories,
            self.least,
            self.kept,
            self.ties,
            self.leader,
            self.cluster,
            self.seal(&bands)
        ])?;
        Ok(())
    }
}
