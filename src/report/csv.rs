//! From a report to a table, one row a member of a cluster, for spreadsheets.

use super::message::rounded;
use super::standing::{self, Standings};
use super::ties::Ties;
use super::{CreditFate, Derived, Pair, Report, StoryInfo, Writer};
use crate::relation::Relation;
use crate::time::Time;
use ahash::AHashMap;
use serde::Serialize;
use std::borrow::Cow;
use std::io;

/// Writes one [`Row`] a member, clusters in order, members by id; UTF-8, with a header.
///
/// A spreadsheet would take a text that begins with `=`, `+`, `-`, `@`, a tab or a return for a
/// formula, and run what a stranger wrote; such a text gets an apostrophe in front. The other
/// formats give every text as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Csv {
    /// Whether stories that are in no cluster get a row.
    pub singles: bool,
    /// Whether each pair of different reports gets a row, of the second story beside the first.
    pub apart: bool,
    /// Whether a row says what became of the report: credit, shares, facts.
    pub facts: bool,
}

/// A row of the table. What is not known is an empty field.
#[derive(Clone, Debug, Serialize)]
pub struct Row<'a> {
    /// The number of the cluster, from 1; empty for a single.
    pub cluster: Option<usize>,
    /// Id of the member that is kept and shown; empty for a single.
    pub canonical: &'a str,
    /// Id of the story.
    pub id: &'a str,
    /// What the story is in the cluster.
    pub role: Role,
    /// What it is to the canonical, where the two are tied directly.
    pub relation: Option<Relation>,
    /// Score of that relation.
    pub score: Option<f64>,
    /// Jaccard similarity of that relation.
    pub jaccard: Option<f64>,
    /// Who published it.
    pub source: &'a str,
    /// When, in UTC, or the day where no hour is known.
    pub time: Option<Time>,
    /// The headline, or the opening words.
    pub headline: &'a str,
    /// What stands against its use: `withheld`, `canceled`, `embargoed until …`.
    pub flag: Option<String>,
    /// Its address on the web.
    pub url: &'a str,
    /// Where it stands after a kill or a correction, as [`Standing`](super::Standing) spells it; of
    /// two, with a blank between them.
    pub standing: String,
}

/// What a story is in its cluster.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The one that is kept and shown.
    Canonical,
    /// Any other.
    Member,
    /// It is in none.
    Single,
    /// Something ties it to `canonical`, though the two are versions of different reports.
    Apart,
}

/// What became of the report in a member, beside its base; empty where that is not known.
#[derive(Clone, Debug, Default, Serialize)]
struct Became {
    /// `kept`, `removed` or `replaced`.
    credit: Option<CreditFate>,
    from_base: Option<f64>,
    of_base: Option<f64>,
    /// Facts that only the member has, and that only the base has.
    added: String,
    dropped: String,
}

impl Became {
    fn of(derived: &Derived) -> Self {
        let listed = |kinds: [&[String]; 3]| harmless(&kinds.concat().join(" · ")).into_owned();
        let (added, dropped) = derived.changes.as_ref().map_or_else(Default::default, |of| {
            (
                listed([&of.numbers_added, &of.names_added, &of.quotes_added]),
                listed([&of.numbers_dropped, &of.names_dropped, &of.quotes_dropped]),
            )
        });
        Self {
            credit: derived.credit,
            from_base: derived.shares.map(|(from, _)| rounded(from)),
            of_base: derived.shares.map(|(_, of)| rounded(of)),
            added,
            dropped,
        }
    }
}

const COLUMNS: [&str; 13] = [
    "cluster",
    "canonical",
    "id",
    "role",
    "relation",
    "score",
    "jaccard",
    "source",
    "time",
    "headline",
    "flag",
    "url",
    "standing",
];

impl Writer for Csv {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let (ties, standings) = (Ties::of(report), Standings::of(report));
        let derived = report.clusters.iter().flat_map(|cluster| &cluster.derived);
        let derived: AHashMap<&str, &Derived> =
            derived.map(|of| (report.story(of.member).id.as_str(), of)).collect();
        let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(out);
        let facts: &[&str] =
            if self.facts { &["credit", "from_base", "of_base", "added", "dropped"] } else { &[] };
        table.write_record(COLUMNS.iter().chain(facts))?;
        let apart = self.apart.then(|| report.apart()).into_iter().flatten();
        let apart = apart.map(|pair| Row::apart(report, pair));
        let members = rows(report, &ties, &standings, self.singles).map(|(row, _)| row);
        for row in members.chain(apart) {
            let became = derived.get(row.id).map(|of| Became::of(of)).unwrap_or_default();
            let (canonical, id) = (harmless(row.canonical), harmless(row.id));
            let (source, headline, url) = (harmless(row.source), harmless(row.headline), harmless(row.url));
            let row = Row {
                canonical: &canonical,
                id: &id,
                source: &source,
                headline: &headline,
                url: &url,
                ..row
            };
            if self.facts { table.serialize((row, became))? } else { table.serialize(row)? }
        }
        table.flush()
    }
}

/// A text that no spreadsheet takes for a formula. Numbers are none.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

