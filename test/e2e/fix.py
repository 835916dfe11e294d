#!/usr/bin/env python3
"""A plan, carried out and taken back: on unpacked hosts, killed at every system call that changes something, and on a real engine."""
import contextlib
import json
import os
import shutil
import socket
import stat
import struct
import subprocess
import tempfile

import lab
from lab import BULWARK, equal, run, test, true

CONFIG = '{\n\t"debug": true,\n\t"log-opts": {"max-size": "10m"},\n\t"icc":   true,\n\t"unknown-key": [1,  2]\n}\n'
FIXED = ('{\n\t"debug": false,\n\t"log-opts": {"max-size": "10m"},\n\t"icc":   false,\n\t"unknown-key": [1,  2],\n'
         '\t"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 65536, "Hard": 65536}, '
         '"nproc": {"Name": "nproc", "Soft": 16384, "Hard": 16384}},\n'
         '\t"no-new-privileges": true,\n\t"live-restore": true\n}\n')


def host(root, config=CONFIG):
    """An unpacked host that warns in many ways."""
    for folder in ("etc/docker/certs.d/reg", "etc/default", "usr/sbin", "usr/lib/systemd/system", "var/lib/docker", "etc/audit/rules.d"):
        os.makedirs(f"{root}/{folder}")
    files = {"usr/sbin/dockerd": "", "etc/docker/daemon.json": config, "etc/docker/certs.d/reg/ca.crt": "x", "etc/default/docker": "x",
             "etc/group": "root:x:0:\ndocker:x:105:\n", "etc/passwd": "root:x:0:0::/root:/bin/sh\n",
             "usr/lib/systemd/system/docker.service": "[Service]\nExecStart=/usr/sbin/dockerd --userland-proxy=true\n"}
    for name, text in files.items():
        with open(f"{root}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    os.chmod(f"{root}/etc/docker/daemon.json", 0o666)
    os.chmod(f"{root}/etc/docker", 0o777)
    if os.getuid() == 0:
        os.chown(f"{root}/etc/default/docker", 1000, 1000)


def snapshot(root):
    """Every path with its mode, owner, bytes; but for the records of what was changed."""
    found = {}
    for folder, folders, files in os.walk(root):
        if folder == f"{root}/var/lib":
            with contextlib.suppress(ValueError):
                folders.remove("bulwark")
        for name in folders + files:
            path = os.path.join(folder, name)
            st = os.lstat(path)
            text = None
            if stat.S_ISREG(st.st_mode):
                with open(path, "rb") as f:
                    text = f.read()
            found[os.path.relpath(path, root)] = (oct(st.st_mode), st.st_uid, st.st_gid, text)
    return found


def bench(root, *words, code=0):
    return run(BULWARK, "bench", "--root", root, "--allow-unsandboxed", *words, code=code)


@contextlib.contextmanager
def planned(config=CONFIG):
    if os.getuid() != 0:
        raise lab.Skip("owners are changed by root only")
    with tempfile.TemporaryDirectory(prefix="bulwark-fix-") as work:
        root, plan = f"{work}/root", f"{work}/plan.json"
        os.makedirs(root)
        host(root, config)
        bench(root, "--plan", plan)
        yield root, plan


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


@test
def a_plan_is_carried_out_and_taken_back():
    with planned() as (root, plan):
        before = snapshot(root)
        with contextlib.suppress(OSError):
            os.setxattr(f"{root}/etc/docker/daemon.json", "user.note", b"hello")
        warned = {v["id"] for v in json.loads(bench(root, "--format", "json").stdout)["checks"] if v["outcome"] == "WARN"}
        steps = json.loads(read(plan))["steps"]
        answered = {check for s in steps for check in s["checks"]}
        true({"B202", "B203", "B214", "B215", "B306", "B308", "B318", "B319"} <= answered, answered)
        manual = {m["check"] for m in json.loads(read(plan))["manual"]}
        equal(warned - answered, manual)
        true("B216" in manual, "a setting of the command line is left to a person")
        bench(root, "--apply", plan)
        equal(read(f"{root}/etc/docker/daemon.json"), FIXED)
        with contextlib.suppress(OSError):
            equal(os.getxattr(f"{root}/etc/docker/daemon.json", "user.note"), b"hello")
        equal(stat.S_IMODE(os.stat(f"{root}/etc/docker").st_mode), 0o755)
        equal(os.stat(f"{root}/etc/default/docker").st_uid, 0)
        true("-w " in read(f"{root}/etc/audit/rules.d/50-bulwark.rules"), "audit rules")
        left = {v["id"] for v in json.loads(bench(root, "--format", "json").stdout)["checks"] if v["outcome"] == "WARN"}
        equal(left, manual)
        again = bench(root, "--apply", plan).stdout
        true("0 done" in again, again)
        bench(root, "--undo")
        equal(snapshot(root), before)
        true("nothing is there" in bench(root, "--undo", code=2).stderr, "taken back once")


@test
def what_changed_since_is_not_touched():
    with planned() as (root, plan):
        os.chmod(f"{root}/etc/docker", 0o770)
        before = snapshot(root)
        refused = bench(root, "--apply", plan, code=3)
        true("/etc/docker" in refused.stderr and "0770" in refused.stderr, refused.stderr)
        equal(snapshot(root), before)
        os.chmod(f"{root}/etc/docker", 0o777)
        with open(f"{root}/etc/docker/daemon.json", "w", encoding="utf-8") as f:
            f.write(CONFIG.replace('"icc":   true', '"icc": "what"'))
        refused = bench(root, "--apply", plan, code=3)
        true("icc" in refused.stderr and "new plan" in refused.stderr, refused.stderr)
        # A change elsewhere in the file is kept.
        with open(f"{root}/etc/docker/daemon.json", "w", encoding="utf-8") as f:
            f.write(CONFIG.replace('"10m"', '"20m"'))
        bench(root, "--apply", plan)
        equal(read(f"{root}/etc/docker/daemon.json"), FIXED.replace('"10m"', '"20m"'))
        with open(f"{root}/etc/docker/daemon.json", "a", encoding="utf-8") as f:
            f.write(" ")
        after = snapshot(root)
        refused = bench(root, "--undo", code=3)
        true("somebody has changed it" in refused.stderr and "--force" in refused.stderr, refused.stderr)
        equal(snapshot(root), after)
        bench(root, "--undo", "--force")
        equal(read(f"{root}/etc/docker/daemon.json"), CONFIG.replace('"10m"', '"20m"'))


@test
def a_file_that_does_not_parse_is_left_to_a_person():
    for config in ('{"icc": true,}', '{"icc": true, "icc": false}', "[]"):
        with planned(config) as (root, plan):
            made = json.loads(read(plan))
            true(all(s["kind"] != "json" for s in made["steps"]), made["steps"])
            bench(root, "--apply", plan)
            equal(read(f"{root}/etc/docker/daemon.json"), config)


@test
def a_step_that_was_taken_out_is_not_done():
    with planned() as (root, plan):
        made = json.loads(read(plan))
        made["steps"] = [s for s in made["steps"] if s.get("key") == "icc"]
        with open(plan, "w", encoding="utf-8") as f:
            json.dump(made, f)
        bench(root, "--apply", plan)
        equal(read(f"{root}/etc/docker/daemon.json"), CONFIG.replace('"icc":   true', '"icc":   false'))


@test
def a_plan_that_cannot_be_carried_out_changes_nothing():
    with planned() as (root, plan):
        made, before = json.loads(read(plan)), snapshot(root)
        for step in ({"kind": "mode", "path": "/etc/docker", "before": "0777", "after": "0999"},
                     {"kind": "owner", "path": "/etc/docker", "before": "0:0", "after": "4294967295:0"},
                     {"kind": "file", "path": "/etc/nowhere/x", "after": "x"},
                     {"kind": "json", "path": "/etc/docker/daemon.json", "key": "icc", "before": "true", "after": "false, 1"}):
            with open(plan, "w", encoding="utf-8") as f:
                json.dump({**made, "steps": made["steps"] + [{"checks": [], **step}]}, f)
            bench(root, "--apply", plan, code=3)
            equal(snapshot(root), before, step)


@test
def a_socket_is_given_to_the_group_that_the_engine_names():
    with planned() as (root, _):
        with open(f"{root}/usr/lib/systemd/system/docker.service", "w", encoding="utf-8") as f:
            f.write("[Service]\nExecStart=/usr/sbin/dockerd --group ops\n")
        with open(f"{root}/etc/group", "a", encoding="utf-8") as f:
            f.write("ops:x:200:\n")
        os.makedirs(f"{root}/run")
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(f"{root}/run/docker.sock")
        os.chown(f"{root}/run/docker.sock", 1000, 200)
        made = json.loads(bench(root, "--check", "B315", "--plan", "--format", "json").stdout)
        equal([(s["path"], s["before"], s["after"]) for s in made["steps"]], [("/run/docker.sock", "1000:200", "0:200")])


@test
def a_link_out_of_the_tree_is_not_followed():
    with planned() as (root, plan):
        with tempfile.TemporaryDirectory() as outside:
            shutil.move(f"{root}/etc/docker", f"{outside}/docker")
            os.symlink(f"{outside}/docker", f"{root}/etc/docker")
            before = snapshot(outside)
            bench(root, "--apply", plan, code=3)
            equal(snapshot(outside), before)


@test
def a_second_name_of_a_file_is_not_followed():
    with planned() as (root, plan):
        with open(f"{root}/precious", "w", encoding="utf-8") as f:
            f.write(CONFIG)
        os.chmod(f"{root}/precious", 0o666)
        os.rename(f"{root}/etc/docker/daemon.json", f"{root}/away")
        os.link(f"{root}/precious", f"{root}/etc/docker/daemon.json")
        before = snapshot(root)
        refused = bench(root, "--apply", plan, code=3)
        true("hard links" in refused.stderr, refused.stderr)
        equal(snapshot(root), before)
        steps = json.loads(bench(root, "--plan", "--format", "json").stdout)["steps"]
        true(all(s.get("path") != "/etc/docker/daemon.json" for s in steps), "a plan leaves it to a person")
        os.replace(f"{root}/away", f"{root}/etc/docker/daemon.json")
        bench(root, "--apply", plan)
        os.chmod(f"{root}/precious", 0o644)
        os.link(f"{root}/precious", f"{root}/new")
        os.replace(f"{root}/new", f"{root}/etc/docker/daemon.json")
        bench(root, "--undo", "--force", code=3)
        equal(stat.S_IMODE(os.stat(f"{root}/precious").st_mode), 0o644)


@test
def what_is_immutable_is_found_before_anything_is_done():
    lab.need("chattr")
    with planned() as (root, plan):
        before, path = snapshot(root), f"{root}/etc/docker/daemon.json"
        if subprocess.run(["chattr", "+i", path], capture_output=True, check=False).returncode != 0:
            raise lab.Skip("nothing can be made immutable on this file system")
        try:
            refused = bench(root, "--apply", plan, code=3)
        finally:
            run("chattr", "-i", path)
        true("immutable" in refused.stderr, refused.stderr)
        equal(snapshot(root), before)


@test
def a_record_in_a_tree_does_not_reach_the_kernel():
    with planned() as (root, _):
        record = f"{root}/var/lib/bulwark/undo/20260101T000000Z"
        os.makedirs(record, 0o700)
        os.chmod(os.path.dirname(record), 0o700)
        with open(f"{record}/record.json", "w", encoding="utf-8") as f:
            json.dump({"bulwark_undo": 1, "changes": [{"kind": "audit-enabled", "before": "0", "after": "1"}]}, f)
        refused = bench(root, "--undo", code=3)
        true("has no kernel" in refused.stderr, refused.stderr)


@test
def a_plan_that_everybody_can_write_is_not_carried_out():
    with planned() as (root, plan):
        before = snapshot(root)
        os.chmod(plan, 0o666)
        refused = bench(root, "--apply", plan, code=3)
        true("everybody can write it" in refused.stderr, refused.stderr)
        equal(snapshot(root), before)
        os.chmod(plan, 0o664)
        bench(root, "--apply", plan)


@test
def records_that_others_can_write_are_not_used():
    with planned() as (root, plan):
        shared = f"{os.path.dirname(root)}/shared"
        os.mkdir(shared)
        os.chmod(shared, 0o1777)
        before = snapshot(root)
        refused = bench(root, "--apply", plan, "--undo-dir", shared, code=3)
        true("others can write in it" in refused.stderr, refused.stderr)
        true("others can write in it" in bench(root, "--undo", "--undo-dir", shared, code=3).stderr, "nor taken back from there")
        equal(snapshot(root), before)


@test
def no_right_is_inherited_that_the_file_did_not_have():
    with planned() as (root, plan):
        # An ACL: version 2, then tag, rights and id of the owner, of user 1234, of the group, the mask and others.
        entries = struct.pack("<I" + "HHI" * 5, 2, 1, 7, 2**32 - 1, 2, 7, 1234, 4, 5, 2**32 - 1, 0x10, 7, 2**32 - 1, 0x20, 5, 2**32 - 1)
        try:
            os.setxattr(f"{root}/etc/docker", "system.posix_acl_default", entries)
        except OSError as e:
            raise lab.Skip("no ACLs on this file system") from e
        bench(root, "--apply", plan)
        equal(read(f"{root}/etc/docker/daemon.json"), FIXED)
        equal(os.listxattr(f"{root}/etc/docker/daemon.json"), [])


KILLED_AT = ("mkdirat", "write", "fsync", "renameat2", "chmod", "chown", "fchown", "fchmod", "renameat", "unlinkat", "openat2")


def killed(root, call, number, *words):
    """True when it was killed at that call."""
    done = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}",
                           BULWARK, "bench", "--root", root, "--allow-unsandboxed", *words], capture_output=True, text=True)
    return done.returncode not in (0, 1, 2)


