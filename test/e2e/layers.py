#!/usr/bin/env python3
"""Images of several layers that upgrade, remove, hard-link and symlink their package database: the packages,
and which layer brought each, are known here; a real engine merges the same layers and has to agree."""
import hashlib
import io
import os
import sys
import tarfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab

OS = ("etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n')
STATUS = "var/lib/dpkg/status"
OLD, NEW = "1:1.2.0", "1:9.9.9"  # of zlib1g: below and above every fix


def status(**packages):
    return "".join(f"Package: {name}\nStatus: install ok installed\nVersion: {version}\nArchitecture: amd64\n"
                   f"Source: {'zlib' if name == 'zlib1g' else name}\nMaintainer: x\n\n" for name, version in packages.items())


def file(path, text):
    return path, tarfile.REGTYPE, text


def hard(path, to):
    return path, tarfile.LNKTYPE, to


def soft(path, to):
    return path, tarfile.SYMTYPE, to


BASE = [file(*OS), file(STATUS, status(zlib1g=OLD, curl="7.0-1", expat="2.0-1"))]

# name: (layers bottom first, {package: (version, layer)}, where the database really lies)
CASES = {
    "upgraded": ([BASE, [file(STATUS, status(zlib1g=NEW, curl="7.0-1", expat="2.0-1"))]],
                 {"zlib1g": (NEW, 1), "curl": ("7.0-1", 0), "expat": ("2.0-1", 0)}, STATUS),
    "downgraded-again": ([BASE, [file(STATUS, status(zlib1g=NEW))], [file(STATUS, status(zlib1g=OLD))]],
                         {"zlib1g": (OLD, 2)}, STATUS),
    "removed": ([BASE, [file(STATUS, status(zlib1g=OLD, expat="2.0-1"))], [file("opt/other", "x")]],
                {"zlib1g": (OLD, 0), "expat": ("2.0-1", 0)}, STATUS),
    "hard-link": ([[file(*OS), file("opt/real", status(zlib1g=OLD)), hard(STATUS, "opt/real")]],
                  {"zlib1g": (OLD, 0)}, STATUS),
    "hard-link-then-other-name-rewritten": (
        [[file(*OS), file("opt/real", status(zlib1g=OLD)), hard(STATUS, "opt/real")], [file("opt/real", status(curl="7.0-1"))]],
        {"zlib1g": (OLD, 0)}, STATUS),
    "symlink-absolute": ([[file(*OS), soft(STATUS, "/opt/db/status"), file("opt/db/status", status(zlib1g=OLD))]],
                         {"zlib1g": (OLD, 0)}, "opt/db/status"),
    "symlink-relative-up": ([[file(*OS), soft(STATUS, "../../../opt/db/status"), file("opt/db/status", status(zlib1g=OLD))]],
                            {"zlib1g": (OLD, 0)}, "opt/db/status"),
    "symlink-beyond-the-root": (
        [[file(*OS), soft(STATUS, "../../../../../../opt/status"), file("opt/status", status(zlib1g=OLD))]],
        {"zlib1g": (OLD, 0)}, "opt/status"),
    "symlinked-directory": ([[file(*OS), soft("var/lib/dpkg", "/usr/lib/sysimage/dpkg"),
                              file("usr/lib/sysimage/dpkg/status", status(zlib1g=OLD))]],
                            {"zlib1g": (OLD, 0)}, "usr/lib/sysimage/dpkg/status"),
    "target-rewritten-above": (
        [[file(*OS), soft("var/lib/dpkg", "/opt/dpkg"), file("opt/dpkg/status", status(zlib1g=OLD, curl="7.0-1"))],
         [file("opt/dpkg/status", status(zlib1g=NEW, curl="7.0-1"))]],
        {"zlib1g": (NEW, 1), "curl": ("7.0-1", 0)}, "opt/dpkg/status"),
    "whiteout-then-new": ([BASE, [file("var/lib/dpkg/.wh.status", "")], [file(STATUS, status(curl="7.0-1"))]],
                          {"curl": ("7.0-1", 2)}, STATUS),
    "opaque-directory": ([BASE, [file("var/lib/dpkg/.wh..wh..opq", ""), file(STATUS, status(expat="2.0-1"))]],
                         {"expat": ("2.0-1", 1)}, STATUS),
    "directory-whited-out": ([BASE, [file("var/lib/.wh.dpkg", "")]], {}, None),
    "twice-in-one-layer": ([[file(*OS), file(STATUS, status(curl="7.0-1")), file(STATUS, status(zlib1g=OLD))]],
                           {"zlib1g": (OLD, 0)}, STATUS),
}


def layer(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, kind, text in members:
            info = tarfile.TarInfo(path)
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text.encode()))
            else:
                info.linkname = text
                archive.addfile(info)
    return out.getvalue()


