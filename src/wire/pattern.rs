//! From a line of a rule file to a matcher of furniture.
//!
//! A pattern is literal text with slots in braces and alternatives in square brackets, which are
//! written out when the rules are read: `[RPT|REFILE] {n}-` is two patterns. A space stands for
//! any blank stretch within a line, a leading `~` makes letters match in any case; `⟦` and `⟧` are
//! square brackets that stand in the text. A slot runs to
//! the first place where the literal after it stands, and what it holds must pass its own test;
//! nothing is ever tried twice, so a match costs at most one pass over a short window.

use std::borrow::Cow;
use std::ops::Range;

use super::agencies::{self, Filer};
use super::dates;
use super::leads::{Ends, Lead};
use super::line::Line;
use super::names;
use super::scan;

/// No slot but the open-ended ones looks farther than this many bytes.
const REACH: usize = 160;

/// No pattern has more literals and slots.
const MOST_PARTS: usize = 10;

/// One pattern without alternatives.
#[derive(Debug)]
pub(super) struct Pattern {
    parts: Vec<Part>,
    fold: bool,
    needs: u32,
    /// The character that ends the last literal, if that ends the pattern.
    last: Option<char>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Text(Box<str>),
    Dash,
    Gap,
    Slot(Slot),
}

/// What may stand between two literals.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Slot {
    Any,
    Short,
    Han,
    Code,
    Year,
    Number,
    Nth,
    Region,
    /// Capitals of two or three names, of any script.
    Initials,
    /// The name of a channel or an account.
    Handle,
    Agency,
    Place,
    Capitals,
    Date,
    Names,
    Role,
    Credit,
}

/// What a pattern found, as ranges of the text it was given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    pub(super) end: usize,
    pub(super) agency: Option<&'static str>,
    pub(super) place: Option<Range<usize>>,
    pub(super) time: Option<Range<usize>>,
    pub(super) names: Option<Range<usize>>,
    pub(super) number: Option<u32>,
}

/// Reads the pattern of a rule; `None` where it names a slot that does not exist.
pub(super) fn compile(source: &str) -> Option<Vec<Pattern>> {
    let (fold, source) = match source.strip_prefix('~') {
        Some(rest) => (true, rest),
        None => (false, source),
    };
    let mut done = Vec::with_capacity(count(source));
    let mut open = vec![Cow::Borrowed(source)];
    while let Some(text) = open.pop() {
        match text.find('[') {
            Some(start) => {
                let choices = written_out(&text, start)?.map(Cow::Owned);
                open.extend(choices.collect::<Vec<_>>().into_iter().rev());
            }
            None => done.push(Pattern::parse(&text, fold)?),
        }
    }
    Some(done)
}

/// `text` with each of the alternatives that open at `start` in their place.
pub(super) fn written_out(text: &str, start: usize) -> Option<impl Iterator<Item = String>> {
    let (before, rest) = text.split_at(start);
    let (choices, after) = rest.strip_prefix('[')?.split_once(']')?;
    Some(choices.split('|').map(move |choice| [before, choice, after].concat()))
}

/// How many patterns `source` writes out.
pub(super) fn count(source: &str) -> usize {
    let choices = source.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    choices.map(|(choices, _)| choices.split('|').count()).product()
}

/// A literal of a pattern as it is compared.
pub(super) fn literal(text: &str, fold: bool) -> String {
    let has = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    let has_brackets = has("⟦") || has("⟧");
    let text = if has_brackets { text.replace('⟦', "[").replace('⟧', "]") } else { text.to_owned() };
    if fold { text.to_lowercase() } else { text }
}

impl Pattern {
    fn parse(mut text: &str, fold: bool) -> Option<Self> {
        let mut parts = Vec::new();
        while !text.is_empty() {
            if let Some(rest) = text.strip_prefix('{') {
                let (name, rest) = rest.split_once('}')?;
                parts.push(part(name)?);
                text = rest;
            } else {
                let end = text.find('{').unwrap_or(text.len());
                parts.push(Part::Text(literal(&text[..end], fold).into()));
                text = &text[end..];
            }
        }
        let needs = parts.iter().map(needs).fold(0, |all, bits| all | bits);
        let last = match parts.last() {
            Some(Part::Text(text)) => text.chars().next_back().filter(|last| *last != ' '),
            _ => None,
        };
        (1..=MOST_PARTS).contains(&parts.len()).then_some(Self { parts, fold, needs, last })
    }

