//! From what stories say in any language, as they are read, to where that lies until it is compared.

use super::intake::Intake;
use super::reread::reread;
use super::{Watch, budget};
use crate::config::Config;
use crate::error::Result;
use crate::input::Corpus;
use crate::lexicon::Print;
use crate::relation::translation::{Rarity, Weighed};
use crate::spool::Spool;
use crate::story::Ordinal;
use crate::text;
use ahash::AHashMap;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// The prints of all stories that are compared across languages.
pub(super) struct Prints {
    packed: Spool<u32>,
    places: Vec<Place>,
}

struct Place {
    story: Ordinal,
    language: &'static str,
    slab: u32,
    start: u32,
    len: u32,
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
        let prints = Mutex::new(Self { packed: none, places: Vec::new() });
        reread(config, corpus, intake, wanted, watch, |story, read, tokens| {
            text::token_hashes(&read.body, tokens);
            let language = intake.rows[story as usize].language;
            let packed = packed(&Print::of(config.lexicon(), language, &read));
            let mut prints = prints.lock().unwrap_or_else(PoisonError::into_inner);
            let (slab, start) = prints.packed.push(&packed);
            prints.places.push(Place { story, language, slab, start, len: packed.len() as u32 });
        })?;
        let mut prints = prints.into_inner().unwrap_or_else(PoisonError::into_inner);
        prints.packed.finish();
        // Of one slab those that lie next to each other.
        prints.places.sort_unstable_by_key(|place| (place.slab, place.start));
        prints.packed.sound()?;
        Ok(prints)
    }

    fn print(&self, place: &Place) -> Print {
        unpacked(place.language, &self.packed.get(place.slab, place.start, place.len))
    }

    /// How rare each feature is.
    ///
    /// # Errors
    /// If a temporary file has failed.
    pub(super) fn rarity(&self) -> Result<Rarity> {
        let mut rarity = Rarity::default();
        self.places.iter().for_each(|place| rarity.add(&self.print(place)));
        self.packed.sound()?;
        Ok(rarity)
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
        let made = |place: &Place| each(place.story, &rarity.weighed(&self.print(place)));
        let all = self.places.par_iter().map(made).collect();
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
        let asked = |place: &&Place| is_asked(place.story) && !sides.contains_key(&place.story);
        let side = |place: &Place| {
            let print = self.print(place);
            let weighed = rarity.weighed(&print);
            (place.story, (print, weighed))
        };
        let new: Vec<_> = self.places.par_iter().filter(asked).map(side).collect();
        sides.extend(new);
        self.packed.sound()
    }
}

/// How many words, how many features of each kind, and the features with their counts.
fn packed(print: &Print) -> Vec<u32> {
    let mut packed = vec![print.words];
    packed.extend(print.features.iter().map(|features| features.len() as u32));
    let features = print.features.iter().flatten();
    packed.extend(features.flat_map(|&(hash, count)| [hash, count.to_bits()]));
    packed
}

fn unpacked(language: &'static str, packed: &[u32]) -> Print {
    let Some((&[words, ref counts @ ..], features)) = packed.split_first_chunk::<5>() else {
        return Print::default();
    };
    let mut features = features.as_chunks().0.iter().map(|&[hash, count]| (hash, f32::from_bits(count)));
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
