"""Backup jobs and restore jobs end to end: what was damaged comes back."""

import json

import pytest
from conftest import wait_until
from test_dynamodb import contents, create, put
from test_ec2 import content, volume_arn  # noqa: F401


@pytest.fixture
def backup(client, account):
    made = client("backup", account)
    made.create_backup_vault(BackupVaultName="vault")
    return made


@pytest.fixture
def job_role(account):
    return f"arn:aws:iam::{account}:role/service-role/AWSBackupDefaultServiceRole"


@pytest.fixture
def protect(backup, job_role, admin):
    """protect(arn) backs a resource up; answers the recovery point's ARN."""

    def run(arn):
        job = backup.start_backup_job(
            BackupVaultName="vault", ResourceArn=arn, IamRoleArn=job_role
        )["BackupJobId"]

        def probe():
            admin("POST", "clock/advance", {"seconds": 60})
            found = backup.describe_backup_job(BackupJobId=job)
            assert found["State"] not in ("FAILED", "ABORTED", "EXPIRED"), found
            return found if found["State"] == "COMPLETED" else None

        return wait_until(probe)["RecoveryPointArn"]

    return run


@pytest.fixture
def restore(backup, job_role, admin):
    """restore(point, changes) restores with the point's metadata; answers the resource's ARN."""

    def run(point, expected="COMPLETED", **changes):
        metadata = backup.get_recovery_point_restore_metadata(
            BackupVaultName="vault", RecoveryPointArn=point
        )["RestoreMetadata"]
        job = backup.start_restore_job(
            RecoveryPointArn=point, IamRoleArn=job_role, Metadata={**metadata, **changes}
        )["RestoreJobId"]

        def probe():
            admin("POST", "clock/advance", {"seconds": 60})
            found = backup.describe_restore_job(RestoreJobId=job)
            return found if found["Status"] in ("COMPLETED", "FAILED", "ABORTED") else None

        found = wait_until(probe)
        assert found["Status"] == expected, found
        return found.get("CreatedResourceArn") or found

    return run


def test_a_table_comes_back(client, account, protect, restore):
    dynamodb = client("dynamodb", account)
    create(dynamodb)
    put(dynamodb, a=1, b=1)
    table = dynamodb.describe_table(TableName="orders")["Table"]["TableArn"]
    point = protect(table)
    put(dynamodb, a=2)
    dynamodb.delete_item(TableName="orders", Key={"id": {"S": "b"}})
    restored = restore(point, targetTableName="back")
    assert restored.endswith(":table/back")
    assert contents(dynamodb, "back") == {"a": 1, "b": 1}
    assert contents(dynamodb, "orders") == {"a": 2}


def test_a_taken_table_name_fails_the_job(client, account, protect, restore):
    dynamodb = client("dynamodb", account)
    create(dynamodb)
    put(dynamodb, a=1)
    point = protect(dynamodb.describe_table(TableName="orders")["Table"]["TableArn"])
    failed = restore(point, expected="FAILED", targetTableName="orders")
    assert "already exists" in failed["StatusMessage"]
    assert contents(dynamodb, "orders") == {"a": 1}


def test_objects_come_back_and_present_ones_are_kept(client, account, protect, restore):
    s3 = client("s3", account)
    name = f"media-{account}"
    s3.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for key in ("a", "b", "dir/c"):
        s3.put_object(Bucket=name, Key=key, Body=f"old {key}".encode(), Metadata={"k": key})
    point = protect(f"arn:aws:s3:::{name}")
    s3.put_object(Bucket=name, Key="a", Body=b"new a")
    s3.delete_object(Bucket=name, Key="b")
    restore(point, DestinationBucketName=name)
    assert s3.get_object(Bucket=name, Key="a")["Body"].read() == b"new a"
    assert s3.get_object(Bucket=name, Key="b")["Body"].read() == b"old b"
    restore(
        point,
        DestinationBucketName=f"{name}-new",
        NewBucket="true",
        ItemsToRestore=json.dumps(["dir/"]),
    )
    listed = s3.list_objects_v2(Bucket=f"{name}-new")["Contents"]
    assert [o["Key"] for o in listed] == ["dir/c"]
    found = s3.get_object(Bucket=f"{name}-new", Key="dir/c")
    assert (found["Body"].read(), found["Metadata"]) == (b"old dir/c", {"k": "dir/c"})


