//! From times, markers and credits to who took a report from whom, with the reason.

use super::Direction;
use crate::dispatch::Dispatch;
use crate::story::{Marker, MarkerKind};
use crate::time::Time;
use serde::Serialize;
use std::cmp::Ordering;
use std::fmt;

/// What direction is read from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'a> {
    /// When it was published, if known.
    pub time: Option<Time>,
    /// Who published it; empty where not known.
    pub source: &'a str,
    /// The canonical name of the source, if it is an agency.
    pub agency: Option<&'a str>,
    /// Agencies that the text or its dateline credits.
    pub credits: &'a [&'a str],
    /// Sources that the text names as its own, agencies or not, by the names that stories give.
    pub named: &'a [&'a str],
    /// The version marker.
    pub marker: Option<&'a Marker>,
    /// The id, as the sender gave it.
    pub id: &'a str,
    /// What came with it over a wire.
    pub dispatch: Option<&'a Dispatch>,
}

impl Standing<'_> {
    /// The name by which it credits whoever published `giver`, another outlet.
    pub fn credits<'b>(&self, giver: &Standing<'b>) -> Option<&'b str> {
        if let Some(agency) = giver.agency {
            let credits = self.agency != Some(agency) && self.credits.contains(&agency);
            return credits.then_some(agency);
        }
        let is_other = !giver.source.is_empty() && self.source != giver.source;
        (is_other && self.named.contains(&giver.source)).then_some(giver.source)
    }

    /// Whether its sender says that it continues or replaces `other`: by naming it, or by a
    /// higher version number under the same id.
    pub fn succeeds(&self, other: &Self) -> bool {
        let Some(dispatch) = self.dispatch else { return false };
        let version = |standing: &Self| standing.dispatch.and_then(|dispatch| dispatch.version);
        let replaces =
            dispatch.predecessor.as_deref().is_some_and(|id| id == other.id || id == sent(other.id));
        replaces || (sent(self.id) == sent(other.id) && version(self) > version(other))
    }
}

/// The id as it was sent, without the suffix that tells stories of one id apart.
pub(crate) fn sent(id: &str) -> &str {
    let suffix = id.rsplit_once('#').filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    suffix.filter(|(_, number)| !number.is_empty()).map_or(id, |(sent, _)| sent)
}

/// Why a direction was given, or why none.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The later one is marked as a later version of the same outlet.
    Version,
    /// One takes the other back.
    TakenBack,
    /// The taker credits the agency, paper or site that published the other.
    Credit(String),
    /// The giver was published earlier.
    Earlier,
    /// Both credit one agency that published neither.
    CommonSource(String),
    /// Nothing tells.
    Nothing,
}

impl Reason {
    /// Its name in the JSON forms.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::TakenBack => "taken-back",
            Self::Credit(_) => "credit",
            Self::Earlier => "earlier",
            Self::CommonSource(_) => "common-source",
            Self::Nothing => "nothing",
        }
    }

    /// The agency that it speaks of.
    pub fn agency(&self) -> Option<&str> {
        match self {
            Self::Credit(agency) | Self::CommonSource(agency) => Some(agency),
            _ => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("a later version by the same source"),
            Self::TakenBack => f.write_str("it takes the other back"),
            Self::Credit(agency) => write!(f, "it credits {agency}"),
            Self::Earlier => f.write_str("it was published later"),
            Self::CommonSource(agency) => write!(f, "both credit {agency}, a common source"),
            Self::Nothing => f.write_str("no time, marker or credit tells"),
        }
    }
}

/// Who took it from whom: version markers before credits before times. Where both credit the
/// same outside agency, neither need have seen the other.
pub fn direction(a: &Standing<'_>, b: &Standing<'_>) -> (Direction, Reason) {
    let kills =
        |standing: &Standing<'_>| standing.marker.is_some_and(|marker| marker.kind == MarkerKind::Kill);
    match (kills(a), kills(b)) {
        (false, true) => return (Direction::AToB, Reason::TakenBack),
        (true, false) => return (Direction::BToA, Reason::TakenBack),
        _ => {}
    }
    if let Some(direction) = by_version(a, b) {
        return (direction, Reason::Version);
    }
    match (b.credits(a), a.credits(b)) {
        (Some(name), None) => return (Direction::AToB, Reason::Credit(name.to_owned())),
        (None, Some(name)) => return (Direction::BToA, Reason::Credit(name.to_owned())),
        _ => {}
    }
    let outside =
        |agency: &&&str| b.credits.contains(agency) && a.agency != Some(agency) && b.agency != Some(agency);
    if let Some(agency) = a.credits.iter().find(outside) {
        return (Direction::Unknown, Reason::CommonSource((*agency).to_owned()));
    }
    match a.time.zip(b.time).and_then(|(x, y)| x.before(y)) {
        Some(Ordering::Less) => (Direction::AToB, Reason::Earlier),
        Some(Ordering::Greater) => (Direction::BToA, Reason::Earlier),
        _ => (Direction::Unknown, Reason::Nothing),
    }
}

