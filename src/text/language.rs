//! From the opening of a text to its language.

use super::ascii;
use crate::story::Story;
use std::cmp::Reverse;
use std::sync::LazyLock;

/// Characters read: enough for a sure answer, few enough to cost some 0.1 ms.
const SAMPLE: usize = 300;

/// The language of `text` as a two-letter code of ISO 639-1 (three letters where it has none),
/// or `None` where the text is too short or too mixed to say. By trigram profiles (Cavnar and
/// Trenkle 1994) through `whatlang`.
pub fn language(text: &str) -> Option<&'static str> {
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(i, _)| i);
    let info = whatlang::detect(&text[..end])?;
    if !info.is_reliable() && info.confidence() < 0.3 {
        return None;
    }
    Some(short_code(info.lang().code()))
}

/// The language of a story, for comparing it across languages: what its words make sure, else what its
/// sender says, else the guess of [`told`], if it has words here. Empty where none of them tells.
pub fn told_of(story: &Story) -> &'static str {
    let mut tokens = Vec::new();
    super::token_hashes(&story.body, &mut tokens);
    told_by(story, &tokens)
}

/// The same, given the hashes of the tokens of its body. Cost: some 0.5 µs where words decide.
pub(crate) fn told_by(story: &Story, tokens: &[u64]) -> &'static str {
    let opening = opening(&story.body);
    if let Some(by_script) = by_script(opening) {
        return by_script;
    }
    let counts = Counts::of(tokens);
    let guess = || {
        // A long text in one of the languages that have words here would have shown one; one in plain
        // letters, which are read in full, some for its length.
        let of_plain = WORDS * opening.len() as u32 / (OPENING - 4) as u32;
        let least = if ascii::is_plain(opening) { of_plain } else { u32::from(opening.len() + 4 >= OPENING) };
        let shows = counts.all.iter().any(|&count| count >= least);
        if shows { guessed(&story.body, opening, &counts, || false) } else { None }
    };
    counts.sure().or_else(|| said(&story.language)).or_else(guess).unwrap_or_default()
}

/// Bytes of the opening by which script and trigrams tell a language.
const OPENING: usize = 700;
/// Tokens of the opening in which words are looked for: of English, as many bytes.
const OPENING_TOKENS: usize = 112;
/// Different words of one language that it asks for at least, one less in half an opening: Indonesian
/// prose holds the Italian `di` in every other line, and never four such words.
const WORDS: u32 = 4;
/// Icelandic letters of a text that is in no other language.
const ICELANDIC: usize = 3;
/// How many times as many as of any other.
const CLEARLY: u32 = 3;

/// The language of a text by its commonest words: English, sixteen that have a table of their own,
/// or what [`language()`] says where these do not. `None` where two ways of telling disagree, so that
/// a list or a table in one language is not taken for prose in another. Cost: about 1 µs where words
/// decide, else that of [`language()`].
pub fn told(text: &str) -> Option<&'static str> {
    let opening = opening(text);
    by_script(opening).or_else(|| {
        let mut tokens = Vec::with_capacity(OPENING / 4);
        super::token_hashes(opening, &mut tokens);
        let counts = Counts::of(&tokens);
        let is_sure = || whatlang::detect(opening).is_some_and(|info| info.is_reliable());
        counts.sure().or_else(|| guessed(text, opening, &counts, is_sure))
    })
}

fn opening(text: &str) -> &str {
    let most = text.len().min(OPENING);
    let end = (0..=most).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    &text[..end]
}

/// How many different words of an opening are typical of each language: in all of it, and in its first
/// half; and how many make a language sure.
struct Counts {
    all: [u32; 16],
    first: [u32; 16],
    least: u32,
}

impl Counts {
    /// Of an opening whose first half is sure, no more is read.
    fn of(tokens: &[u64]) -> Self {
        let opening = &tokens[..tokens.len().min(OPENING_TOKENS)];
        let least = if opening.len() <= OPENING_TOKENS / 2 { WORDS - 1 } else { WORDS };
        let (first, second) = opening.split_at(opening.len().div_ceil(2));
        let mut words = [0; 16];
        add_words(first, &mut words);
        let first = count(words);
        let of_first = Self { all: first, first, least };
        if of_first.sure().is_some() {
            return of_first;
        }
        add_words(second, &mut words);
        Self { all: count(words), first, least }
    }

    /// The language whose words are clearly the most.
    fn sure(&self) -> Option<&'static str> {
        let (best, most) = (0..).zip(self.all).max_by_key(|&(place, count)| (count, Reverse(place)))?;
        let others = (0..).zip(self.all).filter(|&(place, _): &(usize, u32)| place != best);
        let next = others.map(|(_, count)| count).max().unwrap_or_default();
        // A post that a story quotes may hold as many words as the story itself, but further down.
        let leads = is_most(best, self.first);
        (leads && most >= self.least && most >= CLEARLY * next).then(|| WORDS_OF.languages[best])
    }
}

