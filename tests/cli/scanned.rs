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
    assert!(told[2].contains("expected articles, found METS without any"), "{told:?}");
    assert!(told[3].contains("expected a page, found none"), "{told:?}");
    run.exits(3);
}

/// A page of ALTO: blocks by their ids and words.
fn page(blocks: &[(&str, &str)]) -> String {
    let line = |words: &str| {
        let strings = words.split(' ').map(|word| format!("<String CONTENT='{word}'/>"));
        format!("<TextLine>{}</TextLine>", strings.collect::<String>())
    };
    let blocks = blocks.iter().map(|(id, text)| format!("<TextBlock ID='{id}'>{}</TextBlock>", line(text)));
    format!(
        "<alto><Layout><Page><PrintSpace>{}</PrintSpace></Page></Layout></alto>",
        blocks.collect::<String>()
    )
}

/// An issue of two pages, with an article that goes over to the second.
fn issue() -> Vec<(&'static str, String)> {
    let mets = "<mets xmlns='http://www.loc.gov/METS/' xmlns:mods='http://www.loc.gov/mods/v3' xmlns:xlink='http://www.w3.org/1999/xlink' LABEL='Der Landbote'>
<dmdSec ID='D0'><mdWrap><xmlData><mods:mods><mods:titleInfo><mods:nonSort>Der</mods:nonSort><mods:title>Landbote</mods:title></mods:titleInfo>
<mods:originInfo><mods:dateIssued>1888-11-30</mods:dateIssued></mods:originInfo></mods:mods></xmlData></mdWrap></dmdSec>
<dmdSec ID='D2'><mdWrap><xmlData><mods:mods><mods:titleInfo><mods:title>Cattle at Holm</mods:title></mods:titleInfo>
<mods:language><mods:languageTerm>en</mods:languageTerm></mods:language></mods:mods></xmlData></mdWrap></dmdSec>
<fileSec><fileGrp ID='ALTOGRP'><file ID='A1'><FLocat LOCTYPE='URL' xlink:href='file://./alto/1.xml'/></file>
<file ID='A2'><FLocat LOCTYPE='URL' xlink:href='alto/2.xml'/></file><file ID='A3'><FLocat LOCTYPE='URL' xlink:href='../../secret.xml'/></file></fileGrp></fileSec>
<structMap TYPE='PHYSICAL'><div TYPE='PAGE' LABEL='no paper'/></structMap>
<structMap TYPE='LOGICAL'><div TYPE='Newspaper' DMDID='D0'><div TYPE='ISSUE'><div TYPE='CONTENT'>
<div ID='DIVL1' TYPE='ARTICLE' LABEL='The Alma lost'><div TYPE='HEADING'><div TYPE='TITLE'><fptr><area FILEID='A1' BEGIN='B1' BETYPE='IDREF'/></fptr></div></div>
<div TYPE='BODY'><fptr><seq><area FILEID='A1' BEGIN='B2' BETYPE='IDREF'/><area FILEID='A2' BEGIN='B1' BETYPE='IDREF'/></seq></fptr></div></div>
<div ID='DIVL2' TYPE='Article' DMDID='D2'><fptr><area FILEID='A2' BEGIN='B2' BETYPE='IDREF'/></fptr></div>
<div ID='DIVL3' TYPE='ARTICLE' LABEL='Outside'><fptr><area FILEID='A3' BEGIN='B1' BETYPE='IDREF'/></fptr></div>
</div></div></div></structMap></mets>";
    vec![
        ("1888/issue-METS.xml", mets.to_owned()),
        (
            "1888/alto/1.xml",
            page(&[
                ("B0", "Price one penny"),
                ("B1", "THE ALMA LOST"),
                ("B2", "The steamer Alma ran upon the bar"),
            ]),
        ),
        (
            "1888/alto/2.xml",
            page(&[("B1", "at Holm on Monday night."), ("B2", "Forty head of cattle were sold.")]),
        ),
        ("1888/alto/3.xml", page(&[("B1", "Tides and moon.")])),
        ("secret.xml", page(&[("B1", "Nobody reads this from there.")])),
    ]
}

#[test]
fn an_issue_in_mets_is_read_by_article() {
    let scratch = Scratch::with(&issue());
    let run = scratch.run("read 1888 --format jsonl");
    let told: Vec<String> = run
        .of_type("story")
        .iter()
        .map(|s| {
            let text = |key: &str| s[key].as_str().unwrap_or_default().replace('\n', " ");
            [text("id"), text("headline"), text("source"), text("time"), text("language"), text("text")]
                .join(" | ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "alto/3.xml |  |  |  |  | Tides and moon.",
            "issue-METS.xml#DIVL1 | The Alma lost | Der Landbote | 1888-11-30 |  | The steamer Alma ran upon the bar  at Holm on Monday night.",
            "issue-METS.xml#DIVL2 | Cattle at Holm | Der Landbote | 1888-11-30 | en | Forty head of cattle were sold.",
            "issue-METS.xml#A1 |  | Der Landbote | 1888-11-30 |  | Price one penny",
        ],
        "{}{}",
        run.out,
        run.err
    );
    // A page that is named by itself is read as one.
    assert_eq!(scratch.run("read 1888/alto/2.xml --format jsonl").of_type("story").len(), 1);
    scratch.run("index add y.db 1888").exits(0);
    assert_eq!(scratch.run("index stats y.db --format json").messages()[0]["stories"], 4);
}

#[test]
fn a_page_that_an_issue_lacks_is_told_and_the_rest_is_read() {
    let scratch = Scratch::with(&issue()[..2]);
    let run = scratch.run("read 1888 --format jsonl");
    assert_eq!(run.of_type("skipped").len(), 1, "{}", run.out);
    assert!(run.out.contains("2.xml") && run.out.contains("upon the bar"), "{}", run.out);
    run.exits(3);
}

/// The same files in a zip or a tar archive.
fn packed(files: &[(&str, String)]) -> [(&'static str, Vec<u8>); 2] {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("./{name}"), text.as_bytes()).unwrap();
    }
    [("a.zip", zip.finish().unwrap().into_inner()), ("b.tar", tar.into_inner().unwrap())]
}

#[test]
fn an_issue_in_an_archive_is_read_by_article() {
    let scratch = Scratch::with(&packed(&issue()[..4]));
    for archive in ["a.zip", "b.tar"] {
        let run = scratch.run(&format!("read {archive} --format jsonl"));
        let ids: Vec<String> =
            run.of_type("story").iter().map(|story| story["id"].as_str().unwrap().to_owned()).collect();
        let whole = |id: &str| format!("{archive}/1888/{id}");
        let articles = ["alto/3.xml", "issue-METS.xml#DIVL1", "issue-METS.xml#DIVL2", "issue-METS.xml#A1"];
        assert_eq!(ids, articles.map(whole), "{}{}", run.out, run.err);
        assert!(run.out.contains("at Holm on Monday night."), "an article goes over pages");
        run.exits(0);
    }
    let lacking = Scratch::with(&packed(&issue()[..2]));
    let run = lacking.run("read a.zip --format jsonl");
    assert!(run.out.contains("expected the page in the archive of its METS file, found none"), "{}", run.out);
    run.exits(3);
}
