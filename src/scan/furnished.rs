//! From who printed what under which headline to each story without the furniture of its source.

use super::intake::Row;
use crate::evidence::{Profile, Weights};
use crate::rare::{Furniture, Heading, Sampling};
use crate::story::{Ordinal, Story};
use crate::text::sent;
use ahash::AHashMap;

/// What the sources of a corpus print again and again.
pub(super) struct Furnished<'a> {
    /// Of every story.
    headings: Vec<Heading<'a>>,
    furniture: Furniture,
    sampling: Sampling,
}

impl<'a> Furnished<'a> {
    /// Nothing is known yet but who printed each of `rows`.
    pub(super) fn of(rows: &'a [Row], sampling: Sampling) -> Self {
        let mut numbers: AHashMap<String, u32> = AHashMap::new();
        let mut number = |source: &str| {
            let next = numbers.len() as u32;
            *numbers.entry(source.to_lowercase()).or_insert(next)
        };
        let mut heading = |row: &'a Row| Heading {
            source: (!row.source.is_empty()).then(|| number(&row.source)),
            stems: &row.titled,
        };
        let headings = rows.iter().map(&mut heading).collect();
        Self { headings, furniture: Furniture::default(), sampling }
    }

    /// Looks at the stories that hold the shingle of `key`.
    pub(super) fn count(&mut self, key: u32, holders: &mut dyn Iterator<Item = Ordinal>) {
        let Self { headings, furniture, .. } = self;
        furniture.count(key, holders.map(|story| headings[story as usize]));
    }

    /// The profile of a story without what its source prints again and again, whose tokens have the
    /// hashes `tokens`; `None` where there is no such thing in it.
    pub(super) fn own(
        &self,
        (ordinal, story): (Ordinal, &Story),
        tokens: &[u64],
        weights: &Weights,
    ) -> Option<Box<Profile>> {
        let source = self.headings[ordinal as usize].source;
        let stretches = self.furniture.stretches(self.sampling, source, tokens);
        if stretches.is_empty() {
            return None;
        }
        let mut places = Vec::with_capacity(tokens.len());
        sent::tokens(&story.body, |_, place| places.push(place));
        let (mut body, mut from) = (String::with_capacity(story.body.len()), 0);
        for stretch in stretches {
            let (first, last) = (places.get(stretch.start)?, places.get(stretch.end - 1)?);
            body.push_str(&story.body[from..first.start]);
            from = last.end;
        }
        body.push_str(&story.body[from..]);
        Some(Box::new(Profile::new(&Story { body, ..story.clone() }, weights)))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::scan::Scanner;
    use crate::story::Story;

    /// Tokens that no other story has.
    fn own(story: u32, count: u32) -> String {
        (0..count).map(|i| format!("wort{story}x{i}")).collect::<Vec<_>>().join(" ")
    }

    fn page(source: &str, headline: &str, story: u32) -> Story {
        let header = own(0, 120);
        Story {
            source: source.into(),
            headline: headline.into(),
            ..Story::new(format!("{source} {story}"), format!("{header} {}", own(story, 90)))
        }
    }

    /// The highest score of any two.
    fn most(stories: &[Story]) -> f64 {
        let report = Scanner::new(Config::default().with_all_relations()).scan(stories);
        report.pairs.iter().map(|pair| pair.score).fold(0.0, f64::max)
    }

    #[test]
    fn what_a_site_prints_on_all_its_pages_ties_none_of_them() {
        let headlines = ["Ferry aground", "Mayor resigns", "Wheat harvest late", "Bridge opened"];
        let pages = |source| (1..).zip(headlines).map(|(i, headline)| page(source, headline, i)).collect();
        let site: Vec<Story> = pages("Harbour Post");
        assert!(most(&site) < 0.02, "{}", most(&site));
        let nobody: Vec<Story> = pages("");
        assert!(most(&nobody) > 5.0 * most(&site), "of stories that nobody printed it is not known");
        assert!(most(&site[..2]) > 5.0 * most(&site), "twice is not again and again");
    }

    #[test]
    fn what_a_story_says_beside_the_furniture_still_counts() {
        let mut site: Vec<Story> = (1..)
            .zip(["Ferry aground", "Mayor resigns", "Wheat harvest late"])
            .map(|(i, headline)| page("Harbour Post", headline, i))
            .collect();
        site.push(Story {
            source: "Island Echo".into(),
            headline: "Ferry aground off Skerry".into(),
            ..Story::new("echo", own(1, 90))
        });
        let report = Scanner::new(Config::default()).scan(&site);
        let [cluster] = &report.clusters[..] else { panic!("{:?}", report.clusters) };
        let ids = cluster.members.iter().map(|&member| report.stories[member as usize].id.as_str());
        assert_eq!(ids.collect::<Vec<_>>(), ["Harbour Post 1", "echo"]);
    }
}
