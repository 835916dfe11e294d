#!/usr/bin/env python3
"""The kernel's audit: rules for an engine loaded, listed by auditctl, compared; and the stream, every event of it.
Whatever happens, the machine's audit is afterwards as it was."""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

import lab
from lab import BULWARK, equal, run, test, true

OPENS = 50000


def auditctl(*words, code=0):
    return run("auditctl", *words, code=code).stdout


def state():
    return dict(line.split(" ", 1) for line in auditctl("-s").splitlines() if " " in line)


@contextlib.contextmanager
def audit():
    """The machine's audit, for us alone."""
    lab.need("auditctl")
    if os.getuid() != 0:
        raise lab.Skip("audit needs root")
    probe = subprocess.run(["auditctl", "-s"], capture_output=True, text=True)
    if probe.returncode != 0 or "enabled" not in probe.stdout:
        raise lab.Skip("this kernel has no audit, or this is a container: " + (probe.stderr.strip() or probe.stdout.strip()))
    found = state()
    if found["enabled"] == "2":
        raise lab.Skip("the machine's audit is locked")
    if found["pid"] != "0":
        raise lab.Skip(f"process {found['pid']} reads the machine's audit")
    before = auditctl("-l").splitlines()
    if before != ["No rules"]:
        raise lab.Skip("the machine has audit rules of its own")
    try:
        yield found
    finally:
        auditctl("-D")
        auditctl("-e", found["enabled"])
        auditctl("-b", found["backlog_limit"])


def bulwark(*words, code=0, env=None):
    return run(BULWARK, "audit", *words, "--allow-unsandboxed", code=code, env=env).stdout


@contextlib.contextmanager
def watching(*words):
    """bulwark audit watch; what it wrote is in .lines after the block, its account in .end."""
    class Watch:
        lines, end, code = [], {}, None
    watch = Watch()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([BULWARK, "audit", "watch", "--format", "json", "--allow-unsandboxed", *words], stdout=out,
                                   stderr=subprocess.PIPE, text=True)
        try:
            for _ in range(100):
                if process.poll() is not None or state()["enabled"] == "1":
                    break
                time.sleep(0.05)
            time.sleep(0.3)
            yield watch
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        watch.code = process.returncode
        true(process.returncode in (0, 1), f"exit {process.returncode}: {errors}")
        out.seek(0)
        events = [json.loads(line) for line in out]
    watch.end = events.pop()
    equal(watch.end["type"], "END")
    watch.lines = events


