//! The shape of the crate, held by tests: imports go down, names say something, files are short.

use std::fs;
use std::path::{Path, PathBuf};

/// Layers of DESIGN.md, lowest first. A module may import from its own layer's line only what
/// stands before it there, and from any lower layer.
const LAYERS: &[&[&str]] = &[
    &["error", "hash", "dispatch", "time", "story", "spool"],
    &["text", "wire"],
    &["input"],
    &["shingle", "similarity"],
    &["minhash"],
    &["lsh", "rare", "noise"],
    &["lexicon", "verify", "evidence", "relation"],
    &["cluster"],
    &["config", "explain", "label", "report", "scan", "filter", "index", "eval", "fit"],
];

/// Rooms of a module that grew one, lowest first: a file imports from its own or one before it.
const ROOMS: &[(&str, &[&str])] = &[("index", &["file", "step", "question"])];

const FORBIDDEN: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager", "types"];

/// Lines of code and comments; longer files hold two ideas.
const LONGEST_FILE: usize = 400;

fn sources(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found.sort();
    found
}

/// The top-level module that a file of `src/` belongs to; `None` for the face and the program.
fn module_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?.trim_end_matches(".rs").to_owned();
    (first != "lib" && first != "bin").then_some(first)
}

fn rank(module: &str) -> Option<(usize, usize)> {
    LAYERS
        .iter()
        .enumerate()
        .find_map(|(layer, modules)| Some((layer, modules.iter().position(|m| *m == module)?)))
}

/// The top-level modules that `text` names after `crate::`, outside of comments.
fn imports(text: &str) -> Vec<String> {
    let code =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let (mut depth, mut name) = (0, String::new());
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => found.push(std::mem::take(&mut name)),
                    c if depth == 0 && !c.is_whitespace() => name.push(c),
                    _ => {}
                }
            }
            found.push(name);
        } else {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
        .iter()
        .map(|name| name.split(':').next().unwrap_or_default().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn upward(module: &str, text: &str) -> Vec<String> {
    let own = rank(module);
    imports(text)
        .into_iter()
        .filter(|import| import != module && rank(import).is_some())
        .filter(|import| own.is_none() || rank(import) > own)
        .collect()
}

#[test]
fn imports_only_go_down() {
    let mut wrong = Vec::new();
    for path in sources("src") {
        let Some(module) = module_of(&path) else { continue };
        assert!(rank(&module).is_some(), "{module} stands in no layer: add it to LAYERS and ARCHITECTURE.md");
        let text = fs::read_to_string(&path).unwrap();
        wrong.extend(
            upward(&module, &text).into_iter().map(|import| format!("{}: imports {import}", path.display())),
        );
    }
    assert!(wrong.is_empty(), "upward imports:\n{}", wrong.join("\n"));
}

#[test]
fn an_upward_import_would_be_seen() {
    assert_eq!(upward("text", "use crate::scan::Scanner;"), ["scan"]);
    assert_eq!(upward("text", "use crate::{hash, report::{Pair, Report}};"), ["report"]);
    assert_eq!(upward("verify", "use crate::relation::Relation; // crate::cluster"), ["relation"]);
    assert!(upward("scan", "use crate::text; use crate::report::Pair;").is_empty());
}

/// The rooms of `module` that `text`, a file of `room`, names and may not.
fn rooms_above<'a>(module: &str, rooms: &[&'a str], room: &str, text: &str) -> Vec<&'a str> {
    rooms
        .iter()
        .skip_while(|&&other| other != room)
        .skip(1)
        .filter(|above| text.contains(&format!("{module}::{above}::")))
        .copied()
        .collect()
}

#[test]
fn rooms_open_downward() {
    let mut wrong = Vec::new();
    for (module, rooms) in ROOMS {
        for room in *rooms {
            let files = sources(&format!("src/{module}/{room}"));
            assert!(!files.is_empty(), "src/{module}/{room} is not there");
            for path in files {
                let text = fs::read_to_string(&path).unwrap();
                let above = rooms_above(module, rooms, room, &text);
                wrong.extend(above.into_iter().map(|above| format!("{}: imports {above}", path.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "imports of a higher room:\n{}", wrong.join("\n"));
    let rooms = ["file", "step"];
    assert_eq!(rooms_above("index", &rooms, "file", "use crate::index::step::add::Placed;"), ["step"]);
    assert!(rooms_above("index", &rooms, "step", "use crate::index::file::rows::State;").is_empty());
}

#[test]
fn the_program_sees_only_the_public_face() {
    for path in sources("src/bin") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("#[path"), "{} reaches into the library", path.display());
    }
}

#[test]
fn names_say_something() {
    for path in ["src", "tests", "benches"].into_iter().flat_map(sources) {
        for part in path.components() {
            let name = part.as_os_str().to_str().unwrap_or_default().trim_end_matches(".rs");
            assert!(!FORBIDDEN.contains(&name), "{}: `{name}` says nothing", path.display());
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_do() {
    for path in ["src", "tests", "benches"].into_iter().flat_map(sources) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{}: {lines} lines, {LONGEST_FILE} at most", path.display());
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! "), "{}: the first line says what it turns into what", path.display());
    }
}

/// A fault that stands nowhere would only be seen when somebody asks whether the tests notice it.
#[test]
fn each_fault_fits_the_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = fs::read_dir(root.join("tests/faults")).unwrap().map(|entry| entry.unwrap().path());
    let faults: Vec<PathBuf> = names.filter(|path| path.extension().is_some_and(|e| e == "fault")).collect();
    assert!(faults.len() >= 25, "{} faults, 25 at least", faults.len());
    for path in faults {
        let fault = fs::read_to_string(&path).unwrap();
        let (head, change) = fault.split_once("\n--- was\n").expect("the text before");
        let (was, _) = change.split_once("\n--- is\n").expect("the text after");
        let file = head.lines().find_map(|line| line.strip_prefix("file ")).expect("the file");
        let times = fs::read_to_string(root.join(file)).unwrap().matches(was).count();
        assert_eq!(times, 1, "{}: its text stands in {file} {times} times", path.display());
    }
}
