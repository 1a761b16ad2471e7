//! From stories as they have come to stories in the order of their ids, which are unique.

use super::intake::{Arrived, Cut, Intake, Row};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::input::Unreads;
use crate::rare::Sampling;
use crate::report::Skipped;
use crate::story::Ordinal;
use ahash::AHashSet;
use rayon::prelude::*;
use std::sync::Arc;

/// Gives ids their final form and stories their order. `blocks` are in theirs.
pub(super) fn numbered(
    config: &Config,
    mut blocks: Vec<Cut>,
    arrived: Arrived,
    mut unreads: Unreads,
) -> Result<Intake> {
    let mut skipped: Vec<Error> = blocks.iter_mut().flat_map(|block| block.skipped.drain(..)).collect();
    skipped.sort_by(|x, y| x.place().cmp(&y.place()));
    if config.strict() && !skipped.is_empty() {
        return Err(skipped.swap_remove(0));
    }
    let Arrived { mut rows, keys, mut marks } = arrived;
    let mut order = by_id(&rows, &blocks);
    arrange(&mut rows, &order);
    let mut warnings = separate_ids(&mut rows, &mut order);
    blocks.iter().for_each(|block| unreads.join(&block.unreads));
    warnings.extend(unreads.sentences());
    let rank = ranks(&order);
    let mut ordinals = Vec::new();
    for block in blocks {
        ordinals.resize(block.number + 1, Vec::new());
        let mut of_block = vec![None; block.records];
        let places = block.first as usize..;
        block
            .indexes
            .iter()
            .zip(places)
            .for_each(|(&index, place)| of_block[index as usize] = Some(rank[place]));
        ordinals[block.number] = of_block;
    }
    let sampling = Sampling::of(rows.iter().map(|row| u64::from(row.tokens)).sum());
    marks.settle(sampling, |place| rank[place as usize]);
    let skipped = skipped.into_iter().map(Skipped::from).collect();
    let (keys, publishers) = (keys.reordered(&order), Arc::clone(config.publishers()));
    Ok(Intake { rows, keys, marks, sampling, ordinals, skipped, warnings, publishers })
}

/// Where in `order` each place stands.
fn ranks(order: &[u32]) -> Vec<Ordinal> {
    let mut ranks = vec![0; order.len()];
    order.iter().zip(0..).for_each(|(&place, rank)| ranks[place as usize] = rank);
    ranks
}

/// Moves the row at place `order[i]` to place *i*, each once and with no room for a second of all.
fn arrange(rows: &mut [Row], order: &[u32]) {
    let mut ranks = ranks(order);
    for at in 0..rows.len() {
        while ranks[at] as usize != at {
            let rank = ranks[at] as usize;
            rows.swap(at, rank);
            ranks.swap(at, rank);
        }
    }
}

/// The places of `rows` by id, and where that is the same by what else there is, at last by where they
/// stood in `blocks`. What is sorted are places with the opening of the id, which says enough of most: a
/// row is large, and far away.
fn by_id(rows: &[Row], blocks: &[Cut]) -> Vec<u32> {
    let opening = |id: &str| {
        let padded = id.bytes().chain(std::iter::repeat(0));
        padded.take(8).fold(0u64, |opening, byte| opening << 8 | u64::from(byte))
    };
    let with_stories = blocks.iter().filter(|block| !block.indexes.is_empty());
    let mut came: Vec<(Ordinal, usize)> = with_stories.map(|block| (block.first, block.number)).collect();
    came.sort_unstable();
    let block = |place: u32| came.get(came.partition_point(|&(first, _)| first <= place).wrapping_sub(1));
    let stood = |place: u32| (block(place).map(|&(_, number)| number), place);
    let mut order: Vec<(u64, u32)> = rows.iter().zip(0..).map(|(row, i)| (opening(&row.id), i)).collect();
    order.par_sort_unstable_by(|&(first, i), &(second, j)| {
        first.cmp(&second).then_with(|| {
            let (x, y) = (&rows[i as usize], &rows[j as usize]);
            let key = |row: &Row| (row.version(), row.identity, row.time);
            let all = || key(x).cmp(&key(y)).then_with(|| x.source.cmp(&y.source));
            x.id.cmp(&y.id).then_with(all).then_with(|| stood(i).cmp(&stood(j)))
        })
    });
    order.into_iter().map(|(_, place)| place).collect()
}

/// Tells stories of one id apart by a suffix, in the order they are in, and sorts again where a
/// suffix changed the order. Versions that number themselves share an id by right; of all others
/// the warning tells.
fn separate_ids(rows: &mut [Row], order: &mut Vec<u32>) -> Vec<String> {
    let repeats: Vec<usize> = (1..rows.len()).filter(|&i| rows[i].id == rows[i - 1].id).collect();
    if repeats.is_empty() {
        return Vec::new();
    }
    let by_mistake: Vec<&str> = repeats
        .iter()
        .filter(|&&i| rows[i].version() == rows[i - 1].version())
        .map(|&i| rows[i].id.as_ref())
        .collect();
    let warning = by_mistake.last().map(|first| {
        let n = by_mistake.len();
        let noun = if n == 1 { "story has an id that was" } else { "stories have ids that were" };
        format!("{n} {noun} given before, `{first}` for one; kept apart as `{first}#2` and so on")
    });
    let mut taken: AHashSet<Box<str>> = rows.iter().map(|row| row.id.clone()).collect();
    let mut number = 1;
    let mut last: Box<str> = Box::default();
    for &i in &repeats {
        let id = rows[i].id.clone();
        if id != last {
            (number, last) = (1, id.clone());
        }
        loop {
            number += 1;
            let unique: Box<str> = format!("{id}#{number}").into();
            if taken.insert(unique.clone()) {
                rows[i].id = unique;
                break;
            }
        }
    }
    let mut again: Vec<u32> = (0..rows.len() as u32).collect();
    again.par_sort_unstable_by(|&i, &j| rows[i as usize].id.cmp(&rows[j as usize].id));
    arrange(rows, &again);
    *order = again.into_iter().map(|at| order[at as usize]).collect();
    warning.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_arranged_where_they_lie(keys in prop::collection::vec(any::<u16>(), 0..40)) {
            let row = |at: usize| Row { tokens: at as u32, ..Row::default() };
            let mut rows: Vec<Row> = (0..keys.len()).map(row).collect();
            let mut order: Vec<u32> = (0..keys.len() as u32).collect();
            order.sort_by_key(|&at| keys[at as usize]);
            arrange(&mut rows, &order);
            prop_assert_eq!(rows.iter().map(|row| row.tokens).collect::<Vec<_>>(), order);
        }
    }
}
