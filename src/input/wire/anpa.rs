//! From ANPA 1312 (North America) to a story.
//!
//! Between SOH and STX: service letter and number, priority, category, key words, date, words.
//! Then lines `^…<` with slug, headline, notes and byline, paragraphs that begin with a tab, and
//! after ETX a line such as `AP-WF-02-20-16 1626GMT`.

use super::super::time;
use super::telegraph::{Telegram, unwrapped};
use super::tree::squeezed;
use crate::dispatch::Dispatch;
use crate::story::Story;
use crate::wire;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*([A-Za-z]\d{3,4})").expect("a sound pattern"));
/// Priority and category, then the key words.
static PRIORITY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^([fubrdashx]) ([a-z]{1,2})[\s\x11-\x14]").expect("a sound pattern"));
/// `AP-WF-02-20-16 1626GMT`, `AP-NY-05-06-24 1026EDT`.
static SENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"([A-Z]+)-\w+-(\d{2})-(\d{2})-(\d{2}) (\d{2})(\d{2}) ?([A-Z]{3,4})\b")
        .expect("a sound pattern")
});
/// `BC-BKN--Heat-Hawks, 1st Ld-Writethru,416`.
static SLUG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[A-Z]{2}-\S.*|.+,\s?\d{1,5})$").expect("a sound pattern"));
static TAKE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\btake (\d{1,2})(?: of (\d{1,2}))?").expect("a sound pattern"));

/// The story of a telegram.
pub(super) fn story(telegram: &Telegram<'_>) -> Story {
    let (mut story, mut dispatch) = (Story::default(), Dispatch::default());
    if let Some(sent) = SENT.captures(telegram.end) {
        sent[1].clone_into(&mut story.source);
        dispatch.provider = Some(sent[1].to_owned());
        story.time = time::parse(&format!(
            "20{}-{}-{} {}:{} {}",
            &sent[4], &sent[2], &sent[3], &sent[5], &sent[6], &sent[7]
        ));
    }
    // Numbers begin again each day.
    if let (Some(number), Some(day)) = (NUMBER.captures(telegram.header), story.time) {
        story.id = format!("{}@{}", &number[1], &day.to_string()[..10]);
    }
    dispatch.urgency = PRIORITY.captures(telegram.header).and_then(|priority| urgency(&priority[1]));
    let (heads, text) = parted(telegram.text);
    let mut paragraphs = Vec::new();
    for line in heads {
        let line = plain(line.trim_end_matches(['<', '=', ' ']));
        if !of_line(line.trim(), &mut story, &mut dispatch) {
            paragraphs.push(typographic(line.trim()));
        }
    }
    let text: Vec<Cow<'_, str>> = text.iter().map(|line| plain(line.trim_end_matches(['<', '\r']))).collect();
    paragraphs.extend(unwrapped(text.iter().map(AsRef::as_ref)).iter().map(|line| typographic(line)));
    story.body = paragraphs.join("\n\n");
    story.dispatch = dispatch.boxed();
    story
}

/// A line without the control characters of a typesetter.
fn plain(line: &str) -> Cow<'_, str> {
    // Byte by byte, which the compiler turns into vectors; 0xc2 may begin a control of two bytes.
    let may_be_odd = |byte: u8| matches!(byte, 0..=0x08 | 0x0a..=0x1f | 0x7f | 0xc2);
    let maybe = line.bytes().fold(false, |odd, byte| odd | may_be_odd(byte));
    if !maybe || !line.contains(|c: char| c.is_control() && c != '\t') {
        return Cow::Borrowed(line);
    }
    let shown = |c: char| match c {
        '\x1c'..='\x1f' => Some(' '),
        '\t' => Some('\t'),
        c if c.is_control() => None,
        c => Some(c),
    };
    Cow::Owned(line.chars().filter_map(shown).collect())
}

