//! From the text of a page to which words stand in it: what needs one of them is looked for only then.

use super::consent::COOKIES;
use super::printed::OPENINGS;
use super::select::each_text;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use dom_query::{Document, Selection};
use std::sync::LazyLock;

/// Which words a page has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Words {
    /// One with which a line begins that says when the page was published.
    pub(super) published: bool,
    /// One for cookies.
    pub(super) cookies: bool,
}

/// Those words in the letters in which they are printed, the openings first.
static PRINTED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = OPENINGS.iter().chain(&COOKIES).flat_map(|word| forms(word));
    // All text of all pages goes through it.
    let builder = &mut AhoCorasick::builder();
    builder.kind(Some(AhoCorasickKind::DFA)).ascii_case_insensitive(true).build(words).expect("a few words")
});

/// Forms of a word in [`forms`].
const FORMS: usize = 4;

/// A word in lower case as it is printed: so, with a capital, with one to each word, in capitals.
fn forms(word: &str) -> [String; FORMS] {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    let each = word.split(' ').map(capital).collect::<Vec<_>>().join(" ");
    [word.to_owned(), capital(word), each, word.to_uppercase()]
}

impl Words {
    /// Those of a page.
    pub(super) fn of(document: &Document) -> Self {
        let mut words = Self::default();
        each_text(&Selection::from(document.root()), |text| {
            for hit in PRINTED.find_iter(text) {
                if hit.pattern().as_usize() >= OPENINGS.len() * FORMS {
                    words.cookies = true;
                } else {
                    words.published |= !text[..hit.start()].ends_with(char::is_alphabetic);
                }
            }
            !(words.cookies && words.published)
        });
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_letters_and_not_within_words() {
        for (html, published, cookies) in [
            ("<p>Published on 6 May 2024", true, false),
            ("<p><b>MIS EN LIGNE</b> le 6 mai", true, false),
            ("<p>Дата Публикации: 6 мая", true, false),
            ("<p>Ver&ouml;ffentlicht am 6. Mai", true, false),
            ("<p>发布时间：2024年5月6日", true, false),
            ("<p>We use COOKIES.", false, true),
            ("<p>Сайт использует Куки", false, true),
            ("<p>&Ccedil;erezler", false, true),
            ("<p>Unpublished outstanding work", false, false),
            ("<p>Posted: he ate a cookie", true, true),
        ] {
            assert_eq!(Words::of(&Document::from(html)), Words { published, cookies }, "{html}");
        }
    }
}
