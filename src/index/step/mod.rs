//! From what comes to what the file then holds: adding, removing, merging, settling, bringing up.

pub(super) mod add;
pub(super) mod answer;
pub(super) mod kept_apart;
pub(super) mod load;
pub(super) mod lookup;
pub(super) mod merge;
pub(super) mod regroup;
pub(super) mod remove;
pub(super) mod rewrite;
pub(super) mod settle;
pub(super) mod upgrade;