/// The lines between `^` and `<`, each without its `^`, and all others. A long one is wrapped.
fn parted(text: &str) -> (Vec<String>, Vec<&str>) {
    /// Lines over which one may go.
    const WRAPPED: usize = 3;
    let (mut heads, mut rest, mut open) = (Vec::<String>::new(), Vec::new(), 0);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let bare = line.trim();
        if bare.eq_ignore_ascii_case("^END<") {
            continue;
        }
        // A head is closed, here or on a line that goes on with it; what is not is text, and so is
        // what stands between paragraphs.
        let closes = bare.ends_with(['<', '=']);
        let is_wrapped = lines.peek().is_some_and(|next| {
            !next.trim().is_empty()
                && !next.starts_with(['\t', ' ', '^'])
                && next.trim().ends_with(['<', '='])
        });
        let in_text = || rest.iter().any(|line: &&str| !line.trim().is_empty());
        if bare.starts_with('^')
            && !is_note(&bare[1..])
            && ((!closes && !is_wrapped && !heads.is_empty()) || (closes && in_text()))
        {
            // A blank line before it makes it a paragraph.
            rest.push("");
            rest.push(line.trim_start().trim_start_matches('^').trim_end().trim_end_matches(['<', '=']));
            rest.push("");
            continue;
        }
        let goes_on = open > 0 && !bare.is_empty() && !line.starts_with(['\t', ' ', '^']);
        match (bare.strip_prefix('^'), heads.last_mut()) {
            (Some(head), _) => heads.push(head.to_owned()),
            (None, Some(head)) if goes_on => {
                head.push(' ');
                head.push_str(bare);
            }
            _ => rest.push(line),
        }
        open = match () {
            () if bare.ends_with(['<', '=']) => 0,
            () if bare.starts_with('^') => WRAPPED - 1,
            () if goes_on => open - 1,
            () => 0,
        };
    }
    (heads, rest)
}

/// Whether a line speaks to editors.
fn is_note(line: &str) -> bool {
    ["Eds:", "EDS:", "AP Photo", "With AP", "Also moving", "Note "].iter().any(|at| line.starts_with(at))
}

/// Takes one line between `^` and `<`; `false` for one that is text: a heading above a part of it.
fn of_line(line: &str, story: &mut Story, dispatch: &mut Dispatch) -> bool {
    if line.is_empty() {
    } else if is_note(line) {
        dispatch.notes.push(line.to_owned());
    } else if let Some(name) = line.strip_prefix("By ") {
        story.furniture.byline = Some(name.to_owned());
    } else if dispatch.slugline.is_none() && SLUG.is_match(line) {
        dispatch.slugline = Some(line.to_owned());
        dispatch.take = TAKE.captures(line).and_then(|found| {
            let total = found.get(2).and_then(|total| total.as_str().parse().ok()).unwrap_or(0);
            Some(crate::dispatch::Take { part: found[1].parse().ok()?, total })
        });
        // The slug is the only line that says which version this is.
        let mut slug = Story { headline: line.to_owned(), ..Story::default() };
        wire::strip(&mut slug);
        story.furniture.marker = slug.furniture.marker;
    } else if story.headline.is_empty() && story.furniture.byline.is_none() {
        story.headline = typographic(&squeezed(line));
    } else {
        // Behind the names comes what they are: "AP Sports Writer".
        return is_role(line);
    }
    true
}

/// Whether a line says what somebody is, and for whom.
fn is_role(line: &str) -> bool {
    let mut alone = Story::new("", format!("By Ada Berg, {line}"));
    wire::strip(&mut alone);
    alone.body.is_empty() && line.chars().any(char::is_lowercase)
}

/// Priority letters on the scale of 1 to 9 of the other formats.
fn urgency(letter: &str) -> Option<u8> {
    Some(match letter {
        "f" => 1,
        "b" => 2,
        "u" => 3,
        "r" => 4,
        "d" => 5,
        "a" | "s" | "h" | "x" => 6,
        _ => return None,
    })
}

