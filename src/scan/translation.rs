//! From stories in several languages to the pairs that tell one report.
//!
//! A corpus in one language pays for telling that, and for nothing else. Where there are several,
//! stories of all but the commonest look for their nearest in every other language, by the features
//! that tell most and that few stories have; the likenesses so found also say what is usual for each.

use super::Watch;
use super::fetch::{Texts, detail};
use super::intake::Intake;
use super::pairs::{Classes, Found};
use super::prints::{Prints, Sides};
use super::reread::{marked, reread};
use super::versions::Versions;
use crate::config::{Config, Languages};
use crate::error::Result;
use crate::input::Corpus;
use crate::relation::judge::SHORTEST;
use crate::relation::tie::{Basis, Verified};
use crate::relation::translation::{self, Rarity, Side, Usual, Weighed};
use crate::relation::{Relation, model};
use crate::shingle::ShingleSet;
use crate::similarity::Overlap;
use crate::story::Ordinal;
use crate::text;
use ahash::AHashMap;
use rayon::prelude::*;
use std::cmp::Reverse;

/// Features of a story by which it is looked for: those that tell most.
const KEYS: usize = 96;
/// Stories that may have a feature by which stories are looked for.
const CAP: u32 = 256;
/// A corpus of which less than one story in so many is in another language is taken to be in one:
/// reading all of it again costs more than the scan.
const FEW: usize = 1_000;
/// Stories of one language that are compared with a story of another.
const NEAREST: usize = 16;

/// Ties stories in different languages, and lets what is known of languages overrule what their
/// words said.
pub(super) fn find(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    classes: &Classes,
    found: &mut Found,
    texts: &mut Texts,
    watch: Watch<'_>,
) -> Result<()> {
    let Some(wanted) = wanted(config, intake, classes) else { return Ok(()) };
    let prints = Prints::read(config, corpus, intake, &wanted.stories, watch)?;
    let language = |story: Ordinal| intake.rows[story as usize].language;
    let time = |story: Ordinal| intake.rows[story as usize].time.map(crate::time::Time::as_second);
    let in_window = |a, b| config.in_window(time(a), time(b));
    let is_seeker = |story: Ordinal| wanted.stories[story as usize] && language(story) != wanted.commonest;
    let rarity = prints.rarity()?;
    let mut sides = Sides::new();
    prints.extend(&mut sides, &rarity, is_seeker)?;
    let near = near(intake.rows.len(), (&prints, &sides, &rarity), &language, &in_window)?;
    let by_words = found.ties.iter().filter(|tie| is_between(tie, &intake.rows));
    let met = near.iter().copied().chain(by_words.map(|tie| (tie.a, tie.b)));
    let asked = marked(intake.rows.len(), met.flat_map(|(a, b)| [a, b]));
    prints.extend(&mut sides, &rarity, |story| asked[story as usize])?;
    drop((prints, rarity));
    let compared = Compared { sides, time: &time };
    let alike = compared.alike(&near);
    let usual = compared.usual(&alike);
    let judged = |a, b| (a, b, compared.probability(a, b, &usual));
    let mut scored: Vec<(Ordinal, Ordinal, f64)> = alike
        .par_iter()
        .map(|&(a, b, _)| judged(a, b))
        .filter(|&(.., score)| score >= model::JOINED)
        .collect();
    let versions = Versions::of(&compared.sides, &scored, &found.ties);
    scored.retain(|&(a, b, _)| versions.agree(a, b));
    overrule(&mut found.ties, &intake.rows, |a, b| compared.probability(a, b, &usual));
    let known = |a, b| found.ties.binary_search_by_key(&(a, b), |tie| (tie.a, tie.b)).is_ok();
    let new: Vec<_> = scored.into_iter().filter(|&(a, b, _)| !known(a, b)).collect();
    show(config, corpus, intake, &new, texts, watch)?;
    found.ties.extend(new.into_iter().map(|(a, b, score)| Verified {
        a,
        b,
        relation: Relation::Translation,
        score,
        overlap: Overlap { shared: 0, a: texts.size(a), b: texts.size(b) },
        basis: Basis::Translation,
    }));
    found.ties.par_sort_unstable_by_key(|tie| (tie.a, tie.b));
    Ok(())
}

/// The stories that are compared across languages, and the language of most.
struct Wanted {
    stories: Vec<bool>,
    commonest: &'static str,
}

