"""host - how long `bulwark host` takes. usage: host.py BULWARK"""
import os
import shutil
import subprocess
import sys
import time

RUNS = 7


def once(words):
    before = os.times()
    start = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall = time.perf_counter() - start
    after = os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def median(runs):
    return sorted(runs)[len(runs) // 2]


def say(name, words, runs):
    taken = [once(words) for _ in range(runs)]
    print(f"{name:34} {median([t[0] for t in taken]):7.3f} s wall {median([t[1] for t in taken]):7.3f} s processor")


def main():
    bulwark = sys.argv[1]
    once([bulwark, "host"])  # warm
    say("84 checks", [bulwark, "host"], RUNS)
    say("without digests of engines (H82)", [bulwark, "host", "--exclude", "H82"], RUNS)
    say("one switch (H01)", [bulwark, "host", "--check", "H01"], RUNS)
    if shutil.which("lynis"):
        say("lynis", ["lynis", "audit", "system", "--quick", "--quiet"], 1)


main()
