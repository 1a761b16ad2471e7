//! From what Solr takes in (`add`) and gives out (`response`) in XML to stories: each document has
//! fields with names, as a JSON object has.

use super::super::fields::Fields;
use super::super::json::Parser;
use super::super::wire::Record;
use super::super::wire::tree::{all, value, with_lines};
use crate::error::Result;
use roxmltree::Node;
use serde_json::{Map, Value};
use std::path::Path;

/// The documents below `root` as stories.
pub(super) fn stories(root: Node<'_, '_>, name: &str, path: &Path) -> Vec<Result<Record>> {
    let fields = Fields::default();
    let parser = Parser { fields: &fields, name, path, is_foreign: false };
    let documents =
        all(root, "doc").filter(|doc| !doc.ancestors().skip(1).any(|outer| outer.has_tag_name("doc")));
    let story = |(line, doc)| {
        let json = Value::Object(object(doc)).to_string();
        parser.in_full(&json, line, 1).map(|story| Record { line, story })
    };
    with_lines(documents).map(story).collect()
}

/// The fields of a document as a JSON object: a field that comes again is a list.
fn object(doc: Node<'_, '_>) -> Map<String, Value> {
    let mut object = Map::new();
    for field in doc.children().filter(Node::is_element) {
        let Some(name) = value(field, "name") else { continue };
        let values: Vec<Value> = if field.has_tag_name("arr") {
            field.children().filter(Node::is_element).map(said).collect()
        } else {
            vec![said(field)]
        };
        if let Some(Value::Array(held)) = object.get_mut(name) {
            held.extend(values);
        } else {
            object.insert(name.to_owned(), Value::Array(values));
        }
    }
    for value in object.values_mut() {
        if let Value::Array(list) = value
            && list.len() == 1
        {
            *value = list.remove(0);
        }
    }
    object
}

/// What an element says, line ends and all: they part paragraphs.
fn said(node: Node<'_, '_>) -> Value {
    let texts = node.descendants().filter(Node::is_text).filter_map(|node| node.text());
    Value::String(texts.collect::<String>().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::super::form::Root;
    use super::super::of_xml;
    use std::path::Path;

    #[test]
    fn documents_that_go_in_and_come_out_are_the_same_stories() {
        let fields = |open: &str, close: &str| {
            format!(
                "<doc><{open} name='id'>n1</{close}><{open} name='title'>Pier closes</{close}>\
                     <{open} name='source'>Bay News</{close}><{open} name='date_dt'>2024-04-30T08:15:00Z</{close}>"
            )
        };
        for (xml, body) in [
            (
                format!(
                    "<add>{}<field name='text'>One &amp; two.</field></doc></add>",
                    fields("field", "field")
                ),
                "One & two.",
            ),
            (
                format!(
                    "<response><result>{}<arr name='text'><str>One.</str><str>Two.</str></arr></doc></result></response>",
                    fields("str", "str")
                ),
                "One.\n\nTwo.",
            ),
            (
                format!(
                    "<add>{}<field name='text'>One.</field>\n<field name='text'>Two.</field></doc></add>",
                    fields("field", "field")
                ),
                "One.\n\nTwo.",
            ),
        ] {
            let records = of_xml(&xml, Root::Solr, "a", Path::new("a.xml"));
            let story = &records[0].as_ref().unwrap_or_else(|error| panic!("{error}")).story;
            assert_eq!(
                [&*story.id, &*story.headline, &*story.source, &*story.body],
                ["n1", "Pier closes", "Bay News", body]
            );
            assert_eq!(story.time.unwrap().to_string(), "2024-04-30T08:15:00Z");
        }
        let bad =
            of_xml("<add>\n<doc><field name='x'>1</field></doc></add>", Root::Solr, "a", Path::new("a.xml"));
        assert!(bad[0].as_ref().err().unwrap().to_string().starts_with("a.xml:2: expected a text field"));
        assert!(
            of_xml("<response><status>ok</status></response>", Root::Solr, "a", Path::new("a.xml"))
                .is_empty()
        );
    }
}
