//! From a JSON object to a story.

mod held;
mod parts;
mod values;

pub use parts::Parts;
pub(super) use parts::cut_short;

use super::address::{host, settle};
use super::fields::{Fields, Role};
use super::wire::{ninjs, plain};
use super::{flat, surrogates};
use crate::error::{Error, Result};
use crate::story::{Story, Unread};
use held::inner;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use values::{About, Keys, TextValue, Value};

/// What services put in place of the text of a story that was taken back.
const REMOVED: [&str; 2] = ["[Removed]", "[deleted]"];

/// Keys that an error lists at most, so that it stays one sentence.
const KEYS_SHOWN: usize = 12;

/// Usual names of a field that an error lists at most.
const NAMES_SHOWN: usize = 7;

/// Parses the objects of one file.
pub(super) struct Parser<'a> {
    pub(super) fields: &'a Fields,
    /// What stands for the file in ids that it does not give.
    pub(super) name: &'a str,
    pub(super) path: &'a Path,
    /// Whether the bytes were decoded from another charset than UTF-8.
    pub(super) is_foreign: bool,
}

impl Parser<'_> {
    /// The story in `bytes`, which begin at `line`; `nth` tells values on the same line apart.
    /// `buffer` is what it is read into, if it is a usual one.
    pub(super) fn story<'b>(
        &self,
        bytes: &[u8],
        line: u64,
        nth: u32,
        buffer: &'b mut Story,
    ) -> Result<Cow<'b, Story>> {
        let json = std::str::from_utf8(bytes).map_err(|error| {
            let position = error.valid_up_to() + 1;
            Error::input(format!(
                "not UTF-8 at byte {position} of the story; mend that byte or convert the file to UTF-8"
            ))
            .at(self.path, line)
        })?;
        if self.is_foreign && json.contains(char::REPLACEMENT_CHARACTER) {
            let text = "expected text in the charset of the rest of the file, found bytes that it does not have; \
                        convert the file to UTF-8";
            return Err(Error::input(text).at(self.path, line));
        }
        if !flat::read(json, self.fields, buffer) {
            return self.in_full(json, line, nth).map(Cow::Owned);
        }
        self.check_kept(buffer, line)?;
        if buffer.id.is_empty() {
            buffer.id = self.numbered(line, nth);
        }
        Ok(Cow::Borrowed(buffer))
    }

    /// An error for a story that a service has taken back: a word in brackets stands for its text.
    fn check_kept(&self, story: &Story, line: u64) -> Result<()> {
        /// Bytes of such a word with the blanks around it at most: of most texts nothing is looked at.
        const LONGEST: usize = 16;
        let is_short = |said: &&str| said.len() <= LONGEST;
        let gone = |said: &str| {
            let said = Some(said).filter(is_short)?.trim();
            REMOVED.into_iter().find(|word| word.eq_ignore_ascii_case(said))
        };
        let headline = || gone(&story.headline).filter(|_| story.body.is_empty());
        let Some(word) = gone(&story.body).or_else(headline) else { return Ok(()) };
        let text = format!(
            "expected a story, found `{word}` for its text: it was taken back where it stood; leave it out"
        );
        Err(Error::input(text).at(self.path, line))
    }

    /// The story in `json`, of whatever form.
    pub(super) fn in_full(&self, json: &str, line: u64, nth: u32) -> Result<Story> {
        let mended = surrogates::mended(json);
        let json = mended.as_deref().unwrap_or(json);
        let mut parts = self.parts(json, line)?;
        let has = |role| parts.get(role).is_some();
        let has_story = has(Role::Text) && parts.teaser().is_none();
        // Fields that were named are the only ones for their parts.
        let leaves_it = self.fields.text.is_none() && (self.fields.id.is_none() || has(Role::Id));
        if leaves_it
            && (parts.is_ninjs || !has_story)
            && let Some(story) = item(json)
        {
            let mut story = story.map_err(|reason| Error::input(reason).at(self.path, line))?;
            parts.fill(&mut story, self.fields);
            if story.id.is_empty() {
                story.id = self.numbered(line, nth);
            }
            return Ok(story);
        }
        if leaves_it
            && parts.holds
            && (!has_story || !has(Role::Headline))
            && let Some(inner) = inner(json, self.fields, has_story)
        {
            return self.in_full(&inner, line, nth);
        }
        let keys = || serde_json::from_str::<Keys>(json).map(|keys| keys.0).unwrap_or_default();
        self.assemble(&mut parts, line, nth, keys)
    }

    /// The story that `parts` make; `keys` are all that the record has, for a message.
    pub(super) fn assemble(
        &self,
        parts: &mut Parts<'_>,
        line: u64,
        nth: u32,
        keys: impl Fn() -> Vec<String>,
    ) -> Result<Story> {
        for role in [Role::Text, Role::Id] {
            if self.fields.named(role).is_some() && parts.get(role).is_none() {
                return Err(self.missing(role, &keys(), line));
            }
        }
        let is_titled = parts.get(Role::Headline).is_some() && parts.get(Role::Text).is_none();
        if let Some(found) = parts.no_text.filter(|_| is_titled) {
            let text = format!("expected a text, found {found}; give the text or leave the story out");
            return Err(Error::input(text).at(self.path, line));
        }
        if parts.get(Role::Text).is_none() && parts.get(Role::Headline).is_none() {
            return Err(self.missing(Role::Text, &keys(), line));
        }
        let of_text = |is: fn(Role, u8) -> bool| {
            parts.values[Role::Text as usize].as_ref().is_some_and(|(rank, _)| is(Role::Text, *rank))
        };
        let (is_scanned, is_markup) = (of_text(Role::is_scanned), of_text(Role::is_markup));
        let teaser = parts.settle_text();
        let id = parts.take(Role::Id).map(Cow::into_owned).unwrap_or_default();
        let mut owned = |role| parts.take(role).map(Cow::into_owned).unwrap_or_default();
        let (headline, body, source, language) =
            (owned(Role::Headline), owned(Role::Text), owned(Role::Source), owned(Role::Language));
        let url = owned(Role::Url);
        let (headline, source) =
            if is_scanned && source.is_empty() { (source, headline) } else { (headline, source) };
        let body = if is_markup && self.fields.text.is_none() { plain(&body, true) } else { body };
        let mut story = Story { id, headline, body, source, url, language, ..Story::default() };
        story.unread.extend(teaser.map(Unread::Teaser));
        self.check_kept(&story, line)?;
        settle(&mut story);
        if story.id.is_empty() {
            story.id = self.numbered(line, nth);
        }
        parts.read_time(&mut story);
        Ok(story)
    }

    /// The story, of the feed of that title where it names no source itself.
    pub(super) fn of_feed<'b>(&self, mut story: Cow<'b, Story>, feed: Option<&str>) -> Cow<'b, Story> {
        let names_none = story.source.is_empty() || Some(story.source.as_str()) == host(&story.url);
        if let Some(title) = feed.filter(|_| names_none && self.fields.source.is_none()) {
            title.clone_into(&mut story.to_mut().source);
        }
        story
    }

    /// The id of a story that has none.
    pub(super) fn numbered(&self, line: u64, nth: u32) -> String {
        if nth > 1 { format!("{}:{line}.{nth}", self.name) } else { format!("{}:{line}", self.name) }
    }

    fn parts<'de>(&self, json: &'de str, line: u64) -> Result<Parts<'de>> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let parts = Object(self.fields).deserialize(&mut deserializer);
        parts.and_then(|parts| deserializer.end().map(|()| parts)).map_err(|error| {
            let full = error.to_string();
            let cause = full.rsplit_once(" at line ").map_or(full.as_str(), |(cause, _)| cause);
            let text = format!(
                "expected a story as a JSON object, found a fault at column {}: {cause}; \
                 mend the line or take it out",
                error.column()
            );
            Error::input(text).at(self.path, line + (error.line() as u64).saturating_sub(1))
        })
    }

    /// The error of a story without a field that it must have.
    pub(super) fn missing(&self, role: Role, keys: &[String], line: u64) -> Error {
        let mut shown: Vec<&str> = keys.iter().take(KEYS_SHOWN).map(String::as_str).collect();
        if keys.is_empty() {
            shown.push("none");
        } else if keys.len() > KEYS_SHOWN {
            shown.push("…");
        }
        let found = shown.join(", ");
        let (what, option) =
            if role == Role::Id { ("an id", "--id-field") } else { ("a text", "--text-field") };
        if let Some(error) = self.fields.unfit(role, what, keys) {
            return error.at(self.path, line);
        }
        let tried = self
            .fields
            .named(role)
            .map_or_else(|| role.names()[..role.names().len().min(NAMES_SHOWN)].join(", "), str::to_owned);
        let text =
            format!("expected {what} field (tried {tried}), found keys {found}; name it with {option}");
        Error::input(text).at(self.path, line)
    }
}

