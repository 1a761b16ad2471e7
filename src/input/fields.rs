//! From the key of a JSON object to the part of a story that it stands for.

mod names;

use crate::error::Error;
use names::{DATES, HEADLINES, IDS, LANGUAGES, SOURCES, STORIES, TEASERS, TEXTS, URLS};
use std::sync::LazyLock;

/// Which key holds which part of a story. `None` leaves it to the usual names; a name given here
/// is the only one that counts for its part. Keys are compared without regard to ASCII case.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fields {
    /// The key of the id. A record without it is an error once it is named here.
    pub id: Option<String>,
    /// The key of the running text. A record without it is an error once it is named here.
    pub text: Option<String>,
    /// The key of the headline.
    pub headline: Option<String>,
    /// The key of the time of publication.
    pub date: Option<String>,
    /// The key of the publisher.
    pub source: Option<String>,
    /// The key of the language tag.
    pub language: Option<String>,
}

/// A part of a story that a key can stand for. The number is its place in [`Parts`].
///
/// [`Parts`]: super::Parts
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// The user's key.
    Id,
    /// The running text.
    Text,
    /// The headline.
    Headline,
    /// When it was published.
    Date,
    /// Who published it.
    Source,
    /// The language tag.
    Language,
    /// The address on the web.
    Url,
}

impl Role {
    /// Every role, in the order of the enum.
    pub const ALL: [Self; 7] =
        [Self::Id, Self::Text, Self::Headline, Self::Date, Self::Source, Self::Language, Self::Url];

    /// Whether a text by a name of so good a rank was read by a scanner: what stands beside it as a
    /// title is that of the paper.
    pub(super) fn is_scanned(self, rank: u8) -> bool {
        const SCANNED: [&str; 2] = ["ocr_text", "ocr_eng"];
        self == Self::Text && self.names().get(usize::from(rank)).is_some_and(|name| SCANNED.contains(name))
    }

    /// Whether a text by a name of so good a rank is in markup, as the name says.
    pub(super) fn is_markup(self, rank: u8) -> bool {
        self == Self::Text && self.names().get(usize::from(rank)).is_some_and(|name| name.ends_with("html"))
    }

    /// Whether a text by this name is a teaser, by its name or its rank.
    pub(super) fn is_teaser(self, rank: u8) -> bool {
        self == Self::Text && (STORIES.len()..STORIES.len() + TEASERS.len()).contains(&usize::from(rank))
    }

    /// The names of texts that are more than a teaser.
    pub(super) fn stories() -> impl Iterator<Item = &'static str> {
        STORIES.iter().copied()
    }

    /// The names that are tried for this role, the best first.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Id => &IDS,
            Self::Text => &TEXTS,
            Self::Headline => &HEADLINES,
            Self::Date => &DATES,
            Self::Source => &SOURCES,
            Self::Language => &LANGUAGES,
            Self::Url => &URLS,
        }
    }
}

