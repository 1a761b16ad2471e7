//! From a story to what an index keeps of it: fingerprint, keys, packed text.

use super::failure::{Done, damage};
use super::rows::ClassRow;
use super::seal::Seal;
use crate::config::{Config, Level};
use crate::dispatch::Dispatch;
use crate::hash::{self, Identity};
use crate::minhash::MinHasher;
use crate::rare::{RareKeys, Sampling};
use crate::relation::judge;
use crate::relation::notice::is_notice;
use crate::shingle::{distinct, shingles};
use crate::story::{Furniture, Story};
use crate::text;
use crate::wire;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cell::RefCell;
use zstd::bulk::{Compressor, Decompressor};

/// How hard texts are packed.
const PACKING: i32 = 1;
/// Bytes of the longest text that is unpacked; input takes 64 MB at most, and JSON quotes it.
const LONGEST: usize = 1 << 29;

/// The keys by which a class is found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(in crate::index) struct Keys {
    /// Of identity and bands.
    pub(in crate::index) bands: Vec<u32>,
    /// Of rare shingles, at level rewrite.
    pub(in crate::index) rare: Vec<u32>,
    /// Of the shingles of the headline.
    pub(in crate::index) headline: Vec<u32>,
    /// Of all shingles of a notice.
    pub(in crate::index) notice: Vec<u32>,
}

/// The key of an id.
pub(in crate::index) fn id_key(id: &str) -> u32 {
    (hash::bytes(id.as_bytes()) >> 32) as u32
}

/// The key of an identity.
pub(in crate::index) fn identity_key(identity: Identity) -> u32 {
    (hash::bytes(&identity.to_bytes()) >> 32) as u32
}

/// The keys of identity and bands. A band is hashed together with its number, so that equal values
/// in different bands do not meet and no bucket is fuller than others.
pub(in crate::index) fn band_keys(identity: Identity, bands: &[u32]) -> Vec<u32> {
    let key = |(band, &packed): (u64, &u32)| (hash::finalise(band << 32 | u64::from(packed)) >> 32) as u32;
    std::iter::once(identity_key(identity)).chain((1..).zip(bands).map(key)).collect()
}

impl Keys {
    /// The keys of a class that is in the file.
    pub(in crate::index) fn of_row(db: &Connection, row: &ClassRow) -> Done<Self> {
        let mut keys = Self { bands: band_keys(row.identity, &row.bands), ..Self::default() };
        let mut select = db.prepare_cached("SELECT keys, seal FROM unfiled WHERE class = ?1")?;
        let found = select.query_row([row.class], |found| Ok((found.get::<_, Vec<u8>>(0)?, found.get(1)?)));
        let Some((blob, seal)): Option<(_, i64)> = found.optional()? else { return Ok(keys) };
        let words: Vec<u32> = blob.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect();
        let lens = words.get(..2).map(|lens| (2 + lens[0] as usize, 2 + lens[0] as usize + lens[1] as usize));
        match lens {
            Some((a, b)) if a <= b && b <= words.len() && seal == Self::seal(row.class, &blob) => {
                keys.rare = words[2..a].to_vec();
                keys.headline = words[a..b].to_vec();
                keys.notice = words[b..].to_vec();
                Ok(keys)
            }
            _ => damage(format!("the keys of class {} do not agree with their seal", row.class)),
        }
    }

    fn seal(class: u32, blob: &[u8]) -> i64 {
        Seal::new("unfiled").number(class).bytes(blob).value()
    }

    /// Keeps the keys that the row of `class` does not hold until they are filed.
    pub(in crate::index) fn keep(&self, db: &Connection, class: u32) -> Done<()> {
        if self.rare.is_empty() && self.headline.is_empty() && self.notice.is_empty() {
            return Ok(());
        }
        let lens = [self.rare.len() as u32, self.headline.len() as u32];
        let words = lens.iter().chain(&self.rare).chain(&self.headline).chain(&self.notice);
        let blob: Vec<u8> = words.flat_map(|word| word.to_le_bytes()).collect();
        let seal = Self::seal(class, &blob);
        db.prepare_cached("INSERT OR REPLACE INTO unfiled(class, keys, seal) VALUES(?1, ?2, ?3)")?
            .execute(params![class, blob, seal])?;
        Ok(())
    }
}

