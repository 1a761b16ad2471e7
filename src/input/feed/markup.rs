//! From an entry whose text is markup that XML cannot hold, such as `<br>` without an end, to the same
//! entry with that markup as text.

use regex::Regex;
use std::sync::LazyLock;

/// Elements whose text feeds give as HTML.
static TEXTS: LazyLock<Regex> = LazyLock::new(|| {
    let names = "title|description|summary|content|content:encoded|yandex:full-text|turbo:content|body";
    Regex::new(&format!(r"(?i)<({names})(?:\s[^<>]*)?>")).expect("a sound pattern")
});

/// The entry with the markup of its texts in CDATA.
pub(super) fn as_text(entry: &str) -> String {
    let mut out = String::with_capacity(entry.len() + 64);
    let mut kept = 0;
    for open in TEXTS.captures_iter(entry) {
        let (Some(tag), name) = (open.get(0), &open[1]) else { continue };
        // What opens in markup that is text by now opens nothing.
        if tag.start() < kept || tag.as_str().ends_with("/>") {
            continue;
        }
        let Some(length) = entry[tag.end()..].find(&format!("</{name}>")) else { continue };
        let inner = &entry[tag.end()..tag.end() + length];
        out.push_str(&entry[kept..tag.end()]);
        kept = tag.end() + length;
        if inner.contains('<') && !inner.contains("<![CDATA[") && !inner.contains("]]>") {
            out.extend(["<![CDATA[", inner, "]]>"]);
        } else {
            out.push_str(inner);
        }
    }
    out.push_str(&entry[kept..]);
    out
}

#[cfg(test)]
mod tests {
    use super::super::mended::entries;
    use super::*;
    use std::path::Path;

    #[test]
    fn entries_with_such_markup_are_read() {
        let feed = "<rss><channel><title>Bay</title><item><title>Nets</title><description>One<br>two.\
                    </description></item><item><title>Pier</title><description><p>Three.</description></item>";
        let records = entries(feed, Path::new("f.xml"));
        let bodies: Vec<_> =
            records.iter().map(|record| &*record.as_ref().ok().unwrap().story.body).collect();
        assert_eq!(bodies, ["One\ntwo.", "Three."]);
    }

    #[test]
    fn markup_in_a_text_becomes_text_and_nothing_else_changes() {
        for (entry, expected) in [
            (
                "<item><title>A</title><description>One<br>two</description></item>",
                "<item><title>A</title><description><![CDATA[One<br>two]]></description></item>",
            ),
            (
                "<entry><content type=\"html\"><p>One<p>two</content></entry>",
                "<entry><content type=\"html\"><![CDATA[<p>One<p>two]]></content></entry>",
            ),
        ] {
            assert_eq!(as_text(entry), expected);
        }
        for same in [
            "<item><description><![CDATA[One<br>]]></description><content/></item>",
            "<item><media:content url='a'><media:title>A<br></media:title></media:content></item>",
            "<item><description>One &amp; two</description>",
            "<item><description>One<br>",
        ] {
            assert_eq!(as_text(same), same);
        }
    }
}
