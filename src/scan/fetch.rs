//! From the second reading to the texts that are compared: only stories that have candidates.

use super::Watch;
use super::intake::Intake;
use super::noisy::Clean;
use super::pairs::{Classes, Found};
use super::reread::reread;
use super::sets::Sets;
use super::verifying::Verifying;
use crate::config::{Config, Level};
use crate::error::Result;
use crate::evidence::{Frequencies, frequency};
use crate::input::Corpus;
use crate::report::Detail;
use crate::shingle::distinct;
use crate::similarity::Similarity;
use crate::story::{Furniture, Ordinal, Story};
use crate::text;
use crate::wire;
use std::borrow::Cow;

/// The texts of the stories that have candidates, by ordinal, and what the second reading
/// learned about words.
pub(super) struct Texts {
    sets: Sets,
    /// What is shown of each.
    details: Vec<Option<Box<Detail>>>,
    pub(super) frequencies: Frequencies,
    /// The stems of sampled stories, until they are counted.
    sampled: Vec<(Ordinal, Vec<u32>)>,
    /// Of the letters of clean stories what noisy ones may share, if there are any.
    letters: Option<Vec<(Ordinal, Box<[u32]>)>>,
}

/// Characters of a body that stand in for a headline.
const OPENING: usize = 200;

/// Stories from which word frequencies are read: enough to tell rare from common, however large
/// the corpus.
const FREQUENCY_SAMPLE: usize = 8_192;

impl Texts {
    /// What somebody else has read.
    pub(super) fn of(sets: Sets, details: Vec<Option<Box<Detail>>>) -> Self {
        Self { sets, details, sampled: Vec::new(), letters: None, frequencies: Frequencies::default() }
    }

    /// Reads again what is compared or shown, as `verifying` and `classes` say, and the letters of `clean`
    /// stories; verifies the copies.
    pub(super) fn fetch(
        config: &Config,
        corpus: &dyn Corpus,
        intake: &Intake,
        classes: &Classes,
        verifying: Verifying<'_>,
        clean: Option<Clean>,
        watch: Watch<'_>,
    ) -> Result<(Self, Found)> {
        let mut compared: Vec<bool> =
            (0..intake.rows.len() as Ordinal).map(|story| verifying.compares(story)).collect();
        let mut shown = compared.clone();
        for class in classes.repeated() {
            compared[class[0] as usize] = true;
            class.iter().for_each(|&story| shown[story as usize] = true);
        }
        let mut sampled = vec![false; intake.rows.len()];
        if config.level() >= Level::Rewrite {
            sample(intake, classes).for_each(|story| sampled[story as usize] = true);
        }
        let lettered = |story: Ordinal| clean.as_ref().filter(|clean| clean.asks(story));
        let wanted: Vec<bool> = (0..)
            .zip(shown.iter().zip(&sampled))
            .map(|(story, (x, y))| x | y || lettered(story).is_some())
            .collect();
        let is_voiced = intake.is_voiced();
        let fetched = reread(config, corpus, intake, &wanted, watch, |ordinal, story, tokens| {
            text::token_hashes(&story.body, tokens);
            let stems = sampled[ordinal as usize].then(|| frequency::stems(&text::repair(&story.body)));
            if compared[ordinal as usize] {
                verifying.arrive(ordinal, distinct(tokens, config.shingle()));
            }
            let letters = lettered(ordinal).map(|clean| clean.letters(&story.body));
            (stems, letters, shown[ordinal as usize].then(|| Box::new(detail(story, is_voiced))))
        })?;
        let (sets, found) = verifying.found();
        let mut texts = Self::of(sets, Vec::new());
        texts.letters = clean.map(|_| Vec::new());
        texts.details.resize_with(intake.rows.len(), || None);
        for (story, (stems, letters, detail)) in fetched {
            texts.details[story as usize] = detail;
            if let (Some(of_clean), Some(letters)) = (&mut texts.letters, letters) {
                of_clean.push((story, letters));
            }
            texts.sampled.extend(stems.map(|stems| (story, stems)));
        }
        Ok((texts, found))
    }

    /// Counts the words of the sampled stories, but for those of `carriers`, ascending: a report
    /// that everyone carries would make its own words common.
    pub(super) fn count_words(&mut self, carriers: &[Ordinal]) {
        for (story, mut stems) in std::mem::take(&mut self.sampled) {
            if carriers.binary_search(&story).is_err() {
                self.frequencies.add(&mut stems);
            }
        }
    }

