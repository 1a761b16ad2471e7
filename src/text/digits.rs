//! From the digits of any script to those of ASCII.

/// Zeros of the decimal digits of Unicode 17 that normalising leaves as they are, each the first of ten.
const ZEROS: [u32; 68] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0,
    0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0,
    0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50,
    0x16d70, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950,
];

/// The ASCII digit that a decimal digit of another script stands for.
pub(super) fn ascii(c: char) -> Option<char> {
    let code = u32::from(c);
    let place = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    char::from_digit(code.checked_sub(ZEROS[place])?, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_are_digits() {
        assert!(ZEROS.is_sorted());
        let of = |text: &str| text.chars().map(ascii).collect::<Option<String>>();
        for text in ["٢٠٢٤", "२०२४", "𞥒𞥐𞥒𞥔", "𑄸𑄶𑄸𑄺", "𐒢𐒠𐒢𐒤", "𞋲𞋰𞋲𞋴"]
        {
            assert_eq!(of(text).as_deref(), Some("2024"), "{text}");
        }
        assert_eq!(of("x٢"), None);
    }
}