def is_one_of(now, before, after):
    """Every file as it was, or as it was to be; what was being written beside it does not count."""
    for path in set(now) | set(before):
        if path.endswith(".bulwark-new"):
            continue
        states = {before.get(path), after.get(path)}
        one = now.get(path)
        if one in states:
            continue
        # Mode, owner and content of one file are changes of their own.
        true(one is not None and all(any(s is not None and one[i] == s[i] for s in states) for i in range(4)), f"{path}: {one}")


@test
def killed_at_any_call_nothing_is_half_done_and_all_can_be_taken_back():
    lab.need("strace")
    with planned() as (root, plan):
        before = snapshot(root)
        bench(root, "--apply", plan)
        after = snapshot(root)
        bench(root, "--undo")
        kills = 0
        for call in KILLED_AT:
            for number in range(1, 40):
                shutil.rmtree(f"{root}/var/lib/bulwark", ignore_errors=True)
                if not killed(root, call, number, "--apply", plan):
                    bench(root, "--undo", code=None)
                    equal(snapshot(root), before)
                    break
                kills += 1
                is_one_of(snapshot(root), before, after)
                undone = bench(root, "--undo", code=None) if os.path.exists(f"{root}/var/lib/bulwark/undo") else None
                if undone is not None and undone.returncode != 0:
                    true("nothing is there" in undone.stderr, undone.stderr)
                equal(snapshot(root), before, f"{call} {number}")
        true(kills > 20, f"{kills} kills")


