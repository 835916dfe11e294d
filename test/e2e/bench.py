"""bench - the benchmark of a real engine, of containers whose truth is known by how they were made."""
import contextlib
import glob
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab
from lab import equal, test, true

def bench(host, *options, code=0, env=None, **how):
    """The JSON report: {id: check}."""
    words = ["--engine", host] if host else []
    done = lab.run(lab.BULWARK, "bench", *words, "--format", "json", *options, code=code, env=env, **how)
    return {check["id"]: check for check in json.loads(done.stdout)["checks"]}


def named(check):
    return {item["name"] for item in check["items"]}


# ---- containers ----

# name: (how it is made, is it started, the checks that have to name it besides the usual)
USUAL = {"B401", "B511", "B512", "B513", "B519", "B526", "B527", "B529", "B531", "B543"}  # a container made without a thought


def fixtures(home):
    """(name, options, started, what more it has to be named by, what it has not to be named by)."""
    return (
        ("plain", (), True, set(), set()),
        ("user00", ("--user", "0:0"), True, set(), set()),
        ("rootroot", ("--user", "root:root"), True, set(), set()),
        ("user00-new", ("--user", "00:0"), False, set(), set()),
        ("web", ("--user", "web", "--label", "team=a"), True, set(), {"B401"}),
        ("always", ("--restart", "always"), True, {"B515"}, set()),
        ("unless", ("--restart", "unless-stopped"), True, {"B515"}, set()),
        ("five", ("--restart", "on-failure:5"), True, set(), set()),
        ("six", ("--restart", "on-failure:6"), True, {"B515"}, set()),
        ("nnp-false", ("--security-opt", "no-new-privileges:false"), True, set(), set()),
        ("nnp", ("--security-opt", "no-new-privileges"), True, set(), {"B526"}),
        ("etc-ro", ("-v", "/etc:/host-etc:ro", "-v", "data:/data"), True, set(), set()),
        ("etc-rw", ("-v", "/etc:/host-etc"), False, {"B506"}, set()),
        ("run", ("-v", "/run:/host-run:ro"), True, {"B532"}, set()),
        ("root-dir", ("-v", "/root:/host-root"), False, {"B506"}, set()),
        ("through-link", ("-v", f"{home}/to-etc:/x"), False, {"B506"}, set()),
        ("through-volume", ("-v", "bound:/x"), False, {"B506"}, set()),
        ("target-etc", ("-v", f"{home}:/etc"), True, set(), set()),
        ("host-root", ("-v", "/:/host:rw"), False, {"B506", "B532"}, set()),
        ("own-socket", ("-v", f"{home}/engine:/x:ro"), False, {"B532"}, set()),
        ("port-1024", ("--network", "bridge", "-p", "127.0.0.1:1024:80"), False, {"B509", "B530"}, set()),
        ("port-v6", ("--network", "bridge", "-p", "[::1]:8080:80"), False, {"B509", "B530"}, set()),
        ("port-80", ("--network", "bridge", "-p", "80:80"), False, {"B508", "B509", "B514", "B530"}, set()),
        ("port-v6-any", ("--network", "bridge", "-p", "[::]:8081:80"), False, {"B509", "B514", "B530"}, set()),
        ("port-any", ("--network", "bridge", "-p", "127.0.0.1::80"), False, {"B509", "B530"}, set()),
        ("sys-admin", ("--cap-add", "SYS_ADMIN"), True, {"B504", "B541"}, set()),
        ("few", ("--cap-drop", "ALL", "--cap-add", "NET_ADMIN"), True, {"B504"}, {"B543"}),
        ("fewer", ("--cap-drop", "ALL", "--cap-add", "CHOWN"), True, set(), {"B543"}),
        ("label", ("--security-opt", "label=disable"), True, set(), set()),
        ("pid-other", ("--pid", "container:plain"), True, {"B516"}, set()),
        ("ipc-host", ("--ipc", "host"), True, {"B517"}, set()),
        ("uts-host", ("--uts", "host"), True, {"B521"}, set()),
        ("pid-host", ("--pid", "host"), True, {"B516"}, set()),
        ("net-host", ("--network", "host"), True, {"B510"}, set()),
        ("net-of-host", ("--network", "container:net-host"), True, {"B510"}, set()),
        ("net-of-plain", ("--network", "container:plain"), True, set(), set()),
        ("health", ("--health-cmd", "true"), True, set(), {"B527"}),
        ("limits", ("--cpus", "0.5", "--memory", "64m", "--pids-limit", "50", "--read-only", "--ulimit", "nofile=64"),
         True, set(), {"B511", "B512", "B529", "B513", "B519"}),
        ("group", ("--cgroup-parent", "/bulwark-bench"), True, {"B525"}, set()),
        ("quota", ("--cpu-quota", "20000"), True, set(), {"B512"}),
        ("set", ("--cpuset-cpus", "0"), True, set(), {"B512"}),
        ("device", ("--device", "/dev/null:/dev/x"), True, {"B518"}, set()),
        ("device-rule", ("--device-cgroup-rule", "c 1:3 r"), True, {"B518"}, set()),
        ("unfiltered", ("--security-opt", "seccomp=unconfined"), True, {"B522"}, set()),
        ("open-paths", ("--security-opt", "systempaths=unconfined"), True, {"B542"}, set()),
        ("shared", ("-v", f"{home}/shared:/x:rshared"), True, {"B520"}, set()),
        ("privileged", ("--privileged",), False, {"B504", "B505", "B518", "B522", "B541"}, set()),
        ("privileged-nnp", ("--privileged", "--security-opt", "no-new-privileges"), False,
         {"B504", "B505", "B518", "B522", "B541"}, {"B526"}),
    )


