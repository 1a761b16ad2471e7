//! From packed, cut, damaged and overlong input to the stories that can be saved.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 3).unwrap()
}

/// Lines that do not shrink much when packed, so that a cut loses only the last ones.
fn lines() -> String {
    let noise = |n: u64| (0..40).map(|k| crate::hash::finalise(n * 40 + k).to_string()).collect::<String>();
    let story = |n| format!("{{\"id\":\"s{n}\",\"text\":\"{}\"}}\n", noise(n));
    (0..2000).map(story).collect::<Vec<_>>().concat()
}

#[test]
fn packed_files_are_known_by_extension_and_by_content() {
    let text = b"{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\"}\n";
    let twice: Vec<u8> = [gzip(&text[..20]), gzip(&text[20..])].concat();
    for (name, bytes) in [
        ("s.jsonl.gz", gzip(text)),
        ("s.jsonl.zst", zstd(text)),
        ("s.JSONL.GZ", twice),
        ("s.jsonl", zstd(text)),
        ("s.json", gzip(b"[{\"id\":1,\"text\":\"a\"},{\"id\":2,\"text\":\"b\"}]")),
    ] {
        assert_eq!(shown_file(name, &bytes), ["1||a", "2||b"], "{name}");
    }
    assert_eq!(shown_file("s.txt.gz", &gzip(b"Head\nBody")), ["s.txt.gz|Head|Body"]);
    let folder = Folder::new(&[("s.txt.zst", &zstd(b"Head")), ("pic.gz", &gzip(b"x"))]);
    assert_eq!(shown(&folder.open()), ["s.txt.zst|Head|"]);
    assert_eq!(folder.open().passed_over(), [folder.file("pic.gz")]);
}

#[test]
fn a_cut_file_keeps_what_came_and_ends_with_one_error() {
    let text = lines();
    let array = format!("[{}]", text.trim().replace('\n', ","));
    for (name, packed, form) in [
        ("s.jsonl.gz", gzip(text.as_bytes()), "gzip"),
        ("s.jsonl.zst", zstd(text.as_bytes()), "zstd"),
        ("s.json.gz", gzip(array.as_bytes()), "gzip"),
    ] {
        let shown = shown_file(name, &packed[..packed.len() * 3 / 4]);
        let (last, stories) = shown.split_last().unwrap();
        assert!(stories.len() > 1000, "{name}: {}", stories.len());
        assert!(stories.iter().enumerate().all(|(n, line)| line.starts_with(&format!("s{n}||"))));
        assert!(last.contains(&format!("expected more {form} data after ")), "{last}");
        assert!(last.ends_with("found the end; the file is cut short; fetch it again"), "{last}");
    }
    let text = shown_file("s.txt.gz", &gzip(text.as_bytes())[..1000]);
    assert!(text.len() == 1 && text[0].starts_with("ERR s.txt.gz:0 expected more gzip data"), "{text:?}");
}

#[test]
fn a_damaged_file_keeps_what_came() {
    let mut packed = gzip(lines().as_bytes());
    let length = packed.len();
    packed[length - 6] ^= 0xff;
    let shown = shown_file("s.jsonl.gz", &packed);
    assert_eq!(shown.len(), 2001);
    assert!(shown[2000].contains("expected sound gzip data"), "{}", shown[2000]);
    let plain = shown_file("s.jsonl.gz", b"{\"text\":\"a\"}");
    assert!(plain.len() == 1 && plain[0].starts_with("ERR s.jsonl.gz:1 expected sound gzip"), "{plain:?}");
    let nothing = shown_file("s.jsonl.gz", b"");
    assert!(nothing.len() == 1 && nothing[0].contains("cut short"), "{nothing:?}");
}

#[test]
fn an_overlong_line_is_an_error_and_reading_goes_on() {
    let story = |id: &str, length: usize| format!("{{\"id\":\"{id}\",\"text\":\"{}\"}}", "x".repeat(length));
    for long in [237, 300, 1000, 5000] {
        let items = [story("a", 10), story("long", long), story("b", 10), story("c", 200)];
        let folder = Folder::new(&[
            ("s.jsonl", items.join("\n").as_bytes()),
            ("t.json", format!("[{}]", items.join(",\n")).as_bytes()),
        ]);
        let shown = shown(&open_limited(&folder.path(), SMALL));
        let length = items[1].len();
        for (name, of) in [("s.jsonl", &shown[..4]), ("t.json", &shown[4..])] {
            assert!(
                of[0].starts_with("a||x") && of[2].starts_with("b||x") && of[3].starts_with("c||x"),
                "{of:?}"
            );
            let expected = format!(
                "ERR {name}:2 expected at most 256 bytes in one story, found {length}; split it or take it out"
            );
            assert_eq!(of[1], expected);
        }
    }
    let folder =
        Folder::new(&[("s.jsonl", story("long", 5000).as_bytes()), ("s.txt", "x".repeat(900).as_bytes())]);
    let shown = shown(&open_limited(&folder.path(), SMALL));
    assert!(shown[0].contains("found 5023;") && shown[1].contains("found 900;"), "{shown:?}");
}

#[test]
fn binary_texts_are_errors_with_their_path() {
    let folder =
        Folder::new(&[("a.txt", b"\x89PNG\r\n\0\0"), ("b.txt", b"Fine"), ("c.jsonl", b"\x89PNG\0\0")]);
    let shown = shown(&folder.open());
    assert_eq!(shown.len(), 3);
    assert!(shown[0].starts_with("ERR a.txt:0 binary file: "), "{shown:?}");
    assert_eq!(shown[1], "b.txt|Fine|");
    assert!(shown[2].starts_with("ERR c.jsonl:0 binary file: "), "{shown:?}");
    let noise: Vec<u8> = (0..400_u32).map(|i| ((i * 167 + 40) % 251 + 1) as u8).collect();
    assert!(
        shown_file("s.txt", &noise)[0].starts_with("ERR s.txt:0 binary file: "),
        "{:?}",
        shown_file("s.txt", &noise)
    );
    let stray = shown_file("s.txt", "Заголовок\n\nТекст \u{1}".replace('\u{1}', "?").as_bytes());
    assert_eq!(stray, ["s.txt|Заголовок|Текст ?"]);
    let bad = ["Заголовок\n\nТекст ".as_bytes(), b"\xff"].concat();
    assert!(shown_file("s.txt", &bad)[0].starts_with("ERR s.txt:3 not UTF-8 at byte 32;"));
}