@test
def killed_while_taking_back_it_can_be_taken_back_again():
    lab.need("strace")
    with planned() as (root, plan):
        before = snapshot(root)
        kills = 0
        for call in ("fsync", "chmod", "fchown", "renameat", "unlinkat", "write"):
            for number in range(1, 40):
                shutil.rmtree(f"{root}/var/lib/bulwark", ignore_errors=True)
                bench(root, "--apply", plan)
                over = not killed(root, call, number, "--undo")
                kills += not over
                bench(root, "--undo", code=None)
                equal(snapshot(root), before, f"{call} {number}")
                if over:
                    break
        true(kills > 6, f"{kills} kills")


@test
def a_full_disk_changes_nothing():
    with planned() as (root, plan):
        small = f"{os.path.dirname(root)}/small"
        os.makedirs(small)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,mode=700", "none", small], capture_output=True, text=True)
        if mounted.returncode != 0:
            raise lab.Skip("no tmpfs can be mounted: " + mounted.stderr.strip())
        try:
            with contextlib.suppress(OSError), open(f"{small}/fill", "wb") as f:
                f.write(b"x" * 8192)
            before = snapshot(root)
            failed = bench(root, "--apply", plan, "--undo-dir", small, code=3)
            true("No space left" in failed.stderr, failed.stderr)
            equal(snapshot(root), before)
        finally:
            run("umount", small)


