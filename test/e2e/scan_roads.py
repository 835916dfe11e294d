#!/usr/bin/env python3
"""A real Debian image, by every road, has exactly the findings that dpkg itself derives."""
import contextlib
import http.server
import json
import os
import socketserver
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab


def tracker():
    def make(path):
        with open(path, "wb") as out:
            subprocess.run(["zstd", "-dcq", lab.feed("debian-tracker-bookworm.json.zst")], stdout=out, check=True)
    return lab.made("debian-tracker.json", make)


def debian_database():
    return lab.database("debian.bwdb", ("debian", lab.feed("debian-tracker-bookworm.json.zst")))


def expected():
    """(CVE, binary package, version, fixed version), by the oracle's script and dpkg."""
    def make(path):
        done = lab.run("python3", lab.oracle("scan", "expect-debian.py"), lab.debian_tar(), tracker())
        with open(path, "w", encoding="utf-8") as out:
            out.write(done.stdout)
    rows = set()
    with open(lab.made("debian.expected", make), encoding="utf-8") as lines:
        for line in lines:
            cve, _, _, name, version, fixed = line.rstrip("\n").split("\t")
            rows.add((cve, name, version, fixed))
    return rows


def packed(kind):
    """The image as one file or layout, made by the tests' own image maker."""
    def make(path):
        lab.run("python3", lab.MKIMAGE, *kind.split(), "--layer-tar", lab.debian_tar(), "--output", path)
    return lab.made("debian." + kind.replace(" ", "-").replace("--", ""), make)


def same_by(target, *options, env=None):
    lab.equal(lab.findings(lab.scan(target, debian_database(), *options, env=env)), expected(), target)


@lab.test
def dpkg_and_bulwark_agree_on_a_root_file_system():
    lab.true(len(expected()) > 100, "the oracle found too little to compare")
    same_by("rootfs:" + lab.unpacked(lab.debian_tar(), "debian.rootfs"))


@lab.test
def docker_archive_plain():
    same_by("archive:" + packed("docker-archive"))


@lab.test
def docker_archive_gzip():
    same_by("archive:" + packed("docker-archive --compress gzip"))


@lab.test
def docker_archive_zstd():
    same_by("archive:" + packed("docker-archive --compress zstd"))


@lab.test
def oci_layout_gzip_and_zstd_layers():
    same_by("oci:" + packed("oci-layout --layers gzip"))
    same_by("oci:" + packed("oci-layout --layers zstd"))


@lab.test
def oci_archive():
    same_by("oci-archive:" + packed("oci-archive --layers gzip"))


@lab.test
def a_bare_word_finds_the_same():
    same_by(lab.unpacked(lab.debian_tar(), "debian.rootfs"))
    same_by(packed("docker-archive"))


@lab.test
def docker_engine_in_place_and_by_export():
    with lab.engine() as host:
        lab.run("docker", "-H", host, "import", lab.debian_tar(), "old:latest")
        env = {"DOCKER_HOST": host}
        report = lab.run(lab.BULWARK, "scan", "--verbose", "--db", debian_database(), "docker:old:latest", env=env)
        lab.true("in place" in report.stderr, "the road is not told: " + report.stderr[-500:])
        same_by("docker:old:latest", env=env)
        same_by("docker:old:latest", "--export", env=env)
        saved = os.path.join(lab.LAB, "debian.saved.tar")
        lab.run("docker", "-H", host, "save", "-o", saved, "old:latest")
        same_by("archive:" + saved)
        os.unlink(saved)


@lab.test
def the_engine_is_found_as_docker_finds_it():
    """By contexts that docker itself has made."""
    with lab.engine() as host, tempfile.TemporaryDirectory() as config:
        lab.run("docker", "-H", host, "import", lab.debian_tar(), "old:latest")
        env = {"DOCKER_CONFIG": config}
        for name, place in (("mine", host), ("gone", "unix:///nonexistent.sock"), ("far", "ssh://me@192.0.2.1")):
            lab.run("docker", "context", "create", name, "--docker", f"host={place}", env=env)
        same_by("docker:old:latest", env={**env, "DOCKER_CONTEXT": "mine"})
        lab.run("docker", "context", "use", "mine", env=env)
        same_by("docker:old:latest", env=env)
        same_by("old:latest", env=env)
        same_by("docker:old:latest", env={**env, "DOCKER_CONTEXT": "gone", "DOCKER_HOST": host})

        def refused(words, **more):
            done = lab.run(lab.BULWARK, "scan", "--db", debian_database(), "docker:old:latest", env={**env, **more}, code=None)
            lab.true(done.returncode in (2, 3) and words in done.stderr and not done.stdout, f"{words}: {done.stderr}")

        refused("/nonexistent.sock", DOCKER_CONTEXT="gone")
        refused("save the image there", DOCKER_CONTEXT="far")
        refused(f"there is no {config}/contexts/meta/", DOCKER_CONTEXT="never-made")
        lab.run("docker", "context", "use", "far", env=env)
        refused("context 'far'")
        with open(os.path.join(config, "config.json"), "w", encoding="utf-8") as out:
            out.write('{"currentContext": "mine"')
        refused(f"{config}/config.json")


@lab.test
def podman_engine_by_export():
    with lab.podman() as (podman, host):
        lab.run(*podman, "import", lab.debian_tar(), "old:1")
        same_by("podman:old:1", env={"CONTAINER_HOST": host})


@lab.test
def the_same_image_and_database_give_the_same_bytes():
    target = "archive:" + packed("docker-archive --compress gzip")
    words = (lab.BULWARK, "scan", "--db", debian_database(), "--format", "json", target)
    lab.equal(lab.run(*words).stdout, lab.run(*words).stdout)


# ---- an engine that fails ----

@contextlib.contextmanager
def failing_engine(export):
    """An engine that knows an image, and whose export of it is `export`: (status, bytes that it promises, bytes that it sends)."""
    image = {"Id": "sha256:" + "1" * 64, "Os": "linux", "Architecture": "amd64", "RootFS": {"Layers": ["sha256:" + "2" * 64]},
             "GraphDriver": {"Name": "vfs", "Data": None}}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, promised, body = export if self.path.endswith("/get") else (200, None, json.dumps(
                [] if self.path.endswith("/history") else image).encode())
            self.send_response(status)
            self.send_header("Content-Length", str(promised or len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def address_string(self):
            return "engine"

        def log_message(self, *_):
            pass

    with tempfile.TemporaryDirectory(prefix="bulwark-engine-") as home:
        server = socketserver.ThreadingUnixStreamServer(f"{home}/docker.sock", Handler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"unix://{home}/docker.sock"
        finally:
            server.shutdown()
            server.server_close()


@lab.test
def an_export_that_fails_is_an_error_and_not_waited_for():
    for export, why in (((404, None, b"{}"), "removed while it was read"), ((500, None, b""), "answers 500"), ((200, None, b""), ""),
                        ((200, 100000, b"\0" * 700), "")):
        with failing_engine(export) as host:
            done = lab.run(lab.BULWARK, "scan", "--db", debian_database(), "docker:gone:1", code=3, timeout=60,
                           env={"DOCKER_HOST": host})
            lab.true(why in done.stderr and done.stderr.count("\n") == 1, f"{export}: {done.stderr}")


lab.main()
