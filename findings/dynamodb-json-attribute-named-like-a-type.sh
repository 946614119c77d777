#!/usr/bin/env bash
# dynamodb-json throws away a whole map when one of its attributes is called S, N or B.
#
# Versions:  dynamodb-json 1.4.2. Seen 2026-11-30.
# Expected:  {"M": {"S": {"S": "small"}, "price": {"N": "5"}}} is a map with two attributes, one of them called S.
# Seen:      loads() looks for type names at every level, takes the attribute's name for one and answers "small": no map, and
#            the price is gone. dumps() of the result writes a string where the map was. Nothing is raised.
# Means:     one-letter attribute names are common where items are kept small and by size (S, M, L) or direction (N, S). An
#            export of such a table read with this library loses data in places that a count does not show. In DynamoDB JSON
#            names and types alternate by position; a reader that goes by the words alone cannot be right.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  dynamodb-json==1.4.2 boto3==1.44.8 botocore==1.44.8
v/bin/python - <<'E'
import sys
from boto3.dynamodb.types import TypeDeserializer
from dynamodb_json import json_util

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

shirt = {"stock": {"M": {"S": {"S": "small"}, "price": {"N": "5"}}}}
see("read by boto3", TypeDeserializer().deserialize({"M": shirt}), {"stock": {"S": "small", "price": 5}})
see("read by dynamodb-json", json_util.loads(shirt), {"stock": "small"})
see("written again", json_util.dumps(json_util.loads(shirt), as_dict=True), {"stock": {"S": "small"}})
see("with another name", json_util.loads({"stock": {"M": {"size": {"S": "small"}, "price": {"N": "5"}}}}),
    {"stock": {"size": "small", "price": 5}})
E
echo "as it was: the map is gone"
