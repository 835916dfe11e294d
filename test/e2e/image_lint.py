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
        with Saved(image(PASSWD + "\nf etc/group root:x:0:\\n", config={"User": user})) as target:
            equal("I101" in rules(lint(target)), root, f"user {user!r}")


@test
def a_name_that_is_not_there_keeps_containers_from_starting():
    layer = PASSWD + "\nf etc/group root:x:0:\\nweb:x:7:\\n"
    for user, missing in (("app", None), ("app:web", None), ("app:7", None), ("app:99", None), ("99:web", None), ("99", None),
                          ("nobody", "user 'nobody'"), ("app:www", "group 'www'"), ("99:www", "group 'www'")):
        with Saved(image(layer, config={"User": user, "Healthcheck": {"Test": ["CMD", "x"]}})) as target:
            found = [(f["severity"], f["message"].split(" is not in")[0]) for f in lint(target)["findings"]]
            equal(found, [("error", missing)] if missing else [], user)
    with Saved(image("d etc\n", config={"User": "root", "Healthcheck": {"Test": ["CMD", "x"]}})) as target:
        equal([f["severity"] for f in of(lint(target), "I101")], ["error"], "root is a name like others")


@test
def a_packed_program_that_no_package_brought_is_told():
    packed = "\\177ELF" + "\\0" * 232 + "UPX!" + "\\0" * 2000
    with Saved(image(PASSWD, f"x srv/a {packed}\nf srv/b {packed}\nx srv/c " + "\\0" * 2000)) as target:
        equal([(f["rule"], f["file"], f["severity"]) for f in lint(target, code=0)["findings"]], [("I307", "/srv/a", "info")], "findings")


@test
def a_tidy_image_says_nothing():
    with Saved(image(PASSWD)) as target:
        report = lint(target, code=0)
        equal(report["findings"], [], "findings")
        equal(report["files"], [target], "files")


@test
def the_summary_speaks_of_an_image():
    with Saved(image(PASSWD)) as target:
        done = lab.run(lab.BULWARK, "lint", target, code=0)
        equal(done.stdout.splitlines()[-1], "1 image: 0 errors, 0 warnings, 0 info, 0 style", "summary")


@test
def a_system_that_nobody_mends_is_named():
    for system, over in (("ID=debian\\nVERSION_ID=10\\n", "2024-06-30"), ("ID=alpine\\nVERSION_ID=3.12.1\\n", "2022-05-01"),
                         ("ID=ubuntu\\nVERSION_ID=99.04\\n", None), ("ID=centos\\nVERSION_ID=10\\n", None), ("ID=debian\\n", None)):
        with Saved(image(PASSWD, f"f etc/os-release {system}")) as target:
            found = of(lint(target), "I103")
            equal(len(found), 1 if over else 0, system)
            if over:
                equal((found[0]["file"], found[0]["severity"]), ("/etc/os-release", "warning"), system)
                true(found[0]["message"].endswith("no updates since " + over), found[0]["message"])


@test
def what_vouches_for_an_image_is_looked_for_where_it_can_lie():
    made = image(PASSWD)
    with tempfile.TemporaryDirectory() as top:
        for ways, lacks in (((), "no signature, no SBOM, no provenance"), (("cosign-tag",), "no SBOM, no provenance"),
                            (("buildkit",), "no signature"), (("bundle", "buildkit"), None),
                            (("cosign-other", "sbom"), "no signature, no provenance")):
            path = os.path.join(top, "-".join(ways) or "none")
            mkimage.oci_layout([made], path, index_edit=mkimage.vouch(*ways))
            mkimage.oci_archive([made], path + ".tar", "gzip", index_edit=mkimage.vouch(*ways))
            for target in ("oci:" + path, f"oci-archive:{path}.tar"):
                report = lint(target, code=0)
                equal([f["message"].split(" lies")[0] for f in report["findings"]], [lacks] if lacks else [], target)
        mkimage.oci_layout([made], top + "/lost", index_edit=mkimage.vouch("lost"))
        report = lint(f"oci:{top}/lost")
        equal((report["findings"], [u["what"] for u in report["not_evaluated"]]),
              ([], ["signature, SBOM and provenance"]), "what cannot be read is not missing")
        mkimage.docker_oci([made], top + "/saved.tar")
        equal(lint(f"archive:{top}/saved.tar")["findings"], [], "docker save cannot hold them")


