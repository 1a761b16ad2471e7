//! From verified copies to the other versions of their reports: rare shingles, evidence, score.

use super::fetch::{Texts, detail};
use super::intake::{Intake, Marks};
use super::notice;
use super::pairs::{Classes, Found, Judged, Verified};
use super::reread::{marked, reread};
use super::{Watch, declared};
use crate::config::Config;
use crate::error::Result;
use crate::evidence::{Profile, Weights};
use crate::input::Corpus;
use crate::rare::{Postings, RareKeys, Sampling, Shared};
use crate::relation::judge::{SHORTEST, Terms, Verdict, judge};
use crate::relation::{Level, Relation};
use crate::report::Detail;
use crate::similarity::Overlap;
use crate::story::{MarkerKind, Ordinal};
use rayon::prelude::*;

/// Members of a family up to which every pair with another family is scored.
const SPELLED_OUT: usize = 16;

/// Stories that one story is a copy of, or that are copies of it, each gathered once.
pub(crate) struct Families {
    /// The story that stands for each.
    pub(crate) leader: Vec<Ordinal>,
    /// Members by leader; leaders are their own first members.
    members: Vec<Vec<Ordinal>>,
}

/// For each of `stories` stories the one that stands for it, given the pairs that are copies by
/// their places, `a < b`, sorted: a story leads unless a story before it has gathered it.
pub fn leaders(stories: usize, copies: &[(Ordinal, Ordinal)]) -> Vec<Ordinal> {
    Families::of(stories, copies.iter().copied()).leader
}

impl Families {
    /// A story leads unless a story before it has gathered it. A family of copies would otherwise
    /// make its own phrases look common.
    pub(crate) fn of(stories: usize, copies: impl Iterator<Item = (Ordinal, Ordinal)>) -> Self {
        let mut copies_of: Vec<Vec<Ordinal>> = vec![Vec::new(); stories];
        for (a, b) in copies {
            copies_of[a as usize].push(b);
            copies_of[b as usize].push(a);
        }
        let mut leader: Vec<Ordinal> = (0..stories as Ordinal).collect();
        let mut members: Vec<Vec<Ordinal>> = vec![Vec::new(); stories];
        for story in 0..stories as Ordinal {
            if leader[story as usize] != story {
                continue;
            }
            members[story as usize].push(story);
            for &copy in &copies_of[story as usize] {
                if copy > story && leader[copy as usize] == copy {
                    leader[copy as usize] = story;
                    members[story as usize].push(copy);
                }
            }
        }
        Self { leader, members }
    }

    /// All pairs of members of two families, or inside one; of large ones, the leaders'.
    fn pairs(&self, a: Ordinal, b: Ordinal) -> Vec<(Ordinal, Ordinal)> {
        let of = |leader: Ordinal| {
            let members = &self.members[leader as usize];
            if members.len() > SPELLED_OUT { &members[..1] } else { &members[..] }
        };
        let pair = |x: Ordinal, y: Ordinal| (x.min(y), x.max(y));
        of(a).iter().flat_map(|&x| of(b).iter().map(move |&y| pair(x, y))).filter(|(x, y)| x != y).collect()
    }
}

/// Profiles of the stories that have candidates, and what is shown of them.
struct Profiles {
    profiles: Vec<Option<Profile>>,
    /// Of the stories of which nothing was shown yet.
    details: Vec<(Ordinal, Box<Detail>)>,
}

impl Profiles {
    fn read(
        config: &Config,
        corpus: &dyn Corpus,
        intake: &Intake,
        wanted: &[bool],
        weights: &Weights,
        texts: &Texts,
        watch: Watch<'_>,
    ) -> Result<Self> {
        let mut profiles: Vec<Option<Profile>> = Vec::new();
        profiles.resize_with(wanted.len(), || None);
        let read = reread(config, corpus, intake, wanted, watch, |ordinal, story, tokens| {
            let profile = Profile::with_hashes(&story, weights, tokens);
            (profile, (!texts.is_shown(ordinal)).then(|| Box::new(detail(story))))
        })?;
        let mut details = Vec::new();
        for (story, (profile, detail)) in read {
            profiles[story as usize] = Some(profile);
            details.extend(detail.map(|detail| (story, detail)));
        }
        Ok(Self { profiles, details })
    }

    fn get(&self, story: Ordinal) -> Option<&Profile> {
        self.profiles[story as usize].as_ref()
    }

    fn judge(&self, a: Ordinal, b: Ordinal, terms: Terms) -> Option<Verified> {
        let Verdict { relation, score, overlap, signals, coverage, ruled_out } =
            judge(self.get(a)?, self.get(b)?, terms)?;
        let judged = Judged { signals, coverage: (coverage.a, coverage.b), ruled_out };
        Some(Verified { a, b, relation, score, overlap, judged: Some(judged) })
    }

    fn overlap(&self, a: Ordinal, b: Ordinal, terms: Terms) -> Option<Overlap> {
        let shingles = |story| Some(self.get(story)?.shingles(terms.shingle));
        Some(Overlap::of_sorted(&shingles(a)?, &shingles(b)?))
    }

    fn is_kill(&self, story: Ordinal) -> bool {
        self.get(story).and_then(Profile::marker).is_some_and(|marker| marker.kind == MarkerKind::Kill)
    }