@test
def a_real_engine_starts_with_what_was_written():
    lab.need("dockerd")
    with planned('{"icc": true, "bridge": "none", "iptables": false}') as (root, plan):
        made = json.loads(read(plan))
        made["steps"] = [s for s in made["steps"] if s["kind"] == "json"]
        true(any(s["key"] == "iptables" for s in made["steps"]), made["steps"])
        made["steps"] = [s for s in made["steps"] if s["key"] != "iptables"]  # it would touch this machine's firewall
        made["steps"] = [s for s in made["steps"] if s["key"] != "icc"]  # needs it
        with open(plan, "w", encoding="utf-8") as f:
            json.dump(made, f)
        bench(root, "--apply", plan)
        home = os.path.dirname(root)
        with open(f"{home}/log", "w", encoding="utf-8") as log:
            engine = subprocess.Popen(["dockerd", "--config-file", f"{root}/etc/docker/daemon.json", "--data-root", f"{home}/data", "--exec-root",
                                       f"{home}/exec", "-H", f"unix://{home}/d.sock", "--pidfile", f"{home}/pid", "--ip6tables=false"],
                                      stdout=log, stderr=log)
        try:
            for _ in range(300):
                if engine.poll() is not None or os.path.exists(f"{home}/d.sock"):
                    break
                run("sleep", "0.1")
            equal(engine.poll(), None, read(f"{home}/log")[-500:])
            info = json.loads(run("docker", "-H", f"unix://{home}/d.sock", "info", "--format", "{{json .}}").stdout)
            equal(info["LiveRestoreEnabled"], True)
        finally:
            engine.terminate()
            engine.wait(60)


