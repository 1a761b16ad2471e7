//! From settings to results: the one file that calls the pipelines of the library.

use crate::args::GlobalArgs;
use crate::exit::Failure;
use dedup::config::Config;
use dedup::error::Error;
use dedup::eval::{self, Label, Scores};
use dedup::explain::{Explanation, explain};
pub(crate) use dedup::input::Fields;
use dedup::input::{Again, Corpus, Files, Unreads};
use dedup::report::{Disagreements, Report};
use dedup::scan::{Places, Progress, Scanner};
use dedup::story::Story;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// The stories of a run.
pub(crate) struct Stories(Files);

impl Stories {
    pub(crate) fn open(paths: &[PathBuf], fields: Fields) -> Result<Self, Failure> {
        Ok(Self(Files::open(paths, fields)?))
    }

    /// The stories themselves.
    #[cfg(feature = "index")]
    pub(crate) fn corpus(&self) -> &Files {
        &self.0
    }

    /// The same files, if one can hold the records of all.
    pub(crate) fn again(&self) -> Result<Again<'_>, Failure> {
        Ok(self.0.again()?)
    }

    /// A scan that says what came of each record.
    pub(crate) fn scan_placed(
        &self,
        config: Config,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(Report, Places), Failure> {
        Ok(Scanner::new(config).scan_placed(&self.0, progress)?)
    }

    /// What was met beside the records and not read, once all have been read.
    pub(crate) fn unread(&self) -> Unreads {
        self.0.unread()
    }

    /// Files that hold no stories.
    pub(crate) fn passed_over(&self) -> &[PathBuf] {
        self.0.passed_over()
    }

    /// About how many stories there are, and how many bytes of memory their scan takes; `None`
    /// where the first block does not tell. Goes by the first block.
    pub(crate) fn estimate(&self, config: &Config) -> Option<(u64, u64)> {
        let block = self.0.blocks(&|number| number == 0).next()?;
        let bytes = block.bytes;
        let records = block.records(|_| false, |_, _| {}) as u64;
        let stories = (self.0.size_hint()? * records).checked_div(bytes)?;
        Some((stories, Scanner::new(config.clone()).estimate(stories)))
    }

    /// Calls `each` with every record and the path of its file, in order, up to a failure.
    pub(crate) fn each(
        &self,
        mut each: impl FnMut(&Path, Result<&Story, Error>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut ended = Ok(());
        for block in self.0.blocks(&|_| true) {
            block.records_of_files(|path, record| {
                if ended.is_ok() {
                    ended = match record {
                        Ok(story) => each(path, Ok(&story)),
                        Err(error) => each(path, Err(error)),
                    };
                }
            });
            if ended.is_err() {
                break;
            }
        }
        ended
    }

    pub(crate) fn scan(
        &self,
        config: Config,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Report, Failure> {
        Ok(Scanner::new(config).scan_corpus(&self.0, progress)?)
    }
}

/// Whether the run reads a file: by its name on the command line, or among its stories.
pub(crate) fn reads<'a>(
    global: &'a GlobalArgs,
    stories: Option<&'a Stories>,
) -> impl Fn(&Path) -> bool + use<'a> {
    move |file| global.names(file) || stories.is_some_and(|stories| stories.0.reads(file))
}

/// Explains the pair of the one story of each file; by the words of the stories in `corpus`, if
/// there are any.
pub(crate) fn explain_files(
    (a, b): (&Path, &Path),
    corpus: &[PathBuf],
    fields: &Fields,
    config: &Config,
) -> Result<Explanation, Failure> {
    if corpus.is_empty() {
        return Ok(explain(config, &only_story(a, fields)?, &only_story(b, fields)?));
    }
    let files = Files::open(corpus, fields.clone())?;
    let story = |name: &Path| if name.exists() { only_story(name, fields) } else { story_of(&files, name) };
    Ok(Scanner::new(config.clone()).explain(&files, [&story(a)?, &story(b)?], &|_| {})?)
}