    /// How alike two stories are that copies connect and no copy ties.
    pub(super) fn similarity(&self, a: Ordinal, b: Ordinal) -> Similarity {
        self.sets.similarity(a, b)
    }

    /// Whether all shingles given out so far were right.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::error::ErrorKind::Io) if a temporary file has failed.
    pub(super) fn sound(&self) -> Result<()> {
        self.sets.sound()
    }

    /// How many distinct shingles a compared story has.
    pub(super) fn size(&self, story: Ordinal) -> u32 {
        self.sets.size(story)
    }

    /// Notes how many distinct shingles a story has that was not compared by them.
    pub(super) fn set_size(&mut self, story: Ordinal, size: u32) {
        self.sets.set_size(story, size);
    }

    /// Frees the shingles, once all copies are verified.
    pub(super) fn forget_shingles(&mut self) {
        self.sets.forget();
    }

    /// What [`Clean::letters`] gave for each story that it asked for, `None` where there are no noisy
    /// stories; taken out, so once.
    pub(super) fn take_letters(&mut self) -> Option<Vec<(Ordinal, Box<[u32]>)>> {
        self.letters.take()
    }

    /// What is shown of a story; taken out, so once.
    pub(super) fn take_detail(&mut self, story: Ordinal) -> Option<Box<Detail>> {
        self.details[story as usize].take()
    }

    /// Of how many stories it is known what is shown.
    pub(super) fn shown(&self) -> usize {
        self.details.iter().flatten().count()
    }

    /// Whether it is known what is shown of a story.
    pub(super) fn is_shown(&self, story: Ordinal) -> bool {
        self.details[story as usize].is_some()
    }

    /// Adds what is shown of a story that was not compared by its shingles.
    pub(super) fn show(&mut self, story: Ordinal, detail: Box<Detail>) {
        self.details[story as usize] = Some(detail);
    }
}

/// A sample that depends on the stories alone: those whose identities are least.
fn sample(intake: &Intake, classes: &Classes) -> impl Iterator<Item = Ordinal> {
    let mut stories = classes.comparable().to_vec();
    stories.sort_unstable_by_key(|&story| (intake.rows[story as usize].identity, story));
    stories.truncate(FREQUENCY_SAMPLE);
    stories.into_iter()
}

/// The headline of a story, or the opening words of one that has none; blanks made one.
pub(crate) fn headline(story: &Story) -> String {
    let text = if story.headline.is_empty() { &story.body } else { &story.headline };
    let ascii = text.as_bytes().get(..OPENING).is_some_and(<[u8]>::is_ascii);
    let nth = || text.char_indices().nth(OPENING).map_or(text.len(), |(i, _)| i);
    let text = &text[..if ascii { OPENING } else { nth() }];
    let mut line = String::with_capacity(text.len());
    let add = |word: &str| {
        line.extend((!line.is_empty()).then_some(' '));
        line.push_str(word);
    };
    // Bytes know all blanks of ASCII but one, and are searched in a third of the time.
    if ascii && !text.contains('\x0b') {
        text.split_ascii_whitespace().for_each(add);
    } else {
        text.split_whitespace().for_each(add);
    }
    line
}

/// What is shown of a story, but for its noise, which the first reading has measured. `is_voiced` says that
/// it is known of any story who speaks: else there is nobody to credit.
pub(crate) fn detail(story: Cow<'_, Story>, is_voiced: bool) -> Detail {
    let headline = headline(&story);
    let (mut credits, mut names, mut attributions) = (Vec::new(), Vec::new(), Vec::new());
    if is_voiced {
        let (found, named) = wire::credits_and_names(&story.body);
        credits.extend(found.iter().flat_map(wire::Credit::agencies));
        names = named;
        for list in [&mut credits, &mut names] {
            list.sort_unstable();
            list.dedup();
        }
        attributions = wire::attributions(&story.body);
    }
    let (language, furniture) = match story {
        Cow::Owned(story) => (story.language, story.furniture),
        Cow::Borrowed(story) => (story.language.clone(), story.furniture.clone()),
    };
    let furniture = Furniture { removed: Vec::new(), ..furniture };
    Detail { headline, language, credits, names, attributions, furniture, noise: 0.0, printed: None }
}
