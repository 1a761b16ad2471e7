//! From files in a scratch folder to what the program makes of them.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Two tellings of one report: the second is a rewrite of the first, no copy.
pub(crate) const TELLINGS: [&str; 2] = [
    "A court closed the Halbury tram depot on Sunday and sent 312 workers home without pay. \"We were given an \
     hour to collect our tools and nobody told us why the gates were locked\", said Maren Oldhoff of the drivers' \
     union. The operator Ringbahn Nord owes the city 41 million crowns in rent.",
    "Some 312 employees of the Halbury depot lost their wages after judges shut the tram yard. \"We were given an \
     hour to collect our tools and nobody told us why the gates were locked\", Maren Oldhoff complained. Ringbahn \
     Nord has not paid 41 million crowns that it owes to the city as rent.",
];

/// A folder of its own for one test; the program runs in it, so that paths are short and the
/// same on every machine.
pub(crate) struct Scratch(TempDir);

/// How a run ended and what it said.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with these files.
    pub(crate) fn with<B: AsRef<[u8]>>(files: &[(&str, B)]) -> Self {
        let scratch = Self::new();
        files.iter().for_each(|(name, bytes)| scratch.write(name, bytes));
        scratch
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// The names in the folder, hidden ones too, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The program with `typed`, cut at blanks, about to run in the folder.
    pub(crate) fn command(&self, typed: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dedup"));
        command.current_dir(self.folder()).args(typed.split_whitespace());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, typed: &str) -> Outcome {
        Outcome::of(self.command(typed))
    }

    /// Runs with `bytes` on standard input.
    pub(crate) fn fed(&self, typed: &str, bytes: impl Into<Vec<u8>>) -> Outcome {
        let mut command = self.command(typed);
        command.write_stdin(bytes);
        Outcome::of(command)
    }
}

impl Outcome {
    pub(crate) fn of(mut command: Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().expect("not killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output, if the run ended with `code`.
    pub(crate) fn exits(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self.out
    }

    /// Standard error, if the run ended with `code`.
    pub(crate) fn complains(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self.err
    }

    /// Every line of output as JSON.
    pub(crate) fn messages(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The messages of one type.
    pub(crate) fn of_type(&self, kind: &str) -> Vec<Value> {
        self.messages().into_iter().filter(|message| message["type"] == kind).collect()
    }

    /// The members of each cluster, a line a cluster.
    pub(crate) fn clusters(&self) -> Vec<String> {
        let ids = |members: &Value| {
            let members = members.as_array().unwrap().iter();
            members.map(|id| id.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        self.of_type("cluster").iter().map(|cluster| ids(&cluster["members"])).collect()
    }
}
