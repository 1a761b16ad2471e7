//! From what was there and not understood, story by story, to the lines that end a run.

use crate::story::{Story, Unread};
use std::collections::BTreeMap;

/// Counts, and one example of each kind: the least one, so that no order of reading is seen.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Unreads {
    dates: Kind,
    markup: Kind,
    teasers: Kind,
    attachments: Kind,
    empty: Kind,
    entries: Kind,
    /// Replies that a crawler met and that were not read, by what they are.
    replies: BTreeMap<&'static str, u64>,
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Kind {
    count: u64,
    example: Option<String>,
}

impl Kind {
    fn add(&mut self, example: &str, count: u64) {
        self.count += count;
        if self.example.as_deref().is_none_or(|held| example < held) {
            self.example = Some(example.to_owned());
        }
    }

    fn join(&mut self, other: &Self) {
        if let Some(example) = &other.example {
            self.add(example, other.count);
        }
    }

    /// What `told` makes of how many there were and of one of them; `None` of none.
    fn sentence(&self, told: impl FnOnce(u64, &str) -> String) -> Option<String> {
        let example = self.example.as_deref().unwrap_or_default().replace(char::is_control, " ");
        (self.count > 0).then(|| told(self.count, &example))
    }
}

impl Unreads {
    /// Counts what was not understood of `story`.
    pub fn note(&mut self, story: &Story) {
        if story.headline.is_empty() && story.body.is_empty() {
            self.empty.add(&story.id, 1);
        }
        for unread in &story.unread {
            match unread {
                Unread::Date(printed) => self.dates.add(printed, 1),
                Unread::Markup(fault) => self.markup.add(fault, 1),
                Unread::Teaser(field) => self.teasers.add(field, 1),
                Unread::Attachment(name) => self.attachments.add(name, 1),
                Unread::Entry(what) => self.entries.add(what, 1),
            }
        }
    }

    /// Counts a reply that a crawler met and that is not read, for what it is.
    pub(super) fn reply(&mut self, what: &'static str) {
        *self.replies.entry(what).or_default() += 1;
    }

    /// Adds what another part of the run has counted.
    pub fn join(&mut self, other: &Self) {
        self.dates.join(&other.dates);
        self.markup.join(&other.markup);
        self.teasers.join(&other.teasers);
        self.attachments.join(&other.attachments);
        self.empty.join(&other.empty);
        self.entries.join(&other.entries);
        for (what, count) in &other.replies {
            *self.replies.entry(what).or_default() += count;
        }
    }

    /// One sentence a kind: ``17 dates were not understood, `30.04.2024 08:15` for one``.
    pub fn sentences(&self) -> Vec<String> {
        let dates = self.dates.sentence(|count, example| match count {
            1 => format!("1 date was not understood: `{example}`"),
            _ => format!("{count} dates were not understood, `{example}` for one"),
        });
        let markup = self.markup.sentence(|count, example| match count {
            1 => format!("1 feed was mended to be read: {example}"),
            _ => format!("{count} feeds were mended to be read, for one {example}"),
        });
        let teasers = self.teasers.sentence(|count, example| match count {
            1 => format!("1 story has no more text than its `{example}`"),
            _ => format!("{count} stories have no more text than a `{example}`"),
        });
        let attachments = self.attachments.sentence(|count, example| match count {
            1 => format!("1 mail has no text, and what came with it is not read: `{example}`"),
            _ => format!(
                "{count} mails have no text, and what came with them is not read, `{example}` for one"
            ),
        });
        let empty = self.empty.sentence(|count, example| match count {
            1 => format!("1 story has neither headline nor text: `{example}`"),
            _ => format!("{count} stories have neither headline nor text, `{example}` for one"),
        });
        let entries = self.entries.sentence(|count, example| match count {
            1 => format!("1 entry of an export is no published story and was passed over: `{example}`"),
            _ => format!(
                "{count} entries of exports are no published stories and were passed over, `{example}` for one"
            ),
        });
        let parts: Vec<String> = self.replies.iter().map(|(what, count)| format!("{count} {what}")).collect();
        let replies = (!parts.is_empty()).then(|| match self.replies.values().sum() {
            1 => format!("1 reply in WARC was not read: {}", parts.join(", ")),
            count => format!("{count} replies in WARC were not read: {}", parts.join(", ")),
        });
        [dates, markup, teasers, attachments, empty, entries, replies].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_kind_whatever_the_order() {
        let story =
            |printed: &str| Story { unread: vec![Unread::Date(printed.into())], ..Story::new("x", "y") };
        let told = |printed: &[&str]| {
            let (mut all, mut part) = (Unreads::default(), Unreads::default());
            printed.iter().take(1).for_each(|date| all.note(&story(date)));
            printed.iter().skip(1).for_each(|date| part.note(&story(date)));
            all.join(&part);
            all.sentences()
        };
        assert!(told(&[]).is_empty());
        assert_eq!(told(&["soon"]), ["1 date was not understood: `soon`"]);
        assert_eq!(told(&["soon", "later"]), ["2 dates were not understood, `later` for one"]);
        assert_eq!(told(&["later", "soon"]), told(&["soon", "later"]));
        let mut teasers = Unreads::default();
        for field in ["summary", "description"] {
            teasers.note(&Story { unread: vec![Unread::Teaser(field.into())], ..Story::new("x", "y") });
        }
        assert_eq!(teasers.sentences(), ["2 stories have no more text than a `description`"]);
        let mut mails = Unreads::default();
        let mail =
            |name: &str| Story { unread: vec![Unread::Attachment(name.into())], ..Story::new("x", "") };
        mails.note(&Story { headline: "Minutes".into(), ..mail("winmail.dat") });
        let told = "1 mail has no text, and what came with it is not read: `winmail.dat`";
        assert_eq!(mails.sentences(), [told]);
        mails.note(&Story { headline: "Minutes".into(), ..mail("minutes.pdf") });
        let told = "2 mails have no text, and what came with them is not read, `minutes.pdf` for one";
        assert_eq!(mails.sentences(), [told]);
        let mut empty = Unreads::default();
        empty.note(&Story::new("x", ""));
        assert_eq!(empty.sentences(), ["1 story has neither headline nor text: `x`"]);
        let mut export = Unreads::default();
        let passed = |what: &str| Unread::Entry(what.to_owned());
        let unread = vec![passed("attachment"), passed("post of status draft")];
        export.note(&Story { unread, ..Story::new("x", "y") });
        let told = "2 entries of exports are no published stories and were passed over, `attachment` for one";
        assert_eq!(export.sentences(), [told]);
        let (mut replies, mut more) = (Unreads::default(), Unreads::default());
        replies.reply("PDF");
        assert_eq!(replies.sentences(), ["1 reply in WARC was not read: 1 PDF"]);
        ["JSON without a story", "PDF"].into_iter().for_each(|what| more.reply(what));
        replies.join(&more);
        assert_eq!(replies.sentences(), ["3 replies in WARC were not read: 1 JSON without a story, 2 PDF"]);
    }
}
