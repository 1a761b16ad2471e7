//! From a stream that may never end to its stories, one line at a time, as they come.

use super::json::Parser;
use super::lines::too_long;
use super::{Fields, Limits};
use crate::error::{Error, Result};
use crate::story::Story;
use std::io::{BufRead, Read};
use std::path::PathBuf;

/// The stories of JSON lines on a stream. Each comes as soon as its line has ended, and nothing is
/// read beyond it; so whoever writes the lines may wait for what is made of each. Every line gives
/// one `Result`, blank ones an error, so that lines can be counted on either side. Text is UTF-8.
#[derive(Debug)]
pub struct OneByOne<R> {
    stream: R,
    fields: Fields,
    path: PathBuf,
    line: u64,
    limits: Limits,
    ended: bool,
}

impl<R: BufRead> OneByOne<R> {
    /// Reads `stream`; `name` stands for it in places and in ids that a story does not give.
    pub fn new(stream: R, name: &str, fields: Fields) -> Self {
        Self { stream, fields, path: name.into(), line: 0, limits: Limits::default(), ended: false }
    }

    fn story(&mut self, bytes: &[u8]) -> Result<Story> {
        let name = self.path.to_string_lossy();
        let parser = Parser { fields: &self.fields, name: &name, path: &self.path, is_foreign: false };
        let content = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
        if content.is_empty() {
            let text = "expected a story as a JSON object, found a blank line; take it out";
            return Err(Error::input(text).at(&self.path, self.line));
        }
        parser.story(content, self.line, 1)
    }
}

impl<R: BufRead> Iterator for OneByOne<R> {
    type Item = Result<Story>;

    fn next(&mut self) -> Option<Result<Story>> {
        if self.ended {
            return None;
        }
        let mut bytes = Vec::new();
        let most = self.limits.record as u64;
        let read = self.stream.by_ref().take(most + 1).read_until(b'\n', &mut bytes);
        self.line += 1;
        if let Err(error) = read {
            self.ended = true;
            return Some(Err(Error::io(&self.path, "read", error).at(&self.path, self.line)));
        }
        if bytes.is_empty() {
            self.ended = true;
            return None;
        }
        if bytes.len() as u64 > most && bytes.last() != Some(&b'\n') {
            let length = bytes.len() as u64;
            drop(bytes);
            return Some(match self.stream.skip_until(b'\n') {
                Ok(rest) => Err(too_long(length + rest as u64, self.limits).at(&self.path, self.line)),
                Err(error) => {
                    self.ended = true;
                    Err(Error::io(&self.path, "read", error).at(&self.path, self.line))
                }
            });
        }
        Some(self.story(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_gives_one_result() {
        let text = "{\"id\":\"a\",\"text\":\"x\"}\n\n[1]\n{\"text\":\"y\"}";
        let found: Vec<_> = OneByOne::new(text.as_bytes(), "-", Fields::default()).collect();
        let shown = |story: &Result<Story>| match story {
            Ok(story) => story.id.clone(),
            Err(error) => error.place().map(|place| place.line.to_string()).unwrap_or_default(),
        };
        assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), ["a", "2", "3", "-:4"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_one_error() {
        let text = format!("{{\"text\":\"{}\"}}\n{{\"id\":\"b\",\"text\":\"z\"}}\n", "x".repeat(200));
        let mut stories = OneByOne::new(text.as_bytes(), "-", Fields::default());
        stories.limits.record = 100;
        let found: Vec<_> = stories.collect();
        assert_eq!(found.len(), 2);
        assert!(found[0].as_ref().unwrap_err().message().contains("at most 100 bytes"));
        assert_eq!(found[1].as_ref().unwrap().id, "b");
    }
}
