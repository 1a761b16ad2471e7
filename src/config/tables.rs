//! From tables of the user's own to settings.

use super::{Config, ConfigBuilder};
use crate::hash::Identity;
use crate::lexicon::Lexicon;
use crate::relation::judge;
use crate::story::Story;
use crate::wire::Publishers;
use std::sync::Arc;

impl Config {
    /// What foreign words mean.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The same settings with this table of publishers.
    #[must_use]
    pub fn with_publishers(self, publishers: Arc<Publishers>) -> Self {
        Self { publishers, ..self }
    }

    /// Which outlets are of one publisher, and which must not be tied.
    pub fn publishers(&self) -> &Arc<Publishers> {
        &self.publishers
    }

    /// What makes a story and another one of a class: its text, and what the table of publishers
    /// keeps it from being tied to, so that all of a class may be tied to the same stories.
    pub(crate) fn identity(&self, story: &Story, tokens: &[u64]) -> Identity {
        let (printed, sent) = ((&story.source[..], &story.url[..]), (&story.id[..], story.time));
        judge::identity(story, tokens).marked(self.publishers.mark(printed, sent))
    }
}

impl ConfigBuilder {
    /// What foreign words mean.
    #[must_use]
    pub fn lexicon(mut self, lexicon: Lexicon) -> Self {
        self.config.lexicon = Arc::new(lexicon);
        self
    }

    /// Which outlets are of one publisher, and which must not be tied; as built in by default.
    #[must_use]
    pub fn publishers(mut self, publishers: impl Into<Arc<Publishers>>) -> Self {
        self.config.publishers = publishers.into();
        self
    }
}
