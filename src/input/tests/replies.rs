//! From replies in WARC that hold any number of stories to these, and to what is said of the rest.

use super::crawled::{record, reply};
use super::*;
use crate::input::Unreads;

const LINE: &str = "The last ferry on the line sailed on Friday with two cows and a band.";

fn read(records: &[Vec<u8>]) -> (Vec<Result<Story>>, Unreads) {
    let folder = Folder::new(&[("a.warc", &records.concat())]);
    let files = folder.open();
    let first = super::records(&files);
    let unread = files.unread();
    assert_eq!(super::records(&files).len(), first.len());
    assert_eq!(files.unread(), unread, "a second reading counts nothing twice");
    (first, unread)
}

fn good(records: &[Vec<u8>]) -> Vec<Story> {
    read(records).0.into_iter().map(|story| story.unwrap_or_else(|error| panic!("{error}"))).collect()
}

#[cfg(feature = "feeds")]
fn feed() -> String {
    format!(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Holm Post</title><link>/</link>\
         <item><guid isPermaLink='false'>p-1</guid><title>Ferry stops</title><link>/ferry</link>\
         <pubDate>Mon, 15 Jan 2024 08:00:00 GMT</pubDate><description>{LINE}</description></item>\
         <item><title>Bus starts</title><description>A bus runs.</description></item>\
         <item><title>Tram</title><link>tram</link><description>A tram runs.</description></item></channel></rss>"
    )
}

#[cfg(feature = "feeds")]
#[test]
fn a_feed_is_read_as_a_file_of_that_kind() {
    let xml = feed();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, xml.as_bytes()).unwrap();
    let atom = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Holm Post</title><entry><id>p-1</id><title>Ferry stops</title>\
         <link href='ferry'/><updated>2024-01-15T08:00:00Z</updated><content>{LINE}</content></entry></feed>"
    );
    for (headers, body, count) in [
        ("application/rss+xml", xml.clone().into_bytes(), 3),
        ("text/xml; charset=utf-8", xml.clone().into_bytes(), 3),
        ("text/html", xml.clone().into_bytes(), 3),
        ("text/html\r\nContent-Encoding: gzip", packed.finish().unwrap(), 3),
        ("application/atom+xml", atom.into_bytes(), 1),
    ] {
        let stories = good(&[reply(&format!("200 OK\r\nContent-Type: {headers}"), &body)]);
        assert_eq!(stories.len(), count, "{headers}");
        let first = &stories[0];
        let shown = [&*first.id, &*first.headline, &*first.url, &*first.source, &*first.body];
        let url = "https://www.post.example/ferry";
        assert_eq!(shown, ["p-1", "Ferry stops", url, "Holm Post", LINE], "{headers}");
        assert_eq!(first.time.unwrap().to_string(), "2024-01-15T08:00:00Z");
        if count == 3 {
            let tram = "https://www.post.example/tram";
            assert_eq!(
                ([&*stories[2].id, &*stories[2].url], stories[2].time),
                ([tram, tram], None),
                "{headers}"
            );
            assert_eq!(
                [&*stories[1].id, &*stories[1].url],
                ["https://www.post.example/a:1.2", ""],
                "{headers}"
            );
        }
    }
    let saved = String::from_utf8(record("resource", xml.as_bytes())).unwrap();
    let saved = saved.replace("\r\nContent-L", "\r\nContent-Type: application/rss+xml\r\nContent-L");
    assert_eq!(good(&[saved.into_bytes()]).len(), 3);
}

#[cfg(feature = "feeds")]
#[test]
fn what_is_wrong_in_a_feed_is_told_with_the_number_of_the_record() {
    let good = reply("200 OK\r\nContent-Type: application/rss+xml", feed().as_bytes());
    let empty = reply(
        "200 OK\r\nContent-Type: application/rss+xml",
        b"<rss><channel><item><guid>x</guid></item><item><title>Bus</title></item></channel></rss>",
    );
    let shown = shown_file("a.warc", &[good, empty].concat());
    assert!(shown[3].starts_with("ERR a.warc:2 expected a headline or a text"), "{shown:?}");
    assert_eq!(shown[4], "https://www.post.example/a:1|Bus|");
}