/// The story in an object of ninjs or JSON Feed, also where a service wraps it, or why it is none.
fn item(json: &str) -> Option<std::result::Result<Story, String>> {
    let value = serde_json::from_str(json).ok()?;
    let item = ninjs::unwrapped(&value)?;
    ninjs::no_text(item).map(Err).or_else(|| ninjs::story(item).map(Ok))
}

/// Whether a file that begins with this object holds labels (`a`, `b`, `label`), not stories.
pub(super) fn is_label(object: &str, fields: &Fields) -> bool {
    let keys = serde_json::from_str::<Keys>(object).map(|keys| keys.0).unwrap_or_default();
    let is_text = |key: &String| fields.role(key).is_some_and(|(role, _)| role == Role::Text);
    ["a", "b", "label"].iter().all(|name| keys.iter().any(|key| key == name)) && !keys.iter().any(is_text)
}

/// Reads an object into [`Parts`]; other keys are passed over.
struct Object<'f>(&'f Fields);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Parts<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Parts<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Parts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Parts<'de>, A::Error> {
        let mut parts = Parts::default();
        while let Some(key) = map.next_key_seed(Key(self.0))? {
            parts.is_ninjs |= key.is_mark;
            parts.holds |= key.is_holder;
            match key.role {
                None if key.is_about => {
                    let About(about) = map.next_value()?;
                    for (name, value) in about {
                        // What stands directly in the record says it better.
                        if let Some((role, _)) = self.0.role(&name).filter(|(role, _)| *role != Role::Text) {
                            parts.offer(role, u8::MAX - 1, Cow::Owned(value));
                        }
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some((Role::Text, rank)) => match map.next_value_seed(TextValue)? {
                    Ok(value) => parts.offer(Role::Text, rank, value),
                    Err(found) => parts.no_text = Some(found),
                },
                Some((role, rank)) => {
                    if let Some(value) = map.next_value_seed(Value { role, is_plain: key.is_holder })? {
                        // A URL is an outlet only where nothing else is.
                        let is_url = role == Role::Source && value.contains("://");
                        if is_url && value.trim_end_matches('/').matches('/').count() > 2 {
                            parts.offer(Role::Url, u8::MAX - 1, value.clone());
                        }
                        parts.offer(role, if is_url { rank | 0x40 } else { rank }, value);
                    }
                }
            }
        }
        Ok(parts)
    }
}

/// Reads a key as what it stands for.
struct Key<'f>(&'f Fields);

/// What a key stands for, and whether it marks an item of ninjs.
struct Meaning {
    role: Option<(Role, u8)>,
    is_mark: bool,
    /// Whether the story may be the object under it.
    is_holder: bool,
    /// Whether an object under it says something about the story.
    is_about: bool,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Meaning;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Meaning;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> std::result::Result<Self::Value, E> {
        Ok(Meaning {
            role: self.0.role(key),
            is_mark: ninjs::is_mark(key),
            is_holder: held::HOLDERS.contains(&key),
            is_about: ["metadata", "meta"].contains(&key),
        })
    }
}
