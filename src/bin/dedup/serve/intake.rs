//! From the body of a request to stories: JSON by a fixed form, or a file of any form that a scan
//! reads.

use super::desk::Desk;
use super::problem::Problem;
use axum::body::{self, Body};
use axum::http::{StatusCode, header};
use dedup::input::{Corpus, Fields, Files};
use dedup::time::Time;
use dedup::{Error, Story, hash};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Types of bodies that are read as a file, with the name it has if none is given.
const FILES: [(&str, &str); 16] = [
    ("text/plain", "text.txt"),
    ("application/x-ndjson", "stories.jsonl"),
    ("application/jsonl", "stories.jsonl"),
    ("application/xml", "story.xml"),
    ("text/xml", "story.xml"),
    ("application/rss+xml", "feed.xml"),
    ("application/atom+xml", "feed.xml"),
    ("application/feed+json", "feed.json"),
    ("text/html", "page.html"),
    ("text/csv", "stories.csv"),
    ("text/tab-separated-values", "stories.tsv"),
    ("application/zip", "stories.zip"),
    ("application/gzip", "stories.gz"),
    ("application/zstd", "stories.zst"),
    ("application/warc", "pages.warc"),
    ("application/octet-stream", "story"),
];
/// Characters of the longest name of a file.
const LONGEST_NAME: usize = 200;
/// Characters of the longest id.
const LONGEST_ID: usize = 1_000;

/// A story as JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryObject {
    id: Option<String>,
    headline: Option<String>,
    body: Option<String>,
    source: Option<String>,
    time: Option<String>,
    language: Option<String>,
    url: Option<String>,
}

/// A record that did not become a story.
#[derive(Debug, Serialize)]
pub(super) struct Skipped {
    line: u64,
    reason: String,
}

/// What came.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) stories: Vec<Story>,
    pub(super) skipped: Vec<Skipped>,
}

/// The media type of a body, without its parameters.
fn media_type(headers: &header::HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

async fn bytes(desk: &Desk, body: Body) -> Result<body::Bytes, Problem> {
    body::to_bytes(body, desk.max_body).await.map_err(|error| {
        let source: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(&error);
        if source.is_some_and(|source| source.to_string().contains("length limit")) {
            let text = format!("the body has more than {} bytes", desk.max_body);
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, text)
        } else {
            Problem::unreadable("the body ended early")
        }
    })
}

fn unknown_type() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "expected Content-Type application/json, text/plain, application/octet-stream, or that of a file of stories",
    )
}

/// The body as JSON of a fixed form.
pub(super) async fn json<T: DeserializeOwned>(
    desk: &Desk,
    headers: &header::HeaderMap,
    body: Body,
) -> Result<T, Problem> {
    if media_type(headers).as_deref() != Some("application/json") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "expected Content-Type application/json",
        ));
    }
    parsed(&bytes(desk, body).await?)
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::unreadable(format!("the body is not JSON: {error}")))?;
    of_value(value)
}

fn of_value<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value)
        .map_err(|error| Problem::senseless(format!("the body is of another form: {error}")))
}

/// The stories of a body, `most` at most; `name` is that of a file.
pub(super) async fn stories(
    desk: &Desk,
    headers: &header::HeaderMap,
    body: Body,
    name: Option<String>,
    most: usize,
) -> Result<Given, Problem> {
    let media_type = media_type(headers).ok_or_else(unknown_type)?;
    if name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
        return Err(Problem::senseless(format!("expected a name of {LONGEST_NAME} characters at most")));
    }
    let given = if media_type == "application/json" {
        of_json(&bytes(desk, body).await?)?
    } else {
        let (_, usual) =
            FILES.into_iter().find(|(known, _)| *known == media_type).ok_or_else(unknown_type)?;
        let bytes = bytes(desk, body).await?;
        if bytes.trim_ascii().is_empty() {
            return Err(Problem::senseless("expected a story in the body, found it empty"));
        }
        let name = name.map_or_else(|| usual.to_owned(), |name| file_name(&name, usual));
        let read = tokio::task::spawn_blocking(move || of_file(&bytes, &name, most));
        read.await.map_err(|_| Problem::senseless("the file could not be read"))??
    };
    match given.stories.len() {
        0 => {
            let why = given.skipped.first().map_or_else(String::new, |first| format!(": {}", first.reason));
            Err(Problem::senseless(format!("no story found in the body{why}")))
        }
        count if count > most => {
            Err(Problem::senseless(format!("expected {most} stories at most, found more")))
        }
        _ => Ok(given),
    }
}

