//! From a rule of a reader to the member that stands for each cluster while it is read.

use super::{Report, StoryInfo};
use crate::cluster::Keep;
use crate::cluster::canonical::Member;

impl Report {
    /// Lets the member stand for each cluster that `keep` chooses, whichever the run chose. Nothing
    /// else changes. Cost: a look at every member.
    pub fn stand_by(&mut self, keep: &Keep) {
        for cluster in &mut self.clusters {
            let member = |&place: &u32| {
                let StoryInfo { time, tokens, source, id, .. } = &self.stories[place as usize];
                Member { time: *time, tokens: *tokens, source, id }
            };
            let members: Vec<Member<'_>> = cluster.members.iter().map(member).collect();
            cluster.canonical = cluster.members[keep.choose(&members)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn a_reader_chooses_which_version_stands_for_a_report() {
        let stands = |keep: &str| {
            let mut report = sample::report();
            report.stand_by(&keep.parse().unwrap());
            report.stories[report.clusters[0].canonical as usize].id.clone()
        };
        assert_eq!(stands("first"), "aap-ferry");
        assert_eq!(stands("last"), "z-ferry");
        assert_eq!(stands("source:Nobody,Tasman Post"), "post-ferry");
    }
}
