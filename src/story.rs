//! From parsed fields to the [`Story`], the one thing that all later stages speak about.

use crate::dispatch::Dispatch;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// The position of a story in one run, from 0. It names rows of arenas and decides nothing that
/// is shown: ties are broken by id, so that the order of the input never matters.
pub type Ordinal = u32;

/// One item of news as it came in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// The user's key; unique within a run (a repeated id gets a suffix when scanned).
    pub id: String,
    /// The headline, without its version marker; empty where there is none.
    pub headline: String,
    /// The running text; furniture is taken out of it unless it is kept on request.
    pub body: String,
    /// When it was published, if that is known: a moment, or only a day.
    pub time: Option<Time>,
    /// Who published it; empty where that is not known.
    pub source: String,
    /// Its address on the web; empty where none was given. The id may be another one.
    pub url: String,
    /// BCP 47 tag as given by the input; empty where none was given.
    pub language: String,
    /// What was taken out of headline and body, and what it says.
    pub furniture: Furniture,
    /// What the wire, feed or page said beside it; `None` where it said nothing.
    pub dispatch: Option<Box<Dispatch>>,
    /// What was there and not understood, for the line at the end of a run.
    pub unread: Vec<Unread>,
}

/// Something in the input that was there and could not be taken for what it is.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Unread {
    /// A date, as printed.
    Date(String),
    /// Markup that was mended to be read: the file, or what was wrong.
    Markup(String),
    /// A field that only tells what the story is about, taken for its text as there is no other.
    Teaser(String),
    /// A file that came with a mail without a text, and that is not read: its name, or its kind.
    Attachment(String),
    /// An entry of an export beside the story that is none, such as a draft or a picture: what it is.
    Entry(String),
}

impl Story {
    /// A story of an id and a body; the other fields are public and start empty.
    pub fn new(id: impl Into<String>, body: impl Into<String>) -> Self {
        Self { id: id.into(), body: body.into(), ..Self::default() }
    }
}

/// What a wire puts around the running text: metadata for us, noise for a comparison.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Furniture {
    /// The agency of the dateline, byline or credit, by its canonical name in the agency table.
    pub agency: Option<String>,
    /// The place of the dateline, as printed.
    pub place: Option<String>,
    /// The date or time of the dateline, as printed.
    pub dateline_time: Option<String>,
    /// Names in the byline, as printed.
    pub byline: Option<String>,
    /// The version marker of headline or slug.
    pub marker: Option<Marker>,
    /// Every stretch that was taken out, in reading order.
    pub removed: Vec<Removed>,
}

/// A stretch of furniture that was taken out of a story.
#[derive(Clone, Debug, Eq, PartialEq, Deserialize, Serialize)]
pub struct Removed {
    /// What the stretch is.
    pub kind: FurnitureKind,
    /// The stretch as printed.
    pub text: String,
}

/// The kinds of furniture that rules know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FurnitureKind {
    /// Place, date and agency that open the text.
    Dateline,
    /// Who wrote it.
    Byline,
    /// The agency's key words for the story.
    Slug,
    /// `UPDATE 1-`, `CORRECTED-`, «ОБНОВЛЕНО» and their like.
    Marker,
    /// Whose picture it is.
    PhotoCredit,
    /// Reporting, writing and editing credits at the end.
    SignOff,
    /// Copyright lines.
    Copyright,
    /// `(more)`, `-2-`, `take 2 of 3`, `-30-`.
    Take,
    /// Notes to editors.
    Note,
    /// Invitations to read or follow something else.
    Promotion,
    /// What a C2PA mark says of who signed the text; not verified.
    Provenance,
}

/// What a version marker says about a story.
#[derive(Clone, Debug, Eq, PartialEq, Deserialize, Serialize)]
pub struct Marker {
    /// What kind of version this is.
    pub kind: MarkerKind,
    /// The number in the marker (`UPDATE 2-`, `3rd Ld`), if it has one.
    pub number: Option<u32>,
    /// The marker as printed.
    pub text: String,
}

/// The kinds of version markers.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MarkerKind {
    /// A flash or alert: the first words on the wire.
    Alert,
    /// A later version with more in it.
    Update,
    /// A later version that puts something right.
    Correction,
    /// The same version sent again.
    Repeat,
    /// A summary of a day's developments.
    Wrapup,
    /// An order not to use a story any more.
    Kill,
    /// A shortened version.
    Abridged,
    /// A label for a form of story (exclusive, factbox, brief) that says nothing of versions.
    Label,
}

/// Two tellings of one report, with the hour at which the second came.
#[cfg(test)]
pub(crate) fn tellings(hour: i64) -> [Story; 2] {
    let quote = "\"We were given an hour to collect our tools and nobody told us why the gates were locked\"";
    let at = |hour: i64| jiff::Timestamp::from_second(1_772_000_000 + hour * 3_600).ok().map(Into::into);
    let of = |id: &str, hour, body: String| Story {
        time: at(hour),
        headline: "Depot in Halbury closed".into(),
        ..Story::new(id, body)
    };
    let first = format!(
        "A court closed the Halbury tram depot on Sunday and sent 312 workers home without pay. {quote}, said \
         Maren Oldhoff of the drivers' union. The operator Ringbahn Nord owes the city 41 million crowns in rent."
    );
    let second = format!(
        "Some 312 employees of the Halbury depot lost their wages after judges shut the tram yard. {quote}, Maren \
         Oldhoff complained. Ringbahn Nord has not paid 41 million crowns that it owes to the city as rent."
    );
    [of("a", 0, first), of("b", hour, second)]
}
