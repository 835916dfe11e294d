"""Secrets, end to end: folders, standard input, archives, histories, what is known already."""
import base64
import gzip
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib

import lab

sys.path.insert(0, os.path.join(lab.SOURCE, "test", "tools"))
import mkimage  # noqa: E402

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def token(seed):
    """A made-up GitHub token whose checksum is right."""
    body = "".join(random.Random(seed).choices(DIGITS, k=30))
    crc, tail = zlib.crc32(body.encode()), ""
    for _ in range(6):
        tail, crc = DIGITS[crc % 62] + tail, crc // 62
    return f"ghp_{body}{tail}"


def secrets(*words, code=1, stdin=None):
    done = subprocess.run([lab.BULWARK, "secrets", "--format", "json", *map(str, words)], capture_output=True,
                          input=stdin, timeout=300, check=False)
    if done.returncode != code:
        raise AssertionError(f"{words}: exit {done.returncode}, want {code}: {done.stderr.decode()[-1000:]}")
    return json.loads(done.stdout) if done.stdout else {}


def places(report):
    return {(f["rule"], f["file"], f["line"]) for f in report["findings"]}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


def in_folder(test):
    def run():
        with tempfile.TemporaryDirectory() as d:
            test(d)
    run.__name__ = test.__name__
    return lab.test(run)


@in_folder
def a_folder_is_searched_and_nothing_is_given_away(d):
    write(f"{d}/conf/app.ini", f"[a]\nkey = {token(1)}\n")
    write(f"{d}/clean.txt", "nothing here\n")
    report = secrets(d)
    lab.equal(places(report), {("github-pat", f"{d}/conf/app.ini", 2)})
    found = report["findings"][0]
    lab.equal((found["column"], found["confidence"], found["masked"], found["layer"]), (7, "high", "ghp_********", None))
    lab.equal(found["severity"], "error")
    for name in ("text", "json"):
        lab.true(token(1)[4:] not in lab.run(lab.BULWARK, "secrets", "--format", name, d, code=1).stdout,
                 f"{name} prints a secret")
    lab.equal(report["files_read"], 2)


