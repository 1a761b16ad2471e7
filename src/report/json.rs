//! From a report to one JSON object, for programs that want the whole.

use super::message::{
    DerivedMessage, PairMessage, SingleMessage, SkippedMessage, SummaryMessage, is_none_known, rounded,
    six_decimals,
};
use super::newsrooms::Newsrooms;
use super::standing::{Standing, Standings};
use super::ties::Ties;
use super::{Cluster, Report, Writer};
use crate::dispatch::Dispatch;
use crate::relation::Relation;
use crate::time::Time;
use serde::Serialize;
use std::io;

/// Writes one object, each element of its arrays on a line of its own:
///
/// ```json
/// {
/// "clusters": [ClusterObject, …],
/// "pairs": [PairMessage, …],
/// "singles": [SingleMessage, …],
/// "skipped": [SkippedMessage, …],
/// "warnings": ["…"],
/// "summary": SummaryMessage
/// }
/// ```
///
/// `singles` is there only if asked for. [`message`](super::message) documents what the elements
/// share with JSON lines, [`ClusterObject`] the rest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json {
    /// Whether stories that are in no cluster are listed.
    pub singles: bool,
}

/// The versions of one report, with what is known of each.
#[derive(Clone, Debug, Serialize)]
pub struct ClusterObject<'a> {
    /// Id of the member that is kept and shown.
    pub canonical: &'a str,
    /// Who had it first: an id, the name of an agency, or null.
    pub origin: Option<&'a str>,
    /// The lowest similarity between any two members.
    #[serde(serialize_with = "six_decimals")]
    pub weakest: f64,
    /// Distinct newsrooms among the members; left out where no publisher is known.
    #[serde(skip_serializing_if = "is_none_known")]
    pub newsrooms: usize,
    /// Voices beside the newsroom that had it first: newsrooms that neither credit another nor have
    /// another's text; left out where it is not known who had it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub independent: Option<usize>,
    /// All members, by id.
    pub members: Vec<MemberObject<'a>>,
    /// At level rewrite, what became of the report in each member but the base.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<DerivedMessage<'a>>,
}

/// A member of a cluster.
#[derive(Clone, Debug, Serialize)]
pub struct MemberObject<'a> {
    /// Its id.
    pub id: &'a str,
    /// The headline, or the opening words.
    pub headline: &'a str,
    /// Who published it; null where not known.
    pub source: Option<&'a str>,
    /// Its address on the web; left out where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    /// When, in UTC, or the day where no hour is known; null where not known.
    pub time: Option<Time>,
    /// Language tag; null where not known.
    pub language: Option<&'a str>,
    /// What it is to the canonical; null for the canonical itself, and where the two are not
    /// tied directly.
    pub relation: Option<Relation>,
    /// Score of that relation.
    pub score: Option<f64>,
    /// Jaccard similarity of that relation.
    pub jaccard: Option<f64>,
    /// What stands against its use: `withheld`, `canceled`, `embargoed until …`; left out where
    /// nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Where it stands after a kill or a correction; left out where nothing touches it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standing: Vec<Standing>,
    /// Share of its words that are wrong, of misread print; left out elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
    /// What the wire, feed or page said beside it; left out where it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<&'a Dispatch>,
}

impl Writer for Json {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let ties = Ties::of(report);
        out.write_all(b"{\n")?;
        let known = (&ties, &Standings::of(report));
        let clusters = report.clusters.iter().zip(Newsrooms::all(report));
        let clusters =
            clusters.map(|(cluster, newsrooms)| ClusterObject::new(report, known, (cluster, newsrooms)));
        array(out, "clusters", clusters)?;
        array(out, "pairs", report.pairs.iter().map(|pair| PairMessage::new(report, pair)))?;
        if self.singles {
            array(out, "singles", report.singles().map(SingleMessage::from))?;
        }
        array(out, "skipped", report.skipped.iter().map(SkippedMessage::from))?;
        array(out, "warnings", report.warnings.iter())?;
        out.write_all(b"\"summary\": ")?;
        serde_json::to_writer(&mut *out, &SummaryMessage::from(report))?;
        out.write_all(b"\n}\n")
    }
}

