#!/usr/bin/env bash
# Cloud Custodian finds a table's daily backups or not depending on the time zone of the machine it runs on.
#
# Versions:  c7n 0.9.53 with botocore 1.43.127. Seen 2026-11-30.
# Expected:  whether a table had a recovery point on each of the last seven days does not depend on where that is asked.
# Seen:      consecutive-aws-backups takes the days it expects in UTC and the days of the recovery points from times that
#            botocore hands out in local time. Backups made at 01:00 UTC, the usual hour of the night, are the day before in
#            America: the newest day is missing, and the filter does not match. With TZ=UTC it does.
# Means:     the same policy says "covered" in a Lambda function (UTC) and "not covered" on a laptop. Set TZ=UTC wherever it
#            runs; and in programs of one's own compare instants, not dates of two clocks.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  c7n==0.9.53 boto3==1.43.103 botocore==1.43.127
cat > run.py <<'E'
import datetime
from botocore.utils import parse_timestamp  # what turns a service's answer into a datetime
from c7n.filters.backup import ConsecutiveAwsBackupsFilter

night = datetime.datetime.now(datetime.timezone.utc).replace(hour=1, minute=0, second=0, microsecond=0)
times = [(night - datetime.timedelta(days=day)).timestamp() for day in range(1, 30)]
table = {"TableName": "orders",
         "c7n:AwsBackups": [{"Status": "COMPLETED", "CreationDate": parse_timestamp(at)} for at in times]}
rule = {"type": "consecutive-aws-backups", "count": 7, "period": "days", "status": "COMPLETED"}
print("covered" if ConsecutiveAwsBackupsFilter(rule, None).process([table]) else "not covered")
E
see() {
  got=$(TZ=$1 v/bin/python -W ignore run.py)
  echo "29 daily backups at 01:00 UTC, TZ=$1: $got"
  [ "$got" = "$2" ] || { echo "CHANGED, it was: $2"; exit 1; }
}
see UTC 'covered'
see America/Los_Angeles 'not covered'
echo "as it was: the answer depends on TZ"
