//! From WARC and tables, whole and damaged, to the stories that can be saved.

use super::*;

pub(super) fn record(kind: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://www.post.example/a\r\nWARC-Date: 2024-01-15T10:00:00Z\r\n\
         Content-Length: {}\r\n\r\n",
        payload.len()
    );
    [head.as_bytes(), payload, b"\r\n\r\n"].concat()
}

pub(super) fn reply(headers: &str, body: &[u8]) -> Vec<u8> {
    record("response", &[format!("HTTP/1.1 {headers}\r\n\r\n").as_bytes(), body].concat())
}

const TEXT: &str = "The last ferry on the line sailed on Friday with two cows and a band, and nobody knows how the post will come.";

fn page(text: &str) -> String {
    format!("<html><head><title>Head</title></head><body><article><p>{text}</p></article></body></html>")
}

#[cfg(feature = "pages")]
#[test]
fn pages_are_found_among_all_that_a_crawler_met() {
    let html = page(TEXT);
    let chunked = format!("{:x}\r\n{html}\r\n0\r\n\r\n", html.len());
    let warc = [
        record("warcinfo", b"software: x\r\n"),
        record("request", b"GET / HTTP/1.1\r\n\r\n"),
        reply("200 OK\r\nContent-Type: text/html", html.as_bytes()),
        reply("404 Not Found\r\nContent-Type: text/html", html.as_bytes()),
        reply("200 OK\r\nContent-Type: image/png", b"\x89PNG"),
        reply("200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked", chunked.as_bytes()),
        reply(
            "200 OK\r\nContent-Type: text/html; charset=windows-1251",
            &[page("").as_bytes(), b"\xc4\xee\xec"].concat(),
        ),
    ]
    .concat();
    let folder = Folder::new(&[("a.warc", &warc)]);
    for limits in [Limits::default(), Limits { block: 64, record: 4096 }] {
        let stories = records(&open_limited(&folder.file("a.warc"), limits));
        let bodies: Vec<String> =
            stories.into_iter().map(|s| s.map_or_else(|error| error.to_string(), |s| s.body)).collect();
        assert_eq!(bodies.len(), 3, "{bodies:?}");
        assert_eq!((bodies[0].as_str(), bodies[1].as_str(), bodies[2].as_str()), (TEXT, TEXT, "Дом"));
    }
    let story = records(&folder.open()).remove(0).unwrap();
    assert_eq!((story.id.as_str(), story.source.as_str()), ("https://www.post.example/a", "post.example"));
    assert_eq!(story.time.unwrap().to_string(), "2024-01-15T10:00:00Z");
}

#[test]
fn a_text_made_of_a_page_keeps_its_address() {
    let text = record("conversion", format!("Head\n{TEXT}\n").as_bytes());
    let typed = String::from_utf8(text)
        .unwrap()
        .replace("\r\nContent-L", "\r\nContent-Type: text/plain\r\nContent-L");
    let story = records(&Folder::new(&[("a.warc", typed.as_bytes())]).open()).remove(0).unwrap();
    let address = "https://www.post.example/a";
    assert_eq!([&*story.id, &*story.url, &*story.headline], [address, address, "Head"]);
}

#[test]
fn a_reply_in_json_is_read_where_it_is_a_story() {
    let json = "200 OK\r\nContent-Type: application/json; charset=utf-8";
    let article = |text: &str| format!("{{\"headline\":\"Ferry stops\",\"articleBody\":\"{text}\"}}");
    let long = [TEXT; 3].join(" ");
    let warc = [
        reply(json, article(&long).as_bytes()),
        reply(json, article("See below.").as_bytes()),
        reply(json, b"{\"title\":\"x\",\"items\":[]}"),
        reply(&json.replace("200 OK", "404 Not Found"), article(&long).as_bytes()),
    ]
    .concat();
    let mut stories = records(&Folder::new(&[("a.warc", &warc)]).open());
    assert_eq!(stories.len(), 1);
    let story = stories.remove(0).unwrap();
    assert_eq!([&*story.id, &*story.headline], ["https://www.post.example/a", "Ferry stops"]);
    assert_eq!((story.body, story.time.is_some()), (long, true));
}

#[cfg(feature = "pages")]
#[test]
fn what_a_page_says_of_its_time_goes_before_that_of_the_crawl() {
    let dated = page(TEXT).replace(
        "</head>",
        "<meta property=\"article:published_time\" content=\"2024-01-12T08:00:00Z\"></head>",
    );
    let folder = Folder::new(&[("a.warc", &reply("200 OK\r\nContent-Type: text/html", dated.as_bytes()))]);
    let story = records(&folder.open()).remove(0).unwrap();
    assert_eq!(story.time.unwrap().to_string(), "2024-01-12T08:00:00Z");
}

