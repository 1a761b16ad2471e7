//! From nothing to one report in four scripts, on which the tests of all writers agree.

use super::{Cluster, Detail, Origin, Pair, Report, Skipped, StoryInfo, Writer};
use crate::error::Place;
use crate::relation::direction::Reason;
use crate::relation::model::Model;
use crate::relation::{Direction, Relation};
use crate::similarity::Overlap;

/// What `writer` makes of the sample.
pub(super) fn written(writer: &dyn Writer) -> String {
    let mut out = Vec::new();
    writer.write(&report(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Latin, Cyrillic, Arabic and Chinese; a member that is tied to another member only, an agency
/// as origin, missing sources and times, a quote and a line break where they hurt.
pub(super) fn report() -> Report {
    Report {
        model: Model::default(),
        publishers: std::sync::Arc::default(),
        stories: stories(),
        pairs: pairs(),
        clusters: clusters(),
        skipped: skipped(),
        warnings: warnings(),
        passages: None,
    }
}

fn stories() -> Vec<StoryInfo> {
    vec![
        story(
            "aap-ferry",
            "AAP",
            "2024-03-02T08:15:00Z",
            "Ferry runs aground off Phillip Island, \"no one hurt\"",
        ),
        story(
            "belta-sowing",
            "БелТА",
            "2022-03-18T06:41:30Z",
            "Сев ранних яровых начался в Гродненской области",
        ),
        story("chengdu-1", "新华社", "2023-05-01T00:00:00Z", "成都新增两条地铁线路 全长五十一公里"),
        story("chengdu-2", "", "", "成都新增两条\n地铁线路"),
        StoryInfo { id: "moon".into(), tokens: 12, ..StoryInfo::default() },
        story("okaz-asir", "عكاظ", "2024-01-10T09:00:00Z", "مدرجات عسير تستعيد خضرتها بعد موسم الأمطار"),
        story("post-ferry", "Tasman Post", "2024-03-02T10:00:00Z", "Ferry grounded off island"),
        story(
            "sowing-copy",
            "Гродненская правда",
            "2022-03-18T09:00:00Z",
            "В Гродненской области начался сев",
        ),
        story("spa-asir", "واس", "2024-01-09T18:30:00Z", "مدرجات عسير الزراعية"),
        story("z-ferry", "Gippsland Mail", "2024-03-02T12:05:00Z", "Ferry: the short version"),
    ]
}

fn story(id: &str, source: &str, time: &str, headline: &str) -> StoryInfo {
    let detail = Detail { headline: headline.into(), ..Detail::default() };
    StoryInfo {
        id: id.into(),
        source: source.into(),
        time: time.parse().ok(),
        tokens: 180,
        detail: Some(Box::new(detail)),
        ..StoryInfo::default()
    }
}

fn pairs() -> Vec<Pair> {
    let pair = |a, b, relation, score, (shared, in_a, in_b), direction| {
        let overlap = Overlap { shared, a: in_a, b: in_b };
        Pair {
            a,
            b,
            relation,
            score,
            overlap,
            direction,
            reason: Reason::Nothing,
            cut: false,
            coverage: None,
            signals: None,
        }
    };
    vec![
        pair(0, 6, Relation::Copy, 0.981_234_56, (83, 91, 92), Direction::AToB),
        pair(1, 7, Relation::Edited, 0.9, (60, 100, 80), Direction::AToB),
        pair(2, 3, Relation::Identical, 1.0, (40, 40, 40), Direction::Unknown),
        pair(5, 8, Relation::Excerpt, 0.87, (50, 52, 120), Direction::BToA),
        pair(6, 9, Relation::Extended, 0.91, (30, 92, 31), Direction::AToB),
    ]
}

fn clusters() -> Vec<Cluster> {
    let cluster = |canonical, origin, members: &[u32], weakest| Cluster {
        canonical,
        origin,
        members: members.to_vec(),
        weakest,
        derived: Vec::new(),
    };
    vec![
        cluster(0, Some(Origin::Story(0)), &[0, 6, 9], 0.299_999_9),
        cluster(1, Some(Origin::Agency("Interfax".into())), &[1, 7], 0.5),
        cluster(2, None, &[2, 3], 1.0),
        cluster(8, Some(Origin::Story(8)), &[5, 8], 0.409_836),
    ]
}

fn skipped() -> Vec<Skipped> {
    let skipped = |path: &str, line, reason: &str| Skipped {
        place: Place { path: path.into(), line },
        reason: reason.into(),
    };
    vec![
        skipped("feed.jsonl", 7, "expected a JSON object, found `[`; give one story a line"),
        skipped("photo.txt", 0, "binary file: expected text, found byte 0x00"),
    ]
}

fn warnings() -> Vec<String> {
    vec!["the id `moon` came 2 times; the later one is `moon#2`".into()]
}
