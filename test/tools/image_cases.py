#!/usr/bin/env python3
"""image_cases DIR - the images that test/unit/image_read_test.c reads, made by mkimage."""
import io
import os
import shutil
import sys
import tarfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mkimage
from mkimage import Blob, Image

BASE = "d etc\nf etc/os.txt base\nl lib -> usr/lib\nd usr/lib\nf usr/lib/a.txt one\nf gone.txt gone\nf store/1 linked\n"
TOP = "f usr/lib/a.txt two\nw gone.txt\nh app/b.txt = store/1\nf n.txt " + "n" * 3000 + "\n"


def base(**more):
    return Image(BASE, TOP, tag="repo/name:1.2", **more)


def cut(path, to, at):
    with open(path, "rb") as source, open(to, "wb") as out:
        out.write(source.read(at))


def archives(at):
    for how in ("plain", "gzip", "zstd"):
        mkimage.docker_archive(base(how="plain"), at(f"save-{how}"), how)
        mkimage.docker_archive(base(how=how), at(f"save-layers-{how}"))
        mkimage.oci_layout([base(how=how)], at(f"oci-{how}"))
        mkimage.oci_archive([base(how=how)], at(f"ocitar-{how}"), how)
        mkimage.docker_oci([base(how=how)], at(f"both-{how}"))
    twice = Image(BASE, TOP, BASE, how="plain")
    mkimage.docker_archive(twice, at("twice"))
    mkimage.docker_archive(twice, at("twice-gzip"), "gzip")
    mkimage.docker_archive(Image(how="plain"), at("no-layers"))
    mkimage.docker_archive(Image(Blob(b"\0" * 1024), BASE, how="plain"), at("empty-layer"))
    mkimage.docker_archive(Image(Blob(b"\0" * 1024), BASE, how="plain"), at("empty-layer-gzip"), "gzip")
    many = Image(*[f"f n{n}.txt {n}\n" for n in range(150)], how="plain")
    mkimage.docker_archive(many, at("many"))


def platforms(at):
    images = [base(platform=p) for p in ("linux/amd64", "linux/arm64/v8", "linux/arm/v6", "linux/arm/v7", "windows/amd64")]
    for n, image in enumerate(images):
        image.plain.append(mkimage.layer_from_lines(f"f platform.txt {image.arch}{image.variant}\n"))
        image.stored.append(mkimage.packed(image.plain[-1], "gzip"))
    mkimage.oci_layout(images, at("platforms"))
    mkimage.oci_archive(images, at("platforms-tar"))
    mkimage.oci_archive(images, at("platforms-gzip"), "gzip")
    mkimage.oci_layout([base(platform="linux/s390x")], at("s390x"))
    mkimage.docker_archive(base(platform="linux/s390x", how="plain"), at("s390x-save"))

    def attested(index, blobs):
        unknown = {"architecture": "unknown", "os": "unknown"}
        about = {"vnd.docker.reference.type": "attestation-manifest"}
        index["manifests"].insert(0, {**index["manifests"][0], "platform": unknown, "annotations": about})
    mkimage.oci_layout([base()], at("attested"), index_edit=attested)
    mkimage.oci_layout([Image("f x.txt a\n", tag="r/n:a"), Image("f x.txt b\n", tag="r/n:b")], at("tags"),
                       index_edit=lambda index, blobs: flatten(index, blobs))
    for way in mkimage.VOUCH:
        mkimage.oci_layout([base()], at("vouched-" + way), index_edit=mkimage.vouch(way))
    mkimage.oci_archive([base()], at("vouched-tar"), "gzip", index_edit=mkimage.vouch("bundle", "sbom", "buildkit"))
    mkimage.docker_oci([base()], at("vouched-saved"), index_edit=mkimage.vouch("buildkit"))
    mkimage.oci_layout([base()], at("vouched-much"), index_edit=mkimage.vouch(*["bundle"] * 250))


def flatten(index, blobs):
    import json
    return json.loads(blobs[index["manifests"][0]["digest"]].bytes())


def hostile(at):
    for name, edits in mkimage.HOSTILE.items():
        edits = dict(edits)
        index = edits.pop("index", None)
        mkimage.oci_layout([base(**edits)], at("bad-" + name), index_edit=index)
        mkimage.oci_archive([base(**edits)], at("bad-tar-" + name), index_edit=index)
        mkimage.oci_archive([base(**edits)], at("bad-gzip-" + name), "gzip", index_edit=index)
    plain = {"how": "plain"}
    mkimage.docker_archive(base(**plain), at("save-duplicate"), repeat=["manifest.json"])
    mkimage.docker_archive(base(**plain, **mkimage.HOSTILE["diff-id"]), at("save-diff-id"))
    mkimage.docker_archive(base(**plain, **mkimage.HOSTILE["diff-id-count"]), at("save-diff-id-count"))
    for name, change in (("save-no-layer", lambda d: d[0]["Layers"].__setitem__(1, "none/layer.tar")),
                         ("save-no-config", lambda d: d[0].update(Config="../../etc/passwd")),
                         ("save-two", lambda d: d.append({**d[0], "RepoTags": ["other:2"]})),
                         ("save-not-tar", lambda d: d[0]["Layers"].__setitem__(1, "manifest.json"))):
        mkimage.docker_archive(base(**plain, docker=change), at(name))
        mkimage.docker_archive(base(**plain, docker=change), at(name + "-gzip"), "gzip")
    two = [base(), Image("f etc/os.txt other\n", tag="repo/name:1.2")]
    for how in ("plain", "gzip"):
        mkimage.docker_oci(two, at(f"both-differ-{how}"), how, saved_edit=lambda saved: saved[1:],
                           index_edit=lambda index, blobs: {**index, "manifests": index["manifests"][:1]})
    for where in (100, 700, 3000, 9000):
        cut(at("save-plain"), at(f"cut-{where}"), where)
        cut(at("ocitar-gzip"), at(f"cut-gzip-{where}"), where // 10)
    layout = at("oci-symlink")
    mkimage.oci_layout([base()], layout)
    os.rename(f"{layout}/index.json", f"{layout}/real.json")
    os.symlink("real.json", f"{layout}/index.json")
    for name, data in (("text", b"no archive at all\n"), ("nothing", b""), ("zeros", b"\0" * 10240)):
        with open(at(name), "wb") as out:
            out.write(data)
    os.makedirs(at("not-a-layout"))


def rootfs(at):
    for line in BASE.splitlines():
        info, data = mkimage.member_from_line(line)
        with tarfile.open(fileobj=io.BytesIO(info.tobuf() + data + b"\0" * (-len(data) % 512 + 1024))) as one:
            one.extractall(at("rootfs"), filter="fully_trusted") if hasattr(tarfile, "data_filter") else one.extractall(at("rootfs"))
    os.symlink("/etc/passwd", os.path.join(at("rootfs"), "etc/out.txt"))


def main():
    top = sys.argv[1]
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(top)
    for make in (archives, platforms, hostile, rootfs):
        make(lambda name: os.path.join(top, name))


main()
