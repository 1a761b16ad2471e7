//! From tokens as they were given to what whoever holds one may do.

use crate::args::serve::ServeArgs;
use crate::exit::Failure;
use crate::messages;
use std::fs;
use std::path::Path;
use subtle::{Choice, ConstantTimeEq};

/// Characters of the shortest token that may be used off the machine.
const SHORTEST: usize = 16;

/// What a request may do.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Right {
    /// Look at what says nothing of stories.
    Nothing,
    Read,
    Write,
}

/// The tokens of a server.
#[derive(Default)]
pub(super) struct Tokens {
    read: Vec<String>,
    write: Vec<String>,
}

impl Tokens {
    /// The tokens that were named on the command line.
    pub(super) fn of(args: &ServeArgs) -> Result<Self, Failure> {
        let mut tokens = Self::default();
        for (given, kept) in [(&args.read_token, &mut tokens.read), (&args.write_token, &mut tokens.write)] {
            for token in given {
                kept.push(match token.strip_prefix("env:") {
                    Some(name) => std::env::var(name).map_err(|_| {
                        Failure::Fatal(format!(
                            "expected a token in the environment variable {name}, found none"
                        ))
                    })?,
                    None => token.clone(),
                });
            }
        }
        if let Some(path) = &args.token_file {
            let text = fs::read_to_string(path)
                .map_err(|error| Failure::Fatal(format!("cannot read {}: {error}", path.display())))?;
            tokens.add_lines(&text).map_err(|fault| Failure::Fatal(format!("{}:{fault}", path.display())))?;
            warn_if_open(path);
        }
        tokens.check(args.listen.ip().is_loopback())?;
        Ok(tokens)
    }

    fn add_lines(&mut self, text: &str) -> Result<(), String> {
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once(char::is_whitespace).map(|(kind, token)| (kind, token.trim())) {
                Some(("read", token)) => self.read.push(token.to_owned()),
                Some(("write", token)) => self.write.push(token.to_owned()),
                _ => return Err(format!("{number}: expected `read TOKEN` or `write TOKEN`")),
            }
        }
        Ok(())
    }

    /// Refuses what would not protect anything.
    fn check(&self, on_loopback: bool) -> Result<(), Failure> {
        let all = || self.read.iter().chain(&self.write);
        let fatal = |text: String| Err(Failure::Fatal(text));
        if all().any(|token| token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return fatal("expected a token of visible ASCII characters, found another".into());
        }
        if on_loopback {
            return Ok(());
        }
        if all().next().is_none() {
            return fatal(
                "other machines could read the index: give tokens with --token-file, or listen on 127.0.0.1"
                    .into(),
            );
        }
        if all().any(|token| token.len() < SHORTEST) {
            return fatal(format!(
                "expected tokens of {SHORTEST} characters or more where other machines can try them, found a shorter one"
            ));
        }
        Ok(())
    }

    /// Whether anybody may write.
    pub(super) fn let_write(&self) -> bool {
        !self.write.is_empty()
    }

    /// Whether reading needs a token.
    pub(super) fn guard_reading(&self, on_loopback: bool) -> bool {
        !self.read.is_empty() || !on_loopback
    }

    /// What the holder of `token` may do, and which token it is. Takes as long for any token of one
    /// length.
    pub(super) fn right(&self, token: &str) -> Option<(Right, usize)> {
        let mut found = None;
        let all = self
            .read
            .iter()
            .map(|own| (Right::Read, own))
            .chain(self.write.iter().map(|own| (Right::Write, own)));
        for (place, (right, own)) in all.enumerate() {
            let equal: Choice = own.as_bytes().ct_eq(token.as_bytes());
            if bool::from(equal) {
                found = Some((right, place));
            }
        }
        found
    }
}

/// Says if others on the machine can read the file.
fn warn_if_open(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
            messages::say(&format!(
                "{} can be read by other users; chmod 600 keeps it to you",
                path.display()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        tokens.add_lines(text).unwrap();
        tokens
    }

    #[test]
    fn a_token_gives_its_right_and_no_other() {
        let tokens = tokens("# desk\nread  look-at-it\n\nwrite put-it-in\n");
        assert_eq!(tokens.right("look-at-it"), Some((Right::Read, 0)));
        assert_eq!(tokens.right("put-it-in"), Some((Right::Write, 1)));
        assert_eq!(tokens.right("put-it-inn"), None);
        assert_eq!(tokens.right(""), None);
    }

    #[test]
    fn a_line_of_another_kind_is_told() {
        let fault = Tokens::default().add_lines("read a\nadmin b").unwrap_err();
        assert_eq!(fault, "2: expected `read TOKEN` or `write TOKEN`");
    }

    #[test]
    fn nothing_is_open_to_other_machines() {
        assert!(Tokens::default().check(true).is_ok());
        assert!(Tokens::default().check(false).is_err());
        assert!(tokens("read short").check(false).is_err());
        assert!(tokens("read short").check(true).is_ok());
        assert!(tokens("write 0123456789abcdef").check(false).is_ok());
        assert!(tokens("write 0123456789abcdef").guard_reading(false));
        assert!(!tokens("write w").guard_reading(true) && tokens("read r").guard_reading(true));
        assert!(tokens("read ümlaut").check(true).is_err());
    }
}
