//! From the XML of search engines, databases, text corpora and journals to stories: records of fields,
//! TEI and JATS.

mod jats;
mod named;
mod tei;

use super::fields::Fields;
use super::form::Root;
use super::wire::{Record, tree};
use crate::error::Result;
use std::path::Path;

/// The stories in records of fields with names; none where the root is only named as theirs is.
pub(super) fn of_fields(text: &str, fields: &Fields, name: &str, path: &Path) -> Vec<Result<Record>> {
    let read =
        |document: &roxmltree::Document<'_>| named::stories(document.root_element(), fields, name, path);
    tree::with(text, path, read).unwrap_or_else(|error| vec![Err(error)])
}

/// The stories in `text`; none where its root is only named as theirs is.
pub(super) fn of_xml(text: &str, root: Root, path: &Path) -> Vec<Result<Record>> {
    let read = |document: &roxmltree::Document<'_>| match root {
        Root::Tei => tei::stories(document.root_element()),
        _ => jats::stories(document.root_element()),
    };
    tree::with(text, path, read).unwrap_or_else(|error| vec![Err(error)])
}
