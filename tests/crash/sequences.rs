//! From any sequence of additions, redeliveries, removals, merges, expiries, watching and kills to
//! an index that holds what it should, and says of it what a scan says.

use super::{dedup, run};
use dedup::index::{Filter, Index};
use dedup::report::Report;
use dedup::{Config, Level, Scanner, Story};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

const DAY: i64 = 86_400;

/// Sequences: few in the gate, 500 where `DEDUP_SEQUENCES` says so.
fn sequences() -> u64 {
    std::env::var("DEDUP_SEQUENCES").ok().and_then(|count| count.parse().ok()).unwrap_or(12)
}

/// Numbers that look random, the same for the same seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        dedup::hash::finalise(self.0) % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }
}

/// Some stories of few ids, so that ids come again with other texts, and texts with other ids.
fn stories(draw: &mut Draw) -> Vec<Story> {
    let story = |draw: &mut Draw| {
        let (family, changed, from) = (draw.below(3), draw.below(5), [0, 20, 40][draw.below(3) as usize]);
        let word = |place: u64| {
            let is_changed = place >= from && (place - from) % 9 < changed % 4;
            format!("word{}", family * 1_000 + place * 7 + if is_changed { changed * 100_000 } else { 0 })
        };
        let body = (0..60).map(word).collect::<Vec<_>>().join(" ");
        let time = (draw.below(4) > 0).then(|| DAY * (20_000 + draw.below(4).cast_signed()));
        Story {
            source: ["", "Post", "Wire"][draw.below(3) as usize].into(),
            time: time.and_then(|time| jiff::Timestamp::from_second(time).ok()).map(Into::into),
            headline: ["", "Dam leased"][draw.below(2) as usize].into(),
            ..Story::new(format!("s{}", draw.below(9)), body)
        }
    };
    (0..=draw.below(9)).map(|_| story(draw)).collect()
}

/// The stories as JSON lines.
fn lines(stories: &[Story]) -> String {
    stories.iter().fold(String::new(), |mut lines, story| {
        let Story { id, headline, body, source, .. } = story;
        let date = story.time.map(|time| format!(",\"date\":\"{time}\"")).unwrap_or_default();
        let _ = writeln!(
            lines,
            "{{\"id\":\"{id}\",\"headline\":\"{headline}\",\"text\":\"{body}\",\"source\":\"{source}\"{date}}}"
        );
        lines
    })
}

/// What a desk knows of an index: the deliveries that it should hold, by id as delivered.
#[derive(Clone, Default)]
struct Expected(Vec<Story>);

impl Expected {
    fn deliver(&mut self, story: &Story) {
        if !self.0.contains(story) {
            self.0.push(story.clone());
        }
    }

    fn sorted(&self) -> Vec<String> {
        let mut all: Vec<String> = self.0.iter().map(shown).collect();
        all.sort();
        all
    }
}

fn shown(story: &Story) -> String {
    let Story { id, headline, body, source, time, .. } = story;
    let id = id.split('#').next().unwrap_or_default();
    format!("{id} {source} {time:?} {headline} {body}")
}

/// A folder with an index and what a desk knows of it.
struct Desk {
    folder: tempfile::TempDir,
    config: Config,
    expected: Expected,
    files: u64,
    kills: u64,
}

impl Desk {
    fn db(&self) -> PathBuf {
        self.folder.path().join("x.db")
    }

    /// The program, about to run at the level of the index.
    fn program(&self, typed: &str) -> Command {
        let level = if self.config.level() == Level::Copy { "copy" } else { "rewrite" };
        dedup(self.folder.path(), &format!("{typed} --level {level}"))
    }

    fn open(&self) -> Index {
        Index::open_or_create(self.db(), &self.config).unwrap()
    }

    /// The stories of the index, by the ids that it gave them.
    fn held(&self) -> BTreeMap<String, Story> {
        let index = self.open();
        let report = index.report(&Filter::default()).unwrap();
        let story = |id: &str| index.story(id).unwrap().unwrap();
        report.stories.iter().map(|info| (info.id.clone(), story(&info.id))).collect()
    }

    /// After a kill: the index holds what was acknowledged, and perhaps some of what came next.
    fn after_kill(&mut self, deliveries: &[Story], acknowledged: usize, what: &str) {
        self.kills += 1;
        let mut held: Vec<String> = self.held().values().map(shown).collect();
        held.sort();
        let mut expected = self.expected.clone();
        for count in 0..=deliveries.len() {
            if count > 0 {
                expected.deliver(&deliveries[count - 1]);
            }
            if count >= acknowledged && expected.sorted() == held {
                self.expected = expected;
                return;
            }
        }
        panic!("{what}: {acknowledged} of {} were acknowledged; held {held:#?}", deliveries.len());
    }

    /// Whether the index holds what it should and says what a scan says.
    fn check(&self, what: &str) {
        let held = self.held();
        let mut shown: Vec<String> = held.values().map(self::shown).collect();
        shown.sort();
        assert_eq!(shown, self.expected.sorted(), "{what}");
        let mut index = self.open();
        let stories: Vec<Story> = held.into_values().collect();
        let scanned = Scanner::new(self.config.clone()).scan(&stories);
        index.settle().unwrap();
        let report = index.report(&Filter::default()).unwrap();
        assert_eq!(report, Report { warnings: Vec::new(), ..scanned }, "{what}");
        assert_eq!(index.verify().unwrap(), Vec::<String>::new(), "{what}");
    }

    fn add(&mut self, deliveries: &[Story]) {
        let mut index = self.open();
        for (answer, story) in index.add(deliveries).unwrap().iter().zip(deliveries) {
            assert_eq!(answer.known, self.expected.0.contains(story), "{answer:?}");
            self.expected.deliver(story);
        }
    }

