#!/usr/bin/env python3
"""structure ROOT - golden files of formats that no schema covers, or not wholly: XML, CSV, HTML, streams, references. TAP."""
import csv
import html.parser
import io
import json
import pathlib
import re
import sys
import xml.etree.ElementTree

import published

ROOT = pathlib.Path(sys.argv[1])
CASES = []


def case(pattern):
    """The function sees each file that matches the pattern."""
    def add(function):
        files = sorted(ROOT.glob(pattern))
        if not files:
            CASES.append((f"{function.__name__} has files", lambda: need(False, pattern)))
        for path in files:
            CASES.append((f"{function.__name__} {path.parent.name}", lambda path=path: function(path)))
        return function
    return add


def need(truth, what):
    if not truth:
        raise AssertionError(what)


def text_of(path):
    return path.read_bytes().decode("utf-8")


@case("*/sarif")
def sarif_results_name_their_rules(path):
    for run in json.loads(text_of(path))["runs"]:
        rules = run["tool"]["driver"]["rules"]
        ids = [rule["id"] for rule in rules]
        need(len(set(ids)) == len(ids), "a rule stands twice")
        prints = []
        for result in run["results"]:
            need(ids[result["ruleIndex"]] == result["ruleId"], f"{result['ruleIndex']} is not {result['ruleId']}")
            need(("kind" in result) == (result["level"] == "none"), "only what does not fail has the level none")
            prints += result.get("partialFingerprints", {}).values()
            for place in result.get("locations", []):
                region = place.get("physicalLocation", {}).get("region", {})
                need(region.get("endLine", region.get("startLine")) >= region.get("startLine") if region else True, region)
        need(len(set(prints)) == len(prints), "two results have one fingerprint")


@case("*/sarif")
def sarif_is_what_the_published_schema_wants(path):
    import jsonschema
    try:
        schema = published.schema("sarif-2.1.0")
    except OSError as error:
        return f"SKIP the published schema cannot be had: {error}"
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(json.loads(text_of(path))))
    need(not errors, [error.message[:200] for error in errors[:3]])
    return None


@case("*/junit")
def junit_counts_what_it_has(path):
    root = xml.etree.ElementTree.fromstring(text_of(path))
    need(root.tag == "testsuites", root.tag)

    def count(of, tag):
        return len(of.findall(f".//{tag}"))

    for of in [root, *root.findall("testsuite")]:
        need(int(of.get("tests")) == count(of, "testcase"), "tests")
        need(int(of.get("failures")) == count(of, "failure"), "failures")
        need(int(of.get("errors")) == count(of, "error"), "errors")
        need(of.get("skipped") is None or int(of.get("skipped")) == count(of, "skipped"), "skipped")
    for test in root.iter("testcase"):
        need(test.get("name") and test.get("classname") is not None, "a test without a name")
        need(len(test) <= 1, "two outcomes")


@case("*/checkstyle")
def checkstyle_has_files_and_errors(path):
    root = xml.etree.ElementTree.fromstring(text_of(path))
    need(root.tag == "checkstyle", root.tag)
    for file in root:
        need(file.tag == "file" and file.get("name") and len(file) > 0, "a file")
        for error in file:
            need(error.get("severity") in ("error", "warning", "info"), error.attrib)
            need(error.get("message") is not None and error.get("source"), error.attrib)


@case("*/github")
def github_lines_are_commands(path):
    for line in text_of(path).splitlines():
        need(re.fullmatch(r"::(error|warning|notice) file=[^,:]*(,(line|endLine|col|endColumn)=\d+)*,title=[^,:]*::.*", line), line)


@case("*/codeclimate")
def codeclimate_issues_end_with_a_nul(path):
    *issues, rest = text_of(path).split("\0")
    need(rest == "", "something behind the last NUL")
    whole = json.loads(text_of(path.parent / "gitlab"))
    need([json.loads(issue) for issue in issues] == whole, "not what gitlab has")
    prints = [issue["fingerprint"] for issue in whole]
    need(len(set(prints)) == len(prints), "two issues have one fingerprint")


@case("*/gnu")
def gnu_lines_have_a_level(path):
    for line in text_of(path).splitlines():
        need(re.fullmatch(r".+: (error|warning|info|style): .* \[.+\]", line), line)


