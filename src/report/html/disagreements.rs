//! From the pairs in which a result and labels differ to one page, on which a reader judges them anew.
//!
//! The frame is that of a report; its data are `summary`, `rows` (a row a pair, the heaviest first),
//! `pairs-0`, … (both texts, in batches) and `labels` (every label as it was read, so that the page
//! can export all of them with what was marked).

use super::super::disagreement::{Disagreement, Disagreements, Fault};
use super::super::message::rounded;
use super::super::{Report, StoryInfo};
use super::detail::{Detail, language};
use super::pair::Evidence;
use super::summary::weights;
use super::{batches, embed, page, text_bytes};
use crate::hash;
use crate::label::Label;
use crate::relation::Relation;
use crate::relation::model::Model;
use serde::Serialize;
use std::io;

/// What the head of the page says.
#[derive(Serialize)]
struct Summary {
    version: &'static str,
    labelled: usize,
    false_joins: (usize, f64),
    misses: (usize, f64),
    left_out: usize,
    precision: f64,
    recall: f64,
    f1: f64,
    /// Names and weights of the signals.
    model: Vec<(&'static str, f64)>,
    /// Under which a browser keeps marks: other labels or another result, another key.
    key: String,
}

/// A pair in the list.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Row<'a> {
    fault: Fault,
    label: &'a Label,
    doubt: bool,
    listed: bool,
    together: bool,
    compared: bool,
    cut: bool,
    relation: Option<Relation>,
    score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signals: Option<Evidence>,
    stories: [Side<'a>; 2],
}

#[derive(Serialize)]
struct Side<'a> {
    id: &'a str,
    headline: &'a str,
    source: &'a str,
    time: Option<i64>,
    language: &'a str,
}

impl<'a> Side<'a> {
    fn of(story: &'a StoryInfo) -> Self {
        Self {
            id: &story.id,
            headline: story.headline(),
            source: &story.source,
            time: story.time.map(crate::time::Time::as_second),
            language: language(story),
        }
    }
}

impl<'a> Row<'a> {
    fn of(told: &'a Disagreement, model: &Model) -> Self {
        let pair = told.pair();
        Self {
            fault: told.fault(),
            label: &told.label,
            doubt: told.label.is_doubtful(),
            listed: told.is_listed,
            together: told.together,
            compared: told.compared,
            cut: pair.is_some_and(|pair| pair.cut),
            relation: pair.map(|pair| pair.relation),
            score: pair.map(|pair| rounded(pair.score)),
            signals: pair.and_then(|pair| Evidence::of(pair, model)),
            stories: [0, 1].map(|end| Side::of(told.two.story(end))),
        }
    }
}

impl Disagreements {
    /// Writes the page: one file that needs nothing else. Cost: aligning both texts of every pair, on
    /// all threads.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_page(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let rows: Vec<Row<'_>> = self.pairs.iter().map(|pair| Row::of(pair, &self.model)).collect();
        let (rows, labels) = (embed::json(&rows)?, embed::json(&self.labels)?);
        let summary = self.summary(hash::word(&[&rows[..], &labels[..]].concat()));
        let (title, notice) = self.words();
        let (before, after) = page::frame(&title, &notice, page::Kind::Disagreements)?;
        out.write_all(before.as_bytes())?;
        embed::element(out, "summary", &embed::json(&summary)?)?;
        embed::element(out, "rows", &rows)?;
        let size: usize = self.pairs.iter().map(|pair| text_bytes(&pair.two)).sum();
        batches(out, "pairs", self.pairs.len(), |at| entry(&self.pairs[at].two, size > embed::PLAIN))?;
        embed::element(out, "labels", &labels)?;
        out.write_all(after.as_bytes())
    }

    fn summary(&self, key: u64) -> Summary {
        let (precision, recall, f1) = self.scores;
        Summary {
            version: env!("CARGO_PKG_VERSION"),
            labelled: self.labelled,
            false_joins: self.false_joins,
            misses: self.misses,
            left_out: self.left_out(),
            precision: rounded(precision),
            recall: rounded(recall),
            f1: rounded(f1),
            model: weights(&self.model),
            key: format!("{key:016x}"),
        }
    }

    /// The title, and what a browser without scripts shows.
    fn words(&self) -> (String, String) {
        let ((joins, _), (misses, _)) = (self.false_joins, self.misses);
        (
            format!("{} disagreements in {} labelled pairs", joins + misses, self.labelled),
            format!("{} labelled pairs: {joins} false joins, {misses} misses.", self.labelled),
        )
    }
}

/// Both texts of a pair, with what ties them.
fn entry(two: &Report, is_packed: bool) -> io::Result<Vec<u8>> {
    let json = embed::json(&Detail::two(two))?;
    Ok(if is_packed { embed::packed(&json) } else { json })
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::super::tests::{data, printed};
    use super::*;

    /// The pair of the ferries, which a label calls two reports.
    fn disagreements(headline: &str) -> Disagreements {
        let all = printed();
        let mut stories = vec![all.stories[0].clone(), all.stories[6].clone()];
        stories[0].url = "gopher://aap.example/1".into();
        stories[1].detail.as_mut().unwrap().headline = headline.into();
        let pair = sample::report().pairs[0].clone();
        let pairs = vec![super::super::super::Pair { a: 0, b: 1, ..pair }];
        let label = Label { weight: 2.5, ..Label::new("aap-ferry", "post-ferry", 0) };
        let told = Disagreement {
            label: label.clone(),
            is_listed: true,
            joined: true,
            together: true,
            compared: true,
            two: Report { stories, pairs, ..Report::default() },
        };
        Disagreements {
            pairs: vec![told],
            false_joins: (1, 2.5),
            labels: vec![label],
            ..Disagreements::default()
        }
    }

    fn written(told: &Disagreements) -> String {
        let mut out = Vec::new();
        told.write_page(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_page_holds_pairs_and_labels() {
        let page = written(&disagreements("Ferry grounded"));
        assert_eq!(data(&page, "summary")["false_joins"], serde_json::json!([1, 2.5]));
        assert_eq!(data(&page, "rows")[0]["fault"], "false-join");
        assert_eq!(data(&page, "rows")[0]["label"], data(&page, "labels")[0]);
        let detail = &data(&page, "pairs-0")[0];
        assert!(detail["members"][0]["body"].as_str().unwrap().starts_with("A ferry ran aground"));
        assert_eq!(detail["members"][0]["url"], "gopher://aap.example/1");
        assert_eq!(detail["pairs"][0]["passages"].as_array().unwrap().len() % 4, 0);
        assert_eq!(page, written(&disagreements("Ferry grounded")), "two runs give the same bytes");
    }

    #[test]
    fn no_text_of_a_story_or_label_is_markup() {
        let mut told = disagreements("</script><script>alert(1)</script>");
        told.labels[0].beside.insert("note".into(), "</script><img src=x onerror=alert(1)>".into());
        told.pairs[0].label = told.labels[0].clone();
        let page = written(&told);
        assert!(!page.contains("alert(1)</script>") && !page.contains("<img"));
        // Four elements of data and the script itself.
        assert_eq!((page.matches("<script").count(), page.matches("</script>").count()), (5, 5));
    }

    #[test]
    fn another_result_has_other_marks() {
        let key = |headline: &str| data(&written(&disagreements(headline)), "summary")["key"].clone();
        assert_ne!(key("Ferry grounded"), key("Ferry afloat"));
        assert!(written(&Disagreements::default()).contains("0 disagreements in 0 labelled pairs"));
    }
}