    /// Adds story by story through the program, which is killed after some answers.
    fn add_and_kill(&mut self, deliveries: &[Story], answers: usize) {
        let mut child =
            self.program("index add x.db - --each --format jsonl").stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(lines(deliveries).as_bytes()).unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let told = stdout.lines().take(answers.min(deliveries.len())).flatten().count();
        kill(child);
        self.after_kill(deliveries, told, "add --each");
    }

    /// Adds a file at once through the program, which is killed at some moment.
    fn load_and_kill(&mut self, deliveries: &[Story], after: Duration) {
        fs::write(self.folder.path().join("bulk.jsonl"), lines(deliveries)).unwrap();
        let child = self.program("index add x.db bulk.jsonl").spawn().unwrap();
        sleep(after);
        kill(child);
        if self.db().exists() {
            self.after_kill(deliveries, 0, "add");
        }
    }

    fn remove(&mut self, draw: &mut Draw) {
        let ids: Vec<String> = self.held().into_keys().collect();
        if ids.is_empty() {
            return;
        }
        let chosen = draw.one(&ids).clone();
        let gone = self.held()[&chosen].clone();
        assert!(self.open().remove(&[&chosen]).unwrap().is_empty());
        let place = self.expected.0.iter().position(|story| shown(story) == shown(&gone)).unwrap();
        self.expected.0.remove(place);
    }

    fn expire(&mut self, draw: &mut Draw) {
        let moment = jiff::Timestamp::from_second(DAY * (20_000 + draw.below(4).cast_signed())).unwrap();
        self.open().expire(moment).unwrap();
        self.expected.0.retain(|story| story.time.is_none_or(|time| time.start() >= moment));
    }

    /// Merges another index once or twice, perhaps killed at the first time.
    fn merge(&mut self, deliveries: &[Story], kill_after: Option<Duration>) {
        let other = self.folder.path().join("other.db");
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", other.display()));
        }
        Index::open_or_create(&other, &self.config).unwrap().add(deliveries).unwrap();
        drop(self.open());
        if let Some(after) = kill_after {
            let child = dedup(self.folder.path(), "index merge x.db other.db").spawn().unwrap();
            sleep(after);
            kill(child);
            self.after_kill(deliveries, 0, "merge");
        }
        for _ in 0..2 {
            let (code, out, err) = run(self.folder.path(), "index merge x.db other.db");
            assert_eq!(code, 0, "{out}{err}");
            deliveries.iter().for_each(|story| self.expected.deliver(story));
        }
    }

    /// Watches a folder with one more file; the watcher is killed at some moment, and a second one
    /// goes on to the end.
    fn watch(&mut self, deliveries: &[Story], kill_after: Duration) {
        let folder = self.folder.path().join("in");
        fs::create_dir_all(&folder).unwrap();
        self.files += 1;
        let path = folder.join(format!("{}.jsonl", self.files));
        fs::write(&path, lines(deliveries)).unwrap();
        // One that was written just now might not be whole.
        let written = File::options().write(true).open(&path).unwrap();
        written.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
        drop(self.open());
        let watcher = |desk: &Self| {
            let mut watch = desk.program("index watch x.db in --every 0s --format jsonl");
            watch.stdout(Stdio::null()).spawn().unwrap()
        };
        let child = watcher(self);
        sleep(kill_after);
        kill(child);
        self.after_kill(deliveries, 0, "watch");
        let child = watcher(self);
        self.wait_for(&path);
        kill(child);
        deliveries.iter().for_each(|story| self.expected.deliver(story));
    }

    /// Waits until the watcher says that it has read the file.
    fn wait_for(&self, path: &Path) {
        let (name, since) = (fs::canonicalize(path).unwrap(), Instant::now());
        while Index::open_read_only(self.db()).unwrap().watched(&name.to_string_lossy()).unwrap().is_none() {
            assert!(
                since.elapsed() < Duration::from_secs(60),
                "the watcher does not come to {}",
                name.display()
            );
            sleep(Duration::from_millis(5));
        }
    }
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn sequence(seed: u64) -> u64 {
    let mut draw = Draw(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
    let level = if seed.is_multiple_of(2) { Level::Copy } else { Level::Rewrite };
    let config = Config::builder().level(level).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk { folder, config, expected: Expected::default(), files: 0, kills: 0 };
    let mut before: Vec<Vec<Story>> = Vec::new();
    let mut told = format!("seed {seed}:");
    for _ in 0..4 + draw.below(8) {
        let after = Duration::from_micros(draw.below(40_000));
        let mut deliveries = stories(&mut draw);
        if !before.is_empty() && draw.below(3) == 0 {
            deliveries.clone_from(draw.one(&before));
        }
        let kind = draw.below(9);
        let _ = write!(told, " {kind}");
        match kind {
            0..=2 => desk.add(&deliveries),
            3 => desk.add_and_kill(&deliveries, draw.below(10) as usize),
            4 => desk.load_and_kill(&deliveries, after),
            5 => desk.remove(&mut draw),
            6 => desk.expire(&mut draw),
            7 => desk.merge(&deliveries, (draw.below(2) == 0).then_some(after)),
            _ => desk.watch(&deliveries, after),
        }
        before.push(deliveries);
        desk.check(&told);
    }
    desk.kills
}

#[test]
fn any_sequence_gives_what_a_scan_of_what_should_be_there_gives() {
    let count = sequences();
    let kills: u64 = (0..count).map(sequence).sum();
    println!("{count} sequences, {kills} kills");
    assert!(kills > 0);
}
