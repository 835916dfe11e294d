"""host - the audit of this machine, compared with what /proc says, and of unpacked ones of known truth."""
import contextlib
import json
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab
from lab import equal, test, true


def host(*options, code=0, env=None):
    """The JSON report: {id: check}."""
    done = lab.run(lab.BULWARK, "host", "--format", "json", *options, code=code, env=env)
    return {check["id"]: check for check in json.loads(done.stdout)["checks"]}


def number(key):
    """A kernel switch as /proc has it, or None."""
    try:
        with open("/proc/sys/" + key, encoding="ascii") as f:
            return int(f.read())
    except FileNotFoundError:
        return None


@contextlib.contextmanager
def unpacked(files):
    """A directory with these files: {path: text or (text, mode)}."""
    home = tempfile.mkdtemp(prefix="bulwark-host-")
    os.chmod(home, 0o755)
    try:
        for path, text in files.items():
            full = os.path.join(home, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            text, mode = text if isinstance(text, tuple) else (text, 0o644)
            with open(full, "w", encoding="utf-8") as f:
                f.write(text)
            os.chmod(full, mode)
        yield home
    finally:
        shutil.rmtree(home)


# what the kernel's switches have to be: (check, key, is it fine)
SWITCHES = (
    ("H01", "kernel/randomize_va_space", lambda n: n == 2),
    ("H02", "kernel/kptr_restrict", lambda n: n >= 1),
    ("H03", "kernel/dmesg_restrict", lambda n: n == 1),
    ("H04", "kernel/unprivileged_bpf_disabled", lambda n: n in (1, 2)),
    ("H05", "net/core/bpf_jit_harden", lambda n: n in (1, 2)),
    ("H06", "kernel/yama/ptrace_scope", lambda n: n >= 1),
    ("H07", "kernel/perf_event_paranoid", lambda n: n >= 2),
    ("H08", "kernel/kexec_load_disabled", lambda n: n == 1),
    ("H09", "kernel/sysrq", lambda n: n in (0, 4, 16, 176)),
    ("H12", "vm/unprivileged_userfaultfd", lambda n: n == 0),
    ("H13", "vm/mmap_min_addr", lambda n: n >= 65536),
    ("H14", "fs/suid_dumpable", lambda n: n == 0),
    ("H16", "fs/protected_symlinks", lambda n: n == 1),
    ("H17", "fs/protected_hardlinks", lambda n: n == 1),
    ("H19", "dev/tty/ldisc_autoload", lambda n: n == 0),
    ("H20", "dev/tty/legacy_tiocsti", lambda n: n == 0),
    ("H40", "net/ipv4/conf/all/log_martians", lambda n: n == 1),
)


@test
def switches_are_as_proc_has_them():
    report = host("--section", "kernel,network")
    for check, key, fine in SWITCHES:
        value = number(key)
        want = "N/A" if value is None else "PASS" if fine(value) else "WARN"
        equal(report[check]["outcome"], want, f"{check} {key} = {value}")
        if value is not None:
            true(f" is {value}" in report[check]["seen"], f"{check} says '{report[check]['seen']}', {key} is {value}")


@test
def flaws_of_the_processor_are_those_of_sysfs():
    where = "/sys/devices/system/cpu/vulnerabilities"
    if not os.path.isdir(where):
        raise lab.Skip("this kernel does not tell")
    want = set()
    for name in os.listdir(where):
        with open(os.path.join(where, name), encoding="ascii") as f:
            if f.read().startswith("Vulnerable"):
                want.add(name)
    check = host("--check", "H27")["H27"]
    equal({item["name"] for item in check["items"]}, want, "flaws")
    equal(check["subjects"], len(os.listdir(where)), "known flaws")


@test
def file_systems_are_as_stat_has_them():
    report = host("--section", "mounts,runtimes")
    spaces = {path: os.statvfs(path) for path in ("/", "/var/log") if os.path.isdir(path)}
    full = any(s.f_bavail * 100 // s.f_blocks < 15 or s.f_files and s.f_ffree * 100 // s.f_files < 15 for s in spaces.values())
    equal(report["H50"]["outcome"], "WARN" if full else "PASS", report["H50"])
    with open("/proc/mounts", encoding="utf-8") as f:
        at = {line.split()[1]: line.split()[2] for line in f}
    kind = at.get("/sys/fs/cgroup")
    equal(report["H31"]["outcome"], "PASS" if kind == "cgroup2" else "WARN" if kind == "tmpfs" else "N/A", report["H31"])
    shm = {item["name"] for item in report["H48"]["items"]}
    for path in ("/tmp", "/var/tmp", "/dev/shm"):
        if os.path.isdir(path) and path not in at:
            true(path in shm, f"{path} is no mount")


@test
def setuid_programs_are_those_that_find_finds():
    if os.getuid() != 0:
        raise lab.Skip("needs root")
    lab.need("find")
    check = host("--check", "H67")["H67"]
    places = [p for p in ("/usr/bin", "/usr/sbin", "/usr/libexec") if os.path.isdir(p)]
    found = lab.run("find", *places, "-xdev", "-type", "f", "-perm", "/6000", "-perm", "/111").stdout.split()
    said = {item["name"] for item in check["items"]}
    true(check["subjects"] >= len(found), f"{check['subjects']} counted, find has {len(found)}")
    with unpacked({"usr/bin/su": ("x", 0o4755), "usr/bin/door": ("x", 0o4755)}) as root:
        check = host("--root", root, "--check", "H67")["H67"]
        equal([item["name"] for item in check["items"]], ["/usr/bin/door"], "named")
        equal(check["subjects"], 2, "counted")
    true(said.isdisjoint({"/usr/bin/su", "/usr/bin/passwd"}), "known ones are named")


@test
def an_engine_that_is_named_and_cannot_be_had_is_told():
    with tempfile.TemporaryDirectory() as empty:
        env = {"DOCKER_CONFIG": empty, "DOCKER_CONTEXT": "nowhere", "DOCKER_HOST": ""}
        done = lab.run(lab.BULWARK, "host", "--check", "H01", "--format", "json", env=env)
    (warning,) = json.loads(done.stdout)["warnings"]
    true(warning.startswith("the engine was not looked at: context 'nowhere'"), warning)
    true("warning: " + warning in done.stderr, done.stderr)


@test
def all_checks_are_there_and_root_reads_everything():
    if os.getuid() != 0:
        raise lab.Skip("needs root")
    with tempfile.TemporaryDirectory() as empty:
        report = host(env={"BULWARK_CACHE_DIR": empty, "DOCKER_HOST": f"unix://{empty}/none"})
    equal(len(report), 84, "checks")
    equal(sorted(report), [f"H{n:02}" for n in range(1, 85)], "ids")
    broken = {check: report[check]["seen"] for check in report if report[check]["outcome"] == "ERROR"}
    equal({check for check in broken if check not in ("H77", "H78")}, set(), f"errors: {broken}")


@test
def no_program_is_started():
    lab.need("strace")
    with tempfile.NamedTemporaryFile("r") as trace:
        done = lab.run("strace", "-f", "-qq", "-e", "trace=execve", "-o", trace.name, lab.BULWARK, "host", code=None)
        if done.returncode != 0 and "ptrace" in done.stderr:
            raise lab.Skip("nothing can be traced here")
        equal(done.returncode, 0, done.stderr[-500:])
        equal(trace.read().count("execve("), 1, "programs started")


@test
def what_only_a_running_machine_tells_is_not_judged_of_an_unpacked_one():
    with unpacked({"etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/ssh/sshd_config": "PermitRootLogin yes\n",
                   "proc/sys/kernel/randomize_va_space": "0\n"}) as root:
        report = host("--root", root)
        equal(report["H01"]["outcome"], "N/A", "H01")
        equal(report["H62"]["outcome"], "WARN", "H62")
        equal(report["H54"]["outcome"], "PASS", "H54")
        equal(report["H69"]["outcome"], "N/A", "H69")


@test
def links_do_not_lead_out_of_an_unpacked_host():
    with unpacked({"etc/hostname": "x"}) as root:
        os.symlink("/etc/passwd", os.path.join(root, "etc/passwd"))
        os.symlink("../../../../../../etc/group", os.path.join(root, "etc/group"))
        report = host("--root", root, "--section", "users")
        true(report["H54"]["outcome"] in ("N/A", "ERROR"), report["H54"])
        true(report["H56"]["outcome"] in ("N/A", "ERROR"), report["H56"])


STATUS = """Package: runc
Status: install ok installed
Architecture: amd64
Version: 1.1.4+ds1-1
Description: x

Package: openssl
Status: install ok installed
Architecture: amd64
Version: 3.0.1-1
Description: x

Package: containerd
Status: install ok installed
Architecture: amd64
Version: 1.6.20~ds1-1
Description: x

"""
OS = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'


@test
def what_a_container_buried_is_not_taken_for_none():
    with unpacked({"var/lib/docker/volumes/v/a": "x"}) as root:
        here, name = os.getcwd(), "n" * 250
        os.chdir(f"{root}/var/lib/docker/volumes/v")
        try:
            for _ in range(17):  # past what one path may have
                os.mkdir(name)
                os.chdir(name)
            with open("su", "w", encoding="utf-8") as f:
                f.write("x")
            os.chmod("su", 0o4755)
        finally:
            os.chdir(here)
        buried = host("--root", root, "--check", "H67")["H67"]
        equal(buried["outcome"], "ERROR", buried)
        true("could not be looked at" in buried["seen"], buried)


@test
def old_packages_are_found_by_the_advisories():
    database = lab.database("debian.bwdb", ("debian", lab.feed("debian-tracker-bookworm.json.zst")))
    with unpacked({"etc/os-release": OS, "var/lib/dpkg/status": STATUS}) as root:
        check = host("--root", root, "--db", database, "--check", "H77")["H77"]
        equal(check["outcome"], "WARN", check["seen"])
        names = {item["name"].split()[0] for item in check["items"]}
        true("openssl" in names, f"openssl is not among {names}")
        true(any("CVE-" in item["seen"] for item in check["items"]), "ids")


@test
def ends_of_life_are_those_of_the_feed():
    database = lab.database("ends.bwdb", ("eol", lab.feed("endoflife-date.tar.zst")))
    with unpacked({"etc/os-release": OS, "var/lib/dpkg/status": STATUS.replace("Package: containerd", "Package: containerd.io")}) as root:
        check = host("--root", root, "--db", database, "--check", "H78")["H78"]
        equal(check["outcome"], "WARN", check["seen"])
        true("2025-08-23" in check["items"][0]["seen"], check["items"])


@test
def a_database_that_is_missing_is_a_reason_and_one_that_is_named_an_error():
    with unpacked({"etc/os-release": OS, "var/lib/dpkg/status": STATUS}) as root:
        done = lab.run(lab.BULWARK, "host", "--root", root, "--db", os.path.join(root, "none"), code=3)
        true("none" in done.stderr and done.stderr.count("\n") == 1, done.stderr)


@test
def a_changed_program_is_not_what_its_package_brought():
    sums = "5d41402abc4b2a76b9719d911017c592  usr/sbin/runc\n"
    files = {"etc/os-release": OS, "var/lib/dpkg/status": STATUS, "var/lib/dpkg/info/runc.md5sums": sums,
             "var/lib/dpkg/info/runc.list": "/usr/sbin/runc\n"}
    with unpacked({**files, "usr/sbin/runc": ("hello", 0o755)}) as root:
        equal(host("--root", root, "--check", "H82")["H82"]["outcome"], "PASS", "unchanged")
    with unpacked({**files, "usr/sbin/runc": ("other", 0o755)}) as root:
        equal(host("--root", root, "--check", "H82")["H82"]["outcome"], "WARN", "changed")


@test
def alpines_digests_are_compared():
    installed = "P:runc\nV:1.1.4-r0\nA:x86_64\nF:usr\nF:usr/bin\nR:runc\na:0:0:755\nZ:Q1qvTGHdzF6KLavt4PO0gs2a6pQ00=\n\n"
    files = {"etc/os-release": "ID=alpine\nVERSION_ID=3.19.1\n", "lib/apk/db/installed": installed}
    with unpacked({**files, "usr/bin/runc": ("hello", 0o755)}) as root:
        equal(host("--root", root, "--check", "H82")["H82"]["outcome"], "PASS", "unchanged")
    with unpacked({**files, "usr/bin/runc": ("other", 0o755)}) as root:
        equal(host("--root", root, "--check", "H82")["H82"]["items"][0]["name"], "/usr/bin/runc", "changed")


@test
def a_package_database_that_is_garbage_is_not_taken_for_no_packages():
    with unpacked({"etc/os-release": OS, "var/lib/rpm/rpmdb.sqlite": "SQLite format 3\0" + "x" * 5000}) as root:
        check = host("--root", root, "--check", "H77")["H77"]
        equal(check["outcome"], "ERROR", check["seen"])


@test
def a_bar_and_a_baseline_decide_the_exit_code():
    with unpacked({"etc/ssh/sshd_config": "PermitRootLogin yes\n", "b.yaml": "ignore:\n  - id: H62\n    reason: a jump host\n"}) as root:
        words = ("--root", root, "--check", "H62")
        host(*words)
        host(*words, "--fail-on", "high", code=1)
        host(*words, "--fail-on", "critical")
        report = host(*words, "--fail-on", "high", "--baseline", os.path.join(root, "b.yaml"))
        equal(report["H62"]["accepted"], "a jump host", "accepted")
        lab.run(lab.BULWARK, "host", "--check", "H99", code=2)


RULES = ("-P FORWARD DROP", "-N DOCKER-USER", "-A DOCKER-USER -j RETURN")


@test
def the_packet_filter_is_asked():
    if os.getuid() != 0:
        raise lab.Skip("needs root")
    lab.need("unshare")
    seen = 0
    for tool, backend in (("iptables-nft", "nf_tables"), ("iptables-legacy", "iptables")):
        if shutil.which(tool) is None:
            continue
        for rules, policy, user in ((RULES, "PASS", "WARN"), (RULES + ("-I DOCKER-USER -s 10.0.0.0/8 -j DROP",), "PASS", "PASS"),
                                    (("-P FORWARD ACCEPT",) + RULES[1:], "WARN", "WARN")):
            script = " && ".join(f"{tool} {rule}" for rule in rules)
            done = lab.run("unshare", "-n", "sh", "-c", f"{{ {script}; }} && exec {lab.BULWARK} host --check H34,H35 --format json", code=None)
            if done.returncode == 0:
                seen += 1
                report = {check["id"]: check for check in json.loads(done.stdout)["checks"]}
                equal((report["H34"]["outcome"], report["H35"]["outcome"]), (policy, user), f"{backend}: {rules}")
                true(backend in report["H34"]["seen"], report["H34"]["seen"])
    if seen == 0:
        raise lab.Skip("no packet filter can be made here")


@test
def makers_packages_are_judged_as_modules():
    database = lab.database("go.bwdb", ("osv-go", lab.feed("golang-osv.tar.zst")))
    status = STATUS.replace("Package: containerd", "Package: containerd.io")
    with unpacked({"etc/os-release": 'ID=arch\n', "var/lib/dpkg/status": status}) as root:
        check = host("--root", root, "--db", database, "--check", "H77")["H77"]
        equal(check["outcome"], "WARN", check["seen"])
        true(any(item["name"] == "containerd 1.6.20" for item in check["items"]), check["items"])
        true(any(item["kind"] == "not evaluated" for item in check["items"]), "what nobody has advisories for is not named")


@test
def an_engine_is_judged_with_its_host():
    lab.need("runc")
    with lab.engine() as engine:
        report = host(env={"DOCKER_HOST": engine})
        equal(report["H74"]["outcome"], "WARN", report["H74"])
        true("docker.sock" in report["H83"]["seen"] or report["H83"]["outcome"] == "WARN", report["H83"])
        equal(report["H45"]["outcome"], "PASS", report["H45"])
        equal(report["H33"]["outcome"] in ("PASS", "INFO"), True, report["H33"])
        true(report["H46"]["outcome"] in ("PASS", "WARN"), report["H46"])


lab.main()
