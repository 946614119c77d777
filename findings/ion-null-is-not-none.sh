#!/usr/bin/env bash
# A NULL attribute of a DynamoDB export in Ion is not None in Python, neither by "is" nor by "==".
#
# Versions:  amazon.ion 0.15.0 (Amazon's library). Seen 2026-11-30.
# Expected:  a null in the file is None, as it is with json; at least it compares equal to None.
# Seen:      simpleion.loads gives an IonPyNull object: "is None" and "== None" are both false, json.dumps refuses it, though
#            it is false in a condition. With value_model=IonPyValueModel.MAY_BE_BARE it is None, and the sets of the export
#            still carry the annotation ($dynamodb_SS) that tells them from lists.
# Means:     a reader that skips or counts NULL attributes the usual way takes each for a value, so a comparison of an export
#            with a table, or a conversion to DynamoDB JSON, differs in just these attributes. Ask for the bare model.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check amazon.ion==0.15.0
v/bin/python - <<'E'
import json, sys
from amazon.ion import simpleion

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

line = '$ion_1_0 {Item:{id:"o-1",closed:null,tags:$dynamodb_SS::["a","b"],lines:["a","b"]}}'
item = simpleion.loads(line)["Item"]
bare = simpleion.loads(line, value_model=simpleion.IonPyValueModel.MAY_BE_BARE)["Item"]
see("type", type(item["closed"]).__name__, "IonPyNull")
see("is None", item["closed"] is None, False)
see("== None", item["closed"] == None, False)
see("true in a condition", bool(item["closed"]), False)
try:
    written = json.dumps(item["closed"])
except TypeError:
    written = "TypeError"
see("json.dumps", written, "TypeError")
see("attributes that are not None", [name for name, value in item.items() if value is not None],
    ["id", "closed", "tags", "lines"])
see("is None in the bare model", bare["closed"] is None, True)
see("annotations in the bare model", [[mark.text for mark in getattr(bare[name], "ion_annotations", ())]
    for name in ("tags", "lines")], [["$dynamodb_SS"], []])
E
echo "as it was: a null that is not None"
