import time

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError


def code(error):
    return error.value.response["Error"]["Code"]


@pytest.fixture
def faults(admin, account):
    """faults(rule…) puts rules in force for this test's account."""
    added = []

    def add(*rules):
        before = {rule["id"] for rule in admin("GET", "faults")}
        after = admin("POST", "faults", {"rules": [{"account": account, **r} for r in rules]})
        added.extend(r["id"] for r in after if r["id"] not in before)

    yield add
    present = {rule["id"] for rule in admin("GET", "faults")}
    for number in present.intersection(added):
        admin("DELETE", f"faults/{number}")


def test_health(admin):
    assert admin("GET", "health") == {"status": "ok"}


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (
            {"kind": "throttle"},
            {
                "dynamodb": "ThrottlingException",
                "s3": "SlowDown",
                "ec2": "RequestLimitExceeded",
                "backup": "ThrottlingException",
                "sts": "Throttling",
            },
        ),
        (
            {"kind": "server_error", "status": 500},
            {"dynamodb": "InternalServerError", "s3": "InternalError", "ec2": "InternalError"},
        ),
        ({"kind": "server_error", "status": 503}, {"s3": "ServiceUnavailable", "ec2": "Unavailable"}),
        (
            {"kind": "deny"},
            {"dynamodb": "AccessDeniedException", "s3": "AccessDenied", "ec2": "UnauthorizedOperation"},
        ),
    ],
)
def test_faults_speak_each_services_language(client, account, faults, kind, wanted):
    calls = {
        "dynamodb": "list_tables",
        "s3": "list_buckets",
        "ec2": "describe_volumes",
        "backup": "list_backup_vaults",
        "sts": "get_caller_identity",
    }
    faults(kind)
    for service, expected in wanted.items():
        with pytest.raises(ClientError) as error:
            getattr(client(service, account), calls[service])()
        assert code(error) == expected


def test_a_counted_fault_passes(client, account, faults):
    faults({"service": "dynamodb", "action": "ListTables", "kind": "throttle", "count": 2})
    dynamodb = client("dynamodb", account)
    for _ in range(2):
        with pytest.raises(ClientError):
            dynamodb.list_tables()
    dynamodb.list_tables()


def test_a_fault_hits_only_its_account_service_and_region(client, account, other_account, faults):
    faults({"service": "dynamodb", "region": "eu-west-1", "kind": "deny"})
    client("dynamodb", other_account).list_tables()
    client("s3", account).list_buckets()
    client("dynamodb", account, region="us-east-1").list_tables()
    with pytest.raises(ClientError):
        client("dynamodb", account).list_tables()


def test_a_dropped_connection_has_no_answer(client, account, faults, admin):
    faults({"service": "dynamodb", "kind": "drop", "count": 1})
    dynamodb = client("dynamodb", account)
    with pytest.raises(ConnectionClosedError):
        dynamodb.list_tables()
    dynamodb.list_tables()
    first, second = admin("GET", f"calls?account={account}&service=dynamodb")
    assert (first["error_code"], second["error_code"]) == ("ConnectionDropped", None)


def test_latency_delays_the_answer(client, account, faults):
    faults({"service": "dynamodb", "kind": "latency", "latency_ms": 300})
    dynamodb = client("dynamodb", account)
    start = time.monotonic()
    dynamodb.list_tables()
    assert time.monotonic() - start >= 0.3


def test_a_client_that_retries_gets_through(client, account, faults):
    faults({"service": "dynamodb", "kind": "server_error", "status": 503, "count": 2})
    client("dynamodb", account, retries=3).list_tables()


def test_the_clock_only_goes_forward(admin):
    before = admin("GET", "clock")["now"]
    after = admin("POST", "clock/advance", {"seconds": 86400})["now"]
    assert after[:10] > before[:10]
