//! From a part of a page to whether it asks for consent to cookies, by what it says.

use super::parts::{LEAD, PARAGRAPHS, WITHIN};
use super::select::each_text;
use dom_query::{Document, Selection};

/// Words for cookies.
pub(super) const COOKIES: [&str; 5] = ["cookie", "куки", "çerez", "kakor", "ciasteczk"];
/// How a box speaks of the reader's consent.
const ASKS: [&str; 36] = [
    "your consent",
    "you consent",
    "you agree",
    "you accept",
    "your choices",
    "accept all",
    "privacy settings",
    "manage preferences",
    "we and our partners",
    "we value your privacy",
    "alle akzeptieren",
    "ihre einwilligung",
    "ihrer einwilligung",
    "willigen sie",
    "stimmen sie",
    "stimmst du",
    "votre accord",
    "votre consentement",
    "vous acceptez",
    "tout accepter",
    "su consentimiento",
    "tu consentimiento",
    "aceptar todas",
    "acepta su uso",
    "il tuo consenso",
    "il consenso",
    "seu consentimento",
    "aceitar todos",
    "вы соглашаетесь",
    "ваше согласие",
    "ви погоджуєтес",
    "wyrażasz zgodę",
    "twojej zgody",
    "udělujete souhlas",
    "kabul et",
    "uw toestemming",
];

/// Bytes of a box of consent at most.
const LONGEST_BOX: usize = 2_000;

/// Whether a part asks for consent to cookies, whatever its class: it names them, and speaks of the
/// reader's consent.
pub(super) fn asks_consent(part: &Selection<'_>) -> bool {
    let (mut text, mut length) = (String::new(), 0);
    each_text(part, |piece| {
        length += piece.len();
        text.push_str(piece);
        length <= LONGEST_BOX
    });
    if length > LONGEST_BOX || text.len() < 20 {
        return false;
    }
    // Within a story it may be the story that speaks of them.
    speaks_of_consent(&text, 1 + usize::from(WITHIN.is(part)))
}

/// Whether a page has a paragraph of prose outside a box that asks for consent: of a short story such a
/// box is most of the page.
pub(super) fn prose_beside(part: &Selection<'_>, document: &Document) -> bool {
    let long = |paragraphs: &Selection<'_>| {
        let is_long = |paragraph: &Selection<'_>| {
            let text = paragraph.text();
            text.split_whitespace().nth(LEAD - 1).is_some() && !speaks_of_consent(&text, 1)
        };
        paragraphs.iter().filter(is_long).count()
    };
    long(&PARAGRAPHS.of(document)) > long(&PARAGRAPHS.below(part))
}

/// Whether all of the running text that a page gives asks for consent to cookies.
pub(super) fn is_consent(text: &str) -> bool {
    text.len() <= LONGEST_BOX && speaks_of_consent(text, 2)
}

/// Whether a text names cookies, and speaks of the reader's consent in so many ways.
fn speaks_of_consent(text: &str, ways: usize) -> bool {
    let text = text.to_lowercase();
    COOKIES.iter().any(|word| text.contains(word))
        && ASKS.iter().filter(|words| text.contains(**words)).nth(ways - 1).is_some()
}
