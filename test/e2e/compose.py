#!/usr/bin/env python3
"""bulwark lint over Compose projects of several files: what is found and where, what stays unknown, and that a project's
findings are those of what Compose itself makes of it."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab
from compose_projects import LACKS, PROJECTS

# What is about how a file is written, not about what it says; and values, which Compose puts in.
WRITTEN = {"C001", "C115", "C123", "C124"}


def lint(*words, code=None, stdin=None, cwd=None):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("BULWARK_")}
    done = subprocess.run([lab.BULWARK, "lint", *words], capture_output=True, text=True, check=False, cwd=cwd, input=stdin,
                          env={**clean, "XDG_CONFIG_HOME": "/nonexistent"}, timeout=60)
    lab.true(done.returncode in (0, 1) if code is None else done.returncode == code,
             f"{words}: {done.returncode} {done.stderr}")
    return done


def report(*words, **more):
    return json.loads(lint("--format", "json", *words, **more).stdout)


def write(place, files):
    for name, text in files.items():
        path = os.path.join(place, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)


def places(findings):
    return {(f["file"], f["line"], f["rule"]) for f in findings}


@lab.test
def each_project_has_the_findings_that_are_in_it():
    for name, (files, wanted) in PROJECTS.items():
        with tempfile.TemporaryDirectory() as place:
            write(place, files)
            found = {p for p in places(report(cwd=place)["findings"]) if p[2] not in LACKS}
            lab.equal(sorted(found), sorted(wanted), name)


@lab.test
def a_hardened_project_is_clean_and_an_ordinary_one_is_short():
    with tempfile.TemporaryDirectory() as place:
        write(place, PROJECTS["hardened"][0])
        lab.equal(report("--level", "style", cwd=place, code=0)["findings"], [])
        # It is also with the rules that are off: nothing was written for show.
        lab.equal(report("--rule", "C108,C118,C119,C120,C126", cwd=place, code=0)["findings"], [])
    with tempfile.TemporaryDirectory() as place:
        write(place, {"compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    ports: ['80:80']\n"
                                      "  app:\n    build: .\n  db:\n    image: postgres:17\n"})
        text = lint(cwd=place, code=0).stdout
        lab.true(len(text.splitlines()) <= 16 and "in web, app, db" in text, text)


@lab.test
def a_dockerfile_within_is_told_not_to_be_judged():
    with tempfile.TemporaryDirectory() as place:
        write(place, {"compose.yaml": "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM debian\n"})
        told = report(cwd=place)["not_evaluated"]
        lab.equal([u["what"] for u in told], ["compose.yaml:4"])


@lab.test
def what_has_no_value_is_not_evaluated():
    with tempfile.TemporaryDirectory() as place:
        write(place, PROJECTS["profiles"][0])
        told = report(cwd=place)["not_evaluated"]
        lab.equal(len(told), 1, told)
        text = json.dumps(told)
        for name in ("APP_UID", "PORT", "DATA"):
            lab.true(name in text, told)
        lab.true("MODE" not in text and "API_KEY" not in text and "TAG" not in text, told)


@lab.test
def files_outside_the_folder_and_far_away_are_not_read():
    with tempfile.TemporaryDirectory() as place:
        write(place, {"secret.yaml": "services:\n  x: {privileged: true}\n",
                      "in/compose.yaml": "include: ['oci://example.com/x', gone.yaml]\nservices:\n"
                                         "  a:\n    image: a:1\n    extends: {file: ../secret.yaml, service: x}\n"
                                         "  b:\n    image: b:1\n    extends: {file: link.yaml, service: x}\n"
                                         "  c:\n    image: c:1\n    extends: {file: /etc/passwd, service: x}\n"
                                         "  d:\n    image: d:1\n    extends: {file: pipe.yaml, service: x}\n"})
        os.symlink("../secret.yaml", os.path.join(place, "in", "link.yaml"))
        os.mkfifo(os.path.join(place, "in", "pipe.yaml"))
        there = os.path.join(place, "in")
        got = report(cwd=there)
        lab.true("C102" not in {f["rule"] for f in got["findings"]}, got["findings"])
        told = json.dumps(got["not_evaluated"])
        for words in ("oci://example.com/x", "gone.yaml", "secret.yaml: outside", "link.yaml", "/etc/passwd: outside",
                      "pipe.yaml: not a regular file"):
            lab.true(words in told, f"{words}: {told}")
        lab.equal(len(got["not_evaluated"]), 6)
        lab.true("C102" in {f["rule"] for f in report(cwd=place)["findings"]}, "with the folder around, it is read")


@lab.test
def overlays_are_judged_on_their_base_and_others_alone():
    with tempfile.TemporaryDirectory() as place:
        write(place, {"compose.yaml": "services:\n  a:\n    image: a:1\n    pid: host\n",
                      "compose.more.yaml": "services:\n  a:\n    user: root\n    privileged: ${P:-true}\n",
                      "compose.own.yaml": "services:\n  b:\n    image: b:1\n    ipc: host\n",
                      "stack.yml": "services:\n  c: {image: 'c:1', uts: host}\n"})
        names = [(f["file"], f["rule"]) for f in report(cwd=place)["findings"] if f["rule"] not in LACKS]
        lab.equal(sorted(names), [("compose.more.yaml", "C102"), ("compose.more.yaml", "C114"),
                                  ("compose.own.yaml", "C109"), ("compose.yaml", "C109")])
        named = report("compose.more.yaml", "stack.yml", cwd=place)["findings"]
        lab.equal({f["file"] for f in named}, {"compose.more.yaml", "stack.yml"})


@lab.test
def standard_input_is_a_project_when_it_is_called_one():
    text = "services:\n  a:\n    image: a:1\n    privileged: true\n"
    lab.equal([f["rule"] for f in report("--stdin-name", "compose.yaml", "--ignore", ",".join(LACKS), "-", stdin=text,
                                         code=1)["findings"]], ["C102"])


@lab.test
def fixes_mend_ports_and_versions_and_stay_valid():
    with tempfile.TemporaryDirectory() as place:
        write(place, {"compose.yaml": "version: '3'\nservices:\n  a:\n    image: a:1\n    ports:\n"
                                      "      - 22:22\n      - '8080:80'\n      - 9090:90\n"})
        lint("--fix", cwd=place)
        path = os.path.join(place, "compose.yaml")
        with open(path, encoding="utf-8") as text:
            lab.equal(text.read(), "services:\n  a:\n    image: a:1\n    ports:\n"
                                   "      - \"22:22\"\n      - '8080:80'\n      - 9090:90\n")
        lint("--fix", "--unsafe", cwd=place)
        with open(path, encoding="utf-8") as text:
            lab.equal(text.read(), "services:\n  a:\n    image: a:1\n    ports:\n      - \"127.0.0.1:22:22\"\n"
                                   "      - '127.0.0.1:8080:80'\n      - \"127.0.0.1:9090:90\"\n")
        lab.true(not {"C105", "C123", "C124"} & {f["rule"] for f in report(cwd=place)["findings"]}, "not mended")


@lab.test
def a_secret_is_named_and_never_shown():
    with tempfile.TemporaryDirectory() as place:
        write(place, PROJECTS["blog"][0])
        for words in ([], ["--format", "json"], ["--format", "sarif"], ["--format", "github"]):
            text = lint(*words, cwd=place, code=1).stdout
            lab.true("MYSQL_ROOT_PASSWORD" in text and "r00t-of-all" not in text, words)


@lab.test
def hostile_files_are_read_to_their_end():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 8)}]\n" for i in range(1, 20)) + "services: {a: {image: a, command: *a19}}\n"
    circle = "include: [compose.yaml, compose.yaml]\nservices: {a: {image: a, extends: {file: compose.yaml, service: a}}}\n"
    variables = "services: {a: {image: '" + "${A:-" * 5000 + "}" * 5000 + "'}}\n"
    for text in (bomb, circle, variables, "[" * 100000, "{" * 100000, "a: " * 50000, "- " * 100000, "\0" * 1000,
                 "services:\n" + "".join(f"  s{i}: {{image: a, depends_on: [s{i + 1}]}}\n" for i in range(4000)),
                 "services:\n  a:\n    image: a\n    ports: [" + "'1:1'," * 100000 + "]\n"):
        with tempfile.TemporaryDirectory() as place:
            write(place, {"compose.yaml": text})
            done = lint(cwd=place)
            lab.true("error" in done.stdout or "not evaluated" in done.stdout or "warning" in done.stdout, done.stdout[:300])


# ---- against Compose itself ----


def compose():
    """The words that print a project as Compose merges it."""
    told = os.environ.get("BULWARK_COMPOSE")
    tries = ([told],) if told else (["docker", "compose"], ["docker-compose"])
    for words in tries:
        if shutil.which(words[0]) and subprocess.run([*words, "version"], capture_output=True, check=False).returncode == 0:
            return words
    raise lab.Skip("no docker compose to compare with")


def said(got):
    """Rule and message of each finding; what services lack, one by one."""
    out = set()
    for f in got["findings"]:
        if f["rule"] in WRITTEN:
            continue
        head, _, tail = f["message"].rpartition(" in ")
        out |= {(f["rule"], head, s) for s in tail.split(", ")} if f["rule"] in LACKS else {
            (f["rule"], f["message"].replace(os.path.expanduser("~") + "/", "~/"), "")}
    return out


@lab.test
def findings_are_those_of_what_compose_makes_of_the_project():
    words = compose()
    for name in ("blog", "hardened", "monitoring", "stages", "extends", "anchors", "include", "vpn"):
        with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as merged:
            files = {k: v for k, v in PROJECTS[name][0].items() if k != "compose.prod.yaml"}
            write(place, {".env": "GRAFANA_PASSWORD=x\nSESSION_SECRET=x\n", **files})
            done = subprocess.run([*words, "config", "--no-path-resolution", "--no-normalize"], cwd=place, capture_output=True,
                                  text=True, check=False, timeout=60)
            lab.equal(done.returncode, 0, f"{name}: {done.stderr}")
            write(merged, {"compose.yaml": done.stdout})
            lab.equal(sorted(said(report("--no-pragmas", cwd=place))), sorted(said(report("--no-pragmas", cwd=merged))), name)


lab.main()
