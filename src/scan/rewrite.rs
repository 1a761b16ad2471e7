//! From verified copies to the other versions of their reports: rare shingles, evidence, score.

use super::budget;
use super::families::Families;
use super::fetch::{Texts, detail};
use super::furnished::Furnished;
use super::intake::{Intake, Row, earliest_first};
use super::judging::{self, Held, Judging, Sheet};
use super::marks::Marks;
use super::noisy;
use super::notice;
use super::pairs::{Classes, Found, Voices};
use super::passes::passes;
use super::reread::{marked, reread};
use super::{Watch, declared};
use crate::config::Config;
use crate::error::Result;
use crate::evidence::Profile;
use crate::input::Corpus;
use crate::rare::{Carried, Met, Postings, Shared, quotes};
use crate::relation::judge::SHORTEST;
use crate::relation::scanned::Scanned;
use crate::relation::tie::Verified;
use crate::relation::{Level, Relation};
use crate::story::{MarkerKind, Ordinal, Story};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::Mutex;

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
    let Marks { rare, quotes, headlines, notices, letters, .. } = std::mem::take(&mut intake.marks);
    texts.forget_shingles();
    let families = Families::of(intake.rows.len(), found.ties.iter().map(|tie| (tie.a, tie.b)));
    let taking_part = takes_part(intake, classes, &families);
    let takes_part = |story: Ordinal| taking_part[story as usize];
    let mut furnished = Furnished::of(&intake.rows, intake.sampling);
    let order = in_time(intake, classes, &families);
    let postings = Postings::new(rare, order, takes_part, |key, holders| furnished.count(key, holders))?;
    found.warnings.extend(postings.families().iter().map(|family| {
        let (n, first) = (family.len(), &intake.rows[family[0] as usize].id);
        format!("{n} stories around `{first}` share a report or a form; each was compared with the first of them and with its neighbours in time, not with all others")
    }));
    let Met { pairs: mut met, carried } = postings.met(Shared::enough(intake.sampling))?;
    let carriers: Vec<Ordinal> =
        carried.iter().filter(|of| is_carrier(intake, of)).map(|of| of.story).collect();
    texts.count_words(&carriers);
    drop(postings);
    met.extend(quotes::pairs(quotes, intake.rows.len(), takes_part)?);
    let order = || in_time(intake, classes, &families);
    let clean = texts.take_letters();
    let reads_print = clean.is_some();
    met.extend(noisy::pairs(intake, letters, clean, order, &taking_part)?);
    let voices = classes.voices(&intake.rows);
    let speaker = |story: Ordinal| &intake.rows[voices.of(story) as usize];
    let mut pairs = candidates(config, &speaker, &found.ties, &families, &met);
    // However they have met: a pair of which one is misread is compared letter by letter.
    let may_be_misread = |story: Ordinal| {
        let row = &intake.rows[story as usize];
        reads_print && row.is_noisy() || row.is_in_doubt()
    };
    let by_letters = pairs.iter().filter(|&&(a, b)| may_be_misread(a) || may_be_misread(b));
    let prints = marked(intake.rows.len(), by_letters.flat_map(|&(a, b)| [a, b]));
    let asked: Vec<(Ordinal, Ordinal)> = asked(&speaker, &found.ties).collect();
    pairs.extend_from_slice(&asked);
    pairs.par_sort_unstable();
    drop(met);
    let named = notice::candidates(&notices, &headlines)?;
    drop((notices, headlines));
    let declared = declared::pairs(&intake.rows, classes);
    let mut held = held(&named, classes, (&pairs, &found.ties), intake.rows.len());
    declared.iter().flat_map(|&(a, b)| [a, b]).for_each(|story| held[story as usize] = true);
    let asked = Asked {
        pairs: &pairs,
        copies: &asked,
        prints: &prints,
        held: &held,
        furnished: &furnished,
        voices: &voices,
    };
    let held = judge(config, corpus, intake, &asked, found, texts, watch)?;
    if !named.is_empty() {
        judge_notices(&held, &named, classes, &mut found.ties);
    }
    let told = declared::ties(&declared, &found.ties, |a, b| held.overlap(a, b));
    notice::merge(&mut found.ties, told);
    intake.rows.iter_mut().for_each(|row| row.titled = Box::default());
    // Not those above: a copy that was called a template since makes no family.
    let copies = found.ties.iter().filter(|tie| tie.is_copy()).map(|tie| (tie.a, tie.b));
    found.leaders = Families::of(intake.rows.len(), copies).leader;
    Ok(())
}