    /// Judges pairs of a notice and a story, whichever of its class, and lets kills reach every
    /// version of what they take back.
    fn judge_notices(
        &self,
        named: &[(Ordinal, Ordinal)],
        classes: &Classes,
        ties: &mut Vec<Verified>,
        terms: Terms,
    ) {
        let judged = named.iter().filter_map(|&(a, b)| self.judge(a, b, terms));
        let (mut more, mut kills) = (Vec::new(), Vec::new());
        for tie in judged.filter(|tie| tie.relation.joins(Level::Rewrite)) {
            let (a, b) = (classes.first_of(tie.a), classes.first_of(tie.b));
            if a == b {
                continue;
            }
            if tie.relation == Relation::Correction {
                kills.extend(self.is_kill(tie.a).then_some((a, b)));
                kills.extend(self.is_kill(tie.b).then_some((b, a)));
            }
            more.push(if a < b {
                Verified { a, b, ..tie }
            } else {
                Verified { a: b, b: a, ..tie.mirrored() }
            });
        }
        notice::merge(ties, more);
        notice::spread(&kills, ties, |a, b| self.overlap(a, b, terms));
    }
}

/// Finds and scores the pairs that are not copies, and adds every named relation to `found`,
/// joined or not.
pub(super) fn find(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &mut Intake,
    classes: &Classes,
    found: &mut Found,
    texts: &mut Texts,
    watch: Watch<'_>,
) -> Result<()> {
    let Marks { rare, headlines, notices } = std::mem::take(&mut intake.marks);
    texts.forget_shingles();
    let families = Families::of(intake.rows.len(), found.ties.iter().map(|tie| (tie.a, tie.b)));
    let postings = postings(intake, classes, &families, rare);
    found.warnings.extend(postings.templates().iter().map(|family| {
        let (n, first) = (family.len(), &intake.rows[family[0] as usize].id);
        format!("{n} stories around `{first}` are of one template; what the form says ties none of them")
    }));
    let pairs = candidates(config, intake, &found.ties, &families, &postings);
    drop(postings);
    let named = notice::candidates(notices, headlines);
    let declared = declared::pairs(&intake.rows, classes);
    found.leaders = families.leader;
    let stories = intake.rows.len();
    let mut wanted = marked(stories, pairs.iter().chain(&named).chain(&declared).flat_map(|&(a, b)| [a, b]));
    if !named.is_empty() {
        let copies = found.ties.iter().filter(|tie| wanted[tie.a as usize] | wanted[tie.b as usize]);
        let copies: Vec<Ordinal> = copies.flat_map(|tie| [tie.a, tie.b]).collect();
        copies.into_iter().for_each(|story| wanted[story as usize] = true);
    }
    let weights = std::mem::take(&mut texts.frequencies).weights();
    let profiles = Profiles::read(config, corpus, intake, &wanted, &weights, texts, watch)?;
    let terms = Terms {
        threshold: config.threshold(),
        shingle: config.shingle(),
        stories,
        all: config.all_relations(),
    };
    let judged: Vec<Verified> = pairs.par_iter().filter_map(|&(a, b)| profiles.judge(a, b, terms)).collect();
    found.ties.extend(judged);
    found.ties.par_sort_unstable_by_key(|tie| (tie.a, tie.b));
    if !named.is_empty() {
        profiles.judge_notices(&named, classes, &mut found.ties, terms);
    }
    let told = declared::ties(&declared, &found.ties, |a, b| profiles.overlap(a, b, terms));
    notice::merge(&mut found.ties, told);
    let tied = marked(stories, found.ties.iter().flat_map(|tie| [tie.a, tie.b]));
    let shown = profiles.details.into_iter().filter(|(story, _)| tied[*story as usize]);
    shown.for_each(|(story, detail)| texts.show(story, detail));
    Ok(())
}

/// The rare shingles of the stories that are compared.
fn postings(intake: &Intake, classes: &Classes, families: &Families, mut rare: RareKeys) -> Postings {
    let rows = &intake.rows;
    let mut takes_part = vec![false; rows.len()];
    for &story in classes.comparable() {
        let leads = families.leader[story as usize] == story;
        takes_part[story as usize] = leads && rows[story as usize].tokens as usize >= SHORTEST;
    }
    rare.retain(|story| takes_part[story as usize]);
    Postings::new(rare, rows.len())
}

/// Candidate pairs, sorted and distinct, that are not copies already.
fn candidates(
    config: &Config,
    intake: &Intake,
    copies: &[Verified],
    families: &Families,
    postings: &Postings,
) -> Vec<(Ordinal, Ordinal)> {
    let enough = match intake.sampling {
        Sampling::All => Shared { least: 3, percent: 4 },
        Sampling::Quarter => Shared { least: 3, percent: 10 },
    };
    let mut pairs: Vec<(Ordinal, Ordinal)> =
        postings.pairs(enough).into_par_iter().flat_map_iter(|(a, b)| families.pairs(a, b)).collect();
    let inside = families.members.par_iter().filter(|members| members.len() > 2);
    pairs.par_extend(inside.flat_map_iter(|members| families.pairs(members[0], members[0])));
    pairs.par_sort_unstable();
    pairs.dedup();
    let is_copy = |pair: &(Ordinal, Ordinal)| copies.binary_search_by_key(pair, |tie| (tie.a, tie.b)).is_ok();
    let time = |story: Ordinal| intake.rows[story as usize].time.map(jiff::Timestamp::as_second);
    pairs.retain(|pair| config.in_window(time(pair.0), time(pair.1)) && !is_copy(pair));
    pairs
}
