#!/usr/bin/env python3
"""bulwark db update killed, out of disk, and doubled: the database that was there still answers."""
import os
import random
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab
import mirror_lab as m

KILLS = 30


def start(home, server, *words):
    return subprocess.Popen([lab.BULWARK, "db", *home.words(server, *words)], env={**os.environ, **home.env},
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@lab.test
def killed_at_any_moment_the_database_serves_the_old_rows_or_the_new():
    chance = random.Random(1)
    with m.setup(debian_rows=20000) as (home, server, at):
        began = time.monotonic()
        home.update(server)
        whole = time.monotonic() - began
        killed, rows = 0, 20000
        for turn in range(KILLS):
            # A new version each turn, so that every update has all of its work to do.
            new = 20000 + (turn + 1) * 10
            server.files[at["debian"]] = m.debian(new)
            process = start(home, server)
            time.sleep(chance.uniform(0, whole * 1.1))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += process.returncode == -signal.SIGKILL
            found = home.rows()["debian"]
            lab.true(found in (rows, new), f"turn {turn}: {found} rows, want {rows} or {new}")
            rows = found
        lab.true(killed >= KILLS // 2, f"only {killed} of {KILLS} updates were killed before they ended")
        home.update(server, "--strict")
        lab.equal(home.rows()["debian"], new, "rows after an update that was let finish")
        litter = [f for f in os.listdir(home.folder) if f.startswith(".")]
        lab.equal(litter, [], "left over beside the database")


def partial_bytes(home):
    folder = os.path.join(home.folder, "feeds", "debian")
    return sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder) if f.endswith(".part"))


def fill(folder, spare):
    """Leaves `spare` bytes free."""
    with open(os.path.join(folder, "filler"), "wb") as out:
        free = os.statvfs(folder)
        out.write(b"x" * (free.f_bavail * free.f_frsize - spare))


def refused_for_lack_of_space(home, server, rows, limits=None):
    done = subprocess.run([lab.BULWARK, "db", *home.words(server)], env={**os.environ, **home.env},
                          capture_output=True, text=True, check=False, preexec_fn=limits)
    lab.equal(home.rows(), rows, "rows")
    lab.true(any(words in done.stderr for words in ("No space left", "File too large", "ceiling", "larger than")), done.stderr)
    return done


@lab.test
def a_full_disk_leaves_the_old_database():
    with m.setup(debian_rows=100) as (home, server, at):
        mounted = os.getuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", home.folder], capture_output=True, check=False).returncode == 0
        if not mounted:
            raise lab.Skip("mounting a tmpfs is refused here; the file size limit is tried instead")
        try:
            home.update(server)
            server.files[at["debian"]] = m.debian(20000)
            # Out of room while downloading; then at the build, with room for the download only.
            for room in (200_000, len(server.files[at["debian"]]) + 50_000):
                fill(home.folder, room - partial_bytes(home))
                refused_for_lack_of_space(home, server, {"debian": 100, "kev": 10})
                os.unlink(os.path.join(home.folder, "filler"))
            home.update(server, "--strict")
            lab.equal(home.rows()["debian"], 20000, "rows once there is room")
        finally:
            subprocess.run(["umount", home.folder], check=False)


@lab.test
def a_file_size_limit_leaves_the_old_database():
    def limits():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    with m.setup(debian_rows=100) as (home, server, at):
        home.update(server)
        server.files[at["debian"]] = m.debian(20000)
        refused_for_lack_of_space(home, server, {"debian": 100, "kev": 10}, limits)


@lab.test
def two_updates_at_once_take_turns():
    with m.setup(debian_rows=5000) as (home, server, at):
        server.moods[at["debian"]] = [m.slow]
        both = [start(home, server, "--strict"), start(home, server, "--strict")]
        told = [p.communicate(timeout=60)[1] for p in both]
        lab.equal([p.returncode for p in both], [0, 0], f"exit codes {told}")
        lab.equal(sum("waiting" in t for t in told), 1, f"one says that it waits: {told}")
        lab.equal(home.rows(), {"debian": 5000, "kev": 10}, "rows")


@lab.test
def readers_are_never_kept_waiting():
    with m.setup(debian_rows=5000) as (home, server, at):
        home.update(server)
        server.files[at["debian"]] = m.debian(5001)
        server.moods[at["debian"]] = [m.slow]
        process = start(home, server)
        time.sleep(0.3)
        lab.true(process.poll() is None, "the update is under way")
        began = time.monotonic()
        lab.equal(home.rows()["debian"], 5000, "rows meanwhile")
        lab.true(time.monotonic() - began < 0.8, "the reader did not wait")
        process.communicate(timeout=60)
        lab.equal(home.rows()["debian"], 5001, "rows at the end")


if __name__ == "__main__":
    lab.main()