@case("*/sonarqube")
def sonarqube_issues_name_their_rules(path):
    report = json.loads(text_of(path))
    ids = [rule["id"] for rule in report["rules"]]
    need(len(set(ids)) == len(ids), "a rule stands twice")
    for issue in report["issues"]:
        need(issue["ruleId"] in ids, issue["ruleId"])
        where = issue["primaryLocation"].get("textRange", {})
        start = (where.get("startLine"), where.get("startColumn"))
        need("startColumn" not in where or start < (where["endLine"], where["endColumn"]), "an empty range")


@case("*/csv")
def csv_records_are_as_wide_as_the_first(path):
    text = text_of(path)
    need(text.endswith("\r\n") and text.count("\n") == text.count("\r\n"), "ends of lines")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    need(len(rows) == text.count("\r\n"), "a record is a line")
    for row in rows:
        need(len(row) == len(rows[0]), row)
        need(not any(field.lstrip(" ")[:1] in ("=", "+", "-", "@", "|", "%") for field in row if field), row)


class Page(html.parser.HTMLParser):
    """Every element is closed in order, and none comes that could load or run."""
    EMPTY = {"meta", "br", "link", "img"}
    KNOWN = {"html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "p", "main", "nav", "table", "caption",
             "thead", "tbody", "tr", "th", "td", "meter", "strong", "section", "ul", "li", "span", "br"}

    def __init__(self):
        super().__init__()
        self.stack, self.seen, self.ids, self.links = [], [], [], []

    def handle_starttag(self, tag, attrs):
        need(tag in self.KNOWN, tag)
        for key, value in attrs:
            need(not key.startswith("on") and key not in ("src", "style"), key)
            if key == "id":
                self.ids.append(value)
            if key == "href":
                self.links.append(value)
        self.seen.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        need(self.stack.pop() == tag, tag)


@case("*/html")
def html_is_one_page_for_everybody(path):
    page = Page()
    page.feed(text_of(path))
    page.close()
    need(page.stack == [], page.stack)
    need(("html", {"lang": "en"}) in page.seen, "the language")
    tags = [tag for tag, _ in page.seen]
    need(tags.count("h1") == 1 and "main" in tags and "title" in tags, "landmarks")
    need(len(set(page.ids)) == len(page.ids), "an id stands twice")
    need(all(link[:1] == "#" and link[1:] in page.ids for link in page.links), page.links)
    need(all("scope" in attrs for tag, attrs in page.seen if tag == "th"), "a header without a scope")
    style = text_of(path)
    need("prefers-color-scheme:dark" in style and "@media print" in style, "dark and print")
    need("url(" not in style and "http" not in re.sub(r"http-equiv|http://x", "", style), "something is loaded")


@case("*/docker-bench")
def docker_bench_counts_its_checks(path):
    report = json.loads(text_of(path))
    results = [result for test in report["tests"] for result in test["results"]]
    need(len(results) == report["checks"], "checks")
    names = [result["result"] for result in results]
    need(names.count("PASS") - names.count("WARN") == report["score"], "score")
    need(len({test["id"] for test in report["tests"]}) == len(report["tests"]), "a section stands twice")


def contrast(one, other):
    """WCAG 2.2, 1.4.3"""
    def light(colour):
        colour = "".join(c * 2 for c in colour) if len(colour) == 3 else colour
        parts = [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@case("checks-host/html")
def html_can_be_read(path):
    schemes = re.findall(r":root\{([^}]*)\}", text_of(path))
    need(len(schemes) == 3, "light, dark and paper")
    for scheme in schemes:
        colours = dict(re.findall(r"--(\w+):#([0-9a-f]{3,6})", scheme))
        for name in ("fg", "soft", "pass", "warn", "error", "info", "note"):
            need(contrast(colours[name], colours["bg"]) >= 4.5, f"{name} on {colours['bg']}")


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    for number, (name, run) in enumerate(CASES, 1):
        note = ""
        try:
            answer = run()
            note = f" # {answer}" if answer else ""
        except Exception as error:  # a file that cannot be parsed is what is looked for
            failed += 1
            print(f"# {name}: {type(error).__name__}: {str(error)[:300]}")
            print(f"not ok {number} - {name}")
            continue
        print(f"ok {number} - {name}{note}")
    return failed != 0


sys.exit(main())
