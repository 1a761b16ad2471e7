//! From a report and labels to the pairs in which they differ, with both texts.

use super::{Label, evaluate, joins, located};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::explain::explain_by;
use crate::input::Corpus;
use crate::report::disagreement::{Disagreement, Disagreements, Fault};
use crate::report::{Pair, Report};
use crate::scan::{Places, Scanner, side_by_side, two};
use crate::story::{Ordinal, Story};
use std::collections::BTreeMap;

/// A pair in which result and label differ, before its texts are read.
struct Differing<'a> {
    ends: (u32, u32),
    label: Option<&'a Label>,
    joined: bool,
    found: Option<&'a Pair>,
}

impl Differing<'_> {
    fn weight(&self) -> f64 {
        self.label.map_or(1.0, |label| label.weight)
    }

    fn fault(&self) -> Fault {
        if self.joined { Fault::FalseJoin } else { Fault::Miss }
    }

    /// How far the score is from what the label asks for, in [0, 1].
    fn distance(&self) -> f64 {
        let score = self.found.map_or(0.0, |pair| pair.score);
        if self.joined { score } else { 1.0 - score }
    }
}

/// The pairs in which `report` and `labels` differ, as [`evaluate`] counts them, the heaviest first:
/// [`Disagreements::MOST`] at most. `report` and `places` are of a scan of `corpus` with `config` that
/// looked for all relations. Cost: one more reading of the blocks that hold the stories of such
/// pairs; two more of all where the scan did not compare one of them.
///
/// # Errors
/// A story that is not what it was when it was scanned; what reading fails with.
pub fn disagreements(
    corpus: &(impl Corpus + ?Sized),
    (report, places): (&Report, &Places),
    (labels, closed): (&[Label], bool),
    config: &Config,
) -> Result<Disagreements> {
    let mut differing = differing(report, labels, closed, config);
    let scores = evaluate(report, labels, closed, config);
    let sum = |fault: Fault| {
        let of_it = differing.iter().filter(|pair| pair.fault() == fault);
        of_it.fold((0, 0.0), |(count, sum), pair| (count + 1, sum + pair.weight()))
    };
    let (false_joins, misses) = (sum(Fault::FalseJoin), sum(Fault::Miss));
    differing.truncate(Disagreements::MOST);
    let mut wanted: Vec<Ordinal> = differing.iter().flat_map(|pair| [pair.ends.0, pair.ends.1]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let stories = reread(corpus, (report, places), &wanted)?;
    let unmet = differing.iter().any(|pair| pair.found.is_none());
    let words = if unmet { Some(Scanner::new(config.clone()).words(corpus)?) } else { None };
    let cluster_of = report.memberships();
    let told = |pair: &Differing<'_>| {
        let ends = (&stories[&pair.ends.0], &stories[&pair.ends.1]);
        let cluster = |story: u32| cluster_of[story as usize];
        Disagreement {
            label: pair.label.cloned().unwrap_or_else(|| Label::new(&*ends.0.id, &*ends.1.id, 0)),
            is_listed: pair.label.is_some(),
            joined: pair.joined,
            together: cluster(pair.ends.0).is_some() && cluster(pair.ends.0) == cluster(pair.ends.1),
            compared: pair.found.is_some(),
            two: match pair.found {
                Some(found) => two(config, ends, Some(found.clone())),
                None => side_by_side(config, ends, &explain_by(config, words.as_ref(), ends.0, ends.1)),
            },
        }
    };
    Ok(Disagreements {
        pairs: differing.iter().map(told).collect(),
        false_joins,
        misses,
        labels: labels.to_vec(),
        labelled: scores.pairs,
        scores: (scores.precision, scores.recall, scores.f1),
        model: report.model,
    })
}