def image(name, kind, where):
    words, digests = [], []
    for number, members in enumerate(CASES[name][0]):
        path = os.path.join(lab.LAB, f"{name}.{number}.layer")
        data = layer(members)
        digests.append("sha256:" + hashlib.sha256(data).hexdigest())
        with open(path, "wb") as out:
            out.write(data)
        words += ["--layer-tar", path]
    lab.run("python3", lab.MKIMAGE, *kind.split(), *words, "--tag", f"layers:{name}", "--output", where)
    return digests


def database():
    return lab.database("debian.bwdb", ("debian", lab.feed("debian-tracker-bookworm.json.zst")))


def check(name, target, digests, *options, env=None):
    truth = {package: (version, digests[at]) for package, (version, at) in CASES[name][1].items()}
    report = lab.scan(target, database(), *options, env=env)
    lab.equal({p["name"]: (p["version"], p["layer"]) for p in report["packages"]}, truth, f"{name} by {target}")
    for f in report["findings"]:
        lab.equal(f["package"]["layer"], truth[f["package"]["name"]][1], f"{name} by {target}: {f['id']}")
    old = truth.get("zlib1g", (NEW,))[0] == OLD
    lab.equal(any(f["package"]["source"] == "zlib" for f in report["findings"]), old, f"{name} by {target}: findings of zlib")


@lab.test
def archives_and_layouts_know_the_layer_of_every_package():
    os.makedirs(lab.LAB, exist_ok=True)
    for name in CASES:
        for kind, prefix in (("docker-archive", "archive:"), ("docker-oci --layers gzip", "archive:"),
                             ("oci-archive --layers zstd", "oci-archive:")):
            where = os.path.join(lab.LAB, "layers.tar")
            check(name, prefix + where, image(name, kind, where))


def merged_by(host, name, path):
    """The file as the engine merges it, from an export of a container that was only created."""
    box = lab.run("docker", "-H", host, "create", f"layers:{name}", "/none").stdout.strip()
    tar = lab.run("docker", "-H", host, "export", box, text=False).stdout
    lab.run("docker", "-H", host, "rm", box)
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        found = [m for m in archive.getmembers() if m.name == path]
        return archive.extractfile(found[-1]).read().decode() if found else None


@lab.test
def a_real_engine_merges_the_same():
    os.makedirs(lab.LAB, exist_ok=True)
    where = os.path.join(lab.LAB, "layers.tar")
    with lab.engine() as host:
        for name, (_, truth, path) in CASES.items():
            if name == "twice-in-one-layer":
                continue  # this engine loads no such layer
            digests = image(name, "docker-archive", where)
            lab.run("docker", "-H", host, "load", "--input", where)
            text = merged_by(host, name, path or STATUS)
            lab.equal(text, status(**{package: version for package, (version, _) in truth.items()}) if path else None,
                      f"{name}: merged by the engine")
            for options in ((), ("--export",)):
                check(name, f"docker:layers:{name}", digests, *options, env={"DOCKER_HOST": host})


lab.main()
