//! From records of fields with names to stories, which are read as JSON objects are: what Solr takes in
//! (`add`) and gives out (`response`), and rows of a database (`resultset`, `mysqldump`).

use super::super::fields::Fields;
use super::super::json::Parser;
use super::super::wire::Record;
use super::super::wire::tree::{all, value, with_lines};
use crate::error::Result;
use roxmltree::Node;
use serde_json::{Map, Value};
use std::path::Path;

/// The records below `root` as stories.
pub(super) fn stories(root: Node<'_, '_>, fields: &Fields, name: &str, path: &Path) -> Vec<Result<Record>> {
    let parser = Parser { fields, name, path, is_foreign: false };
    let kind = if all(root, "row").next().is_some() { "row" } else { "doc" };
    let documents =
        all(root, kind).filter(|doc| !doc.ancestors().skip(1).any(|outer| outer.has_tag_name(kind)));
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
    use super::super::super::fields::Fields;
    use super::super::of_fields;
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
            let records = of_fields(&xml, &Fields::default(), "a", Path::new("a.xml"));
            let story = &records[0].as_ref().unwrap_or_else(|error| panic!("{error}")).story;
            assert_eq!(
                [&*story.id, &*story.headline, &*story.source, &*story.body],
                ["n1", "Pier closes", "Bay News", body]
            );
            assert_eq!(story.time.unwrap().to_string(), "2024-04-30T08:15:00Z");
        }
        let read = |xml| of_fields(xml, &Fields::default(), "a", Path::new("a.xml"));
        let bad = read("<add>\n<doc><field name='x'>1</field></doc></add>");
        assert!(bad[0].as_ref().err().unwrap().to_string().starts_with("a.xml:2: expected a text field"));
        assert!(read("<response><status>ok</status></response>").is_empty());
    }

    #[test]
    fn fields_that_the_user_names_count_here_too() {
        let fields =
            Fields { text: Some("wortlaut".into()), headline: Some("kopf".into()), ..Fields::default() };
        for xml in [
            "<add><doc><field name='id'>n1</field><field name='kopf'>Pier closes</field>\
             <field name='text'>A note.</field><field name='Wortlaut'>One &amp; two.</field></doc></add>",
            "<resultset statement='select'><row><field name='id'>n1</field><field name='kopf'>Pier closes</field>\
             <field name='text'>A note.</field><field name='wortlaut'>One &amp; two.</field></row></resultset>",
        ] {
            let records = of_fields(xml, &fields, "a", Path::new("a.xml"));
            let story = &records[0].as_ref().unwrap_or_else(|error| panic!("{error}")).story;
            assert_eq!([&*story.id, &*story.headline, &*story.body], ["n1", "Pier closes", "One & two."]);
        }
        let missing = of_fields(
            "<add>\n<doc><field name='text'>A note.</field></doc></add>",
            &fields,
            "a",
            Path::new("a.xml"),
        );
        let error = missing[0].as_ref().err().unwrap().to_string();
        assert!(error.starts_with("a.xml:2: expected a text field (tried wortlaut)"), "{error}");
    }

    #[test]
    fn rows_of_a_database_are_stories() {
        let dump = "<?xml version='1.0'?>\n<mysqldump xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>\
             <database name='d'><table_data name='posts'>\n<row><field name='ID'>7</field>\
             <field name='post_title'>Pier closes</field><field name='post_content'>One &amp; two.</field>\
             <field name='post_date'>2024-04-30 08:15:00</field><field name='guid' xsi:nil='true' /></row>\n\
             <row><field name='ID'>8</field><field name='post_content'>Three.</field></row>\
             </table_data></database></mysqldump>";
        let records = of_fields(dump, &Fields::default(), "a", Path::new("a.xml"));
        let stories: Vec<_> = records.iter().map(|record| &record.as_ref().ok().unwrap().story).collect();
        assert_eq!(
            [&*stories[0].id, &*stories[0].headline, &*stories[0].body],
            ["7", "Pier closes", "One & two."]
        );
        assert_eq!(stories[0].time.unwrap().to_string(), "2024-04-30T08:15:00Z");
        assert_eq!([&*stories[1].id, &*stories[1].body], ["8", "Three."]);
    }
}
