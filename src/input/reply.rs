//! From the reply of a server, as a crawler kept it, to the bytes of the page.

use super::warc::field;
use crate::error::{Error, Result};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use memchr::{memchr, memmem};
use std::borrow::Cow;
use std::io::{self, Read};

/// Bytes of a page at most, as it is unpacked.
const PAGE: u64 = 64 << 20;
/// Bytes by which it is told what a body is.
const OPENING: u64 = 8 << 10;

/// The body of a reply, out of its chunks and its packings.
///
/// # Errors
/// A body that is packed in an unknown way, or damaged.
pub(super) fn unpacked<'a>(head: &[u8], body: &'a [u8]) -> Result<Cow<'a, [u8]>> {
    let body = bare(head, body, all)?;
    if is_text(&body) {
        return Ok(body);
    }
    let ways = field(head, "content-encoding").unwrap_or_default().to_ascii_lowercase();
    let way = if ways.is_empty() { String::new() } else { format!(" (content-encoding {ways})") };
    Err(Error::input(format!("expected a page, found binary data{way}; leave it out")))
}

/// How a body begins, as far as that can be seen of a part of it.
pub(super) fn opening<'a>(head: &[u8], part: &'a [u8]) -> Cow<'a, [u8]> {
    let part = &part[..part.len().min(OPENING as usize)];
    bare(head, part, first).unwrap_or(Cow::Borrowed(part))
}

/// A body out of its chunks and its packings, each of which `read` reads.
fn bare<'a>(head: &[u8], body: &'a [u8], read: Reader) -> Result<Cow<'a, [u8]>> {
    let is_chunked = field(head, "transfer-encoding").is_some_and(|way| way.eq_ignore_ascii_case("chunked"));
    // Many crawlers join the chunks and leave the header.
    let mut body = is_chunked.then(|| joined(body)).flatten().map_or(Cow::Borrowed(body), Cow::Owned);
    let ways = field(head, "content-encoding").unwrap_or_default().to_ascii_lowercase();
    // The last packing that was put on comes off first.
    for way in ways.rsplit(',').map(str::trim) {
        if let Some(page) = without(way, &body, read).map_err(|error| damaged(way, &error))? {
            body = Cow::Owned(page);
        }
    }
    if body.starts_with(&GZIP) {
        let page = read(&mut MultiGzDecoder::new(&*body)).map_err(|error| damaged("gzip", &error))?;
        body = Cow::Owned(page);
    }
    Ok(body)
}

/// What reads a body as it is unpacked.
type Reader = fn(&mut dyn Read) -> io::Result<Vec<u8>>;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

fn damaged(way: &str, error: &io::Error) -> Error {
    Error::input(format!("expected a page packed with {way}, found damage ({error}); fetch it again"))
}

/// The body without one packing; `None` where it does not have it: many crawlers unpack a body
/// and leave the header.
fn without(way: &str, body: &[u8], read: Reader) -> io::Result<Option<Vec<u8>>> {
    match way {
        "gzip" | "x-gzip" if body.starts_with(&GZIP) => read(&mut MultiGzDecoder::new(body)).map(Some),
        "zstd" if body.starts_with(&ZSTD) => read(&mut zstd::Decoder::new(body)?).map(Some),
        // Some servers send the bare form, without the header of zlib.
        "deflate" if !is_text(body) => {
            read(&mut ZlibDecoder::new(body)).or_else(|_| read(&mut DeflateDecoder::new(body))).map(Some)
        }
        #[cfg(feature = "pages")]
        "br" if !is_text(body) => read(&mut brotli_decompressor::Decompressor::new(body, 4 << 10)).map(Some),
        _ => Ok(None),
    }
}

fn all(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    from.take(PAGE).read_to_end(&mut page)?;
    Ok(page)
}

/// What comes before a fault: a part of a body breaks off in its packing.
fn first(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let read = from.take(OPENING).read_to_end(&mut page);
    if page.is_empty() { read.map(|_| page) } else { Ok(page) }
}

