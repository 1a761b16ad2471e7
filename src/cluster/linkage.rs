//! From the ties inside one component to clusters that hold together.
//!
//! Joining whatever is connected (single linkage) lets a chain of small edits tie stories that
//! share nothing. Average linkage (Sokal and Michener 1958), the default, joins two groups while
//! the mean similarity over all their pairs stays at or above a floor; complete linkage asks it
//! of every pair.
//!
//! Where ties are Jaccard similarities at or above *t*, the floor is what two copies of one
//! original keep in common if each was edited down to *t* by itself; see [`copies_floor`]. A
//! story with all its copies stays together, while a chain of copies of copies falls apart where
//! its ends grow strange.

use crate::similarity::Similarity;
use rayon::prelude::*;
use std::cmp::Reverse;

/// When two groups of stories become one cluster.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Linkage {
    /// One tie is enough.
    Single,
    /// The mean over all pairs must reach the floor.
    #[default]
    Average,
    /// Every pair must be tied.
    Complete,
}

/// Two stories that a verified relation ties, and how alike they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tie {
    /// One story.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// How alike they are.
    pub similarity: Similarity,
}

/// Members up to which a component is clustered on all its pairs: a million similarities.
/// Larger ones are cut into stars of verified ties.
pub const ALL_PAIRS: usize = 1_024;

/// How alike two copies of one original are if both are `threshold` alike to it and were edited
/// independently: each keeps c = 2t / (1 + t) of the original's shingles, so both keep c² of
/// them, and J = c² / (2 − c²). 0.51 for 0.7.
pub fn copies_floor(threshold: Similarity) -> Similarity {
    let kept = 2.0 * threshold.value() / (1.0 + threshold.value());
    let both = kept * kept;
    Similarity::new(both / (2.0 - both)).unwrap_or(Similarity::ONE)
}

/// Cuts a component into clusters of two members or more; members ascend, clusters are ordered
/// by their first member.
///
/// `members` ascend; `ties` are those among them; `similarity` gives that of any two members,
/// tied or not; `floor` is what average linkage asks of the mean. Complete linkage asks for the
/// lowest tie. Equal similarities are broken by place in `members`, so the result depends on
/// nothing else. Cost: O(n²) similarities and O(n³) steps up to [`ALL_PAIRS`] members in the
/// worst case, O(n²) in practice; O(ties) above.
pub fn link(
    linkage: Linkage,
    members: &[u32],
    ties: &[Tie],
    floor: Similarity,
    similarity: impl Fn(u32, u32) -> Similarity + Sync,
) -> Vec<Vec<u32>> {
    let lowest = ties.iter().map(|tie| tie.similarity).min().unwrap_or(Similarity::ONE);
    match linkage {
        Linkage::Single => vec![members.to_vec()],
        _ if members.len() == 2 => vec![members.to_vec()],
        _ if members.len() > ALL_PAIRS => stars(members, ties),
        Linkage::Average => agglomerate(members, floor, &similarity, |sum, pairs| (sum, pairs)),
        Linkage::Complete => agglomerate(members, lowest, &similarity, |least, _| (least, 1)),
    }
}

/// The lowest similarity of any two `members`: of all pairs where these are few enough, else of
/// the verified ties.
pub fn weakest(members: &[u32], ties: &[Tie], similarity: impl Fn(u32, u32) -> Similarity) -> Similarity {
    let inner = |tie: &&Tie| members.binary_search(&tie.a).is_ok() && members.binary_search(&tie.b).is_ok();
    let least = if members.len() > ALL_PAIRS {
        ties.iter().filter(inner).map(|tie| tie.similarity).min()
    } else {
        let pairs =
            members.iter().enumerate().flat_map(|(i, &a)| members[i + 1..].iter().map(move |&b| (a, b)));
        pairs.map(|(a, b)| similarity(a, b)).min()
    };
    least.unwrap_or(Similarity::ONE)
}

