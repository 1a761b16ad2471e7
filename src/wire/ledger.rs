//! From what the rules found to the furniture of a story.

use crate::story::{Furniture, FurnitureKind, Marker, MarkerKind, Removed};

use super::again::Questions;
use super::pattern::Found;
use super::rows::Rule;

/// What was taken out of one story, and what it said.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// In reading order.
    pub(super) headline: Vec<Removed>,
    /// In reading order.
    pub(super) head: Vec<Removed>,
    /// In reading order.
    pub(super) inner: Vec<Removed>,
    /// From the end up.
    pub(super) tail: Vec<Removed>,
    /// From dateline, byline, credit: the first of these decides.
    agencies: [Option<&'static str>; 3],
    place: Option<String>,
    time: Option<String>,
    byline: Option<String>,
    marker: Option<Marker>,
    /// What its text asks of the rules.
    pub(super) questions: Questions,
}

impl Ledger {
    /// Notes what `rule` says of `text`, and gives back the stretch for one of the lists.
    pub(super) fn note(&mut self, rule: &Rule, found: &Found, text: &str) -> Removed {
        let rank = match rule.kind {
            FurnitureKind::Dateline => Some(0),
            FurnitureKind::Byline => Some(1),
            FurnitureKind::SignOff | FurnitureKind::Copyright => Some(2),
            // Whose picture it is says nothing of whose text it is.
            _ => None,
        };
        if let Some(rank) = rank {
            self.agencies[rank] = self.agencies[rank].or(found.agency);
        }
        let printed =
            |range: &Option<std::ops::Range<usize>>| range.clone().map(|r| text[r].trim().to_owned());
        if rule.kind == FurnitureKind::Dateline {
            self.place = self.place.take().or_else(|| printed(&found.place));
            self.time = self.time.take().or_else(|| printed(&found.time));
        }
        if matches!(rule.kind, FurnitureKind::Byline | FurnitureKind::Dateline) {
            self.byline = self.byline.take().or_else(|| printed(&found.names));
        }
        let stretch = text[..found.end].trim();
        if let Some(kind) = rule.marker {
            self.mark(kind, found.number, stretch);
        }
        Removed { kind: rule.kind, text: stretch.to_owned() }
    }

    /// The first marker counts; one that speaks of versions counts before a mere label.
    fn mark(&mut self, kind: MarkerKind, number: Option<u32>, text: &str) {
        let label = |m: &Marker| m.kind == MarkerKind::Label && kind != MarkerKind::Label;
        if self.marker.as_ref().is_none_or(label) {
            let text = text.trim_end_matches([':', '.', ' ', '：']).to_owned();
            self.marker = Some(Marker { kind, number, text });
        }
    }

    /// Adds all to `furniture`; what is known there already stays.
    pub(super) fn settle(self, furniture: &mut Furniture) {
        let agency = self.agencies.into_iter().flatten().next();
        furniture.agency = furniture.agency.take().or_else(|| agency.map(str::to_owned));
        furniture.place = furniture.place.take().or(self.place);
        furniture.dateline_time = furniture.dateline_time.take().or(self.time);
        furniture.byline = furniture.byline.take().or(self.byline);
        furniture.marker = furniture.marker.take().or(self.marker);
        furniture.removed.extend(self.headline);
        furniture.removed.extend(self.head);
        furniture.removed.extend(self.inner);
        furniture.removed.extend(self.tail.into_iter().rev());
    }
}
