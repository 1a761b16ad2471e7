//! From a file, packed or plain and in any charset, to a stream of UTF-8 bytes.

use super::charset::{self, Content, Guess};
use crate::error::{Error, Result};
use encoding_rs::{Decoder, UTF_8};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that are looked at to tell charset and form.
const HEAD: usize = 64 << 10;
/// Bytes that a decoder is fed at once.
const DECODED_AT_ONCE: usize = 64 << 10;

/// How a file is packed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    fn of(magic: &[u8], path: &Path) -> Self {
        if magic.starts_with(&[0x1f, 0x8b]) {
            return Self::Gzip;
        }
        if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            return Self::Zstd;
        }
        Self::by_extension(path)
    }

    /// What the last extension of `path` says.
    pub(super) fn by_extension(path: &Path) -> Self {
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("gz") => Self::Gzip,
            Some(extension) if extension.eq_ignore_ascii_case("zst") => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

/// An open file: one of its own, or the spooled standard input, which all readings share.
pub(super) enum Handle<'a> {
    Owned(File),
    Shared(&'a File),
}

impl Handle<'_> {
    /// Reads at `offset` without moving a cursor that other readings may share.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let file = match self {
            Self::Owned(file) => file,
            Self::Shared(file) => file,
        };
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(file, buffer, offset);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(file, buffer, offset);
    }
}

/// The bytes as they are stored; the offset is shared with the [`Stream`] above the unpacking.
struct Stored<'a> {
    handle: Handle<'a>,
    offset: Arc<AtomicU64>,
}

impl Read for Stored<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let offset = self.offset.load(Ordering::Relaxed);
        let count = self.handle.read_at(buffer, offset)?;
        self.offset.store(offset + count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A reader whose first bytes have been looked at already and are given again.
struct Peeked<'a> {
    head: Vec<u8>,
    given: usize,
    whole: bool,
    failure: Option<io::Error>,
    rest: Box<dyn Read + Send + 'a>,
}

impl<'a> Peeked<'a> {
    fn new(mut rest: Box<dyn Read + Send + 'a>) -> Self {
        let mut head = Vec::new();
        // A failure comes again after the head, where the reader stands by then.
        let failure = rest.by_ref().take(HEAD as u64).read_to_end(&mut head).err();
        Self { whole: head.len() < HEAD && failure.is_none(), head, given: 0, failure, rest }
    }
}

impl Read for Peeked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given < self.head.len() {
            let count = buffer.len().min(self.head.len() - self.given);
            buffer[..count].copy_from_slice(&self.head[self.given..self.given + count]);
            self.given += count;
            return Ok(count);
        }
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => self.rest.read(buffer),
        }
    }
}

/// A reader that turns another charset into UTF-8. Malformed bytes become U+FFFD.
struct Decoded<'a> {
    decoder: Decoder,
    source: Peeked<'a>,
    raw: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<'a> Decoded<'a> {
    fn new(decoder: Decoder, source: Peeked<'a>) -> Self {
        Self { decoder, source, raw: Vec::new(), ready: Vec::new(), given: 0, ended: false }
    }

    /// Decodes the next stretch into `ready`.
    fn fill(&mut self) -> io::Result<()> {
        self.raw.resize(DECODED_AT_ONCE, 0);
        let count = self.source.read(&mut self.raw)?;
        self.ended = count == 0;
        // The room suffices for any input of this length, so one call takes it all.
        let room = self.decoder.max_utf8_buffer_length(count).unwrap_or(4 * DECODED_AT_ONCE);
        self.ready.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..count], &mut self.ready, self.ended);
        self.ready.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.fill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// A file as UTF-8 bytes (bar stray bad ones, where it is UTF-8 to begin with).
pub(super) struct Stream<'a> {
    reader: Peeked<'a>,
    packing: Packing,
    is_foreign: bool,
    stored: Arc<AtomicU64>,
    delivered: u64,
}

