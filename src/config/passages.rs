//! From what is asked of shared passages to checked settings.

use super::{Config, ConfigBuilder};
use crate::error::{Error, Result};

/// Of which stories a report holds the passages that they share.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Passages {
    /// Of none.
    #[default]
    Off,
    /// Of those that the level joins.
    Joined,
    /// Of any two, whatever they are to one another. Nothing else is looked for then.
    Any,
}

impl Config {
    /// Tokens of the shortest passage that is told of, unless asked otherwise: a sentence.
    pub const LEAST_PASSAGE: usize = 25;
    /// The shortest passage that may be asked for: below it, what two texts share is common speech.
    pub const SHORTEST_PASSAGE: usize = 4;

    /// Of which stories the report holds the passages that they share.
    pub fn passages(&self) -> Passages {
        self.passages
    }

    /// Tokens of the shortest passage that is told of.
    pub fn least(&self) -> usize {
        self.least
    }

    /// Whether the passages asked for are long enough to mean something.
    pub(super) fn check_passages(&self) -> Result<()> {
        if self.least < Config::SHORTEST_PASSAGE {
            let (least, found) = (Config::SHORTEST_PASSAGE, self.least);
            return Err(Error::config(format!("expected passages of {least} words or more, found {found}")));
        }
        Ok(())
    }
}

impl ConfigBuilder {
    /// Tells of the passages that stories share, which costs a further reading of these, and as much
    /// memory as their texts take; off by default.
    #[must_use]
    pub fn passages(mut self, passages: Passages) -> Self {
        self.config.passages = passages;
        self
    }

    /// Tokens of the shortest passage that is told of, 4 at least; 25 by default.
    #[must_use]
    pub fn least(mut self, tokens: usize) -> Self {
        self.config.least = tokens;
        self
    }
}
