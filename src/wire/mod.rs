//! From a story as a wire sent it to running text, with the furniture as metadata.
//!
//! A wire puts a dateline, a byline, a slug, version markers, credits, sign-offs, marks of parts,
//! notes and invitations around its text; a reprint changes these and keeps the text. Here they
//! are recognised, taken out and kept.
//!
//! Properties:
//! * All lists and patterns are data, one rule a line, in `src/wire/rules/`.
//! * Precision before recall: a rule must match a line as a whole, the opening of one of the
//!   first lines, or the end of the last paragraph. Running text is never searched.
//! * Nothing fails, nothing is printed; a body without furniture is not touched.
//! * A second run changes nothing more.
//! * Cost: one pass over the line ends, and a few hundred nanoseconds for the edges.

mod again;
mod agencies;
mod attribution;
mod body;
mod credits;
mod dates;
mod headline;
mod keyword;
mod leads;
mod ledger;
mod line;
mod lookup;
mod names;
mod own;
mod parts;
mod pattern;
mod points;
#[cfg(test)]
mod proptests;
mod provenance;
mod publishers;
mod rows;
mod rules;
mod scan;

pub(crate) use again::Hits;
pub use agencies::{agencies_of_byline, agency};
pub use attribution::{Attribution, Outlets, attributions};
pub(crate) use credits::credits_and_names;
pub use credits::{Credit, credits};
pub use keyword::keyword;
#[cfg(feature = "pages")]
pub(crate) use provenance::of_script;
pub use publishers::Publishers;

use crate::story::{FurnitureKind, Marker, MarkerKind, Removed, Story};
use crate::time::Time;
use ledger::Ledger;
use parts::Parts;
use std::borrow::Cow;

/// Takes the furniture out of `story`: shortens headline and body, fills `story.furniture`.
///
/// The agency is that of the dateline, else of the byline, else of the credit at the end; of two
/// datelines the outer one counts. What `story.furniture` holds already stays. The body is not
/// reallocated where nothing is found.
pub fn strip(story: &mut Story) {
    let mut ledger = Ledger::default();
    let mut parts = Parts::taken_from(story);
    parts.strip(&mut ledger);
    parts.put_back(story);
    settle(story, ledger);
}

/// Puts down what was taken out of a story.
fn settle(story: &mut Story, ledger: Ledger) {
    ledger.settle(&mut story.furniture);
    if is_kill(story) {
        restore_notes(story);
    }
}

fn is_kill(story: &Story) -> bool {
    story.furniture.marker.as_ref().is_some_and(|marker| marker.kind == MarkerKind::Kill)
}

/// What words in brackets that go with a headline say of its version: `2nd lead`.
pub(crate) fn version(said: &str) -> Option<Marker> {
    headline::marker(said)
}

/// Takes last sentences off a text that invite to read on.
#[cfg(feature = "feeds")]
pub(crate) fn drop_invitations(body: &mut String) {
    body::drop_invitations(body);
}

/// Whether a dateline with the name of an agency opens `line`, as it does the first one of a text.
pub(crate) fn opens_report(line: &str) -> bool {
    let (mut rest, mut is_placed) = (line, false);
    // Place and day may be one, and the agency behind them another.
    while let Some((rule, found)) = rules::SETS.open.prefix(rest)
        && rule.kind == FurnitureKind::Dateline
        && found.end > 0
    {
        is_placed |= found.place.is_some() || found.time.is_some();
        if is_placed && found.agency.is_some() {
            return true;
        }
        rest = rest[found.end..].trim_start();
    }
    false
}

/// Takes a headline off the text that it stands above once more, word for word and on a line of its
/// own.
pub(crate) fn drop_headline(body: &mut String, headline: &str) {
    let text = body.trim_start();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let is_headline = || first.split_whitespace().eq(headline.split_whitespace());
    if !first.is_empty() && is_headline() && !rest.trim().is_empty() {
        body.drain(..body.len() - rest.trim_start().len());
    }
}

/// A kill is nothing but a note to editors: here it is the news, and names the story.
fn restore_notes(story: &mut Story) {
    let is_note = |removed: &Removed| removed.kind == FurnitureKind::Note;
    let (notes, rest): (Vec<_>, Vec<_>) = story.furniture.removed.drain(..).partition(is_note);
    story.furniture.removed = rest;
    let texts = notes.into_iter().map(|note| note.text).chain([std::mem::take(&mut story.body)]);
    story.body = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
}

/// Whether a time is one at which clocks, spreadsheets and databases stand while nobody has set them,
/// and not one of publication: the first midnight, in any time zone, of the years 1, 1601, 1900,
/// 1904 and 1970, the second before 1970, the first and last of 32 bits, and all from 2099 on.
fn is_unset(time: Time) -> bool {
    /// Those moments in UTC, in seconds since 1970. What fails to tell the time returns -1.
    const UNSET: [i64; 8] = [
        -62_135_596_800,
        -11_644_473_600,
        -2_208_988_800,
        -2_082_844_800,
        0,
        -1,
        -2_147_483_648,
        2_147_483_647,
    ];
    const FROM_2099: i64 = 4_070_908_800;
    /// Seconds: zones lie so far from UTC at most, and such steps apart.
    const FURTHEST: i64 = 14 * 3_600;
    const STEP: i64 = 900;
    let time = time.as_second();
    let stands = |from: &i64| (time - from).abs() <= FURTHEST && (time - from) % STEP == 0;
    time >= FROM_2099 - FURTHEST || UNSET.iter().any(stands)
}

