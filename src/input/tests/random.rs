//! From any bytes to records: nothing panics, nothing is lost, and every reading is the same.

use super::*;
use proptest::prelude::*;

/// Pieces that lead into every corner of the readers, mixed with any bytes.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\\",
        "\n",
        "\r\n",
        " ",
        "null",
        "1",
        "\u{feff}",
        "\0",
        "{\"text\":\"a\"}",
        "{\"id\":1,\"text\":\"b\"}\n",
        "\"items\":[",
        "\"text\":\"",
        "Date: ",
        "дом",
        "<nitf>",
        "<p>",
        "</p>",
        "&amp;",
        "<!doctype html>",
        "<newsItem guid=\"a\"><contentSet><inlineData>",
        "<rss><channel><item><title>",
        "\u{1}a0001\n\u{2}",
        "\u{3}",
        "^By A<",
        "WARC/1.0\r\nContent-Length: 9\r\n\r\n",
        "PK\u{3}\u{4}",
        "id,text\n",
    ];
    let piece = prop_oneof![
        4 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const NAMES: [&str; 10] =
    ["a.jsonl", "b.json", "c.txt", "d", "e.xml", "f.html", "g.anpa", "h.csv", "i.warc", "j.zip"];

type Plain = (usize, usize, std::result::Result<Story, String>);

fn compared(files: &Files, wanted: &(dyn Fn(usize) -> bool + Sync)) -> Vec<Plain> {
    let plain = |(block, index, record): (usize, usize, Result<Story>)| {
        (block, index, record.map_err(|error| error.to_string()))
    };
    numbered(files, wanted).into_iter().map(plain).collect()
}

proptest! {
    // Each case writes files and reads them six times over.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_the_same_each_time(bytes in bytes(), packed in any::<bool>()) {
        let folder = Folder::new(&[]);
        for name in NAMES {
            folder.write(name, &if packed { zstd::encode_all(bytes.as_slice(), 1).unwrap() } else { bytes.clone() });
        }
        for name in NAMES {
            for limits in [Limits::default(), Limits { block: 16, record: 40 }] {
                let files = open_limited(&folder.file(name), limits);
                let mut first = compared(&files, &|_| true);
                prop_assert_eq!(&first, &compared(&files, &|_| true));
                prop_assert!(name != "c.txt" || !first.is_empty());
                let wanted = |number: usize| number % 3 == 1;
                first.retain(|(number, ..)| wanted(*number));
                prop_assert_eq!(first, compared(&files, &wanted));
            }
        }
    }

    #[test]
    fn every_line_ends_as_a_story_or_an_error(lines in proptest::collection::vec("[ -z{|}~é]{0,30}", 0..20)) {
        // A first line that no other reading of the file can claim.
        let text = format!("{{\"text\":\"first\"}}\n{}", lines.join("\n"));
        let folder = Folder::new(&[("a.jsonl", text.as_bytes())]);
        let expected = 1 + lines.iter().filter(|line| !line.trim().is_empty()).count();
        for limits in [Limits::default(), SMALL, Limits { block: 1, record: 256 }] {
            prop_assert_eq!(records(&open_limited(&folder.file("a.jsonl"), limits)).len(), expected);
        }
    }
}

#[test]
fn blocks_end_where_they_do_whatever_was_skipped() {
    let lines = "\n{\"text\":\"a\"}{\"id\":1,,\"text\":\"b\"}\n{\n";
    let folder = Folder::new(&[("a.jsonl", lines.as_bytes())]);
    let files = open_limited(&folder.file("a.jsonl"), Limits { block: 16, record: 40 });
    let mut all = compared(&files, &|_| true);
    all.retain(|(number, ..)| *number > 0);
    assert_eq!(compared(&files, &|number| number > 0), all);
}
