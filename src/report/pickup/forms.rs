//! From a pickup to text, a table, JSON lines and a graph of who carried whom.

use super::super::csv::harmless;
use super::super::graph::{Attribute, Edge, Graph, Kind, Node};
use super::super::standing::spelled;
use super::super::text::shown::{clean, isolated, two_decimals};
use super::super::{gexf, graphml};
use super::{Carrier, Pickup, Told, Use};
use serde::Serialize;
use std::io::{self, Write};

const COLUMNS: [&str; 19] = [
    "ours",
    "ours_headline",
    "ours_time",
    "ours_url",
    "ours_standing",
    "carrier",
    "id",
    "headline",
    "time",
    "url",
    "standing",
    "delay_seconds",
    "used",
    "from_ours",
    "how",
    "relation",
    "score",
    "credit",
    "via",
];

/// One line of JSON lines.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Message<'a> {
    Use(&'a Use<'a>),
    Carrier(&'a Carrier<'a>),
    Pickup { source: &'a str, stories: usize, carried: usize, uses: usize, carriers: usize, newsrooms: usize },
}

impl Pickup<'_> {
    /// A line a story that was carried, then one a carrier, for people.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut ours = None;
        for one in &self.uses {
            if ours != Some(one.ours.id) {
                ours = Some(one.ours.id);
                writeln!(out, "{}", line(&[headline(&one.ours), time(&one.ours), stands(&one.ours)]))?;
            }
            let used = one.used.map(|share| format!("{} of it", two_decimals(share)));
            let via = one.via.map(|via| format!("via {}", isolated(&clean(via))));
            let parts = [
                format!("  {:<10}", name(one.how)),
                who(one.carrier),
                one.delay.map(lasting).unwrap_or_default(),
                used.unwrap_or_default(),
                one.credit.map(|credit| format!("credit {}", name(credit))).unwrap_or_default(),
                via.unwrap_or_default(),
                stands(&one.theirs),
                isolated(&clean(if one.theirs.url.is_empty() { one.theirs.id } else { one.theirs.url }))
                    .into_owned(),
            ];
            writeln!(out, "{}", line(&parts))?;
        }
        if !self.carriers.is_empty() {
            writeln!(out)?;
        }
        for carrier in &self.carriers {
            let parts = [
                format!("{:>5}  {}", carrier.stories, who(carrier.source)),
                carrier.delay.map(|delay| format!("after {}", lasting(delay))).unwrap_or_default(),
                carrier.used.map(|used| format!("{} of it", two_decimals(used))).unwrap_or_default(),
                format!("{} verbatim", carrier.verbatim),
                format!("{} credited", carrier.credited),
                if carrier.uncredited == 0 { String::new() } else { format!("{} not", carrier.uncredited) },
            ];
            writeln!(out, "{}", line(&parts))?;
        }
        let (carried, uses, by) = (self.carried, self.uses.len(), self.carriers.len());
        writeln!(
            out,
            "{}: {carried} of {} carried, {} by {}, {}",
            who(self.source),
            counted(self.stories, "story", "stories"),
            counted(uses, "time", "times"),
            counted(by, "source", "sources"),
            counted(self.newsrooms, "newsroom", "newsrooms")
        )
    }

    /// A row a use, for spreadsheets: with the mark of UTF-8 in front, and no text that is taken for
    /// a formula.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut table = csv::Writer::from_writer(out);
        table.write_record(COLUMNS)?;
        for one in &self.uses {
            let told = |story: &Told<'_>| story.time.map(|time| time.to_string()).unwrap_or_default();
            let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            table.write_record([
                &*harmless(one.ours.id),
                &harmless(one.ours.headline),
                &told(&one.ours),
                &harmless(one.ours.url),
                &spelled(&one.ours.standing),
                &harmless(one.carrier),
                &harmless(one.theirs.id),
                &harmless(one.theirs.headline),
                &told(&one.theirs),
                &harmless(one.theirs.url),
                &spelled(&one.theirs.standing),
                &one.delay.map(|delay| delay.to_string()).unwrap_or_default(),
                &number(one.used),
                &number(one.from_ours),
                &name(one.how),
                &one.relation.map(name).unwrap_or_default(),
                &number(one.score),
                &one.credit.map(name).unwrap_or_default(),
                &harmless(one.via.unwrap_or_default()),
            ])?;
        }
        table.flush()
    }

    /// A message a use, one a carrier, and one of the whole.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        let uses = self.uses.iter().map(Message::Use);
        let whole = Message::Pickup {
            source: self.source,
            stories: self.stories,
            carried: self.carried,
            uses: self.uses.len(),
            carriers: self.carriers.len(),
            newsrooms: self.newsrooms,
        };
        for message in uses.chain(self.carriers.iter().map(Message::Carrier)).chain([whole]) {
            serde_json::to_writer(&mut *out, &message)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Sources as nodes, an edge to each carrier; its weight is how many stories it carried.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_gexf(&self, out: &mut dyn Write) -> io::Result<()> {
        gexf::write(&self.graph(), out)
    }

    /// The same as `GraphML`.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_graphml(&self, out: &mut dyn Write) -> io::Result<()> {
        graphml::write(&self.graph(), out)
    }

    fn graph(&self) -> Graph {
        const NODE: &[Attribute] = &[("stories", Kind::Whole)];
        const EDGE: &[Attribute] = &[
            ("weight", Kind::Real),
            ("stories", Kind::Whole),
            ("delay", Kind::Whole),
            ("used", Kind::Real),
            ("verbatim", Kind::Whole),
            ("credited", Kind::Whole),
            ("uncredited", Kind::Whole),
        ];
        let node = |name: &str, stories: usize| Node {
            id: name.to_owned(),
            label: name.to_owned(),
            values: vec![Some(stories.to_string())],
        };
        let named = || self.carriers.iter().filter(|one| !one.source.is_empty() && one.source != self.source);
        let edge = |one: &Carrier<'_>| Edge {
            from: self.source.to_owned(),
            to: one.source.to_owned(),
            weight: one.stories as f64,
            values: vec![
                Some(one.stories.to_string()),
                Some(one.stories.to_string()),
                one.delay.map(|delay| delay.to_string()),
                one.used.map(|used| used.to_string()),
                Some(one.verbatim.to_string()),
                Some(one.credited.to_string()),
                Some(one.uncredited.to_string()),
            ],
        };
        let others = named().map(|one| node(one.source, one.stories));
        Graph {
            node_attributes: NODE,
            edge_attributes: EDGE,
            nodes: std::iter::once(node(self.source, self.stories)).chain(others).collect(),
            edges: named().map(edge).collect(),
        }
    }
}

/// A name as the JSON forms spell it.
fn name(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn line(parts: &[String]) -> String {
    let known: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    known.join("  ")
}

fn who(source: &str) -> String {
    if source.is_empty() { "source unknown".to_owned() } else { isolated(&clean(source)).into_owned() }
}

fn headline(story: &Told<'_>) -> String {
    isolated(&clean(if story.headline.is_empty() { story.id } else { story.headline })).into_owned()
}

fn time(story: &Told<'_>) -> String {
    story.time.map(|time| time.to_string()).unwrap_or_default()
}

fn stands(story: &Told<'_>) -> String {
    let words: Vec<&str> = story.standing.iter().map(|standing| standing.words()).collect();
    words.join(", ")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A stretch of time in its two largest units.
fn lasting(seconds: i64) -> String {
    let sign = if seconds < 0 { "−" } else { "" };
    let seconds = seconds.unsigned_abs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{seconds} s"),
        (0, 0, minutes) => format!("{sign}{minutes} min"),
        (0, hours, minutes) => format!("{sign}{hours} h {minutes} min"),
        (days, hours, _) => format!("{sign}{days} d {hours} h"),
    }
}
