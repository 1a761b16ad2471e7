//! From versions under one id to their order, and to the ties that their sender declares.

use crate::scratch::Scratch;

/// One item of ninjs with its version and text.
fn item(version: u32, status: &str, text: &str) -> String {
    format!(
        "{{\"uri\":\"urn:x:1\",\"version\":\"{version}\",\"pubstatus\":\"{status}\",\"headline\":\"Quake off Holm\",\"body_text\":\"{text}\"}}"
    )
}

#[test]
fn versions_of_one_id_are_in_order_and_no_mistake() {
    let text = "A quake of magnitude 5.1 shook the island of Holm on Monday night and cracked the chimney of the school.";
    let scratch = Scratch::with(&[
        ("a.json", item(3, "canceled", text)),
        ("b.json", item(1, "usable", text)),
        ("c.json", item(2, "withheld", text)),
    ]);
    let run = scratch.run("scan . --level copy --format jsonl");
    assert_eq!(run.err, "");
    insta::assert_snapshot!(run.of_type("cluster")[0]["flags"], @r#"{"urn:x:1#2":"withheld","urn:x:1#3":"canceled"}"#);
    assert!(scratch.run("scan . --level copy").out.contains("urn:x:1#3  canceled"));
    let again =
        Scratch::with(&[("a.json", item(1, "usable", text)), ("b.json", item(1, "usable", "Other words."))]);
    assert!(
        again.run("scan . --level copy").err.contains("1 story has an id that was given before, `urn:x:1`")
    );
}

#[test]
fn versions_of_one_id_are_related_whatever_they_say() {
    let story = "The island of Holm woke to broken chimneys after a quake that lasted half a minute; the school \
                 stays shut, ferries are late, and the council will meet at noon, its clerk said.";
    let other = item(4, "usable", "Nothing was shaken on Holm but a lorry with sixteen pianos.");
    let corrected = other.replacen('{', "{\"signal\":\"sig:correction\",", 1);
    let scratch = Scratch::with(&[
        ("1.json", item(1, "usable", "Quake shakes Holm.")),
        ("2.json", item(2, "usable", story)),
        ("3.json", item(3, "canceled", "Withdrawn.")),
        ("4.json", corrected),
        ("5.json", "{\"uri\":\"urn:x:2\",\"evolvedfrom\":\"urn:x:1\",\"headline\":\"Pianos\",\"body_text\":\"All sixteen are out of tune.\"}".into()),
    ]);
    let run = scratch.run("scan . --format jsonl");
    let ties: Vec<String> = run
        .of_type("pair")
        .iter()
        .map(|pair| {
            let word = |key: &str| pair[key].as_str().unwrap().to_owned();
            format!(
                "{} {} {} {} {}",
                word("a"),
                word("b"),
                word("relation"),
                word("direction"),
                word("reason")
            )
        })
        .collect();
    insta::assert_snapshot!(ties.join("\n"), @"
    urn:x:1 urn:x:1#2 update a-to-b version
    urn:x:1 urn:x:1#3 correction a-to-b version
    urn:x:1 urn:x:1#4 correction a-to-b version
    urn:x:1 urn:x:2 update a-to-b version
    urn:x:1#2 urn:x:1#3 correction a-to-b version
    urn:x:1#2 urn:x:1#4 correction a-to-b version
    urn:x:1#2 urn:x:2 update a-to-b version
    urn:x:1#3 urn:x:1#4 correction a-to-b version
    urn:x:1#3 urn:x:2 update a-to-b version
    urn:x:1#4 urn:x:2 update a-to-b version
    ");
    assert_eq!(run.of_type("cluster")[0]["members"].as_array().map(Vec::len), Some(5), "{}", run.out);
    assert_eq!(run.err, "");
}
