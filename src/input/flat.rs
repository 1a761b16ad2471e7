//! From a flat JSON object, as nearly all are, to a story in buffers that are used again.
//!
//! What is out of the ordinary (a value of a kind that its key does not expect, a form of ninjs, a
//! fault) is left to [`super::json`], which knows all of JSON and says what is wrong.

use super::fields::{Fields, Role};
use super::json::cut_short;
use super::time;
use super::wire::ninjs;
use crate::story::Story;
use serde::de::IgnoredAny;

/// Digits of a number that is kept as it is printed.
const DIGITS: usize = 18;

/// Reads the object `json` into `story`, whose id is empty where none is given. `false` where that
/// takes the full parser; `story` means nothing then. Cost: about 0.3 ns a byte.
pub(super) fn read(json: &str, fields: &Fields, story: &mut Story) -> bool {
    let Story { id, headline, body, time, source, url, language, furniture, dispatch, unread } = &mut *story;
    [id, headline, body, source, url, language].into_iter().for_each(String::clear);
    unread.clear();
    (*time, *furniture, *dispatch) = Default::default();
    Object { json, at: 0 }.read(fields, story).is_some()
}

/// An object that is read up to `at`.
struct Object<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> Object<'a> {
    fn read(&mut self, fields: &Fields, story: &mut Story) -> Option<()> {
        let mut ranks = [None; Role::ALL.len()];
        self.expect(b'{')?;
        loop {
            self.expect(b'"')?;
            let key = self.key()?;
            self.expect(b':')?;
            if ninjs::is_mark(key) {
                return None;
            }
            match fields.role(key) {
                Some((role, rank)) => self.part(role, rank, &mut ranks[role as usize], story)?,
                // What an object beside the text says is for the full parser.
                None if ["metadata", "meta"].contains(&key) => return None,
                None => self.pass::<IgnoredAny>()?,
            }
            match self.next()? {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
        let has = |role: Role| ranks[role as usize].is_some();
        // What is no more than a teaser may have a story elsewhere in the record.
        let is_teaser = ranks[Role::Text as usize].is_some_and(|rank| Role::Text.is_teaser(rank))
            || cut_short(&story.body).is_some();
        let whole = !is_teaser && self.at == self.json.len() && has(Role::Text);
        super::address::settle(story);
        (whole && (has(Role::Id) || fields.named(Role::Id).is_none())).then_some(())
    }

    /// Keeps the value of the better key, by the rule of [`super::json::Parts::offer`].
    fn part(&mut self, role: Role, rank: u8, held: &mut Option<u8>, story: &mut Story) -> Option<()> {
        (!role.is_scanned(rank) && !role.is_markup(rank)).then_some(())?;
        let first = self.next()?;
        if matches!(first, b'n' | b't' | b'f') {
            // A text that is none is for the full parser to judge.
            (role != Role::Text).then_some(())?;
            self.at -= 1;
            return self.pass::<IgnoredAny>();
        }
        // So is an hour, which may go with a day in another field.
        (role != Role::Date || !self.opens_hour()).then_some(())?;
        // So is whether an address may stand for an outlet.
        let is_url = role == Role::Source && self.json.as_bytes()[self.at..].starts_with(b"http");
        (!is_url).then_some(())?;
        let is_empty = first == b'"' && self.json[self.at..].starts_with('"');
        let rank = if is_empty { u8::MAX } else { rank };
        if held.is_some_and(|held| rank > held) {
            self.at -= 1;
            return self.pass::<String>();
        }
        *held = Some(rank);
        let mut date = String::new();
        let out = match role {
            Role::Id => &mut story.id,
            Role::Text => &mut story.body,
            Role::Headline => &mut story.headline,
            Role::Date => &mut date,
            Role::Source => &mut story.source,
            Role::Language => &mut story.language,
            Role::Url => &mut story.url,
        };
        out.clear();
        match (first, role) {
            (b'"', _) => self.string(out)?,
            (b'1'..=b'9', Role::Id | Role::Date | Role::Source) => self.digits(out)?,
            _ => return None,
        }
        if role == Role::Date {
            (story.time, story.unread) = (None, Vec::new());
            time::read(story, [date.as_str()]);
        }
        Some(())
    }

    /// Whether the string whose opening quote is behind begins as an hour does.
    fn opens_hour(&self) -> bool {
        let rest = &self.json.as_bytes()[self.at..];
        let digits = rest.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
        let is_blank = rest.first().is_some_and(|byte| !byte.is_ascii_graphic() || *byte == b'\\');
        is_blank || ((1..=2).contains(&digits) && matches!(rest.get(digits), Some(b':' | b'.' | b'h')))
    }

    /// The next byte that is not blank.
    fn next(&mut self) -> Option<u8> {
        let rest = &self.json.as_bytes()[self.at..];
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blanks + 1;
        rest.get(blanks).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// A key whose opening quote is behind, if nothing in it is escaped.
    fn key(&mut self) -> Option<&'a str> {
        let rest = &self.json[self.at..];
        let key = &rest[..plain(rest.as_bytes())];
        self.at += key.len();
        self.expect(b'"').map(|()| key)
    }

    /// A string whose opening quote is behind.
    fn string(&mut self, out: &mut String) -> Option<()> {
        loop {
            let rest = &self.json[self.at..];
            let plain = plain(rest.as_bytes());
            out.push_str(&rest[..plain]);
            self.at += plain + 1;
            match rest.as_bytes().get(plain)? {
                b'"' => return Some(()),
                b'\\' => out.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    /// The character of an escape whose backslash is behind.
    fn escaped(&mut self) -> Option<char> {
        let kind = *self.json.as_bytes().get(self.at)?;
        self.at += 1;
        Some(match kind {
            b'n' => '\n',
            b'"' | b'\\' | b'/' => char::from(kind),
            b'u' => return self.unit(),
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            _ => return None,
        })
    }

    /// The character of one or two UTF-16 units of four digits each.
    fn unit(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.json[self.at..].starts_with("\\u").then_some(())?;
        self.at += 2;
        let second = self.hex().filter(|second| (0xdc00..0xe000).contains(second))?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10 | (second - 0xdc00)))
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.json.as_bytes()[self.at..].first_chunk::<4>()?;
        self.at += digits.len();
        digits.iter().try_fold(0, |sum, &digit| Some(sum << 4 | char::from(digit).to_digit(16)?))
    }

    /// A number whose first digit is behind, if nothing but a few digits makes it.
    fn digits(&mut self, out: &mut String) -> Option<()> {
        let number = &self.json[self.at - 1..];
        let len = number.bytes().take_while(u8::is_ascii_digit).count();
        self.at += len - 1;
        out.push_str(&number[..len]);
        let ends = matches!(number.as_bytes().get(len), Some(b',' | b'}' | b' '));
        (ends && len <= DIGITS).then_some(())
    }

    /// Passes over a value as the full parser does.
    fn pass<T: serde::de::Deserialize<'a>>(&mut self) -> Option<()> {
        let mut values = serde_json::Deserializer::from_str(&self.json[self.at..]).into_iter::<T>();
        values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(())
    }
}

/// How many bytes come before the first that a string in JSON cannot hold as it is.
fn plain(bytes: &[u8]) -> usize {
    let is_special = |b: u8| u8::from(b == b'"') | u8::from(b == b'\\') | u8::from(b < b' ');
    let (blocks, rest) = bytes.as_chunks::<32>();
    for (block, at) in blocks.iter().zip((0..).step_by(32)) {
        // Byte by byte, which the compiler turns into vectors.
        let mut special = [0; 32];
        special.iter_mut().zip(block).for_each(|(special, &b)| *special = is_special(b));
        let word = |i: usize| special[8 * i..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight));
        let words = [word(0), word(1), word(2), word(3)];
        if (words[0] | words[1]) | (words[2] | words[3]) != 0 {
            let which = words.iter().take_while(|word| **word == 0).count();
            return at + 8 * which + words[which].trailing_zeros() as usize / 8;
        }
    }
    let last = rest.iter().take_while(|&&b| is_special(b) == 0).count();
    bytes.len() - rest.len() + last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::json::Parser;
    use proptest::prelude::*;
    use std::path::Path;

    fn quick(json: &str) -> Option<Story> {
        let mut story = Story { body: "left over".into(), ..Story::new("left over", "left over") };
        read(json, &Fields::default(), &mut story).then_some(story)
    }

    fn full(json: &str) -> Option<Story> {
        let fields = Fields::default();
        let parser = Parser { fields: &fields, name: "", path: Path::new("s.jsonl"), is_foreign: false };
        parser.in_full(json, 1, 1).ok()
    }

    #[test]
    fn usual_objects_need_no_other_parser() {
        let story = quick(r#"{ "id" : 17, "title":null, "tags":["a",{"b":1e3}], "date":"2024-03-02","text":"a\n\u201cb\u201d\ud83d\ude00\/\"" }"#).unwrap();
        assert_eq!(
            (story.id.as_str(), story.body.as_str(), story.headline.as_str()),
            ("17", "a\n\u{201c}b\u{201d}\u{1f600}/\"", "")
        );
        assert!(story.time.is_some());
    }

    #[test]
    fn what_is_odd_is_left_to_the_full_parser() {
        for json in [
            r#"{"text":"a","pubstatus":"usable"}"#,
            r#"{"text":"a","title":["b"]}"#,
            "{\"text\":\"a\",\"source\":\u{feff}\"b\"}",
            r#"{"headline":"a"}"#,
            r#"{"text":"a","id":1.5}"#,
            r#"{"text":"a","id":012}"#,
            r#"{"text":"\ud800"}"#,
            r#"{"text":"\udc00\ud800"}"#,
            r#"{"text":"\x"}"#,
            r#"{"text":"a"},"#,
            r#"{"text":"a",}"#,
            r#"{"text":"a""#,
            r#"{"text":"a"#,
            r#"{"text":"a","x":}"#,
            r#"{"text":"a","x":01}"#,
            r#"{"source":{"name":"AFP"},"text":"a"}"#,
            "{\"text\":\"a\tb\"}",
            "{}",
            "",
        ] {
            assert_eq!(quick(json), None, "{json}");
        }
    }

    #[test]
    fn specials_are_found_at_every_place() {
        for byte in 0..=127u8 {
            for place in 0..70 {
                let mut bytes = [b'x'; 70];
                bytes[place] = byte;
                let special = byte < 32 || byte == b'"' || byte == b'\\';
                assert_eq!(plain(&bytes), if special { place } else { 70 }, "{byte} at {place}");
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_it_reads_the_full_parser_reads_the_same(
            pairs in prop::collection::vec((
                "id|guid|text|body|TEXT|title|date|source|language|x|headline",
                prop_oneof![
                    "[a-zé ]{0,70}".prop_map(|text| serde_json::to_string(&text).unwrap()),
                    any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
                    "\"(\\\\[nrtbf/u\"]|[0-9a-dA-D]{4}|\\\\ud83d\\\\ude00|[ -~]){0,9}\"",
                    "-?[0-9]{1,20}(\\.5|e3)?",
                    "null|true|\\[1,\"a\"\\]|\\{\"name\":\"b\"\\}|\"\"|\"2024-03-02\"",
                ],
            ), 0..6),
            blank in "[ \t]{0,2}", end in "\\}|\\} |\\},|",
        ) {
            let pairs: Vec<String> =
                pairs.iter().map(|(key, value)| format!("{blank}\"{key}\"{blank}:{blank}{value}")).collect();
            let json = format!("{{{}{blank}{end}", pairs.join(","));
            if let Some(mut story) = quick(&json) {
                if story.id.is_empty() {
                    story.id = ":1".into();
                }
                prop_assert_eq!(Some(story), full(&json));
            }
        }
    }
}
