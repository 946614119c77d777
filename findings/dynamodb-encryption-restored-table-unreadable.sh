#!/usr/bin/env bash
# A table restored under another name cannot be decrypted, although every byte came back.
#
# Versions:  dynamodb-encryption-sdk 3.3.0 (Amazon's client-side encryption for DynamoDB), boto3 1.44.8; moto 5.2.5 stands
#            for the service. Seen 2026-11-30.
# Expected:  a DynamoDB backup restored as "orders-restored" holds the same items, so whoever has the keys can read them.
# Seen:      the stored items are equal attribute by attribute, and reading them through the same client with the same keys
#            raises SignatureVerificationError. The name of the table is part of what is signed.
#            Given the old name as context, the same call decrypts the restored item.
# Means:     DynamoDB restores into a table that does not exist yet, mostly under a new name, and such a table then looks
#            damaged; a restore drill that compares raw items is green while the application reads nothing. Note the original
#            table's name beside each backup, and restore under it or pass it to the client.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check \
  dynamodb-encryption-sdk==3.3.0 boto3==1.44.8 botocore==1.44.8 'moto[dynamodb]==5.2.5'
export AWS_ACCESS_KEY_ID=example AWS_SECRET_ACCESS_KEY=example AWS_DEFAULT_REGION=eu-west-1
v/bin/python - <<'E'
import logging, os, sys
import boto3
from moto import mock_aws
from dynamodb_encryption_sdk.delegated_keys.jce import JceNameLocalDelegatedKey as Key
from dynamodb_encryption_sdk.encrypted import CryptoConfig
from dynamodb_encryption_sdk.encrypted.item import decrypt_python_item
from dynamodb_encryption_sdk.encrypted.table import EncryptedTable
from dynamodb_encryption_sdk.identifiers import CryptoAction, EncryptionKeyType, KeyEncodingType
from dynamodb_encryption_sdk.material_providers.wrapped import WrappedCryptographicMaterialsProvider
from dynamodb_encryption_sdk.structures import AttributeActions, EncryptionContext

logging.disable(logging.CRITICAL)
def see(what, got, before):
    print(f"{what}: {got!r}")
    if got != before:
        sys.exit(f"CHANGED, it was: {before!r}")

def key(algorithm):
    return Key(key=os.urandom(32), algorithm=algorithm, key_type=EncryptionKeyType.SYMMETRIC, key_encoding=KeyEncodingType.RAW)
actions = AttributeActions(default_action=CryptoAction.ENCRYPT_AND_SIGN)
wrap = key("AES")
materials = WrappedCryptographicMaterialsProvider(wrapping_key=wrap, unwrapping_key=wrap, signing_key=key("HmacSHA512"))

with mock_aws():
    client, resource = boto3.client("dynamodb"), boto3.resource("dynamodb")
    client.create_table(TableName="orders", BillingMode="PAY_PER_REQUEST",
                        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    def table(name):
        return EncryptedTable(table=resource.Table(name), materials_provider=materials,
                              attribute_actions=actions)
    def read(name):
        try:
            return table(name).get_item(Key={"id": "o-1"})["Item"]
        except Exception as error:
            return type(error).__name__
    table("orders").put_item(Item={"id": "o-1", "total": "12.50"})
    arn = client.create_backup(TableName="orders", BackupName="nightly")["BackupDetails"]["BackupArn"]
    client.restore_table_from_backup(TargetTableName="orders-restored", BackupArn=arn)
    raw = [resource.Table(name).get_item(Key={"id": "o-1"})["Item"] for name in ("orders", "orders-restored")]
    see("stored items are equal", raw[0] == raw[1], True)
    see("read from orders", read("orders"), {"id": "o-1", "total": "12.50"})
    see("read from orders-restored", read("orders-restored"), "SignatureVerificationError")
    actions.set_index_keys("id")
    context = EncryptionContext(table_name="orders", partition_key_name="id")
    config = CryptoConfig(materials_provider=materials, encryption_context=context, attribute_actions=actions)
    see("decrypted with the old name", decrypt_python_item(raw[1], config), {"id": "o-1", "total": "12.50"})
E
echo "as it was: the restored table cannot be read"