/// What [`judge`] is asked.
struct Asked<'a> {
    pairs: &'a [judging::Met],
    /// Those of `pairs` that are copies, sorted.
    copies: &'a [judging::Met],
    /// Stories whose letters are kept.
    prints: &'a [bool],
    /// Stories whose profiles are given back.
    held: &'a [bool],
    furnished: &'a Furnished<'a>,
    voices: &'a Voices,
}

/// Reads the stories of `asked` and judges each pair, the furniture of sources left out; what is tied is
/// shown.
fn judge(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    asked: &Asked<'_>,
    found: &mut Found,
    texts: &mut Texts,
    watch: Watch<'_>,
) -> Result<Held> {
    let &Asked { pairs, copies, prints, held, furnished, voices } = asked;
    let stories = intake.rows.len();
    let terms = config.terms();
    let weights = texts.frequencies.weights();
    let is_voiced = intake.is_voiced();
    let allowance = budget::for_profiles(config, stories, texts.shown(), pairs.len());
    let mut kept = None;
    for pairs in in_passes(intake, pairs, allowance) {
        let holds = |story: Ordinal| kept.is_none() && held[story as usize];
        let held = (0..stories as Ordinal).filter(|&story| holds(story));
        let judging = Judging::new(stories, (&pairs, copies), held.clone(), terms);
        let wanted = marked(stories, pairs.iter().flat_map(|&(a, b)| [a, b]).chain(held));
        let shown = &*texts;
        reread(config, corpus, intake, &wanted, watch, |ordinal, story, tokens| {
            let story = match voices.of(ordinal) {
                own if own == ordinal => story,
                other => {
                    let Row { source, time, .. } = &intake.rows[other as usize];
                    Cow::Owned(Story { source: source.to_string(), time: *time, ..story.into_owned() })
                }
            };
            let (print, profile) = if prints[ordinal as usize] {
                let noise = intake.rows[ordinal as usize].noise;
                let (print, profile) = Scanned::with_profile(&story, noise, &weights, tokens);
                (Some(Box::new(print)), profile)
            } else {
                (None, Profile::with_hashes(&story, &weights, tokens))
            };
            let own = furnished.own((ordinal, &story), tokens, &weights);
            let detail = (!shown.is_shown(ordinal)).then(|| Box::new(detail(story, is_voiced)));
            judging.arrive(ordinal, Sheet { profile, own, print, detail: Mutex::new(detail) }, &weights);
        })?;
        let (outcome, held) = judging.outcome();
        found.ties.extend(outcome.ties);
        outcome.details.into_iter().for_each(|(story, detail)| texts.show(story, detail));
        kept.get_or_insert(held);
    }
    found.ties.par_sort_unstable_by_key(|tie| (tie.a, tie.b, tie.basis.judged().is_some()));
    // A copy that was asked for its facts stays a copy, unless they say template.
    found.ties.dedup_by(|asked, copy| {
        let same = (asked.a, asked.b) == (copy.a, copy.b);
        if same && asked.relation == Relation::Template {
            *copy = *asked;
        }
        same
    });
    Ok(kept.unwrap_or_else(|| Held::none(terms)))
}

/// The pairs in as many parts as it takes for no more profiles to wait at once than `allowance` holds; one
/// at least.
fn in_passes<'a>(intake: &Intake, pairs: &'a [judging::Met], allowance: u64) -> Vec<Cow<'a, [judging::Met]>> {
    if allowance == u64::MAX {
        return vec![Cow::Borrowed(pairs)];
    }
    let mut read_at = vec![0; intake.rows.len()];
    let as_read: Vec<Ordinal> = intake.ordinals.iter().flatten().flatten().copied().collect();
    (0..).zip(&as_read).for_each(|(place, &story)| read_at[story as usize] = place);
    let places = |&(a, b): &judging::Met| {
        let (x, y) = (read_at[a as usize], read_at[b as usize]);
        (x.min(y), x.max(y))
    };
    let mut placed: Vec<(u32, u32)> = pairs.iter().map(places).collect();
    placed.par_sort_unstable();
    let size = |place: u32| budget::profile(intake.rows[as_read[place as usize] as usize].tokens);
    let passes = passes(&placed, size, allowance);
    let mut parts = vec![Vec::new(); passes.iter().max().map_or(1, |&last| last as usize + 1)];
    for ((x, y), pass) in placed.into_iter().zip(passes) {
        let (x, y) = (as_read[x as usize], as_read[y as usize]);
        parts[pass as usize].push((x.min(y), x.max(y)));
    }
    parts.into_iter().map(Cow::Owned).collect()
}

