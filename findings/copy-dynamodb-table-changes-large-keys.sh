#!/usr/bin/env bash
# A tool that copies DynamoDB tables, and calls itself safe, changes numeric keys and reports success.
#
# Versions:  copy-dynamodb-table 2.2.1 (over aws-sdk 2.1693.0); dynalite 4.0.0 stands for DynamoDB. Seen 2026-11-30.
# Expected:  the copy holds the items of the source; what cannot be carried over is an error.
# Seen:      items pass through the SDK's document client, whose numbers are doubles. The item with id 9007199254740993 arrives
#            as 9007199254740992: another key. The result is status SUCCESS with the right count.
# Means:     ids made from time and a counter, of 18 or 19 digits, are common as keys; lookups by the true id find nothing in
#            the copy, and of two ids that fall together one overwrites the other when they come in different batches. Compare
#            keys, not counts, before such a copy replaces a table.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts \
  copy-dynamodb-table@2.2.1 aws-sdk@2.1693.0 dynalite@4.0.0 >/dev/null
cat > run.cjs <<'E'
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const { DynamoDB } = require('aws-sdk');
const { copy } = require('copy-dynamodb-table');
const server = require('dynalite')({ createTableMs: 0 });
const see = (what, got, before) => {
  console.log(`${what}: ${JSON.stringify(got)}`);
  if (JSON.stringify(got) !== JSON.stringify(before)) {
    console.log(`CHANGED, it was: ${JSON.stringify(before)}`);
    process.exit(1);
  }
};
server.listen(0, '127.0.0.1', async () => {
  const config = { region: 'eu-west-1', endpoint: `http://127.0.0.1:${server.address().port}`,
    accessKeyId: 'example', secretAccessKey: 'example' };
  const dynamodb = new DynamoDB(config);
  for (const TableName of ['orders', 'orders-copy']) {
    await dynamodb.createTable({ TableName, BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }).promise();
  }
  await dynamodb.putItem({ TableName: 'orders', Item: { id: { N: '9007199254740993' } } }).promise();
  copy({ config, source: { tableName: 'orders' }, destination: { tableName: 'orders-copy' } }, async (error, result) => {
    const items = async (TableName) => (await dynamodb.scan({ TableName }).promise()).Items;
    see('error and result', [error, result], [null, { count: 1, status: 'SUCCESS' }]);
    see('orders', await items('orders'), [{ id: { N: '9007199254740993' } }]);
    see('orders-copy', await items('orders-copy'), [{ id: { N: '9007199254740992' } }]);
    process.exit(0);
  });
});
E
node run.cjs 2>&1
echo "as it was: the copy has another key"
