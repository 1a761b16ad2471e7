//! From bytes in each format to stories: what a reader gives in MB/s on one thread.

mod day;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dedup::input::{Corpus, Fields, Files};
use dedup::story::Story;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Stories in each file.
const STORIES: usize = 2_000;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn paragraphs(story: &Story) -> String {
    story.body.lines().fold(String::new(), |mut out, line| {
        let _ = write!(out, "<p>{}</p>", escaped(line));
        out
    })
}

fn nitf(story: &Story) -> String {
    format!(
        "<nitf><head><docdata><doc-id id-string=\"{}\"/></docdata></head><body><body.head><hedline><hl1>Head</hl1></hedline>\
         </body.head><body.content>{}</body.content></body></nitf>",
        story.id,
        paragraphs(story)
    )
}

fn page(story: &Story) -> String {
    format!(
        "<!doctype html><html><head><title>Head</title><meta property=\"og:site_name\" content=\"Post\"></head><body><nav>\
         <ul><li><a href=\"/\">Home</a></li></ul></nav><article><h1>Head</h1>{}</article><footer>Rights</footer></body></html>",
        paragraphs(story)
    )
}

fn text(story: &Story) -> String {
    format!("Head\n\n{}", story.body)
}

fn warc(stories: &[Story]) -> String {
    stories.iter().fold(String::new(), |mut out, story| {
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", page(story));
        let _ = write!(
            out,
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{}\r\nContent-Length: {}\r\n\r\n{reply}\r\n\r\n",
            story.id,
            reply.len()
        );
        out
    })
}

fn joined(stories: &[Story], each: impl Fn(&Story) -> String) -> String {
    stories.iter().map(each).collect()
}

fn json(story: &Story, text: &str) -> String {
    serde_json::json!({ "id": story.id, "versioncreated": "2024-01-15T10:00:00Z", text: story.body })
        .to_string()
        + "\n"
}

/// A row a story.
fn parquet(stories: &[Story]) -> Vec<u8> {
    let schema = "message stories { required binary id (string); required binary text (string); }";
    let schema = Arc::new(parse_message_type(schema).expect("a sound schema"));
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).expect("a writer");
    let mut group = file.next_row_group().expect("a group");
    for of in [|story: &Story| story.id.clone(), |story: &Story| story.body.clone()] {
        let values: Vec<ByteArray> =
            stories.iter().map(|story| ByteArray::from(of(story).as_str())).collect();
        let mut column = group.next_column().expect("a column").expect("one is left");
        column.typed::<ByteArrayType>().write_batch(&values, None, None).expect("sound values");
        column.close().expect("a whole column");
    }
    group.close().expect("a whole group");
    file.into_inner().expect("a whole file")
}

fn g2(story: &Story) -> String {
    format!(
        "<newsItem guid=\"{}\" version=\"1\"><contentMeta><headline>Head</headline></contentMeta><contentSet><inlineXML>{}\
         </inlineXML></contentSet></newsItem>",
        story.id,
        nitf(story)
    )
}

fn item(story: &Story) -> String {
    let html = escaped(&paragraphs(story));
    format!("<item><title>Head</title><guid>{}</guid><description>{html}</description></item>", story.id)
}

fn anpa(story: &Story) -> String {
    let text = story.body.replace('\n', "\r\n\t");
    format!(
        "\x01a0001\r\nr i BC 01-15 0100\r\n\x02^BC-Head,100<\r\n^Head<\r\n\t{text}\r\n\x03\r\nAP-WF-01-15-24 1000GMT\r\n"
    )
}

fn newsml(story: &Story) -> String {
    format!(
        "<NewsItem><Identification><NewsIdentifier><PublicIdentifier>{}</PublicIdentifier></NewsIdentifier></Identification>\
         <NewsComponent><NewsLines><HeadLine>Head</HeadLine></NewsLines><ContentItem><DataContent>{}</DataContent>\
         </ContentItem></NewsComponent></NewsItem>",
        story.id,
        paragraphs(story)
    )
}

