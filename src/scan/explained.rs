//! From two stories and a corpus to what a scan of all of them says of the two, and why.

use super::{Judged, Scanner, Watch};
use crate::error::Result;
use crate::explain::{Explanation, explain_by};
use crate::input::{Block, Corpus, Unreads};
use crate::story::Story;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A corpus, and stories behind it in a block of their own.
struct Joined<'a> {
    corpus: &'a dyn Corpus,
    stories: [Story; 2],
    /// Blocks of the corpus, as far as they have been met.
    blocks: AtomicUsize,
}

impl Corpus for Joined<'_> {
    fn blocks<'b>(
        &'b self,
        wanted: &'b (dyn Fn(usize) -> bool + Sync),
    ) -> Box<dyn Iterator<Item = Block<'b>> + Send + 'b> {
        let counted = |block: &Block<'_>| {
            self.blocks.fetch_max(block.number + 1, Relaxed);
        };
        let own = || {
            let number = self.blocks.load(Relaxed);
            let mut block = self.stories[..].blocks(&|_| true).next().filter(|_| wanted(number))?;
            block.number = number;
            Some(block)
        };
        let behind = std::iter::once_with(own).flatten();
        Box::new(self.corpus.blocks(wanted).inspect(counted).chain(behind))
    }

    fn size_hint(&self) -> Option<u64> {
        self.corpus.size_hint()
    }

    fn unread(&self) -> Unreads {
        self.corpus.unread()
    }
}

impl Scanner {
    /// Explains what ties `a` and `b` in `corpus`, whether they are in it or not: by how telling its
    /// words are, and with the relation and score that a scan of all of them gives the pair where it
    /// compares the two. Cost: that of a scan.
    ///
    /// # Errors
    /// Those of [`Scanner::scan_corpus`].
    pub fn explain(
        &self,
        corpus: &(impl Corpus + ?Sized),
        [a, b]: [&Story; 2],
        watch: Watch<'_>,
    ) -> Result<Explanation> {
        let joined =
            Joined { corpus: &corpus, stories: [a, b].map(Story::clone), blocks: AtomicUsize::new(0) };
        let judging = Self::new(self.config.clone().with_all_relations());
        let Judged { intake, classes, texts, found } =
            judging.on_threads(|| judging.judged(&joined, watch))?;
        texts.sound()?;
        let mut explanation = explain_by(&self.config, Some(&texts.frequencies.weights()), a, b);
        let own = intake.ordinals.last().map(Vec::as_slice);
        if let Some(&[Some(a), Some(b)]) = own {
            let (a, b) = (classes.first_of(a), classes.first_of(b));
            let place = found.ties.binary_search_by_key(&(a.min(b), a.max(b)), |tie| (tie.a, tie.b));
            if let Ok(place) = place {
                let tie = found.ties[place];
                let seen = if a < b { tie } else { tie.mirrored() };
                (explanation.relation, explanation.score) = (Some(seen.relation), seen.score);
            }
        }
        Ok(explanation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::story::tellings;

    fn explained(corpus: &[Story], a: &Story, b: &Story) -> Explanation {
        Scanner::new(Config::default()).explain(corpus, [a, b], &|_| {}).unwrap()
    }

    #[test]
    fn a_pair_is_explained_by_the_score_of_its_scan() {
        let [first, retold] = tellings(40);
        let from = |source: &str, story: Story| Story { source: source.into(), ..story };
        let copied = Story { id: "0".into(), time: tellings(2)[1].time, ..first.clone() };
        let stories = [from("Wire", first), from("Echo", copied), from("Echo", retold)];
        let report = Scanner::new(Config::default()).scan(&stories);
        let id = |story: u32| &report.stories[story as usize].id;
        let story = |of: &str| stories.iter().find(|story| story.id == of).unwrap();
        assert_eq!(report.pairs.len(), 3);
        for pair in &report.pairs {
            let told = explained(&stories, story(id(pair.a)), story(id(pair.b)));
            assert_eq!((told.relation, told.score), (Some(pair.relation), pair.score));
            let turned = explained(&stories, story(id(pair.b)), story(id(pair.a)));
            assert_eq!((turned.relation, turned.score), (Some(pair.relation.mirrored()), pair.score));
        }
    }

    #[test]
    fn stories_that_are_not_in_the_corpus_are_judged_in_it() {
        let [first, retold] = tellings(1);
        let others: Vec<Story> = (0..300)
            .map(|i| Story::new(format!("s{i}"), format!("{} ort{i} tag{i}", "und so weiter ".repeat(9))))
            .collect();
        let told = explained(&others, &first, &retold);
        let report = Scanner::new(Config::default()).scan(&[&others[..], &[first, retold]].concat());
        let pair = report.pairs.iter().find(|pair| report.stories[pair.a as usize].id == "a").unwrap();
        assert_eq!((told.relation, told.score), (Some(pair.relation), pair.score));
    }
}
