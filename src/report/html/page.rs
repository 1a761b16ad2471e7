//! From styles, script and counts to the frame of the page, with a policy that lets nothing else
//! run.

use super::super::message::SummaryMessage;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::io;

/// The stylesheet of all views.
pub const STYLE: &str = include_str!("assets/desk.css");

/// The views: plain data in, elements out. Not a module, so that a page may carry it inline.
pub const VIEWS: &str = concat!(
    include_str!("assets/dom.js"),
    include_str!("assets/words.js"),
    include_str!("assets/chips.js"),
    include_str!("assets/list.js"),
    include_str!("assets/address.js"),
    include_str!("assets/timeline.js"),
    include_str!("assets/report.js"),
    include_str!("assets/passages.js"),
    include_str!("assets/pair.js"),
    include_str!("assets/evidence.js"),
    include_str!("assets/changes.js"),
    include_str!("assets/apart.js"),
    include_str!("assets/matrix.js"),
    include_str!("assets/about.js"),
    include_str!("assets/export.js"),
    include_str!("assets/desk.js"),
);

/// Where the data of a page that stands by itself comes from, and its start.
const EMBEDDED: &str = include_str!("assets/embedded.js");

/// The frame of the page.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    policy: &'a str,
    style: &'a str,
    counts: SummaryMessage,
    version: &'a str,
}

/// Stands in the frame where the data goes.
const SLOT: &str = "<!-- data -->";

/// What comes before the data of the page, and what after it.
pub(super) fn frame(counts: SummaryMessage) -> io::Result<(String, String)> {
    let script = script();
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        source(&script),
        source(STYLE)
    );
    let page = Page { policy: &policy, style: STYLE, counts, version: env!("CARGO_PKG_VERSION") };
    let page = page.render().map_err(io::Error::other)?;
    let (before, after) = page.split_once(SLOT).unwrap_or((&page, ""));
    Ok((before.to_owned(), format!("<script>{script}</script>{after}\n")))
}

/// The whole script of a page that stands by itself, in a scope of its own.
fn script() -> String {
    format!("(() => {{\n\"use strict\";\n{VIEWS}{EMBEDDED}}})();\n")
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
        let script = script();
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
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains("</style"));
    }
}
