//! From the `OpenAPI` document to the routes that are there.

use super::server::Server;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

#[test]
fn every_route_is_described_and_every_described_one_is_there() {
    let server = Server::open();
    let document = server.get("/openapi.json").ok();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<&str> =
        document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let routes =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/bin/dedup/serve/routes.rs")).unwrap();
    let named: BTreeSet<&str> =
        routes.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let pages = BTreeSet::from(["/", "/desk.css", "/desk.js"]);
    assert_eq!(named.difference(&pages).copied().collect::<BTreeSet<_>>(), described);
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let path = path.replace("{id}", "x").replace("{number}", "1");
            let status = if path.ends_with("events") {
                200
            } else {
                server.send(&method.to_uppercase(), &path, &[], b"").status
            };
            assert_ne!(status, 405, "{method} {path}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, document: &Value) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(path)) = object.get("$ref") {
                    assert!(document.pointer(path.trim_start_matches('#')).is_some(), "{path}");
                }
                object.values().for_each(|value| walk(value, document));
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, document)),
            _ => {}
        }
    }
    let document = Server::open().get("/openapi.json").ok();
    walk(&document, &document);
}
