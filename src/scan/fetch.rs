//! From the second reading to the texts that are compared: only stories that have candidates.

use super::Watch;
use super::intake::Intake;
use super::pairs::{Candidates, Classes};
use super::reread::reread;
use crate::config::{Config, Level};
use crate::error::Result;
use crate::evidence::{Frequencies, frequency};
use crate::input::Corpus;
use crate::report::Detail;
use crate::shingle::ShingleSet;
use crate::story::{Ordinal, Story};
use crate::text::{self, tokenise};
use crate::wire;

/// What the second reading keeps of a story.
#[derive(Debug, Default)]
struct Text {
    shingles: ShingleSet,
    /// How many distinct shingles there are, also when they are forgotten.
    size: u32,
    detail: Box<Detail>,
}

impl Text {
    fn new(shingles: ShingleSet, story: Story) -> Self {
        Self { size: shingles.len() as u32, shingles, detail: Box::new(detail(story)) }
    }
}

/// The texts of the stories that have candidates, by ordinal, and what the second reading
/// learned about words.
pub(super) struct Texts {
    texts: Vec<Option<Text>>,
    pub(super) frequencies: Frequencies,
}

/// Characters of a body that stand in for a headline.
const OPENING: usize = 200;

/// Stories from which word frequencies are read: enough to tell rare from common, however large
/// the corpus.
const FREQUENCY_SAMPLE: usize = 8_192;

impl Texts {
    /// Reads again what `candidates` and `classes` say will be compared or shown.
    pub(super) fn fetch(
        config: &Config,
        corpus: &dyn Corpus,
        intake: &Intake,
        classes: &Classes,
        candidates: &Candidates,
        watch: Watch<'_>,
    ) -> Result<Self> {
        let mut compared = vec![false; intake.rows.len()];
        candidates.stories().for_each(|story| compared[story as usize] = true);
        let mut shown = compared.clone();
        for class in classes.repeated() {
            compared[class[0] as usize] = true;
            class.iter().for_each(|&story| shown[story as usize] = true);
        }
        let mut sampled = vec![false; intake.rows.len()];
        if config.level() >= Level::Rewrite {
            sample(intake, classes).for_each(|story| sampled[story as usize] = true);
        }
        let wanted: Vec<bool> = shown.iter().zip(&sampled).map(|(x, y)| x | y).collect();
        let fetched = reread(config, corpus, intake, &wanted, watch, |ordinal, story, tokens| {
            text::token_hashes(&story.body, tokens);
            let stems = sampled[ordinal as usize].then(|| stems(&story.body));
            let set = compared[ordinal as usize].then(|| ShingleSet::new(tokens, config.shingle()));
            let text = shown[ordinal as usize].then(|| Text::new(set.unwrap_or_default(), story));
            (stems, text)
        })?;
        let mut found = Self { texts: Vec::new(), frequencies: Frequencies::default() };
        found.texts.resize_with(intake.rows.len(), || None);
        for (story, (stems, text)) in fetched {
            found.texts[story as usize] = text;
            if let Some(mut stems) = stems {
                found.frequencies.add(&mut stems);
            }
        }
        Ok(found)
    }

    /// The distinct shingles of a story that has candidates, ascending; none for any other.
    pub(super) fn shingles(&self, story: Ordinal) -> &[u64] {
        self.texts[story as usize].as_ref().map_or(&[], |text| text.shingles.as_slice())
    }

    /// Stories of the run.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// How many distinct shingles a compared story has.
    pub(super) fn size(&self, story: Ordinal) -> u32 {
        self.texts[story as usize].as_ref().map_or(0, |text| text.size)
    }

    /// Frees the shingles, once all copies are verified.
    pub(super) fn forget_shingles(&mut self) {
        self.texts.iter_mut().flatten().for_each(|text| text.shingles = ShingleSet::default());
    }

    /// What is shown of a story; taken out, so once.
    pub(super) fn take_detail(&mut self, story: Ordinal) -> Option<Box<Detail>> {
        self.texts[story as usize].as_mut().map(|text| std::mem::take(&mut text.detail))
    }

    /// Adds what is shown of a story that was not compared by its shingles.
    pub(super) fn show(&mut self, story: Ordinal, detail: Box<Detail>) {
        self.texts[story as usize].get_or_insert_default().detail = detail;
    }
}

/// A sample that depends on the stories alone: those whose identities are least.
fn sample(intake: &Intake, classes: &Classes) -> impl Iterator<Item = Ordinal> {
    let mut stories = classes.comparable().to_vec();
    stories.sort_unstable_by_key(|&story| (intake.rows[story as usize].identity, story));
    stories.truncate(FREQUENCY_SAMPLE);
    stories.into_iter()
}

fn stems(body: &str) -> Vec<u32> {
    let mut stems = Vec::new();
    tokenise(&text::repair(body), |token| stems.push(frequency::stem(&token)));
    stems
}

/// What is shown of a story.
pub(super) fn detail(story: Story) -> Detail {
    let opening = |text: &str| {
        let end = text.char_indices().nth(OPENING).map_or(text.len(), |(i, _)| i);
        text[..end].split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let headline = if story.headline.is_empty() { opening(&story.body) } else { opening(&story.headline) };
    // Who credits whom can only be told where it is known who speaks.
    let credits = if story.source.is_empty() { Vec::new() } else { wire::credits(&story.body) };
    let mut credits: Vec<&'static str> =
        credits.iter().flat_map(|credit| [Some(credit.agency), credit.cites]).flatten().collect();
    credits.sort_unstable();
    credits.dedup();
    Detail { headline, language: story.language, credits, furniture: story.furniture }
}
