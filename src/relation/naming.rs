//! From a pair's probability and coverage to the name of its relation.

use super::Relation;
use super::model::JOINED;
use crate::evidence::signals::Coverage;
use crate::story::{Marker, MarkerKind};

/// What a name is given by, beside the exact overlap.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Probability that both are versions of one report.
    pub probability: f64,
    /// What tiling showed.
    pub coverage: Coverage,
    /// Share of the longer's headline and lead that the shorter says.
    pub news: f32,
    /// Tokens of `a` and `b`.
    pub tokens: (usize, usize),
    /// Whether both are known to be of one outlet.
    pub same_source: bool,
    /// Version markers of `a` and `b`.
    pub markers: (Option<&'a Marker>, Option<&'a Marker>),
}

/// Share of the shorter that must stand in the longer to be an excerpt of it.
const CONTAINED: f32 = 0.7;
/// Length of an excerpt, at most, as a share of the whole.
const SHORTER: f32 = 0.8;
/// Share of the longer's lead found in the opening of the shorter, from which both tell one
/// report: a round-up opens with something else.
const SAME_LEAD: f32 = 0.5;
/// Share of the shorter that stands in a round-up that contains it; its lead is known from there on.
const IN_ROUNDUP: f32 = Coverage::LEAD_FROM;
/// Length of one item of a round-up, at most, as a share of the whole.
const ITEM: f32 = 0.5;
/// Share of the longer's headline and lead that the shorter says, below which the longer opens with
/// something else.
const OTHER_NEWS: f32 = 0.1;
/// Log-odds of −4: below it two stories share no more than a beat.
const RELATED: f64 = 0.018;

/// The name of the relation, or `None` where there is nothing to say.
pub fn name(facts: &Facts<'_>) -> Option<Relation> {
    let Facts { probability, coverage, tokens, .. } = *facts;
    let (shorter_share, first_is_shorter) =
        if tokens.0 <= tokens.1 { (coverage.a, true) } else { (coverage.b, false) };
    let ratio = tokens.0.min(tokens.1) as f32 / tokens.0.max(tokens.1).max(1) as f32;
    // A small part of a longer text that opens with something else: one item among others.
    if shorter_share >= CONTAINED && ratio < ITEM && facts.news < OTHER_NEWS {
        return Some(Relation::Roundup);
    }
    if probability < JOINED {
        return match () {
            () if is_template(facts) => Some(Relation::Template),
            () if shorter_share >= IN_ROUNDUP && ratio < CONTAINED && coverage.lead < SAME_LEAD => {
                Some(Relation::Roundup)
            }
            () if probability > RELATED => Some(Relation::Related),
            () => None,
        };
    }
    if let Some(version) = facts.same_source.then(|| version(facts.markers)).flatten() {
        return Some(version);
    }
    let contained = shorter_share >= CONTAINED && ratio < SHORTER;
    Some(match () {
        () if contained && first_is_shorter => Relation::Excerpt,
        () if contained => Relation::Extended,
        () if coverage.is_frame() => Relation::Edited,
        () => Relation::Rewrite,
    })
}

/// Whether two texts of one outlet are one form with other facts: one frame holds both, and what
/// differs says that they are two reports. A copy, too, is asked; where markers call one a version
/// of the other, it is one.
pub fn is_template(facts: &Facts<'_>) -> bool {
    let is_version = version(facts.markers).is_some();
    facts.same_source && !is_version && facts.probability < JOINED && facts.coverage.is_frame()
}

/// What the version markers of two stories of one outlet say: corrections before updates before
/// repeats.
pub fn version(markers: (Option<&Marker>, Option<&Marker>)) -> Option<Relation> {
    let kinds = [markers.0, markers.1].map(|marker| marker.map(|marker| marker.kind));
    let any = |wanted: &[MarkerKind]| kinds.iter().flatten().any(|kind| wanted.contains(kind));
    match () {
        () if any(&[MarkerKind::Correction, MarkerKind::Kill]) => Some(Relation::Correction),
        () if any(&[MarkerKind::Update, MarkerKind::Wrapup, MarkerKind::Alert]) => Some(Relation::Update),
        () if any(&[MarkerKind::Repeat]) => Some(Relation::Repeat),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(probability: f64, a: f32, b: f32, tokens: (usize, usize)) -> Facts<'static> {
        let coverage = Coverage { a, b, in_order: 1.0, lead: 0.9 };
        Facts { probability, coverage, news: 0.5, tokens, same_source: false, markers: (None, None) }
    }

    #[test]
    fn each_relation_has_its_shape() {
        assert_eq!(name(&facts(0.9, 0.9, 0.3, (100, 300))), Some(Relation::Excerpt));
        assert_eq!(name(&facts(0.9, 0.3, 0.9, (300, 100))), Some(Relation::Extended));
        assert_eq!(name(&facts(0.9, 0.7, 0.65, (100, 110))), Some(Relation::Edited));
        assert_eq!(name(&facts(0.9, 0.1, 0.1, (100, 110))), Some(Relation::Rewrite));
        assert_eq!(name(&facts(0.2, 0.1, 0.1, (100, 110))), Some(Relation::Related));
        assert_eq!(name(&facts(0.01, 0.1, 0.1, (100, 110))), None);
        let brief = Facts {
            coverage: Coverage { lead: 0.1, ..facts(0.2, 0.9, 0.2, (50, 300)).coverage },
            ..facts(0.2, 0.9, 0.2, (50, 300))
        };
        assert_eq!(name(&brief), Some(Relation::Roundup));
    }

    #[test]
    fn one_item_of_a_roundup_is_less_than_half_of_it() {
        let opening_otherwise = |tokens| Facts { news: 0.0, ..facts(0.9, 0.9, 0.5, tokens) };
        assert_eq!(name(&opening_otherwise((100, 201))), Some(Relation::Roundup));
        assert_eq!(name(&opening_otherwise((100, 199))), Some(Relation::Excerpt));
    }

    #[test]
    fn one_form_with_other_facts_is_a_template() {
        let form = Facts { same_source: true, ..facts(0.3, 0.9, 0.9, (100, 100)) };
        assert_eq!(name(&form), Some(Relation::Template));
        assert_eq!(name(&Facts { same_source: false, ..form }), Some(Relation::Related));
        assert_eq!(name(&Facts { probability: 0.6, ..form }), Some(Relation::Edited));
        let marker = Marker { kind: MarkerKind::Update, number: Some(2), text: "UPDATE 2-".into() };
        assert!(!is_template(&Facts { markers: (None, Some(&marker)), ..form }));
    }

    #[test]
    fn a_marker_names_the_version_only_within_one_outlet() {
        let marker = Marker { kind: MarkerKind::Correction, number: None, text: "CORRECTED-".into() };
        let own =
            Facts { same_source: true, markers: (None, Some(&marker)), ..facts(0.9, 0.9, 0.9, (100, 100)) };
        assert_eq!(name(&own), Some(Relation::Correction));
        assert_eq!(name(&Facts { same_source: false, ..own }), Some(Relation::Edited));
    }
}
