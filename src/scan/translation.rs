//! From stories in two scripts to the pairs that tell one report.

use super::Watch;
use super::fetch::{Texts, detail};
use super::intake::Intake;
use super::pairs::{Classes, Found};
use super::reread::{marked, reread};
use crate::config::Config;
use crate::error::Result;
use crate::evidence::{LandmarkCounts, Landmarks};
use crate::input::Corpus;
use crate::rare::{Postings, RareKeys, Shared};
use crate::relation::judge::SHORTEST;
use crate::relation::tie::{Basis, Verified};
use crate::relation::{Relation, model, translation};
use crate::shingle::ShingleSet;
use crate::similarity::Overlap;
use crate::story::Ordinal;
use crate::text::{self, Script};
use rayon::prelude::*;

/// What two stories must share to be compared: as many landmarks as a tie asks for at least.
const ENOUGH: Shared = Shared { least: 6, percent: 20 };

/// Ties stories in Latin and in Cyrillic script; a corpus in one script costs nothing.
pub(super) fn find(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    classes: &Classes,
    found: &mut Found,
    texts: &mut Texts,
    watch: Watch<'_>,
) -> Result<()> {
    let rows = &intake.rows;
    let mut wanted = vec![false; rows.len()];
    for &story in classes.comparable() {
        let row = &rows[story as usize];
        wanted[story as usize] = row.script != Script::Other && row.tokens as usize >= SHORTEST;
    }
    let holds = |script| rows.iter().zip(&wanted).any(|(row, &wanted)| wanted && row.script == script);
    if !holds(Script::Latin) || !holds(Script::Cyrillic) {
        return Ok(());
    }
    let mut landmarks = vec![Landmarks::default(); rows.len()];
    for (story, marks) in reread(config, corpus, intake, &wanted, watch, |_, story, tokens| {
        text::token_hashes(&story.body, tokens);
        Landmarks::of_story(&story)
    })? {
        landmarks[story as usize] = marks;
    }
    let (mut keys, mut counts) = (RareKeys::default(), LandmarkCounts::default());
    for (story, marks) in landmarks.iter().enumerate().filter(|(_, marks)| !marks.as_slice().is_empty()) {
        keys.push_marks(marks.as_slice().iter().copied(), story as u32);
        counts.add(marks);
    }
    let time = |story: u32| rows[story as usize].time.map(crate::time::Time::as_second);
    let scored: Vec<(u32, u32, f64)> = Postings::new(keys, (0..rows.len() as Ordinal).collect(), |_| true)
        .met(ENOUGH)
        .pairs
        .into_par_iter()
        .filter(|&(a, b)| translation::may_hold(rows[a as usize].script, rows[b as usize].script))
        .filter(|&(a, b)| config.in_window(time(a), time(b)))
        .map(|(a, b)| {
            let of = |story: u32| (&landmarks[story as usize], time(story));
            (a, b, translation::probability(of(a), of(b), &counts))
        })
        .filter(|&(.., score)| score >= model::JOINED)
        .collect();
    if scored.is_empty() {
        return Ok(());
    }
    show(config, corpus, intake, &scored, texts, watch)?;
    found.ties.extend(scored.into_iter().map(|(a, b, score)| Verified {
        a,
        b,
        relation: Relation::Rewrite,
        score,
        overlap: Overlap { shared: 0, a: texts.size(a), b: texts.size(b) },
        basis: Basis::Translation,
    }));
    found.ties.par_sort_unstable_by_key(|tie| (tie.a, tie.b));
    Ok(())
}

/// Reads what is shown of the stories that were tied; their languages are named.
fn show(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    scored: &[(u32, u32, f64)],
    texts: &mut Texts,
    watch: Watch<'_>,
) -> Result<()> {
    let is_voiced = intake.is_voiced();
    let wanted = marked(intake.rows.len(), scored.iter().flat_map(|&(a, b, _)| [a, b]));
    let read = reread(config, corpus, intake, &wanted, watch, |_, mut story, tokens| {
        text::token_hashes(&story.body, tokens);
        if story.language.is_empty() {
            let language = text::language::language(&story.body).unwrap_or_default();
            language.clone_into(&mut story.to_mut().language);
        }
        (ShingleSet::new(tokens, config.shingle()).len() as u32, Box::new(detail(story, is_voiced)))
    })?;
    for (story, (size, detail)) in read {
        texts.show(story, detail);
        texts.set_size(story, size);
    }
    Ok(())
}
