//! From folders, names and standard input to the files that are read.

use super::*;
use crate::error::ErrorKind;

#[test]
fn a_folder_is_walked_in_order_and_the_rest_is_counted() {
    let folder = Folder::new(&[
        ("b.txt", b"B"),
        ("a/z.txt", b"Z"),
        ("a/y.jsonl", b"{\"text\":\"y\"}\n"),
        ("a.md", b"notes"),
        ("a/pic.png", b"\x89PNG\0"),
        (".hidden.txt", b"no"),
        (".git/c.txt", b"no"),
        ("UP.TXT", b"U"),
    ]);
    let files = folder.open();
    assert_eq!(shown(&files), ["UP.TXT|U|", "a/y.jsonl:1||y", "a/z.txt|Z|", "b.txt|B|"]);
    assert_eq!(files.passed_over(), [folder.file("a/pic.png"), folder.file("a.md")]);
    let sizes = [1, 13, 1, 1];
    assert_eq!(files.size_hint(), Some(sizes.iter().sum()));
}

#[test]
fn progress_accounts_for_every_byte() {
    let folder = Folder::new(&[
        ("a.txt", b"A"),
        ("b.jsonl", b"{\"text\":\"y\"}\n"),
        ("c.json", b"[]"),
        ("d.txt", b"DD"),
    ]);
    let files = folder.open();
    let bytes: u64 = files.blocks(&|_| true).map(|block| block.bytes).sum();
    assert_eq!(Some(bytes), files.size_hint());
}

#[test]
fn a_file_is_read_once_however_it_is_named() {
    let folder = Folder::new(&[("a.txt", b"A"), ("b.txt", b"B")]);
    let again = folder.path().join("sub/../b.txt");
    fs::create_dir(folder.file("sub")).unwrap();
    let files = open(&[again, folder.path(), folder.file("a.txt"), folder.path()]);
    assert_eq!(shown(&files), ["b.txt|B|", "a.txt|A|"]);
}

#[cfg(unix)]
#[test]
fn loops_of_links_are_passed_over_and_dead_links_reported() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("a/one.txt", b"One")]);
    symlink(folder.path(), folder.file("a/loop")).unwrap();
    symlink(folder.file("nowhere"), folder.file("b.txt")).unwrap();
    symlink(folder.file("nowhere"), folder.file("b.dat")).unwrap();
    let shown = shown(&folder.open());
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert_eq!(shown[0], "a/one.txt|One|");
    assert!(shown[1].starts_with("ERR b.txt:0 cannot open: "), "{shown:?}");
}

