import json

import pytest
from botocore.exceptions import ClientError
from conftest import allow, deny, document

ALL = document(allow("*"))


def code(error):
    return error.value.response["Error"]["Code"]


def status(error):
    return error.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_twelve_digit_key_is_that_accounts_root(client, account):
    identity = client("sts", account).get_caller_identity()
    assert identity["Account"] == account
    assert identity["Arn"] == f"arn:aws:iam::{account}:root"


def test_an_unknown_key_is_refused_in_each_protocol(client):
    nobody = {"AccessKeyId": "AKIANOBODY0000000000", "SecretAccessKey": "x"}
    expected = {
        "sts": ("get_caller_identity", {}, "InvalidClientTokenId"),
        "dynamodb": ("list_tables", {}, "UnrecognizedClientException"),
        "s3": ("list_buckets", {}, "InvalidAccessKeyId"),
        "ec2": ("describe_volumes", {}, "AuthFailure"),
        "backup": ("list_backup_vaults", {}, "UnrecognizedClientException"),
    }
    for service, (operation, arguments, wanted) in expected.items():
        with pytest.raises(ClientError) as error:
            getattr(client(service, nobody), operation)(**arguments)
        assert code(error) == wanted, service


def test_a_role_of_another_account_is_assumed_with_its_external_id(
    client, role, account, other_account
):
    arn = role(ALL, condition={"StringEquals": {"sts:ExternalId": "s3cret"}})
    sts = client("sts", other_account)
    answer = sts.assume_role(
        RoleArn=arn, RoleSessionName="alice", ExternalId="s3cret", SourceIdentity="alice@example.com"
    )
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/Console/alice"
    assert answer["SourceIdentity"] == "alice@example.com"
    identity = client("sts", answer["Credentials"]).get_caller_identity()
    assert identity["Account"] == account
    assert identity["Arn"] == answer["AssumedRoleUser"]["Arn"]


@pytest.mark.parametrize("external_id", [None, "wrong"])
def test_a_missing_or_wrong_external_id_is_refused(client, role, other_account, external_id):
    arn = role(ALL, condition={"StringEquals": {"sts:ExternalId": "s3cret"}})
    arguments = {"ExternalId": external_id} if external_id else {}
    with pytest.raises(ClientError) as error:
        client("sts", other_account).assume_role(RoleArn=arn, RoleSessionName="alice", **arguments)
    assert (code(error), status(error)) == ("AccessDenied", 403)


def test_a_role_that_does_not_exist_is_refused_in_the_same_words(client, account, other_account):
    arn = f"arn:aws:iam::{account}:role/Nobody"
    with pytest.raises(ClientError) as error:
        client("sts", other_account).assume_role(RoleArn=arn, RoleSessionName="alice")
    assert code(error) == "AccessDenied"
    assert f"sts:AssumeRole on resource: {arn}" in str(error.value)


def test_an_account_that_is_not_trusted_is_refused(client, role):
    arn = role(ALL)
    with pytest.raises(ClientError) as error:
        client("sts", "999999999999").assume_role(RoleArn=arn, RoleSessionName="alice")
    assert code(error) == "AccessDenied"


def test_a_user_needs_a_policy_of_its_own_to_assume_across_accounts(client, role, other_account):
    arn = role(ALL)
    iam = client("iam", other_account)
    iam.create_user(UserName="console")
    key = iam.create_access_key(UserName="console")["AccessKey"]
    with pytest.raises(ClientError) as error:
        client("sts", key).assume_role(RoleArn=arn, RoleSessionName="alice")
    assert code(error) == "AccessDenied"
    iam.put_user_policy(
        UserName="console",
        PolicyName="assume",
        PolicyDocument=json.dumps(document(allow("sts:AssumeRole", arn))),
    )
    client("sts", key).assume_role(RoleArn=arn, RoleSessionName="alice")


def test_a_trust_policy_may_name_a_user_or_a_role(client, role, account, other_account):
    iam = client("iam", other_account)
    user = iam.create_user(UserName="console")["User"]["Arn"]
    iam.put_user_policy(
        UserName="console", PolicyName="all", PolicyDocument=json.dumps(document(allow("sts:*")))
    )
    key = iam.create_access_key(UserName="console")["AccessKey"]
    named = role(ALL, name="Named", principal=user)
    assert client("sts", key).assume_role(RoleArn=named, RoleSessionName="xx")
    with pytest.raises(ClientError):
        client("sts", other_account).assume_role(RoleArn=named, RoleSessionName="xx")

    first = role(ALL, name="First")
    second = role(ALL, name="Second", principal=first)
    session = client("sts", other_account).assume_role(RoleArn=first, RoleSessionName="xx")
    assert client("sts", session["Credentials"]).assume_role(RoleArn=second, RoleSessionName="yy")