/// The text of a story, as it is packed.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Text<'a> {
    headline: Cow<'a, str>,
    body: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    language: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    furniture: Option<Cow<'a, Furniture>>,
}

/// What is kept of a story, and what is needed once to compare it.
#[derive(Clone, Debug)]
pub(in crate::index) struct Fresh {
    /// The story, prepared for comparing; below level rewrite without its texts.
    pub(in crate::index) story: Story,
    pub(in crate::index) dispatch: Option<String>,
    pub(in crate::index) packed: Vec<u8>,
    pub(in crate::index) identity: Identity,
    pub(in crate::index) tokens: u32,
    pub(in crate::index) script: u8,
    /// Whether its rare shingles are a quarter of all.
    pub(in crate::index) is_sampled: bool,
    pub(in crate::index) bands: Vec<u32>,
    /// Distinct, ascending.
    pub(in crate::index) shingles: Vec<u64>,
    pub(in crate::index) keys: Keys,
}

/// Turns stories into what is kept of them; one a thread.
pub(in crate::index) struct Press {
    config: Config,
    hasher: MinHasher,
    compressor: Compressor<'static>,
    tokens: Vec<u64>,
    all: Vec<u64>,
    minima: Vec<u32>,
    values: Vec<u32>,
}

impl Press {
    pub(in crate::index) fn new(config: &Config) -> Done<Self> {
        let mut compressor = Compressor::new(PACKING).map_err(|error| packing(&error))?;
        compressor.include_checksum(true).map_err(|error| packing(&error))?;
        Ok(Self {
            config: config.clone(),
            hasher: config.hasher(),
            compressor,
            tokens: Vec::new(),
            all: Vec::new(),
            minima: Vec::new(),
            values: Vec::new(),
        })
    }

    /// `sampling` says which rare shingles count.
    pub(in crate::index) fn press(&mut self, mut story: Story, sampling: Sampling) -> Done<Fresh> {
        let packed = self.pack(&story)?;
        let dispatch = beside(&story);
        wire::prepare(&mut story, self.config.keep_furniture());
        self.tokens.clear();
        text::token_hashes(&story.body, &mut self.tokens);
        self.all.clear();
        shingles(&self.tokens, self.config.shingle(), |shingle| self.all.push(shingle));
        self.hasher.signature_into(&self.all, &mut self.minima, &mut self.values);
        let identity = self.config.identity(&story, &self.tokens);
        let bands: Vec<u32> = match self.config.level() {
            // Those of one text that are kept from different stories meet by this.
            Level::Identical if self.config.publishers().keeps_any_apart() => {
                vec![identity_key(judge::identity(&story, &self.tokens))]
            }
            Level::Identical => Vec::new(),
            _ => self.config.banding().packed(&self.values).collect(),
        };
        let mut keys = Keys { bands: band_keys(identity, &bands), ..Keys::default() };
        self.mark(&story, sampling, &mut keys);
        let shingles = distinct(&self.tokens, self.config.shingle());
        let (tokens, script) = (self.tokens.len() as u32, text::script(&story.body) as u8);
        if self.config.level() < Level::Rewrite {
            (story.headline, story.body) = (String::new(), String::new());
        }
        let is_sampled = sampling == Sampling::Quarter;
        Ok(Fresh { story, dispatch, packed, identity, tokens, script, is_sampled, bands, shingles, keys })
    }

