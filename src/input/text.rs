//! From plain text to a story.

use super::time;
use crate::story::Story;

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

const HEADERS: [(&str, Header); 11] = [
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
];

/// Words that a headline has at most, and characters where a script writes no spaces: a longer first
/// line is text.
const HEADLINE: (usize, usize) = (30, 200);

/// Header lines, if the text begins with one, up to a blank line or the first other line; the
/// rest is the body. Without them the first line is the headline,
/// if it is no longer than one.
pub(super) fn story(content: &str, name: &str) -> Story {
    let mut story = Story::new(name, "");
    let mut rest = content.trim_start();
    let has_headers = header(first_line(rest).0).is_some();
    if has_headers {
        while let (line, after) = first_line(rest)
            && let Some((header, value)) = header(line)
        {
            take(&mut story, header, value);
            rest = after;
        }
    } else {
        let (headline, after) = first_line(rest);
        if is_headline(headline) {
            headline.trim().clone_into(&mut story.headline);
            rest = after;
        }
    }
    story.body = rest.trim().replace("\r\n", "\n");
    story
}

fn is_headline(line: &str) -> bool {
    let (words, characters) = HEADLINE;
    line.split_whitespace().nth(words).is_none() && line.chars().nth(characters).is_none()
}

fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

fn header(line: &str) -> Option<(Header, &str)> {
    let (key, value) = line.split_once(':')?;
    let known = HEADERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.trim()))?;
    Some((known.1, value.trim()))
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
    fn without_headers_the_first_line_is_the_headline() {
        let story = story("\n\nBridge opens: all well\n\nThe bridge opened.\n", "sub/a.txt");
        assert_eq!(story.id, "sub/a.txt");
        assert_eq!(story.headline, "Bridge opens: all well");
        assert_eq!(story.body, "The bridge opened.");
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
