//! From pairs of stories to the passages that they share, by their places in the texts as they came.

use super::intake::{Intake, Row, earliest_first};
use super::noisy::{self, Clean};
use super::pairs::Classes;
use super::printed::placed;
use super::reread::{marked, reread_as_sent};
use super::{Places, Watch, lay};
use crate::cluster::Span;
use crate::config::Config;
use crate::error::Result;
use crate::evidence::quote::quotations;
use crate::evidence::{Stretch, stretches};
use crate::hash;
use crate::input::Corpus;
use crate::noise::reading::Token;
use crate::noise::{self, Letters, Misread};
use crate::rare::windows;
use crate::report::passages::AsSent;
use crate::report::{Report, SharedPassage, SharedPassages, StoryInfo};
use crate::story::{Ordinal, Story};
use crate::text;
use crate::time::Time;
use crate::wire;
use ahash::AHashMap;
use rayon::prelude::*;
use std::mem::take;
use std::ops::Range;

/// Tokens of the texts that are compared at once: about 400 MB. Of more, part is compared with part.
const AT_ONCE: u64 = 16_000_000;

/// Adds to `report` the passages that the stories share which the level joins.
pub(super) fn of_joined(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    report: &mut Report,
    watch: Watch<'_>,
) -> Result<()> {
    let joined = report.pairs.iter().filter(|pair| pair.relation.joins(config.level()));
    let pairs: Vec<(Ordinal, Ordinal)> = joined.map(|pair| (pair.a, pair.b)).collect();
    report.passages = Some(Box::new(shared(config, corpus, intake, (&pairs, &report.stories), watch)?));
    Ok(())
}

/// The passages that any two stories of a corpus share, and nothing else.
pub(super) fn of_any(config: &Config, corpus: &dyn Corpus, watch: Watch<'_>) -> Result<(Report, Places)> {
    let mut intake = Intake::read(config, corpus, watch)?;
    let classes = Classes::of(&intake.rows);
    let clean = Clean::of(&intake, &classes)?;
    let clean = clean.map(|clean| clean.read(config, corpus, &intake, watch)).transpose()?;
    let marks = take(&mut intake.marks);
    let is_long = |story: Ordinal| intake.rows[story as usize].tokens as usize >= config.least();
    let taking_part = classes.comparable().iter().copied().filter(|&story| is_long(story));
    let takes_part = marked(intake.rows.len(), taking_part);
    let times: Vec<Option<i64>> = intake.rows.iter().map(|row| row.time.map(Time::latest_second)).collect();
    let order = earliest_first(&times);
    let found = windows::sharing(marks.windows, &order, |story| takes_part[story as usize])?;
    let by_letters = noisy::pairs(&intake, marks.letters, clean, || order, &takes_part)?;
    let same = classes.repeated().iter().filter(|class| is_long(class[0]));
    let mut pairs: Vec<(Ordinal, Ordinal)> = same
        .flat_map(|class| class[1..].iter().map(|&other| (class[0], other)))
        .chain(found.pairs)
        .chain(by_letters)
        .collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    let stories = lay::stories(&mut intake, false);
    let passages = shared(config, corpus, &intake, (&pairs, &stories), watch)?;
    let mut warnings = take(&mut intake.warnings);
    if found.capped > 0 {
        warnings.push(format!(
            "{} runs of words are in more than {} stories each; each of these was compared with the first of them and with its neighbours in time, not with all others",
            found.capped,
            crate::rare::postings::CAP
        ));
    }
    let skipped = take(&mut intake.skipped);
    let report =
        Report { stories, skipped, warnings, passages: Some(Box::new(passages)), ..Report::default() };
    Ok((report, Places(intake.ordinals)))
}

/// The passages of `pairs`, `a < b`. Reads the stories once if they can be held, else once for each
/// two parts of them.
fn shared(
    config: &Config,
    corpus: &dyn Corpus,
    intake: &Intake,
    (pairs, stories): (&[(Ordinal, Ordinal)], &[StoryInfo]),
    watch: Watch<'_>,
) -> Result<SharedPassages> {
    let count = intake.rows.len();
    let parts = parts(&intake.rows, &marked(count, pairs.iter().flat_map(|&(a, b)| [a, b])));
    let (mut found, mut holders) = (Vec::new(), AHashMap::new());
    for (number, first) in parts.iter().enumerate() {
        for second in &parts[number..] {
            let meets = |pair: &&(Ordinal, Ordinal)| first.contains(&pair.0) && second.contains(&pair.1);
            let met: Vec<(Ordinal, Ordinal)> = pairs.iter().filter(meets).copied().collect();
            if met.is_empty() {
                continue;
            }
            let wanted = marked(count, met.iter().flat_map(|&(a, b)| [a, b]));
            let read = reread_as_sent(corpus, intake, &wanted, watch, |ordinal, story, tokens| {
                Sent::of(config, ordinal, story.into_owned(), tokens)
            })?;
            let sent: AHashMap<Ordinal, Sent> = read.into_iter().collect();
            let of_pair =
                |&(a, b): &(Ordinal, Ordinal)| between((a, &sent[&a]), (b, &sent[&b]), config.least());
            let passages: Vec<SharedPassage> = met.par_iter().flat_map_iter(of_pair).collect();
            let mut told = marked(count, passages.iter().flat_map(|p| [p.a.story, p.b.story]));
            let told = sent.into_iter().filter(|(story, _)| take(&mut told[*story as usize]));
            holders.extend(told.map(|(story, sent)| (story, sent.story)));
            found.extend(passages);
        }
    }
    Ok(SharedPassages::of(found, holders, stories))
}

