#!/usr/bin/env bash
# ministack refuses iam:SimulatePrincipalPolicy to a role that is allowed it on the role it asks about.
#
# Versions:  ministack 1.5.33 with AUTH=true, boto3 1.43.106 (the newest it allows). Seen 2026-12-01.
# Expected:  AWS's service authorization reference gives iam:SimulatePrincipalPolicy the resource types group, role and user:
#            a policy that allows it on role/* lets a role ask what a role may do.
# Seen:      with that policy the call is AccessDenied ("no identity-based policy allows"); with Resource "*" it is answered.
#            iam:GetRole, allowed on role/* in the same statement, works.
# Means:     a least-privilege role for tools that check permissions before a backup or restore (they ask about themselves) looks
#            broken on it, and whoever widens the role to "*" until it passes ships the wide one.
set -euo pipefail
dir=$(mktemp -d); cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check ministack==1.5.33 boto3==1.43.106
port=$(v/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
AUTH=true HOME=$dir v/bin/hypercorn ministack.app:app --bind "127.0.0.1:$port" >log 2>&1 & server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 150); do grep -q 'Running on' log && break; sleep 0.2; done
v/bin/python - "$port" <<'E'
import json
import sys
import boto3
from botocore.exceptions import ClientError

ACCOUNT = "111122223333"

def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

def client(service, key=ACCOUNT, secret="example", token=None):
    return boto3.client(service, region_name="eu-west-1", endpoint_url=f"http://127.0.0.1:{sys.argv[1]}",
                        aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)

iam, sts = client("iam"), client("sts")
trust = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]}

def role(name, resource):
    """A role that may ask about roles, and a client with its credentials."""
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName=name, PolicyName="ask", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["iam:SimulatePrincipalPolicy", "iam:GetRole"], "Resource": resource}]}))
    given = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}", RoleSessionName="ask")["Credentials"]
    return client("iam", given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

def asks(own, name):
    try:
        answer = own.simulate_principal_policy(PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:role/{name}",
                                               ActionNames=["dynamodb:RestoreTableToPointInTime"])
        return answer["EvaluationResults"][0]["EvalDecision"]
    except ClientError as error:
        return error.response["Error"]["Code"]

narrow = role("on-roles", f"arn:aws:iam::{ACCOUNT}:role/*")
wide = role("on-everything", "*")
see("a role that is allowed it on role/* asks", asks(narrow, "on-roles"), "AccessDenied")
see("GetRole by the same statement", narrow.get_role(RoleName="on-roles")["Role"]["RoleName"], "on-roles")
see("a role that is allowed it on * asks", asks(wide, "on-everything"), "implicitDeny")
E
echo "as it was: it wants the permission on everything"
