//! From a passage to the stories of the index that hold it word for word.

use crate::error::Result;
use crate::index::Index;
use crate::index::file::postings;
use crate::index::file::rows::{ClassRow, StoryRow};
use crate::index::sampling;
use crate::report::message::rounded;
use crate::scan::fetch::headline;
use crate::similarity::Overlap;
use crate::story::Story;
use crate::time::Time;
use serde::Serialize;

/// Share of a passage's shingles that a story must hold.
const LEAST: f64 = 0.6;
/// Stories that are named.
const MOST: usize = 200;

/// A story that holds a passage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// Its headline, or the opening words.
    pub headline: String,
    /// Who published it; null where not known.
    pub source: Option<String>,
    /// Its address on the web; left out where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When; null where not known.
    pub time: Option<Time>,
    /// Share of the passage that is in it, in [0, 1], by shingles.
    pub share: f64,
}

impl Index {
    /// The stories that hold the passage, a sentence, a quotation or some paragraphs, by time,
    /// those without one last, and id; 200 at most. Known at level rewrite only, and of passages
    /// of a dozen words or more: of shorter ones too few runs of words are filed. Cost: a look-up
    /// for each rare run of three words.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn found_in(&self, passage: &Story) -> Result<Vec<Found>> {
        self.read(|index, state| {
            index.tail.borrow_mut().catch_up(&index.store.db, state)?;
            let fresh = index.press.borrow_mut().press(passage.clone(), sampling(state, 0))?;
            let tail = index.tail.borrow();
            let met = index.meeting(state, postings::RARE, &tail.rare, &fresh.keys.rare)?;
            drop(tail);
            let mut found = Vec::new();
            for class in met {
                let row = ClassRow::read(&index.store.db, class)?;
                let overlap = Overlap::of_sorted(&fresh.shingles, &index.shingles(&row)?);
                if overlap.containment_a() < LEAST {
                    continue;
                }
                for story in StoryRow::all_of(&index.store.db, &row)? {
                    let printed = index.story_of(&story)?;
                    found.push(Found {
                        source: (!story.source.is_empty()).then(|| story.source.clone()),
                        url: Some(printed.url.clone()).filter(|url| !url.is_empty()),
                        time: story.time,
                        headline: headline(&printed),
                        id: story.id,
                        share: rounded(overlap.containment_a()),
                    });
                }
            }
            found.sort_by_cached_key(|one| (one.time.is_none(), one.time, one.id.clone()));
            found.truncate(MOST);
            Ok(found)
        })
    }
}
