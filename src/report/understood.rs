//! From a story to what was understood of it: a line for people, or a message for programs.

use super::message::Message;
use crate::story::Story;
use crate::text;
use crate::time::Time;
use crate::wire;
use serde::Serialize;
use std::fmt::{self, Write as _};

/// Words that a line shows of either end of a text.
const SHOWN: usize = 6;

/// What was understood of a story: the message of `dedup read --format jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoryMessage {
    /// The file, or `-` for standard input.
    pub path: String,
    /// Its id.
    pub id: String,
    /// The headline without its marker; empty where there is none.
    pub headline: String,
    /// Who published it; null where not known.
    pub source: Option<String>,
    /// When, in UTC by RFC 3339, or the day where no hour is told; null where not known.
    pub time: Option<Time>,
    /// Its address on the web; null where not known.
    pub url: Option<String>,
    /// Language tag, as given or detected; null where not known.
    pub language: Option<String>,
    /// `usable`, `withheld` or `canceled`.
    pub status: &'static str,
    /// The number of the version; null where none is given.
    pub version: Option<u64>,
    /// The place of the dateline; null where not known.
    pub place: Option<String>,
    /// Tokens of the text.
    pub words: usize,
    /// The running text, without furniture.
    pub text: String,
}

impl StoryMessage {
    /// What is understood of `story`, which was read from `path`.
    pub fn new(path: impl Into<String>, story: &Story) -> Self {
        let mut story = story.clone();
        wire::strip(&mut story);
        let (headline, body) = (text::repair(&story.headline), text::repair(&story.body));
        let mut words = 0;
        text::tokenise(&body, |_| words += 1);
        let language = if story.language.is_empty() {
            text::language::language(&body).unwrap_or_default()
        } else {
            &story.language
        };
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let dispatch = story.dispatch.as_deref();
        Self {
            path: path.into(),
            id: story.id.clone(),
            headline: headline.trim().to_owned(),
            source: known(&story.source),
            time: story.time,
            url: known(&story.url),
            language: known(language),
            status: dispatch.map_or("usable", |dispatch| dispatch.status.name()),
            version: dispatch.and_then(|dispatch| dispatch.version),
            place: story.furniture.place.clone(),
            words,
            text: body.trim().to_owned(),
        }
    }
}

impl<'a> From<&'a StoryMessage> for Message<'a> {
    fn from(story: &'a StoryMessage) -> Self {
        Self::Story(story)
    }
}

impl fmt::Display for StoryMessage {
    /// One line: path, id, version, status, headline, source, place, time, and how the text begins
    /// and ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = format!("{}: {}", self.path, self.id);
        let mut add = |part: String| _ = write!(line, " | {part}");
        if let Some(version) = self.version {
            add(format!("version {version}"));
        }
        if self.status != "usable" {
            add(self.status.to_owned());
        }
        add(if self.headline.is_empty() { "no headline".to_owned() } else { self.headline.clone() });
        add(self.source.clone().unwrap_or_else(|| "no source".to_owned()));
        self.place.iter().for_each(|place| add(place.clone()));
        add(self.time.map_or_else(|| "no time".to_owned(), |time| time.to_string()));
        self.url.iter().filter(|url| **url != self.id).for_each(|url| add(url.clone()));
        add(match self.words {
            0 => "no text".to_owned(),
            words => format!("{words} words: {}", ends(&self.text)),
        });
        let shown: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        f.write_str(&shown)
    }
}

/// The first words of a text and its last ones.
fn ends(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() <= 2 * SHOWN {
        return words.join(" ");
    }
    format!("{} … {}", words[..SHOWN].join(" "), words[words.len() - SHOWN..].join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_a_message() {
        let mut story = Story::new(
            "w-1",
            "MINSK, April 30 (BelTA) – The bridge over the Sozh opens on Friday, the road office said, after two years of work.",
        );
        story.headline = "UPDATE 1-Bridge opens".into();
        story.time = "2024-04-30".parse().ok();
        let message = StoryMessage::new("a.txt", &story);
        assert_eq!(
            message.to_string(),
            "a.txt: w-1 | Bridge opens | no source | MINSK | 2024-04-30 | 17 words: \
             The bridge over the Sozh opens … said, after two years of work."
        );
        assert_eq!(
            serde_json::to_string(&Message::from(&message)).unwrap(),
            r#"{"type":"story","path":"a.txt","id":"w-1","headline":"Bridge opens","source":null,"time":"2024-04-30","url":null,"language":null,"status":"usable","version":null,"place":"MINSK","words":17,"text":"The bridge over the Sozh opens on Friday, the road office said, after two years of work."}"#
        );
    }
}
