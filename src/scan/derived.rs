//! From a cluster to what became of the report in each of its members.

use super::Watch;
use super::intake::Intake;
use super::reread::{marked, reread};
use crate::config::Config;
use crate::error::Result;
use crate::evidence::{Changes, Facts};
use crate::input::Corpus;
use crate::relation::direction::Reason;
use crate::relation::{Direction, Relation};
use crate::report::{Cluster, CreditFate, Derived, Origin, Pair, Report, StoryInfo};
use crate::text;
use crate::wire;
use rayon::prelude::*;

/// Every member of `cluster` beside its base. `pairs` are sorted by `(a, b)`.
pub(crate) fn derived(
    cluster: &Cluster,
    stories: &[StoryInfo],
    credits: &[Vec<&str>],
    pairs: &[Pair],
) -> Vec<Derived> {
    let base = match cluster.origin {
        Some(Origin::Story(story)) => story,
        _ => cluster.canonical,
    };
    let others = cluster.members.iter().copied().filter(|&member| member != base);
    let of = |member| Derived {
        member,
        base,
        shares: shares(member, base, pairs),
        credit: credit((member, base), stories, credits, pairs),
        changes: None,
    };
    others.map(of).collect()
}

/// By aligned passages where there are any, else by shared shingles; between languages, nothing
/// can be counted.
fn shares(member: u32, base: u32, pairs: &[Pair]) -> Option<(f64, f64)> {
    let pair = pair_of(member, base, pairs)?;
    let (a, b) = match pair.coverage {
        _ if pair.relation == Relation::Translation => return None,
        Some((a, b)) => (f64::from(a), f64::from(b)),
        None if pair.relation == Relation::Rewrite => return None,
        None => (pair.overlap.containment_a(), pair.overlap.containment_b()),
    };
    Some(if pair.a == member { (a, b) } else { (b, a) })
}

fn pair_of(member: u32, base: u32, pairs: &[Pair]) -> Option<&Pair> {
    let key = (member.min(base), member.max(base));
    Some(&pairs[pairs.binary_search_by_key(&key, |pair| (pair.a, pair.b)).ok()?])
}

/// Share of a text that must be another's before it is said to lack a credit.
pub(crate) const MOST_OF_IT: f64 = 0.5;

/// Due is the agency that published the base, or else those that the base credits. That a credit is
/// missing is said only where it is sure: of another outlet, no agency itself, whose text came later,
/// is mostly the base's, and names none of those to whom it is due.
fn credit(
    (member, base): (u32, u32),
    stories: &[StoryInfo],
    credits: &[Vec<&str>],
    pairs: &[Pair],
) -> Option<CreditFate> {
    let story = |place: u32| &stories[place as usize];
    let agency = |place: u32| wire::agency(&story(place).source);
    let due = agency(base).map_or_else(|| credits[base as usize].clone(), |agency| vec![agency]);
    let byline = story(member).detail.as_deref().and_then(|detail| detail.furniture.byline.as_deref());
    let mut named: Vec<&str> = credits[member as usize].iter().copied().chain(agency(member)).collect();
    named.extend(wire::agencies_of_byline(byline.unwrap_or_default()).map(|name| -> &str { name }));
    let is_sure = || {
        let takes = if member > base { Direction::AToB } else { Direction::BToA };
        let is_other = !story(member).source.is_empty() && story(member).source != story(base).source;
        is_other
            && agency(member).is_none()
            && !story(member).names_any(&due)
            && shares(member, base, pairs).is_some_and(|(from, _)| from >= MOST_OF_IT)
            && pair_of(member, base, pairs).is_some_and(|pair| {
                pair.direction == takes && matches!(pair.reason, Reason::Earlier | Reason::Version)
            })
    };
    fate(&due, &named).filter(|fate| *fate == CreditFate::Kept || is_sure())
}

/// What became of the credit that is due to any of some agencies, where others are named.
pub(crate) fn fate(due: &[&str], named: &[&str]) -> Option<CreditFate> {
    match () {
        () if due.is_empty() => None,
        () if named.iter().any(|agency| due.contains(agency)) => Some(CreditFate::Kept),
        () if named.is_empty() => Some(CreditFate::Removed),
        () => Some(CreditFate::Replaced),
    }
}

/// Notes in `report` which facts changed. Reads the stories of all clusters once more, but for those
/// whose texts are kept there.
pub(super) fn compare_facts(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    report: &mut Report,
    watch: Watch<'_>,
) -> Result<()> {
    let derived = report.clusters.iter().flat_map(|cluster| &cluster.derived);
    let mut unread = marked(intake.rows.len(), derived.flat_map(|of| [of.member, of.base]));
    let kept = |story: usize| report.stories[story].detail.as_deref()?.printed.as_deref();
    let of_kept = |(story, unread): (usize, &mut bool)| {
        let printed = unread.then(|| kept(story)).flatten()?;
        *unread = false;
        Some(Facts::of(&printed.body))
    };
    let mut facts: Vec<Option<Facts>> = unread.par_iter_mut().enumerate().map(of_kept).collect();
    if unread.contains(&true) {
        for (story, found) in reread(config, corpus, intake, &unread, watch, |_, story, tokens| {
            text::token_hashes(&story.body, tokens);
            Facts::of(&text::repair(&story.body))
        })? {
            facts[story as usize] = Some(found);
        }
    }
    for of in report.clusters.iter_mut().flat_map(|cluster| &mut cluster.derived) {
        let (before, after) = (facts[of.base as usize].as_ref(), facts[of.member as usize].as_ref());
        of.changes = before.zip(after).map(|(before, after)| Changes::between(before, after));
    }
    Ok(())
}
