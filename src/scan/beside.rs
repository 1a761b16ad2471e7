//! From two stories to a report of just the two, with their texts: what a page shows side by side.

use super::fetch::detail;
use super::noisy;
use super::printed::text_of;
use crate::config::Config;
use crate::explain::Explanation;
use crate::report::{Detail, Pair, Report, StoryInfo};
use crate::story::Story;
use crate::text;
use crate::wire;

/// Lays an explained pair down as a report of two stories, `a` before `b` whatever their ids,
/// without a cluster. Cost: one pass over both.
pub fn side_by_side(config: &Config, (a, b): (&Story, &Story), found: &Explanation) -> Report {
    let pair = found.relation.map(|relation| Pair {
        a: 0,
        b: 1,
        relation,
        score: found.score,
        overlap: found.overlap,
        direction: found.direction.0,
        reason: found.direction.1.clone(),
        cut: false,
        coverage: Some((found.coverage_a as f32, found.coverage_b as f32)),
        signals: Some(Box::new(found.signals)),
    });
    two(config, (a, b), pair)
}

/// The same for a pair that a run has judged, or that nothing ties.
pub fn two(config: &Config, (a, b): (&Story, &Story), pair: Option<Pair>) -> Report {
    let pair = pair.map(|pair| Pair { a: 0, b: 1, ..pair });
    Report {
        stories: vec![shown(config, a), shown(config, b)],
        pairs: pair.into_iter().collect(),
        model: *config.model(),
        ..Report::default()
    }
}

fn shown(config: &Config, story: &Story) -> StoryInfo {
    let (_, printed) = text_of(config, story.clone());
    let mut prepared = story.clone();
    wire::prepare(&mut prepared, config.keep_furniture());
    let mut tokens = Vec::new();
    text::token_hashes(&prepared.body, &mut tokens);
    let noise = noisy::share_of(config, &prepared.body);
    let mut detail = Detail { noise, ..detail(std::borrow::Cow::Owned(prepared), true) };
    detail.printed = Some(Box::new(printed));
    StoryInfo {
        id: story.id.clone(),
        source: story.source.clone(),
        url: story.url.clone(),
        time: story.time,
        tokens: tokens.len() as u32,
        dispatch: story.dispatch.clone(),
        detail: Some(Box::new(detail)),
    }
}
