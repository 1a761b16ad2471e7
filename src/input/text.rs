//! From plain text to a story.

use super::address::is_web;
use super::time;
use crate::story::Story;
use crate::wire;
use std::borrow::Cow;

/// The header lines that are known.
#[derive(Clone, Copy)]
enum Header {
    Headline,
    Source,
    Date,
    Id,
    Language,
    Url,
    Byline,
}

const HEADERS: [(&str, Header); 15] = [
    ("headline", Header::Headline),
    ("title", Header::Headline),
    ("source", Header::Source),
    ("date", Header::Date),
    ("id", Header::Id),
    ("language", Header::Language),
    ("lang", Header::Language),
    ("url", Header::Url),
    ("link", Header::Url),
    ("byline", Header::Byline),
    ("author", Header::Byline),
    ("publication title", Header::Source),
    ("publication date", Header::Date),
    ("newspaper", Header::Source),
    ("document url", Header::Url),
];

/// Words that a headline has at most, and characters where a script writes no spaces: a longer first
/// line is text, and so is one that a dateline opens.
const HEADLINE: (usize, usize) = (30, 200);

/// Header lines that say nothing that a story has, and are no text where known ones stand beside them.
const PASSED: [&str; 14] = [
    "keywords",
    "tags",
    "section",
    "category",
    "slug",
    "slugline",
    "copyright",
    "words",
    "word count",
    "priority",
    "urgency",
    "desk",
    "editor",
    "location",
];

/// The lines over and under headers in front of Markdown, and what parts a name from what it says.
const FENCES: [(&str, char); 2] = [("---", ':'), ("+++", '=')];

/// Header lines, if the text begins with one, up to a blank line or the first other line; the
/// rest is the body. Without them the first line is the headline, if it is no longer than one.
pub(super) fn story(content: &str, name: &str) -> Story {
    let mut story = Story::new(name, "");
    let content = with_lines(content);
    let mut rest = content.trim_start();
    if let Some((front, after)) = fenced(rest) {
        for (header, value) in front {
            take(&mut story, header, value.trim_matches(['"', '\'']));
        }
        rest = after;
    } else if header(first_line(rest).0).is_some() {
        while let (line, after) = first_line(rest)
            && (header(line).is_some() || is_passed(line))
        {
            if let Some((header, value)) = header(line) {
                take(&mut story, header, value);
            }
            rest = after;
        }
    } else {
        let (headline, after) = first_line(rest);
        if is_headline(headline) {
            let headline = headline.trim();
            // As Markdown marks one, before it or under it.
            headline.strip_prefix("# ").unwrap_or(headline).trim().clone_into(&mut story.headline);
            let (next, below) = first_line(after);
            rest = if is_rule(next) { below } else { after };
        }
    }
    story.body = rest.trim().replace("\r\n", "\n");
    story
}

/// A text whose lines end as those of old Macs do, with ends as all others have.
fn with_lines(content: &str) -> Cow<'_, str> {
    if content.contains('\n') || !content.contains('\r') {
        return Cow::Borrowed(content);
    }
    Cow::Owned(content.replace('\r', "\n"))
}

/// The headers between two fences that a text begins with, one at least, and what follows.
fn fenced(text: &str) -> Option<(Vec<(Header, &str)>, &str)> {
    let (first, inner) = first_line(text);
    let (fence, parts) = FENCES.into_iter().find(|(fence, _)| first.trim_end() == *fence)?;
    let end = inner.match_indices(fence).map(|(at, _)| at).find(|&at| inner[..at].ends_with('\n'))?;
    let (last, after) = first_line(&inner[end..]);
    let headers: Vec<_> = inner[..end].lines().filter_map(|line| parted(line, parts)).collect();
    (last.trim_end() == fence && !headers.is_empty()).then_some((headers, after))
}

fn is_passed(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(key, _)| PASSED.iter().any(|name| name.eq_ignore_ascii_case(key.trim())))
}

fn is_headline(line: &str) -> bool {
    let (words, characters) = HEADLINE;
    let is_short = line.split_whitespace().nth(words).is_none() && line.chars().nth(characters).is_none();
    is_short && !wire::opens_report(line.trim_start())
}

/// Whether a line is drawn under a headline: `========`.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let is_of = |mark: char| line.chars().all(|c| c == mark);
    line.chars().nth(2).is_some() && ['=', '-', '~', '*', '_', '—'].into_iter().any(is_of)
}

fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

fn header(line: &str) -> Option<(Header, &str)> {
    parted(line, ':')
}

fn parted(line: &str, parts: char) -> Option<(Header, &str)> {
    let (key, value) = line.split_once(parts)?;
    let known = HEADERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.trim()))?;
    let value = value.trim();
    // What is no address is a line of text.
    let is_told = !matches!(known.1, Header::Url) || value.is_empty() || is_web(value);
    is_told.then_some((known.1, value))
}