/// Whether the language at `place` has words, and none has more.
fn is_most(place: usize, counts: [u32; 16]) -> bool {
    counts[place] > 0 && counts.iter().all(|&count| count <= counts[place])
}

/// What the sender says, as a code that others say, too.
fn said(language: &str) -> Option<&'static str> {
    let said = language.get(..2)?.to_ascii_lowercase();
    let is_code = language[2..].bytes().next().is_none_or(|next| !next.is_ascii_alphabetic());
    codes().map(|(_, short)| short).find(|&short| is_code && short == said).map(as_read)
}

/// What [`language()`] says, where the words of `opening` do not speak against it; a language that has
/// no words here if it `is_sure`.
fn guessed(
    text: &str,
    opening: &str,
    counts: &Counts,
    is_sure: impl FnOnce() -> bool,
) -> Option<&'static str> {
    if opening.len() < OPENING / 4 {
        return None;
    }
    // Letters that no other language of the wire has today.
    if opening.matches(['þ', 'ð']).count() >= ICELANDIC {
        return Some("is");
    }
    let guess = as_read(language(text)?);
    let fits = |place: usize| is_most(place, counts.all);
    WORDS_OF.languages.iter().position(|&of| of == guess).map_or_else(is_sure, fits).then_some(guess)
}

/// Croatian and Bosnian are read as Serbian is.
fn as_read(code: &'static str) -> &'static str {
    if matches!(code, "hr" | "bs") { "sr" } else { code }
}

/// Chinese, Japanese and Arabic, which are known by their letters.
fn by_script(opening: &str) -> Option<&'static str> {
    // First bytes of these letters in UTF-8, looked for without a branch.
    let opens = |byte: u8| matches!(byte, 0xd8..=0xdb | 0xe3..=0xe9);
    if !opening.bytes().fold(false, |any, byte| any | opens(byte)) {
        return None;
    }
    let (mut letters, mut kana, mut han, mut arabic) = (0, 0, 0, 0);
    for c in opening.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        match c {
            '\u{3041}'..='\u{30ff}' => kana += 1,
            '\u{3400}'..='\u{9fff}' => han += 1,
            '\u{600}'..='\u{6ff}' => arabic += 1,
            _ => {}
        }
    }
    if 2 * (kana + han) > letters {
        return Some(if 10 * kana > kana + han { "ja" } else { "zh" });
    }
    // Persian and Urdu are written in the same letters.
    if 2 * arabic > letters { language(opening).filter(|&code| code == "ar") } else { None }
}

/// Which languages a word is typical of; made by `train/lexicon`.
struct WordsOf {
    languages: Vec<&'static str>,
    /// Which of these places may hold a word: a quick no for most words.
    filled: Vec<u64>,
    /// Words by hash; where two want one place, the second has the next free one. 0 is none.
    words: Vec<u64>,
    /// The language of the word there, and which of its words it is.
    places: Vec<(u8, u8)>,
}

static WORDS_OF: LazyLock<WordsOf> = LazyLock::new(|| {
    let rows = include_str!("function_words.tsv").lines().filter_map(|line| line.split_once('\t'));
    let slots = 1 << WordsOf::BITS;
    let mut of = WordsOf {
        languages: Vec::new(),
        filled: vec![0; 1 << (WordsOf::FILTER - 6)],
        words: vec![0; slots],
        places: vec![(0, 0); slots],
    };
    for ((language, words), place) in rows.zip(0..) {
        of.languages.push(language);
        let mut tokens = Vec::new();
        super::token_hashes(words, &mut tokens);
        tokens.into_iter().zip(0..).for_each(|(token, nth)| of.insert(token, (place, nth)));
    }
    of
});

impl WordsOf {
    /// Bits of a place: a third of the table is filled.
    const BITS: u32 = 12;
    /// Bits of a hash by which most other words are told from those of the table.
    const FILTER: u32 = 15;

    fn insert(&mut self, word: u64, place: (u8, u8)) {
        let (slot, bit) = (self.slot(word), word >> (u64::BITS - Self::FILTER));
        (self.words[slot], self.places[slot]) = (word, place);
        self.filled[(bit / 64) as usize] |= 1 << (bit % 64);
    }

    /// Where a word stands, or would.
    fn slot(&self, word: u64) -> usize {
        let mut slot = (word >> (u64::BITS - Self::BITS)) as usize;
        while self.words[slot] != 0 && self.words[slot] != word {
            slot = (slot + 1) % self.words.len();
        }
        slot
    }

    /// 1 if the table may hold `word`.
    fn may_hold(&self, word: u64) -> usize {
        let bit = word >> (u64::BITS - Self::FILTER);
        (self.filled[(bit / 64) as usize] >> (bit % 64)) as usize & 1
    }
}

