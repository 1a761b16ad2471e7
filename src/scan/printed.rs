//! From the tied stories of a report to their texts, with the places where furniture stood.

use super::Watch;
use super::intake::Intake;
use super::reread::{marked, reread_as_sent};
use crate::config::Config;
use crate::error::Result;
use crate::input::Corpus;
use crate::report::{Printed, Report};
use crate::story::{Removed, Story};
use crate::text;
use crate::wire;
use std::borrow::Cow;

/// Reads the stories of all clusters and of the pairs shown beside them once more, and keeps
/// their texts in `report`; if that is too much, it keeps none and a warning says so.
pub(super) fn keep_texts(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    report: &mut Report,
    watch: Watch<'_>,
) -> Result<()> {
    let members = report.clusters.iter().flat_map(|cluster| cluster.members.iter().copied());
    let apart = report.apart().into_iter().flat_map(|pair| [pair.a, pair.b]);
    let wanted = marked(intake.rows.len(), members.chain(apart));
    let rows = intake.rows.iter().zip(&wanted).filter(|(_, wanted)| **wanted);
    let tokens: u64 = rows.map(|(row, _)| u64::from(row.tokens)).sum();
    if tokens > Printed::MOST {
        report.warnings.push(format!(
            "the texts of stories in clusters are left out: {tokens} words, and {} at most are kept",
            Printed::MOST
        ));
        return Ok(());
    }
    let texts = reread_as_sent(corpus, intake, &wanted, watch, |_, story, tokens| {
        let text = text_of(config, story.into_owned());
        text::token_hashes(&text.0, tokens);
        Box::new(text.1)
    })?;
    for (story, printed) in texts {
        if let Some(detail) = &mut report.stories[story as usize].detail {
            detail.printed = Some(printed);
        }
    }
    Ok(())
}

/// The body by which a story is recognised, and what is shown of it.
pub(crate) fn text_of(config: &Config, mut story: Story) -> (String, Printed) {
    let sent = story.body.clone();
    wire::prepare(&mut story, config.keep_furniture());
    let placed = placed(&sent, &story.body, story.furniture.removed);
    let mut furniture: Vec<_> = placed.into_iter().map(|(_, at, stretch)| (at, stretch)).collect();
    let body = match text::repair(&story.body) {
        Cow::Borrowed(_) => story.body.clone(),
        Cow::Owned(repaired) => {
            // Places have moved; which end of the text a stretch is nearer to still holds.
            let middle = story.body.len() / 2;
            furniture.iter_mut().for_each(|(at, _)| *at = if *at > middle { repaired.len() } else { 0 });
            repaired
        }
    };
    let language = if story.language.is_empty() {
        text::language::language(&body).unwrap_or_default().to_owned()
    } else {
        story.language
    };
    (story.body, Printed { headline: story.headline, language, body, furniture })
}

/// Where in `sent`, and where in `kept`, each stretch that was taken out of `sent` stood. A stretch that is not found
/// in `sent`, such as a marker of the headline, is left out.
pub(super) fn placed(sent: &str, kept: &str, removed: Vec<Removed>) -> Vec<(usize, usize, Removed)> {
    let (mut from, mut at) = (0, 0);
    let mut placed = Vec::with_capacity(removed.len());
    for stretch in removed {
        // Of several places, the one before which all text was kept.
        let found = sent[from..].match_indices(&stretch.text).find_map(|(start, _)| {
            let before = sent[from..from + start].trim();
            let rest = kept[at..].trim_start();
            let gap = kept.len() - at - rest.len();
            rest.starts_with(before)
                .then_some((from + start, at + if before.is_empty() { 0 } else { gap + before.len() }))
        });
        if let Some((start, place)) = found {
            (from, at) = (start + stretch.text.len(), place);
            placed.push((start, at, stretch));
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(sent: &str) -> String {
        let (_, text) = text_of(&Config::default(), Story::new("x", sent));
        let mut out = String::new();
        let mut from = 0;
        for (at, removed) in &text.furniture {
            out.push_str(&text.body[from..*at]);
            out.extend(["[", &removed.text, "]"]);
            from = *at;
        }
        out.push_str(&text.body[from..]);
        out
    }

    #[test]
    fn furniture_stands_where_it_stood() {
        assert_eq!(
            shown(
                "SYDNEY, June 14 AAP - A ferry with AAP on its side ran aground on Sunday.\n\nNo one was hurt.\n\n© AAP 2023"
            ),
            "[SYDNEY, June 14 AAP -]A ferry with AAP on its side ran aground on Sunday.\n\nNo one was hurt.[© AAP 2023]"
        );
    }

    #[test]
    fn text_without_furniture_is_all_kept() {
        assert_eq!(shown("A ferry ran aground. No one was hurt."), "A ferry ran aground. No one was hurt.");
    }

    proptest! {
        #[test]
        fn places_lie_in_the_text(
            sent in "((SYDNEY, June 14 AAP - |By |© AAP 2023|AAP|Корр. |[a-zé中 ,.&<>-]{0,30}|\n){1,3}\n?){0,8}",
        ) {
            let (_, text) = text_of(&Config::default(), Story::new("x", sent));
            let places: Vec<usize> = text.furniture.iter().map(|(at, _)| *at).collect();
            prop_assert!(places.is_sorted());
            for at in places { prop_assert!(text.body.is_char_boundary(at)); }
        }
    }
}
