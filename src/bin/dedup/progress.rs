//! From the steps of a run to a bar on the terminal, for runs that take a while.

use dedup::scan::{Progress, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A run that is done by then shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar on standard error, with rate and time left.
pub(crate) struct Bar {
    bar: ProgressBar,
    state: Mutex<State>,
}

struct State {
    /// When the bar may come up; `None` if it is up, or never will be.
    due: Option<Instant>,
    /// The stage that the bar is made for, and whether its total is known.
    shown: Option<(Stage, bool)>,
}

impl Bar {
    /// A bar if standard error is a terminal and nobody asked for quiet, or else none.
    pub(crate) fn new(quiet: bool) -> Self {
        let due = (!quiet && io::stderr().is_terminal()).then(|| Instant::now() + PATIENCE);
        Self {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            state: Mutex::new(State { due, shown: None }),
        }
    }

    /// Shows how far the run is. May be called from any thread.
    pub(crate) fn show(&self, progress: Progress) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = (progress.stage, progress.total.is_some());
        if state.shown != Some(now) {
            state.shown = Some(now);
            self.bar.reset();
            self.bar.set_style(style(progress.stage, progress.total.is_some()));
            self.bar.set_message(name(progress.stage));
        }
        if let Some(total) = progress.total {
            self.bar.set_length(total);
        }
        self.bar.set_position(progress.done);
        if state.due.is_some_and(|due| Instant::now() >= due) {
            state.due = None;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Read => "reading",
        Stage::Compare => "comparing",
        Stage::Cluster => "clustering",
    }
}

fn style(stage: Stage, total_is_known: bool) -> ProgressStyle {
    let template = match (stage, total_is_known) {
        (Stage::Cluster, true) => "{msg:10}  {wide_bar}  {percent:>3} %  {eta} left",
        (Stage::Cluster, false) => "{msg:10}  {pos}  {elapsed}",
        (_, true) => "{msg:10}  {wide_bar}  {percent:>3} %  {decimal_bytes_per_sec}  {eta} left",
        (_, false) => "{msg:10}  {decimal_bytes}  {decimal_bytes_per_sec}  {elapsed}",
    };
    ProgressStyle::with_template(template).expect("templates are tested").progress_chars("━╸─")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_its_template() {
        for stage in [Stage::Read, Stage::Compare, Stage::Cluster] {
            style(stage, true);
            style(stage, false);
        }
    }

    #[test]
    fn nothing_comes_up_when_quiet_is_asked_for() {
        let bar = Bar::new(true);
        bar.show(Progress { stage: Stage::Read, done: 3, total: Some(9) });
        assert!(bar.bar.is_hidden());
        assert_eq!((bar.bar.position(), bar.bar.length()), (3, Some(9)));
        bar.finish();
    }
}
