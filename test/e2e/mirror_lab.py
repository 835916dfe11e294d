"""mirror_lab - feeds small enough to read, and a mirror that serves them as badly as a test wants."""
import contextlib
import email.utils
import hashlib
import http.server
import json
import os
import shutil
import tempfile
import threading
import time

import lab


def debian(rows, trixie=0):
    """Debian's tracker: `rows` CVEs of a few packages of bookworm, each fixed in a version of its own, and some of trixie."""
    packages = {}
    for n in range(rows):
        fixed = f"1.{n * 7919 % 100003}-1"
        packages.setdefault(f"sample{n // 500}", {})[f"CVE-2024-{n:05}"] = {"scope": "remote", "releases": {
            "bookworm": {"status": "resolved", "repositories": {"bookworm": fixed}, "fixed_version": fixed,
                         "urgency": "low"}}}
        if n < trixie:
            releases = packages[f"sample{n // 500}"][f"CVE-2024-{n:05}"]["releases"]
            releases["trixie"] = releases["bookworm"]
    return json.dumps(packages).encode()


def kev(rows):
    """CISA's catalogue with `rows` entries."""
    return json.dumps({"title": "catalogue", "catalogVersion": "2024.01.01", "count": rows,
                       "dateReleased": "2024-01-01T00:00:00.0000Z",
                       "vulnerabilities": [{"cveID": f"CVE-2024-{n:05}", "vendorProject": "v", "product": "p",
                                            "vulnerabilityName": "n", "dateAdded": "2024-01-01",
                                            "shortDescription": "d", "requiredAction": "a", "dueDate": "2024-02-01",
                                            "knownRansomwareCampaignUse": "Unknown", "notes": ""}
                                           for n in range(rows)]}).encode()


class Mirror(http.server.ThreadingHTTPServer):
    """Serves self.files: path to bytes. self.moods: path to a list of functions, one a request."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.moods, self.asked = {}, {}, []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        pass  # a client that hangs up is part of the tests


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        path = self.path.lstrip("/")
        self.server.asked.append((path, dict(self.headers)))
        moods = self.server.moods.get(path)
        if moods:
            return moods.pop(0)(self, path)
        return self.plainly(path)

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return body

    def plainly(self, path, send=None):
        """As a good server does: ETag, 304, Range with If-Range."""
        body = self.server.files.get(path)
        if body is None:
            return self.answer(404)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        about = {"ETag": tag, "Last_Modified": email.utils.formatdate(1700000000, usegmt=True)}
        if self.headers.get("If-None-Match") == tag:
            return self.answer(304, **about)
        status, wanted = 200, self.headers.get("Range")
        if wanted and self.headers.get("If-Range") == tag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                return self.answer(416)
            about["Content_Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[start:]
        self.answer(status, body, **about)
        return (send or self.wfile.write)(body)


# ---- moods: what a server does instead of answering plainly ----

def busy(handler, _path):
    handler.answer(503, Retry_After="1")


def cut(handler, path):
    """Announces the whole, sends two thirds, hangs up."""
    handler.plainly(path, lambda body: handler.wfile.write(body[:len(body) * 2 // 3]))
    handler.close_connection = True


def slow(handler, path):
    """The body in ten pieces over a second."""
    def send(body):
        step = len(body) // 10 + 1
        for at in range(0, len(body), step):
            handler.wfile.write(body[at:at + step])
            time.sleep(0.1)
    handler.plainly(path, send)


@contextlib.contextmanager
def mirror():
    server = Mirror()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def paths():
    """{feed file's base path: mirror path} of the two feeds used here."""
    lines = lab.run(lab.BULWARK, "db", "mirror-list").stdout.splitlines()
    files = [line.split("\t")[1] for line in lines]
    return {name: next(f for f in files if f.startswith(name + "/")) for name in ("debian", "kev")}


class Home:
    """A cache of its own, and the program run over it."""

    def __init__(self, folder):
        self.folder = folder
        self.env = {"BULWARK_CACHE_DIR": folder, "BULWARK_MIRROR": "",
                    "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
        self.database = os.path.join(folder, "advisories.bwdb")

    def db(self, *words, code=0):
        return lab.run(lab.BULWARK, "db", *words, code=code, env=self.env)

    def words(self, server, *words):
        """What update is told to do: two feeds, from that server."""
        return ("update", "--mirror", server.url, "--feed", "debian,kev", *words)

    def update(self, server, *words, code=0):
        return self.db(*self.words(server, *words), code=code)

    def rows(self):
        """{feed: rows} of the database, which has to be sound."""
        self.db("verify")
        found = json.loads(self.db("info", "--format", "json").stdout)
        return {f["name"]: f["rows"] for f in found["feeds"]}


@contextlib.contextmanager
def home():
    folder = tempfile.mkdtemp(prefix="bulwark-db-")
    try:
        yield Home(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def setup(debian_rows=100, kev_rows=10):
    """A home, a mirror with both feeds, and their paths on it."""
    at = paths()
    with home() as place, mirror() as server:
        server.files[at["debian"]] = debian(debian_rows)
        server.files[at["kev"]] = kev(kev_rows)
        yield place, server, at
