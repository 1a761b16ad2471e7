//! From what a core has gathered to its cluster: those come in who are tied to most members.

use super::bodies::{Bodies, FREE};
use ahash::AHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

impl Bodies {
    /// Takes in those that are tied to more than half of `cluster`, the most tied first.
    pub(super) fn grow(&self, cluster: &mut Vec<u32>, cores: &mut [u32]) {
        let mut ties: AHashMap<u32, usize> = AHashMap::new();
        let mut waiting = BinaryHeap::new();
        let mut counted = 0;
        loop {
            for &member in &cluster[counted..] {
                let tied = self.tied[member as usize].iter();
                for &(other, _) in tied.filter(|(other, _)| cores[*other as usize] == FREE) {
                    let count = ties.entry(other).or_default();
                    *count += 1;
                    waiting.push((*count, Reverse(other)));
                }
            }
            counted = cluster.len();
            let next = loop {
                let Some((count, Reverse(body))) = waiting.pop() else { return };
                let is_most = 2 * count > cluster.len();
                if !is_most {
                    return;
                }
                if cores[body as usize] == FREE && ties[&body] == count && self.fits(body, cluster, cores) {
                    break body;
                }
            };
            cores[next as usize] = cluster[0];
            cluster.push(next);
        }
    }
}
