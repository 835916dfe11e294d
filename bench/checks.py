#!/usr/bin/env python3
"""checks.py - `bulwark bench` of an engine with 24 and with 200 containers, beside the bare API.

usage: checks.py BULWARK [RUNS]

The floor asks the engine, over one connection that is kept open, for what the judging needs too, and reads it as JSON. Runs
alternate; each number is a median. 24 containers run; of the 200, 24 run and 176 were created. With docker-bench-security
in DOCKER_BENCH (its folder) that is run once beside us.
"""
import http.client
import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "e2e"))
import lab
from bench import create_many, stop_all


def bare_api(host):
    """Seconds, and how much JSON."""
    start, size = time.monotonic(), 0
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(host[len("unix://"):])

    def get(path):
        nonlocal size
        connection.request("GET", path)
        body = connection.getresponse().read()
        size += len(body)
        return json.loads(body)
    for path in ("/info", "/version", "/networks", "/volumes"):
        get(path)
    for container in get("/containers/json?all=1"):
        get(f"/containers/{container['Id']}/json")
    for image in get("/images/json"):
        get(f"/images/{image['Id']}/json")
        get(f"/images/{image['Id']}/history")
    connection.close()
    return time.monotonic() - start, size


def ours(bulwark, host):
    """Wall and processor seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    lab.run(bulwark, "bench", "-H", host, "--output", "/dev/null")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - start, used


def children(bulwark, host):
    """Processes that are made, and programs that are run besides itself."""
    if shutil.which("strace") is None:
        return "not counted (no strace)"
    done = lab.run("strace", "-f", "-e", "trace=clone,clone3,fork,vfork,execve", bulwark, "bench", "-H", host, "--output", "/dev/null")
    forks = [line for line in done.stderr.splitlines() if re.search(r"\b(clone3?|v?fork)\(", line) and "CLONE_THREAD" not in line]
    return f"{len(forks)} made, {done.stderr.count('execve(') - 1} programs run"


def peer(host):
    folder = os.environ.get("DOCKER_BENCH")
    if not folder:
        return
    start = time.monotonic()
    subprocess.run(["bash", "docker-bench-security.sh", "-b", "-l", "/dev/null"], cwd=folder, check=False,
                   env={**os.environ, "DOCKER_HOST": host}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"docker-bench-security: {time.monotonic() - start:.1f} s")


def measure(bulwark, host, count, runs, aim):
    floor, judged = [], []
    for _ in range(runs + 1):  # the first round warms up
        floor.append(bare_api(host))
        judged.append(ours(bulwark, host))
    api, size = statistics.median(f[0] for f in floor[1:]), floor[-1][1]
    wall, used = (statistics.median(j[i] for j in judged[1:]) for i in (0, 1))
    print(f"{count:10} {api:8.3f}s {wall:8.3f}s {wall / api:6.2f}x {used:7.3f}s {size / 1e3:7.0f} kB   aim {aim} s", flush=True)


def main():
    bulwark = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with lab.engine() as host:
        lab.tiny_image(host)
        print(f"{'containers':>10} {'bare API':>9} {'bulwark':>9} {'ratio':>7} {'CPU':>8} {'JSON':>10}")
        for number in range(24):
            lab.run("docker", "-H", host, "run", "-d", "--name", f"r{number:02}", "--network", "none", "tiny:1", "sleep", "99999")
        measure(bulwark, host, 24, runs, 0.3)
        peer(host)
        create_many(host, 176)
        measure(bulwark, host, 200, runs, 1)
        print(f"processes: {children(bulwark, host)}")
        stop_all(host)


if __name__ == "__main__":
    main()
