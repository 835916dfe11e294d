"""lab - what the end-to-end tests share: TAP, the built program, real images, a real engine.

Images are made once and kept in the build directory (or BULWARK_LAB): an mmdebstrap
takes half a minute. A test that lacks something says so with skip() and a reason.
"""
import contextlib
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ.get("MESON_SOURCE_ROOT") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("MESON_BUILD_ROOT") or os.path.join(SOURCE, "build")
BULWARK = os.path.abspath(os.environ.get("BULWARK", os.path.join(SOURCE, "build", "bulwark")))
LAB = os.environ.get("BULWARK_LAB", os.path.join(SOURCE, "build-lab"))
ORACLES = os.environ.get("BULWARK_ORACLES", os.path.join(SOURCE, "..", "shared", "oracles"))
FEEDS = os.environ.get("BULWARK_FEEDS", os.path.join(SOURCE, "..", "shared", "feeds"))
MKIMAGE = os.path.join(SOURCE, "test", "tools", "mkimage.py")


class Skip(Exception):
    """Raised by a test that cannot run here; the text is the reason."""


_tests = []


def test(function):
    """Registers a test; its name, with blanks for underscores, is what TAP prints."""
    _tests.append(function)
    return function


def main():
    """Runs every registered test and exits; only names given as arguments, if there are any."""
    wanted = sys.argv[1:]
    chosen = [t for t in _tests if not wanted or t.__name__ in wanted]
    if not chosen:
        sys.exit(f"no test is named {' or '.join(wanted)}")
    print(f"1..{len(chosen)}", flush=True)
    failed = 0
    for number, function in enumerate(chosen, 1):
        name = function.__name__
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        except Exception as problem:  # the report of a failed test, whatever it was
            failed += 1
            for line in f"{type(problem).__name__}: {problem}".splitlines()[:40]:
                print(f"# {line}")
            print(f"not ok {number} - {name}", flush=True)
    sys.exit(failed != 0)


def equal(got, want, what=""):
    if got != want:
        if isinstance(got, (set, frozenset)):
            raise AssertionError(f"{what}: too many {sorted(got - want)[:10]}, missing {sorted(want - got)[:10]}")
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")


def true(condition, what):
    if not condition:
        raise AssertionError(what)


def oracle(*path):
    found = os.path.join(ORACLES, *path)
    if not os.path.exists(found):
        raise Skip(f"no {os.path.join('oracles', *path)} here (set BULWARK_ORACLES)")
    return found


def feed(name):
    found = os.path.join(FEEDS, name)
    if not os.path.exists(found):
        raise Skip(f"no feeds/{name} here (set BULWARK_FEEDS)")
    return found


def need(program):
    if shutil.which(program) is None:
        raise Skip(f"{program} is not installed")


def wait_for(there, seconds):
    """Until there() is true."""
    end = time.monotonic() + seconds
    while not there():
        if time.monotonic() > end:
            raise AssertionError(f"it did not come to be in {seconds} seconds")
        time.sleep(0.05)


def run(*words, code=0, env=None, text=True, timeout=600):
    """Runs a program to its end; a status other than `code` (None: any) is a failed test."""
    done = subprocess.run([str(w) for w in words], capture_output=True, text=text, timeout=timeout,
                          env={**os.environ, **(env or {})}, check=False)
    if code is not None and done.returncode != code:
        raise AssertionError(f"{' '.join(str(w) for w in words)}: exit {done.returncode}, want {code}\n"
                             f"{done.stderr[-2000:]}")
    return done


def scan(target, database, *options, code=0, env=None):
    """Scans and returns the JSON report."""
    done = run(BULWARK, "scan", "--db", database, "--format", "json", *options, target, code=code, env=env)
    return json.loads(done.stdout)


def findings(report):
    """(id, package, installed, fixed) of each finding."""
    return {(f["id"], f["package"]["name"], f["package"]["version"], f.get("fixed_version") or "")
            for f in report["findings"]}


