//! From a file, packed or plain and in any charset, to a stream of UTF-8 bytes.

use super::charset::{self, Content, Guess};
use super::packing::Packing;
use crate::error::{Error, Result};
use encoding_rs::{Decoder, UTF_8};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that are looked at to tell charset and form.
const HEAD: usize = 64 << 10;
/// Bytes that a decoder is fed at once.
const DECODED_AT_ONCE: usize = 64 << 10;

/// An open file, or a stretch of one that holds many.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    file: Arc<File>,
    start: u64,
    length: Option<u64>,
}

impl Handle {
    pub(super) fn whole(file: Arc<File>) -> Self {
        Self { file, start: 0, length: None }
    }

    #[cfg(feature = "archives")]
    pub(super) fn part(file: Arc<File>, start: u64, length: u64) -> Self {
        Self { file, start, length: Some(length) }
    }

    /// The same, from `offset` on.
    #[cfg(feature = "parquet")]
    pub(super) fn from(self, offset: u64) -> Self {
        let length = self.length.map(|length| length.saturating_sub(offset));
        Self { start: self.start + offset, length, ..self }
    }

    /// Bytes in it.
    #[cfg(any(feature = "parquet", feature = "archives"))]
    pub(super) fn length(&self) -> io::Result<u64> {
        self.length.map_or_else(|| Ok(self.file.metadata()?.len()), Ok)
    }

    /// Reads at `offset` without moving a cursor that other readings may share.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let wish = self.length.map_or(buffer.len() as u64, |length| length.saturating_sub(offset));
        let wish = buffer.len().min(usize::try_from(wish).unwrap_or(usize::MAX));
        let (buffer, offset) = (&mut buffer[..wish], self.start + offset);
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(&*self.file, buffer, offset);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(&*self.file, buffer, offset);
    }
}

/// The bytes as they are stored; the offset is shared with the [`Stream`] above the unpacking.
pub(super) struct Stored {
    handle: Handle,
    offset: Arc<AtomicU64>,
}

impl Stored {
    /// From the start of `handle`.
    pub(super) fn new(handle: Handle) -> Self {
        Self { handle, offset: Arc::default() }
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let offset = self.offset.load(Ordering::Relaxed);
        let count = self.handle.read_at(buffer, offset)?;
        self.offset.store(offset + count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Bytes that any file may unpack to, whatever its size.
const UNPACKED_ANYWAY: u64 = 64 << 20;
/// Bytes that come out of one stored byte at most. Text packs to a tenth or a twentieth.
const RATIO: u64 = 1_000;

/// A reader that stops at what only a bomb unpacks to.
struct Bounded<R> {
    reader: R,
    packing: Packing,
    stored: Arc<AtomicU64>,
    given: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.given += count as u64;
        let stored = self.stored.load(Ordering::Relaxed);
        if self.packing == Packing::Plain || self.given <= UNPACKED_ANYWAY || self.given <= stored * RATIO {
            return Ok(count);
        }
        Err(io::Error::new(
            io::ErrorKind::QuotaExceeded,
            format!(
                "expected at most {RATIO} bytes out of one packed byte, found {} out of {stored}; \
                 unpack the file yourself if you trust it",
                self.given
            ),
        ))
    }
}

/// A reader whose first bytes have been looked at already and are given again.
struct Peeked {
    head: Vec<u8>,
    given: usize,
    whole: bool,
    failure: Option<io::Error>,
    rest: Box<dyn Read + Send>,
}

impl Peeked {
    fn new(mut rest: Box<dyn Read + Send>) -> Self {
        let mut head = Vec::new();
        // A failure comes again after the head, where the reader stands by then.
        let failure = rest.by_ref().take(HEAD as u64).read_to_end(&mut head).err();
        Self { whole: head.len() < HEAD && failure.is_none(), head, given: 0, failure, rest }
    }
}

impl Read for Peeked {
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
struct Decoded {
    decoder: Decoder,
    source: Peeked,
    raw: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Decoded {
    fn new(decoder: Decoder, source: Peeked) -> Self {
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

impl Read for Decoded {
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
pub(super) struct Stream {
    reader: Peeked,
    packing: Packing,
    is_foreign: bool,
    stored: Arc<AtomicU64>,
    delivered: u64,
}

impl Stream {
    /// Starts to read `handle`, unpacks and decodes it. `path` is where it lies, for its extension.
    pub(super) fn new(handle: Handle, path: &Path, content: Content) -> io::Result<Self> {
        let mut magic = [0; 6];
        let length = handle.read_at(&mut magic, 0)?;
        let packing = Packing::of(&magic[..length], path);
        let raw = Stored::new(handle);
        let stored = Arc::clone(&raw.offset);
        let bound =
            Bounded { reader: packing.unpacked(raw)?, packing, stored: Arc::clone(&stored), given: 0 };
        let mut reader = Peeked::new(Box::new(bound));
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

    /// Whether the first bytes could be read.
    pub(super) fn is_sound(&self) -> bool {
        self.reader.failure.is_none()
    }

    /// Whether there is nothing in the file but blanks.
    pub(super) fn is_blank(&self) -> bool {
        self.reader.whole && self.head().trim_ascii().is_empty()
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
        let read = self.read_over(&mut buffer[before..]);
        buffer.truncate(before + read.as_ref().map_or(0, |&count| count));
        read
    }

    /// Reads as many bytes as `buffer` holds, or those that there are; 0 is the end of the file.
    pub(super) fn read_over(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
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
        self.delivered += filled as u64;
        match failure {
            // What came before the failure counts; it shows again in the next call.
            Some(error) if filled > 0 => {
                self.reader.failure = Some(error);
                Ok(filled)
            }
            Some(error) => Err(error),
            None => Ok(filled),
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
            _ if error.kind() == io::ErrorKind::QuotaExceeded => {
                return Error::input(error.to_string()).at(path, line);
            }
            Packing::Plain => return Error::io(path, "read", error),
            packing => packing.name(),
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

/// Opens `path` for a [`Handle`].
pub(super) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| Error::io(path, "open", error))
}

/// So that readers of crates can draw on it.
impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.delivered += count as u64;
        Ok(count)
    }
}
