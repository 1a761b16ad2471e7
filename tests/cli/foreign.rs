//! From packed files, other charsets and standard input to the same stories.

use crate::damaged::gzip;
use crate::scratch::Scratch;
use crate::wire_day::day;
use encoding_rs::{Encoding, GB18030, KOI8_R, WINDOWS_1251};

const RUSSIAN: &str = "Льнозавод в Заозерье после ремонта снова принимает сырье\n\nЛьнозавод в Заозерье после \
    ремонта снова принимает сырье, сообщила пресс-служба области. На предприятии работает девяносто человек, \
    в две смены. До конца года здесь переработают восемь тысяч тонн льнотресты, говорит директор завода. \
    Новую линию привезли весной, ее налаживали три месяца.";
const CHINESE: &str = "成都新增两条地铁线路\n\n成都市交通运输局周一宣布,两条新的地铁线路将于下月投入运营,全长五十一公里。\
    官员表示,新线路将连接机场与市中心,预计每天运送乘客四十万人次。票价与现有线路相同。";

/// The text in a charset and in UTF-8, in two files.
fn twins(encoding: &'static Encoding, text: &str) -> Scratch {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy, "{} has all of the text", encoding.name());
    Scratch::with(&[("foreign.txt", bytes.as_ref()), ("utf-8.txt", text.as_bytes())])
}

#[test]
fn a_story_in_another_charset_is_joined_with_its_twin() {
    for (encoding, text) in [(WINDOWS_1251, RUSSIAN), (KOI8_R, RUSSIAN), (GB18030, CHINESE)] {
        let run = twins(encoding, text).run("scan . --level identical --format jsonl");
        assert_eq!(run.clusters(), ["foreign.txt utf-8.txt"], "{}", encoding.name());
        run.exits(0);
    }
}

#[test]
fn packed_and_piped_stories_are_the_same_stories() {
    let feed = day(3, 60).join("\n");
    let zstd = zstd::encode_all(feed.as_bytes(), 1).unwrap();
    let scratch = Scratch::with(&[
        ("plain/day.jsonl", feed.as_bytes()),
        ("gz/day.jsonl.gz", &gzip(feed.as_bytes())),
        ("zst/day.jsonl.zst", &zstd),
    ]);
    let plain = scratch.run("scan plain --level copy --format jsonl --singles").exits(0);
    assert!(plain.lines().count() > 60, "{plain}");
    for path in ["gz", "zst", "gz/day.jsonl.gz"] {
        let packed = scratch.run(&format!("scan {path} --level copy --format jsonl --singles")).exits(0);
        assert_eq!(packed, plain, "{path}");
    }
    for bytes in [feed.into_bytes(), zstd] {
        assert_eq!(scratch.fed("scan - --level copy --format jsonl --singles", bytes).exits(0), plain);
    }
}

#[test]
fn standard_input_is_named_in_what_was_skipped() {
    let feed = "{\"id\":\"a\",\"text\":\"one\"}\n{\"id\":\n";
    let run = Scratch::new().fed("scan - --level copy --format jsonl", feed);
    assert_eq!(
        (&run.of_type("skipped")[0]["path"], &run.of_type("skipped")[0]["line"]),
        (&"-".into(), &2.into())
    );
    run.exits(3);
}

#[test]
fn fields_can_be_named() {
    let feed = "{\"key\":\"k1\",\"text\":\"no\",\"words\":\"Ice closed the port of Riga on Sunday night.\"}\n\
        {\"key\":\"k2\",\"text\":\"yes\",\"words\":\"Ice closed the port of Riga on Sunday night.\"}\n";
    let scratch = Scratch::with(&[("feed.ndjson", feed)]);
    let run = scratch.run("scan feed.ndjson --id-field key --text-field words --format jsonl");
    assert_eq!(run.clusters(), ["k1 k2"]);
    run.exits(0);
}
