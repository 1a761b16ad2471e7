//! From the values of a JSON object to what they say of a story.

use super::super::fields::Role;
use super::super::wire::{is_html, plain};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Reads the value of a text: a string, a list of paragraphs, or an object that holds one; else
/// what it is instead.
pub(super) struct TextValue;

impl<'de> DeserializeSeed<'de> for TextValue {
    type Value = Result<Cow<'de, str>, &'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TextValue {
    type Value = Result<Cow<'de, str>, &'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Ok(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Ok(Cow::Owned(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Err("null"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Err("true or false"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Err("a number"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Err("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Err("a number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element::<Json>()? {
            list.push(value);
        }
        Ok(said(&Json::Array(list)).map(Cow::Owned).ok_or("a list without a text"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((key, value)) = map.next_entry::<String, Json>()? {
            object.insert(key, value);
        }
        Ok(said(&Json::Object(object)).map(Cow::Owned).ok_or("an object without a text"))
    }
}

/// The text that a value holds: itself, its paragraphs, or that under one of the usual keys.
fn said(value: &Json) -> Option<String> {
    const KEYS: [&str; 11] = [
        "text",
        "content",
        "value",
        "body",
        "plain",
        "rendered",
        "html",
        "paragraphs",
        "blocks",
        "data",
        "#text",
    ];
    let text = match value {
        Json::String(text) => plain(text, is_html(text)),
        Json::Array(list) if is_marked(list) => {
            let piece = |value: &Json| value.as_str().or_else(|| value["text"].as_str()).map(str::to_owned);
            list.iter().filter_map(piece).collect()
        }
        Json::Array(list) => list.iter().filter_map(said).collect::<Vec<_>>().join("\n\n"),
        Json::Object(object) => KEYS.iter().find_map(|key| said(object.get(*key)?))?,
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// Whether a list is one text in pieces, strings and objects that mark one in bold or as a link, as
/// Telegram writes it, and not a list of paragraphs.
fn is_marked(list: &[Json]) -> bool {
    let is_mark = |value: &Json| value["type"].is_string() && value["text"].is_string();
    list.iter().any(Json::is_string) && list.iter().any(is_mark)
}

/// What an object beside the text says of the story, by its own keys; what is no object says
/// nothing.
pub(super) struct About(pub(super) Vec<(String, String)>);

impl<'de> Deserialize<'de> for About {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Json::Object(object) = Json::deserialize(deserializer)? else { return Ok(Self(Vec::new())) };
        let word = |value: Json| match value {
            Json::String(word) if !word.is_empty() => Some(word),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        };
        Ok(Self(object.into_iter().filter_map(|(key, value)| Some((key, word(value)?))).collect()))
    }
}

/// Reads a value as the text of a role, `None` where it is of a kind that cannot be that.
pub(super) struct Value {
    pub(super) role: Role,
    /// Whether an object or a list is none: its key may hold something else.
    pub(super) is_plain: bool,
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.role != Role::Id {
            return deserializer.deserialize_any(self);
        }
        // A number is kept as it is written, however long it is.
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Some(Cow::Borrowed(raw)));
        }
        serde_json::Deserializer::from_str(raw).deserialize_any(self).map_err(D::Error::custom)
    }
}

impl Value {
    /// Where an object of this role holds its value, the best first.
    const fn keys(&self) -> &'static [&'static str] {
        match self.role {
            Role::Source => &["name", "title"],
            Role::Headline => &["rendered", "text", "main", "basic", "value"],
            Role::Id => &["$oid", "value"],
            Role::Date => &["$date", "$numberLong", "value"],
            Role::Language => &["value", "text", "code"],
            _ => &["value"],
        }
    }

    /// A single value as this role has it.
    fn one(&self, value: Json) -> Option<String> {
        match value {
            Json::String(text) => Some(text),
            // A number in an object is the key of something, and names no source.
            Json::Number(number) if self.role != Role::Source => self.number(&number).map(Cow::into_owned),
            Json::Object(mut object) => {
                let inner = self.keys().iter().find_map(|key| object.remove(*key))?;
                self.one(inner)
            }
            _ => None,
        }
    }

    /// Numbers are ids, dates and perhaps sources, but never what a story says.
    fn number<'de>(&self, number: &impl ToString) -> Option<Cow<'de, str>> {
        let is_key = matches!(self.role, Role::Id | Role::Date | Role::Source);
        is_key.then(|| Cow::Owned(number.to_string()))
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(value.to_owned())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(self.number(&value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(self.number(&value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(self.number(&value))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    /// The first of a list: search engines keep every field as one.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let first = seq.next_element::<Json>()?.filter(|_| !self.is_plain);
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first.and_then(|value| self.one(value)).map(Cow::Owned))
    }

    /// A source may be an object with a name, a headline one with a text, an id and a date what a
    /// database makes of them.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut best, mut other) = (None, None);
        while let Some((key, value)) = map.next_entry::<String, Json>()? {
            // A date in parts is told, so that it is not lost without a word.
            other = other.or_else(|| (self.role == Role::Date).then(|| format!("{key}: {value}")));
            let rank = self.keys().iter().position(|name| key.eq_ignore_ascii_case(name));
            let found = rank.and_then(|rank| Some((rank, self.one(value)?)));
            best = found.into_iter().chain(best).min_by_key(|(rank, _)| *rank);
        }
        let found = best.map(|(_, value)| value).or(other);
        Ok(found.filter(|_| !self.is_plain).map(Cow::Owned))
    }
}

/// The keys of an object, for messages and to tell label files.
#[derive(Default)]
pub(super) struct Keys(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self::default())
    }
}

impl<'de> Visitor<'de> for Keys {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
            self.0.push(key);
        }
        Ok(self)
    }
}
