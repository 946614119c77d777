import json
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError
from conftest import allow, deny, document


def code(error):
    return error.value.response["Error"]["Code"]


def status(error):
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture
def s3(client, account):
    return client("s3", account)


@pytest.fixture
def bucket(s3, account):
    return make(s3, f"bucket-{account}")


def make(s3, name, versioned=True, **more):
    s3.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}, **more
    )
    if versioned:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def later(admin, **delta):
    now = datetime.fromisoformat(admin("GET", "clock")["now"][:19]).replace(tzinfo=timezone.utc)
    return now + timedelta(**delta)


@pytest.mark.parametrize("body", [b"", b"<a>1</a>", b"<not xml", b"{}", bytes(range(256))])
def test_bodies_come_back_byte_for_byte(s3, bucket, body):
    s3.put_object(Bucket=bucket, Key="dir/a b+c?.bin", Body=body)
    assert s3.get_object(Bucket=bucket, Key="dir/a b+c?.bin")["Body"].read() == body


def test_a_name_is_taken_once_for_all_accounts(bucket, client, other_account):
    with pytest.raises(ClientError) as error:
        make(client("s3", other_account), bucket)
    assert (code(error), status(error)) == ("BucketAlreadyExists", 409)


def test_another_account_needs_the_buckets_policy(s3, bucket, client, account, other_account):
    s3.put_object(Bucket=bucket, Key="shared/a", Body=b"1")
    other = client("s3", other_account)
    with pytest.raises(ClientError) as error:
        other.get_object(Bucket=bucket, Key="shared/a")
    assert (code(error), status(error)) == ("AccessDenied", 403)
    policy = document(
        {
            **allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/shared/*"),
            "Principal": {"AWS": f"arn:aws:iam::{other_account}:root"},
        }
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    assert other.get_object(Bucket=bucket, Key="shared/a")["Body"].read() == b"1"
    other.put_object(Bucket=bucket, Key="shared/b", Body=b"2")
    assert s3.get_object(Bucket=bucket, Key="shared/b")["Body"].read() == b"2"
    with pytest.raises(ClientError):
        other.put_object(Bucket=bucket, Key="elsewhere", Body=b"2")


def test_a_copy_crosses_accounts_where_both_allow(s3, bucket, client, account, other_account):
    other = client("s3", other_account)
    target = make(other, f"copies-{other_account}")
    first = s3.put_object(Bucket=bucket, Key="a ü", Body=b"one", Metadata={"k": "v"})
    s3.put_object(Bucket=bucket, Key="a ü", Body=b"two")
    source = {"Bucket": bucket, "Key": "a ü", "VersionId": first["VersionId"]}
    with pytest.raises(ClientError) as error:
        other.copy_object(Bucket=target, Key="copy", CopySource=source)
    assert code(error) == "AccessDenied"
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=json.dumps(
            document(
                {
                    **allow(["s3:GetObject", "s3:GetObjectVersion"], f"arn:aws:s3:::{bucket}/*"),
                    "Principal": {"AWS": other_account},
                }
            )
        ),
    )
    other.copy_object(Bucket=target, Key="copy", CopySource=source)
    found = other.get_object(Bucket=target, Key="copy")
    assert (found["Body"].read(), found["Metadata"]) == (b"one", {"k": "v"})
    upload = other.create_multipart_upload(Bucket=target, Key="parts")["UploadId"]
    part = other.upload_part_copy(
        Bucket=target,
        Key="parts",
        UploadId=upload,
        PartNumber=1,
        CopySource={"Bucket": bucket, "Key": "a ü"},
    )
    other.complete_multipart_upload(
        Bucket=target,
        Key="parts",
        UploadId=upload,
        MultipartUpload={
            "Parts": [{"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]
        },
    )
    assert other.get_object(Bucket=target, Key="parts")["Body"].read() == b"two"
    assert [b["Name"] for b in other.list_buckets()["Buckets"]] == [target]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_versions_page_without_loss_or_repetition(s3, bucket, size):
    made = []
    for key in ("a", "b/1", "b/2", "c d"):
        for n in range(3):
            made.append((key, s3.put_object(Bucket=bucket, Key=key, Body=bytes([n]))["VersionId"]))
    marker = s3.delete_object(Bucket=bucket, Key="a")["VersionId"]
    found = []
    latest = {}
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket=bucket, PaginationConfig={"PageSize": size}
    )
    for page in pages:
        entries = page.get("Versions", []) + page.get("DeleteMarkers", [])
        assert len(entries) <= size
        found += [(e["Key"], e["VersionId"]) for e in entries]
        latest.update({e["Key"]: e["VersionId"] for e in entries if e["IsLatest"]})
    assert sorted(found) == sorted([*made, ("a", marker)])
    assert latest == {**{k: v for k, v in made}, "a": marker}


def test_versions_of_a_key_are_listed_newest_first(s3, bucket):
    made = [s3.put_object(Bucket=bucket, Key="a", Body=bytes([n]))["VersionId"] for n in range(4)]
    listed = s3.list_object_versions(Bucket=bucket, Prefix="a")["Versions"]
    assert [v["VersionId"] for v in listed] == made[::-1]


def test_versions_group_by_delimiter(s3, bucket):
    for key in ("a/1", "a/2", "b", "c/1"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 1}
    )
    keys, prefixes = [], []
    for page in pages:
        keys += [v["Key"] for v in page.get("Versions", [])]
        prefixes += [p["Prefix"] for p in page.get("CommonPrefixes", [])]
    assert (keys, prefixes) == (["b"], ["a/", "c/"])


def test_a_policy_comes_back_as_it_was_put(s3, bucket):
    text = '{ "Version": "2012-10-17",\n "Statement": [{"Sid":"Own","Effect":"Deny","Principal":"*","Action":"s3:DeleteObjectVersion","Resource":"arn:aws:s3:::%s/*"}] }' % bucket
    s3.put_bucket_policy(Bucket=bucket, Policy=text)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == text
    for wrong in ("{}", "not json", json.dumps(document(allow("s3:*")))):
        with pytest.raises(ClientError) as error:
            s3.put_bucket_policy(Bucket=bucket, Policy=wrong)
        assert code(error) == "MalformedPolicy"
    s3.delete_bucket_policy(Bucket=bucket)
    with pytest.raises(ClientError) as error:
        s3.get_bucket_policy(Bucket=bucket)
    assert code(error) == "NoSuchBucketPolicy"


def test_the_owners_root_can_undo_a_policy_that_locks_all_out(s3, bucket):
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=json.dumps(document({**deny("s3:*", f"arn:aws:s3:::{bucket}*"), "Principal": "*"})),
    )
    with pytest.raises(ClientError):
        s3.list_objects_v2(Bucket=bucket)
    s3.delete_bucket_policy(Bucket=bucket)
    s3.list_objects_v2(Bucket=bucket)


def test_conditional_writes(s3, bucket):
    tag = s3.put_object(Bucket=bucket, Key="a", Body=b"1", IfNoneMatch="*")["ETag"]
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="a", Body=b"2", IfNoneMatch="*")
    assert (code(error), status(error)) == ("PreconditionFailed", 412)
    newer = s3.put_object(Bucket=bucket, Key="a", Body=b"2", IfMatch=tag)["ETag"]
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="a", Body=b"3", IfMatch=tag)
    assert (code(error), status(error)) == ("PreconditionFailed", 412)
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="none", Body=b"3", IfMatch=tag)
    assert (code(error), status(error)) == ("NoSuchKey", 404)
    assert s3.get_object(Bucket=bucket, Key="a", IfMatch=newer)["Body"].read() == b"2"


@pytest.fixture
def locked(s3, account):
    return make(s3, f"locked-{account}", versioned=False, ObjectLockEnabledForBucket=True)


def test_compliance_holds_until_its_end(s3, locked, admin):
    until = later(admin, days=2)
    version = s3.put_object(
        Bucket=locked,
        Key="a",
        Body=b"1",
        ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate=until,
    )["VersionId"]
    head = s3.head_object(Bucket=locked, Key="a")
    assert (head["ObjectLockMode"], head["ObjectLockRetainUntilDate"]) == ("COMPLIANCE", until)
    for bypass in (False, True):
        with pytest.raises(ClientError) as error:
            s3.delete_object(
                Bucket=locked, Key="a", VersionId=version, BypassGovernanceRetention=bypass
            )
        assert (code(error), status(error)) == ("AccessDenied", 403)
    with pytest.raises(ClientError):
        s3.put_object_retention(
            Bucket=locked,
            Key="a",
            VersionId=version,
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": later(admin, days=1)},
        )
    s3.put_object_retention(
        Bucket=locked,
        Key="a",
        Retention={"Mode": "COMPLIANCE", "RetainUntilDate": later(admin, days=3)},
    )
    failed = s3.delete_objects(
        Bucket=locked, Delete={"Objects": [{"Key": "a", "VersionId": version}]}
    )["Errors"]
    assert [e["Code"] for e in failed] == ["AccessDenied"]
    s3.delete_object(Bucket=locked, Key="a")
    admin("POST", "clock/advance", {"seconds": 3 * 86400 + 60})
    s3.delete_object(Bucket=locked, Key="a", VersionId=version)


def test_governance_gives_way_to_those_who_may(s3, locked, admin, client, role, other_account):
    version = s3.put_object(
        Bucket=locked,
        Key="a",
        Body=b"1",
        ObjectLockMode="GOVERNANCE",
        ObjectLockRetainUntilDate=later(admin, days=2),
    )["VersionId"]
    with pytest.raises(ClientError):
        s3.delete_object(Bucket=locked, Key="a", VersionId=version)
    arn = role(document(allow("s3:*"), deny("s3:BypassGovernanceRetention")))
    keys = client("sts", other_account).assume_role(RoleArn=arn, RoleSessionName="xx")[
        "Credentials"
    ]
    with pytest.raises(ClientError) as error:
        client("s3", keys).delete_object(
            Bucket=locked, Key="a", VersionId=version, BypassGovernanceRetention=True
        )
    assert "s3:BypassGovernanceRetention" in str(error.value)
    s3.delete_object(Bucket=locked, Key="a", VersionId=version, BypassGovernanceRetention=True)


def test_a_default_retention_and_a_legal_hold_protect_each_version(s3, locked, admin):
    s3.put_object_lock_configuration(
        Bucket=locked,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
        },
    )
    first = s3.put_object(Bucket=locked, Key="a", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=locked, Key="a", Body=b"2")["VersionId"]
    assert s3.get_object_retention(Bucket=locked, Key="a")["Retention"]["Mode"] == "GOVERNANCE"
    s3.put_object_legal_hold(
        Bucket=locked, Key="a", VersionId=first, LegalHold={"Status": "ON"}
    )
    admin("POST", "clock/advance", {"seconds": 86400 + 60})
    s3.delete_object(Bucket=locked, Key="a", VersionId=second)
    with pytest.raises(ClientError):
        s3.delete_object(Bucket=locked, Key="a", VersionId=first)
    s3.put_object_legal_hold(
        Bucket=locked, Key="a", VersionId=first, LegalHold={"Status": "OFF"}
    )
    s3.delete_object(Bucket=locked, Key="a", VersionId=first)


def test_locks_need_a_bucket_made_for_them(s3, bucket, admin):
    with pytest.raises(ClientError) as error:
        s3.put_object(
            Bucket=bucket,
            Key="a",
            Body=b"1",
            ObjectLockMode="GOVERNANCE",
            ObjectLockRetainUntilDate=later(admin, days=2),
        )
    assert code(error) == "InvalidRequest"
