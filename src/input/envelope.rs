//! From the keys of a top-level object to what it is: a story, or the envelope of many.

use super::fields::{Fields, Role};
use std::sync::Arc;

/// Keys under which feeds wrap their stories.
const ENVELOPES: [&str; 20] = [
    "articles",
    "stories",
    "items",
    "item",
    "_items",
    "docs",
    "documents",
    "document",
    "@graph",
    "data",
    "results",
    "entries",
    "edges",
    "news",
    "hits",
    "posts",
    "records",
    "messages",
    "objects",
    "children",
];
/// Keys under which an envelope lies in another.
const OUTER: [&str; 12] = [
    "data",
    "hits",
    "response",
    "searchresult",
    "result",
    "results",
    "_embedded",
    "feed",
    "channel",
    "rss",
    "payload",
    "articles",
];
/// Bytes of a key that are kept; no key that matters is longer.
const KEY_KEPT: usize = 256;

/// What is known of an object while it goes by. Only what lies directly in it is shown to this.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that is seen or not")]
pub(super) struct Watch {
    next: Next,
    key: Vec<u8>,
    value: Vec<u8>,
    has_text: bool,
    /// Whether the object says that it is a JSON Feed.
    is_feed: bool,
    title: Option<Arc<str>>,
    /// An array under an envelope key has just begun; its first value decides.
    pub(super) maybe_list: bool,
    /// An object under the key of an outer envelope begins.
    pub(super) opens_inner: bool,
    /// An array of objects was found, so this is no story.
    pub(super) is_envelope: bool,
}

/// What a string or bracket that comes next would be.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Next {
    #[default]
    Key,
    /// The rest of a key that has begun.
    InKey,
    Value,
    /// The rest of a value that is kept.
    InValue,
    Other,
}

impl Watch {
    /// Goes on in an object that lies in the one at hand.
    pub(super) fn enter(&mut self) {
        (self.opens_inner, self.next) = (false, Next::Key);
    }

    /// Goes on behind an object that lay in the one at hand.
    pub(super) fn leave(&mut self) {
        self.next = Next::Other;
    }

    /// The title of the feed whose entries come next, if they are those of a JSON Feed and it
    /// stands before them.
    pub(super) fn feed(&self) -> Option<Arc<str>> {
        self.title.clone().filter(|_| self.is_feed)
    }

    /// Follows a stretch of a string, which `closes` at its end or goes on.
    pub(super) fn string(&mut self, stretch: &[u8], closes: bool) {
        let held = match self.next {
            Next::InKey => &mut self.key,
            Next::InValue => &mut self.value,
            _ => return,
        };
        let kept = (stretch.len() - usize::from(closes)).min(KEY_KEPT.saturating_sub(held.len()));
        held.extend_from_slice(&stretch[..kept]);
        if !closes {
            return;
        }
        if self.next == Next::InValue {
            let value = [b"\"", self.value.as_slice(), b"\""].concat();
            let value: Option<String> = serde_json::from_slice(&value).ok();
            if self.key == b"title" {
                self.title = value.map(Arc::from);
            } else {
                self.is_feed = value.is_some_and(|version| version.contains("jsonfeed.org"));
            }
        }
        self.next = Next::Other;
    }

    /// Follows a byte outside strings.
    ///
    /// A text that comes before the array shows a story with attachments; what comes after it
    /// comes too late, since the elements have gone out by then.
    pub(super) fn byte(&mut self, byte: u8, fields: &Fields) {
        match (byte, self.next) {
            (b',', _) => self.next = Next::Key,
            (b':', _) => self.next = Next::Value,
            (b'"', Next::Key) => {
                self.key.clear();
                self.next = Next::InKey;
            }
            (b'"', Next::Value) => {
                let is_kept = [b"title".as_slice(), b"version"].contains(&self.key.as_slice());
                self.value.clear();
                self.next = if is_kept { Next::InValue } else { Next::Other };
                let role = std::str::from_utf8(&self.key).ok().and_then(|key| fields.role(key));
                self.has_text |= role.is_some_and(|(role, rank)| role == Role::Text && !role.is_teaser(rank));
            }
            (b'[', Next::Value) => {
                self.next = Next::Other;
                let is_envelope =
                    ENVELOPES.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(&self.key));
                self.maybe_list = is_envelope && !self.has_text;
            }
            (b'{', Next::Value) => {
                self.next = Next::Other;
                let is_outer = OUTER.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(&self.key));
                self.opens_inner = is_outer && !self.has_text;
            }
            (_, Next::Value) if !byte.is_ascii_whitespace() => self.next = Next::Other,
            _ => {}
        }
    }
}
