#!/usr/bin/env python3
"""The door: help, mistakes, exit codes, completion, configuration; with the built program."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab


def bulwark(*words, code=0, env=None, **how):
    """Runs it without the configuration of whoever runs the tests."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("BULWARK_")}
    clean.update({"XDG_CONFIG_HOME": "/nonexistent", "NO_COLOR": "1"}, **(env or {}))
    done = subprocess.run([lab.BULWARK, *words], capture_output=True, text=True, timeout=60, check=False, env=clean, **how)
    lab.equal(done.returncode, code, f"{words}: {done.stderr}")
    return done


def one_line(done, *wanted):
    lines = done.stderr.strip().splitlines()
    lab.true(len(lines) == 1, f"not one line: {done.stderr!r}")
    for word in wanted:
        lab.true(word in lines[0], f"{word!r} is not in {lines[0]!r}")


@lab.test
def without_a_command_it_says_how_and_exits_2():
    done = bulwark(code=2)
    lab.true(done.stdout == "" and done.stderr.startswith("usage: bulwark COMMAND"), done.stderr)


@lab.test
def help_goes_to_standard_output():
    for words in (["--help"], ["help"], ["-h"], ["help", "version"], ["version", "--help"]):
        done = bulwark(*words)
        lab.true(done.stdout.startswith("usage: bulwark") and done.stderr == "", words)


@lab.test
def version_is_one_line():
    for words in (["--version"], ["version"], ["-V"]):
        lab.true(bulwark(*words).stdout.startswith("bulwark "), words)


@lab.test
def mistakes_are_one_line_with_a_guess_and_exit_2():
    one_line(bulwark("verison", code=2), "did you mean 'bulwark version'")
    one_line(bulwark("help", "--mna", code=2), "did you mean --man")
    one_line(bulwark("version", "more", code=2), "unexpected 'more'")
    one_line(bulwark("--verbose", "scan", code=2), "unknown option '--verbose'", "a command comes first")
    one_line(bulwark("\x1b[2J", code=2), "\\x1b[2J")


@lab.test
def what_cannot_be_read_is_named_once():
    for target in ("archive:/nonexistent", "/nonexistent", "rootfs:/nonexistent", "oci:/nonexistent"):
        for command in ("scan", "lint", "secrets", "malware"):
            done = bulwark(command, target, code=3)
            one_line(done, target)
            lab.equal(done.stderr.count("/nonexistent"), 1, done.stderr)
    one_line(bulwark("secrets", "--git", "/nonexistent", code=3), "/nonexistent: No such file")
    one_line(bulwark("lint", "--fix", "nonexistent", code=2), "--fix and --diff mend files; nonexistent is none")


@lab.test
def files_that_are_not_what_they_should_be_are_mistakes_of_the_command_line():
    with tempfile.TemporaryDirectory() as place:
        junk = os.path.join(place, "junk")
        with open(junk, "w", encoding="utf-8") as out:
            out.write("[\n")
        with open(os.path.join(place, "Dockerfile"), "w", encoding="utf-8") as out:
            out.write("FROM scratch\n")
        for words in (["secrets", "--rules", junk], ["secrets", "--baseline", junk], ["malware", "--hashes", junk],
                      ["malware", "--yara", junk], ["malware", "--baseline", junk], ["scan", "--config", junk],
                      ["lint", "--baseline", junk]):
            done = bulwark(*words, place, code=2)
            lab.true(words[1] == "--yara" or junk in done.stderr, done.stderr)
            one_line(done)
        one_line(bulwark("bench", "--undo", "--undo-dir", "/nonexistent", code=2), "nothing is there to be taken back")


