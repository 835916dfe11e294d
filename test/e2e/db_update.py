#!/usr/bin/env python3
"""bulwark db update against a mirror that misbehaves: what is good stays, what is bad is kept out."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab
import mirror_lab as m


@lab.test
def a_first_update_builds_and_a_second_finds_nothing_changed():
    with m.setup() as (home, server, at):
        lab.equal("(nothing changed)" in home.update(server).stdout, False, "first")
        before = os.stat(home.database)
        lab.equal(home.rows(), {"debian": 100, "kev": 10}, "rows")
        server.asked.clear()
        lab.true("(nothing changed)" in home.update(server).stdout, "second run says that nothing changed")
        lab.true(all("If-None-Match" in headers for _, headers in server.asked), "second run asks conditionally")
        lab.equal(len(server.asked), 2, "requests")
        lab.equal(os.stat(home.database).st_ino, before.st_ino, "the database is left alone")


@lab.test
def a_changed_feed_is_fetched_and_the_database_replaced():
    with m.setup() as (home, server, at):
        home.update(server)
        server.files[at["debian"]] = m.debian(120)
        home.update(server)
        lab.equal(home.rows(), {"debian": 120, "kev": 10}, "rows")
        lab.true(home.db("search", "CVE-2024-00119", code=0).stdout.count("\n") >= 2, "the new row is found")
        lab.true(home.db("search", "cve-2024-00119", code=0).stdout.count("\n") >= 2, "and in any case")
        stored = [f for f in os.listdir(os.path.join(home.folder, "feeds", "debian")) if f != "state"]
        lab.equal(len(stored), 1, "files kept of the feed")


@lab.test
def a_busy_a_cut_and_a_slow_answer_are_survived():
    with m.setup(debian_rows=3000) as (home, server, at):
        server.moods[at["debian"]] = [m.busy, m.cut, m.slow]
        home.update(server, "--strict")
        lab.equal(home.rows()["debian"], 3000, "rows")
        asked = [headers for path, headers in server.asked if path == at["debian"]]
        lab.equal(len(asked), 3, "requests")
        lab.true(asked[2].get("Range", "").startswith("bytes="), "the third request continues the second")


@lab.test
def a_broken_feed_is_kept_out_and_the_rest_goes_on():
    with m.setup() as (home, server, at):
        home.update(server)
        server.files[at["debian"]] = m.debian(150)[:-40]
        server.files[at["kev"]] = m.kev(11)
        done = home.update(server)
        lab.equal(home.rows(), {"debian": 100, "kev": 11}, "rows")
        warnings = done.stderr.strip().splitlines()
        lab.equal(len(warnings), 1, "lines of warning")
        lab.true("feed debian was kept out" in warnings[0] and "last good copy" in warnings[0], warnings[0])
        home.update(server, "--strict", code=3)
        lab.equal(home.rows(), {"debian": 100, "kev": 11}, "rows after --strict")


@lab.test
def a_missing_feed_is_kept_out_or_absent():
    with m.setup() as (home, server, at):
        body = server.files.pop(at["debian"])
        done = home.update(server)
        lab.equal(home.rows(), {"kev": 10}, "rows")
        lab.true("404" in done.stderr and "feed debian" in done.stderr, done.stderr)
        server.files[at["debian"]] = body
        home.update(server)
        lab.equal(home.rows(), {"debian": 100, "kev": 10}, "rows once it is there")


@lab.test
def a_shrunken_feed_is_kept_out_until_it_is_accepted():
    with m.setup() as (home, server, at):
        home.update(server)
        server.files[at["debian"]] = m.debian(69)
        done = home.update(server)
        lab.true("shrank from 100 rows to 69" in done.stderr and "--accept-shrunken debian" in done.stderr, done.stderr)
        lab.equal(home.rows()["debian"], 100, "rows")
        server.files[at["debian"]] = m.debian(71)
        home.update(server, "--strict")
        lab.equal(home.rows()["debian"], 71, "rows after a small loss")
        server.files[at["debian"]] = m.debian(3)
        home.update(server, "--strict", "--accept-shrunken", "debian")
        lab.equal(home.rows()["debian"], 3, "rows once accepted")


@lab.test
def a_feed_that_shrank_for_one_release_is_kept_out_too():
    with m.setup() as (home, server, at):
        server.files[at["debian"]] = m.debian(1000, trixie=100)
        home.update(server)
        server.files[at["debian"]] = m.debian(1000, trixie=60)
        done = home.update(server)
        lab.true("shrank from 100 rows to 60 for debian:13" in done.stderr, done.stderr)
        lab.equal(home.rows()["debian"], 1100, "rows")
        server.files[at["debian"]] = m.debian(1000)
        home.update(server, "--strict")
        lab.equal(home.rows()["debian"], 1000, "rows once the release is gone")
        server.files[at["debian"]] = m.debian(1000, trixie=30)
        home.update(server, "--strict")
        server.files[at["debian"]] = m.debian(1000, trixie=15)
        home.update(server, "--strict")
        lab.equal(home.rows()["debian"], 1015, "rows after a loss of a handful")


@lab.test
def a_feed_that_is_old_beside_fresh_ones_is_told_when_it_judges():
    with m.home() as home:
        record = {"id": "PYSEC-1", "modified": "2022-01-01T00:00:00Z", "affected": [
            {"package": {"ecosystem": "PyPI", "name": "old"}, "versions": ["1.0"]}]}
        files = {"kev.json": m.kev(3).replace(b'"2024-01-01T00:00:00.0000Z"', json.dumps(time.strftime("%FT%TZ", time.gmtime())).encode()),
                 "PYSEC-1.json": json.dumps(record).encode()}
        for name, body in files.items():
            with open(os.path.join(home.folder, name), "wb") as out:
                out.write(body)
        home.db("import", "kev", os.path.join(home.folder, "kev.json"))
        home.db("import", "osv-pypi", os.path.join(home.folder, "PYSEC-1.json"))
        for package, told in (("old", True), ("other", False)):
            root = os.path.join(home.folder, package)
            os.makedirs(os.path.join(root, f"{package}-2.dist-info"))
            with open(os.path.join(root, f"{package}-2.dist-info", "METADATA"), "w", encoding="utf-8") as out:
                out.write(f"Name: {package}\nVersion: 2\n")
            done = lab.run(lab.BULWARK, "scan", "--db", home.database, f"rootfs:{root}")
            lab.equal("the advisories of osv-pypi are of 2022-01-01" in done.stderr, told, f"{package}: {done.stderr}")


@lab.test
def a_folder_is_imported_as_an_archive_of_it_would_be():
    with m.home() as home:
        folder = os.path.join(home.folder, "documents") + "/"
        os.makedirs(os.path.join(folder, "b", ".git"))
        for name, body in (("b/tracker.json", m.debian(7)), ("a-note.txt", b"not a document"), ("b/.git/x.json", b"{"),
                           (".hidden.json", b"{")):
            with open(os.path.join(folder, name), "wb") as out:
                out.write(body)
        os.symlink("/etc/passwd", os.path.join(folder, "b", "link.json"))
        os.mkfifo(os.path.join(folder, "pipe.json"))
        home.db("import", "debian", folder)
        lab.equal(home.rows(), {"debian": 7}, "rows")
        lab.true("(nothing changed)" in home.db("import", "debian", folder).stdout, "the same folder is the same file")
        with open(os.path.join(folder, "c.json"), "wb") as out:
            out.write(b'{"p": {"CVE-1": {"releases": ')
        done = home.db("import", "debian", folder, code=3)
        lab.true("c.json" in done.stderr, done.stderr)
        lab.equal(home.rows(), {"debian": 7}, "rows after a broken document")


@lab.test
def an_empty_feed_is_never_accepted():
    with m.setup() as (home, server, at):
        home.update(server)
        for body in (b"", b"{}", b"<html>please log in</html>"):
            server.files[at["debian"]] = body
            home.update(server, "--strict", "--accept-shrunken", "debian", code=3)
            lab.equal(home.rows()["debian"], 100, f"rows after {body}")


@lab.test
def with_nothing_to_be_had_there_is_no_database_and_a_clear_end():
    with m.home() as home, m.mirror() as server:
        done = home.update(server, code=3)
        lab.true("no feed could be had" in done.stderr, done.stderr)
        lab.true(not os.path.exists(home.database), "no database")
    with m.home() as home:
        done = home.db("update", "--mirror", "http://127.0.0.1:9/", "--feed", "kev", code=3)
        lab.true("no feed could be had" in done.stderr, done.stderr)


@lab.test
def a_mirror_folder_needs_no_network():
    with m.setup() as (home, server, at):
        folder = os.path.join(home.folder, "mirror")
        for path, body in server.files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            with open(os.path.join(folder, path), "wb") as out:
                out.write(body)
        words = ("update", "--offline", "--mirror", folder, "--feed", "debian,kev", "--strict")
        home.db(*words)
        lab.equal(home.rows(), {"debian": 100, "kev": 10}, "rows")
        lab.true("(nothing changed)" in home.db(*words).stdout, "nothing changed")
        lab.equal(server.asked, [], "requests")
        home.db("update", "--offline", "--mirror", server.url, code=2)


@lab.test
def offline_uses_what_is_there():
    with m.setup() as (home, server, at):
        home.update(server)
        server.asked.clear()
        os.unlink(home.database)
        home.db("update", "--offline")
        lab.equal(home.rows(), {"debian": 100, "kev": 10}, "rows")
        os.unlink(home.database)
        home.db("build")
        lab.equal(home.rows(), {"debian": 100, "kev": 10}, "rows")
        lab.equal(server.asked, [], "requests")


@lab.test
def a_damaged_copy_in_the_cache_is_had_anew():
    with m.setup() as (home, server, at):
        home.update(server)
        folder = os.path.join(home.folder, "feeds", "debian")
        stored, = (f for f in os.listdir(folder) if f != "state")
        with open(os.path.join(folder, stored), "r+b") as file:
            file.seek(50)
            file.write(b"#")
        done = home.db("build")
        lab.true("debian" in done.stderr, f"build says that the copy is damaged: {done.stderr}")
        lab.equal(home.rows(), {"kev": 10}, "rows without it")
        home.update(server, "--strict")
        lab.equal(home.rows(), {"debian": 100, "kev": 10}, "rows")


@lab.test
def a_user_s_file_is_imported_and_a_wrong_one_refused():
    with m.setup() as (home, server, at):
        home.update(server)
        mine = os.path.join(home.folder, "mine.json")
        with open(mine, "wb") as out:
            out.write(m.debian(7))
        home.db("import", "debian", mine)
        lab.equal(home.rows(), {"debian": 7, "kev": 10}, "rows")
        with open(mine, "wb") as out:
            out.write(b'{"what": "is this"}')
        home.db("import", "debian", mine, code=3)
        lab.equal(home.rows(), {"debian": 7, "kev": 10}, "rows after a wrong file")
        home.db("import", "nonsense", mine, code=2)
        home.db("import", "debian", os.path.join(home.folder, "missing"), code=3)


@lab.test
def the_same_feeds_give_the_same_bytes_whatever_the_order():
    with m.setup() as (home, server, at), m.home() as other:
        home.update(server)
        other.update(server, "--feed", "kev")
        other.update(server, "--feed", "debian")
        with open(home.database, "rb") as one, open(other.database, "rb") as two:
            lab.equal(one.read() == two.read(), True, "same bytes")


@lab.test
def info_says_what_is_in_it_and_how_old():
    with m.setup() as (home, server, at):
        home.update(server)
        table = home.db("info").stdout
        lab.true("debian" in table and "days old" in table and home.database in table, table)
        found = json.loads(home.db("info", "--format", "json").stdout)
        lab.equal(found["origin"], "updated", "origin")
        lab.equal(found["bytes"], os.stat(home.database).st_size, "size")
        lab.true(all(f["checked"] is not None for f in found["feeds"]), "when each was checked")


if __name__ == "__main__":
    lab.main()