/// Makes `story` ready for comparing: takes its furniture out, unless that is to be kept, frees
/// the headline of entities, lets it stand in where there is no body, and drops a time that nobody
/// has set.
pub fn prepare(story: &mut Story, keep_furniture: bool) {
    prepare_again(story, keep_furniture, Hits::default());
}

/// The same with what was known when the same story was made ready before; gives it anew.
fn prepare_again(story: &mut Story, keep_furniture: bool, hits: Hits) -> Hits {
    let mut parts = Parts::taken_from(story);
    let ledger = parts.prepare(keep_furniture, hits);
    parts.put_back(story);
    finish(story, ledger, keep_furniture)
}

/// Makes ready what is left of a story, and gives what is known of it.
fn finish(story: &mut Story, ledger: Ledger, keep_furniture: bool) -> Hits {
    let hits = ledger.questions.hits();
    if !keep_furniture {
        settle(story, ledger);
    }
    if story.body.trim().is_empty() {
        story.body.clone_from(&story.headline);
    }
    story.time = story.time.filter(|time| !is_unset(*time));
    hits
}

/// `story` made ready by [`prepare`], copied only if that changes it.
pub fn prepared(story: Cow<'_, Story>, keep_furniture: bool) -> Cow<'_, Story> {
    prepared_again(story, keep_furniture, Hits::default()).0
}

/// The same with what was known when the same story was made ready before; gives it anew.
pub(crate) fn prepared_again(
    story: Cow<'_, Story>,
    keep_furniture: bool,
    hits: Hits,
) -> (Cow<'_, Story>, Hits) {
    let is_whole = !story.body.trim_start().is_empty() && !story.time.is_some_and(is_unset);
    if keep_furniture && is_whole {
        return (story, hits);
    }
    let sent = match story {
        Cow::Borrowed(sent) => sent,
        Cow::Owned(mut story) => {
            let hits = prepare_again(&mut story, keep_furniture, hits);
            return (Cow::Owned(story), hits);
        }
    };
    let mut parts = Parts::of(sent);
    let ledger = parts.prepare(keep_furniture, hits);
    // Whatever is noted was cut out.
    if is_whole && parts.are_as_sent() && !is_kill(sent) {
        return (Cow::Borrowed(sent), ledger.questions.hits());
    }
    let mut story = parts.of_story(sent);
    let hits = finish(&mut story, ledger, keep_furniture);
    (Cow::Owned(story), hits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_the_same_without_what_nobody_sees() {
        let read = |source: &str| {
            let mut story = Story { source: source.to_owned(), ..Story::new("x", "y") };
            strip(&mut story);
            story.source
        };
        assert_eq!(read("A\u{ad}F\u{34f}P\u{fe0f}\u{e0041}"), "AFP");
        assert_eq!(read("خبر\u{200c}گزاری"), "خبر\u{200c}گزاری");
    }

    #[test]
    fn a_headline_above_the_text_once_more_is_no_text() {
        let body = |body: &str| {
            let mut body = body.to_owned();
            drop_headline(&mut body, "Ferry stops");
            body
        };
        assert_eq!(body("\nFerry  stops\r\n\nIt does."), "It does.");
        for kept in
            ["Ferry stops", "Ferry stops. It does.", "Ferry stops.\nIt does.", "FERRY STOPS\nIt does."]
        {
            assert_eq!(body(kept), kept);
        }
    }

    #[test]
    fn a_time_that_nobody_has_set_is_none() {
        let unset = |time: &str| is_unset(time.parse().unwrap());
        for time in [
            "0001-01-01T00:00:00Z",
            "1900-01-01T00:00:00+02:00",
            "1970-01-01T00:00:00Z",
            "1969-12-31T19:00:00Z",
            "1970-01-01T00:00:00+05:45",
            "1969-12-31T23:59:59Z",
            "1969-12-31T18:59:59-05:00",
            "1901-12-13T20:45:52Z",
            "2038-01-19T03:14:07Z",
            "2099-12-31T23:59:59Z",
            "9999-12-30T22:00:00Z",
        ] {
            assert!(unset(time), "{time}");
        }
        for time in [
            "1899-12-25T00:00:00Z",
            "1970-01-01T00:00:05Z",
            "1970-01-03T00:00:00Z",
            "2026-03-01T09:00:00Z",
            "2038-01-19T12:00:00Z",
        ] {
            assert!(!unset(time), "{time}");
        }
        let story = |keep| {
            let story = Story { time: "1970-01-01T00:00:00Z".parse().ok(), ..Story::new("a", "Text.") };
            prepared(Cow::Owned(story), keep).time
        };
        assert_eq!((story(true), story(false)), (None, None));
    }

    #[test]
    fn the_note_of_a_kill_is_its_news_and_that_of_another_story_is_none() {
        let note = "Editors: please kill the story headlined 'Mayor resigns'.";
        let body = |headline: &str| {
            let rest = "The mayor is in office, and her office has denied the report.";
            let mut story = Story::new("a", format!("{note}\n\n{rest}"));
            story.headline = headline.into();
            strip(&mut story);
            (story.body.contains("headlined"), story.body.contains(rest))
        };
        assert_eq!(body("KILL: Mayor resigns"), (true, true));
        assert_eq!(body("Mayor resigns"), (false, true));
    }
}
