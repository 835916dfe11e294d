#!/usr/bin/env python3
"""Alpine-, AlmaLinux- and distroless-shaped root file systems over real feeds, against truth made here."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab


def write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def from_archive(archive, member):
    done = subprocess.run(["tar", "--zstd", "-xOf", lab.feed(archive), member], capture_output=True, check=True)
    return done.stdout.decode()


# ---- Alpine ----

def secfixes(text):
    """{package: {version: [ids]}} of a secdb YAML file of 2020, by its indentation."""
    rows, name, version = {}, None, None
    for line in text.splitlines():
        if re.match(r"      name: ", line):
            name = line.split(": ", 1)[1].strip()
            rows[name] = {}
        elif re.match(r"        \S.*:$", line):
            version = line.strip().rstrip(":").strip("'\"")
            rows[name][version] = []
        elif re.match(r"\s+- [A-Z]", line) and name is not None:
            rows[name][version].append(line.split("- ", 1)[1].strip())
    return rows


def alpine():
    """A root, and its findings: packages with one fixed version are at it, or long before it."""
    rows, truth, installed = secfixes(from_archive("alpine-secdb-2020.tar.zst", "./v3.11/main.yaml")), set(), []
    for number, (name, fixes) in enumerate(sorted(rows.items())):
        if len(fixes) != 1:
            continue
        (fixed, ids), = fixes.items()
        plain = all(re.fullmatch(r"CVE-\d+-\d+", i) for i in ids)
        version = fixed if number % 2 or fixed == "0" or not plain else "0.0.1-r0"
        installed.append(f"P:{name}-libs\nV:{version}\nA:x86_64\no:{name}\n\n")
        if version != fixed:
            truth |= {(i, f"{name}-libs", version, fixed) for i in ids}

    def make(root):
        write(root, "etc/os-release", 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.11.6\nPRETTY_NAME="Alpine Linux v3.11"\n')
        write(root, "lib/apk/db/installed", "".join(installed))
    return lab.made("alpine.rootfs", make), truth


@lab.test
def alpine_3_11_over_the_secdb_of_2020():
    root, truth = alpine()
    lab.true(len(truth) > 50, "too little to compare")
    report = lab.scan("rootfs:" + root, lab.database("alpine.bwdb", ("alpine", lab.feed("alpine-secdb-2020.tar.zst"))))
    lab.equal(lab.findings(report), truth)


# ---- AlmaLinux ----

PACKAGES = [("openssl-libs", 1, "3.0.1", "20.el9_0"), ("zlib", 0, "1.2.11", "31.el9"), ("curl", 0, "7.76.1", "40.el9"),
            ("glibc", 0, "2.34", "28.el9"), ("expat", 0, "2.2.10", "12.el9_0.3"), ("sudo", 0, "1.9.5p2", "7.el9"),
            ("bind-libs", 32, "9.16.23", "1.el9"), ("libxml2", 0, "2.9.13", "1.el9"), ("vim-minimal", 2, "8.2.2637", "16.el9")]
SPEC = """Name: {0}
Epoch: {1}
Version: {2}
Release: {3}
Summary: test
License: MIT
%description
test
%files
"""


def almalinux():
    """A root with an rpm database that rpm itself made."""
    lab.need("rpmbuild")

    def make(root):
        os.makedirs(root)
        built = os.path.join(lab.LAB, "rpms")
        for package in PACKAGES:
            spec = os.path.join(lab.LAB, "one.spec")
            with open(spec, "w", encoding="utf-8") as out:
                out.write(SPEC.format(*package))
            lab.run("rpmbuild", "-bb", "--quiet", "--target", "x86_64", "--define", f"_topdir {built}", spec)
        rpms = [os.path.join(at, f) for at, _, files in os.walk(built) for f in files if f.endswith(".rpm")]
        lab.run("rpm", "--root", root, "--define", "_dbpath /var/lib/rpm", "-i", "--nodeps", "--noscripts",
                "--justdb", "--ignorearch", "--ignoreos", "--nosignature", *rpms)
        write(root, "etc/os-release", 'NAME="AlmaLinux"\nID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.0"\n'
              'PRETTY_NAME="AlmaLinux 9.0 (Emerald Puma)"\n')
    return lab.made("almalinux.rootfs", make)


def rpm_older(a, b):
    done = lab.run("rpm", "--eval", "%{lua: print(rpm.vercmp('" + a + "', '" + b + "'))}")
    return done.stdout.strip() == "-1"


def full(version):
    return version if ":" in version else "0:" + version


def alma_truth():
    """{package: lowest fixed version above the installed one, for each advisory that touches it}."""
    rows, names = {}, {name: f"{e}:{v}-{r}" for name, e, v, r in PACKAGES}
    unpacked = lab.made("almalinux-osv", lambda path: (os.makedirs(path), lab.run(
        "tar", "-C", path, "--zstd", "-xf", lab.feed("almalinux-osv.tar.zst"))))
    for at, _, files in os.walk(unpacked):
        for file in files:
            if not file.endswith(".json"):
                continue
            with open(os.path.join(at, file), encoding="utf-8") as text:
                record = json.load(text)
            for affected in record.get("affected", []):
                name = affected.get("package", {}).get("name")
                if name not in names or affected["package"]["ecosystem"] != "AlmaLinux:9":
                    continue
                for fixed in (e["fixed"] for r in affected.get("ranges", []) for e in r["events"] if "fixed" in e):
                    if ".module" not in fixed and rpm_older(names[name], full(fixed)):
                        rows.setdefault(name, set()).add(record["id"])
    return rows


@lab.test
def almalinux_9_with_a_database_made_by_rpm():
    report = lab.scan("rootfs:" + almalinux(), lab.database(
        "almalinux.bwdb", ("osv-almalinux", lab.feed("almalinux-osv.tar.zst"))))
    lab.equal({p["name"] for p in report["packages"]}, {p[0] for p in PACKAGES}, "packages")
    truth, seen = alma_truth(), {}
    for f in report["findings"]:
        seen.setdefault(f["package"]["name"], set()).update({f["id"], f["evidence"]["record"], *f["aliases"]})
    lab.true(sum(map(len, truth.values())) > 20, "too little to compare")
    lab.equal(set(seen), set(truth), "packages with findings")
    for name, ids in truth.items():
        lab.equal({i for i in seen[name] if i.startswith("ALSA-")}, ids, name)


# ---- distroless ----

@lab.test
def distroless_has_one_file_a_package_and_the_same_findings():
    root = os.path.join(lab.LAB, "distroless.rootfs")
    write(root, "etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Distroless"\n')
    for name, source, version in (("libssl3", "openssl", "3.0.8-1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1")):
        write(root, f"var/lib/dpkg/status.d/{name}",
              f"Package: {name}\nSource: {source}\nVersion: {version}\nArchitecture: amd64\nMaintainer: x\n")
        write(root, f"var/lib/dpkg/status.d/{name}.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/share/x\n")
    report = lab.scan("rootfs:" + root, lab.database("debian.bwdb", ("debian", lab.feed("debian-tracker-bookworm.json.zst"))))
    lab.equal(sorted(p["name"] for p in report["packages"]), ["libssl3", "zlib1g"])
    lab.true(any(f["package"]["source"] == "openssl" for f in report["findings"]), "openssl 3.0.8 has no finding")


lab.main()