JUDGED = USUAL | {"B504", "B505", "B506", "B508", "B509", "B510", "B514", "B515", "B516", "B517", "B518", "B520", "B521", "B522",
                  "B525", "B530", "B532", "B541", "B542"}


def make(host, home):
    docker = ("docker", "-H", host)
    os.symlink("/etc", f"{home}/to-etc")
    os.makedirs(f"{home}/shared")
    lab.run("mount", "--bind", f"{home}/shared", f"{home}/shared")
    lab.run("mount", "--make-shared", f"{home}/shared")
    os.symlink(os.path.dirname(host[len("unix://"):]), f"{home}/engine")
    lab.tiny_image(host)
    lab.run(*docker, "volume", "create", "--opt", "type=none", "--opt", "o=bind", "--opt", "device=/etc", "bound")
    for name, options, started, _, _ in fixtures(home):
        network = () if "--network" in options else ("--network", "none")
        verb = ("run", "-d") if started else ("create",)
        lab.run(*docker, *verb, "--name", name, *network, *options, "tiny:1", "sleep", "9999")


@contextlib.contextmanager
def containers():
    """An engine with all the fixtures; yields its DOCKER_HOST and their directory."""
    home = tempfile.mkdtemp(prefix="bulwark-bench-")
    try:
        with lab.engine() as host:
            make(host, home)
            try:
                yield host, home
            finally:
                stop_all(host)
    finally:
        subprocess.run(["umount", f"{home}/shared"], capture_output=True, check=False)
        lab.run("rm", "-rf", home)


def stop_all(host):
    ids = lab.run("docker", "-H", host, "ps", "-aq").stdout.split()
    subprocess.run(["docker", "-H", host, "rm", "-f", *ids], capture_output=True, check=False)


@test
def every_container_is_judged_as_it_was_made():
    with containers() as (host, home):
        got = bench(host)
        for check in sorted(JUDGED):
            want = {name for name, _, _, more, less in fixtures(home) if check in (USUAL | more) - less}
            equal(named(got[check]), want, check)
            true(got[check]["subjects"] == len(fixtures(home)), f"{check}: {got[check]['subjects']} subjects")
        a_sshd_is_found(host)
        choosing(host)


def a_sshd_is_found(host):
    equal(bench(host)["B507"]["outcome"], "PASS", "no sshd")
    lab.run("docker", "-H", host, "run", "-d", "--name", "ssh", "--network", "none", "tiny:1", "/bin/sshd")
    lab.run("docker", "-H", host, "run", "-d", "--name", "sees-ssh", "--network", "none", "--pid", "host", "tiny:1", "sleep", "9999")
    equal(named(bench(host)["B507"]), {"ssh"}, "sshd")


def choosing(host):
    got = bench(host, "--container", "priv*", "--section", "runtime")
    equal(named(got["B505"]), {"privileged", "privileged-nnp"}, "--container")
    equal({check["section"] for check in got.values()}, {"runtime"}, "--section")
    equal(set(bench(host, "--check", "5.5,B202,icc")), {"B505", "B202"}, "--check")
    equal(set(bench(host, "--benchmark", "1.6.0", "--check", "2.7")), {"B207"}, "2.7 of 1.6.0")
    equal(set(bench(host, "--check", "2.7")), {"B219"}, "2.7 of 1.8.0")
    true("B505" not in bench(host, "--exclude", "5.5"), "--exclude")
    for label, subjects in (("team=a", 1), ("team", 1), ("team=b", 0), ("team,other", 0)):
        equal(bench(host, "--label", label)["B511"]["subjects"], subjects, f"--label {label}")
    lab.run(lab.BULWARK, "bench", "-H", host, "--level", "3", code=2)
    true(all(check["level"] != 2 for check in bench(host, "--level", "1").values()), "--level")


# ---- images ----

IMAGES = {  # a Dockerfile: the checks that have to name it
    "stale": ("RUN apt-get update || true", {"B406", "B407", "B441"}),
    "stale-in-bash": ('SHELL ["/bin/sh", "-e", "-c"]\nRUN apk update || true', {"B406", "B407", "B441"}),
    "fresh": ("RUN (apt-get update && apt-get install -y x) || true", {"B406", "B441"}),
    "words": ("RUN echo apt-get update", {"B406", "B441"}),
    "adds": ("ADD file /x", {"B406", "B409", "B441"}),
    "copies": ("COPY file /ADD", {"B406", "B441"}),
    "healthy": ("HEALTHCHECK CMD true\nUSER 1000:0", set()),
    "not-healthy": ("HEALTHCHECK CMD true\nHEALTHCHECK NONE\nUSER 00:5", {"B406", "B441"}),
    "web-user": ("USER web", {"B406"}),
}


@test
def images_are_judged_by_their_settings_and_history():
    with lab.engine() as host, tempfile.TemporaryDirectory() as home:
        lab.tiny_image(host)
        docker = ("docker", "-H", host)
        for name, (text, _) in IMAGES.items():
            put(home, "Dockerfile", f"FROM tiny:1\n{text}\n")
            put(home, "file", name)
            lab.run(*docker, "build", "--network", "none", "-t", f"{name}:1", home, env={"DOCKER_BUILDKIT": "0"})
        lab.run(*docker, "create", "--name", "old", "words:1", "sleep", "9")
        lab.run(*docker, "create", "--name", "new", "copies:1", "sleep", "9")
        lab.run(*docker, "tag", "adds:1", "words:1")
        got = bench(host)
        for check in ("B406", "B407", "B409", "B441"):
            equal({name.split(":")[0] for name in named(got[check]) if name[:6] != "tiny:1" and ":" in name} - {"words"},
                  {name for name, (_, checks) in IMAGES.items() if check in checks} - {"words"}, check)
        equal(named(got["B528"]), {"old"}, "a tag that moved")
        equal(named(bench(host, "--image", "adds*")["B409"]), {"adds:1"}, "--image")
        trust = bench(host, "--check", "4.5", env={"DOCKER_CONTENT_TRUST": "1"})
        equal(trust["B405"]["outcome"], "PASS", "content trust")
        stop_all(host)