/// The stories whose profiles are needed once all pairs are judged: those of `named` pairs, and,
/// for the sake of kills, all that may turn out to be versions of them.
fn held(
    named: &[(Ordinal, Ordinal)],
    classes: &Classes,
    (pairs, copies): (&[(Ordinal, Ordinal)], &[Verified]),
    stories: usize,
) -> Vec<bool> {
    let mut named = marked(stories, named.iter().flat_map(|&(a, b)| [a, b]));
    for class in classes.repeated() {
        named[class[0] as usize] |= class.iter().any(|&story| named[story as usize]);
    }
    let mut held = named.clone();
    let copies = copies.iter().map(|tie| (tie.a, tie.b));
    for (a, b) in pairs.iter().copied().chain(copies) {
        if named[a as usize] || named[b as usize] {
            (held[a as usize], held[b as usize]) = (true, true);
        }
    }
    held
}

fn is_kill(profile: Option<&Profile>) -> bool {
    profile.and_then(Profile::marker).is_some_and(|marker| marker.kind == MarkerKind::Kill)
}

/// Judges pairs of a notice and a story, whichever of its class, and lets kills reach every
/// version of what they take back.
fn judge_notices(held: &Held, named: &[(Ordinal, Ordinal)], classes: &Classes, ties: &mut Vec<Verified>) {
    let judged = named.iter().filter_map(|&(a, b)| held.judge(a, b));
    let (mut more, mut kills) = (Vec::new(), Vec::new());
    for tie in judged.filter(|tie| tie.relation.joins(Level::Rewrite)) {
        let (a, b) = (classes.first_of(tie.a), classes.first_of(tie.b));
        if a == b {
            continue;
        }
        if tie.relation == Relation::Correction {
            kills.extend(is_kill(held.get(tie.a)).then_some((a, b)));
            kills.extend(is_kill(held.get(tie.b)).then_some((b, a)));
        }
        more.push(tie.between(a, b));
    }
    notice::merge(ties, more);
    notice::spread(&kills, ties, |a, b| held.overlap(a, b));
}

/// All stories, the earliest first and those without a time last; those of one time by id. A story
/// is as early as the first of those that it stands for: identical ones, and its family of copies.
fn in_time(intake: &Intake, classes: &Classes, families: &Families) -> Vec<Ordinal> {
    let mut earliest = vec![None; intake.rows.len()];
    for (story, row) in (0..).zip(&intake.rows) {
        let leader = families.leader[classes.first_of(story) as usize];
        let known = &mut earliest[leader as usize];
        let latest = row.time.map(crate::time::Time::latest_second);
        *known = [*known, latest].into_iter().flatten().min();
    }
    earliest_first(&earliest)
}

/// Share of a story, in hundredths, that an earlier one has too, from which it tells the same
/// report, whoever published the two. Less of it may be what one site prints on all its pages; of
/// two outlets less is enough.
const SAME_REPORT: u32 = 50;

/// Whether a story carries what an earlier one, and many others, have.
fn is_carrier(intake: &Intake, of: &Carried) -> bool {
    let [own, other] = [of.story, of.earlier].map(|story| &intake.rows[story as usize].source[..]);
    of.percent >= SAME_REPORT || (!own.is_empty() && !other.is_empty() && own != other)
}

/// Whether each story is compared by its rare shingles and quotations.
fn takes_part(intake: &Intake, classes: &Classes, families: &Families) -> Vec<bool> {
    let mut takes_part = vec![false; intake.rows.len()];
    for &story in classes.comparable() {
        let is_long = intake.rows[story as usize].tokens as usize >= SHORTEST;
        takes_part[story as usize] = is_long && families.leads(story);
    }
    takes_part
}

/// Copies that one outlet printed: a form that it filled in twice looks the same.
fn asked<'a>(
    speaker: &impl Fn(Ordinal) -> &'a Row,
    copies: &[Verified],
) -> impl Iterator<Item = (Ordinal, Ordinal)> {
    let source = |story: Ordinal| &*speaker(story).source;
    let is_asked = move |tie: &&Verified| !source(tie.a).is_empty() && source(tie.a) == source(tie.b);
    copies.iter().filter(is_asked).map(|tie| (tie.a, tie.b))
}