@lab.test
def standard_input_is_searched():
    report = secrets("-", stdin=f"+ export T={token(2)}\n".encode())
    lab.equal(places(report), {("github-pat", "-", 1)})
    lab.equal(secrets("-", stdin=b"nothing\n", code=0)["findings"], [])
    packed = tar_of({"a.gz": gzip.compress(f"t = {token(2)}\n".encode())})
    with subprocess.Popen([lab.BULWARK, "secrets", "--format", "json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        run.stdin.write(packed[:100])
        run.stdin.flush()
        time.sleep(0.2)
        run.stdin.write(packed[100:])
        run.stdin.close()
        lab.equal(places(json.load(run.stdout)), {("github-pat", "-!/a.gz", 1)}, "an archive in pieces")


def tar_of(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as t:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            t.addfile(info, io.BytesIO(text))
    return out.getvalue()


def zip_of(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in members.items():
            z.writestr(name, text)
    return out.getvalue()


@in_folder
def archives_are_opened_and_their_members_named(d):
    secret = f"t = {token(3)}\n".encode()
    write(f"{d}/app.war", zip_of({"WEB-INF/lib/in.jar": zip_of({"conf/k.txt": secret})}))
    write(f"{d}/b.tar.gz", tar_of({"x/y.txt": secret}, "w:gz"))
    write(f"{d}/c.gz", gzip.compress(secret))
    write(f"{d}/d.tar", tar_of({"e.zip": zip_of({"f": secret})}))
    wanted = {"app.war!/WEB-INF/lib/in.jar!/conf/k.txt", "b.tar.gz!/x/y.txt", "c.gz", "d.tar!/e.zip!/f"}
    if subprocess.run(["zstd", "--version"], capture_output=True, check=False).returncode == 0:
        write(f"{d}/g.zst", subprocess.run(["zstd", "-qc"], input=secret, capture_output=True, check=True).stdout)
        wanted.add("g.zst")
    lab.equal(places(secrets(d)), {("github-pat", f"{d}/{w}", 1) for w in wanted})


@in_folder
def a_bomb_ends_and_is_told(d):
    write(f"{d}/bomb.gz", gzip.compress(bytes(1 << 30) + b"x"))
    report = secrets(d, code=0)
    lab.equal([u["what"] for u in report["not_evaluated"]], [f"{d}/bomb.gz"])
    head = tarfile.TarInfo("x")
    head.size, head.type = 1 << 40, b"V"
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    skipped = pack.compress(head.tobuf()) + b"".join(pack.compress(bytes(1 << 24)) for _ in range(24)) + pack.flush()
    write(f"{d}/bomb.gz", gzip.compress(skipped))
    report = secrets(d, code=0)
    lab.true("bomb" in report["not_evaluated"][0]["why"], "what is skipped is unpacked, too")
    deep = f"t = {token(4)}".encode()
    for _ in range(9):
        deep = gzip.compress(deep)
    write(f"{d}/bomb.gz", deep)
    report = secrets(d, code=0)
    lab.equal([u["what"] for u in report["not_evaluated"]], [f"{d}/bomb.gz"], "too deep")


@in_folder
def what_is_encoded_is_decoded(d):
    text = base64.b64encode(f"user:x\ntoken: {token(5)}\n".encode()).decode()
    write(f"{d}/secret.yaml", f"data:\n  conf: {text}\n")
    found = secrets(d)["findings"]
    lab.equal([(f["rule"], f["line"]) for f in found], [("github-pat", 2)])
    lab.true("in base64" in found[0]["message"], found[0]["message"])


@in_folder
def pragmas_baselines_and_exclusions_are_heeded(d):
    write(f"{d}/a.txt", f"t = {token(6)} # gitleaks:allow\nu = {token(7)} # bulwark:allow\n")
    lab.equal(secrets(d, code=0)["findings"], [])
    write(f"{d}/b.txt", f"t = {token(8)}\n")
    known = secrets(d)
    write(f"{d}/known.json", json.dumps(known))
    again = secrets("--baseline", f"{d}/known.json", d, code=0)
    lab.equal((again["findings"], again["suppressed"]), ([], 1))
    lab.equal([(f["file"], f["accepted"]) for f in again["suppressed_findings"]], [(f"{d}/b.txt", "in the baseline")])
    again = secrets("--baseline", f"{d}/known.json", f"{d}/../{os.path.basename(d)}", code=0)
    lab.equal(again["suppressed"], 1, "by another name of the same folder")
    write(f"{d}/b.txt", f"t = {token(9)}\n")
    lab.equal(len(secrets("--baseline", f"{d}/known.json", d)["findings"]), 1, "another value is news")
    lab.equal(secrets("--exclude", "b.txt", d, code=0)["findings"], [])


@in_folder
def files_as_a_package_brought_them_are_no_leak(d):
    text = f"t = {token(10)}\n"
    write(f"{d}/usr/lib/x/test.key", text)
    write(f"{d}/usr/lib/x/copy.key", text)
    write(f"{d}/usr/lib/x/changed.key", f"t = {token(11)}\n")
    sum_of = hashlib.md5(text.encode()).hexdigest()
    write(f"{d}/var/lib/dpkg/info/x.md5sums", f"{sum_of}  usr/lib/x/test.key\n{sum_of}  usr/lib/x/changed.key\n")
    report = secrets(d)
    lab.equal(places(report), {("github-pat", f"{d}/usr/lib/x/changed.key", 1)})
    lab.equal(report["suppressed"], 2, "the file, and a copy of its value")


@in_folder
def what_cannot_be_listed_is_told(d):
    if os.getuid() != 0:
        raise lab.Skip("only root may read as somebody else")
    lab.need("setpriv")
    os.chmod(d, 0o755)
    write(f"{d}/listed/a", f"t = {token(40)}\n")
    write(f"{d}/sealed/a", f"t = {token(41)}\n")
    os.chmod(f"{d}/listed", 0o744)
    os.chmod(f"{d}/sealed", 0o700)
    done = lab.run("setpriv", "--reuid=65534", "--clear-groups", lab.BULWARK, "secrets", "--no-config", "--format", "json", d)
    lab.equal({u["what"] for u in json.loads(done.stdout)["not_evaluated"]}, {f"{d}/listed/a", f"{d}/sealed"})


@in_folder
def files_of_the_user_that_are_wrong_are_named(d):
    write(f"{d}/rules", "rule x\nnonsense y\n")
    write(f"{d}/pattern", "rule x\nprovider y\nabout z\nkeyword abc\npattern abc(\n")
    write(f"{d}/known", "{")
    for option, name in (("--rules", "rules"), ("--rules", "pattern"), ("--baseline", "known")):
        lab.true(f"{d}/{name}: " in lab.run(lab.BULWARK, "secrets", option, f"{d}/{name}", d, code=2).stderr, name)
    lab.true("/no: No such file" in lab.run(lab.BULWARK, "secrets", "--git", f"{d}/no", code=3).stderr, "no folder")


def git(d, *words):
    subprocess.run(["git", "-C", d, "-c", "user.name=a", "-c", "user.email=a@example.org", *words], check=True,
                   capture_output=True, env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"})


@in_folder
def the_history_of_a_repository_is_searched(d):
    lab.need("git")
    git(d, "init", "-q")
    write(f"{d}/a/conf", f"t = {token(12)}\n")
    git(d, "add", ".")
    git(d, "commit", "-qm", "one", "--date", "2024-05-06T07:08:09Z")
    first = lab.run("git", "-C", d, "rev-parse", "HEAD").stdout.strip()
    write(f"{d}/a/conf", f"more\nt = {token(12)}\n")
    git(d, "commit", "-qam", "two")
    git(d, "rm", "-q", "a/conf")
    git(d, "commit", "-qm", f"three, and {token(13)}")
    git(d, "checkout", "-qb", "other")
    write(f"{d}/b", f"t = {token(14)}\n")
    git(d, "add", ".")
    git(d, "commit", "-qm", "four")
    git(d, "tag", "-am", "tagged", "v1")
    git(d, "checkout", "-q", "-")
    git(d, "branch", "-qD", "other")
    for packed in (False, True):
        if packed:
            git(d, "gc", "-q")
        report = secrets("--git", d)
        lab.equal({(f["rule"], f["file"]) for f in report["findings"]},
                  {("github-pat", "a/conf"), ("github-pat", "COMMIT_MESSAGE"), ("github-pat", "b")}, f"packed: {packed}")
        lab.equal(report["not_evaluated"], [])
        conf = [f for f in report["findings"] if f["file"] == "a/conf"][0]
        lab.equal((conf["commit"], conf["date"], conf["line"]), (first, "2024-05-06T07:08:09Z", 1))


@in_folder
def what_leaves_the_samples_is_read_again(d):
    lab.need("git")
    git(d, "init", "-q")
    text = "key: AKIA" + "Q3EGTFS4WVB7J2XK" + "\n"
    write(f"{d}/docs/sub/app.example.env", text)
    git(d, "add", ".")
    git(d, "commit", "-qm", "one")
    os.makedirs(f"{d}/live")
    os.rename(f"{d}/docs/sub", f"{d}/live/sub")
    os.rename(f"{d}/live/sub/app.example.env", f"{d}/live/sub/app.env")
    write(f"{d}/more/tests/a.env", text.replace("Q3", "Q5"))
    git(d, "add", ".")
    git(d, "commit", "-qm", "two")
    os.rename(f"{d}/more/tests", f"{d}/more/prod")
    git(d, "add", ".")
    git(d, "commit", "-qm", "three")
    lab.equal({f["file"] for f in secrets("--git", d)["findings"]}, {"live/sub/app.env", "more/prod/a.env"})


@in_folder
def references_that_cannot_be_followed_are_told(d):
    lab.need("git")
    git(d, "init", "-q")
    write(f"{d}/a", "x\n")
    git(d, "add", ".")
    git(d, "commit", "-qm", "one")
    write(f"{d}/.git/refs/heads/torn", "")
    lab.equal([u["what"] for u in secrets("--git", d, code=0)["not_evaluated"]], ["history"])
    os.unlink(f"{d}/.git/refs/heads/torn")
    os.symlink("/etc/hostname", f"{d}/.git/packed-refs")
    lab.true("packed-refs: a link" in lab.run(lab.BULWARK, "secrets", "--git", d, code=3).stderr, "a link")


@in_folder
def a_repository_that_borrows_says_so(d):
    lab.need("git")
    os.makedirs(f"{d}/whole")
    git(f"{d}/whole", "init", "-q")
    write(f"{d}/whole/a", f"t = {token(17)}\n")
    git(f"{d}/whole", "add", ".")
    git(f"{d}/whole", "commit", "-qm", "one")
    git(d, "clone", "-q", "--bare", f"{d}/whole", f"{d}/bare")
    lab.equal(len(secrets("--git", f"{d}/bare")["findings"]), 1, "a bare one")
    git(d, "clone", "-q", "--shared", f"{d}/whole", f"{d}/borrows")
    report = lab.run(lab.BULWARK, "secrets", "--git", f"{d}/borrows", code=None)
    lab.true("git repack" in report.stderr or "not evaluated" in report.stdout, report)


@in_folder
def a_hostile_repository_runs_nothing(d):
    lab.need("git")
    git(d, "init", "-q")
    write(f"{d}/a", f"t = {token(15)}\n")
    git(d, "add", ".")
    git(d, "commit", "-qm", "one")
    trap = f"touch {d}/ran"
    with open(f"{d}/.git/config", "a", encoding="utf-8") as f:
        f.write(f"[core]\n\tfsmonitor = {trap}\n\tsshCommand = {trap}\n\tworktree = /\n\tpager = {trap}\n"
                f"[filter \"x\"]\n\tsmudge = {trap}\n[include]\n\tpath = /etc/shadow\n")
    write(f"{d}/.git/info/attributes", "* filter=x diff=x\n")
    write(f"{d}/.git/objects/info/alternates", "/root\n../../../../../../etc\n")
    os.chown(f"{d}/.git", 12345, 12345) if os.getuid() == 0 else None
    lab.equal(len(secrets("--git", d)["findings"]), 1)
    lab.true(not os.path.exists(f"{d}/ran"), "something was run")


@in_folder
def a_repository_that_cannot_be_read_is_never_clean(d):
    lab.need("git")
    lab.true("no repository" in lab.run(lab.BULWARK, "secrets", "--git", d, code=3).stderr, "an empty folder")
    os.makedirs(f"{d}/r")
    git(f"{d}/r", "init", "-q")
    write(f"{d}/r/a", f"t = {token(16)}\n")
    git(f"{d}/r", "add", ".")
    git(f"{d}/r", "commit", "-qm", "one")
    blob = lab.run("git", "-C", f"{d}/r", "rev-parse", "HEAD:a").stdout.strip()
    os.unlink(f"{d}/r/.git/objects/{blob[:2]}/{blob[2:]}")
    report = secrets("--git", f"{d}/r", code=0)
    lab.equal([u["what"] for u in report["not_evaluated"]], ["a"])
    os.makedirs(f"{d}/long")
    if subprocess.run(["git", "-C", f"{d}/long", "init", "-q", "--object-format=sha256"], check=False,
                      capture_output=True).returncode == 0:
        write(f"{d}/long/a", "x\n")
        git(f"{d}/long", "add", ".")
        git(f"{d}/long", "commit", "-qm", "one")
        lab.true("SHA-256" in lab.run(lab.BULWARK, "secrets", "--git", f"{d}/long", code=3).stderr, "SHA-256 names")


def image_of(*layers, **more):
    def edit(config):
        config["config"].update(more.get("settings", {}))
        if "history" in more:
            config["history"] = more["history"]
        return config
    return mkimage.Image(*layers, tag="web:1", config=edit)


@in_folder
def every_layer_of_an_image_is_searched(d):
    write(f"{d}/in.jar", zip_of({"k": token(24).encode()}))
    own = f"t = {token(20)}\\n"
    sums = hashlib.md5(f"t = {token(20)}\n".encode()).hexdigest()
    made = image_of(
        f"f app/deleted.env T={token(21)}\nf app/stays.env T={token(22)}\nf app/replaced x {token(23)}\n"
        f"f usr/lib/p/test.key {own}\nf var/lib/dpkg/info/p.md5sums {sums}  usr/lib/p/test.key\\n\n"
        "f var/lib/dpkg/status Package: p\\nStatus: install ok installed\\nVersion: 1\\n",
        f"w app/deleted.env\nf app/replaced nothing\nf app/stays.env T={token(22)}\n",
        f"f in.jar @{d}/in.jar\n")
    mkimage.docker_archive(made, f"{d}/image.tar")
    mkimage.oci_layout([made], f"{d}/layout")
    report = secrets(f"archive:{d}/image.tar")
    layers = [x.digest for x in made.plain]
    lab.equal({(f["file"], f["layer"]) for f in report["findings"]},
              {("/app/deleted.env", layers[0]), ("/app/stays.env", layers[0]), ("/app/replaced", layers[0]),
               ("/in.jar!/k", layers[2])})
    lab.equal(report["suppressed"], 1, "the package's own file")
    deleted = [f for f in report["findings"] if f["file"] == "/app/deleted.env"][0]
    lab.true("layer 2 removed" in deleted["message"], deleted["message"])
    again = secrets(f"oci:{d}/layout")
    lab.equal(again["findings"], report["findings"], "the same from a layout")


@in_folder
def an_engine_s_image_is_searched_in_place(d):
    made = image_of(f"f app/deleted.env T={token(30)}\n", "w app/deleted.env\n")
    mkimage.docker_archive(made, f"{d}/image.tar")
    with lab.engine() as host:
        lab.run("docker", "-H", host, "load", "-i", f"{d}/image.tar")
        done = lab.run(lab.BULWARK, "secrets", "--format", "json", "docker:web:1", code=1, env={"DOCKER_HOST": host})
        lab.equal({(f["rule"], f["file"], f["layer"]) for f in json.loads(done.stdout)["findings"]},
                  {("github-pat", "/app/deleted.env", made.plain[0].digest)})


@in_folder
def a_scan_takes_secrets_and_malware_along(d):
    made = image_of(f"f a.env T={token(31)}\nf etc/ld.so.preload /lib/x.so\n")
    mkimage.docker_archive(made, f"{d}/image.tar")
    done = lab.run(lab.BULWARK, "scan", "--scanners", "secrets,malware", "--format", "json", f"archive:{d}/image.tar", code=None)
    lab.equal({(f["rule"], f["file"]) for f in json.loads(done.stdout)["findings"]},
              {("github-pat", "/a.env"), ("preload-file", "/etc/ld.so.preload")})


@in_folder
def what_an_image_says_of_itself_is_searched(d):
    made = image_of("f a b\n", settings={"Env": [f"GH={token(25)}"], "Labels": {"x": token(26)}},
                    history=[{"created_by": f"RUN |1 T={token(27)} /bin/sh -c make"}])
    mkimage.docker_archive(made, f"{d}/image.tar")
    report = secrets(f"archive:{d}/image.tar")
    lab.equal({f["file"] for f in report["findings"]},
              {"image config: environment", "image config: labels", "image config: history"})


@in_folder
def no_format_gives_away_what_made_a_layer(d):
    write(f"{d}/eicar", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*")
    made = image_of(f"f a.env T={token(28)}\nf e.com @{d}/eicar\n", history=[{"created_by": f"RUN |1 K={token(29)} /bin/sh -c make"}])
    mkimage.docker_archive(made, f"{d}/image.tar")
    for format_ in ("text", "json", "sarif", "junit", "checkstyle", "gitlab", "codeclimate", "github", "sonarqube", "gnu"):
        for command in ("secrets", "malware"):
            done = lab.run(lab.BULWARK, command, "--format", format_, f"archive:{d}/image.tar", code=1)
            lab.true(token(29)[4:] not in done.stdout + done.stderr, f"{command}: {format_}")
    done = lab.run(lab.BULWARK, "scan", "--scanners", "lint,secrets,malware", f"archive:{d}/image.tar", code=None)
    lab.true("K=ghp_****" in done.stdout and token(29)[4:] not in done.stdout, done.stdout)
    done = lab.run(lab.BULWARK, "scan", "--allow-stale", "--scanners", "vuln,secrets", "--format", "json", f"archive:{d}/image.tar", code=None)
    lab.true(token(29)[4:] not in done.stdout, "the layers of a scan")


@in_folder
def a_root_file_system_is_an_image_too(d):
    write(f"{d}/root/etc/os-release", "ID=x\n")
    write(f"{d}/root/app/a.env", f"T={token(28)}\n")
    lab.equal(places(secrets(f"rootfs:{d}/root")), {("github-pat", "/app/a.env", 1)})


if __name__ == "__main__":
    lab.main()
