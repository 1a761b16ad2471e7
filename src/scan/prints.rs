//! From what stories say in any language, as they are read, to where that lies until it is compared.

use super::intake::Intake;
use super::reread::reread;
use super::{Watch, budget};
use crate::config::Config;
use crate::error::Result;
use crate::input::Corpus;
use crate::lexicon::{Held, Print};
use crate::relation::translation::{Counted, Rarity, Weighed};
use crate::spool::{Place, Spool};
use crate::story::Ordinal;
use crate::text;
use ahash::AHashMap;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// The prints of all stories that are compared across languages.
pub(super) struct Prints {
    packed: Spool<u32>,
    stories: Vec<Told>,
}

/// A story, its language, and where its print lies.
struct Told {
    story: Ordinal,
    language: &'static str,
    place: Place,
}

/// What is compared of some stories.
pub(super) type Sides = AHashMap<Ordinal, (Print, Weighed)>;

impl Prints {
    /// Reads the stories that `wanted` names.
    ///
    /// # Errors
    /// Those of [`reread`].
    pub(super) fn read(
        config: &Config,
        corpus: &dyn Corpus,
        intake: &Intake,
        wanted: &[bool],
        watch: Watch<'_>,
    ) -> Result<Self> {
        let none = Spool::new(budget::for_prints(config));
        let prints = Mutex::new(Self { packed: none, stories: Vec::new() });
        reread(config, corpus, intake, wanted, watch, |story, read, tokens| {
            text::token_hashes(&read.body, tokens);
            let language = intake.rows[story as usize].language;
            let packed = packed(&Print::of(config.lexicon(), language, &read));
            let mut prints = prints.lock().unwrap_or_else(PoisonError::into_inner);
            let place = prints.packed.push(&packed);
            prints.stories.push(Told { story, language, place });
        })?;
        let mut prints = prints.into_inner().unwrap_or_else(PoisonError::into_inner);
        prints.packed.finish();
        // Of one slab those that lie next to each other.
        prints.stories.sort_unstable_by_key(|told| told.place);
        prints.packed.sound()?;
        Ok(prints)
    }

    fn print(&self, told: &Told) -> Print {
        unpacked(told.language, &self.packed.get(told.place))
    }

    /// How rare each feature is.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub(super) fn rarity(&self) -> Result<Rarity> {
        let mut counted = Counted::default();
        self.stories.iter().for_each(|told| counted.add(&self.print(told)));
        self.packed.sound()?;
        Ok(counted.rarity())
    }

    /// What `each` makes of every story and its weighed features, in no promised order.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub(super) fn weighed<T: Send>(
        &self,
        rarity: &Rarity,
        each: impl Fn(Ordinal, &Weighed) -> T + Sync,
    ) -> Result<Vec<T>> {
        let made = |told: &Told| each(told.story, &rarity.weighed(&self.print(told)));
        let all = self.stories.par_iter().map(made).collect();
        self.packed.sound()?;
        Ok(all)
    }

    /// Adds the stories for which `is_asked` holds to `sides`, but for those that are there.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub(super) fn extend(
        &self,
        sides: &mut Sides,
        rarity: &Rarity,
        is_asked: impl Fn(Ordinal) -> bool + Sync,
    ) -> Result<()> {
        let asked = |told: &&Told| is_asked(told.story) && !sides.contains_key(&told.story);
        let side = |told: &Told| {
            let print = self.print(told);
            let weighed = rarity.weighed(&print);
            (told.story, (print, weighed))
        };
        let new: Vec<_> = self.stories.par_iter().filter(asked).map(side).collect();
        sides.extend(new);
        self.packed.sound()
    }
}

/// How many words, how many features of each kind, and the features.
fn packed(print: &Print) -> Vec<u32> {
    let mut packed = vec![print.words];
    packed.extend(print.features.iter().map(|features| features.len() as u32));
    let features = print.features.iter().flatten();
    packed.extend(
        features.flat_map(|held| [held.hash, u32::from(held.sureties) << 16 | u32::from(held.place)]),
    );
    packed
}

fn unpacked(language: &'static str, packed: &[u32]) -> Print {
    let Some((&[words, ref counts @ ..], features)) = packed.split_first_chunk::<5>() else {
        return Print::default();
    };
    let held = |&[hash, both]: &[u32; 2]| Held { hash, sureties: (both >> 16) as u16, place: both as u16 };
    let mut features = features.as_chunks().0.iter().map(held);
    Print { language, words, features: counts.map(|count| features.by_ref().take(count as usize).collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::story::Story;

    #[test]
    fn a_print_comes_back_as_it_was() {
        let story = Story::new("a", "Der Präsident sprach am 3. Mai 2024 in Minsk von 4,5 Millionen Tonnen.");
        let print = Print::of(&Lexicon::default(), "de", &story);
        assert!(print.features.iter().any(|features| !features.is_empty()));
        let back = unpacked("de", &packed(&print));
        assert_eq!((back.language, back.words, back.features), (print.language, print.words, print.features));
    }
}
