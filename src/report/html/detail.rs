//! From a cluster to all that its page shows.

use super::super::message::{is_none_known, rounded};
use super::super::newsrooms::Newsrooms;
use super::super::standing::{Standing, standings};
use super::super::taking::{Taking, takings};
use super::super::ties::Ties;
use super::super::{Cluster, CreditFate, Derived, Pair, Printed, Report, StoryInfo};
use super::pair::{Body, PairObject};
use crate::evidence::Changes;
use crate::relation::Relation;
use crate::story::FurnitureKind;
use crate::time::Time;
use crate::wire;
use serde::Serialize;
use std::collections::BTreeMap;

/// Members up to which every two are laid side by side, tied or not.
const EVERY_TWO: usize = 10;
/// Pairs of one cluster that are laid side by side, at most.
const SIDE_BY_SIDE: usize = 300;

/// The page of one report, or of two stories that are none.
#[derive(Debug, Serialize)]
pub(super) struct Detail<'a> {
    /// The member that is kept, by its place in `members`.
    canonical: usize,
    /// Who had it first, by name or by id.
    origin: Option<&'a str>,
    /// The member that the others' shares and credits are counted from.
    base: usize,
    weakest: f64,
    #[serde(skip_serializing_if = "is_none_known")]
    newsrooms: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    independent: Option<usize>,
    members: Vec<Member<'a>>,
    pairs: Vec<PairObject<'a>>,
    /// Pairs that are not shown because there are too many.
    #[serde(skip_serializing_if = "is_zero")]
    pairs_left_out: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(super) fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// When a story was published.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct When {
    /// Seconds since 1970.
    time: Option<i64>,
    /// Whether that is the beginning of a day of which no hour is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    day: bool,
}

impl When {
    pub(super) fn of(story: &StoryInfo) -> Self {
        Self { time: story.time.map(Time::as_second), day: story.time.is_some_and(Time::is_day) }
    }
}

/// One story of a page. What is not known is left out.
#[derive(Debug, Serialize)]
struct Member<'a> {
    id: &'a str,
    headline: &'a str,
    source: &'a str,
    #[serde(flatten)]
    when: When,
    tokens: u32,
    language: &'a str,
    /// Where it was printed.
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    credits: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byline: Option<&'a str>,
    /// What its dispatch says against its use.
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flags: Vec<Standing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken: Option<Taken<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tie: Option<Tie>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_base: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of_base: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<CreditFate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a Changes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    /// Place in the body, kind and text of what is no part of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    furniture: Vec<(u32, FurnitureKind, &'a str)>,
}

/// Who a member had the report from.
#[derive(Debug, Serialize)]
struct Taken<'a> {
    from: usize,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'a str>,
    verbatim: f64,
}

/// How a member is tied to the canonical, or to its closest fellow.
#[derive(Debug, Serialize)]
struct Tie {
    to: usize,
    relation: Relation,
    score: f64,
}

impl<'a> Detail<'a> {
    /// The page of `cluster`; `pairs` are those between its members.
    pub(super) fn of(report: &'a Report, ties: &Ties<'a>, cluster: &'a Cluster, pairs: &[&'a Pair]) -> Self {
        let takings = takings(report, pairs);
        let flags = standings(report, cluster, &takings);
        let place = |story: u32| cluster.members.binary_search(&story).unwrap_or_default();
        let derived: BTreeMap<u32, &Derived> = cluster.derived.iter().map(|of| (of.member, of)).collect();
        let bodies: Vec<Option<Body>> =
            cluster.members.iter().map(|&story| body(report.story(story))).collect();
        let mut members = Vec::with_capacity(cluster.members.len());
        for ((&story, flags), body) in cluster.members.iter().zip(flags).zip(&bodies) {
            let mut member = Member::of(report.story(story), body.as_ref());
            member.flags = flags;
            member.taken = takings.get(&story).map(|taking| Taken::of(taking, place));
            let tie = ties.get(story).filter(|_| story != cluster.canonical);
            member.tie = tie.map(|tie| Tie {
                to: place(tie.other),
                relation: tie.relation,
                score: rounded(tie.pair.score),
            });
            if let Some(of) = derived.get(&story) {
                member.from_base = of.shares.map(|(from, _)| rounded(from));
                member.of_base = of.shares.map(|(_, of)| rounded(of));
                member.credit = of.credit;
                member.changes = of.changes.as_ref();
            }
            members.push(member);
        }
        let base = cluster.derived.first().map_or(cluster.canonical, |of| of.base);
        let newsrooms = Newsrooms::of(report, cluster, pairs);
        let (pairs, pairs_left_out) = side_by_side(report, pairs, place(base), &bodies, place);
        Self {
            canonical: place(cluster.canonical),
            origin: report.origin(cluster),
            base: place(base),
            weakest: rounded(cluster.weakest),
            newsrooms: newsrooms.count,
            independent: newsrooms.independent,
            members,
            pairs,
            pairs_left_out,
        }
    }

    /// The page of two stories that are no versions of one report.
    pub(super) fn apart(report: &'a Report, pair: &'a Pair) -> Self {
        Self::side_by_side(report, [pair.a, pair.b], Some(pair))
    }

    /// The page of the two stories of a report that has no others.
    pub(super) fn two(report: &'a Report) -> Self {
        Self::side_by_side(report, [0, 1], report.pairs.first())
    }

    fn side_by_side(report: &'a Report, stories: [u32; 2], pair: Option<&'a Pair>) -> Self {
        let stories = stories.map(|story| report.story(story));
        let bodies = stories.map(body);
        let members = stories.into_iter().zip(&bodies);
        let passages = aligned(&bodies, (0, 1));
        Self {
            canonical: 0,
            origin: None,
            base: 0,
            weakest: 0.0,
            newsrooms: 0,
            independent: None,
            members: members.map(|(story, body)| Member::of(story, body.as_ref())).collect(),
            pairs: vec![match pair {
                Some(pair) => PairObject::found(report, pair, (0, 1), passages),
                None => PairObject::bare((0, 1), passages),
            }],
            pairs_left_out: 0,
        }
    }
}

