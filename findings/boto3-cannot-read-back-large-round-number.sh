#!/usr/bin/env bash
# boto3's Table writes the valid number 1E+38 and then cannot read the item any more.
#
# Versions:  boto3 1.44.8 with botocore 1.44.8; dynalite 4.0.0, an emulator that answers numbers as DynamoDB does: written
#            out, without an exponent. Seen 2026-11-30.
# Expected:  what Table.put_item accepts, Table.get_item returns. The number has one significant digit of the 38 allowed and
#            lies far inside DynamoDB's range (up to 9.99E+125).
# Seen:      the service answers "1" and 38 zeros, 39 digits; boto3's decimal context holds 38, so every get_item, query and
#            scan that meets the item raises decimal.Rounded. The low-level client reads it, and 1E+37 is no trouble.
# Means:     one item stops a dump, a verification or a copy that scans with boto3's resource layer, and it stops the whole
#            page, not only that item. Tools for backups should read with the client and keep numbers as text.
set -euo pipefail
dir=$(mktemp -d); cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts dynalite@4.0.0 >/dev/null
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check boto3==1.44.8 botocore==1.44.8
cat > server.cjs <<'E'
const server = require('dynalite')({ createTableMs: 0 });
server.listen(0, '127.0.0.1', () => require('fs').writeFileSync('port', String(server.address().port)));
setTimeout(() => process.exit(), 120000);
E
node server.cjs & server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
v/bin/python - <<'E'
import decimal, sys
import boto3

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

place = dict(region_name="eu-west-1", endpoint_url="http://127.0.0.1:" + open("port").read(),
             aws_access_key_id="example", aws_secret_access_key="example")
client = boto3.client("dynamodb", **place)
table = boto3.resource("dynamodb", **place).Table("meters")
client.create_table(TableName="meters", BillingMode="PAY_PER_REQUEST",
                    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
def read(key):
    try:
        return str(table.get_item(Key={"id": key})["Item"]["n"])
    except decimal.Rounded:
        return "decimal.Rounded"
for key, number in (("a", "1E+37"), ("b", "1E+38")):
    table.put_item(Item={"id": key, "n": decimal.Decimal(number)})
see("1E+37 read by Table.get_item", read("a"), "1" + "0" * 37)
see("1E+38 read by the client", client.get_item(TableName="meters", Key={"id": {"S": "b"}})["Item"]["n"]["N"], "1" + "0" * 38)
see("1E+38 read by Table.get_item", read("b"), "decimal.Rounded")
try:
    whole = len(table.scan()["Items"])
except decimal.Rounded:
    whole = "decimal.Rounded"
see("Table.scan of both items", whole, "decimal.Rounded")
E
echo "as it was: written, but not to be read back"
