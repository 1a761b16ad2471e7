//! From the subject of a mail to the headline: what mailers and gates put before it is not of the story.

/// What mailers put before the subject of a reply, with a colon.
const REPLIES: [&str; 13] =
    ["re", "aw", "antw", "réf", "res", "rif", "sv", "vs", "odp", "ynt", "отв", "回复", "返信"];
/// What they put before that of a mail passed on.
const FORWARDS: [&str; 12] = ["fw", "fwd", "wg", "tr", "rv", "enc", "vb", "vl", "pd", "ilt", "转发", "转寄"];
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

/// Whether a mail passes another one on, by its subject: the mark that came last stands first.
pub(super) fn passes_on(subject: &str) -> bool {
    let mut rest = subject.trim();
    while let Some(shorter) = without_gate(rest) {
        rest = shorter;
    }
    mark(rest).is_some_and(|(mark, _)| FORWARDS.contains(&mark.as_str()))
}

fn without_gate(subject: &str) -> Option<&str> {
    let (gate, rest) = subject.strip_prefix('[')?.split_once(']')?;
    GATES.contains(&gate.to_lowercase().as_str()).then(|| rest.trim_start_matches([' ', ':']))
}

fn without_reply(subject: &str) -> Option<&str> {
    let (mark, rest) = mark(subject)?;
    [&REPLIES[..], &FORWARDS].iter().any(|marks| marks.contains(&mark.as_str())).then_some(rest)
}

/// The word before the first colon, in lower case, and what follows.
fn mark(subject: &str) -> Option<(String, &str)> {
    let (mark, rest) = subject.split_once([':', '：'])?;
    // Some count: `Re[2]`, `RE(3)`.
    let word = mark
        .trim_end()
        .trim_end_matches(['[', ']', '(', ')', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    Some((word.to_lowercase(), rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::{bare, passes_on};

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

    #[test]
    fn the_first_mark_says_whether_a_mail_is_passed_on() {
        for subject in ["FW: Re: Quay", "[EXT] WG: Kai", "TR : Quai", "转发：码头"] {
            assert!(passes_on(subject), "{subject}");
        }
        for subject in ["Re: Fwd: Quay", "Quay", "AW: Kai", "Forward: the ferry"] {
            assert!(!passes_on(subject), "{subject}");
        }
    }
}