/// A name, the part of a story that it stands for, and how good a name it is for that.
type Usual = (&'static str, Role, u8);

/// The usual names with their roles and ranks, by length and first letter: keys are looked up by the
/// million.
static USUAL: LazyLock<Vec<Vec<Usual>>> = LazyLock::new(|| {
    let mut usual = Vec::new();
    for role in Role::ALL {
        for (rank, name) in (0..).zip(role.names()) {
            let place = place(name);
            usual.resize(usual.len().max(place + 1), Vec::new());
            usual[place].push((*name, role, rank));
        }
    }
    // As others join the words of a name: `SourceName`, `articletitle`.
    for role in Role::ALL {
        for (rank, name) in (0..).zip(role.names()).filter(|(_, name)| name.contains('_')) {
            let joined: &'static str = name.replace('_', "").leak();
            let place = place(joined);
            usual.resize(usual.len().max(place + 1), Vec::new());
            if !usual[place].iter().any(|(known, ..)| known.eq_ignore_ascii_case(joined)) {
                usual[place].push((joined, role, rank));
            }
        }
    }
    usual
});

/// Where a name stands in [`USUAL`], in either case.
fn place(name: &str) -> usize {
    /// First letters are told apart by as many bits as have no part in their case.
    const LETTERS: usize = 32;
    let first = name.bytes().next().unwrap_or_default();
    name.len() * LETTERS + usize::from(first) % LETTERS
}

impl Fields {
    /// The error of a record in which one of `keys` stands for `role` and holds nothing of the
    /// kind; `what` names that.
    pub(super) fn unfit(&self, role: Role, what: &str, keys: &[String]) -> Option<Error> {
        let key = keys.iter().find(|key| self.role(key).is_some_and(|(of, _)| of == role))?;
        Some(Error::input(format!(
            "expected {what} in the field `{key}`, found what is none, such as null, a number or a list; \
             mend the record or take it out"
        )))
    }

    /// The name that was given for `role`, if one was.
    pub fn named(&self, role: Role) -> Option<&str> {
        match role {
            Role::Id => self.id.as_deref(),
            Role::Text => self.text.as_deref(),
            Role::Headline => self.headline.as_deref(),
            Role::Date => self.date.as_deref(),
            Role::Source => self.source.as_deref(),
            Role::Language => self.language.as_deref(),
            Role::Url => None,
        }
    }

    /// What `key` stands for, and how good a name it is for that: 0 is the best.
    pub fn role(&self, key: &str) -> Option<(Role, u8)> {
        let named = |role: &Role| self.named(*role).is_some_and(|name| name.eq_ignore_ascii_case(key));
        if let Some(role) = Role::ALL.into_iter().find(named) {
            return Some((role, 0));
        }
        let bare = || without_ending(key).and_then(usual).or_else(|| without_beginning(key).and_then(usual));
        let usual = usual(key).or_else(bare).or_else(|| {
            // Headings of columns are words: `Veröffentlicht am`, `publish-date`.
            if key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'-') {
                return None;
            }
            // The Turkish capital keeps its dot as a character of its own.
            usual(&key.to_lowercase().replace("i\u{307}", "i").replace([' ', '-'], "_"))
        });
        usual.filter(|(_, role, _)| self.named(*role).is_none()).map(|(_, role, rank)| (*role, *rank))
    }
}

/// A key without what tells Solr of which type its value is: `title_s`, `body_txt_en`.
fn without_ending(key: &str) -> Option<&str> {
    const ENDINGS: [&str; 17] = [
        "s", "ss", "t", "txt", "dt", "dts", "tdt", "tdts", "i", "l", "tl", "str", "ws", "sort", "sm", "tm",
        "dtm",
    ];
    let is_one_of =
        |ending: &str, endings: &[&str]| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
    let (name, ending) = key.rsplit_once('_')?;
    if is_one_of(ending, &ENDINGS) {
        return Some(name);
    }
    // Texts are told apart by language, too.
    let (name, kind) = name.rsplit_once('_').filter(|_| (2..=3).contains(&ending.len()))?;
    is_one_of(kind, &["txt", "t"]).then_some(name)
}

/// A key of Drupal without what tells its search engine of which type and language its value is:
/// `ss_title`, `tm_X3b_en_body`, `ss_field_source`.
fn without_beginning(key: &str) -> Option<&str> {
    /// Types of texts and dates. Of those of numbers, `is` would make a date of `is_published`.
    const TYPES: [&str; 12] = ["ss", "sm", "ts", "tm", "tus", "tum", "ds", "dm", "tcs", "tcm", "twm", "tws"];
    /// How the search module marks a language.
    const LANGUAGE: &str = "X3b_";
    let (_, name) = key.split_once('_').filter(|(kind, _)| TYPES.contains(kind))?;
    let name = name.strip_prefix(LANGUAGE).and_then(|name| Some(name.split_once('_')?.1)).unwrap_or(name);
    let name = name.strip_suffix("$value").unwrap_or(name);
    let own = ["field_", "search_api_"].iter().find_map(|prefix| name.strip_prefix(prefix));
    let name = own.unwrap_or(name);
    Some(name)
}

