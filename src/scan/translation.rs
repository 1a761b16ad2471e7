//! From stories in several languages to the pairs that tell one report.
//!
//! A corpus in one language pays for telling that, and for nothing else. Where there are several,
//! stories of all but the commonest look for their nearest in every other language, by the features
//! that tell most and that few stories have; the likenesses so found also say what is usual for each.

use super::Watch;
use super::fetch::{Texts, detail};
use super::intake::Intake;
use super::pairs::{Classes, Found};
use super::reread::{marked, reread};
use super::versions::Versions;
use crate::config::{Config, Languages};
use crate::error::Result;
use crate::input::Corpus;
use crate::lexicon::Print;
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
    let mut prints = vec![Print::default(); intake.rows.len()];
    for (story, print) in reread(config, corpus, intake, &wanted.stories, watch, |ordinal, story, tokens| {
        text::token_hashes(&story.body, tokens);
        Print::of(config.lexicon(), intake.rows[ordinal as usize].language, &story)
    })? {
        prints[story as usize] = print;
    }
    let time = |story: Ordinal| intake.rows[story as usize].time.map(crate::time::Time::as_second);
    let compared = Compared::of(prints, &time);
    let alike = compared.alike(wanted.commonest, &|a, b| config.in_window(time(a), time(b)));
    let usual = compared.usual(&alike);
    let judged = |a, b| (a, b, compared.probability(a, b, &usual));
    let mut scored: Vec<(Ordinal, Ordinal, f64)> = alike
        .par_iter()
        .map(|&(a, b, _)| judged(a, b))
        .filter(|&(.., score)| score >= model::JOINED)
        .collect();
    let versions = Versions::of((&compared.prints, &compared.weighed), &scored, &found.ties);
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

/// Pairs of different languages that evidence judged word by word are judged again by what the words
/// mean; copies and passages stand.
fn overrule(
    ties: &mut [Verified],
    rows: &[super::intake::Row],
    probability: impl Fn(Ordinal, Ordinal) -> f64,
) {
    let language = |story: Ordinal| rows[story as usize].language;
    for tie in ties {
        let by_words = matches!(tie.relation, Relation::Rewrite | Relation::Related);
        if by_words && translation::may_hold(language(tie.a), language(tie.b)) {
            tie.score = probability(tie.a, tie.b);
            if tie.score >= model::JOINED {
                (tie.relation, tie.basis) = (Relation::Translation, Basis::Translation);
            } else {
                tie.relation = Relation::Related;
            }
        }
    }
}

/// What is compared of all stories; empty of those that take no part.
struct Compared<'a> {
    prints: Vec<Print>,
    weighed: Vec<Weighed>,
    rarity: Rarity,
    time: &'a (dyn Fn(Ordinal) -> Option<i64> + Sync),
}

/// A feature with the stories that have it, and what each adds.
type Holders = AHashMap<(u8, u32), Vec<(Ordinal, f32)>>;