/// Candidate pairs, sorted and distinct, that are not copies already: all members of the families
/// whose leaders have met, and of one family.
fn candidates<'a>(
    config: &Config,
    speaker: &impl Fn(Ordinal) -> &'a Row,
    copies: &[Verified],
    families: &Families,
    met: &[(Ordinal, Ordinal)],
) -> Vec<(Ordinal, Ordinal)> {
    let mut pairs = Vec::with_capacity(met.len());
    met.iter().for_each(|&(a, b)| families.pairs(a, b, &mut pairs));
    families.inner_pairs(&mut pairs);
    pairs.par_sort_unstable();
    pairs.dedup();
    let is_copy = |pair: &(Ordinal, Ordinal)| copies.binary_search_by_key(pair, |tie| (tie.a, tie.b)).is_ok();
    let time = |story: Ordinal| speaker(story).time.map(crate::time::Time::as_second);
    pairs.retain(|pair| config.in_window(time(pair.0), time(pair.1)) && !is_copy(pair));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::tie::Basis;
    use crate::scan::Scanner;
    use crate::similarity::Overlap;
    use crate::story::tellings;

    /// Stories by source and time.
    fn rows(rows: &[(&str, &str)]) -> Vec<Row> {
        let row = |(source, time): &(&str, &str)| Row {
            source: (*source).into(),
            time: time.parse().ok(),
            ..Row::default()
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn copies_of_one_outlet_are_asked_for_their_facts() {
        let rows = rows(&[("Post", ""), ("Post", ""), ("Echo", ""), ("", ""), ("", "")]);
        let copy = |(a, b)| {
            let (relation, overlap) = (Relation::Copy, Overlap::default());
            Verified { a, b, relation, score: 1.0, overlap, basis: Basis::Text }
        };
        let copies = [(0, 1), (0, 2), (3, 4)].map(copy);
        let speaker = |story: Ordinal| &rows[story as usize];
        assert_eq!(asked(&speaker, &copies).collect::<Vec<_>>(), [(0, 1)]);
    }

    #[test]
    fn what_lies_too_far_apart_in_time_is_not_looked_at() {
        let times = ["2026-03-01", "2026-03-08", "2026-03-09", ""];
        let rows = rows(&times.map(|time| ("", time)));
        let speaker = |story: Ordinal| &rows[story as usize];
        let families = Families::of(4, std::iter::empty());
        let met = [(0, 1), (0, 2), (0, 3), (1, 2)];
        let left = candidates(&Config::default(), &speaker, &[], &families, &met);
        assert_eq!(left, [(0, 1), (0, 3), (1, 2)]);
    }

    /// Whether a copy's id comes before or after that of what it copies says nothing about a third.
    #[test]
    fn who_had_a_text_first_speaks_for_all_that_have_it() {
        let told = |copy: &str| {
            let [first, retold] = tellings(40);
            let from = |source: &str, story: Story| Story { source: source.into(), ..story };
            let later = tellings(2)[1].time;
            let copied = Story { id: copy.into(), time: later, ..first.clone() };
            let stories = [from("Wire", first), from("Echo", copied), from("Echo", retold)];
            let report = Scanner::new(Config::default()).scan(&stories);
            let id = |story: Ordinal| &*report.stories[story as usize].id;
            let scores = report.pairs.iter().filter(|pair| [id(pair.a), id(pair.b)].contains(&"b"));
            scores.map(|pair| pair.score).collect::<Vec<_>>()
        };
        assert_eq!(told("0"), told("z"));
        assert!(!told("0").is_empty());
    }

    #[test]
    fn a_quotation_brings_two_stories_together_that_share_nothing_else_in_order() {
        let words = |step: usize| (0..400).map(|i| format!("wort{}", i * step % 400)).collect::<Vec<_>>();
        let quote = "\"we were given an hour to pack and nobody told us why the gates were locked\"";
        let told = |id: &str, step: usize, said: &str| {
            let words = words(step);
            Story::new(id, format!("{} {said} {}", words[..200].join(" "), words[200..].join(" ")))
        };
        let tied = |said: &str| {
            let stories = [told("a", 1, said), told("b", 7, said)];
            Scanner::new(Config::default()).scan(&stories).pairs.len()
        };
        assert_eq!((tied(quote), tied("")), (1, 0));
    }
}
