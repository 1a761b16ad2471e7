//! From two stories, of which one is misread print, to the verdict on the text as the other reads it.

use super::judge::{self, Terms, Verdict};
use super::model::JOINED;
use crate::evidence::taken::Taken;
use crate::evidence::{Profile, Weights};
use crate::noise::align::Alignment;
use crate::noise::reading::Token;
use crate::noise::{self, Letters, Misread, Read};
use crate::similarity::Overlap;
use crate::story::Story;
use crate::text::repair;
use std::sync::OnceLock;

/// What is kept of a story to be aligned, beside its profile.
#[derive(Clone, Debug)]
pub struct Scanned {
    body: Text,
    headline: Text,
    /// What it is taken for, if for misread print.
    noise: Option<Misread>,
    /// Shingles of the text as it is printed, of the width of the run, once a pair has asked.
    shingles: OnceLock<Box<[u64]>>,
}

/// The letters of a text, and its tokens.
#[derive(Clone, Debug)]
struct Text {
    letters: Letters,
    tokens: Vec<Taken>,
}

impl Text {
    /// The tokens as `other` reads them.
    fn tokens<'a>(&'a self, other: &'a Self, read: &Read<'_>) -> impl Iterator<Item = Taken> + use<'a> {
        read.tokens().into_iter().map(|token| match token {
            Token::OfFirst(token) => other.tokens[token as usize],
            Token::OfSecond(token) => self.tokens[token as usize],
        })
    }
}

/// Letters that a noisy pair must have in common to be judged by them, some twelve words, and the share
/// of the shorter text that they must be: whoever shares less is judged by the words as they are printed.
const LEAST: usize = 60;
const LEAST_PERCENT: usize = 20;

/// The letters that two texts have in common, and those of the shorter.
fn shared(a: &Letters, b: &Letters, alignment: &Alignment) -> (usize, usize) {
    (alignment.matched(), a.folded().len().min(b.folded().len()))
}

/// Whether so many letters in common, of a text of so many, are enough.
fn is_enough(matched: usize, shorter: usize) -> bool {
    matched >= LEAST && matched * 100 >= shorter * LEAST_PERCENT
}

impl Scanned {
    /// That of a prepared story, which is taken for `noise`, and its profile; the hashes of its tokens are
    /// appended to `hashes`. Cost: that of the profile, and one pass.
    pub fn with_profile(
        story: &Story,
        noise: Option<Misread>,
        weights: &Weights,
        hashes: &mut Vec<u64>,
    ) -> (Self, Profile) {
        let repaired = repair(&story.body);
        let (profile, [body, headline]) = Profile::with_tokens(story, &repaired, weights, hashes);
        // As a profile takes them: a headline is not repaired.
        let body = Text { letters: Letters::of_repaired(&repaired), tokens: body };
        let headline = Text { letters: Letters::of_repaired(&story.headline), tokens: headline };
        (Self { body, headline, noise, shingles: OnceLock::new() }, profile)
    }

    /// The text as `other` reads it, if they have letters in common and one of them was misread.
    fn read_by<'a>(&'a self, other: &'a Self) -> Option<Read<'a>> {
        let (own, others) = (&self.body.letters, &other.body.letters);
        let alignment = noise::align(others, own);
        let (matched, shorter) = shared(own, others, &alignment);
        is_enough(matched, shorter)
            .then(|| Read::aligned((others, own), alignment))
            .filter(|read| read.is_of_misread([self.noise, other.noise]))
    }

    /// The shingles of the text as it is printed, whose profile that is.
    fn shingles(&self, printed: &Profile, width: usize) -> &[u64] {
        self.shingles.get_or_init(|| printed.shingles(width).into())
    }
}