/// A row a member, clusters in order, each with its story; those in no cluster too if `singles`.
pub(super) fn rows<'a>(
    report: &'a Report,
    ties: &'a Ties<'a>,
    standings: &'a Standings,
    singles: bool,
) -> impl Iterator<Item = (Row<'a>, &'a StoryInfo)> {
    let members = (1..).zip(&report.clusters).flat_map(move |(number, cluster)| {
        let canonical = report.story(cluster.canonical);
        cluster.members.iter().map(move |&member| {
            let (story, tie) = (report.story(member), ties.with(cluster.canonical, member));
            let row = Row {
                cluster: Some(number),
                canonical: &canonical.id,
                role: if member == cluster.canonical { Role::Canonical } else { Role::Member },
                relation: tie.map(|tie| tie.relation),
                score: tie.map(|tie| rounded(tie.pair.score)),
                jaccard: tie.map(|tie| rounded(tie.pair.overlap.jaccard())),
                standing: standing::spelled(standings.get(member)),
                ..Row::single(story)
            };
            (row, story)
        })
    });
    let alone = singles.then(|| report.singles().map(|story| (Row::single(story), story)));
    members.chain(alone.into_iter().flatten())
}

impl<'a> Row<'a> {
    /// The second story of a pair of different reports beside the first.
    fn apart(report: &'a Report, pair: &Pair) -> Self {
        Self {
            canonical: &report.story(pair.a).id,
            role: Role::Apart,
            relation: Some(pair.relation.mirrored()),
            score: Some(rounded(pair.score)),
            jaccard: Some(rounded(pair.overlap.jaccard())),
            ..Self::single(report.story(pair.b))
        }
    }

    fn single(story: &'a StoryInfo) -> Self {
        Self {
            cluster: None,
            canonical: "",
            id: &story.id,
            role: Role::Single,
            relation: None,
            score: None,
            jaccard: None,
            source: &story.source,
            time: story.time,
            headline: story.headline(),
            flag: story.flag(),
            url: &story.url,
            standing: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn a_row_a_member() {
        assert_snapshot!(sample::written(&Csv { singles: true, ..Csv::default() }), @r#"
    cluster,canonical,id,role,relation,score,jaccard,source,time,headline,flag,url,standing
    1,aap-ferry,aap-ferry,canonical,,,,AAP,2024-03-02T08:15:00Z,"Ferry runs aground off Phillip Island, ""no one hurt""",,,
    1,aap-ferry,post-ferry,member,copy,0.981235,0.83,Tasman Post,2024-03-02T10:00:00Z,Ferry grounded off island,,,
    1,aap-ferry,z-ferry,member,,,,Gippsland Mail,2024-03-02T12:05:00Z,Ferry: the short version,,,
    2,belta-sowing,belta-sowing,canonical,,,,БелТА,2022-03-18T06:41:30Z,Сев ранних яровых начался в Гродненской области,,,
    2,belta-sowing,sowing-copy,member,edited,0.9,0.5,Гродненская правда,2022-03-18T09:00:00Z,В Гродненской области начался сев,,,
    3,chengdu-1,chengdu-1,canonical,,,,新华社,2023-05-01T00:00:00Z,成都新增两条地铁线路 全长五十一公里,,,
    3,chengdu-1,chengdu-2,member,identical,1.0,1.0,,,"成都新增两条
    地铁线路",,,
    4,spa-asir,okaz-asir,member,excerpt,0.87,0.409836,عكاظ,2024-01-10T09:00:00Z,مدرجات عسير تستعيد خضرتها بعد موسم الأمطار,,,
    4,spa-asir,spa-asir,canonical,,,,واس,2024-01-09T18:30:00Z,مدرجات عسير الزراعية,,,
    ,,moon,single,,,,,,,,,
"#);
    }

    #[test]
    fn facts_and_near_misses_have_columns_and_rows() {
        let mut report = sample::report();
        report.clusters[0].derived = vec![Derived {
            member: report.clusters[0].members[1],
            base: report.clusters[0].canonical,
            shares: Some((0.9, 0.75)),
            credit: Some(CreditFate::Removed),
            changes: Some(crate::evidence::Changes {
                numbers_added: vec!["-950".into()],
                names_added: vec!["Brandt".into()],
                numbers_dropped: vec!["=600".into()],
                ..Default::default()
            }),
        }];
        report.pairs.push(Pair {
            a: 0,
            b: 4,
            relation: Relation::Related,
            score: 0.25,
            ..report.pairs[0].clone()
        });
        let written = sample::written(&Csv { facts: true, apart: true, ..Csv::default() });
        assert!(
            written.starts_with("cluster,")
                && written
                    .lines()
                    .next()
                    .unwrap()
                    .ends_with("standing,credit,from_base,of_base,added,dropped")
        );
        let mut out = Vec::new();
        Csv { facts: true, apart: true, ..Csv::default() }.write(&report, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains(",removed,0.9,0.75,'-950 · Brandt,'=600\n"), "{out}");
        assert!(out.contains(",apart,related,0.25,"), "{out}");
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=cmd|' /C calc'!A0", "+1+2", "-2+3", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["-7", "+1.5", "a=b", "", "урон", "'x"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn an_empty_report_is_a_header() {
        let mut out = Vec::new();
        Csv::default().write(&Report::default(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "cluster,canonical,id,role,relation,score,jaccard,source,time,headline,flag,url,standing\n"
        );
    }
}
