#!/usr/bin/env bash
# The model of AWS Backup forbids resource types that its own documentation lists, and its filters lack states that it counts.
#
# Versions:  botocore 1.44.8 (the service model of AWS Backup of November 2026). Seen 2026-11-30.
# Expected:  the pattern of ResourceType admits the values that are documented for ByResourceType, and every state that
#            ListCopyJobSummaries counts can be asked for with ListCopyJobs' ByState.
# Seen:      the pattern allows letters, digits, "-", "_" and "." only; "SAP HANA on Amazon EC2" and "Storage Gateway" have
#            spaces. The summaries know ABORTING, ABORTED, COMPLETING and FAILING copy jobs; ByState knows none of them, and
#            no copy job's State can be one. For restores the summaries count CREATED, which ByStatus lacks.
# Means:     a client, a form or a mock that enforces the patterns refuses real resource types. A dashboard that links each
#            number of a summary to the list behind it has links that cannot work: leave those states unlinked.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check botocore==1.44.8
v/bin/python - <<'E'
import re, sys
import botocore.session

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

session = botocore.session.get_session()
shapes = session.get_component("data_loader").load_service_model("backup", "service-2")["shapes"]
member = shapes["ListBackupJobsInput"]["members"]["ByResourceType"]
documented = re.findall(r"<li> <p> *<code>(.+?)</code>", member["documentation"])
print(len(documented), "resource types are documented for ByResourceType, among them", documented[:3])
pattern = shapes[member["shape"]]["pattern"]
see("documented and against the pattern", sorted(name for name in documented if not re.fullmatch(pattern, name)),
    ["SAP HANA on Amazon EC2", "Storage Gateway"])

def states(shape, member):
    return set(shapes[shapes[shape]["members"][member]["shape"]]["enum"]) - {"ANY", "AGGREGATE_ALL"}
see("copy jobs: counted, no filter", sorted(states("CopyJobSummary", "State") - states("ListCopyJobsInput", "ByState")),
    ["ABORTED", "ABORTING", "COMPLETING", "FAILING"])
see("copy jobs: counted, never a job's State", sorted(states("CopyJobSummary", "State") - states("CopyJob", "State")),
    ["ABORTED", "ABORTING", "COMPLETING", "FAILING"])
see("restore jobs: counted, no filter",
    sorted(states("RestoreJobSummary", "State") - states("ListRestoreJobsInput", "ByStatus")), ["CREATED"])
see("backup jobs: counted, no filter",
    sorted(states("BackupJobSummary", "State") - states("ListBackupJobsInput", "ByState")), [])
E
echo "as it was: the model contradicts itself"
