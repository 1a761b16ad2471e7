//! From the `OpenAPI` document to requests drawn from it by a seed, sensible and not: every one gets an
//! answer that the document names, soon, and none a fault of the server.

use super::server::{Server, WRITE};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Requests in all; `FUZZ_CASES` asks for another number.
const CASES: usize = 2_000;
/// Longest time of an answer, with room for a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// What has broken such programs before, beside what is there.
const ODD: [&str; 56] = [
    "",
    " ",
    "0",
    "-0",
    "1",
    "2",
    "50",
    "200",
    "201",
    "-1",
    "4294967295",
    "4294967296",
    "18446744073709551616",
    "1e309",
    "NaN",
    "0x10",
    "1.5",
    "１２",
    "true",
    "null",
    "[]",
    "{}",
    "\u{0}",
    "\u{7f}\u{1b}[31m",
    "\u{202e}txt.exe",
    "\u{feff}",
    "\u{d7ff}\u{e000}",
    "🚢👩‍👩‍👧‍👦",
    "地铁",
    "ഭൂമി",
    "مدرجات",
    "é\u{301}\u{301}\u{301}",
    "'",
    "\"",
    "\"open",
    "\" \"",
    "*",
    "a* OR b",
    "NEAR(a b)",
    "NOT",
    "text:x",
    "%",
    "%00",
    "..",
    "../../etc/passwd",
    "a\r\nX-Y: z",
    "2024-03-02T08:15:00Z",
    "2024-02-30T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "-009999-01-01T00:00:00Z",
    "2024-03-02",
    "1970-01-01T00:00:00+99:99",
    "AAP",
    "aap-1",
    "ferry",
    "\"ferry Kestrel\" ashore",
];

/// Names that parameters and fields have somewhere, and some that none has.
const NAMES: [&str; 30] = [
    "q",
    "sort",
    "since",
    "until",
    "least",
    "source",
    "language",
    "agency",
    "relation",
    "flag",
    "limit",
    "before",
    "stands",
    "format",
    "news",
    "after",
    "id",
    "ids",
    "body",
    "headline",
    "time",
    "stories",
    "evidence",
    "page",
    "a",
    "b",
    "name",
    "limit[]",
    "__proto__",
    "frobnicate",
];

const MEDIA: [&str; 6] = [
    "application/json",
    "application/json",
    "text/plain",
    "application/octet-stream",
    "image/png",
    "a/b;c=\"d",
];

/// Numbers by a seed (splitmix64).
struct Draw(u64);

impl Draw {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn text(&mut self) -> String {
        match self.below(12) {
            0 => self.of(&ODD).repeat(1 + self.below(2_000)),
            1 => {
                (0..self.below(40)).filter_map(|_| char::from_u32(self.number() as u32 % 0x11_0000)).collect()
            }
            2 => format!("{} {}", self.of(&ODD), self.of(&ODD)),
            _ => self.of(&ODD).to_owned(),
        }
    }

    /// A value that the schema of a parameter asks for, or any.
    fn fitting(&mut self, schema: &Value, document: &Value) -> String {
        let schema = schema["$ref"].as_str().map_or(schema, |path| {
            document.pointer(path.trim_start_matches('#')).expect("a reference leads somewhere")
        });
        let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
        if let Some(path) = schema["$ref"].as_str() {
            return self.fitting(&json!({ "$ref": path }), document);
        }
        match (schema["enum"].as_array(), schema["type"].as_str()) {
            _ if self.one_in(2) => self.text(),
            (Some(values), _) => values[self.below(values.len())].as_str().unwrap_or_default().to_owned(),
            (None, Some("integer")) => (self.number() >> self.below(64)).to_string(),
            (None, Some("boolean")) => self.one_in(2).to_string(),
            _ => self.text(),
        }
    }