/// Fills the field of `header`; an empty value says nothing, and the first one counts.
fn take(story: &mut Story, header: Header, value: &str) {
    let field = match header {
        Header::Date => {
            if story.time.is_none() {
                time::read(story, [value]);
            }
            return;
        }
        // The id starts as the name of the file, which any value replaces.
        Header::Id if !value.is_empty() => {
            value.clone_into(&mut story.id);
            return;
        }
        Header::Id => return,
        Header::Byline => {
            let byline = &mut story.furniture.byline;
            *byline = byline.take().or_else(|| (!value.is_empty()).then(|| value.to_owned()));
            return;
        }
        Header::Url => &mut story.url,
        Header::Headline => &mut story.headline,
        Header::Source => &mut story.source,
        Header::Language => &mut story.language,
    };
    if field.is_empty() {
        value.clone_into(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_in_any_order_and_case() {
        let text = "\r\ndate: 2024-01-15\r\nTITLE: Bridge opens\r\nSource: Wire\r\nid: b-1\r\nLanguage: en\r\n\r\n\
                    The bridge opened.\r\nTraffic flows.\r\n";
        let story = story(text, "a.txt");
        assert_eq!(story.id, "b-1");
        assert_eq!(story.headline, "Bridge opens");
        assert_eq!(story.body, "The bridge opened.\nTraffic flows.");
        assert_eq!(story.source, "Wire");
        assert_eq!(story.language, "en");
        assert_eq!(story.time.map(|time| time.to_string()).as_deref(), Some("2024-01-15"));
    }

    #[test]
    fn a_line_that_a_dateline_opens_is_text() {
        for line in [
            "LINDMARK, April 30 (Reuters) - The quay is shut.",
            "МОСКВА, 30 апреля. /ТАСС/. Причал закрыт.",
            "МОСКВА, 30 апреля. /Корр. ТАСС Иван Лунин/. Причал закрыт.",
            "Lindmark (dpa) - Der Kai ist gesperrt.",
        ] {
            let story = story(line, "a.txt");
            assert_eq!((story.headline.as_str(), story.body.as_str()), ("", line));
        }
        for headline in ["LINDMARK — quay shut for weeks", "Reuters: quay shut", "Quay shut (AP)"] {
            assert_eq!(story(&format!("{headline}\n\nIt is."), "a.txt").headline, headline);
        }
    }

    #[test]
    fn without_headers_the_first_line_is_the_headline() {
        let story = story("\n\nBridge opens: all well\n\nThe bridge opened.\n", "sub/a.txt");
        assert_eq!(story.id, "sub/a.txt");
        assert_eq!(story.headline, "Bridge opens: all well");
        assert_eq!(story.body, "The bridge opened.");
    }

    #[test]
    fn marks_of_a_headline_are_no_text() {
        for text in [
            "Ferry stops\n===========\n\nIt does.",
            "Ferry stops\r\n---\r\nIt does.",
            "# Ferry stops\n\nIt does.",
        ] {
            let story = story(text, "a");
            assert_eq!([&*story.headline, &*story.body], ["Ferry stops", "It does."], "{text}");
        }
        assert_eq!(story("#1 in the port\n\n- It does.", "a").headline, "#1 in the port");
        assert_eq!(story("Ferry stops\n\n- It does.", "a").body, "- It does.");
    }

    #[test]
    fn one_line_is_a_headline_and_nothing_is_nothing() {
        let flash = story("Bridge opens", "a.txt");
        assert_eq!((flash.headline.as_str(), flash.body.as_str()), ("Bridge opens", ""));
        let blank = story(" \n\n", "a.txt");
        assert_eq!((blank.headline.as_str(), blank.body.as_str()), ("", ""));
    }

    #[test]
    fn an_address_and_a_byline_are_headers() {
        let text =
            "Headline: A\nUrl: https://a.example/1\nLink: https://a.example/2\nByline: Anna Bell\n\nBody\n";
        let story = story(text, "a.txt");
        assert_eq!((story.url.as_str(), story.body.as_str()), ("https://a.example/1", "Body"));
        assert_eq!(story.furniture.byline.as_deref(), Some("Anna Bell"));
    }

    #[test]
    fn headers_of_no_use_do_not_end_the_others() {
        let story = |text: &str| story(text, "a.txt");
        let read = story("Headline: A\nKeywords: b, c\nDate: 2024-05-01\n\nBody\n");
        assert_eq!((read.body.as_str(), read.time.is_some()), ("Body", true));
        let read = story("---\ntitle: \"A\"\nlayout: post\nurl: https://a.example/1\n---\n\nBody\n");
        assert_eq!([&*read.headline, &*read.url, &*read.body], ["A", "https://a.example/1", "Body"]);
        let read = story("+++\ntitle = \"A\"\ndraft = false\ndate = 2024-05-01\n+++\n\nBody\n");
        assert_eq!([&*read.headline, &*read.body], ["A", "Body"]);
        assert_eq!(read.time.unwrap().to_string(), "2024-05-01");
        let rule = story("---\nHe said so.\n---\nBody\n");
        assert_eq!([&*rule.headline, &*rule.body], ["---", "He said so.\n---\nBody"]);
        assert_eq!(story("Link: see below\nBody").headline, "Link: see below");
    }

    #[test]
    fn lines_of_old_macs_are_lines() {
        let story = story("Ferry stops\r\rIt does.\rSo it is.", "a.txt");
        assert_eq!([&*story.headline, &*story.body], ["Ferry stops", "It does.\nSo it is."]);
    }

    #[test]
    fn a_paragraph_is_no_headline() {
        let long = "the council spoke of the ferry ".repeat(6);
        let first = story(&format!("{long}\n\nMore.\n"), "a.txt");
        assert_eq!((first.headline.as_str(), first.body.ends_with("\n\nMore.")), ("", true));
        assert!(first.body.starts_with("the council"));
        let unspaced = story(&"渡".repeat(300), "a.txt");
        assert_eq!((unspaced.headline.as_str(), unspaced.body.chars().count()), ("", 300));
    }

    #[test]
    fn an_empty_header_says_nothing() {
        let story = story("Id:\nDate: soon\nHeadline: A\nTitle: B\n\nBody\n", "a.txt");
        assert_eq!(story.id, "a.txt");
        assert_eq!(story.time, None);
        assert_eq!((story.headline.as_str(), story.body.as_str()), ("A", "Body"));
    }
}