#[test]
fn lists_and_lines_of_stories_in_json_are_read() {
    let item = |n: u32| {
        format!(
            "{{\"id\":\"p-{n}\",\"title\":\"Ferry {n}\",\"text\":\"{LINE}\",\"date\":\"2024-01-15\",\"url\":\"/{n}\"}}"
        )
    };
    let feed = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Holm Post\",\"items\":[\
         {{\"id\":\"p-1\",\"title\":\"Ferry 1\",\"url\":\"/1\",\"content_text\":\"{LINE}\",\"date_published\":\"2024-01-15\"}},\
         {{\"id\":\"p-2\",\"title\":\"Ferry 2\",\"url\":\"/2\",\"summary\":\"{LINE}\"}}]}}"
    );
    for (kind, json) in [
        ("application/json", format!("[{},{}]", item(1), item(2))),
        ("application/json", format!("{{\"status\":\"ok\",\"articles\":[{},\n{}]}}", item(1), item(2))),
        ("application/x-ndjson", format!("{}\n{}\n", item(1), item(2))),
        ("text/plain", format!("{}\n{}\n", item(1), item(2))),
        ("application/feed+json", feed),
    ] {
        let stories = good(&[reply(&format!("200 OK\r\nContent-Type: {kind}"), json.as_bytes())]);
        let shown: Vec<[&str; 4]> =
            stories.iter().map(|s| [&*s.id, &*s.headline, &*s.url, &*s.body]).collect();
        let of = |id, headline, url| [id, headline, url, LINE];
        let expected = [
            of("p-1", "Ferry 1", "https://www.post.example/1"),
            of("p-2", "Ferry 2", "https://www.post.example/2"),
        ];
        assert_eq!(shown, expected, "{json}");
        assert_eq!(stories[0].time.unwrap().to_string(), "2024-01-15");
    }
    let alone = format!("{{\"articles\":[{}]}}", item(1).replace(",\"url\":\"/1\"", ""));
    let alone = good(&[reply("200 OK\r\nContent-Type: application/json", alone.as_bytes())]);
    assert_eq!([&*alone[0].id, &*alone[0].url], ["p-1", ""], "the address is that of the list");
    let broken = format!("{}\n{{\"id\":\n{}\n", item(1), item(2));
    let shown =
        shown_file("a.warc", &reply("200 OK\r\nContent-Type: application/x-ndjson", broken.as_bytes()));
    assert!(shown.len() == 3 && shown[1].starts_with("ERR a.warc:1 expected a story"), "{shown:?}");
}

#[test]
fn what_is_not_read_is_counted_for_what_it_is() {
    let of = |kind: &str, body: &str| reply(&format!("200 OK\r\nContent-Type: {kind}"), body.as_bytes());
    let (stories, unread) = read(&[
        record("warcinfo", b"software: x\r\n"),
        of("application/json", "{\"title\":\"Menu\",\"items\":[]}"),
        of("application/json", "[{\"author\":\"Ann\",\"text\":\"So it is.\",\"date\":\"2024-01-15\"}]"),
        of("application/xml", "<urlset><url><loc>https://www.post.example/b</loc></url></urlset>"),
        of("application/pdf", "%PDF-1.7"),
        of("text/plain", "User-agent: *"),
        of("application/octet-stream", "what it is"),
        of("text/css", "p { color: red }"),
        of("image/svg+xml", "<svg/>"),
        of("application/json", ""),
        reply("404 Not Found\r\nContent-Type: application/json", b"{}"),
    ]);
    assert_eq!(stories.len(), 1, "nothing in the file: {stories:?}");
    assert_eq!(
        unread.sentences(),
        ["6 replies in WARC were not read: 2 JSON without a story, 1 PDF, 1 XML that is no feed, \
             1 of other kinds, 1 plain text"]
    );
}
