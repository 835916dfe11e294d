#!/usr/bin/env python3
"""Hostile images: each ends within bounded time and memory, with exit 3 and one clear line, or is read
right; nothing is written anywhere."""
import gzip
import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab

SECONDS, MEMORY_KIB = 120, 600 * 1024
STATUS = b"Package: zlib1g\nStatus: install ok installed\nVersion: 1:1.2.13.dfsg-1\nArchitecture: amd64\nMaintainer: x\n\n"
OS = b'ID=debian\nVERSION_ID="12"\n'


def member(name, data=b"", kind=tarfile.REGTYPE, link="", size=None, mode=0o644):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, mode
    info.size = len(data) if size is None else size
    return info, data


def tar(*members, end=True):
    out = io.BytesIO()
    for info, data in members:
        out.write(info.tobuf(tarfile.GNU_FORMAT))
        out.write(data + b"\0" * (-len(data) % 512))
    return out.getvalue() + (b"\0" * 1024 if end else b"")


def base(*more):
    return tar(member("etc/os-release", OS), member("var/lib/dpkg/status", STATUS), *more)


def archive(name, *layers, diff_ids=None):
    """A docker-archive of these layer files; diff_ids of what each inflates to, unless given."""
    def diff_id(layer):  # by pieces: a child's peak memory starts at what its parent holds when it forks
        plain = gzip.open(io.BytesIO(layer)) if layer[:2] == b"\x1f\x8b" else io.BytesIO(layer)
        digest = hashlib.sha256()
        while piece := plain.read(1 << 20):
            digest.update(piece)
        return "sha256:" + digest.hexdigest()
    digests = diff_ids or [diff_id(x) for x in layers]
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": digests}}).encode()
    identity = hashlib.sha256(config).hexdigest()
    manifest = json.dumps([{"Config": f"{identity}.json", "RepoTags": ["hostile:1"],
                            "Layers": [f"{i}/layer.tar" for i in range(len(layers))]}]).encode()
    path = os.path.join(lab.LAB, name)
    os.makedirs(lab.LAB, exist_ok=True)
    with open(path, "wb") as out:
        out.write(tar(member(f"{identity}.json", config), *[member(f"{i}/layer.tar", x) for i, x in enumerate(layers)],
                      member("manifest.json", manifest)))
    return path


def database():
    return lab.database("debian.bwdb", ("debian", lab.feed("debian-tracker-bookworm.json.zst")))


def scan(path, *options):
    """(exit, stdout, stderr), within the bounds."""
    start = time.monotonic()
    done = subprocess.run([lab.BULWARK, "scan", "--db", database(), "--format", "json", *options, "archive:" + path],
                          capture_output=True, text=True, timeout=SECONDS, check=False, cwd="/",
                          env={**os.environ, "NO_COLOR": "1"})
    lab.true(time.monotonic() - start < SECONDS, "too slow")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    lab.true(peak < MEMORY_KIB, f"{peak} KiB of memory")
    lab.true(done.returncode in (0, 1, 3), f"exit {done.returncode}: {done.stderr[-500:]}")
    if done.returncode == 3:
        lines = done.stderr.strip().splitlines()
        lab.true(len(lines) == 1 and len(lines[0]) > 20, f"not one clear line: {done.stderr[-500:]!r}")
        lab.equal(done.stdout, "", "stdout of a failed scan")
    return done.returncode, done.stdout, done.stderr


def refused(path, *words):
    code, _, error = scan(path)
    lab.equal(code, 3, error)
    for word in words:
        lab.true(word in error, f"{word!r} is not said: {error}")


def packages(path):
    code, out, error = scan(path)
    lab.true(code in (0, 1), error)
    return [p["name"] for p in json.loads(out)["packages"]]


@lab.test
def a_bomb_by_ratio_is_stopped():
    zeros = io.BytesIO()
    with gzip.GzipFile(fileobj=zeros, mode="wb", compresslevel=9, mtime=0) as packed:
        packed.write(member("zeros", size=40 << 30)[0].tobuf(tarfile.GNU_FORMAT))
        block = b"\0" * (64 << 20)
        for _ in range(64):
            packed.write(block)
    path = archive("bomb.tar", zeros.getvalue(), diff_ids=["sha256:" + "0" * 64])
    refused(path)
    os.unlink(path)


@lab.test
def names_that_climb_out_stay_inside():
    climbing = base(member("../../../../etc/os-release", b"ID=evil\n"), member("/abs/x", b"y"),
                    member("a/../../../b", b"z"))
    lab.equal(packages(archive("climb.tar", climbing)), ["zlib1g"])
    lab.true(not os.path.exists("/abs/x") and not os.path.exists("/b"), "something was written")