/// Repeatedly joins the two closest groups while they reach `floor`.
///
/// Between groups, `matrix` holds the sum of similarities (average linkage) or their least value
/// (complete), in millionths; `mean` turns it into a fraction. All comparisons are of integers.
fn agglomerate(
    members: &[u32],
    floor: Similarity,
    similarity: &(impl Fn(u32, u32) -> Similarity + Sync),
    mean: impl Fn(u64, u64) -> (u64, u64),
) -> Vec<Vec<u32>> {
    let n = members.len();
    let complete = mean(0, 2).1 == 1;
    let mut matrix = all_pairs(members, similarity);
    let mut groups: Vec<Vec<u32>> = members.iter().map(|&m| vec![m]).collect();
    let closeness = |matrix: &[u64], groups: &[Vec<u32>], i: usize, j: usize| {
        mean(matrix[i * n + j], (groups[i].len() * groups[j].len()) as u64)
    };
    let nearest = |matrix: &[u64], groups: &[Vec<u32>], i: usize| {
        let others = (0..n).filter(|&j| j != i && !groups[j].is_empty());
        others.reduce(|best, j| {
            let (b, c) = (closeness(matrix, groups, i, best), closeness(matrix, groups, i, j));
            if c.0 * b.1 > b.0 * c.1 { j } else { best }
        })
    };
    let mut near: Vec<Option<usize>> = (0..n).map(|i| nearest(&matrix, &groups, i)).collect();
    loop {
        let alive = (0..n).filter(|&i| !groups[i].is_empty() && near[i].is_some());
        let best = alive.reduce(|best, i| {
            let (b, c) = (
                closeness(&matrix, &groups, best, near[best].unwrap_or(best)),
                closeness(&matrix, &groups, i, near[i].unwrap_or(i)),
            );
            if c.0 * b.1 > b.0 * c.1 { i } else { best }
        });
        let Some((i, j)) = best.and_then(|i| near[i].map(|j| (i.min(j), i.max(j)))) else { break };
        let (sum, pairs) = closeness(&matrix, &groups, i, j);
        if sum < u64::from(floor.millionths()) * pairs {
            break;
        }
        let absorbed = std::mem::take(&mut groups[j]);
        groups[i].extend(absorbed);
        for k in 0..n {
            let (x, y) = (matrix[i * n + k], matrix[j * n + k]);
            let joined = if complete { x.min(y) } else { x + y };
            matrix[i * n + k] = joined;
            matrix[k * n + i] = joined;
        }
        for k in 0..n {
            if !groups[k].is_empty() && (k == i || near[k] == Some(i) || near[k] == Some(j)) {
                near[k] = nearest(&matrix, &groups, k);
            }
        }
    }
    finish(groups)
}

fn all_pairs(members: &[u32], similarity: &(impl Fn(u32, u32) -> Similarity + Sync)) -> Vec<u64> {
    let n = members.len();
    let cell = |cell: usize| {
        let (i, j) = (cell / n, cell % n);
        if i < j { u64::from(similarity(members[i], members[j]).millionths()) } else { 0 }
    };
    let mut matrix: Vec<u64> = (0..n * n).into_par_iter().with_min_len(64).map(cell).collect();
    for i in 0..n {
        for j in 0..i {
            matrix[i * n + j] = matrix[j * n + i];
        }
    }
    matrix
}

