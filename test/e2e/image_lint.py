#!/usr/bin/env python3
"""bulwark lint IMAGE: images of known truth, by file and by engine."""
import json
import os
import sys
import tempfile

import lab
from lab import equal, test, true

sys.path.insert(0, os.path.join(lab.SOURCE, "test", "tools"))
import mkimage  # noqa: E402

PASSWD = "f etc/passwd root:x:0:0::/:/bin/sh\\napp:x:1000:1000::/:/bin/sh\\n"


def lint(target, *options, code=None):
    done = lab.run(lab.BULWARK, "lint", "--format", "json", *options, target, code=code)
    return json.loads(done.stdout)


def rules(report):
    return {f["rule"] for f in report["findings"]}


def of(report, rule):
    return [f for f in report["findings"] if f["rule"] == rule]


def image(*layers, config=None, history=None, **more):
    def edit(value):
        value["config"] = config or {"User": "1000", "Healthcheck": {"Test": ["CMD", "x"]}}
        value["history"] = history or value["history"]
    return mkimage.Image(*layers, tag="web:1.0", config=edit, **more)


class Saved:
    """The image as an archive, for as long as the block."""

    def __init__(self, made):
        self.made = made

    def __enter__(self):
        self.dir = tempfile.TemporaryDirectory()
        path = os.path.join(self.dir.name, "image.tar")
        mkimage.docker_archive(self.made, path)
        return "archive:" + path

    def __exit__(self, *_):
        self.dir.cleanup()


@test
def root_is_root_in_every_spelling():
    for user, root in (("", True), ("0", True), ("0:0", True), ("root", True), ("root:root", True), ("00", True),
                       (":1000", True), ("0:app", True), ("app", False), ("app:root", False), ("1000", False), ("10", False)):
        with Saved(image(PASSWD, config={"User": user})) as target:
            equal("I101" in rules(lint(target)), root, f"user {user!r}")


@test
def a_tidy_image_says_nothing():
    with Saved(image(PASSWD)) as target:
        report = lint(target, code=0)
        equal(report["findings"], [], "findings")
        equal(report["files"], [target], "files")


@test
def a_secret_of_the_settings_is_named_and_not_shown():
    history = [{"created_by": "RUN |1 API_TOKEN=s3cr3t /bin/sh -c make # buildkit"},
               {"created_by": "ENV DB_PASSWORD=s3cr3t", "empty_layer": True}]
    with Saved(image(PASSWD, config={"User": "app", "Env": ["DB_PASSWORD=s3cr3t"]}, history=history)) as target:
        done = lab.run(lab.BULWARK, "lint", target, code=1)
        true("DB_PASSWORD" in done.stdout and "API_TOKEN" in done.stdout, "both are named")
        true("s3cr3t" not in done.stdout, "the value is not shown")
        found = of(lint(target), "I104")
        equal({(f["file"], f["line"]) for f in found}, {("history", 7), ("history", 8)}, "places")


@test
def one_image_at_a_time_and_no_files_beside_it():
    with Saved(image(PASSWD)) as target:
        lab.run(lab.BULWARK, "lint", target, target, code=2)
        lab.run(lab.BULWARK, "lint", "--fix", target, code=2)


@test
def a_file_stays_a_dockerfile():
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, "web")
        with open(path, "w", encoding="utf-8") as out:
            out.write("FROM a:1\nMAINTAINER x\n")
        true("D111" in rules(lint(path)), "a file is a Dockerfile")


if __name__ == "__main__":
    lab.main()
