"""Drives a running sandbox with boto3, so that its protocols are not proved by our own client alone.

Set TIDEMARK_SANDBOX_URL to the endpoint of a running sandbox, or TIDEMARK_SANDBOX_BIN to a program
that takes `--port 0 --empty` and prints its endpoint on its first line.
"""

import itertools
import json
import os
import subprocess
import time
import urllib.request

import boto3
import pytest
from botocore.config import Config

_accounts = itertools.count(100000000000 + int(time.time()) % 800000000 * 100)


@pytest.fixture(scope="session")
def url():
    given = os.environ.get("TIDEMARK_SANDBOX_URL")
    if given:
        yield given.rstrip("/")
        return
    program = os.environ.get("TIDEMARK_SANDBOX_BIN")
    if not program:
        pytest.fail("set TIDEMARK_SANDBOX_URL or TIDEMARK_SANDBOX_BIN")
    process = subprocess.Popen(
        [program, "--port", "0", "--empty"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def admin(url):
    def call(method, path, body=None):
        request = urllib.request.Request(
            f"{url}/_tidemark/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    return call


@pytest.fixture
def account():
    """An account that no other test uses."""
    return str(next(_accounts))


@pytest.fixture
def other_account():
    return str(next(_accounts))


@pytest.fixture(scope="session")
def client(url):
    """client(service, account or Credentials, region)"""

    def make(service, who, region="eu-west-1", retries=0):
        if isinstance(who, dict):
            keys = {
                "aws_access_key_id": who["AccessKeyId"],
                "aws_secret_access_key": who["SecretAccessKey"],
                "aws_session_token": who.get("SessionToken"),
            }
        else:
            keys = {"aws_access_key_id": who, "aws_secret_access_key": "any"}
        return boto3.session.Session().client(
            service,
            endpoint_url=url,
            region_name=region,
            config=Config(
                retries={"total_max_attempts": 1 + retries, "mode": "standard"},
                s3={"addressing_style": "path"},
            ),
            **keys,
        )

    return make


@pytest.fixture
def role(client, account, other_account):
    """role(policy, trust=None) makes a role in `account` that `other_account` may assume; answers its ARN."""

    def make(policy, name="Console", trust=None, condition=None, principal=None):
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": principal or f"arn:aws:iam::{other_account}:root"},
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
        }
        if condition:
            statement["Condition"] = condition
        iam = client("iam", account)
        arn = iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(
                trust or {"Version": "2012-10-17", "Statement": [statement]}
            ),
            MaxSessionDuration=7200,
        )["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
        return arn

    return make


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def wait_until(probe, seconds=15):
    deadline = time.monotonic() + seconds
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError("the state did not come in time")
        time.sleep(0.05)