@test
def names_and_links_that_lead_out_are_told():
    layer = ("d srv\nf ../../srv/up text\nl srv/out -> ../../etc/shadow\nl srv/in -> ../etc/passwd\nl srv/proc -> /proc/self/fd/9\n"
             "l srv/log -> /proc/self/fd/1\nl srv/gone -> /nowhere\nc srv/node\nc dev/node\n")
    with Saved(image(PASSWD + "\n" + layer)) as target:
        found = of(lint(target), "I306")
        equal(sorted(f["file"] for f in found), ["/srv/node", "/srv/out", "/srv/proc", "/srv/up"], "files")


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


KEY = "-----BEGIN PRIVATE KEY-----\\nMIGHAgEAMBMG\\n-----END PRIVATE KEY-----\\n"
HISTORY = [{"created_by": "ADD rootfs.tar / # buildkit"}, {"created_by": "COPY key /root/.ssh/id_rsa # buildkit"},
           {"created_by": "RUN /bin/sh -c rm /root/.ssh/id_rsa # buildkit"}]


def mode(layer, path, bits):
    """The layer with other permission bits for one of its files."""
    import io
    import tarfile
    out = io.BytesIO()
    blob = mkimage.layer_from_lines(layer)
    with tarfile.open(fileobj=io.BytesIO(blob.data)) as tar:
        for info in tar:
            data = tar.extractfile(info).read() if info.isreg() else b""
            info.mode = bits if info.name == path else info.mode
            out.write(info.tobuf(tarfile.PAX_FORMAT) + data + b"\0" * (-len(data) % 512))
    return mkimage.Blob(out.getvalue() + b"\0" * 1024)


@test
def a_key_that_a_later_layer_removed_is_found_with_both_layers():
    made = image(PASSWD, f"f root/.ssh/id_rsa {KEY}", "w root/.ssh/id_rsa", history=HISTORY)
    with Saved(made) as target:
        found = of(lint(target), "I206")
        equal(len(found), 1, "findings")
        equal(found[0]["file"], "/root/.ssh/id_rsa", "file")
        equal(found[0]["layer"], made.plain[1].digest, "layer")
        equal(found[0]["origin"], "COPY key /root/.ssh/id_rsa", "origin")
        true("layer 3 (RUN rm /root/.ssh/id_rsa)" in found[0]["message"], found[0]["message"])
        true("I205" not in rules(lint(target)), "what is gone is not there")


@test
def a_key_that_is_there_is_found_once():
    with Saved(image(PASSWD, f"f root/.ssh/id_rsa {KEY}")) as target:
        equal(rules(lint(target)), {"I205"}, "rules")


@test
def a_program_that_became_setuid_names_the_layer_that_did_it():
    layer = "x usr/bin/tool text"
    made = image(mkimage.layer_from_lines(PASSWD), mkimage.layer_from_lines(layer), mode(layer, "usr/bin/tool", 0o4755),
                 history=HISTORY)
    with Saved(made) as target:
        found = of(lint(target), "I201")
        equal([(f["file"], f["severity"], f["layer"]) for f in found],
              [("/usr/bin/tool", "warning", made.plain[2].digest)], "findings")
        true("lower layer" in found[0]["message"], found[0]["message"])


@test
def accounts_without_password_and_twice_the_same():
    shadow = "f etc/shadow root::1::::::\\napp:!:1::::::\\n"
    passwd = "f etc/passwd root:x:0:0::/:/x\\napp:x:1000:1::/:/x\\nweb:x:1000:1::/:/x\\ntoor:x:0:0::/:/x\\n"
    with Saved(image(mode(shadow, "etc/shadow", 0o640), passwd)) as target:
        report = lint(target, code=1)
        equal(sorted(f["message"].split("'")[1] for f in of(report, "I203")), ["root", "toor"], "I203")
        equal({f["message"].split(" are ")[0] for f in of(report, "I204")}, {"'app' and 'web'", "'root' and 'toor'"}, "I204")


@test
def a_file_capability_comes_through_the_tar():
    import io
    import struct
    import tarfile
    info = tarfile.TarInfo("usr/bin/ping")
    info.mode, info.size = 0o755, 4
    caps = struct.pack("<IIIII", 0x02000001, 1 << 21, 0, 0, 0).decode("latin-1")  # cap_sys_admin
    record = f" SCHILY.xattr.security.capability={caps}\n".encode("latin-1")
    size = len(record) + 2
    head = tarfile.TarInfo("pax")
    head.type, head.size = tarfile.XHDTYPE, size
    body = str(size).encode() + record
    layer = head.tobuf() + body + b"\0" * (-len(body) % 512) + info.tobuf() + b"text" + b"\0" * 508 + b"\0" * 1024
    with Saved(image(PASSWD, mkimage.Blob(layer))) as target:
        found = of(lint(target), "I201")
        true(len(found) == 1 and "cap_sys_admin" in found[0]["message"], f"found {found}")


