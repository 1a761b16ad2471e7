//! From the rows of the rule files to sets of rules by where they apply.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use super::leads::{self, Ends, Lead};
use super::line::{self, Line};
use super::pattern::{Found, Slot};
use super::rows::{ROWS, Row, Rule};
use super::scan;

/// Rules of one position, found by how the text opens.
#[derive(Debug)]
pub(super) struct Set {
    /// Rules that open with a literal, by its [`bucket`].
    literal: Vec<Vec<Opening>>,
    /// Rules that open with a slot, those with an agency first.
    led: Vec<Led>,
    /// What rules out those of `led`, 64 at a time.
    blocks: Vec<Block>,
    rows: Vec<&'static Row>,
    bounds: OnceLock<Bounds>,
}

/// What any rule of a set needs.
#[derive(Debug)]
struct Bounds {
    /// The [`scan::bits`] that every rule with a slot needs.
    needs: u32,
    /// Bytes of the longest rule without a slot.
    longest: usize,
}

/// Rules of a row that all begin with a literal, and its [`scan::key_and_mask`].
#[derive(Clone, Debug)]
struct Opening {
    key: u64,
    mask: u64,
    literal: Box<str>,
    row: &'static Row,
    rules: Range<usize>,
}

/// A rule that opens with a slot, and the number of its lead among those of the set.
#[derive(Clone, Copy, Debug)]
struct Led {
    lead: usize,
    rule: &'static Rule,
}

/// Of 64 rules that open with a slot, a bit each.
#[derive(Debug)]
struct Block {
    /// Those that open with an agency.
    agency: u64,
    /// Those that open with a place.
    place: u64,
    /// Those that open with a place in capitals.
    capitals: u64,
    /// Those that open with a digit.
    digit: u64,
    /// Those that need any of the [`scan::bits`] of each value of each byte.
    needing: [Needing; 4],
}

/// Of a block those that need any bit of a byte, by its value.
type Needing = [u64; 256];

/// All sets, one for each position that rule files name.
#[derive(Debug)]
pub(super) struct Sets {
    /// Prefix of one of the first lines: datelines.
    pub(super) open: Set,
    /// A whole line near the top.
    pub(super) head: Set,
    /// A whole line near the end, or the parenthesised end of the last paragraph.
    pub(super) tail: Set,
    /// The end of the last paragraph, after a sentence end.
    pub(super) end: Set,
    /// A line near the end that takes everything after it along.
    pub(super) rest: Set,
    /// A whole line anywhere, or the parenthesised end of one.
    pub(super) line: Set,
    /// Prefix of a headline that is no version marker.
    pub(super) title: Set,
    /// Version marker that opens a headline or a body.
    pub(super) start: Set,
    /// Version marker that ends a headline.
    pub(super) finish: Set,
}

/// A whole line this long is running text; notes and long credits are the longest furniture.
const LONGEST: usize = 1600;

/// The rules of this crate.
pub(super) static SETS: LazyLock<Sets> = LazyLock::new(|| Sets {
    open: set(&["open"]),
    head: set(&["head", "edge", "line", "whole"]),
    tail: set(&["tail", "edge", "line"]),
    end: set(&["end"]),
    rest: set(&["rest"]),
    line: set(&["line"]),
    title: set(&["title"]),
    start: set(&["start"]),
    finish: set(&["finish"]),
});

fn set(positions: &[&str]) -> Set {
    let mut literal = vec![Vec::new(); BUCKETS];
    let mut led: Vec<Led> = Vec::new();
    let mut leads: Vec<Lead> = Vec::new();
    let rows: Vec<&Row> = ROWS.iter().filter(|row| positions.contains(&row.position)).collect();
    for &row in &rows {
        for group in row.groups() {
            if group.literal.is_empty() {
                let rules = row.rules()[group.rules].iter();
                let led_by =
                    rules.map(|rule| Led { lead: leads::number(&mut leads, rule.pattern.lead()), rule });
                led.extend(led_by);
                continue;
            }
            let (key, mask) = scan::key_and_mask(&group.literal);
            for at in buckets(key, mask) {
                let (begins, rules) = (group.literal.clone(), group.rules.clone());
                literal[at].push(Opening { key, mask, literal: begins, row, rules });
            }
        }
    }
    led.sort_by_key(|led| led.rule.pattern.first_slot() != Some(Slot::Agency));
    let blocks = led.chunks(u64::BITS as usize).map(Block::of).collect();
    Set { literal, led, blocks, rows, bounds: OnceLock::new() }
}

/// How many [`bucket`]s there are: 64 by the first character, 32 by the second.
const BUCKETS: usize = 64 * 32;

/// Where the rules stand that may open a text with this [`scan::key`].
fn bucket(key: u64) -> usize {
    (key & 63 | (key >> 16 & 31) << 6) as usize
}

/// The buckets of a literal: that of its two first characters, or all of its only one.
fn buckets(key: u64, mask: u64) -> impl Iterator<Item = usize> {
    let (first, second) = (bucket(key) & 63, bucket(key) >> 6);
    let seconds = if mask >> 16 & 31 == 31 { second..second + 1 } else { 0..BUCKETS / 64 };
    seconds.map(move |second| second << 6 | first)
}