    /// Adds the keys by which rewrites and the stories of notices are found.
    fn mark(&self, story: &Story, sampling: Sampling, keys: &mut Keys) {
        let of = |sampling, tokens: &[u64]| {
            let mut marks = RareKeys::default();
            marks.push(sampling, tokens, 0);
            marks.distinct()
        };
        let mut headline = Vec::new();
        text::token_hashes(&story.headline, &mut headline);
        if self.config.level() >= Level::Rewrite {
            keys.rare = of(sampling, &self.tokens);
        }
        keys.headline = of(Sampling::All, &headline);
        let marker = story.furniture.marker.as_ref();
        if marker.is_some_and(|marker| is_notice(marker.kind, self.tokens.len())) {
            keys.notice = of(Sampling::All, &self.tokens);
            keys.notice.extend_from_slice(&keys.headline);
            keys.notice.sort_unstable();
            keys.notice.dedup();
        }
    }

    fn pack(&mut self, story: &Story) -> Done<Vec<u8>> {
        let has_furniture = story.furniture != Furniture::default();
        let text = Text {
            headline: Cow::Borrowed(&story.headline),
            body: Cow::Borrowed(&story.body),
            language: Cow::Borrowed(&story.language),
            furniture: has_furniture.then_some(Cow::Borrowed(&story.furniture)),
        };
        let json = serde_json::to_vec(&text).map_err(|error| packing(&error.into()))?;
        Ok(self.compressor.compress(&json).map_err(|error| packing(&error))?)
    }
}

fn packing(error: &std::io::Error) -> crate::error::Error {
    crate::error::Error::new(crate::error::ErrorKind::Io, format!("cannot pack a text: {error}"))
}

/// Whether two packed texts are one text. Another version of Zstandard may pack it otherwise.
pub(in crate::index) fn is_same_text(a: &[u8], b: &[u8]) -> bool {
    let (mut x, mut y) = (Story::default(), Story::default());
    unpack(&mut x, a).is_ok() && unpack(&mut y, b).is_ok() && x == y
}

thread_local! {
    /// To make one takes as long as to unpack ten texts.
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// The bytes of a text; `None` if they cannot be had.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let bound = Decompressor::upper_bound(packed).filter(|&bound| bound <= LONGEST)?;
    DECOMPRESSOR.with_borrow_mut(|kept| {
        if kept.is_none() {
            *kept = Some(Decompressor::new().ok()?);
        }
        kept.as_mut()?.decompress(packed, bound).ok()
    })
}

/// Puts the text of a packed story back into it.
pub(in crate::index) fn unpack(story: &mut Story, packed: &[u8]) -> Done<()> {
    let what = || format!("the text of `{}` cannot be unpacked", story.id);
    let Some(json) = unpacked(packed) else { return damage(what()) };
    let Ok(text) = serde_json::from_slice::<Text<'_>>(&json) else { return damage(what()) };
    story.headline = text.headline.into_owned();
    story.body = text.body.into_owned();
    story.language = text.language.into_owned();
    story.furniture = text.furniture.map(Cow::into_owned).unwrap_or_default();
    Ok(())
}

/// What came with a story, and its address, as they are kept: one object, nothing for neither.
fn beside(story: &Story) -> Option<String> {
    #[derive(Serialize)]
    struct Beside<'a> {
        #[serde(flatten)]
        dispatch: Option<&'a Dispatch>,
        #[serde(skip_serializing_if = "str::is_empty")]
        url: &'a str,
    }
    let beside = Beside { dispatch: story.dispatch.as_deref(), url: &story.url };
    (beside.dispatch.is_some() || !beside.url.is_empty()).then(|| serde_json::to_string(&beside).ok())?
}

/// What came with a story, from how it is kept.
pub(in crate::index) fn dispatch(json: Option<&str>) -> Option<Box<Dispatch>> {
    json.and_then(|json| serde_json::from_str::<Dispatch>(json).ok()).and_then(Dispatch::boxed)
}

/// The address of a story, from how it is kept; empty where there is none.
pub(in crate::index) fn url(json: Option<&str>) -> String {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Address {
        url: String,
    }
    let address: Option<Address> = json.and_then(|json| serde_json::from_str(json).ok());
    address.unwrap_or_default().url
}