@test
def an_image_of_the_engine_is_read_with_its_history():
    with lab.engine() as host, tempfile.TemporaryDirectory() as top:
        env = {"DOCKER_HOST": host, "DOCKER_BUILDKIT": "0"}
        for name, text in (("Dockerfile", "FROM scratch\nCOPY passwd /etc/passwd\nCOPY key /srv/tls.key\nCOPY none /srv/tls.key\n"
                                          "WORKDIR /app\nENV DB_PASSWORD=s3cr3t\nUSER 0:0\nENTRYPOINT run\nHEALTHCHECK CMD [\"x\"]\n"),
                           ("passwd", "root:x:0:0::/:/bin/sh\n"), ("key", KEY.replace("\\n", "\n")), ("none", "")):
            with open(os.path.join(top, name), "w", encoding="utf-8") as out:
                out.write(text)
        lab.run("docker", "-H", host, "build", "-t", "web:1", top, env=env)
        done = lab.run(lab.BULWARK, "lint", "--format", "json", "docker:web:1", env=env, code=1)
        report = json.loads(done.stdout)
        equal(rules(report), {"I101", "I104", "I106", "I206"}, "rules")
        true(of(report, "I206")[0]["origin"].startswith("COPY file:"), of(report, "I206")[0]["origin"])
        equal(of(report, "I101")[0]["file"], "history", "where")
        saved = os.path.join(top, "saved.tar")
        lab.run("docker", "-H", host, "save", "-o", saved, "web:1")
        equal(rules(lint("archive:" + saved)), rules(report), "the same as saved")
        rebuilt = lab.run(lab.BULWARK, "image", "history", "docker:web:1", env=env).stdout
        equal([line for line in rebuilt.splitlines() if line and line[0] != "#"][5:],
              ["ENV DB_PASSWORD=s3cr3t", "USER 0:0", "ENTRYPOINT run", 'HEALTHCHECK CMD ["x"]'], "rebuilt")
        equal(rebuilt.count("# layer "), 4, "layers")
        steps = json.loads(lab.run(lab.BULWARK, "image", "history", "--format", "json", "docker:web:1", env=env).stdout)["steps"]
        equal(steps[0]["size"], len("root:x:0:0::/:/bin/sh\n"), "bytes, as the engine tells them")


@test
def a_scan_with_both_scanners_says_what_each_says():
    with Saved(image(PASSWD, f"f root/.ssh/id_rsa {KEY}")) as target:
        database = ("--db", os.path.join(lab.BUILD, "bulwark-snapshot.bwdb"))
        done = lab.run(lab.BULWARK, "scan", *database, "--scanners", "vuln,lint", "--format", "json", target)
        both = json.loads(done.stdout)
        alone = lint(target)
        equal(both["remarks"]["findings"], alone["findings"], "findings of lint")
        true("remarks" not in json.loads(lab.run(lab.BULWARK, "scan", *database, "--format", "json", target).stdout), "not asked for")
        only = lab.run(lab.BULWARK, "scan", "--scanners", "lint", "--format", "json", target)
        equal(json.loads(only.stdout)["findings"], alone["findings"], "without packages")
        scan = (lab.BULWARK, "scan", "--scanners", "lint", "--fail-on")
        lab.run(*scan, "critical", target, code=0)
        lab.run(*scan, "high", target, code=1)
        with tempfile.TemporaryDirectory() as top:
            accepted = os.path.join(top, "accepted.yaml")
            with open(accepted, "w", encoding="utf-8") as out:
                out.write("ignore:\n  - id: I205\n    package: /root/.ssh/id_rsa\n    reason: a test\n")
            lab.run(*scan, "high", "--ignore", accepted, target, code=0)


@test
def a_root_file_system_has_no_settings_to_judge():
    with tempfile.TemporaryDirectory() as top:
        os.makedirs(os.path.join(top, "etc"))
        with open(os.path.join(top, "etc", "passwd"), "w", encoding="utf-8") as out:
            out.write("app::1000:1000::/:/bin/sh\n")
        report = lint("rootfs:" + top, code=1)
        equal(rules(report), {"I203"}, "rules")
        equal([u["what"] for u in report["not_evaluated"]], ["settings and history"], "not evaluated")
        lab.run(lab.BULWARK, "image", "history", "rootfs:" + top, code=2)


if __name__ == "__main__":
    lab.main()
