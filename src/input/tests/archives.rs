//! From files of archives, search engines and libraries to stories, by what is in them.

use super::*;

const FACTIVA: &str = "Pier closes\n512 words\n30 April 2024\nBay News\nBAYN\nEnglish\nCopyright 2024 Bay Media\n\n\
    It closes.\n\nDocument BAYN000020240430ek4u0001a\n";
const FACTIVA_PAGE: &str = "<html><body><div class='article enArticle'><span class='enHeadline'>Pier closes</span>\
    <div>512 words</div><div>30 April 2024</div><div>Bay News</div><div>Copyright 2024 Bay Media</div>\
    <p class='articleParagraph enarticleParagraph'>It closes.</p><p>Document BAYN000020240430ek4u0001a</p></div></body></html>";

#[test]
fn each_form_is_known_by_what_is_in_it() {
    for (name, text, expected) in [
        (
            "a.xml",
            "<add><doc><field name='id'>n1</field><field name='title'>Pier closes</field><field name='text'>It closes.</field></doc></add>",
            "n1|Pier closes|It closes.",
        ),
        (
            "a.xml",
            "<response><result><doc><str name='id'>n1</str><str name='title'>Pier closes</str><str name='text'>It closes.</str></doc></result></response>",
            "n1|Pier closes|It closes.",
        ),
        (
            "a.xml",
            "<resultset><row><field name='ID'>n1</field><field name='post_title'>Pier closes</field><field name='post_content'>It closes.</field></row></resultset>",
            "n1|Pier closes|It closes.",
        ),
        (
            "a.xml",
            "<TEI><teiHeader><fileDesc><titleStmt><title>Pier closes</title></titleStmt></fileDesc></teiHeader><text><body><p>It closes.</p></body></text></TEI>",
            "a.xml|Pier closes|It closes.",
        ),
        (
            "a.xml",
            "<article><front><article-meta><article-id>n1</article-id><title-group><article-title>Pier closes</article-title></title-group></article-meta></front><body><p>It closes.</p></body></article>",
            "n1|Pier closes|It closes.",
        ),
        ("a.txt", FACTIVA, "BAYN000020240430ek4u0001a|Pier closes|It closes."),
        #[cfg(feature = "pages")]
        ("a.html", FACTIVA_PAGE, "BAYN000020240430ek4u0001a|Pier closes|It closes."),
    ] {
        assert_eq!(shown_file(name, text.as_bytes()), [expected], "{text}");
    }
    for root in ["response", "add", "article"] {
        let shown = shown_file("a.xml", format!("<{root}><status>ok</status></{root}>").as_bytes());
        assert!(shown[0].contains(&format!("found the root <{root}>")), "{shown:?}");
    }
}

#[test]
fn named_fields_are_the_only_ones_of_xml_too() {
    let xml = b"<add><doc><field name='nr'>n1</field><field name='kopf'>Pier closes</field><field name='text'>A note.</field>\
        <field name='wortlaut'>It closes.</field></doc></add>";
    let folder = Folder::new(&[("a.xml", xml)]);
    let name = |name: &str| Some(name.to_owned());
    let fields =
        Fields { id: name("nr"), headline: name("kopf"), text: name("wortlaut"), ..Fields::default() };
    assert_eq!(shown(&Files::open(&[folder.path()], fields).unwrap()), ["n1|Pier closes|It closes."]);
}

#[cfg(feature = "feeds")]
#[test]
fn a_feed_behind_what_a_program_printed_is_read() {
    let feed = "<?xml version='1.0'?><rss version='2.0'><channel><item><guid>n1</guid><title>Pier closes</title><description>It closes.</description></item></channel></rss>";
    for before in [
        "<br />\n<b>Warning</b>: no such file in <b>/www/f.php</b> on line <b>7</b><br />\n",
        "Notice: no zone is set\n",
    ] {
        let shown = shown_file("a.xml", format!("{before}{feed}").as_bytes());
        assert_eq!(shown, ["n1|Pier closes|It closes."], "{before}");
    }
}
