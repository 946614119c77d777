#!/usr/bin/env bash
# The SDKs for Python and JavaScript page through different lists of backups and exports: what one has, the other lacks.
#
# Versions:  botocore 1.44.8 (PyPI); @aws-sdk/client-dynamodb 3.1092.0 and @aws-sdk/client-backup 3.1092.0 (npm).
#            Seen 2026-11-30.
# Expected:  both are made from one model of the service, so both page through every list that has a token.
# Seen:      DynamoDB: botocore has a paginator for ListBackups and none for ListExports and ListImports; the SDK for
#            JavaScript has the latter two and none for ListBackups. AWS Backup: botocore has none for the three job
#            summaries, frameworks, report jobs and report plans; the SDK for JavaScript has them all.
# Means:     code that is carried from one language to the other, or that falls back to a plain call where there is no
#            paginator, reads the first page only and looks right in a small account: exports beyond the 25th or a fleet's
#            counts of failed jobs are missing. Loop over the token by hand where can_paginate() says no.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts \
  @aws-sdk/client-dynamodb@3.1092.0 @aws-sdk/client-backup@3.1092.0 >/dev/null
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check botocore==1.44.8
cat > run.cjs <<'E'
const names = (name) => Object.keys(require(`@aws-sdk/client-${name}`))
  .filter((key) => key.startsWith('paginate')).map((key) => key.replace('paginate', ''));
console.log(JSON.stringify({ dynamodb: names('dynamodb'), backup: names('backup') }));
E
node run.cjs > javascript.json 2> notices
v/bin/python - <<'E'
import json, sys
import botocore.session
from botocore import xform_name

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

javascript = json.load(open("javascript.json"))
session = botocore.session.get_session()
def who(service, operation):
    client = session.create_client(service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    shapes = session.get_service_model(service).operation_model(operation)
    assert any(name in shapes.output_shape.members for name in ("NextToken", "LastEvaluatedBackupArn")), operation
    return [name for name, has in (("botocore", client.can_paginate(xform_name(operation))),
                                   ("JavaScript", operation in javascript[service])) if has]
see("dynamodb ListBackups", who("dynamodb", "ListBackups"), ["botocore"])
for operation in ("ListExports", "ListImports"):
    see(f"dynamodb {operation}", who("dynamodb", operation), ["JavaScript"])
for operation in ("ListBackupJobs", "ListRecoveryPointsByBackupVault"):
    see(f"backup {operation}", who("backup", operation), ["botocore", "JavaScript"])
for operation in ("ListBackupJobSummaries", "ListCopyJobSummaries", "ListRestoreJobSummaries", "ListFrameworks",
                  "ListReportJobs", "ListReportPlans"):
    see(f"backup {operation}", who("backup", operation), ["JavaScript"])
E
echo "as it was: neither has them all"
