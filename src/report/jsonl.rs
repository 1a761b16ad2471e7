//! From a report to JSON lines: one typed message a line, for programs.

use super::message::{ClusterMessage, Message, PairMessage, SummaryMessage};
use super::newsrooms::Newsrooms;
use super::passages::{FamilyMessage, PassageMessage};
use super::standing::Standings;
use super::{Report, Writer};
use serde::Serialize;
use std::io;

/// Writes one [`Message`] a line; [`message`](super::message) is the contract.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jsonl {
    /// Whether stories that are in no cluster get a line.
    pub singles: bool,
}

impl Writer for Jsonl {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let mut lines = Lines { out, line: Vec::new() };
        for pair in &report.pairs {
            lines.put(&Message::Pair(PairMessage::new(report, pair)))?;
        }
        let standings = Standings::of(report);
        for (cluster, newsrooms) in report.clusters.iter().zip(Newsrooms::all(report)) {
            lines.put(&Message::Cluster(ClusterMessage::new(report, (&standings, newsrooms), cluster)))?;
        }
        if let Some(passages) = &report.passages {
            for passage in &passages.shared {
                lines.put(&Message::Passage(PassageMessage::new(report, passages, passage)))?;
            }
            for family in &passages.families {
                lines.put(&Message::Family(FamilyMessage::new(report, passages, family)))?;
            }
        }
        if self.singles {
            for story in report.singles() {
                lines.put(&Message::Single(story.into()))?;
            }
        }
        for skipped in &report.skipped {
            lines.put(&Message::Skipped(skipped.into()))?;
        }
        lines.put(&Message::Summary(SummaryMessage::from(report)))
    }
}

/// Makes each line in memory, so that `out` gets it in one piece.
struct Lines<'a> {
    out: &'a mut dyn io::Write,
    line: Vec<u8>,
}

impl Lines<'_> {
    fn put(&mut self, message: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, message)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn the_contract() {
        assert_snapshot!(sample::written(&Jsonl { singles: true }), @r#"
        {"type":"pair","a":"aap-ferry","b":"post-ferry","relation":"copy","score":0.981235,"jaccard":0.83,"containment_a":0.912088,"containment_b":0.902174,"direction":"a-to-b","reason":"nothing"}
        {"type":"pair","a":"belta-sowing","b":"sowing-copy","relation":"edited","score":0.9,"jaccard":0.5,"containment_a":0.6,"containment_b":0.75,"direction":"a-to-b","reason":"nothing"}
        {"type":"pair","a":"chengdu-1","b":"chengdu-2","relation":"identical","score":1.0,"jaccard":1.0,"containment_a":1.0,"containment_b":1.0,"direction":"unknown","reason":"nothing"}
        {"type":"pair","a":"okaz-asir","b":"spa-asir","relation":"excerpt","score":0.87,"jaccard":0.409836,"containment_a":0.961538,"containment_b":0.416667,"direction":"b-to-a","reason":"nothing"}
        {"type":"pair","a":"post-ferry","b":"z-ferry","relation":"extended","score":0.91,"jaccard":0.322581,"containment_a":0.326087,"containment_b":0.967742,"direction":"a-to-b","reason":"nothing"}
        {"type":"cluster","canonical":"aap-ferry","origin":"aap-ferry","members":["aap-ferry","post-ferry","z-ferry"],"weakest":0.3,"newsrooms":3,"independent":0}
        {"type":"cluster","canonical":"belta-sowing","origin":"Interfax","members":["belta-sowing","sowing-copy"],"weakest":0.5,"newsrooms":2,"independent":1}
        {"type":"cluster","canonical":"chengdu-1","origin":null,"members":["chengdu-1","chengdu-2"],"weakest":1.0,"newsrooms":1}
        {"type":"cluster","canonical":"spa-asir","origin":"spa-asir","members":["okaz-asir","spa-asir"],"weakest":0.409836,"newsrooms":2,"independent":0}
        {"type":"single","id":"moon"}
        {"type":"skipped","path":"feed.jsonl","line":7,"reason":"expected a JSON object, found `[`; give one story a line"}
        {"type":"skipped","path":"photo.txt","line":0,"reason":"binary file: expected text, found byte 0x00"}
        {"type":"summary","stories":10,"clusters":4,"clustered":9,"pairs":5,"skipped":2}
        "#);
    }

    #[test]
    fn an_empty_report_is_a_summary() {
        let mut out = Vec::new();
        Jsonl::default().write(&Report::default(), &mut out).unwrap();
        assert_snapshot!(String::from_utf8(out).unwrap(), @r#"{"type":"summary","stories":0,"clusters":0,"clustered":0,"pairs":0,"skipped":0}"#);
    }
}
