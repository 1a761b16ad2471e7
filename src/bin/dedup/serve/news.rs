//! From the kinds of news that a story can be to those that a desk is told of unasked.

use super::problem::Problem;
use dedup::index::News;

/// Kinds of news by name; the first five are told if nothing else is asked for.
const KINDS: [(&str, News); 7] = [
    ("new-information", News::NewInformation),
    ("silent-correction", News::SilentCorrection),
    ("correction", News::Correction),
    ("kill", News::Kill),
    ("copy-without-credit", News::CopyWithoutCredit),
    ("new-report", News::NewReport),
    ("known-report", News::KnownReport),
];
const USUAL: usize = 5;

/// What a desk should hear of, whether or not it asks.
pub(super) fn usual() -> impl Iterator<Item = News> {
    KINDS[..USUAL].iter().map(|(_, news)| *news)
}

pub(super) fn kind(name: &str) -> Result<News, Problem> {
    let known = KINDS.iter().find(|(known, _)| *known == name);
    known.map(|(_, news)| *news).ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        Problem::senseless(format!("expected one of {} for `news`", names.join(", ")))
    })
}

pub(super) fn spelled(news: News) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == news).map_or("", |(name, _)| name)
}
