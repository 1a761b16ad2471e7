//! From families of passages to lines for people: a passage, and who printed it when.

use super::super::text::shown::{clean, isolated};
use super::super::{Report, Writer};
use super::FamilyMessage;
use std::io;

/// Writes for people. The layout may change between versions; programs read another format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Travels;

/// Characters of a passage that are shown.
const OPENING: usize = 100;

impl Writer for Travels {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let passages = report.passages.as_deref();
        let families =
            passages.into_iter().flat_map(|found| found.families.iter().map(move |one| (found, one)));
        let shown = |text: &str| isolated(&clean(text)).into_owned();
        for (found, family) in families {
            let family = FamilyMessage::new(report, found, family);
            let words: Vec<&str> = family.members[0].text.split_whitespace().collect();
            let opening: String = words.join(" ").chars().take(OPENING).collect();
            writeln!(out, "{} stories  {}", family.stories, shown(&opening))?;
            for member in &family.members {
                let time = member.time.map_or_else(|| "-".to_owned(), |time| time.to_string());
                let (source, id) = (shown(member.source.unwrap_or("-")), shown(member.id));
                writeln!(out, "  {time}  {source}  {id}  {}\u{2013}{}", member.start, member.end)?;
            }
            writeln!(out)?;
        }
        for skipped in &report.skipped {
            writeln!(out, "skipped {}: {}", shown(&skipped.place.to_string()), shown(&skipped.reason))?;
        }
        let (shared, families) = passages.map_or((0, 0), |found| (found.shared.len(), found.families.len()));
        writeln!(
            out,
            "{} stories · {shared} shared passages · {families} families · {} skipped",
            report.stories.len(),
            report.skipped.len()
        )
    }
}
