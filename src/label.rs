//! From lines of a file to what a reader said of pairs, and back.

use crate::error::{Error, Result};
use ahash::AHashMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::io::BufRead;
use std::path::Path;

/// A judged pair. Serialised it is a line again, whatever else stood in it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Label {
    /// One story's id.
    pub a: String,
    /// The other's.
    pub b: String,
    /// 1 if both are versions of one report, 0 if not.
    pub label: u8,
    /// How many pairs this one stands for in a stratified sample.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// What else the line says, such as `doubt`, `kind` and `note`.
    #[serde(flatten)]
    pub beside: Map<String, Value>,
}

fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_one(weight: &f64) -> bool {
    weight.total_cmp(&1.0).is_eq()
}

impl Label {
    /// The label of a pair of which nobody said anything.
    pub fn new(a: impl Into<String>, b: impl Into<String>, label: u8) -> Self {
        Self { a: a.into(), b: b.into(), label, weight: one(), beside: Map::new() }
    }

    /// Whether whoever judged the pair was in doubt.
    pub fn is_doubtful(&self) -> bool {
        match self.beside.get("doubt") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(doubt)) => *doubt,
            Some(Value::Number(doubt)) => doubt.as_f64() != Some(0.0),
            Some(Value::String(doubt)) => !doubt.is_empty(),
            Some(_) => true,
        }
    }

    /// What the line says under `name`, if that is text.
    pub fn said(&self, name: &str) -> Option<&str> {
        self.beside.get(name)?.as_str().filter(|text| !text.is_empty())
    }
}

/// Reads labels, one JSON object a line; blank lines are passed over.
///
/// # Errors
/// The first line that is not a label, that names one story twice, or that says the opposite of an earlier one, with its number.
pub fn read_labels(input: impl BufRead, path: &Path) -> Result<Vec<Label>> {
    let (mut labels, mut said) = (Vec::new(), AHashMap::new());
    for (number, line) in (1..).zip(input.lines()) {
        let line = line.map_err(|cause| Error::io(path, "read labels", cause))?;
        if line.trim().is_empty() {
            continue;
        }
        let label: Label = serde_json::from_str(&line).map_err(|cause| {
            Error::input(format!(
                "expected {{\"a\":ID,\"b\":ID,\"label\":0|1}}, found something else: {cause}"
            ))
            .at(path, number)
        })?;
        if label.label > 1 || !label.weight.is_finite() || label.weight < 0.0 {
            let (found, weight) = (label.label, label.weight);
            return Err(Error::input(format!(
                "expected a label of 0 or 1 and a weight of at least 0, found {found} and {weight}"
            ))
            .at(path, number));
        }
        if label.a == label.b {
            let text =
                format!("expected the ids of two stories, found `{}` twice; take the line out", label.a);
            return Err(Error::input(text).at(path, number));
        }
        let pair = (label.a.clone().min(label.b.clone()), label.a.clone().max(label.b.clone()));
        let (before, first) = *said.entry(pair).or_insert((label.label, number));
        if before != label.label {
            let Label { a, b, label, .. } = label;
            return Err(Error::input(format!(
                "expected one label for `{a}` and `{b}`, found {label} here and {before} in line {first}; \
                 take one of them out"
            ))
            .at(path, number));
        }
        labels.push(label);
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(lines: &str) -> Vec<Label> {
        read_labels(lines.as_bytes(), Path::new("labels.jsonl")).unwrap()
    }

    #[test]
    fn a_label_is_written_as_it_was_read() {
        for line in [
            r#"{"a":"x","b":"y","label":1}"#,
            r#"{"a":"x","b":"y","label":0,"weight":3.524,"doubt":true,"grade":2,"kind":"related","note":"„näher“"}"#,
        ] {
            assert_eq!(serde_json::to_string(&labels(line)[0]).unwrap(), line);
        }
        let given = labels(r#"{"b":"y","label":0,"weight":3,"a":"x"}"#);
        assert_eq!(serde_json::to_string(&given[0]).unwrap(), r#"{"a":"x","b":"y","label":0,"weight":3.0}"#);
    }

    #[test]
    fn doubt_is_whatever_is_not_nothing() {
        let doubt = |said: &str| {
            labels(&format!("{{\"a\":\"x\",\"b\":\"y\",\"label\":0,\"doubt\":{said}}}"))[0].is_doubtful()
        };
        assert!(["true", "1", "\"rule 4\""].into_iter().all(doubt));
        assert!(!["false", "0", "\"\"", "null"].into_iter().any(doubt));
        assert!(!Label::new("x", "y", 0).is_doubtful());
    }

    #[test]
    fn labels_that_contradict_each_other_are_named() {
        let text = "{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n\n{\"a\":\"b\",\"b\":\"a\",\"label\":0}\n";
        let error = read_labels(text.as_bytes(), Path::new("l.jsonl")).unwrap_err().to_string();
        assert!(
            error.starts_with("l.jsonl:3: expected one label for `b` and `a`, found 0 here and 1 in line 1")
        );
        assert_eq!(labels(&text.replace("label\":0", "label\":1")).len(), 2, "said twice is said once");
    }

    #[test]
    fn a_bad_label_is_named_with_its_line() {
        let error = read_labels(
            "{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n{\"a\":1}\n".as_bytes(),
            Path::new("l.jsonl"),
        )
        .unwrap_err();
        assert!(error.to_string().starts_with("l.jsonl:2: expected {\"a\":ID"), "{error}");
        let error = read_labels("{\"a\":\"a\",\"b\":\"b\",\"label\":7}".as_bytes(), Path::new("l.jsonl"))
            .unwrap_err();
        assert!(error.to_string().contains("found 7 and 1"), "{error}");
    }
}