def host(root):
    """An unpacked host with an engine whose files are in odd places, behind links."""
    for folder in ("usr/sbin", "usr/bin", "opt/engine", "etc/docker/certs.d", "etc/default", "usr/lib/systemd/system/docker.service.d",
                   "srv/images/overlay2", "root", "etc/systemd/system", "run/containerd"):
        os.makedirs(f"{root}/{folder}")
    files = {"opt/engine/dockerd": "", "usr/bin/runc": "", "etc/default/docker": "", "etc/subuid": "",
             "etc/docker/odd.json": '{"data-root": "/var/images", "tlskey": "/etc/docker/key.pem"}', "etc/docker/key.pem": "",
             "usr/lib/systemd/system/docker.service": "[Service]\nExecStart=/usr/sbin/dockerd --config-file /etc/docker/odd.json\n"}
    for name, text in files.items():
        with open(f"{root}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    os.symlink("/opt/engine/dockerd", f"{root}/usr/sbin/dockerd")
    os.makedirs(f"{root}/var")
    os.symlink("../srv/images", f"{root}/var/images")


@test
def rules_follow_the_host():
    with tempfile.TemporaryDirectory() as root:
        host(root)
        text = bulwark("rules", "--root", root)
        rules = [line for line in text.splitlines() if line.startswith("-")]
        equal(rules[:len(rules) - 8], [
            "-w /opt/engine/dockerd -p wxa -k bulwark-programs",
            "-w /usr/bin/runc -p wxa -k bulwark-programs",
            "-w /etc/docker/odd.json -p wa -k bulwark-config",
            "-w /etc/docker/key.pem -p wa -k bulwark-config",
            "-w /etc/docker -p wa -k bulwark-config",
            "-w /etc/default/docker -p wa -k bulwark-config",
            "-w /etc/containerd -p wa -k bulwark-config",
            "-w /etc/docker/certs.d -p wa -k bulwark-config",
            "-w /usr/lib/systemd/system/docker.service -p wa -k bulwark-units",
            "-w /etc/systemd/system/docker.service.d -p wa -k bulwark-units",
            "-w /usr/lib/systemd/system/docker.service.d -p wa -k bulwark-units",
            "-w /etc/subuid -p wa -k bulwark-users",
            "-w /etc/subgid -p wa -k bulwark-users",
            "-w /run/containerd -p wa -k bulwark-state",
            "-A never,exit -S all -F dir=/srv/images/overlay2 -F key=bulwark-state",
            "-w /srv/images -p wa -k bulwark-state",
        ])
        for line in rules[-8:]:
            true(line.startswith("-a always,exit -F arch=b"), line)
        listed = json.loads(bulwark("rules", "--root", root, "--format", "json"))["rules"]
        equal([r["rule"] for r in listed], rules)
        equal([r["cis"] for r in listed if r.get("path") == "/opt/engine/dockerd"], ["1.1.3"])
        bulwark("rules", "--root", root, "--check", code=2)


def same_rule(line):
    """As auditctl -l writes it; it has a name of its own for one 32-bit call."""
    return line.replace("-A never,exit", "-a never,exit").replace("sys_kexec_load", "kexec_load")


@test
def loaded_rules_are_those_that_auditctl_lists():
    with audit():
        wanted = sorted(same_rule(l) for l in bulwark("rules").splitlines() if l.startswith("-"))
        true(len(wanted) >= 8, "rules for this host")
        equal(bulwark("rules", "--check", code=1).splitlines()[-1], f"{len(wanted)} missing")
        equal(bulwark("rules", "--load", "--enable").splitlines()[-1], f"{len(wanted)} added")
        equal(sorted(same_rule(l) for l in auditctl("-l").splitlines()), wanted)
        equal(bulwark("rules", "--check").splitlines(), [f"{len(wanted)} present"])
        equal(state()["enabled"], "1")
        auditctl("-e", "0")
        true("Auditing is off" in bulwark("rules", "--check", code=1), "rules that record nothing are not taken for good")
        equal(bulwark("rules", "--unload").splitlines()[-1], f"{len(wanted)} removed")
        equal(auditctl("-l"), "No rules\n")


@test
def rules_of_auditctl_are_compared_by_field():
    with audit(), tempfile.TemporaryDirectory() as root:
        rules = [l for l in bulwark("rules").splitlines() if l.startswith("-w ")]
        target = next(l.split()[1] for l in rules if l.endswith("bulwark-users"))
        def standing():
            found = json.loads(bulwark("rules", "--check", "--format", "json", code=1))["rules"]
            return [(r["standing"], r.get("why", "")) for r in found if r.get("path") == target and r["key"].startswith("bulwark-")]
        def others():
            found = json.loads(bulwark("rules", "--check", "--format", "json", code=1))["rules"]
            return [r["standing"] for r in found if r["key"] in ("mine", "bulwark-old")]
        equal(standing(), [("missing", "")])
        auditctl("-w", target, "-p", "w", "-k", "mine")
        equal([s for s, _ in standing()], ["weaker"])
        true("changing attributes" in standing()[0][1], standing())
        auditctl("-w", target, "-p", "a", "-k", "mine")
        equal(standing(), [("present", "")])
        auditctl("-A", "never,exit", "-F", f"path={target}")
        equal([s for s, _ in standing()], ["weaker"])
        auditctl("-D")
        auditctl("-a", "always,exit", "-F", "arch=b64", "-F", f"path={target}", "-F", "perm=wa", "-F", "auid>=1000", "-k", "mine")
        equal([s for s, _ in standing()], ["weaker"])
        auditctl("-w", root, "-p", "rwxa", "-k", "bulwark-old")
        equal(sorted(others()), ["extra", "other"])


@test
def a_rule_is_for_what_the_kernel_makes_of_its_path():
    with audit(), tempfile.TemporaryDirectory() as home:
        target = next(l.split()[1] for l in bulwark("rules").splitlines() if l.startswith("-w ") and l.endswith("bulwark-users"))
        def standing():
            found = json.loads(bulwark("rules", "--check", "--format", "json", code=1))["rules"]
            return [r["standing"] for r in found if r.get("path") == target and r["key"].startswith("bulwark-")]
        def watched_folders():
            done = lab.run(BULWARK, "host", "--check", "H70", "--format", "json", "--allow-unsandboxed")
            return {i["name"] for i in json.loads(done.stdout)["checks"][0]["items"]}
        os.symlink(os.path.dirname(target), f"{home}/folder")
        os.symlink(target, f"{home}/file")
        auditctl("-w", f"{home}/file", "-p", "rwxa", "-k", "mine")
        equal(standing(), ["missing"], "a rule for a link says nothing of where it leads")
        auditctl("-w", f"{home}/folder/{os.path.basename(target)}", "-p", "rwxa", "-k", "mine")
        equal(standing(), ["present"], "the kernel follows links to the folder")
        if os.path.isdir("/etc/docker"):
            os.symlink("/etc", f"{home}/etc")
            os.symlink("/etc/docker", f"{home}/docker")
            auditctl("-w", f"{home}/docker/", "-p", "wa", "-k", "mine")
            true("/etc/docker" in watched_folders(), "a link in the last place")
            auditctl("-w", f"{home}/etc/docker/", "-p", "wa", "-k", "mine")
            true("/etc/docker" not in watched_folders(), "a link on the way")


@test
def what_is_done_to_a_watched_folder_is_told():
    with audit() as found, tempfile.TemporaryDirectory(prefix="bulwark-audit-") as folder:
        odd = f"{folder}/odd name\n\u001b[31m"
        auditctl("-w", folder, "-p", "wa", "-k", "bulwark-test")
        auditctl("-w", "/etc/subuid", "-p", "a", "-k", "other")
        with watching("--key", "bulwark-test", "--records") as watch:
            run("touch", odd)
            run("chmod", "600", odd)
            run("rm", odd)
            run("chmod", "644", "/etc/subuid") if os.path.exists("/etc/subuid") else None
        equal([(e["comm"], e["success"], e["keys"]) for e in watch.lines],
              [("touch", True, ["bulwark-test"]), ("chmod", True, ["bulwark-test"]), ("rm", True, ["bulwark-test"])])
        kinds = [[(p["kind"], p["name"]) for p in e["paths"]] for e in watch.lines]
        equal(kinds, [[("PARENT", folder + "/"), ("CREATE", odd)], [("NORMAL", odd)], [("PARENT", folder + "/"), ("DELETE", odd)]])
        equal(watch.lines[0]["exe"], os.path.realpath(shutil.which("touch")))
        equal([r["type"] for r in watch.lines[0]["records"]], ["SYSCALL", "CWD", "PATH", "PATH", "PROCTITLE"])
        equal((watch.end["missing"], watch.end["incomplete"], watch.end["kernel_lost"], watch.code), (0, 0, 0, 0))
        now = state()
        equal([now[k] for k in ("enabled", "pid", "backlog_limit")], [found[k] for k in ("enabled", "pid", "backlog_limit")])


@test
def what_programs_report_and_who_logs_in_is_told():
    with audit(), watching("--records") as watch:
        auditctl("-m", "before")
        auditctl("-m", "between")  # its number is between two others: it was counted as lost
        subprocess.run(["sh", "-c", "echo 0 > /proc/self/loginuid"], check=True)
        auditctl("-m", "after")
        time.sleep(0.3)
    equal((watch.end["missing"], watch.end["incomplete"]), (0, 0), watch.end)
    told = "".join(e.get("fields", "") for e in watch.lines if e["type"] == "USER")
    true(all(f"text={word} " in told for word in ("before", "between", "after")), told)
    true(any(r["type"] == "LOGIN" for e in watch.lines for r in e["records"]), "the record of the new login uid")


def opens(folder, count):
    """A program that opens a file so often, and nothing else."""
    lab.need("cc")
    source = f"{folder}/opens.c"
    with open(source, "w", encoding="utf-8") as f:
        f.write("#include <fcntl.h>\n#include <unistd.h>\nint main(int c, char **v)\n{\n"
                f"\tfor (int i = 0; i < {count}; i++) {{\n\t\tint fd = open(v[1], O_WRONLY);\n"
                "\t\tif (fd < 0)\n\t\t\treturn 1;\n\t\tclose(fd);\n\t}\n\treturn c != 2;\n}\n")
    run("cc", "-O1", "-o", f"{folder}/opens", source)
    with open(f"{folder}/file", "w", encoding="utf-8"):
        pass
    return f"{folder}/opens", f"{folder}/file"


@test
def no_event_of_a_flood_is_lost():
    with audit(), tempfile.TemporaryDirectory(prefix="bulwark-audit-") as folder:
        program, file = opens(folder, OPENS)
        auditctl("-w", file, "-p", "w", "-k", "bulwark-flood")
        with watching("--key", "bulwark-flood") as watch:
            run(program, file)
        equal(len(watch.lines), OPENS)
        equal(len({e["serial"] for e in watch.lines}), OPENS)
        equal((watch.end["missing"], watch.end["incomplete"], watch.end["kernel_lost"]), (0, 0, 0))


@test
def what_multicast_loses_is_counted():
    count = 5000  # the kernel waits a little for each record that does not fit
    with audit(), tempfile.TemporaryDirectory(prefix="bulwark-audit-") as folder:
        program, file = opens(folder, count)
        auditctl("-w", file, "-p", "w", "-k", "bulwark-flood")
        with watching("--multicast", "--buffer", "1", "--key", "bulwark-flood") as watch:
            reader = readers()
            for pid in reader:
                os.kill(pid, signal.SIGSTOP)
            run(program, file)
            for pid in reader:
                os.kill(pid, signal.SIGCONT)
            time.sleep(2)
            run("touch", file)  # an event after the gap
        end = watch.end
        true(end["overrun"] > 0 and end["missing"] > 0, f"a reader that slept lost something: {end}")
        # Every event of the flood was either told or counted, and every record was received or counted.
        few = end["events"] + end["missing"] - (count + 1)
        true(0 <= few <= 10, f"{few} events besides: {end}")
        more = end["records"] + end["overrun"] - 5 * (count + 1)
        true(0 <= more <= 50, f"{more} records besides: {end}")
        equal(len({e["serial"] for e in watch.lines}), len(watch.lines))
        equal(watch.code, 1)


def readers():
    """Our workers: children of our only bulwark."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
                name, rest = f.read().rsplit(")", 1)
            if name.endswith("(bulwark") and int(rest.split()[1]) in mine():
                found.append(int(pid))
    return found


def mine():
    with open(f"/proc/{os.getpid()}/task/{os.getpid()}/children", encoding="utf-8") as f:
        return {int(p) for p in f.read().split()}


@test
def a_second_reader_is_refused_and_may_listen():
    with audit(), watching("--for", "20"):
        refused = subprocess.run([BULWARK, "audit", "watch", "--for", "1", "--allow-unsandboxed"], capture_output=True, text=True)
        equal(refused.returncode, 3)
        true("reads the stream" in refused.stderr and "--multicast" in refused.stderr, refused.stderr)
        beside = subprocess.run([BULWARK, "audit", "watch", "--multicast", "--for", "1", "--allow-unsandboxed"], capture_output=True,
                                text=True)
        true(beside.returncode in (0, 1), beside.stderr)
        equal(state()["enabled"], "1")


@test
def state_comes_back_however_it_ends():
    with audit() as found, tempfile.TemporaryDirectory(prefix="bulwark-audit-") as folder:
        auditctl("-w", folder, "-p", "wa", "-k", "bulwark-test")
        def as_found():
            now = state()
            return [now[k] for k in ("enabled", "pid", "backlog_limit")] == [found[k] for k in ("enabled", "pid", "backlog_limit")]
        run(BULWARK, "audit", "watch", "--for", "1", "--allow-unsandboxed")
        true(as_found(), "after a while")
        broken = subprocess.Popen([BULWARK, "audit", "watch", "--allow-unsandboxed"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(0.7)
        broken.stdout.close()
        run("touch", f"{folder}/x")
        equal(broken.wait(30), 0)
        true(as_found(), "after nobody reads")
        for what in (signal.SIGINT, signal.SIGHUP):
            process = subprocess.Popen([BULWARK, "audit", "watch", "--allow-unsandboxed"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(0.7)
            equal(state()["pid"], str(process.pid))
            process.send_signal(what)
            equal(process.wait(30), 0)
            true(as_found(), f"after {what}")


@test
def a_plan_loads_rules_and_takes_them_back():
    with audit(), lab.engine() as engine, tempfile.TemporaryDirectory() as work:
        def bench(*words):
            return run(BULWARK, "bench", "--allow-unsandboxed", "--engine", engine, *words).stdout
        def outcome():
            return json.loads(bench("--check", "B103", "--format", "json"))["checks"][0]["outcome"]
        equal(outcome(), "WARN")
        bench("--section", "host", "--plan", f"{work}/plan")
        with open(f"{work}/plan", encoding="utf-8") as f:
            plan = json.load(f)
        plan["steps"] = [s for s in plan["steps"] if s["kind"] == "audit"]
        true("B103" in plan["steps"][0]["checks"], plan)
        with open(f"{work}/plan", "w", encoding="utf-8") as f:
            json.dump(plan, f)
        bench("--apply", f"{work}/plan", "--undo-dir", f"{work}/undo")
        equal((outcome(), state()["enabled"]), ("PASS", "1"))
        bench("--undo", "--undo-dir", f"{work}/undo")
        equal((auditctl("-l"), state()["enabled"]), ("No rules\n", "0"))


@test
def an_event_in_a_container_has_its_name():
    with audit(), lab.engine() as engine, tempfile.TemporaryDirectory(prefix="bulwark-audit-") as folder:
        lab.need("busybox")
        root = f"{folder}/root"
        os.makedirs(f"{root}/bin")
        os.makedirs(f"{folder}/w")
        shutil.copy(shutil.which("busybox"), f"{root}/bin/busybox")
        run("sh", "-c", f"tar -C {root} -c . | docker -H {engine} import - bulwark-test:1")
        auditctl("-w", f"{folder}/w", "-p", "wa", "-k", "bulwark-test")
        with watching("--key", "bulwark-test", "--engine", engine) as watch:
            made = subprocess.run(["docker", "-H", engine, "run", "--name", "web-1", "--network", "none", "-v", f"{folder}/w:/w", "bulwark-test:1",
                                   "/bin/busybox", "sh", "-c", "echo hi > /w/y; exec /bin/busybox sleep 1"], capture_output=True, text=True)
            if made.returncode != 0:
                raise lab.Skip("no container starts here: " + made.stderr.strip()[-200:])
            run("touch", f"{folder}/w/host")
        identity = run("docker", "-H", engine, "inspect", "-f", "{{.Id}}", "web-1").stdout.strip()
        inside = [e for e in watch.lines if "container" in e]
        true(inside, watch.lines)
        for e in inside:
            equal((e["container"]["id"], e["container"]["name"]), (identity, "web-1"))
        outside = [e for e in watch.lines if e["comm"] == "touch"]
        true(outside and all("container" not in e for e in outside), outside)


lab.main()
