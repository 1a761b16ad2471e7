//! From JSON in all its shapes to stories.

use super::*;

#[test]
fn lines_may_be_blank_marked_or_ended_the_other_way() {
    let text = b"\xef\xbb\xbf{\"id\":1,\"text\":\"a\"}\r\n\r\n  \n{\"id\":\"b\",\"text\":\"b\"}";
    assert_eq!(shown_file("s.ndjson", text), ["1||a", "b||b"]);
}

#[test]
fn a_bad_line_is_an_error_and_reading_goes_on() {
    let text = b"{\"id\":\"a\",\"text\":\"a\"}\nno json\n{\"id\":\"c\",\"text\":\"c\"}\n[1]\n{\"text\":\"x\"} y\n{\"text\":";
    let shown = shown_file("s.jsonl", text);
    assert_eq!(shown.len(), 6, "{shown:?}");
    assert_eq!((shown[0].as_str(), shown[2].as_str()), ("a||a", "c||c"));
    let expected = "expected a story as a JSON object, found a fault at column";
    for (index, line) in [(1, 2), (3, 4), (4, 5), (5, 6)] {
        assert!(shown[index].starts_with(&format!("ERR s.jsonl:{line} {expected}")), "{shown:?}");
    }
}

#[test]
fn a_stray_byte_is_an_error_of_its_line() {
    let text = b"{\"text\":\"one\"}\n{\"text\":\"t\xffo\"}\n{\"text\":\"three\"}\n";
    let shown = shown_file("s.jsonl", text);
    assert_eq!((shown[0].as_str(), shown[2].as_str()), ("s.jsonl:1||one", "s.jsonl:3||three"));
    assert!(shown[1].starts_with("ERR s.jsonl:2 not UTF-8 at byte 11 "), "{shown:?}");
}

#[test]
fn other_charsets_are_decoded() {
    let text = "{\"text\":\"Совет министров утвердил бюджет на следующий год\"}\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    assert_eq!(
        shown_file("s.jsonl", &bytes),
        ["s.jsonl:1||Совет министров утвердил бюджет на следующий год"]
    );
    let wide: Vec<u8> = "\u{feff}{\"text\":\"Совет\"}\n{\"text\":\"Два\"}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(shown_file("s.jsonl", &wide), ["s.jsonl:1||Совет", "s.jsonl:2||Два"]);
    let mut cut = wide.clone();
    // Half of a surrogate pair in the second story.
    cut.splice(wide.len() - 8..wide.len() - 6, [0x3d, 0xd8]);
    let shown = shown_file("s.jsonl", &cut);
    assert_eq!(shown[0], "s.jsonl:1||Совет");
    assert!(shown[1].starts_with("ERR s.jsonl:2 expected text in the charset"), "{shown:?}");
    let (bytes, _, _) = encoding_rs::KOI8_R.encode("Совет министров\n\nутвердил бюджет на следующий год");
    assert_eq!(shown_file("s.txt", &bytes), ["s.txt|Совет министров|утвердил бюджет на следующий год"]);
}

#[test]
fn usual_names_are_guessed_by_priority() {
    let text = br#"{"URL":"u","Guid":"g","content":"c","BODY":"b","title":"t","lang":"en","publisher":{"id":1,"name":"Wire"},"pubDate":"Mon, 15 Jan 2024 10:00:00 GMT"}"#;
    let folder = Folder::new(&[("s.jsonl", text)]);
    let story = records(&folder.open()).remove(0).unwrap();
    assert_eq!((story.id.as_str(), story.body.as_str(), story.headline.as_str()), ("g", "b", "t"));
    assert_eq!((story.language.as_str(), story.source.as_str()), ("en", "Wire"));
    assert_eq!(story.time.map(|time| time.to_string()).as_deref(), Some("2024-01-15T10:00:00Z"));
}