/// What seven bits could not print: dashes and quotes.
fn typographic(line: &str) -> String {
    let mut line = Cow::Borrowed(line);
    for (typed, printed) in [(" _ ", " — "), ("``", "“"), ("''", "”")] {
        if memchr::memmem::find(line.as_bytes(), typed.as_bytes()).is_some() {
            line = Cow::Owned(line.replace(typed, printed));
        }
    }
    line.into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::telegraph::stories;
    use std::path::Path;

    #[test]
    fn a_headline_may_be_wrapped() {
        let text = "^BC-Quake,90<\n^A quake of magnitude 5.1 shakes the island of\nHolm and cracks a chimney<\n\tHOLM (AP) _ It\nshook.\n";
        let (heads, rest) = super::parted(text);
        assert_eq!(heads[1], "A quake of magnitude 5.1 shakes the island of Holm and cracks a chimney<");
        assert_eq!(rest, ["\tHOLM (AP) _ It", "shook."]);
        assert_eq!(super::parted("^Head\n\tOne\ntwo").1, ["\tOne", "two"]);
    }

    #[test]
    fn a_heading_in_the_text_stays_where_it_is() {
        let sent = "\x01a0452\r\nu s \x13 BC-Ferry 02-20 0016\r\n\x02^BC-Ferry,16<\r\n^Ferry stops<\r\n\
            ^By ANNA BERG=\r\n\tHOLM (AP) _ It stops.\r\n^From the mayor:<\r\n\tIt was late.\r\n^Eds: No more.<\r\n\x03\r\n";
        let story = stories(sent, Path::new("x")).remove(0).unwrap_or_else(|error| panic!("{error}")).story;
        assert_eq!(story.headline, "Ferry stops");
        assert_eq!(story.body, "HOLM (AP) — It stops.\n\nFrom the mayor:\n\nIt was late.");
        assert_eq!(story.dispatch.unwrap().notes, ["Eds: No more."]);
    }

    #[test]
    fn every_part_is_read() {
        let sent = "\x16\x16\x01a0452\x1f-----\r\nu s \x13 \x12 BC-BKN--Landvik-Holm, 1st Ld-Writethru 02-20 0416\r\n\
            \x02\r\n^BC-BKN--Landvik-Holm, 1st Ld-Writethru,416<\r\n^Landvik beat Holm 91-88<\r\n\
            ^Eds: Updates. With AP Photos.<\r\n^By ANNA BERG=\r\n^AP Sports Writer=\r\n\
            \tLANDVIK (AP) _ Landvik beat Holm\r\n91-88 on Friday, ``a night to keep,'' the coach said.\r\n\tIt was late.\r\n\x03\r\n\
            AP-WF-02-20-16 1626GMT\r\n";
        let story = stories(sent, Path::new("x")).remove(0).unwrap_or_else(|error| panic!("{error}")).story;
        assert_eq!(story.id, "a0452@2016-02-20");
        assert_eq!(story.headline, "Landvik beat Holm 91-88");
        assert_eq!(
            story.body,
            "LANDVIK (AP) — Landvik beat Holm 91-88 on Friday, “a night to keep,” the coach said.\n\nIt was late."
        );
        assert_eq!(story.furniture.byline.as_deref(), Some("ANNA BERG"));
        assert_eq!(story.furniture.marker.map(|marker| marker.number), Some(Some(1)));
        assert_eq!(story.time.unwrap().to_string(), "2016-02-20T16:26:00Z");
        let dispatch = story.dispatch.unwrap();
        assert_eq!(dispatch.slugline.as_deref(), Some("BC-BKN--Landvik-Holm, 1st Ld-Writethru,416"));
        assert_eq!(dispatch.notes, ["Eds: Updates. With AP Photos."]);
        assert_eq!(dispatch.urgency, Some(3));
    }
}
