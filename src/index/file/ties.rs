//! From verified relations of two classes to rows, kept from both sides, and back.

use super::failure::{Done, damage};
use super::rows::ClassRow;
use super::seal::Seal;
use crate::evidence::Signals;
use crate::hash;
use crate::relation::judge::copy_score;
use crate::relation::tie::{Basis, Judged, Verified};
use crate::relation::{Level, Relation};
use crate::similarity::Overlap;
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;

/// A class, and what ties it to another.
pub(in crate::index) type Tied = (ClassRow, Verified);

/// A tie as one of its classes sees it.
#[derive(Clone, Copy, Debug)]
pub(in crate::index) struct Half {
    pub(in crate::index) other: u32,
    relation: Relation,
    /// Shingles that both have.
    pub(in crate::index) shared: u32,
    /// The score where it does not follow from the overlap, and what judging showed.
    evidence: Option<(f64, Basis)>,
}

impl Half {
    /// Whether the two are copies by their text alone, or have one text.
    pub(in crate::index) fn is_copy(self) -> bool {
        matches!(self.relation, Relation::Copy | Relation::Identical) && self.evidence.is_none()
    }

    /// Whether one puts the other right, or takes it back.
    pub(in crate::index) fn is_correction(self) -> bool {
        self.relation == Relation::Correction
    }

    /// Whether `level` joins the two.
    pub(in crate::index) fn joins(self, level: Level) -> bool {
        self.relation.joins(level)
    }

    /// The tie with the sizes of both shingle sets, under other numbers.
    pub(in crate::index) fn verified(self, (a, a_size): (u32, u32), (b, b_size): (u32, u32)) -> Verified {
        let overlap = Overlap { shared: self.shared, a: a_size, b: b_size };
        let (score, basis) = self.evidence.unwrap_or_else(|| (copy_score(overlap), Basis::Text));
        Verified { a, b, relation: self.relation, score, overlap, basis }.between(a, b)
    }

