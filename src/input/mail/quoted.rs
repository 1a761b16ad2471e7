//! From a reply to what was written in it: the mail that it answers stands in it once more, each line
//! behind a `>`, under a line that says whose it is and of when.
//!
//! Outlook puts it whole under the reply, below a line or headers of its own.
//!
//! The quoted mail is left out, unless there is but a note above it: then it is the story, and freed of
//! its marks. Quotations that a writer has set off so are text.

use super::mailer;

/// Mails that quote each other at most.
const DEPTH: usize = 4;

/// Words from which on a reply is more than a note.
const NOTE: usize = 20;

/// Whether the mail that is quoted is the story, and what was written to it a note.
pub(in super::super) fn is_story(quoted: &str, own: &str) -> bool {
    let count = |text: &str| text.split_whitespace().count();
    let own = count(own);
    own < NOTE && count(quoted) > own
}

/// `text` up to the mail that stands whole under it, unless that is the story.
pub(super) fn above_original(text: &str) -> &str {
    let Some(at) = mailer::original(text) else { return text };
    if is_story(&mailer::written(&text[at..]), &text[..at]) { text } else { &text[..at] }
}

/// `text` without the mail that it answers, or that mail as it was written. Cost: one pass.
pub(super) fn settled(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..DEPTH {
        let Some(parts) = Parts::of(&text) else { break };
        text = if is_story(&parts.quoted, &parts.own) { parts.whole } else { parts.own };
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
    use super::{above_original, settled};

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

    #[test]
    fn what_outlook_puts_under_a_reply_is_left_out() {
        let reply = OWN.repeat(2);
        let asked = "Dear desk, is there any news of the bridge, of the ferry and of those who live behind it? We would \
                     like to print some lines of it tonight, if there are any, and a picture as well, by six or so.\n";
        for above in [
            "-----Original Message-----\nFrom: Desk <d@x.example>\nSent: Tuesday, 30 April 2024 08:15\nTo: Wire\nSubject: Bridge\n",
            "-----Ursprüngliche Nachricht-----\nVon: Desk\nGesendet: Dienstag, 30. April 2024 08:15\nAn: Wire\nBetreff: Brücke\n",
            "-----Message d'origine-----\nDe : Desk\nEnvoyé : mardi 30 avril 2024 08:15\nÀ : Wire\nObjet : Pont\n",
            "-----Mensaje original-----\nDe: Desk\nEnviado el: martes, 30 de abril de 2024\nAsunto: Puente\n",
            "-----Messaggio originale-----\nDa: Desk\nInviato: martedì 30 aprile 2024\nOggetto: Ponte\n",
            "-----Mensagem original-----\nDe: Desk\nAssunto: Ponte\n",
            "-----Исходное сообщение-----\nОт: Desk\nОтправлено: 30 апреля 2024 г.\nТема: Мост\n",
            "-----Oryginalna wiadomość-----\nOd: Desk\nTemat: Most\n",
            "________________________________\nFrom: Desk <d@x.example>\nSent: Tuesday\nTo: Wire\nSubject: Bridge\n",
            "Från: Desk\nSkickat: den 30 april 2024\nÄmne: Bron\n",
        ] {
            let mail = format!("{reply}\n{above}\n{asked}");
            assert_eq!(above_original(&mail).trim(), reply.trim(), "{above}");
            let note = format!("For tonight.\n\n{above}\n{asked}");
            assert_eq!(above_original(&note), note, "a note above a story");
            assert_eq!(above_original(&mail[reply.len() + 1..]), &mail[reply.len() + 1..], "nothing else");
        }
        let passed_on = format!("{reply}\n----- Forwarded message -----\nFrom: Desk\n\n{asked}");
        assert_eq!(above_original(&passed_on), passed_on);
        let prose = format!("{reply}\n-----Original message-----\nwas what stood there.\n{asked}");
        assert_eq!(above_original(&prose), prose);
    }
}
