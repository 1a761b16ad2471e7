//! From verified relations of two classes to rows, kept from both sides, and back.

use super::failure::{Done, damage};
use super::rows::ClassRow;
use super::seal::Seal;
use crate::evidence::Signals;
use crate::relation::judge::copy_score;
use crate::relation::{Level, Relation};
use crate::scan::pairs::{Judged, Verified};
use crate::similarity::Overlap;
use rusqlite::{Connection, Row, params};

/// The number of each relation in a row. Numbers are never given anew.
const RELATIONS: [Relation; 12] = [
    Relation::Identical,
    Relation::Copy,
    Relation::Edited,
    Relation::Excerpt,
    Relation::Extended,
    Relation::Update,
    Relation::Correction,
    Relation::Repeat,
    Relation::Rewrite,
    Relation::Roundup,
    Relation::Related,
    Relation::Translation,
];

/// A tie as one of its classes sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half {
    pub(super) other: u32,
    relation: Relation,
    /// Shingles that both have.
    pub(super) shared: u32,
    /// The score where it does not follow from the overlap, and what judging showed.
    evidence: Option<(f64, Option<Judged>)>,
}

impl Half {
    /// Whether the two are copies by their text alone.
    pub(super) fn is_copy(self) -> bool {
        self.relation == Relation::Copy && self.evidence.is_none()
    }

    /// Whether one puts the other right, or takes it back.
    pub(super) fn is_correction(self) -> bool {
        self.relation == Relation::Correction
    }

    /// Whether `level` joins the two.
    pub(super) fn joins(self, level: Level) -> bool {
        self.relation.joins(level)
    }

    /// The tie with the sizes of both shingle sets, under other numbers.
    pub(super) fn verified(self, (a, a_size): (u32, u32), (b, b_size): (u32, u32)) -> Verified {
        let overlap = Overlap { shared: self.shared, a: a_size, b: b_size };
        let (score, judged) = match self.evidence {
            Some((score, judged)) => (score, judged),
            None => (copy_score(overlap), None),
        };
        let tie = Verified { a, b, relation: self.relation, score, overlap, judged };
        if a < b { tie } else { Verified { a: b, b: a, ..tie.mirrored() } }
    }

    fn of(row: &Row<'_>, a: u32) -> Done<Self> {
        let (other, code, shared): (u32, u8, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let blob = row.get_ref(3)?.as_blob_or_null().unwrap_or_default();
        let Some(&relation) = RELATIONS.get(code as usize) else {
            return damage(format!("a tie of class {a} has no relation that is known"));
        };
        if row.get::<_, i64>(4)? != seal(a, other, code, shared, blob) {
            return damage(format!("a tie of class {a} does not agree with its seal"));
        }
        Ok(Self { other, relation, shared, evidence: blob.map(decoded) })
    }
}

fn seal(a: u32, b: u32, code: u8, shared: u32, evidence: Option<&[u8]>) -> i64 {
    Seal::new("ties")
        .number(a)
        .number(b)
        .number(code)
        .number(shared)
        .bytes(evidence.unwrap_or_default())
        .value()
}

/// The score; coverage and signals, if the pair was judged.
fn encoded(score: f64, judged: Option<Judged>) -> Vec<u8> {
    let mut blob = score.to_le_bytes().to_vec();
    let Some(judged) = judged else { return blob };
    let s = &judged.signals;
    let floats = [
        judged.coverage.0,
        judged.coverage.1,
        s.topic,
        s.news,
        s.kept,
        s.quotes,
        s.drift,
        s.swapped,
        s.other_numbers,
        s.days,
        s.size,
        s.same_source,
        s.credit,
    ];
    floats.iter().for_each(|float| blob.extend_from_slice(&float.to_le_bytes()));
    blob
}

fn decoded(blob: &[u8]) -> (f64, Option<Judged>) {
    let score = blob.first_chunk::<8>().map_or(0.0, |&bytes| f64::from_le_bytes(bytes));
    if blob.len() <= 8 {
        return (score, None);
    }
    let mut floats =
        blob.get(8..).unwrap_or_default().as_chunks::<4>().0.iter().map(|&b| f32::from_le_bytes(b));
    let mut next = || floats.next().unwrap_or_default();
    let coverage = (next(), next());
    let signals = Signals {
        topic: next(),
        news: next(),
        kept: next(),
        quotes: next(),
        drift: next(),
        swapped: next(),
        other_numbers: next(),
        days: next(),
        size: next(),
        same_source: next(),
        credit: next(),
    };
    (score, Some(Judged { signals, coverage, ruled_out: false }))
}

/// Every tie of `class`, by the other's number.
pub(super) fn of_class(db: &Connection, class: &ClassRow) -> Done<Vec<Half>> {
    let mut select =
        db.prepare_cached("SELECT b, relation, shared, evidence, seal FROM ties WHERE a = ?1 ORDER BY b")?;
    let mut rows = select.query([class.class])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Half::of(row, class.class)?);
    }
    if found.len() == class.ties as usize {
        return Ok(found);
    }
    damage(format!("class {} has {} ties, expected {}", class.class, found.len(), class.ties))
}

/// Every tie, from both sides: the class that sees it, and what it sees.
pub(super) fn all(db: &Connection, mut each: impl FnMut(u32, Half) -> Done<()>) -> Done<()> {
    let mut select = db.prepare("SELECT b, relation, shared, evidence, seal, a FROM ties ORDER BY a, b")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let a = row.get(5)?;
        each(a, Half::of(row, a)?)?;
    }
    Ok(())
}

/// Keeps `tie`, whose places are numbers of classes, in place of one that was there. Whether
/// there was none.
pub(super) fn write(db: &Connection, tie: &Verified) -> Done<bool> {
    let mut found = db.prepare_cached("SELECT count(*) FROM ties WHERE a = ?1 AND b = ?2")?;
    let before: i64 = found.query_row([tie.a, tie.b], |row| row.get(0))?;
    let mut insert = db.prepare_cached(
        "INSERT OR REPLACE INTO ties(a, b, relation, shared, evidence, seal) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mirrored = Verified { a: tie.b, b: tie.a, ..tie.mirrored() };
    for side in [*tie, mirrored] {
        let code = RELATIONS.iter().position(|&relation| relation == side.relation).unwrap_or_default() as u8;
        // What a copy is worth follows from its overlap.
        let by_hand = side.judged.is_some() || side.relation != Relation::Copy;
        let evidence = by_hand.then(|| encoded(side.score, side.judged));
        let seal = seal(side.a, side.b, code, side.overlap.shared, evidence.as_deref());
        insert.execute(params![side.a, side.b, code, side.overlap.shared, evidence, seal])?;
    }
    Ok(before == 0)
}

/// Takes every tie of `class` out, from both sides.
pub(super) fn remove(db: &Connection, class: &ClassRow) -> Done<()> {
    for tie in of_class(db, class)? {
        let mut delete = db.prepare_cached("DELETE FROM ties WHERE a = ?1 AND b = ?2")?;
        delete.execute([class.class, tie.other])?;
        delete.execute([tie.other, class.class])?;
    }
    Ok(())
}
