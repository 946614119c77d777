"""The rule for object names, written a second time: reads one JSON document per line with
`schema` (names of the key attributes in the schema's order) and `key` (in wire form), and prints
the four names: MD5 and SHA-256, each in the schema's order and sorted by name."""

import hashlib
import json
import sys


def text(key, names):
    return json.dumps(
        {name: key[name] for name in names}, ensure_ascii=False, separators=(",", ":")
    ).encode("utf-8")


for line in sys.stdin:
    case = json.loads(line)
    schema, key = case["schema"], case["key"]
    by_name = sorted(schema, key=lambda name: name.encode("utf-16-be"))
    names = [
        algorithm(text(key, order)).hexdigest()
        for algorithm in (hashlib.md5, hashlib.sha256)
        for order in (schema, by_name)
    ]
    print(" ".join(names))