#[test]
fn values_may_be_numbers_null_or_odd() {
    let text = br#"{"id":null,"_id":42,"text":"x","date":1705312800,"source":null}
{"id":"","text":"","body":"full","date":"one day","tags":[{"text":"no"}]}
{"id":-1.5,"text":"","headline":[["no"]],"language":true,"source":{"id":7}}"#;
    let folder = Folder::new(&[("s.jsonl", text)]);
    let stories: Vec<Story> = records(&folder.open()).into_iter().map(|story| story.unwrap()).collect();
    assert_eq!(stories[0].id, "42");
    assert_eq!(stories[0].time.map(crate::time::Time::as_second), Some(1_705_312_800));
    assert_eq!(
        (stories[1].id.as_str(), stories[1].body.as_str(), stories[1].time),
        ("s.jsonl:2", "full", None)
    );
    assert_eq!((stories[2].id.as_str(), stories[2].body.as_str()), ("-1.5", ""));
    assert_eq!((stories[2].headline.as_str(), stories[2].source.as_str()), ("", ""));
}

#[test]
fn a_story_needs_a_text_or_a_headline() {
    assert_eq!(shown_file("s.jsonl", b"{\"headline\":\"H\"}"), ["s.jsonl:1|H|"]);
    assert_eq!(
        shown_file("s.jsonl", b"{\"id\":1,\"words\":\"x\",\"text\":null}"),
        [
            "ERR s.jsonl:1 expected a text in the field `text`, found what is none, such as null, a number or a list; \
          mend the record or take it out"
        ]
    );
    let empty = shown_file("s.jsonl", b"{}");
    assert!(empty[0].contains("found keys none;"), "{empty:?}");
}

#[test]
fn named_fields_are_the_only_ones() {
    let folder = Folder::new(&[("s.jsonl", b"{\"Key\":\"k\",\"story\":\"x\"}\n{\"key\":\"k\",\"text\":\"x\",\"headline\":\"h\"}\n{\"id\":1,\"story\":\"x\"}")]);
    let fields = Fields { id: Some("key".into()), text: Some("story".into()), ..Fields::default() };
    let shown = shown(&Files::open(&[folder.path()], fields).unwrap());
    assert_eq!(shown[0], "k||x");
    assert_eq!(
        shown[1],
        "ERR s.jsonl:2 expected a text field (tried story), found keys key, text, headline; name it with --text-field"
    );
    assert!(shown[2].starts_with("ERR s.jsonl:3 expected an id field (tried key)"), "{shown:?}");
}

#[test]
fn json_comes_in_many_shapes() {
    let shapes: [(&[u8], &[&str]); 10] = [
        (b"[{\"id\":1,\"text\":\"a\"},\n {\"id\":2,\"text\":\"b ]}\\\"\"}]", &["1||a", "2||b ]}\""]),
        (b"{\n \"id\": 1,\n \"text\": \"a\"\n}\n", &["1||a"]),
        (b"{\"status\":\"ok\",\"Articles\": [ {\"id\":1,\"text\":\"a\"}, {\"id\":2,\"text\":\"b\"} ],\"n\":[2]}", &["1||a", "2||b"]),
        (b"{\"data\":{\"articles\":{\"edges\":[{\"node\":{\"id\":1,\"text\":\"a\"}}]}}}", &["1||a"]),
        (b"{\"data\":[],\"items\":[{\"id\":1,\"text\":\"a\"}]}", &["1||a"]),
        (b"{\"id\":1,\"text\":\"a\",\"items\":[{\"x\":1}]}", &["1||a"]),
        (b"{\"id\":1,\"items\":[\"x\"],\"text\":\"a\"}", &["1||a"]),
        (b"{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\n{\"id\":3,\"text\":\"c\"}\n", &["1||a", "ERR", "3||c"]),
        (b"[]", &["ERR"]),
        (b" \n ", &["ERR"]),
    ];
    for (bytes, expected) in shapes {
        let shown = shown_file("s.json", bytes);
        assert_eq!(shown.len(), expected.len(), "{shown:?}");
        assert!(shown.iter().zip(expected).all(|(one, other)| one.starts_with(other)), "{shown:?}");
    }
    assert_eq!(shown_file("s.jsonl", b"[{\"id\":1,\"text\":\"a\"}]"), ["1||a"]);
    assert_eq!(shown_file("s.jsonl", b"{\n\"id\":1,\"text\":\"a\"\n}"), ["1||a"]);
}

