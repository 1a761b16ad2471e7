//! From two texts that go apart to where both go on alike.

/// How far apart the next equal letters may be looked for, in letters of one text.
pub(super) const BAND: usize = 10;
/// Letters that must be equal before the alignment goes on behind wrong ones.
const AGAIN: usize = 3;

/// How many letters of each text to pass over until both go on alike: as few as can be, as many of
/// the one as of the other if that will do.
pub(super) fn onward<const AHEAD: bool>(a: &[u8], b: &[u8]) -> Option<(usize, usize)> {
    let within = if AHEAD { Reach::ahead } else { Reach::back };
    let (of_a, of_b) = (within(a).openings::<1>(), within(b).openings::<2>());
    for most in 1..=BAND {
        let (in_a, in_b) = (of_a[most], of_b[most]);
        if in_a == in_b {
            return Some((most, most));
        }
        for less in (0..most).rev() {
            if of_a[less] == in_b {
                return Some((less, most));
            }
            if of_b[less] == in_a {
                return Some((most, less));
            }
        }
    }
    None
}

/// The letters of a text that are within reach, the nearest first.
struct Reach {
    letters: [u8; 16],
    count: usize,
}

impl Reach {
    /// Those that a text opens with.
    fn ahead(text: &[u8]) -> Self {
        const { assert!(BAND + size_of::<u32>() <= 16 && AGAIN < size_of::<u32>()) };
        let letters = text.first_chunk().copied().unwrap_or_else(|| {
            let mut letters = [0; 16];
            letters[..text.len()].copy_from_slice(text);
            letters
        });
        Self { letters, count: text.len() }
    }

    /// Those that it ends with.
    fn back(text: &[u8]) -> Self {
        let mut letters = text.last_chunk().copied().unwrap_or_else(|| {
            let mut letters = [0; 16];
            letters[16 - text.len()..].copy_from_slice(text);
            letters
        });
        letters.reverse();
        Self { letters, count: text.len() }
    }

    /// The [`AGAIN`] letters that follow each place, in one number; `NONE`, which no letters give, where there
    /// are not so many.
    fn openings<const NONE: u32>(&self) -> [u32; BAND + 1] {
        let unused = u32::BITS - 8 * AGAIN as u32;
        const { assert!(0 < NONE && NONE < 1 << 8) };
        let opening = |place: usize| {
            let letters = self.letters[place..].first_chunk().copied().map_or(0, u32::from_le_bytes);
            if place + AGAIN <= self.count { letters << unused } else { NONE }
        };
        std::array::from_fn(opening)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_go_on_where_three_letters_are_equal_within_reach() {
        assert_eq!(onward::<true>(b"qrstklmnop", b"wrstabcdef"), Some((1, 1)));
        assert_eq!(onward::<true>(b"qrsuklmnop", b"wrstabcdef"), None);
        assert_eq!(onward::<true>(b"abcdefghijxyz", b"xyz"), Some((10, 0)));
        assert_eq!(onward::<true>(b"abcdefghijkxyz", b"xyz"), None);
        assert_eq!(onward::<true>(b"ab", b""), None);
        assert_eq!(onward::<false>(b"xyzabcdefghij", b"xyz"), Some((10, 0)));
        assert_eq!(onward::<false>(b"ponmlktsrq", b"fedcbatsrw"), Some((1, 1)));
    }
}
