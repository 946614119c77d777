import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError
from conftest import wait_until


def code(error):
    return error.value.response["Error"]["Code"]


@pytest.fixture
def dynamodb(client, account):
    return client("dynamodb", account)


def create(dynamodb, name="orders", **more):
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=more.pop(
            "AttributeDefinitions", [{"AttributeName": "id", "AttributeType": "S"}]
        ),
        BillingMode="PAY_PER_REQUEST",
        **more,
    )


def enable(dynamodb, name="orders", **more):
    answer = dynamodb.update_continuous_backups(
        TableName=name,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, **more},
    )
    return answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]


def put(dynamodb, name="orders", **items):
    for key, value in items.items():
        dynamodb.put_item(
            TableName=name,
            Item={"id": {"S": key}, "v": {"N": str(value)}, "group": {"S": f"g{value}"}},
        )


def contents(dynamodb, name):
    pages = dynamodb.get_paginator("scan").paginate(TableName=name)
    return {
        item["id"]["S"]: int(item["v"]["N"]) for page in pages for item in page["Items"]
    }


def active(dynamodb, name):
    def probe():
        table = dynamodb.describe_table(TableName=name)["Table"]
        return table if table["TableStatus"] == "ACTIVE" else None

    return wait_until(probe)


def now(admin):
    return datetime.fromisoformat(admin("GET", "clock")["now"].split(".")[0].rstrip("Z")).replace(
        tzinfo=timezone.utc
    )


def next_second(admin):
    """Waits until the simulated clock shows a new second; answers it."""
    start = now(admin)
    return wait_until(lambda: (t := now(admin)) > start and t)


def settle(admin):
    """Moves the clock on, so that every time so far can be restored."""
    admin("POST", "clock/advance", {"seconds": 3})


def test_a_restore_brings_back_the_table_of_that_second(dynamodb, admin):
    create(dynamodb)
    put(dynamodb, old=1)
    enable(dynamodb)
    put(dynamodb, kept=1, changed=1, deleted=1)
    before = next_second(admin)
    next_second(admin)
    put(dynamodb, changed=2, new=1)
    dynamodb.delete_item(TableName="orders", Key={"id": {"S": "deleted"}})
    dynamodb.delete_item(TableName="orders", Key={"id": {"S": "old"}})
    put(dynamodb, old=9)
    after = next_second(admin)
    next_second(admin)
    put(dynamodb, changed=3)
    settle(admin)

    for target, at in (("before", before), ("after", after)):
        answer = dynamodb.restore_table_to_point_in_time(
            SourceTableName="orders", TargetTableName=target, RestoreDateTime=at
        )["TableDescription"]
        assert answer["TableStatus"] == "CREATING"
        assert answer["RestoreSummary"]["RestoreInProgress"] is True
        table = active(dynamodb, target)
        assert table["RestoreSummary"]["RestoreDateTime"] == at
        assert table["RestoreSummary"]["RestoreInProgress"] is False
    assert contents(dynamodb, "before") == {"old": 1, "kept": 1, "changed": 1, "deleted": 1}
    assert contents(dynamodb, "after") == {"old": 9, "kept": 1, "changed": 2, "new": 1}
    assert contents(dynamodb, "orders") == {"old": 9, "kept": 1, "changed": 3, "new": 1}


def test_batches_transactions_and_updates_are_in_the_journal(dynamodb, admin):
    create(dynamodb)
    enable(dynamodb)
    put(dynamodb, a=1, b=1, c=1, d=1)
    before = next_second(admin)
    next_second(admin)
    dynamodb.batch_write_item(
        RequestItems={
            "orders": [
                {"DeleteRequest": {"Key": {"id": {"S": "a"}}}},
                {"PutRequest": {"Item": {"id": {"S": "e"}, "v": {"N": "2"}}}},
            ]
        }
    )
    dynamodb.transact_write_items(
        TransactItems=[
            {"Delete": {"TableName": "orders", "Key": {"id": {"S": "b"}}}},
            {"Put": {"TableName": "orders", "Item": {"id": {"S": "f"}, "v": {"N": "2"}}}},
        ]
    )
    dynamodb.update_item(
        TableName="orders",
        Key={"id": {"S": "c"}},
        UpdateExpression="SET v = :v",
        ExpressionAttributeValues={":v": {"N": "2"}},
    )
    dynamodb.execute_statement(Statement="DELETE FROM \"orders\" WHERE id = 'd'")
    settle(admin)
    dynamodb.restore_table_to_point_in_time(
        SourceTableName="orders", TargetTableName="before", RestoreDateTime=before
    )
    dynamodb.restore_table_to_point_in_time(
        SourceTableName="orders", TargetTableName="latest", UseLatestRestorableTime=True
    )
    assert contents(dynamodb, "before") == {"a": 1, "b": 1, "c": 1, "d": 1}
    assert contents(dynamodb, "latest") == {"c": 2, "e": 2, "f": 2}