    /// The literal that opens the pattern; `None` where a slot does.
    pub(super) fn opening(&self) -> Option<&str> {
        match self.parts.first() {
            Some(Part::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The slot that opens the pattern; `None` where a literal does.
    pub(super) fn first_slot(&self) -> Option<Slot> {
        match self.parts.first() {
            Some(Part::Slot(slot)) => Some(*slot),
            _ => None,
        }
    }

    /// `None` where no slot opens the pattern.
    pub(super) fn lead(&self) -> Option<Lead> {
        let slot = self.first_slot()?;
        let slot = match slot {
            Slot::Number | Slot::Nth | Slot::Date | Slot::Year | Slot::Agency => slot,
            Slot::Place | Slot::Capitals => Slot::Place,
            _ if slot.is_open_ended() => Slot::Any,
            _ => Slot::Code,
        };
        let (next, closes) = (self.parts.get(1).cloned(), self.parts.len() == 2);
        Some(Lead { slot, next, closes, fold: self.fold })
    }

    /// The [`scan::bits`] that a text must have.
    pub(super) fn needs(&self) -> u32 {
        self.needs
    }

    /// How many bytes the pattern takes at most; `None` where a slot is in it.
    pub(super) fn longest(&self) -> Option<usize> {
        match &self.parts[..] {
            [Part::Text(text)] => Some(text.len()),
            _ => None,
        }
    }

    /// The match that takes all of `text`.
    pub(super) fn whole(&self, text: &str) -> Option<Found> {
        if self.may_end(text) { self.run(text, true, None) } else { None }
    }

    fn may_end(&self, text: &str) -> bool {
        let is_last = |last| text.chars().next_back().is_some_and(|c| scan::is_same(c, last, self.fold));
        self.last.is_none_or(is_last)
    }

    /// The match at the start of `text`.
    pub(super) fn prefix(&self, text: &str) -> Option<Found> {
        self.run(text, false, None)
    }

    /// The match of all of `line`, or at its start, of a pattern that has the lead of number `lead`.
    pub(super) fn led(&self, line: &Line, whole: bool, lead: usize, ends: &mut Ends) -> Option<Found> {
        let text = line.text;
        if whole && !self.may_end(text) {
            return None;
        }
        let Some(slot) = self.first_slot() else { return self.run(text, whole, None) };
        let reach = if slot.holds_place() { line.place()? } else { text.len() };
        let end =
            ends.end(lead, || self.slot_end(slot, text, 0, (0, reach), whole).filter(|end| *end <= reach))?;
        self.run(text, whole, Some(end))
    }

    /// First the shape, which costs little and fails often, then what the slots hold. `first` is where
    /// the first part ends, if that is known.
    fn run(&self, text: &str, whole: bool, first: Option<usize>) -> Option<Found> {
        let mut ends = [0; MOST_PARTS];
        let mut at = first.unwrap_or_default();
        ends[0] = at;
        for (i, part) in self.parts.iter().enumerate().skip(usize::from(first.is_some())) {
            at = match part {
                Part::Text(literal) => scan::literal(text, at, literal, self.fold)?,
                Part::Dash => scan::dash(text, at)?,
                Part::Gap => scan::gap(text, at)?,
                Part::Slot(slot) => self.slot_end(*slot, text, at, (i, text.len()), whole)?,
            };
            ends[i] = at;
        }
        if whole && at < text.len() {
            return None;
        }
        let mut found = Found { end: at, ..Found::default() };
        let mut start = 0;
        for (part, end) in self.parts.iter().zip(ends) {
            if let Part::Slot(slot) = part {
                fill(*slot, text, start..end, &mut found)?;
            }
            start = end;
        }
        Some(found)
    }

    /// The end of a date: the full stop of a month is the pattern's own where it asks for one.
    fn date_end(&self, text: &str, at: usize, i: usize) -> Option<usize> {
        let end = at + dates::at_start(&text[at..])?;
        let bare = text[..end].trim_end_matches('.').len();
        let asked = matches!(self.parts.get(i + 1), Some(Part::Text(next)) if next.starts_with('.'));
        let stop = !asked && text[bare..].starts_with('.');
        Some(bare + usize::from(stop))
    }

    /// Where the slot that begins at `at` ends, the part of number `i`: by its own form, or where the next part
    /// begins. What begins after `reach` need not be found.
    fn slot_end(
        &self,
        slot: Slot,
        text: &str,
        at: usize,
        (i, reach): (usize, usize),
        whole: bool,
    ) -> Option<usize> {
        let rest = &text[at..];
        match slot {
            Slot::Number => return scan::digits(rest, 4).map(|n| at + n),
            Slot::Nth => return scan::ordinal(rest).map(|n| at + n),
            Slot::Date => return self.date_end(text, at, i),
            Slot::Year => return scan::year(rest).map(|n| at + n),
            _ => {}
        }
        let limit = if slot.is_open_ended() { text.len() } else { scan::floor(text, at + REACH) };
        // With the sign that opens the next part.
        let near = limit.min(scan::floor(text, reach + 4));
        let end = match self.parts.get(i + 1) {
            None => text.len(),
            // A closing literal of a whole line closes it, wherever else it stands.
            Some(Part::Text(next)) if whole && i + 2 == self.parts.len() && text[at..].ends_with(&**next) => {
                text.len() - next.len()
            }
            Some(Part::Text(next)) => scan::find(text, at, near, next, self.fold)?,
            Some(Part::Dash) => scan::find_dash(text, at, near)?,
            Some(Part::Slot(_) | Part::Gap) if slot == Slot::Agency => at + agencies::longest_prefix(rest)?,
            Some(Part::Slot(Slot::Agency)) => at + agencies::first_suffix(&text[at..limit])?,
            Some(Part::Slot(Slot::Date)) => at + dates::first(&text[at..limit])?,
            Some(Part::Slot(_) | Part::Gap) => return None,
        };
        (end > at && end <= limit.max(at)).then_some(end)
    }
}

impl Slot {
    /// Whether it holds what [`names::place`] reads.
    pub(super) fn holds_place(self) -> bool {
        matches!(self, Self::Place | Self::Capitals)
    }

    /// Whether it looks as far as the text goes.
    fn is_open_ended(self) -> bool {
        matches!(self, Self::Any | Self::Short | Self::Credit | Self::Names | Self::Role)
    }
}

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "dash" => Part::Dash,
        "gap" => Part::Gap,
        "any" => Part::Slot(Slot::Any),
        "short" => Part::Slot(Slot::Short),
        "han" => Part::Slot(Slot::Han),
        "code" => Part::Slot(Slot::Code),
        "year" => Part::Slot(Slot::Year),
        "n" => Part::Slot(Slot::Number),
        "nth" => Part::Slot(Slot::Nth),
        "region" => Part::Slot(Slot::Region),
        "initials" => Part::Slot(Slot::Initials),
        "handle" => Part::Slot(Slot::Handle),
        "agency" => Part::Slot(Slot::Agency),
        "place" => Part::Slot(Slot::Place),
        "capitals" => Part::Slot(Slot::Capitals),
        "date" => Part::Slot(Slot::Date),
        "names" => Part::Slot(Slot::Names),
        "role" => Part::Slot(Slot::Role),
        "credit" => Part::Slot(Slot::Credit),
        _ => return None,
    })
}

