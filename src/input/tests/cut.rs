//! From the forms of one story, cut anywhere or under any name, to records: never to nothing.

use super::*;

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

#[test]
fn a_form_cut_anywhere_is_a_story_or_told() {
    for (name, bytes) in fixtures() {
        let (folder, steps) = (Folder::new(&[]), 40);
        for step in 0..=steps {
            folder.write(&name, &bytes[..bytes.len() * step / steps]);
            let files = open(&[folder.file(&name)]);
            let first = shown(&files);
            assert!(!first.is_empty(), "{name} at {step}");
            assert_eq!(first, shown(&files), "{name} at {step}");
            // Where the form says that it has ended, what lacks its end is no story.
            let is_open = [".txt", ".html", ".csv"].iter().any(|end| name.ends_with(end));
            let is_whole = !first[0].starts_with("ERR");
            assert!(is_open || !is_whole || step * 10 > steps * 9, "{name} at {step}: {first:?}");
        }
    }
}

/// Of plain text and tables the name says what they are; all else is known under any name.
#[test]
fn a_form_is_known_under_the_name_of_any_other() {
    let silent = ["01.txt", "19.csv"];
    for (name, bytes) in fixtures().into_iter().filter(|(name, _)| !silent.contains(&name.as_str())) {
        let own = shown_file(&name, &bytes);
        for other in [
            "a.txt",
            "a.json",
            "a.jsonl",
            "a.xml",
            "a.html",
            "a.csv",
            "a.anpa",
            "a.warc",
            "a.parquet",
            "a.zip",
            "a",
        ] {
            let under = shown_file(other, &bytes);
            assert_eq!(under.len(), own.len(), "{name} as {other}: {under:?}");
            let told = |line: &String| line.starts_with("ERR");
            assert!(!under.iter().any(told), "{name} as {other}: {under:?}");
        }
    }
}
