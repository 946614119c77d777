#!/usr/bin/env bash
# boto3 sends a token of its own with every start of AWS Backup but two, so a repeated call may start those twice.
#
# Versions:  boto3 1.44.8 with botocore 1.44.8. Seen 2026-11-30.
# Expected:  StartBackupJob, StartCopyJob, StartRestoreJob, StartReportJob and StartScanJob have the same optional
#            IdempotencyToken, and the SDK fills all of them alike when the caller gives none.
# Seen:      the service model marks the member as an idempotency token on four of the five. StartScanJob goes out without
#            one, and so does StartSearchJob of AWS Backup search with its ClientToken.
# Means:     after a lost answer the SDK sends the same call again. For backups and restores the service can tell that it is
#            the same one; a malware scan or a search may run, and be paid for, twice. Set the token yourself, everywhere:
#            the one that the SDK makes is a new one for the next call of your program anyway.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check boto3==1.44.8 botocore==1.44.8
export AWS_ACCESS_KEY_ID=example AWS_SECRET_ACCESS_KEY=example AWS_DEFAULT_REGION=eu-west-1
v/bin/python - <<'E'
import json, sys
import boto3
from botocore.awsrequest import AWSResponse

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

class Empty:
    def stream(self, **_):
        yield b"{}"
def sent(service, operation, **parameters):
    bodies = []
    def answer(request, **_):  # nothing leaves the machine
        bodies.append(json.loads(request.body))
        return AWSResponse(request.url, 200, {}, Empty())
    client = boto3.client(service)
    client.meta.events.register("before-send", answer)
    getattr(client, operation)(**parameters)
    return sorted(name for name in bodies[0] if name.endswith("Token"))
role, vault = "arn:aws:iam::111122223333:role/backup", "vault-a"
point = "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0"
see("StartBackupJob", sent("backup", "start_backup_job", BackupVaultName=vault, IamRoleArn=role,
    ResourceArn="arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0"), ["IdempotencyToken"])
see("StartCopyJob", sent("backup", "start_copy_job", RecoveryPointArn=point, SourceBackupVaultName=vault, IamRoleArn=role,
    DestinationBackupVaultArn="arn:aws:backup:eu-central-1:111122223333:backup-vault:vault-b"), ["IdempotencyToken"])
see("StartRestoreJob", sent("backup", "start_restore_job", RecoveryPointArn=point, Metadata={}), ["IdempotencyToken"])
see("StartReportJob", sent("backup", "start_report_job", ReportPlanName="monthly"), ["IdempotencyToken"])
see("StartScanJob", sent("backup", "start_scan_job", BackupVaultName=vault, RecoveryPointArn=point, IamRoleArn=role,
    ScannerRoleArn=role, MalwareScanner="GUARDDUTY", ScanMode="FULL_SCAN"), [])
see("StartSearchJob", sent("backupsearch", "start_search_job", SearchScope={"BackupResourceTypes": ["EBS"]}), [])
E
echo "as it was: no token on scans and searches"
