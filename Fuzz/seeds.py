"""Writes small archives for FuzzZip to start from: python3 seeds.py FOLDER"""
import io
import pathlib
import sys
import zipfile

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def archive(name, members, comment=b"", prefix=b"", **options):
    buffer = io.BytesIO(prefix)
    buffer.seek(len(prefix))
    with zipfile.ZipFile(buffer, "a" if prefix else "w", **options) as zip:
        for member, data, method in members:
            zip.writestr(zipfile.ZipInfo(member), data, method)
        zip.comment = comment
    (folder / name).write_bytes(buffer.getvalue())


archive("empty", [])
for name, method in [("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED), ("bzip2", zipfile.ZIP_BZIP2),
                     ("lzma", zipfile.ZIP_LZMA)]:
    archive(name, [("a.txt", "some text " * 20, method), ("folder/", "", zipfile.ZIP_STORED)])
archive("names", [("../up", "x", 0), ("/abs", "y", 0), ("é", "z", 0), ("a.txt", "1", 0), ("b.txt", "2", 8)], b"comment")
archive("prefixed", [("a", "data", 8)], prefix=b"#!/bin/sh\nexit\n")
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w") as zip, zip.open("streamed", "w", force_zip64=True) as member:
    member.write(b"zip64 " * 10)
(folder / "zip64").write_bytes(buffer.getvalue())