/// The pairs of a page: with the base first, then in order; in small clusters also those that
/// nothing ties directly.
fn side_by_side<'a>(
    report: &'a Report,
    pairs: &[&'a Pair],
    base: usize,
    bodies: &[Option<Body>],
    place: impl Fn(u32) -> usize,
) -> (Vec<PairObject<'a>>, usize) {
    let mut found: BTreeMap<(usize, usize), Option<&Pair>> =
        pairs.iter().map(|&pair| ((place(pair.a), place(pair.b)), Some(pair))).collect();
    let count = bodies.len();
    for a in 0..count {
        let others = if count <= EVERY_TWO { a + 1..count } else { base..base + 1 };
        others.filter(|&b| b != a).for_each(|b| {
            found.entry((a.min(b), a.max(b))).or_default();
        });
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|((a, b), _)| *a != base && *b != base);
    let left_out = found.len().saturating_sub(SIDE_BY_SIDE);
    found.truncate(SIDE_BY_SIDE);
    let object = |(ends, pair): ((usize, usize), Option<&'a Pair>)| {
        let passages = aligned(bodies, ends);
        match pair {
            Some(pair) => PairObject::found(report, pair, ends, passages),
            None => PairObject::bare(ends, passages),
        }
    };
    (found.into_iter().map(object).collect(), left_out)
}

fn aligned(bodies: &[Option<Body>], (a, b): (usize, usize)) -> Option<Vec<u32>> {
    Some(bodies[a].as_ref()?.passages(bodies[b].as_ref()?))
}

fn printed(story: &StoryInfo) -> Option<&Printed> {
    story.detail.as_deref()?.printed.as_deref()
}

fn body(story: &StoryInfo) -> Option<Body> {
    printed(story).map(|printed| Body::of(&printed.body))
}

impl<'a> Member<'a> {
    fn of(story: &'a StoryInfo, body: Option<&Body>) -> Self {
        let detail = story.detail.as_deref();
        let printed = printed(story);
        let furniture = printed.into_iter().flat_map(|printed| &printed.furniture).map(|(at, removed)| {
            let at = body.map_or(0, |body| body.unit(*at));
            (at, removed.kind, removed.text.as_str())
        });
        Self {
            id: &story.id,
            headline: printed
                .map(|printed| printed.headline.as_str())
                .filter(|line| !line.is_empty())
                .unwrap_or(story.headline()),
            source: &story.source,
            when: When::of(story),
            tokens: story.tokens,
            language: language(story),
            url: &story.url,
            marker: detail.and_then(|detail| Some(detail.furniture.marker.as_ref()?.text.as_str())),
            credits: credits(story),
            byline: detail.and_then(|detail| detail.furniture.byline.as_deref()),
            flag: story.flag(),
            flags: Vec::new(),
            taken: None,
            tie: None,
            from_base: None,
            of_base: None,
            credit: None,
            changes: None,
            body: printed.map(|printed| printed.body.as_str()),
            furniture: furniture.collect(),
        }
    }
}

impl<'a> Taken<'a> {
    fn of(taking: &Taking<'a>, place: impl Fn(u32) -> usize) -> Self {
        Self {
            from: place(taking.giver),
            reason: taking.pair.reason.kind(),
            agency: taking.pair.reason.agency(),
            verbatim: rounded(taking.verbatim),
        }
    }
}

/// Language as given or detected; empty where not known.
pub(super) fn language(story: &StoryInfo) -> &str {
    let given = story.detail.as_deref().map_or("", |detail| &detail.language);
    if given.is_empty() { printed(story).map_or("", |printed| &printed.language) } else { given }
}

/// The agencies that a story credits, its dateline's last.
pub(super) fn credits(story: &StoryInfo) -> Vec<&str> {
    let Some(detail) = story.detail.as_deref() else { return Vec::new() };
    let own = wire::agency(&story.source);
    let dateline = detail.furniture.agency.as_deref();
    let mut credits: Vec<&str> = detail.credits.iter().copied().chain(dateline).collect();
    credits.retain(|agency| own != Some(agency));
    credits.dedup();
    credits
}
