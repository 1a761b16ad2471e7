//! From two texts that go apart to where both go on alike.

/// How far apart the next equal letters may be looked for, in letters of one text.
pub(super) const BAND: usize = 10;
/// Letters that must be equal before the alignment goes on behind wrong ones.
const AGAIN: usize = 3;

/// How many letters of each text to pass over until both go on alike: as few as can be, as many of
/// the one as of the other if that will do.
pub(super) fn onward<const AHEAD: bool>(a: &[u8], b: &[u8]) -> Option<(usize, usize)> {
    if let Some(near) = nearest::<AHEAD>(a, b) {
        return Some(near);
    }
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

/// The same where one letter of either, or of both, is all that is passed over, as in a third of the cases;
/// `None`, too, where a text ends soon.
fn nearest<const AHEAD: bool>(a: &[u8], b: &[u8]) -> Option<(usize, usize)> {
    let four = |text: &[u8]| {
        if AHEAD {
            text.first_chunk().copied().map(u32::from_le_bytes)
        } else {
            text.last_chunk().copied().map(u32::from_be_bytes)
        }
    };
    // Three letters in the upper bytes: those that come, and those that follow the first.
    let three = |four: u32| (four << 8, four & !0xff);
    const { assert!(AGAIN == 3) };
    let ((a, behind_a), (b, behind_b)) = (three(four(a)?), three(four(b)?));
    if behind_a == behind_b {
        Some((1, 1))
    } else if a == behind_b {
        Some((0, 1))
    } else {
        (behind_a == b).then_some((1, 0))
    }
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
    use proptest::prelude::*;

    /// The same by the definition.
    fn slowly(a: &[u8], b: &[u8]) -> Option<(usize, usize)> {
        let alike = |&(x, y): &(usize, usize)| {
            let three = |text: &[u8], at: usize| text.get(at..at + AGAIN).map(<[u8]>::to_vec);
            three(a, x).is_some() && three(a, x) == three(b, y)
        };
        (1..=BAND).find_map(|most| {
            let uneven = (0..most).rev().flat_map(|less| [(less, most), (most, less)]);
            [(most, most)].into_iter().chain(uneven).find(alike)
        })
    }

    proptest! {
        #[test]
        fn where_both_go_on_is_the_nearest_place(
            a in prop::collection::vec(b'a'..b'd', 0..16), b in prop::collection::vec(b'a'..b'd', 0..16),
        ) {
            let reversed = |text: &[u8]| text.iter().rev().copied().collect::<Vec<u8>>();
            prop_assert_eq!(onward::<true>(&a, &b), slowly(&a, &b));
            prop_assert_eq!(onward::<false>(&reversed(&a), &reversed(&b)), slowly(&a, &b));
        }
    }

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