impl<'a> ClusterObject<'a> {
    fn new(
        report: &'a Report,
        known: (&Ties<'a>, &Standings),
        (cluster, newsrooms): (&'a Cluster, Newsrooms),
    ) -> Self {
        let members = cluster.members.iter();
        Self {
            canonical: &report.story(cluster.canonical).id,
            origin: report.origin(cluster),
            weakest: cluster.weakest,
            newsrooms: newsrooms.count,
            independent: newsrooms.independent,
            members: members
                .map(|&member| MemberObject::new(report, known, cluster.canonical, member))
                .collect(),
            derived: cluster.derived.iter().map(|derived| DerivedMessage::new(report, derived)).collect(),
        }
    }
}

impl<'a> MemberObject<'a> {
    fn new(
        report: &'a Report,
        (ties, standings): (&Ties<'a>, &Standings),
        canonical: u32,
        member: u32,
    ) -> Self {
        let story = report.story(member);
        let tie = ties.with(canonical, member);
        let language = story.detail.as_deref().map_or("", |detail| &detail.language);
        Self {
            id: &story.id,
            headline: story.headline(),
            source: known(&story.source),
            url: known(&story.url),
            time: story.time,
            language: known(language),
            relation: tie.map(|tie| tie.relation),
            score: tie.map(|tie| rounded(tie.pair.score)),
            jaccard: tie.map(|tie| rounded(tie.pair.overlap.jaccard())),
            flag: story.flag(),
            standing: standings.get(member).to_vec(),
            noise: story.noise().map(|noise| rounded(f64::from(noise))),
            dispatch: story.dispatch.as_deref(),
        }
    }
}

fn known(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Writes a named array, one element a line.
fn array<T: Serialize>(
    out: &mut dyn io::Write,
    name: &str,
    elements: impl Iterator<Item = T>,
) -> io::Result<()> {
    write!(out, "\"{name}\": [")?;
    let mut before = "\n";
    let mut line = Vec::new();
    for element in elements {
        line.clear();
        line.extend_from_slice(before.as_bytes());
        serde_json::to_writer(&mut line, &element)?;
        out.write_all(&line)?;
        before = ",\n";
    }
    let end = if line.is_empty() { "],\n" } else { "\n],\n" };
    out.write_all(end.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn one_object_with_an_element_a_line() {
        assert_snapshot!(sample::written(&Json { singles: true }), @r#"
        {
        "clusters": [
        {"canonical":"aap-ferry","origin":"aap-ferry","weakest":0.3,"newsrooms":3,"independent":0,"members":[{"id":"aap-ferry","headline":"Ferry runs aground off Phillip Island, \"no one hurt\"","source":"AAP","time":"2024-03-02T08:15:00Z","language":null,"relation":null,"score":null,"jaccard":null},{"id":"post-ferry","headline":"Ferry grounded off island","source":"Tasman Post","time":"2024-03-02T10:00:00Z","language":null,"relation":"copy","score":0.981235,"jaccard":0.83},{"id":"z-ferry","headline":"Ferry: the short version","source":"Gippsland Mail","time":"2024-03-02T12:05:00Z","language":null,"relation":null,"score":null,"jaccard":null}]},
        {"canonical":"belta-sowing","origin":"Interfax","weakest":0.5,"newsrooms":2,"independent":1,"members":[{"id":"belta-sowing","headline":"Сев ранних яровых начался в Гродненской области","source":"БелТА","time":"2022-03-18T06:41:30Z","language":null,"relation":null,"score":null,"jaccard":null},{"id":"sowing-copy","headline":"В Гродненской области начался сев","source":"Гродненская правда","time":"2022-03-18T09:00:00Z","language":null,"relation":"edited","score":0.9,"jaccard":0.5}]},
        {"canonical":"chengdu-1","origin":null,"weakest":1.0,"newsrooms":1,"members":[{"id":"chengdu-1","headline":"成都新增两条地铁线路 全长五十一公里","source":"新华社","time":"2023-05-01T00:00:00Z","language":null,"relation":null,"score":null,"jaccard":null},{"id":"chengdu-2","headline":"成都新增两条\n地铁线路","source":null,"time":null,"language":null,"relation":"identical","score":1.0,"jaccard":1.0}]},
        {"canonical":"spa-asir","origin":"spa-asir","weakest":0.409836,"newsrooms":2,"independent":0,"members":[{"id":"okaz-asir","headline":"مدرجات عسير تستعيد خضرتها بعد موسم الأمطار","source":"عكاظ","time":"2024-01-10T09:00:00Z","language":null,"relation":"excerpt","score":0.87,"jaccard":0.409836},{"id":"spa-asir","headline":"مدرجات عسير الزراعية","source":"واس","time":"2024-01-09T18:30:00Z","language":null,"relation":null,"score":null,"jaccard":null}]}
        ],
        "pairs": [
        {"a":"aap-ferry","b":"post-ferry","relation":"copy","score":0.981235,"jaccard":0.83,"containment_a":0.912088,"containment_b":0.902174,"direction":"a-to-b","reason":"nothing"},
        {"a":"belta-sowing","b":"sowing-copy","relation":"edited","score":0.9,"jaccard":0.5,"containment_a":0.6,"containment_b":0.75,"direction":"a-to-b","reason":"nothing"},
        {"a":"chengdu-1","b":"chengdu-2","relation":"identical","score":1.0,"jaccard":1.0,"containment_a":1.0,"containment_b":1.0,"direction":"unknown","reason":"nothing"},
        {"a":"okaz-asir","b":"spa-asir","relation":"excerpt","score":0.87,"jaccard":0.409836,"containment_a":0.961538,"containment_b":0.416667,"direction":"b-to-a","reason":"nothing"},
        {"a":"post-ferry","b":"z-ferry","relation":"extended","score":0.91,"jaccard":0.322581,"containment_a":0.326087,"containment_b":0.967742,"direction":"a-to-b","reason":"nothing"}
        ],
        "singles": [
        {"id":"moon"}
        ],
        "skipped": [
        {"path":"feed.jsonl","line":7,"reason":"expected a JSON object, found `[`; give one story a line"},
        {"path":"photo.txt","line":0,"reason":"binary file: expected text, found byte 0x00"}
        ],
        "warnings": [
        "the id `moon` came 2 times; the later one is `moon#2`"
        ],
        "summary": {"stories":10,"clusters":4,"clustered":9,"pairs":5,"skipped":2}
        }
        "#);
    }

    #[test]
    fn an_empty_report_is_an_object_too() {
        let mut out = Vec::new();
        Json::default().write(&Report::default(), &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(value["summary"]["stories"], 0);
        assert_eq!(value["clusters"], serde_json::json!([]));
    }
}