#[test]
fn elements_without_an_id_are_named_by_line_and_told_apart() {
    let text = b"[{\"text\":\"a\"},{\"text\":\"b\"},\n\n{\"text\":\"c\"}, 5, \"x, y\", null, {\"n\":1}]";
    let shown = shown_file("s.json", text);
    assert_eq!(shown[..3], ["s.json:1||a", "s.json:1.2||b", "s.json:3||c"]);
    assert_eq!(shown.len(), 7, "{shown:?}");
    assert!(shown[3..].iter().all(|line| line.starts_with("ERR s.json:3 expected a")), "{shown:?}");
}

#[test]
fn broken_json_ends_with_one_error() {
    let cut = shown_file("s.json", b"[{\"id\":1,\"text\":\"a\"},\n{\"id\":2,\"te");
    assert_eq!(cut[0], "1||a");
    assert_eq!(
        cut[1..],
        ["ERR s.json:2 expected the end of the story that begins here, found the end of the file; \
          the file is cut short; fetch it again"]
    );
    let open = shown_file("s.json", b"[{\"id\":1,\"text\":\"a\"},\n");
    assert!(open[1].starts_with("ERR s.json:2 expected the end of the array of stories"), "{open:?}");
    let prose = shown_file("s.json", b"Dear reader,\nthis is no JSON.");
    assert_eq!(
        prose,
        ["ERR s.json:1 expected a JSON array or object, found `Dear reader,`; mend the file from here on"]
    );
    assert_eq!(
        shown_file("s.json", b"\x89PNG\0"),
        ["ERR s.json:0 binary file: expected JSON, found binary data; leave it out"]
    );
}

#[test]
fn blocks_cut_elements_nowhere() {
    let story = |n: usize| format!("{{\"id\":{n},\"text\":\"{}\"}}", "w\\\" [{".repeat(n % 20));
    let stories: Vec<String> = (0..300).map(story).collect();
    for (open_with, close) in [("[", "]"), ("{\"meta\":{\"n\":[1]},\"docs\":[\n", "],\"more\":{}}")] {
        let text = format!("{open_with}{}{close}", stories.join(",\n"));
        let folder = Folder::new(&[("s.json", text.as_bytes())]);
        for block in [1, 7, 64, 1000] {
            let files = open_limited(&folder.path(), Limits { block, record: 256 });
            let ids: Vec<String> = records(&files).into_iter().map(|story| story.unwrap().id).collect();
            assert_eq!(ids, (0..300).map(|n| n.to_string()).collect::<Vec<_>>(), "{block}");
        }
    }
}

#[test]
fn a_wire_item_keeps_what_only_other_json_calls_so() {
    let shown = shown_file("s.jsonl", b"{\"id\":7,\"pubstatus\":\"usable\",\"headline\":\"H\",\"text\":\"<p>One</p><p>Two</p>\"}\n\
        {\"uri\":\"u\",\"urgency\":3,\"headlines\":[{\"role\":\"short\",\"value\":\"S\"},{\"role\":\"main\",\"value\":\"M\"}],\"Body_Text\":\"x\"}");
    assert_eq!(shown, ["7|H|One\n\nTwo", "u|M|x"]);
}

#[test]
fn named_fields_go_before_those_of_a_wire_item() {
    let folder = Folder::new(&[(
        "s.json",
        b"{\"uri\":\"u\",\"key\":\"k\",\"desk\":\"D\",\"pubstatus\":\"usable\",\"body_html\":\"<p>x</p>\"}",
    )]);
    let read = |fields| {
        let files = Files::open(&[folder.file("s.json")], fields).unwrap();
        records(&files).remove(0)
    };
    let named = |id: &str| Fields { id: Some(id.into()), source: Some("desk".into()), ..Fields::default() };
    let story = read(named("key")).unwrap();
    assert_eq!((story.id.as_str(), story.source.as_str(), story.body.as_str()), ("k", "D", "x"));
    assert!(read(named("none")).unwrap_err().message().starts_with("expected an id field (tried none)"));
}