/// The bits of [`scan::bits`] that a text must have for this part to match.
fn needs(part: &Part) -> u32 {
    match part {
        Part::Text(text) => scan::bits(text) & scan::PUNCTUATION,
        Part::Dash => scan::DASH,
        Part::Slot(Slot::Date | Slot::Number | Slot::Nth | Slot::Year) => scan::DIGIT,
        Part::Gap | Part::Slot(_) => 0,
    }
}

/// Tests what stands in a slot and notes what it says.
fn fill(slot: Slot, text: &str, range: Range<usize>, found: &mut Found) -> Option<()> {
    let inner = &text[range.clone()];
    match slot {
        Slot::Any => (inner.len() <= 1200).then_some(()),
        Slot::Short => (!names::is_running_text(inner)).then_some(()),
        Slot::Han => (inner.chars().count() <= 30 && !inner.contains('。')).then_some(()),
        Slot::Code => names::is_code(inner).then_some(()),
        Slot::Initials => names::is_initials(inner).then_some(()),
        Slot::Handle => names::is_handle(inner).then_some(()),
        Slot::Region => (inner.len() <= 3 && inner.bytes().all(|b| b.is_ascii_uppercase())).then_some(()),
        Slot::Number | Slot::Nth => {
            // A second number (a word count after the version) says nothing of the version.
            let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
            found.number = found.number.or(inner[..digits].parse().ok());
            Some(())
        }
        Slot::Agency => {
            if let Filer::Agency(agency) = agencies::in_slot(inner)? {
                found.agency = found.agency.or(Some(agency));
            }
            Some(())
        }
        Slot::Place | Slot::Capitals => {
            let (place, time) = names::place(inner, slot == Slot::Capitals)?;
            // A state after its town is of the same place.
            let start = found.place.as_ref().map_or(range.start + place.start, |town| town.start);
            found.place = Some(start..range.start + place.end);
            found.time = time.map(|t| range.start + t.start..range.start + t.end).or(found.time.take());
            Some(())
        }
        Slot::Date => {
            found.time = Some(range.start..range.start + inner.trim_end_matches(['.', ',', ' ']).len());
            Some(())
        }
        Slot::Names => {
            names::is_names(inner).then_some(())?;
            let trimmed = inner.trim();
            let start = range.start + (inner.len() - inner.trim_start().len());
            found.names = Some(start..start + trimmed.len());
            Some(())
        }
        Slot::Role => {
            found.agency = found.agency.or(agencies::in_role(inner));
            (found.agency.is_some() || names::is_role(inner)).then_some(())
        }
        Slot::Credit => names::is_credit(inner).then_some(()),
        Slot::Year => Some(()),
    }
}
