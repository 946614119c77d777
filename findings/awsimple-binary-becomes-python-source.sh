#!/usr/bin/env bash
# awsimple stores bytes in DynamoDB as a string with Python's way of writing them.
#
# Versions:  awsimple 8.0.0, boto3 1.44.8. Seen 2026-11-30.
# Expected:  dict_to_dynamodb() prepares an item for boto3, which takes bytes as they are; dynamodb_to_json() writes a binary
#            as Base64, as DynamoDB's own exports do, or refuses it.
# Seen:      bytes become the string "b'\x00\xff'", quotes and all, and boto3 stores that with type S. An item that holds a
#            real binary is written by dynamodb_to_json() with the same kind of text, which no reader of JSON turns back.
# Means:     a table filled through this library holds text where others look for a binary, a copy by it changes the type of
#            the attribute, and a JSON dump by it is no backup of binaries.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  awsimple==8.0.0 boto3==1.44.8 botocore==1.44.8
v/bin/python - <<'E'
import sys
from awsimple import dict_to_dynamodb, dynamodb_to_json
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

item = {"token": b"\x00\xff"}
def on_the_wire(value):
    return TypeSerializer().serialize(value)["M"]["token"]
see("by boto3 alone", on_the_wire(item), {"B": b"\x00\xff"})
see("through awsimple", on_the_wire(dict_to_dynamodb(item)), {"S": "b'\\x00\\xff'"})
read = {"token": TypeDeserializer().deserialize({"B": b"\x00\xff"})}
see("as JSON by awsimple", dynamodb_to_json(read), '{"token": "b\'\\\\x00\\\\xff\'"}')
E
echo "as it was: bytes became text"