fn iptc(story: &Story) -> String {
    let text = story.body.replace('\n', "\r\n   ");
    format!("\x01lwa062 4 i 211 lwlwb\r\nKeys/\r\n\x02Head =\r\n   {text}\r\n\x03\r\n161415 Oct 23\r\n\x04")
}

fn entry(story: &Story) -> String {
    let html = escaped(&paragraphs(story));
    format!("<entry><title>Head</title><id>{}</id><content type=\"html\">{html}</content></entry>", story.id)
}

fn feed_item(story: &Story) -> String {
    serde_json::json!({ "id": story.id, "title": "Head", "content_html": paragraphs(story) }).to_string()
}

fn mail(story: &Story) -> String {
    format!(
        "From x Mon Oct 16 14:15:00 2023\nFrom: a@b.example\nSubject: Head\nMessage-ID: <{}>\n\n{}\n\n",
        story.id, story.body
    )
}

fn row(story: &Story) -> String {
    format!("{},\"{}\"\r\n", story.id, story.body.replace('"', "\"\""))
}

/// One file of each format with the stories of a day.
fn files(stories: &[Story]) -> Vec<(&'static str, String)> {
    vec![
        ("jsonl", joined(stories, |story| json(story, "text").replace("versioncreated", "date"))),
        ("ninjs.jsonl", joined(stories, |story| json(story, "body_text"))),
        ("newsml-g2.xml", format!("<newsMessage><itemSet>{}</itemSet></newsMessage>", joined(stories, g2))),
        (
            "rss.xml",
            format!(
                "<rss version=\"2.0\"><channel><title>A</title>{}</channel></rss>",
                joined(stories, item)
            ),
        ),
        (
            "atom",
            format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>A</title><id>x</id>{}</feed>",
                joined(stories, entry)
            ),
        ),
        (
            "feed.json",
            format!("{{\"items\":[{}]}}", stories.iter().map(feed_item).collect::<Vec<_>>().join(",\n")),
        ),
        ("newsml-1.xml", format!("<NewsML>{}</NewsML>", joined(stories, newsml))),
        ("iptc7901", joined(stories, iptc)),
        ("mbox", joined(stories, mail)),
        ("anpa", joined(stories, anpa)),
        ("csv", format!("id,text\r\n{}", joined(stories, row))),
        ("warc", warc(stories)),
    ]
}

fn read(paths: &[PathBuf]) -> usize {
    let files = Files::open(paths, Fields::default()).expect("files are there");
    let mut count = 0;
    for block in files.blocks(&|_| true) {
        block.records(|_| true, |_, record| count += usize::from(record.is_ok()));
    }
    count
}

fn formats(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let stories = day::day(STORIES);
    let mut group = c.benchmark_group("read");
    group.sample_size(10);
    for (name, content) in files(&stories) {
        let path = folder.path().join(format!("a.{name}"));
        fs::write(&path, &content).expect("room on the disk");
        let paths = [path];
        assert_eq!(read(&paths), STORIES, "{name}");
        group.throughput(Throughput::Bytes(content.len() as u64));
        group.bench_function(name, |b| b.iter(|| read(&paths)));
    }
    let path = folder.path().join("a.parquet");
    fs::write(&path, parquet(&stories)).expect("room on the disk");
    let paths = [path];
    assert_eq!(read(&paths), STORIES, "parquet");
    // Of text, as the file is packed.
    let bytes: usize = stories.iter().map(|story| story.id.len() + story.body.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("parquet", |b| b.iter(|| read(&paths)));
    // A document a file, as wires and pages come.
    for (name, each) in [("nitf.xml", nitf as fn(&Story) -> String), ("html", page), ("txt", text)] {
        let below = folder.path().join(name);
        fs::create_dir(&below).expect("a folder");
        let bytes: usize =
            stories.iter().map(|story| file(&below.join(format!("{}.{name}", story.id)), &each(story))).sum();
        let paths = [below];
        assert_eq!(read(&paths), STORIES, "{name}");
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(name, |b| b.iter(|| read(&paths)));
    }
    group.finish();
}

fn file(path: &Path, content: &str) -> usize {
    fs::write(path, content).expect("room on the disk");
    content.len()
}

criterion_group!(benches, formats);
criterion_main!(benches);
