//! From the members of a cluster to how many newsrooms printed it, and how many of them told it by
//! themselves: copies along one chain of takings and credits are one voice.

use super::taking::{Taking, pairs_of_clusters, takings};
use super::{Cluster, Origin, Pair, Report, StoryInfo};
use crate::relation::direction::Reason;
use crate::relation::{Direction, Level, Relation};
use std::collections::BTreeMap;

/// How many newsrooms have a report, and how many voices they are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Newsrooms {
    /// Distinct newsrooms among the members whose publisher is known.
    pub count: usize,
    /// Voices beside the newsroom that had it first: newsrooms that neither credit another nor have
    /// another's text; those of one text count once. `None` where it is not known who had it first.
    pub independent: Option<usize>,
}

impl Newsrooms {
    /// Of each cluster of `report`, in order. Cost: one pass over stories and pairs.
    pub(super) fn all(report: &Report) -> Vec<Self> {
        let of = |(cluster, pairs): (&Cluster, Vec<&Pair>)| Self::of(report, cluster, &pairs);
        report.clusters.iter().zip(pairs_of_clusters(report)).map(of).collect()
    }

    /// Of `cluster`; `pairs` are those between its members.
    pub(super) fn of(report: &Report, cluster: &Cluster, pairs: &[&Pair]) -> Self {
        let keys = keys(report, cluster);
        let mut rooms: Vec<&str> = keys.iter().flatten().map(String::as_str).collect();
        rooms.sort_unstable();
        rooms.dedup();
        if rooms.is_empty() {
            return Self::default();
        }
        let room_of: BTreeMap<u32, usize> = cluster
            .members
            .iter()
            .zip(&keys)
            .filter_map(|(&member, key)| Some((member, rooms.binary_search(&key.as_deref()?).ok()?)))
            .collect();
        let mut voices = Voices::of(&rooms);
        let origin = match &cluster.origin {
            Some(Origin::Story(place)) => room_of.get(place).copied(),
            Some(Origin::Agency(name)) => report.publishers.newsroom(name, "").map(|key| voices.node(&key)),
            None => None,
        };
        voices.hear(report, &room_of, pairs);
        Self { count: rooms.len(), independent: origin.map(|origin| voices.beside(origin)) }
    }

    /// `5 newsrooms, 2 of them independent of BelTA`; empty where no publisher is known.
    pub(super) fn told(self, origin: &str) -> String {
        let rooms = match self.count {
            0 => return String::new(),
            1 => "1 newsroom".to_owned(),
            count => format!("{count} newsrooms"),
        };
        match self.independent {
            _ if self.count == 1 || origin.is_empty() => rooms,
            None => rooms,
            Some(0) => format!("{rooms}, none independent of {origin}"),
            Some(voices) => format!("{rooms}, {voices} of them independent of {origin}"),
        }
    }
}

/// The newsroom of each member. Where one with an address tells what newsroom a name is of, it is
/// that of the same name without one, too.
fn keys(report: &Report, cluster: &Cluster) -> Vec<Option<String>> {
    let stories = || cluster.members.iter().map(|&member| report.story(member));
    let key = |story: &StoryInfo| report.publishers.newsroom(&story.source, &story.url);
    let mut of_name: BTreeMap<&str, String> = BTreeMap::new();
    for story in stories().filter(|story| !story.source.is_empty() && !story.url.is_empty()) {
        if let Some(key) = key(story) {
            of_name.entry(&story.source).or_insert(key);
        }
    }
    let known = |story: &StoryInfo| of_name.get(story.source.as_str()).cloned().or_else(|| key(story));
    stories().map(known).collect()
}

/// Newsrooms, and agencies that are named but not there, with what one has of another.
struct Voices {
    names: Vec<String>,
    /// How many of the names are of newsrooms that are there; the others stand behind.
    there: usize,
    /// A newsroom with the same text as an earlier one points to it, and so on to the first.
    same: Vec<usize>,
    /// Giver and taker.
    taken: Vec<(usize, usize)>,
}