/// For components too large for all pairs: the story with the most ties gathers its
/// neighbours, then the next among those left (star clustering, Aslam et al. 2004). A story whose
/// neighbours were all gathered by others follows its closest one, so that no tie is lost to the
/// order of gathering, and no member is more than two verified ties away from a centre.
fn stars(members: &[u32], ties: &[Tie]) -> Vec<Vec<u32>> {
    let place = |story: u32| members.binary_search(&story).unwrap_or(members.len());
    let mut neighbours: Vec<Vec<(Similarity, usize)>> = vec![Vec::new(); members.len() + 1];
    for tie in ties {
        let (a, b) = (place(tie.a), place(tie.b));
        neighbours[a].push((tie.similarity, b));
        neighbours[b].push((tie.similarity, a));
    }
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|&i| (Reverse(neighbours[i].len()), i));
    let mut group_of = vec![usize::MAX; members.len() + 1];
    let mut centres = 0;
    for &centre in order.iter().filter(|&&i| !neighbours[i].is_empty()) {
        let free = neighbours[centre].iter().any(|&(_, i)| group_of[i] == usize::MAX);
        if group_of[centre] == usize::MAX && free {
            for &i in neighbours[centre].iter().map(|(_, i)| i).chain([&centre]) {
                if group_of[i] == usize::MAX {
                    group_of[i] = centres;
                }
            }
            centres += 1;
        }
    }
    let mut groups = vec![Vec::new(); centres];
    for (i, &member) in members.iter().enumerate() {
        let closest = || neighbours[i].iter().max_by_key(|&&(similarity, j)| (similarity, Reverse(j)));
        let group =
            if group_of[i] == usize::MAX { closest().map(|&(_, j)| group_of[j]) } else { Some(group_of[i]) };
        if let Some(group) = group {
            groups[group].push(member);
        }
    }
    finish(groups)
}

/// Those of `groups` with two members or more, in order.
pub(super) fn finish(groups: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
    let mut groups: Vec<Vec<u32>> = groups.into_iter().filter(|group| group.len() > 1).collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort_unstable_by_key(|group| group[0]);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alike(value: f64) -> Similarity {
        Similarity::new(value).unwrap()
    }

    /// Six versions, each 0.7 like the next, 0.5 like the one after, ends 0.22 alike.
    fn chain(a: u32, b: u32) -> Similarity {
        alike([1.0, 0.7, 0.5, 0.38, 0.29, 0.22][a.abs_diff(b) as usize])
    }

    fn chain_clusters(linkage: Linkage) -> Vec<Vec<u32>> {
        let members: Vec<u32> = (0..6).collect();
        let ties: Vec<Tie> = (0..5).map(|a| Tie { a, b: a + 1, similarity: alike(0.7) }).collect();
        link(linkage, &members, &ties, copies_floor(alike(0.7)), chain)
    }

    #[test]
    fn a_chain_joins_under_single_and_splits_under_complete() {
        assert_eq!(chain_clusters(Linkage::Single), [vec![0, 1, 2, 3, 4, 5]]);
        assert_eq!(chain_clusters(Linkage::Complete), [vec![0, 1], vec![2, 3], vec![4, 5]]);
    }

    #[test]
    fn average_cuts_where_the_ends_grow_strange() {
        assert_eq!(chain_clusters(Linkage::Average), [vec![0, 1, 2, 3], vec![4, 5]]);
    }

    #[test]
    fn large_components_become_stars() {
        let n = ALL_PAIRS as u32 + 10;
        let members: Vec<u32> = (0..n).collect();
        let ties: Vec<Tie> = (1..n)
            .map(|b| Tie { a: if b < 900 { 0 } else { 899 }, b, similarity: alike(0.8) })
            .filter(|t| t.a != t.b)
            .collect();
        let clusters = link(Linkage::Average, &members, &ties, alike(0.4), |_, _| alike(0.0));
        assert_eq!(clusters, [members], "the far side follows its closest neighbour");
    }

    proptest! {
        #[test]
        fn a_star_of_independent_copies_stays_whole(n in 3u32..12, low in 0.52f64..0.7) {
            let members: Vec<u32> = (0..n).collect();
            let ties: Vec<Tie> = (1..n).map(|b| Tie { a: 0, b, similarity: alike(0.7) }).collect();
            let similarity = |a: u32, b: u32| alike(if a.min(b) == 0 { 0.7 } else { low });
            prop_assert_eq!(link(Linkage::Average, &members, &ties, copies_floor(alike(0.7)), similarity), vec![members.clone()]);
        }
    }
}
