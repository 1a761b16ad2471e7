//! From files as other makers write them to what `dedup read` says it understood.

use crate::scratch::Scratch;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const BODY: &str = "The lighthouse on Karholm island went dark on Sunday night for the first time since 1911. \
    Keeper Nils Aker said salt had eaten through the main cable, and that the spare one was stored ashore. \
    Two trawlers waited outside the reef until morning while the coast guard lit the channel with lamps. \
    The shipping office will send an engineer on Thursday and has warned all captains by radio.";

/// What was read of `path`: a story a line.
fn read(folder: &Path, path: &str) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_dedup"))
        .current_dir(folder)
        .args(["read", path, "--format", "jsonl"])
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn only(name: &str, bytes: impl AsRef<[u8]>) -> Value {
    let scratch = Scratch::with(&[(name, bytes)]);
    let mut found = read(scratch.folder(), name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found.remove(0)
}

fn says(story: &Value, expected: &[(&str, &str)]) {
    for (key, value) in expected {
        let found = match &story[*key] {
            Value::String(text) => text.clone(),
            Value::Null => "null".to_owned(),
            other => other.to_string(),
        };
        let agrees = match value.strip_suffix('…') {
            Some(opening) => found.starts_with(opening),
            None => found == *value,
        };
        assert!(agrees, "{key}: expected {value:?}, found {found:?} in {story}");
    }
}

fn rss(item: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Bay News</title><link>https://bay.example/</link>{item}</channel></rss>"
    )
}

#[test]
fn feeds_in_any_charset_with_any_element() {
    let item = |text: &str| {
        rss(&format!(
            "<item><title>Маяк погас</title><link>https://bay.example/1</link><guid isPermaLink=\"false\">n1</guid>\
             <pubDate>Mon, 06 May 2024 10:00:00 MSK</pubDate><description>{text}</description></item>"
        ))
    };
    let text = "В воскресенье вечером на острове Кархольм впервые за сто лет погас маяк, сообщил смотритель.";
    for (label, charset) in [
        ("windows-1251", encoding_rs::WINDOWS_1251),
        ("cp-1251", encoding_rs::WINDOWS_1251),
        ("koi8-r", encoding_rs::KOI8_R),
        ("utf-8", encoding_rs::UTF_8),
    ] {
        let xml = format!("<?xml version=\"1.0\" encoding=\"{label}\"?>{}", item(text));
        let story = only("f.xml", charset.encode(&xml).0);
        let time = ("time", "2024-05-06T07:00:00Z");
        says(
            &story,
            &[
                ("id", "n1"),
                ("headline", "Маяк погас"),
                ("text", text),
                time,
                ("url", "https://bay.example/1"),
            ],
        );
    }
    let full = rss(&format!(
        "<item><title>Dark</title><description>Teaser</description><y:full-text>{BODY}</y:full-text></item>"
    ));
    says(&only("f.xml", full), &[("headline", "Dark"), ("text", BODY)]);
    let aggregated = rss(&format!(
        "<item><title>Dark - Isle Post</title><description>{BODY}</description><source url=\"https://isle.example\">Isle Post</source></item>"
    ));
    says(&only("f.xml", aggregated), &[("headline", "Dark"), ("source", "Isle Post")]);
}

#[test]
fn mail_with_parts_labels_and_messages() {
    let mail = |kind: &str, body: &str| {
        format!(
            "\r\n  \r\nFrom: Isle Desk <desk@isle.example>\r\nSubject: Dark\r\nMessage-ID: <d1@isle.example>\r\n\
             Date: Mon, 6 May 2024 10:00:00 CEST\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}"
        )
    };
    let time = ("time", "2024-05-06T08:00:00Z");
    let plain = only("m.eml", mail("text/plain; charset=x-nothing", BODY));
    says(&plain, &[("id", "d1@isle.example"), ("source", "Isle Desk"), ("text", BODY), time]);
    let (first, rest) = BODY.split_at(BODY.find("Keeper").unwrap());
    let parts = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\n{first}\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\n{rest}\r\n--b--\r\n"
    );
    let story = only("m.eml", mail("multipart/mixed; boundary=b", &parts));
    assert!(story["text"].as_str().unwrap().contains("by radio"), "{story}");
    let stub = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nView this message in a browser.\r\n--b\r\nContent-Type: text/html\r\n\r\n\
         <p>{BODY}</p>\r\n--b--\r\n"
    );
    says(&only("m.eml", mail("multipart/alternative; boundary=b", &stub)), &[("text", BODY)]);
    let inner = mail("text/plain", BODY).trim_start().replace("Subject: Dark", "Subject: Inner");
    let forwarded = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nFor you.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    );
    says(
        &only("m.eml", mail("multipart/mixed; boundary=b", &forwarded)),
        &[("headline", "Inner"), ("text", BODY)],
    );
    let boxed = "From a@b.example Mon May  6 10:00:00 2024\nSubject: Dark\nFrom: x@y.example\n\nOne.\n\nFrom Friday the lamp is lit again.\n";
    assert!(only("m.mbox", boxed)["text"].as_str().unwrap().ends_with("lit again."));
}

