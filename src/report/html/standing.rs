//! From the members of a cluster to what a desk must know before it uses one: killed, corrected,
//! still running.

use super::super::{Cluster, Report, StoryInfo};
use super::flow::Taking;
use crate::dispatch::Status;
use crate::story::MarkerKind;
use crate::time::Time;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Where a member stands after a kill or a correction.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Flag {
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

/// The flags of every member, in the order of [`Cluster::members`].
pub(super) fn flags(
    report: &Report,
    cluster: &Cluster,
    takings: &BTreeMap<u32, Taking<'_>>,
) -> Vec<Vec<Flag>> {
    let of = |place: u32| report.story(place);
    let members = || cluster.members.iter().map(|&place| of(place));
    let killers: BTreeSet<&str> =
        members().filter(|story| is_kill(story)).map(|story| story.source.as_str()).collect();
    // The time of the last correction by each source.
    let mut corrected: BTreeMap<&str, Option<Time>> = BTreeMap::new();
    for story in members().filter(|story| is_correction(story) && !story.source.is_empty()) {
        let last = corrected.entry(&story.source).or_default();
        *last = (*last).max(story.time);
    }
    let put_right = |story: &StoryInfo| {
        !is_correction(story)
            && corrected.get(story.source.as_str()).is_some_and(|correction| *correction >= story.time)
    };
    let flags_of = |&place: &u32| {
        let story = of(place);
        let mut flags = Vec::new();
        match () {
            () if killers.is_empty() => {}
            () if is_kill(story) => flags.push(Flag::Kill),
            () if !story.source.is_empty() && killers.contains(story.source.as_str()) => {
                flags.push(Flag::Killed);
            }
            () => flags.push(Flag::StillLive),
        }
        let giver = takings.get(&place).map(|taking| of(taking.giver));
        match () {
            () if is_correction(story) => flags.push(Flag::Correction),
            () if put_right(story) => flags.push(Flag::Corrected),
            () if giver.is_some_and(|giver| giver.source != story.source && put_right(giver)) => {
                flags.push(Flag::BeforeCorrection);
            }
            () => {}
        }
        flags
    };
    cluster.members.iter().map(flags_of).collect()
}

fn marked(story: &StoryInfo, kind: MarkerKind) -> bool {
    let marker = story.detail.as_deref().and_then(|detail| detail.furniture.marker.as_ref());
    marker.is_some_and(|marker| marker.kind == kind)
}

fn is_kill(story: &StoryInfo) -> bool {
    let canceled = |dispatch: &crate::dispatch::Dispatch| dispatch.status == Status::Canceled;
    marked(story, MarkerKind::Kill) || story.dispatch.as_deref().is_some_and(canceled)
}

fn is_correction(story: &StoryInfo) -> bool {
    marked(story, MarkerKind::Correction)
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;
    use crate::story::Marker;

    #[test]
    fn a_copy_elsewhere_runs_on_after_a_kill() {
        let mut report = sample::report();
        let cluster = report.clusters[0].clone();
        let detail = report.stories[9].detail.as_mut().unwrap();
        detail.furniture.marker = Some(Marker { kind: MarkerKind::Kill, number: None, text: "KILL".into() });
        report.stories[9].source = "AAP".into();
        assert_eq!(
            flags(&report, &cluster, &BTreeMap::new()),
            [vec![Flag::Killed], vec![Flag::StillLive], vec![Flag::Kill]]
        );
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
        let takings = crate::report::html::flow::takings(&report, &pairs);
        assert_eq!(
            flags(&report, &cluster, &takings),
            [vec![Flag::Corrected], vec![Flag::BeforeCorrection], vec![Flag::Correction]]
        );
    }
}
