//! From the members of a cluster to the one that is kept and shown.

use crate::error::{Error, Result};
use crate::time::Time;
use std::cmp::Reverse;
use std::str::FromStr;

/// Which member of a cluster is its canonical.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Keep {
    /// The earliest; members without a time come last.
    #[default]
    First,
    /// The latest; members without a time come last.
    Last,
    /// The one with the most tokens.
    Longest,
    /// The one whose source stands first in the list; then the earliest.
    Source(Vec<String>),
}

/// What the choice looks at.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// When it was published.
    pub time: Option<Time>,
    /// Length in tokens.
    pub tokens: u32,
    /// Who published it.
    pub source: &'a str,
    /// Its id.
    pub id: &'a str,
}

impl Keep {
    /// The place in `members` of the one to keep. Ties go to the longest, then to the least id.
    ///
    /// # Panics
    /// If there are no members.
    pub fn choose(&self, members: &[Member<'_>]) -> usize {
        let rank = |member: &Member<'_>| match self {
            Self::First => (0, earliness(member.time)),
            Self::Last => (0, (member.time.is_none(), member.time.map_or(0, |t| -t.as_second()))),
            Self::Longest => (0, (false, 0)),
            Self::Source(list) => {
                let wanted = list.iter().position(|source| source.eq_ignore_ascii_case(member.source));
                (wanted.unwrap_or(list.len()), earliness(member.time))
            }
        };
        let best = members.iter().enumerate().min_by_key(|(_, m)| (rank(m), Reverse(m.tokens), m.id));
        best.expect("a cluster has members").0
    }
}

/// What puts the earliest first, and what has no time last.
pub(crate) fn earliness(time: Option<Time>) -> (bool, i64) {
    (time.is_none(), time.map_or(0, Time::latest_second))
}

impl FromStr for Keep {
    type Err = Error;

    /// Reads `first`, `last`, `longest` or `source:A,B`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "first" => Ok(Self::First),
            "last" => Ok(Self::Last),
            "longest" => Ok(Self::Longest),
            _ => {
                let list = text.strip_prefix("source:").unwrap_or_default();
                let sources: Vec<String> =
                    list.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
                if sources.is_empty() {
                    return Err(Error::config(format!(
                        "expected first, last, longest or source:A,B to keep, found `{text}`"
                    )));
                }
                Ok(Self::Source(sources))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: &'static str, second: Option<i64>, tokens: u32, source: &'static str) -> Member<'static> {
        Member { id, time: second.map(|s| jiff::Timestamp::from_second(s).unwrap().into()), tokens, source }
    }

    #[test]
    fn each_rule_chooses_its_member() {
        let members = [
            member("a", None, 90, "Courier"),
            member("b", Some(20), 50, "BelTA"),
            member("c", Some(10), 40, "Sputnik"),
            member("d", Some(30), 10, "TASS"),
        ];
        let chosen = |rule: &str| members[rule.parse::<Keep>().unwrap().choose(&members)].id;
        assert_eq!(chosen("first"), "c");
        assert_eq!(chosen("last"), "d");
        assert_eq!(chosen("longest"), "a");
        assert_eq!(chosen("source:tass,BelTA"), "d");
        assert_eq!(chosen("source:EFE"), "c");
    }

    #[test]
    fn ties_go_to_the_longest_then_to_the_least_id() {
        let members = [member("z", None, 5, ""), member("y", None, 7, ""), member("x", None, 7, "")];
        assert_eq!(Keep::First.choose(&members), 2);
    }

    #[test]
    fn a_rule_that_does_not_exist_is_refused() {
        assert_eq!(
            "newest".parse::<Keep>().unwrap_err().to_string(),
            "expected first, last, longest or source:A,B to keep, found `newest`"
        );
    }

    #[test]
    fn a_day_is_not_earlier_than_the_hours_of_it() {
        let on = |id, time: &str| Member { time: time.parse().ok(), ..member(id, None, 9, "") };
        let members =
            [on("a", "2026-03-01"), on("b", "2026-03-01T23:00:00Z"), on("c", "2026-03-02T01:00:00Z")];
        assert_eq!(Keep::First.choose(&members), 1);
        assert_eq!(Keep::First.choose(&[members[0], members[2]]), 0);
    }
}