/// Records as other tools write them, each with what must be read of it.
#[test]
fn records_of_other_tools_are_read_whole() {
    let read = |record: &str| {
        let folder = Folder::new(&[("s.json", record.as_bytes())]);
        let mut all = records(&folder.open());
        assert_eq!(all.len(), 1, "{record}");
        let story = all.remove(0).unwrap();
        let time = story.time.map(|time| time.to_string()).unwrap_or_default();
        [story.headline, story.body, story.source, time, story.url].join("|")
    };
    for (record, expected) in [
        // Fundus, Goose, WordPress, Solr, the Guardian, Event Registry, MongoDB.
        (
            r#"{"title":"T","plaintext":"Body.","publishing_date":"2024-04-30 08:15:00+00:00","publisher":"P"}"#,
            "T|Body.|P|2024-04-30T08:15:00Z|",
        ),
        (
            r#"{"title":"T","cleaned_text":"Body.","publish_datetime_utc":"2024-04-30 08:15:00","final_url":"https://p.example/q","domain":"P"}"#,
            "T|Body.|P|2024-04-30T08:15:00Z|https://p.example/q",
        ),
        (
            r#"{"id":5,"date":"2024-04-30T10:15:00","date_gmt":"2024-04-30T08:15:00","link":"https://p.example/q","title":{"rendered":"T"},"content":{"rendered":"<p>Body.</p>"}}"#,
            "T|Body.|p.example|2024-04-30T08:15:00Z|https://p.example/q",
        ),
        (
            r#"{"response":{"numFound":1,"docs":[{"id":"1","title":["T"],"text":["Body."],"source":["P"],"date":["2024-04-30T08:15:00Z"]}]}}"#,
            "T|Body.|P|2024-04-30T08:15:00Z|",
        ),
        (
            r#"{"response":{"results":[{"id":"q","webPublicationDate":"2024-04-30T08:15:00Z","webTitle":"W","webUrl":"https://p.example/q","fields":{"bodyText":"Body.","headline":"T"}}]}}"#,
            "T|Body.|p.example|2024-04-30T08:15:00Z|https://p.example/q",
        ),
        (
            r#"{"articles":{"results":[{"uri":"1","dateTimePub":"2024-04-30T08:15:00Z","url":"https://p.example/q","title":"T","body":"Body.","source":{"uri":"p.example","title":"P"}}]}}"#,
            "T|Body.|P|2024-04-30T08:15:00Z|https://p.example/q",
        ),
        (
            r#"{"_id":{"$oid":"65"},"title":"T","text":"Body.","date":{"$date":"2024-04-30T08:15:00Z"}}"#,
            "T|Body.||2024-04-30T08:15:00Z|",
        ),
        (
            r#"{"response":{"docs":[{"_id":"q","headline":{"main":"T"},"lead_paragraph":"Body.","pub_date":"2024-04-30T08:15:00+0000","source":"P","web_url":"https://p.example/q"}]}}"#,
            "T|Body.|P|2024-04-30T08:15:00Z|https://p.example/q",
        ),
        (r#"{"title":"T","paragraphs":["One.","Two."]}"#, "T|One.\n\nTwo.|||"),
    ] {
        assert_eq!(read(record), expected, "{record}");
    }
}

#[test]
fn a_teaser_is_the_text_where_there_is_no_other() {
    let text = "{\"title\":\"a\",\"description\":\"b\"}\n{\"description\":\"b\",\"text\":\"c\"}\n\
                {\"description\":\"b\",\"_source\":{\"title\":\"d\",\"content\":\"e\"}}\n\
                {\"title\":\"a\",\"content\":null,\"summary\":\"f\"}\n";
    let shown = shown_file("s.jsonl", text.as_bytes());
    assert_eq!(shown, ["s.jsonl:1|a|b", "s.jsonl:2||c", "s.jsonl:3|d|e", "s.jsonl:4|a|f"]);
    let feed =
        "{\"title\":\"Post\",\"description\":\"News\",\"entries\":[{\"title\":\"a\",\"summary\":\"b\"}]}";
    assert_eq!(shown_file("s.json", feed.as_bytes()), ["s.json:1.2|a|b"]);
}

#[test]
fn an_object_under_article_is_the_story_with_all_its_parts() {
    let text = "{\"article\":{\"headline\":\"a\",\"body\":[\"b\",\"c\"]}}\n\
                {\"data\":{\"article\":{\"headline\":\"a\",\"body\":\"b\"}}}\n{\"title\":\"a\",\"text\":{\"plain\":\"b\"}}\n";
    let shown = shown_file("s.jsonl", text.as_bytes());
    assert_eq!(shown, ["s.jsonl:1|a|b\n\nc", "s.jsonl:2|a|b", "s.jsonl:3|a|b"]);
}

#[test]
fn records_are_read_by_the_names_of_other_languages() {
    let text = "{\"titel\":\"a\",\"inhalt\":\"b\"}\n{\"titre\":\"a\",\"texte\":\"b\"}\n\
                {\"заголовок\":\"a\",\"текст\":\"b\"}\n{\"Título\":\"a\",\"Contenido\":\"b\"}\n";
    let shown = shown_file("s.jsonl", text.as_bytes());
    assert_eq!(shown, ["s.jsonl:1|a|b", "s.jsonl:2|a|b", "s.jsonl:3|a|b", "s.jsonl:4|a|b"]);
    let table = "sep=;\nTitel;Volltext\na;b\n";
    assert_eq!(shown_file("s.csv", table.as_bytes()), ["s.csv:3|a|b"]);
}

#[test]
fn a_publisher_may_be_one_of_a_list() {
    for source in
        ["[\"Bay News\",\"Isle Post\"]", "[{\"name\":\"Bay News\"}]", "{\"name\":\"Bay News\",\"id\":7}"]
    {
        let text = format!("{{\"id\":\"a\",\"text\":\"x\",\"publisher\":{source}}}");
        let folder = Folder::new(&[("s.jsonl", text.as_bytes())]);
        let stories: Vec<Story> = records(&folder.open()).into_iter().map(Result::unwrap).collect();
        assert_eq!(stories[0].source, "Bay News", "{source}");
    }
}

#[test]
fn a_package_that_only_names_its_parts_is_told() {
    let package = |body: &str| {
        format!(
            "{{\"uri\":\"p1\",\"type\":\"composite\",\"headline\":\"Ports\",\"versioncreated\":\"2024-04-30T08:15:00Z\",{body}\
             \"associations\":{{\"main\":{{\"uri\":\"n1\"}},\"more\":{{\"uri\":\"n2\"}}}}}}"
        )
    };
    let told = "ERR s.jsonl:1 expected a story, found an item of type `composite` without a text of its own; leave it out";
    assert_eq!(shown_file("s.jsonl", package("").as_bytes()), [told]);
    let picture = package("").replace("composite", "picture");
    assert_eq!(shown_file("s.jsonl", picture.as_bytes()), [told.replace("composite", "picture")]);
    assert_eq!(shown_file("s.jsonl", package("\"body_text\":\"x\",").as_bytes()), ["p1|Ports|x"]);
}

#[test]
fn entries_of_a_listing_are_stories() {
    let listing = br#"{"kind":"Listing","data":{"after":"x","children":[{"kind":"t3","data":{"id":"a1","title":"Ports","selftext":"They close."}}]}}"#;
    assert_eq!(shown_file("s.json", listing), ["a1|Ports|They close."]);
    let story = br#"{"id":"a","title":"Ports","text":"They close.","children":[{"text":"No."}]}"#;
    assert_eq!(shown_file("s.json", story), ["a|Ports|They close."]);
}
