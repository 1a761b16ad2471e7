//! From the values of one record to those that stand for parts of a story, the best of each.

use super::super::address::settle;
use super::super::fields::{Fields, Role};
use super::super::{time, wire};
use super::Parser;
use crate::error::Result;
use crate::story::{Story, Unread};
use crate::time::Time;
use std::borrow::Cow;
use std::path::Path;

/// The values of one record that stand for parts of a story, by [`Role`], each with the rank of
/// its key ([`Fields::role`]).
#[derive(Debug, Default)]
pub struct Parts<'de> {
    pub(super) values: [Option<(u8, Cow<'de, str>)>; Role::ALL.len()],
    /// The fullest of the other texts that came, for where the best one is cut short.
    pub(super) other: Option<(u8, Cow<'de, str>)>,
    /// An hour that stands in a field of its own, beside the day.
    hour: Option<Cow<'de, str>>,
    /// Whether a key came by that only ninjs and JSON Feed have.
    pub(super) is_ninjs: bool,
    /// Whether a key came by under which services put the story itself.
    pub(super) holds: bool,
    /// What stands where a text should, and is none.
    pub(super) no_text: Option<&'static str>,
}

impl<'de> Parts<'de> {
    /// The story that the values of row `row` of `table` make; `keys` are all that the table has,
    /// for a message.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::error::ErrorKind::Input) if there is neither text nor headline,
    /// or no value for an id or a text that `fields` names.
    pub fn story(
        &mut self,
        fields: &Fields,
        table: &str,
        row: u64,
        keys: impl Fn() -> Vec<String>,
    ) -> Result<Story> {
        let parser = Parser { fields, name: table, path: Path::new(table), is_foreign: false };
        parser.assemble(self, row, 1, keys)
    }

    pub(super) fn get(&self, role: Role) -> Option<&str> {
        self.values[role as usize].as_ref().map(|(_, value)| value.as_ref())
    }

    /// The name of the text where it is no more than a teaser.
    pub(super) fn teaser(&self) -> Option<String> {
        let (rank, _) = self.values[Role::Text as usize].as_ref()?;
        Role::Text.is_teaser(*rank).then(|| Role::Text.names()[usize::from(*rank)].to_owned())
    }

    /// Frees the text of what a service says at its end, and puts the fullest of the others in its
    /// place if that is fuller than what is shown; gives the name of what is no more than a teaser then.
    pub(super) fn settle_text(&mut self) -> Option<String> {
        let teaser = self.teaser();
        let Some((rank, text)) = &mut self.values[Role::Text as usize] else { return teaser };
        let Some(shown) = cut_short(text) else { return teaser };
        let whole = |text: &str| cut_short(text).unwrap_or(text).to_owned();
        let mut shown = shown.to_owned();
        if let Some((other, fuller)) = self.other.take().map(|(rank, text)| (rank, whole(&text)))
            && fuller.len() > shown.len()
        {
            (*rank, shown) = (other, fuller);
        }
        *text = Cow::Owned(shown);
        Role::Text.names().get(usize::from(*rank)).map(|name| (*name).to_owned())
    }

    pub(super) fn take(&mut self, role: Role) -> Option<Cow<'de, str>> {
        self.values[role as usize].take().map(|(_, value)| value)
    }

    /// Gives `story` what it lacks, and what `fields` name.
    pub(super) fn fill(&mut self, story: &mut Story, fields: &Fields) {
        let is_named = |role| fields.named(role).is_some();
        let teaser = self.settle_text();
        let text = self.take(Role::Text).filter(|_| story.body.is_empty());
        if let Some(text) = text {
            story.unread.extend(teaser.map(Unread::Teaser));
            story.body = wire::plain(&text, wire::is_html(&text));
        }
        for (role, field) in [
            (Role::Id, &mut story.id),
            (Role::Headline, &mut story.headline),
            (Role::Source, &mut story.source),
            (Role::Language, &mut story.language),
            (Role::Url, &mut story.url),
        ] {
            if field.is_empty() || is_named(role) {
                *field = self.take(role).map(Cow::into_owned).unwrap_or_default();
            }
        }
        settle(story);
        if is_named(Role::Date) {
            story.time = None;
        }
        if story.time.is_none() {
            self.read_time(story);
        }
    }

    /// Gives `story` the day, with the hour that stands beside it; an hour alone is told.
    pub(super) fn read_time(&mut self, story: &mut Story) {
        let (day, hour) = (self.take(Role::Date), self.hour.take());
        let day = day.filter(|day| !day.is_empty() || hour.is_none());
        let (Some(day), Some(hour)) = (&day, &hour) else {
            return time::read(story, day.or(hour).as_deref());
        };
        time::read(story, [day.as_ref()]);
        if story.time.is_some_and(Time::is_day)
            && let Some(moment) = time::parse(&format!("{} {}", day.trim(), hour.trim()))
        {
            story.time = Some(moment);
        }
    }

    /// Keeps the value of the better key. An empty value yields to any other.
    #[inline]
    pub fn offer(&mut self, role: Role, rank: u8, value: Cow<'de, str>) {
        if role == Role::Date && time::is_hour(&value) {
            self.hour = Some(value);
            return;
        }
        let rank = if value.is_empty() { u8::MAX } else { rank };
        let slot = &mut self.values[role as usize];
        let is_better = slot.as_ref().is_none_or(|(held, _)| rank <= *held);
        if role == Role::Text {
            let other = if is_better { slot.replace((rank, value)) } else { Some((rank, value)) };
            let length = |text: &Option<(u8, Cow<'_, str>)>| text.as_ref().map_or(0, |(_, text)| text.len());
            if length(&other) > length(&self.other) {
                self.other = other;
            }
        } else if is_better {
            *slot = Some((rank, value));
        }
    }
}

/// What a service shows of a text, where it says at its end how many characters it keeps for itself, or
/// how many there are: `… [+1234 chars]`, `... [1234 chars]`.
pub(in super::super) fn cut_short(text: &str) -> Option<&str> {
    // Nearly all texts are told by one byte.
    let text = if text.ends_with(']') { text } else { text.trim_end() };
    let (shown, count) = text.strip_suffix(" chars]")?.rsplit_once('[')?;
    let count = count.strip_prefix('+').unwrap_or(count);
    let is_count = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    is_count.then(|| shown.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Story {
        let known = Fields::default();
        let mut parts = Parts::default();
        for (name, value) in fields {
            let (role, rank) = known.role(name).unwrap();
            parts.offer(role, rank, Cow::Borrowed(*value));
        }
        parts.story(&known, "t", 1, Vec::new).unwrap()
    }

    #[test]
    fn of_a_text_that_is_cut_and_a_teaser_the_fuller_is_read() {
        let (cut, teaser) =
            ("The last ferry… [+1234 chars]", "The last ferry sails on Friday, the town says.");
        for fields in
            [[("content", cut), ("description", teaser)], [("description", teaser), ("content", cut)]]
        {
            let story = read(&fields);
            assert_eq!(story.body, teaser);
            assert_eq!(story.unread, [Unread::Teaser("description".to_owned())]);
        }
        let short = read(&[("description", "Ferry."), ("content", cut)]);
        assert_eq!(
            (short.body.as_str(), &*short.unread),
            ("The last ferry…", &[Unread::Teaser("content".into())][..])
        );
        let whole = read(&[("content", "All of it."), ("description", teaser)]);
        assert_eq!((whole.body.as_str(), whole.unread.len()), ("All of it.", 0));
    }

    #[test]
    fn what_was_taken_back_is_no_story() {
        let known = Fields::default();
        let read = |fields: &[(&str, &str)]| {
            let mut parts = Parts::default();
            for (name, value) in fields {
                let (role, rank) = known.role(name).unwrap();
                parts.offer(role, rank, Cow::Borrowed(*value));
            }
            parts.story(&known, "t", 1, Vec::new)
        };
        for fields in [
            &[("title", "[Removed]"), ("description", "[Removed]"), ("content", "[Removed]")][..],
            &[("title", "Pier closes"), ("selftext", "[removed]")],
            &[("title", "[Removed]"), ("content", "")],
        ] {
            let error = read(fields).err().unwrap().to_string();
            assert!(error.contains("it was taken back where it stood"), "{error}");
        }
        assert!(read(&[("title", "Pier [Removed]"), ("text", "It was [removed] at night.")]).is_ok());
    }

    #[test]
    fn a_text_in_a_field_of_markup_is_read_as_such() {
        let story =
            read(&[("excerpt", "The ferry"), ("html", "<p>The ferry <b>sails</b>.</p><p>It does.</p>")]);
        assert_eq!((story.body.as_str(), story.unread.len()), ("The ferry sails.\n\nIt does.", 0));
    }

    #[test]
    fn an_hour_in_a_field_of_its_own_goes_with_the_day() {
        let time = |fields: &[(&str, &str)]| {
            let story = read(&[&[("text", "It sails.")], fields].concat());
            (story.time.map(|time| time.to_string()).unwrap_or_default(), story.unread.len())
        };
        let moment = ("2024-04-30T08:15:00Z".to_owned(), 0);
        for fields in [
            [("date", "2024-04-30"), ("time", "08:15")],
            [("time", "8:15:00"), ("date", "2024-04-30")],
            [("Datum", "30.04.2024"), ("Uhrzeit", "08:15 Uhr")],
            [("Datum", "30.04.2024"), ("Uhrzeit", "08.15")],
            [("fecha", "30/04/2024"), ("hora", "8:15")],
            [("Datum", "30.04.2024"), ("Zeit", "08:15")],
            [("Publication date", "April 30, 2024"), ("Time", "8:15 AM")],
            [("date", "2024-04-30"), ("time", "10:15 +0200")],
            [("date", "2024-04-30T08:15:00Z"), ("time", "23:59")],
        ] {
            assert_eq!(time(&fields), moment, "{fields:?}");
        }
        assert_eq!(time(&[("date", "2024-04-30"), ("time", "")]), ("2024-04-30".to_owned(), 0));
        assert_eq!(time(&[("time", "08:15")]), (String::new(), 1), "an hour of no day is told");
    }

    #[test]
    fn what_a_service_keeps_for_itself_is_told_by_its_end() {
        assert_eq!(cut_short("The ferry... [5083 chars]"), Some("The ferry..."));
        assert_eq!(cut_short("The ferry … [+12 chars]\n"), Some("The ferry …"));
        assert_eq!(
            [cut_short("A line of [80 chars]."), cut_short("[ chars]"), cut_short("a [x chars]")],
            [None; 3]
        );
    }
}