def test_times_outside_the_window_are_refused(dynamodb, admin):
    create(dynamodb)
    window = enable(dynamodb)
    settle(admin)
    window = dynamodb.describe_continuous_backups(TableName="orders")[
        "ContinuousBackupsDescription"
    ]["PointInTimeRecoveryDescription"]
    earliest, latest = window["EarliestRestorableDateTime"], window["LatestRestorableDateTime"]
    assert earliest <= latest
    for at in (earliest - timedelta(seconds=1), latest + timedelta(hours=1)):
        with pytest.raises(ClientError) as error:
            dynamodb.restore_table_to_point_in_time(
                SourceTableName="orders", TargetTableName="target", RestoreDateTime=at
            )
        assert code(error) == "InvalidRestoreTimeException"
    for number, at in enumerate((earliest, latest)):
        dynamodb.restore_table_to_point_in_time(
            SourceTableName="orders", TargetTableName=f"target{number}", RestoreDateTime=at
        )


def test_typed_errors_of_restores(dynamodb, admin):
    create(dynamodb)
    for arguments, wanted in (
        ({"SourceTableName": "orders"}, "PointInTimeRecoveryUnavailableException"),
        ({"SourceTableName": "nobody"}, "TableNotFoundException"),
    ):
        with pytest.raises(ClientError) as error:
            dynamodb.restore_table_to_point_in_time(
                TargetTableName="target", UseLatestRestorableTime=True, **arguments
            )
        assert code(error) == wanted
    enable(dynamodb)
    settle(admin)
    with pytest.raises(ClientError) as error:
        dynamodb.restore_table_to_point_in_time(
            SourceTableName="orders", TargetTableName="orders", UseLatestRestorableTime=True
        )
    assert code(error) == "TableAlreadyExistsException"
    with pytest.raises(ClientError) as error:
        dynamodb.restore_table_to_point_in_time(
            SourceTableName="orders", TargetTableName="no spaces", UseLatestRestorableTime=True
        )
    assert code(error) == "ValidationException"


def test_the_recovery_period_bounds_the_window(dynamodb, admin):
    create(dynamodb)
    assert enable(dynamodb)["RecoveryPeriodInDays"] == 35
    assert enable(dynamodb, RecoveryPeriodInDays=3)["RecoveryPeriodInDays"] == 3
    admin("POST", "clock/advance", {"seconds": 5 * 86400})
    window = dynamodb.describe_continuous_backups(TableName="orders")[
        "ContinuousBackupsDescription"
    ]["PointInTimeRecoveryDescription"]
    span = window["LatestRestorableDateTime"] - window["EarliestRestorableDateTime"]
    assert timedelta(days=3) - timedelta(seconds=5) <= span <= timedelta(days=3)
    with pytest.raises(ClientError) as error:
        enable(dynamodb, RecoveryPeriodInDays=36)
    assert code(error) == "ValidationException"


def full_table(dynamodb):
    create(
        dynamodb,
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "group", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-group",
                "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        Tags=[{"Key": "team", "Value": "orders"}],
        DeletionProtectionEnabled=True,
    )
    dynamodb.update_time_to_live(
        TableName="orders",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
    )
    enable(dynamodb)


def query(dynamodb, table, value):
    found = dynamodb.query(
        TableName=table,
        IndexName="by-group",
        KeyConditionExpression="#g = :g",
        ExpressionAttributeNames={"#g": "group"},
        ExpressionAttributeValues={":g": {"S": f"g{value}"}},
    )
    return sorted(item["id"]["S"] for item in found["Items"])


