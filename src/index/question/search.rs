//! From what is looked for in an index to whether a story holds it.

use super::list::Filter;
use crate::index::file::rows::StoryRow;
use crate::story::Story;
use crate::text::unspaced;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Which clusters of an index are looked for, and in what order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// What one story of the cluster must fulfil, and how many stories there must be.
    pub filter: Filter,
    /// Only those with a story of one of these sources, without regard to ASCII case; of any if
    /// there is none.
    pub sources: Vec<String>,
    /// Only those with a story that holds this.
    pub text: Sought,
    /// Which come first.
    pub order: Order,
}

impl Search {
    pub(in crate::index) fn takes(&self, row: &StoryRow) -> bool {
        let is_source = |source: &String| source.eq_ignore_ascii_case(&row.source);
        self.filter.takes(row) && (self.sources.is_empty() || self.sources.iter().any(is_source))
    }
}

/// Which clusters come first.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Order {
    /// The one whose latest story came last.
    #[default]
    Newest,
    /// The one whose first story came first.
    Oldest,
    /// The one of most stories.
    Largest,
    /// The one whose members are least alike.
    Weakest,
}

/// Words and phrases that a story must hold, all of them, in headline, body, source or id.
///
/// Case, marks, quotation marks and hyphens make no difference. Words are found by their
/// beginnings, `"phrases in quotes"` as they stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sought(Vec<String>);

impl Sought {
    /// Bytes of the longest query; what is beyond is not looked at.
    const MOST: usize = 1_000;

    /// What `query` asks for.
    pub fn of(query: &str) -> Self {
        let end = query.char_indices().map(|(at, _)| at).take_while(|&at| at <= Self::MOST).last();
        let query = if query.len() > Self::MOST { &query[..end.unwrap_or_default()] } else { query };
        let query = query.replace(['“', '”', '„', '«', '»'], "\"");
        let parts = query.split('"').enumerate();
        let terms = parts.flat_map(|(number, part)| {
            let is_phrase = number % 2 == 1;
            let words = if is_phrase { vec![part] } else { part.split_whitespace().collect() };
            words.into_iter().map(folded).collect::<Vec<String>>()
        });
        let needle = |term: String| match term.chars().nth(1).and_then(unspaced::script) {
            // Where no spaces are written a word may begin anywhere.
            Some(_) => term.trim_start().to_owned(),
            None => term,
        };
        Self(terms.filter(|term| term.len() > 1).map(needle).collect())
    }

    /// Whether nothing is asked for, so that every story holds it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `story` holds it. Cost: some 5 µs a kilobyte.
    pub fn is_in(&self, story: &Story) -> bool {
        let mut missing: Vec<&str> = self.0.iter().map(String::as_str).collect();
        for part in [&story.headline, &story.source, &story.id, &story.body] {
            if missing.is_empty() {
                return true;
            }
            let part = folded(part);
            missing.retain(|term| !part.contains(term));
        }
        missing.is_empty()
    }
}

/// Letters and digits without case and marks, a space before each run of them.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut is_open = false;
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            if !is_open {
                out.push(' ');
            }
            out.extend(c.to_lowercase());
        }
        is_open = c.is_alphanumeric();
    };
    for stretch in text.split_inclusive(|c: char| !c.is_ascii()) {
        let (ascii, last) = match stretch.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii() => (&stretch[..at], Some(last)),
            _ => (stretch, None),
        };
        ascii.chars().for_each(&mut push);
        last.into_iter().nfkd().filter(|&c| !is_combining_mark(c)).for_each(&mut push);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, query: &str) -> bool {
        Sought::of(query).is_in(&Story {
            id: "x-1".into(),
            source: "Tasman Post".into(),
            ..Story::new("x-1", text)
        })
    }

    #[test]
    fn words_are_found_by_their_beginnings_whatever_their_case_and_marks() {
        let text = "The ferry “Zoë” – 148 aboard – ran aground; Лукашенко йод.";
        for query in
            ["FERRY aground", "zoe", "148", "groun", "лукаш ИОД", "tasman ferry", "", "  \" \"", "x-1"]
        {
            assert_eq!(holds(text, query), query != "groun", "{query}");
        }
        assert!(!holds(text, "ferry sank"), "all words must be there");
    }

    #[test]
    fn a_phrase_is_found_as_it_stands() {
        let text = "“We do not know,” the minister’s aide said, \"yet.\"";
        assert!(holds(text, "\"do not know\" aide"));
        assert!(holds(text, "“know, the minister's aide”"), "marks are passed over");
        assert!(!holds(text, "\"not do\""));
        assert!(holds(text, "not do"));
        assert!(holds(text, "\"do not know"), "the quotation mark may not be closed yet");
    }

    #[test]
    fn scripts_without_spaces_are_found_anywhere() {
        assert!(holds("成都新增两条地铁线路", "地铁"));
        assert!(!holds("成都新增两条地铁线路", "铁地"));
        assert!(holds("مدرجات عسير", "عسير"));
    }

    #[test]
    fn a_long_query_is_cut() {
        assert!(Sought::of(&"é".repeat(5_000)).0[0].len() <= 1_001);
    }
}