@lab.test
def links_in_circles_and_out_of_the_image_end():
    circles = tar(member("etc/os-release", OS), member("var/lib/dpkg", kind=tarfile.SYMTYPE, link="../../var/lib/dpkg"),
                  member("a", kind=tarfile.SYMTYPE, link="b"), member("b", kind=tarfile.SYMTYPE, link="a"),
                  member("h", kind=tarfile.LNKTYPE, link="h"))
    lab.equal(packages(archive("circles.tar", circles)), [])
    outside = tar(member("etc/os-release", OS), member("var/lib/dpkg/status", kind=tarfile.SYMTYPE,
                                                       link="../../../../../../var/lib/dpkg/status"))
    lab.equal(packages(archive("outside.tar", outside)), [])


@lab.test
def a_size_that_lies_is_refused():
    lying = tar(member("etc/os-release", OS), member("var/lib/dpkg/status", STATUS, size=1 << 40), end=False)
    refused(archive("lying.tar", lying), "layer")


@lab.test
def a_digest_that_differs_names_both():
    layer, wrong = base(), "sha256:" + "ab" * 32
    refused(archive("digest.tar", layer, diff_ids=[wrong]), "ab" * 32, hashlib.sha256(layer).hexdigest())


@lab.test
def cut_at_every_four_kibibytes_it_is_an_error():
    layer = gzip.compress(base(member("filler", os.urandom(150000))), mtime=0)
    path = archive("whole.tar", layer)
    with open(path, "rb") as whole:
        data = whole.read()
    lab.equal(packages(path), ["zlib1g"])
    for at in range(0, len(data) - 10240, 4096):
        cut = os.path.join(lab.LAB, "cut.tar")
        with open(cut, "wb") as out:
            out.write(data[:at])
        refused(cut)


@lab.test
def a_million_entries_are_read_within_bounds():
    def make(path):
        with gzip.open(path, "wb", compresslevel=1) as out:
            out.write(base()[:-1024])
            for n in range(1000000):
                out.write(member(f"d{n % 1000}/f{n}")[0].tobuf(tarfile.GNU_FORMAT))
            out.write(b"\0" * 1024)
    with open(lab.made("million.layer", make), "rb") as layer:
        path = archive("million.tar", layer.read())
    lab.equal(packages(path), ["zlib1g"])
    os.unlink(path)


@lab.test
def a_sparse_file_of_ten_gigabytes_costs_nothing():
    root = os.path.join(lab.LAB, "sparse.rootfs")
    os.makedirs(os.path.join(root, "etc"), exist_ok=True)
    os.makedirs(os.path.join(root, "var/lib/dpkg"), exist_ok=True)
    with open(os.path.join(root, "etc/os-release"), "wb") as out:
        out.write(OS)
    with open(os.path.join(root, "var/lib/dpkg/status"), "wb") as out:
        out.write(STATUS)
    with open(os.path.join(root, "huge"), "wb") as out:
        out.truncate(10 << 30)
    os.chmod(os.path.join(root, "huge"), 0o755)
    for version in ("0.0", "0.1", "1.0"):
        packed = os.path.join(lab.LAB, "sparse.layer")
        lab.run("tar", "-C", root, "--sort=name", "--format=posix", "--sparse", f"--sparse-version={version}", "-cf", packed, ".")
        with open(packed, "rb") as layer:
            lab.equal(packages(archive("sparse.tar", layer.read())), ["zlib1g"], version)
    os.truncate(os.path.join(root, "huge"), 0)


@lab.test
def manifests_that_are_none_are_refused():
    for name, text in (("none", b"[]"), ("deep", b"[" * 100000), ("text", b"\xff\xfe"), ("wrong", b'{"a":1}')):
        path = os.path.join(lab.LAB, f"manifest-{name}.tar")
        with open(path, "wb") as out:
            out.write(tar(member("manifest.json", text)))
        refused(path, "manifest")


@lab.test
def escape_sequences_do_not_reach_the_terminal():
    evil = STATUS.replace(b"zlib1g", b"zlib1g\x1b[2J\x07")
    path = archive("escape.tar", tar(member("etc/os-release", OS), member("var/lib/dpkg/status", evil)))
    done = lab.run(lab.BULWARK, "scan", "--db", database(), "archive:" + path, code=None)
    lab.true("\x1b" not in done.stdout + done.stderr and "\x07" not in done.stdout + done.stderr, "an escape came through")


lab.main()