/// Judges a pair of which one is noisy, by the evidence for clean text: the noisier of both is taken as
/// the other reads it, so that words and numbers that differ within the noise are one; where that does not
/// join them, the other without what nobody can read. `None` where neither is noisy, or too little is shared
/// for that: then the texts are judged as they are. Cost: an alignment and a profile or two.
pub fn judge(
    (a, x): (&Scanned, &Profile),
    (b, y): (&Scanned, &Profile),
    weights: &Weights,
    terms: Terms,
) -> Option<Option<Verdict>> {
    if a.noise.is_none() && b.noise.is_none() {
        return None;
    }
    let share = |print: &Scanned| print.noise.map_or(0.0, |noise| noise.share);
    let is_first = share(a) > share(b);
    let ((noisier, own), (other, printed)) = if is_first { ((a, x), (b, y)) } else { ((b, y), (a, x)) };
    let read = noisier.read_by(other)?;
    let titles = noise::read(&other.headline.letters, &noisier.headline.letters);
    let headline = noisier.headline.tokens(&other.headline, &titles);
    let own = own.read_as(noisier.body.tokens(&other.body, &read), headline, weights);
    let beside = |other: &Profile| {
        let (x, y) = if is_first { (&own, other) } else { (other, &own) };
        judge::judge(x, y, terms)
    };
    let is_half_shared = || {
        let (matched, shorter) = shared(&noisier.body.letters, &other.body.letters, read.alignment());
        2 * matched >= shorter
    };
    let is_joined = |verdict: &Verdict| verdict.score >= JOINED;
    let legible = || {
        let body = other.noise.and_then(|_| read.first())?;
        let body = body.iter().map(|&token| other.body.tokens[token as usize]);
        Some(printed.read_as(body, other.headline.tokens.iter().copied(), weights))
    };
    let verdict = match beside(printed) {
        Some(verdict) if is_joined(&verdict) => Some(verdict),
        // Words that nobody can read do not keep apart who shares little.
        None if !is_half_shared() => None,
        apart => match legible() {
            Some(legible) => beside(&legible),
            None => apart,
        },
    };
    let overlap = || Overlap::of_sorted(a.shingles(x, terms.shingle), b.shingles(y, terms.shingle));
    Some(verdict.map(|verdict| verdict.with_overlap(overlap(), terms)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Frequencies;
    use crate::noise::Noisy;
    use crate::relation::model::Model;
    use crate::similarity::Similarity;

    const BODY: &str = "The council met on Tuesday evening to hear what the new tower would cost and whether \
        the old keepers would be paid while the lamp was dark. Nobody spoke against the plan, though several \
        asked for a cheaper stone, and the mayor promised that the work would end before the boats came home.";
    const MISREAD: &str = "Tbe ccuncil met ou Tuesday evcniug to hear wbat thc ncw tower wonld cost aud wbether \
        the old keepcrs would be paid wliile the lamp was dark. Nohody spoke agaiust the plau, tbough several \
        asked for a cheapcr stoue, and the mayor promiscd tbat the wcrk would end hefore the boats camc home.";

    fn judged_by_letters(stories: &[Story; 2]) -> Option<Verdict> {
        let weights = Frequencies::default().weights();
        let terms = Terms {
            threshold: Similarity::new(0.8).unwrap(),
            shingle: 5,
            all: true,
            model: Model::default(),
        };
        let [a, b] = stories.each_ref().map(|story| {
            Scanned::with_profile(story, Noisy::Auto.misread(&story.body), &weights, &mut Vec::new())
        });
        judge((&a.0, &a.1), (&b.0, &b.1), &weights, terms).flatten()
    }

    fn judged(headlines: [&str; 2]) -> Verdict {
        let story = |headline: &str, body| Story { headline: headline.into(), ..Story::new("x", body) };
        let judged = judged_by_letters(&[story(headlines[0], BODY), story(headlines[1], MISREAD)]);
        judged.expect("letters in common")
    }

    #[test]
    fn what_may_be_jargon_is_misread_if_the_other_has_the_words_as_they_should_be() {
        let with = |words: &[(&str, &str)]| {
            let body = words.iter().fold(BODY.to_owned(), |body, (word, read)| body.replacen(word, read, 1));
            assert!(!Noisy::Auto.misread(&body).unwrap().is_sure);
            Story::new("x", body)
        };
        let misread = with(&[
            ("Tuesday", "tucsdav"),
            ("evening", "evcniug"),
            ("lamp", "larnp"),
            ("cheaper", "cheapcr"),
        ]);
        let clean = Story::new("y", BODY);
        assert!(judged_by_letters(&[clean.clone(), misread]).is_some());
        let jargon = with(&[("Tuesday", "xqvf"), ("evening", "zbkq"), ("lamp", "kwtx"), ("cheaper", "vvxq")]);
        assert!(judged_by_letters(&[jargon.clone(), jargon.clone()]).is_none());
        assert!(judged_by_letters(&[clean, jargon]).is_none());
    }

    #[test]
    fn twelve_words_and_a_fifth_of_the_shorter_are_enough() {
        assert_eq!(
            [(59, 100), (60, 100), (60, 300), (60, 301)].map(|(n, of)| is_enough(n, of)),
            [false, true, true, false]
        );
    }

    #[test]
    fn a_misread_headline_is_read_by_the_other() {
        let clean = "Harbour council approves lighthouse granite";
        let misread = judged([clean, "Harhour ccuncil approvcs ligbthonse grauite"]);
        assert!(misread.signals.headline < 0.1, "{misread:?}");
        let coded = judged([
            "Harbour &amp; mill council approves granite",
            "Harhour &amp; mill ccuncil approvcs grauite",
        ]);
        assert!(coded.signals.headline < 0.1, "{coded:?}");
        let other = judged([clean, "Rainfall spoils barley along northern valleys"]);
        assert!(other.signals.headline > 0.9, "{other:?}");
    }
}