/// What the sender says counts most. Versions of one outlet are ordered by their markers: none,
/// then alerts aside, by number.
fn by_version(a: &Standing<'_>, b: &Standing<'_>) -> Option<Direction> {
    match (b.succeeds(a), a.succeeds(b)) {
        (true, false) => return Some(Direction::AToB),
        (false, true) => return Some(Direction::BToA),
        _ => {}
    }
    if a.source.is_empty() || a.source != b.source {
        return None;
    }
    let rank = |marker: Option<&Marker>| match marker {
        None => 0,
        Some(marker) => match marker.kind {
            MarkerKind::Alert | MarkerKind::Label => 0,
            MarkerKind::Kill => u32::MAX,
            _ => marker.number.unwrap_or(1),
        },
    };
    match rank(a.marker).cmp(&rank(b.marker)) {
        std::cmp::Ordering::Less => Some(Direction::AToB),
        std::cmp::Ordering::Greater => Some(Direction::BToA),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Option<Time> {
        jiff::Timestamp::from_second(second).ok().map(Time::at)
    }

    #[test]
    fn markers_go_before_credits_before_times() {
        let update = Marker { kind: MarkerKind::Update, number: Some(2), text: "UPDATE 2-".into() };
        let first =
            Standing { source: "Reuters", agency: Some("Reuters"), time: at(9), ..Standing::default() };
        let second = Standing { marker: Some(&update), time: at(5), ..first };
        assert_eq!(direction(&first, &second), (Direction::AToB, Reason::Version));

        let taker = Standing { source: "Courier", credits: &["Reuters"], time: at(3), ..Standing::default() };
        assert_eq!(direction(&taker, &first), (Direction::BToA, Reason::Credit("Reuters".into())));

        let other = Standing { source: "Post", time: at(4), ..Standing::default() };
        assert_eq!(direction(&taker, &other), (Direction::AToB, Reason::Earlier));
    }

    #[test]
    fn two_takers_of_an_outside_agency_owe_each_other_nothing() {
        let x = Standing { source: "Courier", credits: &["BelTA"], time: at(3), ..Standing::default() };
        let y = Standing { source: "Post", time: at(4), ..x };
        assert_eq!(direction(&x, &y), (Direction::Unknown, Reason::CommonSource("BelTA".into())));
    }

    #[test]
    fn what_the_sender_says_of_versions_counts_most() {
        let (old, new) = (
            Dispatch { version: Some(2), ..Dispatch::default() },
            Dispatch { version: Some(3), ..Dispatch::default() },
        );
        let first = Standing { id: "wire-1", dispatch: Some(&old), time: at(9), ..Standing::default() };
        let second = Standing { id: "wire-1#2", dispatch: Some(&new), time: at(5), ..first };
        assert_eq!(direction(&first, &second), (Direction::AToB, Reason::Version));
        let evolved = Dispatch { predecessor: Some("wire-1".into()), ..Dispatch::default() };
        let third = Standing { id: "wire-7", dispatch: Some(&evolved), time: at(1), ..Standing::default() };
        assert_eq!(direction(&third, &first), (Direction::BToA, Reason::Version));
    }

    #[test]
    fn without_evidence_nothing_is_claimed() {
        assert_eq!(
            direction(&Standing::default(), &Standing::default()),
            (Direction::Unknown, Reason::Nothing)
        );
    }

    #[test]
    fn a_day_is_not_earlier_than_an_hour_of_it() {
        let on = |time: &str| Standing { time: time.parse().ok(), ..Standing::default() };
        let day = on("2026-03-01");
        assert_eq!(direction(&day, &on("2026-03-01T09:00:00Z")), (Direction::Unknown, Reason::Nothing));
        assert_eq!(direction(&day, &on("2026-03-02T09:00:00Z")), (Direction::AToB, Reason::Earlier));
    }
}
