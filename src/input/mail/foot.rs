//! From the ends of a mail to where its text begins and ends: what a phone, a house or a service puts
//! over or under each mail is no text.

use memchr::memmem;

/// How lines begin that a phone or a program writes under a mail.
const DEVICES: [&str; 16] = [
    "sent from my ",
    "sent from mail for",
    "sent from outlook",
    "get outlook for ",
    "von meinem ",
    "gesendet von ",
    "envoyé de mon ",
    "envoyé depuis mon ",
    "enviado desde mi ",
    "enviado do meu ",
    "inviato da ",
    "отправлено с ",
    "надіслано з ",
    "wysłano z ",
    "wysłane z ",
    "verzonden vanaf mijn ",
];
/// How lines begin that a service writes over the foot of what it sends to many.
const SERVICES: [&str; 17] = [
    "you are receiving this",
    "you're receiving this",
    "you received this",
    "this email was sent to",
    "this e-mail was sent to",
    "please consider the environment before",
    "bitte denken sie an die umwelt",
    "pensez à l'environnement avant",
    "to unsubscribe",
    "unsubscribe",
    "sie erhalten diese",
    "vous recevez ce",
    "ha recibido este",
    "recibe este correo",
    "ricevi questa",
    "você recebeu este",
    "вы получили это письмо",
];
/// What a service writes over what it sends to many, with an address behind it.
const HEADS: [&str; 14] = [
    "view this email in your browser",
    "view this e-mail in your browser",
    "view in browser",
    "view online",
    "view web version",
    "im browser ansehen",
    "im browser anzeigen",
    "voir dans votre navigateur",
    "voir la version en ligne",
    "ver en el navegador",
    "ver no navegador",
    "visualizza nel browser",
    "открыть в браузере",
    "zobacz w przeglądarce",
];
/// How a gate of a house begins what it puts over mails from outside.
const GATES: [&str; 11] = [
    "caution: this email originated",
    "caution: this message originated",
    "caution: external",
    "caution - external",
    "warning: this email originated",
    "external email:",
    "this email originated from outside",
    "this message originated from outside",
    "achtung: diese e-mail",
    "vorsicht: diese e-mail",
    "attention : ce courriel",
];
/// Words of that at most.
const WARNING: usize = 60;
/// What a house writes under its mails names all three: a secret, itself a mail, and who may read it.
/// What fewest texts have stands first.
const HOUSES: [&[&str]; 3] = [
    &["confidential", "vertraulich", "confidentiel", "confidencial", "riservat", "конфиденциальн"],
    &[
        "e-mail",
        "email",
        "message",
        "nachricht",
        "courriel",
        "mensaje",
        "correo",
        "mensagem",
        "сообщени",
        "письм",
    ],
    &[
        "intended recipient",
        "addressee",
        "intended only",
        "intended solely",
        "bestimmungsgemäße",
        "adressat",
        "destinataire",
        "destinatario",
        "destinatário",
        "адресат",
    ],
];
/// Lines of a text that are looked at from the end.
const LOOK: usize = 12;
/// Characters of a line that a phone or a service writes, at most.
const LINE: usize = 160;

/// What follows `beginning`, which is in lower case, if a line begins so in any.
fn behind<'a>(line: &'a str, beginning: &str) -> Option<&'a str> {
    let (first, begins) = (line.as_bytes().first()?, beginning.as_bytes()[0]);
    if first.is_ascii() && !first.eq_ignore_ascii_case(&begins) {
        return None;
    }
    let (head, rest) = line.split_at_checked(beginning.len())?;
    let is_it =
        head.eq_ignore_ascii_case(beginning) || (!head.is_ascii() && head.to_lowercase() == beginning);
    is_it.then_some(rest)
}

