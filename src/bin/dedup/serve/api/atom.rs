//! From arrivals to an Atom feed of what a desk should hear of.

use super::super::desk::Desk;
use super::super::news;
use super::super::problem::Problem;
use super::Listed;
use super::search::Asked;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dedup::Index;
use dedup::index::{Arrival, Filter, News};
use dedup::report::html::Pieces;
use std::fmt::Write as _;
use std::sync::Arc;

/// Arrivals that are looked at: the last ones.
const LOOKED_AT: u32 = 500;
/// What is told.
struct Told {
    news: Vec<News>,
    asked: Asked,
}

impl Told {
    fn of(given: Vec<(String, String)>) -> Result<Self, Problem> {
        let (news, rest): (Vec<_>, Vec<_>) = given.into_iter().partition(|(name, _)| name == "news");
        let other = |(name, _): &&(String, String)| {
            ["limit", "before", "format", "sort", "least", "stands"].contains(&name.as_str())
        };
        if let Some((name, _)) = rest.iter().find(other) {
            return Err(Problem::unreadable(format!("`{name}` is no parameter of this address")));
        }
        let news = news.iter().map(|(_, name)| news::kind(name)).collect::<Result<Vec<_>, _>>()?;
        let news = if news.is_empty() { news::usual().collect() } else { news };
        Ok(Self { news, asked: Asked::of(rest)? })
    }

    /// Whether an arrival is told: source, time and text are its own, all else its report's.
    fn takes(&self, index: &Index, arrival: &Arrival) -> Result<bool, Problem> {
        let Asked { search, selection, .. } = &self.asked;
        let source = arrival.story.source.as_deref().unwrap_or_default();
        let start = arrival.story.time.map(dedup::time::Time::start);
        let in_time = search.filter.since.is_none_or(|since| start.is_some_and(|start| start >= since))
            && search.filter.until.is_none_or(|until| start.is_some_and(|start| start < until));
        let of_source =
            search.sources.is_empty() || search.sources.iter().any(|one| one.eq_ignore_ascii_case(source));
        if !in_time || !of_source || !arrival.news.iter().any(|one| self.news.contains(one)) {
            return Ok(false);
        }
        if !search.text.is_empty()
            && !index.story(&arrival.story.id)?.is_some_and(|story| search.text.is_in(&story))
        {
            return Ok(false);
        }
        if selection.is_empty() {
            return Ok(true);
        }
        let report = index.report(&Filter { story: Some(arrival.story.id.clone()), ..Filter::default() })?;
        Ok(!report.clusters.is_empty() && Pieces::of(&report).selected_row(0, selection)?.is_some())
    }
}

/// `GET /api/v1/atom`: narrowed by `news`, and by what narrows the list.
pub(in super::super) async fn feed(
    State(desk): State<Arc<Desk>>,
    Listed(given): Listed,
) -> Result<impl IntoResponse, Problem> {
    let told = Told::of(given)?;
    let wanted = desk
        .readers
        .read(move |index| {
            let mut wanted = index.arrivals(None, LOOKED_AT)?;
            wanted.reverse();
            let mut kept = Vec::new();
            for arrival in wanted {
                if told.takes(index, &arrival)? {
                    kept.push(arrival);
                }
            }
            Ok(kept)
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], written(&wanted)))
}

fn written(arrivals: &[Arrival]) -> String {
    let updated =
        arrivals.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |one| one.added.to_string());
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>urn:dedup:news</id>\n<title>dedup: news of the desk</title>\n<updated>{updated}</updated>\n\
         <author><name>dedup</name></author>\n<link rel=\"self\" href=\"/api/v1/atom\"/>\n\
         <link rel=\"alternate\" href=\"/#/live\"/>\n"
    );
    for one in arrivals {
        let kinds: Vec<&str> = one.news.iter().map(|news| news::spelled(*news)).collect();
        let title = format!(
            "{}: {}",
            kinds.first().copied().unwrap_or_default().replace('-', " "),
            one.story.headline
        );
        let source = one.story.source.as_deref().unwrap_or("source unknown");
        let _ = write!(
            out,
            "<entry>\n<id>urn:dedup:story:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
             <author><name>{}</name></author>\n<link rel=\"alternate\" href=\"/#/story/{}\"/>\n",
            one.story.number,
            escaped(&title),
            one.added,
            escaped(source),
            one.story.number
        );
        let url =
            one.story.url.as_deref().filter(|url| url.starts_with("http://") || url.starts_with("https://"));
        if let Some(url) = url {
            let _ = writeln!(out, "<link rel=\"related\" href=\"{}\"/>", escaped(url));
        }
        for kind in &kinds {
            let _ = writeln!(out, "<category term=\"{kind}\"/>");
        }
        let _ = writeln!(out, "<summary>{}</summary>\n</entry>", escaped(&summary(one)));
    }
    out.push_str("</feed>\n");
    out
}

/// Who, a version of what, and who has it in other languages.
fn summary(one: &Arrival) -> String {
    let name = |source: &Option<String>| source.clone().unwrap_or_else(|| "source unknown".to_owned());
    let mut out = name(&one.story.source);
    if let Some(of) = &one.of {
        let _ = write!(out, ", after {}: {}", name(&of.story.source), of.story.headline);
    }
    for (place, other) in one.translations.iter().enumerate() {
        let before = if place == 0 { ". In other languages: " } else { "; " };
        let _ = write!(
            out,
            "{before}{} ({}): {}",
            name(&other.story.source),
            other.language,
            other.story.headline
        );
    }
    out
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
