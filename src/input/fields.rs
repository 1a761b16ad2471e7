//! From the key of a JSON object to the part of a story that it stands for.

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

    /// The names that are tried for this role, the best first.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Id => {
                &["id", "guid", "uri", "_id", "docid", "doc_id", "stories_id", "story_id", "article_id"]
            }
            Self::Text => &[
                "text",
                "body",
                "content",
                "body_text",
                "articleBody",
                "article",
                "maintext",
                "main_text",
                "plain_text",
                "full_text",
                "fulltext",
                "article_text",
                "story_text",
                "text_content",
                "cleaned_text",
            ],
            Self::Headline => &["headline", "title"],
            Self::Date => &[
                "date",
                "published",
                "publishedAt",
                "published_at",
                "datePublished",
                "date_published",
                "date_publish",
                "publish_date",
                "published_date",
                "publishDate",
                "publication_date",
                "pubdate",
                "pub_date",
                "published_time",
                "versioncreated",
                "seendate",
                "time",
                "timestamp",
                "created_at",
                "date_modify",
            ],
            Self::Source => &[
                "source",
                "source_name",
                "source-hostname",
                "sitename",
                "site_name",
                "media_name",
                "publisher",
                "outlet",
                "provider",
                "SourceCommonName",
                "hostname",
                "source_domain",
                "domain",
                "site",
                "media_url",
                "source_url",
            ],
            Self::Language => &["language", "lang"],
            Self::Url => &[
                "canonical_url",
                "canonical",
                "url",
                "link",
                "permalink",
                "web_url",
                "webUrl",
                "article_url",
                "story_url",
                "page_url",
                "requested_url",
                "DocumentIdentifier",
                "SOURCEURL",
            ],
        }
    }
}

impl Fields {
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
        for role in Role::ALL {
            if self.named(role).is_none()
                && let Some(rank) = role.names().iter().position(|name| name.eq_ignore_ascii_case(key))
            {
                return Some((role, rank as u8));
            }
        }
        None
    }
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
        assert_eq!(fields.role("publishdate"), Some((Role::Date, 9)));
        assert_eq!(fields.role("lang"), Some((Role::Language, 1)));
        assert_eq!(fields.role("authors"), None);
    }

    #[test]
    fn a_given_name_is_the_only_one_for_its_role_and_wins_over_guesses() {
        let fields = Fields { text: Some("Title".into()), ..Fields::default() };
        assert_eq!(fields.role("title"), Some((Role::Text, 0)));
        assert_eq!(fields.role("text"), None);
        assert_eq!(fields.role("headline"), Some((Role::Headline, 0)));
    }
}
