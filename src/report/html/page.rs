//! From styles, script and counts to the frame of the page, with a policy that lets nothing else
//! run.

use super::super::Report;
use super::super::message::SummaryMessage;
use super::way::Ways;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::io;

/// The stylesheet of all views.
pub const STYLE: &str = concat!(include_str!("assets/desk.css"), include_str!("assets/marks.css"));

/// The views: plain data in, elements out. Not a module, so that a page may carry it inline.
pub const VIEWS: &str = concat!(
    include_str!("assets/dom.js"),
    include_str!("assets/words.js"),
    include_str!("assets/chips.js"),
    include_str!("assets/volume.js"),
    include_str!("assets/address.js"),
    include_str!("assets/list.js"),
    include_str!("assets/timeline.js"),
    include_str!("assets/crowded.js"),
    include_str!("assets/report.js"),
    include_str!("assets/passages.js"),
    include_str!("assets/marking.js"),
    include_str!("assets/pair.js"),
    include_str!("assets/evidence.js"),
    include_str!("assets/changes.js"),
    include_str!("assets/apart.js"),
    include_str!("assets/matrix.js"),
    include_str!("assets/about.js"),
    include_str!("assets/export.js"),
    include_str!("assets/desk.js"),
);

/// Where the data of a page that stands by itself comes from.
const HELD: &str = include_str!("assets/held.js");

/// What a page is of: which script starts it, and what it needs beside the views.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Reports,
    /// Of reports, if there are any, and of passages.
    Passages,
    Disagreements,
}

impl Kind {
    /// What comes after all views.
    fn script(self) -> &'static str {
        match self {
            Self::Reports => concat!(include_str!("assets/embedded.js"), "startPage();\n"),
            Self::Passages => concat!(
                include_str!("assets/travels.js"),
                include_str!("assets/course.js"),
                include_str!("assets/way.js"),
                include_str!("assets/holder.js"),
                include_str!("assets/embedded.js"),
                "startPage(passageViews);\n"
            ),
            Self::Disagreements => include_str!("assets/disagreements.js"),
        }
    }

    fn style(self) -> &'static str {
        match self {
            Self::Passages => {
                concat!(
                    include_str!("assets/desk.css"),
                    include_str!("assets/marks.css"),
                    include_str!("assets/travels.css")
                )
            }
            _ => STYLE,
        }
    }
}

/// The frame of the page.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    policy: &'a str,
    style: &'a str,
    title: &'a str,
    notice: &'a str,
    version: &'a str,
}

/// Stands in the frame where the data goes.
const SLOT: &str = "<!-- data -->";

/// What comes before the data of a page, and what after it: `title` names it, `notice` is for
/// browsers that run no script.
pub(super) fn frame(title: &str, notice: &str, kind: Kind) -> io::Result<(String, String)> {
    let (script, style) = (script(kind.script()), kind.style());
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        source(&script),
        source(style)
    );
    let page = Page { policy: &policy, style, title, notice, version: env!("CARGO_PKG_VERSION") };
    let page = page.render().map_err(io::Error::other)?;
    let (before, after) = page.split_once(SLOT).unwrap_or((&page, ""));
    Ok((before.to_owned(), format!("<script>{script}</script>{after}\n")))
}

/// The title of the page of a report, and its notice.
pub(super) fn words_of_reports(counts: &SummaryMessage) -> (String, String) {
    let SummaryMessage { stories, clusters, clustered, pairs, skipped } = counts;
    (
        format!("{clusters} reports in {stories} stories"),
        format!("{stories} stories: {clustered} in {clusters} clusters; {pairs} pairs, {skipped} skipped."),
    )
}

/// The title of the page of passages, and its notice.
pub(super) fn words_of_passages(ways: &Ways<'_>, report: &Report) -> (String, String) {
    let ((passages, holders), stories) = (ways.lengths(), report.stories.len());
    (
        format!("{passages} passages in {stories} stories"),
        format!(
            "{stories} stories: {holders} of them hold {passages} passages; {} skipped.",
            report.skipped.len()
        ),
    )
}

/// The whole script of a page that stands by itself, in a scope of its own.
fn script(start: &str) -> String {
    format!("(() => {{\n\"use strict\";\n{VIEWS}{HELD}{start}}})();\n")
}

/// The hash by which a policy knows an inline element; of CSP level 2.
fn source(content: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_neither_ends_early_nor_makes_elements_of_text() {
        let kinds = [Kind::Reports, Kind::Passages, Kind::Disagreements];
        let script = kinds.map(|kind| script(kind.script())).concat();
        for forbidden in [
            "</script",
            "<!--",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "http:",
            "https:",
        ] {
            let allowed = script
                .replace("http://www.w3.org/2000/svg", "")
                .replace("http://graphml.graphdrawing.org/xmlns", "");
            assert!(!allowed.contains(forbidden), "{forbidden}");
        }
        let style = kinds.map(Kind::style).concat();
        assert!(!style.contains("url(") && !style.contains("@import") && !style.contains("</style"));
    }
}
