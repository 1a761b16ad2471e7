//! From a query to what a text must hold, and to the words by which a list of them finds it.

mod unfolded;

use crate::story::Story;
use crate::text::unspaced;
use ahash::AHashSet;
use unfolded::Unfolded;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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

    /// A passage as it stands; `None` if it is too short to tell anything, or longer than a query.
    pub(in crate::index) fn passage(text: &str) -> Option<Self> {
        /// Words, or letters of a script without spaces.
        const LEAST: usize = 3;
        let mut words = 0;
        let folded = folded(text);
        folded.split(' ').for_each(|run| each_word(run, |_, _| words += 1));
        (words >= LEAST && text.len() <= Self::MOST)
            .then(|| Self::of(&format!("\"{}\"", text.replace('"', " "))))
    }

    /// Whether nothing is asked for, so that every story holds it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is words alone, so that a list of them says all of it.
    pub(in crate::index) fn is_of_words(&self) -> bool {
        self.0.len() <= Terms::MOST
            && self.0.iter().all(|needle| {
                let run = needle.strip_prefix(' ').unwrap_or_default();
                run.chars().nth(1).is_some() && !run.contains(' ') && !run.chars().any(is_unspaced)
            })
    }

    /// Whether `story` holds it. Cost: some 5 µs a kilobyte; a tenth where all letters are ASCII.
    pub fn is_in(&self, story: &Story) -> bool {
        let mut missing: Vec<&str> = self.0.iter().map(String::as_str).collect();
        for part in [&story.headline, &story.source, &story.id, &story.body] {
            if missing.is_empty() {
                return true;
            }
            let (unfolded, mut whole) = (Unfolded::of(part), None);
            missing.retain(|term| {
                let seen = unfolded.as_ref().and_then(|part| part.holds(term));
                !seen.unwrap_or_else(|| whole.get_or_insert_with(|| folded(part)).contains(term))
            });
        }
        missing.is_empty()
    }
}

/// What of a search a list of words can answer: words that a story must have, some by their
/// beginnings.
pub(in crate::index) struct Terms(String);

impl Terms {
    /// Terms that are asked for, at most: they narrow, and the text decides.
    const MOST: usize = 24;

    /// `None` if a list of words says nothing of what is sought.
    pub(in crate::index) fn of(sought: &Sought) -> Option<Self> {
        let mut terms: Vec<String> = Vec::new();
        for needle in &sought.0 {
            let mut runs = needle.split(' ').filter(|run| !run.is_empty()).peekable();
            while let Some(run) = runs.next() {
                let is_whole = runs.peek().is_some();
                each_word(run, |word, is_unspaced| {
                    // The last word may go on; of a script without spaces every letter is known.
                    if is_whole || is_unspaced || !run.ends_with(word) {
                        terms.push(format!("\"{word}\""));
                    } else if word.chars().nth(1).is_some() {
                        terms.push(format!("\"{word}\"*"));
                    }
                });
            }
        }
        // The longest tell most.
        terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
        terms.dedup();
        terms.truncate(Self::MOST);
        (!terms.is_empty()).then(|| Self(terms.join(" ")))
    }

    /// As SQLite is asked.
    pub(in crate::index) fn asked(&self) -> &str {
        &self.0
    }
}

/// The distinct words of a story as a list keeps them, a space between.
pub(in crate::index) fn words(story: &Story) -> String {
    let parts = [&story.headline, &story.source, &story.id, &story.body].map(|part| folded(part));
    let mut seen = AHashSet::new();
    let mut out = String::new();
    for part in &parts {
        for run in part.split(' ') {
            each_word(run, |word, _| {
                if seen.insert(word) {
                    out.push_str(word);
                    out.push(' ');
                }
            });
        }
    }
    out
}

fn is_unspaced(letter: char) -> bool {
    unspaced::script(letter).is_some()
}

/// The words of a run of letters: of a script without spaces each letter, and every two; `true` says
/// so. A run without others is a word.
fn each_word<'a>(run: &'a str, mut each: impl FnMut(&'a str, bool)) {
    if run.is_ascii() {
        if !run.is_empty() {
            each(run, false);
        }
        return;
    }
    let (mut start, mut before) = (0, None);
    for (at, c) in run.char_indices() {
        let end = at + c.len_utf8();
        if is_unspaced(c) {
            if before.is_none() && start < at {
                each(&run[start..at], false);
            }
            each(&run[at..end], true);
            if let Some(before) = before {
                each(&run[before..end], true);
            }
            (before, start) = (Some(at), end);
        } else {
            start = if before.is_some() { at } else { start };
            before = None;
        }
    }
    if before.is_none() && start < run.len() {
        each(&run[start..], false);
    }
}

/// Letters and digits without case and marks, a space before each run of them.
fn folded(text: &str) -> String {
    let mut folding = Folding { out: Vec::with_capacity(text.len() + 1), is_open: false };
    for stretch in text.split_inclusive(|c: char| !c.is_ascii()) {
        let (ascii, last) = match stretch.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii() => (&stretch[..at], Some(last)),
            _ => (stretch, None),
        };
        folding.ascii(ascii.as_bytes());
        last.into_iter().nfkd().filter(|&c| !is_combining_mark(c)).for_each(|c| folding.letter(c));
    }
    // Whole letters were put in.
    String::from_utf8(folding.out).unwrap_or_default()
}

/// What was folded so far, and whether it ends in a letter.
struct Folding {
    out: Vec<u8>,
    is_open: bool,
}

impl Folding {
    /// The same as letter by letter, without a branch on each.
    fn ascii(&mut self, text: &[u8]) {
        let mut end = self.out.len();
        self.out.resize(end + 2 * text.len(), 0);
        let mut was_open = self.is_open;
        for byte in text {
            let is_open = byte.is_ascii_alphanumeric();
            self.out[end] = b' ';
            end += usize::from(is_open && !was_open);
            if let Some(place) = self.out.get_mut(end) {
                *place = byte.to_ascii_lowercase();
            }
            end += usize::from(is_open);
            was_open = is_open;
        }
        self.out.truncate(end);
        self.is_open = was_open;
    }

    fn letter(&mut self, c: char) {
        let is_open = c.is_alphanumeric();
        if is_open && !self.is_open {
            self.out.push(b' ');
        }
        if is_open {
            for c in c.to_lowercase() {
                self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        self.is_open = is_open;
    }
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
