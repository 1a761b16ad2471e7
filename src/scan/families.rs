//! From verified copies to families: stories that one story is a copy of, or that are its copies.

use crate::story::Ordinal;

/// Members of a family up to which every pair with another family is scored.
const SPELLED_OUT: usize = 16;

/// Families of copies; each story is in one.
pub(crate) struct Families {
    /// The story that stands for each.
    pub(crate) leader: Vec<Ordinal>,
    /// Members, family by family, each ascending with its leader first.
    members: Vec<Ordinal>,
    /// Where the members of a leader start, and where the last ones end.
    starts: Vec<u32>,
}

impl Families {
    /// A story leads unless a story before it has gathered it. A family of copies would otherwise
    /// make its own phrases look common. `copies` are sorted by `(a, b)`.
    pub(crate) fn of(stories: usize, copies: impl Iterator<Item = (Ordinal, Ordinal)>) -> Self {
        let mut leader: Vec<Ordinal> = (0..stories as Ordinal).collect();
        for (a, b) in copies {
            if leader[a as usize] == a && leader[b as usize] == b {
                leader[b as usize] = a;
            }
        }
        let mut starts = vec![0; stories + 1];
        leader.iter().for_each(|&leader| starts[leader as usize + 1] += 1);
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let (mut next, mut members) = (starts.clone(), vec![0; stories]);
        for (story, &leader) in (0..).zip(&leader) {
            let slot = &mut next[leader as usize];
            members[*slot as usize] = story;
            *slot += 1;
        }
        Self { leader, members, starts }
    }

    /// The members of the family that `leader` leads, the leader first.
    fn members(&self, leader: Ordinal) -> &[Ordinal] {
        &self.members[self.starts[leader as usize] as usize..self.starts[leader as usize + 1] as usize]
    }

    /// Whether a story stands for its family.
    pub(super) fn leads(&self, story: Ordinal) -> bool {
        self.leader[story as usize] == story
    }

    /// Adds all pairs of members of two families, or inside one, to `pairs`; of large ones, the
    /// leaders'.
    pub(super) fn pairs(&self, a: Ordinal, b: Ordinal, pairs: &mut Vec<(Ordinal, Ordinal)>) {
        let of = |leader: Ordinal| {
            let members = self.members(leader);
            if members.len() > SPELLED_OUT { &members[..1] } else { members }
        };
        let both = of(a).iter().flat_map(|&x| of(b).iter().map(move |&y| (x.min(y), x.max(y))));
        pairs.extend(both.filter(|(x, y)| x != y));
    }

    /// Adds the pairs inside every family of more than two to `pairs`.
    pub(super) fn inner_pairs(&self, pairs: &mut Vec<(Ordinal, Ordinal)>) {
        let leaders = (0..self.leader.len() as Ordinal).filter(|&story| self.members(story).len() > 2);
        leaders.for_each(|leader| self.pairs(leader, leader, pairs));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_compared_unless_there_are_many() {
        let counted = |size: Ordinal| {
            let copies = (1..size).map(|story| (0, story)).chain([(size, size + 1)]);
            let families = Families::of(size as usize + 2, copies);
            let mut pairs = Vec::new();
            families.pairs(0, size, &mut pairs);
            pairs.len()
        };
        assert_eq!([counted(2), counted(16), counted(17)], [4, 32, 2]);
    }
}
