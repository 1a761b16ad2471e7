//! From verified copies to the other versions of their reports: rare shingles, evidence, score.

use super::Watch;
use super::fetch::{Texts, detail};
use super::intake::Intake;
use super::pairs::{Classes, Found, Verified};
use super::reread::reread;
use crate::config::Config;
use crate::error::Result;
use crate::evidence::Profile;
use crate::input::Corpus;
use crate::rare::{Postings, RareKeys, Sampling, Shared};
use crate::relation::judge::{SHORTEST, Terms, Verdict, judge};
use crate::story::Ordinal;
use rayon::prelude::*;

/// Members of a family up to which every pair with another family is scored.
const SPELLED_OUT: usize = 16;

/// Stories that one story is a copy of, or that are copies of it, each gathered once.
struct Families {
    /// The story that stands for each.
    leader: Vec<Ordinal>,
    /// Members by leader; leaders are their own first members.
    members: Vec<Vec<Ordinal>>,
}

impl Families {
    /// A story leads unless a story before it has gathered it. A family of copies would otherwise
    /// make its own phrases look common.
    fn of(stories: usize, copies: &[Verified]) -> Self {
        let mut copies_of: Vec<Vec<Ordinal>> = vec![Vec::new(); stories];
        for tie in copies {
            copies_of[tie.a as usize].push(tie.b);
            copies_of[tie.b as usize].push(tie.a);
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
    let rare = std::mem::take(&mut intake.rare);
    let families = Families::of(intake.rows.len(), &found.ties);
    let pairs = candidates(config, intake, classes, &found.ties, &families, rare);
    found.leaders = families.leader;
    texts.forget_shingles();
    let mut wanted = vec![false; intake.rows.len()];
    pairs.iter().for_each(|&(a, b)| [a, b].iter().for_each(|&story| wanted[story as usize] = true));
    let weights = std::mem::take(&mut texts.frequencies).weights();
    let read = reread(config, corpus, intake, &wanted, watch, |_, story, tokens| {
        (Profile::with_hashes(&story, &weights, tokens), Box::new(detail(story)))
    })?;
    let mut profiles: Vec<Option<Profile>> = Vec::new();
    profiles.resize_with(intake.rows.len(), || None);
    let mut details = Vec::with_capacity(read.len());
    for (story, (profile, detail)) in read {
        profiles[story as usize] = Some(profile);
        details.push((story, detail));
    }
    let terms = Terms {
        threshold: config.threshold(),
        shingle: config.shingle(),
        stories: intake.rows.len(),
        all: config.all_relations(),
    };
    let judged: Vec<Verified> = pairs
        .par_iter()
        .filter_map(|&(a, b)| {
            let verdict = judge(profiles[a as usize].as_ref()?, profiles[b as usize].as_ref()?, terms)?;
            let Verdict { relation, score, overlap, signals, .. } = verdict;
            Some(Verified { a, b, relation, score, overlap, signals: Some(signals) })
        })
        .collect();
    let mut tied = vec![false; intake.rows.len()];
    judged.iter().for_each(|tie| [tie.a, tie.b].iter().for_each(|&story| tied[story as usize] = true));
    details
        .into_iter()
        .filter(|(story, _)| tied[*story as usize])
        .for_each(|(story, detail)| texts.show(story, detail));
    found.ties.extend(judged);
    found.ties.par_sort_unstable_by_key(|tie| (tie.a, tie.b));
    Ok(())
}

/// Candidate pairs, sorted and distinct, that are not copies already.
fn candidates(
    config: &Config,
    intake: &Intake,
    classes: &Classes,
    copies: &[Verified],
    families: &Families,
    mut rare: RareKeys,
) -> Vec<(Ordinal, Ordinal)> {
    let rows = &intake.rows;
    let mut takes_part = vec![false; rows.len()];
    for &story in classes.comparable() {
        let leads = families.leader[story as usize] == story;
        takes_part[story as usize] = leads && rows[story as usize].tokens as usize >= SHORTEST;
    }
    rare.retain(|story| takes_part[story as usize]);
    let enough = match intake.sampling {
        Sampling::All => Shared { least: 3, percent: 4 },
        Sampling::Quarter => Shared { least: 3, percent: 10 },
    };
    let mut pairs: Vec<(Ordinal, Ordinal)> = Postings::new(rare, rows.len())
        .pairs(enough)
        .into_par_iter()
        .flat_map_iter(|(a, b)| families.pairs(a, b))
        .collect();
    let inside = families.members.par_iter().filter(|members| members.len() > 2);
    pairs.par_extend(inside.flat_map_iter(|members| families.pairs(members[0], members[0])));
    pairs.par_sort_unstable();
    pairs.dedup();
    let is_copy = |pair: &(Ordinal, Ordinal)| copies.binary_search_by_key(pair, |tie| (tie.a, tie.b)).is_ok();
    let time = |story: Ordinal| rows[story as usize].time.map(jiff::Timestamp::as_second);
    pairs.retain(|pair| config.in_window(time(pair.0), time(pair.1)) && !is_copy(pair));
    pairs
}
