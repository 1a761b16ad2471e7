//! From a kill, a correction or an alert to the story it speaks of.
//!
//! A notice shares no passages with its story: a kill quotes the headline, an alert says in eight
//! words what the lead will say. So these are told by what names the story, not by evidence of
//! common text.

use super::Relation;
use super::judge::SHORTEST;
use crate::evidence::Profile;
use crate::story::MarkerKind;

/// Tokens of the shortest headline that names one story and no other.
const TELLING: usize = 4;
/// Share of a headline that a notice must quote in one run, in hundredths: editors trim.
const QUOTED: usize = 80;
/// Share of an alert's weight that headline and lead of its story must hold.
const FORETOLD: f32 = 0.8;
/// Seconds between an alert and its story, at most.
const FOLLOWS: i64 = 24 * 3_600;
/// The probability that a notice that names a story means it. Set by hand.
const MEANT: f64 = 0.95;

/// Whether a story speaks of another by its very form.
pub fn is_notice(marker: MarkerKind, tokens: usize) -> bool {
    match marker {
        MarkerKind::Kill | MarkerKind::Correction => true,
        MarkerKind::Alert => tokens < SHORTEST,
        _ => false,
    }
}

/// The relation of `a` and `b`, and its probability, if one of them is a notice that names the
/// other.
pub fn named(a: &Profile, b: &Profile) -> Option<(Relation, f64)> {
    [(a, b), (b, a)].into_iter().find_map(|(notice, story)| {
        let kind = notice.marker()?.kind;
        if !is_notice(kind, notice.len()) || story.marker().is_some_and(|marker| marker.kind == kind) {
            return None;
        }
        match kind {
            MarkerKind::Alert => foretells(notice, story).map(|share| (Relation::Update, f64::from(share))),
            _ => quotes_headline(notice, story).then_some((Relation::Correction, MEANT)),
        }
    })
}

fn quotes_headline(notice: &Profile, story: &Profile) -> bool {
    let (headline, words) = (story.headline(), notice.words());
    // A kill may carry the headline of its story as its own.
    let takes_back = notice.marker().is_some_and(|marker| marker.kind == MarkerKind::Kill);
    let own = if takes_back { notice.headline() } else { &[] };
    let in_time = match (story.time(), notice.time()) {
        (Some(before), Some(after)) => before <= after,
        _ => true,
    };
    let least = headline.len() * QUOTED / 100;
    headline.len() >= TELLING
        && in_time
        && headline
            .windows(least.max(TELLING))
            .any(|run| words.windows(run.len()).chain(own.windows(run.len())).any(|part| part == run))
}

/// The share of an alert's weight that the story's headline and lead hold, if it is the story
/// that followed.
fn foretells(alert: &Profile, story: &Profile) -> Option<f32> {
    let gap = story.time()? - alert.time()?;
    let share = alert.news_found_in(story);
    let follows = (0..=FOLLOWS).contains(&gap) && alert.same_source(story);
    (follows && story.len() >= SHORTEST && share >= FORETOLD && alert.numbers_found_in(story))
        .then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Frequencies;
    use crate::story::{Marker, Story};

    fn profile(headline: &str, body: &str, minute: i64, marker: Option<MarkerKind>) -> Profile {
        let mut story = Story::new("x", body);
        story.headline = headline.to_owned();
        story.source = "AFP".to_owned();
        story.time = jiff::Timestamp::from_second(minute * 60).ok().map(Into::into);
        story.furniture.marker = marker.map(|kind| Marker { kind, number: None, text: String::new() });
        Profile::new(&story, &Frequencies::default().weights())
    }

    const BODY: &str = "Nordic ministers on Tuesday picked Helsinki as the home of a new climate bank that \
        is to lend 12 billion euros by 2030, ending a contest between three capitals.";

    #[test]
    fn a_kill_names_its_story_by_headline() {
        let story = profile("Ministers pick Helsinki for bank", BODY, 0, None);
        let text = "Please kill the story headlined “Ministers pick Helsinki for bank”. Do not use it.";
        let kill = profile("", text, 60, Some(MarkerKind::Kill));
        assert_eq!(named(&kill, &story), Some((Relation::Correction, MEANT)));
        assert_eq!(named(&story, &kill), named(&kill, &story));
        let by_headline =
            profile("Ministers pick Helsinki for bank", "Do not use it.", 60, Some(MarkerKind::Kill));
        assert_eq!(named(&by_headline, &story), Some((Relation::Correction, MEANT)));
        let other = profile("Ministers pick Oslo for bank", BODY, 0, None);
        assert_eq!(named(&kill, &other), None);
        assert_eq!(named(&kill, &profile("Ministers pick Helsinki for bank", BODY, 90, None)), None);
    }

    #[test]
    fn an_alert_foretells_its_story() {
        let story = profile("Helsinki is seat of new climate bank", BODY, 29, None);
        let alert = |text, minute| profile("", text, minute, Some(MarkerKind::Alert));
        let says = "Nordic ministers pick Helsinki for new climate bank";
        assert_eq!(named(&alert(says, 0), &story).map(|(relation, _)| relation), Some(Relation::Update));
        assert_eq!(named(&alert(says, 40), &story), None, "the story came first");
        let is_told = |minute| named(&alert(says, minute), &story).is_some();
        assert_eq!([29, 29 - 24 * 60, 28 - 24 * 60].map(is_told), [true, true, false]);
        assert_eq!(named(&alert("Nordic ministers pick Helsinki for 14 new banks", 0), &story), None);
        assert_eq!(named(&alert("Quake shakes Tonga capital", 0), &story), None);
    }
}
