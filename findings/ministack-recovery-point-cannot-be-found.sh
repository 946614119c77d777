#!/usr/bin/env bash
# A backup job that ministack calls COMPLETED has a recovery point that no call can find.
#
# Versions:  ministack 1.5.33, boto3 1.43.106 (the newest it allows). Seen 2026-11-30.
# Expected:  when a backup job is COMPLETED, its RecoveryPointArn is listed in the vault and for the resource.
# Seen:      the job names its recovery point and DescribeBackupVault counts 1; ListRecoveryPointsByBackupVault and
#            ListRecoveryPointsByResource are empty, DescribeRecoveryPoint says ResourceNotFoundException. And two starts with
#            one IdempotencyToken are two jobs.
# Means:     tools for backups can be tried on it up to the job and not beyond: restores, copies, retention, coverage. A check
#            that "the job completed" passes where "there is something to restore" would not. Ask for the recovery point.
set -euo pipefail
dir=$(mktemp -d); cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check ministack==1.5.33 boto3==1.43.106
port=$(v/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
HOME=$dir v/bin/hypercorn ministack.app:app --bind "127.0.0.1:$port" >log 2>&1 & server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 150); do grep -q 'Running on' log && break; sleep 0.2; done
v/bin/python - "$port" <<'E'
import sys
import boto3

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

place = dict(region_name="eu-west-1", endpoint_url=f"http://127.0.0.1:{sys.argv[1]}",
             aws_access_key_id="111122223333", aws_secret_access_key="example")
backup, dynamodb = boto3.client("backup", **place), boto3.client("dynamodb", **place)
table = dynamodb.create_table(TableName="orders", BillingMode="PAY_PER_REQUEST",
                              AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                              KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])["TableDescription"]["TableArn"]
backup.create_backup_vault(BackupVaultName="orders-vault")
start = dict(BackupVaultName="orders-vault", ResourceArn=table, IamRoleArn="arn:aws:iam::111122223333:role/backup")
job = backup.describe_backup_job(BackupJobId=backup.start_backup_job(**start)["BackupJobId"])
point = job["RecoveryPointArn"]
see("state of the job", job["State"], "COMPLETED")
see("counted by the vault", backup.describe_backup_vault(BackupVaultName="orders-vault")["NumberOfRecoveryPoints"], 1)
see("listed in the vault", backup.list_recovery_points_by_backup_vault(BackupVaultName="orders-vault")["RecoveryPoints"], [])
see("listed for the table", backup.list_recovery_points_by_resource(ResourceArn=table)["RecoveryPoints"], [])
try:
    found = backup.describe_recovery_point(BackupVaultName="orders-vault", RecoveryPointArn=point)["Status"]
except backup.exceptions.ResourceNotFoundException:
    found = "ResourceNotFoundException"
see("described", found, "ResourceNotFoundException")
jobs = {backup.start_backup_job(**start, IdempotencyToken="nightly-1")["BackupJobId"] for _ in range(2)}
see("jobs of one token", len(jobs), 2)
E
echo "as it was: completed, and not to be found"
