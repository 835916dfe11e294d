#!/usr/bin/env python3
"""scan.py - a scan of a 500 MB image beside the floor, and beside peers that are on PATH.

usage: scan.py BULWARK FLOOR [RUNS]

Runs alternate; each number is a median. The floor only inflates, hashes and hops headers (floor.c).
BENCH_IMAGE names a root file system as a tar; without it a Debian is made with mmdebstrap.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "e2e"))
import lab

KINDS = (("plain", "docker-archive", "archive:"), ("gzip", "oci-archive --layers gzip", "oci-archive:"),
         ("zstd", "oci-archive --layers zstd", "oci-archive:"))


def run(words):
    """Wall seconds, and peak memory in MB of the largest process."""
    start = time.monotonic()
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit {child.returncode}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def alternate(commands, runs):
    """{name: (median seconds, peak MB)}; the first round warms the page cache and does not count."""
    seen = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, words in commands.items():
            seen[name].append(run(words))
    return {name: (statistics.median(s for s, _ in rows[1:]), max(m for _, m in rows[1:])) for name, rows in seen.items()}


def packed(kind):
    def make(path):
        lab.run("python3", lab.MKIMAGE, *kind.split(), "--layer-tar", lab.debian_tar(), "--output", path)
    return lab.made("debian." + kind.replace(" --", "-").replace(" ", "-"), make)


def peers(image, home):
    found = {}
    if shutil.which("trivy"):
        found["trivy"] = ["trivy", "image", "--quiet", "--cache-dir", home, "--skip-db-update", "--skip-java-db-update",
                          "--offline-scan", "--format", "cyclonedx", "--input", image]  # packages only
    if shutil.which("syft"):
        found["syft"] = ["syft", "scan", "--quiet", "docker-archive:" + image, "--output", "json"]
    return found


def beside_peers(image, name, scan):
    """Cold: without the peer's cache; again: an image that it knows. Bulwark keeps no cache."""
    with tempfile.TemporaryDirectory() as home:
        for peer, words in peers(image, home).items():
            run(words)  # warms the page cache
            shutil.rmtree(home)
            os.mkdir(home)
            cold, peak = run(words)
            again, _ = run(words)
            ours = statistics.median(run([*scan, "archive:" + image])[0] for _ in range(3))
            print(f"{peer}, docker save {name}: {cold:.2f} s cold, {again:.2f} s again, {peak:.0f} MB; bulwark {ours:.2f} s: "
                  f"{cold / ours:.1f}x, {again / ours:.1f}x")


def five_hundred(root):
    """A root of nothing but 500 packages."""
    def make(path):
        for name in ("etc/os-release", "var/lib/dpkg/status"):
            os.makedirs(os.path.dirname(os.path.join(path, name)))
            with open(os.path.join(root, name), encoding="utf-8") as source:
                text = "\n\n".join(source.read().split("\n\n")[:500])
            with open(os.path.join(path, name), "w", encoding="utf-8") as out:
                out.write(text + "\n")
    return lab.made("five-hundred.rootfs", make)


def main():
    bulwark, floor = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    database = lab.database("debian.bwdb", ("debian", lab.feed("debian-tracker-bookworm.json.zst")))
    scan = [bulwark, "scan", "--quiet", "--db", database]
    print(f"{'layers':8} {'floor':>8} {'bulwark':>8} {'ratio':>7} {'peak':>8}   aim: 1.15, 64 MB")
    for name, kind, prefix in KINDS:
        image = packed(kind)
        digests = ["--digests"] if name != "plain" else []
        seen = alternate({"floor": [floor, image, *digests], "bulwark": [*scan, prefix + image]}, runs)
        (base, _), (took, peak) = seen["floor"], seen["bulwark"]
        print(f"{name:8} {base:7.3f}s {took:7.3f}s {took / base:6.2f}x {peak:5.0f} MB")
    for name in ("plain", "gzip"):
        beside_peers(packed("docker-archive" + ("" if name == "plain" else " --compress gzip")), name, scan)
    root = lab.unpacked(lab.debian_tar(), "debian.rootfs")
    small = five_hundred(root)
    took = alternate({"small": [*scan, "rootfs:" + small]}, 20)["small"]
    print(f"a whole process over 500 packages: {took[0] * 1e3:.1f} ms")
    took = alternate({"rootfs": [*scan, "rootfs:" + root]}, runs)["rootfs"]
    print(f"the same image as a folder, as of an engine in place: {took[0]:.3f} s, {took[1]:.0f} MB")


main()
