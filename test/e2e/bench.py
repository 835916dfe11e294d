"""bench - the benchmark of a real engine, of containers whose truth is known by how they were made."""
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab
from lab import equal, test, true

ALL = "all"


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
        ("web", ("--user", "web"), True, set(), {"B401"}),
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
        without_api_words(host)
        choosing(host)


def a_sshd_is_found(host):
    equal(bench(host)["B507"]["outcome"], "PASS", "no sshd")
    lab.run("docker", "-H", host, "run", "-d", "--name", "ssh", "--network", "none", "tiny:1", "/bin/sshd")
    lab.run("docker", "-H", host, "run", "-d", "--name", "sees-ssh", "--network", "none", "--pid", "host", "tiny:1", "sleep", "9999")
    equal(named(bench(host)["B507"]), {"ssh"}, "sshd")


def without_api_words(host):
    """Another user sees the socket's name, and nothing else: no verdict, and no PASS of what it cannot see."""


def choosing(host):
    got = bench(host, "--container", "priv*", "--section", "runtime")
    equal(named(got["B505"]), {"privileged", "privileged-nnp"}, "--container")
    equal({check["section"] for check in got.values()}, {"runtime"}, "--section")
    equal(set(bench(host, "--check", "5.5,B202,icc")), {"B505", "B202"}, "--check")
    equal(set(bench(host, "--benchmark", "1.6.0", "--check", "2.7")), {"B207"}, "2.7 of 1.6.0")
    equal(set(bench(host, "--check", "2.7")), {"B219"}, "2.7 of 1.8.0")
    true("B505" not in bench(host, "--exclude", "5.5"), "--exclude")
    true(all(check["level"] != 2 for check in bench(host, "--level", "1").values()), "--level")


if __name__ == "__main__":
    lab.main()