def without_landlock():
    """For preexec_fn: from here on the kernel has no Landlock."""
    import ctypes
    load, jump, answer = 0x20, 0x15, 0x06  # BPF_LD+W+ABS, BPF_JMP+JEQ+K, BPF_RET+K
    number, landlock_create_ruleset, errno, allow, enosys = 0, 444, 0x00050000, 0x7FFF0000, 38
    code = b"".join(line.to_bytes(8, "little") for line in (
        load | number << 32, jump | 1 << 24 | landlock_create_ruleset << 32, answer | (errno | enosys) << 32, answer | allow << 32))
    text = ctypes.create_string_buffer(code)

    class Filter(ctypes.Structure):
        _fields_ = [("lines", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    whole = Filter(4, ctypes.addressof(text))
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, ctypes.byref(whole)) != 0:  # PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP
        raise OSError(ctypes.get_errno(), "seccomp")


@contextlib.contextmanager
def once(name):
    """The path of something made once: yields (path, True) when it has to be made, under a lock."""
    os.makedirs(LAB, exist_ok=True)
    path = os.path.join(LAB, name)
    lock = path + ".lock"
    import fcntl
    with open(lock, "w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        missing = not os.path.exists(path)
        making = path + ".making"
        if missing and os.path.exists(making):
            shutil.rmtree(making) if os.path.isdir(making) else os.unlink(making)
        yield making if missing else path, missing
        if missing:
            os.rename(making, path)


def made(name, make):
    """Path of `name`, made by make(path) the first time."""
    with once(name) as (path, missing):
        if missing:
            make(path)
    return os.path.join(LAB, name)


def mirror():
    """The Debian mirror that apt uses here, or None."""
    places = ["/etc/apt/sources.list", *sorted(glob.glob("/etc/apt/sources.list.d/*"))]
    for place in filter(os.path.exists, places):
        with open(place, encoding="utf-8") as lines:
            for line in lines:
                found = re.match(r"(?:URIs:|deb(?: \[.*\])?) +(https?://\S*/debian/?)(?:\s|$)", line)
                if found:
                    return found.group(1)
    return None


def debian_tar():
    """A real Debian 12 as first released (no updates, no security), as a tar: 500 MB."""
    need("mmdebstrap")
    given = os.environ.get("BENCH_IMAGE", "")
    if given and os.path.exists(given):
        return given

    def make(path):
        run("mmdebstrap", "--quiet", "--variant=minbase", "--format=tar",
            "--include=python3,python3-pip,nodejs,npm,git,curl,apache2,nginx,libxml2", "bookworm", path,
            *([f"deb {mirror()} bookworm main"] if mirror() else []), timeout=1200)
    return made("debian.tar", make)


def unpacked(tar, name):
    def make(path):
        os.makedirs(path)
        run("tar", "-C", path, "-xf", tar)
    return made(name, make)


def database(name, *imports):
    """A database made by `bulwark db import FEED FILE`, one import after the other."""
    def make(path):
        with tempfile.TemporaryDirectory() as cache:
            for source, archive in imports:
                run(BULWARK, "db", "import", "--db", path, source, archive, env={"BULWARK_CACHE_DIR": cache})
    return made(name, make)


@contextlib.contextmanager
def engine(*arguments, config=None, prefix=(), bridge=("--bridge", "none", "--iptables=false", "--ip6tables=false")):
    """A Docker engine of our own, stopped at the end; yields its DOCKER_HOST. `config` is its daemon.json, as a dict or text; `prefix`
    runs it, and must become it."""
    need("dockerd")
    if os.getuid() != 0:
        raise Skip("a Docker engine of our own needs root")
    home = tempfile.mkdtemp(prefix="bulwark-engine-")
    os.chmod(home, 0o711)  # userns-remap: users of containers walk through it
    host = f"unix://{home}/docker.sock"
    with open(os.path.join(home, "daemon.json"), "w", encoding="utf-8") as out:
        out.write(config if isinstance(config, str) else json.dumps(config or {}))
    with open(os.path.join(home, "log"), "w", encoding="utf-8") as log:
        daemon = subprocess.Popen(
            [*prefix, "dockerd", "--data-root", f"{home}/data", "--exec-root", f"{home}/exec", "-H", host,
             "--pidfile", f"{home}/pid", "--config-file", f"{home}/daemon.json", "--storage-driver", "overlay2",
             *bridge, *arguments], stdout=log, stderr=log)
    try:
        for _ in range(300):
            if daemon.poll() is not None or os.path.exists(f"{home}/docker.sock"):
                break
            time.sleep(0.1)
        if daemon.poll() is not None:
            with open(os.path.join(home, "log"), encoding="utf-8") as log:
                last = log.read().strip().splitlines()[-1:]
            raise AssertionError(f"dockerd did not start: {last}")
        run("docker", "-H", host, "version")
        yield host
    finally:
        daemon.send_signal(signal.SIGTERM)
        try:
            daemon.wait(60)
        except subprocess.TimeoutExpired:
            daemon.kill()
        with open("/proc/self/mounts", encoding="utf-8") as mounts:
            left = [line.split()[1] for line in mounts if f" {home}/" in line]
        for place in sorted(left, reverse=True):
            subprocess.run(["umount", "-l", place], capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)


def tiny_tar():
    """A root file system of a static busybox, users root and web, and a program that is called sshd."""
    def make(path):
        need("busybox")
        if is_dynamic(shutil.which("busybox")):
            raise Skip("busybox is not static (package busybox-static)")
        with tempfile.TemporaryDirectory() as root:
            for folder in ("bin", "etc"):
                os.makedirs(os.path.join(root, folder))
            shutil.copy(shutil.which("busybox"), os.path.join(root, "bin", "busybox"))
            for word in ("sh", "sleep"):
                os.symlink("busybox", os.path.join(root, "bin", word))
            for file, text in (("etc/passwd", "root:x:0:0::/:/bin/sh\nweb:x:1000:1000::/:/bin/sh\n"),
                               ("etc/group", "root:x:0:\nweb:x:1000:\n"), ("bin/sshd", "#!/bin/sh\nsleep 9999\n")):
                with open(os.path.join(root, file), "w", encoding="utf-8") as out:
                    out.write(text)
            os.chmod(os.path.join(root, "bin/sshd"), 0o755)
            run("tar", "-C", root, "-cf", path, ".")
    return made("tiny.tar", make)


def tiny_image(host, name="tiny:1"):
    run("docker", "-H", host, "import", tiny_tar(), name)
    return name


def is_dynamic(program):
    """Does it need shared libraries?"""
    return subprocess.run(["ldd", program], capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def podman():
    """A Podman service with storage of its own; yields the client's words and the CONTAINER_HOST."""
    need("podman")
    if os.getuid() != 0:
        raise Skip("a Podman with storage of its own needs root")
    home = tempfile.mkdtemp(prefix="bulwark-podman-")
    client = ["podman", "--root", f"{home}/root", "--runroot", f"{home}/run", "--storage-driver", "overlay"]
    with open(os.path.join(home, "log"), "w", encoding="utf-8") as log:
        service = subprocess.Popen([*client, "system", "service", "--time", "0", f"unix://{home}/podman.sock"], stdout=log, stderr=log)
    try:
        for _ in range(300):
            if service.poll() is not None or os.path.exists(f"{home}/podman.sock"):
                break
            time.sleep(0.1)
        if service.poll() is not None:
            with open(os.path.join(home, "log"), encoding="utf-8") as log:
                raise AssertionError(f"podman did not start: {log.read().strip().splitlines()[-1:]}")
        yield client, f"unix://{home}/podman.sock"
    finally:
        if service.poll() is None:
            service.terminate()
            service.wait(60)
        subprocess.run(["umount", f"{home}/root/overlay"], capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)