def test_a_volume_comes_back(client, account, protect, restore, content):  # noqa: F811
    ec2 = client("ec2", account)
    volume = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=3)["VolumeId"]
    content(volume_arn(account, volume), b"blocks")
    point = protect(volume_arn(account, volume))
    content(volume_arn(account, volume), b"damaged")
    restored = restore(point, volumeSize="5", availabilityZone="eu-west-1b")
    assert content(restored) == b"blocks"
    (found,) = ec2.describe_volumes(VolumeIds=[restored.split("/")[-1]])["Volumes"]
    assert (found["Size"], found["AvailabilityZone"]) == (5, "eu-west-1b")


def test_a_database_comes_back(client, account, protect, restore, content):  # noqa: F811
    rds = client("rds", account)
    made = rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="admin",
        MasterUserPassword="not-a-secret",
    )["DBInstance"]
    content(made["DBInstanceArn"], b"rows")
    point = protect(made["DBInstanceArn"])
    content(made["DBInstanceArn"], b"damaged")
    restored = restore(point, DBInstanceIdentifier="orders-back")
    assert content(restored) == b"rows"
    (found,) = rds.describe_db_instances(DBInstanceIdentifier="orders-back")["DBInstances"]
    assert (found["Engine"], found["AllocatedStorage"]) == ("postgres", 20)


def test_files_come_back_beside_the_living_ones(client, account, protect, restore, content):  # noqa: F811
    efs = client("efs", account)
    made = efs.create_file_system(CreationToken="data", Tags=[{"Key": "Name", "Value": "data"}])
    arn = made["FileSystemArn"]
    content(arn, json.dumps({"/in/a": "then", "/in/b": "then", "/tmp/x": "then"}).encode())
    point = protect(arn)
    content(arn, json.dumps({"/in/a": "now"}).encode())
    restore(
        point,
        newFileSystem="false",
        **{"file-system-id": made["FileSystemId"], "ItemsToRestore": json.dumps(["/in"])},
    )
    files = json.loads(content(arn))
    assert files.pop("/in/a") == "now"
    assert sorted(path.split("/", 2)[2] for path in files) == ["in/a", "in/b"]
    assert all(path.startswith("/aws-backup-restore_") for path in files)
    new = restore(point, newFileSystem="true", CreationToken="back")
    assert json.loads(content(new)) == {"/in/a": "then", "/in/b": "then", "/tmp/x": "then"}


def test_a_cluster_comes_back(client, account, protect, restore, content):  # noqa: F811
    memorydb = client("memorydb", account)
    made = memorydb.create_cluster(
        ClusterName="sessions", NodeType="db.t4g.small", ACLName="open-access"
    )["Cluster"]
    content(made["ARN"], b"keys")
    point = protect(made["ARN"])
    content(made["ARN"], b"damaged")
    restored = restore(point, clusterName="sessions-back")
    assert content(restored) == b"keys"
    assert memorydb.describe_clusters(ClusterName="sessions-back")["Clusters"]


def test_a_vault_policy_denies_what_it_says(client, account, backup, role, other_account):
    from botocore.exceptions import ClientError
    from conftest import allow, deny, document

    policy = document({**deny("backup:ListRecoveryPointsByBackupVault"), "Principal": "*"})
    backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy=json.dumps(policy))
    arn = role(document(allow("backup:*")))
    keys = client("sts", other_account).assume_role(RoleArn=arn, RoleSessionName="xx")[
        "Credentials"
    ]
    with pytest.raises(ClientError) as error:
        client("backup", keys).list_recovery_points_by_backup_vault(BackupVaultName="vault")
    assert error.value.response["Error"]["Code"] == "AccessDeniedException"
    client("backup", keys).describe_backup_vault(BackupVaultName="vault")