    fn json(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 10 }) {
            0 => Value::Null,
            1 => self.one_in(2).into(),
            2 => self.number().into(),
            3 => json!(-1.5e300),
            4 | 5 => self.text().into(),
            6 | 7 => (0..self.below(4)).map(|_| self.json(depth - 1)).collect(),
            _ => {
                let fields = (0..self.below(5)).map(|_| (self.of(&NAMES).to_owned(), self.json(depth - 1)));
                fields.collect::<Map<_, _>>().into()
            }
        }
    }

    fn story(&mut self) -> Value {
        let mut story = json!({"id": self.text(), "headline": self.text(), "body": self.text()});
        for name in ["time", "source", "language", "url", "frobnicate"] {
            if self.one_in(4) {
                story[name] = if self.one_in(3) { self.json(2) } else { self.text().into() };
            }
        }
        story
    }

    fn body(&mut self) -> Vec<u8> {
        match self.below(8) {
            0 => self.text().into_bytes(),
            1 => (0..self.below(200)).map(|_| self.number() as u8).collect(),
            2 => "[".repeat(self.below(5_000)).into_bytes(),
            3 => {
                json!({"ids": [self.text(), "aap-1"], "a": self.story(), "b": self.text()}).to_string().into()
            }
            4 => json!({"stories": [self.story(), self.story()]}).to_string().into(),
            5 => self.json(4).to_string().into(),
            _ => self.story().to_string().into(),
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

/// A request as it is sent.
struct Request {
    method: String,
    path: String,
    headers: String,
    body: Vec<u8>,
}

impl Request {
    fn drawn(draw: &mut Draw, (path, method): (&str, &str), operation: &Value, document: &Value) -> Self {
        let (mut path, mut query) = (path.to_owned(), Vec::new());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().expect("a parameter has a name");
            if parameter["in"] == "path" {
                let value = draw.fitting(&parameter["schema"], document);
                let value = if draw.one_in(20) { "%zz".to_owned() } else { encoded(&value) };
                // Without one it would be another address; with more it is refused before anything reads it.
                let value = if value.is_empty() { "x" } else { &value };
                let value = &value[..value.len().min(15_000)];
                path = path.replace(&format!("{{{name}}}"), value);
            } else if parameter["in"] == "query" {
                for _ in 0..[0, 0, 0, 1, 1, 1, 2, 60][draw.below(8)] {
                    query.push(format!("{name}={}", encoded(&draw.fitting(&parameter["schema"], document))));
                }
            }
        }
        if draw.one_in(8) {
            query.push(format!("{}={}", draw.of(&NAMES), encoded(&draw.text())));
        }
        if draw.one_in(40) {
            query.push(draw.of(&["%ff=%ff", "q=%", "&&=&", "?", "q=%F0%9F"]).to_owned());
        }
        // Longer addresses are refused before anything reads them.
        query.truncate(200);
        while query.iter().map(String::len).sum::<usize>() > 50_000 {
            query.pop();
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let token = if draw.one_in(30) { draw.of(&["", "Basic x", "Bearer wrong"]) } else { "Bearer " };
        let token = if token == "Bearer " { format!("Bearer {WRITE}") } else { token.to_owned() };
        let mut headers = format!("Authorization: {token}\r\n");
        let has_body = !operation["requestBody"].is_null();
        if has_body && !draw.one_in(30) {
            let _ = write!(headers, "Content-Type: {}\r\n", draw.of(&MEDIA));
        }
        let body = if has_body { draw.body() } else { Vec::new() };
        Self { method: method.to_uppercase(), path, headers, body }
    }

    fn bytes(&self, address: &str) -> Vec<u8> {
        let Self { method, path, headers, body } = self;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\n{headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    }
}

/// One connection, opened anew where the server closed it.
struct Line<'a> {
    server: &'a Server,
    stream: Option<BufReader<TcpStream>>,
}

impl Line<'_> {
    /// The status of the answer.
    fn status(&mut self, request: &Request) -> u16 {
        let sent = request.bytes(&self.server.address);
        for _ in 0..2 {
            let mut stream = self.stream.take().unwrap_or_else(|| BufReader::new(self.server.connect()));
            if let Some((status, is_open)) =
                stream.get_mut().write_all(&sent).ok().and_then(|()| answer(&mut stream))
            {
                self.stream = is_open.then_some(stream);
                return status;
            }
        }
        panic!("no answer to {} {}; {}", request.method, request.path, self.server.said());
    }
}

/// The status of an answer that is read to its end, and whether another request may follow.
fn answer(stream: &mut BufReader<TcpStream>) -> Option<(u16, bool)> {
    let (mut head, mut line) = (Vec::new(), String::new());
    while stream.read_line(&mut line).ok()? > 2 {
        head.push(std::mem::take(&mut line).to_lowercase());
    }
    let status = head.first()?.split(' ').nth(1)?.parse().ok()?;
    let length =
        head.iter().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<u64>().ok());
    let is_open = length.is_some() && !head.iter().any(|line| line.starts_with("connection: close"));
    // What never ends is not waited for.
    let read = stream.take(length.unwrap_or_default());
    let is_whole =
        std::io::copy(&mut { read }, &mut std::io::sink()).ok() == Some(length.unwrap_or_default());
    Some((status, is_open && is_whole))
}

#[test]
fn any_request_gets_an_answer_that_the_document_names() {
    let server = super::api::filled();
    let document = server.get("/openapi.json").ok();
    let calls: Vec<(&str, &str, &Value)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, calls)| {
            calls.as_object().unwrap().iter().map(|(method, call)| (&**path, &**method, call))
        })
        .collect();
    let cases = std::env::var("FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let (mut draw, mut line) = (Draw(20_261_127), Line { server: &server, stream: None });
    for case in 0..cases {
        let (path, method, call) = calls[case % calls.len()];
        let request = Request::drawn(&mut draw, (path, method), call, &document);
        let began = Instant::now();
        let status = line.status(&request);
        let shown = || {
            let body = String::from_utf8_lossy(&request.body[..request.body.len().min(2_000)]).into_owned();
            let path = &request.path[..request.path.len().min(2_000)];
            format!("case {case}: {method} {path} {}{body}", request.headers)
        };
        assert!(began.elapsed() < SOON, "{:?} for {}", began.elapsed(), shown());
        assert!(status < 500, "{status} for {}; {}", shown(), server.said());
        assert!(
            call["responses"].get(status.to_string()).is_some(),
            "{status} is not described: {}",
            shown()
        );
    }
    assert_eq!(server.get("/health").status, 200);
    assert!(!server.said().contains("panicked"), "{}", server.said());
}