fn of_json(bytes: &[u8]) -> Result<Given, Problem> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Stories {
        stories: Vec<StoryObject>,
    }
    let value: Value = parsed(bytes)?;
    let objects = if value.get("stories").is_some() {
        of_value::<Stories>(value)?.stories
    } else {
        vec![of_value(value)?]
    };
    let stories = objects.into_iter().map(story).collect::<Result<_, _>>()?;
    Ok(Given { stories, skipped: Vec::new() })
}

/// The story of one JSON value.
pub(super) fn story_of(value: Value) -> Result<Story, Problem> {
    story(of_value(value)?)
}

fn story(object: StoryObject) -> Result<Story, Problem> {
    let StoryObject { id, headline, body, source, time, language, url } = object;
    let (headline, body) = (headline.unwrap_or_default(), body.unwrap_or_default());
    if headline.trim().is_empty() && body.trim().is_empty() {
        return Err(Problem::senseless("expected a story with a body or a headline, found neither"));
    }
    let time = time.map(|time| {
        time.parse::<Time>().map_err(|_| {
            Problem::senseless("expected a time such as 2024-03-02T08:15:00Z, found another form")
        })
    });
    let id = match id {
        Some(id) if id.is_empty() || id.chars().count() > LONGEST_ID => {
            return Err(Problem::senseless(format!("expected an id of 1 to {LONGEST_ID} characters")));
        }
        Some(id) => id,
        // The same text gets the same id, so that sending it twice adds it once.
        None => format!("text-{:016x}", hash::bytes(format!("{headline}\n{body}").as_bytes())),
    };
    Ok(Story {
        id,
        headline,
        body,
        time: time.transpose()?,
        source: source.unwrap_or_default(),
        language: language.unwrap_or_default(),
        url: url.unwrap_or_default(),
        ..Story::default()
    })
}

/// The last part of a path, by which the form of a file is told; one that tells nothing gets the
/// extension that is usual.
fn file_name(given: &str, usual: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(60).collect();
    let kept = kept.trim_start_matches('.').trim();
    match (kept.contains('.'), usual.rsplit_once('.')) {
        _ if kept.is_empty() => usual.to_owned(),
        (false, Some((_, extension))) => format!("{kept}.{extension}"),
        _ => kept.to_owned(),
    }
}

/// Reads up to one story more than `most`.
fn of_file(bytes: &[u8], name: &str, most: usize) -> Result<Given, Problem> {
    let failed = |error: std::io::Error| {
        crate::messages::say(&format!("cannot keep a file for reading it: {error}"));
        Problem::busy("the file cannot be kept for reading it; try again")
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).map_err(failed)?;
    let files = Files::open(&[path], Fields::default())?;
    let mut given = Given::default();
    for block in files.blocks(&|_| true) {
        block.records(
            |_| true,
            |_, record| match record {
                Ok(story) if given.stories.len() <= most => given.stories.push(story.into_owned()),
                Ok(_) => {}
                Err(error) => given.skipped.extend((given.skipped.len() < 100).then(|| skipped(&error))),
            },
        );
        if given.stories.len() > most {
            break;
        }
    }
    Ok(given)
}

fn skipped(error: &Error) -> Skipped {
    Skipped { line: error.place().map_or(0, |place| place.line), reason: error.message().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\wire\\story.xml", "story.xml"),
            ("..", "story"),
            ("a\0\nb.txt", "ab.txt"),
            (".hidden.json", "hidden.json"),
            ("", "story"),
        ] {
            assert_eq!(file_name(given, "story"), kept);
        }
        assert_eq!(file_name("wire", "stories.csv"), "wire.csv");
    }

    #[test]
    fn a_text_without_an_id_gets_one_of_its_own() {
        let id = |json: &str| of_json(json.as_bytes()).unwrap().stories[0].id.clone();
        assert_eq!(id(r#"{"body":"a b"}"#), id(r#"{"body":"a b","source":"X"}"#));
        assert_ne!(id(r#"{"body":"a b"}"#), id(r#"{"body":"a c"}"#));
    }

    #[test]
    fn files_are_read_by_their_form() {
        let given = of_file(b"Headline: A\nId: x\n\nThe body.", "a.txt", 5).unwrap();
        assert_eq!((given.stories[0].id.as_str(), given.stories[0].headline.as_str()), ("x", "A"));
        let given = of_file(
            b"{\"id\":\"1\",\"text\":\"a\"}\nnot json\n{\"id\":\"2\",\"text\":\"b\"}\n",
            "a.jsonl",
            5,
        )
        .unwrap();
        assert_eq!((given.stories.len(), given.skipped.len()), (2, 1));
    }
}
