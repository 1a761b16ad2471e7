//! From the sample, in which AAP and BelTA are carried, to their pickups.

use super::super::{StoryInfo, sample};
use super::*;

fn report() -> Report {
    let mut report = sample::report();
    report.stories[0].url = "https://aap.example/1".into();
    report.stories[6].url = "=HYPERLINK(\"x\")".into();
    report
}

fn written(write: impl Fn(&Pickup<'_>, &mut Vec<u8>)) -> String {
    let report = report();
    let mut out = Vec::new();
    write(&Pickup::of(&report, "AAP"), &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn who_carried_what_is_told_with_delay_share_and_credit() {
    let report = report();
    let pickup = Pickup::of(&report, "aap");
    assert_eq!((pickup.stories, pickup.carried), (1, 1));
    let copy = pickup.uses.iter().find(|one| one.theirs.id == "post-ferry").unwrap();
    assert_eq!((copy.ours.id, copy.carrier, copy.delay), ("aap-ferry", "Tasman Post", Some(6_300)));
    assert_eq!((copy.relation, copy.how), (Some(Relation::Copy), How::Edited));
    assert!(copy.used.is_some_and(|used| used > 0.5));
    let by: Vec<(&str, usize)> = pickup.carriers.iter().map(|one| (one.source, one.stories)).collect();
    assert!(by.contains(&("Tasman Post", 1)), "{by:?}");
}

#[test]
fn an_agency_is_known_by_any_of_its_names() {
    let report = report();
    let pickup = Pickup::of(&report, "BelTA");
    assert_eq!(pickup.uses.len(), 1);
    assert_eq!(pickup.uses[0].carrier, "Гродненская правда");
    assert_eq!(Pickup::of(&report, "Nobody").uses, []);
}

#[test]
fn whoever_had_it_first_carried_nothing() {
    let report = report();
    assert!(Pickup::of(&report, "Tasman Post").uses.iter().all(|one| one.carrier != "AAP"));
}

#[test]
fn a_table_is_marked_and_no_formula() {
    let table = written(|pickup, out| pickup.write_csv(out).unwrap());
    assert!(table.starts_with("\u{feff}ours,"), "{table}");
    assert!(table.contains("'=HYPERLINK"), "{table}");
    assert!(table.contains(",https://aap.example/1,") && table.contains(",6300,"), "{table}");
}

#[test]
fn a_graph_has_weights() {
    let gexf = written(|pickup, out| pickup.write_gexf(out).unwrap());
    let graphml = written(|pickup, out| pickup.write_graphml(out).unwrap());
    assert!(gexf.contains("source=\"AAP\" target=\"Tasman Post\" weight=\"1\""), "{gexf}");
    assert!(graphml.contains("<data key=\"edge-weight\">1</data>"), "{graphml}");
}

#[test]
fn text_tells_the_same_and_moves_no_cursor() {
    let mut report = report();
    report.stories[6] = StoryInfo { source: "Tas\u{1b}[2Jman".into(), ..report.stories[6].clone() };
    let mut out = Vec::new();
    Pickup::of(&report, "AAP").write_text(&mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("1 h 45 min") && !out.contains('\u{1b}'), "{out}");
    assert!(out.lines().last().unwrap().starts_with("AAP: 1 of 1 story carried"), "{out}");
}
