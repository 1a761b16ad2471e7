//! From one story in each of twenty forms to one cluster of twenty, and from a broken twin of
//! each to a line that names it.

use crate::damaged::gzip;
use crate::scratch::{Outcome, Scratch};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms").join(name)).unwrap()
}

/// A record as a crawler writes it.
pub(crate) fn warc_record(url: &str, page: &[u8]) -> Vec<u8> {
    let reply = [b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n", page].concat();
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2023-10-14T01:00:00Z\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        reply.len()
    );
    [head.as_bytes(), &reply, b"\r\n\r\n"].concat()
}

/// Records packed one by one, after one that says how they were made.
fn warc(url: &str, page: &[u8]) -> Vec<u8> {
    let info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\nx: y\r\n\r\n";
    [gzip(info), gzip(&warc_record(url, page))].concat()
}

pub(crate) fn table(columns: &[(&str, &str)]) -> Vec<u8> {
    let fields: Vec<String> =
        columns.iter().map(|(name, _)| format!("required binary {name} (string);")).collect();
    let fields = fields.concat();
    let schema = Arc::new(parse_message_type(&format!("message stories {{ {fields} }}")).unwrap());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut values = columns.iter();
    while let Some(mut column) = group.next_column().unwrap() {
        let value = ByteArray::from(values.next().unwrap().1);
        column.typed::<ByteArrayType>().write_batch(&[value], None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.into_inner().unwrap()
}

const WRITTEN: [&str; 18] = [
    "01.txt",
    "02.jsonl",
    "03.json",
    "04-ninjs1.json",
    "05-ninjs2.json",
    "06-ninjs3.json",
    "07-newsml-g2.xml",
    "08-newsmessage.xml",
    "09-newsml1.xml",
    "10-nitf.xml",
    "11-nitf-ns.nitf",
    "12-iptc7901.txt",
    "13-anpa.anpa",
    "14-rss.xml",
    "15-atom.xml",
    "16-feed.json",
    "17.html",
    "19.csv",
];

/// One story in twenty forms, as files of a folder.
fn twenty() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> =
        WRITTEN.iter().map(|name| ((*name).to_owned(), fixture(name))).collect();
    let page = fixture("17.html");
    files.push(("18.warc.gz".into(), warc("https://fjord.example/ferry", &page)));
    let text = String::from_utf8(fixture("01.txt")).unwrap();
    let body = text.split_once("\r\n\r\n").unwrap().1;
    let story = [("id", "form-20-parquet"), ("text", body), ("date", "2023-10-13T19:50:00Z")];
    files.push(("20.parquet".into(), table(&story)));
    files
}

/// A broken twin of each.
fn broken() -> Vec<(String, Vec<u8>)> {
    let cut = |name: &str| {
        let whole = fixture(name);
        whole[..whole.len() / 2].to_vec()
    };
    let changed = |name: &str, from: &str, to: &str| {
        let text = String::from_utf8_lossy(&fixture(name)).into_owned();
        assert!(text.contains(from), "{name}");
        text.replace(from, to).into_bytes()
    };
    let packed = warc("https://fjord.example/ferry", &fixture("17.html"));
    let columns = table(&[("id", "x"), ("text", "y")]);
    [
        ("01.txt", b"\x89PNG\r\n\0\0".to_vec()),
        ("02.jsonl", cut("02.jsonl")),
        ("03.json", cut("03.json")),
        ("04-ninjs1.json", br#"{"uri":"x","pubstatus":"usable","urgency":4}"#.to_vec()),
        ("05-ninjs2.json", cut("05-ninjs2.json")),
        ("06-ninjs3.json", changed("06-ninjs3.json", "\"usable\"", "usable")),
        ("07-newsml-g2.xml", cut("07-newsml-g2.xml")),
        (
            "08-newsmessage.xml",
            changed("08-newsmessage.xml", "<newsMessage", "<!DOCTYPE x [<!ENTITY a \"ha\">]>\n<newsMessage"),
        ),
        ("09-newsml1.xml", b"<NewsML>\n<NewsItem><NewsManagement/></NewsItem></NewsML>".to_vec()),
        ("10-nitf.xml", changed("10-nitf.xml", "</hedline>", "</headline>")),
        ("11-nitf-ns.nitf", changed("11-nitf-ns.nitf", "By Anna", "By &nope; Anna")),
        ("12-iptc7901.txt", changed("12-iptc7901.txt", "\x03", "")),
        ("13-anpa.anpa", changed("13-anpa.anpa", "\x02", "")),
        ("14-rss.xml", cut("14-rss.xml")),
        (
            "15-atom.xml",
            b"<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Empty</title><id>x</id></feed>".to_vec(),
        ),
        ("16-feed.json", cut("16-feed.json")),
        ("17.html", b"<!doctype html><html><body><img src=\"a.jpg\"></body></html>".to_vec()),
        ("18.warc.gz", packed[..packed.len() - 60].to_vec()),
        ("19.csv", b"id;words\r\n1;none\r\n".to_vec()),
        ("20.parquet", columns[..columns.len() - 20].to_vec()),
    ]
    .map(|(name, bytes)| (format!("broken/{name}"), bytes))
    .into()
}

fn folder(files: &[(String, Vec<u8>)]) -> Scratch {
    let scratch = Scratch::new();
    files.iter().for_each(|(name, bytes)| scratch.write(name, bytes));
    scratch
}

fn cluster(run: &Outcome) -> Vec<String> {
    let clusters = run.clusters();
    assert_eq!(clusters.len(), 1, "{}", run.out);
    clusters[0].split(' ').map(str::to_owned).collect()
}

#[test]
fn one_story_in_twenty_forms_is_one_cluster() {
    for level in ["copy", "rewrite"] {
        let run = folder(&twenty()).run(&format!("scan . --level {level} --format jsonl"));
        let members = cluster(&run);
        assert_eq!(members.len(), 20, "{level}: {members:?}\n{}{}", run.out, run.err);
        assert_eq!(run.of_type("skipped").len(), 0, "{}", run.out);
        let flags = &run.of_type("cluster")[0]["flags"];
        assert_eq!(flags["form-05-ninjs2"], "embargoed until 2023-10-14T04:00:00Z", "{flags}");
        assert_eq!(run.err, "");
        run.exits(0);
    }
}

#[test]
fn twenty_broken_twins_are_named_and_change_nothing() {
    let whole = folder(&twenty()).run("scan . --format jsonl");
    let run = folder(&[twenty(), broken()].concat()).run("scan . --format jsonl");
    let skipped: Vec<String> = run
        .of_type("skipped")
        .iter()
        .map(|s| format!("{}:{} {}", s["path"].as_str().unwrap(), s["line"], s["reason"].as_str().unwrap()))
        .collect();
    insta::assert_snapshot!(skipped.join("\n"), @r#"
./broken/01.txt:0 binary file: expected text, found NUL bytes; leave it out or convert it to UTF-8
./broken/02.jsonl:1 expected a story as a JSON object, found a fault at column 474: EOF while parsing a string; mend the line or take it out
./broken/03.json:2 expected the end of the story that begins here, found the end of the file; the file is cut short; fetch it again
./broken/04-ninjs1.json:1 expected a text field (tried text, body, content, body_text, articleBody, article, maintext), found keys uri, pubstatus, urgency; name it with --text-field
./broken/05-ninjs2.json:1 expected the end of the story that begins here, found the end of the file; the file is cut short; fetch it again
./broken/06-ninjs3.json:1 expected a story as a JSON object, found a fault at column 136: expected value; mend the line or take it out
./broken/07-newsml-g2.xml:14 expected well-formed XML, found a fault: unknown token; mend or fetch the file again
./broken/08-newsmessage.xml:1 expected XML without entities of its own, found `<!ENTITY`; they are not expanded; take the document type out
./broken/09-newsml1.xml:2 expected a headline or a text, found neither; take the story out
./broken/10-nitf.xml:9 expected well-formed XML, found a fault: expected 'hedline' tag, not 'headline'; mend or fetch the file again
./broken/11-nitf-ns.nitf:8 expected well-formed XML, found a fault: unknown entity reference 'nope'; mend or fetch the file again
./broken/12-iptc7901.txt:1 expected an end of text (ETX), found the end; the story is cut short; fetch it again
./broken/13-anpa.anpa:1 expected a start of text (STX) after the header, found the end; the story is cut short; fetch it again
./broken/14-rss.xml:3 expected the end of the entry, found the next one or the end of the file; the entry is cut short; fetch the file again
./broken/15-atom.xml:0 expected a story, found none in the file; leave it out
./broken/16-feed.json:5 expected the end of the story that begins here, found the end of the file; the file is cut short; fetch it again
./broken/17.html:1 expected a page with running text, found none; leave it out
./broken/18.warc.gz:1 expected more gzip data after 2120 unpacked bytes, found the end; the file is cut short; fetch it again
./broken/19.csv:1 expected a text field (tried text, body, content, body_text, articleBody, article, maintext), found keys id, words; name it with --text-field
./broken/20.parquet:0 expected a sound Parquet file, found a fault: Parquet error: Invalid Parquet file. Corrupt footer; fetch or write it again
"#);
    assert_eq!(skipped.len(), 20);
    assert_eq!(cluster(&run), cluster(&whole));
    run.exits(3);
}

#[test]
fn what_a_wire_says_beside_a_story_comes_through() {
    let run = folder(&twenty()).run("scan . --format json");
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let members = report["clusters"][0]["members"].as_array().unwrap();
    let said: Vec<String> = members
        .iter()
        .map(|member| format!("{} {}", member["id"].as_str().unwrap(), member["dispatch"]))
        .collect();
    insta::assert_snapshot!(said.join("\n").replace('\u{a0}', " "), @r##"
a0452@2023-10-13 {"notes":["Eds: Updates with quote."],"provider":"AP","slugline":"BC-EU--Landvik-Ferry, 1st Ld-Writethru,180","urgency":4}
form-01-txt null
form-02-jsonl null
form-03-json null
form-04-ninjs1 {"created":"2023-10-13T18:00:00Z","credits":["Landvik Wire"],"links":[{"id":"form-04-ninjs1-first","rel":"evolvedFrom"}],"notes":["Updates with quote."],"predecessor":"form-04-ninjs1-first","provider":"Landvik Wire","slugline":"Landvik-ferry","urgency":4,"usage":"Not for sale.","version":2}
form-05-ninjs2 {"credits":["Landvik Wire"],"embargo":"2023-10-14T04:00:00Z","provider":"Landvik Wire","status":"withheld"}
form-06-ninjs3 {"credits":["Landvik Wire"],"provider":"Landvik Wire","urgency":3,"usage":"All rights reserved."}
form-07-newsml-g2 {"created":"2023-10-13T18:00:00Z","credits":["Landvik Wire","LW"],"dateline":"LANDVIK, Oct 13","links":[{"id":"form-07-newsml-g2-first","rel":"evolvedFrom"}],"notes":["Eds: UPDATES with quote.","Updates with quote."],"predecessor":"form-07-newsml-g2-first","provider":"Landvik Wire","signals":["update"],"slugline":"Landvik-ferry","urgency":4,"usage":"Not for sale.","version":11}
form-08-newsmessage {"created":"2023-10-13T18:00:00Z","credits":["LW","Landvik Wire"],"dateline":"LANDVIK, Oct 13","hops":["Landvik Wire","AP"],"links":[{"id":"form-08-newsmessage-first","rel":"evolvedFrom"}],"notes":["Updates with quote."],"predecessor":"form-08-newsmessage-first","provider":"Landvik Wire","signals":["update"],"slugline":"Landvik-ferry","urgency":4,"usage":"Not for sale.","version":11}
form-10-nitf {"credits":["Landvik Wire AS"],"dateline":"LANDVIK","notes":["Eds: UPDATES with quote."],"provider":"Landvik Wire","slugline":"Landvik-ferry","urgency":4}
form-11-nitf-ns {"credits":["Landvik Wire"],"dateline":"LANDVIK","embargo":"2023-10-14T04:00:00Z","notes":["Eds: UPDATES with quote."],"provider":"Landvik Wire","slugline":"Landvik-ferry","take":{"part":1,"total":3},"urgency":4}
form-14-rss null
form-15-atom null
form-16-jsonfeed null
form-17-html {"links":[{"id":"form-10-nitf","rel":"isBasedOn"},{"id":"https://wire.example/landvik","rel":"syndication-source"}]}
form-19-csv null
form-20-parquet null
https://fjord.example/ferry {"links":[{"id":"form-10-nitf","rel":"isBasedOn"},{"id":"https://wire.example/landvik","rel":"syndication-source"}]}
lwa062@2023-10-13 {"notes":["# Notebook The following information is not intended for publication Desk: +47 55 00 00 00"],"provider":"LW","slugline":"Landvik-ferry","urgency":4}
urn:newsml:landvikwire.example:20231013:form-09 {"created":"2023-10-13T18:00:00Z","dateline":"LANDVIK, Oct 13","signals":["update"],"slugline":"Landvik-ferry","urgency":4,"version":2}
"##);
}

#[test]
fn packings_and_archives_hold_the_same_stories() {
    let files = twenty();
    let of = |name: &str| files.iter().find(|(file, _)| file == name).unwrap().1.clone();
    let mut tar = tar::Builder::new(Vec::new());
    for name in ["01.txt", "10-nitf.xml", "20.parquet", "18.warc.gz"] {
        let (bytes, mut header) = (of(name), tar::Header::new_gnu());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("day/{name}"), bytes.as_slice()).unwrap();
    }
    let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    std::io::Write::write_all(&mut bz2, &of("02.jsonl")).unwrap();
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
    std::io::Write::write_all(&mut xz, &of("07-newsml-g2.xml")).unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in
        [("a/19.csv", of("19.csv")), ("../../escape.txt", of("01.txt")), ("pic.png", vec![0; 9])]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, &bytes).unwrap();
    }
    let scratch = Scratch::with(&[
        ("a.tar.gz", gzip(&tar.into_inner().unwrap())),
        ("b.jsonl.bz2", bz2.finish().unwrap()),
        ("c.xml.xz", xz.finish().unwrap()),
        ("d.zip", zip.finish().unwrap().into_inner()),
    ]);
    let run = scratch.run("scan . --level copy --format jsonl");
    let members = cluster(&run);
    assert_eq!(members.len(), 7, "{}", run.out);
    let skipped = run.of_type("skipped");
    insta::assert_snapshot!(skipped[0]["reason"].as_str().unwrap(), @"expected a name inside the archive, found `../../escape.txt`; leave it out");
    assert!(run.err.contains("1 file passed over, which holds no story: ./d.zip/pic.png"), "{}", run.err);
    assert_eq!(scratch.names(), ["a.tar.gz", "b.jsonl.bz2", "c.xml.xz", "d.zip"]);
    run.exits(3);
}

#[test]
fn content_tells_what_a_file_without_a_telling_name_is() {
    let rename = |(name, bytes): &(String, Vec<u8>)| (format!("{}.dat", &name[..2]), bytes.clone());
    let told = |(name, _): &&(String, Vec<u8>)| !["01", "19"].contains(&&name[..2]);
    let files: Vec<(String, Vec<u8>)> = twenty().iter().filter(told).map(rename).collect();
    let run = folder(&files).run("scan . --level copy --format jsonl");
    assert_eq!(cluster(&run).len(), 18, "{}{}", run.out, run.err);
    run.exits(0);
}

#[test]
fn takes_and_an_empty_text_are_stories_and_two_renditions_are_one() {
    let take = |part: u32, text: &str| {
        format!(
            "<nitf><head><docdata><doc-id id-string=\"t{part}\"/><series series.name=\"x\" series.part=\"{part}\" \
             series.totalpart=\"3\"/></docdata></head><body><body.head><hedline><hl1>Budget, take {part} of 3</hl1></hedline>\
             </body.head><body.content><p>{text}</p></body.content></body></nitf>"
        )
    };
    let scratch = Scratch::with(&[
        ("1.xml", take(1, "The council met at nine and rose at four.")),
        ("2.xml", take(2, "The mayor spoke twice, the clerk not at all.")),
        ("3.xml", take(3, "")),
    ]);
    let run = scratch.run("scan . --format jsonl --singles");
    let ids: Vec<String> = run.of_type("single").iter().map(|single| single["id"].to_string()).collect();
    assert_eq!(ids, ["\"t1\"", "\"t2\"", "\"t3\""]);
    run.exits(0);
}

#[test]
fn a_bomb_in_an_archive_is_named() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("bomb.txt", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..80 {
        std::io::Write::write_all(&mut zip, &vec![b'a'; 1 << 20]).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    std::io::Write::write_all(&mut packed, &vec![b'\n'; 70 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    let scratch = Scratch::with(&[
        ("a.zip", zip.clone()),
        ("b.jsonl.bz2", packed),
        ("c.txt", b"Head\n\nBody.".to_vec()),
    ]);
    let run = scratch.run("scan . --format jsonl");
    let reasons: Vec<String> =
        run.of_type("skipped").iter().map(|s| s["reason"].as_str().unwrap().to_owned()).collect();
    assert!(reasons[0].contains("bytes when unpacked, found more"), "{reasons:?}");
    assert!(reasons[1].starts_with("expected at most 1000 bytes out of one packed byte"), "{reasons:?}");
    run.exits(3);
    let nested = {
        let mut outer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        outer.start_file("in.zip", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut outer, &zip).unwrap();
        outer.finish().unwrap().into_inner()
    };
    let run = Scratch::with(&[("o.zip", nested), ("c.txt", b"Head\n\nBody.".to_vec())])
        .run("scan . --format jsonl");
    assert_eq!(run.of_type("skipped")[0]["reason"], "found an archive in an archive; unpack the outer one");
}