# ---- engines ----

def outcomes(checks, **want):
    """`want`: {id: outcome}, or (outcome, a word of its source)."""
    for check, expected in want.items():
        outcome, source = expected if isinstance(expected, tuple) else (expected, "")
        equal(checks[check]["outcome"], outcome, f"{check} ({checks[check]['seen']})")
        true(source in (checks[check]["source"] or ""), f"{check}: source {checks[check]['source']}, want {source}")


@test
def arguments_decide_and_nobody_elses():
    """B2: a process that only looks like the engine; one with the engine's name that listens elsewhere."""
    with tempfile.TemporaryDirectory() as home:
        shutil.copy(shutil.which("sleep"), f"{home}/dockerd")
        os.chmod(home, 0o755)
        spoofs = [subprocess.Popen(["bash", "-c", "exec -a 'dockerd --icc=false --userns-remap=default --no-new-privileges' sleep 99"]),
                  subprocess.Popen([f"{home}/dockerd", "99"], user=65534)]
        try:
            with lab.engine("--log-level=debug", "--label", "--userland-proxy=false", config={"live-restore": True}) as host:
                got = bench(host)
        finally:
            for spoof in spoofs:
                spoof.kill()
                spoof.wait()
    outcomes(got, B203=("WARN", "argv of dockerd"), B204=("WARN", "argv"), B209="WARN", B214="WARN", B215=("PASS", "GET /info"),
             B216=("WARN", "default"),  # "--userland-proxy=false" is the label's value
             B213="WARN", B208="INFO", B210="PASS", B207=("PASS", "/proc/PID/net"), B241="PASS", B201="INFO", B218="PASS")


@test
def the_file_that_the_engine_names_is_read():
    """By a path from where it was started; and one that is gone since is not taken for no settings."""
    with tempfile.TemporaryDirectory() as home:
        put(home, "mine.json", '{"log-level": "debug"}')
        with lab.engine("--config-file", "mine.json", prefix=("env", "--chdir", home)) as host:
            outcomes(bench(host), B203=("WARN", f"{home}/mine.json"), B317="PASS")
            os.unlink(f"{home}/mine.json")
            outcomes(bench(host), B203="ERROR", B216="ERROR", B241="WARN")


@contextlib.contextmanager
def remap_user():
    """The user that dockerd makes for userns-remap is gone afterwards, unless it was there before."""
    there = subprocess.run(["getent", "passwd", "dockremap"], capture_output=True, check=False).returncode == 0
    try:
        yield
    finally:
        if not there:
            for program in ("userdel", "groupdel"):
                subprocess.run([program, "dockremap"], capture_output=True, check=False)


GOOD = {"no-new-privileges": True, "live-restore": True, "userland-proxy": False, "log-driver": "local",
        "default-ulimits": {"nofile": {"Name": "nofile", "Hard": 1024, "Soft": 512}}, "log-level": "info"}


@test
def a_hardened_engine_and_one_that_remaps():
    with remap_user(), lab.engine(config={**GOOD, "userns-remap": "default", "cgroup-parent": "/bulwark-parent",
                                          "insecure-registries": ["10.9.8.7:5000"]}) as host:
        lab.tiny_image(host)
        docker = ("docker", "-H", host, "run", "-d", "--network", "none")
        lab.run(*docker, "--name", "remapped", "tiny:1", "sleep", "9999")
        lab.run(*docker, "--name", "not-remapped", "--userns", "host", "tiny:1", "sleep", "9999")
        got = bench(host)
        stop_all(host)
    outcomes(got, B209=("PASS", "GET /info"), B214=("PASS", "daemon.json"), B215="PASS", B216=("PASS", "daemon.json"), B203="PASS",
             B208=("PASS", "daemon.json"), B210=("WARN", "daemon.json"), B205=("WARN", "GET /info"), B213="WARN", B217="PASS",
             B526=("PASS", "/proc/PID"), B519="PASS", B525="PASS")
    equal(named(got["B531"]), {"not-remapped"}, "user namespaces")
    equal(named(got["B401"]), {"remapped", "not-remapped"}, "root")
    equal(named(got["B205"]), {"10.9.8.7:5000"}, "registries")
    true(any("remapped to another user" in item["seen"] for item in got["B401"]["items"]), "root of a container is somebody else")


def certificates(home):
    """An authority, and a certificate for the server and one for the client, signed by it."""
    def openssl(*words):
        lab.run("openssl", *words)
    lab.need("openssl")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=lab", "-keyout", f"{home}/ca-key.pem",
            "-out", f"{home}/ca.pem")
    for name, usage in (("server", "serverAuth"), ("client", "clientAuth")):
        with open(f"{home}/{name}.ext", "w", encoding="utf-8") as out:
            out.write(f"subjectAltName=IP:127.0.0.1\nextendedKeyUsage={usage}\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{home}/{name}-key.pem",
                "-out", f"{home}/{name}.csr")
        openssl("x509", "-req", "-days", "2", "-in", f"{home}/{name}.csr", "-CA", f"{home}/ca.pem", "-CAkey", f"{home}/ca-key.pem",
                "-CAcreateserial", "-extfile", f"{home}/{name}.ext", "-out", f"{home}/{name}-cert.pem")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@test
