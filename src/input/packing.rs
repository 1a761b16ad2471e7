//! From the first bytes of a file, or its extension, to how it is packed.

use super::stream::Stored;
use flate2::read::MultiGzDecoder;
use std::io::{self, Read};
use std::path::Path;

/// How a file is packed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

/// How the packings begin.
const MAGIC: [(&[u8], Packing); 4] = [
    (&[0x1f, 0x8b], Packing::Gzip),
    (&[0x28, 0xb5, 0x2f, 0xfd], Packing::Zstd),
    (b"BZh", Packing::Bzip2),
    (&[0xfd, b'7', b'z', b'X', b'Z', 0], Packing::Xz),
];

impl Packing {
    pub(super) fn of(magic: &[u8], path: &Path) -> Self {
        let known = MAGIC.iter().find(|(first, _)| magic.starts_with(first));
        known.map_or_else(|| Self::by_extension(path), |(_, packing)| *packing)
    }

    /// What the last extension of `path` says.
    fn by_extension(path: &Path) -> Self {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        match extension.as_str() {
            "gz" | "tgz" => Self::Gzip,
            "zst" | "tzst" => Self::Zstd,
            "bz2" | "tbz2" => Self::Bzip2,
            "xz" | "txz" => Self::Xz,
            _ => Self::Plain,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
        }
    }

    /// A reader of what is in `stored`.
    pub(super) fn unpacked(self, stored: Stored) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Plain => Box::new(stored),
            Self::Gzip => Box::new(MultiGzDecoder::new(stored)),
            Self::Zstd => Box::new(zstd::Decoder::new(stored)?),
            #[cfg(feature = "archives")]
            Self::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(stored)),
            #[cfg(feature = "archives")]
            Self::Xz => {
                let decoder = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, 0x08)?;
                Box::new(liblzma::read::XzDecoder::new_stream(stored, decoder))
            }
            #[cfg(not(feature = "archives"))]
            Self::Bzip2 | Self::Xz => {
                return Err(io::Error::other("this build lacks the feature `archives`"));
            }
        })
    }
}

/// Memory that an xz file may ask for: the highest preset of the tool takes 65 MB.
#[cfg(feature = "archives")]
const XZ_MEMORY: u64 = 256 << 20;

/// Whether a file that begins with `head` is packed.
pub(super) fn is_packed(head: &[u8], path: &Path) -> bool {
    Packing::of(head, path) != Packing::Plain
}
