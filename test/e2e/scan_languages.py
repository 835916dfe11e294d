#!/usr/bin/env python3
"""Old Python packages and a Go program, really installed: the findings are those of OSV's own matcher."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab

PYTHON = {"jinja2": "2.8.1", "idna": "3.6", "certifi": "2022.12.7", "flask": "2.3.1"}
GO = {"github.com/golang-jwt/jwt/v4": "4.5.1", "golang.org/x/crypto": "0.43.0", "github.com/nats-io/jwt": "1.2.2"}
MAIN = """package main

import (
	"fmt"

	"github.com/golang-jwt/jwt/v4"
	nats "github.com/nats-io/jwt"
	"golang.org/x/crypto/bcrypt"
)

func main() {
	h, _ := bcrypt.GenerateFromPassword([]byte("x"), 4)
	fmt.Println(len(h), jwt.New(jwt.SigningMethodHS256), nats.NewUserClaims("x"))
}
"""


def oracle():
    """{(package, version): set of ids} for the versions above."""
    rows = {}
    with open(lab.oracle("osv", "matches.tsv"), encoding="utf-8") as lines:
        for line in lines:
            _, package, version, ids = line.rstrip("\n").split("\t")
            rows[package, version] = set(filter(None, ids.split(",")))
    return rows


def rootfs():
    def make(path):
        site = os.path.join(path, "usr/lib/python3.11/site-packages")
        os.makedirs(site)
        os.makedirs(os.path.join(path, "etc"))
        with open(os.path.join(path, "etc/os-release"), "w", encoding="utf-8") as out:
            out.write('ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
        lab.run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site,
                *[f"{name}=={version}" for name, version in PYTHON.items()])
    try:
        return lab.made("languages.rootfs", make)
    except AssertionError as problem:
        raise lab.Skip(f"pip cannot install here: {str(problem).splitlines()[-1][:200]}") from problem


def program():
    lab.need("go")
    root = rootfs()
    binary = os.path.join(root, "usr/local/bin/web")
    if not os.path.exists(binary):
        source = os.path.join(lab.LAB, "go-web")
        os.makedirs(source, exist_ok=True)
        os.makedirs(os.path.dirname(binary), exist_ok=True)
        with open(os.path.join(source, "main.go"), "w", encoding="utf-8") as out:
            out.write(MAIN)
        with open(os.path.join(source, "go.mod"), "w", encoding="utf-8") as out:
            out.write("module example.com/web\n\ngo 1.19\n\nrequire (\n" + "".join(
                f"\t{name} v{version}\n" for name, version in GO.items()) + ")\n")
        env = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
        for words in (["go", "mod", "tidy"], ["go", "build", "-o", binary, "."]):
            done = subprocess.run(words, cwd=source, env=env, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise lab.Skip(f"go cannot build here: {done.stderr.strip()[-200:]}")
    return root


def found(report, kind):
    """{(package, version): ids and aliases}."""
    rows = {}
    for f in report["findings"]:
        if f["package"]["type"] == kind:
            key = f["package"]["name"], f["package"]["version"]
            rows.setdefault(key, []).append({f["id"], f["evidence"]["record"], *f["aliases"]})
    return rows


def agree(report, kind, versions, spell):
    truth, seen, compared = oracle(), found(report, kind), 0
    for name, version in versions.items():
        want = truth.get((name, version))
        lab.true(want is not None, f"the oracle has no {name} {version}")
        got = seen.get((name, spell(version)), [])
        for one in want:
            lab.true(any(one in ids for ids in got), f"{name} {version}: {one} is missing")
        for ids in got:
            lab.true(ids & want, f"{name} {version}: {sorted(ids)} is too much")
        compared += len(want)
    lab.true(compared > 3, "nothing to compare")


def osv_database():
    return lab.database("osv.bwdb", ("osv-pypi", lab.feed("pypi-osv.tar.zst")), ("osv-go", lab.feed("golang-osv.tar.zst")))


@lab.test
def python_packages_have_the_findings_of_osv():
    agree(lab.scan("rootfs:" + rootfs(), osv_database()), "pypi", PYTHON, lambda v: v)


@lab.test
def modules_of_a_go_program_have_the_findings_of_osv():
    report = lab.scan("rootfs:" + program(), osv_database())
    agree(report, "golang", GO, lambda v: "v" + v)
    lab.true(any(p["name"] == "stdlib" for p in report["packages"]), "the standard library is not listed")


lab.main()
