#!/usr/bin/env python3
"""mkimage - makes container images from layer specs: as docker save wrote them, or OCI layouts and their tars.

usage: mkimage.py KIND [options] --output PATH

KIND is docker-archive (as docker save wrote it before 25), docker-oci (since 25: blobs, index.json and
manifest.json), oci-layout (a directory) or oci-archive (a tar of one). The same input makes the same bytes.

  --layer-tar FILE     a layer: this tar as it is; may be repeated, bottom first
  --layer FILE         a layer: these lines (see layer_from_lines); may be repeated
  --layers HOW         how layers are stored: plain, gzip or zstd (plain in docker-archive, else gzip)
  --compress HOW       the whole archive: plain, gzip or zstd
  --platform OS/ARCH   linux/amd64; several, comma separated, make an index of images
  --tag NAME           repository:tag; test:latest
  --hostile WHAT       make it wrong in this way; --hostile list names them

As a module: Image, docker_archive(), docker_oci(), oci_layout(), oci_archive().
"""
import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

OCI = "application/vnd.oci.image"
LAYER_TYPE = {"plain": f"{OCI}.layer.v1.tar", "gzip": f"{OCI}.layer.v1.tar+gzip", "zstd": f"{OCI}.layer.v1.tar+zstd"}
PACKERS = {"gzip": ["gzip", "-1nc"], "zstd": ["zstd", "-qc"]}


# ---- blobs: bytes in memory, or a file that is too large for that ----

class Blob:
    def __init__(self, data=None, path=None):
        self.data, self.path = data, path
        self.size = len(data) if path is None else os.path.getsize(path)
        digest = hashlib.sha256()
        with self.open() as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        self.hex = digest.hexdigest()
        self.digest = "sha256:" + self.hex

    def open(self):
        return io.BytesIO(self.data) if self.path is None else open(self.path, "rb")

    def bytes(self):
        with self.open() as stream:
            return stream.read()


def document(value):
    return Blob(json.dumps(value, separators=(",", ":")).encode())


def packed(blob, how):
    """The blob through gzip or zstd; kept on disk, beside nothing, when it came from there."""
    if how == "plain":
        return blob
    if blob.path is None:
        return Blob(subprocess.run(PACKERS[how], input=blob.data, capture_output=True, check=True).stdout)
    out = tempfile.NamedTemporaryFile(delete=False, dir=scratch())
    with out, blob.open() as stream:
        subprocess.run(PACKERS[how], stdin=stream, stdout=out, check=True)
    return Blob(path=out.name)


_scratch = []


def scratch():
    if not _scratch:
        _scratch.append(tempfile.TemporaryDirectory(prefix="mkimage-"))
    return _scratch[0].name


# ---- layers ----

def member(name, kind=tarfile.REGTYPE, data=b"", link="", mode=0o644):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.size = kind, link, mode, len(data)
    if kind == tarfile.CHRTYPE:
        info.devmajor, info.devminor = 1, 3
    return info, data


def layer_from_lines(text, end=True):
    r"""A layer tar. One entry a line, in this order; \n, \t and \\ in a TEXT are understood:

        d PATH            directory              l PATH -> TARGET   symlink
        f PATH TEXT       file                   h PATH = TARGET    hard link
        x PATH TEXT       executable file        c PATH             character device 1:3
        f PATH @FILE      file with the content of FILE
        w PATH            whiteout of PATH       o PATH             PATH is opaque
    """
    out = io.BytesIO()
    for line in text.splitlines():
        if line.strip():
            info, data = member_from_line(line)
            out.write(info.tobuf(tarfile.PAX_FORMAT))
            out.write(data + b"\0" * (-len(data) % 512))
    return Blob(out.getvalue() + (b"\0" * 1024 if end else b""))


