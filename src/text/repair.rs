//! From text as it was printed to text as it was written: entities, tags, soft line ends.

use memchr::{memchr_iter, memchr2, memchr2_iter, memmem};
use std::borrow::Cow;

/// Elements that a page leaves in running text. Only these are taken out: `<BP.L>` and `<Ricoh
/// France SA>` are words of a wire.
const ELEMENTS: [&str; 53] = [
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "cite",
    "del",
    "div",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "ins",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Decodes HTML entities, replaces HTML tags by a space (a line end for blocks) and joins words
/// that a hyphen cuts at a line end, if both halves are in lower case. Text without any of these
/// is returned as it is. Cost: one scan at memory speed.
pub fn repair(text: &str) -> Cow<'_, str> {
    if !has_markup(text) {
        return join_hyphens(text);
    }
    match decode(text) {
        Cow::Borrowed(text) => join_hyphens(text),
        // A `<br>` after a hyphen is a line end as well.
        Cow::Owned(text) => Cow::Owned(join_hyphens(&text).into_owned()),
    }
}

/// Whether a tag may be in `text`, or an entity: a name or number from `&` to `;`.
fn has_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr2_iter(b'&', b'<', bytes).any(|at| {
        let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'#';
        let name = bytes[at + 1..].iter().take_while(is_name).count();
        bytes[at] == b'<' || (name > 0 && bytes.get(at + 1 + name) == Some(&b';'))
    })
}

/// Tags before entities: `&lt;p&gt;` is a mention of a tag and stays one.
fn decode(text: &str) -> Cow<'_, str> {
    match drop_tags(text) {
        Cow::Borrowed(text) => entities(text),
        Cow::Owned(text) => Cow::Owned(entities(&text).into_owned()),
    }
}

/// Decodes entities, twice where they were encoded twice: `&amp;rsquo;`, `&amp;#8217;`.
fn entities(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 32;
    let once = html_escape::decode_html_entities(text);
    let is_entity = |at: usize| {
        let rest = &text.as_bytes()[at + b"&amp;".len()..];
        let name =
            rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#');
        let length = name.count();
        length > 1 && rest.get(length) == Some(&b';')
    };
    if memmem::find_iter(text.as_bytes(), b"&amp;").any(is_entity) {
        return Cow::Owned(html_escape::decode_html_entities(&once).into_owned());
    }
    once
}

fn drop_tags(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    let mut from = 0;
    while let Some(open) = memchr::memchr(b'<', &text.as_bytes()[from..]).map(|i| from + i) {
        from = open + 1;
        if let Some((len, block)) = tag(&text[open..]) {
            out.push_str(&text[kept..open]);
            out.push(if block { '\n' } else { ' ' });
            kept = open + len;
            from = kept;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The length of the HTML tag that `text` starts with, and whether it ends a line.
pub(super) fn tag(text: &str) -> Option<(usize, bool)> {
    /// No real tag of running text is longer; bounds the search where a `<` is never closed.
    const LONGEST: usize = 2_000;
    let bytes = text.as_bytes();
    let name = 1 + usize::from(bytes.get(1) == Some(&b'/'));
    let end = name + bytes[name..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let element = text[name..end].to_ascii_lowercase();
    if !ELEMENTS.contains(&element.as_str()) || !matches!(bytes.get(end), Some(b'>' | b' ' | b'/' | b'\n')) {
        return None;
    }
    let close = memchr2(b'>', b'<', &bytes[end..bytes.len().min(end + LONGEST)])? + end;
    let block = !matches!(
        element.as_str(),
        "a" | "abbr"
            | "b"
            | "cite"
            | "del"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "u"
    );
    (bytes[close] == b'>').then_some((close + 1, block))
}

fn join_hyphens(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    for hyphen in memchr_iter(b'-', text.as_bytes()) {
        let rest = &text[hyphen + 1..];
        let Some(next) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')) else { continue };
        let before = text[..hyphen].chars().next_back();
        let after = next.chars().next();
        if before.is_some_and(char::is_lowercase) && after.is_some_and(char::is_lowercase) {
            // A column has many: room is made once.
            out.reserve(text.len() - kept);
            out.push_str(&text[kept..hyphen]);
            kept = text.len() - next.len();
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_text_is_not_copied() {
        assert!(matches!(repair("Talks in Minsk - a well-known format."), Cow::Borrowed(_)));
        assert!(matches!(repair("Shares of <BP.L> & others < 5"), Cow::Borrowed(_)));
    }

    #[test]
    fn entities_and_tags_go() {
        assert_eq!(
            repair("<p>Tom &amp; Ann&#39;s</p><p class=\"x\">a<b>b</b></p>"),
            "\nTom & Ann's\n\na b \n"
        );
        assert_eq!(
            repair("<TABLE width=9><tr><td>Ferry</td></tr></table><pre>stops</pre> <cite>now</cite>"),
            "\n\n\nFerry\n\n\n\nstops\n  now "
        );
        assert_eq!(repair("&lt;p&gt; stays a mention"), "<p> stays a mention");
        assert_eq!(repair("Tom&amp;rsquo;s &amp;#8217;R&amp;D&amp;#8217;"), "Tom’s ’R&D’");
        assert_eq!(repair("R&amp;D; AT&amp;T &amp; more"), "R&D; AT&T & more");
    }

    #[test]
    fn tickers_in_brackets_stay() {
        assert_eq!(repair("<Ricoh France SA> and <BP.L>, x &lt; y"), "<Ricoh France SA> and <BP.L>, x < y");
        assert_eq!(repair("a <b never closed &amp;"), "a <b never closed &");
    }

    #[test]
    fn words_cut_at_line_ends_are_joined() {
        assert_eq!(repair("the resump-\ntion of trade"), "the resumption of trade");
        assert_eq!(repair("воен-\r\nные"), "военные");
        assert_eq!(repair("the resump-<br/>tion of caf&eacute;-\nbars"), "the resumption of cafébars");
        assert_eq!(
            repair("the Reid-\nPelosi plan, 1990-\n1991, dash -\nhere"),
            "the Reid-\nPelosi plan, 1990-\n1991, dash -\nhere"
        );
    }
}
