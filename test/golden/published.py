"""published.py - schemas that others publish: had from a package of a registry, pinned, kept beside the made images.

They are not ours to carry. Without a network, a test that wants one skips.
"""
import hashlib
import io
import json
import os
import pathlib
import tarfile
import urllib.request

KEPT = pathlib.Path(os.environ.get("BULWARK_LAB", pathlib.Path(__file__).resolve().parents[2] / "build-lab"))
PACKAGES = {  # name: (a package that carries it, the package's SHA-256, the file)
    "sarif-2.1.0": ("https://static.crates.io/crates/serde-sarif/serde-sarif-0.6.5.crate",
                    "f4a7ecbfce99c6661d6aee53a014c7d144c44865e2023aa45637edef908215d0", "serde-sarif-0.6.5/src/schema.json"),
}


def schema(name):
    """The schema; an OSError when it cannot be had."""
    url, digest, member = PACKAGES[name]
    kept = KEPT / f"{name}.schema.json"
    if not kept.exists():
        with urllib.request.urlopen(url, timeout=60) as answer:
            package = answer.read()
        if hashlib.sha256(package).hexdigest() != digest:
            raise AssertionError(f"{url} is another package than the one that was pinned")
        with tarfile.open(fileobj=io.BytesIO(package)) as files:
            text = files.extractfile(member).read()
        KEPT.mkdir(parents=True, exist_ok=True)
        aside = kept.with_suffix(f".{os.getpid()}")
        aside.write_bytes(text)
        aside.replace(kept)
    return json.loads(kept.read_text(encoding="utf-8"))
