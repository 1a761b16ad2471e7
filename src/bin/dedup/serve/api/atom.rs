//! From arrivals to an Atom feed of what a desk should hear of.

use super::super::desk::Desk;
use super::super::problem::Problem;
use super::Listed;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dedup::index::{Arrival, News};
use std::fmt::Write as _;
use std::sync::Arc;

/// Arrivals that are looked at: the last ones.
const LOOKED_AT: u32 = 500;
/// Kinds of news; the first five are told if nothing else is asked for.
const KINDS: [(&str, News); 7] = [
    ("new-information", News::NewInformation),
    ("silent-correction", News::SilentCorrection),
    ("correction", News::Correction),
    ("kill", News::Kill),
    ("copy-without-credit", News::CopyWithoutCredit),
    ("new-report", News::NewReport),
    ("known-report", News::KnownReport),
];
const USUAL: usize = 5;

/// `GET /api/v1/atom`: `news` and `source` may come several times, and narrow it.
pub(in super::super) async fn feed(
    State(desk): State<Arc<Desk>>,
    Listed(given): Listed,
) -> Result<impl IntoResponse, Problem> {
    let (mut news, mut sources) = (Vec::new(), Vec::new());
    for (name, value) in given {
        match name.as_str() {
            "news" => news.push(kind(&value)?),
            "source" => sources.push(value),
            _ => return Err(Problem::unreadable(format!("`{name}` is no parameter of this address"))),
        }
    }
    if news.is_empty() {
        news.extend(KINDS[..USUAL].iter().map(|(_, news)| *news));
    }
    let arrivals = desk.readers.read(|index| Ok(index.arrivals(None, LOOKED_AT)?)).await?;
    let is_wanted = |arrival: &&Arrival| {
        let source = arrival.source.as_deref().unwrap_or_default();
        let of_source = sources.is_empty() || sources.iter().any(|one| one.eq_ignore_ascii_case(source));
        of_source && arrival.news.iter().any(|one| news.contains(one))
    };
    let wanted: Vec<&Arrival> = arrivals.iter().rev().filter(is_wanted).collect();
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], written(&wanted)))
}

fn written(arrivals: &[&Arrival]) -> String {
    let updated =
        arrivals.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |one| one.added.to_string());
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>urn:dedup:news</id>\n<title>dedup: news of the desk</title>\n<updated>{updated}</updated>\n\
         <author><name>dedup</name></author>\n"
    );
    for one in arrivals {
        let kinds: Vec<&str> = one.news.iter().map(|news| spelled(*news)).collect();
        let title =
            format!("{}: {}", kinds.first().copied().unwrap_or_default().replace('-', " "), one.headline);
        let source = one.source.as_deref().unwrap_or("source unknown");
        let _ = write!(
            out,
            "<entry>\n<id>urn:dedup:story:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
             <author><name>{}</name></author>\n<link rel=\"alternate\" href=\"/#/story/{}\"/>\n",
            one.number,
            escaped(&title),
            one.added,
            escaped(source),
            one.number
        );
        let url = one.url.as_deref().filter(|url| url.starts_with("http://") || url.starts_with("https://"));
        if let Some(url) = url {
            let _ = writeln!(out, "<link rel=\"related\" href=\"{}\"/>", escaped(url));
        }
        for kind in &kinds {
            let _ = writeln!(out, "<category term=\"{kind}\"/>");
        }
        let of = one.of.as_ref().map_or_else(String::new, |of| {
            format!(" of {}: {}", of.source.as_deref().unwrap_or("source unknown"), of.headline)
        });
        let _ = writeln!(out, "<summary>{}</summary>\n</entry>", escaped(&format!("{source}{of}")));
    }
    out.push_str("</feed>\n");
    out
}

fn kind(name: &str) -> Result<News, Problem> {
    let known = KINDS.iter().find(|(known, _)| *known == name);
    known.map(|(_, news)| *news).ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        Problem::senseless(format!("expected one of {} for `news`", names.join(", ")))
    })
}

fn spelled(news: News) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == news).map_or("", |(name, _)| name)
}

/// A text as it may stand in XML, which has no control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