/// Whether bytes can be text in some charset: no control characters among the first, or the
/// mark of UTF-16.
fn is_text(body: &[u8]) -> bool {
    const LOOK: usize = 512;
    let head = &body[..body.len().min(LOOK)];
    let is_wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let is_control = |byte: &&u8| matches!(byte, 0x00..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f);
    is_wide || (memchr(0, head).is_none() && head.iter().filter(is_control).count() * 50 <= head.len())
}

/// The chunks of a body as one, `None` where there are none. Of a body that breaks off it is what
/// came.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole: Option<Vec<u8>> = None;
    loop {
        let Some((size, chunk)) = chunk(body) else { return whole };
        if size == 0 {
            return Some(whole.unwrap_or_default());
        }
        let came = chunk.len().min(size);
        whole.get_or_insert_default().extend_from_slice(&chunk[..came]);
        body = &chunk[came..];
        body = body.strip_prefix(b"\r\n").unwrap_or(body);
    }
}

/// The size that the first line of a body gives, and what follows the line.
fn chunk(body: &[u8]) -> Option<(usize, &[u8])> {
    let end = memmem::find(body, b"\r\n")?;
    let size = std::str::from_utf8(&body[..end]).ok()?.split(';').next()?.trim();
    Some((usize::from_str_radix(size, 16).ok()?, &body[end + 2..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    const PAGE: &[u8] =
        b"<!doctype html><p>The last ferry sails on Friday, after ninety years on the sound.</p>";

    fn read(headers: &str, body: &[u8]) -> Result<Vec<u8>> {
        unpacked(format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes(), body).map(Cow::into_owned)
    }

    fn chunked(body: &[u8]) -> Vec<u8> {
        let mut out: Vec<u8> = body
            .chunks(20)
            .flat_map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())
            .collect();
        out.extend_from_slice(b"0\r\n\r\n");
        out
    }

    #[test]
    fn every_packing_comes_off_in_its_order() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(PAGE).unwrap();
        let zlib = zlib.finish().unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(PAGE).unwrap();
        let gzip = gzip.finish().unwrap();
        let bare = &zlib[2..zlib.len() - 4];
        let zstd = zstd::encode_all(PAGE, 1).unwrap();
        for (headers, body) in [
            ("", PAGE.to_vec()),
            ("Content-Encoding: gzip\r\n", gzip.clone()),
            ("", gzip.clone()),
            ("Content-Encoding: gzip\r\n", PAGE.to_vec()),
            ("content-encoding: deflate\r\n", zlib.clone()),
            ("Content-Encoding: deflate\r\n", bare.to_vec()),
            ("Content-Encoding: zstd\r\n", zstd.clone()),
            ("Content-Encoding: deflate, zstd\r\n", zstd::encode_all(zlib.as_slice(), 1).unwrap()),
            ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunked(&gzip)),
            ("Transfer-Encoding: chunked\r\n", PAGE.to_vec()),
        ] {
            assert_eq!(read(headers, &body).unwrap(), PAGE, "{headers}");
        }
    }

    #[cfg(feature = "pages")]
    #[test]
    fn brotli_comes_off_too() {
        // Written by `brotli` at quality 0: a header, the text stored, and the end.
        assert_eq!(read("Content-Encoding: br\r\n", b"\x0b\x02\x80<p>Hi\x03").unwrap(), b"<p>Hi");
    }

    #[test]
    fn what_stays_packed_is_told() {
        let noise: Vec<u8> = (0..200_u8).collect();
        let error = read("Content-Encoding: compress\r\n", &noise).unwrap_err();
        assert_eq!(
            error.message(),
            "expected a page, found binary data (content-encoding compress); leave it out"
        );
        assert!(read("Content-Encoding: br\r\n", &noise).is_err());
        assert!(read("Content-Encoding: deflate\r\n", &noise).unwrap_err().message().contains("damage"));
    }
}
