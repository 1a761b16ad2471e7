//! From tables of the user's own to settings.

use super::{Config, ConfigBuilder};
use crate::lexicon::Lexicon;
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
