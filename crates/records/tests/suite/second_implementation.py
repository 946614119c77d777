"""The rule for object names, written a second time: reads one JSON document per line with
`schema` (names of the key attributes in the schema's order) and `key` (in wire form), and prints
the four names: MD5 and SHA-256, each in the schema's order and sorted by name. Numbers are
spelled as DynamoDB answers them."""

import decimal
import hashlib
import json
import sys

decimal.getcontext().prec = 400


def spelled(value):
    (kind, inside), = value.items()
    if kind != "N":
        return value
    number = decimal.Decimal(inside)
    if not number:
        return {"N": "0"}
    # `normalize` drops needless zeros; `str` has an exponent for small numbers as Java has.
    small = str(number.normalize())
    plain = -6 <= number.adjusted() <= 125
    return {"N": format(number.normalize(), "f") if plain else small}


def text(key, names):
    return json.dumps(
        {name: spelled(key[name]) for name in names}, ensure_ascii=False, separators=(",", ":")
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
