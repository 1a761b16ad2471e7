//! From a text as the archive Factiva hands it out to stories, with or without the two letters over each
//! part (`HD`, `PD`, `TD`). In both forms a text ends with the number of its document.

use super::time;
use super::wire::Record;
use crate::error::{Error, Result};
use crate::story::{FurnitureKind, Removed, Story};
use std::path::Path;

/// Letters over the parts of a text.
const CODES: [&str; 28] = [
    "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD", "CT",
    "RF", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "ART", "CLM",
];

/// The stories in `content`, if it is such a text.
pub(super) fn stories(content: &str, path: &Path) -> Option<Vec<Result<Record>>> {
    // Nearly all texts are told by one word.
    memchr::memmem::find(content.as_bytes(), b"Document ")?;
    let lines: Vec<&str> = content.lines().map(str::trim_end).collect();
    let ends: Vec<usize> = (0..lines.len()).filter(|at| document(lines[*at]).is_some()).collect();
    let is_export = |lines: &[&str]| {
        lines.iter().any(|line| is_count(line) || coded(line).is_some_and(|(code, _)| code == "WC"))
    };
    if !ends.first().is_some_and(|end| is_export(&lines[..*end])) {
        return None;
    }
    let (mut records, mut start) = (Vec::new(), 0);
    for end in ends {
        let first = lines[start..end].iter().position(|line| !line.trim().is_empty()).unwrap_or(0);
        let line = (start + first) as u64 + 1;
        let text = &lines[start + first..=end];
        let is_coded = text.iter().filter(|line| coded(line).is_some()).count() > 2;
        let story = if is_coded { Ok(of_codes(text)) } else { of_lines(text) };
        records.push(story.map(|story| Record { line, story }).map_err(|error| error.at(path, line)));
        start = end + 1;
        while lines
            .get(start)
            .and_then(|line| coded(line))
            .is_some_and(|(code, _)| code != "SE" && code != "HD")
        {
            start += 1;
        }
    }
    Some(records)
}

/// Whether a page is such a text, laid out for a browser.
pub(super) fn is_page(html: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(html.as_bytes(), word.as_bytes()).is_some();
    has("articleParagraph") && has("Headline") && has("Document ")
}

/// The number of the document in the line that ends a text: `Document PORTD00020240430ek4u0001a`.
fn document(line: &str) -> Option<&str> {
    /// Characters of such a number at least.
    const LEAST: usize = 20;
    let number = coded(line).filter(|(code, _)| *code == "AN").map_or(line, |(_, said)| said).trim();
    let number = number.strip_prefix("Document ")?;
    let is_number = number.len() >= LEAST
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && number.bytes().any(|byte| byte.is_ascii_digit());
    is_number.then_some(number)
}

/// Whether a line counts the words of a text: `1,512 words`.
fn is_count(line: &str) -> bool {
    let count = line.trim().strip_suffix(" words").or_else(|| line.trim().strip_suffix(" Wörter"));
    count.is_some_and(|count| {
        !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.')
    })
}

/// The letters over a part and what stands beside them.
fn coded(line: &str) -> Option<(&str, &str)> {
    let end = line.find([' ', '\t']).unwrap_or(line.len());
    let (code, said) = line.split_at(end);
    CODES.contains(&code).then(|| (code, said.trim()))
}

/// A story whose parts have letters over them.
fn of_codes(lines: &[&str]) -> Story {
    let mut parts: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        match coded(line) {
            Some((code, said)) => parts.push((code, vec![said])),
            None => {
                if let Some((_, held)) = parts.last_mut() {
                    held.push(line.trim());
                }
            }
        }
    }
    let said = |code: &str| {
        let part = parts.iter().find(|(name, _)| *name == code);
        part.map_or_else(String::new, |(_, lines)| lines.join("\n").trim().to_owned())
    };
    let flat = |code: &str| said(code).split_whitespace().collect::<Vec<_>>().join(" ");
    let text = [said("LP"), said("TD")];
    let mut story = Story {
        id: document(lines[lines.len() - 1]).unwrap_or_default().to_owned(),
        headline: flat("HD"),
        body: text
            .iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n\n"),
        source: flat("SN"),
        language: flat("LA"),
        ..Story::default()
    };
    settle(&mut story, &flat("PD"), &flat("ET"), &flat("BY"), &flat("CY"));
    story
}