@lab.test
def a_full_disk_is_not_success():
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([lab.BULWARK, "version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    lab.equal(done.returncode, 3)
    one_line(done, "standard output")


@lab.test
def standard_output_by_its_name_keeps_what_is_there():
    with tempfile.TemporaryDirectory() as place:
        log = os.path.join(place, "log")
        script = '(echo before; "$0" secrets --no-config -q --output /dev/stdout "$1"; echo after) >> "$1/log"'
        subprocess.run(["sh", "-c", script, lab.BULWARK, place], check=True)
        with open(log, encoding="utf-8") as text:
            lines = text.read().splitlines()
        lab.true(lines[0] == "before" and lines[-1] == "after" and len(lines) > 2, lines)


@lab.test
def a_file_that_may_not_grow_is_an_error_and_leaves_nothing():
    with tempfile.TemporaryDirectory() as place:
        with open(os.path.join(place, "old"), "w", encoding="utf-8") as out:
            out.write("old")
        for name in ("new", "old"):
            done = subprocess.run(["sh", "-c", 'ulimit -f 0; exec "$0" secrets --no-config -o "$1" "$2"', lab.BULWARK,
                                   os.path.join(place, name), place], capture_output=True, text=True, check=False)
            lab.equal(done.returncode, 3, done.stderr)
            one_line(done, "File too large")
        lab.equal(os.listdir(place), ["old"])
        lab.equal(os.path.getsize(os.path.join(place, "old")), 3)


@lab.test
def closed_standard_descriptors_are_filled():
    done = subprocess.run(["sh", "-c", '"$0" version <&- >&- 2>&-', lab.BULWARK], check=False)
    lab.equal(done.returncode, 0)


@lab.test
def completion_scripts_are_accepted_by_their_shells():
    for shell in ("bash", "zsh", "fish"):
        script = bulwark("completion", shell).stdout
        if subprocess.run(["sh", "-c", f"command -v {shell}"], capture_output=True, check=False).returncode == 0:
            done = subprocess.run([shell, "-n"], input=script, text=True, capture_output=True, check=False)
            lab.true(done.returncode == 0 and done.stderr == "", f"{shell}: {done.stderr}")


@lab.test
def bash_completes_commands_and_options():
    lab.need("bash")
    script = bulwark("completion", "bash").stdout + """
try() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=(); _bulwark; echo "${COMPREPLY[*]}"; }
try bulwark compl
try bulwark help --m
try bulwark db up
try bulwark db import osv-p
try bulwark help comp
try bulwark completion f
try bulwark compare s
try bulwark scan --fail-on high,me
cd / && try bulwark scan us
try bulwark db us
"""
    done = subprocess.run(["bash", "-s"], input=script, text=True, capture_output=True, check=False)
    lab.equal(done.stdout.split("\n"), ["completion", "--man", "update", "osv-pypi", "compare completion", "fish", "semver",
                                        "high,medium", "usr", "", ""], done.stderr)


@lab.test
def the_current_directory_configures_nothing():
    with tempfile.TemporaryDirectory() as place:
        for name in (".bulwark.yaml", "bulwark.yaml", "config.yaml", ".config/bulwark/config.yaml"):
            os.makedirs(os.path.dirname(os.path.join(place, name)) or place, exist_ok=True)
            with open(os.path.join(place, name), "w", encoding="utf-8") as out:
                out.write("nonsense: true\n")
        one_line(bulwark("scan", "rootfs:" + place, "--db", "/nonexistent.bwdb", code=3, cwd=place), "/nonexistent.bwdb")


@lab.test
def a_scan_says_what_is_wrong_with_its_words():
    one_line(bulwark("scan", code=2), "say what to scan")
    one_line(bulwark("scan", "one", "two", code=2), "'two' is a second one")
    one_line(bulwark("scan", "--severity", "hihg", "x", code=2), "--severity: no 'hihg'; did you mean high?")
    one_line(bulwark("scan", "--fail-on", "", "x", code=2), "--fail-on: wants LIST, and got nothing")
    one_line(bulwark("scan", "--format", "xml", "x", code=2), "it is one of table, json")
    one_line(bulwark("scan", "x", code=2, env={"BULWARK_FORMAT": "xml"}), "environment variable BULWARK_FORMAT")


@lab.test
def the_bar_decides_the_exit_code():
    if "\n  db " not in bulwark("help").stdout:
        raise lab.Skip("this build has no db command to make a database with")
    database = lab.database("debian.bwdb", ("debian", lab.feed("debian-tracker-bookworm.json.zst")))
    with tempfile.TemporaryDirectory() as root:
        for path, text in (("etc/os-release", 'ID=debian\nVERSION_ID="12"\n'), ("var/lib/dpkg/status",
                           "Package: zlib1g\nSource: zlib\nStatus: install ok installed\nVersion: 1:1.2.0\nArchitecture: amd64\n")):
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as out:
                out.write(text)
        words = ["scan", "--quiet", "--db", database, "rootfs:" + root]
        found = bulwark(*words).stdout
        lab.true("CVE-" in found, found)
        bulwark(*words, "--fail-on", "unknown", code=1)
        bulwark(*words, code=1, env={"BULWARK_FAIL_ON": "unknown,not-evaluated"})
        bulwark(*words, "--fail-on", "not-evaluated")
        accepted = os.path.join(root, "accepted")
        with open(accepted, "w", encoding="utf-8") as out:
            out.writelines(sorted({w + "\n" for w in found.split() if w.startswith("CVE-")}))
        bulwark(*words, "--fail-on", "unknown", "--ignore", accepted)
        sarif = json.loads(bulwark(*words, "--ignore", accepted, "--format", "sarif").stdout)["runs"][0]
        lab.true(sarif["results"] and all(r["suppressions"][0]["justification"].startswith(accepted + ":") for r in sarif["results"]),
                 sarif["results"][:1])
        report = os.path.join(root, "report.json")
        bulwark(*words, "--fail-on", "unknown", "--format", "json", "--output", report, code=1)
        with open(report, encoding="utf-8") as text:
            lab.equal(json.load(text)["schema_version"], 1)


@lab.test
def files_are_checked_before_the_work():
    with tempfile.TemporaryDirectory() as place:
        bad = os.path.join(place, "bad")
        with open(bad, "w", encoding="utf-8") as out:
            out.write("CVE-2024-1 forever\n")
        one_line(bulwark("scan", "--ignore", bad, "x", code=2), bad + ":1: 'forever' is not understood")
        one_line(bulwark("scan", "--ignore", "/nonexistent", "x", code=3), "/nonexistent: cannot read")
        one_line(bulwark("scan", "--output", "/nonexistent/report", "x", code=3), "/nonexistent/report: cannot write")
        one_line(bulwark("scan", "--config", bad, "x", code=2), bad + ":")
        with open(bad, "w", encoding="utf-8") as out:
            out.write("scan: {fail_on: high}\n")
        one_line(bulwark("scan", "--config", bad, "x", code=2), "scan: unknown key 'fail_on'; did you mean fail-on?")
        lab.equal(os.listdir(place), ["bad"], "left behind")


@lab.test
def the_package_says_each_thing_once():
    with open(os.path.join(lab.SOURCE, "packaging", "debian", "control"), encoding="utf-8") as control:
        for part in control.read().split("\n\n"):
            fields = [line.split(":")[0] for line in part.splitlines() if line and not line[0].isspace()]
            lab.equal(sorted(set(fields)), sorted(fields))


lab.main()
