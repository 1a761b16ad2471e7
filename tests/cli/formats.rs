//! From a small folder to each output format.

use crate::scratch::Scratch;
use insta::assert_snapshot;

const FERRY: &str = "A passenger ferry carrying 148 people has run aground on a sandbar at the mouth of the \
    Derrin River, forcing a rescue in two-metre swells that lasted until after midnight. Eleven people were \
    treated for cuts and bruises and a woman was taken to hospital with a broken wrist. No one was missing.";

/// Two versions of one report, a text that runs twice, one story by itself and one bad record.
pub(crate) fn small_folder() -> Scratch {
    let first = format!(
        "Headline: Ferry runs aground\nSource: AAP\nDate: 2024-03-02T08:15:00Z\nId: aap-1\n\n{FERRY}\n"
    );
    let second = format!(
        "Headline: 148 rescued from ferry\nSource: Post\nDate: 2024-03-02T10:00:00Z\nId: post-7\n\n{}\n",
        FERRY.replace("eleven", "twelve").replace("broken wrist", "broken arm")
    );
    let feed = "{\"id\":\"flax-1\",\"title\":\"Flax mill reopens\",\"text\":\"The flax mill at Zaozerye took on ninety hands on Monday and will run two shifts.\"}\n\
        {\"id\":\"moon\",\"text\":\"A partial eclipse of the moon will be seen over the south of the country tonight.\"}\n\
        [1, 2]\n\
        {\"id\":\"flax-2\",\"text\":\"The flax mill at Zaozerye took on ninety hands on Monday and will run two shifts.\"}\n";
    Scratch::with(&[("ferry/first.txt", first.as_str()), ("ferry/second.txt", &second), ("feed.jsonl", feed)])
}

#[test]
fn text_is_for_people() {
    let run = small_folder().run("scan . --level copy");
    assert_eq!((run.code, run.err.as_str()), (3, ""));
    assert_snapshot!(run.out, @"
    2 versions  Ferry runs aground  first AAP 2024-03-02 08:15Z  weakest 0.81
      2 stories, 2 newsrooms, none independent of AAP
      canonical        AAP   2024-03-02 08:15Z  aap-1
      copy       0.98  Post  2024-03-02 10:00Z  post-7

    2 versions  Flax mill reopens  weakest 1.00
      canonical        flax-1
      identical  1.00  flax-2

    skipped ./feed.jsonl:3: expected a story as a JSON object, found a fault at column 0: invalid type: sequence, expected an object; mend the line or take it out

    5 stories: 4 in 2 clusters, 1 single; 2 pairs; 1 record skipped
    ");
}

#[test]
fn text_with_singles() {
    assert_snapshot!(small_folder().run("scan . --level copy --singles").exits(3), @"
    2 versions  Ferry runs aground  first AAP 2024-03-02 08:15Z  weakest 0.81
      2 stories, 2 newsrooms, none independent of AAP
      canonical        AAP   2024-03-02 08:15Z  aap-1
      copy       0.98  Post  2024-03-02 10:00Z  post-7

    2 versions  Flax mill reopens  weakest 1.00
      canonical        flax-1
      identical  1.00  flax-2

    single  moon

    skipped ./feed.jsonl:3: expected a story as a JSON object, found a fault at column 0: invalid type: sequence, expected an object; mend the line or take it out

    5 stories: 4 in 2 clusters, 1 single; 2 pairs; 1 record skipped
    ");
}

#[test]
fn json_is_one_object() {
    let run = small_folder().run("scan . --level copy --format json --singles");
    assert!(serde_json::from_str::<serde_json::Value>(&run.out).unwrap().is_object());
    assert_eq!((run.code, run.err.as_str()), (3, "dedup: 1 record skipped; the output says why\n"));
    assert_snapshot!(run.out, @r#"
    {
    "clusters": [
    {"canonical":"aap-1","origin":"aap-1","weakest":0.818182,"newsrooms":2,"independent":0,"members":[{"id":"aap-1","headline":"Ferry runs aground","source":"AAP","time":"2024-03-02T08:15:00Z","language":null,"relation":null,"score":null,"jaccard":null},{"id":"post-7","headline":"148 rescued from ferry","source":"Post","time":"2024-03-02T10:00:00Z","language":null,"relation":"copy","score":0.981818,"jaccard":0.818182}]},
    {"canonical":"flax-1","origin":null,"weakest":1.0,"members":[{"id":"flax-1","headline":"Flax mill reopens","source":null,"time":null,"language":null,"relation":null,"score":null,"jaccard":null},{"id":"flax-2","headline":"The flax mill at Zaozerye took on ninety hands on Monday and will run two shifts.","source":null,"time":null,"language":null,"relation":"identical","score":1.0,"jaccard":1.0}]}
    ],
    "pairs": [
    {"a":"aap-1","b":"post-7","relation":"copy","score":0.981818,"jaccard":0.818182,"containment_a":0.9,"containment_b":0.9,"direction":"a-to-b","reason":"earlier"},
    {"a":"flax-1","b":"flax-2","relation":"identical","score":1.0,"jaccard":1.0,"containment_a":1.0,"containment_b":1.0,"direction":"unknown","reason":"nothing"}
    ],
    "singles": [
    {"id":"moon"}
    ],
    "skipped": [
    {"path":"./feed.jsonl","line":3,"reason":"expected a story as a JSON object, found a fault at column 0: invalid type: sequence, expected an object; mend the line or take it out"}
    ],
    "warnings": [],
    "summary": {"stories":5,"clusters":2,"clustered":4,"pairs":2,"skipped":1}
    }
    "#);
}

#[test]
fn csv_is_a_row_a_member() {
    let run = small_folder().run("scan . --level copy --format csv --singles");
    assert_snapshot!(run.err, @"dedup: skipped ./feed.jsonl:3: expected a story as a JSON object, found a fault at column 0: invalid type: sequence, expected an object; mend the line or take it out");
    assert_snapshot!(run.exits(3), @"
    cluster,canonical,id,role,relation,score,jaccard,source,time,headline,flag,url,standing
    1,aap-1,aap-1,canonical,,,,AAP,2024-03-02T08:15:00Z,Ferry runs aground,,,
    1,aap-1,post-7,member,copy,0.981818,0.818182,Post,2024-03-02T10:00:00Z,148 rescued from ferry,,,
    2,flax-1,flax-1,canonical,,,,,,Flax mill reopens,,,
    2,flax-1,flax-2,member,identical,1.0,1.0,,,The flax mill at Zaozerye took on ninety hands on Monday and will run two shifts.,,,
    ,,moon,single,,,,,,,,,
    ");
}

#[test]
fn quiet_says_nothing_beside_the_result() {
    let run = small_folder().run("scan . --level copy --format csv --quiet");
    assert_eq!((run.code, run.err.as_str()), (3, ""));
}