/// A story whose parts are known by their order: headline, byline, count of words, day, hour, source,
/// its code, page, language, rights, text.
fn of_lines(lines: &[&str]) -> Result<Story> {
    let said: Vec<(usize, &str)> =
        lines.iter().map(|line| line.trim()).enumerate().filter(|(_, line)| !line.is_empty()).collect();
    let Some(count) = said.iter().position(|(_, line)| is_count(line)) else {
        return Err(Error::input(
            "expected a text of Factiva with a line such as `512 words`, found none; leave it out if it is no story",
        ));
    };
    let (above, below) = (&said[..count], &said[count + 1..]);
    let byline = above.last().map(|(_, line)| *line).filter(|line| above.len() > 1 && is_byline(line));
    let title = &above[..above.len() - usize::from(byline.is_some())];
    let day = below.first().map_or("", |(_, line)| *line);
    let hour = below.get(1).map(|(_, line)| *line).filter(|line| time::is_hour(line));
    let rest = below.get(1 + usize::from(hour.is_some())..).unwrap_or_default();
    let rights = rest.iter().take(HEAD).position(|(_, line)| is_rights(line));
    let language = rights.and_then(|at| at.checked_sub(1)).map(|at| rest[at].1);
    let end = lines.len() - 1;
    let start = rights.map(|at| rest[at].0).or_else(|| {
        // Without rights the head ends with a blank line.
        let first = rest.first()?.0;
        Some(first + lines[first..end].iter().position(|line| line.trim().is_empty())?)
    });
    let body: Vec<&str> =
        lines[start.map_or(end, |start| start + 1)..end].iter().map(|line| line.trim()).collect();
    let mut story = Story {
        id: document(lines[end]).unwrap_or_default().to_owned(),
        headline: title.last().map_or("", |(_, line)| *line).to_owned(),
        body: body.join("\n").trim().to_owned(),
        source: rest.first().map_or("", |(_, line)| *line).to_owned(),
        language: language.unwrap_or_default().to_owned(),
        ..Story::default()
    };
    let rights = rights.map_or("", |at| rest[at].1);
    settle(&mut story, day, hour.unwrap_or_default(), byline.unwrap_or_default(), rights);
    Ok(story)
}

/// Lines of a head at most.
const HEAD: usize = 10;

fn is_rights(line: &str) -> bool {
    let line = line.to_lowercase();
    ["copyright", "(c)", "©", "all rights reserved"].iter().any(|opening| line.starts_with(opening))
}

fn is_byline(line: &str) -> bool {
    ["By ", "Von ", "Par ", "Por ", "BY "].iter().any(|opening| line.starts_with(opening))
}

fn settle(story: &mut Story, day: &str, hour: &str, byline: &str, rights: &str) {
    let moment = format!("{day} {hour}");
    let dates = if hour.is_empty() { vec![day] } else { vec![moment.as_str(), day] };
    time::read(story, dates);
    story.furniture.byline = Some(byline.to_owned()).filter(|byline| !byline.is_empty());
    if !rights.is_empty() {
        story.furniture.removed.push(Removed { kind: FurnitureKind::Copyright, text: rights.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> Vec<Story> {
        let records = stories(content, Path::new("a.txt")).expect("such a text");
        records.into_iter().map(|record| record.unwrap_or_else(|error| panic!("{error}")).story).collect()
    }

    const PLAIN: &str = "News\nPier closes\nBy Ada Lund\n512 words\n30 April 2024\n08:15\nBay News\nBAYN\n3\nEnglish\n\
        Copyright 2024 Bay Media\n\nThe pier closes.\n\nDocument of the sea.\n\nDocument BAYN000020240430ek4u0001a\n\n";
    const CODED: &str = "HD   Pier\n     closes\nBY   Ada Lund\nWC   512 words\nPD   30 April 2024\nET   08:15\nSN   Bay News\n\
        SC   BAYN\nLA   English\nCY   Copyright 2024 Bay Media\nLP   The pier closes.\n\nTD   Document of the sea.\n\n\
        IN   iport : Ports\nAN   Document BAYN000020240430ek4u0001a\n\n";

    #[test]
    fn both_forms_give_fields_and_text() {
        for (one, headline) in [(PLAIN, "Pier closes"), (CODED, "Pier closes")] {
            let found = read(&[one, one].concat());
            assert_eq!(found.len(), 2, "{found:?}");
            for story in found {
                assert_eq!(
                    [&*story.id, &*story.headline, &*story.source, &*story.language, &*story.body],
                    [
                        "BAYN000020240430ek4u0001a",
                        headline,
                        "Bay News",
                        "English",
                        "The pier closes.\n\nDocument of the sea."
                    ]
                );
                assert_eq!(story.time.unwrap().to_string(), "2024-04-30T08:15:00Z");
                assert!(story.furniture.byline.as_deref().is_some_and(|name| name.ends_with("Ada Lund")));
                assert_eq!(story.furniture.removed.len(), 1);
            }
        }
    }

    #[cfg(feature = "pages")]
    #[test]
    fn a_page_of_theirs_is_the_same_stories() {
        let html = "<html><body><div class='article enArticle'><div id='hd'><span class='enHeadline'>Pier closes</span></div>\
            <div class='author'>By Ada Lund</div><div>512 words</div><div>30 April 2024</div><div>08:15</div><div>Bay News</div>\
            <div>BAYN</div><div>English</div><div>Copyright 2024 Bay Media</div>\
            <p class='articleParagraph enarticleParagraph'>The pier closes.</p><p class='articleParagraph enarticleParagraph'>It does.</p>\
            <p>Document BAYN000020240430ek4u0001a</p></div></body></html>";
        assert!(is_page(html));
        let found = read(&super::super::page::fragment(html));
        let [story] = &found[..] else { panic!("{found:?}") };
        assert_eq!(
            [&*story.headline, &*story.source, &*story.body],
            ["Pier closes", "Bay News", "The pier closes.\n\nIt does."]
        );
    }

    #[test]
    fn a_text_that_only_speaks_of_documents_is_none() {
        let path = Path::new("a.txt");
        for text in [
            "Ferry sold\n\n512 words\n\nDocument 17 was lost at sea.\n",
            "Ferry sold\n\nDocument ABCDEFGHIJKLMNOPQRSTUVWXYZ\n",
            "Ferry sold\n\nThe hull is of oak.\nDocument BAYN000020240430ek4u0001a\n",
        ] {
            assert!(stories(text, path).is_none(), "{text}");
        }
    }
}