def test_a_restore_loses_settings_but_keeps_indexes(dynamodb, admin):
    full_table(dynamodb)
    put(dynamodb, a=1, b=1, c=2)
    before = next_second(admin)
    next_second(admin)
    put(dynamodb, a=2)
    dynamodb.delete_item(TableName="orders", Key={"id": {"S": "b"}})
    settle(admin)
    dynamodb.restore_table_to_point_in_time(
        SourceTableName="orders", TargetTableName="restored", RestoreDateTime=before
    )
    table = active(dynamodb, "restored")
    assert query(dynamodb, "restored", 1) == ["a", "b"]
    assert query(dynamodb, "restored", 2) == ["c"]
    assert "StreamSpecification" not in table
    assert table["DeletionProtectionEnabled"] is False
    assert dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == []
    ttl = dynamodb.describe_time_to_live(TableName="restored")["TimeToLiveDescription"]
    assert ttl["TimeToLiveStatus"] == "DISABLED"
    recovery = dynamodb.describe_continuous_backups(TableName="restored")
    assert (
        recovery["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"][
            "PointInTimeRecoveryStatus"
        ]
        == "DISABLED"
    )


def test_a_restore_may_leave_indexes_out(dynamodb, admin):
    full_table(dynamodb)
    put(dynamodb, a=1)
    settle(admin)
    dynamodb.restore_table_to_point_in_time(
        SourceTableName="orders",
        TargetTableName="restored",
        UseLatestRestorableTime=True,
        GlobalSecondaryIndexOverride=[],
    )
    assert "GlobalSecondaryIndexes" not in active(dynamodb, "restored")
    assert contents(dynamodb, "restored") == {"a": 1}


def test_a_backup_holds_the_data_of_its_moment_even_after_the_table_is_gone(dynamodb):
    create(dynamodb)
    put(dynamodb, a=1, b=1)
    details = dynamodb.create_backup(TableName="orders", BackupName="first")["BackupDetails"]
    assert (details["BackupStatus"], details["BackupType"]) == ("AVAILABLE", "USER")
    put(dynamodb, a=2, c=1)
    dynamodb.delete_table(TableName="orders")
    create(dynamodb)
    put(dynamodb, z=1)
    dynamodb.restore_table_from_backup(TargetTableName="back", BackupArn=details["BackupArn"])
    table = active(dynamodb, "back")
    assert table["RestoreSummary"]["SourceBackupArn"] == details["BackupArn"]
    assert contents(dynamodb, "back") == {"a": 1, "b": 1}
    described = dynamodb.describe_backup(BackupArn=details["BackupArn"])["BackupDescription"]
    assert described["SourceTableDetails"]["ItemCount"] == 2
    assert described["SourceTableDetails"]["KeySchema"] == [
        {"AttributeName": "id", "KeyType": "HASH"}
    ]


def test_backups_of_one_second_have_ids_of_their_own_and_page(dynamodb):
    create(dynamodb)
    arns = {
        dynamodb.create_backup(TableName="orders", BackupName=f"nr-{n}")["BackupDetails"][
            "BackupArn"
        ]
        for n in range(12)
    }
    assert len(arns) == 12
    found, start = [], {}
    while True:
        page = dynamodb.list_backups(TableName="orders", Limit=5, **start)
        found += [summary["BackupArn"] for summary in page["BackupSummaries"]]
        if "LastEvaluatedBackupArn" not in page:
            break
        start = {"ExclusiveStartBackupArn": page["LastEvaluatedBackupArn"]}
    assert sorted(found) == sorted(arns)
    assert dynamodb.list_backups(BackupType="SYSTEM")["BackupSummaries"] == []
    assert len(dynamodb.list_backups(BackupType="USER")["BackupSummaries"]) == 12
    dynamodb.delete_backup(BackupArn=found[0])
    with pytest.raises(ClientError) as error:
        dynamodb.describe_backup(BackupArn=found[0])
    assert code(error) == "BackupNotFoundException"


def test_a_deleted_table_with_recovery_leaves_a_system_backup(dynamodb):
    create(dynamodb)
    enable(dynamodb)
    put(dynamodb, a=1)
    dynamodb.delete_table(TableName="orders")
    (backup,) = dynamodb.list_backups(BackupType="SYSTEM")["BackupSummaries"]
    assert backup["BackupName"] == "orders$DeletedTableBackup"
    dynamodb.restore_table_from_backup(TargetTableName="orders", BackupArn=backup["BackupArn"])
    active(dynamodb, "orders")
    assert contents(dynamodb, "orders") == {"a": 1}


def test_counts_and_sizes_are_those_of_the_items(dynamodb):
    create(dynamodb)
    put(dynamodb, **{f"k{n:03}": 5 for n in range(50)})
    table = dynamodb.describe_table(TableName="orders")["Table"]
    assert table["ItemCount"] == 50
    # id + k000, v + a number of one digit, group + g5
    assert table["TableSizeBytes"] == 50 * (2 + 4 + 1 + 2 + 5 + 2)


