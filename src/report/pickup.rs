//! From a report and the name of one source to who carried its stories, how much of them, how fast,
//! with what credit.

mod forms;

use super::message::rounded;
use super::standing::{Standing, standings};
use super::taking::{Taking, pairs_of_clusters, takings, verbatim};
use super::{Cluster, CreditFate, Pair, Report, StoryInfo};
use crate::relation::direction::Reason;
use crate::relation::{Direction, Level, Relation};
use crate::time::Time;
use crate::wire::{self, Outlets};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Share of a story that must be ours for it to be called ours word for word.
const ALL_BUT_NOTHING: f64 = 0.95;
/// Share of a story that must be ours before it is said to lack a credit.
const MOST_OF_IT: f64 = 0.5;

/// Who carried the stories of one source.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Pickup<'a> {
    /// The source, as it was asked for.
    pub source: &'a str,
    /// Its stories.
    pub stories: usize,
    /// Those of them that others carried.
    pub carried: usize,
    /// Newsrooms that carried them, ours aside.
    pub newsrooms: usize,
    /// Each story of another that is one of ours, by our story, then by time.
    pub uses: Vec<Use<'a>>,
    /// The same by who carried them, those of most stories first.
    pub carriers: Vec<Carrier<'a>>,
}

/// A story as it was printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Told<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its headline, or the opening words.
    pub headline: &'a str,
    /// When; null where not known.
    pub time: Option<Time>,
    /// Its address; empty where not known.
    pub url: &'a str,
    /// Whether it was killed or corrected since, and the like.
    pub standing: Vec<Standing>,
}

/// What another made of one of our stories.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Use<'a> {
    /// Our story.
    pub ours: Told<'a>,
    /// Who carried it; empty where not known.
    pub carrier: &'a str,
    /// As it was carried.
    pub theirs: Told<'a>,
    /// Seconds from ours to theirs, where both hours are known.
    pub delay: Option<i64>,
    /// Share of ours that is in theirs, where the two were compared.
    pub used: Option<f64>,
    /// Share of theirs that is ours.
    pub from_ours: Option<f64>,
    /// What was made of it.
    pub how: How,
    /// What theirs is to ours, where the two are tied directly.
    pub relation: Option<Relation>,
    /// Probability of that relation.
    pub score: Option<f64>,
    /// Whether we are named; null where that is not known, or not sure to be due.
    pub credit: Option<CreditFate>,
    /// From whom it was had, where not from us.
    pub via: Option<&'a str>,
}

/// What was made of a story.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// All but nothing of theirs is ours word for word; they may have cut.
    Verbatim,
    /// Much of it is.
    Edited,
    /// Told in other words.
    Retold,
    /// Told in another language.
    Translated,
}

/// One who carried our stories, and how.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Carrier<'a> {
    /// Who.
    pub source: &'a str,
    /// How many of their stories are ours.
    pub stories: usize,
    /// Median delay in seconds, where known.
    pub delay: Option<i64>,
    /// Mean share of ours that was used, where known.
    pub used: Option<f64>,
    /// How many are verbatim.
    pub verbatim: usize,
    /// How many name us.
    pub credited: usize,
    /// How many do not, though it is sure that they should.
    pub uncredited: usize,
}

impl<'a> Pickup<'a> {
    /// The pickup of `source`, an agency by any of its names, or an outlet without regard to ASCII
    /// case. Cost: one pass over stories and pairs.
    pub fn of(report: &'a Report, source: &'a str) -> Self {
        let ours = Ours::of(report, source);
        let mut uses = Vec::new();
        for (cluster, pairs) in report.clusters.iter().zip(pairs_of_clusters(report)) {
            if cluster.members.iter().any(|&member| ours.has(report.story(member))) {
                ours.carried(report, cluster, &pairs, &mut uses);
            }
        }
        uses.sort_by(|x: &Use<'_>, y| {
            let key = |one: &Use<'a>| {
                (
                    one.ours.time.is_none(),
                    one.ours.time,
                    one.ours.id,
                    one.theirs.time.is_none(),
                    one.theirs.time,
                )
            };
            key(x).cmp(&key(y)).then(x.theirs.id.cmp(y.theirs.id))
        });
        let mut carried: Vec<&str> = uses.iter().map(|one| one.ours.id).collect();
        carried.dedup();
        Self {
            source,
            stories: report.stories.iter().filter(|story| ours.has(story)).count(),
            carried: carried.len(),
            newsrooms: newsrooms(report, source, &uses),
            carriers: carriers(&uses),
            uses,
        }
    }
}