def test_chained_sessions_keep_their_source_identity_and_last_an_hour(client, role, other_account):
    first = role(ALL, name="First")
    second = role(ALL, name="Second", principal=first)
    session = client("sts", other_account).assume_role(
        RoleArn=first, RoleSessionName="xx", SourceIdentity="alice"
    )
    sts = client("sts", session["Credentials"])
    assert sts.assume_role(RoleArn=second, RoleSessionName="yy")["SourceIdentity"] == "alice"
    with pytest.raises(ClientError) as error:
        sts.assume_role(RoleArn=second, RoleSessionName="yy", SourceIdentity="mallory")
    assert code(error) == "AccessDenied"
    with pytest.raises(ClientError) as error:
        sts.assume_role(RoleArn=second, RoleSessionName="yy", DurationSeconds=7200)
    assert code(error) == "ValidationError"


@pytest.mark.parametrize(
    "wrong",
    [
        {"RoleSessionName": "not a name"},
        {"SourceIdentity": "not a name"},
        {"DurationSeconds": 7201},
        {"RoleArn": "arn:aws:iam::12:role/Short"},
        {"Policy": "x" * 2049},
        {"Policy": "not json"},
    ],
)
def test_values_outside_the_model_are_refused(client, role, other_account, wrong):
    arguments = {"RoleArn": role(ALL), "RoleSessionName": "alice", **wrong}
    with pytest.raises(ClientError) as error:
        client("sts", other_account).assume_role(**arguments)
    assert status(error) == 400


def assume(client, role_arn, other_account, *statements, **more):
    arguments = {"Policy": json.dumps(document(*statements))} if statements else {}
    return client("sts", other_account).assume_role(
        RoleArn=role_arn, RoleSessionName="alice", **arguments, **more
    )["Credentials"]


def test_a_session_policy_cuts_the_role_down(client, role, account, other_account):
    root = client("dynamodb", account)
    for name in ("orders", "users"):
        root.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    orders = f"arn:aws:dynamodb:eu-west-1:{account}:table/orders"
    keys = assume(client, role(ALL), other_account, allow("dynamodb:DescribeTable", orders))
    dynamodb = client("dynamodb", keys)
    assert dynamodb.describe_table(TableName="orders")["Table"]["TableArn"] == orders
    for refused in (
        lambda: dynamodb.describe_table(TableName="users"),
        lambda: dynamodb.scan(TableName="orders"),
        lambda: client("dynamodb", keys, region="us-east-1").describe_table(TableName="orders"),
        lambda: dynamodb.delete_table(TableName="orders"),
    ):
        with pytest.raises(ClientError) as error:
            refused()
        assert code(error) == "AccessDeniedException"


def test_a_session_policy_grants_nothing_that_the_role_lacks(client, role, other_account):
    arn = role(document(allow("s3:ListAllMyBuckets")))
    keys = assume(client, arn, other_account, allow("*"))
    client("s3", keys).list_buckets()
    with pytest.raises(ClientError) as error:
        client("dynamodb", keys).list_tables()
    assert code(error) == "AccessDeniedException"


def test_managed_session_policies_count(client, role, account, other_account):
    arn = role(ALL)
    policy = client("iam", account).create_policy(
        PolicyName="OnlyTables", PolicyDocument=json.dumps(document(allow("dynamodb:ListTables")))
    )["Policy"]["Arn"]
    keys = assume(client, arn, other_account, PolicyArns=[{"arn": policy}])
    client("dynamodb", keys).list_tables()
    with pytest.raises(ClientError):
        client("s3", keys).list_buckets()


def test_a_denial_in_the_role_wins(client, role, other_account):
    keys = assume(client, role(document(allow("*"), deny("dynamodb:ListTables"))), other_account)
    with pytest.raises(ClientError) as error:
        client("dynamodb", keys).list_tables()
    assert "explicit deny" in str(error.value)


