//! From texts that a machine misread to what they share: old print, scans, letters that are wrong.
//!
//! A scanner reads `rn` for `m` and `c` for `e`; of ten words two or three are no words. Shingles of
//! such a text are its own. So a [noisy](measure()) story takes another way:
//!
//! 1. **noticed** by letters that do not follow each other in its language ([`measure()`]), or, where these
//!    are too few to tell it from jargon, by a story that has its words as they should be;
//! 2. **candidates** by a share of the runs of letters without blanks, look-alikes made one ([`keys`]);
//! 3. **aligned** letter by letter around runs that both texts have ([`align`](mod@align));
//! 4. **read** by the other text: words that differ within the noise are taken for one ([`reading`]), and
//!    what is judged is the text so read, by the same evidence as clean text.
//!
//! Clean stories have no part in any of this, but as the other side of a noisy one. Those that are in doubt
//! have no keys: they are compared letter by letter with whoever they meet as clean ones do.

pub mod align;
mod column;
mod glance;
pub mod keys;
pub mod letters;
pub mod measure;
mod odd;
mod onward;
pub mod reading;
mod sample;
mod seeds;

pub use align::{Alignment, Stretch, align};
pub use letters::Letters;
pub use measure::{Noise, measure};
pub use reading::{Read, read};

/// Which stories are taken for noisy.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Noisy {
    /// Those whose letters say so.
    #[default]
    Auto,
    /// All.
    On,
    /// None.
    Off,
}

impl Noisy {
    /// What `body` is taken for, if some of its words may be misread.
    pub fn misread(self, body: &str) -> Option<Misread> {
        let misread = |noise: Noise, is_sure| Misread { share: noise.share(), is_sure };
        match self {
            Self::Auto => {
                let noise = measure(body);
                noise.may_be_noisy().then(|| misread(noise, noise.is_noisy()))
            }
            Self::On => Some(misread(measure(body), true)),
            Self::Off => None,
        }
    }
}

/// A text of which words are odd.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Misread {
    /// Share of its words that are odd, in [0, 1).
    pub share: f32,
    /// Whether its own letters say that it was misread. If not, it may be jargon: another text must
    /// have the words as they should be ([`Read::is_of_misread`]).
    pub is_sure: bool,
}

impl Misread {
    /// The share of odd words in what is taken for this, 0 if it is not sure.
    pub fn sure_share(noise: Option<Self>) -> f32 {
        noise.filter(|noise| noise.is_sure).map_or(0.0, |noise| noise.share)
    }
}
