//! From families of passages to the JSON lines that passim 2 writes: viewers made for it work on.

use super::super::{Report, Writer};
use super::{FamilyMessage, StretchMessage};
use crate::hash;
use serde::Serialize;
use std::io;

/// Writes a line a member of each family, families of many stories first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Passim;

/// A member of a cluster, by the names that passim has for its parts.
#[derive(Debug, Serialize)]
struct Member<'a> {
    /// The number of the family, from 0.
    cluster: usize,
    /// How many members it has.
    size: usize,
    /// A number of the member's own, the same in every run.
    uid: i64,
    id: &'a str,
    series: &'a str,
    /// The day, or empty.
    date: String,
    /// The first character, from 0.
    begin: usize,
    /// One past the last.
    end: usize,
    text: &'a str,
}

impl<'a> Member<'a> {
    fn new((cluster, size): (usize, usize), member: &StretchMessage<'a>) -> Self {
        let key = format!("{}\u{0}{}\u{0}{}", member.id, member.start, member.end);
        let date = member.time.map(|time| time.to_string()).unwrap_or_default();
        Self {
            cluster,
            size,
            uid: i64::from_le_bytes(hash::bytes(key.as_bytes()).to_le_bytes()),
            id: member.id,
            series: member.source.unwrap_or_default(),
            date: date.split('T').next().unwrap_or_default().to_owned(),
            begin: member.start,
            end: member.end,
            text: member.text,
        }
    }
}

impl Writer for Passim {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let Some(passages) = report.passages.as_deref() else { return Ok(()) };
        for (number, family) in passages.families.iter().enumerate() {
            let family = FamilyMessage::new(report, passages, family);
            for member in &family.members {
                serde_json::to_writer(&mut *out, &Member::new((number, family.members.len()), member))?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }
}