def test_each_service_denies_in_its_own_words(client, role, other_account):
    keys = assume(client, role(document(allow("sts:GetCallerIdentity"))), other_account)
    expected = {
        "dynamodb": ("list_tables", {}, "AccessDeniedException", 400),
        "s3": ("list_buckets", {}, "AccessDenied", 403),
        "ec2": ("describe_volumes", {}, "UnauthorizedOperation", 403),
        "backup": ("list_backup_vaults", {}, "AccessDeniedException", 403),
        "rds": ("describe_db_instances", {}, "AccessDenied", 403),
        "efs": ("describe_file_systems", {}, "AccessDeniedException", 403),
        "memorydb": ("describe_clusters", {}, "AccessDeniedException", 400),
        "iam": ("list_roles", {}, "AccessDenied", 403),
        "organizations": ("list_accounts", {}, "AccessDeniedException", 400),
        "kms": ("list_keys", {}, "AccessDeniedException", 400),
    }
    for service, (operation, arguments, wanted, wanted_status) in expected.items():
        with pytest.raises(ClientError) as error:
            getattr(client(service, keys), operation)(**arguments)
        assert (code(error), status(error)) == (wanted, wanted_status), service


def test_session_credentials_need_their_token(client, role, other_account):
    keys = assume(client, role(ALL), other_account)
    stolen = {**keys, "SessionToken": "wrong"}
    with pytest.raises(ClientError) as error:
        client("sts", stolen).get_caller_identity()
    assert code(error) == "InvalidClientTokenId"


def test_source_identity_is_a_condition_key(client, role, other_account):
    arn = role(
        document(allow("dynamodb:*", Condition={"StringEquals": {"aws:SourceIdentity": "alice"}}))
    )
    sts = client("sts", other_account)
    for identity, works in (("alice", True), ("mallory", False)):
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="xx", SourceIdentity=identity)[
            "Credentials"
        ]
        if works:
            client("dynamodb", keys).list_tables()
        else:
            with pytest.raises(ClientError):
                client("dynamodb", keys).list_tables()


def test_passing_a_role_is_an_action_of_its_own(client, role, account, other_account):
    arn = role(document(allow("backup:*")))
    keys = assume(client, arn, other_account)
    client("backup", account).create_backup_vault(BackupVaultName="vault")
    with pytest.raises(ClientError) as error:
        client("backup", keys).start_backup_job(
            BackupVaultName="vault",
            ResourceArn=f"arn:aws:dynamodb:eu-west-1:{account}:table/x",
            IamRoleArn=f"arn:aws:iam::{account}:role/service-role/Backup",
        )
    assert code(error) == "AccessDeniedException"
    assert "iam:PassRole" in str(error.value)


def test_calls_are_recorded_with_session_and_source_identity(
    client, role, admin, account, other_account
):
    keys = client("sts", other_account).assume_role(
        RoleArn=role(document(allow("dynamodb:ListTables"))),
        RoleSessionName="run-7",
        SourceIdentity="alice",
    )["Credentials"]
    dynamodb = client("dynamodb", keys)
    dynamodb.list_tables()
    with pytest.raises(ClientError):
        dynamodb.describe_table(TableName="orders")
    calls = admin("GET", f"calls?account={account}&service=dynamodb")
    assert [(c["action"], c["error_code"]) for c in calls] == [
        ("ListTables", None),
        ("DescribeTable", "AccessDeniedException"),
    ]
    for call in calls:
        assert call["principal_arn"] == f"arn:aws:sts::{account}:assumed-role/Console/run-7"
        assert (call["session_name"], call["source_identity"]) == ("run-7", "alice")
        assert call["access_key_id"] == keys["AccessKeyId"]
        assert call["region"] == "eu-west-1"
    assert calls[1]["resources"] == [f"arn:aws:dynamodb:eu-west-1:{account}:table/orders"]
    (assumed,) = admin("GET", f"calls?account={other_account}&service=sts")
    assert assumed["source_identity"] == "alice"
    assert assumed["resources"] == [f"arn:aws:iam::{account}:role/Console"]
    assert admin("GET", f"calls?account={account}&since=2999-01-01T00:00:00Z") == []


def test_permission_can_be_simulated_before_it_is_used(client, role, account):
    arn = role(document(allow("dynamodb:*"), deny("dynamodb:DeleteTable")))
    table = f"arn:aws:dynamodb:eu-west-1:{account}:table/orders"
    answer = client("iam", account).simulate_principal_policy(
        PolicySourceArn=arn,
        ActionNames=["dynamodb:Scan", "dynamodb:DeleteTable", "s3:GetObject"],
        ResourceArns=[table],
    )
    assert [(r["EvalActionName"], r["EvalDecision"]) for r in answer["EvaluationResults"]] == [
        ("dynamodb:Scan", "allowed"),
        ("dynamodb:DeleteTable", "explicitDeny"),
        ("s3:GetObject", "implicitDeny"),
    ]
    assert answer["EvaluationResults"][0]["EvalResourceName"] == table
