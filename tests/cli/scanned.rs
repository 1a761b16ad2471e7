//! From the forms in which libraries keep old print to the same story, whichever it was in.

use crate::scratch::Scratch;
use serde_json::json;

const WORDS: [&str; 4] =
    ["The steamer Alma ran", "upon the bar at Holm", "on Monday night, with", "forty souls on board."];

fn alto() -> String {
    let line = |words: &str| {
        let strings = words.split(' ').map(|word| format!("<String CONTENT='{word}'/>"));
        format!("<TextLine>{}</TextLine>", strings.collect::<Vec<_>>().join("<SP/>"))
    };
    // The second line is cut in a word, which is given whole.
    let cut = "<TextLine><String CONTENT='upon'/><String CONTENT='the'/><String CONTENT='bar'/><String CONTENT='at'/>\
               <String CONTENT='Ho' SUBS_TYPE='HypPart1' SUBS_CONTENT='Holm'/><HYP CONTENT='-'/></TextLine>\
               <TextLine><String CONTENT='lm' SUBS_TYPE='HypPart2' SUBS_CONTENT='Holm'/><String CONTENT='on'/><String CONTENT='Monday'/><String CONTENT='night,'/><String CONTENT='with'/></TextLine>";
    format!(
        "<?xml version='1.0'?><alto xmlns='http://www.loc.gov/standards/alto/ns-v2#'><Layout><Page><PrintSpace><TextBlock>{}{cut}{}</TextBlock></PrintSpace></Page></Layout></alto>",
        line(WORDS[0]),
        line(WORDS[3])
    )
}

fn forms() -> Scratch {
    let page_xml =
        WORDS.map(|line| format!("<TextLine><TextEquiv><Unicode>{line}</Unicode></TextEquiv></TextLine>"));
    let hocr = WORDS.map(|line| format!("<span class='ocr_line'>{line}</span>"));
    let text = WORDS.join("\n").replace("steamer", "steam\u{ad}\ner");
    Scratch::with(&[
        ("sn83030214/1903-01-02/ed-1/seq-1/ocr.xml", alto()),
        ("sn83030215/1903/01/03/ed-1/seq-1/ocr.txt", text.clone()),
        ("bote/1903-01-04/p.xml", format!("<PcGts><Page><TextRegion>{}</TextRegion></Page></PcGts>", page_xml.concat())),
        (
            "mail/1903-01-05/p.html",
            format!("<html><body><div class='ocr_page'><p class='ocr_par'>{}</p></div></body></html>", hocr.join("\n")),
        ),
        (
            "hits.json",
            json!({"items": [{"ocr_eng": WORDS.join("\n"), "title": "The Holm star", "date": "19030106", "id": "/lccn/sn1/"}]})
                .to_string(),
        ),
        (
            "passim.jsonl",
            json!({"id": "p1", "series": "pilot", "date": "1903-01-07", "text": WORDS.join("\n")}).to_string() + "\n",
        ),
    ])
}

#[test]
fn one_page_in_six_forms_is_one_story() {
    let forms = forms();
    let read = forms.run("read . --format jsonl");
    let mut told: Vec<String> = read
        .of_type("story")
        .iter()
        .map(|story| format!("{} {} {}", story["source"], story["time"], story["headline"]))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            r#""The Holm star" "1903-01-06" """#,
            r#""bote" "1903-01-04" """#,
            r#""mail" "1903-01-05" """#,
            r#""pilot" "1903-01-07" """#,
            r#""sn83030214" "1903-01-02" """#,
            r#""sn83030215" "1903-01-03" """#,
        ],
        "{}",
        read.out
    );
    let run = forms.run("scan . --level identical --format jsonl");
    assert_eq!(run.of_type("cluster")[0]["members"].as_array().unwrap().len(), 6, "{}", run.out);
    run.exits(0);
}

#[test]
fn what_holds_no_page_is_skipped_with_a_reason() {
    let scratch = Scratch::with(&[
        ("good.txt", "A headline\n\nThe river rose again."),
        ("blank.xml", "<alto><Layout>\n<Page/></Layout></alto>"),
        ("none.xml", "<PcGts><Metadata/></PcGts>"),
        ("mets.xml", "<mets:mets xmlns:mets='http://www.loc.gov/METS/'/>"),
        ("cut.xml", "<alto><Layout><Page>"),
    ]);
    let run = scratch.run("scan . --format jsonl");
    let told: Vec<String> = run
        .of_type("skipped")
        .iter()
        .map(|s| format!("{} {} {}", s["path"], s["line"], s["reason"]))
        .collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(
        told[0].contains("expected a page with text, found none") && told[0].contains("blank.xml\" 2 "),
        "{told:?}"
    );
    assert!(told[1].contains("expected well-formed XML"), "{told:?}");
    assert!(told[2].contains("expected a page, found METS"), "{told:?}");
    assert!(told[3].contains("expected a page, found none"), "{told:?}");
    run.exits(3);
}