/// The stories cut, by number, into parts of which two can be held at once.
fn parts(rows: &[Row], wanted: &[bool]) -> Vec<Range<Ordinal>> {
    let (mut parts, mut start, mut weight) = (Vec::new(), 0, 0);
    for ((story, row), _) in (0..).zip(rows).zip(wanted).filter(|(_, wanted)| **wanted) {
        weight += u64::from(row.tokens);
        if weight > AT_ONCE / 2 && story > start {
            parts.push(start..story);
            (start, weight) = (story, u64::from(row.tokens));
        }
    }
    parts.push(start..rows.len() as Ordinal);
    parts
}

/// Tokens, and the place of each in bytes of the text.
type Tokens = (Vec<u64>, Vec<(u32, u32)>);

/// A story as it came, with its tokens and their places.
struct Sent {
    story: AsSent,
    tokens: Vec<u64>,
    /// In bytes of the text.
    places: Vec<(u32, u32)>,
    quotations: Vec<Range<usize>>,
    /// What the text is taken for, if for misread print.
    noise: Option<Misread>,
}

impl Sent {
    /// Also fills `hashes` with those by which the story is recognised. No word of what the wire put
    /// around the text is equal to any other, so that no passage is made of it.
    fn of(config: &Config, ordinal: Ordinal, mut story: Story, hashes: &mut Vec<u64>) -> Self {
        let text: Box<str> = story.body.as_str().into();
        wire::prepare(&mut story, config.keep_furniture());
        text::token_hashes(&story.body, hashes);
        let removed = take(&mut story.furniture.removed);
        let furniture: Vec<Range<usize>> = placed(&text, &story.body, removed)
            .into_iter()
            .map(|(start, _, stretch)| start..start + stretch.text.len())
            .collect();
        let (mut tokens, mut places) = (Vec::with_capacity(hashes.len()), Vec::with_capacity(hashes.len()));
        let mut cut = furniture.iter().peekable();
        text::sent::tokens(&text, |token, place| {
            while cut.next_if(|cut| cut.end <= place.start).is_some() {}
            let is_furniture = cut.peek().is_some_and(|cut| cut.start < place.end);
            let alone = hash::finalise(!(u64::from(ordinal) << 32 | tokens.len() as u64));
            tokens.push(if is_furniture { alone } else { hash::word(token) });
            places.push((place.start as u32, place.end as u32));
        });
        let (quotations, noise) = (quotations(&text), config.noise().misread(&story.body));
        let story = AsSent { text, headline: story.headline.into(), language: story.language.into() };
        Self { story, tokens, places, quotations, noise }
    }

    /// The tokens as `other` reads them letter by letter, and their places, if one of the two was misread: a
    /// word that differs within the noise is the other's, also where it is run together with the next or broken.
    fn read_by(&self, other: &Self) -> Option<Tokens> {
        if self.noise.is_none() && other.noise.is_none() {
            return None;
        }
        let [own, others] = [self, other].map(|sent| Letters::of(&sent.story.text));
        let read = noise::read(&others, &own);
        if !read.is_of_misread([self.noise, other.noise]) {
            return None;
        }
        // Furniture is equal to nothing, and stays so.
        let is_text = |of: &Self, letters: &Letters, number: u32| {
            of.tokens[number as usize] == hash::word(letters.word(number).as_bytes())
        };
        let (mut tokens, mut places) = (Vec::with_capacity(own.tokens()), Vec::with_capacity(own.tokens()));
        let mut add = |token: u64, of: Range<u32>| {
            let of = &self.places[of.start as usize..of.end as usize];
            tokens.push(token);
            places.push((of[0].0, of[of.len() - 1].1));
        };
        read.each(|token, place| match token {
            Token::OfSecond(number) => add(self.tokens[number as usize], number..number + 1),
            Token::OfFirst(number) => {
                let of = own.tokens_of(place);
                if is_text(other, &others, number) && of.clone().all(|number| is_text(self, &own, number)) {
                    add(other.tokens[number as usize], of);
                } else {
                    of.for_each(|number| add(self.tokens[number as usize], number..number + 1));
                }
            }
        });
        Some((tokens, places))
    }

    /// Whether at least half of a place stands in quotation marks.
    fn is_quoted(&self, place: &Range<usize>) -> bool {
        let inside =
            |quote: &Range<usize>| quote.end.min(place.end).saturating_sub(quote.start.max(place.start));
        2 * self.quotations.iter().map(inside).sum::<usize>() >= place.len()
    }
}

fn between((first, a): (Ordinal, &Sent), (second, b): (Ordinal, &Sent), least: usize) -> Vec<SharedPassage> {
    let place = |places: &[(u32, u32)], tokens: &Range<usize>| {
        places[tokens.start].0 as usize..places[tokens.end - 1].1 as usize
    };
    let read = b.read_by(a);
    let (tokens, places) = read.as_ref().map_or((&b.tokens, &b.places), |(tokens, places)| (tokens, places));
    let span = |story, place: &Range<usize>| Span { story, start: place.start, end: place.end };
    let passage = |found: Stretch| {
        let (of_a, of_b) = (place(&a.places, &found.a), place(places, &found.b));
        SharedPassage {
            quoted: a.is_quoted(&of_a) || b.is_quoted(&of_b),
            a: span(first, &of_a),
            b: span(second, &of_b),
            changed: found.changed,
        }
    };
    stretches(&a.tokens, tokens, least).into_iter().map(passage).collect()
}