/// What is usual for each story beside those of a language.
type UsualOf = AHashMap<(Ordinal, &'static str), Usual>;

impl<'a> Compared<'a> {
    fn of(prints: Vec<Print>, time: &'a (dyn Fn(Ordinal) -> Option<i64> + Sync)) -> Self {
        let rarity = Rarity::of(prints.iter().filter(|print| !print.language.is_empty()));
        let weighed = prints.par_iter().map(|print| rarity.weighed(print)).collect();
        Self { prints, weighed, rarity, time }
    }

    /// By which features each story is looked for.
    fn keys(&self, story: Ordinal) -> Vec<((u8, u32), f32)> {
        let mut keys: Vec<((u8, u32), f32)> = self.weighed[story as usize]
            .parts()
            .filter(|&((kind, hash), _)| {
                (2..=CAP)
                    .contains(&self.rarity.stories_with(crate::lexicon::Kind::ALL[usize::from(kind)], hash))
            })
            .collect();
        keys.sort_unstable_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        keys.truncate(KEYS);
        keys
    }

    /// Pairs `(a, b)`, `a < b`, of different languages that are nearest to each other, with their
    /// likeness; sorted. Cost: for each story that is not in the `commonest` language at most
    /// [`KEYS`] × [`CAP`] steps, in parallel.
    fn alike(
        &self,
        commonest: &str,
        in_window: &(dyn Fn(Ordinal, Ordinal) -> bool + Sync),
    ) -> Vec<(Ordinal, Ordinal, f32)> {
        let keys: Vec<Vec<((u8, u32), f32)>> =
            (0..self.prints.len() as Ordinal).into_par_iter().map(|story| self.keys(story)).collect();
        let mut holders = Holders::new();
        for (story, keys) in (0..).zip(&keys) {
            keys.iter().for_each(|&(key, weight)| holders.entry(key).or_default().push((story, weight)));
        }
        let seeking = |&story: &Ordinal| {
            let language = self.prints[story as usize].language;
            !language.is_empty() && language != commonest
        };
        let seekers: Vec<Ordinal> = (0..self.prints.len() as Ordinal).filter(seeking).collect();
        let mut pairs: Vec<(Ordinal, Ordinal, f32)> = seekers
            .into_par_iter()
            .map_init(
                || vec![0f32; self.prints.len()],
                |sums, story| {
                    let own = self.prints[story as usize].language;
                    let mut met = Vec::new();
                    for &(key, weight) in &keys[story as usize] {
                        for &(other, more) in &holders[&key] {
                            if self.prints[other as usize].language != own && in_window(story, other) {
                                let sum = &mut sums[other as usize];
                                if *sum == 0.0 {
                                    met.push(other);
                                }
                                *sum += weight * more;
                            }
                        }
                    }
                    let mut near: Vec<(Ordinal, f32)> =
                        met.iter().map(|&other| (other, std::mem::take(&mut sums[other as usize]))).collect();
                    self.nearest(story, &mut near)
                },
            )
            .flatten_iter()
            .collect();
        pairs.par_sort_unstable_by_key(|&(a, b, _)| (a, b));
        pairs.dedup_by_key(|&mut (a, b, _)| (a, b));
        pairs
    }

    /// The [`NEAREST`] of each language among `near`, with their full likeness.
    fn nearest(&self, story: Ordinal, near: &mut [(Ordinal, f32)]) -> Vec<(Ordinal, Ordinal, f32)> {
        let language = |other: Ordinal| self.prints[other as usize].language;
        near.sort_unstable_by(|x, y| {
            language(x.0).cmp(language(y.0)).then(y.1.total_cmp(&x.1)).then(x.0.cmp(&y.0))
        });
        let nearest =
            near.chunk_by(|x, y| language(x.0) == language(y.0)).flat_map(|run| run.iter().take(NEAREST));
        let full = nearest.map(|&(other, _)| {
            let likeness = self.weighed[story as usize].likeness(&self.weighed[other as usize]);
            (story.min(other), story.max(other), likeness)
        });
        full.collect()
    }

    /// What is usual for each story, read off the pairs that were compared.
    fn usual(&self, alike: &[(Ordinal, Ordinal, f32)]) -> UsualOf {
        let mut likenesses: AHashMap<(Ordinal, &'static str), Vec<f32>> = AHashMap::new();
        for &(a, b, likeness) in alike {
            likenesses.entry((a, self.prints[b as usize].language)).or_default().push(likeness);
            likenesses.entry((b, self.prints[a as usize].language)).or_default().push(likeness);
        }
        let usual = likenesses.into_iter().map(|(of, mut likenesses)| {
            likenesses.sort_unstable_by(|x, y| y.total_cmp(x));
            (of, Usual::of(&likenesses))
        });
        usual.collect()
    }

    fn probability(&self, a: Ordinal, b: Ordinal, usual: &UsualOf) -> f64 {
        let side = |story: Ordinal, other: Ordinal| Side {
            print: &self.prints[story as usize],
            weighed: &self.weighed[story as usize],
            time: (self.time)(story),
            usual: usual.get(&(story, self.prints[other as usize].language)).copied().unwrap_or_default(),
        };
        translation::probability(side(a, b), side(b, a))
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