/// Adds which of `tokens` are typical of each language, a bit each.
fn add_words(tokens: &[u64], words: &mut [u128; 16]) {
    let of = &*WORDS_OF;
    // Written in any case: which words are of the table cannot be foreseen.
    let (mut known, mut len) = ([0; OPENING_TOKENS], 0);
    for &token in &tokens[..tokens.len().min(OPENING_TOKENS)] {
        known[len] = token;
        len += of.may_hold(token);
    }
    for &token in &known[..len] {
        let slot = of.slot(token);
        let (place, nth) = of.places[slot];
        words[usize::from(place)] |= u128::from(of.words[slot] == token) << nth;
    }
}

fn count(words: [u128; 16]) -> [u32; 16] {
    words.map(u128::count_ones)
}

/// Languages by their codes of three letters, and of two.
fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("language_codes.tsv").lines().filter_map(|line| line.split_once('\t'))
}

fn short_code(code: &'static str) -> &'static str {
    codes().find(|&(long, _)| long == code).map_or(code, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_the_wire() {
        assert_eq!(
            language("The president said that talks would be held in the capital on Thursday."),
            Some("en")
        );
        assert_eq!(language("Президент заявил, что переговоры пройдут в столице в четверг."), Some("ru"));
        assert_eq!(language("Презідэнт заявіў, што перамовы пройдуць у сталіцы ў чацвер."), Some("be"));
        assert_eq!(language("中国国家主席星期四在北京发表讲话。"), Some("zh"));
        assert_eq!(language("12 345"), None);
    }

    #[test]
    fn every_language_that_has_two_letters_is_named_by_them() {
        for language in whatlang::Lang::all() {
            assert_eq!(short_code(language.code()).len(), 2, "{language}");
        }
        assert_eq!(short_code("srp"), "sr");
        assert_eq!(said("no-NO"), Some("no"));
        assert_eq!(said("note"), None);
    }

    #[test]
    fn prose_is_told_and_lists_are_not() {
        assert_eq!(
            told("The president said that talks would be held in the capital on Thursday."),
            Some("en")
        );
        assert_eq!(
            told("Президент заявил, что переговоры пройдут, когда их об этом попросят, и что он будет там."),
            Some("ru")
        );
        assert_eq!(
            told("Der Präsident sagte, dass die Gespräche nicht stattfinden und er das auch nicht will."),
            Some("de")
        );
        assert_eq!(told("中国国家主席星期四在北京发表讲话。"), Some("zh"));
        assert_eq!(told("首相は木曜日に東京で会見した。"), Some("ja"));
        assert_eq!(told("Milano 12, Torino 14, Roma 20"), None);
    }

    #[test]
    fn a_quoted_post_does_not_tell_the_language_of_the_story() {
        let story = "Letiště v Brně dnes ráno zrušilo desítky letů kvůli stávce pokladních. Další spoje mají \
             zpoždění, mluvčí nabídl vrácení peněz za jízdenku. Odbory chtějí vyšší mzdy, vedení letiště mluví \
             o ohrožení léta.";
        let post = "Die Schlange vor dem Schalter reicht durch die ganze Halle und das wird auch nicht besser, \
             sagt einer, der seit drei Stunden wartet.";
        assert_eq!(told(post), Some("de"));
        assert_ne!(told(&format!("{story} {post}")), Some("de"));
        assert_eq!(told(&format!("{post} {story}")), Some("de"));
    }

    #[test]
    fn every_word_of_the_table_is_found_and_counted_for_its_language() {
        for (place, line) in include_str!("function_words.tsv").lines().enumerate() {
            let listed: Vec<&str> = line.split(['\t', ' ']).skip(1).collect();
            let (mut tokens, mut words) = (Vec::new(), [0; 16]);
            crate::text::token_hashes(&listed.join(" "), &mut tokens);
            tokens.chunks(OPENING_TOKENS).for_each(|tokens| add_words(tokens, &mut words));
            let counts = count(words);
            // *Усё* and *усе* are one token.
            tokens.sort_unstable();
            tokens.dedup();
            assert_eq!(counts[place] as usize, tokens.len(), "{line}");
            assert!(listed.len() - tokens.len() <= 1, "{line}");
            assert_eq!(counts.iter().sum::<u32>(), counts[place], "{line}");
        }
    }

    #[test]
    fn a_word_again_and_again_is_one_word() {
        let story = |language: &str| Story {
            body: "Pertemuan di Jakarta akan diadakan di gedung lama, di lantai dua, di ruang besar, \
                   kata pejabat di kementerian itu, dan tamu di kota menginap di hotel di tepi pantai."
                .into(),
            language: language.into(),
            ..Story::default()
        };
        assert_ne!(told_of(&story("")), "it");
        assert_eq!(told_of(&story("id")), "id");
        assert_eq!(told_of(&story("id-ID")), "id");
    }
}
