#!/usr/bin/env bash
# moto's export of a DynamoDB table says ION and holds JSON, says INCREMENTAL and holds everything, and has no manifest.
#
# Versions:  moto 5.2.5, boto3 1.44.8. Seen 2026-11-30.
# Expected:  ExportTableToPointInTime writes what it was asked for, with manifest-summary.json and manifest-files.json beside
#            the data (counts and MD5 sums), or refuses what it does not know.
# Seen:      one file of DynamoDB JSON whatever was asked for. The description repeats ION or INCREMENTAL_EXPORT. Without
#            a format it says DYNAMO_JSON, a value that the service model does not have (DYNAMODB_JSON). No manifest.
# Means:     a reader of exports cannot be tested with it beyond the plain lines: a reader of ION gets JSON, one of increments
#            (with keys and old images) gets whole items, and one that begins with the manifest, as it should, finds nothing.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  'moto[dynamodb,s3]==5.2.5' boto3==1.44.8 botocore==1.44.8
export AWS_ACCESS_KEY_ID=example AWS_SECRET_ACCESS_KEY=example AWS_DEFAULT_REGION=us-east-1
v/bin/python - <<'E'
import datetime, gzip, sys, time
import boto3
from moto import mock_aws

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

now = datetime.datetime.now(datetime.timezone.utc)
with mock_aws():
    client, s3 = boto3.client("dynamodb"), boto3.client("s3")
    s3.create_bucket(Bucket="exports")
    client.create_table(TableName="orders", BillingMode="PAY_PER_REQUEST",
                        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    client.update_continuous_backups(TableName="orders",
                                     PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    client.put_item(TableName="orders", Item={"id": {"S": "o-1"}})
    arn = client.describe_table(TableName="orders")["Table"]["TableArn"]
    def export(prefix, **options):
        made = client.export_table_to_point_in_time(TableArn=arn, S3Bucket="exports", S3Prefix=prefix, **options)
        for _ in range(100):  # it is written by a thread
            said = client.describe_export(ExportArn=made["ExportDescription"]["ExportArn"])["ExportDescription"]
            if said["ExportStatus"] != "IN_PROGRESS":
                break
            time.sleep(0.1)
        objects = s3.list_objects_v2(Bucket="exports", Prefix=prefix + "/")["Contents"]
        data = gzip.decompress(s3.get_object(Bucket="exports", Key=objects[0]["Key"])["Body"].read())
        return said["ExportFormat"], said["ExportType"], len(objects), data
    line = b'{"Item": {"id": {"S": "o-1"}}}\n'
    see("no format", export("plain"), ("DYNAMO_JSON", "FULL_EXPORT", 1, line))
    see("ION", export("ion", ExportFormat="ION"), ("ION", "FULL_EXPORT", 1, line))
    window = {"ExportFromTime": now - datetime.timedelta(hours=2), "ExportToTime": now - datetime.timedelta(hours=1)}
    see("increment before the item", export("step", ExportType="INCREMENTAL_EXPORT", ExportFormat="DYNAMODB_JSON",
        IncrementalExportSpecification=window), ("DYNAMODB_JSON", "INCREMENTAL_EXPORT", 1, line))
    formats = client.meta.service_model.shape_for("ExportFormat").enum
    see("formats of the model", sorted(formats), ["DYNAMODB_JSON", "ION"])
E
echo "as it was: the description and the file differ"