def tcp_with_verified_tls():
    with tempfile.TemporaryDirectory() as home:
        certificates(home)
        for name, mode in (("ca.pem", 0o444), ("server-cert.pem", 0o466), ("server-key.pem", 0o440)):
            os.chmod(f"{home}/{name}", mode)
        os.chown(f"{home}/ca.pem", 65534, 0)
        port = free_port()
        url = f"tcp://127.0.0.1:{port}"
        files = ("--tlscacert", f"{home}/ca.pem", "--tlscert", f"{home}/client-cert.pem", "--tlskey", f"{home}/client-key.pem")
        with lab.engine("-H", url, "--tlsverify", f"--tlscacert={home}/ca.pem", f"--tlscert={home}/server-cert.pem",
                        f"--tlskey={home}/server-key.pem") as host:
            got, far = bench(host), bench(url, *files)
            os.makedirs(f"{home}/client")
            for there, here in (("ca.pem", "ca.pem"), ("client-cert.pem", "cert.pem"), ("client-key.pem", "key.pem")):
                os.symlink(f"{home}/{there}", f"{home}/client/{here}")
            env = {"DOCKER_HOST": url, "DOCKER_CERT_PATH": f"{home}/client"}
            equal(set(bench(None, env=env)), set(got), "by the environment")
            env = {"DOCKER_CONFIG": f"{home}/config", "DOCKER_CONTEXT": "far"}
            keys = ",".join(f"{word}={home}/client/{word}.pem" for word in ("ca", "cert", "key"))
            lab.run("docker", "context", "create", "far", "--docker", f"host={url},{keys}", env={"DOCKER_CONFIG": f"{home}/config"})
            equal(set(bench(None, env=env)), set(got), "by a context of docker")
            [key] = glob.glob(f"{home}/config/contexts/tls/*/docker/key.pem")
            os.unlink(key)
            refused = lab.run(lab.BULWARK, "bench", code=2, env=env)
            true("belong together" in refused.stderr, refused.stderr)
            refused = lab.run(lab.BULWARK, "bench", "-H", url, "--tlscacert", f"{home}/ca.pem", code=3)
            true("certificate" in refused.stderr, refused.stderr)
            lab.run(lab.BULWARK, "bench", "-H", url, "--tls", code=3, env={"HOME": "/nonexistent"})
    outcomes(got, B207=("PASS", "/proc/PID/net/tcp"), B309="WARN", B310="PASS", B311="PASS", B312="WARN", B313="PASS", B314="WARN")
    equal(named(got["B207"]), {f"tcp port {port}"}, "listeners")
    for check, is_ in got.items():
        equal(far[check]["outcome"], is_["outcome"], f"{check}: by TCP of this machine as by its socket")


@test
def tcp_without_tls_and_without_verifying():
    for arguments, config, is_ in (((), {}, "WARN"), (("--tls=true",), {}, "WARN")):
        with tempfile.TemporaryDirectory() as home:
            certificates(home)
            port = free_port()
            keys = (f"--tlscacert={home}/ca.pem", f"--tlscert={home}/server-cert.pem", f"--tlskey={home}/server-key.pem") if arguments else ()
            with lab.engine("-H", f"tcp://127.0.0.1:{port}", *arguments, *keys, config=config) as host:
                outcomes(bench(host), B207=is_)


@test
def podman_is_judged_as_podman():
    with lab.podman() as (client, host):
        lab.run(*client, "import", lab.tiny_tar(), "tiny:1")
        low = ("--ulimit", "nofile=64:64", "--ulimit", "nproc=64:64")
        for name, options in (("plain", ()), ("nnp", ("--security-opt", "no-new-privileges")), ("admin", ("--cap-add", "SYS_ADMIN")),
                              ("host-net", ("--network", "host")), ("limits", ("--memory", "64m", "--pids-limit", "0")),
                              ("none", ("--cap-drop", "all", "--user", "web")), ("etc", ("-v", "/etc:/x"))):
            network = () if "--network" in options else ("--network", "none")
            lab.run(*client, "create", "--name", name, *low, *network, *options, "tiny:1", "sleep", "9999")
        lab.run(*client, "create", "--name", "privileged", "--privileged", "--network", "none", "tiny:1", "sleep", "9")
        running = [name for name in ("plain", "nnp", "admin", "host-net", "none")
                   if lab.run(*client, "start", name, code=None).returncode == 0]
        try:
            got = bench(host)
        finally:
            lab.run(*client, "rm", "-fa", "-t", "0", code=None)
    everyone = {"plain", "nnp", "admin", "host-net", "limits", "none", "etc", "privileged"}
    true(running, "nothing starts")
    for check, want in (("B504", {"admin", "privileged"}), ("B505", {"privileged"}), ("B506", {"etc"}), ("B510", {"host-net"}),
                        ("B511", everyone - {"limits"}), ("B526", everyone - {"nnp"}), ("B529", {"limits"}), ("B541", {"admin", "privileged"}),
                        ("B401", everyone - {"none"}), ("B527", everyone), ("B531", everyone)):
        equal(named(got[check]), want, check)
    true("/proc/PID" in got["B526"]["source"], got["B526"]["source"])
    outcomes(got, B104="N/A", B203="N/A", B212="N/A", B213="NOTE", B301="PASS", B241="N/A", B122="NOTE", B323="N/A", B315="PASS")


