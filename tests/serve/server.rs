//! From flags to a running server, and from bytes sent to it to its reply.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) const WRITE: &str = "write-token-of-a-test";
pub(crate) const READ: &str = "read-token-of-a-test";

/// A server over an index of its own, ended with the test.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) log: Arc<Mutex<String>>,
    pub(crate) folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// How a server that does not start ends: exit code and what it said.
pub(crate) fn refused(flags: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = command(&folder, flags).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn command(folder: &TempDir, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dedup"));
    command.current_dir(folder.path()).args(["serve", "wire.db"]).args(flags);
    command.env("TOKEN_OF_TEST", WRITE).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Reads the log to the line with the address, and the rest of it meanwhile.
fn told(stderr: ChildStderr, log: &Arc<Mutex<String>>) -> String {
    let mut lines = BufReader::new(stderr).lines();
    let address = loop {
        let line = lines.next().expect("the server says where it listens").unwrap();
        log.lock().unwrap().extend([line.as_str(), "\n"]);
        if let Some((_, address)) = line.split_once("listening on http://") {
            break address.to_owned();
        }
    };
    let log = Arc::clone(log);
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            log.lock().unwrap().extend([line.as_str(), "\n"]);
        }
    });
    address
}

impl Server {
    /// A server that takes stories from the holder of [`WRITE`], and lets anybody read.
    pub(crate) fn open() -> Self {
        Self::with(&["--write-token", WRITE, "--rate", "0"])
    }

    pub(crate) fn with(flags: &[&str]) -> Self {
        Self::over(tempfile::tempdir().unwrap(), flags)
    }

    /// A server over the index of `folder`.
    pub(crate) fn over(folder: TempDir, flags: &[&str]) -> Self {
        let mut child = command(&folder, flags).args(["--listen", "127.0.0.1:0"]).spawn().unwrap();
        let log = Arc::default();
        let address = told(child.stderr.take().unwrap(), &log);
        Self { child, address, log, folder }
    }

    /// Sends bytes as they are.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends a request with these header lines.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Reply {
        let mut stream = self.connect();
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            head.extend(["Host: ", self.address.as_str(), "\r\n"]);
        }
        headers.iter().for_each(|header| head.extend([*header, "\r\n"]));
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses may close before it has all.
        let _ = stream.write_all(body);
        Reply::of(stream)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    /// Sends JSON with the write token.
    pub(crate) fn post(&self, path: &str, json: &Value) -> Reply {
        let bearer = format!("Authorization: Bearer {WRITE}");
        self.send("POST", path, &["Content-Type: application/json", &bearer], json.to_string().as_bytes())
    }

    /// Adds stories, which must be taken.
    pub(crate) fn add(&self, stories: &Value) -> Value {
        self.post("/api/v1/stories", &serde_json::json!({ "stories": stories })).ok()
    }

    pub(crate) fn said(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Sends a signal, and gives the exit code.
    #[cfg(unix)]
    pub(crate) fn signal(&mut self, name: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    /// Gives the folder back, with the server gone.
    #[cfg(unix)]
    pub(crate) fn ended(mut self) -> TempDir {
        assert_eq!(self.signal("-TERM"), Some(0), "{}", self.said());
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reply {
    pub(crate) fn of(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        // What is refused may end with a reset after the reply.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_else(|| panic!("no reply: {head}")),
            head: head.to_lowercase(),
            body: body.into(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body of a reply that must be 200.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.json()
    }

    /// The sentence of a problem with this status.
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert!(self.head.contains("content-type: application/problem+json"), "{}", self.head);
        let problem = self.json();
        assert_eq!(problem["status"], status);
        problem["detail"].as_str().unwrap().to_owned()
    }
}
