//! From the lines that a page shows to the one that says when it was published.

use super::super::time;
use super::select::{Page, Selector, children, each_text};
use dom_query::{NodeRef, Selection};

/// Elements that may hold such a line.
static LINES: Selector = Selector::new("p, div, span, li, small");

/// How such a line begins, in lower case; longer ones before those that they begin with.
pub(super) const OPENINGS: [&str; 30] = [
    "first published",
    "originally published",
    "published",
    "posted",
    "дата публикации",
    "опубликовано",
    "опубліковано",
    "апублікавана",
    "публикувано",
    "veröffentlicht",
    "erschienen",
    "erstellt",
    "stand",
    "publié",
    "mis en ligne",
    "publicado",
    "publicada",
    "publicação",
    "pubblicato",
    "opublikowano",
    "data publikacji",
    "publikováno",
    "zveřejněno",
    "yayınlanma",
    "diterbitkan",
    "gepubliceerd",
    "publicerad",
    "julkaistu",
    "发布时间",
    "公開",
];
/// What may stand between that and the date.
const BETWEEN: [&str; 13] =
    ["on", "am", "le", "el", "em", "il", "at", "dnia", "dne", "tarihi", "op", "vom", "date"];
/// What may stand behind the date, in lower case: when the page was changed since.
const CHANGES: [&str; 16] = [
    "updated",
    "last updated",
    "modified",
    "last modified",
    "обновлено",
    "оновлено",
    "обновена",
    "aktualisiert",
    "mis à jour",
    "actualizado",
    "atualizado",
    "aggiornato",
    "aktualizacja",
    "aktualizováno",
    "güncelleme",
    "diperbarui",
];
/// What parts such a line from others.
const PARTS: [char; 5] = ['|', '·', '•', '—', '–'];
/// Words of a line that is no more than this.
const WORDS: usize = 16;
/// Bytes of one at most.
const LENGTH: usize = 300;
/// Elements that hold lines of their own.
const BLOCKS: [&str; 12] =
    ["p", "div", "ul", "ol", "table", "section", "article", "header", "h1", "h2", "h3", "h4"];

/// The date that a line of the page prints as that of its publication.
pub(super) fn date(page: &Page<'_>) -> Option<String> {
    if page.words.published { LINES.of(page.document).iter().find_map(|line| of_line(&line)) } else { None }
}

/// Takes out the lines that print it.
pub(super) fn clear(page: &Page<'_>) {
    if !page.words.published {
        return;
    }
    for line in &LINES.of(page.document) {
        if of_line(&line).is_some() {
            line.remove();
        }
    }
}

fn of_line(line: &Selection<'_>) -> Option<String> {
    // A look at what holds no line of its own: each text is read once or twice.
    let mut inner = children(line);
    let is_block = |inner: NodeRef<'_>| BLOCKS.iter().any(|name| inner.has_name(name));
    if inner.by_ref().take(WORDS).any(is_block) || inner.next().is_some() {
        return None;
    }
    let (mut length, mut is_dated) = (0, false);
    each_text(line, |text| {
        length += text.len();
        let goes_on = length <= LENGTH;
        is_dated |= goes_on && text.bytes().any(|byte| byte.is_ascii_digit());
        goes_on
    });
    if length > LENGTH || !is_dated {
        return None;
    }
    let text = line.text();
    if text.split_whitespace().count() > WORDS { None } else { in_text(&text) }
}

/// The date in `Published 6 May 2024`, `By Ada Lund | Posted on May 6, 2024 by the desk`.
fn in_text(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clauses =
        text.split(PARTS).flat_map(|part| [Some(part), part.split_once(", ").map(|(_, rest)| rest)]);
    clauses.flatten().find_map(|clause| {
        let clause = clause.trim();
        let lower = clause.to_lowercase();
        // Where the lower case has another length, the letters are none of these.
        let opening = OPENINGS.iter().find(|opening| lower.starts_with(**opening))?;
        let rest = clause.get(opening.len()..)?;
        let is_word = rest.starts_with(|c: char| !c.is_alphabetic()) || !opening.is_ascii();
        let rest = rest.trim_start_matches([':', '：', ' ']);
        let rest = BETWEEN
            .iter()
            .find_map(|word| rest.strip_prefix(word)?.strip_prefix([' ', ':']))
            .map_or(rest, str::trim_start);
        let shown = [Some(rest), rest.split_once(" by ").map(|(date, _)| date), before_change(rest)];
        let mut shown =
            shown.into_iter().flatten().map(|date| date.trim_end_matches(['.', ' ', ',', ';', '(']));
        shown.find(|date| is_word && is_date(date)).map(str::to_owned)
    })
}

/// What stands before the date of a change: `6 May 2024. Updated: 7 May 2024`.
fn before_change(rest: &str) -> Option<&str> {
    let lower = rest.to_lowercase();
    // Where the lower case has another length, the places are none of these.
    let at =
        CHANGES.iter().filter_map(|change| lower.find(change)).min().filter(|_| lower.len() == rest.len())?;
    rest.get(..at)
}

/// Whether that is a date and no sentence that begins with one.
fn is_date(printed: &str) -> bool {
    /// `Monday`, `May`, `at`, `am`, `CEST`.
    const NAMES: usize = 5;
    let names = printed.split_whitespace().filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
    names.count() <= NAMES && time::parse(printed).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_it_was_published() {
        for (line, day) in [
            ("Published 6 May 2024 10:00 CEST", "2024-05-06T08:00:00Z"),
            ("Published: May 6, 2024", "2024-05-06"),
            ("Posted on May 6, 2024 by Ada Lund", "2024-05-06"),
            ("By Ada Lund | Published 6 May 2024", "2024-05-06"),
            ("Updated 7 May 2024, first published 6 May 2024", "2024-05-06"),
            ("Опубликовано: 6 мая 2024, 10:00", "2024-05-06T10:00:00Z"),
            ("Veröffentlicht am 6. Mai 2024 um 10:00 Uhr", "2024-05-06T10:00:00Z"),
            ("Publié le 6 mai 2024 à 10h00", "2024-05-06T10:00:00Z"),
            ("Publicado el 6 de mayo de 2024", "2024-05-06"),
            ("Pubblicato il 6 maggio 2024", "2024-05-06"),
            ("发布时间：2024年5月6日 10:00", "2024-05-06T10:00:00Z"),
            ("Published: 6 May 2024, 10:00. Updated: 7 May 2024, 11:00.", "2024-05-06T10:00:00Z"),
            ("Published 6 May 2024 (last updated 7 May 2024)", "2024-05-06"),
            ("Опубликовано 6 мая 2024, 10:00, обновлено 7 мая 2024", "2024-05-06T10:00:00Z"),
            ("Publicado el 6 de mayo de 2024; actualizado el 7 de mayo", "2024-05-06"),
        ] {
            let found = in_text(line).and_then(|date| time::parse(&date)).map(|time| time.to_string());
            assert_eq!(found.as_deref(), Some(day), "{line}");
        }
    }

    #[test]
    fn prose_about_publishing_is_no_such_line() {
        for line in [
            "Published 6 May 2024, the report blames the port.",
            "The report, published 6 May 2024 in Lunvik, blames the port.",
            "Standard & Co, 6 May 2024",
            "Updated 7 May 2024",
            "Published weekly",
            "6 May 2024",
        ] {
            assert_eq!(in_text(line), None, "{line}");
        }
    }
}
