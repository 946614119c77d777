#!/usr/bin/env bash
# Of six ways to decompress with python-zstandard, three return the first frame of a dump and say nothing of the rest.
#
# Versions:  zstandard 0.25.0. Seen 2026-11-30.
# Expected:  a file of two frames (an appended dump, or one written by several threads) is read whole, as Python's own
#            gzip reads such a file, or what is left over is an error.
# Seen:      stream_reader(), copy_stream() and open() give both parts. decompress(), read_to_iter() and decompressobj() end
#            after the first frame without an error; only decompressobj() holds the rest, in unused_data.
# Means:     whoever changes from a file to a buffer in memory, for example for an object from S3, loses every frame but the
#            first: a restore that is short by most of its records and succeeds. Count records against the manifest.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check zstandard==0.25.0
v/bin/python - <<'E'
import gzip, io, sys
import zstandard

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

first, second = b'{"Item":{"id":{"S":"1"}}}\n', b'{"Item":{"id":{"S":"2"}}}\n'
dump = zstandard.compress(first) + zstandard.compress(second)
reader = zstandard.ZstdDecompressor()
copied = io.BytesIO()
reader.copy_stream(io.BytesIO(dump), copied)
step = reader.decompressobj()
def records(data):
    return data.count(b"\n")
see("gzip, for comparison", records(gzip.decompress(gzip.compress(first) + gzip.compress(second))), 2)
see("stream_reader().read()", records(reader.stream_reader(io.BytesIO(dump)).read()), 2)
see("copy_stream()", records(copied.getvalue()), 2)
see("open().read()", records(zstandard.open(io.BytesIO(dump), "rb").read()), 2)
see("decompress()", records(reader.decompress(dump)), 1)
see("read_to_iter()", records(b"".join(reader.read_to_iter(io.BytesIO(dump)))), 1)
see("decompressobj()", records(step.decompress(dump)), 1)
see("decompressobj(): rest in unused_data", len(step.unused_data) > 0, True)
E
echo "as it was: half of the readers stop early"
