//! From two stories, of which one is misread print, to the verdict on the text as the other reads it.

use super::judge::{self, Terms, Verdict};
use super::model::JOINED;
use crate::evidence::{Profile, Weights};
use crate::noise::{self, Letters, Misread, Read};
use crate::story::Story;

/// What is kept of a story to be aligned: the letters, and all but the body.
#[derive(Clone, Debug)]
pub struct Scanned {
    letters: Letters,
    /// The letters of the headline.
    headline: Letters,
    /// The story without its body and headline.
    story: Story,
    /// What it is taken for, if for misread print.
    noise: Option<Misread>,
}

/// Letters that a noisy pair must have in common to be judged by them, some twelve words, and the share
/// of the shorter text that they must be: whoever shares less is no version.
const LEAST: usize = 60;
const LEAST_PERCENT: usize = 10;

impl Scanned {
    /// That of a prepared story, which is taken for `noise`.
    /// Cost: one pass.
    pub fn of(story: &Story, noise: Option<Misread>) -> Self {
        let bare = Story {
            source: story.source.clone(),
            time: story.time,
            furniture: story.furniture.clone(),
            ..Story::default()
        };
        let (letters, headline) = (Letters::of(&story.body), Letters::of(&story.headline));
        Self { letters, headline, story: bare, noise }
    }

    /// The text as `other` reads it, if they have letters in common and one of them was misread.
    fn read_by(&self, other: &Self) -> Option<Read> {
        let read = noise::read(&other.letters, &self.letters);
        let (matched, shorter) =
            (read.alignment.matched(), self.letters.folded.len().min(other.letters.folded.len()));
        let is_shared = matched >= LEAST && matched * 100 >= shorter * LEAST_PERCENT;
        (is_shared && read.is_of_misread([self.noise, other.noise])).then_some(read)
    }

    fn profile(&self, headline: String, body: String, weights: &Weights) -> Profile {
        Profile::new(&Story { headline, body, ..self.story.clone() }, weights)
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
    let (noisier, (other, printed)) = if is_first { (a, (b, y)) } else { (b, (a, x)) };
    let read = noisier.read_by(other)?;
    let headline = noise::read(&other.headline, &noisier.headline).text;
    let own = noisier.profile(headline, read.text, weights);
    let beside = |other: &Profile| {
        let (x, y) = if is_first { (&own, other) } else { (other, &own) };
        judge::judge(x, y, terms)
    };
    let is_joined = |verdict: &Verdict| verdict.score >= JOINED;
    let legible = || read.first.filter(|_| other.noise.is_some());
    let verdict = match beside(printed) {
        Some(verdict) if is_joined(&verdict) => Some(verdict),
        apart => match legible() {
            Some(body) => beside(&other.profile(other.headline.text().into(), body, weights)),
            None => apart,
        },
    };
    Some(verdict.map(|verdict| verdict.as_printed((x, y), terms)))
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
        let prints = stories.each_ref().map(|story| Scanned::of(story, Noisy::Auto.misread(&story.body)));
        let profiles = stories.each_ref().map(|story| Profile::new(story, &weights));
        judge((&prints[0], &profiles[0]), (&prints[1], &profiles[1]), &weights, terms).flatten()
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
    fn a_misread_headline_is_read_by_the_other() {
        let clean = "Harbour council approves lighthouse granite";
        let misread = judged([clean, "Harhour ccuncil approvcs ligbthonse grauite"]);
        assert!(misread.signals.headline < 0.1, "{misread:?}");
        let other = judged([clean, "Rainfall spoils barley along northern valleys"]);
        assert!(other.signals.headline > 0.9, "{other:?}");
    }
}
