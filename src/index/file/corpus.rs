//! From an index to a corpus: its stories as they came, for a scan to read.

use super::failure::{Done, Fault, damage};
use super::fingerprint::{dispatch, unpack, url};
use super::rows::{State, StoryRow};
use super::store;
use crate::error::Result;
use crate::input::{Block, Corpus};
use crate::story::Story;
use rusqlite::{Connection, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Numbers of stories in a block.
const BLOCK: u32 = 256;

/// A moment of an index: its counts, and the class of every story in the order of ids, which is that of
/// a scan.
pub(in crate::index) struct Moment {
    pub(in crate::index) state: State,
    pub(in crate::index) classes: Vec<u32>,
}

impl Moment {
    fn read(db: &Connection) -> Done<Self> {
        let state = State::read(db)?;
        let mut select = db.prepare("SELECT class FROM stories ORDER BY id")?;
        let classes = select.query_map([], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
        Ok(Self { state, classes })
    }
}

/// The stories that an index held at one moment, in the order of their numbers; then `new` ones.
pub(in crate::index) struct Stored<'a> {
    path: PathBuf,
    /// Reads one moment, whoever writes meanwhile.
    db: Mutex<Connection>,
    /// The greatest number.
    last: u32,
    new: &'a [Story],
    /// The first fault: a scan skips bad records, and here none may be bad.
    fault: Arc<Mutex<Option<Fault>>>,
}

impl<'a> Stored<'a> {
    /// What the index at `path` holds now, and `new`.
    pub(in crate::index) fn open(path: &Path, new: &'a [Story]) -> Result<Self> {
        let opened = (|| -> Done<(Connection, u32)> {
            let db = store::open_read_only(path)?.db;
            db.execute_batch("BEGIN")?;
            let last = db.query_row("SELECT coalesce(max(story), 0) FROM stories", [], |row| row.get(0))?;
            Ok((db, last))
        })();
        let (db, last) = opened.map_err(|fault| fault.of(path))?;
        Ok(Self { path: path.to_owned(), db: Mutex::new(db), last, new, fault: Arc::default() })
    }

    /// What the moment was.
    pub(in crate::index) fn moment(&self) -> Result<Moment> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        Moment::read(&db).map_err(|fault| fault.of(&self.path))
    }

    /// Whether all that was read so far could be read.
    ///
    /// # Errors
    /// The first fault.
    pub(in crate::index) fn sound(self) -> Result<()> {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner).take();
        fault.map_or(Ok(()), |fault| Err(fault.of(&self.path)))
    }

    fn stored_blocks(&self) -> usize {
        (self.last / BLOCK + 1) as usize
    }

    fn block(&self, number: usize) -> Block<'_> {
        let Some(number_of_new) = number.checked_sub(self.stored_blocks()) else {
            return self.stored_block(number);
        };
        let start = number_of_new * BLOCK as usize;
        let stories = &self.new[start..self.new.len().min(start + BLOCK as usize)];
        let bytes = stories.iter().map(|story| story.body.len() as u64).sum();
        Block::of_rows(number, bytes, stories.len(), |index| Ok(stories[index].clone()))
    }

    fn stored_block(&self, number: usize) -> Block<'_> {
        let rows = self.rows(number as u32 * BLOCK).unwrap_or_else(|fault| {
            note(&self.fault, fault);
            Vec::new()
        });
        let bytes = rows.iter().map(|(_, packed)| packed.len() as u64).sum();
        let fault = Arc::clone(&self.fault);
        Block::of_rows(number, bytes, rows.len(), move |index| {
            let (row, packed) = &rows[index];
            Ok(story_of(row, packed).unwrap_or_else(|unread| {
                note(&fault, unread);
                Story::default()
            }))
        })
    }

    /// The stories of a block with their packed texts.
    fn rows(&self, first: u32) -> Done<Vec<(StoryRow, Vec<u8>)>> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = StoryRow::between(&db, first, first + BLOCK)?;
        let with_text = |row: StoryRow| packed(&db, row.story).map(|text| (row, text));
        rows.into_iter().map(with_text).collect()
    }
}

/// The next stories by number, `most` of them.
pub(in crate::index) fn stories_after(
    db: &Connection,
    after: &mut u32,
    most: u32,
) -> Done<Vec<(StoryRow, Story)>> {
    let rows = StoryRow::after(db, *after, most)?;
    if let Some(last) = rows.last() {
        *after = last.story;
    }
    let with_text = |row: StoryRow| {
        let story = story_of(&row, &packed(db, row.story)?)?;
        Ok((row, story))
    };
    rows.into_iter().map(with_text).collect()
}

/// The text of a story, as it is packed.
pub(in crate::index) fn packed(db: &Connection, story: u32) -> Done<Vec<u8>> {
    let mut select = db.prepare_cached("SELECT text FROM texts WHERE story = ?1")?;
    match select.query_row([story], |row| row.get(0)).optional()? {
        Some(packed) => Ok(packed),
        None => damage(format!("the text of story {story} is missing")),
    }
}

/// A story with its text.
pub(in crate::index) fn story_of(row: &StoryRow, packed: &[u8]) -> Done<Story> {
    let mut story = Story {
        id: row.id.clone(),
        time: row.time,
        source: row.source.clone(),
        url: url(row.dispatch.as_deref()),
        dispatch: dispatch(row.dispatch.as_deref()),
        ..Story::default()
    };
    unpack(&mut story, packed)?;
    Ok(story)
}

fn note(kept: &Mutex<Option<Fault>>, fault: Fault) {
    kept.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
}

impl Corpus for Stored<'_> {
    fn blocks<'b>(
        &'b self,
        wanted: &'b (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'b>> + Send + 'b> {
        let blocks = self.stored_blocks() + self.new.len().div_ceil(BLOCK as usize);
        Box::new((0..blocks).filter(|&number| wanted(number)).map(|number| self.block(number)))
    }

    fn size_hint(&self) -> Option<u64> {
        None
    }
}
