//! From the record of a service to the story that it holds as an object.

use super::super::fields::{Fields, Role};

/// Keys under which a record holds its story, beside facts of the service.
pub(super) const HOLDERS: [&str; 12] = [
    "_source",
    "item",
    "article",
    "story",
    "document",
    "doc",
    "fields",
    "node",
    "attributes",
    "post",
    "data",
    "result",
];

/// That story, with what stands beside it.
///
/// What was read as the text of the record may be such an object: then it counts only if it has a
/// headline, too, which `is_text` says.
pub(super) fn inner(json: &str, fields: &Fields, is_text: bool) -> Option<String> {
    let record: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).ok()?;
    let mut held = HOLDERS.iter().find_map(|key| record.get(*key)?.as_object())?.clone();
    let has = |role| held.keys().any(|key| fields.role(key).is_some_and(|(of, _)| of == role));
    if is_text && !(has(Role::Text) && has(Role::Headline)) {
        return None;
    }
    // What stands beside it, an id or a date, is of the story, too, unless it says so itself.
    let facts = record.into_iter().filter(|(_, value)| value.is_string() || value.is_number());
    for (key, value) in facts {
        held.entry(key).or_insert(value);
    }
    serde_json::to_string(&held).ok()
}
