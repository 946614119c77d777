import pytest
from botocore.exceptions import ClientError
from conftest import wait_until


def code(error):
    return error.value.response["Error"]["Code"]


@pytest.fixture
def ec2(client, account):
    return client("ec2", account)


def volume_arn(account, volume):
    return f"arn:aws:ec2:eu-west-1:{account}:volume/{volume}"


@pytest.fixture
def content(url):
    import urllib.parse
    import urllib.request

    def access(arn, data=None):
        address = f"{url}/_tidemark/contents?arn={urllib.parse.quote(arn)}"
        request = urllib.request.Request(
            address, data=data, method="GET" if data is None else "PUT"
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    return access


def completed(ec2, *ids):
    def probe():
        found = ec2.describe_snapshots(SnapshotIds=list(ids))["Snapshots"]
        return found if all(s["State"] == "completed" for s in found) else None

    return wait_until(probe)


def create(ec2, **more):
    return ec2.create_volume(
        **{"AvailabilityZone": "eu-west-1a", "Size": 10, "VolumeType": "gp3", **more}
    )["VolumeId"]


def test_a_volume_is_made_described_and_deleted(ec2):
    volume = create(
        ec2,
        TagSpecifications=[
            {"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "data"}]}
        ],
    )
    (found,) = ec2.describe_volumes(VolumeIds=[volume])["Volumes"]
    assert (found["Size"], found["State"], found["VolumeType"]) == (10, "available", "gp3")
    assert (found["Iops"], found["Throughput"]) == (3000, 125)
    assert found["Tags"] == [{"Key": "Name", "Value": "data"}]
    assert found["Attachments"] == []
    ec2.delete_volume(VolumeId=volume)
    with pytest.raises(ClientError) as error:
        ec2.describe_volumes(VolumeIds=[volume])
    assert code(error) == "InvalidVolume.NotFound"


def test_wrong_volumes_are_refused(ec2):
    for wrong, wanted in (
        ({"Size": 0}, "MissingParameter"),
        ({"Size": 100_000}, "InvalidParameterValue"),
        ({"AvailabilityZone": "us-east-1a"}, "InvalidParameterValue"),
        ({"VolumeType": "gp9"}, "InvalidParameterValue"),
        ({"SnapshotId": "snap-00000000000000000"}, "InvalidSnapshot.NotFound"),
    ):
        with pytest.raises(ClientError) as error:
            create(ec2, **wrong)
        assert code(error) == wanted, wrong


def test_a_client_token_makes_one_volume(ec2):
    assert create(ec2, ClientToken="once") == create(ec2, ClientToken="once")
    assert len(ec2.describe_volumes()["Volumes"]) == 1


def test_instances_have_volumes_that_attach_and_detach(ec2):
    instances = ec2.run_instances(
        ImageId="ami-1",
        MinCount=2,
        MaxCount=2,
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "node"}]}
        ],
    )["Instances"]
    assert len(instances) == 2
    instance = instances[0]["InstanceId"]
    volume = create(ec2)
    ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    with pytest.raises(ClientError) as error:
        ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdg")
    assert code(error) == "VolumeInUse"
    with pytest.raises(ClientError) as error:
        ec2.delete_volume(VolumeId=volume)
    assert code(error) == "VolumeInUse"
    (reservation,) = ec2.describe_instances(InstanceIds=[instance])["Reservations"]
    (shown,) = reservation["Instances"]
    assert shown["Tags"] == [{"Key": "Name", "Value": "node"}]
    assert {m["DeviceName"] for m in shown["BlockDeviceMappings"]} == {"/dev/xvda", "/dev/sdf"}
    found = ec2.describe_volumes(
        Filters=[{"Name": "attachment.instance-id", "Values": [instance]}]
    )["Volumes"]
    assert {v["State"] for v in found} == {"in-use"}
    ec2.detach_volume(VolumeId=volume)
    assert ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"] == "available"
    with pytest.raises(ClientError) as error:
        ec2.attach_volume(VolumeId=volume, InstanceId="i-0123456789abcdef0", Device="/dev/sdf")
    assert code(error) == "InvalidInstanceID.NotFound"
    ec2.terminate_instances(InstanceIds=[instance])
    assert ec2.describe_volumes(
        Filters=[{"Name": "attachment.instance-id", "Values": [instance]}]
    )["Volumes"] == []