#[test]
fn records_of_other_tools_need_no_flags() {
    let text = serde_json::to_string(BODY).unwrap();
    for (record, source, time) in [
        (
            format!(
                "{{\"date_publish\":\"2024-05-06 10:00:00\",\"title\":\"T\",\"source_domain\":\"isle.example\",\"maintext\":{text},\"url\":\"https://isle.example/1\"}}"
            ),
            "isle.example",
            "2024-05-06T10:00:00Z",
        ),
        (
            format!(
                "{{\"publish_date\":\"2024-05-06T10:00:00+02:00\",\"title\":\"T\",\"source_url\":\"https://isle.example\",\"text\":{text},\"url\":\"https://isle.example/1\"}}"
            ),
            "isle.example",
            "2024-05-06T08:00:00Z",
        ),
        (
            format!(
                "{{\"title\":\"T\",\"hostname\":\"isle.example\",\"date\":\"2024-05-06\",\"text\":{text},\"source\":\"https://isle.example/1\",\"source-hostname\":\"Isle Post\"}}"
            ),
            "Isle Post",
            "2024-05-06",
        ),
        (
            format!(
                "{{\"text\":{text},\"title\":\"T\",\"metadata\":{{\"url\":\"https://isle.example/1\",\"date\":\"2024-05-06T10:00:00Z\"}}}}"
            ),
            "isle.example",
            "2024-05-06T10:00:00Z",
        ),
    ] {
        let story = only("r.jsonl", record);
        says(
            &story,
            &[("source", source), ("time", time), ("url", "https://isle.example/1"), ("text", BODY)],
        );
        says(&story, &[("id", "https://isle.example/1")]);
    }
    let item = format!("{{\"id\":\"a\",\"headline\":\"H\",\"text\":{text}}}");
    for envelope in [
        "{\"data\":{\"items\":[{\"item\":X}]}}",
        "{\"item\":[X]}",
        "{\"_items\":[X]}",
        "{\"hits\":{\"total\":1,\"hits\":[{\"_source\":X}]}}",
    ] {
        says(
            &only("e.json", envelope.replace('X', &item)),
            &[("id", "a"), ("headline", "H"), ("text", BODY)],
        );
    }
    let list = format!("{{\"id\":\"a\",\"text\":[{text},\"End.\"]}}");
    assert!(only("l.jsonl", list)["text"].as_str().unwrap().ends_with("End."));
    let none = only("n.jsonl", "{\"id\":\"a\",\"title\":\"T\",\"text\":null}");
    says(
        &none,
        &[
            ("type", "skipped"),
            ("reason", "expected a text, found null; give the text or leave the story out"),
        ],
    );
}

#[test]
fn a_page_gives_its_own_story() {
    let page = |head: &str, body: &str| {
        format!(
            "<!doctype html><html lang=en><head><title>Isle Post</title>{head}</head><body>{body}</body></html>"
        )
    };
    let paragraphs: String =
        BODY.split_inclusive(". ").flat_map(|sentence| ["<p>", sentence, "</p>"]).collect();
    let ld = "<script type='application/ld+json'>[{\"@type\":\"NewsArticle\",\"headline\":\"Other\",\"url\":\"https://isle.example/2\",\"datePublished\":\"2019-01-01\"},\
        {\"@type\":\"NewsArticle\",\"headline\":\"Isle &amp; light\",\"url\":\"https://isle.example/1\",\"datePublished\":\"2024-05-06T10:00:00Z\"}]</script>\
        <link rel=canonical href=https://isle.example/1>";
    let notice = "<div class=cookie-banner><p>We and our partners store cookies on your device, to learn what you read and to show you advertisements that fit, as our policy says.</p></div>";
    let others = "<section class=more-on><h2>More stories</h2><ul><li><a href=/a>Ferry late again</a></li><li><a href=/b>Herring dear</a></li></ul></section>";
    let story = only(
        "p.html",
        page(
            ld,
            &format!("{notice}<aside><article><h1>Isle and light</h1>{paragraphs}{others}</article></aside>"),
        ),
    );
    says(
        &story,
        &[
            ("headline", "Isle & light"),
            ("time", "2024-05-06T10:00:00Z"),
            ("url", "https://isle.example/1"),
            ("text", "The lighthouse…"),
        ],
    );
    let text = story["text"].as_str().unwrap();
    assert!(text.ends_with("by radio.") && !text.contains("cookies") && !text.contains("Herring"), "{text}");
    let dated = page(
        "<meta name=parsely-pub-date content=2024-05-06T10:00:00Z>",
        &format!("<h1 class=logo>Isle Post</h1><article><h1>Dark</h1>{paragraphs}</article>"),
    );
    says(&only("p.html", dated), &[("headline", "Dark"), ("time", "2024-05-06T10:00:00Z")]);
}

