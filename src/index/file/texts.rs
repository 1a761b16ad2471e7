//! From texts that were searched lately to those that need not be unpacked again. The text of a number
//! is never another one.

use crate::story::Story;
use ahash::AHashMap;
use std::sync::Arc;

/// Bytes of the texts that are kept.
const MOST: usize = 16 << 20;

/// Those that were asked for lately, and those before them, which go when there are too many.
#[derive(Debug, Default)]
pub(in crate::index) struct Texts {
    late: AHashMap<u32, Arc<Story>>,
    early: AHashMap<u32, Arc<Story>>,
    /// Of those that were asked for lately.
    bytes: usize,
}

impl Texts {
    /// The story of that number, if it was kept.
    pub(in crate::index) fn get(&mut self, number: u32) -> Option<Arc<Story>> {
        if let Some(story) = self.late.get(&number) {
            return Some(Arc::clone(story));
        }
        let story = self.early.remove(&number)?;
        self.keep(number, &story);
        Some(story)
    }

    /// Keeps a story.
    pub(in crate::index) fn keep(&mut self, number: u32, story: &Arc<Story>) {
        /// Bytes of an entry beside its text.
        const ENTRY: usize = 512;
        let bytes = story.body.len() + story.headline.len() + ENTRY;
        if self.bytes + bytes > MOST / 2 {
            (self.early, self.bytes) = (std::mem::take(&mut self.late), 0);
        }
        if self.late.insert(number, Arc::clone(story)).is_none() {
            self.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let (mut texts, story) = (Texts::default(), Arc::new(Story::new("x", "y".repeat(1 << 20))));
        for number in 0..100 {
            texts.keep(number, &story);
            assert!(texts.get(0).is_some(), "{number}");
        }
        assert!(texts.get(99).is_some() && texts.get(50).is_none());
    }
}
