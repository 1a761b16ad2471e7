"""From an index to a running web desk, and from stories to what it holds."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOKEN = "write-token-of-a-test"
READ = "read-token-of-a-test"


class Desk:
    """A server over an index of its own."""

    def __init__(self, folder, *flags):
        self.program = os.environ.get("DEDUP", ROOT / "target/debug/dedup")
        self.index = folder / "wire.db"
        typed = [self.program, "serve", self.index, "--listen", "127.0.0.1:0", "--rate", "0", "--write-token", TOKEN, *flags]
        self.log = folder / "log"
        self.process = subprocess.Popen(typed, stderr=open(self.log, "w"), stdout=subprocess.DEVNULL)
        self.address = None
        while self.address is None:
            assert self.process.poll() is None, self.log.read_text()
            found = re.search(r"listening on (http://\S+)", self.log.read_text())
            self.address = found and found[1]

    def send(self, path, body, media_type="application/json"):
        headers = {"Content-Type": media_type, "Authorization": f"Bearer {TOKEN}"}
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, body, headers, method="POST")
        try:
            return json.load(urllib.request.urlopen(request))
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def add(self, **story):
        return self.send("/api/v1/stories", story)

    def add_samples(self):
        """All samples, as they came in: by time. Settled, so that no list becomes another while it is looked at."""
        files = [path for path in (ROOT / "samples").rglob("*.txt")]
        found = [(re.search(r"^Date: (.*)$", path.read_text("utf-8"), re.M), path) for path in files]
        for _, path in sorted(found, key=lambda one: (one[0][1] if one[0] else "", one[1])):
            self.send(f"/api/v1/stories?name={path.name}", path.read_bytes(), "application/octet-stream")
        subprocess.run([self.program, "index", "settle", self.index], check=True, capture_output=True)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(20) == 0, self.log.read_text()
