//! From a source, or a report, to how many of its stories came when; and from a reader's choice to the
//! version that stands for a report.

use super::api::filled;
use serde_json::json;

#[test]
fn stories_are_counted_by_the_hour() {
    let server = filled();
    let eight = 1_709_366_400;
    let report = server.get("/api/v1/volume?id=aap-1").ok();
    assert_eq!(report, json!({"step": 3600, "counts": [[eight, 1], [eight + 7_200, 1]], "timeless": 0}));
    let tass = server.get("/api/v1/volume?source=%D0%A2%D0%90%D0%A1%D0%A1").ok();
    assert_eq!(tass["counts"], json!([[eight + 3_600, 1]]), "by another name of it");
    let none = server.get("/api/v1/volume?source=TASS&since=2024-03-03T00:00:00Z").ok();
    assert_eq!(none["counts"], json!([]));
    assert_eq!(server.get("/api/v1/volume?id=nobody").status, 404);
    for wrong in ["", "?source=TASS&id=aap-1", "?id=aap-1&since=2024-03-03T00:00:00Z"] {
        assert_eq!(server.get(&format!("/api/v1/volume{wrong}")).status, 400, "{wrong}");
    }
}

#[test]
fn a_reader_chooses_which_version_stands_for_a_report() {
    let server = filled();
    let shown =
        |query: &str| server.get(&format!("/api/v1/clusters{query}")).ok()["clusters"][0]["id"].clone();
    assert_eq!(shown(""), "aap-1");
    assert_eq!(shown("?stands=last"), "post/7 ?");
    assert_eq!(shown("?stands=source:Tasman%20Post"), "post/7 ?");
    let file = server.get("/api/v1/export?stands=last").body;
    assert!(file.contains(r#""canonical":"post/7 ?""#), "{file}");
    assert_eq!(server.get("/api/v1/clusters?stands=newest").status, 422);
}
