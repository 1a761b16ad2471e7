//! From a reply to what was written in it: the mail that it answers stands in it once more, each line
//! behind a `>`, under a line that says whose it is and of when.
//!
//! What is longer is the story: the quoted mail is left out of a reply, and freed of its marks where
//! there is but a note above it. Quotations that a writer has set off so are text.

/// Mails that quote each other at most.
const DEPTH: usize = 4;

/// `text` without the mail that it answers, or that mail as it was written. Cost: one pass.
pub(super) fn settled(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..DEPTH {
        let Some(parts) = Parts::of(&text) else { break };
        let count = |text: &str| text.split_whitespace().count();
        let keeps = count(&parts.quoted) > count(&parts.own);
        text = if keeps { parts.whole } else { parts.own };
    }
    text
}

/// A reply in parts.
#[derive(Default)]
struct Parts {
    own: String,
    quoted: String,
    /// Both in their order, without marks and without the lines that introduce the mail.
    whole: String,
}

impl Parts {
    /// `None` where nothing is quoted.
    fn of(text: &str) -> Option<Self> {
        if !text.starts_with('>') && !text.contains("\n>") {
            return None;
        }
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (mut parts, mut at) = (Self::default(), 0);
        while at < lines.len() {
            let (intro, end) = quotation(&lines[at..]).unwrap_or((0, 0));
            if end == 0 {
                parts.own.push_str(lines[at]);
                parts.whole.push_str(lines[at]);
                at += 1;
                continue;
            }
            for line in &lines[at + intro..at + end] {
                let rest =
                    line.strip_prefix('>').map_or(*line, |rest| rest.strip_prefix(' ').unwrap_or(rest));
                parts.quoted.push_str(rest);
                parts.whole.push_str(rest);
            }
            at += end;
        }
        (!parts.quoted.is_empty()).then_some(parts)
    }
}

/// Where the mail begins and ends that lines quote which begin with its introduction: one line or two,
/// the last of which ends in a colon, with an hour or an address in them.
fn quotation(lines: &[&str]) -> Option<(usize, usize)> {
    let is_blank = |line: &&&str| line.trim().is_empty();
    let said = lines.iter().take(2).take_while(|line| !is_blank(line) && !line.starts_with('>')).count();
    let intro = (1..=said).find(|&count| lines[count - 1].trim_end().ends_with([':', '：']))?;
    let tells = |line: &&str| line.contains('@') || has_hour(line);
    if !lines[..intro].iter().any(tells) {
        return None;
    }
    let start = intro + lines[intro..].iter().take(2).take_while(is_blank).count();
    let mut end = start;
    for (at, line) in lines.iter().enumerate().skip(start) {
        if line.starts_with('>') {
            end = at + 1;
        } else if !line.trim().is_empty() {
            break;
        }
    }
    (end > start).then_some((start, end))
}

/// Whether an hour of the clock stands in a line: `8:15`, `08.15`, `8h15`.
fn has_hour(line: &str) -> bool {
    line.as_bytes().windows(4).any(|at| {
        at[0].is_ascii_digit()
            && matches!(at[1], b':' | b'.' | b'h')
            && at[2..].iter().all(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::settled;

    const OWN: &str = "The bridge is closed for a week, the town says, and the ferry runs again.\n";

    #[test]
    fn the_mail_that_is_answered_is_left_out() {
        for intro in [
            "On Tue, Apr 30, 2024 at 8:15 AM Desk <d@x.example> wrote:\n\n",
            "On Tue, Apr 30, 2024 at 8:15 AM The Desk of the Port Daily\n<d@x.example> wrote:\n",
            "Am 30.04.2024 um 08:15 schrieb Desk:\n",
            "30.04.2024 8:15, Редакция пишет:\n",
            "Le mar. 30 avr. 2024 à 8h15, Desk a écrit :\n\n",
        ] {
            let above = format!("{OWN}\n{intro}> Any news?\n>\n> Desk\n");
            assert_eq!(settled(&above).trim(), OWN.trim(), "{intro}");
            let below = format!("{intro}> Any news?\n\n> Desk\n\n{OWN}");
            assert_eq!(settled(&below).trim(), OWN.trim(), "{intro}");
        }
    }

    #[test]
    fn a_story_under_a_note_is_freed_of_its_marks() {
        let quoted = format!("> {OWN}>\n> Am 29.04.2024 um 08:15 schrieb Desk:\n>> Any news?\n");
        let mail =
            format!("For tonight.\n\nOn Tue, Apr 30, 2024 at 8:15 AM Wire <w@x.example> wrote:\n{quoted}");
        assert_eq!(settled(&mail), format!("For tonight.\n\n{OWN}\n"));
    }

    #[test]
    fn a_quotation_that_a_writer_set_off_is_text() {
        for text in [
            "On the quay the mayor wrote:\n\n> We shall rebuild it.\n\nThe council agreed.\n",
            "At 8:15 the mayor wrote:\n\nWe shall rebuild it.\n",
            "Depths > 6 m:\n> 7\n",
            ">From here on it is closed.\n",
        ] {
            assert_eq!(settled(text), text);
        }
    }
}
