//! From ties to connected components.

/// The connected components of `0..len` under `ties`, leaving out single nodes. Members ascend,
/// components are ordered by their first member. Union–find with path halving and union by
/// smaller root (Tarjan and van Leeuwen 1984). Cost: near-linear in the number of ties.
pub fn components(len: usize, ties: impl IntoIterator<Item = (u32, u32)>) -> Vec<Vec<u32>> {
    let mut parent: Vec<u32> = (0..len as u32).collect();
    for (a, b) in ties {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b) as usize] = a.min(b);
    }
    let mut place = vec![u32::MAX; len];
    let mut found: Vec<Vec<u32>> = Vec::new();
    for node in 0..len as u32 {
        let root = root(&mut parent, node);
        if root == node {
            continue;
        }
        let slot = &mut place[root as usize];
        if *slot == u32::MAX {
            *slot = found.len() as u32;
            found.push(vec![root]);
        }
        found[*slot as usize].push(node);
    }
    found.sort_unstable_by_key(|members| members[0]);
    found
}

fn root(parent: &mut [u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        parent[node as usize] = parent[parent[node as usize] as usize];
        node = parent[node as usize];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn singles_are_left_out() {
        assert_eq!(components(6, [(4, 2), (2, 0), (1, 5)]), [vec![0, 2, 4], vec![1, 5]]);
        assert_eq!(components(3, []), Vec::<Vec<u32>>::new());
    }

    proptest! {
        #[test]
        fn the_order_of_ties_does_not_matter(ties in prop::collection::vec((0u32..30, 0u32..30), 0..60)) {
            let reversed = ties.iter().rev().map(|&(a, b)| (b, a));
            prop_assert_eq!(components(30, reversed), components(30, ties.iter().copied()));
        }
    }
}