/// `None` where there is one language only, or next to none other. Stories of the commonest are wanted where another is near
/// enough in time.
fn wanted(config: &Config, intake: &Intake, classes: &Classes) -> Option<Wanted> {
    if config.languages() == Languages::Same {
        return None;
    }
    let rows = &intake.rows;
    let long = |&&story: &&Ordinal| {
        let row = &rows[story as usize];
        translation::has_table(row.language) && row.tokens as usize >= SHORTEST
    };
    let mut counts: AHashMap<&str, u32> = AHashMap::new();
    let comparable: Vec<Ordinal> = classes.comparable().iter().filter(long).copied().collect();
    comparable.iter().for_each(|&story| *counts.entry(rows[story as usize].language).or_default() += 1);
    let commonest = comparable
        .iter()
        .map(|&story| rows[story as usize].language)
        .max_by_key(|&language| (counts[language], Reverse(language)))?;
    if counts.len() < 2 {
        return None;
    }
    let time = |story: Ordinal| rows[story as usize].time.map(crate::time::Time::as_second);
    let is_other = |story: Ordinal| rows[story as usize].language != commonest;
    let mut times: Vec<i64> = comparable.iter().filter(|&&s| is_other(s)).filter_map(|&s| time(s)).collect();
    let timeless = comparable.iter().any(|&story| is_other(story) && time(story).is_none());
    times.sort_unstable();
    let near = |own: i64| {
        let after = times.partition_point(|&other| other < own);
        let around = times[after.saturating_sub(1)..].iter().take(2);
        around.copied().any(|other| config.in_window(Some(own), Some(other)))
    };
    let mut stories = vec![false; rows.len()];
    let (mut all, mut others) = (0, 0);
    for story in comparable {
        let wanted = is_other(story) || timeless || time(story).is_none_or(near);
        stories[story as usize] = wanted;
        all += usize::from(wanted);
        others += usize::from(is_other(story));
    }
    (others * FEW >= all).then_some(Wanted { stories, commonest })
}

/// Whether evidence judged two stories in different languages word by word, and did not take the one for
/// a copy or a passage of the other.
fn is_between(tie: &Verified, rows: &[super::intake::Row]) -> bool {
    let language = |story: Ordinal| rows[story as usize].language;
    let by_words = matches!(tie.relation, Relation::Rewrite | Relation::Related);
    by_words && translation::may_hold(language(tie.a), language(tie.b))
}

/// Such pairs are judged again by what the words mean; all others stand.
fn overrule(
    ties: &mut [Verified],
    rows: &[super::intake::Row],
    probability: impl Fn(Ordinal, Ordinal) -> f64,
) {
    for tie in ties.iter_mut().filter(|tie| is_between(tie, rows)) {
        tie.score = probability(tie.a, tie.b);
        if tie.score >= model::JOINED {
            (tie.relation, tie.basis) = (Relation::Translation, Basis::Translation);
        } else {
            tie.relation = Relation::Related;
        }
    }
}

/// A feature, by its kind and hash.
type Feature = (u8, u32);

/// By which features a story is looked for, and what each adds.
fn keys(weighed: &Weighed, rarity: &Rarity) -> Vec<(Feature, f32)> {
    let is_key = |&((kind, hash), _): &(Feature, f32)| {
        (2..=CAP).contains(&rarity.stories_with(crate::lexicon::Kind::ALL[usize::from(kind)], hash))
    };
    let mut keys: Vec<(Feature, f32)> = weighed.parts().filter(is_key).collect();
    keys.sort_unstable_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    keys.truncate(KEYS);
    keys
}