impl Bounds {
    fn of(rows: &[&Row]) -> Self {
        let mut bounds = Self { needs: u32::MAX, longest: 0 };
        for rule in rows.iter().flat_map(|row| row.rules()) {
            match rule.pattern.longest() {
                Some(length) => bounds.longest = bounds.longest.max(length),
                None => bounds.needs &= rule.pattern.needs(),
            }
        }
        bounds
    }
}

impl Block {
    fn of(rules: &[Led]) -> Self {
        let mut block = Self { agency: 0, place: 0, capitals: 0, digit: 0, needing: [[0; 256]; 4] };
        for (place, Led { rule, .. }) in rules.iter().enumerate() {
            let (slot, here) = (rule.pattern.first_slot(), 1 << place);
            match slot {
                Some(Slot::Agency) => block.agency |= here,
                Some(Slot::Place) => block.place |= here,
                Some(Slot::Capitals) => {
                    block.place |= here;
                    block.capitals |= here;
                }
                Some(Slot::Number | Slot::Nth | Slot::Year) => block.digit |= here,
                _ => {}
            }
            for (needing, needs) in block.needing.iter_mut().zip(rule.pattern.needs().to_le_bytes()) {
                let values = (0..=u8::MAX).zip(needing);
                values.filter(|(value, _)| value & needs != 0).for_each(|(_, rules)| *rules |= here);
            }
        }
        block
    }

    /// Those that need nothing of what is `missing`.
    fn without(&self, missing: u32) -> u64 {
        let bytes = self.needing.iter().zip(missing.to_le_bytes());
        !bytes.fold(0, |all, (needing, byte)| all | needing[usize::from(byte)])
    }
}

/// The places of the bits of `set`, ascending.
fn places(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (place < u64::BITS).then_some(place as usize)
    })
}

impl Set {
    /// As [`Self::takes`], of a text that no other set is asked for.
    pub(super) fn whole(&self, text: &str) -> Option<(&'static Rule, Found)> {
        self.takes(&Line::of(text))
    }

    /// As [`Self::opens`], of a text that no other set is asked for.
    pub(super) fn prefix(&self, text: &str) -> Option<(&'static Rule, Found)> {
        self.opens(&Line::of(text))
    }

    /// The first rule that takes all of `line`, which has no blanks at its ends.
    pub(super) fn takes(&self, line: &Line) -> Option<(&'static Rule, Found)> {
        let text = line.text;
        if text.len() > LONGEST {
            return None;
        }
        let mut rules = self.literal(text, line.key());
        let found = rules.find_map(|rule| rule.pattern.whole(text).map(|found| (rule, found)));
        if found.is_some() || text.len() > line::WINDOW {
            return found;
        }
        self.led(line, true)
    }

    /// The first rule that opens `line`, which has no blank at its start.
    pub(super) fn opens(&self, line: &Line) -> Option<(&'static Rule, Found)> {
        let mut rules = self.literal(line.text, line.key());
        let found = rules.find_map(|rule| rule.pattern.prefix(line.text).map(|found| (rule, found)));
        found.or_else(|| self.led(line, false))
    }

    /// The first rule that opens with a slot and takes all of `line`, or its start.
    fn led(&self, line: &Line, whole: bool) -> Option<(&'static Rule, Found)> {
        if self.led.is_empty() {
            return None;
        }
        // No place and no name opens in lower case.
        let upper = !line.text.starts_with(char::is_lowercase);
        let shouts = line.text.chars().take(2).all(|c| !c.is_lowercase());
        let counts = line.text.starts_with(|c: char| c.is_ascii_digit());
        let (missing, mut ends) = (!line.marks(), Ends::default());
        for (block, rules) in self.blocks.iter().zip(self.led.chunks(u64::BITS as usize)) {
            let mut left = block.without(missing) & (u64::MAX >> (u64::BITS as usize - rules.len()));
            left &= if upper { u64::MAX } else { block.agency };
            left &= if shouts { u64::MAX } else { !block.capitals };
            left &= if counts { u64::MAX } else { !block.digit };
            if left & block.agency != 0 && !line.may_be_agency() {
                left &= !block.agency;
            }
            if left & block.place != 0 && line.place().is_none() {
                left &= !block.place;
            }
            for Led { lead, rule } in places(left).map(|place| rules[place]) {
                if let Some(found) = rule.pattern.led(line, whole, lead, &mut ends) {
                    return Some((rule, found));
                }
            }
        }
        None
    }

    /// How many bytes before the end of `window` a rule can begin that takes all that follows: few for
    /// most texts.
    pub(super) fn reach(&self, window: &str) -> usize {
        let bounds = self.bounds.get_or_init(|| Bounds::of(&self.rows));
        if bounds.needs & !scan::bits(window) == 0 { window.len() } else { bounds.longest.min(window.len()) }
    }

    /// Whether a rule can begin as `text` does.
    pub(super) fn begins(&self, text: &str) -> bool {
        self.openings(text, scan::key(text)).next().is_some()
    }

    fn literal(&self, text: &str, key: u64) -> impl Iterator<Item = &'static Rule> {
        self.openings(text, key).flat_map(|opening| &opening.row.rules()[opening.rules.clone()])
    }

    fn openings(&self, text: &str, key: u64) -> impl Iterator<Item = &Opening> {
        let opens = move |opening: &&Opening| {
            let fold = opening.row.folds();
            key & opening.mask == opening.key && scan::literal(text, 0, &opening.literal, fold).is_some()
        };
        self.literal[bucket(key)].iter().filter(opens)
    }
}