@test
def an_engine_in_a_network_of_its_own():
    """As a rootless one is: the host's list of sockets does not have its."""
    with lab.engine("--log-level=warn", prefix=("unshare", "--net")) as host:
        outcomes(bench(host), B203=("WARN", "argv of dockerd"), B207=("PASS", "/proc/PID/net"), B301="PASS")


@test
def a_swarm():
    with lab.engine() as host:
        docker = ("docker", "-H", host)
        lab.run(*docker, "swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377", "--cert-expiry", "2400h")
        lab.run(*docker, "network", "create", "--driver", "overlay", "plain")
        lab.run(*docker, "network", "create", "--driver", "overlay", "--opt", "encrypted", "hidden")
        got = bench(host)
        outcomes(got, B501="WARN", B701="PASS", B702="PASS", B703="WARN", B704="INFO", B705="WARN", B706="NOTE", B707="WARN", B708="NOTE",
                 B709="NOTE", B215="N/A", B207="PASS")
        equal(named(got["B703"]), {"plain"}, "overlay networks")
        lab.run(*docker, "network", "rm", "plain")
        lab.run(*docker, "swarm", "update", "--autolock", "--cert-expiry", "720h")
        subprocess.run([*docker, "secret", "create", "word", "-"], input=b"x", check=True, capture_output=True)
        outcomes(bench(host), B703="PASS", B704="PASS", B705="PASS", B707="PASS")
        lab.run(*docker, "swarm", "leave", "--force")
        lab.run(*docker, "swarm", "init", "--advertise-addr", "127.0.0.1")
        outcomes(bench(host), B702="WARN")
        lab.run(*docker, "swarm", "leave", "--force")
        outcomes(bench(host), B501="PASS", B701="N/A", B702="N/A")


# ---- files ----

FILES = {  # daemon.json: what it makes of the checks that it decides
    "tls": ('{"hosts": ["unix:///run/docker.sock", "tcp://0.0.0.0:2376"], "tlsverify": true, "tlscacert": "/c"}', {"B207": "PASS"}),
    "tls-multi": ('{\n  "hosts": [\n    "fd://",\n    "tcp://0.0.0.0:2375"\n  ]\n}', {"B207": "WARN"}),
    "tls-unverified": ('{"hosts": ["tcp://0.0.0.0:2376"], "tls": true}', {"B207": "WARN"}),
    "cgroup": ('{"cgroup-parent": "/mine"}', {"B210": "WARN"}),
    "good": (json.dumps({**GOOD, "icc": False, "userns-remap": "default", "authorization-plugins": ["x"], "log-driver": "syslog",
                         "log-opts": {"syslog-address": "tcp+tls://log:6514"}, "storage-driver": "overlay2"}),
             {check: "PASS" for check in ("B202", "B203", "B204", "B205", "B206", "B207", "B208", "B209", "B210", "B212", "B213",
                                          "B214", "B215", "B216", "B217", "B218", "B219", "B241")}),
    "bad": (json.dumps({"icc": True, "log-level": "debug", "iptables": False, "insecure-registries": ["r:5000"], "log-driver": "none",
                        "userland-proxy": True, "experimental": True, "storage-driver": "devicemapper",
                        "storage-opts": ["dm.basesize=50G"], "seccomp-profile": "unconfined", "hosts": ["tcp://:2375"]}),
            {**{check: "WARN" for check in ("B202", "B203", "B204", "B205", "B207", "B209", "B211", "B212", "B213", "B214", "B215",
                                            "B216", "B217", "B218", "B219")}, "B206": "PASS", "B208": "INFO"}),
    "empty": ("", {"B202": "WARN", "B203": "PASS", "B204": "PASS", "B205": "PASS", "B207": "PASS", "B209": "WARN", "B214": "WARN",
                   "B217": "PASS", "B241": "N/A"}),
    "debug": ('{"debug": true}', {"B203": "WARN"}),
    "local": ('{"log-driver": "local"}', {"B213": "WARN"}),
    "null": ('{"icc": null, "log-level": ""}', {"B202": "WARN"}),
    "broken": ('{"icc": false,', {check: "ERROR" for check in ("B202", "B203", "B204", "B205", "B207", "B208", "B209", "B210", "B212",
                                                               "B213", "B214", "B215", "B216", "B217", "B218")} | {"B241": "WARN"}),
    "no-object": ('["icc"]', {"B202": "ERROR", "B241": "WARN"}),
}