/// The usual name that `key` is, in either case.
fn usual(key: &str) -> Option<&'static Usual> {
    USUAL.get(place(key))?.iter().find(|(name, ..)| name.eq_ignore_ascii_case(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_rank_in_their_order_and_in_any_case() {
        let fields = Fields::default();
        assert_eq!(fields.role("text"), Some((Role::Text, 0)));
        assert_eq!(fields.role("ARTICLEBODY"), Some((Role::Text, 4)));
        assert_eq!(fields.role("Title"), Some((Role::Headline, 1)));
        assert_eq!(fields.role("doc_ID"), Some((Role::Id, 5)));
        assert_eq!(fields.role("publishdate"), Some((Role::Date, 13)));
        assert_eq!(fields.role("lang"), Some((Role::Language, 1)));
        assert_eq!(fields.role("authors"), None);
    }

    #[test]
    fn names_of_other_languages_and_headings_of_columns_are_known() {
        let fields = Fields::default();
        for (key, role) in [
            ("Überschrift", Role::Headline),
            ("titel", Role::Headline),
            ("Заголовок", Role::Headline),
            ("ДАТА", Role::Date),
            ("Veröffentlicht am", Role::Date),
            ("Publication date", Role::Date),
            ("Источник", Role::Source),
            ("fuente", Role::Source),
            ("Текст", Role::Text),
            ("Description", Role::Text),
            ("İçerik", Role::Text),
            ("BAŞLIK", Role::Headline),
            ("Judul berita", Role::Headline),
            ("Data de publicação", Role::Date),
            ("data", Role::Date),
            ("媒体", Role::Source),
            ("СМИ", Role::Source),
            ("Publication", Role::Source),
            ("język", Role::Language),
            ("SourceName", Role::Source),
            ("articleTitle", Role::Headline),
            ("PUBLICATIONDATE", Role::Date),
            ("publish-date", Role::Date),
            ("Source-Name", Role::Source),
        ] {
            assert_eq!(fields.role(key).map(|(role, _)| role), Some(role), "{key}");
        }
        let teasers: Vec<&str> =
            Role::Text.names().iter().copied().filter(|name| TEASERS.contains(name)).collect();
        assert_eq!(teasers, TEASERS, "all of them, and behind all that are none");
        assert!(Role::Text.names().ends_with(TEASERS));
        assert_eq!((TEASERS[0], TEASERS.len()), ("description", 29), "where the list is cut");
    }

    #[test]
    fn the_ending_that_a_search_engine_puts_to_a_name_is_no_part_of_it() {
        let fields = Fields::default();
        for (key, role) in [
            ("title_s", Role::Headline),
            ("TITLE_T", Role::Headline),
            ("body_t", Role::Text),
            ("content_txt_de", Role::Text),
            ("date_dt", Role::Date),
            ("pub_date_tdt", Role::Date),
            ("id_s", Role::Id),
            ("doc_id_l", Role::Id),
            ("source_ss", Role::Source),
            ("заголовок_s", Role::Headline),
        ] {
            assert_eq!(fields.role(key).map(|(role, _)| role), Some(role), "{key}");
        }
        for (key, role) in [
            ("ss_title", Role::Headline),
            ("tm_body", Role::Text),
            ("tm_X3b_en_body", Role::Text),
            ("tm_body$value", Role::Text),
            ("ds_created", Role::Date),
            ("ss_field_source", Role::Source),
            ("ss_search_api_language", Role::Language),
            ("ss_url", Role::Url),
        ] {
            assert_eq!(fields.role(key).map(|(role, _)| role), Some(role), "{key}");
        }
        assert_eq!(fields.role("is_published"), None, "whether it is, not when");
        for key in ["_s", "s", "title_x", "title_en", "source_id", "tags_ss", "author_txt_en"] {
            assert_eq!(fields.role(key), None, "{key}");
        }
        assert_eq!(fields.role("full_text_t"), fields.role("full_text"));
    }

    #[test]
    fn a_given_name_is_the_only_one_for_its_role_and_wins_over_guesses() {
        let fields = Fields { text: Some("Title".into()), ..Fields::default() };
        assert_eq!(fields.role("title"), Some((Role::Text, 0)));
        assert_eq!(fields.role("text"), None);
        assert_eq!(fields.role("headline"), Some((Role::Headline, 0)));
    }
}
