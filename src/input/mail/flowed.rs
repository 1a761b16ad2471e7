//! From the lines of `format=flowed` to paragraphs (RFC 3676): a line that ends in a blank goes on in
//! the next one of the same depth of quotation.

/// The line over a signature, which ends in a blank and does not flow.
const SIGNATURE: &str = "-- ";

/// The text with its soft line ends taken back; `drops_blanks` is the parameter `DelSp`, for scripts
/// without blanks between words.
pub(super) fn joined(text: &str, drops_blanks: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open = None;
    for line in text.lines() {
        let rest = line.trim_start_matches('>');
        let depth = line.len() - rest.len();
        // A blank in front only keeps a line from looking quoted, or like the head of a mail.
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let is_signature = rest == SIGNATURE;
        // A paragraph that says it goes on and does not has ended all the same.
        if open != Some(depth) || is_signature || rest.is_empty() {
            if open.is_some() {
                out.truncate(out.trim_end_matches(' ').len());
            }
            if !out.is_empty() {
                out.push('\n');
            }
            (0..depth).for_each(|_| out.push('>'));
            out.push_str(if depth > 0 { " " } else { "" });
        }
        let flows = rest.ends_with(' ') && !is_signature;
        out.push_str(if flows && drops_blanks { &rest[..rest.len() - 1] } else { rest });
        open = flows.then_some(depth);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn soft_line_ends_are_taken_back() {
        for (text, blanks, expected) in [
            ("The quay is \nclosed.\nA bus runs.", false, "The quay is closed.\nA bus runs."),
            (
                " From Friday on \nthere is a bus.\n >no quote",
                false,
                "From Friday on there is a bus.\n>no quote",
            ),
            ("港湾評議会は \n北埠頭を閉鎖する。", true, "港湾評議会は北埠頭を閉鎖する。"),
            ("> Who \n> said so?\n>> He \n> did.", false, "> Who said so?\n>> He\n> did."),
            ("Ends here. \n\nNext.", false, "Ends here.\n\nNext."),
            ("Text.\n-- \nDesk", false, "Text.\n-- \nDesk"),
        ] {
            assert_eq!(joined(text, blanks), expected, "{text}");
        }
    }
}
