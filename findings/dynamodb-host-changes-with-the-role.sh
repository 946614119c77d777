#!/usr/bin/env bash
# The same DynamoDB call goes to another host name once the credentials come from an assumed role.
#
# Versions:  botocore 1.44.8. Seen 2026-11-30.
# Expected:  a client for DynamoDB in one Region talks to one host, dynamodb.eu-west-1.amazonaws.com.
# Seen:      with credentials that name their account (an assumed role's do) it talks to
#            111122223333.ddb.eu-west-1.amazonaws.com, one host for each account, and the client for DynamoDB Streams to
#            111122223333.streams-ddb.eu-west-1.amazonaws.com. AWS Backup stays where it is.
#            AWS_ACCOUNT_ID_ENDPOINT_MODE=disabled brings the old hosts back.
# Means:     a backup program that works with keys fails behind a proxy or DNS filter with a list of hosts as soon as it is
#            given roles, and only for DynamoDB, which looks like a fault of the table or the role. Allow both
#            *.ddb.<Region>.amazonaws.com and *.streams-ddb.<Region>.amazonaws.com, or switch the mode off.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check botocore==1.44.8
cat > config <<'E'
[profile keys]
region = eu-west-1
aws_access_key_id = example
aws_secret_access_key = example
[profile role]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/backup
source_profile = keys
E
export AWS_CONFIG_FILE=$dir/config AWS_SHARED_CREDENTIALS_FILE=$dir/none
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_ACCOUNT_ID
cat > run.py <<'E'
import datetime, urllib.parse
import botocore.session
from botocore.awsrequest import AWSResponse

class Body:
    def __init__(self, text):
        self.text = text
    def stream(self, **_):
        yield self.text
until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
role = ("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>B</SecretAccessKey>"
        f"<SessionToken>C</SessionToken><Expiration>{until}</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>D:e"
        "</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/backup/e</Arn></AssumedRoleUser></AssumeRoleResult>"
        "</AssumeRoleResponse>").encode()
def host(profile, service, operation):
    session = botocore.session.Session(profile=profile)
    hosts = []
    def answer(request, **_):  # nothing leaves the machine
        hosts.append(urllib.parse.urlsplit(request.url).hostname)
        return AWSResponse(request.url, 200, {}, Body(role if hosts[-1].startswith("sts.") else b"{}"))
    session.register("before-send", answer)
    getattr(session.create_client(service), operation)()
    return hosts[-1]
for profile in ("keys", "role"):
    for call in (("dynamodb", "list_tables"), ("dynamodbstreams", "list_streams"), ("backup", "list_backup_vaults")):
        print(f"{profile}, {call[0]}: {host(profile, *call)}")
E
v/bin/python run.py | tee seen
AWS_ACCOUNT_ID_ENDPOINT_MODE=disabled v/bin/python run.py | sed 's/^/mode disabled, /' | tee -a seen
cat > before <<'E'
keys, dynamodb: dynamodb.eu-west-1.amazonaws.com
keys, dynamodbstreams: streams.dynamodb.eu-west-1.amazonaws.com
keys, backup: backup.eu-west-1.amazonaws.com
role, dynamodb: 111122223333.ddb.eu-west-1.amazonaws.com
role, dynamodbstreams: 111122223333.streams-ddb.eu-west-1.amazonaws.com
role, backup: backup.eu-west-1.amazonaws.com
E
for profile in keys role; do head -3 before | sed "s/^keys/mode disabled, $profile/"; done >> before.disabled
cat before before.disabled | diff - seen || { echo "CHANGED"; exit 1; }
echo "as it was: one host for each account"