SWITCH, KEPT = "net.ipv4.conf.all.log_martians", "/etc/sysctl.d/90-bulwark.conf"


@test
def a_switch_of_the_kernel_is_set_and_taken_back():
    path = "/proc/sys/" + SWITCH.replace(".", "/")
    if os.getuid() != 0 or os.path.exists(KEPT) or not os.path.isdir(os.path.dirname(KEPT)):
        raise lab.Skip("switches of the kernel are not for this test to set here")
    if read(path).strip() != "0":
        raise lab.Skip(f"{SWITCH} is set already")
    with tempfile.TemporaryDirectory() as work:
        def host_command(*words):
            return run(BULWARK, "host", "--allow-unsandboxed", *words)
        try:
            host_command("--check", "H40", "--plan", f"{work}/plan")
            host_command("--apply", f"{work}/plan", "--undo-dir", f"{work}/undo")
            equal((read(path), read(KEPT).splitlines()[-1]), ("1\n", f"{SWITCH} = 1"))
            host_command("--undo", "--undo-dir", f"{work}/undo")
            equal((read(path), os.path.exists(KEPT)), ("0\n", False))
        finally:
            with open(path, "w", encoding="utf-8") as f:
                f.write("0")
            with contextlib.suppress(OSError):
                os.unlink(KEPT)


@test
def a_plan_fits_its_schema():
    try:
        import jsonschema
    except ImportError as missing:
        raise lab.Skip("python3-jsonschema is not installed") from missing
    with planned() as (_, plan):
        jsonschema.validate(json.loads(read(plan)), json.loads(read(f"{lab.SOURCE}/doc/formats/plan.schema.json")))


lab.main()
