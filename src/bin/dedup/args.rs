//! From the command line to what was typed, flag by flag. What it means is settled in
//! [`config`](crate::config).

pub(crate) mod filter;
mod global;
#[cfg(feature = "index")]
pub(crate) mod index;
pub(crate) mod pickup;
pub(crate) mod read;
#[cfg(feature = "serve")]
pub(crate) mod serve;
mod settings;

pub(crate) use global::{GlobalArgs, When};
pub(crate) use settings::{
    FieldArgs, GroupingArgs, Languages, Level, LikenessArgs, Linkage, Noise, PublisherArgs, RunArgs,
};

use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  dedup scan stories/                         what is the same report, in plain words
  dedup scan day.jsonl --format jsonl | jq .  one message a line, for programs
  dedup scan stories/ --format html -o r.html a page to look at it, in one file
  dedup scan new.json --level copy --check    exit code 1 if there are copies
  dedup read feed.xml                         what is understood of a file, story by story
  dedup filter day.jsonl -o kept.jsonl        the records as they came, one of each cluster
  dedup explain a.txt b.txt                   why two stories are tied, or are not
  dedup index add wire.db day.jsonl           keep stories; answer: new, identical, version
  dedup serve wire.db                         a living index as a web page

Exit codes:
  0  done                           2  wrong command line, or an error
  1  duplicates, under --check      3  done, but some records were skipped
                                  130  interrupted";

/// Says which wire stories are the same report.
///
/// Finds near-duplicates and rewrites among wire stories, verifies each one exactly, and says who
/// had it first. The same stories and settings give the same bytes, every time.
#[derive(Debug, Parser)]
#[command(
    name = "dedup",
    version,
    after_help = EXAMPLES,
    max_term_width = 100,
    arg_required_else_help = true,
    disable_help_subcommand = true,
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