#[test]
fn a_damaged_warc_is_told_with_the_number_of_the_record() {
    let good = reply("200 OK\r\nContent-Type: text/html", page(TEXT).as_bytes());
    let told = |bytes: &[u8]| shown_file("a.warc", bytes).pop().unwrap();
    assert!(
        told(&[&good[..], b"rubbish"].concat())
            .starts_with("ERR a.warc:2 expected a WARC record, found `rubbish`")
    );
    assert!(told(&good[..good.len() - 50]).contains("more bytes of the record, found the end"));
    assert!(told(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n").contains("with a Content-Length"));
    let folder = Folder::new(&[("a.warc", &good)]);
    let long = shown(&open_limited(&folder.file("a.warc"), SMALL));
    assert!(long[0].starts_with("ERR a.warc:1 expected at most 256 bytes in one story"), "{long:?}");
}

#[test]
fn a_row_is_a_story_and_a_bad_row_is_told() {
    let csv = b"id,Title,text,published\r\n1,\"A, b\",\"One\r\ntwo \"\"x\"\"\",2024-01-15\r\n2,short\r\n3,,,\r\n4,\xd0\x94\xd0\xbe\xd0\xbc,bad \xff,\r\n5,E,five,\r\n";
    let shown = shown_file("a.csv", csv);
    assert_eq!(shown[0], "1|A, b|One\r\ntwo \"x\"");
    assert!(shown[1].starts_with("ERR a.csv:4 expected 4 fields as in the header, found 2"), "{shown:?}");
    assert_eq!(shown[2], "3||");
    assert!(shown[3].starts_with("ERR a.csv:6 expected text in the charset"), "{shown:?}");
    assert_eq!(shown[4], "5|E|five");
    assert_eq!(shown_file("a.tsv", b"id\ttext\n1\ta,b\n"), ["1||a,b"]);
    assert_eq!(shown_file("a.csv", b"id|text\n1|a,b\n"), ["1||a,b"]);
    assert_eq!(shown_file("a.csv", b"text\nno id\n"), ["a.csv:2||no id"]);
    let none = shown_file("a.csv", b"id,words\n1,a\n");
    assert!(none.len() == 1 && none[0].starts_with("ERR a.csv:1 expected a text field"), "{none:?}");
}

#[test]
fn a_quote_without_its_fellow_does_not_fill_the_memory() {
    let csv = format!("id,text\n1,\"{}", "words and\n".repeat(20_000));
    let folder = Folder::new(&[("a.csv", csv.as_bytes())]);
    let shown = shown(&open_limited(&folder.file("a.csv"), SMALL));
    assert!(shown.len() == 1 && shown[0].contains("expected at most 256 bytes in one story"), "{shown:?}");
}

#[test]
fn a_table_cut_inside_quotes_is_told() {
    let cut = "expected the quote that closes a field, found the end of the file";
    for end in ["and so", "and so\n", "and so\r\nmore,\r\n"] {
        let shown = shown_file("a.csv", format!("id,text\r\n1,one\r\n2,\"two {end}").as_bytes());
        assert_eq!(shown[0], "1||one");
        assert!(shown[1].starts_with(&format!("ERR a.csv:3 {cut}")), "{shown:?}");
        assert_eq!(shown.len(), 2);
    }
    let header = shown_file("a.csv", b"id,\"text");
    assert!(header[0].starts_with(&format!("ERR a.csv:1 {cut}")), "{header:?}");
    assert_eq!(shown_file("a.csv", b"id,text\n1,5\" pipe\n2,\"a\"\n"), ["1||5\" pipe", "2||a"]);
    assert_eq!(shown_file("a.csv", b"text\n\"one\""), ["a.csv:2||one"]);
    // The mark behind the file means nothing inside it.
    let marked = shown_file("a.csv", b"text\n\x01end\x01\n\"two\x01end\x01\"\n\r\n\n");
    assert_eq!(marked, ["a.csv:2||\u{1}end\u{1}", "a.csv:3||two\u{1}end\u{1}"]);
}

#[test]
fn a_file_without_stories_is_told() {
    for (name, bytes) in [
        ("a.csv", &b"id,text\r\n"[..]),
        ("a.csv", b""),
        ("a.jsonl", b"\n \n"),
        ("a.json", b" [ ]\n"),
        ("a.json", b"{\"items\":[]}"),
        ("a.txt", b" \r\n"),
        ("a.xml", b""),
        ("a.warc", b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
    ] {
        assert_eq!(
            shown_file(name, bytes),
            [format!("ERR {name}:0 expected a story, found none in the file; leave it out")]
        );
    }
}

#[cfg(feature = "pages")]
#[test]
fn a_page_may_begin_with_any_element() {
    let bare = format!("<title>Head</title><article><h1>Head</h1><p>{TEXT}</p></article>");
    assert_eq!(shown_file("a.html", bare.as_bytes()), [format!("a.html|Head|{TEXT}")]);
    assert!(shown_file("a.xml", bare.as_bytes())[0].contains("found the root <title>"));
    assert!(shown_file("a.html", b"Just words.")[0].starts_with("ERR a.html:1 expected NITF"));
}

#[cfg(feature = "pages")]
#[test]
fn a_warc_goes_on_behind_a_record_that_cannot_be_cut() {
    let good = reply("200 OK\r\nContent-Type: text/html", page(TEXT).as_bytes());
    let bad = b"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n\r\n";
    let shown = shown_file("a.warc", &[&good[..], bad, &good].concat());
    assert_eq!(shown.len(), 3, "{shown:?}");
    assert!(shown[1].starts_with("ERR a.warc:2 expected the headers of a WARC record"), "{shown:?}");
    assert!(!shown[2].starts_with("ERR"), "{shown:?}");
}

#[test]
fn named_fields_hold_for_tables_too() {
    let folder = Folder::new(&[("a.csv", b"key,words,text\n1,these,not these\n")]);
    let fields = Fields { id: Some("key".into()), text: Some("WORDS".into()), ..Fields::default() };
    let files = Files::open(&[folder.file("a.csv")], fields).unwrap();
    assert_eq!(shown(&files), ["1||these"]);
}

#[test]
fn later_readings_give_the_same_rows_and_pages() {
    let rows: Vec<String> = (0..200).map(|n| format!("{n},some words of a story\n")).collect();
    let csv = format!("id,text\n{}", rows.concat());
    let warc = reply("200 OK\r\nContent-Type: text/html", page(TEXT).as_bytes()).repeat(20);
    let folder = Folder::new(&[("a.csv", csv.as_bytes()), ("b.warc", &warc), ("c.txt", b"C")]);
    let files = open_limited(&folder.path(), Limits { block: 64, record: 4096 });
    let all = numbered(&files, &|_| true);
    let last = all.last().unwrap().0;
    assert!(last > 30, "{last}");
    for want in [&[3][..], &[last], &[0, last - 1]] {
        let some = numbered(&files, &|number| want.contains(&number));
        let expected: Vec<_> = all.iter().filter(|(number, ..)| want.contains(number)).collect();
        assert_eq!(some.len(), expected.len(), "{want:?}");
        for (one, other) in some.iter().zip(expected) {
            assert_eq!((one.0, one.1, one.2.as_ref().ok()), (other.0, other.1, other.2.as_ref().ok()));
        }
    }
}

/// A Parquet file of two rows and one column, which has a dictionary.
#[cfg(feature = "parquet")]
fn two_rows() -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType};
    use parquet::file::writer::SerializedFileWriter;
    let schema =
        parquet::schema::parser::parse_message_type("message s { required binary text (string); }").unwrap();
    let mut file = SerializedFileWriter::new(Vec::new(), schema.into(), std::sync::Arc::default()).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let words = [ByteArray::from("one"), ByteArray::from("two")];
    column.typed::<ByteArrayType>().write_batch(&words, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    file.into_inner().unwrap()
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_file_with_any_byte_changed_is_read_or_told() {
    let whole = two_rows();
    assert_eq!(shown_file("a.parquet", &whole), ["a.parquet:1||one", "a.parquet:2||two"]);
    let folder = Folder::new(&[("a.parquet", b"")]);
    for place in 0..whole.len() {
        for bit in [0, 3, 7] {
            let mut changed = whole.clone();
            changed[place] ^= 1 << bit;
            folder.write("a.parquet", &changed);
            let told = records(&open(&[folder.file("a.parquet")]));
            assert!(
                told.iter().filter_map(|record| record.as_ref().err()).all(|error| error.place().is_some())
            );
        }
    }
}

/// What is told of [`two_rows`] when the head of its dictionary page, in Thrift a struct that opens
/// with the number of values (2), an encoding and whether it is sorted, is replaced.
#[cfg(feature = "parquet")]
fn told_with_head(other: [u8; 6]) -> String {
    const HEAD: [u8; 6] = [0x4c, 0x15, 4, 0x15, 0, 0x12];
    let mut file = two_rows();
    let head = file.windows(HEAD.len()).position(|bytes| bytes == HEAD).unwrap();
    file[head..head + HEAD.len()].copy_from_slice(&other);
    let folder = Folder::new(&[("a.parquet", &file)]);
    let told = records(&open(&[folder.file("a.parquet")]));
    let [Err(error)] = &told[..] else { panic!("{told:?}") };
    error.to_string()
}

/// The crate would make room for all values that a dictionary claims.
#[cfg(feature = "parquet")]
#[test]
fn a_dictionary_of_more_values_than_bytes_is_told() {
    let told = told_with_head([0x4c, 0x15, 126, 0x15, 0, 0x12]);
    assert!(told.contains("a dictionary of 63 values in 14 bytes"), "{told}");
}

/// The crate would look for two million numbers of eight bytes beyond the end, one by one.
#[cfg(feature = "parquet")]
#[test]
fn a_page_that_claims_more_than_the_file_has_is_told() {
    let told = told_with_head([0xf9, 0xf7, 0xff, 0xff, 0x7f, 0]);
    assert!(told.contains("the file is cut short"), "{told}");
}
