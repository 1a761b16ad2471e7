//! From the tokens of a repaired text back to their places in the text as it was sent.

use super::repair::{repair, tag};
use super::{Token, tokenise};
use std::borrow::Cow;
use std::ops::Range;

/// Bytes of the longest entity, from `&` to `;`.
const LONGEST_ENTITY: usize = 32;

/// Calls `each` for every token of `text`, repaired, with the bytes of `text` that it came from: of
/// a word that was cut at a line end both halves and what lies between. They are as many as those of the
/// repaired text; of what came from nowhere the place is empty. Cost: that of tokenising where nothing has to
/// be repaired, else a few passes.
pub fn tokens(text: &str, mut each: impl FnMut(&[u8], Range<usize>)) {
    match repair(text) {
        Cow::Borrowed(_) => tokenise(text, |Token { text, start, end }| each(text, start..end)),
        Cow::Owned(repaired) => {
            let origins = Origins::of(text, &repaired);
            let (mut from, mut last) = (0, 0);
            tokenise(&repaired, |token| {
                let place = origins.of_range(&mut from, token.start..token.end).unwrap_or(last..last);
                last = place.end;
                each(token.text, place);
            });
        }
    }
}

/// A stretch of a repaired text, and what it came from.
struct Origin {
    /// Where it begins in the repaired text; it ends where the next one begins.
    start: usize,
    sent: Range<usize>,
    /// Whether it is the same, byte for byte.
    is_same: bool,
}

/// Where every stretch of a repaired text came from.
struct Origins {
    stretches: Vec<Origin>,
    /// Bytes of the repaired text.
    end: usize,
}

impl Origins {
    /// Goes through both texts side by side: what differs was an entity, a tag, or a line end in a
    /// word.
    fn of(sent: &str, repaired: &str) -> Self {
        let mut origins = Self { stretches: Vec::new(), end: repaired.len() };
        let (mut i, mut j) = (0, 0);
        while j < repaired.len() && i < sent.len() {
            let rest = &repaired[j..];
            let same = same(&sent[i..], rest);
            if same > 0 {
                origins.push(j, i..i + same, true);
                (i, j) = (i + same, j + same);
                continue;
            }
            if let Some((length, made)) = entity(&sent[i..], rest) {
                origins.push(j, i..i + length, false);
                (i, j) = (i + length, j + made);
                continue;
            }
            let c = sent[i..].chars().next().map_or(1, char::len_utf8);
            let opened = if sent.as_bytes()[i] == b'<' { tag(&sent[i..]) } else { None };
            match opened {
                Some((length, _)) if rest.starts_with([' ', '\n']) => {
                    origins.push(j, i..i + length, false);
                    (i, j) = (i + length, j + 1);
                }
                Some((length, _)) => i += length,
                None if rest.starts_with(&sent[i..i + c]) => {
                    origins.push(j, i..i + c, true);
                    (i, j) = (i + c, j + c);
                }
                None => i += c,
            }
        }
        origins
    }

    fn push(&mut self, start: usize, sent: Range<usize>, is_same: bool) {
        match self.stretches.last_mut() {
            Some(last) if is_same && last.is_same && last.sent.end == sent.start => last.sent.end = sent.end,
            _ => self.stretches.push(Origin { start, sent, is_same }),
        }
    }

    /// What the bytes `range` of the repaired text came from; `from` is a stretch at or before it, and after it
    /// the one in which it ends.
    fn of_range(&self, from: &mut usize, range: Range<usize>) -> Option<Range<usize>> {
        let (first, last) = (self.at(from, range.start)?, self.at(from, range.end.checked_sub(1)?)?);
        let start =
            if first.is_same { first.sent.start + range.start - first.start } else { first.sent.start };
        let end = if last.is_same { last.sent.start + range.end - last.start } else { last.sent.end };
        (start < end && range.end <= self.end).then_some(start..end)
    }

    fn at(&self, from: &mut usize, place: usize) -> Option<&Origin> {
        let further = self.stretches.get(*from + 1..)?.iter().take_while(|stretch| stretch.start <= place);
        *from += further.count();
        self.stretches.get(*from).filter(|stretch| stretch.start <= place)
    }
}

/// Bytes of the characters that both texts open with, up to what may be an entity or a tag.
fn same(sent: &str, repaired: &str) -> usize {
    let is_same = |&(sent, repaired): &(u8, u8)| sent == repaired && !matches!(sent, b'&' | b'<');
    let same = sent.bytes().zip(repaired.bytes()).take_while(is_same).count();
    (0..=same).rev().find(|&end| sent.is_char_boundary(end)).unwrap_or_default()
}

/// The length of the entity that `sent` begins with, and of the opening of `repaired` that was made
/// of it: the longest that is so, because an entity may be encoded twice.
fn entity(sent: &str, repaired: &str) -> Option<(usize, usize)> {
    if !sent.starts_with('&') {
        return None;
    }
    let name = |from: usize| {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
        let length =
            sent.as_bytes()[from..].iter().take(LONGEST_ENTITY).take_while(|byte| is_name(byte)).count();
        (sent.as_bytes().get(from + length) == Some(&b';')).then_some(from + length + 1)
    };
    let once = name(1)?;
    let twice = if sent.starts_with("&amp;") { name(once) } else { None };
    let made = |end: usize| {
        let once = html_escape::decode_html_entities(&sent[..end]).into_owned();
        let twice = html_escape::decode_html_entities(&once).into_owned();
        let whole =
            |made: &String| made != &sent[..end] && !made.ends_with(';') && repaired.starts_with(made);
        [twice, once].into_iter().find(whole).map(|made| (end, made.len()))
    };
    twice.into_iter().chain([once]).find_map(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn places(text: &str) -> Vec<&str> {
        let mut places = Vec::new();
        tokens(text, |_, place| places.push(&text[place]));
        places
    }

    #[test]
    fn places_are_those_of_the_text_as_sent() {
        assert_eq!(
            places("<p>Tom &amp; Ann&#39;s caf&eacute;</p>resump-\ntion"),
            ["Tom", "Ann", "s", "caf&eacute;", "resump-\ntion"]
        );
        assert_eq!(places("a Tom&amp;rsquo;s R&amp;D; x"), ["a", "Tom", "s", "R", "D", "x"]);
    }

    proptest! {
        #[test]
        fn no_token_is_lost_and_each_is_what_stands_there(
            text in "(caf&eacute;|&amp;rsquo;|&amp;|&lt;p&gt;|<p>|</p>|<br/>|resump-\ntion|воен-\r\nные|-|\n|;|[a-zé ,.]{1,9}){0,12}",
        ) {
            let (mut found, mut expected, mut last) = (Vec::new(), Vec::new(), 0);
            tokens(&text, |token, place| found.push((token.to_owned(), place)));
            tokenise(&repair(&text), |token| expected.push(token.text.to_owned()));
            let kept: Vec<_> = found.iter().map(|(token, _)| token.clone()).collect();
            prop_assert_eq!(kept, expected);
            for (token, place) in found {
                prop_assert!(place.start >= last, "{:?}", &text[place]);
                last = place.end;
                let mut own = Vec::new();
                tokenise(&repair(&text[place.clone()]), |token| own.push(token.text.to_owned()));
                prop_assert_eq!(own, [token], "{:?}", &text[place]);
            }
        }
    }
}