def records(streams, arn, kind="TRIM_HORIZON"):
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType=kind
    )["ShardIterator"]
    found, empty = [], 0
    # An empty page may stand before others.
    while iterator and empty < 2:
        page = streams.get_records(ShardIterator=iterator, Limit=2)
        empty = 0 if page["Records"] else empty + 1
        found += page["Records"]
        iterator = page.get("NextShardIterator")
    return found


def test_a_stream_tells_every_change_in_order_with_its_time(dynamodb, client, account, admin):
    create(
        dynamodb,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    streams = client("dynamodbstreams", account)
    arn = dynamodb.describe_table(TableName="orders")["Table"]["LatestStreamArn"]
    before = now(admin)
    put(dynamodb, a=1)
    put(dynamodb, a=2)
    put(dynamodb, a=2)
    dynamodb.delete_item(TableName="orders", Key={"id": {"S": "a"}})
    found = records(streams, arn)
    assert [r["eventName"] for r in found] == ["INSERT", "MODIFY", "REMOVE"]
    assert [r["dynamodb"].get("OldImage", {}).get("v") for r in found] == [
        None,
        {"N": "1"},
        {"N": "2"},
    ]
    assert [r["dynamodb"].get("NewImage", {}).get("v") for r in found] == [
        {"N": "1"},
        {"N": "2"},
        None,
    ]
    for record in found:
        assert record["dynamodb"]["Keys"] == {"id": {"S": "a"}}
        at = record["dynamodb"]["ApproximateCreationDateTime"]
        assert before - timedelta(seconds=1) <= at <= now(admin) + timedelta(seconds=1)
    numbers = [r["dynamodb"]["SequenceNumber"] for r in found]
    assert numbers == sorted(numbers)
    assert [s["StreamArn"] for s in streams.list_streams(TableName="orders")["Streams"]] == [arn]


def test_a_stream_keeps_more_than_a_thousand_records(dynamodb, client, account):
    create(dynamodb, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    for start in range(0, 1500, 25):
        dynamodb.batch_write_item(
            RequestItems={
                "orders": [
                    {"PutRequest": {"Item": {"id": {"S": f"{n:05}"}}}}
                    for n in range(start, start + 25)
                ]
            }
        )
    streams = client("dynamodbstreams", account)
    arn = dynamodb.describe_table(TableName="orders")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    count, empty = 0, 0
    while empty < 2:
        page = streams.get_records(ShardIterator=iterator)
        empty = 0 if page["Records"] else empty + 1
        count += len(page["Records"])
        assert all("NewImage" not in record["dynamodb"] for record in page["Records"])
        iterator = page["NextShardIterator"]
    assert count == 1500


def test_expired_items_go_by_the_simulated_clock(dynamodb, admin):
    create(dynamodb)
    dynamodb.update_time_to_live(
        TableName="orders",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
    )
    at = int(now(admin).timestamp()) + 3600
    for key, expires in (("soon", at), ("never", at + 86400 * 365 * 50)):
        dynamodb.put_item(
            TableName="orders",
            Item={"id": {"S": key}, "v": {"N": "1"}, "expires": {"N": str(expires)}},
        )
    admin("POST", "clock/advance", {"seconds": 3700})
    wait_until(lambda: list(contents(dynamodb, "orders")) == ["never"])


def test_writes_go_on_while_a_table_is_restored(dynamodb, client, account, admin):
    create(dynamodb)
    enable(dynamodb)
    put(dynamodb, **{f"k{n}": 0 for n in range(200)})
    before = next_second(admin)
    next_second(admin)
    stop = threading.Event()
    failures = []

    def write():
        writer = client("dynamodb", account)
        n = 0
        while not stop.is_set():
            try:
                put(writer, **{f"k{n % 200}": n + 1})
            except Exception as error:  # noqa: BLE001
                failures.append(error)
            n += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        settle(admin)
        for n in range(5):
            dynamodb.restore_table_to_point_in_time(
                SourceTableName="orders", TargetTableName=f"copy{n}", RestoreDateTime=before
            )
            assert contents(dynamodb, f"copy{n}") == {f"k{n}": 0 for n in range(200)}
    finally:
        stop.set()
        thread.join()
    assert failures == []
