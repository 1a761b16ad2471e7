//! From the text of a mail to what was written: headers of a mail that it passes on, and the signature,
//! are of the mailer.

use regex::Regex;
use std::sync::LazyLock;

/// The line that opens a mail passed on in the text, and the headers under it.
static PASSED_ON: LazyLock<Regex> = LazyLock::new(|| {
    const OPENS: &str = "forwarded message|original message|weitergeleitete nachricht|ursprüngliche nachricht|\
        message transféré|message d['’]origine|mensaje reenviado|mensaje original|messaggio inoltrato|\
        messaggio originale|mensagem encaminhada|mensagem original|wiadomość przekazana|\
        przekazana wiadomość|přeposlaná zpráva|пересылаемое сообщение|пересланное сообщение|\
        исходное сообщение|переслане повідомлення|iletilen ileti";
    let line = format!(r"(?:-{{2,}} *(?:{OPENS}) *-{{2,}}|begin forwarded message:)");
    let header = r"[*>]? ?[^\n: ][^\n:]{1,20}:[^\n]*(?:\n|\z)";
    Regex::new(&format!(r"(?im)^{line}[ \t]*\n(?:[ \t]*\n)?(?:{header}){{1,12}}")).expect("a regex")
});
/// The line over a signature (RFC 3676, 4.3).
const SIGNATURE: &str = "\n-- \n";
/// Lines of a signature at most: more is a story under a rule.
const LINES: usize = 8;

/// `text` without what the mailer wrote. Cost: one pass.
pub(super) fn written(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let end = text.rfind(SIGNATURE).filter(|&end| text[end..].trim_end().lines().count() <= LINES + 2);
    PASSED_ON.replace_all(&text[..end.unwrap_or(text.len())], "").into_owned()
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn what_the_mailer_wrote_is_left_out() {
        let mail = "For tonight.\n\n---------- Forwarded message ---------\nFrom: Wire <w@x.example>\n\
                    Date: Tue, 30 Apr 2024\nSubject: Bridge\n\nThe bridge is closed.\n-- \nDesk, phone 123\n";
        assert_eq!(written(mail), "For tonight.\n\n\nThe bridge is closed.");
        let apple = "Begin forwarded message:\r\n\r\n> From: Wire\r\n> Subject: Bridge\r\n\r\nThe bridge.";
        assert_eq!(written(apple), "\nThe bridge.");
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for text in [
            "He called it a forwarded message.\nFrom: nobody\n",
            "-- Forwarded message --\n\nThe council said so.",
            "One.\n--\nTwo.",
        ] {
            assert_eq!(written(text), text);
        }
        let long = format!("Head.\n-- \n{}", "A line of the story.\n".repeat(12));
        assert_eq!(written(&long), long);
    }
}
