//! From texts that a machine misread to what they share: old print, scans, letters that are wrong.
//!
//! A scanner reads `rn` for `m` and `c` for `e`; of ten words two or three are no words. Shingles of
//! such a text are its own. So a [noisy](measure()) story takes another way:
//!
//! 1. **noticed** by letters that do not follow each other in its language ([`measure()`]);
//! 2. **candidates** by winnowed runs of letters without blanks, look-alikes made one ([`keys`]);
//! 3. **aligned** letter by letter around runs that both texts have ([`align`](mod@align));
//! 4. **read** by the other text: words that differ within the noise are taken for one ([`reading`]), and
//!    what is judged is the text so read, by the same evidence as clean text.
//!
//! Clean stories have no part in any of this, but as the other side of a noisy one.

pub mod align;
pub mod keys;
pub mod letters;
pub mod measure;
pub mod reading;

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
    /// The share of the words of `body` that are odd, if it is taken for noisy.
    pub fn share_of(self, body: &str) -> Option<f32> {
        match self {
            Self::Auto => Some(measure(body)).filter(|noise| noise.is_noisy()).map(Noise::share),
            Self::On => Some(measure(body).share()),
            Self::Off => None,
        }
    }
}