impl<'a> Stream<'a> {
    /// Starts to read `handle`, unpacks and decodes it. `path` is where it lies, for its extension.
    pub(super) fn new(handle: Handle<'a>, path: &Path, content: Content) -> io::Result<Self> {
        let mut magic = [0; 4];
        let length = handle.read_at(&mut magic, 0)?;
        let packing = Packing::of(&magic[..length], path);
        let stored = Arc::new(AtomicU64::new(0));
        let raw = Stored { handle, offset: Arc::clone(&stored) };
        let unpacked: Box<dyn Read + Send + 'a> = match packing {
            Packing::Plain => Box::new(raw),
            Packing::Gzip => Box::new(MultiGzDecoder::new(raw)),
            Packing::Zstd => Box::new(zstd::Decoder::new(raw)?),
        };
        let mut reader = Peeked::new(unpacked);
        let Guess { encoding, mark } = charset::guess(&reader.head, reader.whole, content);
        reader.given = mark;
        let is_foreign = encoding != UTF_8;
        if is_foreign {
            let decoder = encoding.new_decoder_without_bom_handling();
            reader = Peeked::new(Box::new(Decoded::new(decoder, reader)));
        }
        let delivered = if is_foreign { 0 } else { mark as u64 };
        Ok(Self { reader, packing, is_foreign, stored, delivered })
    }

    /// The first bytes, as far as they have not been read yet.
    pub(super) fn head(&self) -> &[u8] {
        &self.reader.head[self.reader.given..]
    }

    /// Bytes read from the file as it is stored.
    pub(super) fn stored(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// Bytes given out; the offset in the file where that is plain UTF-8.
    pub(super) fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Appends up to `count` bytes to `buffer`; 0 is the end of the file.
    pub(super) fn read_into(&mut self, buffer: &mut Vec<u8>, count: usize) -> io::Result<usize> {
        let before = buffer.len();
        buffer.resize(before + count, 0);
        let mut filled = before;
        let mut failure = None;
        while filled < buffer.len() {
            match self.reader.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        buffer.truncate(filled);
        self.delivered += (filled - before) as u64;
        match failure {
            // What came before the failure counts; it shows again in the next call.
            Some(error) if filled > before => {
                self.reader.failure = Some(error);
                Ok(filled - before)
            }
            Some(error) => Err(error),
            None => Ok(filled - before),
        }
    }

    /// Whether the bytes were in another charset than UTF-8.
    pub(super) fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// Whether [`Stream::skip_to`] can pass over bytes without reading them.
    pub(super) fn can_skip(&self) -> bool {
        self.packing == Packing::Plain && !self.is_foreign
    }

    /// Goes on at an offset of the file. Only where [`Stream::can_skip`] says so.
    pub(super) fn skip_to(&mut self, offset: u64) {
        self.reader.given = self.reader.head.len();
        self.reader.failure = None;
        self.stored.store(offset, Ordering::Relaxed);
        self.delivered = offset;
    }

    /// What a failure to read on means at `line` of `path`.
    pub(super) fn fault(&self, error: io::Error, path: &Path, line: u64) -> Error {
        let form = match self.packing {
            // An error of the system concerns the disk, not what was packed.
            _ if error.raw_os_error().is_some() => return Error::io(path, "read", error),
            Packing::Plain => return Error::io(path, "read", error),
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
        };
        let so_far = self.delivered;
        let text = if error.kind() == io::ErrorKind::UnexpectedEof {
            format!(
                "expected more {form} data after {so_far} unpacked bytes, found the end; \
                 the file is cut short; fetch it again"
            )
        } else {
            format!(
                "expected sound {form} data after {so_far} unpacked bytes, found damage ({error}); \
                 fetch the file again"
            )
        };
        Error::input(text).at(path, line)
    }
}

/// Opens `path` for [`Handle::Owned`].
pub(super) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| Error::io(path, "open", error))
}
