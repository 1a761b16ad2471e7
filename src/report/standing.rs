//! From the members of a cluster to what a desk must know before it uses one: killed, corrected,
//! still running.

use super::taking::{Taking, pairs_of_clusters, takings};
use super::{Cluster, Report, StoryInfo};
use crate::dispatch::{Dispatch, Status};
use crate::story::MarkerKind;
use crate::time::Time;
use crate::wire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a story stands after a kill or a correction.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It takes the report back.
    Kill,
    /// Its own source took it back.
    Killed,
    /// Another source took the report back, and this copy still runs.
    StillLive,
    /// It puts something right.
    Correction,
    /// Its own source put it right since.
    Corrected,
    /// It was taken from a version that was put right since.
    BeforeCorrection,
}

impl Standing {
    /// In words; with hyphens, as the formats for programs spell it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Killed => "killed",
            Self::StillLive => "still live",
            Self::Correction => "correction",
            Self::Corrected => "corrected",
            Self::BeforeCorrection => "before correction",
        }
    }
}

/// The standing of every story that has one. Cost: one pass over stories and pairs.
pub(super) struct Standings(BTreeMap<u32, Vec<Standing>>);

impl Standings {
    pub(super) fn of(report: &Report) -> Self {
        let mut found = BTreeMap::new();
        let is_marked = |&&member: &&u32| notice(report.story(member)).is_some();
        for (cluster, pairs) in report.clusters.iter().zip(pairs_of_clusters(report)) {
            if !cluster.members.iter().any(|member| is_marked(&member)) {
                continue;
            }
            let takings = takings(report, &pairs);
            let all = standings(report, cluster, &takings);
            found.extend(cluster.members.iter().copied().zip(all).filter(|(_, one)| !one.is_empty()));
        }
        for (place, story) in (0..).zip(&report.stories) {
            if let Some(own) = notice(story) {
                found.entry(place).or_insert_with(|| vec![own]);
            }
        }
        Self(found)
    }

    /// What is known of the story at `place` of the report; most often nothing.
    pub(super) fn get(&self, place: u32) -> &[Standing] {
        self.0.get(&place).map_or(&[], Vec::as_slice)
    }
}

impl Report {
    /// Where each story stands that was killed or corrected, or kills or corrects, by id.
    pub fn standings(&self) -> BTreeMap<&str, Vec<Standing>> {
        let found = Standings::of(self).0;
        found.into_iter().map(|(place, standing)| (&*self.story(place).id, standing)).collect()
    }
}

/// As the formats for programs spell it, with blanks between.
pub(super) fn spelled(standings: &[Standing]) -> String {
    let name = |standing: &Standing| standing.words().replace(' ', "-");
    standings.iter().map(name).collect::<Vec<_>>().join(" ")
}

/// The standing of every member, in the order of [`Cluster::members`].
pub(super) fn standings(
    report: &Report,
    cluster: &Cluster,
    takings: &BTreeMap<u32, Taking<'_>>,
) -> Vec<Vec<Standing>> {
    let of = |place: u32| report.story(place);
    // The time of the last kill, and of the last correction, by each outlet.
    let last = |kind: Standing| {
        let mut last: BTreeMap<&str, Option<Time>> = BTreeMap::new();
        for story in cluster.members.iter().map(|&place| of(place)) {
            if notice(story) == Some(kind) {
                let time = last.entry(outlet(story)).or_default();
                *time = (*time).max(story.time);
            }
        }
        last
    };
    let (kills, corrections) = (last(Standing::Kill), last(Standing::Correction));
    // What came after the notice is another version, which it does not mean.
    let meant = |notices: &BTreeMap<&str, Option<Time>>, story: &StoryInfo| {
        let name = outlet(story);
        !name.is_empty()
            && notices.get(name).is_some_and(|notice| {
                notice
                    .zip(story.time)
                    .is_none_or(|(notice, time)| time.before(notice) != Some(std::cmp::Ordering::Greater))
            })
    };
    let standing = |&place: &u32| {
        let story = of(place);
        let own = notice(story);
        let mut found = Vec::new();
        match own {
            Some(Standing::Kill) => found.push(Standing::Kill),
            _ if kills.is_empty() => {}
            _ if meant(&kills, story) => found.push(Standing::Killed),
            _ if !outlet(story).is_empty() && kills.contains_key(outlet(story)) => {}
            _ => found.push(Standing::StillLive),
        }
        let giver = takings.get(&place).map(|taking| of(taking.giver));
        let put_right = |story: &StoryInfo| notice(story).is_none() && meant(&corrections, story);
        match own {
            Some(Standing::Correction) => found.push(Standing::Correction),
            None if put_right(story) => found.push(Standing::Corrected),
            None if giver.is_some_and(|giver| outlet(giver) != outlet(story) && put_right(giver)) => {
                found.push(Standing::BeforeCorrection);
            }
            _ => {}
        }
        found
    };
    cluster.members.iter().map(standing).collect()
}

/// One name for an outlet: an agency signs as `AP` and as `The Associated Press`.
fn outlet(story: &StoryInfo) -> &str {
    wire::agency(&story.source).unwrap_or(&story.source)
}

/// Whether a story takes back or puts right by its own words or status.
fn notice(story: &StoryInfo) -> Option<Standing> {
    let canceled = |dispatch: &Dispatch| dispatch.status == Status::Canceled;
    let marker = story.detail.as_deref().and_then(|detail| Some(detail.furniture.marker.as_ref()?.kind));
    match marker {
        Some(MarkerKind::Kill) => Some(Standing::Kill),
        _ if story.dispatch.as_deref().is_some_and(canceled) => Some(Standing::Kill),
        Some(MarkerKind::Correction) => Some(Standing::Correction),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::story::Marker;

    /// The sample, its last story a kill by the agency that had the report first.
    fn killed() -> Report {
        let mut report = sample::report();
        let detail = report.stories[9].detail.as_mut().unwrap();
        detail.furniture.marker = Some(Marker { kind: MarkerKind::Kill, number: None, text: "KILL".into() });
        report.stories[9].source = "AAP".into();
        report
    }

    #[test]
    fn a_copy_elsewhere_runs_on_after_a_kill() {
        let report = killed();
        assert_eq!(
            standings(&report, &report.clusters[0], &BTreeMap::new()),
            [vec![Standing::Killed], vec![Standing::StillLive], vec![Standing::Kill]]
        );
    }

    #[test]
    fn a_kill_means_what_was_sent_in_its_second_and_nothing_after_it() {
        let mut report = killed();
        for (time, own) in
            [("2024-03-02T08:15:00Z", vec![Standing::Killed]), ("2024-03-02T08:14:59Z", vec![])]
        {
            report.stories[9].time = time.parse().ok();
            assert_eq!(standings(&report, &report.clusters[0], &BTreeMap::new())[0], own, "{time}");
        }
    }

    #[test]
    fn a_copy_of_what_was_put_right_since_is_told() {
        let mut report = sample::report();
        let cluster = report.clusters[0].clone();
        let detail = report.stories[9].detail.as_mut().unwrap();
        detail.furniture.marker =
            Some(Marker { kind: MarkerKind::Correction, number: None, text: "CORRECTED-".into() });
        report.stories[9].source = "AAP".into();
        let pairs: Vec<_> = report.pairs.iter().take(1).collect();
        let takings = takings(&report, &pairs);
        assert_eq!(
            standings(&report, &cluster, &takings),
            [vec![Standing::Corrected], vec![Standing::BeforeCorrection], vec![Standing::Correction]]
        );
    }
}
