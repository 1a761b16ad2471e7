//! From a notice to the live versions of what it takes back.

use super::index::{line, unwritten};
use crate::args::index::{AnswerFormat, RecallArgs};
use crate::config;
use crate::exit::{ExitCode, Failure};
use crate::pipeline::only_story;
use dedup::index::{Index, Live, Published, Recall};
use serde::Serialize;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// One line of `--format jsonl`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Message<'a> {
    /// What is taken back.
    Recall {
        #[serde(flatten)]
        recall: &'a Recall,
        live: usize,
    },
    /// A story that carries it.
    Live(&'a Live),
}

pub(crate) fn run(args: &RecallArgs) -> Result<ExitCode, Failure> {
    let index = Index::open_read_only(&args.db)?;
    let path = Path::new(&args.notice);
    let recall = match index.recall_id(&args.notice)? {
        Some(recall) => recall,
        None if path.exists() => index.recall(&only_story(path, &config::fields(&args.fields))?)?,
        None => {
            return Err(Failure::Fatal(format!(
                "expected a file with a notice or the id of a story of {}, found `{}`",
                args.db.display(),
                args.notice
            )));
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match args.format {
        AnswerFormat::Jsonl => jsonl(&recall, &mut out),
        AnswerFormat::Text => text(&recall, &mut out),
    };
    written.and_then(|()| out.flush()).map_err(|error| unwritten(&error))?;
    let is_live = args.check && !recall.live.is_empty();
    Ok(if is_live { ExitCode::Duplicates } else { ExitCode::Done })
}

fn jsonl(recall: &Recall, out: &mut dyn Write) -> io::Result<()> {
    line(&Message::Recall { recall, live: recall.live.len() }, out)?;
    recall.live.iter().try_for_each(|live| line(&Message::Live(live), out))
}

fn text(recall: &Recall, out: &mut dyn Write) -> io::Result<()> {
    let shown = |text: &str| text.escape_debug().to_string();
    if recall.named.is_empty() {
        return writeln!(out, "no story of the index is what {} speaks of", shown(&recall.notice));
    }
    let named: Vec<String> = recall.named.iter().map(|id| shown(id)).collect();
    writeln!(out, "{} speaks of {}; {} live", shown(&recall.notice), named.join(", "), recall.live.len())?;
    for id in &recall.killed {
        writeln!(out, "  killed     by its own source  {}", shown(id))?;
    }
    for live in &recall.live {
        let name = live.relation.and_then(|relation| serde_json::to_value(relation).ok());
        let name = name.as_ref().and_then(serde_json::Value::as_str).unwrap_or("version");
        let language = live.language.map(|language| format!("  in {language}")).unwrap_or_default();
        let published = match live.published {
            Some(Published::Before) => "before",
            Some(Published::After) => "after",
            None => "time unknown",
        };
        let time = live.time.map_or_else(|| "no time".to_owned(), |time| time.to_string());
        writeln!(
            out,
            "  {name:<10} {:>3.0} % of its text, {:>3.0} % of the story  {published:<12}  {}  {time}  {}{language}{}  {}",
            live.share * 100.0,
            live.share_of_story * 100.0,
            shown(live.source.as_deref().unwrap_or("source unknown")),
            shown(&live.id),
            live.url.as_deref().map(|url| format!("  {}", shown(url))).unwrap_or_default(),
            live.flag.as_deref().unwrap_or_default(),
        )?;
    }
    Ok(())
}