impl Voices {
    fn of(rooms: &[&str]) -> Self {
        let names: Vec<String> = rooms.iter().map(|&room| room.to_owned()).collect();
        Self { there: names.len(), same: (0..names.len()).collect(), names, taken: Vec::new() }
    }

    /// The place of a name, which is added if it is new.
    fn node(&mut self, name: &str) -> usize {
        self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.same.push(self.same.len());
            self.names.len() - 1
        })
    }

    /// Takes in who took from whom, who has the same text and who credits whom.
    fn hear(&mut self, report: &Report, room_of: &BTreeMap<u32, usize>, pairs: &[&Pair]) {
        let room = |member: u32| room_of.get(&member).copied();
        let names_nobody = |taker: u32| agencies(report.story(taker)).next().is_none();
        for (&taker, taking) in &takings(report, pairs) {
            if is_more_than_told(taking) || names_nobody(taker) {
                self.taken.extend(room(taking.giver).zip(room(taker)));
            }
        }
        let same_text = |pair: &&&Pair| {
            pair.direction == Direction::Unknown
                && pair.relation != Relation::Rewrite
                && pair.relation.joins(Level::Rewrite)
        };
        for pair in pairs.iter().filter(same_text) {
            if let Some((a, b)) = room(pair.a).zip(room(pair.b)) {
                self.unite(a, b);
            }
        }
        for (&member, &own) in room_of {
            for agency in agencies(report.story(member)) {
                let Some(key) = report.publishers.newsroom(agency, "") else { continue };
                let giver = self.node(&key);
                self.taken.push((giver, own));
            }
        }
    }

    fn first(&self, mut at: usize) -> usize {
        while self.same[at] != at {
            at = self.same[at];
        }
        at
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.same[a.max(b)] = a.min(b);
    }

    /// How many voices there are beside that of `origin`. Whoever credits an agency that is not there
    /// speaks with one voice with all who do.
    fn beside(&mut self, origin: usize) -> usize {
        for (giver, taker) in self.taken.clone() {
            if giver >= self.there && giver != origin {
                self.unite(giver, taker);
            }
        }
        let mut own = vec![false; self.names.len()];
        (0..self.there).for_each(|room| own[self.first(room)] = true);
        own[self.first(origin)] = false;
        for &(giver, taker) in &self.taken {
            let (giver, taker) = (self.first(giver), self.first(taker));
            if giver != taker {
                own[taker] = false;
            }
        }
        own.into_iter().filter(|&own| own).count()
    }
}

/// The agencies that a story names as its source.
fn agencies(story: &StoryInfo) -> impl Iterator<Item = &str> {
    let detail = story.detail.as_deref();
    let credits = detail.into_iter().flat_map(|detail| detail.credits.iter().copied());
    credits.chain(detail.and_then(|detail| detail.furniture.agency.as_deref()))
}

/// Whether a taking says by text, credit or sender that a story was had from another. A retelling that
/// came later, and that names an agency, was had from that agency.
fn is_more_than_told(taking: &Taking<'_>) -> bool {
    taking.pair.relation != Relation::Rewrite
        || matches!(taking.pair.reason, Reason::Credit(_) | Reason::TakenBack | Reason::Version)
}

#[cfg(test)]
mod tests {
    use super::super::Detail;
    use super::*;
    use crate::similarity::Overlap;