impl Cli {
    /// Reads the command line; ends the program where it is wrong, or asks for help.
    pub(crate) fn read() -> Self {
        let matches = Self::command().get_matches();
        let mut cli = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        if let (Command::Scan(args), Some(matches)) = (&mut cli.command, matches.subcommand_matches("scan")) {
            let is_typed = |id: &&str| matches.value_source(id) == Some(ValueSource::CommandLine);
            args.typed = matches.ids().map(clap::Id::as_str).filter(is_typed).map(str::to_owned).collect();
        }
        cli.global.named = global::named(&matches);
        cli
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Finds the clusters in files and folders of stories.
    Scan(Box<ScanArgs>),
    /// Shows what is understood of each story in files and folders.
    Read(read::ReadArgs),
    /// Writes the records as they came, one of each cluster.
    Filter(Box<filter::FilterArgs>),
    /// Shows what ties two stories, piece by piece.
    Explain(ExplainArgs),
    /// Keeps stories on disk, and says of each new one whether it has been seen.
    #[cfg(feature = "index")]
    #[command(subcommand)]
    Index(index::IndexCommand),
    /// Lists the live versions of a story that is taken back.
    #[cfg(feature = "index")]
    Recall(index::RecallArgs),
    /// Lists who carried the stories of a source, how much, how fast, with what credit.
    Pickup(Box<pickup::PickupArgs>),
    /// Serves an index as a web page and an HTTP API.
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    /// Measures the result against labels.
    Eval(EvalArgs),
    /// Fits the weights of evidence to labelled pairs of your own.
    ///
    /// The file is given to other commands by --model; an index keeps it among its settings. Sixty
    /// labelled pairs are worth the trouble, best of pairs with a score around even. The built-in
    /// weights stay unless pairs that were not seen are judged better.
    Fit(FitArgs),
    /// Prints a completion script for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Prints the manual page, or that of a command.
    Man {
        /// The command; the program itself if left out.
        command: Option<String>,
    },
}

impl Command {
    /// Whether an interrupt may leave half a file behind. A server ends by itself when asked to.
    pub(crate) fn writes_files(&self) -> bool {
        match self {
            #[cfg(feature = "serve")]
            Self::Serve(_) => false,
            _ => true,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dedup scan stories/
  dedup scan a.jsonl b.jsonl.zst --level copy --threshold 0.8 -o clusters.csv --format csv
  zcat feed.gz | dedup scan - --format jsonl --singles")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ScanArgs {
    /// Files or folders of stories; `-` is standard input.
    ///
    /// Folders are walked, and what each file is is found from its content and name: plain text,
    /// JSON and JSON lines, ninjs, NewsML, NITF, IPTC 7901, ANPA 1312, RSS, Atom, JSON Feed,
    /// HTML, mail, WARC, CSV, TSV, Parquet; also packed as .gz, .zst, .bz2, .xz, .zip or .tar.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) likeness: LikenessArgs,
    #[command(flatten)]
    pub(crate) grouping: GroupingArgs,
    #[command(flatten)]
    pub(crate) publishers: PublisherArgs,
    /// The form of the result; else that which the name of `--output` ends with, else text.
    #[arg(long, short, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,
    /// Writes to a file, which is there only once it is whole.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Which verified relations are reported.
    #[arg(long, value_enum, default_value_t, value_name = "WHICH", help_heading = "Output")]
    pub(crate) relations: Relations,
    /// Says which numbers, names and quotes changed from version to version.
    #[arg(long, help_heading = "Output")]
    pub(crate) facts: bool,
    /// Tells of each passage that joined stories share, with its places in both.
    ///
    /// At level passage, those that any two stories share. For html, jsonl, passim and parquet-passages.
    #[arg(long, help_heading = "Output")]
    pub(crate) passages: bool,
    /// Words of the shortest passage that is told of, 4 or more.
    #[arg(long, value_name = "N", default_value_t = dedup::config::Config::LEAST_PASSAGE, help_heading = "Output")]
    pub(crate) least: usize,
    /// What the nodes of a graph are.
    #[arg(long, value_enum, default_value_t, value_name = "WHAT", help_heading = "Output")]
    pub(crate) nodes: Nodes,
    /// Lists stories that are in no cluster, too.
    #[arg(long, help_heading = "Output")]
    pub(crate) singles: bool,
    /// Exits with 1 if there are duplicates, whether or not records were skipped.
    #[arg(long, help_heading = "Run")]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// Compares with the stories of an index, too, and reports what is new and what that touches.
    ///
    /// What is joined is settled by the index.
    #[cfg(feature = "index")]
    #[arg(long, value_name = "DB", value_hint = ValueHint::FilePath, help_heading = "Run")]
    pub(crate) against: Option<PathBuf>,
    /// The flags that were typed and not left to their defaults.
    #[arg(skip)]
    pub(crate) typed: Vec<String>,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// One story: a file, or an id with --index or --in.
    #[arg(value_name = "A", value_hint = ValueHint::FilePath)]
    pub(crate) a: PathBuf,
    /// The other.
    #[arg(value_name = "B", value_hint = ValueHint::FilePath)]
    pub(crate) b: PathBuf,
    /// Takes A and B for ids of stories of an index; a file is looked for where there is no such id.
    #[cfg(feature = "index")]
    #[arg(long, value_name = "DB", value_hint = ValueHint::FilePath)]
    pub(crate) index: Option<PathBuf>,
    /// Says what a scan of these files or folders says of A and B; may be repeated.
    ///
    /// A and B may be ids of stories in them. Left out, words weigh as in a built-in table of common
    /// ones, and the score is another.
    #[cfg_attr(feature = "index", arg(conflicts_with = "index"))]
    #[arg(long = "in", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) corpus: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) likeness: LikenessArgs,
    /// The form of the result.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Labels:
  {\"a\":ID, \"b\":ID, \"label\":1 or 0}, one a line; with \"weight\" where pairs were sampled,
  and \"doubt\", \"kind\", \"note\" for whoever reads them

Examples:
  dedup eval samples/labels.jsonl samples --closed
  dedup eval labels.jsonl day.jsonl --disagreements look.html")]
pub(crate) struct EvalArgs {
    #[command(flatten)]
    pub(crate) labelled: LabelledArgs,
    /// Writes the pairs in which result and labels differ, the heaviest first, with both texts.
    ///
    /// A name that ends in .html makes a page to judge them on, which exports labels as this command
    /// reads them; .jsonl makes an object a line.
    #[arg(long, value_name = "OUT", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) disagreements: Option<PathBuf>,
}

/// Labelled pairs, their stories, and how the two are read.
#[derive(Debug, Args)]
pub(crate) struct LabelledArgs {
    /// The labels: JSON lines, a pair of ids a line.
    #[arg(value_name = "LABELS", value_hint = ValueHint::FilePath)]
    pub(crate) labels: PathBuf,
    /// The stories that the labels speak of: files or folders.
    #[arg(required = true, value_name = "STORIES", value_hint = ValueHint::AnyPath)]
    pub(crate) stories: Vec<PathBuf>,
    /// Takes every pair without a label for a different report; otherwise it does not count.
    #[arg(long)]
    pub(crate) closed: bool,
    #[command(flatten)]
    pub(crate) likeness: LikenessArgs,
    /// The form of the result.
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) fields: FieldArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dedup fit labels.jsonl day.jsonl -o wire.model
  dedup scan day.jsonl --model wire.model")]
pub(crate) struct FitArgs {
    #[command(flatten)]
    pub(crate) labelled: LabelledArgs,
    /// The model file.
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One object.
    Json,
    /// One message a line.
    Jsonl,
    /// One row a member.
    Csv,
    /// A table for data frames, one row a member.
    #[cfg(feature = "parquet")]
    Parquet,
    /// A table for data frames, one row a pair.
    #[cfg(feature = "parquet")]
    ParquetPairs,
    /// A table for data frames, one row a shared passage.
    #[cfg(feature = "parquet")]
    ParquetPassages,
    /// As passim writes its clusters, one line a member.
    Passim,
    /// A graph, for yEd, Gephi and networkx.
    #[value(name = "graphml")]
    GraphMl,
    /// A graph, for Gephi and networkx.
    Gexf,
    /// A page for the browser, in one file.
    #[cfg(feature = "html")]
    Html,
}

impl ScanArgs {
    /// The format that was asked for, by its name or by that of the file.
    pub(crate) fn format(&self) -> Format {
        let named = || Format::of_name(self.output.as_deref()?);
        self.format.or_else(named).unwrap_or_default()
    }
}

impl Format {
    /// Whether it holds nothing but passages.
    pub(crate) fn is_of_passages(self) -> bool {
        match self {
            Self::Passim => true,
            #[cfg(feature = "parquet")]
            Self::ParquetPassages => true,
            _ => false,
        }
    }

    /// What the ending of a file's name asks for.
    pub(crate) fn of_name(file: &Path) -> Option<Self> {
        Some(match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            #[cfg(feature = "parquet")]
            "parquet" => Self::Parquet,
            "graphml" => Self::GraphMl,
            "gexf" => Self::Gexf,
            #[cfg(feature = "html")]
            "html" | "htm" => Self::Html,
            _ => return None,
        })
    }

    /// Whether it shows texts, changed facts and near misses, which a run does not keep otherwise.
    pub(crate) fn shows_all(self) -> bool {
        match self {
            #[cfg(feature = "html")]
            Self::Html => true,
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Nodes {
    /// Each story.
    #[default]
    Stories,
    /// Each source.
    Sources,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people.
    #[default]
    Text,
    /// One object.
    Json,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Relations {
    /// Those that the level joins.
    #[default]
    Level,
    /// All that were found.
    All,
}
