#!/usr/bin/env bash
# dynamodb-csv exports TRUE as nothing, and imports nothing as FALSE.
#
# Versions:  dynamodb-csv 1.5.5, boto3 1.44.8; dynalite 4.0.0 stands for DynamoDB. Seen 2026-11-30.
# Expected:  a column of type B (boolean) goes out and comes back with its value.
# Seen:      the export leaves the cell empty for TRUE as well as for FALSE. The import reads an empty cell as FALSE. Both
#            report success with the right count.
# Means:     after an export and import every flag of a table is off: paid, deleted, consent. The CSV alone cannot tell any
#            more which it was, so a dump of this kind is no backup of a table with booleans.
set -euo pipefail
dir=$(mktemp -d); cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts dynalite@4.0.0 >/dev/null
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  dynamodb-csv==1.5.5 boto3==1.44.8 botocore==1.44.8
cat > server.cjs <<'E'
const server = require('dynalite')({ createTableMs: 0, deleteTableMs: 0 });
server.listen(0, '127.0.0.1', () => require('fs').writeFileSync('port', String(server.address().port)));
setTimeout(() => process.exit(), 120000);
E
node server.cjs & server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
printf '[CSV_SPEC]\nid=S\npaid=B\nopen=B\n' > orders.csv.spec
v/bin/python - 2>progress <<'E'
import sys
import boto3
from app.dynamodb.csv_export import csv_export
from app.dynamodb.csv_import import csv_import

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        print(f"CHANGED, it was: {before!r}")
        sys.exit(1)

place = dict(region_name="eu-west-1", endpoint_url="http://127.0.0.1:" + open("port").read(),
             aws_access_key_id="example", aws_secret_access_key="example")
resource = boto3.resource("dynamodb", **place)
for name in ("orders", "orders-back"):
    resource.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                          KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
resource.Table("orders").put_item(Item={"id": "o-1", "paid": True, "open": False})
see("export", csv_export(resource.Table("orders"), "orders.csv"), ("orders csv exported 1 items", 0))
see("file", open("orders.csv").read(), "id,paid,open\no-1,,\n")
see("import", csv_import(resource.Table("orders-back"), "orders.csv"), ("orders-back csv imported 1 items", 0))
see("item", resource.Table("orders-back").scan()["Items"], [{"id": "o-1", "paid": False, "open": False}])
E
echo "as it was: TRUE comes back as FALSE"
