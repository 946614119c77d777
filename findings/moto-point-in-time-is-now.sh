#!/usr/bin/env bash
# moto restores every point in time with today's items, also one from before the table existed.
#
# Versions:  moto 5.2.5, boto3 1.44.8. Seen 2026-11-30.
# Expected:  RestoreTableToPointInTime gives the items as they were at RestoreDateTime; a time outside the window between
#            EarliestRestorableDateTime and LatestRestorableDateTime is an error (InvalidRestoreTimeException).
# Seen:      the time is not looked at. A time before the last change, and one in the year 2020, both give the newest items,
#            without an error.
# Means:     a restore drill or a tool tested against moto passes even if it sends the wrong time, the wrong time zone, or
#            always the latest time. Test what a point in time holds against something that keeps history.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  'moto[dynamodb]==5.2.5' boto3==1.44.8 botocore==1.44.8
export AWS_ACCESS_KEY_ID=example AWS_SECRET_ACCESS_KEY=example AWS_DEFAULT_REGION=eu-west-1
v/bin/python - <<'E'
import datetime, sys, time
import boto3
from moto import mock_aws

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

with mock_aws():
    client = boto3.client("dynamodb")
    client.create_table(TableName="orders", BillingMode="PAY_PER_REQUEST",
                        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    client.update_continuous_backups(TableName="orders",
                                     PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    def write(state):
        client.put_item(TableName="orders", Item={"id": {"S": "o-1"}, "state": {"S": state}})
    def restored(name, at):
        client.restore_table_to_point_in_time(SourceTableName="orders", TargetTableName=name, RestoreDateTime=at)
        return [item["state"]["S"] for item in client.scan(TableName=name)["Items"]]
    write("open")
    time.sleep(1)
    before = datetime.datetime.now(datetime.timezone.utc)
    time.sleep(1)
    write("deleted by mistake")
    see("as of before the change", restored("orders-before", before), ["deleted by mistake"])
    see("as of 2020", restored("orders-2020", datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)),
        ["deleted by mistake"])
E
echo "as it was: the time is not looked at"
