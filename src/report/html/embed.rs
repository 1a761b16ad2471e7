//! From values to JSON that may stand inside a `script` element, packed where there is much of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::io::{self, Write};

/// Bytes of text from which each entry is packed: below, the file is small anyhow, and its texts
/// can be searched with any tool.
pub(super) const PLAIN: usize = 2 << 20;

/// Level of packing: 6 is a tenth smaller and takes twice as long.
const LEVEL: u8 = 4;

/// JSON in which `<` is written by its number, so that no text of a story can end the element
/// that holds it or open another.
pub(super) fn json(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let plain = serde_json::to_vec(value)?;
    let mut safe = Vec::with_capacity(plain.len() + plain.len() / 64);
    for byte in plain {
        match byte {
            b'<' => safe.extend_from_slice(b"\\u003c"),
            byte => safe.push(byte),
        }
    }
    Ok(safe)
}

/// `json` as a JSON string of DEFLATE (RFC 1951) in base64. `miniz_oxide` packs to the same bytes
/// on every processor.
pub(super) fn packed(json: &[u8]) -> Vec<u8> {
    format!("\"{}\"", STANDARD.encode(miniz_oxide::deflate::compress_to_vec(json, LEVEL))).into_bytes()
}

/// Writes an element of data.
pub(super) fn element(out: &mut dyn Write, id: &str, json: &[u8]) -> io::Result<()> {
    write!(out, "<script type=\"application/json\" id=\"{id}\">")?;
    out.write_all(json)?;
    out.write_all(b"</script>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_element() {
        let hostile = "</script><script>alert(1)</script><!-- \u{2028}";
        let written = String::from_utf8(json(&hostile).unwrap()).unwrap();
        assert!(!written.contains('<'), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
    }

    #[test]
    fn packed_entries_come_back() {
        let text = "The ferry ran aground. ".repeat(40);
        let written = String::from_utf8(packed(&json(&text).unwrap())).unwrap();
        assert!(written.len() < text.len() / 4);
        let bytes = STANDARD.decode(written.trim_matches('"')).unwrap();
        let plain = miniz_oxide::inflate::decompress_to_vec(&bytes).unwrap();
        assert_eq!(serde_json::from_slice::<String>(&plain).unwrap(), text);
    }
}
