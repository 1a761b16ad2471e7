//! From METS with a logical structure, as libraries keep an issue of a newspaper, to its articles:
//! each is put together of blocks of the ALTO pages that the METS file names. What no article of
//! a page holds stays one story a page, so that nothing of a gathered page is lost.

use super::super::time;
use super::super::wire::Record;
use super::super::wire::tree::{self, all, below, is, said, squeezed, value, with_lines};
use super::{Body, alto, place};
use crate::error::{Error, Result};
use crate::story::Story;
use roxmltree::{Document, Node};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Kinds of divisions that are a story each, in lower case.
const ARTICLES: [&str; 10] = [
    "article",
    "advertisement",
    "ad",
    "death_notice",
    "letter",
    "obituary",
    "poem",
    "review",
    "shipping",
    "weather",
];
/// Kinds of divisions that hold the title of an article.
const TITLES: [&str; 3] = ["title", "headline", "head"];

/// A block of a page: the id of the file, and its own in it.
type Block = (String, String);

/// An article as the logical structure has it.
struct Article {
    line: u64,
    id: String,
    headline: String,
    language: String,
    /// The blocks of its title, and those of all else, in reading order.
    title: Vec<Block>,
    text: Vec<Block>,
}

/// What a METS file says of an issue.
struct Issue {
    /// The issue as a story without a text.
    facts: Story,
    articles: Vec<Article>,
    /// Where the pages lie, by the ids of their files.
    pages: BTreeMap<String, PathBuf>,
}

/// Reads a page that a METS file names.
pub(in super::super) type ReadPage<'a> = dyn Fn(&Path) -> Result<String> + 'a;

/// The articles of the METS file at `path`, in its order, and what is left of each page; `page`
/// reads a file that it names, `None` where nothing stands beside it.
pub(in super::super) fn stories(
    text: &str,
    name: &str,
    path: &Path,
    page: Option<&ReadPage<'_>>,
) -> Vec<Result<Record>> {
    let issue = match tree::with(text, path, |document| Issue::of(document, path)) {
        Ok(issue) => issue,
        Err(error) => return vec![Err(error)],
    };
    let Some(page) = page.filter(|_| is_named(path) && !issue.articles.is_empty()) else {
        let text = "expected articles, found METS without any, or without its pages beside it, or under a name \
                    without `mets`; the ALTO files that it names are read by themselves";
        return vec![Err(Error::input(text).at(path, 1))];
    };
    let mut records = Vec::new();
    let (mut blocks, mut rests) = (HashMap::new(), Vec::new());
    for (file, at) in &issue.pages {
        let read = page(at)
            .and_then(|text| tree::with(&text, at, |document| issue.blocks(file, document, &mut blocks)));
        match read {
            Ok(rest) => rests.extend(Some((file, rest)).filter(|(_, rest)| !rest.is_empty())),
            Err(error) => records.push(Err(error)),
        }
    }
    let lines_of = |of: &[Block]| {
        let mut body = Body::default();
        for lines in of.iter().filter_map(|block| blocks.get(block)) {
            lines.iter().for_each(|line: &String| body.line(line));
            body.end_block();
        }
        body.finish()
    };
    let story = |id: &str| Story { id: format!("{name}#{id}"), ..issue.facts.clone() };
    for article in &issue.articles {
        let printed = lines_of(&article.title);
        let headline =
            if article.headline.is_empty() { squeezed(&printed) } else { article.headline.clone() };
        let mut story = Story { headline, body: lines_of(&article.text), ..story(&article.id) };
        if !article.language.is_empty() {
            story.language.clone_from(&article.language);
        }
        // An article of which only the title was read, or nothing, is no story.
        if !story.body.is_empty() {
            records.push(Ok(Record { line: article.line, story }));
        }
    }
    records.extend(
        rests
            .into_iter()
            .map(|(file, rest)| Ok(Record { line: 1, story: Story { body: rest, ..story(file) } })),
    );
    records
}

/// The pages that the METS files in `folder` gather, by their paths.
pub(in super::super) fn pages_of_folder(folder: &Path) -> HashSet<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let texts = files
        .filter(|path| is_named(path) && path.is_file())
        .filter_map(|path| Some((fs::read_to_string(&path).ok()?, path)));
    texts.flat_map(|(text, path)| pages(&text, &path)).collect()
}

/// The pages that the METS file at `path` gathers, by their paths.
pub(in super::super) fn pages(text: &str, path: &Path) -> Vec<PathBuf> {
    let issue = tree::with(text, path, |document| Issue::of(document, path)).ok();
    let issue = issue.filter(|issue| !issue.articles.is_empty());
    issue.into_iter().flat_map(|issue| issue.pages.into_values()).collect()
}

/// Whether a file is named as METS is: that is asked of every file beside a page.
pub(in super::super) fn is_named(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.contains("mets") && path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xml"))
}

