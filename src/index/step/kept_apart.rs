//! From stories and classes to what the table of publishers keeps them from being tied to.
//!
//! All stories of a class are kept from the same ones: that is part of its identity.

use crate::index::Index;
use crate::index::file::failure::Done;
use crate::index::file::fingerprint::url;
use crate::index::file::rows::{ClassRow, StoryRow};
use crate::index::file::ties::Tied;
use crate::story::Story;
use std::collections::BTreeSet;

/// What a story is kept from.
pub(in crate::index) struct KeptFrom {
    pub(in crate::index) sides: BTreeSet<String>,
    /// What its identity is marked with.
    pub(in crate::index) mark: u64,
}

impl Index {
    /// `None` where the table keeps nothing apart.
    pub(in crate::index) fn kept_from(&self, story: &Story) -> Option<KeptFrom> {
        let publishers = self.store.config.publishers();
        publishers.keeps_any_apart().then(|| KeptFrom {
            sides: publishers.sides(&story.source, &story.url),
            mark: publishers.mark((&story.source, &story.url), (&story.id, story.time)),
        })
    }

    /// What the stories of a class are kept from.
    pub(in crate::index) fn kept_from_of(&self, class: &ClassRow) -> Done<KeptFrom> {
        let (row, publishers) =
            (StoryRow::read(&self.store.db, class.least)?, self.store.config.publishers());
        let url = url(row.dispatch.as_deref());
        let mark = publishers.mark((&row.source, &url), (&row.id, row.time));
        Ok(KeptFrom { sides: publishers.sides(&row.source, &url), mark })
    }

    /// Whether the two must not be tied.
    pub(in crate::index) fn part(&self, a: &KeptFrom, b: &KeptFrom) -> bool {
        self.store.config.publishers().part(&a.sides, &b.sides)
    }

    /// Takes out of `tied` the classes that `story` must not be tied to.
    pub(in crate::index) fn untie(&self, story: &Story, tied: &mut Vec<Tied>) -> Done<()> {
        let Some(kept) = self.kept_from(story) else { return Ok(()) };
        let mut may = Vec::with_capacity(tied.len());
        for tie in tied.drain(..) {
            if !self.part(&kept, &self.kept_from_of(&tie.0)?) {
                may.push(tie);
            }
        }
        *tied = may;
        Ok(())
    }

    /// Whether a cluster holds nothing that is kept from `story`.
    pub(in crate::index) fn may_join(&self, cluster: u32, kept: Option<&KeptFrom>) -> Done<bool> {
        let Some(kept) = kept.filter(|kept| !kept.sides.is_empty()) else { return Ok(true) };
        for class in ClassRow::of_cluster(&self.store.db, cluster)? {
            if self.part(kept, &self.kept_from_of(&class)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
