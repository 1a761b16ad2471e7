//! From a passage to the stories of the index that hold it word for word.

use super::version::known;
use crate::error::Result;
use crate::index::Index;
use crate::index::file::failure::Done;
use crate::index::file::postings;
use crate::index::file::rows::{ClassRow, State, StoryRow};
use crate::index::file::sought::{Sought, Terms};
use crate::index::sampling;
use crate::report::message::rounded;
use crate::scan::fetch::headline;
use crate::similarity::Overlap;
use crate::story::Story;
use crate::time::Time;
use serde::Serialize;
use std::collections::BTreeSet;

/// Share of a passage's shingles that a story must hold.
const LEAST: f64 = 0.6;
/// Stories that are named.
const MOST: usize = 200;
/// Stories with all words of a passage whose texts are looked at, the first ones.
const LOOKED_AT: usize = 2_000;

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
    /// those without one last, and id; 200 at most. At level rewrite passages of a dozen words or
    /// more are found by their runs of words, even if a word differs; others, of three words to some
    /// ten lines, word for word, in stories whose words are [listed](crate::index::WordList). Cost: a
    /// look-up for each rare run of three words, or a search.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Damaged`](crate::ErrorKind::Damaged).
    pub fn found_in(&self, passage: &Story) -> Result<Vec<Found>> {
        self.read(|index, state| {
            index.tail.borrow_mut().catch_up(&index.store.db, state)?;
            let fresh = index.press.borrow_mut().press(passage.clone(), sampling(state, 0))?;
            let mut tail = index.tail.borrow_mut();
            let met = index.meeting(state, postings::RARE, &mut tail.rare, &fresh.keys.rare)?;
            drop(tail);
            // Of a family of copies only the leader has filed its runs, and a copy may hold what it lacks.
            let mut classes = BTreeSet::new();
            for leader in met {
                classes.extend(index.family(leader)?);
            }
            let mut found = Vec::new();
            for class in classes {
                let row = ClassRow::read(&index.store.db, class)?;
                let overlap = Overlap::of_sorted(&fresh.shingles, &index.shingles(&row)?);
                if overlap.containment_a() < LEAST {
                    continue;
                }
                for story in StoryRow::all_of(&index.store.db, &row)? {
                    found.push(index.found(story, overlap.containment_a())?);
                }
            }
            let known: BTreeSet<String> = found.iter().map(|one: &Found| one.id.clone()).collect();
            let more = index.word_for_word(state, passage)?;
            found.extend(more.into_iter().filter(|one| !known.contains(&one.id)));
            found.sort_by_cached_key(|one| (one.time.is_none(), one.time, one.id.clone()));
            found.truncate(MOST);
            Ok(found)
        })
    }

    /// The stories that hold a passage word for word, by the list of words.
    fn word_for_word(&self, state: &State, passage: &Story) -> Done<Vec<Found>> {
        let words = self.words();
        let sought = Sought::passage(&passage.body);
        let (Some(words), Some(sought)) = (words, sought) else { return Ok(Vec::new()) };
        let (Some(known), Some(terms)) = (words.known(self, state), Terms::of(&sought)) else {
            return Ok(Vec::new());
        };
        let may = words.stories(&terms, (0, known + 1), false, LOOKED_AT)?;
        let mut found = Vec::new();
        for row in StoryRow::of_these(&self.store.db, may)? {
            if found.len() < MOST && sought.is_in(&self.story_of(&row)?) {
                found.push(self.found(row, 1.0)?);
            }
        }
        Ok(found)
    }

    fn found(&self, story: StoryRow, share: f64) -> Done<Found> {
        let printed = self.story_of(&story)?;
        Ok(Found {
            source: known(&story.source),
            url: known(&printed.url),
            time: story.time,
            headline: headline(&printed),
            id: story.id,
            share: rounded(share),
        })
    }
}