impl Issue {
    fn of(document: &Document<'_>, path: &Path) -> Self {
        let root = document.root_element();
        let described: HashMap<&str, Node<'_, '_>> =
            all(root, "dmdSec").filter_map(|part| Some((value(part, "ID")?, part))).collect();
        let of = |part: Node<'_, '_>| {
            let ids = value(part, "DMDID").unwrap_or_default().split_whitespace();
            ids.filter_map(|id| described.get(id).copied()).collect::<Vec<_>>()
        };
        let is_logical =
            |map: &Node<'_, '_>| value(*map, "TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("logical"));
        let parts: Vec<Node<'_, '_>> = all(root, "structMap")
            .filter(is_logical)
            .flat_map(|map| map.descendants().filter(|part| is(*part, "div")))
            .collect();
        let is_article =
            |part: &Node<'_, '_>| kind(*part).is_some_and(|kind| ARTICLES.contains(&kind.as_str()));
        let is_outermost = |part: &Node<'_, '_>| {
            is_article(part) && !part.ancestors().skip(1).any(|above| is_article(&above))
        };
        let articles: Vec<Article> = with_lines(parts.iter().copied().filter(is_outermost))
            .map(|(line, part)| Article::of(line, part, &of(part)))
            .collect();
        let above: Vec<Node<'_, '_>> = parts.iter().copied().filter(|part| !is_article(part)).collect();
        let facts = facts(&above, &of, root, path);
        let used: BTreeSet<&str> =
            articles.iter().flat_map(Article::blocks).map(|(file, _)| file.as_str()).collect();
        let folder = path.parent().unwrap_or(Path::new(""));
        let pages = all(root, "file").filter_map(|file| {
            let id = value(file, "ID").filter(|id| used.contains(id))?;
            Some((id.to_owned(), folder.join(relative(value(below(file, "FLocat")?, "href")?)?)))
        });
        Self { facts, pages: pages.collect(), articles }
    }

    /// Adds the lines of the blocks of a page that articles hold, and gives what is left of it.
    fn blocks(&self, file: &str, page: &Document<'_>, found: &mut HashMap<Block, Vec<String>>) -> String {
        let wanted: HashSet<&str> = self
            .articles
            .iter()
            .flat_map(Article::blocks)
            .filter(|(of, _)| of == file)
            .map(|(_, block)| block.as_str())
            .collect();
        let mut rest = Body::default();
        for part in page.descendants().filter(Node::is_element) {
            let id = value(part, "ID").unwrap_or_default();
            if wanted.contains(id) {
                let mut body = Body::default();
                alto::add(part, &mut body);
                let lines =
                    body.finish().lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
                found.insert((file.to_owned(), id.to_owned()), lines);
            } else if is(part, "TextBlock")
                && !part.ancestors().any(|above| value(above, "ID").is_some_and(|id| wanted.contains(id)))
            {
                alto::add(part, &mut rest);
                rest.end_block();
            }
        }
        rest.finish()
    }
}

impl Article {
    fn of(line: u64, part: Node<'_, '_>, described: &[Node<'_, '_>]) -> Self {
        let in_title = |area: Node<'_, '_>| {
            let above = area.ancestors().take_while(|above| *above != part);
            above
                .filter(|above| is(*above, "div"))
                .any(|above| kind(above).is_some_and(|kind| TITLES.contains(&kind.as_str())))
        };
        let (mut title, mut text) = (Vec::new(), Vec::new());
        for area in all(part, "area") {
            let (Some(file), Some(block)) = (value(area, "FILEID"), value(area, "BEGIN")) else { continue };
            let held = if in_title(area) { &mut title } else { &mut text };
            held.push((file.to_owned(), block.to_owned()));
        }
        let label = value(part, "LABEL").map(squeezed);
        let language = described.iter().find_map(|part| said(below(*part, "languageTerm")));
        Self {
            line,
            id: value(part, "ID").map_or_else(|| line.to_string(), str::to_owned),
            headline: label.or_else(|| titled(described)).unwrap_or_default(),
            language: language.unwrap_or_default(),
            title,
            text,
        }
    }

    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.title.iter().chain(&self.text)
    }
}

/// What the divisions above the articles say of the issue: its paper, day and language.
fn facts<'a, 'i>(
    above: &[Node<'a, 'i>],
    of: &dyn Fn(Node<'a, 'i>) -> Vec<Node<'a, 'i>>,
    root: Node<'a, 'i>,
    path: &Path,
) -> Story {
    let mut facts = Story::default();
    place(path, &mut facts);
    let described: Vec<Node<'_, '_>> = above.iter().flat_map(|part| of(*part)).collect();
    let labels = above.iter().map(|part| value(*part, "LABEL")).chain([value(root, "LABEL")]);
    if let Some(paper) = titled(&described).or_else(|| labels.flatten().next().map(squeezed)) {
        facts.source = paper;
    }
    let days: Vec<String> = described
        .iter()
        .flat_map(|part| all(*part, "dateIssued").chain(all(*part, "date")))
        .filter_map(|day| said(Some(day)))
        .collect();
    if !days.is_empty() {
        facts.time = None;
        time::read(&mut facts, days.iter().map(String::as_str));
    }
    facts.language = described.iter().find_map(|part| said(below(*part, "languageTerm"))).unwrap_or_default();
    facts
}

/// The title in the first of these descriptions that has one.
fn titled(described: &[Node<'_, '_>]) -> Option<String> {
    described.iter().find_map(|part| {
        let title = all(*part, "title").next()?;
        let article = title.parent().and_then(|info| said(tree::child(info, "nonSort")));
        let title = said(Some(title))?;
        Some(article.map_or(title.clone(), |article| format!("{article} {title}")))
    })
}

/// What kind of division it is, in lower case.
fn kind(part: Node<'_, '_>) -> Option<String> {
    value(part, "TYPE").filter(|_| is(part, "div")).map(str::to_lowercase)
}

/// The path below the folder of the METS file that an address names: nothing outside is read.
fn relative(address: &str) -> Option<PathBuf> {
    let path = address.strip_prefix("file:").unwrap_or(address);
    let path = if path.starts_with("//") { path.trim_start_matches('/') } else { path };
    let parts = Path::new(path).components().filter(|part| *part != Component::CurDir);
    parts.map(|part| matches!(part, Component::Normal(_)).then_some(part)).collect()
}