/// Whether `name` is that of `source`, an agency by any of its names, or an outlet without regard to
/// ASCII case.
pub fn is_of(name: &str, source: &str) -> bool {
    name.eq_ignore_ascii_case(source)
        || wire::agency(source).is_some_and(|agency| wire::agency(name) == Some(agency))
}

/// The names of our source.
struct Ours<'a> {
    source: &'a str,
    agency: Option<&'static str>,
    /// As stories spell it, to be found in what they name as their source.
    names: Outlets<'a>,
}

impl<'a> Ours<'a> {
    fn of(report: &'a Report, source: &'a str) -> Self {
        let mut ours = Self { source, agency: wire::agency(source), names: Outlets::default() };
        let spelled =
            report.stories.iter().filter(|story| ours.has(story)).map(|story| story.source.as_str());
        ours.names = Outlets::of(spelled.chain([source]));
        ours
    }

    fn has(&self, story: &StoryInfo) -> bool {
        is_of(&story.source, self.source)
    }

    /// Appends what the others of a cluster made of our stories in it.
    fn carried(&self, report: &'a Report, cluster: &Cluster, pairs: &[&'a Pair], uses: &mut Vec<Use<'a>>) {
        let takings = takings(report, pairs);
        let standings = standings(report, cluster, &takings);
        let standing: BTreeMap<u32, Vec<Standing>> = cluster.members.iter().copied().zip(standings).collect();
        let direct = self.direct(report, pairs);
        for &member in &cluster.members {
            let story = report.story(member);
            if self.has(story) {
                continue;
            }
            let pair = direct.get(&member).copied();
            let Some(giver) = pair.map(|(giver, _)| giver).or_else(|| self.giver(report, &takings, member))
            else {
                continue;
            };
            let told = |place: u32| {
                let story = report.story(place);
                let standing = standing.get(&place).cloned().unwrap_or_default();
                Told {
                    id: &story.id,
                    headline: story.headline(),
                    time: story.time,
                    url: &story.url,
                    standing,
                }
            };
            let via = takings.get(&member).map(|taking| report.story(taking.giver));
            let mut used = Use {
                ours: told(giver),
                carrier: &story.source,
                theirs: told(member),
                delay: delay(report.story(giver), story),
                used: None,
                from_ours: None,
                how: How::Retold,
                relation: None,
                score: None,
                credit: None,
                via: via
                    .filter(|via| !self.has(via) && !via.source.is_empty())
                    .map(|via| via.source.as_str()),
            };
            if let Some((_, pair)) = pair {
                used.measure(pair, pair.b == member);
            }
            used.credit = self.credit(story, pair.map(|(_, pair)| pair), used.from_ours);
            uses.push(used);
        }
    }

    /// For each member that took one of our stories, which, and the pair that says so: the one whose
    /// text it holds most of.
    fn direct(&self, report: &Report, pairs: &[&'a Pair]) -> BTreeMap<u32, (u32, &'a Pair)> {
        let mut best: BTreeMap<u32, (u32, &Pair)> = BTreeMap::new();
        for &pair in pairs.iter().filter(|pair| pair.relation.joins(Level::Rewrite)) {
            let (giver, taker) = match pair.direction {
                Direction::AToB => (pair.a, pair.b),
                Direction::BToA => (pair.b, pair.a),
                Direction::Unknown => continue,
            };
            if !self.has(report.story(giver)) || self.has(report.story(taker)) {
                continue;
            }
            let weight = |pair: &Pair| {
                let (a, b) = verbatim(pair);
                (if pair.b == taker { b } else { a }, pair.score)
            };
            if best.get(&taker).is_none_or(|(_, held)| weight(pair) > weight(held)) {
                best.insert(taker, (giver, pair));
            }
        }
        best
    }

    /// Our story at the end of the chain of those from whom a member was had.
    fn giver(&self, report: &Report, takings: &BTreeMap<u32, Taking<'_>>, member: u32) -> Option<u32> {
        let mut at = member;
        for _ in 0..takings.len() {
            at = takings.get(&at)?.giver;
            if self.has(report.story(at)) {
                return Some(at);
            }
        }
        None
    }

    /// Whether a story that took ours names us.
    fn credit(&self, story: &StoryInfo, pair: Option<&Pair>, from_ours: Option<f64>) -> Option<CreditFate> {
        let detail = story.detail.as_deref()?;
        let agencies: Vec<&str> =
            detail.credits.iter().copied().chain(detail.furniture.agency.as_deref()).collect();
        let is_named = self.agency.is_some_and(|agency| agencies.contains(&agency))
            || !self.names.named(&detail.attributions).is_empty();
        if is_named || pair.is_some_and(|pair| matches!(pair.reason, Reason::Credit(_))) {
            return Some(CreditFate::Kept);
        }
        let is_sure = !story.source.is_empty()
            && !story.names_any(self.agency.as_slice())
            && wire::agency(&story.source).is_none()
            && from_ours.is_some_and(|share| share >= MOST_OF_IT);
        is_sure.then_some(if agencies.is_empty() { CreditFate::Removed } else { CreditFate::Replaced })
    }
}

