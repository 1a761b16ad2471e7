//! From what a run found beside clusters, on request, to lines: changed facts, near misses. A figure
//! that became another stands in a line with `~`.

use super::shown::{Ink, clean, fitted, isolated, two_decimals};
use super::{Page, name};
use crate::evidence::Figure;
use crate::report::Cluster;
use std::io;

impl Page<'_> {
    /// Below a member the facts that only it has, and those that only the base has.
    pub(super) fn changes(
        &self,
        cluster: &Cluster,
        place: u32,
        indent: usize,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let derived = cluster.derived.iter().find(|of| of.member == place);
        let Some(changes) = derived.and_then(|of| of.changes.as_ref()) else { return Ok(()) };
        let figure = |figure: &Figure| clean(&format!("{} {} → {}", figure.of, figure.was, figure.is));
        let [added, dropped] = changes.unpaired_numbers();
        let listed = |numbers: Vec<&str>, [names, quotes]: [&[String]; 2]| -> Vec<String> {
            let words = names.iter().chain(quotes).map(String::as_str);
            numbers.into_iter().chain(words).map(clean).collect()
        };
        for (sign, facts) in [
            ("~", changes.figures.iter().map(figure).collect()),
            ("−", listed(dropped, [&changes.names_dropped, &changes.quotes_dropped])),
            ("+", listed(added, [&changes.names_added, &changes.quotes_added])),
        ] {
            if facts.is_empty() {
                continue;
            }
            let mut line = facts.join(" · ");
            if let Some(width) = self.style.width {
                line = fitted(&line, width.saturating_sub(indent + 2).max(1));
            }
            writeln!(
                out,
                "{:indent$}{}",
                "",
                self.paint(Ink::Aside, &format!("{sign} {}", isolated(&line)))
            )?;
        }
        Ok(())
    }

    /// A line a pair of different reports: what ties them, and both headlines.
    pub(super) fn apart(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let apart = self.report.apart();
        for pair in &apart {
            let told = |place: u32| {
                let story = self.report.story(place);
                let headline = if story.headline().is_empty() { &story.id } else { story.headline() };
                (clean(&story.id), clean(headline))
            };
            let ((a, first), (b, second)) = (told(pair.a), told(pair.b));
            let what = format!("apart  {:<10} {}", name(pair.relation), two_decimals(pair.score));
            writeln!(out, "{}  {}  {}", self.paint(Ink::Relation, &what), isolated(&a), isolated(&b))?;
            for headline in [first, second] {
                let room = self.style.width.map_or(usize::MAX, |width| width.saturating_sub(7).max(1));
                writeln!(out, "{:7}{}", "", self.paint(Ink::Aside, &isolated(&fitted(&headline, room))))?;
            }
        }
        if apart.is_empty() { Ok(()) } else { writeln!(out) }
    }
}