def test_a_snapshot_progresses_and_makes_a_volume_with_its_content(ec2, account, content):
    volume = create(ec2)
    content(volume_arn(account, volume), b"before")
    snapshot = ec2.create_snapshot(VolumeId=volume, Description="first")
    assert snapshot["State"] == "pending"
    content(volume_arn(account, volume), b"after")
    (done,) = completed(ec2, snapshot["SnapshotId"])
    assert (done["Progress"], done["VolumeSize"], done["OwnerId"]) == ("100%", 10, account)
    restored = create(ec2, SnapshotId=snapshot["SnapshotId"], Size=20)
    assert content(volume_arn(account, restored)) == b"before"
    assert content(volume_arn(account, volume)) == b"after"
    with pytest.raises(ClientError) as error:
        create(ec2, SnapshotId=snapshot["SnapshotId"], Size=5)
    assert code(error) == "InvalidParameterValue"
    ec2.delete_snapshot(SnapshotId=snapshot["SnapshotId"])
    assert ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"] == []


def test_snapshots_of_all_volumes_of_an_instance_are_taken_at_once(ec2, account, content):
    instance = ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)["Instances"][0][
        "InstanceId"
    ]
    volumes = [
        create(
            ec2,
            TagSpecifications=[
                {"ResourceType": "volume", "Tags": [{"Key": "disk", "Value": str(n)}]}
            ],
        )
        for n in range(3)
    ]
    for n, volume in enumerate(volumes):
        ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device=f"/dev/sd{'fgh'[n]}")
        content(volume_arn(account, volume), f"disk {n}".encode())
    taken = ec2.create_snapshots(
        InstanceSpecification={"InstanceId": instance, "ExcludeBootVolume": True},
        CopyTagsFromSource="volume",
        TagSpecifications=[
            {"ResourceType": "snapshot", "Tags": [{"Key": "set", "Value": "7"}]}
        ],
    )["Snapshots"]
    assert {s["VolumeId"] for s in taken} == set(volumes)
    assert all(s["State"] == "pending" for s in taken)
    done = completed(ec2, *(s["SnapshotId"] for s in taken))
    assert len({s["StartTime"].replace(microsecond=0) for s in done}) <= 2
    found = ec2.describe_snapshots(Filters=[{"Name": "tag:set", "Values": ["7"]}])["Snapshots"]
    assert len(found) == 3
    for snapshot in found:
        tags = {tag["Key"]: tag["Value"] for tag in snapshot["Tags"]}
        restored = create(ec2, SnapshotId=snapshot["SnapshotId"])
        assert content(volume_arn(account, restored)) == f"disk {tags['disk']}".encode()


def test_lists_page(ec2):
    made = {create(ec2) for _ in range(7)}
    pages = ec2.get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 5})
    assert {v["VolumeId"] for page in pages for v in page["Volumes"]} == made


def test_tags_of_volumes_and_instances_mix(ec2):
    volume = create(ec2)
    instance = ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)["Instances"][0][
        "InstanceId"
    ]
    ec2.create_tags(Resources=[volume, instance], Tags=[{"Key": "app", "Value": "orders"}])
    tags = ec2.describe_tags()["Tags"]
    assert {(t["ResourceId"], t["Key"]) for t in tags} >= {(volume, "app"), (instance, "app")}
    ec2.delete_tags(Resources=[volume], Tags=[{"Key": "app"}])
    assert not ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0].get("Tags")


def test_accounts_and_regions_do_not_see_each_other(ec2, client, account, other_account):
    create(ec2)
    assert client("ec2", other_account).describe_volumes()["Volumes"] == []
    assert client("ec2", account, region="us-east-1").describe_volumes()["Volumes"] == []
