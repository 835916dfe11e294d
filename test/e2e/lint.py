#!/usr/bin/env python3
"""bulwark lint with the built program: findings, exit codes, fixes in place, diffs that patch takes, formats."""
import json
import os
import string
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab

BAD = """FROM debian
MAINTAINER me <m@example.com>
ENV a b
ADD x /y
RUN apt-get update \\

   && apt-get install -y curl
expose 22
CMD foo bar
"""
CLEAN = 'FROM debian:12\nRUN true\nUSER 1000\nCMD ["true"]\n'


def lint(*words, code=0, stdin=None, cwd=None):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("BULWARK_")}
    done = subprocess.run([lab.BULWARK, "lint", *words], capture_output=True, text=True, check=False, cwd=cwd, input=stdin,
                          env={**clean, "XDG_CONFIG_HOME": "/nonexistent", "BULWARK_SHELLCHECK": "never"}, timeout=60)
    lab.equal(done.returncode, code, f"{words}: {done.stderr}")
    return done


def write(place, name, text):
    path = os.path.join(place, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def github_body(body):
    """With the checksum that makes it a token: CRC-32 in base 62."""
    crc, tail = zlib.crc32(body.encode()), ""
    while crc:
        crc, digit = divmod(crc, 62)
        tail = string.digits[digit] + tail if digit < 10 else (string.ascii_uppercase + string.ascii_lowercase)[digit - 10] + tail
    return body + tail.rjust(6, "0")


def rules(done):
    return [f["rule"] for f in json.loads(done.stdout)["findings"]]


@lab.test
def findings_have_places_and_decide_the_exit_code():
    with tempfile.TemporaryDirectory() as place:
        path = write(place, "Dockerfile", BAD)
        report = json.loads(lint("--format", "json", path, code=1).stdout)
        found = {(f["rule"], f["line"], f["column"]) for f in report["findings"]}
        for wanted in (("D201", 1, 6), ("D111", 2, 1), ("D112", 3, 1), ("D601", 4, 1), ("D103", 6, 1), ("D106", 8, 1),
                       ("D306", 8, 8), ("D110", 9, 1)):
            lab.true(wanted in found, f"{wanted} is not in {sorted(found)}")
        lab.equal(report["files"], [path])
        lint("--fail-on", "error", path)
        lint(write(place, "clean.dockerfile", CLEAN))


@lab.test
def a_fix_mends_in_place_and_a_diff_is_what_patch_takes():
    lab.need("patch")
    with tempfile.TemporaryDirectory() as place:
        path = write(place, "Dockerfile", BAD)
        os.chmod(path, 0o640)
        diff = lint("--diff", "Dockerfile", cwd=place).stdout
        with open(path, encoding="utf-8") as text:
            lab.equal(text.read(), BAD, "--diff changed the file")
        lab.equal(lint("--diff", path).stdout.splitlines()[0], "--- a/" + path.lstrip("/"))
        other = write(place, "copy/Dockerfile", BAD)
        subprocess.run(["patch", "-p1", "-s"], input=diff, text=True, cwd=os.path.join(place, "copy"), check=True)
        lint("--fix", "Dockerfile", cwd=place, code=1)
        with open(path, encoding="utf-8") as mended, open(other, encoding="utf-8") as patched:
            text = mended.read()
            lab.equal(text, patched.read(), "--fix and --diff differ")
        lab.true("COPY x /y" in text and "ENV a=b" in text and "EXPOSE 22" in text, text)
        lab.equal(os.stat(path).st_mode & 0o777, 0o640)
        left = rules(lint("--format", "json", path, code=1))
        lab.true(not {"D111", "D112", "D601", "D103", "D106"} & set(left), left)


@lab.test
def directories_are_looked_through_and_standard_input_is_a_file():
    with tempfile.TemporaryDirectory() as place:
        write(place, "a/Dockerfile", CLEAN)
        write(place, "a/b/Containerfile.prod", CLEAN)
        write(place, "c/x.dockerfile", CLEAN)
        write(place, "node_modules/y/Dockerfile", BAD)
        write(place, "a/Dockerfile.dockerignore", "x\n")
        report = json.loads(lint("--format", "json", cwd=place).stdout)
        lab.equal(report["files"], ["a/Dockerfile", "a/b/Containerfile.prod", "c/x.dockerfile"])
        done = lint("--stdin-name", "Dockerfile", "-", stdin=BAD, code=1)
        lab.true(done.stdout.startswith("Dockerfile:1:"), done.stdout[:200])
        lint(os.path.join(place, "absent"), code=3)
        lint(os.path.join(place, "node_modules"), "--rule", "D999", code=2)


@lab.test
def one_file_over_a_limit_does_not_keep_the_others_from_being_judged():
    with tempfile.TemporaryDirectory() as place:
        write(place, "a/Dockerfile", "FROM debian\nUSER 1\n")
        write(place, "b/Dockerfile", "FROM debian:12\nCOPY " + "--exclude=x " * 1001 + "a /b\n")
        write(place, "c/Dockerfile", "FROM debian:12\n" + "# a comment that goes on and on\n" * 140000)
        write(place, "d/Dockerfile", "".join(f"FROM debian:12 AS s{i}\n" for i in range(1001)))
        report = json.loads(lint("--format", "json", ".", cwd=place, code=1).stdout)
        lab.equal([f["file"] for f in report["findings"]], ["a/Dockerfile"])
        lab.equal(sorted(u["what"][:3] for u in report["not_evaluated"]), ["b/D", "c/D", "d/D"])
        done = lint("b/Dockerfile", cwd=place, code=3)
        lab.true("more flags than are read" in done.stderr, done.stderr)


@lab.test
def a_pipe_in_the_place_of_a_file_is_not_waited_for():
    with tempfile.TemporaryDirectory() as place:
        write(place, "Dockerfile", "FROM debian:12\nCOPY . /x\nUSER 1\n")
        os.mkfifo(os.path.join(place, "Dockerfile.dockerignore"))
        os.mkfifo(os.path.join(place, "x.dockerfile"))
        report = json.loads(lint("--format", "json", ".", cwd=place).stdout)
        lab.equal(report["not_evaluated"], [{"what": "Dockerfile.dockerignore", "why": "not a regular file"}])


@lab.test
def a_fix_is_made_behind_a_link_and_the_link_stays():
    with tempfile.TemporaryDirectory() as place:
        path = write(place, "real/Dockerfile", "FROM debian:12\nadd a /b\nADD c /d\nUSER 1\n")
        link = os.path.join(place, "Dockerfile")
        os.symlink("real/Dockerfile", link)
        lint("--fix", "--format", "json", link)
        lab.true(os.path.islink(link), "the link was replaced")
        with open(path, encoding="utf-8") as text:
            lab.equal(text.read(), "FROM debian:12\nCOPY a /b\nCOPY c /d\nUSER 1\n")


@lab.test
def comments_accept_and_rules_can_be_chosen():
    text = CLEAN.replace("CMD", "# bulwark:ignore shell-form -- a script of ours\nCMD").replace('["true"]', "true")
    done = lint("-", stdin=text)
    lab.true("1 suppressed" in done.stdout, done.stdout)
    lint("--no-pragmas", "-", stdin=text, code=1)
    lab.equal(rules(lint("--rule", "DL3057", "--format", "json", "-", stdin=CLEAN)), ["D307"])
    lab.equal(rules(lint("--ignore", "JSONArgsRecommended", "--no-pragmas", "--format", "json", "-", stdin=text)), [])


@lab.test
def a_secret_is_found_by_the_engine_and_never_shown():
    token = "ghp_" + github_body("9sKd82HqZt4wP0mXcV7yLb3NgRe5Ju")
    text = CLEAN.replace("RUN true", f"ENV GH={token}")
    done = lint("--format", "json", "-", stdin=text, code=1)
    lab.true("D401" in rules(done), done.stdout)
    lab.true(token not in done.stdout and token not in lint("-", stdin=text, code=1).stdout, "the secret is printed")
    lab.equal(rules(lint("--ignore", "D401", "--format", "json", "-", stdin=text)), [])
    quiet = text.replace("ENV GH", "# bulwark:ignore D401 until=2100-01-01 -- revoked\nENV GH")
    lab.equal(rules(lint("--format", "json", "-", stdin=quiet)), [])


@lab.test
def the_dockerignore_that_counts_is_read():
    text = CLEAN.replace("RUN true", "COPY a.md b /x/")
    with tempfile.TemporaryDirectory() as place:
        write(place, "sub/Dockerfile", text)
        write(place, ".dockerignore", "*.md\n")
        found = json.loads(lint("--format", "json", "sub/Dockerfile", cwd=place, code=1).stdout)["findings"]
        lab.equal([(f["rule"], f["column"]) for f in found], [("D118", 6)])
        lab.true(".dockerignore" in found[0]["message"], found[0]["message"])
        write(place, "sub/.dockerignore", "c\n")
        lab.equal(rules(lint("--format", "json", "sub/Dockerfile", cwd=place)), [])
        write(place, "sub/Dockerfile.dockerignore", "b\n")
        lab.equal(rules(lint("--format", "json", "sub/Dockerfile", cwd=place, code=1)), ["D118"])
        write(place, "sub/Dockerfile", CLEAN.replace("RUN true", "COPY . /x/"))
        lab.equal(rules(lint("--format", "json", "sub/Dockerfile", cwd=place)), ["D126"])
        write(place, "sub/Dockerfile.dockerignore", ".*\n")
        lab.equal(rules(lint("--format", "json", "sub/Dockerfile", cwd=place)), [])


@lab.test
def every_rule_can_be_explained():
    for line in lint("--list").stdout.splitlines():
        lab.true(lint("--explain", line.split()[0]).stdout.startswith(line.split()[0]), line)


@lab.test
def hostile_files_are_read_to_their_end():
    for text in ("\0" * 1000, "FROM a\nRUN " + "(" * 100000, "ENV " + "x=" * 50000, "RUN <<" + "A " * 10000, "#" * 70000,
                 "ONBUILD " * 10000, 'CMD ["' + "\\" * 30000):
        done = subprocess.run([lab.BULWARK, "lint", "--shellcheck", "never", "-"], input=text.encode(), capture_output=True, check=False,
                              timeout=60)
        lab.true(done.returncode in (0, 1) and b"\x00" not in done.stdout, f"{text[:20]!r}: {done.returncode} {done.stderr}")


@lab.test
def a_project_says_how_it_is_judged_and_only_that():
    with tempfile.TemporaryDirectory() as place:
        os.mkdir(os.path.join(place, ".git"))
        write(place, "a/Dockerfile", BAD)
        write(place, "old/Dockerfile", BAD)
        write(place, "b/Dockerfile", BAD)
        write(place, ".bulwark.yaml", "lint:\n  severity: {latest-tag: error, DL3020: off, D307: info}\n  exclude: [old]\n  fail-on: error\n")
        write(place, "b/.bulwark.yaml", "lint: {ignore: [D201]}\n")
        report = json.loads(lint("--format", "json", ".", cwd=place, code=1).stdout)
        lab.equal(report["files"], ["a/Dockerfile", "b/Dockerfile"])
        of = {(f["file"], f["rule"]): f["severity"] for f in report["findings"]}
        lab.equal(of.get(("a/Dockerfile", "D201")), "error")
        lab.equal(of.get(("a/Dockerfile", "D307")), "info")
        lab.equal(of.get(("a/Dockerfile", "D601")), None)
        lab.equal(of.get(("b/Dockerfile", "D201")), None)
        lab.equal(of.get(("b/Dockerfile", "D601")), "warning")
        lab.true(("a/Dockerfile", "D601") in {(f["file"], f["rule"]) for f in json.loads(
            lint("--no-config", "--format", "json", ".", cwd=place, code=1).stdout)["findings"]}, "--no-config read a file")
        lint("--severity", "D201=info", "--fail-on", "error", "a/Dockerfile", cwd=place)
        write(place, ".bulwark.yaml", "lint:\n  output: /tmp/x\n")
        done = lint("a/Dockerfile", cwd=place, code=2)
        lab.true(".bulwark.yaml:2:3: lint: output: not for a project's file" in done.stderr, done.stderr)
        write(place, ".bulwark.yaml", "lint:\n  fail-onn: info\n")
        done = lint("a/Dockerfile", cwd=place, code=2)
        lab.true(".bulwark.yaml:2:3: lint: unknown key 'fail-onn'; did you mean fail-on?" in done.stderr, done.stderr)


@lab.test
def a_baseline_leaves_what_is_new():
    with tempfile.TemporaryDirectory() as place:
        path = write(place, "Dockerfile", BAD)
        known = os.path.join(place, "known.json")
        lint("--format", "json", "--output", known, path, code=1)
        lint("--baseline", known, path)
        write(place, "Dockerfile", "# a line more\n" + BAD + "MAINTAINER me <m@example.com>\n")
        lab.equal([r for r in rules(lint("--baseline", known, "--format", "json", path, code=1)) if r == "D111"], ["D111"])
        done = lint("--baseline", path, path, code=2)
        lab.true("Dockerfile" in done.stderr, done.stderr)


@lab.test
def what_is_accepted_is_shown_as_dismissed():
    text = CLEAN.replace("CMD", "# bulwark:ignore shell-form -- a script of ours\nCMD").replace('["true"]', "true")
    with tempfile.TemporaryDirectory() as place:
        path, known = write(place, "Dockerfile", text + "MAINTAINER me <m@example.com>\n"), os.path.join(place, "known.json")
        lint("--format", "json", "--output", known, path, code=1)
        report = json.loads(lint("--baseline", known, "--format", "json", path).stdout)
        lab.equal((report["findings"], report["suppressed"]), ([], len(report["suppressed_findings"])), "in no list but its own")
        sarif = json.loads(lint("--baseline", known, "--format", "sarif", path).stdout)["runs"][0]
        by_rule = {r["ruleId"]: r["suppressions"][0] for r in sarif["results"]}
        lab.equal(by_rule["D110"], {"kind": "inSource", "status": "accepted", "justification": "a script of ours"})
        lab.equal(by_rule["D111"], {"kind": "external", "status": "accepted", "justification": "in the baseline"})
        whole = json.loads(lint("--no-pragmas", "--format", "sarif", path, code=1).stdout)["runs"][0]
        lab.true(not any("suppressions" in r for r in whole["results"]), "nothing is accepted there")

        def ids(run):
            return {(r["ruleId"], r["partialFingerprints"]["bulwark/v1"]) for r in run["results"]}
        lab.equal(ids(sarif), ids(whole), "an accepted finding stays the same finding")


@lab.test
def every_format_is_written():
    with tempfile.TemporaryDirectory() as place:
        path = write(place, "Dockerfile", BAD)
        for name in ("sarif", "gitlab", "sonarqube"):
            lab.true(json.loads(lint("--format", name, path, code=1).stdout), name)
        for name in ("junit", "checkstyle"):
            xml.etree.ElementTree.fromstring(lint("--format", name, path, code=1).stdout)
        for line in lint("--format", "gnu", path, code=1).stdout.splitlines():
            lab.true(line.startswith(path + ":"), line)
        lab.true(lint("--format", "github", path, code=1).stdout.startswith("::"), "github")
        lab.true(lint("--format", "codeclimate", path, code=1).stdout.endswith("\0"), "codeclimate")


@lab.test
def shellcheck_speaks_of_lines_of_the_dockerfile():
    lab.need("shellcheck")
    text = ("FROM debian:12\n"
            "RUN true \\\n  # a comment\n  && echo $x \\\n  && for f in $(ls); do rm é$f; done\n"
            "SHELL [\"/bin/bash\", \"-c\"]\nRUN [[ a == b ]] && echo `id`\n"
            "RUN <<EOF\ntrue\ncd /tmp\nls\nEOF\nUSER 1000\n")
    with tempfile.TemporaryDirectory() as place:
        path = write(place, "Dockerfile", text)
        report = json.loads(lint("--shellcheck", "always", "--format", "json", path, code=1).stdout)
        found = {(f["rule"], f["line"], f["column"]): f for f in report["findings"] if f["rule"].startswith("SC")}
        for wanted in (("SC2086", 4, 11), ("SC2045", 5, 15), ("SC2086", 5, 29), ("SC2006", 7, 26), ("SC2164", 10, 1)):
            lab.true(wanted in found, f"{wanted} is not in {sorted(found)}")
        lab.true(not any(rule.startswith("SC1") for rule, _, _ in found), sorted(found))
        lab.true(not any(rule == "SC3010" for rule, _, _ in found), "[[ is fine in bash")
        lab.equal(found["SC2086", 4, 11]["name"], "shellcheck")
        own = rules(lint("--format", "json", path, code=1))
        lab.true(not any(rule.startswith("SC") for rule in own) and "S602" in own, own)
        lab.true("S602" not in {f["rule"] for f in report["findings"]}, "said once")
        auto = lint("--shellcheck", "auto", "--format", "json", path, code=1).stdout
        lab.equal(json.loads(auto), report, "it is installed")
        left = json.loads(lint("--shellcheck", "always", "--ignore", "SC2086", "--severity", "SC2045=error", "--format", "json", path, code=1).stdout)
        lab.true(not any(f["rule"] == "SC2086" for f in left["findings"]), left)
        lab.true(any(f["rule"] == "SC2045" and f["severity"] == "error" for f in left["findings"]), left)
        write(place, "Dockerfile", text.replace("RUN true", "# hadolint ignore=SC2086\nRUN true"))
        left = rules(lint("--shellcheck", "always", "--format", "json", path, code=1))
        lab.true("SC2086" not in left and "SC2045" in left, left)


@lab.test
def shellcheck_that_is_missing_or_breaks_is_an_error():
    with tempfile.TemporaryDirectory() as place:
        path = write(place, "Dockerfile", CLEAN)
        tool = write(place, "bin/shellcheck", "#!/bin/sh\nexit 3\n")
        for wanted, code in (("there is no shellcheck on PATH", 2), ("it ended with 3", 3), ("shellcheck's answer", 3)):
            done = subprocess.run([lab.BULWARK, "lint", "--no-config", "--shellcheck", "always", path], capture_output=True, text=True, check=False,
                                  env={"PATH": os.path.join(place, "bin")}, timeout=60)
            lab.equal(done.returncode, code, done.stderr)
            lab.true(wanted in done.stderr, done.stderr)
            done = subprocess.run([lab.BULWARK, "lint", "--no-config", path], capture_output=True, text=True, check=False,
                                  env={"PATH": os.path.join(place, "bin")}, timeout=60)
            lab.equal(done.returncode, 0, done.stderr)
            lab.equal("not evaluated: shellcheck: " in done.stdout, code == 3, done.stdout)
            with open(tool, "w", encoding="utf-8") as out:
                out.write("#!/bin/sh\nexit 3\n" if code == 2 else "#!/bin/sh\necho '{\"comments\":'\n")
            os.chmod(tool, 0o755)
            os.chmod(place, 0o755)


@lab.test
def a_reader_that_is_not_fully_confined_is_told_of():
    with tempfile.TemporaryDirectory() as place:
        path = write(place, "Dockerfile", CLEAN)
        write(place, "root/etc/os-release", "ID=debian\n")
        for words in (("lint", path), ("lint", f"rootfs:{place}/root"), ("secrets", path), ("malware", f"rootfs:{place}/root")):
            def run(*more, words=words, **how):
                return subprocess.run([lab.BULWARK, *words, "--no-config", *more], capture_output=True, text=True, check=False, timeout=60, **how)
            refused, gone_on = (run(*more, preexec_fn=lab.without_landlock) for more in ((), ("--allow-unsandboxed",)))
            lab.equal(refused.returncode, 3, refused.stderr)
            told = f"bulwark {words[0]}: warning: the reader was not fully confined; the kernel lacks Landlock\n"
            lab.true(told.lower() in gone_on.stderr.lower(), f"{words}: {gone_on.stderr}")
            whole = run("--allow-unsandboxed")
            lab.true("not fully confined" not in whole.stderr, whole.stderr)
            lab.equal((gone_on.returncode, gone_on.stdout), (whole.returncode, whole.stdout), f"{words}")


lab.main()