#[test]
fn a_folder_without_stories_and_a_path_without_a_file_are_errors() {
    let folder = Folder::new(&[("a.md", b"notes")]);
    let error = Files::open(&[folder.path()], Fields::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    let expected = format!(
        "no stories in {}: expected .txt, .json, .jsonl, .xml, .html, .csv, .parquet or .warc files and their like, also .gz, .zst, .bz2, .xz, .zip and .tar",
        folder.path().display()
    );
    assert_eq!(error.to_string(), expected);
    let error = Files::open(&[folder.file("gone.txt")], Fields::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("gone.txt"), "{error}");
}

#[test]
fn label_files_are_passed_over() {
    let labels = b"{\"a\": \"x\", \"b\": \"y\", \"label\": 1}\n";
    let folder = Folder::new(&[("labels.jsonl", labels), ("s.jsonl", b"{\"text\":\"t\"}")]);
    let files = folder.open();
    assert_eq!(shown(&files), ["s.jsonl:1||t"]);
    assert_eq!(files.passed_over(), [folder.file("labels.jsonl")]);
    let story = b"{\"a\":1,\"b\":2,\"label\":3,\"text\":\"kept\"}";
    assert_eq!(shown_file("odd.jsonl", story), ["odd.jsonl:1||kept"]);
    let only = Folder::new(&[("labels.jsonl", labels)]);
    assert!(Files::open(&[only.path()], Fields::default()).unwrap_err().message().starts_with("no stories"));
}

#[test]
fn a_named_file_of_another_extension_is_judged_by_content() {
    assert_eq!(shown_file("a.dat", b" [{\"text\":\"t\"}]"), ["a.dat:1||t"]);
    assert_eq!(shown_file("a", b"{\"text\":\"t\"}\n{\"text\":\"u\"}\n"), ["a:1||t", "a:2||u"]);
    assert_eq!(shown_file("a.md", b"Head\nBody"), ["a.md|Head|Body"]);
    let binary = shown_file("a.bin", b"\x7fELF\0\0");
    assert_eq!(
        binary,
        ["ERR a.bin:0 binary file: expected text, found NUL bytes; leave it out or convert it to UTF-8"]
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_above_is_not_followed() {
    let folder = Folder::new(&[("out.txt", b"Out"), ("in/t.txt", b"T"), ("in/s/u.txt", b"U")]);
    std::os::unix::fs::symlink("..", folder.file("in/a")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.file("in/s/b")).unwrap();
    assert_eq!(shown(&open(&[folder.file("in")])), ["s/u.txt|U|", "t.txt|T|"]);
    assert_eq!(shown(&folder.open()), ["in/s/u.txt|U|", "in/t.txt|T|", "out.txt|Out|"]);
}

#[test]
fn standard_input_is_read_more_than_once() {
    let input: &[u8] = b"{\"text\":\"t\"}\n{\"id\":7,\"text\":\"u\"}\n";
    let of = |mut input: &[u8]| {
        let paths = [PathBuf::from("-"), PathBuf::from("-")];
        Files::open_with(&paths, Fields::default(), &mut input, Limits::default()).unwrap()
    };
    let files = of(input);
    assert_eq!(shown(&files), ["-:1||t", "7||u"]);
    assert_eq!(shown(&files), ["-:1||t", "7||u"]);
    assert_eq!(files.size_hint(), Some(input.len() as u64));
    // Two readings at a time do not move each other.
    let (mut one, mut two) = (files.blocks(&|_| true), files.blocks(&|_| true));
    assert_eq!(one.next().map(|block| block.bytes), two.next().map(|block| block.bytes));
    assert_eq!(shown(&of(b"Head\n\nBody\n")), ["-|Head|Body"]);
    assert_eq!(shown(&of(b"")), ["ERR -:0 expected a story, found none in the file; leave it out"]);
    let packed = zstd::encode_all(input, 3).unwrap();
    assert_eq!(shown(&of(&packed)), ["-:1||t", "7||u"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_more_than_once() {
    let folder = Folder::new(&[]);
    let pipe = folder.file("pipe.jsonl");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::write(pipe, b"{\"id\":\"p\",\"text\":\"t\"}\n").unwrap())
    };
    let files = open(&[pipe]);
    writer.join().unwrap();
    assert_eq!(shown(&files), ["p||t"]);
    assert_eq!(shown(&files), ["p||t"]);
}

#[test]
fn many_texts_make_few_blocks() {
    let folder = Folder::new(&[]);
    for n in 0..130 {
        folder.write(&format!("{n:03}.txt"), b"Head\nBody");
    }
    let all = numbered(&folder.open(), &|_| true);
    assert_eq!(all.len(), 130);
    assert_eq!((all[129].0, all[129].1), (2, 1));
    assert_eq!(all[129].2.as_ref().unwrap().id, "129.txt");
}

#[test]
fn later_readings_pass_over_blocks_and_keep_their_numbers() {
    // Every other story is named by its line, which a block that was skipped to must know too.
    let key = |n: usize| if n.is_multiple_of(2) { "id" } else { "n" };
    let line = |n: usize| format!("{{\"{}\":\"s{n}\",\"text\":\"some words\"}}\n", key(n));
    let text: String = (0..200).map(line).collect();
    let packed = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let folder = Folder::new(&[
        ("a.jsonl", text.as_bytes()),
        ("b.jsonl.zst", &packed),
        ("c.json", format!("[{}]", text.trim().replace('\n', ",\n")).as_bytes()),
        ("d.txt", b"D"),
    ]);
    let files = open_limited(&folder.path(), SMALL);
    let all = numbered(&files, &|_| true);
    assert_eq!(all.len(), 601);
    let last = all[600].0;
    assert!(last > 100);
    for want in [&[0][..], &[1, 57], &[last], &[40, 41, last - 1], &[]] {
        let some = numbered(&files, &|number| want.contains(&number));
        let expected: Vec<_> = all.iter().filter(|(number, ..)| want.contains(number)).collect();
        assert_eq!(some.len(), expected.len(), "{want:?}");
        for (one, other) in some.iter().zip(expected) {
            assert_eq!((one.0, one.1), (other.0, other.1));
            assert_eq!(one.2.as_ref().unwrap(), other.2.as_ref().unwrap());
        }
        // A first reading that passes blocks over numbers them alike.
        let fresh = numbered(&open_limited(&folder.path(), SMALL), &|number| want.contains(&number));
        assert_eq!(fresh.len(), some.len());
    }
}

#[test]
fn a_file_that_shrinks_does_not_renumber_what_follows() {
    let line = "{\"text\":\"some words of a story that fill a small block\"}\n";
    let folder = Folder::new(&[("a.jsonl", line.repeat(20).as_bytes()), ("b.txt", b"B")]);
    let files = open_limited(&folder.path(), SMALL);
    let before = numbered(&files, &|_| true);
    folder.write("a.jsonl", line.as_bytes());
    let after = numbered(&files, &|_| true);
    assert_eq!(after.len(), 2);
    assert_eq!(after.last().unwrap().0, before.last().unwrap().0);
}
