#!/usr/bin/env bash
# A policy linter says that the ARN of an EBS or DynamoDB recovery point does not fit the actions of AWS Backup.
#
# Versions:  parliament 1.6.4, boto3 1.44.8. Seen 2026-11-30.
# Expected:  a policy that allows backup:StartRestoreJob on exactly the recovery point that is to be restored is accepted;
#            AWS Backup knows EBS recovery points by arn:aws:ec2:eu-west-1::snapshot/snap-..., and DynamoDB's own ones by
#            arn:aws:dynamodb:...:table/orders/backup/...
# Seen:      RESOURCE_MISMATCH for both, "required_format arn:*:*:*:*:*:*": AWS's reference of actions describes a recovery
#            point with a colon between its type and its id, and these two have a slash. An RDS snapshot's ARN, with colons,
#            passes, and so does a recovery point of AWS Backup's own.
#            Widened to all of EC2 (arn:aws:ec2:*:*:*:*) the same statement passes too.
# Means:     the narrowest policy is flagged and a far wider one is not, so a check in CI drives people to wider rights. Mark
#            such findings as known, by ARN, instead of widening the resource.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  parliament==1.6.4 setuptools==80.9.0 boto3==1.44.8 botocore==1.44.8
v/bin/python -W ignore - <<'E'
import json, sys
import parliament

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

def issues(arn):
    statement = {"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return [finding.issue for finding in parliament.analyze_policy_string(json.dumps(policy)).findings]
for arn, before in (
    ("arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45", []),
    ("arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-1eb3b5e7", []),
    ("arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0", ["RESOURCE_MISMATCH"]),
    ("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01796070416863-cfc1028d", ["RESOURCE_MISMATCH"]),
    ("arn:aws:ec2:*:*:*:*", []),
):
    see(arn, issues(arn), before)
E
echo "as it was: ARNs with a slash are rejected"
