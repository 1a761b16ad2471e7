//! From the subject of a mail to the headline: what mailers and gates put before it is not of the story.

/// What mailers put before the subject of a reply or of a mail passed on, with a colon.
const REPLIES: [&str; 22] = [
    "re", "fw", "fwd", "aw", "wg", "antw", "tr", "réf", "rv", "res", "enc", "rif", "sv", "vs", "vb", "odp",
    "pd", "ynt", "ilt", "отв", "回复", "转发",
];
/// What gates of a house put there, in brackets.
const GATES: [&str; 4] = ["external", "ext", "extern", "externe"];

/// `subject` without those.
pub(super) fn bare(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some(shorter) =
        without_gate(rest).or_else(|| without_reply(rest)).filter(|rest| !rest.is_empty())
    {
        rest = shorter;
    }
    rest
}

fn without_gate(subject: &str) -> Option<&str> {
    let (gate, rest) = subject.strip_prefix('[')?.split_once(']')?;
    GATES.contains(&gate.to_lowercase().as_str()).then(|| rest.trim_start_matches([' ', ':']))
}

fn without_reply(subject: &str) -> Option<&str> {
    let (reply, rest) = subject.split_once([':', '：'])?;
    // Some count: `Re[2]`, `RE(3)`.
    let word = reply
        .trim_end()
        .trim_end_matches(['[', ']', '(', ')', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    REPLIES.contains(&word.to_lowercase().as_str()).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn marks_of_mailers_are_no_headline() {
        for (subject, headline) in [
            ("[EXTERNAL] Re: FW: Quay closes", "Quay closes"),
            ("AW: WG: Kai gesperrt", "Kai gesperrt"),
            ("Re[2]: Quay closes: all well", "Quay closes: all well"),
            ("Отв: Причал закрыт", "Причал закрыт"),
            ("[UPDATE] Quay closes", "[UPDATE] Quay closes"),
            ("Resort: quay closes", "Resort: quay closes"),
            ("Re:", "Re:"),
        ] {
            assert_eq!(bare(subject), headline);
        }
    }
}
