#!/usr/bin/env bash
# Cloud Custodian counts weekly backups only when the policy runs on the weekday of the backup.
#
# Versions:  c7n 0.9.53. Seen 2026-11-30.
# Expected:  consecutive-aws-backups with period "weeks" and count 4 matches a resource that has had a completed recovery point
#            in each of the last weeks.
# Seen:      it looks for a recovery point on the very dates 7, 14, 21 and 28 days before the run. With a perfect series of
#            weekly backups it matches when the newest is from today's weekday and on none of the six other days.
# Means:     a compliance policy that runs daily reports the same table as covered one day in seven. A policy "not covered, so
#            alarm" cries six days out of seven. Where results are compared with another tool, this is the difference.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check c7n==0.9.53
v/bin/python -W ignore - <<'E'
import datetime, sys
from c7n.filters.backup import ConsecutiveAwsBackupsFilter

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

now = datetime.datetime.now(datetime.timezone.utc)
def covered(days_since_the_last):
    weekly = [now - datetime.timedelta(days=days_since_the_last + 7 * week) for week in range(10)]
    table = {"TableName": "orders",
             "c7n:AwsBackups": [{"Status": "COMPLETED", "CreationDate": at} for at in weekly]}
    rule = {"type": "consecutive-aws-backups", "count": 4, "period": "weeks", "status": "COMPLETED"}
    return bool(ConsecutiveAwsBackupsFilter(rule, None).process([table]))
for days in range(7):
    see(f"ten weekly backups, the last {days} days ago", covered(days), days == 0)
E
echo "as it was: covered on one weekday"
