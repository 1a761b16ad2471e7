//! From the XML of search engines, text corpora and journals to stories: Solr, TEI and JATS.

mod jats;
mod solr;
mod tei;

use super::form::Root;
use super::wire::{Record, tree};
use crate::error::Result;
use std::path::Path;

/// The stories in `text`; none where its root is only named as theirs is.
pub(super) fn of_xml(text: &str, root: Root, name: &str, path: &Path) -> Vec<Result<Record>> {
    let read = |document: &roxmltree::Document<'_>| match root {
        Root::Solr => solr::stories(document.root_element(), name, path),
        Root::Tei => tei::stories(document.root_element()),
        _ => jats::stories(document.root_element()),
    };
    tree::with(text, path, read).unwrap_or_else(|error| vec![Err(error)])
}
