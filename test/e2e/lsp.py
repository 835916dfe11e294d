#!/usr/bin/env python3
"""bulwark lsp with the built program: an editor's conversation, settings, fixes that are applied, and what is not a message."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab

TEXT = "FROM debian\nENV é💩 b\nADD x /y\nRUN true \\\n  && apt-get update\n"


class Editor:
    """Speaks with one server, and remembers what it published."""

    def __init__(self, *words):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("BULWARK_")}
        self.process = subprocess.Popen([lab.BULWARK, "lsp", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env={**clean, "XDG_CONFIG_HOME": "/nonexistent"})
        self.number = 0
        self.published = {}

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def read(self):
        length = None
        while (line := self.process.stdout.readline()) not in (b"\r\n", b""):
            name, value = line.split(b":")
            length = int(value) if name == b"Content-Length" else length
        lab.true(length is not None, "the server said nothing more")
        message = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]
        return message

    def tell(self, method, **params):
        self.send({"method": method, "params": params})

    def ask(self, method, **params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while (answer := self.read()).get("id") != self.number:
            pass
        return answer

    def start(self):
        answer = self.ask("initialize", processId=None, rootUri=None, capabilities={})
        self.tell("initialized")
        return answer["result"]

    def open(self, uri, text, language="dockerfile"):
        self.tell("textDocument/didOpen", textDocument={"uri": uri, "languageId": language, "version": 1, "text": text})
        return self.diagnostics(uri, 1)

    def diagnostics(self, uri, version):
        while self.published.get(uri, {}).get("version") != version:
            self.read()
        return self.published[uri]["diagnostics"]

    def stop(self, code=0):
        lab.equal(self.ask("shutdown")["result"], None)
        self.tell("exit")
        self.process.stdin.close()
        lab.equal(self.process.wait(20), code, self.process.stderr.read().decode())


def codes(diagnostics):
    return [d["code"] for d in diagnostics]


def apply(text, edits):
    """As an editor does: positions are lines and UTF-16 code units."""
    lines = [line.encode("utf-16-le") for line in text.split("\n")]

    def at(place):
        return sum(len(line) + 2 for line in lines[:place["line"]]) + 2 * place["character"]

    raw = text.encode("utf-16-le")
    for edit in sorted(edits, key=lambda e: at(e["range"]["start"]), reverse=True):
        raw = raw[:at(edit["range"]["start"])] + edit["newText"].encode("utf-16-le") + raw[at(edit["range"]["end"]):]
    return raw.decode("utf-16-le")


@lab.test
def an_editor_gets_findings_while_it_writes():
    editor = Editor()
    result = editor.start()
    lab.equal(result["capabilities"]["positionEncoding"], "utf-16")
    found = editor.open("file:///srv/app/Dockerfile", TEXT)
    at = {d["code"]: d["range"] for d in found}
    lab.equal(at["D201"], {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 11}})
    lab.equal(at["D601"]["start"], {"line": 2, "character": 0})
    lab.true(all(d["source"] == "bulwark" and 1 <= d["severity"] <= 4 for d in found), found)
    uri = "file:///srv/app/Dockerfile"
    for version, text in ((2, "FROM deb"), (3, "FROM debian:12\nUSER 1000\nCMD [\"a\"]\n")):
        editor.tell("textDocument/didChange", textDocument={"uri": uri, "version": version}, contentChanges=[{"text": text}])
    lab.equal(editor.diagnostics(uri, 3), [])
    editor.tell("textDocument/didClose", textDocument={"uri": uri})
    lab.equal(editor.ask("textDocument/hover", textDocument={"uri": uri}, position={"line": 0, "character": 0})["result"], None)
    editor.stop()


@lab.test
def what_is_no_dockerfile_is_left_alone():
    editor = Editor()
    editor.start()
    editor.tell("textDocument/didOpen", textDocument={"uri": "file:///a/x.py", "languageId": "python", "version": 1, "text": "FROM x"})
    lab.equal(codes(editor.open("untitled:1", "FROM debian\n"))[:1], ["D301"])
    lab.true("file:///a/x.py" not in editor.published, editor.published)
    editor.stop()


@lab.test
def compose_files_are_judged_too():
    with tempfile.TemporaryDirectory() as place:
        uri = pathlib.Path(place, "compose.yaml").as_uri()
        editor = Editor()
        editor.start()
        found = editor.open(uri, "services:\n  web:\n    image: nginx\n    privileged: true\n", "yaml")
        lab.true(any(d["range"]["start"]["line"] == 3 for d in found), found)
        editor.stop()


@lab.test
def a_hover_explains_and_a_fix_mends():
    editor, uri = Editor(), "file:///srv/Dockerfile"
    editor.start()
    found = editor.open(uri, TEXT)
    add = next(d for d in found if d["code"] == "D601")
    text = editor.ask("textDocument/hover", textDocument={"uri": uri}, position=add["range"]["start"])["result"]["contents"]
    lab.equal(text["kind"], "markdown")
    lab.true("D601" in text["value"] and "To do:" in text["value"], text)
    actions = editor.ask("textDocument/codeAction", textDocument={"uri": uri}, range=add["range"],
                         context={"diagnostics": [add]})["result"]
    fix = next(a for a in actions if a.get("isPreferred"))
    mended = apply(TEXT, fix["edit"]["changes"][uri])
    lab.equal(mended, TEXT.replace("ADD x", "COPY x"))
    legacy = next(d for d in found if d["code"] == "D112")
    actions = editor.ask("textDocument/codeAction", textDocument={"uri": uri}, range=legacy["range"], context={"diagnostics": []})["result"]
    mended = apply(TEXT, next(a for a in actions if a.get("isPreferred"))["edit"]["changes"][uri])
    lab.true("ENV é💩=b" in mended, mended)
    everything = next(a for a in actions if a["kind"] == "source.fixAll")
    mended = apply(TEXT, everything["edit"]["changes"][uri])
    lab.true("COPY x" in mended and "ENV é💩=b" in mended, mended)
    editor.stop()


@lab.test
def a_comment_accepts_what_it_stands_above():
    editor, uri = Editor(), "file:///srv/Dockerfile"
    editor.start()
    found = editor.open(uri, TEXT)
    change = next(d for d in found if d["range"]["start"]["line"] == 4)
    actions = editor.ask("textDocument/codeAction", textDocument={"uri": uri}, range=change["range"], context={"diagnostics": []})["result"]
    accept = next(a for a in actions if a["title"].startswith("Accept " + change["code"]))
    text = apply(TEXT, accept["edit"]["changes"][uri])
    lab.true(f"# bulwark:ignore {change['code']} -- reason\nRUN true" in text, text)
    editor.tell("textDocument/didChange", textDocument={"uri": uri, "version": 2}, contentChanges=[{"text": text}])
    lab.true(change["code"] not in codes(editor.diagnostics(uri, 2)), editor.published)
    editor.stop()


@lab.test
def nothing_is_lost_when_a_question_comes_before_the_findings():
    editor, uri = Editor(), "file:///srv/Dockerfile"
    editor.start()
    editor.open(uri, "FROM debian:12\nUSER 1000\n")
    change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "FROM debian\nUSER 1000\n"}]}
    ask = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 6}}
    bodies = [json.dumps({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": change}).encode(),
              json.dumps({"jsonrpc": "2.0", "id": "h", "method": "textDocument/hover", "params": ask}).encode()]
    editor.raw(b"".join(b"Content-Length: %d\r\n\r\n" % len(b) + b for b in bodies))
    lab.equal(codes(editor.diagnostics(uri, 2)), ["D201"])
    part = {"range": {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 6}}, "text": "x"}
    editor.tell("textDocument/didChange", textDocument={"uri": uri, "version": 7}, contentChanges=[part])
    lab.true("not evaluated: the editor sent a part" in editor.diagnostics(uri, 7)[0]["message"], "a part of the text")
    large = "FROM debian:12\n" + "# a comment that goes on and on\n" * 140000
    editor.tell("textDocument/didChange", textDocument={"uri": uri, "version": 3}, contentChanges=[{"text": large}])
    lab.true("not evaluated: larger than" in editor.diagnostics(uri, 3)[0]["message"], "a document that is too large")
    editor.stop()


@lab.test
def a_comment_never_ends_the_directives_and_ends_its_line_as_the_document_does():
    editor, uri = Editor(), "file:///srv/Dockerfile"
    editor.start()
    text = "# syntax=docker/dockerfile\r\nFROM debian\r\nUSER 1\r\n"
    found = editor.open(uri, text)
    lab.equal(codes(found), ["D120", "D201"])
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 3, "character": 0}}
    actions = editor.ask("textDocument/codeAction", textDocument={"uri": uri}, range=whole, context={"diagnostics": []})["result"]
    accept = [a for a in actions if a["title"].startswith("Accept")]
    lab.equal(len(accept), 1)
    lab.equal(apply(text, accept[0]["edit"]["changes"][uri]),
              text.replace("FROM", "# bulwark:ignore D201 -- reason\r\nFROM"))
    editor.stop()


@lab.test
def the_projects_settings_count_and_wrong_ones_are_shown():
    with tempfile.TemporaryDirectory() as place:
        os.mkdir(os.path.join(place, ".git"))
        settings = pathlib.Path(place, ".bulwark.yaml")
        uri = pathlib.Path(place, "Dockerfile").as_uri()
        settings.write_text("lint: {severity: {D201: off}}\n", encoding="utf-8")
        editor = Editor()
        editor.start()
        lab.true("D201" not in codes(editor.open(uri, "FROM debian\n")), editor.published)
        settings.write_text("lint: {severety: {D201: off}}\n", encoding="utf-8")
        editor.published.clear()
        editor.tell("textDocument/didSave", textDocument={"uri": uri})
        message = editor.diagnostics(uri, 1)[0]["message"]
        lab.true("not evaluated" in message and "did you mean severity?" in message, message)
        editor.stop()


@lab.test
def what_makes_no_sense_gets_an_error_and_no_more():
    editor = Editor()
    lab.equal(editor.ask("textDocument/hover")["error"]["code"], -32002)
    editor.start()
    lab.equal(editor.ask("workspace/none")["error"]["code"], -32601)
    editor.tell("$/setTrace", value="off")
    editor.raw(b"Content-Length: 3\r\n\r\n{x}")
    lab.equal(editor.read()["error"]["code"], -32700)
    lab.equal(editor.ask("shutdown")["result"], None)
    lab.equal(editor.ask("textDocument/hover")["error"]["code"], -32600)
    editor.process.stdin.close()
    lab.equal(editor.process.wait(20), 0)
    for data, code in ((b"", 1), (b"Content-Length: 99999999999\r\n\r\n", 3), (b"GET / HTTP/1.1\r\n\r\n", 3),
                       (b"Content-Length: 10\r\n\r\n{}", 3)):
        done = subprocess.run([lab.BULWARK, "lsp"], input=data, capture_output=True, check=False, timeout=20)
        lab.equal(done.returncode, code, f"{data}: {done.stderr}")


lab.main()
