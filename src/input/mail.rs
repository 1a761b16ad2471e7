//! From a mail, or a box of them, to stories: subject, plain text, sender, date.

#[cfg(feature = "mail")]
pub(super) use reading::stories;
#[cfg(not(feature = "mail"))]
pub(super) use refusal::stories;

#[cfg(feature = "mail")]
mod flowed;
#[cfg(feature = "mail")]
mod foot;
#[cfg(feature = "mail")]
mod mailer;
#[cfg(feature = "mail")]
mod parts;
#[cfg(feature = "mail")]
pub(super) mod quoted;
#[cfg(feature = "mail")]
mod subject;

/// Whether a file begins as a mail or a box of mails does.
pub(super) fn begins(head: &[u8]) -> bool {
    const FIRST: [&str; 7] = [
        "from ",
        "return-path:",
        "received:",
        "delivered-to:",
        "message-id:",
        "mime-version:",
        "x-mozilla-status:",
    ];
    let head = &head[..head.len().min(8 << 10)];
    if !FIRST
        .iter()
        .any(|name| head.get(..name.len()).is_some_and(|at| at.eq_ignore_ascii_case(name.as_bytes())))
    {
        return false;
    }
    let head = head.to_ascii_lowercase();
    let has = |name: &[u8]| memchr::memmem::find(&head, name).is_some();
    has(b"\nfrom:") && (has(b"\nsubject:") || has(b"\nmessage-id:"))
}

#[cfg(feature = "mail")]
mod reading {
    use super::super::wire::Record;
    use super::super::{text, time};
    use super::parts::{self, Parts};
    use super::subject;
    use crate::dispatch::{Dispatch, Link};
    use crate::error::{Error, Result};
    use crate::story::{Story, Unread};
    use mailparse::ParsedMail;
    use memchr::memmem;
    use std::borrow::Cow;
    use std::path::Path;
    use std::sync::LazyLock;

    /// Mails that lie in each other at most.
    const DEPTH: usize = 8;

    /// The mails in a file, each with the line where it begins, and those that they bring along.
    pub(in super::super) fn stories(content: &[u8], path: &Path) -> Vec<Result<Record>> {
        // Some programs put blank lines before the first header.
        let blank = content.len() - content.trim_ascii_start().len();
        let above = memchr::memchr_iter(b'\n', &content[..blank]).count() as u64;
        let content = &content[blank..];
        let mails = if content.starts_with(b"From ") { cut(content) } else { vec![(1, content)] };
        let mut records = Vec::new();
        for (line, mail) in mails {
            let mut found = Vec::new();
            let read = read(&unquoted(mail), 0, &mut found);
            let line = line + above;
            records.extend(found.into_iter().map(|story| Ok(Record { line, story })));
            records.extend(read.err().map(|error| Err(error.at(path, line))));
        }
        records
    }

    /// Headers that tell where the text stands on the web, the best first.
    const ADDRESSES: [&str; 5] = ["X-RSS-URL", "X-Article-URL", "X-Canonical-URL", "X-URL", "Archived-At"];

    /// Cuts a box at its `From ` lines, which stand first or after a blank line, name a sender and a
    /// time, and have a header behind them: prose may begin with the word, too.
    fn cut(content: &[u8]) -> Vec<(u64, &[u8])> {
        let (mut mails, mut start, mut at, mut after_blank) = (Vec::new(), None, 0, true);
        let ends = memchr::memchr_iter(b'\n', content).map(|end| end + 1);
        let ends = ends.chain((content.last() != Some(&b'\n')).then_some(content.len()));
        for (line, end) in (1..).zip(ends) {
            let bytes = &content[at..end];
            if after_blank && parts_mails(bytes, &content[at + bytes.len()..]) {
                if let Some((first, from)) = start {
                    mails.push((first, &content[from..at]));
                }
                start = Some((line, at + bytes.len()));
            }
            after_blank = bytes.trim_ascii().is_empty();
            at += bytes.len();
        }
        mails.extend(start.map(|(first, from)| (first, &content[from..])));
        mails
    }

    fn parts_mails(line: &[u8], behind: &[u8]) -> bool {
        let next = behind.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let name = next.iter().position(|byte| *byte == b':').map_or(&[][..], |end| &next[..end]);
        let is_header = !name.is_empty()
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_');
        line.starts_with(b"From ") && is_header && line.iter().any(u8::is_ascii_digit)
    }

