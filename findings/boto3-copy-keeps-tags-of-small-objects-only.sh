#!/usr/bin/env bash
# boto3's copy keeps the tags of small objects and drops those of large ones.
#
# Versions:  boto3 1.44.8; s3transfer 0.19.3; moto 5.2.5 as S3. Seen 2026-12-01.
# Expected:  client.copy() copies an object's tags or not, whatever its size, as it does for metadata.
# Seen:      below 8 MiB it is one CopyObject, by which S3 copies tags. From there on it is a multipart upload, which is
#            begun with the metadata of the source and without its tags. No error, no warning.
# Means:     tags decide what lifecycle rules, AWS Backup selections and access policies take. A bucket copied like that looks
#            right in a test with small files; of the real one, the large objects lose their retention or their readers.
#            Read the tags and put them oneself, and compare them afterwards.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv env
env/bin/pip -q install --disable-pip-version-check boto3==1.44.8 botocore==1.44.8 s3transfer==0.19.3 'moto[s3]==5.2.5'
cat > run.py <<'P'
import sys

import boto3
from moto import mock_aws


def see(what, got, before):
    print(f"{what}: {got}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before}")


with mock_aws():
    client = boto3.client("s3", "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
    for bucket in ("backups-source", "backups-copy"):
        client.create_bucket(Bucket=bucket)
    for size, tags in ((8 * 1024 * 1024 - 1, [{"Key": "keep", "Value": "seven-years"}]), (8 * 1024 * 1024, [])):
        client.put_object(
            Bucket="backups-source", Key="dump", Body=bytes(size), Metadata={"snapshot": "17"}, Tagging="keep=seven-years"
        )
        client.copy({"Bucket": "backups-source", "Key": "dump"}, "backups-copy", "dump")
        copied = client.head_object(Bucket="backups-copy", Key="dump")
        see(f"{size} bytes, metadata", copied["Metadata"], {"snapshot": "17"})
        see(f"{size} bytes, tags", client.get_object_tagging(Bucket="backups-copy", Key="dump")["TagSet"], tags)
P
env/bin/python run.py
echo "as it was: the tags of the large one are gone"