#[test]
fn telegrams_have_their_parts_told_apart() {
    let story = only(
        "t.iptc",
        "\x01abc0012 3 i 60  isl 12\r\nKarholm/\r\n\x02REFILE\r\n1ST LEAD\r\nLight goes dark\r\nBy Nils Aker, isl =\r\n\r\n   Nobody was hurt.\r\n\x03\r\n061000 CEST May 24\r\n\x04",
    );
    says(
        &story,
        &[("headline", "Light goes dark"), ("time", "2024-05-06T08:00:00Z"), ("id", "abc0012@2024-05-06")],
    );
    let story = only(
        "t.anpa",
        "\x16\x16\x01a0001\x1f--\r\nr z\x13 BC-ISL--Light  05-06 0060\r\n\x02\r\n^BC-ISL-Light,60<\r\n^Light goes dark<\r\n^One line\r\n^Another line\r\n\x03\r\nISL-WF-05-06-24 1000GMT\r\n",
    );
    says(&story, &[("headline", "Light goes dark"), ("text", "One line\n\nAnother line")]);
}

#[test]
fn a_quote_without_its_fellow_is_told_with_its_line() {
    let scratch = Scratch::with(&[(
        "t.csv",
        "id,text\n1,\"One whole sentence.\"\n2,\"A second one\n3,\"A third one\"\n4,\"A fourth one\"\n",
    )]);
    let found = read(scratch.folder(), "t.csv");
    let told = found.iter().find(|line| line["type"] == "skipped").unwrap();
    assert_eq!(told["line"], 3, "{found:?}");
    assert!(
        found.iter().any(|line| line["id"] == "1") && found.iter().any(|line| line["id"] == "4"),
        "{found:?}"
    );
}

#[test]
fn dates_that_are_not_understood_are_counted() {
    let scratch = Scratch::with(&[(
        "d.jsonl",
        "{\"text\":\"One.\",\"date\":\"03/04/2024\"}\n{\"text\":\"Two.\",\"date\":\"soonish\"}\n",
    )]);
    for command in ["read d.jsonl", "scan d.jsonl"] {
        let said = scratch.run(command).err;
        assert!(said.contains("2 dates were not understood, `03/04/2024` for one"), "{command}: {said}");
    }
}