    /// A mail without the `>` that a box puts before `From ` in the text.
    fn unquoted(mail: &[u8]) -> Cow<'_, [u8]> {
        static INSIDE: LazyLock<memmem::Finder<'_>> = LazyLock::new(|| memmem::Finder::new("\n>From "));
        if !mail.starts_with(b">From ") && INSIDE.find(mail).is_none() {
            return Cow::Borrowed(mail);
        }
        let lines = mail.split_inclusive(|byte| *byte == b'\n');
        let whole = lines.flat_map(|line| if line.starts_with(b">From ") { &line[1..] } else { line });
        Cow::Owned(whole.copied().collect())
    }

    fn damaged(error: &mailparse::MailParseError) -> Error {
        Error::input(format!(
            "expected a mail, found a fault: {error}; export it from the mail program again"
        ))
    }

    /// Adds the story of a mail, and those of the messages in it. A mail that only passes another on
    /// is no story.
    fn read(content: &[u8], depth: usize, found: &mut Vec<Story>) -> Result<()> {
        let parsed = mailparse::parse_mail(content).map_err(|error| damaged(&error))?;
        match parts::with_boundary(&parsed, content) {
            Some(mended) => {
                add(&mailparse::parse_mail(&mended).map_err(|error| damaged(&error))?, depth, found)
            }
            None => add(&parsed, depth, found),
        }
    }

    fn add(mail: &ParsedMail<'_>, depth: usize, found: &mut Vec<Story>) -> Result<()> {
        let parts = Parts::of(mail).map_err(|error| damaged(&error))?;
        let passes_on = depth < DEPTH && !(parts.messages.is_empty() && parts.raw.is_empty());
        if !(passes_on && parts.is_note()) {
            let mut own = story(mail, parts.text())?;
            if own.body.is_empty() {
                own.unread.extend(parts.unread().map(|name| Unread::Attachment(name.to_owned())));
            }
            let attached: Vec<Story> =
                parts.attached().map(|(name, text)| attached(&own, name, text)).collect();
            found.push(own);
            found.extend(attached);
        }
        if passes_on {
            for inner in &parts.messages {
                add(inner, depth + 1, found)?;
            }
            for inner in &parts.raw {
                read(inner, depth + 1, found)?;
            }
        }
        Ok(())
    }

    /// The story in a text that was sent as a file with a mail that has a text of its own: what it does
    /// not say itself, the mail says.
    fn attached(own: &Story, name: &str, content: &str) -> Story {
        let mut story = text::story(content, "");
        if story.id.is_empty() && !own.id.is_empty() {
            story.id = format!("{}/{name}", own.id);
        }
        if story.source.is_empty() {
            story.source.clone_from(&own.source);
        }
        story.time = story.time.or(own.time);
        story
    }

    fn story(mail: &ParsedMail<'_>, body: String) -> Result<Story> {
        let header = |name: &str| parts::header(mail, name).filter(|value| !value.is_empty());
        let (from, subject) = (header("From"), header("Subject"));
        if from.is_none() && subject.is_none() {
            let text = "expected a mail with From or Subject, found neither; leave the file out";
            return Err(Error::input(text));
        }
        let id = |value: String| value.trim_matches(['<', '>', ' ']).to_owned();
        let mut story = Story {
            id: header("Message-ID").map(id).unwrap_or_default(),
            headline: subject.map(|said| subject::bare(&said).to_owned()).unwrap_or_default(),
            body,
            source: from.map(|from| sender(&from)).unwrap_or_default(),
            url: ADDRESSES.iter().find_map(|name| header(name)).map(id).unwrap_or_default(),
            language: header("Content-Language").unwrap_or_default(),
            ..Story::default()
        };
        time::read(&mut story, header("Date").as_deref());
        let links = header("In-Reply-To").map(|to| Link { rel: "inReplyTo".to_owned(), id: id(to) });
        story.dispatch = Dispatch { links: links.into_iter().collect(), ..Dispatch::default() }.boxed();
        Ok(story)
    }

    /// The name of the sender, or else the address.
    fn sender(from: &str) -> String {
        let (name, address) = from.split_once('<').unwrap_or(("", from));
        let name = name.trim().trim_matches('"').trim();
        if name.is_empty() { address.trim_matches(['<', '>', ' ']).to_owned() } else { name.to_owned() }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        const BOX: &[u8] = b"From desk@wire.example Mon Oct 16 14:15:00 2023\r\nFrom: \"Landvik Wire\" <desk@wire.example>\r\n\
            Subject: =?utf-8?q?Ferry_l=C3=ADne_closes?=\r\nMessage-ID: <lw-1@wire.example>\r\nDate: Mon, 16 Oct 2023 14:15:00 +0200 (CEST)\r\n\
            Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>No</p>\r\n--b\r\n\
            Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            The caf=E9 on the pier closes, too.\r\n>From Friday on there is a bus.\r\n--b--\r\n\r\n\
            From x Tue Oct 17 00:00:00 2023\r\nSubject: Bus\r\nIn-Reply-To: <lw-1@wire.example>\r\nContent-Type: text/html\r\n\r\n\
            <p>A bus &amp; a boat.</p>\r\n";

        #[test]
        fn a_box_is_cut_and_each_mail_is_a_story() {
            let mut records = stories(BOX, Path::new("a.mbox"));
            assert_eq!(records.len(), 2);
            let second = records.pop().unwrap().unwrap_or_else(|error| panic!("{error}"));
            let first = records.pop().unwrap().unwrap_or_else(|error| panic!("{error}")).story;
            assert_eq!(
                (first.id.as_str(), first.headline.as_str()),
                ("lw-1@wire.example", "Ferry líne closes")
            );
            assert_eq!(first.body, "The café on the pier closes, too.\nFrom Friday on there is a bus.");
            assert_eq!(first.source, "Landvik Wire");
            assert_eq!(first.time.unwrap().to_string(), "2023-10-16T12:15:00Z");
            assert_eq!((second.line, second.story.body.as_str()), (20, "A bus & a boat."));
            assert_eq!(second.story.dispatch.unwrap().links[0].id, "lw-1@wire.example");
        }

        #[test]
        fn a_text_sent_as_a_file_is_a_story_beside_that_of_the_mail() {
            let words = |word: &str| format!("{word} ").repeat(45);
            let mail = |own: &str, file: &str| {
                format!(
                    "From: Wire <w@wire.example>\nSubject: Two\nMessage-ID: <7@x>\nX-URL: https://wire.example/7\n\
                     Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{own}\n--b\n\
                     Content-Type: text/plain; name=\"Quay.txt\"\nContent-Disposition: attachment\n\nQuay closes\n\n{file}\n--b--\n"
                )
            };
            let read = |mail: String| -> Vec<Story> {
                let records = stories(mail.as_bytes(), Path::new("a.eml"));
                records
                    .into_iter()
                    .map(|record| record.unwrap_or_else(|error| panic!("{error}")).story)
                    .collect()
            };
            let both = read(mail(&words("ferry"), &words("quay")));
            let shown: Vec<[&str; 4]> = both
                .iter()
                .map(|story| [&*story.id, &*story.headline, &*story.source, &*story.url])
                .collect();
            let own = ["7@x", "Two", "Wire", "https://wire.example/7"];
            assert_eq!(shown, [own, ["7@x/quay.txt", "Quay closes", "Wire", ""]]);
            assert!(both[0].body.starts_with("ferry") && !both[0].body.contains("quay"));
            // A note goes with what it brings; a few words behind a story are no other.
            assert_eq!(read(mail("See below.", &words("quay"))).len(), 1);
            assert_eq!(read(mail(&words("ferry"), "Sent by my phone.")).len(), 1);
        }

        #[test]
        fn a_mail_in_utf_7_is_decoded() {
            let of = |label: &str| {
                let mail = format!(
                    "From: a@b.example\nSubject: =?UTF-7?Q?F+AOQ-hre?=\nContent-Type: text/plain; charset={label}\n\n\
                     Die F+AOQ-hre f+AOQ-llt aus +IBM 1 +- 1.\n"
                );
                let story = stories(mail.as_bytes(), Path::new("a.eml")).remove(0);
                story.unwrap_or_else(|error| panic!("{error}")).story
            };
            for label in ["utf-7", "UTF-7", "unicode-1-1-utf-7"] {
                assert_eq!(of(label).body, "Die Fähre fällt aus – 1 + 1.", "{label}");
            }
            assert!(of("utf-7").headline.starts_with("Fähre"), "{}", of("utf-7").headline);
            assert!(of("us-ascii").body.contains("+AOQ-"), "only where it is said");
        }

        #[test]
        fn a_mail_without_a_text_says_what_it_brought() {
            let unread = |parts: &str| {
                let head =
                    "From: a@b.example\nSubject: Minutes\nContent-Type: multipart/mixed; boundary=b\n\n--b\n";
                let story =
                    stories(format!("{head}{parts}\n--b--\n").as_bytes(), Path::new("a.eml")).remove(0);
                story.unwrap_or_else(|error| panic!("{error}")).story.unread
            };
            let tnef = "Content-Type: application/ms-tnef; name=\"winmail.dat\"\n\nx\n";
            let name = vec![Unread::Attachment("winmail.dat".to_owned())];
            assert_eq!(unread(tnef), name);
            assert_eq!(unread(&format!("Content-Type: text/plain\n\n\n--b\n{tnef}")), name);
            assert_eq!(
                unread("Content-Type: image/png\n\nx\n"),
                [Unread::Attachment("image/png".to_owned())]
            );
            assert_eq!(unread(&format!("Content-Type: text/plain\n\nSee below.\n--b\n{tnef}")), []);
        }

        #[cfg(feature = "pages")]
        #[test]
        fn a_signature_in_html_is_left_out() {
            let mail = "From: a@b.example\nSubject: Bus\nContent-Type: text/html\n\n<p>A bus runs in place of the boat.</p>\
                        <p>-- <br>Port Wire<br>+47 5 55</p>\n";
            let story = stories(mail.as_bytes(), Path::new("a.eml")).remove(0);
            let body = story.unwrap_or_else(|error| panic!("{error}")).story.body;
            assert_eq!(body, "A bus runs in place of the boat.");
        }

        #[cfg(feature = "pages")]
        #[test]
        fn a_reply_in_html_is_without_the_mail_that_it_answers() {
            let read = |html: &str| {
                let mail =
                    format!("From: a@b.example\nSubject: Re: Bus\nContent-Type: text/html\n\n{html}\n");
                let story = stories(mail.as_bytes(), Path::new("a.eml")).remove(0);
                let story = story.unwrap_or_else(|error| panic!("{error}")).story;
                (story.headline, story.body)
            };
            let quoted = |text: &str| {
                format!("<p>A bus runs in place of the boat.</p><div class=gmail_quote>{text}</div>")
            };
            let own = ("Bus".to_owned(), "A bus runs in place of the boat.".to_owned());
            assert_eq!(read(&quoted("On Monday Desk wrote:<br>News?")), own);
            let outlook = |subject: &str| {
                let text = "The bus is late, and those who wait for it at the pier are told by nobody why. "
                    .repeat(2);
                let asked =
                    "Is there any news of the bus? Some say that it is late, and some that it is gone.";
                let mail = format!(
                    "From: a@b.example\nSubject: {subject}\nContent-Type: text/html\n\n<p>{text}</p><div><p>\
                     <b>From:</b> Desk<br><b>Sent:</b> Monday<br><b>Subject:</b> Bus</p></div><p>{asked}</p>\n"
                );
                let story = stories(mail.as_bytes(), Path::new("a.eml")).remove(0);
                story.unwrap_or_else(|error| panic!("{error}")).story.body.contains("some that it is gone")
            };
            assert_eq!([outlook("Re: Bus"), outlook("FW: Bus")], [false, true]);
            let story = "The bus will run until spring, and the boat will be sold to whoever wants it.";
            assert!(read(&quoted(story)).1.contains("until spring"), "the longer one is the story");
            assert!(read(&quoted("---- Forwarded message ----<br>No news.")).1.contains("No news"));
        }

        #[test]
        fn letters_sent_raw_in_quoted_printable_are_kept() {
            let mail = "From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\
                        Content-Transfer-Encoding: quoted-printable\n\nThe café =E2=80=9Cshut=E2=80=9D to=\nday.\n";
            let story = stories(mail.as_bytes(), Path::new("a.eml")).remove(0);
            let body = story.unwrap_or_else(|error| panic!("{error}")).story.body;
            assert_eq!(body, "The café “shut” today.");
        }

        #[test]
        fn what_is_no_mail_is_told() {
            let error = stories(b"x: y\n\nz", Path::new("a.eml")).remove(0).err().unwrap();
            assert_eq!(
                error.to_string(),
                "a.eml:1: expected a mail with From or Subject, found neither; leave the file out"
            );
        }

        #[test]
        fn content_tells_mail_from_text() {
            assert!(super::super::begins(BOX));
            assert!(super::super::begins(b"Received: from a\r\nFrom: b\r\nSubject: c\r\n\r\nd"));
            assert!(!super::super::begins(b"From Friday on the ferry\nis a bus. Subject: none"));
        }
    }
}

#[cfg(not(feature = "mail"))]
mod refusal {
    use super::super::wire::Record;
    use crate::error::{Error, Result};
    use std::path::Path;

    /// None: without the feature `mail` such a file is not read.
    pub(in super::super) fn stories(_: &[u8], path: &Path) -> Vec<Result<Record>> {
        vec![Err(Error::input("this build lacks the feature `mail`").at(path, 0))]
    }
}
