//! From packed tables to what a stem means, language by language.

use super::fold;
use crate::error::{Error, Result};
use crate::hash;
use ahash::AHashMap;
use std::sync::LazyLock;

/// What a stem means: hashes of English stems, each with a surety in sixteenths.
type Meanings = Vec<(u32, u8)>;

/// Stems of one language by hash.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table(AHashMap<u32, Meanings>);

impl Table {
    fn push(&mut self, stem: &str, english: &str, surety: u8) {
        self.0.entry(concept(stem)).or_default().push((concept(english), surety));
    }

    pub(super) fn meanings(&self, stem: u32) -> &[(u32, u8)] {
        self.0.get(&stem).map_or(&[], Vec::as_slice)
    }
}

/// The hash by which a concept or an untranslated stem is known.
pub(super) fn concept(stem: &str) -> u32 {
    (hash::word(stem.as_bytes()) >> 32) as u32
}

/// The most a row can be sure of, in sixteenths.
pub(super) const SURE: u8 = 15;

/// What stems mean: the built-in tables, and what a user added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lexicon {
    more: Vec<(Box<str>, Table)>,
    /// What was added, as it came.
    rows: String,
}

impl Lexicon {
    /// Adds the rows of `text`: `LANGUAGE<TAB>word<TAB>english`, one a line, by words or stems;
    /// empty lines and those that open with `#` are passed over. They count beside the built-in ones.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::error::ErrorKind::Config), naming the line and what was expected.
    pub fn add(&mut self, text: &str) -> Result<()> {
        let (mut from, mut to) = (String::new(), String::new());
        for (line, number) in text.lines().zip(1..) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let fields: Vec<&str> = line.split('\t').collect();
            let [language, word, english] = fields[..] else {
                let found = fields.len();
                return Err(Error::config(format!(
                    "line {number} of the lexicon: expected LANGUAGE<TAB>word<TAB>english, found {found} fields"
                )));
            };
            fold::stem(word, &mut from);
            fold::stem(english, &mut to);
            if from.is_empty() || to.is_empty() || language.is_empty() {
                return Err(Error::config(format!(
                    "line {number} of the lexicon: expected words, found none"
                )));
            }
            self.table_mut(language).push(&from, &to, SURE);
            self.rows.extend([line, "\n"]);
        }
        Ok(())
    }

    /// The rows that were added, for [`Lexicon::add`] to read.
    pub fn rows(&self) -> &str {
        &self.rows
    }

    fn table_mut(&mut self, language: &str) -> &mut Table {
        let place = self.more.iter().position(|(of, _)| &**of == language).unwrap_or_else(|| {
            self.more.push((language.into(), Table::default()));
            self.more.len() - 1
        });
        &mut self.more[place].1
    }

    /// The tables of a language, built in and added; unpacks the first where it is new.
    pub(super) fn tables(&self, language: &str) -> [&Table; 2] {
        static NONE: LazyLock<Table> = LazyLock::new(Table::default);
        let more = self.more.iter().find(|(of, _)| &**of == language).map_or(&*NONE, |(_, table)| table);
        [built_in(language).unwrap_or(&NONE), more]
    }
}

/// Share of English news stories that hold a stem, by concept; 0 where it is rare.
pub(crate) fn share(concept: u32) -> f64 {
    static SHARES: LazyLock<AHashMap<u32, u16>> = LazyLock::new(|| {
        let text = unpacked(include_bytes!("data/en.tsv.zst"));
        let row = |line: &str| {
            line.split_once('\t')
                .and_then(|(stem, share)| Some((super::table::concept(stem), share.parse().ok()?)))
        };
        text.lines().filter_map(row).collect()
    });
    f64::from(SHARES.get(&concept).copied().unwrap_or_default()) / 1e3
}

/// At once, as the letters of `noise` are: a stream would take 8 MB for a moment.
fn unpacked(packed: &[u8]) -> String {
    /// Bytes of the largest table, at most.
    const LARGEST: usize = 128 << 10;
    let bytes = zstd::bulk::decompress(packed, LARGEST).expect("the tables are part of the program");
    String::from_utf8(bytes).expect("the tables are text")
}

fn read(packed: &[u8]) -> Table {
    let mut table = Table::default();
    for line in unpacked(packed).lines() {
        let mut fields = line.split('\t');
        if let (Some(stem), Some(english), Some(surety)) = (fields.next(), fields.next(), fields.next()) {
            table.push(stem, english, surety.parse().unwrap_or(1));
        }
    }
    table
}

macro_rules! built_in {
    ($($language:literal),*) => {
        fn built_in(language: &str) -> Option<&'static Table> {
            match language {
                $($language => {
                    static TABLE: LazyLock<Table> =
                        LazyLock::new(|| read(include_bytes!(concat!("data/", $language, ".tsv.zst"))));
                    Some(&TABLE)
                })*
                _ => None,
            }
        }

        /// The languages that have a built-in table, beside English.
        #[cfg(test)]
        pub(super) const BUILT_IN: &[&str] = &[$($language),*];
    };
}

built_in!("ar", "be", "bg", "cs", "de", "es", "fr", "it", "ja", "pl", "pt", "ru", "sr", "tr", "uk", "zh");

#[cfg(test)]
mod tests {
    use super::*;

    fn means(lexicon: &Lexicon, language: &str, word: &str, english: &str) -> bool {
        let (mut from, mut to) = (String::new(), String::new());
        fold::stem(word, &mut from);
        fold::stem(english, &mut to);
        let tables = lexicon.tables(language);
        tables
            .iter()
            .any(|table| table.meanings(concept(&from)).iter().any(|&(meant, _)| meant == concept(&to)))
    }

    #[test]
    fn tables_know_the_words_of_the_news() {
        let lexicon = Lexicon::default();
        for (language, word, english) in [
            ("ru", "президент", "president"),
            ("ru", "солдаты", "soldiers"),
            ("fr", "février", "February"),
            ("es", "febrero", "February"),
            ("cs", "Německo", "Germany"),
            ("uk", "війна", "war"),
            ("zh", "中国", "China"),
        ] {
            assert!(means(&lexicon, language, word, english), "{language} {word} {english}");
        }
    }

    #[test]
    fn every_table_is_whole() {
        for language in BUILT_IN {
            assert!(built_in(language).is_some_and(|table| table.0.len() > 1_000), "{language}");
        }
        assert!(share(concept("presi")) > 0.01);
    }

    #[test]
    fn rows_of_a_user_count_and_bad_ones_are_named() {
        let mut lexicon = Lexicon::default();
        lexicon.add("# ours\nnl\tregering\tgovernment\n").unwrap();
        assert!(means(&lexicon, "nl", "Regering", "government"));
        let error = lexicon.add("nl\tregering").unwrap_err().to_string();
        assert!(error.contains("line 1") && error.contains("2 fields"), "{error}");
    }
}
