//! From what a wire says beside a story to the [`Dispatch`]: version, status, hand-over.
//!
//! The fields are those that ninjs, NewsML-G2, NewsML 1, NITF, IPTC 7901 and ANPA 1312 share
//! under different names. A story that did not come through one of these, nor through a feed or
//! a page that says more than a headline, has no dispatch.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What came with a story beside headline and text.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Dispatch {
    /// The number of the version, where the format counts them. Of two stories of one id the one
    /// with the higher number supersedes the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The id of the story that this one continues or replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predecessor: Option<String>,
    /// Whether the story may be used.
    #[serde(skip_serializing_if = "Status::is_usable")]
    pub status: Status,
    /// The moment before which it must not be published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo: Option<Timestamp>,
    /// When its first version was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// 1 is the most urgent, 9 the least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<u8>,
    /// Which part of how many, where a story is sent in takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub take: Option<Take>,
    /// The key words by which desks call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slugline: Option<String>,
    /// The dateline, where it is a field of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// Whoever sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Who is to be credited: sources, holders of the copyright.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<String>,
    /// What the receiver may do with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// Notes to editors, which are no part of the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What it says of its kind: `update`, `correction`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<String>,
    /// Other stories that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Whose hands it went through, the first first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hops: Vec<String>,
}

/// Whether a story may be used.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It may.
    #[default]
    Usable,
    /// Not now: held back until it is released.
    Withheld,
    /// Never: killed.
    Canceled,
}

/// A part of a story that is sent in takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Deserialize, Serialize)]
pub struct Take {
    /// From 1.
    pub part: u32,
    /// How many there are; 0 where that is not said.
    pub total: u32,
}

/// A named tie to another story.
#[derive(Clone, Debug, Eq, PartialEq, Deserialize, Serialize)]
pub struct Link {
    /// What the other is to this one, as the format says it: `seeAlso`, `isBasedOn`.
    pub rel: String,
    /// The id or address of the other.
    pub id: String,
}

impl Status {
    /// Reads the words of the formats: `usable`, `withheld`, `embargoed`, `canceled`, `killed`
    /// and their like. What is not known is usable.
    pub fn of(word: &str) -> Self {
        let word = word.rsplit(':').next().unwrap_or(word).trim().to_ascii_lowercase();
        match word.as_str() {
            "withheld" | "hold" | "held" | "embargoed" => Self::Withheld,
            "canceled" | "cancelled" | "kill" | "killed" | "withdrawn" | "retracted" | "spiked" => {
                Self::Canceled
            }
            _ => Self::Usable,
        }
    }

    /// Whether nothing stands against its use.
    pub fn is_usable(&self) -> bool {
        *self == Self::Usable
    }

    /// The word of the formats.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Withheld => "withheld",
            Self::Canceled => "canceled",
        }
    }
}

impl Dispatch {
    /// Itself for [`Story::dispatch`](crate::Story::dispatch), with every credit once; `None` if
    /// it says nothing.
    pub(crate) fn boxed(mut self) -> Option<Box<Self>> {
        let mut seen = Vec::new();
        self.credits.retain(|credit| {
            let is_new = !seen.contains(credit);
            seen.push(credit.clone());
            is_new
        });
        (self != Self::default()).then(|| Box::new(self))
    }

    /// What stands against the use of the story, in a word or two: `withheld`, `canceled`,
    /// `embargoed until 2024-05-01T06:00:00Z`. `None` for a story that may be used.
    pub fn flag(&self) -> Option<String> {
        match (self.status, self.embargo) {
            (Status::Canceled, _) => Some("canceled".to_owned()),
            (_, Some(until)) => Some(format!("embargoed until {until}")),
            (Status::Withheld, None) => Some("withheld".to_owned()),
            (Status::Usable, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_all_formats_are_known() {
        for (word, status) in [
            ("usable", Status::Usable),
            ("stat:withheld", Status::Withheld),
            ("Embargoed", Status::Withheld),
            ("stat:canceled", Status::Canceled),
            ("Killed", Status::Canceled),
            ("", Status::Usable),
        ] {
            assert_eq!(Status::of(word), status, "{word}");
        }
    }

    #[test]
    fn a_cancelled_story_is_that_whatever_else_it_is() {
        let embargo = "2024-05-01T06:00:00Z".parse().ok();
        let flag = |status, embargo| Dispatch { status, embargo, ..Dispatch::default() }.flag();
        assert_eq!(flag(Status::Usable, None), None);
        assert_eq!(flag(Status::Withheld, None).as_deref(), Some("withheld"));
        assert_eq!(flag(Status::Usable, embargo).as_deref(), Some("embargoed until 2024-05-01T06:00:00Z"));
        assert_eq!(flag(Status::Canceled, embargo).as_deref(), Some("canceled"));
    }
}
