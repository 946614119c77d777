#!/usr/bin/env bash
# A grant of the CDK to a role in another account says that it succeeded, and the template holds nothing of it.
#
# Versions:  aws-cdk-lib 2.276.0; constructs 10.8.1. Seen 2026-12-01.
# Expected:  grantReadWrite on an existing bucket, or a vault's grant of backup:CopyIntoBackupVault, to a role in another
#            account either adds a statement to the bucket's or vault's policy, or says that it cannot.
# Seen:      no policy of the bucket, none of the vault (not even where the same stack makes the vault), none of the role.
#            `success` is true, and synthesis gives no warning and no error. The same grant to a role in the stack's own
#            account writes the role's policy.
# Means:     a stack that lets another account's writer into the bucket of its backups, or another account's copies into a
#            vault, deploys without a word; the first backup or copy is denied. Write the bucket's or vault's policy oneself,
#            and prove the access as that role.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null
cat > run.cjs <<'E'
const { App, Stack, assertions, aws_backup: backup, aws_iam: iam, aws_s3: s3 } = require('aws-cdk-lib');
const see = (what, got, before) => {
  console.log(`${what}: ${JSON.stringify(got)}`);
  if (JSON.stringify(got) !== JSON.stringify(before)) {
    console.log(`CHANGED, it was: ${JSON.stringify(before)}`);
    process.exit(1);
  }
};
const grant = (account, to) => {
  const app = new App({ outdir: require('fs').mkdtempSync('out-') });
  const stack = new Stack(app, 'Backups', { env: { account: '111111111111', region: 'eu-west-1' } });
  const role = iam.Role.fromRoleArn(stack, 'Writer', `arn:aws:iam::${account}:role/writer`);
  const { success } = to(stack, role);
  const types = Object.values(assertions.Template.fromStack(stack).toJSON().Resources ?? {}).map((one) => one.Type);
  const policies = types.filter((type) => /Policy/.test(type));
  const vaults = Object.values(assertions.Template.fromStack(stack).findResources('AWS::Backup::BackupVault'));
  const open = vaults.filter((vault) => 'AccessPolicy' in (vault.Properties ?? {})).length;
  return { success, policies, vaults: vaults.length, open, messages: app.synth().stacks[0].messages.length };
};
const bucket = (stack, role) => s3.Bucket.fromBucketName(stack, 'Bucket', 'existing-backups').grantReadWrite(role);
const vault = (stack, role) => new backup.BackupVault(stack, 'Vault').grant(role, 'backup:CopyIntoBackupVault');
const nothing = { success: true, policies: [], vaults: 0, open: 0, messages: 0 };
see('existing bucket, role of another account', grant('222222222222', bucket), nothing);
see('new vault, role of another account', grant('222222222222', vault), { ...nothing, vaults: 1 });
see('existing bucket, role of the same account', grant('111111111111', bucket),
  { ...nothing, policies: ['AWS::IAM::Policy'] });
E
node run.cjs 2> notices || { cat notices; exit 1; }
echo "as it was: the grants say success, and nobody was let in"