impl Use<'_> {
    /// Takes in what was measured of the pair; `is_second` if theirs is its `b`.
    fn measure(&mut self, pair: &Pair, is_second: bool) {
        let (a, b) = verbatim(pair);
        let (ours, theirs) = if is_second { (a, b) } else { (b, a) };
        let compared = pair.coverage.is_some() || pair.relation != Relation::Rewrite;
        let compared = compared && pair.relation != Relation::Translation;
        self.relation = Some(if is_second { pair.relation.mirrored() } else { pair.relation });
        self.score = Some(rounded(pair.score));
        self.used = compared.then(|| rounded(ours));
        self.from_ours = compared.then(|| rounded(theirs));
        self.how = match pair.relation {
            Relation::Translation => How::Translated,
            Relation::Identical => How::Verbatim,
            _ if compared && theirs >= ALL_BUT_NOTHING => How::Verbatim,
            Relation::Rewrite => How::Retold,
            _ => How::Edited,
        };
    }
}

/// How many newsrooms the carriers are, ours aside.
fn newsrooms(report: &Report, source: &str, uses: &[Use<'_>]) -> usize {
    let key = |name: &str, url: &str| report.publishers.newsroom(name, url);
    let own = key(source, "");
    let rooms: BTreeSet<String> = uses.iter().filter_map(|one| key(one.carrier, one.theirs.url)).collect();
    rooms.len() - usize::from(own.is_some_and(|own| rooms.contains(&own)))
}

/// Seconds from one story to the other, where both hours are known.
fn delay(from: &StoryInfo, to: &StoryInfo) -> Option<i64> {
    let (from, to) = from.time.zip(to.time)?;
    (!from.is_day() && !to.is_day()).then(|| to.as_second() - from.as_second())
}

fn carriers<'a>(uses: &[Use<'a>]) -> Vec<Carrier<'a>> {
    let mut by: BTreeMap<&str, Vec<&Use<'a>>> = BTreeMap::new();
    uses.iter().for_each(|one| by.entry(one.carrier).or_default().push(one));
    let carrier = |(source, uses): (&'a str, Vec<&Use<'a>>)| {
        let mut delays: Vec<i64> = uses.iter().filter_map(|one| one.delay).collect();
        delays.sort_unstable();
        let shares: Vec<f64> = uses.iter().filter_map(|one| one.used).collect();
        let count = |is: fn(&Use<'a>) -> bool| uses.iter().filter(|one| is(one)).count();
        Carrier {
            source,
            stories: uses.len(),
            delay: delays.get(delays.len() / 2).copied(),
            used: (!shares.is_empty()).then(|| rounded(shares.iter().sum::<f64>() / shares.len() as f64)),
            verbatim: count(|one| one.how == How::Verbatim),
            credited: count(|one| one.credit == Some(CreditFate::Kept)),
            uncredited: count(|one| matches!(one.credit, Some(CreditFate::Removed | CreditFate::Replaced))),
        }
    };
    let mut carriers: Vec<Carrier<'a>> = by.into_iter().map(carrier).collect();
    carriers.sort_by_key(|carrier| std::cmp::Reverse(carrier.stories));
    carriers
}

#[cfg(test)]
mod tests;