def member_from_line(line):
    letter, rest = line[0], line[2:]
    if letter == "l":
        path, target = rest.split(" -> ", 1)
        return member(path, tarfile.SYMTYPE, link=target, mode=0o777)
    if letter == "h":
        path, target = rest.split(" = ", 1)
        return member(path, tarfile.LNKTYPE, link=target)
    if letter == "w":
        head, tail = os.path.split(rest)
        return member(os.path.join(head, ".wh." + tail))
    if letter == "o":
        return member(os.path.join(rest, ".wh..wh..opq"))
    if letter == "d":
        return member(rest, tarfile.DIRTYPE, mode=0o755)
    if letter == "c":
        return member(rest, tarfile.CHRTYPE)
    if letter not in "fx":
        raise ValueError(f"a line that is no entry: {line!r}")
    path, _, text = rest.partition(" ")
    if text.startswith("@"):
        with open(text[1:], "rb") as source:
            data = source.read()
    else:
        data = text.encode().decode("unicode_escape").encode("latin-1")
    return member(path, data=data, mode=0o755 if letter == "x" else 0o644)


# ---- images ----

class Image:
    """Layers are Blobs of plain tars, or texts for layer_from_lines(). The edits change what is written."""

    def __init__(self, *layers, platform="linux/amd64", tag="test:latest", how="gzip", **edits):
        self.plain = [layer_from_lines(x) if isinstance(x, str) else x for x in layers]
        self.os, self.arch, self.variant = (platform.split("/") + [""])[:3]
        self.tag, self.how, self.edits = tag, how, edits
        self.stored = [packed(x, how) for x in self.plain]

    def edit(self, what, value):
        change = self.edits.get(what)
        return value if change is None else change(value) or value

    def config(self):
        value = {"architecture": self.arch, "os": self.os, "config": {},
                 "rootfs": {"type": "layers", "diff_ids": [x.digest for x in self.plain]},
                 "history": [{"created": "1970-01-01T00:00:00Z", "created_by": f"layer {n}"}
                             for n in range(1, len(self.plain) + 1)]}
        if self.variant:
            value["variant"] = self.variant
        return document(self.edit("config", value))

    def platform(self):
        value = {"architecture": self.arch, "os": self.os}
        return {**value, "variant": self.variant} if self.variant else value

    def blobs(self):
        """(manifest, {digest: Blob} with everything it needs)."""
        config = self.config()
        manifest = {"schemaVersion": 2, "mediaType": f"{OCI}.manifest.v1+json",
                    "config": descriptor(config, f"{OCI}.config.v1+json"),
                    "layers": [descriptor(x, LAYER_TYPE[self.how]) for x in self.stored]}
        manifest = document(self.edit("manifest", manifest))
        blobs = {x.digest: x for x in (config, manifest, *self.stored)}
        return manifest, self.edit("blobs", blobs)


def descriptor(blob, media_type, **more):
    return {"mediaType": media_type, "digest": blob.digest, "size": blob.size, **more}


# ---- where it is written ----

class TarOut:
    def __init__(self, path, how="plain"):
        self.packer, self.file = None, open(path, "wb")
        self.out = self.file
        if how != "plain":
            self.packer = subprocess.Popen(PACKERS[how], stdin=subprocess.PIPE, stdout=self.file)
            self.out = self.packer.stdin

    def put(self, name, blob):
        info = member(name)[0]
        info.size = blob.size
        self.out.write(info.tobuf(tarfile.PAX_FORMAT))
        with blob.open() as stream:
            shutil.copyfileobj(stream, self.out, 1 << 20)
        self.out.write(b"\0" * (-blob.size % 512))

    def link(self, name, target):
        self.out.write(member(name, tarfile.SYMTYPE, link=target)[0].tobuf(tarfile.PAX_FORMAT))

    def close(self):
        self.out.write(b"\0" * 1024)
        self.out.close()
        self.file.close()
        if self.packer is not None and self.packer.wait() != 0:
            raise RuntimeError("the packer failed")