/// The story of an id among those of files.
fn story_of(files: &Files, id: &Path) -> Result<Story, Failure> {
    let (id, mut found) = (id.to_string_lossy(), None);
    for block in files.blocks(&|_| true) {
        let of_id = |story: &Cow<'_, Story>| story.id == id;
        block.records(
            |_| true,
            |_, record| {
                if found.is_none() {
                    found = record.ok().filter(of_id).map(Cow::into_owned);
                }
            },
        );
        if let Some(story) = found {
            return Ok(story);
        }
    }
    Err(Failure::Fatal(format!("expected a file or the id of a story of --in, found `{id}`")))
}

/// The same for ids of an index, under its settings; what is no id is a file.
#[cfg(feature = "index")]
pub(crate) fn explain_in_index(
    db: &Path,
    a: &Path,
    b: &Path,
    fields: &Fields,
) -> Result<Explanation, Failure> {
    let index = dedup::index::Index::open_read_only(db)?;
    let (a, b) = (story_or_file(&index, a, fields)?, story_or_file(&index, b, fields)?);
    Ok(index.explain(&a, &b)?)
}

/// The story of an id, or the one story of a file.
#[cfg(feature = "index")]
pub(crate) fn story_or_file(
    index: &dedup::index::Index,
    name: &Path,
    fields: &Fields,
) -> Result<Story, Failure> {
    match index.story(&name.to_string_lossy())? {
        Some(story) => Ok(story),
        None if name.exists() => only_story(name, fields),
        None => Err(Failure::Fatal(format!(
            "expected the id of a story of {} or a file, found `{}`",
            index.path().display(),
            name.display()
        ))),
    }
}

pub(crate) fn only_story(path: &Path, fields: &Fields) -> Result<Story, Failure> {
    let files = Files::open(&[path.to_owned()], fields.clone())?;
    let mut found = Vec::new();
    for block in files.blocks(&|_| true) {
        block.records(|index| index < 2, |_, record| found.push(record.map(std::borrow::Cow::into_owned)));
        if found.len() > 1 {
            break;
        }
    }
    let shown = path.display();
    match (found.pop(), found.pop()) {
        (Some(story), None) => Ok(story?),
        (None, _) => Err(Failure::Fatal(format!("{shown}: expected one story, found none"))),
        (Some(_), Some(_)) => Err(Failure::Fatal(format!(
            "{shown}: expected one story, found more; give each story a file of its own"
        ))),
    }
}

/// Labels, and a scan of the stories that they speak of.
pub(crate) struct Labelled {
    pub(crate) labels: Vec<Label>,
    /// With relations that the level does not join, too: their scores count in the average precision.
    pub(crate) report: Report,
    places: Places,
    /// Ids that no story has, sorted.
    pub(crate) unknown: Vec<String>,
}

impl Labelled {
    pub(crate) fn read(path: &Path, stories: &Stories, config: &Config) -> Result<Self, Failure> {
        let file = File::open(path)
            .map_err(|cause| Failure::Fatal(format!("{}: cannot read labels: {cause}", path.display())))?;
        let labels = eval::read_labels(BufReader::new(file), path)?;
        if labels.is_empty() {
            return Err(Failure::Fatal(format!(
                "{}: expected labels, lines such as {{\"a\":ID,\"b\":ID,\"label\":1}}, found none",
                path.display()
            )));
        }
        let (report, places) = stories.scan_placed(config.clone().with_all_relations(), &|_| {})?;
        let unknown = eval::unknown_ids(&report, &labels).into_iter().map(str::to_owned).collect();
        Ok(Self { labels, report, places, unknown })
    }

    /// How well the result agrees with the labels.
    pub(crate) fn scores(&self, closed: bool, config: &Config) -> Scores {
        eval::evaluate(&self.report, &self.labels, closed, config)
    }

    /// The pairs in which the two differ, with their texts.
    pub(crate) fn disagreements(
        &self,
        stories: &Stories,
        closed: bool,
        config: &Config,
    ) -> Result<Disagreements, Failure> {
        let scanned = (&self.report, &self.places);
        Ok(eval::disagreements(&stories.0, scanned, (&self.labels, closed), config)?)
    }
}