@test
def a_daemon_json_alone():
    with tempfile.TemporaryDirectory() as home:
        for name, (text, want) in FILES.items():
            path = os.path.join(home, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            got = bench(None, "--config-file", path)
            for check, outcome in want.items():
                equal(got[check]["outcome"], outcome, f"{name}: {check} ({got[check]['seen']})")
            for check in ("B103", "B301", "B505", "B601", "B701"):
                equal(got[check]["outcome"], "N/A", f"{name}: {check} is not of a file")
        got = bench(None, "--config-file", os.path.join(home, "bad"), code=1, *("--fail-on", "critical"))
        lab.run(lab.BULWARK, "bench", "--config-file", os.path.join(home, "none"), code=3)


UNIT = """[Unit]
ExecStart=/usr/bin/dockerd --icc=false --no-new-privileges
[Service]
Environment="FROM_UNIT=--log-level=debug" OTHER=x
EnvironmentFile=-/etc/default/docker
EnvironmentFile=-/etc/missing
# ExecStart=/usr/bin/dockerd --userns-remap=default
ExecStart=-/usr/bin/dockerd -H fd:// \\
  $OPTIONS --cgroup-parent=${PARENT} $FROM_UNIT $UNSET
"""


def put(root, path, text, mode=0o644, owner=0):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    os.chown(path, owner, 0)
    os.chmod(path, mode)


@test
def an_unpacked_host():
    with tempfile.TemporaryDirectory() as root:
        got = bench(None, "--root", root)
        outcomes(got, B202="N/A", B301="N/A", B505="N/A")
        put(root, "lib/systemd/system/docker.service", UNIT)
        put(root, "etc/default/docker", "# DOCKER\nOPTIONS=\"--userland-proxy=false --live-restore\"\nPARENT=/of-file\n", 0o606)
        put(root, "usr/bin/dockerd", "", 0o755)
        put(root, "etc/docker/daemon.json", '{"userns-remap": "default"}', 0o644, 1000)
        put(root, "etc/docker/certs.d/r/ca.crt", "", 0o444)
        put(root, "etc/docker/certs.d/r/client.key", "", 0o640)
        put(root, "etc/group", "docker:x:999:alice,al,root\n")
        put(root, "etc/passwd", "carol:x:1001:999::/:/bin/sh\nroot:x:0:0::/:/bin/sh\n")
        os.chmod(f"{root}/etc/docker", 0o722)
        os.symlink("/outside", f"{root}/usr/bin/runc")
        got = bench(None, "--root", root, "--trusted-users", "alice")
        outcomes(got, B202="WARN", B203=("WARN", "ExecStart"), B204="PASS", B209=("PASS", "daemon.json"), B210=("WARN", "ExecStart"),
                 B214="WARN", B215="PASS", B216="PASS", B301="PASS", B302="PASS", B305="PASS", B306="WARN", B307="PASS", B308="WARN",
                 B317="WARN", B318="PASS", B319="PASS", B320="WARN", B102="WARN", B103="ERROR", B505="N/A", B118="N/A")
        equal(named(got["B102"]), {"al", "carol"}, "who is not trusted")
        equal(named(got["B308"]), {"/etc/docker/certs.d/r/client.key"}, "certificates")
        put(root, "etc/systemd/system/docker.service.d/10.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --icc=0\n", 0o664)
        put(root, "usr/lib/systemd/system/docker.service.d/10.conf", "[Service]\nExecStart=/usr/bin/dockerd --icc=true\n")
        got = bench(None, "--root", root)
        outcomes(got, B202="PASS", B203="PASS", B216="WARN", B302="WARN", B102="INFO")
        equal(named(got["B302"]), {"/etc/systemd/system/docker.service.d/10.conf"}, "the drop-in")
        put(root, "etc/systemd/system/service.d/20.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --icc=1 -H fd://\n")
        got = bench(None, "--root", root)
        outcomes(got, B202="WARN", B207="PASS")
        put(root, "usr/lib/systemd/system/docker.socket", "[Socket]\nListenStream=/run/docker.sock\nListenStream=2375\n")
        got = bench(None, "--root", root)
        outcomes(got, B207="WARN")
        equal(named(got["B207"]), {"2375"}, "systemd listens")
        os.symlink("/dev/null", f"{root}/etc/systemd/system/docker.service.d/20.conf")
        outcomes(bench(None, "--root", root), B202="PASS", B207="PASS")
        os.symlink("/dev/null", f"{root}/etc/systemd/system/docker.service")
        equal(bench(None, "--root", root)["B301"]["seen"], "1 file", "the drop-in, and no unit")


@test
def every_mode_that_matters():
    """B3: as numbers these are less than the limit; what they grant is more."""
    with tempfile.TemporaryDirectory() as root:
        for mode, outcome in ((0o644, "PASS"), (0o600, "PASS"), (0, "PASS"), (0o622, "WARN"), (0o606, "WARN"), (0o577, "WARN"),
                              (0o466, "WARN"), (0o4644, "WARN"), (0o1600, "WARN"), (0o755, "WARN")):
            put(root, "etc/docker/daemon.json", "{}", mode)
            outcomes(bench(None, "--root", root, "--check", "B318"), B318=outcome)


@test
def what_is_accepted_and_what_fails():
    with tempfile.TemporaryDirectory() as home, fake(ordinary) as host:
        words = (lab.BULWARK, "bench", "-H", host, "--section", "runtime,swarm")
        lab.run(*words)
        lab.run(*words, "--fail-on", "critical", code=1)  # c2 is privileged
        lab.run(*words, "--fail-on", "critical", "--container", "c1")
        lab.run(*words, "--exclude", "5.5,B541", "--fail-on", "critical")
        baseline = f"{home}/accepted.yaml"
        with open(baseline, "w", encoding="utf-8") as out:
            out.write("ignore:\n  - {id: '5.5', item: c2, reason: builds images, expires: 2099-01-01}\n"
                      "  - {id: dangerous-capabilities, reason: the same}\n  - {id: B531, expires: 2020-01-01}\n  - {id: B999}\n"
                      "  - {id: B301}\n  - {id: swarm-off}\n")
        done = lab.run(*words, "--baseline", baseline, "--fail-on", "critical")
        true("[ACCEPTED] 5.5" in done.stdout and "builds images" in done.stdout, done.stdout)
        sarif = json.loads(lab.run(*words, "--baseline", baseline, "--format", "sarif").stdout)["runs"][0]
        why = [r["suppressions"][0]["justification"] for r in sarif["results"] if "c2" in json.dumps(r) and "suppressions" in r]
        true("builds images" in why and "the same" in why, why)
        for part in ("B531 was accepted until", "swarm-off accepts nothing", "B999 names no check"):
            true(part in done.stderr, f"{part}: {done.stderr}")
        true("B301" not in done.stderr, "of a section that was not chosen")
        equal(lab.run(*words, "--baseline", baseline, "--quiet").stderr, "", "--quiet")
        lab.run(*words, "--fail-on", "not-evaluated", code=1)  # whose socket it is, is not known
        lab.run(*words, "--baseline", f"{home}/none", code=3)
        lab.run(*words, "--check", "5.99", code=2)


@test
def the_report_for_a_person():
    with fake(ordinary) as host:
        text, all_of_it = (lab.run(lab.BULWARK, "bench", "-H", host, *options).stdout for options in ((), ("--verbose",)))
        true("[N/A]   swarm mode is off: 7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.8 7.9\n" in text, text)
        true("* containers c1, c2: no limit\n" in text, text)
        true("* container c1: no limit\n" in all_of_it and "source: GET /info" in all_of_it, all_of_it)
        true(len(text.splitlines()) < 200, f"{len(text.splitlines())} lines")
        equal(text, lab.run(lab.BULWARK, "bench", "-H", host).stdout, "the same again")
    listed = lab.run(lab.BULWARK, "bench", "--list").stdout
    for check in ("B219  2.7 ", "B207  2.8 ", "B541  -  "):
        true(check in listed, f"{check}: {listed}")
    true("B207  2.7 " in lab.run(lab.BULWARK, "bench", "--list", "--benchmark", "1.6.0").stdout, "--benchmark")
    told = lab.run(lab.BULWARK, "bench", "--explain", "2.8").stdout
    true("B207" in told and "CIS 1.6.0: 2.7" in told and "To do:" in told, told)
    lab.run(lab.BULWARK, "bench", "--explain", "9.9", code=2)


# ---- what goes wrong ----

class Fake(threading.Thread):
    """An engine that says what it is told to, and goes away after `most` answers."""

    def __init__(self, path, answers, most=1 << 30):
        super().__init__(daemon=True)
        self.answers, self.most, self.path = answers, most, path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        self.start()

    def run(self):
        while self.most > 0:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                self.serve(connection, lines)
        self.listener.close()

    def serve(self, connection, lines):
        while self.most > 0:
            first = lines.readline()
            if not first:
                return
            while lines.readline().strip():
                pass
            path = first.split()[1].decode().split("?")[0]
            status, answer = self.answers(path)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            connection.sendall(b"HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)
            self.most -= 1


INFO = {"ServerVersion": "1", "SecurityOptions": ["name=seccomp,profile=default"], "Driver": "overlay2", "LoggingDriver": "local",
        "RegistryConfig": {"IndexConfigs": {}}, "Containers": 2, "ContainersRunning": 0, "Swarm": {"LocalNodeState": "inactive"}}
FIRST, SECOND = "1" * 64, "2" * 64


def created(number):
    return {"Id": number, "Name": f"/c{number[0]}", "Image": "sha256:" + "a" * 64, "State": {"Status": "created", "Pid": 0},
            "HostConfig": {"Privileged": number == SECOND}, "Config": {"User": "1", "Image": "x"}, "Mounts": []}


def ordinary(path):
    known = {"/info": INFO, "/version": {"ApiVersion": "1.41"}, "/networks": [], "/volumes": {"Volumes": None}, "/images/json": [],
             "/containers/json": [{"Id": i, "Names": [f"/c{i[0]}"], "State": "created", "ImageID": "x"} for i in (FIRST, SECOND)],
             f"/containers/{FIRST}/json": created(FIRST), f"/containers/{SECOND}/json": created(SECOND)}
    return (200, known[path]) if path in known else (404, {"message": "no such thing"})


@contextlib.contextmanager
def fake(answers, most=1 << 30):
    with tempfile.TemporaryDirectory() as home:
        server = Fake(f"{home}/engine.sock", answers, most)
        yield f"unix://{home}/engine.sock"
        server.listener.close()


def no_pass_of_containers(got, but=()):
    for check in got.values():
        if check["section"] in ("runtime", "images") and check["id"] not in but:
            true(check["outcome"] != "PASS", f"{check['id']} passes: {check['seen']}")


@test
def an_engine_that_dies_on_the_way():
    with fake(ordinary) as host:
        got = bench(host)
        outcomes(got, B505="WARN", B511="WARN", B401="PASS", B301="ERROR", B207="ERROR")  # whose processes these are is not known
        equal(named(got["B505"]), {"c2"}, "privileged")
    for most in range(1, 9):
        with fake(ordinary, most) as host:
            got = bench(host)
            if most < 7:
                no_pass_of_containers(got, ("B501",))
            true("ERROR" in {check["outcome"] for check in got.values()}, f"after {most} answers")
            lab.run(lab.BULWARK, "bench", "-H", host, "--fail-on", "not-evaluated", code=None)
    with fake(ordinary, 0) as host:
        lab.run(lab.BULWARK, "bench", "-H", host, code=3)


@test
def a_container_that_is_removed_between_list_and_inspect():
    with fake(lambda path: (404, {}) if FIRST in path else ordinary(path)) as host:
        got = bench(host)
        equal((got["B511"]["subjects"], named(got["B511"])), (1, {"c2"}), "the one that is left")
    with fake(lambda path: (500, {}) if FIRST in path else ordinary(path)) as host:
        got = bench(host)
        equal(named(got["B505"]), {"c1", "c2"}, "one that cannot be judged is named")
        outcomes(got, B504="WARN", B515="ERROR")


@test
def answers_of_the_wrong_kind():
    for nonsense in ([], {}, "x", 7, None, [None], [[]], {"a": {}}, [{"Id": 5}], b"", b"{", b"\xff"):
        def lies(path, nonsense=nonsense):
            return (200, nonsense) if path != "/info" else (200, INFO)
        with fake(lies) as host:
            got = bench(host)
            true(got["B505"]["outcome"] in ("ERROR", "N/A"), f"{nonsense!r}: {got['B505']}")
    for section in ("HostConfig", "Config", "State", "Mounts", "NetworkSettings"):
        for nonsense in ([], {}, "x", 7, None, [None], {"Ports": [1], "Privileged": 1, "CapAdd": {}, "Binds": 1, "Labels": []}):
            with fake(lambda path, s=section, n=nonsense: (200, {**created(FIRST), s: n}) if FIRST in path else ordinary(path)) as host:
                true(bench(host)["B505"]["outcome"] in ("WARN", "ERROR"), f"{section}: {nonsense!r}")
    swarm = {**INFO, "Swarm": {"LocalNodeState": "active", "ControlAvailable": True}}
    for nonsense in ([], {}, "x", [None], {"Spec": []}):
        with fake(lambda path, n=nonsense: (200, swarm) if path == "/info" else
                  ordinary(path) if path not in ("/swarm", "/nodes", "/secrets", "/networks") else (200, n)) as host:
            outcomes(bench(host), B707="ERROR")


@test
def an_engine_that_is_not_there():
    with tempfile.TemporaryDirectory() as home:
        done = lab.run(lab.BULWARK, "bench", "-H", f"unix://{home}/no.sock", code=3)
        true("no.sock" in done.stderr and not done.stdout, done.stderr)
        with socket.socket(socket.AF_UNIX) as gone:
            gone.bind(f"{home}/gone.sock")
        done = lab.run(lab.BULWARK, "bench", "-H", f"unix://{home}/gone.sock", code=3)
        true("does not answer" in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr)
        lab.run(lab.BULWARK, "bench", "-H", "tcp://127.0.0.1:1", code=3)
        lab.run(lab.BULWARK, "bench", "-H", "ssh://host", code=2)
        lab.run(lab.BULWARK, "bench", "-H", "tcp://192.0.2.1:2375", code=2)


@test
def one_who_may_not():
    """No permission for the socket: an error. Permission for it, and for nothing else: no PASS of what is not seen."""
    program = f"/tmp/bulwark-{os.getpid()}"
    with lab.engine() as host:
        path = host[len("unix://"):]
        home = os.path.dirname(path)
        os.chmod(home, 0o755)
        shutil.copy(lab.BULWARK, program)
        try:
            os.chmod(path, 0o660)
            words = [program, "bench", "-H", host, "--format", "json"]
            done = subprocess.run(words, capture_output=True, text=True, user=65534, group=65534, extra_groups=[], check=False)
            true(done.returncode == 3 and "root?" in done.stderr, f"{done.returncode}: {done.stderr}")
            lab.tiny_image(host)
            lab.run("docker", "-H", host, "run", "-d", "--name", "one", "--network", "none", "tiny:1", "sleep", "999")
            os.chmod(path, 0o666)
            done = subprocess.run(words, capture_output=True, text=True, user=65534, group=65534, extra_groups=[], check=False)
            equal(done.returncode, 0, done.stderr)
            got = {check["id"]: check for check in json.loads(done.stdout)["checks"]}
            outcomes(got, B203="ERROR", B207="ERROR", B214="ERROR", B316="WARN", B401="WARN", B103="ERROR")
        finally:
            os.unlink(program)
            stop_all(host)


@test
def a_daemon_json_that_broke_after_the_start():
    with lab.engine(config={"live-restore": True}) as host:
        with open(os.path.join(os.path.dirname(host[len("unix://"):]), "daemon.json"), "w", encoding="utf-8") as out:
            out.write('{"no-new-privileges": true')
        outcomes(bench(host), B241="WARN", B214="ERROR", B216="ERROR", B215="PASS", B204=("WARN", "argv"))


def forward(listener, target):
    """Every connection is passed on, both ways."""
    def pump(source, to):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                to.sendall(piece)
        with contextlib.suppress(OSError):
            to.shutdown(socket.SHUT_WR)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(target)
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()


@test
def a_socket_that_somebody_else_holds():
    """As ssh -L does: the engine may be anywhere, and no file or process here is its."""
    with lab.engine() as host, tempfile.TemporaryDirectory() as home, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{home}/forwarded.sock")
        listener.listen(8)
        forward(listener, host[len("unix://"):])
        got = bench(f"unix://{home}/forwarded.sock")
    outcomes(got, B209="WARN", B301="ERROR", B203="ERROR", B505="N/A")
    true("is held by python" in got["B301"]["seen"], got["B301"]["seen"])


@test
def two_hundred_containers():
    with lab.engine() as host:
        lab.tiny_image(host)
        create_many(host, 200)
        got = bench(host)
        equal((got["B511"]["subjects"], len(got["B511"]["items"])), (200, 200), "all are judged")
        stop_all(host)


def create_many(host, count):
    """By the API, over one connection: the client takes ten times as long."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(host[len("unix://"):])
    for number in range(count):
        body = json.dumps({"Image": "tiny:1", "Cmd": ["sleep", "9"], "HostConfig": {"NetworkMode": "none"}})
        connection.request("POST", f"/containers/create?name=n{number:03}", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        equal(answer.status, 201, f"container {number}")
    connection.close()


if __name__ == "__main__":
    lab.main()