/// The heaviest first; of equal weight what is not in doubt, then what is furthest off, then by id.
fn differing<'a>(
    report: &'a Report,
    labels: &'a [Label],
    closed: bool,
    config: &Config,
) -> Vec<Differing<'a>> {
    let (known, _) = located(report, labels);
    let found: BTreeMap<(u32, u32), &Pair> =
        report.pairs.iter().map(|pair| ((pair.a, pair.b), pair)).collect();
    let labelled = known.iter().map(|(&ends, &label)| (ends, Some(label)));
    let unlabelled =
        found.keys().filter(|ends| closed && !known.contains_key(ends)).map(|&ends| (ends, None));
    let mut differing: Vec<Differing<'a>> = labelled
        .chain(unlabelled)
        .map(|(ends, label)| {
            let found = found.get(&ends).copied();
            Differing { ends, label, joined: found.is_some_and(|pair| joins(config, pair)), found }
        })
        .filter(|pair| pair.joined != pair.label.is_some_and(|label| label.label == 1))
        .collect();
    let doubtful = |pair: &Differing<'_>| pair.label.is_some_and(Label::is_doubtful);
    differing.sort_by(|x, y| {
        let weight = y.weight().total_cmp(&x.weight());
        let doubt = doubtful(x).cmp(&doubtful(y));
        weight.then(doubt).then(y.distance().total_cmp(&x.distance())).then(x.ends.cmp(&y.ends))
    });
    differing
}

/// The stories that are `wanted`, as they came, by the ids that the report gave them.
fn reread(
    corpus: &(impl Corpus + ?Sized),
    (report, places): (&Report, &Places),
    wanted: &[Ordinal],
) -> Result<BTreeMap<Ordinal, Story>> {
    let mut stories = places.stories(corpus, wanted)?;
    for place in wanted {
        let id = &report.stories[*place as usize].id;
        let story = stories.get_mut(place).ok_or_else(|| {
            let sentence =
                format!("the story `{id}` is no longer there; run again when nothing writes to the input");
            Error::new(ErrorKind::Changed, sentence)
        })?;
        story.id.clone_from(id);
    }
    Ok(stories)
}

#[cfg(test)]
mod tests {
    use super::super::read_labels;
    use super::*;
    use std::path::Path;

    const FERRY: &str = "The ferry ran aground on a sandbar at the mouth of the river on Sunday, forcing a rescue in \
         swells that lasted until after midnight, the coast guard said. Eleven people were treated for cuts.";

    fn told(lines: &str, closed: bool) -> Vec<(String, String, Fault, bool, bool)> {
        let stories = [
            Story::new("a", FERRY),
            Story::new("b", format!("{FERRY} One was taken to hospital.")),
            Story::new("c", format!("{FERRY} Two were taken to hospital.")),
            Story::new("d", "The council voted to close the old library on the hill and to open a new one."),
        ];
        let labels = read_labels(lines.as_bytes(), Path::new("l")).unwrap();
        let config = Config::default();
        let (report, places) =
            Scanner::new(config.clone().with_all_relations()).scan_placed(&stories[..], &|_| {}).unwrap();
        let found = disagreements(&stories[..], (&report, &places), (&labels, closed), &config).unwrap();
        let ids = |pair: &Disagreement| [0, 1].map(|end| pair.two.stories[end].id.clone());
        let told = found.pairs.iter().map(|pair| {
            let [a, b] = ids(pair);
            (a, b, pair.fault(), pair.is_listed, pair.compared)
        });
        told.collect()
    }

    fn line(a: &str, b: &str, label: u8, rest: &str) -> String {
        format!("{{\"a\":\"{a}\",\"b\":\"{b}\",\"label\":{label}{rest}}}\n")
    }

    #[test]
    fn the_heaviest_comes_first_and_doubt_last() {
        let labels = line("b", "a", 0, ",\"doubt\":true")
            + &line("a", "c", 0, "")
            + &line("a", "d", 1, ",\"weight\":7")
            + &line("b", "c", 1, ",\"weight\":9");
        let expected = [
            ("a".into(), "d".into(), Fault::Miss, true, false),
            ("a".into(), "c".into(), Fault::FalseJoin, true, true),
            ("a".into(), "b".into(), Fault::FalseJoin, true, true),
        ];
        assert_eq!(told(&labels, false), expected, "b and c are joined as their label says");
    }

    #[test]
    fn where_labels_are_closed_what_has_none_is_a_false_join() {
        let labels = line("a", "b", 1, "") + &line("a", "c", 1, "");
        assert_eq!(told(&labels, false), []);
        assert_eq!(told(&labels, true), [("b".into(), "c".into(), Fault::FalseJoin, false, true)]);
    }
}