/// `text` without the line that a service writes over it, and the warning of a gate.
pub(super) fn below_head(text: &str) -> &str {
    const MARKS: [char; 6] = ['*', '[', '(', '<', ' ', '_'];
    let from = text.trim_start();
    let said = from.trim_start_matches(MARKS);
    if GATES.iter().any(|gate| behind(said, gate).is_some())
        && let Some((warning, below)) = from.split_once("\n\n")
        && warning.split_whitespace().count() <= WARNING
        && !below.trim().is_empty()
    {
        return below_head(below);
    }
    let is_head = HEADS.iter().filter_map(|head| behind(said, head)).any(|rest| {
        let rest = rest.lines().next().unwrap_or_default();
        let rest = rest.trim_matches([' ', '.', ':', ']', ')', '>', '*', '(', '<']);
        rest.is_empty() || (rest.contains("://") && !rest.contains(' '))
    });
    match from.split_once('\n') {
        Some((_, rest)) if is_head => rest,
        _ => text,
    }
}

/// `text` up to what was not written for it. A mail of nothing else stays as it is.
pub(super) fn cut(text: &str) -> &str {
    let mut end = text.len();
    let mut stop = text.len();
    for line in text.rsplit('\n').take(LOOK) {
        let start = stop - line.len();
        if is_foot(line.trim(), text[stop..end].trim().is_empty()) {
            end = start;
        }
        stop = start.saturating_sub(1);
    }
    let own = &text[..end];
    if own.trim().is_empty() { text } else { own }
}

/// Whether the text ends above `line`; what a phone or a house writes is `last` of all.
fn is_foot(line: &str, last: bool) -> bool {
    // No character has more than four bytes.
    let is_line = line.len() <= 4 * LINE && line.chars().count() <= LINE;
    if line.is_empty() || !(is_line || last) {
        return false;
    }
    let said = line.to_lowercase();
    let begins = |with: &[&str]| with.iter().any(|begin| said.starts_with(begin));
    let says = |word: &&str| memmem::find(said.as_bytes(), word.as_bytes()).is_some();
    let is_house = || HOUSES.iter().all(|words| words.iter().any(says));
    (is_line && begins(&SERVICES)) || (last && ((is_line && begins(&DEVICES)) || is_house()))
}

#[cfg(test)]
mod tests {
    use super::{below_head, cut};

    const TEXT: &str = "The bridge is closed.\n\nA bus runs instead.";

    #[test]
    fn what_stands_under_each_mail_is_no_text() {
        for foot in [
            "Sent from my phone",
            "Von meinem iPhone gesendet",
            "Отправлено с iPhone",
            "You are receiving this email because you signed up.\nUnsubscribe | View in browser\n1 Quay Street",
            "This e-mail is confidential and intended solely for the use of the addressee.",
            "Diese Nachricht ist vertraulich. Sind Sie nicht der bestimmungsgemäße Empfänger, löschen Sie sie.\n\n\
             Gesendet von Outlook",
        ] {
            assert_eq!(cut(&format!("{TEXT}\n\n{foot}\n")).trim_end(), TEXT, "{foot}");
        }
    }

    #[test]
    fn what_a_service_writes_over_a_mail_is_no_text() {
        for head in [
            "View this email in your browser (https://x.example/v)",
            "\n[Im Browser ansehen](https://x.example/v)",
            "View in browser",
            "CAUTION: This email originated from outside of the house. Do not open files unless you know\nthe sender.",
        ] {
            assert_eq!(below_head(&format!("{head}\n\n{TEXT}")).trim(), TEXT, "{head}");
        }
        let caution = "Caution: external forces\n\n";
        for text in ["View online sales as a trend.\nThey rose.", "View in browser", caution] {
            assert_eq!(below_head(text), text);
        }
    }

    #[test]
    fn text_of_the_same_words_stays() {
        for text in [
            "Sent from my desk the memo went to all.\n\nThe mayor answered.",
            "The letter is confidential, the addressee said.",
            "Sent from my phone",
            "Unsubscribe is what most readers did, and the paper lost a third of them in the year that followed, \
             its publisher said on Tuesday in a letter to those who had stayed with it.",
        ] {
            assert_eq!(cut(text), text);
        }
        let far = format!("You received this\n{}", "A line of the story.\n".repeat(14));
        assert_eq!(cut(&far), far);
    }
}