    fn of(row: &Row<'_>, a: u32) -> Done<Self> {
        let (other, code, shared): (u32, u8, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let blob = row.get_ref(3)?.as_blob_or_null().unwrap_or_default();
        let Some(relation) = Relation::of_code(code) else {
            return damage(format!("a tie of class {a} has no relation that is known"));
        };
        if row.get::<_, i64>(4)? != seal(a, other, code, shared, blob) {
            return damage(format!("a tie of class {a} does not agree with its seal"));
        }
        match blob.map(decoded) {
            Some(None) => damage(format!("what the tie of classes {a} and {other} rests on cannot be read")),
            evidence => Ok(Self { other, relation, shared, evidence: evidence.flatten() }),
        }
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

/// The number of each basis in a row. Numbers are never given anew.
const TEXT: u8 = 0;
const EVIDENCE: u8 = 1;
const NOTICE: u8 = 2;
const DECLARED: u8 = 3;
const TRANSLATION: u8 = 4;

/// The basis, the score, and of a pair that was judged by evidence both coverages and each signal
/// that is not 0, by a hash of its name: a program that has other signals still reads what it
/// knows.
fn encoded(score: f64, basis: Basis) -> Vec<u8> {
    let code = match basis {
        Basis::Text => TEXT,
        Basis::Evidence(_) => EVIDENCE,
        Basis::Notice => NOTICE,
        Basis::Declared => DECLARED,
        Basis::Translation => TRANSLATION,
    };
    let mut blob = vec![code];
    blob.extend_from_slice(&score.to_le_bytes());
    let Basis::Evidence(Judged { signals, coverage, .. }) = basis else { return blob };
    [coverage.0, coverage.1].iter().for_each(|share| blob.extend_from_slice(&share.to_le_bytes()));
    for (name, value) in signals.named().filter(|&(_, value)| value != 0.0) {
        blob.extend_from_slice(&name_key(name).to_le_bytes());
        blob.extend_from_slice(&value.to_le_bytes());
    }
    blob
}

/// What [`encoded`] wrote; `None` if it cannot have.
fn decoded(blob: &[u8]) -> Option<(f64, Basis)> {
    let (&[code], rest) = blob.split_first_chunk::<1>()?;
    let (&score, rest) = rest.split_first_chunk::<8>()?;
    let basis = match code {
        EVIDENCE => Basis::Evidence(judged(rest)?),
        _ if !rest.is_empty() => return None,
        TEXT => Basis::Text,
        NOTICE => Basis::Notice,
        DECLARED => Basis::Declared,
        TRANSLATION => Basis::Translation,
        _ => return None,
    };
    Some((f64::from_le_bytes(score), basis))
}

fn judged(blob: &[u8]) -> Option<Judged> {
    let (&a, rest) = blob.split_first_chunk::<4>()?;
    let (&b, rest) = rest.split_first_chunk::<4>()?;
    let (named, []) = rest.as_chunks::<6>() else { return None };
    let mut signals = Signals::default();
    for &[k, l, value @ ..] in named {
        let key = u16::from_le_bytes([k, l]);
        signals.set(|name| name_key(name) == key, f32::from_le_bytes(value));
    }
    Some(Judged { signals, coverage: (f32::from_le_bytes(a), f32::from_le_bytes(b)), ruled_out: false })
}

/// What stands for the name of a signal in a row.
fn name_key(name: &str) -> u16 {
    hash::bytes(name.as_bytes()) as u16
}

/// Every tie of `class`, by the other's number.
pub(in crate::index) fn of_class(db: &Connection, class: &ClassRow) -> Done<Vec<Half>> {
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

/// Whether a tie that `level` joins leads from `class` to one that came before.
pub(in crate::index) fn has_earlier(db: &Connection, class: u32, level: Level) -> Done<bool> {
    let mut select = db.prepare_cached(
        "SELECT b, relation, shared, evidence, seal FROM ties WHERE a = ?1 AND b < ?1 ORDER BY b",
    )?;
    let mut rows = select.query([class])?;
    while let Some(row) = rows.next()? {
        if Half::of(row, class)?.joins(level) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every tie, from both sides: the class that sees it, and what it sees.
pub(in crate::index) fn all(db: &Connection, mut each: impl FnMut(u32, Half) -> Done<()>) -> Done<()> {
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
pub(in crate::index) fn write(db: &Connection, tie: &Verified) -> Done<bool> {
    let mut found = db.prepare_cached("SELECT count(*) FROM ties WHERE a = ?1 AND b = ?2")?;
    let before: i64 = found.query_row([tie.a, tie.b], |row| row.get(0))?;
    sides(tie).iter().try_for_each(|side| insert(db, side))?;
    Ok(before == 0)
}

/// Keeps `ties` in place of those that classes below `end` had with one another; what is the same stays
/// as it is. Gives for each class whose ties changed how many more there are.
pub(in crate::index) fn replace(db: &Connection, end: u32, ties: &[Verified]) -> Done<BTreeMap<u32, i32>> {
    let mut wanted: Vec<Verified> = ties.iter().flat_map(sides).collect();
    // In the order of the table, so that its pages are written one after the other.
    wanted.sort_unstable_by_key(|side| (side.a, side.b));
    let mut wanted = wanted.into_iter().peekable();
    let (mut gone, mut changed, mut new) = (Vec::new(), Vec::new(), Vec::new());
    let mut select = db.prepare("SELECT a, b, seal FROM ties WHERE a < ?1 AND b < ?1 ORDER BY a, b")?;
    let mut rows = select.query([end])?;
    while let Some(row) = rows.next()? {
        let (a, b, sealed): (u32, u32, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        new.extend(std::iter::from_fn(|| wanted.next_if(|side| (side.a, side.b) < (a, b))));
        match wanted.next_if(|side| (side.a, side.b) == (a, b)) {
            Some(side) if packed(&side).1 == sealed => {}
            Some(side) => changed.push(side),
            None => gone.push((a, b)),
        }
    }
    new.extend(wanted);
    let mut more: BTreeMap<u32, i32> = changed.iter().map(|side| (side.a, 0)).collect();
    for (a, b) in gone {
        *more.entry(a).or_default() -= 1;
        db.prepare_cached("DELETE FROM ties WHERE a = ?1 AND b = ?2")?.execute([a, b])?;
    }
    new.iter().for_each(|side| *more.entry(side.a).or_default() += 1);
    changed.iter().chain(&new).try_for_each(|side| insert(db, side))?;
    Ok(more)
}

/// A tie as each of its classes sees it.
fn sides(tie: &Verified) -> [Verified; 2] {
    [*tie, Verified { a: tie.b, b: tie.a, ..tie.mirrored() }]
}

/// What a tie rests on, as it is kept, and the seal of its row.
fn packed(side: &Verified) -> (Option<Vec<u8>>, i64) {
    // What a copy is worth follows from its overlap.
    let evidence = (!side.is_copy()).then(|| encoded(side.score, side.basis));
    let seal = seal(side.a, side.b, side.relation.code(), side.overlap.shared, evidence.as_deref());
    (evidence, seal)
}

fn insert(db: &Connection, side: &Verified) -> Done<()> {
    let (code, (evidence, seal)) = (side.relation.code(), packed(side));
    db.prepare_cached(
        "INSERT OR REPLACE INTO ties(a, b, relation, shared, evidence, seal) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![side.a, side.b, code, side.overlap.shared, evidence, seal])?;
    Ok(())
}

/// Takes every tie of `class` out, from both sides.
pub(in crate::index) fn remove(db: &Connection, class: &ClassRow) -> Done<()> {
    for tie in of_class(db, class)? {
        let mut delete = db.prepare_cached("DELETE FROM ties WHERE a = ?1 AND b = ?2")?;
        delete.execute([class.class, tie.other])?;
        delete.execute([tie.other, class.class])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_signals_have_one_key() {
        let names: Vec<&str> = Signals::default().named().map(|(name, _)| name).collect();
        let keys: BTreeSet<u16> = names.iter().map(|name| name_key(name)).collect();
        assert_eq!(keys.len(), names.len());
    }

    #[test]
    fn what_a_tie_rests_on_comes_back() {
        let signals = Signals { topic: 0.5, credit: 1.0, ..Signals::default() };
        let evidence = Basis::Evidence(Judged { signals, coverage: (0.25, 0.75), ruled_out: false });
        for basis in [Basis::Text, evidence, Basis::Notice, Basis::Declared, Basis::Translation] {
            let blob = encoded(0.875, basis);
            let (score, back) = decoded(&blob).unwrap();
            assert_eq!((score, format!("{back:?}")), (0.875, format!("{basis:?}")));
            assert!(decoded(&blob[..blob.len() - 1]).is_none(), "{basis:?}");
        }
    }
}