/// The cases of the issue, where they lie beside the project.
#[test]
fn shared_cases_are_read_as_expected() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    if !folder.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "the shared cases are missing");
        println!("skipped: no {}", folder.display());
        return;
    }
    let quay = "The harbour council of Lindmark voted…";
    for (path, expected) in [
        (
            "01-feed-charset-decoded-twice/f02c_cp1251_plain.xml",
            &[("headline", "Северный причал закрыт")][..],
        ),
        ("01-feed-charset-decoded-twice/f02f_utf16.xml", &[("headline", "Северный причал закрыт")]),
        ("01-feed-charset-decoded-twice/f08d_rss_sjis.xml", &[("headline", "北埠頭を十一週間閉鎖")]),
        (
            "02-iptc7901-zone-in-time/x01a_gmt.iptc",
            &[("time", "2018-11-21T21:01:00Z"), ("id", "eca0124@2018-11-21")],
        ),
        ("02-iptc7901-zone-in-time/x01d_mez.iptc", &[("time", "2018-11-21T20:01:00Z")]),
        ("03-cookie-notice-as-body/p01_aside.html", &[("text", quay)]),
        (
            "04-jsonld-of-another-article/p07e_related_ld.html",
            &[("headline", "Northern quay closes for eleven weeks"), ("time", "2024-04-30T06:15:00Z")],
        ),
        ("05-full-text-elements-of-feeds/f14_turbo.xml", &[("text", quay)]),
        ("08-mail-unknown-charset-label/n06_uft-8.eml", &[("text", "В порту…")]),
        ("10-mail-plain-stub/n05b.eml", &[("text", "The library of Osterby…")]),
        ("11-dates-lost-without-a-word/n03b_msk.eml", &[("time", "2024-04-30T05:15:00Z")]),
        (
            "12-crawler-json-dates/j14_datatrove.jsonl",
            &[("time", "2024-04-30T08:15:00Z"), ("source", "port.example")],
        ),
        (
            "13-trafilatura-source-is-url/j13_trafilatura.json",
            &[("id", "https://port.example/quay"), ("source", "Port Daily")],
        ),
        ("14-page-dates/q02_05.html", &[("time", "2016-05-16T07:06:00Z")]),
        ("14-page-dates/p07c_itemprop_badzone.html", &[("time", "2016-05-16T07:06:00Z")]),
        ("16-jsonld-entities/q03e_entities.html", &[("headline", "Quay & berth: \"shut\"")]),
        ("17-rss-source-element/f25_source_el.xml", &[("source", "Lindmark Post")]),
        ("20-g2-xhtml-header-in-body/x06a_header.g2.xml", &[("text", quay)]),
        (
            "21-iptc7901-headline-lines/x02_headlines.iptc",
            &[("headline", "Northern quay closes for eleven weeks")],
        ),
        (
            "21-iptc7901-headline-lines/x02b_headlines.iptc",
            &[("headline", "Northern quay closes for eleven weeks")],
        ),
        ("22-anpa/x03a_end.anpa", &[("headline", "")]),
        ("22-anpa/x03b_list.anpa", &[("text", "Council closes northern quay for eleven weeks…")]),
        ("23-source-empty/x04b_fromsrc.nitf.xml", &[("source", "LND")]),
        ("23-source-empty/x05_location.newsml.xml", &[("source", "LND"), ("place", "Lindmark")]),
        ("24-ap-media-id-and-envelopes/x07b_ap2.json", &[("id", "95e8"), ("version", "2")]),
        ("26-page-parts/p08_index.html", &[("type", "skipped")]),
        ("26-page-parts/p11_first_elsewhere.html", &[("text", quay)]),
        ("26-page-parts/q05f_two_h1b.html", &[("headline", "Northern quay closes for eleven weeks")]),
        ("27-mail-leading-blank/m04_gmail_blank.eml", &[("text", quay)]),
        ("29-mail-inner-message/m07_forward.eml", &[("headline", "Inner headline"), ("text", quay)]),
        ("30-feed-not-well-formed/f04c_amp.xml", &[("headline", "Boats & berths")]),
        (
            "32-g2-wrapped-p/x06b_pre_p.g2.xml",
            &[("text", "The harbour council voted…"), ("place", "LINDMARK")],
        ),
        ("32-g2-wrapped-p/x04c_br.nitf.xml", &[("text", "The harbour council has voted…")]),
        ("31-unknown-markup-as-text/x09a_unknown_root", &[("type", "skipped")]),
    ] {
        let found = read(&folder, path);
        assert!(!found.is_empty(), "{path}");
        says(&found[0], expected);
    }
}

/// Everything that `dedup read` understands of the files of this project, as a promise.
#[test]
fn what_is_read_of_the_fixtures_stays() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_dedup"))
        .current_dir(root)
        .args(["read", "tests/fixtures", "tests/cases/wire", "samples"])
        .output()
        .unwrap();
    insta::assert_snapshot!("read", String::from_utf8(output.stdout).unwrap());
}

#[test]
fn pages_of_other_makers() {
    let body = BODY
        .split_inclusive(". ")
        .fold(String::new(), |body, sentence| body + "<p>" + sentence.trim() + "</p>");
    let page = |head: &str, body: &str| {
        format!(
            "<html><head><meta charset=utf-8><title>Karholm dark</title>{head}</head><body>{body}</body></html>"
        )
    };
    let article = format!("<article><h1>Karholm dark</h1>{body}</article>");
    for meta in [
        "<meta name='pub_date' content='2024-04-30T06:15:00Z'>",
        "<meta name='citation_publication_date' content='2024/04/30 06:15'>",
        "<meta name='mediator_published_time' content='2024-04-30T06:15:00Z'>",
        "<meta name='originalpublicationdate' content='2024/04/30 06:15:00'>",
        "<meta name='parsely-page' content='{\"pub_date\":\"2024-04-30T06:15:00Z\"}'>",
    ] {
        let story = only("p.html", page(meta, &article));
        assert_eq!(story["time"], "2024-04-30T06:15:00Z", "{meta}");
    }
    let consent = "<div class='cmp-dialog'><p>Wir und unsere Partner verwenden Cookies, um Informationen auf Ihrem \
                   Gerät zu speichern. Sie können Ihre Einwilligung jederzeit widerrufen.</p></div>";
    let dated = "<p>Published 30 April 2024, 08:15 | Updated 30 April 2024, 10:20</p>";
    for inner in [
        format!("{consent}<aside class='story'>{body}</aside>"),
        format!("<article><h1>Karholm dark</h1>{dated}{body}<h3>You may also like</h3></article>"),
    ] {
        let story = only("p.html", page("", &inner));
        let text = story["text"].as_str().unwrap().replace("\n\n", " ");
        assert_eq!(text, BODY, "{inner}");
    }
}