class DirOut:
    def __init__(self, path):
        self.path = path

    def put(self, name, blob):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with blob.open() as stream, open(path, "wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)

    def close(self):
        pass


def docker_archive(image, path, compress="plain", repeat=()):
    """As docker save wrote it: a directory a layer, symlinks for layers that come twice. `repeat`: members once more."""
    out, config, seen, names = TarOut(path, compress), image.config(), {}, []
    for number, layer in enumerate(image.stored):
        name = hashlib.sha256(f"{number} {layer.hex}".encode()).hexdigest()
        names.append(f"{name}/layer.tar")
        out.put(f"{name}/VERSION", Blob(b"1.0"))
        if layer.hex in seen:
            out.link(names[-1], "../" + seen[layer.hex])
        else:
            out.put(names[-1], layer)
            seen[layer.hex] = names[-1]
    manifest = image.edit("docker", [{"Config": config.hex + ".json", "RepoTags": [image.tag], "Layers": names}])
    out.put(config.hex + ".json", config)
    out.put("manifest.json", document(manifest))
    for name in repeat:
        out.put(name, document(manifest))
    out.close()


def write_layout(out, images, index_edit=None, docker=False, saved_edit=None):
    blobs, entries, manifests = {}, [], []
    for image in images:
        manifest, more = image.blobs()
        blobs.update(more)
        entries.append(descriptor(manifest, f"{OCI}.manifest.v1+json", platform=image.platform(),
                                  annotations={"org.opencontainers.image.ref.name": image.tag}))
        manifests.append({"Config": "blobs/sha256/" + image.config().hex, "RepoTags": [image.tag],
                          "Layers": [f"blobs/sha256/{x.hex}" for x in image.stored]})
    index = {"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json", "manifests": entries}
    if len(images) > 1 and not docker:
        nested = document(index)
        blobs[nested.digest] = nested
        index = {**index, "manifests": [descriptor(nested, f"{OCI}.index.v1+json", annotations={
            "org.opencontainers.image.ref.name": images[0].tag})]}
    if index_edit is not None:
        index = index_edit(index, blobs) or index
    for digest, blob in sorted(blobs.items()):
        out.put("blobs/" + digest.replace(":", "/"), blob)
    out.put("index.json", document(index))
    if docker:
        out.put("manifest.json", document(saved_edit(manifests) if saved_edit else manifests))
    out.put("oci-layout", document({"imageLayoutVersion": "1.0.0"}))
    out.close()


def oci_layout(images, path, **more):
    write_layout(DirOut(path), images, **more)


def oci_archive(images, path, compress="plain", **more):
    write_layout(TarOut(path, compress), images, **more)


def docker_oci(images, path, compress="plain", **more):
    write_layout(TarOut(path, compress), images, docker=True, **more)


# ---- what vouches for an image: edits of the index ----

EMPTY = "application/vnd.oci.empty.v1+json"
COSIGN = "dev.cosignproject.cosign/"


def paper(blobs, kind, about=None, notes=None, layers=(), config=EMPTY):
    """A manifest that says something about the one with digest `about`; its descriptor, without a hint at what it is."""
    value = {"schemaVersion": 2, "mediaType": f"{OCI}.manifest.v1+json",
             "config": descriptor(_put(blobs, {}), config), "annotations": notes or {},
             "layers": [descriptor(_put(blobs, {}), media, annotations=more) for media, more in layers]}
    value = {**value, **({"artifactType": kind} if kind else {})}
    if about is not None:
        value["subject"] = {"mediaType": f"{OCI}.manifest.v1+json", "digest": about, "size": blobs[about].size}
    return descriptor(_put(blobs, value), f"{OCI}.manifest.v1+json")


def _put(blobs, value):
    blob = document(value)
    blobs[blob.digest] = blob
    return blob


def vouch(*ways):
    """An edit of an index with one image, by the ways of VOUCH."""
    def edit(index, blobs):
        about = index["manifests"][0]["digest"]
        for way in ways:
            index["manifests"].append(VOUCH[way](blobs, about))
        return index
    return edit


def _tag(entry, name):
    return {**entry, "annotations": {"org.opencontainers.image.ref.name": name}}


def _cosign(blobs, end, media, **notes):
    return paper(blobs, None, None, {}, [(media, notes)], f"{OCI}.config.v1+json")


def _sig(blobs):
    return _cosign(blobs, ".sig", "application/vnd.dev.cosign.simplesigning.v1+json", **{COSIGN + "signature": "MEUC"})


def _bundle(blobs, about, predicate):
    return paper(blobs, "application/vnd.dev.sigstore.bundle.v0.3+json", about,
                 {"dev.sigstore.bundle.predicateType": predicate}, [("application/vnd.dev.sigstore.bundle.v0.3+json", {})])


def _fallback(blobs, about):
    inner = {"schemaVersion": 2, "manifests": [_bundle(blobs, about, "https://sigstore.dev/cosign/sign/v1")]}
    return _tag(descriptor(_put(blobs, inner), f"{OCI}.index.v1+json"), about.replace(":", "-"))


def _buildkit(blobs, about):
    layers = [("application/vnd.in-toto+json", {"in-toto.io/predicate-type": kind})
              for kind in ("https://spdx.dev/Document", "https://slsa.dev/provenance/v0.2")]
    entry = paper(blobs, None, None, {}, layers, f"{OCI}.config.v1+json")
    return {**entry, "platform": {"architecture": "unknown", "os": "unknown"}, "annotations": {
        "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": about}}


def _lost(blobs, about):
    entry = _bundle(blobs, about, "https://sigstore.dev/cosign/sign/v1")
    del blobs[entry["digest"]]
    return _tag(entry, about.replace(":", "-") + ".sig")


VOUCH = {
    "cosign-tag": lambda b, d: _tag(_sig(b), "r/n:" + d.replace(":", "-") + ".sig"),
    "cosign-save": lambda b, d: {**_sig(b), "annotations": {"kind": COSIGN + "sigs"}},
    "cosign-other": lambda b, d: _tag(_sig(b), "sha256-" + "ab" * 32 + ".sig"),
    "attested": lambda b, d: _tag(_cosign(b, ".att", "application/vnd.dsse.envelope.v1+json",
                                          predicateType="https://slsa.dev/provenance/v1"), d.replace(":", "-") + ".att"),
    "bundle": lambda b, d: _bundle(b, d, "https://sigstore.dev/cosign/sign/v1"),
    "bundle-sbom": lambda b, d: _bundle(b, d, "https://cyclonedx.org/bom"),
    "notation": lambda b, d: paper(b, None, d, {}, [("application/jose+json", {})], "application/vnd.cncf.notary.signature"),
    "sbom": lambda b, d: paper(b, "application/spdx+json", d, {}, [("application/spdx+json", {})]),
    "fallback": _fallback,
    "buildkit": _buildkit,
    "lost": _lost,
}


# ---- wrong in one way each: edits of Image, and of the index ----

def _replace(blobs, digest, blob):
    blobs[digest] = blob


def _other_system(gzip):
    """The same content, packed on another operating system, so its header says."""
    return Blob(gzip[:9] + b"\xff" + gzip[10:])


def _last_layer(blobs):
    return max(blobs, key=lambda d: (blobs[d].bytes()[:1] != b"{", d))


def _nest(depth):
    def edit(index, blobs):
        for _ in range(depth):
            inner = document(index)
            blobs[inner.digest] = inner
            index = {"schemaVersion": 2, "manifests": [descriptor(inner, f"{OCI}.index.v1+json")]}
        return index
    return edit


def _cycle(index, blobs):
    """An index cannot name its own digest, but a blob stored under a name that it does not have can."""
    name = "sha256:" + "c" * 64
    loop = {"schemaVersion": 2, "manifests": [{"mediaType": f"{OCI}.index.v1+json", "digest": name, "size": 1}]}
    blobs[name] = document(loop)
    return loop


def _media_type(kind):
    return lambda m: m["layers"][0].update(mediaType=kind)


HOSTILE = {
    "layer-digest": {"blobs": lambda b: _replace(b, _last_layer(b), _other_system(b[_last_layer(b)].bytes()))},
    "layer-missing": {"blobs": lambda b: b.pop(_last_layer(b)) and None},
    "layer-size": {"manifest": lambda m: m["layers"][0].update(size=m["layers"][0]["size"] + 1)},
    "diff-id": {"config": lambda c: c["rootfs"]["diff_ids"].__setitem__(0, "sha256:" + "ab" * 32)},
    "diff-id-form": {"config": lambda c: c["rootfs"]["diff_ids"].__setitem__(0, "../../etc/passwd")},
    "diff-id-count": {"config": lambda c: c["rootfs"]["diff_ids"].append("sha256:" + "ab" * 32)},
    "digest-form": {"manifest": lambda m: m["layers"][0].update(digest="sha256:../../../../etc/passwd")},
    "digest-algorithm": {"manifest": lambda m: m["layers"][0].update(digest="sha512:" + "ab" * 64)},
    "media-type": {"manifest": _media_type("application/x-unheard-of")},
    "encrypted": {"manifest": _media_type(LAYER_TYPE["gzip"] + "+encrypted")},
    "foreign": {"manifest": _media_type("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")},
    "schema1": {"manifest": lambda m: m.update(schemaVersion=1, mediaType="application/vnd.docker.distribution.manifest.v1+json")},
    "huge-manifest": {"manifest": lambda m: m.update(annotations={"x": "y" * (9 << 20)})},
    "many-layers": {"manifest": lambda m: m.update(layers=m["layers"] * 2000)},
    "index-cycle": {"index": _cycle},
    "index-deep": {"index": _nest(20)},
}


# ---- command line ----

def arguments():
    p = argparse.ArgumentParser(usage=__doc__.split("usage: ", 1)[1])
    p.add_argument("kind", choices=["docker-archive", "docker-oci", "oci-layout", "oci-archive"])
    p.add_argument("--layer-tar", dest="plain", action="append", default=[], type=lambda path: Blob(path=path))
    p.add_argument("--layer", dest="plain", action="append",
                   type=lambda path: layer_from_lines(open(path, encoding="utf-8").read()))
    p.add_argument("--layers", choices=["plain", "gzip", "zstd"])
    p.add_argument("--compress", choices=["plain", "gzip", "zstd"], default="plain")
    p.add_argument("--platform", default="linux/amd64")
    p.add_argument("--tag", default="test:latest")
    p.add_argument("--hostile", choices=["list", *HOSTILE])
    p.add_argument("--output")
    return p.parse_args()


def main():
    given = arguments()
    if given.hostile == "list":
        print("\n".join(sorted(HOSTILE)))
        return
    if given.output is None:
        sys.exit("mkimage: --output is missing")
    edits = dict(HOSTILE.get(given.hostile, {}))
    more = {"index_edit": edits.pop("index")} if "index" in edits else {}
    how = given.layers or ("plain" if given.kind == "docker-archive" else "gzip")
    images = [Image(*given.plain, platform=platform, tag=given.tag, how=how, **edits)
              for platform in given.platform.split(",")]
    if given.kind == "docker-archive":
        docker_archive(images[0], given.output, given.compress)
    elif given.kind == "docker-oci":
        docker_oci(images, given.output, given.compress, **more)
    elif given.kind == "oci-archive":
        oci_archive(images, given.output, given.compress, **more)
    else:
        oci_layout(images, given.output, **more)


if __name__ == "__main__":
    main()
