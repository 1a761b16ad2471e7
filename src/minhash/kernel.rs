//! From 32-bit shingle hashes to column minima, on the widest vectors of the machine.
//!
//! There is one kernel, `minima_of`, in plain Rust. It is compiled again inside functions that
//! may use AVX2 or AVX-512, where the compiler turns its inner loop into 8 or 16 lanes; on
//! aarch64 NEON is part of the baseline. What is executed is chosen once, at run time. All
//! copies are the same source, in integers, so they agree bit for bit; a property test holds
//! them to it.
//!
//! This is the only module with `unsafe`: calling a function compiled for an instruction set is
//! sound exactly if the machine has it, and a [`Kernel`] can only be had from a check of that.
#![allow(
    unsafe_code,
    reason = "calls into functions compiled for a detected instruction set; portable twin tested"
)]

/// An instruction set that this machine was checked to have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Kernel(Set);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Set {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Kernel {
    /// The kernel of the compilation target's baseline (SSE2 on x86-64, NEON on aarch64).
    pub const PORTABLE: Self = Self(Set::Portable);

    /// The fastest kernel of this machine.
    pub fn detect() -> Self {
        Self::available().last().copied().unwrap_or(Self::PORTABLE)
    }

    /// Every kernel that this machine can run, slowest first.
    pub fn available() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut, reason = "only x86-64 has more than one"))]
        let mut kernels = vec![Self::PORTABLE];
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                kernels.push(Self(Set::Avx2));
            }
            if std::arch::is_x86_feature_detected!("avx512f") {
                kernels.push(Self(Set::Avx512));
            }
        }
        kernels
    }

    /// The name of the instruction set, for benches and `--version`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Set::Portable if cfg!(target_arch = "aarch64") => "neon",
            Set::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => "avx512",
        }
    }

    /// Lowers each `minima[i]` to the least `multipliers[i]·x + offsets[i]` (modulo 2³²) over
    /// `xs`.
    ///
    /// # Panics
    /// If the three lengths differ.
    pub fn minima(self, xs: &[u32], multipliers: &[u32], offsets: &[u32], minima: &mut [u32]) {
        assert!(
            multipliers.len() == offsets.len() && offsets.len() == minima.len(),
            "one offset and minimum a multiplier"
        );
        match self.0 {
            Set::Portable => minima_of::<16>(xs, multipliers, offsets, minima),
            // SAFETY: the private variants are only made by `available`, after a check.
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => unsafe { avx2(xs, multipliers, offsets, minima) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => unsafe { avx512(xs, multipliers, offsets, minima) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2(xs: &[u32], multipliers: &[u32], offsets: &[u32], minima: &mut [u32]) {
    minima_of::<32>(xs, multipliers, offsets, minima);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn avx512(xs: &[u32], multipliers: &[u32], offsets: &[u32], minima: &mut [u32]) {
    minima_of::<128>(xs, multipliers, offsets, minima);
}

/// The kernel: `LANES` columns at a time, so that their minima stay in registers while the
/// shingles stream by.
#[inline(always)]
#[expect(clippy::inline_always, reason = "must be compiled inside each caller's instruction set")]
fn minima_of<const LANES: usize>(xs: &[u32], multipliers: &[u32], offsets: &[u32], minima: &mut [u32]) {
    let (a, a_rest) = multipliers.as_chunks::<LANES>();
    let (b, b_rest) = offsets.as_chunks::<LANES>();
    let (out, out_rest) = minima.as_chunks_mut::<LANES>();
    for ((a, b), out) in a.iter().zip(b).zip(out) {
        let (a, b, mut least) = (*a, *b, *out);
        for &x in xs {
            for lane in 0..LANES {
                least[lane] = least[lane].min(a[lane].wrapping_mul(x).wrapping_add(b[lane]));
            }
        }
        *out = least;
    }
    for ((&a, &b), out) in a_rest.iter().zip(b_rest).zip(out_rest) {
        *out = xs.iter().fold(*out, |least, &x| least.min(a.wrapping_mul(x).wrapping_add(b)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_kernel_agrees_with_the_definition(
            xs in prop::collection::vec(any::<u32>(), 0..80),
            family in prop::collection::vec(any::<(u32, u32)>(), 0..200),
        ) {
            let (a, b): (Vec<u32>, Vec<u32>) = family.into_iter().unzip();
            let defined: Vec<u32> = a.iter().zip(&b).map(|(&a, &b)| {
                xs.iter().map(|&x| ((u64::from(a) * u64::from(x) + u64::from(b)) % (1 << 32)) as u32).min().unwrap_or(u32::MAX)
            }).collect();
            for kernel in Kernel::available() {
                let mut minima = vec![u32::MAX; a.len()];
                kernel.minima(&xs, &a, &b, &mut minima);
                prop_assert_eq!(&minima, &defined, "{}", kernel.name());
            }
        }
    }
}