    /// A cluster of stories by source, address and credit, with pairs of which the first gave to the
    /// second, if that is known.
    fn report(stories: &[(&str, &str, &[&'static str])], pairs: &[(u32, u32, Relation, bool)]) -> Report {
        let story = |(number, &(source, url, credits)): (usize, &(&str, &str, &[&'static str]))| StoryInfo {
            id: format!("{number:02}"),
            source: source.into(),
            url: url.into(),
            detail: Some(Box::new(Detail { credits: credits.to_vec(), ..Detail::default() })),
            ..StoryInfo::default()
        };
        let pair = |&(a, b, relation, known): &(u32, u32, Relation, bool)| Pair {
            a,
            b,
            relation,
            score: 0.9,
            overlap: Overlap::default(),
            direction: if known { Direction::AToB } else { Direction::Unknown },
            reason: if known { Reason::Earlier } else { Reason::Nothing },
            cut: false,
            coverage: None,
            signals: None,
        };
        let members = (0..stories.len() as u32).collect();
        let origin = Some(Origin::Story(0));
        Report {
            stories: stories.iter().enumerate().map(story).collect(),
            pairs: pairs.iter().map(pair).collect(),
            clusters: vec![Cluster { canonical: 0, origin, members, weakest: 0.5, derived: Vec::new() }],
            ..Report::default()
        }
    }

    fn counted(report: &Report) -> (usize, Option<usize>) {
        let Newsrooms { count, independent } = Newsrooms::all(report)[0];
        (count, independent)
    }

    use Relation::{Copy, Rewrite};

    #[test]
    fn editions_are_one_newsroom_and_a_chain_of_copies_one_voice() {
        let mut report = report(
            &[
                ("BelTA", "", &[]),
                ("Post North", "https://north.post.example/1", &[]),
                ("Post South", "https://south.post.example/2", &[]),
                ("Echo", "", &[]),
                ("Mail", "", &[]),
                ("Post North", "", &[]),
            ],
            &[(0, 1, Copy, true), (1, 2, Copy, true), (2, 3, Copy, true), (0, 4, Rewrite, false)],
        );
        assert_eq!(counted(&report), (4, Some(1)), "Echo has it from the Post; of the Mail nothing is known");
        report.clusters[0].origin = None;
        assert_eq!(counted(&report), (4, None));
        assert_eq!(
            Newsrooms { count: 4, independent: Some(1) }.told("BelTA"),
            "4 newsrooms, 1 of them independent of BelTA"
        );
        assert_eq!(
            Newsrooms { count: 4, independent: Some(0) }.told("BelTA"),
            "4 newsrooms, none independent of BelTA"
        );
        assert_eq!(Newsrooms { count: 4, independent: None }.told(""), "4 newsrooms");
    }

    #[test]
    fn the_same_text_and_the_same_agency_are_one_voice() {
        let stories: &[(&str, &str, &[&'static str])] = &[
            ("BelTA", "", &[]),
            ("Post", "", &[]),
            ("Echo", "", &[]),
            ("Mail", "", &["AFP"]),
            ("News", "", &["AFP"]),
            ("Sun", "", &["BelTA"]),
        ];
        let same = report(stories, &[(1, 2, Copy, false)]);
        assert_eq!(counted(&same), (6, Some(2)), "Post and Echo; Mail and News");
        let taken = report(stories, &[(1, 2, Copy, false), (0, 2, Copy, true)]);
        assert_eq!(counted(&taken), (6, Some(1)), "the Post has the text that the Echo took");
    }

    #[test]
    fn a_later_retelling_is_of_the_first_unless_it_names_another() {
        let told = |credits: &'static [&'static str]| {
            report(&[("BelTA", "", &[]), ("Post", "", credits)], &[(0, 1, Rewrite, true)])
        };
        assert_eq!(counted(&told(&[])), (2, Some(0)));
        assert_eq!(counted(&told(&["AFP"])), (2, Some(1)));
        assert_eq!(counted(&told(&["BelTA"])), (2, Some(0)));
    }

    #[test]
    fn an_agency_that_is_not_there_may_be_who_had_it_first() {
        let mut report =
            report(&[("Post", "", &["Reuters"]), ("Echo", "", &["Reuters"]), ("Mail", "", &[])], &[]);
        report.clusters[0].origin = Some(Origin::Agency("Reuters".into()));
        assert_eq!(counted(&report), (3, Some(1)));
    }

    #[test]
    fn of_unknown_publishers_nothing_is_counted() {
        let report = report(&[("", "", &[]), ("", "", &[])], &[(0, 1, Copy, true)]);
        assert_eq!(counted(&report), (0, None));
        assert_eq!(Newsrooms::default().told("x"), "");
    }
}