/// Pairs `(a, b)`, `a < b`, of each of `seekers` and the stories of each other language that are nearest
/// to it by their keys; sorted and distinct. Cost: the keys of all stories; for each seeker at most
/// [`KEYS`] × [`CAP`] steps, in parallel.
fn near(
    stories: usize,
    (prints, seekers, rarity): (&Prints, &Sides, &Rarity),
    language: &(dyn Fn(Ordinal) -> &'static str + Sync),
    in_window: &(dyn Fn(Ordinal, Ordinal) -> bool + Sync),
) -> Result<Vec<(Ordinal, Ordinal)>> {
    let seekers: Vec<(Ordinal, Vec<(Feature, f32)>)> =
        seekers.par_iter().map(|(&story, (_, weighed))| (story, keys(weighed, rarity))).collect();
    let mut holders: AHashMap<Feature, Vec<(Ordinal, f32)>> = AHashMap::new();
    let sought = seekers.iter().flat_map(|(_, keys)| keys);
    holders.extend(sought.map(|&(feature, _)| (feature, Vec::new())));
    let is_sought = |(feature, _): &(Feature, f32)| holders.contains_key(feature);
    let all = prints.weighed(rarity, |story, weighed| {
        let keys = keys(weighed, rarity);
        (story, keys.into_iter().filter(is_sought).collect::<Box<[_]>>())
    })?;
    for (story, keys) in all {
        for (feature, weight) in keys {
            holders.entry(feature).or_default().push((story, weight));
        }
    }
    let met = |sums: &mut Vec<f32>, (story, keys): &(Ordinal, Vec<(Feature, f32)>)| {
        let mut met = Vec::new();
        for (feature, weight) in keys {
            for &(other, more) in &holders[feature] {
                if language(other) != language(*story) && in_window(*story, other) {
                    let sum = &mut sums[other as usize];
                    if *sum == 0.0 {
                        met.push(other);
                    }
                    *sum += weight * more;
                }
            }
        }
        let near = met.into_iter().map(|other| (other, std::mem::take(&mut sums[other as usize])));
        nearest(*story, near.collect(), language)
    };
    let mut pairs: Vec<(Ordinal, Ordinal)> =
        seekers.par_iter().map_init(|| vec![0.0; stories], met).flatten_iter().collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

/// A story with the [`NEAREST`] of each language among `near`.
fn nearest(
    story: Ordinal,
    mut near: Vec<(Ordinal, f32)>,
    language: &(dyn Fn(Ordinal) -> &'static str + Sync),
) -> Vec<(Ordinal, Ordinal)> {
    near.sort_unstable_by(|x, y| {
        language(x.0).cmp(language(y.0)).then(y.1.total_cmp(&x.1)).then(x.0.cmp(&y.0))
    });
    let of_one = near.chunk_by(|x, y| language(x.0) == language(y.0));
    let nearest = of_one.flat_map(|run| run.iter().take(NEAREST));
    nearest.map(|&(other, _)| (story.min(other), story.max(other))).collect()
}

/// What is compared of the stories that are near another.
struct Compared<'a> {
    sides: Sides,
    time: &'a (dyn Fn(Ordinal) -> Option<i64> + Sync),
}

/// What is usual for each story beside those of a language.
type UsualOf = AHashMap<(Ordinal, &'static str), Usual>;

impl Compared<'_> {
    /// The likeness of each pair.
    fn alike(&self, near: &[(Ordinal, Ordinal)]) -> Vec<(Ordinal, Ordinal, f32)> {
        let weighed = |story: Ordinal| &self.sides[&story].1;
        near.par_iter().map(|&(a, b)| (a, b, weighed(a).likeness(weighed(b)))).collect()
    }

    fn language(&self, story: Ordinal) -> &'static str {
        self.sides[&story].0.language
    }

    /// What is usual for each story, read off the pairs that were compared.
    fn usual(&self, alike: &[(Ordinal, Ordinal, f32)]) -> UsualOf {
        let mut likenesses: AHashMap<(Ordinal, &'static str), Vec<f32>> = AHashMap::new();
        for &(a, b, likeness) in alike {
            likenesses.entry((a, self.language(b))).or_default().push(likeness);
            likenesses.entry((b, self.language(a))).or_default().push(likeness);
        }
        let usual = likenesses.into_iter().map(|(of, mut likenesses)| {
            likenesses.sort_unstable_by(|x, y| y.total_cmp(x));
            (of, Usual::of(&likenesses))
        });
        usual.collect()
    }

    /// Nothing of stories that take no part.
    fn probability(&self, a: Ordinal, b: Ordinal, usual: &UsualOf) -> f64 {
        let side = |story: Ordinal, other: Ordinal| {
            let (print, weighed) = self.sides.get(&story)?;
            let usual = usual.get(&(story, self.sides.get(&other)?.0.language)).copied().unwrap_or_default();
            Some(Side { print, weighed, time: (self.time)(story), usual })
        };
        let sides = side(a, b).zip(side(b, a));
        sides.map_or(0.0, |(a, b)| translation::probability(a, b))
    }
}

/// Reads what is shown of the stories that were tied; their languages are named.
fn show(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    scored: &[(Ordinal, Ordinal, f64)],
    texts: &mut Texts,
    watch: Watch<'_>,
) -> Result<()> {
    if scored.is_empty() {
        return Ok(());
    }
    let wanted = marked(intake.rows.len(), scored.iter().flat_map(|&(a, b, _)| [a, b]));
    let is_voiced = intake.is_voiced();
    let read = reread(config, corpus, intake, &wanted, watch, |ordinal, mut story, tokens| {
        text::token_hashes(&story.body, tokens);
        if story.language.is_empty() {
            intake.rows[ordinal as usize].language.clone_into(&mut story.to_mut().language);
        }
        (ShingleSet::new(tokens, config.shingle()).len() as u32, Box::new(detail(story, is_voiced)))
    })?;
    for (story, (size, detail)) in read {
        texts.show(story, detail);
        texts.set_size(story, size);
    }
    Ok(())
}
