#!/usr/bin/env bash
# BackupResource.fromConstruct() of a TableV2 or a bucket makes a selection that names nothing, without a warning.
#
# Versions:  aws-cdk-lib 2.276.0. Seen 2026-11-30.
# Expected:  addSelection with fromConstruct(table) puts the table's ARN into the selection, whichever class the table has; a
#            construct that holds nothing to back up is an error.
# Seen:      the older Table gives its ARN. TableV2, the class that new stacks are told to use, and Bucket, which AWS Backup
#            supports too, give a selection without Resources: an aspect looks for a fixed list of types and TableV2 makes an
#            AWS::DynamoDB::GlobalTable. Synthesis succeeds.
# Means:     moving a stack from Table to TableV2 takes its tables out of their backup plan, and the template shows it only
#            to who reads it. Use fromArn or fromDynamoDbTable, and look for selections without Resources and ListOfTags.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null
cat > run.cjs <<'E'
const { App, Stack, aws_backup: backup, aws_dynamodb: dynamodb, aws_s3: s3, assertions } = require('aws-cdk-lib');
const see = (what, got, before) => {
  console.log(`${what}: ${JSON.stringify(got)}`);
  if (JSON.stringify(got) !== JSON.stringify(before)) {
    console.log(`CHANGED, it was: ${JSON.stringify(before)}`);
    process.exit(1);
  }
};
const selected = (make) => {
  const stack = new Stack(new App(), 'Orders', { env: { account: '111122223333', region: 'eu-west-1' } });
  const plan = backup.BackupPlan.daily35DayRetention(stack, 'Plan');
  plan.addSelection('Selection', { resources: [backup.BackupResource.fromConstruct(make(stack))] });
  const found = assertions.Template.fromStack(stack).findResources('AWS::Backup::BackupSelection');
  return Object.values(found).map(({ Properties }) => {
    const { Resources = [], ListOfTags = [] } = Properties.BackupSelection;
    return Resources.length + ListOfTags.length;
  });
};
const key = { partitionKey: { name: 'id', type: 'S' } };
see('Table: entries in the selection', selected((stack) => new dynamodb.Table(stack, 'Table', key)), [1]);
see('TableV2: entries in the selection', selected((stack) => new dynamodb.TableV2(stack, 'Table', key)), [0]);
see('Bucket: entries in the selection', selected((stack) => new s3.Bucket(stack, 'Bucket')), [0]);
E
node run.cjs
echo "as it was: selections that name nothing"
