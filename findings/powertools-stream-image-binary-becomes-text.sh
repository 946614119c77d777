#!/usr/bin/env bash
# Powertools' image of a stream record gives binary attributes as text, which boto3 writes back as strings.
#
# Versions:  aws-lambda-powertools 3.37.0; boto3 1.44.8; moto 5.2.5 as DynamoDB. Seen 2026-12-01.
# Expected:  new_image, whose documentation says that DynamoDB's types become Python's, holds what boto3 gives for the same
#            item: Binary for B and BS, so that the item can be put again.
# Seen:      numbers, sets, lists, maps and null are as boto3 has them. B and BS stay the base64 text of the event. Put into a
#            table, the attribute is a string and the binary set a set of strings; nothing fails.
# Means:     a function that copies changes to another table, or keeps items for a restore, by new_image turns binary
#            attributes into strings. Decode B and BS oneself from the raw event, and compare types after a restore.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv env
env/bin/pip -q install --disable-pip-version-check aws-lambda-powertools==3.37.0 boto3==1.44.8 'moto[dynamodb]==5.2.5'
cat > run.py <<'P'
import base64
import sys

import boto3
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from moto import mock_aws


def see(what, got, before):
    print(f"{what}: {got}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before}")


SIGNATURE, DIGEST = b"\x00\x01\x02", b"\xff"
IMAGE = {
    "id": {"S": "1"},
    "amount": {"N": "12.10"},
    "signature": {"B": base64.b64encode(SIGNATURE).decode()},
    "digests": {"BS": [base64.b64encode(DIGEST).decode()]},
}
EVENT = {"Records": [{"eventName": "INSERT", "dynamodb": {"Keys": {"id": {"S": "1"}}, "NewImage": IMAGE}}]}

with mock_aws():
    resource = boto3.resource(
        "dynamodb", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    for name in ("live", "restored"):
        resource.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    resource.Table("live").put_item(
        Item={"id": "1", "amount": 12, "signature": SIGNATURE, "digests": {DIGEST}}
    )
    live = resource.Table("live").get_item(Key={"id": "1"})["Item"]
    see("boto3 reads", [type(live["signature"]).__name__, live["signature"].value], ["Binary", SIGNATURE])

    (record,) = DynamoDBStreamEvent(EVENT).records
    image = record.dynamodb.new_image
    see("the image has a number", str(image["amount"]), "12.10")
    see("the image has", [image["signature"], image["digests"]], ["AAEC", {"/w=="}])
    resource.Table("restored").put_item(Item=image)
    raw = boto3.client(
        "dynamodb", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    ).get_item(TableName="restored", Key={"id": {"S": "1"}})["Item"]
    see("written back", [raw["signature"], raw["digests"]], [{"S": "AAEC"}, {"SS": ["/w=="]}])
P
env/bin/python run.py
echo "as it was: binary attributes have become strings"
