#!/usr/bin/env bash
# dynamodump restores a binary inside a map, a list or a set as the text of its Base64.
#
# Versions:  dynamodump 1.11.1 (which pins boto3 1.40.43); dynalite 4.0.0 stands for DynamoDB. Seen 2026-11-30.
# Expected:  backup and restore give back the item; binaries are Base64 in the dump and bytes again in the table.
# Seen:      the dump file is right at every depth. On restore only attributes at the top of an item are decoded; a binary in
#            a map, a list or a binary set goes to boto3 as text, which takes text for bytes and encodes it once more.
#            Nothing is raised, and the number of items is right.
# Means:     tokens, hashes and compressed documents kept inside maps are damaged by the restore, not by the backup: the dump
#            files can still be restored rightly by another program. A test with binaries only at the top stays green.
set -euo pipefail
dir=$(mktemp -d); cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts dynalite@4.0.0 >/dev/null
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check dynamodump==1.11.1
cat > server.cjs <<'E'
const server = require('dynalite')({ createTableMs: 0, deleteTableMs: 0 });
server.listen(0, '127.0.0.1', () => require('fs').writeFileSync('port', String(server.address().port)));
setTimeout(() => process.exit(), 120000);
E
node server.cjs & server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
v/bin/python - <<'E'
import argparse, base64, datetime, json, queue, sys
import boto3
from dynamodump import dynamodump

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

place = dict(region_name="eu-west-1", endpoint_url="http://127.0.0.1:" + open("port").read(),
             aws_access_key_id="example", aws_secret_access_key="example")
dynamodump.args = argparse.Namespace(dumpPath="dump", schemaOnly=False, dataOnly=False, skipThroughputUpdate=True)
dynamodump.start_time = datetime.datetime.now().replace(microsecond=0)
dynamodump.sleep_interval = 1
value = b"\x00\x01\xff"
client = boto3.client("dynamodb", **place)
client.create_table(TableName="orders", ProvisionedThroughput={"ReadCapacityUnits": 25, "WriteCapacityUnits": 25},
                    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
client.put_item(TableName="orders", Item={
    "id": {"S": "a"}, "top": {"B": value}, "set": {"BS": [value]}, "map": {"M": {"in": {"B": value}}}})
work = queue.Queue()
for name in ("orders", None):  # the second ends the loop
    work.put(name)
dynamodump.do_backup(client, None, table_queue=work)
dumped = json.load(open("dump/orders/data/0001.json"))["Items"][0]
dynamodump.do_restore(client, 1, "orders", "orders-back", None, "PROVISIONED")
items = client.scan(TableName="orders-back")["Items"]

see("in the dump, nested", base64.b64decode(dumped["map"]["M"]["in"]["B"]), value)
see("items restored", len(items), 1)
see("restored, at the top", items[0]["top"]["B"], value)
see("restored, in a map", items[0]["map"]["M"]["in"]["B"], b"AAH/")
see("restored, in a set", items[0]["set"]["BS"], [b"AAH/"])
E
echo "as it was: the restore encodes nested binaries twice"
